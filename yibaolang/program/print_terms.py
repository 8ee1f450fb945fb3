"""Terms of instructions as Python: amounts in fen out of registers, cells and expressions."""

from collections.abc import Callable
from math import gcd
from typing import Any

from yibaolang.model.arms import Rounding
from yibaolang.program import instructions as step
from yibaolang.program.needing import registers_read
from yibaolang.program.print_expressions import rounded
from yibaolang.program.printing import CannotPrint, Piece, Scope, Writer, constant, printed
from yibaolang.program.terms import rated_left, tier_rates

_Into = str | None
"""The name that a term may be built up in, if it needs lines of its own."""


class Terms:
    """Writes terms. `names` are the local variables of the registers."""

    def __init__(self, writer: Writer, names: list[str]) -> None:
        self.writer = writer
        self.names = names

    def piece(self, term: step.Term, scope: Scope, into: _Into = None) -> Piece:
        """A term as Python."""
        return _TERMS[type(term)](self, term, scope, into)

    def named(self, term: step.Term, scope: Scope) -> Piece:
        """A term as a number, or as a name that stays what it is when cells change."""
        found = self.piece(term, scope)
        if isinstance(term, step.InCell):
            found = found._replace(atom=False)
        return self.writer.let("fen", found)

    def put(self, term: step.Term, name: str, scope: Scope) -> None:
        """Write a term into a name."""
        used = {self.names[register] for register in registers_read(term)}
        found = self.piece(term, scope, None if name in used else name)
        if found.code != name:
            self.writer.line(f"{name} = {found.code}")

    # ── cells ──

    def cell(self, cell: int, scope: Scope) -> Piece:
        """The name of what a cell holds."""
        known = scope.named.get(("cell", cell))
        if known is None:
            self.writer.line(f"cell_{cell} = new[{cell}]")
            known = scope.named["cell", cell] = Piece(f"cell_{cell}", None, False, True)
        return known

    def store(self, cell: int, code: str, scope: Scope) -> None:
        """Put something into a cell."""
        named = f"cell_{cell} = " if ("cell", cell) in scope.named else ""
        self.writer.line(f"{named}new[{cell}] = {code}")

    def add(self, cell: int, sign: str, code: str, scope: Scope) -> None:
        """Add to a cell, or take from it."""
        if ("cell", cell) in scope.named:
            self.store(cell, f"cell_{cell} {sign} {code}", scope)
        else:
            self.writer.line(f"new[{cell}] {sign}= {code}")

    # ── pieces ──

    def bounded(self, pieces: list[Piece], sign: str, name: str, positive: bool = False) -> Piece:
        """The smallest (>) or largest (<) of several, in a name that the first may have already."""
        first, *others = pieces
        if first.code != name:
            self.writer.line(f"{name} = {first.code}")
        for each in others:
            other = self.writer.let("bound", each).code
            self.writer.line(f"if {name} {sign} {other}: {name} = {other}")
        return Piece(name, None, positive, True)


def _fen(terms: Terms, term: step.Fen, _scope: Scope, _into: _Into) -> Piece:
    return constant(term.value, terms.writer)


def _held(terms: Terms, term: step.Held, _scope: Scope, _into: _Into) -> Piece:
    return Piece(terms.names[term.register], None, False, True)


def _in_cell(terms: Terms, term: step.InCell, scope: Scope, _into: _Into) -> Piece:
    return terms.cell(term.cell, scope)


def _amount(terms: Terms, term: step.Amount, scope: Scope, _into: _Into) -> Piece:
    return _rounded(printed(term.expr, scope), term.expr.denominator, term.rounding, scope)


def _rounded(piece: Piece, denominator: int | None, by: Rounding, scope: Scope) -> Piece:
    if denominator == by.unit_fen == 1:
        return piece
    return rounded(piece, denominator, by.mode, by.unit_fen, scope)


def _least(terms: Terms, term: step.Least, scope: Scope, into: _Into) -> Piece:
    pieces = [terms.piece(each, scope) for each in term.terms]
    return terms.bounded(pieces, ">", into or terms.writer.fresh("least"))


def _not_below_zero(terms: Terms, term: step.NotBelowZero, scope: Scope, into: _Into) -> Piece:
    name = into or terms.writer.fresh("least")
    inner = terms.piece(term.term, scope, name)
    return terms.bounded([inner, constant(0, terms.writer)], "<", name, True)


def _plus(terms: Terms, term: step.Plus, scope: Scope, _into: _Into) -> Piece:
    pieces = [terms.piece(each, scope) for each in term.terms]
    depth = max(each.depth for each in pieces) + 1
    return Piece(" + ".join(each.operand for each in pieces), depth=depth)


