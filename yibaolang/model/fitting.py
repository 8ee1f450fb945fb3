"""Which expressions can be read as another type, and the denominators of what is given."""

from yibaolang.model import core
from yibaolang.model.core import Expr
from yibaolang.model.values import AGE, NUMBER, RATE, Type

_WHOLE = frozenset({"money", "age", "months", "days"})
"""Types whose given values are whole numbers of their unit."""


def without_values(expr: core.Choose) -> bool:
    """Whether every case is an absence, so that the cases have whatever type is wanted."""
    every = (*expr.values, *([] if expr.otherwise is None else [expr.otherwise]))
    return all(isinstance(each, core.Absent) for each in every)


def fitted(expr: Expr, expected: Type) -> Expr | None:
    """The expression as a type: itself, a number as an age or rate, 0 as anything; or None."""
    if expr.type == expected:
        return expr
    if isinstance(expr, core.Choose) and without_values(expr):
        return core.Choose(
            expected, 1, expr.written, expr.conditions, expr.values, expr.otherwise, expr.scales
        )
    if not isinstance(expr, core.Constant):
        return expr if (expr.type, expected) == (NUMBER, AGE) and expr.denominator == 1 else None
    if expr.type == NUMBER and expected.numeric:
        if expected in (AGE, RATE) or expr.value == 0:
            return core.Constant(expected, expr.denominator, expr.written, expr.value)
    elif (expr.type, expected) == (RATE, NUMBER):
        return core.Constant(NUMBER, expr.denominator, expr.written, expr.value)
    return None


def yields(expr: Expr) -> bool:
    """Whether another operand should say the type: an absence, or a plain 0."""
    return isinstance(expr, core.Absent) or (
        isinstance(expr, core.Constant) and expr.type == NUMBER
    )


def given_denominator(type_: Type) -> int | None:
    """The denominator of a given value: 1 for whole units and what is no number, else None."""
    return 1 if type_.kind in _WHOLE or not type_.numeric else None


def product_denominator(factors: tuple[Expr, ...]) -> int | None:
    """The denominator of a product, None if that of a factor is only known at run time."""
    found = 1
    for each in factors:
        if each.denominator is None:
            return None
        found *= each.denominator
    return found
