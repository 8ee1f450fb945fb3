"""What corrections moved, correction by correction. Amounts are fen, worked out by hand."""

from itertools import pairwise, permutations

import pytest

from tests.ledger.scripts import REST, day, measuring_of, moved, script
from yibaolang.engine.corrections import Change, Corrected, corrections, is_correction
from yibaolang.engine.measures import Measuring

RULES = (
    REST
    + """
cover 50% of outpatient above 100元 per year
allow outpatient for self
credit 100元 monthly on day 20
interest 3.65% yearly of current on daily balance posted on 12-31
carry current into carried on 01-01
"""
)
EVENTS = """
    01-01       opening current 1000元
    02-01 ^e1  outpatient 300元
    03-01 ^e2  outpatient 300元
    06-01 ^e3  outpatient 100元
"""


def measured(
    events: str, rules: str = RULES, given: str = "retired", until: str = "2024-12-31"
) -> Measuring:
    return measuring_of(script(rules, events, given, f"2024-01-01 to {until}"))


def told(corrected: Corrected) -> list[tuple[str, str, str, str, int, int]]:
    return [
        (f"{each.day:%m-%d}", each.event, each.source, each.target, each.before_fen, each.after_fen)
        for each in corrected.changes
    ]


def effect(changes: tuple[Change, ...], bucket: str) -> int:
    """By how much changes make a balance other than it was."""
    return sum(
        (each.after_fen - each.before_fen) * ((each.target == bucket) - (each.source == bucket))
        for each in changes
    )


def check(measuring: Measuring) -> list[Corrected]:
    """The corrections, after what must hold of any: they lead from one ledger to the other."""
    found = corrections(measuring)
    plain = Measuring(
        measuring.rules, measuring.account, [x for x in measuring.events if not is_correction(x)]
    )
    balances = plain.ledger().balances()
    for each in found:
        assert each.before == balances
        balances = each.after
        for bucket in ("current", "carried"):
            assert each.after[bucket] - each.before[bucket] == effect(each.changes, bucket)
    assert balances == measuring.ledger().balances()
    return found


def test_without_corrections_nothing_moved() -> None:
    assert check(measured(EVENTS)) == []


def test_a_void_moves_what_came_after_it_too() -> None:
    (found,) = check(measured(EVENTS + "07-01 ^v1 void ^e1"))
    # The deductible is borne by e2 now: 100 and 200 at 50%. Interest, 0.01% a day to 30 December:
    # 365000 yuan-days of the opening, 214400 of credits, less 66800, 45750 and 10650 of the bills;
    # then 29 days of 200 and 305 of 150 more.
    assert told(found) == [
        ("02-01", "e1", "current", "provider", 200_00, 0),
        ("02-01", "e1", "fund", "provider", 100_00, 0),
        ("03-01", "e2", "current", "provider", 150_00, 200_00),
        ("03-01", "e2", "fund", "provider", 150_00, 100_00),
        ("12-31", "interest", "fund", "current", 45_62, 50_78),
    ]
    assert found.after["current"] - found.before["current"] == 155_16


def test_a_void_moves_back_exactly() -> None:
    first, second = check(measured(EVENTS + "07-01 ^v1 void ^e1\n08-01 ^v2 void ^v1"))
    assert [(a, b, c, d, after, before) for a, b, c, d, before, after in told(second)] == told(
        first
    )
    assert second.after == first.before


@pytest.mark.parametrize("count", [3, 4, 5])
def test_a_chain_of_voids(count: int) -> None:
    chain = [f"08-{n:02} ^v{n} void ^v{n - 1}" for n in range(2, count + 1)]
    found = check(measured("\n".join([EVENTS, "08-01 ^v1 void ^e1", *chain])))
    assert len(found) == count
    for one, other in pairwise(found):
        assert other.after == one.before
    assert all(each.changes for each in found)


def test_a_replacement_and_its_own() -> None:
    events = (
        "07-01 ^r1 replace ^e3 with outpatient 60元\n07-02 ^r2 replace ^r1 with outpatient 80元"
    )
    one, other = check(measured(EVENTS + events))
    assert told(one)[:2] == [
        ("06-01", "e3", "current", "provider", 50_00, 30_00),
        ("06-01", "e3", "fund", "provider", 50_00, 30_00),
    ]
    assert told(other)[:2] == [
        ("06-01", "e3", "current", "provider", 30_00, 40_00),
        ("06-01", "e3", "fund", "provider", 30_00, 40_00),
    ]


def test_a_late_bill_changes_those_after_it() -> None:
    (found,) = check(measured(EVENTS + "04-01 ^e4 outpatient 40元 effective 2024-01-15"))
    # It bears 40 of the deductible, so e1 bears 60: the fund pays 20 more.
    assert told(found)[:3] == [
        ("01-15", "e4", "current", "provider", 0, 40_00),
        ("02-01", "e1", "current", "provider", 200_00, 180_00),
        ("02-01", "e1", "fund", "provider", 100_00, 120_00),
    ]


