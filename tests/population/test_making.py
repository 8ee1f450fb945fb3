"""Nodes are made small, and mean the same; thresholds of days are exact."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.population.nodes import run
from yibaolang.model.calendar import months_between
from yibaolang.population import fixed
from yibaolang.population.dating import cutoff
from yibaolang.population.fixed import Node, day_of_number, number_of_day
from yibaolang.population.folding import Merging
from yibaolang.population.making import Fixed
from yibaolang.population.ranges import Ranges
from yibaolang.population.rows import Result, columns_read

ENDS = [date(2023, 2, 28), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 31)]
ends = st.one_of(st.sampled_from(ENDS), st.dates(date(1990, 1, 1), date(2030, 12, 31)))


@given(ends, st.integers(-40, 1300), st.integers(-3, 3))
@settings(max_examples=400, deadline=None)
def test_a_cutoff_is_the_last_day_from_which_so_many_months_passed(
    end: date, months: int, near: int
) -> None:
    day = cutoff(number_of_day(end), months)
    start = day_of_number(day) + timedelta(days=near)
    assert (months_between(start, end) >= months) == (near <= 0)


def test_far_outside_the_calendar_nobody_or_everybody_is_of_age() -> None:
    end = number_of_day(date(2024, 1, 1))
    assert cutoff(end, 12 * 3000) < number_of_day(date.min)
    assert cutoff(end, -12 * 9000) == number_of_day(date.max)


SIGNS = st.sampled_from(sorted(fixed.MIRRORED))


@given(ends, st.sampled_from([1, 12]), st.integers(-5, 900), SIGNS)
@settings(max_examples=300, deadline=None)
def test_a_comparison_of_an_age_is_one_of_days(
    end: date, size: int, limit: int, sign: str
) -> None:
    make = Fixed()
    day = make.column("day", number_of_day(date(1900, 1, 1)), number_of_day(date(2100, 1, 1)))
    fixed_day = make.whole(number_of_day(end))
    for start, stop in ((day, fixed_day), (fixed_day, day)):
        short = make.compare(sign, make.elapsed(size, start, stop), make.whole(limit))
        assert not any(isinstance(each, fixed.Elapsed) for each in fixed.in_order([short]))
        for near in range(-400, 400, 13):
            other = number_of_day(end) + near - 30 * limit * size
            passed = Fixed().elapsed(
                size, *(Fixed().whole(other if each is day else number_of_day(end))
                        for each in (start, stop))
            )  # fmt: skip
            assert isinstance(passed, fixed.Whole)
            holds = fixed.compared(sign, passed.value, limit)
            assert bool(run(short, {"day": other})) == holds


# ── random nodes ──


class Grower:
    """Grows nodes of a maker from draws; the same draws give the same node of another maker."""

    def __init__(self, draws: list[int], make: Fixed, constants: int = 0) -> None:
        self.draws = iter(draws)
        self.make = make
        self.constants = constants

    def next(self, count: int) -> int:
        return next(self.draws, 0) % count

    def whole(self, depth: int = 4) -> Node:
        make, kind = self.make, self.next(8 if depth else 2)
        if kind == 0:
            return make.column("abc"[self.next(3)], -50, 50)
        if kind == 1:
            return make.whole(self.next(9) - 4 + self.constants)
        one = self.whole(depth - 1)
        if kind == 2:
            return make.plus(one, self.whole(depth - 1))
        if kind == 3:
            return make.scale(one, self.next(5) - 2 + self.constants)
        if kind == 4:
            return make.times(one, self.whole(depth - 1))
        if kind == 5:
            return make.bound(bool(self.next(2)), one, self.whole(depth - 1))
        if kind == 6:
            mode = ("half_up", "half_even", "up", "down", "floor")[self.next(5)]
            divisor = make.whole(self.next(6) + 1 + self.constants)
            return make.rounded(one, divisor, mode, self.next(3) + 1)
        return make.choose(self.truth(depth - 1), one, self.whole(depth - 1))

    def truth(self, depth: int = 3) -> Node:
        make, kind = self.make, self.next(5 if depth else 1)
        if kind < 2:
            sign = sorted(fixed.MIRRORED)[self.next(6)]
            return make.compare(sign, self.whole(min(depth, 1)), self.whole(min(depth, 1)))
        one = self.truth(depth - 1)
        if kind == 2:
            return make.no(one)
        if kind == 3:
            return (make.both, make.either)[self.next(2)](one, self.truth(depth - 1))
        return make.choose(self.truth(depth - 1), one, self.truth(depth - 1))


draws = st.lists(st.integers(0, 2**16), min_size=5, max_size=60)
columns = st.fixed_dictionaries({name: st.integers(-50, 50) for name in "abc"})


class Plain(Fixed):
    """Makes every node as it is asked for, and nothing smaller."""

    def plus(self, *terms: Node) -> Node:
        return fixed.Plus(None, terms)

    def scale(self, operand: Node, factor: int) -> Node:
        return fixed.Scale(None, operand, factor)

    def times(self, left: Node, right: Node) -> Node:
        return fixed.Times(None, left, right)

    def bound(self, least: bool, *operands: Node) -> Node:
        return fixed.Bound(None, least, *operands)

    def rounded(self, operand: Node, divisor: Node, mode: str, unit: int = 1) -> Node:
        return fixed.Rounded(None, operand, divisor, mode, unit)

    def compare(self, sign: str, left: Node, right: Node) -> Node:
        return fixed.Compare(None, sign, left, right)

    def no(self, operand: Node) -> Node:
        return fixed.Not(None, operand)

    def both(self, *operands: Node) -> Node:
        return fixed.Junction(None, True, operands)

    def either(self, *operands: Node) -> Node:
        return fixed.Junction(None, False, operands)

    def choose(self, condition: Node, then: Node, otherwise: Node) -> Node:
        return fixed.If(None, condition, then, otherwise)


@given(draws, st.lists(columns, min_size=1, max_size=5), st.booleans())
@settings(max_examples=500, deadline=None)
def test_what_is_made_smaller_means_the_same(
    drawn: list[int], rows: list[dict[str, int]], truth: bool
) -> None:
    plain, small = Grower(drawn, Plain()), Grower(drawn, Fixed(ranges=Ranges()))
    shaped = Grower(drawn, Fixed(shapes=True))
    nodes = [each.truth() if truth else each.whole() for each in (plain, small, shaped)]
    ranges = Ranges()
    for row in rows:
        wanted, *others = (int(run(each, row)) for each in nodes)
        assert others == [wanted] * 2
        for each in nodes:
            low, high = ranges.of(each)
            assert low <= wanted <= high


@given(st.lists(st.tuples(draws, st.integers(0, 4)), min_size=1, max_size=5), draws, columns)
@settings(max_examples=400, deadline=None)
def test_merged_nodes_are_each_in_its_place(
    others: list[tuple[list[int], int]], drawn: list[int], row: dict[str, int]
) -> None:
    source, target = Fixed(shapes=True), Fixed(ranges=Ranges())
    nodes = [Grower(drawn, source, constants).whole() for _, constants in others]
    nodes += [Grower(own, source).whole() for own, _ in others[:2]]
    index = target.column("place", 0, len(nodes) - 1)
    merged = Merging(source, target, index).one(nodes)
    for place, node in enumerate(nodes):
        assert run(merged, {**row, "place": place}) == run(node, row)


def test_constants_of_regions_become_a_table() -> None:
    source, target = Fixed(shapes=True), Fixed(ranges=Ranges())
    base = source.column("base", 0, 10**8)
    nodes = [
        source.rounded(source.scale(base, above), source.whole(below), "half_up")
        for above, below in ((1, 50), (9, 400), (1, 40))
    ]
    index = target.column("place", 0, 2)
    merged = Merging(source, target, index).one(nodes)
    assert isinstance(merged, fixed.Rounded)
    assert isinstance(merged.divisor, fixed.Whole)
    assert merged.divisor.value == 400
    assert isinstance(merged.operand, fixed.Times)
    assert isinstance(merged.operand.right, fixed.Pick)
    assert merged.operand.right.values == (8, 9, 10)


@pytest.mark.parametrize("every", [True, False])
def test_a_condition_and_its_negation_decide(every: bool) -> None:
    make = Fixed()
    a, b = (make.compare("<", make.column(name, 0, 9), make.whole(5)) for name in "ab")
    join = make.both if every else make.either
    assert join(a, b, make.no(a)) is (make.never if every else make.always)


def test_alternatives_that_differ_in_a_negation_are_one() -> None:
    make = Fixed()
    a, b = (make.compare("<", make.column(name, 0, 9), make.whole(5)) for name in "ab")
    assert make.either(make.both(a, b), make.both(a, make.no(b))) is a
    same = make.column("a", 0, 9)
    one, two = (make.compare("=", same, make.whole(each)) for each in (1, 2))
    assert make.both(one, two) is make.never


def test_a_column_that_must_only_be_there_is_read() -> None:
    make = Fixed()
    status = make.choose(make.present("base"), make.zero, make.one)
    assert columns_read([Result("whole", make.zero, status)]) == ("base",)
