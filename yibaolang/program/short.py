"""Short functions for the shapes that most rules have; each does what the general one does.

A maker gives None where its node has another shape.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

from yibaolang.model.calendar import years_between
from yibaolang.model.core import (
    Compare,
    DateOf,
    Divide,
    Elapsed,
    Expr,
    Extreme,
    FactOf,
    Multiply,
    Total,
)
from yibaolang.program.frame import TODAY, Frame
from yibaolang.program.operations import lifts, multiply_factor
from yibaolang.program.readings import fact_value, needs_date

Closure = Callable[[Frame], Any]


class Maker(Protocol):
    """What a short function is made with."""

    def closure(self, expr: Expr) -> Closure:
        """The closure of an operand."""

    def known(self, expr: Expr) -> Any:
        """The value of a node that is the same in every frame, else None."""


Short = Callable[[Any, Maker], Closure | None]

_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def fact(node: FactOf, _maker: Maker) -> Closure | None:
    """A fact over 1."""
    slot, expected = node.slot, class_of(node)
    if not plain(node):
        return None

    def load(frame: Frame) -> Any:
        value = frame[slot]
        return value if value.__class__ is expected else fact_value(node, frame)

    return load


def plain(node: FactOf) -> bool:
    """Whether what was given is the value, on every day."""
    return node.denominator == 1 and not node.for_definition


def class_of(node: Expr) -> type:
    """The class of the values of a node whose denominator is not None."""
    kinds: dict[str, type] = {"date": date, "truth": bool, "text": str, "choice": str}
    return kinds.get(node.type.kind, int)


def compare(node: Compare, maker: Maker) -> Closure | None:
    """A comparison with something known."""
    left, right, sign, scales = node.left, node.right, node.sign, node.scales
    if maker.known(left) is not None:
        left, right, sign, scales = right, left, _MIRRORED[sign], scales[::-1]
    limit = maker.known(right)
    if limit is None or (not scales and any(lifts(node, (left, right), ()))):
        return None
    first, second = scales or (1, 1)
    limit = limit * second if second != 1 else limit
    if sign in ("=", "!=") and isinstance(left, FactOf) and first == 1 and plain(left):
        return _fact_is(left, limit, sign == "=")
    return _limit(maker.closure(left), first, limit, sign)


def _fact_is(node: FactOf, wanted: Any, equal: bool) -> Closure:
    slot, expected = node.slot, class_of(node)

    def is_it(frame: Frame) -> Any:
        value = frame[slot]
        if value.__class__ is not expected:
            value = fact_value(node, frame)
        return value == wanted

    return is_it if equal else lambda frame: not is_it(frame)


def _limit(operand: Closure, scale: int, limit: Any, sign: str) -> Closure:
    if scale != 1:
        inner = operand

        def operand(frame: Frame) -> Any:
            return inner(frame) * scale

    made: dict[str, Closure] = {
        "=": lambda frame: operand(frame) == limit,
        "!=": lambda frame: operand(frame) != limit,
        "<": lambda frame: operand(frame) < limit,
        "<=": lambda frame: operand(frame) <= limit,
        ">": lambda frame: operand(frame) > limit,
        ">=": lambda frame: operand(frame) >= limit,
    }
    return made[sign]


def total(node: Total, maker: Maker) -> Closure | None:
    """A sum or difference of two."""
    ups = lifts(node, node.terms, node.scales)
    if len(node.terms) != 2 or any(ups) or node.denominator is None:
        return None
    first, second = map(maker.closure, node.terms)
    if node.signs == (1, 1):
        return lambda frame: first(frame) + second(frame)
    return (lambda frame: first(frame) - second(frame)) if node.signs == (1, -1) else None


def multiply(node: Multiply, maker: Maker) -> Closure | None:
    """A product of two, and with something known."""
    if len(node.factors) != 2 or node.denominator is None:
        return None
    one, other = node.factors
    scale = multiply_factor(node)
    if maker.known(other) is not None:
        one, other = other, one
    second, factor = maker.closure(other), maker.known(one)
    if factor is not None:
        factor *= scale
        return second if factor == 1 else lambda frame: factor * second(frame)
    first = maker.closure(one)
    return None if scale != 1 else lambda frame: first(frame) * second(frame)


def divide(node: Divide, maker: Maker) -> Closure | None:
    """A division by a constant."""
    if node.denominator is None:
        return None
    above, factor = maker.closure(node.above), node.factor
    return above if factor == 1 else lambda frame: above(frame) * factor


def extreme(node: Extreme, maker: Maker) -> Closure | None:
    """The smaller or larger of two."""
    if len(node.operands) != 2 or len(node.scales) != 2 or node.denominator is None:
        return None
    pairs = list(zip(node.operands, node.scales, strict=True))
    if maker.known(pairs[0][0]) is not None:
        pairs.reverse()
    (one, up), (other, other_up) = pairs
    bound = maker.known(other)
    if isinstance(bound, int):
        return _bounded(maker.closure(one), up, bound * other_up, node.least)
    first, second = maker.closure(one), maker.closure(other)
    if up == other_up == 1:
        return _extreme_of(first, second, node.least)
    return _extreme_of(_scaled(first, up), _scaled(second, other_up), node.least)


def _scaled(operand: Closure, scale: int) -> Closure:
    return operand if scale == 1 else lambda frame: operand(frame) * scale


def _bounded(operand: Closure, scale: int, bound: int, least: bool) -> Closure:
    operand = _scaled(operand, scale)

    def at_most(frame: Frame) -> Any:
        value = operand(frame)
        return bound if value > bound else value

    def at_least(frame: Frame) -> Any:
        value = operand(frame)
        return bound if value < bound else value

    return at_most if least else at_least


def _extreme_of(first: Closure, second: Closure, least: bool) -> Closure:
    def smaller(frame: Frame) -> Any:
        one, other = first(frame), second(frame)
        return other if other < one else one

    def larger(frame: Frame) -> Any:
        one, other = first(frame), second(frame)
        return other if other > one else one

    return smaller if least else larger


def elapsed(node: Elapsed, _maker: Maker) -> Closure | None:
    """Full years from a fact to today: an age."""
    start, end = node.start, node.end
    if node.unit != "years" or not isinstance(start, FactOf) or not isinstance(end, DateOf):
        return None
    if end.word != "today" or start.for_definition:
        return None
    slot = start.slot

    def age(frame: Frame) -> Any:
        born, today = frame[slot], frame[TODAY]
        if born.__class__ is not date:
            born = fact_value(start, frame)
        if today is None:
            raise needs_date(end)
        month, birth_month = today.month, born.month
        if month != birth_month:
            return today.year - born.year - (month < birth_month)
        return years_between(born, today)

    return age


SHORT: dict[type[Expr], Short] = {
    FactOf: fact,
    Compare: compare,
    Total: total,
    Multiply: multiply,
    Divide: divide,
    Extreme: extreme,
    Elapsed: elapsed,
}
