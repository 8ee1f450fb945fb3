"""Plain, explained, printed and naive evaluation agree, in values and in what has none."""

from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given, settings

from tests.program import build as b
from tests.program import strategies as s
from tests.program.oracle import Nothing, evaluate
from yibaolang.model.core import Expr
from yibaolang.program.figure import FigureProgram, ValueProgram
from yibaolang.program.novalue import NoValue
from yibaolang.program.python import arguments, compile_python

Facts = dict[str, b.Given]


def normal(expr: Expr, value: Any) -> Any:
    """A value as the oracle has it; the code of a NoValue."""
    if isinstance(value, NoValue):
        return value.diagnostic.code
    return Fraction(value) / (expr.denominator or 1) if expr.type.numeric else value


def naive(expr: Expr, facts: Facts, today: date) -> Any:
    try:
        return evaluate(expr, facts, today)
    except Nothing as nothing:
        return str(nothing)


def check(expr: Expr, facts: Facts, today: date) -> None:
    expected = naive(expr, facts, today)
    program, scenario = ValueProgram(expr), b.knowing(**facts)
    assert normal(expr, program.run(scenario, today)) == expected
    assert normal(expr, program.explain(scenario, today).value) == expected
    values = [facts.get(each.name) for each in arguments(program)]
    assert normal(expr, compile_python(program)(today, *values)) == expected


@given(s.moneys(), s.known(), s.todays)
@settings(max_examples=6000, deadline=None)
def test_amounts(expr: Expr, facts: Facts, today: date) -> None:
    check(expr, facts, today)


@given(s.conditions(), s.known(), s.todays)
@settings(max_examples=6000, deadline=None)
def test_conditions(expr: Expr, facts: Facts, today: date) -> None:
    check(expr, facts, today)


@given(s.dates(), s.known(), s.todays)
@settings(max_examples=6000, deadline=None)
def test_dates(expr: Expr, facts: Facts, today: date) -> None:
    check(expr, facts, today)


@given(s.durations(), s.known(), s.todays)
@settings(max_examples=6000, deadline=None)
def test_durations(expr: Expr, facts: Facts, today: date) -> None:
    check(expr, facts, today)


def naive_figure(arms: list[tuple[Expr, Expr]], facts: Facts, today: date) -> Any:
    try:
        held = [amount for guard, amount in arms if evaluate(guard, facts, today)]
        if len(held) != 1:
            return "YB402" if not held else "YB403"
        exact = evaluate(held[0], facts, today)
    except Nothing as nothing:
        return str(nothing)
    # Amounts are not below zero here, so the floor of one half more is half up.
    return "YB420" if exact < 0 else (exact + Fraction(1, 2)).__floor__()


@given(s.pairs_of_arms(), s.known(), s.todays)
@settings(max_examples=6000, deadline=None)
def test_figures(arms: list[tuple[Expr, Expr]], facts: Facts, today: date) -> None:
    plan = b.plan(*(b.arm(guard, amount) for guard, amount in arms))
    program, scenario = FigureProgram(plan), b.knowing(**facts)
    values = [facts.get(each.name) for each in arguments(plan)]
    answers = [
        program.run(scenario, today).amount,
        program.explain(scenario, today).amount,
        compile_python(plan)(today, *values),
    ]
    shown = [a.diagnostic.code if isinstance(a, NoValue) else a for a in answers]
    assert shown == [naive_figure(arms, facts, today)] * 3
