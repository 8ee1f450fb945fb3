"""The ledger loop: the order of things, with balances worked out by hand. Amounts are fen."""

from itertools import permutations

import pytest

from tests.ledger.scripts import (
    REST,
    code_of,
    day,
    ledger_of,
    measuring_of,
    moved,
    refusals,
    script,
)
from yibaolang.engine.ledger import Ledger

HALF = REST + "cover 50% of outpatient\nallow outpatient for self\n"


def run(rules: str, events: str, given: str = "retired", opened: str = "2024-01-01") -> Ledger:
    return ledger_of(script(rules, events, given, opened))


def listed(rules: str, events: str, given: str = "retired") -> Ledger:
    return run(rules, events, given, "2024-01-01 as listed")


# ── the order of a day ──

BUSY = """
interest 1% yearly of carried on balance on 05-31 posted on 06-01
carry current into carried on 06-01
credit 10元 monthly on day 1
deduct 3元 monthly on day 1
"""
SAME_DAY = """
01-01       opening current 500元
06-01 ^a1  adjust 1元 to current
06-01 ^e1  outpatient 8元
06-01 ^k1  credit 2元 to current
06-01 ^d1  death
"""


def names_of_june(rules: str) -> list[str]:
    ledger = run(HALF + BUSY + "on death close to heirs\n" + rules, SAME_DAY)
    return [each.id or each.kind for each in ledger.settlements if each.day == day("06-01")]


def test_the_phases_of_a_day() -> None:
    assert names_of_june("") == [
        "carry", "due credit", "k1", "due deduct", "a1", "e1", "d1",
    ]  # fmt: skip


def test_a_region_may_order_its_day_otherwise() -> None:
    phases = "paying then earning then adjusting then crediting then carrying then ending"
    text = f"region 甲市\n{HALF}{BUSY}on death close to heirs\nphases {phases}"
    ledger = ledger_of(script(text, SAME_DAY, "in 甲市"))
    found = [each.id or each.kind for each in ledger.settlements if each.day == day("06-01")]
    assert found == ["e1", "due deduct", "a1", "due credit", "k1", "carry", "d1"]


def test_phases_with_one_place_are_in_the_order_of_ids() -> None:
    phases = "carrying then crediting, adjusting, paying then earning then ending"
    text = f"region 甲市\n{HALF}phases {phases}"
    events = (
        "03-01 ^b outpatient 8元\n03-01 ^a credit 2元 to current\n03-01 ^c adjust 1元 to current"
    )
    ledger = ledger_of(script(text, events, "in 甲市", "2024-01-01 as listed"))
    assert [each.id for each in ledger.settlements] == ["a", "b", "c"]
    assert moved(ledger, "draw") == [("2024-03-01", "b", "current", "provider", 2_00)]


@pytest.mark.parametrize("phase", ["carrying", "crediting", "adjusting", "paying", "earning"])
def test_every_phase_that_happens_must_be_named(phase: str) -> None:
    every = ["carrying", "crediting", "adjusting", "paying", "earning", "ending"]
    text = f"region 甲市\n{HALF}{BUSY}phases {' then '.join(x for x in every if x != phase)}"
    assert code_of(script(text, SAME_DAY.replace("06-01 ^d1  death", ""), "in 甲市")) == "YB447"


def test_a_month_a_year_and_an_end_of_day_come_before_the_days_phases() -> None:
    """What is paid on the first of January is the new year's."""
    rules = HALF.replace("outpatient\n", "outpatient above 10元 per year up to 20元 per month\n", 1)
    ledger = ledger_of(script(
        rules, "12-31 ^e1 outpatient 30元\n2025-01-01 ^e2 outpatient 30元\n"
        "2025-01-31 ^e3 outpatient 30元\n2025-02-01 ^e4 outpatient 30元", "retired",
        "2024-12-01 as listed",
    ))  # fmt: skip
    # (30 - 10) / 2; the same; 15 of which 10 is left of the month's 20; 15.
    assert [fen for *_, fen in moved(ledger, "fund")] == [10_00, 10_00, 10_00, 15_00]


def test_counters_follow_the_insurance_year() -> None:
    rules = HALF.replace("outpatient\n", "outpatient above 10元 per year\n", 1)
    events = "06-30 ^e1 outpatient 30元\n07-01 ^e2 outpatient 30元\n12-31 ^e3 outpatient 30元"
    text = script(f"region 甲市\nyear from 07-01\n{rules}", events, "in 甲市")
    assert [fen for *_, fen in moved(ledger_of(text), "fund")] == [10_00, 10_00, 15_00]


# ── ties ──


