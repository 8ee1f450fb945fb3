"""Conditions as boxes, against what they evaluate to."""

import itertools
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.checking import book_of
from yibaolang.analysis.boxes import Box, Budget
from yibaolang.analysis.dimensions import Between, Dimension, lowest
from yibaolang.analysis.guards import Guards, boxes
from yibaolang.language import syntax
from yibaolang.model.book import Book
from yibaolang.model.core import Expr
from yibaolang.model.plan import Plans
from yibaolang.program.figure import ValueProgram
from yibaolang.program.frame import DatedFact, Scenario

DECLARED = """
choice colour: red, green, blue
input rank: age in 0..6
input wage: money in 0元..0.06元
input part: rate in 0%..100%
input joined: date
input poor: truth
input ill: truth
define warm = red or not green
"""
GRID: dict[str, list[Any]] = {
    "colour": ["red", "green", "blue"],
    "rank": list(range(7)),
    "wage": list(range(7)),
    "part": [Fraction(n, 40) for n in (0, 5, 10, 15, 20, 40)],
    "joined": [date(2024, 1, day) for day in range(1, 6)],
    "poor": [True, False],
    "ill": [True, False],
}
_SIGNS = ("=", "!=", "<", "<=", ">", ">=")


def numbers(name: str, values: list[str]) -> st.SearchStrategy[str]:
    bound = st.sampled_from(values)
    compared = st.builds(
        lambda sign, value, turned: (
            f"{value} {sign} {name}" if turned else f"{name} {sign} {value}"
        ),
        st.sampled_from(_SIGNS),
        bound,
        st.booleans(),
    )
    within = st.builds(
        lambda low, high, opened, closed: f"{name} within {opened}{low}, {high}{closed}",
        bound,
        bound,
        st.sampled_from("[("),
        st.sampled_from("])"),
    )
    return compared | within


ATOMS = st.one_of(
    st.sampled_from(["red", "green", "blue", "colour = red", "colour != blue"]),
    st.sampled_from(["poor", "not ill", "poor = no", "ill != no", "warm", "yes", "no"]),
    numbers("rank", ["0", "2", "3", "2.5", "6", "9"]),
    numbers("wage", ["0元", "0.02元", "0.05元"]),
    numbers("part", ["12.5%", "25%", "50%"]),
    numbers("joined", ["2024-01-02", "2024-01-04"]),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda each: f"({' and '.join(each)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda each: f"({' or '.join(each)})"),
        st.builds("(({} if {}, {} otherwise) = yes)".format, inner, inner, inner),
    ),
    max_leaves=6,
)


def condition(text: str) -> tuple[Book, Expr]:
    book = book_of(f"{DECLARED}define asked = {text}\n")
    plans = Plans(book, "", {})
    (entry,) = book.defines["asked"]
    assert isinstance(entry.sentence, syntax.Define)
    return book, plans.expression(entry.sentence.value, entry.source, None)


def cell_of(dimension: Dimension, value: Any) -> int:
    if dimension.values:
        return dimension.values.index(value)
    number = value.toordinal() if isinstance(value, date) else value
    return lowest(dimension.mask(Between(dimension.before(number), None)))


@settings(max_examples=150)
@given(CONDITIONS)
def test_boxes_hold_the_cases_in_which_a_condition_holds(text: str) -> None:
    book, expr = condition(text)
    guards = Guards(book, None, None)
    formula, opposite = guards.formula(expr), guards.formula(expr, False)
    guards.finish()
    dimensions = guards.dimensions
    assert all(dimension.name for dimension in dimensions)
    found = boxes(formula, dimensions, Budget(100_000))
    others = boxes(opposite, dimensions, Budget(100_000))
    program = ValueProgram(expr)
    for values in itertools.product(*(GRID[each.name] for each in dimensions)):
        known = {
            dimension.name: (DatedFact(value),)
            for dimension, value in zip(dimensions, values, strict=True)
        }
        filled = {name: (DatedFact(each[0]),) for name, each in GRID.items()}
        holds = program.run(Scenario(filled | known), None)
        cells = [cell_of(*each) for each in zip(dimensions, values, strict=True)]
        assert any(inside(cells, box) for box in found) is holds
        assert any(inside(cells, box) for box in others) is not holds


def inside(cells: list[int], box: Box) -> bool:
    return all(mask >> cell & 1 for cell, mask in zip(cells, box, strict=True))


def dimensions_of(text: str) -> list[Dimension]:
    book, expr = condition(text)
    guards = Guards(book, None, None)
    guards.formula(expr)
    guards.finish()
    return guards.dimensions


def test_opposites_of_two_names_are_one_dimension() -> None:
    (found,) = dimensions_of("wage < pension and pension <= wage and not (wage >= pension)")
    assert (found.text, found.name, found.size) == ("pension <= wage", "", 2)


def test_what_is_computed_has_cells_too() -> None:
    (found,) = dimensions_of("months from enrolled_on to today >= 6个月")
    assert (found.name, found.size) == ("", 2)
    assert found.text == "months from enrolled_on to today"


def test_cells_of_whole_numbers_and_of_rates() -> None:
    (years,) = dimensions_of("rank < 3 or rank > 3")
    assert [years.representative(cell) for cell in range(years.size)] == [0, 3, 4]
    (part,) = dimensions_of("part < 25% or part > 25%")
    assert [part.representative(cell) for cell in range(part.size)] == [
        0, Fraction(1, 4), Fraction(1, 4) + Fraction(1, 10),
    ]  # fmt: skip


def test_bounds_outside_the_domain_are_no_cells() -> None:
    (years,) = dimensions_of("rank < 0 or rank >= 7 or rank > 200")
    assert years.size == 1
    assert [years.mask(part) for part in (Between(None, (0, 0)), Between((7, 0), None))] == [0, 0]


def test_without_a_domain_amounts_start_at_zero_and_dates_have_limits() -> None:
    (wage,) = dimensions_of("pension < 100元")
    assert wage.representative(0) == 0
    (day,) = dimensions_of("joined <= 2024-01-01")
    assert day.representative(0) == date(1900, 1, 1).toordinal()
