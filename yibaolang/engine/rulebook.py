"""Rule books for programs: read rules, ask figures, get results with their reasons."""

from collections.abc import Iterable, Mapping

from attrs import frozen

from yibaolang.engine.answers import Answer
from yibaolang.engine.asked import Asked, Moment, asked_by, asked_for
from yibaolang.engine.figures import Questions
from yibaolang.engine.given import (
    Known,
    declarations,
    given_source,
    given_text,
    known,
    names_given,
    with_region,
)  # fmt: skip
from yibaolang.engine.populations import Populations
from yibaolang.engine.reasons import Reason
from yibaolang.engine.words import Words, figure_spellings, has_han, in_words
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal, diagnostic
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.language.suggest import suggestions
from yibaolang.language.syntax import Document, Line
from yibaolang.model.book import Book
from yibaolang.model.building import build
from yibaolang.model.core import Written
from yibaolang.model.entries import ASIDE, BASE
from yibaolang.model.loading import Loader
from yibaolang.model.scope import Uses, choosing
from yibaolang.model.values import json_value

Facts = str | Mapping[str, object]
_PLAIN_FIGURES = ("credit", "deduct", "net credit")


@frozen(eq=False)
class Result:
    """A figure: its value or why there is none, and the reason.

    `refused` holds the diagnostics of a figure without a value. Amounts are exact: `fen` is an
    int, and the text of `value` has as many decimals as it needs.
    """

    answer: Answer
    book: Book

    @property
    def refused(self) -> tuple[Diagnostic, ...]:
        """Why there is no value; empty if there is one."""
        return tuple(in_words(each, self.book) for each in self.answer.refused)

    @property
    def value(self) -> object:
        """The value as text without its unit ("100.00"), or a bool; None if refused."""
        return self.to_json("en", reason=False)["value"]

    @property
    def fen(self) -> int:
        """An amount in fen; TypeError if the figure is no amount of whole fen."""
        answer = self.answer
        if answer.type.kind != "money" or answer.denominator != 1 or answer.refused:
            raise TypeError(f"{answer.figure} is no amount of whole fen")
        fen: int = answer.value
        return fen

    def __str__(self) -> str:
        """The value with its unit, as in 100.00元; the code of a refusal."""
        if self.refused:
            return self.refused[0].code
        return Words(self.book, "en").value(
            self.answer.type, self.answer.value, self.answer.denominator
        )

    def reason(self, lang: str = "en", person: str = "") -> Reason:
        """The reason as a tree of lines in "en" or "zh", for a person if there is a name."""
        from yibaolang.engine.explaining import reason_of

        return reason_of(self.answer, Words(self.book, lang), person)

    def explain(self, lang: str = "en") -> str:
        """The reason as indented text."""
        return "\n".join(self.reason(lang).lines())

    def to_json(self, lang: str = "en", reason: bool = True) -> dict[str, object]:
        """Value, unit, what was asked, and the explanation as a tree; JSON values only."""
        answer = self.answer
        shown: dict[str, object] = {"value": None, "unit": ""}
        if not answer.refused:
            shown = dict(json_value(answer.type, answer.value, answer.denominator))
        region = "" if answer.region == ASIDE else answer.region
        shown |= {"figure": answer.figure, "region": region, "asked": str(answer.asked)}
        if answer.refused:
            from yibaolang.language.diagnostics import to_json

            shown["refused"] = [to_json(each, lang) for each in self.refused]
        if reason:
            shown["explanation"] = self.reason(lang).to_json()
        return shown


