"""Expressions as Python over ints: the same nodes as in `closures`, written down.

Parts that may not be needed may still be written before the line that needs them: they only
compute, and where they fail the interpreter decides.
"""

from math import prod
from typing import Any

from yibaolang.model.core import (
    Absent,
    AsOf,
    Constant,
    CountOf,
    DateOf,
    DayOfYear,
    Defined,
    Divide,
    Elapsed,
    Expr,
    FactOf,
    Multiply,
    Published,
    RoundTo,
    Shift,
    StartOf,
    Total,
)
from yibaolang.model.rounding import python_expression
from yibaolang.program.conditions import key
from yibaolang.program.frame import Scenario
from yibaolang.program.novalue import NoValue
from yibaolang.program.operations import multiply_factor, operation_of, rounded_fen
from yibaolang.program.print_choices import CHOICES
from yibaolang.program.print_conditions import CONDITIONS
from yibaolang.program.printing import (
    CannotPrint,
    Piece,
    PrintTable,
    Scope,
    check_given,
    constant,
    fraction,
    given_name,
    lifted,
    printed,
    safe,
    scaled,
    scales_of,
)
from yibaolang.program.readings import (
    READINGS,
    pieces,
    row_in_year,
    row_within,
)

_TERMS_A_LINE = 50


def _constant(node: Constant, scope: Scope) -> Piece:
    if node.denominator is None:
        return fraction(constant(node.value, scope.writer), None)
    return constant(node.value, scope.writer)


def _absent(_node: Absent, _scope: Scope) -> Piece:
    return Piece("undecided()", None, True, True)


def _fact(node: FactOf, scope: Scope) -> Piece:
    name = given_name(node)
    if node.type.kind in ("choice", "truth", "text"):
        check_given(name, scope)
    if node.denominator is None:
        return fraction(Piece(name, None, False, True), None)
    return scaled(Piece(name, None, False, True), node.denominator, scope)


_NOTHING = Scenario({})


def _reader(node: Expr, scope: Scope) -> Piece:
    """A call that reads what depends on no fact: a param, a day of the year."""
    read = READINGS[type(node)](node)
    names = ("",) * getattr(node, "slot", 0)
    name = scope.writer.helper("read", lambda day: read(_NOTHING.frame(names, day))[0])
    return Piece(f"{name}({scope.look})")


def _published(node: Published, scope: Scope) -> Piece:
    row = row_within(node, *scope.within)
    if row is None and (node.year is not None or node.years_back >= 0):
        row = _row_of_years(node, scope)
    if row is not None and node.denominator is not None and not isinstance(row.value, Absent):
        return constant(row.value, scope.writer)
    return scope.writer.let(node.name, _reader(node, scope))


def _row_of_years(node: Published, scope: Scope) -> Any:
    """The one row of all the years that the plan's days can mean, or None."""
    first, last = (day.year - node.years_back for day in scope.within)
    if node.year is not None:
        first = last = node.year
    if first != last or first < 1:
        return None
    try:
        return row_in_year(node, pieces(node.rows), first)
    except NoValue:
        return None


def _start_of(node: StartOf, scope: Scope) -> Piece:
    name = start_name(node)
    check_given(name, scope)
    return Piece(name, None, False, True)


def start_name(node: StartOf) -> str:
    """The name of the argument that holds the start."""
    value = str(node.value)
    if safe(value) == value:
        return f"since_{value}_{node.slot}"
    # Its code points in place of what cannot stand in a name: no other text has the same.
    code = value.encode("utf-8", "surrogatepass").hex()
    return f"start_{code}_{node.slot}"


def _defined(node: Defined, scope: Scope) -> Piece:
    writer = scope.writer
    mark = len(writer.lines)
    writer.comment(node.definition)
    piece = printed(node.value, scope)
    if node.denominator != node.value.denominator and node.type.numeric:
        piece = fraction(piece, node.value.denominator)
        if node.denominator is not None:
            call = f"over({piece.code}, {node.denominator})"
            piece = Piece(call, None, piece.positive, False, piece.depth + 1)
    piece = writer.let(node.name, piece)
    if len(writer.lines) == mark + 1:
        writer.lines.pop()
    scope.named[key(node)] = piece
    return piece


def _total(node: Total, scope: Scope) -> Piece:
    scales = scales_of(node.scales, len(node.terms))
    terms = []
    for term, sign, scale in zip(node.terms, node.signs, scales, strict=True):
        piece = lifted(term, scope, scale)
        if sign:
            terms.append((sign, piece))
        elif piece.value is None:
            # It is only said and not added, but without a value there is no sum.
            terms.append((1, scaled(piece, 0, scope)))
    positive = all(sign > 0 and piece.positive for sign, piece in terms)
    if len(terms) > _TERMS_A_LINE:
        name = scope.writer.fresh("total")
        scope.writer.line(f"{name} = 0")
        for start in range(0, len(terms), _TERMS_A_LINE):
            scope.writer.line(f"{name} += {_added(terms[start : start + _TERMS_A_LINE])}")
        piece = Piece(name, None, positive, True)
    else:
        depth = max((piece.depth for _, piece in terms), default=0) + 1
        piece = Piece(_added(terms) or "0", None, positive, False, depth)
    return fraction(piece, None) if node.denominator is None else piece


