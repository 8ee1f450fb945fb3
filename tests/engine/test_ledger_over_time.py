"""What time does to ledgers: interest, moves, checkpoints. Amounts are fen, worked out by hand."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.ledger.scripts import (
    REST,
    code_of,
    ledger_of,
    measuring_of,
    moved,
    refusals,
    script,
)
from yibaolang.engine.ledger import Ledger, Ledgers
from yibaolang.engine.programs import Programs

HALF = REST + "cover 50% of outpatient\nallow outpatient for self\n"


def listed(rules: str, events: str) -> Ledger:
    return ledger_of(script(rules, events, "retired", "2024-01-01 as listed"))


# ── time ──


def test_interest_of_a_year_and_the_turn_of_the_year() -> None:
    rules = (
        "interest 3.65% yearly of current on daily balance posted on 12-31\n"
        "carry current into carried on 01-01"
    )
    events = "01-01 opening current 1000元\n01-11 ^a1 adjust 500元 from current\n2025-01-02 filed"
    ledger = listed(rules, events)
    # 10 days of 1000 and 355 of 500 (to 30 December) at 0.01% a day: 1.00 + 17.75.
    assert moved(ledger, "interest", "carry") == [
        ("2024-12-31", "interest", "fund", "current", 18_75),
        ("2025-01-01", "carry", "current", "carried", 518_75),
    ]


def test_the_rate_changes_within_the_year_without_an_event() -> None:
    rules = """region 甲市
since 2024-01-01 until 2024-06-30
interest 0.35% yearly of current on daily balance posted on 12-31
since 2024-07-01
interest 0.5% yearly of current on daily balance posted on 12-31"""
    ledger = ledger_of(script(
        rules, "01-01 opening current 10000元\n12-31 filed", "in 甲市", "2024-01-01 as listed"
    ))  # fmt: skip
    # 182 days at 0.35% and 183 (to 30 December) at 0.5%: 17.4521 + 25.0685.
    assert moved(ledger, "interest") == [("2024-12-31", "interest", "fund", "current", 42_52)]


def test_a_guard_of_interest_is_looked_at_each_day() -> None:
    rules = (
        "retired interest 3.65% yearly of current on daily balance posted on 12-31\n"
        "active interest 0.365% yearly of current on daily balance posted on 12-31"
    )
    text = script(
        rules, "01-01 opening current 1000元\n12-31 filed",
        "active until 2024-01-10, retired since 2024-01-11", "2024-01-01 as listed",
    )  # fmt: skip
    # 10 days at 0.01 and 355 at 0.10.
    assert [fen for *_, fen in moved(ledger_of(text), "interest")] == [35_60]
    unknown = script(rules, "01-01 opening current 1000元\n12-31 filed", "male")
    assert code_of(unknown) == "YB401"


LEAST = "interest 1.2% yearly of current on minimum balance of month posted on 12-31\n"


@pytest.mark.parametrize("rows", ["", "param rent: money\n  2024-01-01 5元\n  2024-07-01 6元\n"])
def test_the_least_balance_of_each_month(rows: str) -> None:
    """A param's new value on 1 July changes nothing."""
    events = """
        01-01       opening current 1000元
        06-10 ^a1  adjust 600元 from current
        06-20 ^k1  credit 600元 to current
        07-05 ^a2  adjust 100元 from current
        07-05 ^e0  credit 100元 to current
        12-31       filed
    """
    # 0.1% of 1000 for ten months and of 400 for June; December's comes next year.
    ledger = listed(rows + LEAST, events)
    assert [fen for *_, fen in moved(ledger, "interest")] == [10_40]


def test_the_least_balance_is_kept_from_the_day_on_which_the_rule_begins() -> None:
    rules = f"region 甲市\nsince 2024-07-01\n{LEAST}"
    text = script(
        rules, "01-01 opening current 1000元\n12-31 filed", "in 甲市", "2024-01-01 as listed"
    )
    # July to November.
    assert [fen for *_, fen in moved(ledger_of(text), "interest")] == [5_00]


def test_the_balance_at_the_end_of_a_day() -> None:
    rules = """region 甲市
since 2024-01-01 until 2024-06-30
interest 2% yearly of current on balance on 06-30 posted on 12-31
since 2024-07-01
interest 5% yearly of current on balance on 09-30 posted on 12-31"""
    events = """
        01-01       opening current 1000元
        06-30 ^a1  adjust 400元 from current
        07-01 ^a2  adjust 500元 from current
        12-31       filed
    """
    ledger = ledger_of(script(rules, events, "in 甲市", "2024-01-01 as listed"))
    # 2% of the 600 at the end of 30 June and 5% of the 100 at the end of September.
    assert [fen for *_, fen in moved(ledger, "interest")] == [17_00]


# ── another region ──

TWO = """
region 甲市
{0}credit 100元 monthly on day 20
cover 50% of outpatient above 10元 per year
interest 3.65% yearly of current on daily balance posted on 12-31
region 乙市
{0}credit 200元 monthly on day 20
cover 80% of outpatient above 10元 per year
""".format(HALF.replace("cover 50% of outpatient\n", ""))