class RuleBook(Populations):
    """Rules that were read, ready to be asked; the chosen versions where sources disagree."""

    def __init__(
        self, documents: Iterable[Document], uses: Mapping[str, str] | None = None
    ) -> None:
        self.documents = tuple(documents)
        self.book, problems = build(self.documents)
        errors = [each for each in problems if each.severity == "error"]
        if errors:
            raise Refusal(*errors)
        self.uses: Uses = _uses(self.book)
        for region, version in (uses or {}).items():
            self.uses = choosing(self.uses, self.region(region), version)
        self.made: dict[str, object] = {}

    # ── names ──

    def region(self, name: str) -> str:
        """The canonical name of a region or alias; Refusal YB102."""
        if not name:
            return BASE
        found = self.book.region_names.get(name)
        if found is None:
            near = suggestions(name, self.book.region_names, limit=1)
            raise Refusal(diagnostic("YB102", None, name=name, suggestion=near[0] if near else ""))
        return found

    def names(self) -> frozenset[str]:
        """The Chinese names over which Chinese is cut."""
        book = self.book
        every = (*book.names, *book.region_names, *book.persons)
        return frozenset(name for name in every if has_han(name))

    def figure_named(self, text: str) -> str:
        """The canonical figure of a text in either language: credit, 划入, wait for cover."""
        if text in _PLAIN_FIGURES:
            # It takes Lark and its tables to read a text that was never read.
            return text
        source = Source.of("figure", f"show {text}")
        document, problems = parse(source, self.names())
        sentences = document.sentences
        if problems or not sentences or not isinstance(sentences[0], syntax.Show):
            near = suggestions(text, figure_spellings(self.book), limit=1)
            raise Refusal(diagnostic("YB424", None, name=text, suggestion=near[0] if near else ""))
        return figure_name(sentences[0].figure, self.book)

    # ── facts ──

    def facts(self, given: Facts = "", person: str = "") -> tuple["RuleBook", Known]:
        """What is known of a person and what is given besides; Refusal if something does not fit.

        What is given under a name that nothing declares is declared by it, so the book may be
        another one.
        """
        text = given if isinstance(given, str) else given_text(given)
        source, sentence = given_source(text, self.names())
        rules = self
        if sentence is not None:
            declared = declarations(self.book, sentence, source)
            if declared is not None:
                rules = self.with_documents((*self.documents, declared))
        found = [(source, fact) for fact in (sentence.facts if sentence else ())]
        if person:
            entry = rules.book.persons.get(person)
            if entry is None or not isinstance(entry.sentence, syntax.Person):
                near = suggestions(person, rules.book.persons, limit=1)
                raise Refusal(
                    diagnostic("YB111", None, name=person, suggestion=near[0] if near else "")
                )
            found = [*((entry.source, fact) for fact in entry.sentence.facts), *found]
        return rules, known(rules.book, found)

    # ── questions ──

    def ask(
        self, figure: str, asked: Asked, facts: Known, region: str = "", version: str = ""
    ) -> Result:
        """The figure for facts that `facts` gave, refused or not.

        `region` (BASE: that of the person on the date, if known) and `version` choose the rules.
        """
        place = self.region(region) if region else (facts.region_on(asked.last) or BASE)
        version = version or facts.version_on(asked.last)
        uses = choosing(self.uses, place, version)
        questions = Questions(self.book, place, uses, with_region(facts, place))
        node = syntax.Name((0, len(figure)), figure)
        return Result(
            questions.ask(figure, asked, Written(Source.of("figure", figure), node)), self.book
        )

    def figure(
        self,
        figure: str,
        *,
        given: Facts = "",
        person: str = "",
        region: str = "",
        version: str = "",
        on: Moment = None,
        in_year: int | None = None,
        first: Moment = None,
        last: Moment = None,
    ) -> Result:
        """A figure's value with its reason; Refusal, which carries diagnostics, if it has none.

        `figure` is "credit", "deduct", "net credit", "wait for cover", a benefit or any name, in
        either language. `given` is text such as "age = 72, retired" or a mapping; `on` a day or a
        month; `in_year`, or `first` and `last`, ask for the sum of the postings in between.

        >>> rules = read("region 甲\\nretired and age >= 70 credit 125元 monthly on day 20")
        >>> result = rules.figure("credit", region="甲", given="retired, age = 72", on="2024-06")
        >>> str(result), result.fen
        ('125.00元', 12500)
        """
        rules, facts = self.facts(given, person)
        asked = asked_for(on, in_year, first, last)
        result = rules.ask(rules.figure_named(figure), asked, facts, region, version)
        if result.refused:
            raise Refusal(*result.refused)
        return result

    def using(self, uses: Mapping[str, str]) -> "RuleBook":
        """The same rules with versions chosen by region."""
        found = self.with_documents(self.documents)
        for region, version in uses.items():
            found.uses = choosing(found.uses, self.region(region), version)
        return found

    def with_documents(self, documents: Iterable[Document]) -> "RuleBook":
        """The rules of other documents under the same choices of versions."""
        found = RuleBook(documents)
        found.uses = self.uses
        return found

    def with_text(self, source: Source, region: str = "", names: Iterable[str] = ()) -> "RuleBook":
        """These rules and a text, which holds in a region of its own below `region`.

        So what the text says of a kind of rule replaces what the region says.
        """
        document, problems = parse(source, (*self.names(), *names))
        if problems:
            raise Refusal(*problems)
        parent = syntax.Name((0, 0), self.region(region)) if region else None
        origin = syntax.Origin((0, 0), "", "", "")
        opened = syntax.Region((0, 0), syntax.Names((0, 0), (ASIDE,)), parent, origin)
        lines = (Line(opened, (), ""), *document.lines)
        return self.with_documents((*self.documents, Document(source, lines)))


def figure_name(figure: syntax.Figure, book: Book) -> str:
    """The canonical name of a figure in a sentence."""
    if figure.kind == "event" and figure.name is not None:
        return figure.name.text
    if figure.kind == "name" and figure.name is not None:
        return book.spelled(figure.name.text) or figure.name.text
    if figure.kind == "wait" and figure.name is not None:
        return f"wait {book.spelled(figure.name.text) or figure.name.text}"
    return figure.kind.replace("_", " ")


