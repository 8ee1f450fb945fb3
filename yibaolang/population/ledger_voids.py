"""Events that are voided, and the voids: what does nothing, where that is plain.

All else that corrects events is for the reference engine: what is replaced, a void that is voided,
one of an event that is not there or that no kernel runs.
"""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import evolve
from numpy.typing import NDArray

from yibaolang.engine.event_schema import EventSchema
from yibaolang.language.diagnostics import Refusal
from yibaolang.population.ledger_arrays import Whole
from yibaolang.population.ledger_events import VOID, Events
from yibaolang.population.ledger_reference import cells_of

_READ = ("id", "target", "kind", "date", "effective")


def without_voided(events: Events) -> Events:
    """The same, in which what is voided is of the class of voids, which does nothing."""
    if VOID not in events.classes:
        return events
    void, none = events.classes.index(VOID), len(events.classes)
    rows = np.flatnonzero(events.codes == void)
    accounts = np.unique(np.searchsorted(events.offsets, rows, side="right") - 1)
    codes: NDArray[np.int8] = events.codes.copy()
    schema = EventSchema(events.book)
    columns = [name for name in _READ if name in events.table.column_names]
    table = events.table.select(columns)
    for account in accounts.tolist():
        begin, end = (int(events.offsets[account + at]) for at in (0, 1))
        own = codes[begin:end]
        voids = np.flatnonzero(own == void)
        read = table.slice(begin, end - begin).to_pylist()
        whole = events.table.take(pa.array(begin + voids)).to_pylist()
        voided = _voided(schema, read, whole, voids, own, none)
        if voided is None:
            own[voids] = none
        else:
            own[voided] = void
    return evolve(events, codes=codes)


def _voided(
    schema: EventSchema, rows: list[dict[str, Any]], whole: list[dict[str, Any]], voids: Whole,
    codes: NDArray[np.int8], none: int,
) -> list[int] | None:  # fmt: skip
    """The places of the events of an account that are voided; None if that is not plain."""
    ids = [(row.get("id") or "").strip(" \t") for row in rows]
    said = [each for each in ids if each]
    if len(set(said)) < len(said):
        return None
    found: list[int] = []
    for row in whole:
        try:
            _, event = schema.event(cells_of(row))
        except Refusal:
            return None
        target = ids.index(event.target) if event.target in said else -1
        if target < 0 or target in found or codes[target] == none or target in voids:
            return None
        if event.effective not in (_effective(rows[target]), event.booked):
            return None
        found.append(target)
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
