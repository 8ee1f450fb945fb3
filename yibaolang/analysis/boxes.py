"""Boxes: sets of cases with one set of cells for each dimension, and what they leave uncovered.

Every dimension is cut into finitely many cells, numbered from 0, such that a condition holds on
all of a cell or on none of it. A set of cells is an int whose bit i stands for cell i, and a box
is a tuple of such sets: the cases whose cell is in the set, in every dimension.
"""

from collections.abc import Iterable, Iterator, Sequence

Box = tuple[int, ...]
_Ranges = tuple[tuple[int, int], ...]

_FEW = 12
"""So few boxes are compared with each other at once."""


class Exhausted(Exception):
    """A search took more steps than it was given."""


class Budget:
    """Steps that a search may still take.

    >>> Budget(2).spend(3)
    Traceback (most recent call last):
    yibaolang.analysis.boxes.Exhausted
    """

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Take steps; Exhausted if there are not enough."""
        self.left -= steps
        if self.left < 0:
            raise Exhausted


def whole(sizes: Sequence[int]) -> Box:
    """All cases of dimensions with so many cells.

    >>> whole((3, 2))
    (7, 3)
    """
    return tuple((1 << size) - 1 for size in sizes)


def meet(one: Box, other: Box) -> Box | None:
    """The cases in both; None if there are none.

    >>> meet((0b011, 0b1), (0b110, 0b1)), meet((0b01,), (0b10,))
    ((2, 1), None)
    """
    found = tuple(a & b for a, b in zip(one, other, strict=True))
    return found if all(found) else None


def contains(outer: Box, inner: Box) -> bool:
    """Whether all cases of one box are in another."""
    return all(not (b & ~a) for a, b in zip(outer, inner, strict=True))


def minus(box: Box, other: Box) -> list[Box]:
    """Boxes without common cases that hold what is in `box` and not in `other`.

    >>> minus((0b111, 0b11), (0b001, 0b01))
    [(6, 3), (1, 2)]
    """
    if meet(box, other) is None:
        return [box]
    pieces = []
    for index, (mine, theirs) in enumerate(zip(box, other, strict=True)):
        rest = mine & ~theirs
        if rest:
            pieces.append((*box[:index], rest, *box[index + 1 :]))
        box = (*box[:index], mine & theirs, *box[index + 1 :])
    return pieces


def without(box: Box, others: Iterable[Box], budget: Budget) -> list[Box]:
    """What is left of a box without others; Exhausted if the search is too long."""
    left = [box]
    for other in others:
        budget.spend(1 + len(left))
        left = [piece for each in left for piece in minus(each, other)]
        if not left:
            break
    return left


def _box_of(ranges: _Ranges) -> Box:
    return tuple((1 << high) - (1 << low) for low, high in ranges)


def _halves(ranges: _Ranges, index: int) -> tuple[_Ranges, _Ranges]:
    low, high = ranges[index]
    middle = (low + high) // 2
    before, after = ranges[:index], ranges[index + 1 :]
    return (*before, (low, middle), *after), (*before, (middle, high), *after)


def _split_at(
    ranges: _Ranges, boxes: Sequence[Box], members: Sequence[int]
) -> tuple[int, list[int], list[int]]:
    """The dimension whose halves keep the fewest members, and the members of either half.

    -1 if every range is a single cell.
    """
    found: tuple[int, list[int], list[int]] = (-1, [], [])
    fewest = (0, 0)
    for index, (low, high) in enumerate(ranges):
        if high - low < 2:
            continue
        middle = (low + high) // 2
        lower, upper = (1 << middle) - (1 << low), (1 << high) - (1 << middle)
        left = [each for each in members if boxes[each][index] & lower]
        right = [each for each in members if boxes[each][index] & upper]
        measure = (len(left) + len(right), max(len(left), len(right)))
        if found[0] < 0 or measure < fewest:
            found, fewest = (index, left, right), measure
    return found


def uncovered(sizes: Sequence[int], boxes: Sequence[Box], budget: Budget) -> Iterator[Box]:
    """Boxes without common cases that hold every case that no box holds.

    Low cells come first. Exhausted if the search is too long.

    >>> list(uncovered((3,), [(0b101,)], Budget(100)))
    [(2,)]
    """
    waiting: list[tuple[_Ranges, list[int]]] = [
        (tuple((0, size) for size in sizes), list(range(len(boxes))))
    ]
    while waiting:
        ranges, members = waiting.pop()
        budget.spend(1 + len(members) * (1 + len(sizes)))
        cell = _box_of(ranges)
        if not members:
            yield cell
            continue
        if any(contains(boxes[each], cell) for each in members):
            continue
        index, left, right = _split_at(ranges, boxes, members)
        lower, upper = _halves(ranges, index)
        waiting += [(upper, right), (lower, left)]


def grown(box: Box, boxes: Sequence[Box], full: Box, ordered: Sequence[bool]) -> Box:
    """A largest uncovered box around the lowest case of an uncovered one.

    In a dimension that is ordered its cells follow each other, so 35 and 45 are two gaps.

    >>> grown((0b001,), [(0b010,)], (0b111,), (True,)), grown((1,), [(2,)], (7,), (False,))
    ((1,), (5,))
    """
    box = tuple(
        _run(mask, mask) if in_order else mask for mask, in_order in zip(box, ordered, strict=True)
    )
    for index in range(len(box)):
        taken = 0
        for other in boxes:
            if all(
                mine & theirs
                for at, (mine, theirs) in enumerate(zip(box, other, strict=True))
                if at != index
            ):
                taken |= other[index]
        free = full[index] & ~taken
        free = _run(free, box[index]) if ordered[index] else free
        box = (*box[:index], free, *box[index + 1 :])
    return box


def _run(mask: int, seed: int) -> int:
    """The cells of a set that follow each other around the lowest cell of a part of it."""
    cell = (seed & -seed).bit_length() - 1
    first = (~mask & ((1 << cell) - 1)).bit_length()
    above = mask >> cell
    end = cell + (above ^ (above + 1)).bit_length() - 1
    return (1 << end) - (1 << first)


def gaps(
    sizes: Sequence[int],
    boxes: Sequence[Box],
    budget: Budget,
    most: int,
    ordered: Sequence[bool] | None = None,
) -> list[tuple[Box, Box]]:
    """At most `most` largest uncovered boxes, each after the part of it by which it was found.

    None of the parts is in a box given before. `ordered` says which dimensions are, by default
    none. Exhausted if the search is too long.

    >>> gaps((3, 2), [(0b001, 0b11), (0b100, 0b01)], Budget(100), 2)
    [((2, 3), (2, 3)), ((4, 2), (6, 2))]
    """
    found: list[tuple[Box, Box]] = []
    full = whole(sizes)
    in_order = ordered or [False] * len(sizes)
    for piece in uncovered(sizes, boxes, budget):
        while left := without(piece, [box for _, box in found], budget):
            if len(found) == most:
                return found
            budget.spend(len(boxes) * (1 + len(sizes)))
            largest = grown(left[0], boxes, full, in_order)
            part = tuple(a & b for a, b in zip(left[0], largest, strict=True))
            found.append((part, largest))
    return found


def meeting(
    sizes: Sequence[int], boxes: Sequence[Box], owners: Sequence[int], budget: Budget
) -> Iterator[tuple[int, int]]:
    """Every pair of boxes of two owners that have a common case, each pair once.

    A pair is of indexes, the lower first. Exhausted if the search is too long.

    >>> list(meeting((3,), [(0b011,), (0b110,), (0b100,)], [0, 1, 2], Budget(100)))
    [(0, 1), (1, 2)]
    """
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[_Ranges, list[int]]] = [
        (tuple((0, size) for size in sizes), list(range(len(boxes))))
    ]
    while waiting:
        ranges, members = waiting.pop()
        budget.spend(1 + len(members) * (1 + len(sizes)))
        if all(owners[each] == owners[members[0]] for each in members):
            continue
        index, left, right = _split_at(ranges, boxes, members)
        if index >= 0 and len(members) > _FEW:
            lower, upper = _halves(ranges, index)
            waiting += [(upper, right), (lower, left)]
            continue
        for at, first in enumerate(members):
            for second in members[at + 1 :]:
                budget.spend(1)
                pair = (first, second)
                if owners[first] == owners[second] or pair in seen:
                    continue
                if meet(boxes[first], boxes[second]) is not None:
                    seen.add(pair)
                    yield pair
