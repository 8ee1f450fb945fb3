"""What comes instead of events, read as rows like all others, and put into the places of those."""

from collections.abc import Sequence, Set
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import evolve
from numpy.typing import NDArray

from yibaolang.engine.json_lines import cell_text, json_object
from yibaolang.population.ledger_event_facts import stacked
from yibaolang.population.ledger_events import MOST_CLASSES, Events, read_events
from yibaolang.population.ledger_order import taken
from yibaolang.population.ledger_reference import cells_of
from yibaolang.population.ledger_track import Class

_PLACE = ("account", "id", "date", "effective", "seq")
"""What stays of an event that is replaced."""


def with_classes(events: Events, classes: Set[Class]) -> Events:
    """The same events with other classes; what is of none of them is for the reference engine."""
    ordered = tuple(sorted(classes)[:MOST_CLASSES])
    place = {each: at for at, each in enumerate(ordered)}
    places = [*(place.get(each, len(ordered)) for each in events.classes), len(ordered)]
    codes: NDArray[np.int8] = np.array(places, np.int8)[events.codes]
    return evolve(events, codes=codes, classes=ordered)


def replaced(events: Events, pairs: Sequence[tuple[int, int]]) -> Events:
    """The events, in which the second row of each pair is what the first says of it."""
    cells = []
    for row, target in pairs:
        said, before = (cells_of(events.table.slice(at, 1).to_pylist()[0]) for at in (row, target))
        found = json_object(said["instead"])
        own = {name: cell_text(value) for name, value in found.items()}
        kept = {name: before[name] for name in _PLACE if name in before}
        cells.append({name: text for name, text in {**own, **kept}.items() if text})
    names = sorted({name for each in cells for name in each})
    schema = pa.schema([(name, pa.string()) for name in names])
    more = read_events(pa.Table.from_pylist([dict.fromkeys(names) | each for each in cells],
                                            schema), events.book)  # fmt: skip
    order = np.arange(len(events))
    order[[target for _, target in pairs]] = len(events) + np.arange(len(more))
    return taken(_together(events, more), order)


def _together(one: Events, other: Events) -> Events:
    """The rows of both; accounts are those of the first."""
    classes = {*one.classes, *other.classes}
    parts = [with_classes(each, classes) for each in (one, other)]
    late = any(each.booked is not each.days for each in parts)
    days = np.concatenate([each.days for each in parts])
    eligible = levels = None
    if any(each.eligible is not None for each in parts):
        eligible = np.concatenate([
            np.maximum(each.amounts, 0) if each.eligible is None else each.eligible
            for each in parts
        ])  # fmt: skip
    if any(each.levels is not None for each in parts):
        levels = np.concatenate([
            np.zeros(len(each), np.int8) if each.levels is None else each.levels for each in parts
        ])  # fmt: skip
    return evolve(
        parts[0],
        table=_tables(one.table, other.table),
        days=days,
        booked=np.concatenate([each.booked for each in parts]) if late else days,
        codes=np.concatenate([each.codes for each in parts]),
        amounts=np.concatenate([each.amounts for each in parts]),
        eligible=eligible,
        levels=levels,
        facts=stacked([(each.facts, len(each)) for each in parts]),
    )


def _tables(one: Any, other: Any) -> Any:
    """Both tables; a column that is of texts in the second is so in the first, too."""
    names = dict.fromkeys([*one.column_names, *other.column_names])
    columns = [
        pa.chunked_array([*_texts(one, name).chunks, *_texts(other, name).chunks], pa.string())
        if name in other.column_names
        else pa.chunked_array(
            [*one.column(name).chunks, pa.nulls(len(other), one.column(name).type)]
        )
        for name in names
    ]
    return pa.table(columns, names=list(names))


def _texts(table: Any, name: str) -> Any:
    """A column as texts, without any where the table has none."""
    if name not in table.column_names:
        return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])
    return table.column(name).cast(pa.string())
