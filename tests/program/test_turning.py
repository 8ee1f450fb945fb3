"""What time does to an account, with interest worked out by hand. Amounts are fen."""

from datetime import date
from fractions import Fraction

import pytest

from yibaolang import read
from yibaolang.language.diagnostics import Refusal
from yibaolang.model.plan import Plans
from yibaolang.program.instructions import StepPlan
from yibaolang.program.layout import INTEREST, MINIMUM, Layout
from yibaolang.program.novalue import NoValue
from yibaolang.program.running import Posted
from yibaolang.program.stepping import StepProgram
from yibaolang.program.turning import NEVER, MonthDay, Turning

FIRST = date(2024, 1, 1)
NEW_YEAR, YEAR_END = (1, 1), (12, 31)


class Clock:
    """An account whose buckets the test fills, and the programs of time of its region."""

    def __init__(self, rules: str, facts: str = "", **buckets: int) -> None:
        text = rules if "region " in rules else f"region 甲市\n{rules}"
        book, self.known = read(text).facts(facts)
        self.plans = Plans(book.book, "甲市", book.uses)
        self.layout = Layout()
        for name in ("current", "carried"):
            self.layout.bucket(name)
        self.cells = [buckets.get(cell.name, 0) for cell in self.layout.cells]

    def turning(self, day: date = FIRST) -> Turning:
        return Turning(self.plans, self.layout, day)

    def run(self, plan: StepPlan | None, *given: int, on: date = FIRST) -> list[Posted]:
        """Run a program plainly and as printed Python, which must agree."""
        assert plan is not None
        self.cells += [0] * (len(self.layout.cells) - len(self.cells))
        frame = self.known.scenario.frame(plan.names, on, None, date(on.year, 1, 1))
        program = StepProgram(plan)
        done = program.run(self.cells, frame, list(given), False)
        printed = program.fast(len(given))
        assert printed is not None
        assert printed(self.cells, frame, list(given)) == (done.cells, done.posted)
        self.cells = done.cells
        return done.posted

    def days(self, count: int, on: date = FIRST) -> None:
        """Let days pass under the rules of a day."""
        self.run(self.turning(on).passing(), count, on=on)

    def month_turns(self, on: date = FIRST) -> None:
        self.run(self.turning(on).month_turn(), on=on)

    def earned(self, month_day: MonthDay, on: date = FIRST) -> dict[str, int]:
        """The interest posted on a day of the year, by the bucket that it goes to."""
        posted = self.run(self.turning(on).earned(month_day), on=on)
        assert all((each.kind, each.source) == ("interest", "fund") for each in posted)
        return {each.target: each.fen for each in posted}

    def carried(self, month_day: MonthDay = NEW_YEAR) -> list[tuple[str, str, int]]:
        posted = self.run(self.turning().carried(month_day))
        return [(each.source, each.target, each.fen) for each in posted]

    def fen(self, bucket: str) -> int:
        return self.cells[self.layout.bucket(bucket)]

    def put(self, bucket: str, fen: int) -> None:
        self.cells[self.layout.bucket(bucket)] = fen


def due(*parts: tuple[int, str, int], days_in_year: int = 365) -> int:
    """Interest of (fen, rate, days), summed exactly and rounded half up once."""
    whole = sum(fen * Fraction(rate) / 100 * days for fen, rate, days in parts) / days_in_year
    return int(whole + Fraction(1, 2))


# ── the daily balance ──

DAILY = "interest 0.35% yearly of current on daily balance posted on 12-31"


@pytest.mark.parametrize(
    ("days", "fen"),
    [(0, 0), (1, 10), (365, 35_00), (366, 35_10), (182, 17_45)],
    # 10000 at 0.35% is 35 a year: 0.0959 a day, 17.4521 in 182, 35.0959 in a leap year's 366.
)
def test_days_at_one_balance(days: int, fen: int) -> None:
    clock = Clock(DAILY, current=10000_00)
    clock.days(days)
    assert clock.earned(YEAR_END) == ({"current": fen} if fen else {})
    assert clock.fen("current") == 10000_00 + fen


def test_each_days_balance_counts_and_nothing_is_rounded_before() -> None:
    clock = Clock(DAILY, current=1000_00)
    for fen, days in ((1000_00, 31), (1500_00, 29), (700_00, 31)):
        clock.put("current", fen)
        for _ in range(days):
            clock.days(1)
    # 31000 + 43500 + 21700 = 96200 yuan-days: 0.92246.
    assert clock.earned(YEAR_END) == {"current": 92}


def test_interest_is_posted_once_and_begins_anew() -> None:
    clock = Clock(DAILY, current=10000_00)
    clock.days(365)
    assert clock.earned(YEAR_END) == {"current": 35_00}
    assert clock.earned(YEAR_END) == {}
    clock.days(365)
    # 10035 at 0.35%: 35.1225.
    assert clock.earned(YEAR_END) == {"current": 35_12}