@pytest.mark.parametrize(
    ("one", "other", "tied"),
    [
        ("outpatient 40元", "outpatient 25元", True),
        ("^e1 outpatient 40元", "outpatient 25元", False),
        ("^e1 outpatient 40元", "^e2 outpatient 25元", False),
        ("outpatient 40元", "outpatient 40元", False),
        ("adjust 4元 from current", "adjust 5元 from carried", True),
        ("adjust 4元 from current", "repaid 1元", True),
        ("credit 4元 to current", "credit 5元 to current", False),
        ("opening current 4元", "opening carried 5元", False),
        ("outpatient 40元", "adjust 4元 from current", False),
        ("outpatient 40元", "filed", False),
    ],
)
def test_two_events_of_one_day_that_nothing_orders(one: str, other: str, tied: bool) -> None:
    for lines in permutations((f"03-01 {one}", f"03-01 {other}")):
        ledger = listed(HALF, "\n".join(lines))
        codes = [code for code in refusals(ledger).values() if code != "YB444"]
        assert codes == (["YB432"] if tied else [])


def test_the_order_of_the_lines_does_not_matter() -> None:
    lines = [
        "01-01 opening current 30元", "03-01 ^e2 outpatient 40元", "03-01 ^e10 outpatient 25元",
        "02-01 ^a1 adjust 4元 from current",
    ]  # fmt: skip
    found = {tuple(moved(listed(HALF, "\n".join(each)))) for each in permutations(lines)}
    assert len(found) == 1
    # By number: e2 before e10. 26 is there: 20 for e2, 6 for e10.
    assert [row[1:] for row in found.pop() if row[2] == "current"] == [
        ("a1", "current", "fund", 4_00), ("e2", "current", "provider", 20_00),
        ("e10", "current", "provider", 6_00),
    ]  # fmt: skip


# ── what is due ──


def test_what_is_scheduled_runs_on_its_days() -> None:
    ledger = run("credit 100元 monthly on day 31\ndeduct 3元 yearly on 03-15", "01-01 filed",
                 opened="2024-01-15 to 2024-04-30")  # fmt: skip
    assert moved(ledger) == [
        ("2024-01-31", "due credit", "fund", "current", 100_00),
        ("2024-02-29", "due credit", "fund", "current", 100_00),
        ("2024-03-15", "due deduct", "current", "fund", 3_00),
        ("2024-03-31", "due credit", "fund", "current", 100_00),
        ("2024-04-30", "due credit", "fund", "current", 100_00),
    ]


def test_as_listed_nothing_is_scheduled() -> None:
    rules = "credit 100元 monthly on day 31\ncarry current into carried on 03-01"
    ledger = listed(rules, "01-31 credit 60元 to current\n04-30 filed")
    assert [each.kind for each in ledger.settlements] == ["credit", "carry"]
    assert ledger.balances() == {"current": 0, "carried": 60_00, "receivable": 0}


def test_one_posting_day_for_all_that_name_none() -> None:
    rules = "post on day 20\ncredit 100元 monthly\ndeduct 3元 monthly on day 25"
    ledger = run(rules, "01-01 filed", opened="2024-01-01 to 2024-01-31")
    assert [row[0] for row in moved(ledger)] == ["2024-01-20", "2024-01-25"]
    without = run("credit 100元 monthly", "01-01 filed", opened="2024-01-01 to 2024-02-29")
    assert set(refusals(without).values()) == {"YB433"}


def test_a_credit_that_cannot_be_said_is_refused_by_itself() -> None:
    rules = "credit 2% of contribution_base monthly on day 20"
    ledger = run(rules, "02-01 contribution_base = 5000元\n02-28 adjust 9元 to current",
                 opened="2024-01-01 to 2024-03-31")  # fmt: skip
    assert refusals(ledger) == {"due credit": "YB401"}
    assert [fen for *_, fen in moved(ledger, "credit")] == [100_00, 100_00]


def test_a_person_without_an_account_is_credited_nothing_and_refused_nothing() -> None:
    ledger = run('credit none because "none"', "03-01 filed", opened="2024-01-01 to 2024-12-31")
    assert (ledger.settlements, ledger.refused) == ((), [])


def test_a_deduction_takes_buckets_in_order_then_becomes_a_receivable() -> None:
    opening = "01-01 opening current 30元\n01-01 opening carried 5元"
    ledger = run("deduct 50元 monthly on day 20", opening, opened="2024-01-01 to 2024-01-31")
    assert moved(ledger, "deduct") == [
        ("2024-01-20", "due deduct", "current", "fund", 30_00),
        ("2024-01-20", "due deduct", "carried", "fund", 5_00),
        ("2024-01-20", "due deduct", "receivable", "fund", 15_00),
    ]
    assert ledger.balances()["receivable"] == 15_00


# ── working days ──

HOLIDAYS = """
holiday 2024-02-10 to 2024-02-17
workday 2024-02-18
holiday 2024-05-01 to 2024-05-05
workday 2024-05-11
holiday 2024-12-31
credit 100元 monthly {} moved to workday before
"""


