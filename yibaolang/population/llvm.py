"""Nodes as LLVM IR text: for native code, and to be read.

Whole numbers are i64, truths i1. What could leave 64 bits is done by the intrinsics that tell, and
what they tell is gathered in `Text.bad`. Nothing else can go wrong: a divisor is above zero, and
the index of a table is inside it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from yibaolang.model.core import Written
from yibaolang.population import fixed
from yibaolang.population.fixed import Node, Whole, children
from yibaolang.population.heavy import Weights
from yibaolang.population.llvm_rounding import rounded_from_zero, rounded_signed
from yibaolang.population.ranges import Ranges, held

_SIGNS = {"=": "eq", "!=": "ne", "<": "slt", "<=": "sle", ">": "sgt", ">=": "sge"}
_OTHERS = {"=": "ne", "!=": "eq", "<": "sge", "<=": "sgt", ">": "sle", ">=": "slt"}
_LONGEST_COMMENT = 160


class Reader(Protocol):
    """Who knows what a column is."""

    def column(self, node: fixed.Column) -> str:
        """The operand that holds it here: i64, or i1 for a `Flag`."""

    def present(self, key: str) -> str:
        """The i1 that says whether it has a value."""


class Module:
    """The text of a module: its tables and functions."""

    def __init__(self) -> None:
        self.functions: list[str] = []
        self._tables: dict[tuple[int, ...], str] = {}

    def table(self, values: tuple[int, ...]) -> str:
        """The name of a constant table."""
        return self._tables.setdefault(values, f"@table.{len(self._tables)}")

    def text(self) -> str:
        """All of it."""
        from yibaolang.population.llvm_prelude import PRELUDE

        tables = [
            f"{name} = private unnamed_addr constant [{len(values)} x i64] "
            f"[{', '.join(f'i64 {each}' for each in values)}]"
            for values, name in self._tables.items()
        ]
        return "\n".join([*tables, "", *self.functions, PRELUDE])


class Text:
    """The lines of one function. Names are numbered, so that each is new."""

    def __init__(self, module: Module, comments: bool = False) -> None:
        self.module = module
        self.comments = comments
        self.lines: list[str] = []
        self.slots: list[str] = []
        self._taken = 0
        self._said: Written | None = None
        self.bad = self.alloca("bad", "i1")

    def line(self, text: str) -> None:
        """Write an instruction."""
        self.lines.append("  " + text)

    def fresh(self, hint: str) -> str:
        """A new name of a value."""
        self._taken += 1
        return f"%{hint}.{self._taken}"

    def label(self, hint: str) -> str:
        """A new name of a block."""
        self._taken += 1
        return f"{hint}.{self._taken}"

    def begin(self, label: str) -> None:
        """Begin a block."""
        self.lines.append(f"{label}:")

    def let(self, hint: str, code: str) -> str:
        """Give the value of an instruction a name."""
        name = self.fresh(hint)
        self.line(f"{name} = {code}")
        return name

    def alloca(self, hint: str, kind: str) -> str:
        """A place in memory for one value; the optimiser makes a register of it."""
        name = self.fresh(hint)
        self.slots.append(f"  {name} = alloca {kind}")
        return name

    def spoil(self, condition: str) -> None:
        """If an i1 holds, what is computed here must be done again elsewhere."""
        before = self.let("before", f"load i1, ptr {self.bad}")
        now = self.let("spoilt", f"or i1 {before}, {condition}")
        self.line(f"store i1 {now}, ptr {self.bad}")

    def constant(self, value: int) -> str:
        """A constant. LLVM would cut off one beyond 64 bits: what needs it is done elsewhere."""
        if held((value, value)):
            return str(value)
        self.spoil("true")
        return "1"

    def branch(self, condition: str, then: str, otherwise: str) -> None:
        """Go to one of two blocks."""
        self.line(f"br i1 {condition}, label %{then}, label %{otherwise}")

    def comment(self, written: Written | None) -> None:
        """Say the sentence that the next lines come from, if comments are wanted."""
        if not self.comments or written is None or written is self._said:
            return
        self._said = written
        start, end = written.node.span
        text = " ".join(written.source.text[start:end].split())[:_LONGEST_COMMENT]
        said = f"; {written.place}: {text}".encode("utf-8", "replace").decode("utf-8")
        self.lines.append("  " + " ".join(said.split()))


class Expressions:
    """Writes nodes into a function; each once, as far as it is known where it is used.

    `forget` says that columns have changed; nodes made `inside` a block are not known after it.
    """

    def __init__(self, text: Text, reader: Reader, ranges: Ranges) -> None:
        self.text = text
        self.reader = reader
        self.ranges = ranges
        self._weights = Weights()
        self._named: dict[int, tuple[Node, str]] = {}

    def value(self, node: Node) -> str:
        """The operand of a node."""
        waiting: list[tuple[Node, Callable[[Any], str] | None]] = [(node, None)]
        while waiting:
            each, printer = waiting.pop()
            if id(each) in self._named:
                continue
            if printer is not None:
                self.text.comment(each.written)
                self._named[id(each)] = each, printer(each)
                continue
            # Decided once: what is written meanwhile may change how heavy the sides are.
            split = self._splits(each)
            waiting.append((each, self._split if split else self._printed))
            needed = self._before(each) if split else children(each)
            waiting.extend((inner, None) for inner in reversed(list(needed)))
        return self._named[id(node)][1]

    def forget(self) -> None:
        """Read columns again from here on."""
        self._named.clear()

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Nodes made in here are not known afterwards."""
        before = dict(self._named)
        try:
            yield
        finally:
            self._named = before

    def operand(self, node: Node) -> str:
        """The operand of a node that has been written."""
        return self._named[id(node)][1]

    def _printed(self, node: Node) -> str:
        return _PRINTERS[type(node)](self, node)

    # ── choices between what takes long ──

    def _splits(self, node: Node) -> bool:
        return isinstance(node, fixed.If) and self._weights.worth(node, self._named)

    def _before(self, node: Node) -> list[Node]:
        """What a choice needs before it: its condition, and what both sides take long for."""
        if not isinstance(node, fixed.If):
            return []
        return [node.condition, *self._weights.common(node)]

    def _split(self, node: Any) -> str:
        text, kind = self.text, "i1" if node.truth else "i64"
        slot = text.alloca("chosen", kind)
        then, otherwise, after = (text.label(each) for each in ("then", "else", "after"))
        text.branch(self.operand(node.condition), then, otherwise)
        for label, side in ((then, node.then), (otherwise, node.otherwise)):
            text.begin(label)
            with self.inside():
                text.line(f"store {kind} {self.value(side)}, ptr {slot}")
            text.line(f"br label %{after}")
        text.begin(after)
        return text.let("chosen", f"load {kind}, ptr {slot}")

    # ── arithmetic ──

    def checked(self, word: str, left: str, right: str) -> str:
        """add, sub or mul of two operands, with what it tells gathered."""
        text = self.text
        call = f"call {{i64, i1}} @llvm.s{word}.with.overflow.i64(i64 {left}, i64 {right})"
        both = text.let("checked", call)
        text.spoil(text.let("over", f"extractvalue {{i64, i1}} {both}, 1"))
        return text.let("value", f"extractvalue {{i64, i1}} {both}, 0")

    def arithmetic(self, word: str, left: str, right: str, fits: bool) -> str:
        """The same, or without a check where it is proved that none is needed."""
        if fits:
            return self.text.let("value", f"{word} i64 {left}, {right}")
        return self.checked(word, left, right)


