"""Synthetic people: native ledgers and the reference engine agree on every fen."""

import os
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from tests.population.test_ledger_agreement import agreed
from yibaolang import load
from yibaolang.engine.row_writing import Column
from yibaolang.population.synthetic import Home, people, people_columns, people_row
from yibaolang.population.synthetic_events import event_cells, event_columns, events
from yibaolang.resources import folder

FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)
TYPES = {
    "text": pa.string(), "integer": pa.int64(), "date": pa.date32(), "truth": pa.bool_(),
}  # fmt: skip


def table(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Any:
    """Rows as a table of Arrow."""
    found = list(rows)
    arrays = [
        pa.array([row[at] for row in found], TYPES[each.type]) for at, each in enumerate(columns)
    ]
    return pa.Table.from_arrays(arrays, names=[each.name for each in columns])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "region"), [("changsha", "长沙"), ("guangzhou", "广州")])
def test_synthetic_people(name: str, region: str) -> None:
    rules = load(os.path.join(folder("examples"), "regions", f"{name}.yb"))
    homes = [Home.named(region)]
    persons = list(people(120, seed=7, homes=homes, on=FIRST))
    columns = people_columns(rules.book)
    holders = table(columns, (people_row(each, columns, homes) for each in persons))
    rows = events(persons, FIRST, LAST, seed=7, homes=homes)
    happened = table(event_columns("parquet"), (event_cells(each, "parquet") for each in rows))
    found = agreed(rules, holders, happened, first=FIRST, last=LAST)
    # Nobody moves where there is one region: all else of lives runs natively.
    assert found.engines == {"native": 120, "reference": 0}