def test_a_move_changes_the_rules_and_settles_the_interest() -> None:
    ledger = ledger_of(script(TWO, """
        01-01       opening carried 500元
        01-25 ^e1  outpatient 30元
        02-20       moves to 乙市
        02-21 ^e2  outpatient 30元
    """, "in 甲市", "2024-01-01 to 2024-03-31"))  # fmt: skip
    assert moved(ledger, "credit", "fund", "interest") == [
        ("2024-01-20", "due credit", "fund", "current", 100_00),
        ("2024-01-25", "e1", "fund", "provider", 10_00),
        # 5 days of 100 and 26 of 80 at 0.01% a day.
        ("2024-02-20", "interest", "fund", "current", 26),
        ("2024-02-20", "due credit", "fund", "current", 200_00),
        # Counters belong to a region: the deductible begins anew.
        ("2024-02-21", "e2", "fund", "provider", 16_00),
        ("2024-03-20", "due credit", "fund", "current", 200_00),
    ]


def test_a_move_back_finds_its_counters_again() -> None:
    ledger = ledger_of(script(TWO, """
        01-25 ^e1  outpatient 30元
        02-20 ^m1  moves to 乙市
        03-10 ^m2  moves to 甲市
        03-15 ^e2  outpatient 30元
    """, "in 甲市", "2024-01-01 as listed"))  # fmt: skip
    assert [fen for *_, fen in moved(ledger, "fund")] == [10_00, 15_00]


def test_a_move_to_a_region_that_is_not_there() -> None:
    assert code_of(script(TWO, "03-01 moves to 戊市", "in 甲市")) == "YB102"


# ── checkpoints ──

LONG = (
    HALF.replace("outpatient\n", "outpatient above 10元 per year up to 40元 per month\n", 1)
    + """
credit 100元 monthly on day 20
deduct 3元 monthly on day 25
interest 0.35% yearly of carried on daily balance posted on 12-31
interest 1.2% yearly of current on minimum balance of month posted on 06-30 to carried
carry current into carried on 01-01
on death close to heirs
"""
)
EVENTS = """
    01-01       opening carried 3000元
    01-09 ^e1  outpatient 86元
    02-11 ^e2  outpatient 120元
    02-29 ^a1  adjust 5元 from carried
    04-01 ^e3  outpatient 40元
    07-20 ^e4  outpatient 40元
    2025-01-01 ^e5  outpatient 40元
    2025-02-01 ^e6  inpatient 40元
    {}
"""


@pytest.mark.parametrize(
    "last", ["2025-03-15 filed", "2025-03-15 ^d1 death", "2025-03-01 ^e7 outpatient 5元"]
)
def test_a_run_may_go_on_from_any_checkpoint(last: str) -> None:
    measuring = measuring_of(script(LONG, EVENTS.format(last)))
    whole = measuring.ledger()
    assert len(whole.checkpoints) >= 14
    assert {each.day.day for each in whole.checkpoints} == {1}
    for start in whole.checkpoints:
        again = Ledgers(whole.programs).run(measuring.account, measuring.events, start)
        expected = [each for each in whole.postings if each.effective >= start.day]
        assert again.postings == expected
        assert again.cells == whole.cells
        assert again.closed == whole.closed
        assert again.opening == whole.balances(start.day - timedelta(days=1))


def test_fresh_programs_give_the_same_postings() -> None:
    measuring = measuring_of(script(LONG, EVENTS.format("")))
    runs: list[Callable[[], Ledger]] = [
        measuring.ledger,
        lambda: Ledgers(Programs(measuring.rules), False).run(measuring.account, measuring.events),
        lambda: Ledgers(Programs(measuring.rules)).run(
            measuring.account, tuple(reversed(measuring.events))
        ),
    ]
    first, *others = [moved(each()) for each in runs]
    assert all(each == first for each in others)


def test_counters_that_only_a_bill_of_the_last_day_has_brought() -> None:
    rules = """draw carried then current, rest to cash
cover 50% of outpatient up to 1元 per month each level
allow outpatient for self up to 5元 per month"""
    events = "02-29 opening current 100元\n03-01 ^e1 outpatient 1元 at primary"
    ledger = ledger_of(script(rules, events, "retired", "2024-02-29 as listed"))
    assert refusals(ledger) == {"e1": "YB431"}


def test_a_year_that_begins_elsewhere_posts_a_day_once() -> None:
    rules = """region 甲市
since 2024-03-01
age >= 70 deduct 100元 yearly on 12-31
year from 07-01"""
    ledger = ledger_of(script(
        rules, "2024-01-01 opening current 1000元\n2026-03-05 filed", "birth 1950-02-28, in 甲市",
        "2023-12-31",
    ))  # fmt: skip
    assert [day for day, *_ in moved(ledger, "deduct")] == ["2024-12-31", "2025-12-31"]
