"""What is known of the holders of accounts, as numbers that a kernel reads."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import define

from yibaolang.engine.cells import Misfit
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.model.book import Book
from yibaolang.population.ledger_arrays import Truths, Whole, fen_of, numbers, one_array, there
from yibaolang.population.ledger_event_facts import fact_number
from yibaolang.population.ledger_events import table_of
from yibaolang.population.ledger_reference import cells_of
from yibaolang.population.ledger_shared import HELD
from yibaolang.population.persons import Input, People

_OWN = ("account", "region", "version")


@define(eq=False)
class Holders:
    """The people of a table by account. `places` has the row of each account.

    `columns` are the canonical names of facts and the columns that have them.
    """

    table: Any
    places: dict[str, int]
    columns: dict[str, str]

    def row(self, account: str) -> Mapping[str, Any] | None:
        """What the table says of the holder of an account."""
        at = self.places.get(account)
        if at is None:
            return None
        found: Mapping[str, Any] = self.table.slice(at, 1).to_pylist()[0]
        return found

    def people(self, book: Book) -> People:
        """The facts that expressions may read."""
        gaps = {
            name for name, column in self.columns.items() if self.table.column(column).null_count
        }
        return People(book, set(self.columns), gaps)


def read_holders(stream: Any, book: Book) -> Holders:
    """People by account; Refusal YB460, YB461, YB476 or YB477 for a table that is wrong."""
    table = table_of(stream, "people")
    names = People(book, frozenset(), frozenset()).cells.columns
    if "account" not in table.column_names:
        raise Refusal(diagnostic("YB461", None, name="account"))
    columns: dict[str, str] = {}
    for column in table.column_names:
        if column in _OWN:
            continue
        name = names.get(column)
        if name is None:
            raise Refusal(diagnostic("YB460", None, name=column, suggestion=""))
        other = columns.setdefault(name, column)
        if other != column:
            raise Refusal(diagnostic("YB477", None, name=column, other=other))
    places: dict[str, int] = {}
    for at, account in enumerate(table.column("account").to_pylist()):
        if places.setdefault(account, at) != at:
            raise Refusal(diagnostic("YB476", None, account=str(account)))
    return Holders(table, places, columns)


def holder_values(
    holders: Holders, people: People, keys: Sequence[str], rows: Whole
) -> tuple[Whole, Truths]:
    """The numbers of the facts that keys name, one row for each key, and which rows are no facts.

    `rows` are those of the table, in the order of the accounts.
    """
    found = np.zeros((max(1, len(keys)), len(rows)), np.int64)
    bad = np.zeros(len(rows), np.bool_)
    for at, key in enumerate(keys):
        present = key.startswith(HELD[1])
        name = key.removeprefix(HELD[1]).removeprefix(HELD[0])
        column = one_array(holders.table.column(holders.columns[name])).take(pa.array(rows))
        if present:
            found[at] = there(column)
            continue
        values, wrong = _values(column, people.input(name), people)
        found[at] = values
        bad |= wrong
    return found, bad


def _values(column: Any, spec: Input, people: People) -> tuple[Whole, Truths]:
    kind, type_ = spec.type.kind, column.type
    if kind == "date" and pa.types.is_date32(type_):
        return _inside(numbers(column).astype(np.int64), column, spec)
    if kind == "money" and (pa.types.is_decimal(type_) or pa.types.is_integer(type_)):
        fen, fine = fen_of(column)
        values, bad = _inside(fen, column, spec)
        return values, bad | ~fine
    return _of_texts(column, spec, people)


def _inside(values: Whole, column: Any, spec: Input) -> tuple[Whole, Truths]:
    bad = there(column) & ((values < spec.low) | (values > spec.high))
    return np.where(bad, 0, values), bad


def _of_texts(column: Any, spec: Input, people: People) -> tuple[Whole, Truths]:
    """Cells as files have them, each text read once."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    table, wrong = [], []
    for value in encoded.dictionary.to_pylist():
        text = cells_of({"value": value}).get("value", "")
        try:
            table.append(fact_number(people.cells.value(spec.name, text), spec, people.codes))
            wrong.append(False)
        except Misfit:
            table.append(0)
            wrong.append(True)
    indices = numbers(encoded.indices.cast(pa.int32()), len(table))
    values = np.take(np.array([*table, 0], np.int64), indices)
    return values, np.take(np.array([*wrong, False], np.bool_), indices)
