"""What differs between two sides: two days, two versions of a region, or two files."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from attrs import evolve, frozen

from yibaolang.engine.asked import Asked
from yibaolang.engine.words import Words
from yibaolang.language import syntax
from yibaolang.language.source import Source
from yibaolang.model.core import Written
from yibaolang.model.entries import BASE, Entry, VersionEntry
from yibaolang.report.tables import Table, without_empty_columns
from yibaolang.session.here import Here, region_words
from yibaolang.session.holding import (
    Held,
    bare_text,
    defined_here,
    rules_held,
    source_words,
)  # fmt: skip
from yibaolang.session.published import Value, values, values_on
from yibaolang.session.texts import say, titles

_RULES = ("change", "region", "version", "since", "rule", "source")
_Key = tuple[object, ...]


@frozen(eq=False)
class Side:
    """One of two things that are compared: its name, where it looks, and when it is asked.

    `whole` says that all that is written counts, in every region, and not what holds on the day.
    `version` is what is chosen in the region, "" for nothing.
    """

    label: str
    at: Here
    asked: Asked
    version: str = ""
    whole: bool = False


@frozen(eq=False)
class _Clause:
    """A sentence of one side: what it is matched by, what it says, and how it is shown."""

    key: _Key
    content: str
    held: Held


# ── rules ──


def rules_apart(before: Side, after: Side, words: Words) -> Table | None:
    """The rules, definitions and tables that came, went or changed; None if none did.

    They are matched by their kind and guard, in whole files also by region and version. Of one
    that changed there are two rows.

    >>> from datetime import date
    >>> from yibaolang.engine.rulebook import read
    >>> sides = [
    ...     Side(text, Here(read(text), "", {}, date(2024, 6, 1)), Asked.never())
    ...     for text in ("credit 5元", "credit 6元")
    ... ]
    >>> rules_apart(*sides, Words(sides[0].at.rules.book, "en")).rows
    (('before', 'credit 5元'), ('after', 'credit 6元'))
    """
    rows = [
        _row(change, clause, side, words)
        for change, clause, side in _changes(before, after, words)
    ]
    if not rows:
        return None
    found = Table(_RULES, titles(_RULES, words.lang), tuple(rows))
    return without_empty_columns(found)


def _changes(
    before: Side, after: Side, words: Words
) -> Iterator[tuple[str, _Clause, Side]]:
    both = regions_in_both(before, after)
    sides = [_grouped(_clauses(each, words, both)) for each in (before, after)]
    for key in {**sides[0], **sides[1]}:
        old, new = _without_common(sides[0].get(key, []), sides[1].get(key, []))
        for one, other in zip(old, new, strict=False):
            yield "before", one, before
            yield "after", other, after
        for one in old[len(new) :]:
            yield "went", one, before
        for other in new[len(old) :]:
            yield "came", other, after


def regions_in_both(before: Side, after: Side) -> frozenset[str]:
    """The regions that both sides know; only of these differences are told."""
    one, other = ({BASE, *side.at.rules.book.regions} for side in (before, after))
    return frozenset(one & other)


def regions_in_one(before: Side, after: Side) -> frozenset[str]:
    """The regions of a side that the other one does not know."""
    return frozenset(before.at.rules.book.regions) - regions_in_both(before, after)


def _grouped(clauses: Iterable[_Clause]) -> dict[_Key, list[_Clause]]:
    found: dict[_Key, list[_Clause]] = {}
    for each in clauses:
        found.setdefault(each.key, []).append(each)
    return found


def _without_common(
    old: Sequence[_Clause], new: Sequence[_Clause]
) -> tuple[list[_Clause], list[_Clause]]:
    """Those on each side that say what none on the other says."""
    said = {each.content for each in old} & {each.content for each in new}
    return (
        [each for each in old if each.content not in said],
        [each for each in new if each.content not in said],
    )


def _clauses(side: Side, words: Words, regions: Collection[str]) -> Iterator[_Clause]:
    held = _everything(side) if side.whole else [*rules_held(side.at), *defined_here(side.at)]
    words = Words(side.at.rules.book, words.lang)
    for each in held:
        if each.entry.region not in regions:
            continue
        key = (each.kinds, *_guard(each.entry.sentence, words))
        if side.whole:
            version = each.entry.version
            key = (each.entry.region, version.name, version.since, *key)
        yield _Clause(key, _content(each.entry, side, words), each)


def _everything(side: Side) -> list[Held]:
    """All rules, definitions and tables of a file, in the order in which they stand there."""
    book = side.at.rules.book
    groups = [((kind,), entries) for (_, kind), entries in book.rules.items()]
    groups += [((f"define {name}",), entries) for name, entries in book.defines.items()]
    for name, tables in book.tables.items():
        groups.append(((f"table {name}",), [each.entry for each in tables]))
    found: dict[int, Held] = {}
    for kinds, entries in groups:
        for entry in entries:
            old = found.get(id(entry.sentence), Held(entry, ()))
            found[id(entry.sentence)] = evolve(old, kinds=(*old.kinds, *kinds))
    order = {id(each.source): index for index, each in enumerate(book.documents)}
    return sorted(
        found.values(), key=lambda each: (order[id(each.entry.source)], each.entry.place.span)
    )


def _guard(sentence: syntax.Sentence, words: Words) -> tuple[object, ...]:
    """What a rule asks before it applies, in words."""
    if not isinstance(sentence, syntax.Rule):
        return ()
    guard = "" if sentence.guard is None else words.printer.expression(sentence.guard)
    return sentence.also, sentence.exception, guard


def _content(entry: Entry, side: Side, words: Words) -> str:
    """What a sentence says; a table also its rows."""
    text = bare_text(entry.sentence, words)
    if isinstance(entry.sentence, syntax.Table):
        for tables in side.at.rules.book.tables.values():
            for table in tables:
                if table.entry.sentence is entry.sentence and table.header is not None:
                    text += "\n".join(words.printer.block([table.header, *table.rows]))
    return text


def _row(change: str, clause: _Clause, side: Side, words: Words) -> tuple[str, ...]:
    entry = clause.held.entry
    words = Words(side.at.rules.book, words.lang)
    own = entry.region == side.at.region and not side.whole
    region = "" if own or (side.whole and entry.region == BASE) else (
        region_words(entry.region, words)
    )
    return (
        say(change, words.lang), region, entry.version.name, _since(entry.version),
        bare_text(entry.sentence, words), source_words(clause.held.cite, clause.held.mark),
    )  # fmt: skip


def _since(version: VersionEntry) -> str:
    return "" if version.since is None else version.since.isoformat()


# ── params ──


def params_apart(before: Side, after: Side, words: Words) -> Table | None:
    """The params whose values differ, with both; None if none do."""
    both = regions_in_both(before, after)
    one, other = (dict(_values(each, words, both)) for each in (before, after))
    rows = []
    for key in {**one, **other}:
        old, new = one.get(key, ("", "")), other.get(key, ("", ""))
        if old[0] != new[0]:
            name, region, since = key
            rows.append((name, region, since, old[0], new[0], new[1] or old[1]))
    if not rows:
        return None
    keys = ("name", "region", "since", "before", "after", "source")
    shown = list(titles(keys, words.lang))
    shown[3:5] = [before.label, after.label]
    return without_empty_columns(Table(keys, tuple(shown), tuple(rows), frozenset([3, 4])))


def _values(
    side: Side, words: Words, regions: Collection[str]
) -> Iterator[tuple[tuple[str, str, str], tuple[str, str]]]:
    """What params are worth and the source, by name; in whole files also by region and day."""
    book = side.at.rules.book
    words = Words(book, words.lang)
    for name in book.params:
        if not side.whole:
            found = values_on(side.at, name)
            shown = " / ".join(dict.fromkeys(each.in_words(words) for each in found))
            if found:
                yield (words.name(name), "", ""), (shown, _source(found[0]))
            continue
        for region in dict.fromkeys(row.region for row in book.rows[name] if row.region in regions):
            for each in values(evolve(side.at, region=region), name):
                since = "" if each.since is None else each.since.isoformat()
                where = "" if region == BASE else region_words(region, words)
                key = words.name(name), f"{where} {each.version}".strip(), since
                yield key, (each.in_words(words), _source(each))


def _source(value: Value) -> str:
    return source_words(value.cite, value.mark)


def written(figure: str) -> Written:
    """Where a figure is written that a command asks for."""
    return Written(Source.of("figure", figure), syntax.Name((0, len(figure)), figure))
