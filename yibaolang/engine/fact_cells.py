"""Facts in the cells of files: read by the type of what they are about, most without the language.

What is not of the plainest form is read as `given` reads it, and once only.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from yibaolang.engine.cells import Misfit, day_of_cell, refuse
from yibaolang.engine.events import EventFact
from yibaolang.engine.given import domain_of, fact_value, given_source
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal, diagnostic
from yibaolang.language.lexer import fold
from yibaolang.language.source import FORBIDDEN, Source
from yibaolang.language.suggest import suggestions
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.book import Book
from yibaolang.model.elaborate import Elaborator
from yibaolang.model.scope import Scope
from yibaolang.model.values import Type

if TYPE_CHECKING:
    from fractions import Fraction

_MONEY = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,2}))?(元?)")
_BARE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NUMBER = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,6}))?")
_PIECE = re.compile(r"[ \t]*([^ \t=]+)[ \t]*=[ \t]*([0-9][0-9.-]*元?)[ \t]*")
_EXAMPLES = {
    "money": "6000.00", "rate": "2.5%", "number": "12", "age": "72", "months": "25年6个月",
    "days": "30天", "date": "1952-03-01", "truth": "yes",
}  # fmt: skip
_TOLD = ("YB014", "YB015", "YB202", "YB205", "YB218", "YB422")
"""What is said of a number as the language says it; all else is a cell of another form."""
_GIVEN = len("given ")
_NOT_PLAIN = re.compile(rf"{FORBIDDEN.pattern}|[\n\t]")
_MOST_KEPT = 100_000


@frozen
class Bounds:
    """The domain of a number; None is open."""

    low: "int | Fraction | None"
    low_open: bool
    high: "int | Fraction | None"
    high_open: bool

    def hold(self, value: "int | Fraction") -> bool:
        """Whether a value is inside."""
        below = self.low is not None and (value <= self.low if self.low_open else value < self.low)
        above = self.high is not None and (
            value >= self.high if self.high_open else value > self.high
        )
        return not (below or above)


class FactCells:
    r"""Reads cells as facts of a book.

    >>> from yibaolang.engine.rulebook import read
    >>> cells = FactCells(read("").book)
    >>> cells.value("pension", "6000.00"), cells.value("sex", "\u7537"), cells.value("pooled", "no")
    (600000, 'male', False)
    >>> [(each.name, each.value) for each in cells.facts("emergency, stay_days = 100")]
    [('emergency', True), ('stay_days', Fraction(100, 1))]
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.columns = {
            text: named.name
            for text, named in book.names.items()
            if named.kind in ("input", "choice")
        }
        """The names of inputs and choices with their aliases, each with the canonical one."""
        self._elaborator = Elaborator(Scope(book, "", None, {}, frozenset()))
        self._readers: dict[str, Callable[[str], Any]] = {}
        self._pieces_of: dict[str, Callable[[str], Any]] = {}
        self._pieces: dict[str, tuple[EventFact, ...]] = {}
        self._texts: dict[str, tuple[EventFact, ...]] = {}
        words = vocabulary().keywords
        self._truths = dict.fromkeys((*words["YES"].en, *words["YES"].zh), True)
        self._truths |= dict.fromkeys((*words["NO"].en, *words["NO"].zh), False)

    # ── a column for each fact ──

    def value(self, name: str, text: str) -> Any:
        """The value that a cell gives an input or a choice, by its canonical name; Misfit.

        Money may stand without a unit, in yuan.
        """
        reader = self._readers.get(name)
        if reader is None:
            reader = self._readers[name] = self._reader(name)
        return reader(text)

    def _reader(self, name: str) -> Callable[[str], Any]:
        type_ = self._elaborator.fact_type(name)
        if type_.choice:
            return self._choice_reader(name)
        if type_.kind == "truth":
            return self._truth_reader(name)
        if type_.kind == "text":
            return lambda text: plain_text(text, name)
        if type_.kind == "date":
            return lambda text: day_of_cell(text, name)
        quick = self._quick(name, type_, True)
        kept: dict[str, Any] = {}

        def read(text: str) -> Any:
            found = quick(text)
            if found is None:
                found = kept.get(text)
            if found is None:
                found = self._by_given(name, type_, text)
                keep(kept, text, found)
            return found

        return read

    def _choice_reader(self, name: str) -> Callable[[str], str]:
        values = {
            text: named.name
            for text, named in self.book.names.items()
            if named.kind == "value" and named.owner == name
        }

        def read(text: str) -> str:
            found = values.get(text)
            if found is None:
                near = suggestions(text, values, limit=1)
                raise refuse("YB101", name, name=text, suggestion=near[0] if near else "")
            return found

        return read

    def _truth_reader(self, name: str) -> Callable[[str], bool]:
        def read(text: str) -> bool:
            found = self._truths.get(text)
            if found is None:
                raise _not_fitting(name, "truth", text)
            return found

        return read

    def _quick(self, name: str, type_: Type, bare: bool) -> Callable[[str], Any]:
        """Reads the plainest numbers of a type inside its domain, None for all else.

        If not `bare`, money needs its unit.
        """
        bounds = self._bounds(name, type_)

        def money(text: str) -> int | None:
            match = _MONEY.fullmatch(text)
            if match is None or not (bare or match[3]):
                return None
            fen = int(match[1] + (match[2] or "").ljust(2, "0"))
            return fen if bounds.hold(fen) else None

        def number(text: str) -> "Fraction | None":
            from fractions import Fraction

            match = _NUMBER.fullmatch(text)
            if match is None:
                return None
            decimals = match[2] or ""
            found = Fraction(int(match[1] + decimals), 10 ** len(decimals))
            return found if bounds.hold(found) else None

        return {"money": money, "number": number}.get(type_.kind, lambda _: None)

    def _bounds(self, name: str, type_: Type) -> Bounds:
        domain = domain_of(self.book, name)
        if domain is None:
            return Bounds(None, False, None, False)
        source, range_ = domain
        low = self._bound(range_.low, source, type_)
        high = self._bound(range_.high, source, type_)
        return Bounds(low, range_.low_open, high, range_.high_open)

    def _bound(
        self, node: syntax.Expression | None, source: Source, type_: Type
    ) -> "int | Fraction | None":
        from fractions import Fraction

        from yibaolang.model.core import Constant

        if node is None:
            return None
        found = self._elaborator.expect(self._elaborator.expr(node, source), type_)
        if not isinstance(found, Constant) or not isinstance(found.value, int):
            return None
        exact = Fraction(found.value, found.denominator or 1)
        # An int is compared with an int much faster than with a Fraction.
        return exact.numerator if exact.denominator == 1 else exact

    def _by_given(self, name: str, type_: Type, text: str) -> Any:
        """The value as the language reads it, with its unit."""
        if fold(text) != text:
            raise _not_fitting(name, type_.kind, text)
        unit = "元" if type_.kind == "money" and _BARE.fullmatch(text) else ""
        try:
            source, given = given_source(f"{name} = {text}{unit}", self._names(), name)
            if given is None or len(given.facts) != 1 or not _is_plain(given.facts[0]):
                raise _not_fitting(name, type_.kind, text)
            return fact_value(self.book, given.facts[0], source)[1]
        except Refusal as refusal:
            problem = refusal.diagnostics[0]
            if problem.code not in _TOLD:
                raise _not_fitting(name, type_.kind, text) from None
            raise Misfit(_about(problem, text), name) from None

    # ── one cell for all facts ──

    def facts(self, text: str) -> tuple[EventFact, ...]:
        """The facts of a text such as `emergency, stay_days = 100`; Misfit in the column facts.

        They hold for an event, or from it on, so that they have no dates of their own.
        """
        found = self._texts.get(text)
        if found is None:
            found = self._facts(text)
            keep(self._texts, text, found)
        return found

    def _facts(self, text: str) -> tuple[EventFact, ...]:
        found: list[EventFact] = []
        start = 0
        for piece in fold(text).split(","):
            here = (start, start + len(piece))
            facts = self._pieces.get(piece)
            if facts is None:
                facts = self._quick_piece(piece) or self._slow_piece(text, here)
                keep(self._pieces, piece, facts)
            for fact in facts:
                if any(fact.name == each.name for each in found):
                    twice = diagnostic("YB423", None, name=fact.name)
                    raise Misfit(twice, "facts", here)
                found.append(fact)
            start = here[1] + 1
        return tuple(found)

    def _quick_piece(self, piece: str) -> tuple[EventFact, ...] | None:
        """A piece such as `pension = 6000元`, the kind that is another one in every row."""
        match = _PIECE.fullmatch(piece)
        name = self.columns.get(match[1]) if match else None
        if match is None or name is None:
            return None
        quick = self._pieces_of.get(name)
        if quick is None:
            type_ = self._elaborator.fact_type(name)
            quick = self._pieces_of[name] = self._quick(name, type_, False)
        value = quick(match[2])
        return None if value is None else (EventFact(name, value),)

    def _slow_piece(self, text: str, here: tuple[int, int]) -> tuple[EventFact, ...]:
        piece = text[slice(*here)]
        try:
            source, given = given_source(piece, self._names(), "facts")
            if given is None:
                raise _not_in_facts(piece, here)
            found = []
            for fact in given.facts:
                if fact.since is not None or fact.until is not None:
                    raise _not_in_facts(piece, here)
                found.append(EventFact(*fact_value(self.book, fact, source)))
            return tuple(found)
        except Refusal as refusal:
            problem = refusal.diagnostics[0]
            within = here
            if problem.place is not None and problem.place.source.name == "facts":
                start, end = (max(0, each - _GIVEN) for each in problem.place.span)
                within = (here[0] + start, here[0] + end)
            notes = tuple(note for note in problem.notes if note.place.source.name != "facts")
            raise Misfit(evolve(problem, place=None, notes=notes), "facts", within) from None

    def _names(self) -> tuple[str, ...]:
        return (*self.book.names, *self.book.region_names)


