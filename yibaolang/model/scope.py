"""What names mean in one region on one date: which sentences are in force there.

Rules, definitions, tables and values of a kind come from the nearest region that has any in force;
what is marked `also` adds to the parent's.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

from attrs import define, field

from yibaolang.language import syntax
from yibaolang.language.diagnostics import Note, Refusal, diagnostic
from yibaolang.language.source import Place
from yibaolang.model.book import Book
from yibaolang.model.core import FIRST
from yibaolang.model.entries import Entry, RowEntry, TableEntry, VersionEntry

Uses = Mapping[str, tuple[str, ...]]
"""The versions chosen by name for a region, where sources disagree; an earlier name comes first."""


def choosing(uses: Uses, region: str, version: str) -> Uses:
    """The same choices and one that comes before them ("": no other).

    >>> choosing({"甲": ("x",)}, "甲", "y")
    {'甲': ('y', 'x')}
    """
    if not version:
        return uses
    others = tuple(each for each in uses.get(region, ()) if each != version)
    return {**uses, region: (version, *others)}


_ONE_DAY = timedelta(days=1)


class _Dated(Protocol):
    """Entries of one region, held by a version."""

    @property
    def region(self) -> str: ...
    @property
    def version(self) -> VersionEntry: ...
    @property
    def place(self) -> Place: ...


_AnyDated = TypeVar("_AnyDated", bound=_Dated)


@define(eq=False)
class Scope:
    """One region's sentences in force on a day; slots are given to names as they are used."""

    book: Book
    region: str
    day: date | None
    uses: Uses
    overrides: frozenset[str]
    slots: dict[str, int] = field(factory=dict)

    def slot(self, name: str) -> int:
        """The slot of a name in the frames of this scope."""
        return self.slots.setdefault(name, FIRST + len(self.slots))

    def slot_names(self) -> tuple[str, ...]:
        """The names by slot, from the first."""
        return tuple(self.slots)

    def in_force(self, entries: Iterable[_AnyDated]) -> list[_AnyDated]:
        """The entries in force; Refusal YB301 if unchosen versions of several names are."""
        held = [each for each in entries if each.version.holds_on(self.day)]
        names = dict.fromkeys(each.version.name for each in held if each.version.name)
        if not names:
            return held
        region = held[0].region
        chosen = self.chosen(region, names)
        if chosen or len(names) == 1:
            kept = chosen or next(iter(names))
            return [each for each in held if each.version.name in ("", kept)]
        raise self.disagreement(region, tuple(names), held)

    def chosen(self, region: str, names: Iterable[str]) -> str:
        """The first chosen version of a region among some names, or ""."""
        known = set(names)
        # A city may choose among the versions of its province.
        below = self.book.chain(self.region)
        nearest = below[: below.index(region) + 1] if region in below else (region,)
        chosen = (name for each in nearest for name in self.uses.get(each, ()))
        return next((each for each in chosen if each in known), "")

    def disagreement(self, region: str, names: tuple[str, ...], held: Sequence[_Dated]) -> Refusal:
        """The refusal of sources that disagree, each shown."""
        firsts = {each.version.name: each for each in reversed(held) if each.version.name}
        places = [firsts[name].version.place or firsts[name].place for name in names]
        notes = [Note(place, "version") for place in places[1:]]
        return Refusal(
            diagnostic(
                "YB301", places[0], notes=notes, region=region, first=names[0],
                names=", ".join(names),
            )
        )  # fmt: skip

    def rules(self, kind: str) -> list[Entry]:
        """The rules of a kind: the nearest region's, and the parents' while they are added to."""
        found: list[Entry] = []
        for region in self.book.chain(self.region):
            held = self.in_force(self.book.rules.get((region, kind), ()))
            found += held
            if any(
                isinstance(each.sentence, syntax.Rule) and not each.sentence.also for each in held
            ):
                break
        return found

    def nearest(self, entries: Iterable[_AnyDated]) -> list[_AnyDated]:
        """The entries in force of the nearest region that has any."""
        by_region: dict[str, list[_AnyDated]] = {}
        for each in entries:
            by_region.setdefault(each.region, []).append(each)
        for region in self.book.chain(self.region):
            held = self.in_force(by_region.get(region, ()))
            if held:
                return held
        return []

    def definition(self, name: str) -> Entry | None:
        """The definition of a name in force; Refusal YB304 if there are two."""
        return self._only(name, self.nearest(self.book.defines.get(name, ())))

    def table(self, name: str) -> TableEntry | None:
        """The table of a name in force; Refusal YB304 if there are two."""
        by_entry = {id(each.entry): each for each in self.book.tables.get(name, ())}
        found = self._only(name, self.nearest(each.entry for each in by_entry.values()))
        return None if found is None else by_entry[id(found)]

    def _only(self, name: str, held: list[Entry]) -> Entry | None:
        if len(held) > 1:
            notes = [Note(each.place, "also") for each in held[1:]]
            raise Refusal(diagnostic("YB304", held[0].place, notes=notes, name=name))
        return held[0] if held else None

    def rows(self, name: str) -> list[RowEntry]:
        """The dated values of a param here: those of the nearest region with any."""
        rows = self.book.rows.get(name, ())
        for region in self.book.chain(self.region):
            own = [each for each in rows if each.region == region]
            chosen = self.chosen(
                region, {each.version.name for each in own if each.version.name}
            )
            if chosen:
                own = [each for each in own if each.version.name in ("", chosen)]
            if own:
                return own
        return []


def change_days(spans: Iterable[tuple[date | None, date | None]]) -> list[date]:
    """The days on which one of the spans of days begins or has just ended, in order.

    >>> change_days([(date(2024, 1, 1), date(2024, 6, 30)), (None, date(2023, 12, 31))])
    [datetime.date(2024, 1, 1), datetime.date(2024, 7, 1)]
    """
    found: set[date] = set()
    for since, until in spans:
        if since is not None:
            found.add(since)
        if until is not None and until < date.max:
            found.add(until + _ONE_DAY)
    return sorted(found)


def interval(day: date | None, changes: Sequence[date]) -> tuple[date | None, date | None]:
    """The longest span around `day` with none of the days in order on which something changes.

    >>> interval(date(2024, 5, 1), [date(2024, 1, 1), date(2025, 1, 1)])
    (datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
    """
    if day is None:
        return None, None
    after = bisect_right(changes, day)
    until = changes[after] - _ONE_DAY if after < len(changes) else None
    return changes[after - 1] if after else None, until
