"""Dates and sources: versions that overlap or disagree, params that end, what has no citation."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from attrs import frozen

from yibaolang.analysis.context import Context
from yibaolang.analysis.views import Shelf
from yibaolang.engine.words import Words
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Note, Said, diagnostic
from yibaolang.language.source import Place
from yibaolang.model import core
from yibaolang.model.core import Row
from yibaolang.model.entries import BASE, Entry, VersionEntry

_ONE_DAY = timedelta(days=1)
_TOGETHER = frozenset({"note", "contact"})
_MOST_TEXT = 80
_RULE = Said(en="this rule", zh="本条规则")
_VALUE = Said(en="this value", zh="此数值")

Shelved = tuple[VersionEntry, Shelf]
Days = tuple[date | None, date | None]


# ── versions ──


def versions_overlap(context: Context) -> Iterator[Diagnostic]:
    """Versions of a region with rules of one kind on the same days, and not told apart by name."""
    for _, shelved in _by_region(context):
        for one, other in _overlapping(shelved, lambda first, second: first == second):
            if one.place is None or other.place is None:
                continue
            yield diagnostic(
                "YB505", other.place, notes=[Note(one.place, "first")],
                first=_days_text(one), second=_days_text(other),
            )  # fmt: skip


def sources_disagree(context: Context) -> Iterator[Diagnostic]:
    """Versions with names and rules of one kind on the same days, unless one is chosen."""
    for region, shelved in _by_region(context):
        named = {version.name for version, _ in shelved}
        if named.intersection(context.uses.get(region, ())):
            continue
        versions: dict[VersionEntry, None] = {}
        for pair in _overlapping(shelved, _both_named):
            versions |= dict.fromkeys(pair)
        places = [version.place for version in versions if version.place is not None]
        if places:
            names = dict.fromkeys(version.name for version in versions)
            shelves = dict(shelved)
            readings = [
                "; ".join(
                    f"{version.name}: {_reading(shelves[version], words)}" for version in versions
                )
                for words in context.words
            ]
            yield diagnostic(
                "YB508", places[0], notes=[Note(place, "version") for place in places[1:]],
                region=region, names=", ".join(names),
                readings=Said(en=readings[0], zh=readings[1]),
            )  # fmt: skip


def _by_region(context: Context) -> Iterator[tuple[str, list[Shelved]]]:
    """The dated versions of every region that hold something, in the order of their first days."""
    found: dict[str, list[Shelved]] = {}
    for (region, version), shelf in context.shelves.held.items():
        if version.since is not None and version.place is not None:
            found.setdefault(region, []).append((version, shelf))
    for region, shelved in found.items():
        shelved.sort(key=lambda each: each[0].since or date.min)
        yield region, shelved


def _overlapping(
    shelved: Iterable[Shelved], concerns: Callable[[str, str], bool]
) -> Iterator[tuple[VersionEntry, VersionEntry]]:
    """Pairs of versions with a kind of rule in common and a day, each once.

    `concerns` says of two names whether such a pair counts. Of versions with one name, only the
    last to end is looked at again, so that a thousand versions in a row are no work.
    """
    latest: dict[str, dict[str, VersionEntry]] = {}
    told: set[tuple[VersionEntry, VersionEntry]] = set()
    for version, shelf in shelved:
        for kind in shelf.rules:
            if kind in _TOGETHER:
                continue
            named = latest.setdefault(kind, {})
            for name, before in named.items():
                pair = (before, version)
                if concerns(name, version.name) and pair not in told and _meet(*pair):
                    told.add(pair)
                    yield pair
            last = named.get(version.name)
            if last is None or _end(version) >= _end(last):
                named[version.name] = version


def _both_named(one: str, other: str) -> bool:
    return bool(one and other) and one != other


def _meet(before: VersionEntry, version: VersionEntry) -> bool:
    return version.since is None or version.since <= _end(before)


def _end(version: VersionEntry) -> date:
    return version.until or date.max


def _days_text(version: VersionEntry) -> str:
    return f"{version.since or ''}..{version.until or ''}"


def _reading(shelf: Shelf, words: Words) -> str:
    """What a version says: its amounts, or else its rules."""
    entries = dict.fromkeys(
        entry for kind, rules in shelf.rules.items() for entry in rules if kind not in _TOGETHER
    )
    return ", ".join(dict.fromkeys(_said(entry, words) for entry in entries))


def _said(entry: Entry, words: Words) -> str:
    sentence = entry.sentence
    action = sentence.action if isinstance(sentence, syntax.Rule) else None
    if isinstance(action, syntax.Credit | syntax.Deduct):
        text = words.printer.expression(action.amount)
    else:
        text = words.printer.sentence(sentence)
    return text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - 1] + "…"


# ── params ──


@frozen(eq=False)
class _Hole:
    """Days on which a param has no value, and the row beside them."""

    first: date | None
    last: date | None
    row: Row


def params_end_before_rules(context: Context) -> Iterator[Diagnostic]:
    """Params without a value on days on which rules and definitions use them; each param once."""
    holes: dict[tuple[str, str], list[_Hole]] = {}
    told: set[tuple[str, str]] = set()
    for looked in context.elaboration.looked:
        stretch, region = looked.view.stretch, looked.view.region
        for sentence in looked.every():
            for node in sentence.published:
                key = (region, node.name)
                if key in told:
                    continue
                if key not in holes:
                    holes[key] = _holes(node.rows)
                # A sentence without dates does not say that it held before the first value.
                since = sentence.entry.version.since and stretch.since
                days = _days_needed(node, (since, stretch.until))
                found = next((each for each in holes[key] if _touches(each, days)), None)
                if found is not None:
                    told.add(key)
                    after = max(found.first or date.min, days[0] or date.min) - _ONE_DAY
                    note = Note(sentence.entry.place, "rule")
                    yield diagnostic(
                        "YB506", found.row.written.place, notes=[note], name=node.name,
                        date=after.isoformat(),
                    )  # fmt: skip


def _days_needed(node: core.Published, days: Days) -> Days:
    """The days of which a value is read while a rule holds."""
    since, until = days
    if node.year is not None:
        return date(node.year, 1, 1), date(node.year, 12, 31)
    if node.years_back < 0:
        return days
    return (
        None if since is None else date(since.year - node.years_back, 1, 1),
        None if until is None else date(until.year - node.years_back, 12, 31),
    )


def _holes(rows: tuple[Row, ...]) -> list[_Hole]:
    """The days before, between and after rows, which are in the order of their first days."""
    found: list[_Hole] = []
    reached: date | None = None
    beside: Row | None = None
    for row in rows:
        if row.since is not None and (reached is None or row.since > reached):
            found.append(_Hole(reached, row.since - _ONE_DAY, beside or row))
        if row.until is None or row.until == date.max:
            return found
        if reached is None or row.until >= reached:
            reached, beside = row.until + _ONE_DAY, row
    if beside is not None:
        found.append(_Hole(reached, None, beside))
    return found


def _touches(hole: _Hole, days: Days) -> bool:
    """Whether a hole is within days; one before all rows only if the days have a first."""
    since, until = days
    if hole.first is None and since is None:
        return False
    return (hole.last is None or since is None or since <= hole.last) and (
        hole.first is None or until is None or hole.first <= until
    )


# ── sources ──


def citations_missing(context: Context) -> Iterator[Diagnostic]:
    """Rules and values of params in regions, neither they nor their versions with a citation."""
    for entry in context.region_rules():
        sentence = entry.sentence
        if not isinstance(sentence, syntax.Rule) or isinstance(sentence.action, syntax.Texts):
            continue
        if not (sentence.origin.cite or entry.version.cite):
            yield diagnostic("YB507", entry.place, what=_RULE)
    for row in context.region_rows():
        if not row.cite:
            yield diagnostic("YB507", Place(row.source, row.sentence.span), what=_VALUE)


def region_params_undated(context: Context) -> Iterator[Diagnostic]:
    """Values of params in regions that do not say from when they hold."""
    for row in context.region_rows():
        if row.since is None and row.version.since is None and row.region != BASE:
            yield diagnostic("YB511", Place(row.source, row.sentence.span))
