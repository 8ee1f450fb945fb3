"""The naive oracle against sums done by hand, and against a loop over one account's events."""

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from tests.ledger.oracle import run
from tests.ledger.oracle_parts import Item

NAMES = ("carrying", "crediting", "adjusting", "paying", "earning", "ending", "asserting")
PHASES = tuple((name,) for name in NAMES)
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
SELF = [{"relations": ["self"]}]


def percent(number: int | str) -> Fraction:
    return Fraction(number) / 100


def rules(**changes: object) -> Item:
    """Rules without any credit, cover or interest, for an account that may pay for its holder."""
    none: Item = {kind: [] for kind in ("covers", "interest", "carries", "credits", "deducts")}
    shared = {"year_from": (1, 1), "phases": PHASES, "status": "active", "allows": SELF}
    buckets = ["current", "carried"]
    return none | shared | {"buckets": buckets, "draw": buckets} | changes


def cover(rate: int | str, *clauses: tuple[object, ...], **more: object) -> Item:
    return {"categories": ["outpatient"], "rate": percent(rate), "clauses": clauses} | more


def bill(name: str, yuan: int, level: str = "tertiary", **more: object) -> Item:
    base = {"id": name, "kind": "bill", "effective": date(2024, 3, 1), "category": "outpatient"}
    return base | {"amount_fen": yuan * 100, "level": level} | more


def money(name: str, kind: str, day: date, fen: int, bucket: str = "current") -> Item:
    return {"id": name, "kind": kind, "effective": day, "amount_fen": fen, "bucket": bucket}


def fact(name: str, status: str, effective: date, booked: date | None = None) -> Item:
    return {"id": name, "kind": "fact", "status": status, "effective": effective, "booked": booked}


def void(name: str, of: str, booked: date) -> Item:
    return {"id": name, "kind": "void", "of": of, "effective": booked}


def year(made: Item, *events: Item, as_listed: bool = False) -> Item:
    return run(made, list(events), FIRST, LAST, as_listed)


def total(result: Item, kind: str, source: str | None = None, of: str | None = None) -> int:
    """The sum of the takes of a kind."""
    return sum(
        fen
        for name, found, side, _, fen in result["takes"]
        if found == kind and source in (None, side) and of in (None, name)
    )


def paid(made: Item, *events: Item) -> int:
    """What the pool's own fund pays in 2024."""
    return total(year(made, *events), "fund", "fund")


# ── worked examples of regions ──


def test_zhengzhou_a_deductible_per_visit() -> None:
    made = rules(covers=[cover(60, ("above", 4000, "visit", "each"))])
    visits = [bill(f"e{n}", 200, "secondary") for n in range(3)]
    assert paid(made, *visits) == 28800
    assert paid(made, bill("e1", 600, "secondary")) == 33600
    assert paid(rules(covers=[cover(75)]), bill("e1", 200, "primary")) == 15000


def test_zhengzhou_a_cap_on_a_hundred_visits() -> None:
    clauses = [("above", 4000, "visit", "each"), ("pay_cap", 230000, "year", "all")]
    result = year(rules(covers=[cover(65, *clauses)]), *(bill(f"e{n}", 100) for n in range(100)))
    assert total(result, "fund") == 230000
    assert total(result, "cash") == 1000000 - 230000
    # 58 visits of 39.00 are 2262.00; the 59th, by number and not by letter, gets what is left.
    assert total(result, "fund", of="e57") == 3900
    assert total(result, "fund", of="e58") == 3800
    assert total(result, "fund", of="e59") == 0


def changsha(first: str, second: str) -> Item:
    total_of_year = ("at_most", 30000, "year", "all")
    made = [
        cover(60, ("above", fen, "year", "each"), total_of_year, levels=[level])
        for level, fen in (("secondary", 20000), ("tertiary", 30000))
    ]
    return year(rules(covers=made), bill("e1", 400, first), bill("e2", 400, second))


@pytest.mark.parametrize(
    ("first", "second", "funds"),
    [("secondary", "tertiary", (12000, 18000)), ("tertiary", "secondary", (6000, 24000))],
)
def test_changsha_deductibles_share_a_total(
    first: str, second: str, funds: tuple[int, int]
) -> None:
    result = changsha(first, second)
    assert (total(result, "fund", of="e1"), total(result, "fund", of="e2")) == funds
    assert result["counters"][("at_most", ("outpatient",), "all"), 2024] == 30000


