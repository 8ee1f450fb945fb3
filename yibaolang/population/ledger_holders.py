"""What is known of the holders of accounts, as numbers that a kernel reads."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import define

from yibaolang.engine.arrow_cells import cell_text
from yibaolang.engine.cells import Misfit
from yibaolang.engine.fact_cells import FactCells
from yibaolang.engine.people_files import people_form
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.model.book import Book
from yibaolang.population.ledger_arrays import Truths, Whole, fen_of, numbers, there
from yibaolang.population.ledger_columns import table_of
from yibaolang.population.ledger_event_facts import fact_number
from yibaolang.population.persons import Input, People

_OWN = ("account", "region", "version")


@define(eq=False)
class Holders:
    """The people of a table by account. `places` has the row of each account.

    `columns` are those of facts, by their canonical names.
    """

    table: Any
    places: dict[str, int]
    columns: frozenset[str]

    def row(self, account: str) -> Mapping[str, Any] | None:
        """What the table says of the holder of an account."""
        at = self.places.get(account)
        if at is None:
            return None
        found: Mapping[str, Any] = self.table.slice(at, 1).to_pylist()[0]
        return found

    @property
    def gaps(self) -> set[str]:
        """The facts that not everybody has."""
        return {each for each in self.columns if self.table.column(each).null_count}


def read_holders(stream: Any, book: Book) -> Holders:
    """People by account; Refusal YB476 for one that is there twice, and those of `table_of`."""
    table = table_of(stream, people_form(FactCells(book)))
    columns = frozenset(table.column_names).difference(_OWN)
    places: dict[str, int] = {}
    for at, account in enumerate(table.column("account").to_pylist()):
        if places.setdefault(account, at) != at:
            raise Refusal(diagnostic("YB476", None, account=str(account)))
    return Holders(table, places, columns)


def fact_numbers(column: Any, spec: Input, people: People) -> tuple[Whole, Truths]:
    """A column of facts as numbers, and which rows are none that can be read here."""
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
        text = cell_text(value)
        try:
            table.append(fact_number(people.cells.value(spec.name, text), spec, people.codes))
            wrong.append(False)
        except Misfit:
            table.append(0)
            wrong.append(True)
    indices = numbers(encoded.indices.cast(pa.int32()), len(table))
    values = np.take(np.array([*table, 0], np.int64), indices)
    return values, np.take(np.array([*wrong, False], np.bool_), indices)
