"""Terms of step programs as LLVM text: amounts in fen out of registers, cells and expressions.

What the interpreter computes by `program.terms` is computed here over 64 bits. Amounts are not
below zero: where an interval says that one might be, it is noted, and the account does not count if
it was.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Any, Protocol

from yibaolang.language.diagnostics import Diagnostic
from yibaolang.model.arms import Rounding
from yibaolang.model.core import Constant, Expr
from yibaolang.population.ledger_merging import Picked
from yibaolang.population.ledger_text import MOST_NUMERATOR, Emitter, Value, number
from yibaolang.population.lowered import cannot_lower
from yibaolang.program import instructions as step
from yibaolang.program.novalue import no_value
from yibaolang.program.terms import tier_rates

MOST_DENOMINATOR = 1 << 60


class Within(Protocol):
    """Where a term is computed: what its leaves are, and what happens if there is no value."""

    emitter: Emitter

    def register(self, index: int) -> Value:
        """What a register holds."""

    def cell(self, index: int) -> Value:
        """What a cell holds."""

    def expression(self, expr: Expr) -> tuple[Value, int]:
        """A number as numerator and denominator; if it has no value, the event is refused."""

    def quotient(self, expr: Expr, by: Rounding) -> Value | None:
        """A number that is divided by what is not known, rounded; None for any other."""

    def picked(self, truths: Sequence[str], values: Sequence[int]) -> Value:
        """The number of the first truth that holds; the last without asking."""

    def refused_if(self, condition: str, why: Diagnostic) -> None:
        """Refuse the event on a condition."""


def printed(term: step.Term, within: Within) -> Value:
    """The value of a term; Refusal YB480 if there is no native form of it."""
    return _TERMS[type(term)](term, within)


def _fen(term: step.Fen, within: Within) -> Value:
    return within.emitter.constant(term.value)


def _held(term: step.Held, within: Within) -> Value:
    return within.register(term.register)


def _in_cell(term: step.InCell, within: Within) -> Value:
    return within.cell(term.cell)


def _amount(term: step.Amount, within: Within) -> Value:
    found = within.quotient(term.expr, term.rounding)
    if found is not None:
        return within.emitter.noted(found)
    return rounded(*within.expression(term.expr), term.rounding, within.emitter)


def rounded(above: Value, below: int, by: Rounding, emitter: Emitter) -> Value:
    """A quotient rounded to a multiple of the unit, by the four modes of `model.rounding`."""
    divisor = below * by.unit_fen
    if divisor > MOST_DENOMINATOR:
        raise cannot_lower(by.rule.written, "so fine a fraction", "这样细的分数")
    if divisor == 1:
        return above
    above = emitter.noted(above, MOST_NUMERATOR)
    found = divided(above, divisor, by.mode, emitter)
    return emitter.multiply(found, emitter.constant(by.unit_fen))


def divided(above: Value, below: int, mode: str, emitter: Emitter) -> Value:
    """A quotient of what is from 0 to MOST_NUMERATOR, rounded to a whole number."""
    return above if below == 1 else _ROUNDED[mode](above, below, emitter)


def _half_up(above: Value, below: int, emitter: Emitter) -> Value:
    # An odd divisor has no ties, and half of it cut off is right.
    return emitter.divide(emitter.add(above, number(below // 2)), below)


def _half_even(above: Value, below: int, emitter: Emitter) -> Value:
    quotient = emitter.divide(above, below)
    rest = emitter.subtract(above, emitter.multiply(quotient, number(below)))
    odd = Value(emitter.make(f"and i64 {quotient.code}, 1"), 0, 1)
    twice = emitter.multiply(Value(rest.code, 0, below - 1), number(2))
    more = emitter.compare("sgt", emitter.add(twice, odd), number(below))
    return emitter.add(quotient, Value(emitter.make(f"zext i1 {more} to i64"), 0, 1))


def _up(above: Value, below: int, emitter: Emitter) -> Value:
    return emitter.divide(emitter.add(above, number(below - 1)), below)


def _down(above: Value, below: int, emitter: Emitter) -> Value:
    return emitter.divide(above, below)


_ROUNDED: dict[str, Callable[[Value, int, Emitter], Value]] = {
    "half_up": _half_up,
    "half_even": _half_even,
    "up": _up,
    "down": _down,
}


def _least(term: step.Least, within: Within) -> Value:
    first, *others = [printed(each, within) for each in term.terms]
    for each in others:
        first = within.emitter.least(first, each)
    return first


def _not_below_zero(term: step.NotBelowZero, within: Within) -> Value:
    return within.emitter.most(printed(term.term, within), number(0))


def _plus(term: step.Plus, within: Within) -> Value:
    total = number(0)
    for each in term.terms:
        total = within.emitter.add(total, printed(each, within))
    return total


def _less(term: step.Less, within: Within) -> Value:
    return within.emitter.subtract(printed(term.term, within), printed(term.taken, within))


def _times(term: step.Times, within: Within) -> Value:
    return within.emitter.multiply(printed(term.term, within), printed(term.factor, within))


def _quotient(term: step.Quotient, within: Within) -> Value:
    return rounded(printed(term.term, within), term.denominator, term.rounding, within.emitter)


def _rated(term: step.Rated, within: Within) -> Value:
    amount, (rate, below) = printed(term.term, within), within.expression(term.rate)
    if rate.known is not None:
        shared = gcd(rate.known, below)
        rate, below = within.emitter.constant(rate.known // shared), below // shared
    return rounded(within.emitter.multiply(amount, rate), below, term.rounding, within.emitter)


def _rated_left(term: step.RatedLeft, within: Within) -> Value:
    """`rate` of (cost - paid / paid_rate), over one denominator; both rates must be numbers."""
    emitter = within.emitter
    cost, paid = printed(term.cost, within), printed(term.paid, within)
    truths, rates = _rates(term.rate)
    others, paid_rates = _rates(term.paid_rate)
    if not rates or not paid_rates or min(paid_rates) <= 0:
        raise cannot_lower(
            term.rate.written, "a further fund of cost, whose rates are not numbers",
            "按费用计的后续基金（比例不是数字）",
        )  # fmt: skip
    count = max(len(rates), len(paid_rates))
    pairs = list(zip(rates * (count // len(rates)), paid_rates * (count // len(paid_rates)),
                     strict=True))  # fmt: skip
    parts = [(rate, rate / own) for rate, own in pairs]
    below = lcm(*(each.denominator for pair in parts for each in pair))
    of_cost, of_paid = (
        within.picked(truths or others, [(pair[at] * below).numerator for pair in parts])
        for at in (0, 1)
    )
    whole, done = emitter.multiply(cost, of_cost), emitter.multiply(paid, of_paid)
    return rounded(emitter.subtract(whole, done), below, term.rounding, emitter)


def _rates(expr: Expr) -> tuple[tuple[str, ...], list[Fraction]]:
    """The rates that one of several rules has, with the truths that pick; none if not numbers."""
    if isinstance(expr, Picked):
        return expr.truths, [Fraction(each, expr.denominator or 1) for each in expr.values]
    if isinstance(expr, Constant) and expr.denominator is not None and type(expr.value) is int:
        return (), [Fraction(expr.value, expr.denominator)]
    return (), []


def _band(term: step.Band, within: Within) -> Value:
    emitter = within.emitter
    low, high = printed(term.low, within), printed(term.high, within)
    below, rates = tier_rates(term)
    last = term.bounds[-1] if term.bounds else 0
    if last is not None:
        beyond = emitter.compare("sgt", high, emitter.constant(last))
        why = no_value("YB412", term.written.place, table=term.table).diagnostic
        within.refused_if(beyond, why)
    if term.whole:
        total = _whole(term, emitter.subtract(high, low), high, rates, emitter)
    else:
        total = _marginal(term, low, high, rates, emitter)
    return rounded(total, below, term.rounding, emitter)


def _whole(
    term: step.Band, part: Value, high: Value, rates: list[int], emitter: Emitter
) -> Value:
    found = emitter.constant(rates[-1])
    for bound, rate in reversed(list(zip(term.bounds[:-1], rates[:-1], strict=True))):
        if bound is not None:
            reached = emitter.compare("sle", high, emitter.constant(bound))
            found = emitter.choose(reached, emitter.constant(rate), found)
    return emitter.multiply(part, found)


def _marginal(
    term: step.Band, low: Value, high: Value, rates: list[int], emitter: Emitter
) -> Value:
    total, begins = number(0), 0
    for bound, rate in zip(term.bounds, rates, strict=True):
        reached = high if bound is None else emitter.least(high, emitter.constant(bound))
        begun = emitter.most(low, emitter.constant(begins))
        part = emitter.most(emitter.subtract(reached, begun), number(0))
        total = emitter.add(total, emitter.multiply(part, emitter.constant(rate)))
        if bound is None:
            break
        begins = bound
    return total


_TERMS: dict[type[step.Term], Callable[[Any, Within], Value]] = {
    step.Fen: _fen,
    step.Held: _held,
    step.InCell: _in_cell,
    step.Amount: _amount,
    step.Least: _least,
    step.NotBelowZero: _not_below_zero,
    step.Plus: _plus,
    step.Less: _less,
    step.Times: _times,
    step.Quotient: _quotient,
    step.Rated: _rated,
    step.RatedLeft: _rated_left,
    step.Band: _band,
}