def _uses(book: Book) -> Uses:
    """The versions that `use` sentences choose; Refusal YB102 for an unknown region."""
    found: Uses = {}
    for entry in book.uses:
        sentence = entry.sentence
        if isinstance(sentence, syntax.Use):
            region = book.region_names.get(sentence.region.text)
            if region is None:
                near = suggestions(sentence.region.text, book.region_names, limit=1)
                raise Refusal(
                    diagnostic(
                        "YB102", entry.place, name=sentence.region.text,
                        suggestion=near[0] if near else "",
                    )
                )  # fmt: skip
            found = choosing(found, region, sentence.version)
    return found


def loaded(loader: Loader, uses: Mapping[str, str] | None = None) -> RuleBook:
    """The rules that a loader has read; Refusal if there was anything wrong."""
    errors = [each for each in loader.diagnostics if each.severity == "error"]
    if errors:
        raise Refusal(*errors)
    return RuleBook(loader.documents, uses)


def load(*paths: str, uses: Mapping[str, str] | None = None) -> RuleBook:
    """The rules of files and of all that they include; Refusal with every diagnostic otherwise."""
    loader = Loader()
    for path in paths:
        loader.file(path)
    return loaded(loader, uses)


def read(text: str, *, name: str = "text", uses: Mapping[str, str] | None = None) -> RuleBook:
    """The rules of a text.

    >>> read("credit 5元").figure("credit").fen
    500
    """
    loader = Loader()
    loader.text(Source.of(name, text))
    return loaded(loader, uses)


def library(*regions: str) -> RuleBook:
    """The example regions that travel with the package: all, or those named.

    They are examples and not law; each cites its source and says how well it is attested.
    """
    loader = Loader()
    for region in regions:
        loader.library(region)
    if not regions:
        loader.whole_library()
    return loaded(loader)


class Rule:
    """A rule of its own that is called with facts; made by `compile_text`."""

    def __init__(self, text: str, rules: RuleBook, region: str) -> None:
        self._text = text
        self._rules = rules
        self._region = region

    def __call__(self, facts: str = "", /, *, on: Moment = None, **given: object) -> Result:
        """The figure for facts, given as text or by name; Refusal if there is none."""
        text = facts or given_text(given)
        rules = self._rules
        source, sentence = given_source(text, rules.names())
        if sentence is not None:
            declared = declarations(rules.book, sentence, source)
            if declared is not None:
                rules = rules.with_documents((*rules.documents, declared))
        book = rules.with_text(Source.of("rule", self._text), self._region, names_given(text))
        return ask_text(book, text, asked_for(on, None, None, None))


def compile_text(text: str, *, rules: RuleBook | None = None, region: str = "") -> Rule:
    """A rule to call: `compile_text("age>=70 credit 2.5% of avg_pension")(age=72, …)`.

    >>> rule = compile_text("age>=70 credit 2.5% of avg_pension")
    >>> str(rule(age=72, avg_pension="4000元"))
    '100.00元'
    """
    return Rule(text, rules or RuleBook(Loader().documents), region)


def ask_text(rules: RuleBook, given: str, asked: Asked) -> Result:
    """The figure of the text that `with_text` added last; Refusal if there is none."""
    result = try_text(rules, given, asked)
    if result.refused:
        raise Refusal(*result.refused)
    return result


def try_text(rules: RuleBook, given: str, asked: Asked) -> Result:
    """The figure of the text that `with_text` added last, refused or not."""
    sentence = rules.documents[-1].sentences[-1]
    own, facts = rules.facts(given)
    if isinstance(sentence, syntax.Evaluate):
        questions = Questions(own.book, ASIDE, own.uses, facts)
        written = Written(rules.documents[-1].source, sentence.value)
        return Result(questions.evaluate(sentence.value, asked, written), own.book)
    if isinstance(sentence, syntax.Show):
        asked = asked_by(sentence.period, asked)
        return own.ask(figure_name(sentence.figure, own.book), asked, facts, ASIDE)
    return own.ask(figure_of(sentence, own.book), asked, facts, ASIDE)


def figure_of(sentence: syntax.Sentence, book: Book) -> str:
    """The figure that a sentence is about; Refusal YB411 if only a ledger can run it."""
    if isinstance(sentence, syntax.Define | syntax.Param):
        return book.spelled(sentence.names.texts[0]) or ""
    if isinstance(sentence, syntax.Rule):
        action = sentence.action
        if isinstance(action, syntax.Credit | syntax.Deduct):
            return "credit" if isinstance(action, syntax.Credit) else "deduct"
        if isinstance(action, syntax.Wait):
            return f"wait {book.spelled(action.subjects[0].text) or action.subjects[0].text}"
        if isinstance(action, syntax.Require):
            return book.spelled(action.benefit.text) or action.benefit.text
    raise Refusal(diagnostic("YB428", None))
