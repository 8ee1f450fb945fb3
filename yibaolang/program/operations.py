"""What the nodes do whose operands are all needed: functions from the operands' values.

Plain and explained evaluation use the same functions, so they cannot differ in a result.
"""

import operator
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from math import prod
from typing import Any

from yibaolang.model.calendar import add_months, days_between, months_between, years_between
from yibaolang.model.core import (
    Compare,
    Divide,
    Elapsed,
    Expr,
    Extreme,
    Inside,
    Multiply,
    Negation,
    RoundTo,
    Shift,
    TierSum,
    Total,
)
from yibaolang.model.limits import LIMITS
from yibaolang.model.rounding import round_to
from yibaolang.program.novalue import no_value

Operation = Callable[..., Any]
Lift = Callable[[Any], Any] | None

SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def fraction_of(value: Any, denominator: int | None) -> Any:
    """A value as a Fraction: a numerator over its denominator, or the Fraction that it is."""
    from fractions import Fraction

    return Fraction(value) if denominator is None else Fraction(value, denominator)


def over(value: Any, denominator: int | None) -> Any:
    """A given value (over 1, or a Fraction) as a node of that denominator holds it.

    >>> over(25, 4), over("male", 1)
    (100, 'male')
    """
    if isinstance(value, bool | str | date):
        return value
    if denominator is None:
        return fraction_of(value, None)
    scaled = value * denominator
    return scaled.numerator if scaled.denominator == 1 else scaled


def lifts(node: Expr, operands: tuple[Expr, ...], scales: tuple[int, ...]) -> list[Lift]:
    """What to do to each operand's value so that all have one denominator; None for nothing."""
    if scales:
        return [None if scale == 1 else partial(operator.mul, scale) for scale in scales]
    denominators = {operand.denominator for operand in operands}
    same = len(denominators) <= 1 and None not in denominators
    if not any(operand.type.numeric for operand in operands) or (
        same and not (node.type.numeric and node.denominator is None)
    ):
        return [None] * len(operands)
    return [lift_to_fraction(operand) for operand in operands]


def lift_to_fraction(operand: Expr) -> Lift:
    """How the operand's value becomes a Fraction."""
    return partial(fraction_of, denominator=operand.denominator)


def _lifted(operation: Operation, ups: list[Lift]) -> Operation:
    if not any(ups):
        return operation
    if len(ups) == 2:
        first, second = ups
        if first is None:
            return lambda one, other: operation(one, second(other) if second else other)
        return lambda one, other: operation(first(one), second(other) if second else other)

    def lifted(*values: Any) -> Any:
        return operation(
            *(value if up is None else up(value) for up, value in zip(ups, values, strict=True))
        )

    return lifted


def _negation(_node: Negation) -> Operation:
    return operator.not_


def _compare(node: Compare) -> Operation:
    ups = lifts(node, (node.left, node.right), node.scales)
    return _lifted(SIGNS[node.sign], ups)


def _inside(node: Inside) -> Operation:
    above = operator.gt if node.low_open else operator.ge
    below = operator.lt if node.high_open else operator.le
    bounds = inside_operands(node)

    def inside(value: Any, *ends: Any) -> bool:
        if node.low is not None and not above(value, ends[0]):
            return False
        return node.high is None or bool(below(value, ends[-1]))

    return _lifted(inside, lifts(node, bounds, inside_scales(node)))


def inside_operands(node: Inside) -> tuple[Expr, ...]:
    """The operand and the bounds that there are."""
    return tuple(each for each in (node.operand, node.low, node.high) if each is not None)


def inside_scales(node: Inside) -> tuple[int, ...]:
    """The scales of the bounds that there are: an absent bound may have one or none."""
    if len(node.scales) != 3:
        return node.scales
    paired = zip((node.operand, node.low, node.high), node.scales, strict=True)
    return tuple(scale for each, scale in paired if each is not None)


def _total(node: Total) -> Operation:
    ups = lifts(node, node.terms, node.scales)
    factors = node.signs

    def total(*values: Any) -> Any:
        amount = 0
        for value, sign, up in zip(values, factors, ups, strict=True):
            if sign:
                amount += sign * (value if up is None else up(value))
        return amount

    # The first term makes an int 0 a Fraction where the node's value is one.
    return total if node.denominator is not None else lambda *v: fraction_of(total(*v), None)


def multiply_factor(node: Multiply) -> int:
    """What the product of the numerators is multiplied by; ValueError if it is not whole."""
    whole, rest = divmod(node.denominator or 1, prod(f.denominator or 1 for f in node.factors))
    if rest:
        raise ValueError(f"a product over {node.denominator} does not hold its factors")
    return whole


