"""What the Python printer writes with: lines, names, and pieces of expressions."""

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, NamedTuple

from yibaolang.model.arms import When
from yibaolang.model.core import Defined, Expr, FactOf, Written
from yibaolang.program.conditions import key
from yibaolang.program.novalue import NoValue

_DEEPEST_BLOCK = 40
_LONGEST_COMMENT = 160
_DEEPEST_PIECE = 15


class CannotPrint(Exception):
    """Something has no Python form; `written` is the sentence or part that it comes from."""

    def __init__(self, written: Written, what: str) -> None:
        super().__init__(f"{written.place}: {what} cannot be printed as Python")
        self.written = written
        self.what = what


class Undecided(Exception):
    """The printed function cannot tell; the interpreter is asked."""


UNDECIDED = (
    Undecided,
    NoValue,
    TypeError,
    AttributeError,
    ZeroDivisionError,
    ValueError,
    OverflowError,
)
"""What may come up in printed code where a fact is missing or a value is unusual."""


class Piece(NamedTuple):
    """A piece of Python: an expression, its value if it is known, and what is known of it.

    `depth` counts the parentheses inside, `atom` says that it needs none around it, `positive`
    that it is never below zero.
    """

    code: str
    value: Any = None
    positive: bool = False
    atom: bool = False
    depth: int = 0

    @property
    def operand(self) -> str:
        """The code as an operand, in parentheses if it needs them."""
        return self.code if self.atom else f"({self.code})"


class Writer:
    """The lines of a function, the names in them, and the helpers that they call."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.indent = 2
        self.helpers: dict[str, Any] = {}
        self.days: dict[str, date] = {}
        self._taken = 0

    def line(self, text: str) -> None:
        """Write a line at the present depth."""
        self.lines.append("    " * self.indent + text)

    def fresh(self, hint: str) -> str:
        """A new name; the hint is kept if it can stand in one."""
        self._taken += 1
        return f"its_{safe(hint)}_{self._taken}"

    def let(self, hint: str, piece: Piece) -> Piece:
        """Give a piece a name, unless it is as short as one."""
        if piece.atom:
            return piece
        name = self.fresh(hint)
        self.line(f"{name} = {piece.code}")
        return Piece(name, None, piece.positive, True)

    def helper(self, hint: str, function: Any) -> str:
        """A new name for a function that printed code calls."""
        name = self.fresh(hint)
        self.helpers[name] = function
        return name

    def day(self, value: date) -> str:
        """The name of a constant day."""
        name = f"DAY_{value:%Y_%m_%d}"
        self.days[name] = value
        return name

    def comment(self, written: Written) -> None:
        """The sentence that the next lines come from."""
        start, end = written.node.span
        text = " ".join(written.source.text[start:end].split())[:_LONGEST_COMMENT]
        said = f"# {written.place}: {text}".encode("utf-8", "replace").decode("utf-8")
        self.line(" ".join(said.split()))

    def deeper(self, written: Written) -> None:
        """Begin a block; CannotPrint beyond what Python takes."""
        self.indent += 1
        if self.indent > _DEEPEST_BLOCK:
            raise CannotPrint(written, "so deep a choice")

    def back(self) -> None:
        """End a block."""
        self.indent -= 1


class Scope:
    """Where expressions are printed: the day they look at, and what has a name already."""

    def __init__(
        self,
        writer: Writer,
        look: str,
        posting: str | None,
        when: When | None,
        within: tuple[date, date],
        table: "PrintTable",
    ) -> None:
        self.table = table
        self.writer = writer
        self.look = look
        self.posting = posting
        self.when = when
        self.within = within
        self.named: dict[Hashable, Piece] = {}
        self.checked: set[str] = set()

    def inner(self) -> "Scope":
        """The scope of a block: it sees these names, and its own are not seen outside."""
        scope = Scope(self.writer, self.look, self.posting, self.when, self.within, self.table)
        scope.named = dict(self.named)
        scope.checked = set(self.checked)
        return scope


def safe(name: str) -> str:
    """A name that can be part of a Python name; "value" for others.

    >>> safe("avg_pension"), safe("平均养老金")
    ('avg_pension', 'value')
    """
    return name if name.isascii() and name.isidentifier() else "value"


PrintTable = dict[type, Callable[[Any, Scope], Piece]]


def constant(value: Any, writer: Writer) -> Piece:
    """A value that is known, as Python."""
    if isinstance(value, bool | str):
        return Piece(ascii(value), value, False, True)
    if isinstance(value, date):
        return Piece(writer.day(value), value, False, True)
    code = str(value) if value >= 0 else f"({value})"
    return Piece(code, value, value >= 0, True)


def printed(expr: Expr, scope: Scope) -> Piece:
    """An expression as Python; CannotPrint if it has no such form."""
    known = scope.named.get(key(expr)) if isinstance(expr, Defined) else None
    if known is not None:
        return known
    found = scope.table[type(expr)](expr, scope)
    return scope.writer.let("part", found) if found.depth > _DEEPEST_PIECE else found


def lifted(expr: Expr, scope: Scope, scale: int | None) -> Piece:
    """An operand times its scale, or with None as a Fraction."""
    piece = printed(expr, scope)
    if scale is None:
        return fraction(piece, expr.denominator)
    return scaled(piece, scale, scope)


def scaled(piece: Piece, scale: int, scope: Scope) -> Piece:
    """A piece times a whole number."""
    if scale == 1:
        return piece
    if piece.value is not None:
        return constant(piece.value * scale, scope.writer)
    factor = str(scale) if scale >= 0 else f"({scale})"
    code = f"{piece.operand} * {factor}"
    return Piece(code, None, piece.positive and scale >= 0, False, piece.depth + 1)


def fraction(piece: Piece, denominator: int | None) -> Piece:
    """A piece over a denominator as a Fraction."""
    below = "" if denominator in (None, 1) else f", {denominator}"
    return Piece(f"Fraction({piece.code}{below})", None, piece.positive, True, piece.depth + 1)


def scales_of(scales: tuple[int, ...], count: int) -> list[int | None]:
    """The scales of operands; None for each that must become a Fraction."""
    return list(scales) if scales else [None] * count


def given_name(node: FactOf) -> str:
    """The name of the argument that holds a fact."""
    return f"given_{node.name if safe(node.name) == node.name else node.slot}"


def check_given(name: str, scope: Scope) -> None:
    """Say once that something must be there: comparing None would not fail by itself."""
    if name not in scope.checked:
        scope.checked.add(name)
        scope.writer.line(f"if {name} is None: raise Undecided")