def test_the_rate_changes_within_the_year() -> None:
    clock = Clock(
        "since 2024-01-01 until 2024-06-30\n" + DAILY
        + "\nsince 2024-07-01\n" + DAILY.replace("0.35", "0.5"),
        current=10000_00,
    )  # fmt: skip
    clock.days(182, date(2024, 6, 30))
    clock.days(184, date(2024, 12, 31))
    # 17.4521 + 25.2055 = 42.6575.
    assert clock.earned(YEAR_END, date(2024, 12, 31)) == {"current": 42_66}
    assert due((10000_00, "0.35", 182), (10000_00, "0.5", 184)) == 42_66


@pytest.mark.parametrize(("days_in_year", "fen"), [(365, 35_10), (360, 35_58), (366, 35_00)])
def test_days_in_a_year_of_interest(days_in_year: int, fen: int) -> None:
    clock = Clock(f"day count {days_in_year}\n{DAILY}", current=10000_00)
    clock.days(366)
    assert clock.earned(YEAR_END) == {"current": fen}
    assert fen == due((10000_00, "0.35", 366), days_in_year=days_in_year)


def test_every_bucket_earns_its_own_unless_it_goes_into_one() -> None:
    rules = "interest 1% yearly on daily balance posted on 12-31"
    clock = Clock(rules, current=100_00, carried=300_00)
    clock.days(365)
    assert clock.earned(YEAR_END) == {"current": 1_00, "carried": 3_00}
    one = Clock(rules + " to carried", current=100_00, carried=300_00)
    one.days(365)
    assert one.earned(YEAR_END) == {"carried": 4_00}
    assert (one.fen("current"), one.fen("carried")) == (100_00, 304_00)


def test_one_sum_of_two_rates_into_one_bucket_is_rounded_once() -> None:
    clock = Clock(
        "interest 0.35% yearly of current on daily balance posted on 12-31 to carried\n"
        "interest 2.75% yearly of carried on daily balance posted on 12-31",
        current=1_00, carried=20,
    )  # fmt: skip
    clock.days(365)
    # 0.35 fen and 0.55 fen are 0.9 fen: one fen, where each alone would give 0 and 1.
    assert clock.earned(YEAR_END) == {"carried": 1}
    clock.days(365)
    assert clock.earned(YEAR_END) == {"carried": 1}


def test_half_a_fen_is_rounded_by_the_regions_rule() -> None:
    for rounding, posted in (("half up", {"current": 1}), ("half even", {}), ("down", {})):
        rules = f"interest 1% yearly of current on daily balance posted on 12-31\nround {rounding}"
        clock = Clock(rules + " to 0.01元", current=50)
        clock.days(365)
        assert clock.earned(YEAR_END) == posted


def test_interest_of_two_posting_days_is_kept_apart() -> None:
    clock = Clock(
        "interest 1% yearly of current on daily balance posted on 06-30\n"
        "interest 1% yearly of carried on daily balance posted on 12-31",
        current=365_00, carried=730_00,
    )  # fmt: skip
    clock.days(100)
    assert clock.earned((6, 30)) == {"current": 1_00}
    clock.days(100)
    assert clock.earned(YEAR_END) == {"carried": 4_00}


def test_a_guard_says_who_earns() -> None:
    rules = "retired " + DAILY
    retired = Clock(rules, "retired", current=10000_00)
    retired.days(365)
    assert retired.earned(YEAR_END) == {"current": 35_00}
    active = Clock(rules, "active", current=10000_00)
    active.days(365)
    assert active.earned(YEAR_END) == {}
    with pytest.raises(NoValue):
        Clock(rules, current=10000_00).days(1)


def test_a_guard_may_read_the_balance() -> None:
    rules = "current > 100元 " + DAILY
    for fen, posted in ((100_00, {}), (200_00, {"current": 70})):
        clock = Clock(rules, current=fen)
        clock.days(365)
        assert clock.earned(YEAR_END) == posted


# ── the least balance of a month ──

LEAST = "interest 1.2% yearly of current on minimum balance of month posted on 12-31"


def test_a_month_earns_on_its_least_balance() -> None:
    clock = Clock(LEAST, current=1000_00)
    clock.run(clock.turning().plan("month start", clock.turning().month_start(), 0))
    clock.days(10)
    clock.put("current", 400_00)
    clock.days(1)
    clock.put("current", 900_00)
    clock.days(20)
    clock.month_turns()
    clock.days(29)
    clock.month_turns()
    # 0.1% a month: 0.40 of 400, 0.90 of 900.
    assert clock.earned(YEAR_END) == {"current": 1_30}


