"""Accounts by the region in which they are kept: each group is run by a kernel of its own."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen

from yibaolang.engine.ledger_rows import Rows as TableRows
from yibaolang.engine.programs import Programs
from yibaolang.engine.rulebook import RuleBook
from yibaolang.population.ledger_arrays import Truths, Whole
from yibaolang.population.ledger_events import Events
from yibaolang.population.ledger_facts import Facts
from yibaolang.population.ledger_holders import Holders, holder_values
from yibaolang.population.ledger_kernel import DISORDERED, TIED, Source, Wanted, source
from yibaolang.population.ledger_native import Native, Part, Ran
from yibaolang.population.ledger_order import Ordered, ordered, twice
from yibaolang.population.ledger_reference import Frame
from yibaolang.population.ledger_tables import Tables
from yibaolang.population.persons import People


@frozen(eq=False)
class Group:
    """Everything that a call is about: the accounts by name, where the events of each are."""

    rules: RuleBook
    programs: Programs
    frame: Frame
    events: Events
    holders: Holders | None
    rows: TableRows
    postings: bool
    threads: int | None
    names: Any
    begins: Whole
    ends: Whole


def grouped(all_: Group) -> Iterator[Tables]:
    """What native code ran, region by region; the accounts that it did not run are in none."""
    for region, version, places in _regions(all_):
        yield from _Running(all_, region, version).run(places)


def _regions(all_: Group) -> Iterator[tuple[str, str, Whole]]:
    """The regions and versions in which accounts are kept, and the accounts of each."""
    count = len(all_.names)
    if all_.holders is None:
        yield all_.frame.region, "", np.arange(count)
        return
    rows = _rows_of(all_)
    said: list[tuple[str, str]] = []
    columns = all_.holders.table.column_names
    table = all_.holders.table
    found = [
        table.column(name).to_pylist() if name in columns else [None] * table.num_rows
        for name in ("region", "version")
    ]
    book = all_.rules.book
    for row in rows.tolist():
        region, version = ("", "") if row < 0 else (found[0][row] or "", found[1][row] or "")
        canonical = book.region_names.get(region.strip(" \t")) if region else all_.frame.region
        named = version.strip(" \t")
        known = canonical is not None and row >= 0 and (not named or bool(region))
        if known and named:
            versions = [
                each.name for place in book.chain(canonical or "")
                for each in book.versions.get(place, ())
            ]  # fmt: skip
            known = named in versions
        said.append((canonical or "", named) if known else ("", "\0"))
    for each in dict.fromkeys(said):
        if each[1] != "\0":
            yield *each, np.flatnonzero([one == each for one in said])


def _rows_of(all_: Group) -> Whole:
    """The row of each account among the people, -1 for none."""
    places = {} if all_.holders is None else all_.holders.places
    return np.array([places.get(each, -1) for each in all_.names.to_pylist()], np.int64)


class _Running:
    """Runs the accounts of one region."""

    def __init__(self, all_: Group, region: str, version: str) -> None:
        self.all = all_
        self.plans = all_.programs.plans(region, version, frozenset())
        people = self._people()
        self.people = people
        facts = Facts(people, all_.frame.first, all_.frame.last)
        wanted = Wanted(
            all_.events.classes, all_.events.columns, all_.postings, all_.frame.as_listed
        )
        self.source: Source = source(all_.programs, self.plans, facts, wanted)
        self.native = Native(self.source)

    def _people(self) -> People:
        holders = self.all.holders
        if holders is None:
            return People(self.all.rules.book, frozenset(), frozenset())
        return holders.people(self.all.rules.book)

    def run(self, places: Whole) -> Iterator[Tables]:
        """Run accounts, those with events out of order once more."""
        all_ = self.all
        part, bad = self.part(all_.events, places, all_.begins[places], all_.ends[places])
        ran = self.native.run(part, all_.threads)
        fine = (ran.status == 0) & ~bad
        # Of events that are out of order nothing else that was found says anything.
        doubtful = (((ran.status & DISORDERED) != 0) | (ran.status == TIED)) & ~bad
        again: Ordered | None = None
        if bool(doubtful.any()):
            which = np.flatnonzero(doubtful)
            again = ordered(all_.events, self.source.track, part.begins[which], part.ends[which])
            fine[which[again.fine]] = True
        keep = np.flatnonzero(fine & ~twice(all_.events, part.begins, part.ends))
        yield self.tables(all_.events, places[keep], ran, keep)
        if again is not None and len(again.moved):
            where = places[which[again.moved]]
            part, bad = self.part(again.events, where, again.begins, again.ends)
            ran = self.native.run(part, all_.threads)
            fine = ((ran.status & ~TIED) == 0) & ~bad
            keep = np.flatnonzero(fine & ~twice(again.events, part.begins, part.ends))
            yield self.tables(again.events, where[keep], ran, keep)

    def part(
        self, events: Events, places: Whole, begins: Whole, ends: Whole
    ) -> tuple[Part, Truths]:
        """Accounts with their facts, and which of them have facts that cannot be read."""
        all_, keys = self.all, self.source.holders
        nothing = np.zeros((1, len(places)), np.int64)
        bad = np.zeros(len(places), np.bool_)
        holders = nothing
        if all_.holders is not None:
            rows = _rows_of(all_)[places]
            if keys:
                holders, bad = holder_values(all_.holders, self.people, keys, rows)
        return Part(events, begins, ends, holders), bad

    def tables(self, events: Events, order: Whole, ran: Ran, keep: Whole) -> Tables:
        """What came of the accounts that count."""
        all_ = self.all
        accounts = all_.names.take(pa.array(order))
        return Tables(all_.rows, self.source, self.plans, events, accounts, ran, keep, order)
