"""What is known of a person: facts as written, checked and made ready to run."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from yibaolang.language import syntax
from yibaolang.language.diagnostics import Note, Refusal, Said, diagnostic
from yibaolang.language.lexer import HAN, fold
from yibaolang.language.parser import parse
from yibaolang.language.source import Place, Source
from yibaolang.language.syntax import Document
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model import core
from yibaolang.model.book import Book
from yibaolang.model.core import Written
from yibaolang.model.elaborate import Elaborator
from yibaolang.model.entries import day_of
from yibaolang.model.scope import Scope, Uses, choosing
from yibaolang.model.typewords import said
from yibaolang.model.values import TRUTH, Type, format_value
from yibaolang.program.frame import DatedFact, Scenario

if TYPE_CHECKING:
    from fractions import Fraction

_NAMES = re.compile(rf"(?:^|[,;])[ \t]*(?:given)?[ \t]*([{HAN}]+|[A-Za-z_][A-Za-z0-9_]*)[ \t]*=")


@frozen
class Lived:
    """A region, maybe in a named version, in which a person is between two days (inclusive)."""

    region: str
    version: str
    since: date | None
    until: date | None

    def holds_on(self, day: date | None) -> bool:
        """Whether a day is in between; no day (None) is only in what always holds."""
        if day is None:
            return self.since is None and self.until is None
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@frozen(eq=False)
class Known:
    """The facts of a person by canonical name, the regions, and where each fact is said."""

    scenario: Scenario
    regions: tuple[Lived, ...]
    overrides: frozenset[str]
    said: Mapping[str, tuple[Place, ...]]

    def lived_on(self, day: date | None) -> Lived | None:
        """Where the person is on a day, if it is known."""
        return next((each for each in self.regions if each.holds_on(day)), None)

    def region_on(self, day: date | None) -> str | None:
        """The region of the person on a day, if it is known."""
        lived = self.lived_on(day)
        return lived.region if lived else None

    def version_on(self, day: date | None) -> str:
        """The version of that region that the facts choose, or ""."""
        lived = self.lived_on(day)
        return lived.version if lived else ""


def given_text(facts: Mapping[str, object]) -> str:
    """Facts of Python as a sentence: money and dates as text, yes and no as bool.

    >>> given_text({"age": 72, "retired": True, "avg_pension": "4000元"})
    'age = 72, retired, avg_pension = 4000元'

    A float is refused, for it is not exact:

    >>> given_text({"avg_pension": 4000.1})
    Traceback (most recent call last):
    TypeError: avg_pension: write 4000.1 as text, such as "4000.10元"; a float is not exact
    """
    parts = []
    for name, value in facts.items():
        if isinstance(value, bool):
            parts.append(name if value else f"not {name}")
        elif isinstance(value, str | int):
            parts.append(f"{name} = {value}")
        elif isinstance(value, date):
            parts.append(f"{name} = {value.isoformat()}")
        else:
            kind = "a float is not exact" if type(value).__name__ == "float" else "not a fact"
            example = f'write {value} as text, such as "4000.10元"'
            raise TypeError(f"{name}: {example}; {kind}")
    return ", ".join(parts)


def names_given(text: str) -> list[str]:
    """The names that a text of facts gives a value.

    >>> names_given("退休, 年龄=72")
    ['年龄']
    """
    return [match[1] for match in _NAMES.finditer(fold(text))]


def read_given(text: str, names: Iterable[str], title: str = "--given") -> syntax.Given | None:
    """The facts of a text such as `age=72, retired since 2012-03-01`; Refusal if it is none.

    None for a text without facts. Use `given_source` for the source that places refer to.
    """
    return given_source(text, names, title)[1]


def given_source(
    text: str, names: Iterable[str], title: str = "--given"
) -> tuple[Source, syntax.Given | None]:
    """The source of a text of facts, and its sentence."""
    source = Source.of(title, f"given {text}")
    if not text.strip():
        return source, None
    document, problems = parse(source, (*names, *names_given(text)))
    if problems:
        raise Refusal(*problems)
    sentences = document.sentences
    if len(sentences) != 1 or not isinstance(sentences[0], syntax.Given):
        raise Refusal(diagnostic("YB001", Place(source, (0, 5)), found=text, expected=""))
    return source, sentences[0]


def declarations(book: Book, given: syntax.Given, source: Source) -> Document | None:
    """Inputs for the given names that nothing declares, of the types of their values.

    So `--given "avg_pension=4000元"` works where no rule file declares it. None if all are known.
    """
    sentences: list[syntax.Sentence] = []
    nothing = syntax.Origin((0, 0), "", "", "")
    for fact in given.facts:
        name, value = fact.name, fact.value
        if fact.kind != "value" or name.text in book.names:
            continue
        kind = _literal_type(value)
        if kind is not None:
            names = syntax.Names(name.span, (name.text,))
            type_ = syntax.Name(name.span, kind)
            sentences.append(syntax.Input(name.span, names, type_, None, nothing, None))
    if not sentences:
        return None
    return Document(source, tuple(syntax.Line(each, (), "") for each in sentences))


def _literal_type(value: syntax.Expression | None) -> str | None:
    if isinstance(value, syntax.Minus):
        value = value.operand
    if isinstance(value, syntax.Literal):
        return {"months": "duration"}.get(value.type, value.type)
    if isinstance(value, syntax.DateLiteral):
        return "date"
    return "truth" if isinstance(value, syntax.Truth) else None


def known(book: Book, facts: Iterable[tuple[Source, syntax.Fact]]) -> Known:
    """The facts, checked against their declarations; Refusal for one that does not fit."""
    reading = _Reading(book)
    for source, fact in facts:
        reading.add(fact, source)
    reading.add_defaults()
    return Known(
        Scenario({name: tuple(facts) for name, facts in reading.facts.items()}),
        tuple(reading.regions),
        frozenset(reading.overrides),
        {name: tuple(places) for name, places in reading.places.items()},
    )


def fact_value(book: Book, fact: syntax.Fact, source: Source) -> tuple[str, Any]:
    """The canonical name of what one fact is about, and its value; Refusal if it does not fit."""
    reading = _Reading(book)
    reading.add(fact, source)
    for name, facts in reading.facts.items():
        return name, facts[0].value
    raise reading.elaborator.wrong_kind(fact.name.text, "region", Written(source, fact.name))


class _Reading:
    """Facts as they are added."""

    def __init__(self, book: Book) -> None:
        self.book = book
        scope = Scope(book, "", None, {}, frozenset())
        self.elaborator = Elaborator(scope)
        self.facts: dict[str, list[DatedFact]] = {}
        self.places: dict[str, list[Place]] = {}
        self.regions: list[Lived] = []
        self.overrides: set[str] = set()

    def add(self, fact: syntax.Fact, source: Source) -> None:
        written = Written(source, fact)
        since = None if fact.since is None else day_of(fact.since)
        until = None if fact.until is None else day_of(fact.until)
        if since is not None and until is not None and until < since:
            raise Refusal(diagnostic("YB303", written.place))
        if fact.kind == "region":
            self.add_region(fact, written, since, until)
            return
        named = self.book.names.get(fact.name.text)
        if named is None:
            raise self.elaborator.unknown_name(fact.name.text, Written(source, fact.name))
        name, value = self.value_of(fact, named.kind, named.name, written)
        if named.kind in ("define", "param"):
            self.overrides.add(name)
        old = self.facts.setdefault(name, [])
        places = self.places.setdefault(name, [])
        for before, place in zip(old, places, strict=True):
            if _overlap((before.since, before.until), (since, until)):
                note = Note(place, "first")
                name_said = fact.name.text
                raise Refusal(diagnostic("YB423", written.place, notes=[note], name=name_said))
        old.append(DatedFact(value, since, until))
        places.append(written.place)

    def add_defaults(self) -> None:
        """What inputs are where nothing is given, as they declare it."""
        for name, entry in self.book.inputs.items():
            sentence = entry.sentence
            if (
                name in self.facts
                or not isinstance(sentence, syntax.Input)
                or sentence.default is None
            ):
                continue
            written = Written(entry.source, sentence)
            value = self.literal(sentence.default, self.elaborator.fact_type(name), name, written)
            self.facts[name] = [DatedFact(value, default=True)]

    def add_region(
        self, fact: syntax.Fact, written: Written, since: date | None, until: date | None
    ) -> None:
        region = self.book.region_names.get(fact.name.text)
        if region is None:
            near = self.book.suggestion(fact.name.text)
            place = Place(written.source, fact.name.span)
            raise Refusal(diagnostic("YB102", place, name=fact.name.text, suggestion=near))
        places = self.places.setdefault("", [])
        for before, other in zip(self.regions, places, strict=True):
            if _overlap((before.since, before.until), (since, until)):
                note = Note(other, "first")
                raise Refusal(diagnostic("YB423", written.place, notes=[note], name=fact.name.text))
        self.regions.append(Lived(region, fact.version, since, until))
        places.append(written.place)

    def value_of(
        self, fact: syntax.Fact, kind: str, name: str, written: Written
    ) -> tuple[str, Any]:
        """The name of what the fact is about, and its value."""
        at = Written(written.source, fact.name)
        if kind == "value":
            if fact.kind != "holds":
                raise self.elaborator.wrong_kind(fact.name.text, kind, at)
            return self.book.names[name].owner, name
        if kind not in ("input", "choice", "bucket", "define", "param"):
            raise self.elaborator.wrong_kind(fact.name.text, kind, at)
        type_ = self.type_of(kind, name, at)
        if fact.kind != "value" or fact.value is None:
            if type_ != TRUTH:
                raise self.elaborator.refuse(
                    "YB426", written, name=fact.name.text, type=said(type_)
                )
            return name, fact.kind == "holds"
        return name, self.literal(fact.value, type_, name, written)

    def type_of(self, kind: str, name: str, written: Written) -> Type:
        if kind == "define":
            return self.type_of_definition(name, written)
        if kind == "param":
            from yibaolang.model.params import param_type

            return param_type(self.elaborator, name, [])
        return self.elaborator.fact_type(name)

    def type_of_definition(self, name: str, written: Written) -> Type:
        """The type of a definition, wherever it is defined."""
        entry = self.book.defines[name][0]
        sentence = entry.sentence
        if isinstance(sentence, syntax.Define) and sentence.type is not None:
            return self.elaborator.type_named(sentence.type, entry.source)
        day = entry.version.since
        # Versions that disagree about a value do not about its type: any will do.
        uses: Uses = {
            region: tuple(each.name for each in versions if each.name)
            for region, versions in self.book.versions.items()
        }
        uses = choosing(uses, entry.region, entry.version.name)
        scope = Scope(self.book, entry.region, day, uses, frozenset())
        return Elaborator(scope).defined(name, written).type

    def literal(self, node: syntax.Expression, type_: Type, name: str, written: Written) -> Any:
        """A value as programs take it, inside its domain."""
        if isinstance(node, syntax.Name) and type_.choice:
            named = self.book.names.get(node.text)
            if named is None or named.owner != type_.choice:
                raise self.elaborator.unknown_name(node.text, Written(written.source, node))
            return named.name
        constant = self.elaborator.expect(self.elaborator.expr(node, written.source), type_)
        if not isinstance(constant, core.Constant):
            found = said(constant.type)
            if isinstance(constant, core.Absent):
                keyword = vocabulary().keywords[constant.kind.upper()]
                found = Said(en=keyword.spelling("en"), zh=keyword.spelling("zh"))
            raise self.elaborator.refuse("YB202", written, expected=said(type_), found=found)
        if type_.numeric and isinstance(constant.value, int):
            return self.number(constant.value, constant.denominator or 1, type_, name, written)
        return constant.value

    def number(
        self, numerator: int, denominator: int, type_: Type, name: str, written: Written
    ) -> "int | Fraction":
        from fractions import Fraction

        exact = Fraction(numerator, denominator)
        self.check_domain(exact, type_, name, written)
        if type_.kind in ("rate", "number"):
            return exact
        if exact.denominator != 1:
            raise self.elaborator.refuse("YB218", written, text=fact_text(written))
        return exact.numerator

    def check_domain(self, value: "Fraction", type_: Type, name: str, written: Written) -> None:
        bounds = domain_of(self.book, name)
        if bounds is None:
            return
        source, range_ = bounds
        low, high = (self.bound(each, source, type_) for each in (range_.low, range_.high))
        below = low is not None and (value <= low if range_.low_open else value < low)
        above = high is not None and (value >= high if range_.high_open else value > high)
        if below or above:
            raise self.elaborator.refuse(
                "YB422", written, Note(Place(source, range_.span), "domain"), name=name,
                value=format_value(type_, value.numerator, value.denominator),
                domain=source.text[slice(*range_.span)],
            )  # fmt: skip

    def bound(
        self, node: syntax.Expression | None, source: Source, type_: Type
    ) -> "Fraction | None":
        """A bound of a domain, which is a literal; None for none."""
        if node is None:
            return None
        found = self.elaborator.expect(self.elaborator.expr(node, source), type_)
        if not isinstance(found, core.Constant) or not isinstance(found.value, int):
            return None
        from fractions import Fraction

        return Fraction(found.value, found.denominator or 1)


def domain_of(book: Book, name: str) -> tuple[Source, syntax.Range] | None:
    """The declared domain of an input or definition, and the source that it is in."""
    entries = [book.inputs[name]] if name in book.inputs else book.defines.get(name, [])
    for entry in entries:
        sentence = entry.sentence
        if isinstance(sentence, syntax.Input | syntax.Define) and sentence.domain is not None:
            return entry.source, sentence.domain
    return None


def fact_text(written: Written) -> str:
    """A fact as it is written."""
    return written.source.text[slice(*written.node.span)]


def _overlap(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    (first, last), (start, end) = one, other
    return (last is None or start is None or start <= last) and (
        end is None or first is None or first <= end
    )


def with_region(facts: Known, region: str) -> Known:
    """The same facts in another region."""
    return evolve(facts, regions=(Lived(region, "", None, None),))