def test_what_comes_and_goes_within_a_day_does_not_count() -> None:
    clock = Clock(LEAST, current=1000_00)
    clock.run(clock.turning().plan("month start", clock.turning().month_start(), 0))
    assert [clock.cells[at] for at, _ in clock.layout.of_kind(MINIMUM)] == [NEVER]
    clock.put("current", 0)
    clock.put("current", 1000_00)
    clock.days(31)
    clock.month_turns()
    assert clock.earned(YEAR_END) == {"current": 1_00}
    assert [clock.cells[at] for at, _ in clock.layout.of_kind(MINIMUM)] == [NEVER]


# ── the balance on a day ──


def test_a_years_interest_on_one_days_balance() -> None:
    clock = Clock(
        "interest 2% yearly of current on balance on 06-30 posted on 07-01", current=1000_00
    )
    assert clock.turning().passing() is None
    clock.run(clock.turning().looked_at((6, 30)))
    clock.put("current", 5_00)
    assert clock.earned((7, 1)) == {"current": 20_00}
    assert clock.turning().looked_at((6, 29)) is None


def test_bases_may_stand_side_by_side() -> None:
    clock = Clock(
        "interest 2% yearly of current on balance on 06-30 posted on 12-31\n"
        "interest 1% yearly of carried on daily balance posted on 12-31",
        current=1000_00, carried=1000_00,
    )  # fmt: skip
    clock.run(clock.turning().looked_at((6, 30)))
    clock.days(365)
    assert clock.earned(YEAR_END) == {"current": 20_00, "carried": 10_00}


# ── carrying over ──


@pytest.mark.parametrize(
    ("rules", "moved", "left"),
    [
        (
            "carry current into carried on 01-01\ncarry carried into reserve on 01-01",
            [("current", "carried", 70_00), ("carried", "reserve", 100_00)], (0, 0, 105_00),
        ),
        (
            "carry carried into reserve on 01-01\ncarry current into carried on 01-01",
            [("carried", "reserve", 30_00), ("current", "carried", 70_00)], (0, 70_00, 35_00),
        ),
    ],
)  # fmt: skip
def test_a_chain_is_carried_in_the_order_of_the_rules(
    rules: str, moved: list[tuple[str, str, int]], left: tuple[int, ...]
) -> None:
    clock = Clock(f"bucket reserve\nregion 甲市\n{rules}", current=70_00, carried=30_00)
    clock.layout.bucket("reserve")
    clock.cells.append(5_00)
    assert clock.carried() == moved
    assert tuple(clock.fen(name) for name in ("current", "carried", "reserve")) == left
    assert clock.turning().carried(YEAR_END) is None


def test_an_empty_bucket_posts_nothing_and_a_guard_decides() -> None:
    clock = Clock("carry current into carried on 01-01")
    assert clock.carried() == []
    kept = Clock("retired carry current into carried on 01-01", "active", current=70_00)
    assert kept.carried() == []
    assert kept.fen("current") == 70_00


# ── which days ──


def test_the_days_of_the_year_on_which_something_happens() -> None:
    clock = Clock(
        "carry current into carried on 01-01\n"
        "interest 2% yearly of current on balance on 06-30 posted on 07-01\n" + LEAST
    )
    assert clock.turning().days() == {
        ("carry", (1, 1)), ("interest", (7, 1)), ("looked at", (6, 30)), ("interest", (12, 31)),
    }  # fmt: skip


def test_interest_without_a_posting_day_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        Clock("interest 1% yearly of current on daily balance").turning().days()
    assert caught.value.diagnostics[0].code == "YB435"


def test_nothing_passes_without_interest() -> None:
    turning = Clock("carry current into carried on 01-01").turning()
    assert turning.passing() is None
    assert turning.month_turn() is None
    assert turning.month_start() == []


def test_one_denominator_for_all_rates_of_the_region() -> None:
    clock = Clock(
        "since 2024-01-01 until 2024-06-30\n" + DAILY + "\nsince 2024-07-01\n" + LEAST,
        current=10000_00,
    )  # fmt: skip
    assert clock.turning().denominator() == clock.turning(date(2024, 8, 1)).denominator()
    clock.days(182)
    clock.run(clock.turning(date(2024, 7, 1)).plan(
        "month start", clock.turning(date(2024, 7, 1)).month_start(), 0
    ))  # fmt: skip
    clock.days(31, date(2024, 7, 31))
    clock.month_turns(date(2024, 7, 31))
    # 17.4521 by the day, 10.00 for July: the cell of both is one.
    assert len(clock.layout.of_kind(INTEREST)) == 1
    assert clock.earned(YEAR_END, date(2024, 12, 31)) == {"current": 27_45}


def test_facts_are_those_of_the_day() -> None:
    clock = Clock("retired " + DAILY, "active until 2024-06-30, retired since 2024-07-01")
    clock.put("current", 10000_00)
    clock.days(182, date(2024, 6, 30))
    clock.days(184, date(2024, 12, 31))
    assert clock.earned(YEAR_END) == {"current": due((10000_00, "0.35", 184))} == {"current": 17_64}