@pytest.mark.parametrize(("scope", "fen"), [("each", 56500), ("all", 73000), ("floor", 73000)])
def test_yangzhou_both_readings(scope: str, fen: int) -> None:
    made = [
        cover(rate, ("above", deductible, "year", scope), levels=[level])
        for level, rate, deductible in (("primary", 65, 30000), ("tertiary", 55, 80000))
    ]
    assert paid(rules(covers=made), bill("e1", 1000, "primary"), bill("e2", 1000)) == fen


def beijing(status: str, deductible: int, below: int, beyond: int) -> Item:
    tiers = [(0, 2000000, percent(below)), (2000000, None, percent(beyond))]
    clauses = [("above", deductible, "year", "all")]
    more = {"categories": ["outpatient"], "clauses": clauses, "statuses": [status]}
    return rules(status=status, covers=[more | {"tiers": tiers, "tier_period": "year"}])


@pytest.mark.parametrize("parts", [(30000,), (10000, 20000), (1000, 29000), (20000, 10000)])
@pytest.mark.parametrize(
    ("status", "deductible", "below", "beyond", "fen"),
    [
        ("active", 180000, 70, 60, 1874000),
        ("retired", 130000, 85, 80, 2389500),
        ("retired", 130000, 90, 80, 2483000),
    ],
)
def test_beijing_marginal_tiers(
    parts: tuple[int, ...], status: str, deductible: int, below: int, beyond: int, fen: int
) -> None:
    bills = [bill(f"e{n}", yuan) for n, yuan in enumerate(parts)]
    assert paid(beijing(status, deductible, below, beyond), *bills) == fen


def test_chongqing_layered_funds() -> None:
    basic = ("pay_cap", 4700000, "year", "all")
    further = ("then", "large_sum", Fraction(1), "payment", (50000000, "year", "all"))
    made = rules(covers=[cover(85, ("above", 88000, "stay", "each"), basic, further)])
    result = year(made, bill("e1", 100000))
    assert total(result, "fund", "fund") == 4700000
    assert total(result, "fund", "large_sum") == 3725200
    # The basic fund is used up, so the next stay is the other fund's: (1000 - 880) at 85%.
    result = year(made, bill("e1", 100000), bill("e2", 1000))
    assert total(result, "fund", of="e2") == total(result, "fund", "large_sum", "e2") == 10200


def test_shanghai_this_years_account_first() -> None:
    opening = money("o", "opening", FIRST, 120000)
    made = rules(before_cover="current", covers=[cover(70, ("above", 50000, "year", "all"))])
    result = year(made, opening, bill("e1", 6000))
    assert result["takes"] == [
        ("e1", "cash", "cash", "provider", 600000 - 120000 - 301000),
        ("e1", "draw", "current", "provider", 120000),
        ("e1", "fund", "fund", "provider", 301000),
        ("o", "opening", "opening", "current", 120000),
    ]
    made = rules(before_cover="current", covers=[cover(50, ("above", 150000, "year", "all"))])
    assert paid(made, opening, bill("e1", 6000)) == 165000
    assert paid(made | {"allows": []}, opening, bill("e1", 6000)) == 225000


@pytest.mark.parametrize(("kind", "fen"), [("cost_cap", 690000), ("pay_cap", 1170000)])
def test_wuxi_a_limit_on_cost_or_on_payment(kind: str, fen: int) -> None:
    clauses = [(kind, 1200000, "year", "all"), ("above", 50000, "year", "all")]
    assert paid(rules(covers=[cover(60, *clauses)]), bill("e1", 20000)) == fen


def test_suzhou_stays_by_their_number() -> None:
    """The oracle knows no ordinals: each stay is on a day of its own, with its own rule."""
    made, stays = [], []
    for month, deductible in ((1, 80000), (2, 40000), (3, 20000)):
        day = date(2024, month, 1)
        since = {"since": day, "until": day}
        made.append(cover(90, ("above", deductible, "stay", "each"), **since))
        stays.append(bill(f"e{month}", 6000, effective=day))
    assert paid(rules(covers=made), *stays) == 1494000


# ── a loop over one account's events: a year's end before the first event from 1 January on ──

Event = tuple[date, int, int]  # the day, 0 for a credit or a level, fen