def plain_text(text: str, column: str) -> str:
    """A text of one line without invisible characters; Misfit YB004.

    >>> plain_text("\u674e\u56db", "member") == "\u674e\u56db"
    True
    """
    if text.isprintable():
        return text
    found = _NOT_PLAIN.search(text)
    if found is not None:
        raise refuse("YB004", column, character=f"U+{ord(found.group()):04X}")
    return text


def keep(store: dict[str, Any], key: str, value: Any) -> None:
    """Remember what a text means; forget all when there are too many texts."""
    if len(store) >= _MOST_KEPT:
        store.clear()
    store[key] = value


def _is_plain(fact: syntax.Fact) -> bool:
    """Whether a fact gives a value that is written out, and says nothing of dates."""
    dated = fact.since is not None or fact.until is not None
    return fact.kind == "value" and not dated and not isinstance(fact.value, syntax.Name)


def _not_fitting(name: str, kind: str, text: str) -> Misfit:
    return refuse("YB465", name, text=text, column=name, example=_EXAMPLES[kind])


def _not_in_facts(piece: str, here: tuple[int, int]) -> Misfit:
    example = "emergency, stay_days = 100"
    problem = diagnostic("YB465", None, text=piece.strip(), column="facts", example=example)
    return Misfit(problem, "facts", here)


def _about(problem: Diagnostic, text: str) -> Diagnostic:
    """The problem with the cell's text where it has the text of a sentence."""
    arguments = tuple(
        (name, text if name == "text" else value) for name, value in problem.arguments
    )
    return Diagnostic(problem.code, None, arguments, problem.notes)
