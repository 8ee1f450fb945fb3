"""Lowered expressions against the naive oracle: in Python, and as native code."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.population.nodes import Wrapped, low_of, run, run_kernel, shown, stored
from tests.program import build as b
from tests.program import strategies as s
from tests.program.oracle import Nothing, evaluate
from tests.program.test_codes import CASES, COUNT, ROWS, table, tiered
from yibaolang.language.diagnostics import Refusal
from yibaolang.model import core
from yibaolang.model.core import Expr
from yibaolang.model.values import MONEY
from yibaolang.population.fixed import number_of_day
from yibaolang.program.figure import ValueProgram
from yibaolang.program.novalue import NoValue

Facts = Mapping[str, Any]
TODAY = date(2024, 6, 15)
EVERY = st.one_of(s.moneys(), s.conditions(), s.dates(), s.durations())


def wanted(expr: Expr, facts: Facts, today: date) -> Any:
    try:
        return evaluate(expr, facts, today)
    except Nothing as nothing:
        return str(nothing)


@given(EVERY, s.known(), s.todays, st.booleans())
@settings(max_examples=500, deadline=None)
def test_nodes_mean_what_expressions_mean(
    expr: Expr, facts: Facts, today: date, known: bool
) -> None:
    low, refusals = low_of(expr, today, known)
    columns = stored(facts, today)
    try:
        divisor = 1 if low.divisor is None else run(low.divisor, columns)
        found = [run(low.node, columns), run(low.status, columns), divisor]
    except Wrapped:
        return
    assert shown(expr, low, refusals, found) == wanted(expr, facts, today)


@given(EVERY, st.lists(st.tuples(s.known(), s.todays), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_native_code_means_what_expressions_mean(
    expr: Expr, rows: list[tuple[Facts, date]]
) -> None:
    low, refusals = low_of(expr, TODAY, False)
    found = run_kernel(low, [stored(*each) for each in rows])
    for (facts, today), answer in zip(rows, found, strict=True):
        if answer[1] != -1:
            assert shown(expr, low, refusals, answer) == wanted(expr, facts, today)


AMOUNT = b.fact("base")
ELSEWHERE = core.StartOf
MORE: list[Expr] = [
    *(each[0] for each in CASES if each[0] is not COUNT and not isinstance(each[0], ELSEWHERE)),
    tiered(AMOUNT), tiered(AMOUNT, True), tiered(b.divide(MONEY, AMOUNT, b.number(7))),
    table(b.is_status("active"), b.fact("male")), table(b.fact("male"), b.no(b.fact("male"))),
    b.param("avg_pension", *ROWS), b.param("avg_pension", *ROWS, year=2022),
    b.param("avg_pension", *ROWS, back=1), b.param("avg_pension", *ROWS, back=2),
    b.as_of(b.param("avg_pension", *ROWS), b.day("2022-05-05")),
    b.as_of(b.AGE_NOW, b.fact("enrolled")), b.word("first_of_month"),
    b.word("last_of_month"), b.word("last_of_last_month"),
]  # fmt: skip
PEOPLE = [
    {"base": fen, "male": male, "status": status, "birth": birth, "enrolled": enrolled}
    for fen, male, status in [
        (-1, True, "active"), (99, True, "retired"), (100, False, "active"),
        (200, False, "retired"), (201, True, "active"), (300, True, "retired"),
        (301, False, "active"), (1400, False, "active"), (2101, True, "retired"),
    ]
    for birth, enrolled in [(date(1960, 2, 29), date(2023, 2, 28)), (TODAY, date(1960, 2, 29))]
]  # fmt: skip


@pytest.mark.parametrize("expr", MORE, ids=lambda expr: type(expr).__name__)
@pytest.mark.parametrize("today", [TODAY, date(2023, 12, 31), date(2024, 2, 29)])
def test_the_rest_of_the_core(expr: Expr, today: date) -> None:
    low, refusals = low_of(expr, today, False)
    rows = [*PEOPLE, {"male": True}, {"base": 150}, {}]
    found = run_kernel(low, [stored(each, today) for each in rows])
    program = ValueProgram(expr)
    for facts, answer in zip(rows, found, strict=True):
        told = program.run(b.knowing(**facts), today)
        if isinstance(told, NoValue):
            expected: Any = told.diagnostic.code
        elif expr.type.numeric and not isinstance(told, bool):
            from fractions import Fraction

            expected = Fraction(told, expr.denominator or 1)
        else:
            expected = told
        assert shown(expr, low, refusals, answer) == expected, facts


@pytest.mark.parametrize("expr", [COUNT, b.start_of("status", "retired")])
def test_what_only_others_know_is_refused(expr: Expr) -> None:
    low, refusals = low_of(expr, TODAY)
    assert refusals.codes()[run(low.status, {})] in ("YB401", "YB411")


def test_every_day_of_two_centuries_has_its_parts() -> None:
    parts = [
        b.elapsed(unit, b.fact("birth"), b.TODAY) for unit in ("years", "months", "days")
    ]
    first = number_of_day(date(1899, 12, 1))
    rows = [{"birth": first + 19 * step, "today": number_of_day(TODAY)} for step in range(5000)]
    for expr in parts:
        low, _ = low_of(expr, TODAY, False)
        program = ValueProgram(expr)
        for row, (value, status, _) in zip(rows, run_kernel(low, rows), strict=True):
            birth = date.fromordinal(row["birth"] + date(1970, 1, 1).toordinal())
            assert (value, status) == (program.run(b.knowing(birth=birth), TODAY), 0)


def test_so_deep_an_expression_is_told() -> None:
    deep: Expr = b.fact("base")
    for _ in range(5000):
        deep = b.rounded(deep)
    with pytest.raises(Refusal) as refusal:
        low_of(deep, TODAY)
    assert refusal.value.diagnostics[0].code == "YB480"
