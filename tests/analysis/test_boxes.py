"""Boxes against the enumeration of every case."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang.analysis.boxes import (
    Box,
    Budget,
    Exhausted,
    contains,
    gaps,
    grown,
    meet,
    meeting,
    minus,
    uncovered,
    whole,
    without,
)

Case = tuple[int, ...]
PLENTY = 100_000


def cases(sizes: tuple[int, ...]) -> list[Case]:
    return list(itertools.product(*(range(size) for size in sizes)))


def inside(case: Case, box: Box) -> bool:
    return all(mask >> cell & 1 for cell, mask in zip(case, box, strict=True))


def held(box: Box, sizes: tuple[int, ...]) -> set[Case]:
    return {case for case in cases(sizes) if inside(case, box)}


@st.composite
def boxes_of(draw: st.DrawFn, most: int = 8) -> tuple[tuple[int, ...], list[Box]]:
    sizes = tuple(draw(st.lists(st.integers(1, 6), max_size=3)))
    box = st.tuples(*(st.integers(1, (1 << size) - 1) for size in sizes))
    return sizes, draw(st.lists(box, max_size=most))


@given(boxes_of())
def test_uncovered_is_what_no_box_holds(drawn: tuple[tuple[int, ...], list[Box]]) -> None:
    sizes, boxes = drawn
    found = [held(box, sizes) for box in uncovered(sizes, boxes, Budget(PLENTY))]
    covered = {case for box in boxes for case in held(box, sizes)}
    assert set().union(*found) == set(cases(sizes)) - covered
    assert sum(map(len, found)) == len(set().union(*found))


@given(boxes_of(most=30))
def test_meeting_finds_every_pair(drawn: tuple[tuple[int, ...], list[Box]]) -> None:
    sizes, boxes = drawn
    owners = [index // 2 for index in range(len(boxes))]
    found = list(meeting(sizes, boxes, owners, Budget(PLENTY)))
    expected = {
        (first, second)
        for first, second in itertools.combinations(range(len(boxes)), 2)
        if owners[first] != owners[second] and meet(boxes[first], boxes[second]) is not None
    }
    assert set(found) == expected
    assert len(found) == len(expected)


@given(boxes_of())
def test_minus_and_without(drawn: tuple[tuple[int, ...], list[Box]]) -> None:
    sizes, boxes = drawn
    full = whole(sizes)
    left = held(full, sizes)
    for box in boxes:
        pieces = minus(full, box)
        assert set().union(*(held(each, sizes) for each in pieces)) == left - held(box, sizes)
        assert sum(len(held(each, sizes)) for each in pieces) == len(left - held(box, sizes))
    rest = without(full, boxes, Budget(PLENTY))
    covered = {case for box in boxes for case in held(box, sizes)}
    assert set().union(*(held(each, sizes) for each in rest)) == left - covered


@given(boxes_of(), st.lists(st.booleans(), min_size=3, max_size=3))
def test_gaps_are_largest_and_leave_nothing_out(
    drawn: tuple[tuple[int, ...], list[Box]], flags: list[bool]
) -> None:
    sizes, boxes = drawn
    ordered = flags[: len(sizes)]
    found = gaps(sizes, boxes, Budget(PLENTY), 1000, ordered)
    covered = {case for box in boxes for case in held(box, sizes)}
    told: set[Case] = set()
    for part, largest in found:
        assert contains(largest, part)
        assert not held(largest, sizes) & covered
        assert not held(part, sizes) & told
        assert grown(largest, boxes, whole(sizes), ordered) == largest
        for mask, in_order in zip(largest, ordered, strict=True):
            assert not in_order or "01" not in f"{mask:b}"
        told |= held(largest, sizes)
    assert told == set(cases(sizes)) - covered


def test_no_more_gaps_than_are_asked_for() -> None:
    boxes = [(0b1010101,)]
    assert len(gaps((7,), boxes, Budget(PLENTY), 2)) == 1
    corners = [(0b0110, 0b1111), (0b1111, 0b0110)]
    assert gaps((4, 4), corners, Budget(PLENTY), 9)[0][1] == (0b1001, 0b1001)
    steps = [(0b001, 0b110), (0b010, 0b101), (0b100, 0b011)]
    assert len(gaps((3, 3), steps, Budget(PLENTY), 9)) == 3
    assert len(gaps((3, 3), steps, Budget(PLENTY), 2)) == 2


def test_without_dimensions_there_is_one_case() -> None:
    assert list(uncovered((), [], Budget(1))) == [()]
    assert list(uncovered((), [()], Budget(9))) == []
    assert list(meeting((), [(), ()], [0, 1], Budget(9))) == [(0, 1)]


def test_a_search_that_is_too_long_stops() -> None:
    boxes = [(1 << cell,) for cell in range(64)]
    with pytest.raises(Exhausted):
        list(uncovered((65,), boxes, Budget(100)))
    with pytest.raises(Exhausted):
        list(meeting((65,), boxes, list(range(64)), Budget(100)))
    with pytest.raises(Exhausted):
        without((1 << 65,), boxes, Budget(1))


def test_many_boxes_that_do_not_meet_are_little_work() -> None:
    count = 2000
    boxes = [(1 << index,) for index in range(count)]
    assert list(meeting((count,), boxes, list(range(count)), Budget(40 * count))) == []
    assert list(uncovered((count,), boxes, Budget(40 * count))) == []
