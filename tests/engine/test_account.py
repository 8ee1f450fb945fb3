"""What was known of a holder at which time: stages, relatives, regions."""

from datetime import date

import pytest

from tests.ledger.scripts import day, measuring_of, script
from yibaolang.engine.account import Stage, stages
from yibaolang.engine.events import effective_events
from yibaolang.engine.scheduled import lived
from yibaolang.language.diagnostics import Refusal
from yibaolang.program.frame import DatedFact

REGIONS = "region 甲市\nregion 乙市\nregion 丙市"


def staged(events: str, given: str = "retired") -> list[Stage]:
    measuring = measuring_of(script(REGIONS, events, given))
    return stages(measuring.account, effective_events(measuring.events)[0])


def facts(stage: Stage, name: str) -> list[tuple[object, str, str]]:
    """The values of a name with their first and last days."""
    return [
        (each.value, str(each.since or ""), str(each.until or ""))
        for each in stage.known.scenario.facts[name]
    ]


# ── facts that begin and end ──


def test_without_facts_there_is_one_stage() -> None:
    (stage,) = staged("03-01 ^e1 outpatient 5")
    assert stage.since == date.min
    assert facts(stage, "status") == [("retired", "", "")]


def test_a_fact_ends_the_one_before_it() -> None:
    (stage,) = staged("03-01 retired\n06-01 flexible", "active")
    assert facts(stage, "status") == [
        ("active", "", "2024-02-29"),
        ("retired", "2024-03-01", "2024-05-31"),
        ("flexible", "2024-06-01", ""),
    ]


def test_the_order_of_the_lines_does_not_matter() -> None:
    forward = staged("03-01 retired\n06-01 flexible", "active")
    backward = staged("06-01 flexible\n03-01 retired", "active")
    assert facts(forward[0], "status") == facts(backward[0], "status")


def test_a_fact_of_the_person_that_begins_later_stays() -> None:
    (stage,) = staged("03-01 flexible", "active until 2024-08-31, retired since 2024-09-01")
    assert facts(stage, "status") == [
        ("active", "", "2024-02-29"),
        ("retired", "2024-09-01", ""),
        ("flexible", "2024-03-01", ""),
    ]


def test_truths_may_end_and_begin_again() -> None:
    (stage,) = staged("02-01 filed\n04-01 not filed\n06-01 filed")
    held = [(value, since) for value, since, _ in facts(stage, "filed")][-3:]
    assert held == [(True, "2024-02-01"), (False, "2024-04-01"), (True, "2024-06-01")]


# ── facts that are known late ──


def test_a_late_fact_makes_a_stage() -> None:
    before, after = staged(
        "07-01 contribution_base = 4000元 effective 2024-01-01", "active, contribution_base 3000元"
    )
    assert (before.since, after.since) == (date.min, day("07-01"))
    assert facts(before, "contribution_base") == [(3000_00, "", "")]
    assert facts(after, "contribution_base") == [
        (3000_00, "", "2023-12-31"), (4000_00, "2024-01-01", ""),
    ]  # fmt: skip


def test_a_fact_that_is_booked_early_is_known_from_the_beginning() -> None:
    (stage,) = staged("03-01 retired effective 2024-06-01", "active")
    assert facts(stage, "status")[-1] == ("retired", "2024-06-01", "")


def test_each_day_of_booking_is_a_stage_of_its_own() -> None:
    found = staged(
        "03-01 contribution_base = 3100元 effective 2024-01-01\n"
        "05-01 contribution_base = 3200元 effective 2024-01-01\n"
        "05-01 filed effective 2024-02-01\n04-01 emergency"
    )
    assert [each.since for each in found] == [date.min, day("03-01"), day("05-01")]
    last = [facts(each, "contribution_base")[-1][0] for each in found[1:]]
    assert last == [3100_00, 3200_00]


def test_what_is_voided_was_never_known() -> None:
    found = staged("03-01 ^f1 contribution_base = 3100元 effective 2024-01-01\n04-01 ^v1 void ^f1")
    assert [each.since for each in found] == [date.min]


@pytest.mark.parametrize(
    "events",
    [
        "03-01 retired\n03-01 active",
        "03-01 filed\n03-01 not filed",
        "03-01 pooled for spouse a\n03-01 not pooled for spouse a",
        "03-01 moves to 甲市\n03-01 moves to 乙市",
    ],
)
def test_two_things_of_one_day_that_nothing_orders(events: str) -> None:
    for lines in (events, "\n".join(reversed(events.split("\n")))):
        with pytest.raises(Refusal) as caught:
            staged(lines)
        (problem,) = caught.value.diagnostics
        assert problem.code == "YB432"
        assert problem.place is not None
        assert problem.place.line > problem.notes[0].place.line


