"""Events: their order by id, and what corrections leave of them."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from attrs import evolve

from yibaolang.engine.events import KINDS, PHASES, Event, effective_events, natural
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.source import Place, Source

DAY = date(2024, 1, 9)
SOURCE = Source.of("events.yb", "".join(f"line {number}\n" for number in range(20)))


def bill(name: str, fen: int = 100_00, day: date = DAY, seq: int = 0) -> Event:
    return Event("bill", day, day, name, seq, "outpatient", fen)


def booked(days: int) -> date:
    return DAY + timedelta(days)


def void(name: str, target: str, on: int = 1) -> Event:
    return Event("void", booked(on), booked(on), name, target=target)


def replace(name: str, target: str, fen: int, on: int = 1) -> Event:
    instead = Event("bill", booked(on), booked(on), "", 0, "outpatient", fen)
    return Event("replace", booked(on), booked(on), name, target=target, instead=instead)


def counted(*events: Event) -> list[tuple[str, int]]:
    """What counts, as id and fen; the same in whatever order the events are said."""
    results = {
        tuple(sorted((each.id, each.amount_fen) for each in effective_events(order)[0]))
        for order in permutations(events)
    }
    assert len(results) == 1
    return list(results.pop())


def code(*events: Event) -> str:
    """The code with which events are refused."""
    with pytest.raises(Refusal) as caught:
        effective_events(events)
    return caught.value.diagnostics[0].code


# ── the order of ids ──


@pytest.mark.parametrize(
    "ordered",
    [
        ["", "1", "2", "10", "e"],
        ["e", "e1", "e2", "e10", "e10b", "e11", "f1"],
        ["2024-1", "2024-2", "2024-10"],
        ["e01", "e1", "e2"],
        ["E1", "e1", "e_1", "f"],
        ["a9999999999999999999999", "a10000000000000000000000"],
    ],
)
def test_ids_are_ordered_as_people_do(ordered: list[str]) -> None:
    assert sorted(reversed(ordered), key=natural) == ordered


def test_only_the_same_text_has_the_same_key() -> None:
    names = ["", "0", "00", "e0", "e00", "e", "e-0", "0e", "00e"]
    assert len({natural(each) for each in names}) == len(names)


def test_every_kind_that_is_settled_has_a_phase() -> None:
    assert set(PHASES) <= set(KINDS)
    assert set(KINDS) - set(PHASES) == {"fact", "moves", "void", "replace"}
    assert bill("e1").phase == "paying"
    assert void("v", "e1").phase == ""


# ── corrections ──


def test_without_corrections_all_count() -> None:
    events = [bill("e1"), bill(""), bill("")]
    assert effective_events(events) == (events, [])


def test_a_void_leaves_nothing_and_a_replacement_takes_its_place() -> None:
    assert counted(bill("e1"), bill("e2"), void("v", "e1")) == [("e2", 100_00)]
    assert counted(bill("e1"), replace("r", "e1", 80_00)) == [("e1", 80_00)]
    found, corrections = effective_events([bill("e1", seq=3), replace("r", "e1", 80_00)])
    assert [each.id for each in corrections] == ["r"]
    assert (found[0].effective, found[0].booked, found[0].seq) == (DAY, DAY, 3)


def test_a_void_of_a_void_brings_back() -> None:
    first, second = void("v1", "e1"), void("v2", "v1", 2)
    assert counted(bill("e1"), first, second) == [("e1", 100_00)]
    assert counted(bill("e1"), first, second, void("v3", "v2", 3)) == []


def test_a_void_of_a_replacement_brings_back_what_was_replaced() -> None:
    assert counted(bill("e1"), replace("r", "e1", 80_00), void("v", "r", 2)) == [("e1", 100_00)]


def test_what_replaces_a_replacement_counts_in_its_stead() -> None:
    first, second = replace("r1", "e1", 80_00), replace("r2", "r1", 60_00, 2)
    assert counted(bill("e1"), first, second) == [("e1", 60_00)]
    assert counted(bill("e1"), first, second, void("v", "r2", 3)) == [("e1", 80_00)]
    assert counted(bill("e1"), void("v", "e1"), replace("r", "v", 60_00, 2)) == [("e1", 60_00)]


@pytest.mark.parametrize("names", [("a", "b", "c"), ("c", "b", "a"), ("b", "a", "c")])
def test_corrections_of_one_day_are_told_apart_by_what_they_correct(
    names: tuple[str, str, str],
) -> None:
    one, other, last = names
    assert counted(bill("e1"), void(one, "e1"), void(other, one)) == [("e1", 100_00)]
    assert counted(bill("e1"), void(one, "e1"), void(other, one), void(last, other)) == []


def test_a_fact_may_be_voided() -> None:
    fact = Event("fact", DAY, DAY, "f1")
    assert effective_events([fact, void("v", "f1")])[0] == []


def test_a_correction_may_have_no_id_of_its_own() -> None:
    assert counted(bill("e1"), bill("e2"), void("", "e1"), void("", "e2")) == []


# ── what does not fit ──


def test_the_same_event_said_twice_counts_once() -> None:
    again = evolve(bill("e1"), because="said again", place=Place(SOURCE, (0, 4)))
    assert counted(bill("e1"), again, bill("e2")) == [("e1", 100_00), ("e2", 100_00)]
    assert counted(bill("e1"), void("v", "e1"), void("v", "e1")) == []


@pytest.mark.parametrize(
    "other",
    [
        bill("e1", 100_01),
        bill("e1", day=booked(1)),
        bill("e1", seq=1),
        evolve(bill("e1"), level="primary"),
        evolve(bill("e1"), booked=booked(1)),
        evolve(bill("e1"), eligible_fen=1),
    ],
)
def test_one_id_for_two_contents(other: Event) -> None:
    assert code(bill("e1"), other) == "YB440"


def test_events_without_ids_are_each_their_own() -> None:
    assert len(effective_events([bill(""), bill("", 5)])[0]) == 2


def test_what_is_not_there_cannot_be_corrected() -> None:
    assert code(bill("e1"), void("v", "e2")) == "YB441"
    assert code(bill(""), void("v", "")) == "YB441"


def test_once_is_enough() -> None:
    assert code(bill("e1"), void("v1", "e1"), void("v2", "e1", 2)) == "YB442"
    assert code(bill("e1"), void("v1", "e1"), replace("r", "e1", 5, 2)) == "YB442"
    # Also where the first was taken back: correct that one instead.
    assert code(bill("e1"), void("v1", "e1"), void("v2", "v1"), void("v3", "e1")) == "YB442"


def test_the_day_is_that_of_what_is_corrected() -> None:
    late = evolve(void("v", "e1", 30), effective=booked(2))
    assert code(bill("e1"), late) == "YB443"
    assert counted(bill("e1"), evolve(late, effective=DAY)) == []
    # A correction of a correction has no day but its own.
    assert counted(bill("e1"), void("v1", "e1"), evolve(late, target="v1")) == [("e1", 100_00)]


def test_corrections_of_nothing_but_one_another() -> None:
    assert code(bill("e1"), void("a", "b"), void("b", "a")) == "YB441"
    assert code(bill("e1"), void("a", "a")) == "YB441"
    assert code(void("v", "e1"), bill("e1"), void("x", "y"), void("y", "z"), void("z", "x")) == (
        "YB441"
    )


def test_both_places_are_shown() -> None:
    first, second = Place(SOURCE, (0, 6)), Place(SOURCE, (7, 13))
    with pytest.raises(Refusal) as caught:
        effective_events([
            evolve(bill("e1"), place=first), evolve(bill("e1", 5), place=second),
        ])  # fmt: skip
    (problem,) = caught.value.diagnostics
    assert problem.place == second
    assert [note.place for note in problem.notes] == [first]
