"""Terms of instructions as closures: amounts in fen out of registers, cells and expressions."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from yibaolang.model.core import Expr
from yibaolang.model.rounding import round_to
from yibaolang.program import instructions as step
from yibaolang.program.novalue import no_value
from yibaolang.program.operations import fraction_of, rounded_fen

if TYPE_CHECKING:
    from yibaolang.program.running import Run

Reading = Callable[["Run"], int]


class Maker(Protocol):
    """What a term is made with."""

    def term(self, term: step.Term) -> Reading:
        """The closure of another term."""

    def value(self, expr: Expr) -> Callable[["Run"], Any]:
        """An expression's value, over its denominator; it raises NoValue."""


def _fen(_maker: Maker, term: step.Fen) -> Reading:
    value = term.value
    return lambda _run: value


def _held(_maker: Maker, term: step.Held) -> Reading:
    register = term.register
    return lambda run: run.registers[register]


def _in_cell(_maker: Maker, term: step.InCell) -> Reading:
    cell = term.cell
    return lambda run: run.cells[cell]


def _amount(maker: Maker, term: step.Amount) -> Reading:
    value, denominator, rounding = maker.value(term.expr), term.expr.denominator, term.rounding
    mode, unit = rounding.mode, rounding.unit_fen
    return lambda run: rounded_fen(value(run), denominator, mode, unit)


def _least(maker: Maker, term: step.Least) -> Reading:
    terms = [maker.term(each) for each in term.terms]
    if len(terms) == 2:
        first, second = terms
        return lambda run: min(first(run), second(run))
    return lambda run: min([each(run) for each in terms])


def _not_below_zero(maker: Maker, term: step.NotBelowZero) -> Reading:
    inner = maker.term(term.term)
    return lambda run: max(0, inner(run))


def _plus(maker: Maker, term: step.Plus) -> Reading:
    terms = [maker.term(each) for each in term.terms]
    return lambda run: sum([each(run) for each in terms])


def _less(maker: Maker, term: step.Less) -> Reading:
    amount, taken = maker.term(term.term), maker.term(term.taken)
    return lambda run: amount(run) - taken(run)


def _times(maker: Maker, term: step.Times) -> Reading:
    amount, factor = maker.term(term.term), maker.term(term.factor)
    return lambda run: amount(run) * factor(run)


def _quotient(maker: Maker, term: step.Quotient) -> Reading:
    amount, denominator, rounding = maker.term(term.term), term.denominator, term.rounding
    return lambda run: round_to(amount(run), denominator, rounding.unit_fen, rounding.mode)


def _rated(maker: Maker, term: step.Rated) -> Reading:
    amount, rate, rounding = maker.term(term.term), maker.value(term.rate), term.rounding
    denominator, mode, unit = term.rate.denominator, rounding.mode, rounding.unit_fen
    return lambda run: rounded_fen(amount(run) * rate(run), denominator, mode, unit)


def _rated_left(maker: Maker, term: step.RatedLeft) -> Reading:
    cost, paid, left = maker.term(term.cost), maker.term(term.paid), rated_left(term)
    paid_rate, rate = maker.value(term.paid_rate), maker.value(term.rate)
    return lambda run: left(cost(run), paid(run), paid_rate(run), rate(run))


def rated_left(term: step.RatedLeft) -> Callable[[int, int, Any, Any], int]:
    """A function from the cost, what was paid of it, and the numerators of both rates to fen."""
    paid_below, below, rounding = term.paid_rate.denominator, term.rate.denominator, term.rounding

    def left(whole: int, done: int, paid_rate: Any, rate: Any) -> int:
        divisor, share = fraction_of(paid_rate, paid_below), fraction_of(rate, below)
        exact = share * (whole - (done / divisor if divisor else 0))
        return rounded_fen(exact, None, rounding.mode, rounding.unit_fen)

    return left


def _band(maker: Maker, term: step.Band) -> Reading:
    low, high, rounding = maker.term(term.low), maker.term(term.high), term.rounding

    def band(run: "Run") -> int:
        numerator, denominator = band_amount(term, low(run), high(run))
        return round_to(numerator, denominator, rounding.unit_fen, rounding.mode)

    return band


def band_amount(term: step.Band, low: int, high: int) -> tuple[int, int]:
    """What the tiers give between two amounts, as a numerator and its denominator.

    Refused (YB412) if the amounts go beyond the last tier.
    """
    denominator, scaled = tier_rates(term)
    total = 0
    begins = 0
    for bound, rate in zip(term.bounds, scaled, strict=True):
        reached = high if bound is None else min(high, bound)
        if term.whole and (bound is None or high <= bound):
            return (high - low) * rate, denominator
        if reached > max(low, begins):
            total += (reached - max(low, begins)) * rate
        if bound is None or high <= bound:
            return total, denominator
        begins = bound
    raise no_value("YB412", term.written.place, table=term.table)


def tier_rates(term: step.Band) -> tuple[int, list[int]]:
    """One denominator for the rates of all tiers, and their numerators over it."""
    from math import lcm

    denominator = lcm(*(rate.denominator or 1 for rate in term.rates))
    return denominator, [
        _numerator(each) * (denominator // (each.denominator or 1)) for each in term.rates
    ]


def _numerator(rate: Any) -> int:
    value: int = rate.value
    return value


TERMS: dict[type[step.Term], Callable[[Maker, Any], Reading]] = {
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
