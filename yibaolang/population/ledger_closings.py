"""Accounts that are closed: which class an event of closing has, and what each heir gets.

A kernel gives what every bucket holds to all heirs together; the postings are shared out here.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from yibaolang.engine.event_schema import EventSchema
from yibaolang.engine.events import Event, Heir
from yibaolang.engine.handling import shares_of
from yibaolang.language.diagnostics import Refusal
from yibaolang.population.ledger_arrays import Whole
from yibaolang.population.ledger_events import CLOSING, MOST_CLASSES, Events
from yibaolang.population.ledger_plans import HEIRS
from yibaolang.population.ledger_reference import cells_of
from yibaolang.population.ledger_replacing import with_classes
from yibaolang.population.ledger_shared import Template
from yibaolang.population.ledger_track import Class


def with_closings(events: Events) -> Events:
    """The same, in which a closing has a class by why it closes and what was shown."""
    if CLOSING not in events.classes:
        return events
    schema = EventSchema(events.book)
    found: dict[int, Class] = {}
    for row in np.flatnonzero(events.codes == events.classes.index(CLOSING)).tolist():
        event = _event(schema, events, row)
        if event is not None:
            documents = tuple(sorted(set(event.documents)))
            found[row] = Class("closing", event.name, "self", documents)
    kept = {*events.classes} - {CLOSING}
    more = sorted(set(found.values()))[: max(0, MOST_CLASSES - len(kept))]
    made = with_classes(events, {*kept, *more})
    place = {each: at for at, each in enumerate(made.classes)}
    for row, each in found.items():
        made.codes[row] = place.get(each, len(made.classes))
    return made


def _event(schema: EventSchema, events: Events, row: int) -> Event | None:
    """The event of a row; None if it cannot be read."""
    try:
        return schema.event(cells_of(events.table.slice(row, 1).to_pylist()[0]))[1]
    except Refusal:
        return None


class Posted(NamedTuple):
    """Postings: rows, templates, fen and accounts, and the place of the target among `targets`."""

    row: Whole
    what: Whole
    fen: Whole
    who: Whole
    target: Whole
    targets: list[str]


def shared_out(
    events: Events, templates: Sequence[Template], row: Whole, what: Whole, fen: Whole, who: Whole
) -> Posted:
    """Postings, in which each heir has what is the heir's: heir by heir, bucket by bucket."""
    targets = [each.target for each in templates]
    to_heirs = np.array([each.kind == "close" and each.target == HEIRS for each in templates])
    at = np.flatnonzero(to_heirs[what]) if len(templates) else np.zeros(0, np.int64)
    if not len(at):
        return Posted(row, what, fen, who, what, targets)
    schema, more = EventSchema(events.book), dict[str, int]()
    index, amounts, target = [], [], []
    for number, group in groupby(at.tolist(), lambda each: int(row[each])):
        places = list(group)
        event = _event(schema, events, number)
        heirs = () if event is None else event.heirs
        for heir, place, part in _parts(heirs or (Heir(""),), places, fen):
            name = f"{HEIRS} {heir.name}".rstrip()
            index.append(place)
            amounts.append(part)
            target.append(more.setdefault(name, len(targets) + len(more)))
    others = np.flatnonzero(~to_heirs[what])
    chosen = np.concatenate([others, np.array(index, np.int64)])
    # What is shared out stands where its first posting was; sorting keeps its own order.
    first = np.concatenate([others, _firsts(at, row)[np.searchsorted(at, index)]])
    order = np.argsort(first, kind="stable")
    every = chosen[order]
    return Posted(
        row[every], what[every], np.concatenate([fen[others], amounts])[order].astype(np.int64),
        who[every], np.concatenate([what[others], target])[order].astype(np.int64),
        [*targets, *more],
    )  # fmt: skip


def _parts(
    heirs: tuple[Heir, ...], places: Sequence[int], fen: Whole
) -> list[tuple[Heir, int, int]]:
    """Of which posting each heir has how much."""
    left = {place: int(fen[place]) for place in places}
    found = []
    for heir, share in zip(heirs, shares_of(sum(left.values()), heirs), strict=True):
        wanted = share
        for place in places:
            part = min(wanted, left[place])
            left[place] -= part
            wanted -= part
            if part:
                found.append((heir, place, part))
    return found


def _firsts(at: Whole, row: Whole) -> Whole:
    """For each of some postings the first one of the same event."""
    begins = np.concatenate([[True], row[at[1:]] != row[at[:-1]]])
    found: Whole = at[np.flatnonzero(begins)[np.cumsum(begins) - 1]]
    return found