def _whole(body: Expressions, node: Whole) -> str:
    return body.text.constant(node.value)


def _truth(_: Expressions, node: fixed.Truth) -> str:
    return "true" if node.value else "false"


def _column(body: Expressions, node: fixed.Column) -> str:
    return body.reader.column(node)


def _present(body: Expressions, node: fixed.Present) -> str:
    return body.reader.present(node.key)


def _pick(body: Expressions, node: fixed.Pick) -> str:
    text, count = body.text, len(node.values)
    index = body.operand(node.index)
    low, high = body.ranges.of(node.index)
    if not 0 <= low <= high < count:
        inside = text.let("inside", f"icmp ult i64 {index}, {count}")
        index = text.let("index", f"select i1 {inside}, i64 {index}, i64 0")
    fitting = [held((each, each)) for each in node.values]
    if not all(fitting):
        wide = _looked_up(text, index, tuple(int(not each) for each in fitting))
        text.spoil(text.let("wide", f"icmp ne i64 {wide}, 0"))
    values = zip(node.values, fitting, strict=True)
    return _looked_up(text, index, tuple(each if fits else 1 for each, fits in values))


def _looked_up(text: Text, index: str, values: tuple[int, ...]) -> str:
    table = text.module.table(values)
    pointer = f"getelementptr inbounds [{len(values)} x i64], ptr {table}, i64 0, i64 {index}"
    return text.let("picked", f"load i64, ptr {text.let('place', pointer)}")


def _plus(body: Expressions, node: fixed.Plus) -> str:
    spans = [body.ranges.of(each) for each in node.terms]
    # Of any partial sum: of those below zero alone, and of those above.
    fits = held((sum(min(0, low) for low, _ in spans), sum(max(0, high) for _, high in spans)))
    first, *others = node.terms
    code = body.operand(first)
    for each in others:
        code = body.arithmetic("add", code, body.operand(each), fits)
    return code