BASED = (
    REST
    + """
cover 50% of outpatient
allow outpatient for self
credit 2% of contribution_base monthly on day 20
"""
)
LATE = "05-01 ^f1 contribution_base = 5000元 effective 2024-02-01"


def test_a_late_fact_is_posted_on_the_day_when_it_is_known() -> None:
    measuring = measured(LATE, BASED, "contribution_base 8000元", "2024-06-30")
    (found,) = check(measuring)
    # February to April: 3 times 60 less, of the 640 that are there; then 100 a month.
    assert told(found) == [
        ("05-01", "correction", "current", "fund", 0, 180_00),
        ("05-20", "due credit", "fund", "current", 160_00, 100_00),
        ("06-20", "due credit", "fund", "current", 160_00, 100_00),
    ]


def test_what_is_not_there_becomes_a_receivable() -> None:
    events = f"04-30 ^a1 adjust 600元 from current\n{LATE}"
    (found,) = check(measured(events, BASED, "contribution_base 8000元", "2024-05-31"))
    # 4 times 160 less 600: 40 of the 180 are there.
    assert told(found)[:2] == [
        ("05-01", "correction", "current", "fund", 0, 40_00),
        ("05-01", "correction", "receivable", "fund", 0, 140_00),
    ]
    assert found.after == {"current": 100_00, "carried": 0, "receivable": 140_00}


def test_a_late_fact_that_raises_is_paid_on_top() -> None:
    (found,) = check(measured(
        LATE.replace("5000", "9000"), BASED, "contribution_base 8000元", "2024-05-31"
    ))  # fmt: skip
    assert told(found)[0] == ("05-01", "correction", "fund", "current", 0, 60_00)


def test_a_late_fact_that_is_voided_was_never_known() -> None:
    events = f"{LATE}\n06-01 ^v1 void ^f1"
    measuring = measured(events, BASED, "contribution_base 8000元", "2024-06-30")
    first, second = check(measuring)
    assert second.after == first.before
    assert moved(measuring.ledger(), "correction") == []


def test_a_late_move_runs_everything_again_from_its_day() -> None:
    regions = f"region 甲市\n{BASED}region 乙市\n{BASED.replace('2%', '3%')}"
    events = "04-01 ^m1 moves to 乙市 effective 2024-03-01"
    (found,) = check(measured(events, regions, "contribution_base 8000元, in 甲市", "2024-04-30"))
    assert [row for row in told(found) if row[0] == "04-20"] == [
        ("04-20", "due credit", "fund", "current", 160_00, 240_00)
    ]
    assert found.after["current"] - found.before["current"] == 160_00


def test_corrections_come_in_the_order_in_which_they_were_booked() -> None:
    lines = ["09-01 ^v3 void ^e3", "08-01 ^v2 void ^e2", "08-01 ^v10 void ^e1"]
    for order in permutations(lines):
        found = check(measured(EVENTS + "\n".join(order)))
        assert [each.correction.id for each in found] == ["v2", "v10", "v3"]


def test_what_is_booked_and_corrected_on_one_day() -> None:
    events = "04-01 ^x outpatient 40元 effective 2024-01-15\n04-01 ^a void ^x"
    first, second = check(measured(EVENTS + events))
    assert (first.correction.id, second.correction.id) == ("x", "a")
    assert second.after == first.before


def test_what_is_corrected_before_it_is_booked() -> None:
    events = "04-01 ^x outpatient 40元 effective 2024-01-15\n03-01 ^a void ^x effective 2024-01-15"
    first, second = check(measured(EVENTS + events))
    assert (first.correction.id, second.correction.id) == ("x", "a")


def test_what_is_said_twice_is_corrected_once() -> None:
    assert len(check(measured(EVENTS + "07-01 ^v1 void ^e1\n07-01 ^v1 void ^e1"))) == 1


@pytest.mark.parametrize(("target", "first"), [("e1", "02-01"), ("e2", "03-01"), ("e3", "06-01")])
def test_nothing_before_the_event_moves(target: str, first: str) -> None:
    (found,) = check(measured(EVENTS + f"09-01 ^v1 void ^{target}"))
    assert min(each.day for each in found.changes) == day(first)


def test_a_void_that_lets_a_refused_event_through() -> None:
    """The void of the end brings the later bill back; its refusal is no posting."""
    events = EVENTS + "05-01 ^d1 death\n07-01 ^v1 void ^d1"
    (found,) = check(measured(events, RULES + "on death close to heirs"))
    names = {each.event for each in found.changes}
    assert {"d1", "e3", "due credit"} <= names
    assert found.before["current"] == 0
