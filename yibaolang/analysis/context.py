"""What the checks of a book look at, found once and only when a check asks for it."""

import os
from collections.abc import Iterator
from functools import cached_property

from yibaolang.analysis.elaboration import Elaboration
from yibaolang.analysis.views import Shelves
from yibaolang.engine.words import Words
from yibaolang.language.source import Source
from yibaolang.model.book import Book
from yibaolang.model.entries import ASIDE, BASE, Entry, RowEntry
from yibaolang.model.loading import library_files, prelude
from yibaolang.model.scope import Uses


class Context:
    """A book, the chosen versions, and the sources to report: `only`, or all but the prelude."""

    def __init__(self, book: Book, uses: Uses, only: frozenset[str] | None) -> None:
        self.book = book
        self.uses = uses
        self.only = only
        self.shelves = Shelves(book)

    def reported(self, source: Source) -> bool:
        """Whether a source's sentences are reported."""
        if self.only is None:
            return source is not prelude().source
        return source.name in self.only

    def shared(self, source: Source) -> bool:
        """Whether a source is the prelude or of the library, whose names need not all be used."""
        return source is prelude().source or source.name in self._library

    @cached_property
    def _library(self) -> frozenset[str]:
        return frozenset(f"regions/{os.path.basename(path)}" for path in library_files().values())

    @cached_property
    def words(self) -> tuple[Words, Words]:
        """Names in English and Chinese words."""
        return Words(self.book, "en"), Words(self.book, "zh")

    @cached_property
    def regions(self) -> list[str]:
        """The regions with something to report in them or above, parents before children."""
        names = [BASE, *self.book.regions]
        own = {*self._written_in(), *((BASE,) if self.only is None else ())}
        concerned = [name for name in names if any(each in own for each in self.book.chain(name))]
        return sorted(concerned, key=lambda name: len(self.book.chain(name)))

    def _written_in(self) -> Iterator[str]:
        for held, shelf in self.shelves.held.items():
            entries = [
                *(each for rules in shelf.rules.values() for each in rules),
                *(each for defines in shelf.defines.values() for each in defines),
                *(each.entry for tables in shelf.tables.values() for each in tables),
            ]
            if any(self.reported(entry.source) for entry in entries):
                yield held[0]
        for region, rows in self.shelves.rows.items():
            if any(self.reported(row.source) for each in rows.values() for row in each):
                yield region

    @cached_property
    def elaboration(self) -> Elaboration:
        """Every sentence of these regions, elaborated wherever it holds."""
        found = Elaboration(self.book, self.shelves, self.uses)
        for region in self.regions:
            found.region(region)
        return found

    def region_rules(self) -> Iterator[Entry]:
        """The rules of regions that are reported, each once."""
        seen: set[Entry] = set()
        for (region, _), entries in self.book.rules.items():
            if region in (BASE, ASIDE):
                continue
            for entry in entries:
                if entry not in seen and self.reported(entry.source):
                    seen.add(entry)
                    yield entry

    def region_rows(self) -> Iterator[RowEntry]:
        """The values of params of regions that are reported."""
        for region, rows in self.shelves.rows.items():
            if region not in (BASE, ASIDE):
                for each in rows.values():
                    yield from (row for row in each if self.reported(row.source))
