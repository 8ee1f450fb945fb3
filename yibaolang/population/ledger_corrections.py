"""Events that are voided or replaced, and the corrections: which rows do something, and what.

A correction does nothing in its own row, and what is voided does nothing either; what comes instead
of an event stands in its row. All this only where it is plain: a correction that is corrected, one
of an event that is not there or that no kernel runs, are for the reference engine.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from yibaolang.engine.event_schema import EventSchema
from yibaolang.language.diagnostics import Refusal
from yibaolang.population.ledger_arrays import Whole
from yibaolang.population.ledger_events import REPLACE, VOID, Events
from yibaolang.population.ledger_reference import cells_of
from yibaolang.population.ledger_replacing import replaced, with_classes

_READ = ("id", "target", "kind", "date", "effective")


class Correction(NamedTuple):
    """A row that corrects another one."""

    row: int
    target: int


def without_corrections(events: Events) -> Events:
    """The events that count; what does nothing is of the class VOID."""
    codes = [at for at, each in enumerate(events.classes) if each in (VOID, REPLACE)]
    if not codes:
        return events
    events = with_classes(events, {*events.classes, VOID})
    void, none = events.classes.index(VOID), len(events.classes)
    instead = events.classes.index(REPLACE) if REPLACE in events.classes else void
    rows = np.flatnonzero((events.codes == void) | (events.codes == instead))
    accounts = np.unique(np.searchsorted(events.offsets, rows, side="right") - 1)
    schema = EventSchema(events.book)
    found: list[Correction] = []
    for account in accounts.tolist():
        begin, end = (int(events.offsets[account + at]) for at in (0, 1))
        own = rows[slice(*np.searchsorted(rows, [begin, end]).tolist())]
        plain = _plain(schema, events, begin, end, own - begin)
        if plain is None:
            events.codes[own] = none
        found += plain or ()
    swapped = [each for each in found if events.codes[each.row] == instead != void]
    for each in found:
        events.codes[each.row] = void
        if each not in swapped:
            events.codes[each.target] = void
    kept = with_classes(events, {*events.classes} - {REPLACE})
    return replaced(kept, swapped) if swapped else kept


def _plain(
    schema: EventSchema, events: Events, begin: int, end: int, own: Whole
) -> list[Correction] | None:
    """What corrections of an account correct; None if one of them is not plain."""
    columns = [name for name in _READ if name in events.table.column_names]
    rows = events.table.select(columns).slice(begin, end - begin).to_pylist()
    ids = [(row.get("id") or "").strip(" \t") for row in rows]
    said = [each for each in ids if each]
    if len(set(said)) < len(said):
        return None
    found: list[Correction] = []
    corrections = set(own.tolist())
    targets: set[int] = set()
    for at, row in zip(own.tolist(), _rows(events.table, begin + own), strict=True):
        try:
            _, event = schema.event(cells_of(row))
        except Refusal:
            return None
        target = ids.index(event.target) if event.target in said else -1
        if target < 0 or target in targets or target in corrections:
            return None
        if events.codes[begin + target] == len(events.classes):
            return None
        if event.effective not in (_effective(rows[target]), event.booked):
            return None
        targets.add(target)
        found.append(Correction(begin + at, begin + target))
    return found


def _rows(table: Any, which: Whole | Sequence[int]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.take(pa.array(which)).to_pylist()
    return found


def _effective(row: dict[str, Any]) -> date | None:
    """The day from which an event counts, if it is written as a day."""
    day = row.get("effective") or row.get("date")
    if isinstance(day, str):
        try:
            return date.fromisoformat(day.strip(" \t"))
        except ValueError:
            return None
    return day if isinstance(day, date) else None