def _added(terms: list[tuple[int, Piece]]) -> str:
    signed = ((" + " if sign > 0 else " - ") + piece.operand for sign, piece in terms)
    return "".join(signed).removeprefix(" + ").removeprefix(" ")


def _multiply(node: Multiply, scope: Scope) -> Piece:
    scale = None if node.denominator is None else 1
    factors = [lifted(each, scope, scale) for each in node.factors]
    positive = all(each.positive for each in factors)
    known = prod((each.value for each in factors if each.value is not None), start=1)
    if node.denominator is not None:
        known *= multiply_factor(node)
    codes = [each.operand for each in factors if each.value is None]
    if not codes:
        return constant(known, scope.writer)
    if known != 1:
        codes.append(str(known) if known > 0 else f"({known})")
    depth = max(each.depth for each in factors) + (len(codes) > 1)
    if len(codes) == 1:
        return next(each for each in factors if each.value is None)._replace(positive=positive)
    return Piece(" * ".join(codes), None, positive, False, depth)


def _divide(node: Divide, scope: Scope) -> Piece:
    if node.denominator is not None:
        return scaled(printed(node.above, scope), node.factor, scope)
    above, below = lifted(node.above, scope, None), lifted(node.below, scope, None)
    depth = max(above.depth, below.depth) + 1
    return Piece(f"{above.operand} / {below.operand}", None, False, False, depth)


def _round_to(node: RoundTo, scope: Scope) -> Piece:
    piece = printed(node.operand, scope)
    return rounded(piece, node.operand.denominator, node.mode, node.unit_fen, scope)


def rounded(piece: Piece, denominator: int | None, mode: str, unit_fen: int, scope: Scope) -> Piece:
    """A piece over a denominator rounded to fen."""
    if piece.value is not None:
        return constant(rounded_fen(piece.value, denominator, mode, unit_fen), scope.writer)
    named = scope.writer.let("exact", piece)
    if denominator is None:
        call = f"rounded_fen({named.code}, None, {mode!r}, {unit_fen})"
        return Piece(call, None, piece.positive, True, 1)
    code = python_expression(mode, named.code, denominator * unit_fen, nonnegative=piece.positive)
    if unit_fen == 1:
        return Piece(code, None, piece.positive, True, 2)
    return Piece(f"{code} * {unit_fen}", None, piece.positive, False, 3)


def _elapsed(node: Elapsed, scope: Scope) -> Piece:
    start = scope.writer.let("start", printed(node.start, scope))
    end = scope.writer.let("end", printed(node.end, scope))
    if node.unit != "years":
        return Piece(f"{node.unit}_between({start.code}, {end.code})", None, False, True, 1)
    a, b = start.code, end.code
    # Fewer by one before the birthday; born 29 February, it is the 28th of a common year.
    before = (
        f"{b}.month < {a}.month or {b}.month == {a}.month and {b}.day < {a}.day"
        f" and not birthday({a}, {b})"
    )
    return Piece(f"{b}.year - {a}.year - ({before})", None, False, False, 2)


def _shift(node: Shift, scope: Scope) -> Piece:
    name = scope.writer.helper("shifted", operation_of(node))
    parts = [printed(each, scope).code for each in (node.start, *node.steps)]
    return scope.writer.let("day", Piece(f"{name}({', '.join(parts)})"))


def _date_of(node: DateOf, scope: Scope) -> Piece:
    if node.word == "today":
        return Piece(scope.look, None, False, True)
    if node.word == "posting_day":
        return Piece(scope.posting or "undecided()", None, False, True)
    if node.word == "year_start":
        if scope.when is None:
            raise CannotPrint(node.written, "the start of the year")
        begins = f"{scope.when.year_month}, {scope.when.year_day}"
        return scope.writer.let("day", Piece(f"year_start({scope.look}, {begins})"))
    return scope.writer.let("day", _reader(node, scope))


def _day_of_year(node: DayOfYear, scope: Scope) -> Piece:
    return scope.writer.let("day", _reader(node, scope))


def _never(node: Expr, _scope: Scope) -> Piece:
    what = "a count" if isinstance(node, CountOf) else "a value on another date"
    raise CannotPrint(node.written, what)


TABLE: PrintTable = {
    Constant: _constant,
    Absent: _absent,
    FactOf: _fact,
    Published: _published,
    StartOf: _start_of,
    Defined: _defined,
    Total: _total,
    Multiply: _multiply,
    Divide: _divide,
    RoundTo: _round_to,
    Elapsed: _elapsed,
    Shift: _shift,
    DateOf: _date_of,
    DayOfYear: _day_of_year,
    AsOf: _never,
    CountOf: _never,
    **CONDITIONS,
    **CHOICES,
}
