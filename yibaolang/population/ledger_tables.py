"""What came of accounts as Arrow tables: those of native code and those of the reference engine.

The columns are those of `engine.ledger_rows`; balances also say which engine ran the account.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen
from numpy.typing import NDArray

from yibaolang.engine.ledger_rows import Rows as TableRows
from yibaolang.engine.row_writing import Column
from yibaolang.engine.words import in_words
from yibaolang.language.diagnostics import Diagnostic, message
from yibaolang.model.arms import RuleInForce
from yibaolang.model.calendar import first_of_month
from yibaolang.model.plan import Plans
from yibaolang.model.values import MONEY, format_value
from yibaolang.population.fixed import day_of_number, number_of_day
from yibaolang.population.ledger_arrays import Small, Whole, column_of, named
from yibaolang.population.ledger_closings import shared_out
from yibaolang.population.ledger_events import Events, text_column
from yibaolang.population.ledger_kernel import Source
from yibaolang.population.ledger_loop import NOT_CLOSED
from yibaolang.population.ledger_native import Ran, Rows
from yibaolang.population.ledger_shared import TEMPLATE_BITS as BITS
from yibaolang.population.ledger_track import RANKS
from yibaolang.program.dates import insurance_year
from yibaolang.program.layout import BUCKET, COUNT, COUNTER, POSTINGS, RECEIVABLE, TOTAL
from yibaolang.program.layout import Cell as StateCell

NATIVE, REFERENCE = "native", "reference"
_OF_EVENTS = frozenset({"YB436", "YB444"})
"""Refusals whose words need more of the event than its day."""

TYPES = {"text": pa.string(), "integer": pa.int64(), "date": pa.date32(), "truth": pa.bool_()}


def schema_of(columns: Sequence[Column]) -> Any:
    """The schema of columns, in Arrow."""
    return pa.schema([(each.name, TYPES[each.type]) for each in columns])


@frozen(eq=False)
class Tables:
    """Makes tables of what a kernel ran.

    `keep` are the accounts of the part that count; of each of these `accounts` has the name, and
    `order` its place among all accounts.
    """

    rows: TableRows
    source: Source
    plans: Plans
    events: Events
    accounts: Any
    ran: Ran
    keep: Whole
    order: Whole

    # ── balances ──

    def balances(self) -> Any:
        """A row for each account."""
        source, count = self.source, len(self.keep)
        cells = {source.shared.layout.cells[cell]: at for at, cell in enumerate(source.cells)}
        track, closed = source.track, self.ran.closed[self.keep]
        refused = self.ran_refused()
        buckets = [self.cell(cells, BUCKET, name) for name in self.rows.programs.buckets]
        totals = [self.cell(cells, TOTAL, kind) for kind in POSTINGS]

        def constant(value: Any, type_: Any) -> Any:
            return pa.repeat(pa.scalar(value, type_), count)

        arrays = [
            self.accounts,
            constant(self.plans.region, pa.string()),
            constant(track.first, pa.date32()), constant(track.last, pa.date32()),
            *[column_of(each, pa.int64()) for each in buckets],
            column_of(sum(buckets, np.zeros(count, np.int64)), pa.int64()),
            column_of(self.cell(cells, RECEIVABLE, "receivable"), pa.int64()),
            *[column_of(each, pa.int64()) for each in totals],
            column_of(closed, pa.date32(), closed == NOT_CLOSED),
            column_of(refused, pa.int64()),
            pa.array(refused == 0),
            constant(NATIVE, pa.string()),
        ]  # fmt: skip
        return pa.Table.from_arrays(arrays, schema=balance_schema(self.rows))

    # ── years ──

    def years(self) -> tuple[Any, Whole] | None:
        """A row for each insurance year of each account, and the order of its account."""
        source, count = self.source, len(self.keep)
        if not source.years:
            return None
        layout, size = source.shared.layout, len(source.cells)
        cells = {layout.cells[cell]: at for at, cell in enumerate(source.cells)}
        ends = [
            self.ran.snapshots[at * size : (at + 1) * size] for at in range(len(source.years) - 1)
        ]
        every = np.stack([*ends, self.ran.cells])[:, :, self.keep]
        before = np.concatenate([np.zeros((1, size, count), np.int64), every[:-1]])

        def held(kind: str, name: str) -> Whole:
            found: Whole = every[:, cells[StateCell(kind, name)]].T.ravel()
            return found

        def moved(kind: str) -> Whole:
            at = cells[StateCell(TOTAL, kind)]
            found: Whole = (every[:, at] - before[:, at]).T.ravel()
            return found

        buckets = [held(BUCKET, name) for name in self.rows.programs.buckets]
        firsts, lasts = year_bounds(source.years, source.track.last)
        who = np.repeat(np.arange(count), len(source.years))
        arrays = [
            self.accounts.take(pa.array(who)),
            column_of(np.tile(firsts, count), pa.date32()),
            column_of(np.tile(lasts, count), pa.date32()),
            *[column_of(each, pa.int64()) for each in buckets],
            column_of(sum(buckets, np.zeros(len(who), np.int64)), pa.int64()),
            column_of(held(RECEIVABLE, "receivable"), pa.int64()),
            *[column_of(moved(kind), pa.int64()) for kind in POSTINGS],
        ]  # fmt: skip
        return pa.Table.from_arrays(arrays, schema=year_schema(self.rows)), self.order[who]

    def cell(self, cells: dict[StateCell, int], kind: str, name: str) -> Whole:
        """A cell of every account."""
        found: Whole = self.ran.cells[cells[StateCell(kind, name)]][self.keep]
        return found

    def ran_refused(self) -> Whole:
        """How many events of each account were refused."""
        counts = [np.diff(each.begins) for each in self.ran.refusals]
        found: Whole = np.concatenate([*counts, np.zeros(0, np.int64)])[self.keep]
        return found

    # ── counters ──

    def accumulators(self) -> tuple[Any, Whole]:
        """A row for each counter that holds something, and the order of its account."""
        layout, source = self.source.shared.layout, self.source
        shown = []
        for at, index in enumerate(source.cells):
            cell = layout.cells[index]
            if cell.kind in (COUNTER, COUNT):
                shown.append((*_counter(cell), self.since(cell), cell.kind == COUNT, at))
        shown.sort(key=lambda each: [str(part) for part in each[:3]])
        values = self.ran.cells[[each[-1] for each in shown]][:, self.keep].T
        who, which = np.nonzero(values)
        value = values[who, which]
        count = np.array([each[4] for each in shown], np.bool_)[which]
        since = np.array([0 if each[3] is None else number_of_day(each[3]) for each in shown],
                         np.int32)  # fmt: skip
        no_since = np.array([each[3] is None for each in shown], np.bool_)[which]
        everything = np.ones(len(who), np.bool_)
        arrays = [
            self.accounts.take(pa.array(who)),
            *[_texts(which, [str(each[at]) for each in shown]) for at in range(3)],
            column_of(since[which], pa.date32(), no_since),
            column_of(value, pa.int64(), count),
            column_of(value, pa.int64(), everything), column_of(value, pa.int64(), everything),
            column_of(value, pa.int64(), ~count),
        ]  # fmt: skip
        schema = schema_of(self.rows.columns("accumulators"))
        return pa.Table.from_arrays(arrays, schema=schema), self.order[who]

    def since(self, cell: StateCell) -> date | None:
        """The first day of the period that a counter is in on the last day."""
        last = self.source.track.last
        if cell.period == "per_month":
            return first_of_month(last)
        if cell.period != "per_year":
            return None
        return insurance_year(last, *self.plans.year_from(last))[0]

    # ── what was refused, and postings ──

    def refused(self) -> tuple[Any, Whole]:
        """A row for each event that was refused, and the order of its account."""
        chosen = [self.chosen(each) for each in self.ran.refusals]
        row, why, owing, who = (_together(each) for each in zip(*chosen, strict=True)) if chosen \
            else (np.zeros(0, np.int64) for _ in range(4))
        told = self.source.shared.facts.refusals
        events, item = self.events, self.item_days(row)
        days, booked = (self.of_rows(each, row, item) for each in (events.days, events.booked))
        codes = [code for code, _ in told.all]
        places = ["" if place is None else str(place) for _, place in told.all]
        arrays = [
            self.accounts.take(pa.array(who)), self.ids(row),
            column_of(days, pa.date32()), column_of(booked, pa.date32()), self.kinds(row),
            _texts(why - 1, codes), pa.array(self.reasons(why, days, row, owing), pa.string()),
            _texts(why - 1, places),
        ]  # fmt: skip
        schema = schema_of(self.rows.columns("refused"))
        return pa.Table.from_arrays(arrays, schema=schema), self.order[who]

    def reasons(self, why: Whole, days: Small, row: Whole, owing: Whole) -> list[str]:
        """Refusals in words, each different one made once."""
        told = self.source.shared.facts.refusals
        made: dict[tuple[int, ...], str] = {}
        found = []
        columns = [each.tolist() for each in (why, days, row, owing)]
        for code, day, at, fen in zip(*columns, strict=True):
            diagnostic = told.why(code)
            key = (code, day, fen, at) if diagnostic.code in _OF_EVENTS else (code, day)
            if key not in made:
                made[key] = self.reason(diagnostic, day_of_number(day), at, fen)
            found.append(made[key])
        return found

    def reason(self, why: Diagnostic, day: date, row: int, owing: int) -> str:
        """A refusal in words; what depends on the event is filled in.

        It is "" where only the reference engine knows what the words need.
        """
        filled = {"date": day.isoformat()}
        if why.code == "YB436":
            filled["date"] = day_of_number(owing).isoformat()
        if why.code == "YB444":
            paid = int(self.events.amounts[row])
            filled |= {"paid": format_value(MONEY, paid), "owed": format_value(MONEY, owing)}
        arguments = tuple((name, filled.get(name, value)) for name, value in why.arguments)
        dated = Diagnostic(why.code, why.place, arguments, why.notes)
        try:
            return message(in_words(dated, self.rows.rules.book), self.rows.lang)
        except KeyError:
            return ""

    def chosen(self, rows: Rows) -> tuple[Whole, Whole, Whole, Whole]:
        """Of a block's accounts that count: rows, what they are, fen, and accounts by place."""
        counts, last = np.diff(rows.begins), rows.first + len(rows.begins) - 1
        first, end = np.searchsorted(self.keep, [rows.first, last])
        here = self.keep[first:end] - rows.first
        who = np.repeat(np.arange(first, end), counts[here])
        what, fen = rows.what, rows.fen
        if len(here) < len(counts):
            which = _of_some(rows.begins, here, counts[here])
            what, fen = what[which], fen[which]
        return what >> BITS, what & ((1 << BITS) - 1), fen, who

    def ids(self, row: Whole) -> Any:
        """The ids of events, "" for what is none or has none."""
        table = self.events.table
        if "id" not in table.column_names or table.num_rows == 0:
            return pa.repeat(pa.scalar("", pa.string()), len(row))
        found = text_column(table, "id").take(pa.array(np.maximum(row, 0)))
        missing = pa.array(row < 0)
        return pc.if_else(missing, "", pc.fill_null(found, ""))

    def items(self, row: Whole) -> tuple[Whole, Whole]:
        """What time brought, where a row is that, and how many days after its place.

        The number of the items is that of none.
        """
        count = len(self.source.items)
        days, which = np.divmod(np.where(row < 0, -1 - row, 0), max(1, count))
        return np.where(row < 0, which, count), days

    def item_days(self, row: Whole) -> Small:
        """The day of what time brought, where a row is that."""
        which, later = self.items(row)
        days = [each.place // RANKS for each in self.source.items]
        found: Small = (np.array([*days, 0], np.int64)[which] + later).astype(np.int32)
        return found

    def of_rows(self, days: Small, row: Whole, item: Small) -> Small:
        """The day of an event's row, or that of what time brought."""
        if not len(days):
            return item
        return np.where(row < 0, item, days[np.maximum(row, 0)]).astype(np.int32)

    def kinds(self, row: Whole) -> Any:
        """What the settlements of rows are called."""
        events = self.events
        kinds = [each.kind for each in events.classes]
        due = [f"due {each.order[0]}" for each in self.source.items]
        codes = np.where(row < 0, len(kinds) + self.items(row)[0], 0)
        if len(events):
            codes = np.where(row < 0, codes, events.codes[np.maximum(row, 0)])
        return _texts(codes, [*kinds, *due])

    def postings(self) -> tuple[Any, Whole] | None:
        """A row for each posting, and the order of its account."""
        if self.ran.postings is None:
            return None
        templates = self.source.shared.templates or []
        told = [self.told(each.rule) for each in templates]
        columns = [[getattr(each, name) for each in templates]
                   for name in ("kind", "source", "target")]  # fmt: skip
        columns += [[each[index] for each in told] for index in range(4)]
        names = [pa.array(each, pa.string()) for each in columns]
        schema, events = posting_schema(self.rows), self.events
        tables, order = [schema.empty_table()], [np.zeros(0, np.int64)]
        for block in self.ran.postings:
            row, what, fen, who, target, targets = shared_out(
                events, templates, *self.chosen(block)
            )
            item, texts = self.item_days(row), [_coded(what, each) for each in names]
            texts[2] = named(target, targets)
            days = [self.of_rows(each, row, item) for each in (events.days, events.booked)]
            arrays = [
                self.accounts.take(pa.array(who)), self.ids(row),
                *[column_of(each, pa.date32()) for each in days],
                *texts[:3], column_of(fen, pa.int64()), *texts[3:],
            ]  # fmt: skip
            tables.append(pa.Table.from_arrays(arrays, schema=schema))
            order.append(self.order[who])
        return pa.concat_tables(tables), _together(order)

    def told(self, rule: RuleInForce | None) -> tuple[str, str, str, str]:
        """A rule as postings tell it."""
        if rule is None:
            return "", "", "", ""
        return rule.region, self.rows.sentence(rule), rule.cite, str(rule.written.place)


def balance_schema(rows: TableRows) -> Any:
    """The columns of balances, and the engine that ran the account."""
    return schema_of(rows.columns("balances")).append(pa.field("engine", pa.string()))


_CODED = frozenset({"kind", "source", "target", "region", "rule", "cite", "place"})


def posting_schema(rows: TableRows) -> Any:
    """The columns of postings; texts that many have are dictionaries."""
    coded = pa.dictionary(pa.int32(), pa.string())
    return pa.schema([
        (each.name, coded if each.name in _CODED else TYPES[each.type])
        for each in rows.columns("postings")
    ])  # fmt: skip


def schema_for(rows: TableRows, table: str) -> Any:
    """The columns of a table of accounts."""
    if table == "balances":
        return balance_schema(rows)
    if table == "years":
        return year_schema(rows)
    return posting_schema(rows) if table == "postings" else schema_of(rows.columns(table))


def _of_some(begins: Whole, accounts: Whole, counts: Whole) -> Whole:
    """The lines of some accounts of a block, by where they begin and how many there are."""
    before = np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(begins[:-1][accounts], counts) + np.arange(len(before)) - before


def _together(arrays: Iterable[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(list(arrays))


def _coded(codes: NDArray[Any], names: Any) -> Any:
    indices = column_of(codes.astype(np.int32), pa.int32())
    return pa.DictionaryArray.from_arrays(indices, names)


def year_schema(rows: TableRows) -> Any:
    """The columns of years: those of balances that are about days and money."""
    names = ("account", "first", "last")
    return pa.schema([
        each for each in balance_schema(rows)
        if each.name in names or each.name.endswith("_fen")
    ])  # fmt: skip


def year_bounds(years: Sequence[date], last: date) -> tuple[Small, Small]:
    """The first and the last days of years, as numbers."""
    firsts = np.array([number_of_day(each) for each in years], np.int32)
    return firsts, np.concatenate([firsts[1:] - 1, [number_of_day(last)]]).astype(np.int32)


def _counter(cell: StateCell) -> tuple[str, str, str]:
    name = cell.label or " ".join(cell.name.split())
    period = {"per_year": "year", "per_month": "month", "per_lifetime": "lifetime"}
    return cell.region, f"count {name}" if cell.kind == COUNT else name, period.get(cell.period, "")


def _texts(codes: NDArray[Any], names: list[str]) -> Any:
    return named(codes, names).dictionary_decode()
