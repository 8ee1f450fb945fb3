"""What is wrong with sentences as soon as they are typed, though nobody asks for a figure yet."""

from collections.abc import Collection, Iterator

from yibaolang.analysis.elaboration import (
    Elaborated,
    declaration_faults,
    definition_elaborated,
    real,
    row_faults,
    rule_elaborated,
)
from yibaolang.analysis.names import names_used
from yibaolang.analysis.questions import version_faults
from yibaolang.analysis.views import Shelf, Shelves, Stretch, View
from yibaolang.engine.given import known
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal
from yibaolang.model.entries import Entry

_LATER = ("YB110",)
"""What the next line may put right: a param without a type has its values below it."""


def faults(rules: RuleBook, typed: Collection[syntax.Sentence]) -> list[Diagnostic]:
    """What is wrong with sentences of a book: names that nobody declares, types that do not fit.

    A rule is looked at in its own region, in the first span of days in which it holds.
    """
    sentences = {id(each) for each in typed}
    kinds = {type(each) for each in typed}
    found: list[Diagnostic] = []
    if syntax.Use in kinds:
        found += _uses(rules, sentences)
    if syntax.Person in kinds:
        found += _people(rules, sentences)
    if syntax.Input in kinds or syntax.Param in kinds:
        places = {id(each.place.source) for each in rules.book.names.values()}
        declared = declaration_faults(rules.book)
        here = (each for each in declared if _about(each, typed, places))
        found += [each for each in here if each.code not in _LATER]
    if kinds & {syntax.Rule, syntax.Define, syntax.Param, syntax.ParamRow}:
        found += _elaborated(rules, sentences)
    return found


def _about(each: Diagnostic, typed: Collection[syntax.Sentence], places: set[int]) -> bool:
    if each.place is None or id(each.place.source) not in places:
        return True
    start, end = each.place.span
    return any(one.span[0] <= start and end <= one.span[1] for one in typed)


def _uses(rules: RuleBook, sentences: set[int]) -> Iterator[Diagnostic]:
    for entry in rules.book.uses:
        use = entry.sentence
        if id(use) in sentences and isinstance(use, syntax.Use):
            yield from version_faults(rules.book, use.region, use.version, entry)


def _people(rules: RuleBook, sentences: set[int]) -> Iterator[Diagnostic]:
    for entry in dict.fromkeys(rules.book.persons.values()):
        person = entry.sentence
        if id(person) in sentences and isinstance(person, syntax.Person):
            try:
                known(rules.book, [(entry.source, fact) for fact in person.facts])
            except Refusal as refusal:
                yield from refusal.diagnostics


def _elaborated(rules: RuleBook, sentences: set[int]) -> Iterator[Diagnostic]:
    shelves = Shelves(rules.book)
    waiting = list(_waiting(shelves, sentences))
    for region in dict.fromkeys(entry.region for entry, _ in waiting):
        here = [(entry, shelf) for entry, shelf in waiting if entry.region == region]
        for stretch in shelves.stretches(region):
            held = [entry for entry, _ in here if (entry.region, entry.version) in stretch.versions]
            if held:
                yield from _in_view(rules, shelves, region, stretch, held)
                here = [pair for pair in here if pair[0] not in held]
    for region, rows in shelves.rows.items():
        own = {
            name: [each for each in entries if id(each.sentence) in sentences]
            for name, entries in rows.items()
        }
        own = {name: entries for name, entries in own.items() if entries}
        if own:
            first = next(shelves.stretches(region))
            view = View(shelves, region, first, rules.uses, shelves.rows_seen(region))
            yield from row_faults(view.elaborator, own)


def _waiting(shelves: Shelves, sentences: set[int]) -> Iterator[tuple[Entry, Shelf]]:
    seen: set[Entry] = set()
    for shelf in shelves.held.values():
        for entries in (*shelf.rules.values(), *shelf.defines.values()):
            for entry in entries:
                if id(entry.sentence) in sentences and entry not in seen:
                    seen.add(entry)
                    yield entry, shelf


def _in_view(
    rules: RuleBook, shelves: Shelves, region: str, stretch: Stretch, entries: list[Entry]
) -> Iterator[Diagnostic]:
    uses = next(stretch.choices(rules.uses))
    view = View(shelves, region, stretch, uses, shelves.rows_seen(region))
    for entry in entries:
        yield from real(_looked_at(view, entry).faults)


def _looked_at(view: View, entry: Entry) -> Elaborated:
    elaborate = (
        definition_elaborated if isinstance(entry.sentence, syntax.Define) else rule_elaborated
    )
    try:
        return elaborate(view, entry)
    except Refusal as refusal:
        return Elaborated(entry, refusal.diagnostics)


def most_steps(rules: RuleBook) -> int:
    r"""How many definitions the name that is made of the most is made of, counted as used.

    A definition that uses another twice is made of twice as many, so few lines can mean a lot of
    work. Those that go in a ring count once; asking for one is refused (YB210).

    >>> from yibaolang.engine.rulebook import read
    >>> most_steps(read("define a = 1元\ndefine b = a + a\ndefine c = b + b"))
    7
    """
    counts: dict[str, int] = {}
    for name in rules.book.defines:
        _count(rules, name, counts)
    return max(counts.values(), default=0)


def _count(rules: RuleBook, name: str, counts: dict[str, int]) -> int:
    """The same for one name; without recursion, for chains of definitions may be long."""
    waiting = [name]
    while waiting:
        current = waiting[-1]
        used = _used(rules, current) if counts.setdefault(current, 0) == 0 else []
        new = [each for each in dict.fromkeys(used) if each not in counts]
        if new:
            waiting += new
            continue
        waiting.pop()
        counts[current] = counts[current] or 1 + sum(counts[each] for each in used)
    return counts[name]


def _used(rules: RuleBook, name: str) -> list[str]:
    """The definitions that one uses, as often as it does; of several versions, the longest."""
    found = [
        [spelled for text in names_used(each.sentence)
         if (spelled := rules.book.spelled(text)) in rules.book.defines and spelled is not None]
        for each in rules.book.defines[name]
    ]  # fmt: skip
    return max(found, key=len, default=[])
