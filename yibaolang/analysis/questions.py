"""People, tests and questions: the names in them, and the types of their facts."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from yibaolang.analysis.context import Context
from yibaolang.engine.given import known
from yibaolang.engine.words import figure_spellings
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal, diagnostic
from yibaolang.language.source import Place, Source
from yibaolang.language.suggest import suggestions
from yibaolang.model.book import Book
from yibaolang.model.elaborate import Elaborator
from yibaolang.model.entries import Entry
from yibaolang.model.plan import Plans

_SUBJECTS = frozenset({"cover", "credit"})
_NO_FIGURE = frozenset({"category", "table"})
_ELSEWHERE = frozenset({"YB301", "YB305"})
"""What a bare expression may lack here: it is asked in the region of a person."""


def questions_and_tests_fit(context: Context) -> Iterator[Diagnostic]:
    """Persons, givens, expectations and questions: one diagnostic for each faulty sentence."""
    book = context.book
    for person in dict.fromkeys(book.persons.values()):
        if isinstance(person.sentence, syntax.Person) and context.reported(person.source):
            yield from _facts(context, person.source, person.sentence.facts)
    for test in book.tests:
        if not context.reported(test.entry.source):
            continue
        for given in test.given:
            yield from _facts(context, test.entry.source, given.facts)
        for expect in test.expects:
            if isinstance(expect.sentence, syntax.Expect):
                yield from figure_faults(context, expect.sentence.figure, expect.source)
    for entry in (*book.uses, *book.questions):
        if context.reported(entry.source):
            yield from _ASKED[type(entry.sentence)](context, entry.sentence, entry)


def _facts(context: Context, source: Source, facts: Iterable[syntax.Fact]) -> Iterator[Diagnostic]:
    try:
        known(context.book, [(source, fact) for fact in facts])
    except Refusal as refusal:
        yield refusal.diagnostics[0]


def figure_faults(context: Context, figure: syntax.Figure, source: Source) -> Iterator[Diagnostic]:
    """What is wrong with the name of a figure."""
    name = figure.name
    if name is None or figure.kind == "event" or (figure.kind == "wait" and name.text in _SUBJECTS):
        return
    named = context.book.names.get(name.text)
    if named is None or (figure.kind == "name" and named.kind in _NO_FIGURE):
        yield _unknown("YB424", name, source, figure_spellings(context.book))


def _unknown(code: str, name: syntax.Name, source: Source, known: Iterable[str]) -> Diagnostic:
    near = suggestions(name.text, known, limit=1)
    suggestion = near[0] if near else ""
    return diagnostic(code, Place(source, name.span), name=name.text, suggestion=suggestion)


def person_faults(
    context: Context, name: syntax.Name | None, source: Source
) -> Iterator[Diagnostic]:
    """What is wrong with who is named."""
    persons = context.book.persons
    if name is not None and name.text not in persons:
        yield _unknown("YB111", name, source, persons)
    elif name is None and len(set(persons.values())) > 1:
        yield diagnostic("YB112", None, names=", ".join(persons))


def version_faults(
    book: Book, name: syntax.Name, version: str, entry: Entry
) -> Iterator[Diagnostic]:
    """What is wrong with a region, or if it is said which, with one of its named versions."""
    region = book.region_names.get(name.text)
    if region is None:
        yield _unknown("YB102", name, entry.source, book.region_names)
        return
    names = {
        each.name
        for above in book.chain(region)
        for each in book.versions.get(above, ())
        if each.name
    }
    if version and version not in names:
        near = suggestions(version, names, limit=1)
        suggestion = near[0] if near else ""
        place = Place(entry.source, entry.sentence.span)
        yield diagnostic("YB101", place, name=version, suggestion=suggestion)


# ── sentences ──


def _use(context: Context, sentence: syntax.Use, entry: Entry) -> Iterator[Diagnostic]:
    yield from version_faults(context.book, sentence.region, sentence.version, entry)


def _show(
    context: Context, sentence: syntax.Show | syntax.Why, entry: Entry
) -> Iterator[Diagnostic]:
    found = [
        *person_faults(context, sentence.person, entry.source),
        *figure_faults(context, sentence.figure, entry.source),
    ]
    yield from found[:1]


def _nothing(_context: Context, _sentence: syntax.Sentence, _entry: Entry) -> Iterator[Diagnostic]:
    """What is looked at elsewhere."""
    yield from ()


def _compare(context: Context, sentence: syntax.Compare, entry: Entry) -> Iterator[Diagnostic]:
    found = person_faults(context, sentence.person, entry.source)
    regions = (
        each
        for compared in sentence.regions
        for each in version_faults(context.book, compared.region, compared.version, entry)
    )
    yield from [*found, *regions][:1]


def _evaluate(context: Context, sentence: syntax.Evaluate, entry: Entry) -> Iterator[Diagnostic]:
    elaborator: Elaborator = Plans(context.book, entry.region, context.uses).elaborator(None)
    try:
        elaborator.expr(sentence.value, entry.source)
    except Refusal as refusal:
        yield from [each for each in refusal.diagnostics if each.code not in _ELSEWHERE][:1]


_ASKED: dict[type[syntax.Sentence], Callable[[Context, Any, Entry], Iterator[Diagnostic]]] = {
    syntax.Use: _use,
    syntax.Show: _show,
    syntax.Compare: _compare,
    syntax.Why: _show,
    syntax.WhyNot: _nothing,
    syntax.Evaluate: _evaluate,
}
