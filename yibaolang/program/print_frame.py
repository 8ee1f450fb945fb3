"""Expressions as Python that read a frame: what the steps of a ledger's programs evaluate.

A fact is read from its slot once in a block. Where something else than a value of its type is
there, and for what has no Python form, the interpreter's closure is called with the frame.
"""

from datetime import date

from yibaolang.model.core import (
    Absent,
    AsOf,
    CountOf,
    DateOf,
    DayOfYear,
    Expr,
    FactOf,
    Junction,
    Published,
    StartOf,
)
from yibaolang.program.closures import compile
from yibaolang.program.conditions import key
from yibaolang.program.frame import TODAY, YEAR_START
from yibaolang.program.print_expressions import TABLE
from yibaolang.program.printing import (
    Piece,
    PrintTable,
    Scope,
    constant,
    given_name,
    printed,
)
from yibaolang.program.readings import row_within
from yibaolang.program.short import class_of, plain

Slot = tuple[str, int]


def slot_key(slot: int) -> Slot:
    """Under which a scope keeps the name of what a slot holds."""
    return "slot", slot


def _fact(node: FactOf, scope: Scope) -> Piece:
    if not plain(node):
        return _read(node, scope)
    known = scope.named.get(slot_key(node.slot))
    return _read_fact(node, scope) if known is None else known


def _read_fact(node: FactOf, scope: Scope) -> Piece:
    name, expected = given_name(node), class_of(node).__name__
    read = scope.writer.helper("read", compile(node))
    scope.writer.line(f"{name} = frame[{node.slot}]")
    scope.writer.line(f"if {name}.__class__ is not {expected}: {name} = {read}(frame)")
    return keep_slot(node.slot, name, scope)


def keep_slot(slot: int, name: str, scope: Scope) -> Piece:
    """From now on, what a slot holds has a name."""
    found = scope.named[slot_key(slot)] = Piece(name, None, False, True)
    scope.checked.add(name)
    return found


def _once(node: Expr, hint: str, code: str, scope: Scope) -> Piece:
    """A name for what code gives, the same for all nodes that mean the same."""
    known = scope.named.get(key(node))
    if known is None:
        known = scope.writer.let(hint, Piece(code))
        scope.named[key(node)] = known
        scope.checked.add(known.code)
    return known


def _read(node: Expr, scope: Scope) -> Piece:
    """What the interpreter's closure reads."""
    known = scope.named.get(key(node))
    if known is not None:
        return known
    return _once(node, "read", f"{scope.writer.helper('read', compile(node))}(frame)", scope)


def _junction(node: Junction, scope: Scope) -> Piece:
    """Each operand that needs lines of its own is looked at only if those before it do not decide.

    So what is not known does not matter where it is not needed.
    """
    writer = scope.writer
    word = " and " if node.every else " or "
    pieces: list[Piece] = []
    for operand in node.operands:
        mark, inner = len(writer.lines), scope.inner() if pieces else scope
        if pieces:
            writer.deeper(node.written)
        piece = printed(operand, inner)
        if pieces:
            writer.back()
        if pieces and len(writer.lines) > mark:
            needed = writer.lines[mark:]
            del writer.lines[mark:]
            so_far = writer.fresh("so")
            writer.line(f"{so_far} = {_joined(pieces, word)}")
            writer.line(f"if {'' if node.every else 'not '}{so_far}:")
            writer.lines += needed
            writer.line(f"    {so_far} = {piece.code}")
            pieces = [Piece(so_far, None, False, True)]
        elif piece.value is not node.every:
            pieces.append(piece)
    if not pieces:
        return Piece(str(node.every), node.every, False, True)
    if len(pieces) == 1:
        return pieces[0]
    return Piece(_joined(pieces, word), depth=max(each.depth for each in pieces) + 1)


def _joined(pieces: list[Piece], word: str) -> str:
    return pieces[0].code if len(pieces) == 1 else word.join(each.operand for each in pieces)


def _date_of(node: DateOf, scope: Scope) -> Piece:
    if node.word not in ("today", "year_start"):
        return _read(node, scope)
    fresh = key(node) not in scope.named
    slot = TODAY if node.word == "today" else YEAR_START
    found = _once(node, node.word, f"frame[{slot}]", scope)
    if fresh:
        scope.writer.line(f"if {found.code} is None: raise Undecided")
    return found


def _published(node: Published, scope: Scope) -> Piece:
    """A param: a constant if it has one value while the plan holds."""
    row = row_within(node, *scope.within)
    if row is None or isinstance(row.value, Absent):
        return _read(node, scope)
    return constant(row.value, scope.writer)


def is_dated(node: Expr, within: tuple[date, date]) -> bool:
    """Whether a node is printed as a constant that is right between two days only."""
    return (
        isinstance(node, Published)
        and row_within(node, *within) is not None
        and row_within(node, date.min, date.max) is None
    )


FRAME_TABLE: PrintTable = {
    **TABLE,
    FactOf: _fact,
    Published: _published,
    DateOf: _date_of,
    Junction: _junction,
    DayOfYear: _read,
    StartOf: _read,
    CountOf: _read,
    AsOf: _read,
}
"""By class of node: how it is printed where a frame holds the facts."""
