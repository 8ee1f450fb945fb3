"""Views: what one region has in force between two dates, as a small book of its own.

A book is looked through once, by region and version. Then every stretch of days in which the
versions of a region and its parents stay the same gives a view, whose book holds nothing else, so
that looking at all of them takes about as long as there are sentences in force.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from attrs import define, evolve, field, frozen

from yibaolang.model.arms import Arm
from yibaolang.model.book import ALWAYS, Book
from yibaolang.model.entries import Entry, RowEntry, TableEntry, VersionEntry
from yibaolang.model.plan import Plans
from yibaolang.model.scope import Uses

_ONE_DAY = timedelta(days=1)
_SHAPING = frozenset({"round", "year"})

Held = tuple[str, VersionEntry]
"""A version in a region; what always holds has the same version in every region."""


@define(eq=False)
class Shelf:
    """What a version of a region holds, by kind of rule or by name.

    `shaping` says that something in it decides what other sentences mean.
    """

    rules: dict[str, list[Entry]] = field(factory=dict)
    defines: dict[str, list[Entry]] = field(factory=dict)
    tables: dict[str, list[TableEntry]] = field(factory=dict)
    shaping: bool = False


class Shelves:
    """The sentences of a book by region and version."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.held: dict[Held, Shelf] = {}
        self.rows: dict[str, dict[str, list[RowEntry]]] = {}
        self._fill()

    def _shelf(self, entry: Entry) -> Shelf:
        return self.held.setdefault((entry.region, entry.version), Shelf())

    def _fill(self) -> None:
        for (_, kind), entries in self.book.rules.items():
            for entry in entries:
                shelf = self._shelf(entry)
                shelf.rules.setdefault(kind, []).append(entry)
                shelf.shaping |= kind in _SHAPING
        for name, entries in self.book.defines.items():
            for entry in entries:
                shelf = self._shelf(entry)
                shelf.defines.setdefault(name, []).append(entry)
                shelf.shaping = True
        for name, tables in self.book.tables.items():
            for table in tables:
                shelf = self._shelf(table.entry)
                shelf.tables.setdefault(name, []).append(table)
                shelf.shaping = True
        for name, rows in self.book.rows.items():
            for row in rows:
                self.rows.setdefault(row.region, {}).setdefault(name, []).append(row)

    def rows_seen(self, region: str) -> dict[str, list[RowEntry]]:
        """The rows of params of a region and its parents."""
        found: dict[str, list[RowEntry]] = {}
        for each in self.book.chain(region):
            for name, rows in self.rows.get(each, {}).items():
                found.setdefault(name, []).extend(rows)
        return found

    def stretches(self, region: str) -> Iterator["Stretch"]:
        """What holds without a date, and then every stretch of days with a dated version."""
        chain = self.book.chain(region)
        always = [(each, ALWAYS) for each in chain if (each, ALWAYS) in self.held]
        events: dict[date, list[tuple[bool, Held]]] = {}
        for each in chain:
            for version in self.book.versions.get(each, ()):
                held = (each, version)
                if held not in self.held or version.since is None:
                    continue
                events.setdefault(version.since, []).append((True, held))
                if version.until is not None and version.until < date.max:
                    events.setdefault(version.until + _ONE_DAY, []).append((False, held))
        starts = sorted(events)
        yield Stretch(None, starts[0] - _ONE_DAY if starts else None, None, tuple(always))
        now: dict[Held, None] = {}
        ends = [*(start - _ONE_DAY for start in starts[1:]), *([None] if starts else [])]
        for start, until in zip(starts, ends, strict=True):
            for begins, held in events[start]:
                if begins:
                    now[held] = None
                else:
                    now.pop(held, None)
            if now:
                yield Stretch(start, until, start, (*always, *now))


@frozen(eq=False)
class Stretch:
    """Days from `since` to `until` (None is open), one of them, and the versions that hold."""

    since: date | None
    until: date | None
    day: date | None
    versions: tuple[Held, ...]

    def choices(self, uses: Uses) -> Iterator[Uses]:
        """The ways to choose among named versions that no use chooses: each first in turn."""
        names: dict[str, dict[str, None]] = {}
        for region, version in self.versions:
            if version.name:
                names.setdefault(region, {})[version.name] = None
        chosen = {region: uses.get(region, ()) for region in names}
        open_ = {
            region: [name for name in found if name not in chosen[region]]
            for region, found in names.items()
        }
        first = {**uses, **{region: (*chosen[region], *open_[region]) for region in names}}
        yield first
        for region, found in open_.items():
            for name in found[1:]:
                others = (each for each in found if each != name)
                yield {**first, region: (*chosen[region], name, *others)}


class _PlansOfView(Plans):
    """Plans of a book in which nothing changes."""

    stretch: Stretch

    def interval(self, day: date | None) -> tuple[date | None, date | None]:
        return self.stretch.since, self.stretch.until


class View:
    """A region's sentences in one stretch under one choice of versions."""

    def __init__(
        self, shelves: Shelves, region: str, stretch: Stretch, uses: Uses,
        rows: Mapping[str, list[RowEntry]],
    ) -> None:  # fmt: skip
        self.region = region
        self.stretch = stretch
        self.uses = uses
        self.kinds: dict[str, None] = {}
        self.book = evolve(
            shelves.book, rules={}, defines={}, tables={}, rows=dict(rows), versions={}
        )
        self._made = 0
        self._fill(shelves)
        self.plans = _PlansOfView(self.book, region, uses)
        self.plans.stretch = stretch
        self.elaborator = self.plans.elaborator(stretch.day)
        self.scope = self.elaborator.scope
        self.meaning = self._meaning(shelves)

    def _fill(self, shelves: Shelves) -> None:
        book = self.book
        for held in self.stretch.versions:
            shelf = shelves.held[held]
            for kind, entries in shelf.rules.items():
                self.kinds[kind] = None
                book.rules.setdefault((held[0], kind), []).extend(entries)
            for name, entries in shelf.defines.items():
                book.defines.setdefault(name, []).extend(entries)
            for name, tables in shelf.tables.items():
                book.tables.setdefault(name, []).extend(tables)

    def _meaning(self, shelves: Shelves) -> frozenset[object]:
        """Views of a region in which this is equal give a sentence the same meaning."""
        shaping = [held for held in self.stretch.versions if shelves.held[held].shaping]
        chosen = [(region, self.uses.get(region)) for region, version in shaping if version.name]
        return frozenset((*shaping, *chosen))

    @property
    def version(self) -> str:
        """The named version of the region itself that is chosen here, or ""."""
        names = {version.name for region, version in self.stretch.versions if region == self.region}
        chosen = self.uses.get(self.region, ())
        return next((each for each in chosen if each in names), "")

    def alone(self, entry: Entry) -> str:
        """A kind of rule that only this rule belongs to, so that it can be planned by itself."""
        self._made += 1
        kind = f"only {self._made}"
        self.book.rules[(entry.region, kind)] = [entry]
        return kind

    def arm(self, entry: Entry) -> Arm:
        """The arm of a rule that credits, deducts or waits; Refusal for its first fault."""
        return self.plans.figure(self.alone(entry), self.stretch.day).arms[0]