def test_ids_order_them() -> None:
    (stage,) = staged("03-01 ^f2 active\n03-01 ^f1 flexible")
    assert facts(stage, "status")[-1] == ("active", "2024-03-01", "")
    assert len(staged("03-01 retired\n03-01 retired\n03-01 filed")) == 1


# ── relatives ──


def test_nothing_was_ever_said_of_relatives() -> None:
    (stage,) = staged("03-01 retired")
    assert stage.bound("spouse", "", day("04-01")) is None


@pytest.mark.parametrize(
    ("relation", "member", "on", "bound"),
    [
        ("spouse", "a", "02-29", False),
        ("spouse", "a", "03-01", True),
        ("spouse", "", "03-01", True),
        ("spouse", "b", "03-01", False),
        ("spouse", "a", "06-01", False),
        ("spouse", "", "06-01", False),
        ("parents", "a", "03-01", False),
        # Every child from April, but not this one from May.
        ("children", "c", "04-01", True),
        ("children", "", "04-01", True),
        ("children", "c", "05-01", False),
        ("children", "d", "05-01", True),
        ("children", "", "05-01", True),
        ("children", "d", "07-01", False),
    ],
)
def test_relatives_from_a_day_on(relation: str, member: str, on: str, bound: bool) -> None:
    (stage,) = staged(
        "06-01 not pooled for spouse a\n03-01 pooled for spouse a\n04-01 pooled for children\n"
        "05-01 not pooled for children c\n07-01 not pooled for children"
    )
    assert stage.bound(relation, member, day(on)) is bound


def test_a_relatives_fact_is_not_the_holders() -> None:
    (stage,) = staged("03-01 pooled for spouse a")
    assert [each for each in stage.known.scenario.facts.get("pooled", ()) if not each.default] == []


# ── regions ──


def regions(events: str, given: str) -> list[tuple[str, str, str, str]]:
    """Where the account of a ledger of 2024 is kept, as region, version and days."""
    measuring = measuring_of(script(REGIONS, events, given, "2024-01-01 to 2024-12-31"))
    stage = stages(measuring.account, effective_events(measuring.events)[0])[-1]
    account = measuring.account
    return [
        (each.region, each.version, f"{each.since:%m-%d}", f"{each.until:%m-%d}")
        for each in lived(account, stage.known, account.first, account.last)
        if each.since and each.until
    ]


def test_who_does_not_move_is_where_the_facts_say() -> None:
    assert regions("03-01 filed", "in 甲市") == [("甲市", "", "01-01", "12-31")]
    assert regions("03-01 filed", "retired") == [("丙市", "", "01-01", "12-31")]


def test_moves_end_what_was_before() -> None:
    events = '09-01 moves to 丙市\n03-01 moves to 乙市 as "R"'
    assert regions(events, "in 甲市") == [
        ("甲市", "", "01-01", "02-29"), ("乙市", "R", "03-01", "08-31"),
        ("丙市", "", "09-01", "12-31"),
    ]  # fmt: skip


def test_before_a_move_the_account_is_in_its_own_region() -> None:
    assert regions("03-01 moves to 乙市", "retired") == [
        ("丙市", "", "01-01", "02-29"), ("乙市", "", "03-01", "12-31"),
    ]  # fmt: skip
    assert regions("06-01 filed", "in 甲市 since 2024-03-01 until 2024-05-31") == [
        ("丙市", "", "01-01", "02-29"), ("甲市", "", "03-01", "05-31"),
        ("丙市", "", "06-01", "12-31"),
    ]  # fmt: skip


def test_a_move_beats_what_the_facts_say_of_later_days() -> None:
    given = "in 甲市 until 2024-06-30, in 丙市 since 2024-07-01"
    assert regions("03-01 moves to 乙市", given) == [
        ("甲市", "", "01-01", "02-29"), ("乙市", "", "03-01", "12-31"),
    ]  # fmt: skip


def test_defaults_are_no_facts_of_the_holder() -> None:
    (stage,) = staged("03-01 filed")
    first = stage.known.scenario.facts["filed"][0]
    assert isinstance(first, DatedFact) and first.default and first.until == day("02-29")
