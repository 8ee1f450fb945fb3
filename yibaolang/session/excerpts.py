"""Clauses: the lines of files where the rules behind an answer or a name stand."""

from collections.abc import Iterable, Iterator

from attrs import frozen

from yibaolang.engine.answers import Answer
from yibaolang.engine.reasons import Reason
from yibaolang.engine.shown import Shown
from yibaolang.language.source import Place, visible
from yibaolang.model.book import Book
from yibaolang.model.entries import Entry, RowEntry, VersionEntry
from yibaolang.session.here import Here
from yibaolang.session.holding import (
    definitions,
    mentions,
    origin_of,
    rules_held,
    source_words,
    wanted_kinds,
)  # fmt: skip
from yibaolang.session.published import values, values_on
from yibaolang.session.texts import say

_MOST_LINES = 12
_MARKS = "ABCDE"
_RULES = ("rule", "requirement", "note")


@frozen
class Clause:
    """A sentence in its file, with its source and mark; `header` is where its version begins.

    `version` is the name of the version, "" for one without.
    """

    place: Place
    cite: str
    mark: str
    version: str = ""
    header: Place | None = None


def clauses(found: Iterable[Clause], lang: str) -> Iterator[str]:
    """Each clause as text, once: where it is from, how well that is attested, its lines.

    >>> from yibaolang.language.source import Source
    >>> place = Place(Source.of("a.yb", "credit 5元"), (0, 9))
    >>> print("\\n".join(clauses([Clause(place, "甲办法", "A")], "en")))
    a.yb:1  甲办法 · A (official text)
      1 | credit 5元
    """
    for each in dict.fromkeys(found):
        yield "\n".join([_title(each, lang), *_lines(each)])


def _title(clause: Clause, lang: str) -> str:
    cite = ": ".join(part for part in (clause.version, clause.cite) if part)
    source = source_words(cite, clause.mark) or say("no_source", lang)
    if clause.mark in _MARKS and clause.mark:
        source += say("in_brackets", lang, text=say(f"mark_{clause.mark}", lang))
    return f"{clause.place.source.name}:{clause.place.line}  {source}"


def _lines(clause: Clause) -> Iterator[str]:
    places = [each for each in (clause.header, clause.place) if each is not None]
    last = max(_line_numbers(place)[-1] for place in places)
    room = len(str(last))
    shown: dict[tuple[str, int], str] = {}
    for place in places:
        numbers = _line_numbers(place)
        for number in numbers[:_MOST_LINES]:
            text = visible(place.source.line_text(number)).expandtabs(4).rstrip()
            shown[place.source.name, number] = f"  {number:>{room}} | {text}".rstrip()
        if len(numbers) > _MOST_LINES:
            shown[place.source.name, numbers[-1]] = f"  {'':>{room}} | \u2026"
    yield from shown.values()


def _line_numbers(place: Place) -> range:
    """The lines on which something stands; one that ends at the begin of a line is not there."""
    last, column = place.end
    first = place.line
    return range(first, max(first, last - (column == 1)) + 1)


# ── of an answer ──


def clauses_of_answer(shown: Shown) -> list[Clause]:
    """The rules behind an answer; behind a value, the definitions and params; if it is refused,
    the rules that were looked at, else where the refusal points to."""
    found: list[Clause] = []
    for row in shown.rows:
        result = row.result
        known = _known(result.book)
        reasons = list(_every(result.reason("en")))
        kinds = (_RULES, ("not_applied",), ("value", "condition"))
        ways: Iterator[list[Clause]] = (
            [known[each.place] for each in reasons if each.kind in kind and each.place in known]
            for kind in kinds
        )
        posted = [
            known[str(posting.rule.written.place)]
            for settlement in result.answer.settlements
            for posting in settlement.postings
            if posting.rule is not None and str(posting.rule.written.place) in known
        ]
        refused = list(_of_refusal(result.answer, shown))
        found += next(ways) or posted or next(filter(None, ways), refused)
    return found


def _every(reason: Reason) -> Iterator[Reason]:
    yield reason
    for each in reason.because:
        yield from _every(each)


def _known(book: Book) -> dict[str, Clause]:
    """Everything that a reason may be from, by where it says that it is."""
    entries = [entry for rules in (*book.rules.values(), *book.defines.values()) for entry in rules]
    found = {str(each.place): _of_entry(each) for each in entries}
    for rows in book.rows.values():
        found.update((str(clause.place), clause) for clause in map(_of_row, rows))
    return found


def _of_refusal(answer: Answer, shown: Shown) -> Iterator[Clause]:
    """Where a refusal points to, unless that is the question itself."""
    for why in answer.refused:
        for place in (why.place, *(note.place for note in why.notes)):
            if place is not None and not _within(place, shown.place):
                yield Clause(place, "", "")


def _within(place: Place, whole: Place) -> bool:
    start, end = whole.span
    return place.source.name == whole.source.name and start <= place.span[0] <= end


# ── of a name ──


def clauses_of_name(at: Here, text: str) -> list[Clause] | None:
    """What is in force here under a name or kind of rules; None for what nothing is called."""
    book = at.rules.book
    name = book.spelled(text)
    if name is not None:
        return _of_name(at, name)
    if text in book.region_names:
        entry = book.regions[book.region_names[text]]
        return [] if entry.place is None else [Clause(entry.place, "", "")]
    if text in book.persons:
        return [Clause(book.persons[text].place, "", "")]
    wanted = wanted_kinds(at, text)
    if wanted is None:
        return None
    return [_of_entry(each.entry) for each in rules_held(at) if wanted(each)]


def _of_name(at: Here, name: str) -> list[Clause]:
    book = at.rules.book
    named = book.names[name]
    if named.kind == "param":
        found = values_on(at, name) or list(values(at, name))
        return [_of_row(each.entry) for each in found] or [Clause(named.place, "", "")]
    if named.kind == "define":
        return [_of_entry(each) for each in definitions(at, book.defines[name])]
    if named.kind == "table":
        tables = definitions(at, [each.entry for each in book.tables[name]])
        return [_of_entry(each) for each in tables]
    if named.kind == "input":
        return [_of_entry(book.inputs[name])]
    rules = [
        _of_entry(each.entry)
        for each in rules_held(at)
        if mentions(each.entry.sentence, name, book.spelled)
    ]
    return rules or [Clause(named.place, "", "")]


def _of_entry(entry: Entry) -> Clause:
    origin, version = origin_of(entry.sentence), entry.version
    return Clause(
        entry.place, origin.cite or version.cite, origin.attested or version.attested,
        version.name, None if origin.cite else _header(version),
    )  # fmt: skip


def _of_row(row: RowEntry) -> Clause:
    own = origin_of(row.sentence).cite
    place = Place(row.source, row.sentence.span)
    header = None if own else _header(row.version)
    return Clause(place, row.cite, row.attested, row.version.name, header)


def _header(version: VersionEntry) -> Place | None:
    """Where a version begins that says the source of what follows."""
    return version.place if version.cite else None