def _multiply(node: Multiply) -> Operation:
    if node.denominator is None:
        return _lifted(lambda *v: prod(v), [lift_to_fraction(each) for each in node.factors])
    factor = multiply_factor(node)
    if factor == 1 and len(node.factors) == 2:
        return operator.mul
    return lambda *values: prod(values, start=factor)


def _divide(node: Divide) -> Operation:
    if node.denominator is not None:
        return lambda above, _below: above * node.factor

    def divided(above: Any, below: Any) -> Any:
        if below == 0:
            raise no_value("YB409", node.written.place)
        return fraction_of(above, node.above.denominator) / fraction_of(
            below, node.below.denominator
        )

    return divided


def _extreme(node: Extreme) -> Operation:
    choose: Operation = min if node.least else max
    ups = lifts(node, node.operands, node.scales)
    if len(ups) > 1:
        return _lifted(choose, ups)
    return _lifted(lambda value: value, ups)


def _round_to(node: RoundTo) -> Operation:
    def rounded(value: Any) -> int:
        return rounded_fen(value, node.operand.denominator, node.mode, node.unit_fen)

    return rounded


def rounded_fen(value: Any, denominator: int | None, mode: str, unit_fen: int) -> int:
    """A value in fen (a numerator over the denominator, or a Fraction) rounded to a unit.

    >>> rounded_fen(201, 2, "half_up", 1)
    101
    """
    over_what = value.denominator * (denominator or 1)
    return round_to(value.numerator, over_what, unit_fen, mode)


def _elapsed(node: Elapsed) -> Operation:
    if node.unit == "years":
        return years_between
    return months_between if node.unit == "months" else days_between


def _shift(node: Shift) -> Operation:
    place = node.written.place
    if any(step.denominator != 1 for step in node.steps):
        raise ValueError("a date moves by whole months and days")

    def shifted(start: date, *values: Any) -> date:
        months = days = 0
        for step, sign, value in zip(node.steps, node.signs, values, strict=True):
            if step.type.kind == "days":
                days += sign * value
            else:
                months += sign * value
        try:
            moved = add_months(start, months) + timedelta(days=days)
        except (ValueError, OverflowError):
            raise no_value("YB416", place, date=start.isoformat()) from None
        if not LIMITS.first_year <= moved.year <= LIMITS.last_year:
            raise no_value("YB416", place, date=moved.isoformat())
        return moved

    return shifted


def tier_parts(node: TierSum, amount: Any) -> list[tuple[int, Any]]:
    """The tiers that an amount reaches, by index, and how much of it is in each, in order."""
    parts = []
    for index, tier in enumerate(node.tiers):
        lowest = tier.low is None or amount > tier.low or (index == 0 and amount == tier.low)
        if not lowest:
            break
        here = amount if tier.high is None else min(amount, tier.high)
        parts.append((index, here if tier.low is None else here - tier.low))
    last = node.tiers[-1].high if node.tiers else None
    if not parts or (last is not None and amount > last):
        raise no_value("YB412", node.written.place, table=node.table)
    return [(parts[-1][0], amount)] if node.whole else parts


def _tier_sum(node: TierSum) -> Operation:
    rates = tier_rates(node)

    def by_tiers(amount: Any) -> Any:
        return sum(part * rates[index] for index, part in tier_parts(node, amount))

    return by_tiers


def tier_rates(node: TierSum) -> list[Any]:
    """What to multiply the part in each tier by, for the node's denominator."""
    scales = node.scales or (1,) * len(node.tiers)
    rates: list[Any] = [tier.rate.value for tier in node.tiers]
    return [rate * scale for rate, scale in zip(rates, scales, strict=True)]


_Parts = tuple[Callable[[Any], tuple[Expr, ...]], Callable[[Any], Operation]]

STRICT: dict[type[Expr], _Parts] = {
    Negation: (lambda node: (node.operand,), _negation),
    Compare: (lambda node: (node.left, node.right), _compare),
    Inside: (inside_operands, _inside),
    Total: (lambda node: node.terms, _total),
    Multiply: (lambda node: node.factors, _multiply),
    Divide: (lambda node: (node.above, node.below), _divide),
    Extreme: (lambda node: node.operands, _extreme),
    RoundTo: (lambda node: (node.operand,), _round_to),
    Elapsed: (lambda node: (node.start, node.end), _elapsed),
    Shift: (lambda node: (node.start, *node.steps), _shift),
    TierSum: (lambda node: (node.amount,), _tier_sum),
}
"""By class of node: its operands, and the function from their values to its value."""


def operands_of(node: Expr) -> tuple[Expr, ...]:
    """The operands of a node in STRICT, in order of evaluation."""
    return STRICT[type(node)][0](node)


def operation_of(node: Expr) -> Operation:
    """The function of a node in STRICT."""
    return STRICT[type(node)][1](node)
