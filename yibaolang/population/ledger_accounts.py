"""Ledgers of many accounts: people and events as Arrow tables in, what came of them out.

Every account is run by native code, printed from the very step programs that the reference engine
runs, or by the reference engine, and `Accounts.engines` says how many by which. What one region's
rules say that has no native form is refused with its sentence; what only one account has (a fact
that becomes known late, a move, a correction of a correction, a sum of billions) makes that account
go to the reference engine. The results do not depend on it, nor on how accounts are split among
cores.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from attrs import field, frozen

from yibaolang.engine.ledger_rows import Kept
from yibaolang.engine.ledger_rows import Rows as TableRows
from yibaolang.engine.measures import programs_of
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import diagnostic
from yibaolang.model.entries import BASE
from yibaolang.population.ledger_arrays import Whole
from yibaolang.population.ledger_closings import with_closings
from yibaolang.population.ledger_corrections import without_corrections
from yibaolang.population.ledger_events import Events, read_events
from yibaolang.population.ledger_groups import Group, grouped
from yibaolang.population.ledger_holders import Holders, read_holders
from yibaolang.population.ledger_kept import kept_tables
from yibaolang.population.ledger_lives import Lives, read_lives
from yibaolang.population.ledger_order import between
from yibaolang.population.ledger_reference import Frame, Reference
from yibaolang.population.ledger_tables import (
    NATIVE,
    REFERENCE,
    schema_for,
)

if TYPE_CHECKING:
    from yibaolang.population.ledger_tables import Tables

TABLES = ("balances", "accumulators", "refused", "postings", "years")


@frozen(eq=False)
class Accounts:
    """What came of accounts, in their order: tables of Arrow with the columns of ledger files.

    Amounts are in fen. `balances` has a row for each account that could be run, and the column
    `engine`. `refused` has a row for each event that was refused, and for each account that could
    not be run. `years` has a row for each insurance year of each account: balances at its end, and
    what was moved in it. `postings` and `years` are None if they were not asked for. `engines`
    counts accounts by engine.
    """

    balances: Any
    accumulators: Any
    refused: Any
    postings: Any | None
    years: Any | None
    engines: dict[str, int] = field(factory=dict)


def ledgers(
    rules: RuleBook,
    people: Any,
    events: Any,
    *,
    first: date,
    last: date,
    postings: bool = False,
    years: bool = False,
    engine: str = NATIVE,
    threads: int | None = None,
    region: str = BASE,
    as_listed: bool = False,
    sort: bool = False,
    lang: str = "en",
) -> Accounts:
    """The ledgers of accounts from `first` to `last`, both inclusive.

    `people` (None: nobody is known) and `events` are anything with `__arrow_c_stream__`, with the
    columns of docs/events.md; the events of an account stand together, or `sort` is given. Accounts
    come in the order of the events, then in that of the people. `region` is where an account is
    kept whose holder is nowhere. If `as_listed`, nothing is scheduled. `threads` is how many cores
    are used (None: all).

    Refusal YB480 for rules without a native form, YB460, YB461, YB474 or YB475 for
    what is wrong with a table as a whole. ValueError for an engine that there is not, or a last day
    before the first.

    >>> from yibaolang.engine.rulebook import read
    >>> rules = read("cover 50% of outpatient\\nallow outpatient for self\\n"
    ...              "draw current, rest to cash")
    >>> events = pa.table({
    ...     "account": ["7", "7"], "date": [date(2024, 1, 1), date(2024, 1, 9)],
    ...     "kind": ["opening", "bill"], "name": ["current", "outpatient"],
    ...     "amount_fen": [3000, 4000],
    ... })
    >>> found = ledgers(rules, None, events, first=date(2024, 1, 1), last=date(2024, 12, 31),
    ...                 as_listed=True)
    >>> found.balances.column("current_fen").to_pylist(), found.engines
    ([1000], {'native': 1, 'reference': 0})
    """
    if last < first:
        raise ValueError(f"{last} is before {first}")
    if engine not in (NATIVE, REFERENCE):
        raise ValueError(f"there is no engine {engine!r}: use {NATIVE} or {REFERENCE}")
    said = read_events(events, rules.book, sort)
    read, lives = read_lives(with_closings(without_corrections(said)))
    read = between(read, first, last)
    holders = None if people is None else read_holders(people, rules.book)
    frame = Frame(first, last, region, as_listed)
    rows = TableRows(rules, lang)
    return _Running(
        rules, frame, said.table, read, lives, holders, rows, postings, years, threads
    ).run(engine)


class _Running:
    """One call of `ledgers`."""

    def __init__(
        self, rules: RuleBook, frame: Frame, said: Any, events: Events, lives: Lives,
        holders: Holders | None, rows: TableRows, postings: bool, years: bool,
        threads: int | None,
    ) -> None:  # fmt: skip
        self.rules = rules
        self.frame = frame
        self.said = said
        self.events = events
        self.lives = lives
        self.holders = holders
        self.rows = rows
        self.postings = postings
        self.years = years
        self.threads = threads
        self.names, self.begins, self.ends = everyone(events, holders)

    def run(self, engine: str) -> Accounts:
        """Run everything, and put it together in the order of the accounts."""
        count = len(self.names)
        left = np.ones(count, np.bool_)
        parts: dict[str, list[tuple[Any, Whole]]] = {name: [] for name in TABLES}
        if engine == NATIVE:
            for tables in self.native():
                left[tables.order] = False
                parts["balances"].append((tables.balances(), tables.order))
                parts["accumulators"].append(tables.accumulators())
                parts["refused"].append(tables.refused())
                for name, found in (("postings", tables.postings()), ("years", tables.years())):
                    if found is not None:
                        parts[name].append(found)
        again = np.flatnonzero(left)
        self.reference(again, parts)
        made = {name: self.joined(name, parts[name]) for name in TABLES}
        engines = {NATIVE: count - len(again), REFERENCE: len(again)}
        return Accounts(
            made["balances"], made["accumulators"], made["refused"],
            made["postings"] if self.postings else None, made["years"] if self.years else None,
            engines,
        )  # fmt: skip

    def native(self) -> "Sequence[Tables]":
        """What native code ran, group by group."""
        group = Group(
            self.rules, programs_of(self.rules), self.frame, self.events, self.lives, self.holders,
            self.rows, self.postings, self.years, self.threads, self.names, self.begins, self.ends,
        )  # fmt: skip
        return list(grouped(group))

    def reference(self, which: Whole, parts: dict[str, list[tuple[Any, Whole]]]) -> None:
        """Run accounts by the reference engine."""
        engine = Reference(self.rules, self.frame)
        found: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
        order: dict[str, list[int]] = {name: [] for name in TABLES}
        for at in which.tolist():
            for name, rows in kept_tables(self.rows, self.kept(engine, at)).items():
                found[name] += rows
                order[name] += [at] * len(rows)
        for name in TABLES:
            schema = schema_for(self.rows, name)
            arrays = [
                pa.array([row[at] for row in found[name]], each.type)
                for at, each in enumerate(schema)
            ]
            table = pa.Table.from_arrays(arrays, schema=schema)
            parts[name].append((table, np.array(order[name], np.int64)))

    def kept(self, engine: Reference, at: int) -> Kept:
        """What the reference engine makes of an account."""
        name = self.names[at].as_py() or ""
        begin, end = int(self.begins[at]), int(self.ends[at])
        rows = self.said.slice(begin, end - begin).to_pylist()
        person = None
        if self.holders is not None:
            person = self.holders.row(name)
            if person is None:
                why = diagnostic("YB111", None, name=name, suggestion="")
                return Kept(name, (), None, None, (why,))
        return engine.account(name, rows, person)

    def joined(self, name: str, parts: Sequence[tuple[Any, Whole]]) -> Any:
        """Tables as one, in the order of the accounts."""
        tables = [each for each, _ in parts if each.num_rows]
        if not tables:
            return schema_for(self.rows, name).empty_table()
        table = pa.concat_tables(tables).unify_dictionaries()
        order = np.concatenate([order for each, order in parts if each.num_rows])
        if bool((order[1:] < order[:-1]).any()):
            table = table.take(pa.array(np.argsort(order, kind="stable")))
        return table


def everyone(events: Events, holders: Holders | None) -> tuple[Any, Whole, Whole]:
    """All accounts, and where the events of each begin and end."""
    names, begins, ends = events.accounts, events.offsets[:-1], events.offsets[1:]
    if holders is None:
        return names, begins, ends
    known = set(names.to_pylist())
    others = [each for each in holders.places if each not in known]
    nothing = np.zeros(len(others), np.int64)
    names = pa.concat_arrays([names, pa.array(others, pa.string())])
    return names, np.concatenate([begins, nothing]), np.concatenate([ends, nothing])