def _scale(body: Expressions, node: fixed.Scale) -> str:
    operand = body.operand(node.operand)
    return body.arithmetic("mul", operand, body.text.constant(node.factor), body.ranges.fits(node))


def _times(body: Expressions, node: fixed.Times) -> str:
    left, right = body.operand(node.left), body.operand(node.right)
    return body.arithmetic("mul", left, right, body.ranges.fits(node))


def _bound(body: Expressions, node: fixed.Bound) -> str:
    left, right = body.operand(node.left), body.operand(node.right)
    word = "smin" if node.least else "smax"
    return body.text.let("bound", f"call i64 @llvm.{word}.i64(i64 {left}, i64 {right})")


def _compare(body: Expressions, node: fixed.Compare) -> str:
    left, right = body.operand(node.left), body.operand(node.right)
    return body.text.let("holds", f"icmp {_SIGNS[node.sign]} i64 {left}, {right}")


def _not(body: Expressions, node: fixed.Not) -> str:
    if isinstance(node.operand, fixed.Compare):
        # The comparison itself is often not needed besides; then the optimiser drops it.
        left, right = body.operand(node.operand.left), body.operand(node.operand.right)
        return body.text.let("holds", f"icmp {_OTHERS[node.operand.sign]} i64 {left}, {right}")
    return body.text.let("not", f"xor i1 {body.operand(node.operand)}, true")


def _junction(body: Expressions, node: fixed.Junction) -> str:
    first, *others = node.operands
    code, word = body.operand(first), "and" if node.every else "or"
    for each in others:
        code = body.text.let("holds", f"{word} i1 {code}, {body.operand(each)}")
    return code


def _if(body: Expressions, node: fixed.If) -> str:
    kind = "i1" if node.truth else "i64"
    condition, then, otherwise = (
        body.operand(each) for each in (node.condition, node.then, node.otherwise)
    )
    return body.text.let(
        "chosen", f"select i1 {condition}, {kind} {then}, {kind} {otherwise}"
    )


def _rounded(body: Expressions, node: fixed.Rounded) -> str:
    text = body.text
    number, divisor = body.operand(node.operand), body.operand(node.divisor)
    if not isinstance(node.divisor, Whole):
        # What is refused may have any divisor; a division must have one above zero.
        divisor = text.let("divisor", f"call i64 @llvm.smax.i64(i64 {divisor}, i64 1)")
    if body.ranges.of(node.operand)[0] >= 0:
        known = int(divisor) if isinstance(node.divisor, Whole) else None
        quotient = rounded_from_zero(text, node.mode, number, divisor, known)
    else:
        quotient = rounded_signed(text, node.mode, number, divisor)
    if node.unit == 1:
        return quotient
    return body.arithmetic("mul", quotient, body.text.constant(node.unit), body.ranges.fits(node))


def _part(body: Expressions, node: fixed.Part) -> str:
    call = f"call {{i64, i64, i64}} @yb.civil(i64 {body.operand(node.operand)})"
    parts = body.text.let("civil", call)
    index = ("year", "month", "day").index(node.part)
    return body.text.let(node.part, f"extractvalue {{i64, i64, i64}} {parts}, {index}")


def _clamped(body: Expressions, node: fixed.Clamped) -> str:
    months, day = body.operand(node.months), body.operand(node.day)
    return body.text.let("day", f"call i64 @yb.day(i64 {months}, i64 {day})")


def _elapsed(body: Expressions, node: fixed.Elapsed) -> str:
    start, end = body.operand(node.start), body.operand(node.end)
    months = body.text.let("months", f"call i64 @yb.months(i64 {start}, i64 {end})")
    if node.months == 1:
        return months
    return rounded_signed(body.text, "floor", months, str(node.months))


_PRINTERS: dict[type[Node], Callable[[Expressions, Any], str]] = {
    fixed.Whole: _whole,
    fixed.Truth: _truth,
    fixed.Column: _column,
    fixed.Flag: _column,
    fixed.Present: _present,
    fixed.Pick: _pick,
    fixed.Plus: _plus,
    fixed.Scale: _scale,
    fixed.Times: _times,
    fixed.Bound: _bound,
    fixed.Compare: _compare,
    fixed.Not: _not,
    fixed.Junction: _junction,
    fixed.If: _if,
    fixed.Rounded: _rounded,
    fixed.Part: _part,
    fixed.Clamped: _clamped,
    fixed.Elapsed: _elapsed,
}