@pytest.mark.parametrize(
    ("schedule", "month", "posted"),
    [
        ("on day 17", "02", "02-09"),  # the whole holiday back: Friday the 9th
        ("on day 18", "02", "02-18"),  # a Sunday that is worked
        ("on day 19", "02", "02-19"),
        ("on day 20", "01", "01-19"),  # a Saturday: Friday the 19th
        ("on day 1", "05", "04-30"),  # into the month before
        ("on day 11", "05", "05-11"),
        ("on last of month", "06", "06-28"),  # 30 June is a Sunday
    ],
)
def test_the_last_working_day_before(schedule: str, month: str, posted: str) -> None:
    ledger = run(HOLIDAYS.format(schedule), "01-01 filed", opened="2024-01-01 to 2024-11-30")
    assert refusals(ledger) == {}
    near = [row[0][5:] for row in moved(ledger) if row[0][5:7] in (month, posted[:2])]
    assert posted in near


def test_a_month_whose_calendar_is_not_given_is_refused_by_itself() -> None:
    """January 2025 might post in December 2024, so December is not known."""
    ledger = run(HOLIDAYS.format("on day 1"), "01-02 filed", opened="2024-01-02 to 2024-12-30")
    assert [row[0][5:] for row in moved(ledger)] == [
        "02-01", "03-01", "04-01", "04-30", "05-31", "07-01", "08-01", "08-30", "10-01", "11-01",
        "11-29",
    ]  # fmt: skip
    (refused,) = ledger.refused
    assert refused.refused is not None and refused.refused.code == "YB439"
    assert refused.day == day("12-30")


# ── adjustments, the receivable ──


def test_a_claw_back_larger_than_the_bucket() -> None:
    ledger = listed(HALF, """
        01-01       opening current 100元
        03-01 ^a1  adjust 300元 from current
        03-02 ^k1  credit 50元 to current
        03-06 ^r1  repaid 150元
        03-07 ^r2  repaid 50.01元
        03-08 ^r3  repaid 50元
    """)  # fmt: skip
    assert moved(ledger, "adjust", "repaid") == [
        ("2024-03-01", "a1", "current", "fund", 100_00),
        ("2024-03-01", "a1", "receivable", "fund", 200_00),
        ("2024-03-06", "r1", "cash", "receivable", 150_00),
        ("2024-03-08", "r3", "cash", "receivable", 50_00),
    ]
    assert refusals(ledger) == {"r2": "YB444"}
    assert ledger.balances() == {"current": 50_00, "carried": 0, "receivable": 0}
    assert ledger.balances(day("03-06"))["receivable"] == 50_00


def test_money_goes_to_the_first_bucket_if_none_is_named() -> None:
    events = "01-01 opening carried 9元\n02-01 adjust 4元 from carried\n03-01 adjust 5元 to current"
    assert listed("", events).balances() == {"current": 5_00, "carried": 5_00, "receivable": 0}


# ── the end of an account ──

ENDS = """
on death close to heirs requiring "certificate"
on emigration close to holder
credit 100元 monthly on day 20
interest 1% yearly of current on balance on 02-28 posted on 12-31
"""


def test_the_balance_goes_to_the_heirs_and_nothing_follows() -> None:
    ledger = run(HALF + ENDS, """
        01-05       opening carried 0.01元
        03-01 ^d1  death to a, b showing "certificate"
        03-01 ^e1  outpatient 10元
        03-02 ^e2  outpatient 10元
        03-03 ^a1  adjust 1元 to current
        04-30 ^e3  outpatient 10元 effective 2024-02-01
    """, opened="2024-01-01 to 2024-12-31")  # fmt: skip
    # 200 less 5 of the late claim and 5 of the day's own bill, and 0.01: each gets half, the first
    # the odd fen.
    assert moved(ledger, "close") == [
        ("2024-03-01", "d1", "current", "heirs a", 95_01),
        ("2024-03-01", "d1", "current", "heirs b", 94_99),
        ("2024-03-01", "d1", "carried", "heirs b", 1),
    ]
    assert refusals(ledger) == {"e2": "YB436", "a1": "YB436"}
    assert ledger.closed == day("03-01")
    assert set(ledger.balances().values()) == {0}
    # The late claim was before the end, so it is settled.
    assert ("2024-02-01", "e3", "fund", "provider", 5_00) in moved(ledger)


def test_an_end_that_is_refused_ends_nothing() -> None:
    ledger = run(HALF + ENDS, """
        03-01 ^d1  death showing "another"
        03-02 ^e1  outpatient 10元
    """, opened="2024-01-01 to 2024-04-30")  # fmt: skip
    assert refusals(ledger) == {"d1": "YB446"}
    assert ledger.closed is None
    assert ledger.balances()["current"] == 395_00


