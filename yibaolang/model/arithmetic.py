"""Types and denominators of sums and products."""

from collections.abc import Sequence
from math import lcm
from typing import TYPE_CHECKING

from yibaolang.model import core
from yibaolang.model.core import Expr, Written
from yibaolang.model.fitting import product_denominator
from yibaolang.model.typewords import said
from yibaolang.model.values import DATE, DAYS, MONEY, MONTHS, NUMBER, RATE, Type

if TYPE_CHECKING:
    from yibaolang.model.elaborate import Elaborator

_SIGNS = {"+": 1, "-": -1, "on_top_of": 1, "including": 0}


def same_scale(operands: Sequence[Expr]) -> tuple[int | None, tuple[int, ...]]:
    """One denominator for all operands and what each numerator is multiplied by; see `core`."""
    denominators = [each.denominator for each in operands]
    if any(each is None for each in denominators):
        return None, ()
    known = [each for each in denominators if each is not None]
    one = lcm(*known)
    return one, tuple(one // each for each in known)


def total(
    elaborator: "Elaborator", terms: list[Expr], words: tuple[str, ...], written: Written
) -> Expr:
    """A sum of one type, a date moved by durations, or the days between two dates."""
    if terms[0].type == DATE:
        return _moved(elaborator, terms, words, written)
    leading = next((each for each in terms if not _plain_zero(each)), terms[0])
    alike = [elaborator.alike(leading, each, each.written)[1] for each in terms]
    type_ = leading.type
    if not type_.numeric:
        raise elaborator.refuse("YB216", written, type=said(type_))
    if type_ not in (RATE, NUMBER) and any(word in ("on_top_of", "including") for word in words):
        raise elaborator.refuse("YB202", terms[0].written, expected=said(RATE), found=said(type_))
    signs = tuple(_SIGNS[word] for word in words)
    denominator, scales = same_scale(alike)
    return core.Total(type_, denominator, written, tuple(alike), signs, words, scales)


def _moved(
    elaborator: "Elaborator", terms: list[Expr], words: tuple[str, ...], written: Written
) -> Expr:
    start, *steps = terms
    if len(steps) == 1 and steps[0].type == DATE and words[1] == "-":
        return core.Elapsed(DAYS, 1, written, "days", steps[0], start)
    for each, word in zip(steps, words[1:], strict=True):
        if each.type not in (MONTHS, DAYS) or word not in "+-" or each.denominator != 1:
            raise elaborator.refuse("YB201", written, left=said(DATE), right=said(each.type))
    signs = tuple(_SIGNS[word] for word in words[1:])
    return core.Shift(DATE, 1, written, start, tuple(steps), signs)


def product(
    elaborator: "Elaborator", factors: list[Expr], signs: tuple[str, ...], written: Written
) -> Expr:
    """A product and quotient, from the left."""
    found = factors[0]
    gathered = [found]
    for factor, sign in zip(factors[1:], signs[1:], strict=True):
        if sign == "*":
            gathered.append(factor)
            continue
        found = _quotient(elaborator, _multiplied(elaborator, gathered, written), factor, written)
        gathered = [found]
    return _multiplied(elaborator, gathered, written)


def _multiplied(elaborator: "Elaborator", factors: list[Expr], written: Written) -> Expr:
    if len(factors) == 1:
        return factors[0]
    type_: Type = NUMBER
    for each in factors:
        type_ = _times(elaborator, type_, each.type, written)
    denominator = product_denominator(tuple(factors))
    return core.Multiply(type_, denominator, written, tuple(factors), False)


def _times(elaborator: "Elaborator", left: Type, right: Type, written: Written) -> Type:
    if not (left.numeric and right.numeric):
        raise elaborator.refuse("YB201", written, left=said(left), right=said(right))
    for one, other in ((left, right), (right, left)):
        if one == NUMBER:
            return other
    if left == right == MONEY:
        raise elaborator.refuse("YB203", written)
    if left == right == RATE:
        raise elaborator.refuse("YB204", written)
    for one, other in ((left, right), (right, left)):
        if one == RATE:
            return other
    raise elaborator.refuse("YB201", written, left=said(left), right=said(right))


def _quotient(elaborator: "Elaborator", above: Expr, below: Expr, written: Written) -> Expr:
    if not (above.type.numeric and below.type.numeric):
        raise elaborator.refuse("YB201", written, left=said(above.type), right=said(below.type))
    if above.type == below.type:
        type_ = NUMBER
    elif below.type in (NUMBER, RATE):
        type_ = above.type
    elif {above.type, below.type} == {MONTHS, DAYS}:
        raise elaborator.refuse("YB205", written)
    else:
        raise elaborator.refuse("YB201", written, left=said(above.type), right=said(below.type))
    if not isinstance(below, core.Constant) or not isinstance(below.value, int):
        return core.Divide(type_, None, written, above, below, 1)
    if below.value == 0:
        raise elaborator.refuse("YB409", below.written)
    if above.denominator is None or below.denominator is None:
        return core.Divide(type_, None, written, above, below, 1)
    sign = 1 if below.value > 0 else -1
    denominator = above.denominator * abs(below.value)
    return core.Divide(type_, denominator, written, above, below, sign * below.denominator)


def _plain_zero(expr: Expr) -> bool:
    return isinstance(expr, core.Constant) and expr.type == NUMBER
