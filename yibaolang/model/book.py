"""A book: every sentence of some documents, by what it is about.

Nothing is resolved yet: rules and definitions are elaborated for a region and a date by `plan`.
"""

from attrs import define, field

from yibaolang.language.suggest import suggestions
from yibaolang.language.syntax import Document
from yibaolang.model.entries import (
    BASE,
    Entry,
    LedgerEntry,
    Named,
    RegionEntry,
    RowEntry,
    TableEntry,
    TestEntry,
    VersionEntry,
)  # fmt: skip
from yibaolang.model.holidays import Holidays

ALWAYS = VersionEntry(BASE, None, None, "", "", "", None)
"""The version of what stands before any `since`."""


@define(eq=False)
class Book:
    """The sentences of documents: filled by `read`, then only looked at."""

    regions: dict[str, RegionEntry] = field(factory=dict)
    region_names: dict[str, str] = field(factory=dict)
    names: dict[str, Named] = field(factory=dict)
    values: dict[str, tuple[str, ...]] = field(factory=dict)
    inputs: dict[str, Entry] = field(factory=dict)
    defines: dict[str, list[Entry]] = field(factory=dict)
    params: dict[str, list[Entry]] = field(factory=dict)
    rows: dict[str, list[RowEntry]] = field(factory=dict)
    tables: dict[str, list[TableEntry]] = field(factory=dict)
    rules: dict[tuple[str, str], list[Entry]] = field(factory=dict)
    versions: dict[str, list[VersionEntry]] = field(factory=dict)
    persons: dict[str, Entry] = field(factory=dict)
    tests: list[TestEntry] = field(factory=list)
    questions: list[Entry] = field(factory=list)
    uses: list[Entry] = field(factory=list)
    documents: list[Document] = field(factory=list)
    ledgers: list[LedgerEntry] = field(factory=list)
    holidays: Holidays = field(factory=Holidays)

    def chain(self, region: str) -> tuple[str, ...]:
        """A region, its parents, and BASE; each once even if a text makes a ring of them."""
        found: list[str] = []
        while region != BASE and region not in found:
            found.append(region)
            entry = self.regions.get(region)
            region = entry.parent if entry else BASE
        return (*found, BASE)

    def spelled(self, name: str) -> str | None:
        """The canonical name of a name or alias, or None."""
        named = self.names.get(name)
        return named.name if named else None

    def suggestion(self, name: str) -> str:
        """The known name that is nearest to an unknown one, or "" ."""
        found = suggestions(name, self.names, limit=1)
        return found[0] if found else ""