def _less(terms: Terms, term: step.Less, scope: Scope, _into: _Into) -> Piece:
    amount, taken = terms.piece(term.term, scope), terms.piece(term.taken, scope)
    depth = max(amount.depth, taken.depth) + 1
    return Piece(f"{amount.operand} - {taken.operand}", depth=depth)


def _times(terms: Terms, term: step.Times, scope: Scope, _into: _Into) -> Piece:
    amount, factor = terms.piece(term.term, scope), terms.piece(term.factor, scope)
    depth = max(amount.depth, factor.depth) + 1
    return Piece(f"{amount.operand} * {factor.operand}", depth=depth)


def _quotient(terms: Terms, term: step.Quotient, scope: Scope, _into: _Into) -> Piece:
    return _rounded(terms.piece(term.term, scope), term.denominator, term.rounding, scope)


def _rated(terms: Terms, term: step.Rated, scope: Scope, _into: _Into) -> Piece:
    amount, rate = terms.piece(term.term, scope), printed(term.rate, scope)
    denominator = term.rate.denominator
    if denominator is not None and rate.value is not None:
        shared = gcd(rate.value, denominator)
        rate = constant(rate.value // shared, terms.writer)
        denominator //= shared
    if rate.value == 1:
        exact = amount
    else:
        depth = max(amount.depth, rate.depth) + 1
        exact = Piece(f"{amount.operand} * {rate.operand}", depth=depth)
    return _rounded(exact, denominator, term.rounding, scope)


def _rated_left(terms: Terms, term: step.RatedLeft, scope: Scope, _into: _Into) -> Piece:
    """What is left of a cost: in ints where both rates are known, else as it is interpreted."""
    cost, paid = terms.piece(term.cost, scope), terms.piece(term.paid, scope)
    paid_rate, rate = printed(term.paid_rate, scope), printed(term.rate, scope)
    if term.paid_rate.denominator is None or term.rate.denominator is None:
        known = False
    else:
        known = rate.value is not None and paid_rate.value is not None and paid_rate.value > 0
    if not known:
        left = terms.writer.helper("left", rated_left(term))
        codes = ", ".join(each.code for each in (cost, paid, paid_rate, rate))
        return Piece(f"{left}({codes})")
    # rate / below * (cost - paid / (paid_rate / paid_below)), over one denominator.
    of_cost, of_paid = rate.value * paid_rate.value, rate.value * (term.paid_rate.denominator or 1)
    denominator = (term.rate.denominator or 1) * paid_rate.value
    shared = gcd(of_cost, of_paid, denominator)
    code = f"{cost.operand} * {of_cost // shared} - {paid.operand} * {of_paid // shared}"
    depth = max(cost.depth, paid.depth) + 1
    return _rounded(Piece(code, depth=depth), denominator // shared, term.rounding, scope)


def _band(terms: Terms, term: step.Band, scope: Scope, _into: _Into) -> Piece:
    if not term.bounds:
        raise CannotPrint(term.written, "a table without tiers")
    writer = terms.writer
    low, high = terms.named(term.low, scope).code, terms.named(term.high, scope).code
    name = writer.fresh("tiers")
    denominator, rates = tier_rates(term)
    if term.whole:
        _whole(term, f"({high} - {low})", high, rates, name, writer)
    else:
        _marginal(term, low, high, rates, name, writer)
    positive = not term.whole and min(rates) >= 0
    return _rounded(Piece(name, None, positive, True), denominator, term.rounding, scope)


def _whole(
    term: step.Band, part: str, high: str, rates: list[int], name: str, writer: Writer
) -> None:
    word = "if"
    for bound, rate in zip(term.bounds, rates, strict=True):
        test = "True" if bound is None else f"{high} <= {bound}"
        writer.line(f"{word} {test}: {name} = {part} * {rate}")
        word = "elif"
    writer.line("else: raise Undecided")


def _marginal(
    term: step.Band, low: str, high: str, rates: list[int], name: str, writer: Writer
) -> None:
    if None not in term.bounds:
        writer.line(f"if {high} > {term.bounds[-1]}: raise Undecided")
    writer.line(f"{name} = 0")
    begins = 0
    for bound, rate in zip(term.bounds, rates, strict=True):
        reached, begun = writer.fresh("reached"), writer.fresh("begun")
        writer.line(f"{reached} = {_lesser(high, bound)}")
        writer.line(f"{begun} = {low} if {low} > {begins} else {begins}")
        writer.line(f"if {reached} > {begun}: {name} += ({reached} - {begun}) * {rate}")
        if bound is None:
            break
        begins = bound


def _lesser(code: str, bound: int | None) -> str:
    return code if bound is None else f"{code} if {code} < {bound} else {bound}"


_TERMS: dict[type[step.Term], Callable[[Terms, Any, Scope, _Into], Piece]] = {
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