def test_who_emigrates_gets_it_and_a_kind_of_end_without_a_rule_is_refused() -> None:
    events = "02-01 ^c1 emigration"
    ledger = run(ENDS, events, opened="2024-01-01 to 2024-12-31")
    assert moved(ledger, "close") == [("2024-02-01", "c1", "current", "holder", 100_00)]
    assert refusals(run(ENDS, events.replace("emigration", "transfer_out"))) == {"c1": "YB402"}
    twice = ENDS + "on emigration close to cash"
    assert refusals(run(twice, events)) == {"c1": "YB403"}


def test_a_void_of_the_end_brings_the_account_back() -> None:
    events = "02-01 ^c1 emigration\n02-10 ^v1 void ^c1\n02-20 ^e1 outpatient 10元"
    ledger = run(HALF + ENDS, events, opened="2024-01-01 to 2024-02-29")
    assert (ledger.closed, refusals(ledger)) == (None, {})
    assert ledger.balances()["current"] == 195_00


@pytest.mark.parametrize(
    ("shares", "got"),
    [
        ("", [100_01]),
        ("to a, b", [50_01, 50_00]),
        ("to a, b, c", [33_34, 33_34, 33_33]),
        ("to a 1/2, b 1/4, c 1/4", [50_01, 25_00, 25_00]),
        ("to a 1/6, b 5/6", [16_67, 83_34]),
        ("to a 1/10, b 9/10", [10_00, 90_01]),
    ],
)
def test_shares_of_the_heirs(shares: str, got: list[int]) -> None:
    events = f"01-01 opening current 100.01元\n02-01 ^d1 death {shares}"
    ledger = listed("on death close to heirs", events)
    assert [fen for *_, fen in moved(ledger, "close")] == got


# ── days before and after ──


def test_what_is_before_the_first_day_is_refused_and_what_is_after_the_last_is_not_yet() -> None:
    events = "02-01 ^e1 outpatient 10元 effective 2023-12-31\n06-01 ^e2 outpatient 10元"
    measuring = measuring_of(script(HALF, events, opened="2024-01-01 as listed"))
    assert refusals(measuring.ledger()) == {"e1": "YB445"}
    assert measuring.ledger(day("05-31")).settlement("e2") is None
    assert measuring.ledger(day("06-01")).settlement("e2") is not None


def test_a_ledger_does_not_run_beyond_its_end() -> None:
    measuring = measuring_of(
        script("credit 100元 monthly on day 20", "01-01 filed", opened="2024-01-01 to 2024-03-31")
    )
    for until in ("02-29", "03-31", "12-31"):
        expected = {"02-29": 200_00}.get(until, 300_00)
        assert measuring.ledger(day(until)).balances()["current"] == expected


def test_what_is_after_the_end_of_a_ledger_is_refused() -> None:
    events = "04-01 ^a1 adjust 5元 to current\n02-01 ^a2 adjust 5元 to current"
    measuring = measuring_of(script("", events, opened="2024-01-01 to 2024-03-31 as listed"))
    assert refusals(measuring.ledger()) == {"a1": "YB458"}
    assert refusals(measuring.ledger(day("03-30"))) == {}


def test_a_bill_booked_late_counts_on_its_day() -> None:
    """The first bill to count bears the deductible, whenever it was booked."""
    rules = HALF.replace("outpatient\n", "outpatient above 10元 per year\n", 1)
    events = "03-01 ^e1 outpatient 30元\n04-01 ^e2 outpatient 30元 effective 2024-02-01"
    ledger = listed(rules, events)
    assert moved(ledger, "fund") == [
        ("2024-02-01", "e2", "fund", "provider", 10_00),
        ("2024-03-01", "e1", "fund", "provider", 15_00),
    ]
    assert [str(each.booked) for each in ledger.postings if each.kind == "fund"] == [
        "2024-04-01", "2024-03-01",
    ]  # fmt: skip


# ── a refused event ──


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("inpatient 10元", "YB402"),
        ("drugs 10元", "YB401"),
        ("vaccine 10元", "YB403"),
    ],
)
def test_a_refused_event_leaves_the_account_as_it_was(event: str, code: str) -> None:
    rules = HALF + "cover 50% of drugs at primary\ncover 1% of vaccine\ncover 2% of vaccine"
    without = "01-01 opening current 9元\n{}\n03-01 ^e2 outpatient 10元"
    ledger = listed(rules, without.format(f"02-01 ^e1 {event}"))
    assert refusals(ledger) == {"e1": code}
    assert moved(ledger) == moved(listed(rules, without.format("")))


def test_a_refusal_stands_at_the_event_if_it_has_no_other_place() -> None:
    ledger = listed(REST, "03-01 ^e1 outpatient 10元")
    (refused,) = ledger.refused
    assert refused.refused is not None and refused.event is not None
    assert refused.refused.place == refused.event.place