def looped(events: list[Event]) -> tuple[int, int, int, int]:
    """This year's and the carried balance on 1 January 2026, sums of cash and of the fund."""
    current = carried = deducted = capped = earned = from_carried = cash = fund = 0
    last, ends = date(2021, 1, 1), [date(year, 1, 1) for year in range(2022, 2027)]
    for day, kind, fen in [*events, (ends[-1], 0, 0)]:
        while ends and day >= ends[0]:
            passed = (ends[0] - last).days
            earned, from_carried = earned + current * passed, from_carried + carried * passed
            interest = (earned * 35 + from_carried * 275) * 2 + 3_650_000
            carried, last = carried + current + interest // 7_300_000, ends.pop(0)
            current = deducted = capped = earned = from_carried = 0
        passed = (day - last).days
        earned, from_carried = earned + current * passed, from_carried + carried * passed
        last = day
        if kind == 0:
            current += fen
            continue
        own = min(fen, 65000 - deducted)
        deducted += own
        ratio = (0, 9000, 8500, 8000)[kind]
        pool = min(((fen - own) * ratio * 2 + 10000) // 20000, 15_000_000 - capped)
        capped, fund, left = capped + pool, fund + pool, fen - pool
        first = min(left, current)
        second = min(left - first, carried)
        current, carried, cash = current - first, carried - second, cash + left - first - second
    return current, carried, cash, fund


LEVELS = ("", "primary", "secondary", "tertiary")


def looped_rules() -> Item:
    clauses = [("above", 65000, "year", "all"), ("pay_cap", 15_000_000, "year", "all")]
    covers = [cover(95 - 5 * n, *clauses, levels=[LEVELS[n]]) for n in (1, 2, 3)]
    daily = {"basis": "daily", "posted_on": (1, 1), "into": "carried"}
    interest = [
        daily | {"buckets": [bucket], "rate": percent(rate)}
        for bucket, rate in (("current", "0.35"), ("carried", "2.75"))
    ]
    carries = [{"bucket": "current", "into": "carried", "on": (1, 1)}]
    phases = (("earning",), ("carrying",), ("crediting", "adjusting", "paying"), ("ending",))
    return rules(covers=covers, interest=interest, carries=carries, phases=phases)


def random_events(seed: int) -> list[Event]:
    random = Random(seed)
    days = sorted(random.randrange(1826) for _ in range(random.randrange(30, 60)))
    kinds = [random.choice((0, 0, 0, 1, 2, 3)) for _ in days]
    dated = [date(2021, 1, 1) + timedelta(day) for day in days]
    return [
        (day, kind, random.choice((random.randrange(40_000), random.randrange(9_000_000))))
        for day, kind in zip(dated, kinds, strict=True)
    ]


@pytest.mark.parametrize("seed", range(6))
def test_random_accounts_agree_with_the_loop(seed: int) -> None:
    events = random_events(seed)
    described = [
        bill(f"e{n}", 0, LEVELS[kind], effective=day, amount_fen=fen)
        if kind
        else money(f"e{n}", "credit", day, fen)
        for n, (day, kind, fen) in enumerate(events)
    ]
    result = run(looped_rules(), described, date(2021, 1, 1), date(2026, 1, 1), False)
    balances = result["balances"]
    sums = total(result, "cash"), total(result, "fund")
    assert (balances["current"], balances["carried"], *sums) == looped(events)
    assert result["refused"] == []


# ── the rest, case by case ──


def interest(basis: str, **more: object) -> list[Item]:
    return [{"rate": percent("3.65"), "buckets": [], "basis": basis, "posted_on": (12, 20)} | more]


def test_interest_on_the_daily_balance() -> None:
    events = [money("o", "opening", FIRST, 100000), money("p", "credit", date(2024, 12, 10), 1000)]
    result = year(rules(interest=interest("daily")), *events)
    # 354 days of 1000.00 from 1 January to 19 December, 10 days of 10.00; 0.01% a day.
    assert total(result, "interest") == 3540 + 1


def test_interest_of_several_buckets_is_one_sum_where_it_goes() -> None:
    buckets = {"o1": "current", "o2": "carried"}
    events = [money(name, "opening", FIRST, 100, bucket) for name, bucket in buckets.items()]
    assert total(year(rules(interest=interest("daily")), *events), "interest") == 4 + 4  # 3.54
    result = year(rules(interest=interest("daily", into="carried"), day_count=365), *events)
    assert ("2024-12-20", "interest", "fund", "carried", 7) in result["takes"]  # 7.08
    assert total(year(rules(interest=interest("daily"), day_count=250), *events), "interest") == 10


def test_interest_on_the_least_of_each_month() -> None:
    events = [
        money("o", "opening", date(2024, 1, 1), 120000),
        {"id": "a", "kind": "adjust", "direction": "from", "bucket": "current"}
        | {"effective": date(2024, 2, 29), "amount_fen": 60000},
        money("p", "credit", date(2024, 3, 1), 60000),
    ]
    result = year(rules(interest=interest("minimum")), *events)
    # Ten months of 1200.00 have ended by 20 December, and February of 600.00.
    assert total(result, "interest") == 3650 + 183  # 3832.5
    made, begun = rules(interest=interest("minimum")), date(2024, 2, 2)
    result = run(made, [money("o", "opening", begun, 60000)], begun, LAST, False)
    assert total(result, "interest") == 1643  # nine whole months of 600.00: 1642.5


def test_interest_on_the_balance_of_a_day_and_two_rates() -> None:
    made = rules(interest=interest("balance_on", on=(6, 30)))
    events = [money("o", "opening", FIRST, 10000), money("p", "credit", date(2024, 6, 30), 10000)]
    assert total(year(made, *events, money("q", "credit", date(2024, 7, 1), 5)), "interest") == 730
    two = [
        *interest("daily", until=date(2024, 1, 10)),
        *interest("daily", since=date(2024, 1, 11), rate=percent("7.3"), posted_on=(1, 31)),
    ]
    assert total(year(rules(interest=two), events[0]), "interest") == 10 + 20 * 2


def test_the_turn_of_the_year() -> None:
    july = rules(year_from=(7, 1), carries=[{"bucket": "current", "into": "carried", "on": (7, 1)}])
    july["covers"] = [cover(50, ("above", 10000, "year", "all"), ("pay_cap", 4000, "month", "all"))]
    june, day = date(2024, 6, 30), date(2024, 7, 1)
    bills = [bill("e1", 150, effective=june), bill("e2", 150, effective=june)]
    bills += [bill("e3", 150, effective=day), bill("e4", 150, effective=day)]
    result = year(july, money("o", "opening", FIRST, 100), money("p", "credit", day, 7), *bills)
    assert [total(result, "fund", of=f"e{n}") for n in (1, 2, 3, 4)] == [2500, 1500, 2500, 1500]
    assert total(result, "carry", "current") == 0  # the bills had drawn it all
    counters = result["counters"]
    assert counters[("above", ("outpatient",), "all"), 2023] == 10000
    assert counters[("pay_cap", ("outpatient",), "all"), (2024, 7)] == 4000


def test_scheduled_credits_and_deductions() -> None:
    credit = {"amount_fen": 10000, "bucket": "current", "on": (0, 31)}
    made = rules(
        credits=[
            credit | {"status": "retired"},
            credit | {"on": (7, 1), "until": date(2024, 7, 1), "amount_fen": 5},
        ],
        deducts=[{"amount_fen": 300, "on": (0, 1)}],
    )
    retired = fact("f", "retired", date(2024, 11, 30))
    result = year(made, retired)
    # Twice 100.00, on 30 November and 31 December; of twelve deductions ten find nothing and one
    # finds 0.05.
    assert total(result, "credit") == 20005
    assert total(result, "deduct") == 12 * 300
    assert result["receivable"] == 10 * 300 + 295
    assert result["balances"] == {"current": 19700, "carried": 0}
    assert ("2024-12-01", "deduct", "current", "fund", 300) in result["takes"]
    assert year(made, retired, as_listed=True)["takes"] == []
    opening = money("o", "opening", FIRST, 3500, "carried")
    result = year(made, opening, retired | {"booked": FIRST})
    # Ten times 3.00 and once 2.95 from the carried; the last from what came on 30 November.
    assert total(result, "deduct", "carried") == 3295
    assert total(result, "credit") == 20005


def test_a_late_fact_is_a_difference() -> None:
    credit = {"on": (0, 1), "bucket": "current"}
    statuses = (("active", 5000), ("retired", 3000))
    made = rules(
        credits=[credit | {"status": s, "amount_fen": fen} for s, fen in statuses],
        carries=[{"bucket": "current", "into": "carried", "on": (12, 31)}],
    )
    late = fact("f", "retired", date(2024, 2, 1), date(2024, 5, 1))
    result = year(made, late)
    # Three months of 20.00 too much; May is credited as it is known that day.
    assert ("f", "correction", "current", "fund", 6000) in result["takes"]
    assert total(result, "credit") == 4 * 5000 + 8 * 3000
    assert result["balances"] == {"current": 0, "carried": 5000 + 11 * 3000}
    again = fact("g", "active", date(2024, 3, 1), date(2024, 6, 1))
    assert ("g", "correction", "fund", "current", 6000) in year(made, late, again)["takes"]
    spent = bill("e1", 180, effective=date(2024, 4, 30), relation="self")
    result = year(made | {"covers": [cover(0)]}, spent, late)
    # 20.00 were left on 30 April, 30.00 come on 1 May: 50.00 of 60.00 are there.
    assert ("f", "correction", "receivable", "fund", 1000) in result["takes"]
    more = money("p", "credit", date(2024, 4, 30), 700, "carried")
    result = year(made | {"covers": [cover(0)], "draw": ["current"]}, spent, late, more)
    assert ("f", "correction", "carried", "fund", 700) in result["takes"]
    assert ("f", "correction", "receivable", "fund", 300) in result["takes"]
    back = money("r1", "repaid", date(2024, 6, 1), 400), money("r2", "repaid", LAST, 601)
    result = year(made | {"covers": [cover(0)]}, spent, late, *back)
    assert (result["receivable"], result["refused"]) == (600, [("r2", "YB444")])


def test_a_bill_knows_what_is_booked_before_it() -> None:
    made = rules(covers=[cover(50, statuses=["retired"])])
    late = fact("f", "retired", FIRST, date(2024, 7, 1))
    assert year(made, late, bill("e1", 10))["refused"] == [("e1", "YB402")]
    assert paid(made, late, bill("e1", 10, booked=date(2024, 7, 1))) == 500


def test_corrections_count_from_the_start() -> None:
    made = rules(covers=[cover(50, ("above", 10000, "year", "all"))])
    plain = [bill("e1", 100), bill("e2", 100)]
    assert paid(made, *plain) == 5000
    gone = void("v1", "e1", date(2024, 9, 1))
    assert year(made, *plain, gone) == year(made, plain[1])
    assert year(made, *plain, gone, void("v2", "v1", LAST)) == year(made, *plain)
    again = year(made, *plain, gone, void("v3", "e1", LAST), void("v4", "none", LAST))
    assert again["refused"] == [("v3", ""), ("v4", "")]
    content = {"kind": "bill", "category": "outpatient", "amount_fen": 30000}
    other = {"id": "r1", "kind": "replace", "of": "e1", "effective": LAST, "with": content}
    assert total(year(made, *plain, other), "fund", of="e1") == 10000
    second = other | {"id": "r2", "of": "r1", "with": content | {"amount_fen": 12000}}
    assert total(year(made, *plain, other, second), "fund", of="e1") == 1000
    assert year(made, *plain, other, second, void("v5", "r1", LAST))["refused"] == [("v5", "")]
    assert year(made, *plain, other, void("v6", "r1", LAST)) == year(made, *plain)


def test_refusals_leave_no_trace() -> None:
    half = cover(50, levels=["tertiary"])
    opening = money("o", "opening", FIRST, 9900)
    made = rules(covers=[half], before_cover="current")
    none, several = year(made, opening, bill("e1", 10, "primary")), [half, half]
    assert (none["refused"], none["balances"]["current"]) == ([("e1", "YB402")], 9900)
    assert year(rules(covers=several), bill("e1", 10))["refused"] == [("e1", "YB403")]
    exception = cover(100, exception=True)
    assert paid(rules(covers=[*several, exception]), bill("e1", 10)) == 1000
    assert year(rules(covers=[cover(50, statuses=["retired"])]), bill("e1", 10))["refused"]


def test_what_the_account_may_pay() -> None:
    opening = [money("o1", "opening", FIRST, 90000, "carried"), money("o2", "opening", FIRST, 5000)]
    family = bill("e1", 100, relation="spouse")
    spouse = {"relations": ["spouse"], "categories": ["outpatient"]}
    capped = spouse | {"limit_fen": 6000, "period": "month", "buckets": ["carried"]}

    def drawn(*allows: Item, events: tuple[Item, ...] = (family,)) -> list[tuple[str, int]]:
        takes = year(rules(allows=list(allows)), *opening, *events)["takes"]
        return [(source, fen) for _, kind, source, _, fen in takes if kind == "draw"]

    assert drawn(spouse) == [("carried", 5000), ("current", 5000)]
    assert drawn(*SELF) == []
    assert drawn(capped) == [("carried", 6000)]
    assert drawn(capped, events=(family, family | {"id": "e2"})) == [("carried", 6000)]
    april = family | {"id": "e2", "effective": date(2024, 4, 1)}
    assert drawn(capped, events=(family, april)) == [("carried", 6000), ("carried", 6000)]
    assert drawn(capped, spouse) == [("carried", 6000), ("current", 4000)]
    assert drawn(spouse | {"when": ("carried", 89999)}) != []
    assert drawn(spouse | {"when": ("carried", 90000)}) == []
    assert drawn(spouse, {"deny": True, "categories": ["outpatient"]}) == []
    assert drawn(spouse, {"deny": True, "since": date(2024, 3, 2)}) != []


def test_a_named_counter_counts_once() -> None:
    clauses = [("above", 10000, "year", "floor"), ("at_most", 15000, "year", "floor")]
    made = rules(covers=[cover(50, *clauses)])
    result = year(made, bill("e1", 60), bill("e2", 60))
    assert [total(result, "fund", of=name) for name in ("e1", "e2")] == [0, 1000]
    assert result["counters"] == {("floor", 2024): 10000}


def test_lines_and_what_is_not_eligible() -> None:
    clauses = [("above", 20000, "year", "all"), ("except_lines", "essential_drug")]
    made = rules(covers=[cover(80, *clauses)])
    mixed = bill("e1", 300, eligible_fen=25000, lines={"essential_drug": 10000, "x": 5000})
    result = year(made, mixed)
    # 150.00 of the deductible; 100.00 of drugs at 80%.
    assert (total(result, "fund"), total(result, "cash")) == (8000, 22000)
    assert paid(made, mixed, bill("e2", 100)) == 8000 + 4000


def test_a_further_fund_that_counts_cost() -> None:
    further = ("then", "large_sum", percent(50), "cost", (100000, "year", "all"))
    over_cost = rules(covers=[cover(80, ("cost_cap", 100000, "year", "all"), further)])
    result = year(over_cost, bill("e1", 1500))
    assert (total(result, "fund", "fund"), total(result, "fund", "large_sum")) == (80000, 25000)
    over_payment = rules(covers=[cover(80, ("pay_cap", 80000, "year", "all"), further)])
    result = year(over_payment, bill("e1", 1500))
    assert (total(result, "fund", "fund"), total(result, "fund", "large_sum")) == (80000, 25000)
    last = ("then", "last_fund", percent(10), "payment", None)
    three = rules(covers=[cover(80, ("cost_cap", 100000, "year", "all"), further, last)])
    assert total(year(three, bill("e1", 5000)), "fund", "large_sum") == 100000
    assert total(year(three, bill("e1", 5000)), "fund", "last_fund") == 10000


def test_closing_shares_the_whole() -> None:
    thirds = [(heir, Fraction(1, 3)) for heir in ("first", "second", "third")]
    end = {"id": "d1", "kind": "closing", "effective": date(2024, 5, 1), "shares": thirds}
    opening = [money("o1", "opening", FIRST, 40), money("o2", "opening", FIRST, 61, "carried")]
    late = bill("e1", 10, effective=date(2024, 5, 2), relation="child")
    made = rules(interest=interest("daily"))
    result = year(made, *opening, end, late, void("v1", "o1", LAST) | {"of": "none"})
    assert [take for take in result["takes"] if take[1] == "close"] == [
        ("d1", "close", "carried", "second", 28),
        ("d1", "close", "carried", "third", 33),
        ("d1", "close", "current", "first", 34),
        ("d1", "close", "current", "second", 6),
    ]
    assert result["refused"] == [("e1", "YB436"), ("v1", "")]
    assert result["balances"] == {"current": 0, "carried": 0}
    for quarter, parts in ((25, [("one", 3), ("two", 7)]), (24, [("one", 2), ("two", 8)])):
        shares = [("one", percent(quarter)), ("two", percent(100 - quarter))]
        result = year(made, opening[0] | {"amount_fen": 10}, end | {"shares": shares})
        assert sorted(take[3:] for take in result["takes"] if take[1] == "close") == parts
    whole = {key: end[key] for key in ("id", "kind", "effective")} | {"to": "holder"}
    assert total(year(made, *opening, whole), "close") == 101
