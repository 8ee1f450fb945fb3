"""Accounts by the region in which they are kept: each group is run by a kernel of its own."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from attrs import frozen

from yibaolang.engine.ledger_rows import Rows as TableRows
from yibaolang.engine.programs import Programs
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Refusal
from yibaolang.model.plan import Plans
from yibaolang.population.ledger_arrays import Truths, Whole
from yibaolang.population.ledger_events import Events
from yibaolang.population.ledger_facts import Facts, Holder
from yibaolang.population.ledger_held import Holding, holder
from yibaolang.population.ledger_holders import Holders
from yibaolang.population.ledger_kernel import UNORDERED, Source, source
from yibaolang.population.ledger_lives import Lives
from yibaolang.population.ledger_loop import Wanted
from yibaolang.population.ledger_native import Native, Part, Ran
from yibaolang.population.ledger_order import Ordered, odd_ids, odd_names, ordered
from yibaolang.population.ledger_reference import Frame
from yibaolang.population.ledger_tables import Tables


@frozen(eq=False)
class Group:
    """Everything that a call is about: the accounts by name, where the events of each are."""

    rules: RuleBook
    programs: Programs
    frame: Frame
    events: Events
    lives: Lives
    holders: Holders | None
    rows: TableRows
    postings: bool
    years: bool
    threads: int | None
    names: Any
    begins: Whole
    ends: Whole


def grouped(all_: Group) -> Iterator[Tables]:
    """What native code ran, region by region; the accounts that it did not run are in none."""
    for region, version, places in _regions(all_):
        try:
            running = _Running(all_, region, version)
        except Refusal as refusal:
            if any(each.code == "YB480" for each in refusal.diagnostics):
                raise
            # Nobody's ledger can be run there: the reference engine tells each account why.
            continue
        yield from running.run(places)


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


class Ready(NamedTuple):
    """A kernel that is ready, and what it was made of."""

    people: Holder
    plans: Plans
    source: Source
    native: Native


def ready(all_: Group, region: str, version: str) -> Ready:
    """The kernel of a region; the book keeps it, so that the next part of a file need not wait."""
    book, holders, events, frame = all_.rules.book, all_.holders, all_.events, all_.frame
    people, columns = holder(book, holders, all_.lives), events.columns
    if people.changing:
        columns |= {"lives"}
    of_bills = () if events.facts is None else events.facts.names
    wanted = Wanted(events.classes, columns, all_.postings, frame.as_listed, all_.years)
    key = repr((
        "ledger kernel", region, version, frame.first, frame.last, of_bills, sorted(people.given),
        sorted(people.nullable), sorted(people.changing), wanted.classes, sorted(wanted.columns),
        wanted.postings, wanted.as_listed, wanted.years,
    ))  # fmt: skip
    found = all_.rules.made.get(key)
    if not isinstance(found, Ready):
        plans = all_.programs.plans(region, version, frozenset())
        facts = Facts(people, frame.first, frame.last, of_bills)
        made = source(all_.programs, plans, facts, wanted)
        found = all_.rules.made[key] = Ready(people, plans, made, Native(made))
    return found


class _Running:
    """Runs the accounts of one region."""

    def __init__(self, all_: Group, region: str, version: str) -> None:
        self.all = all_
        self.people, self.plans, self.source, self.native = ready(all_, region, version)

    def run(self, places: Whole) -> Iterator[Tables]:
        """Run accounts, those with events out of order once more."""
        all_ = self.all
        part, bad = self.part(all_.events, places, all_.begins[places], all_.ends[places])
        ran = self.native.run(part, all_.threads)
        fine = (ran.status == 0) & ~bad
        doubtful = ((ran.status & UNORDERED) != 0) & ~bad
        again: Ordered | None = None
        if bool(doubtful.any()):
            which = np.flatnonzero(doubtful)
            again = ordered(all_.events, self.source.track, part.begins[which], part.ends[which])
            stands = which[again.fine]
            fine[stands] = ran.status[stands] == UNORDERED
        keep = np.flatnonzero(fine & ~odd_ids(all_.events, part.begins, part.ends))
        yield self.tables(all_.events, places[keep], ran, keep)
        if again is not None and len(again.moved):
            where = places[which[again.moved]]
            part, bad = self.part(again.events, where, again.begins, again.ends)
            ran = self.native.run(part, all_.threads)
            fine = ((ran.status & ~UNORDERED) == 0) & ~bad
            keep = np.flatnonzero(fine & ~odd_ids(again.events, part.begins, part.ends))
            yield self.tables(again.events, where[keep], ran, keep)

    def part(
        self, events: Events, places: Whole, begins: Whole, ends: Whole
    ) -> tuple[Part, Truths]:
        """Accounts with their facts, and which of them have facts that cannot be read."""
        all_ = self.all
        bad = odd_names(all_.names.take(pa.array(places)))
        rows = _rows_of(all_)[places]
        holding = Holding(all_.holders, self.people, self.source.holders, rows)
        held = holding.held(all_.lives, places)
        return Part(events, begins, ends, held), bad | holding.bad

    def tables(self, events: Events, order: Whole, ran: Ran, keep: Whole) -> Tables:
        """What came of the accounts that count."""
        all_ = self.all
        accounts = all_.names.take(pa.array(order))
        return Tables(all_.rows, self.source, self.plans, events, accounts, ran, keep, order)
