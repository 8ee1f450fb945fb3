"""The columns that come out: values, and codes of refusals.

They are those of `questions.Shape`, whoever is asked: an amount is `NAME_fen`, a number that need
not be whole `NAME_numerator` and `NAME_denominator` in lowest terms, all else `NAME`; and beside it
`NAME_refused` has the code of a refusal, as a dictionary of all codes.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Any

from attrs import frozen

from yibaolang.engine.arrow_cells import cell_text
from yibaolang.engine.cells import Misfit
from yibaolang.language.catalogue import codes as every_code
from yibaolang.population.arrow_making import numbers, texts, truths
from yibaolang.population.columns import OWN, Named, arrow_alone
from yibaolang.population.fixed import number_of_day
from yibaolang.population.questions import Asks, Shape
from yibaolang.population.redo import Answered, Reference, fitting

_NO_DATE = "0000-00-00"

@frozen(eq=False)
class Filled:
    """What a kernel wrote for a figure; `opened` counts the rows with a status."""

    values: Any
    status: Any
    opened: int = 0


class Results:
    """Makes the columns of a batch, of what `reference` answers."""

    def __init__(self, reference: Reference, people: Any, columns: Sequence[Named]) -> None:
        self.reference = reference
        self.rules = reference.rules
        self.asks = reference.asks
        self.people = people
        self.columns = columns
        self.arrow = arrow_alone()

    def by_reference(self) -> Any:
        """The batch as the reference engine gives it."""
        found = self.answers(range(self.people.num_rows))
        arrays = self.first()
        for at, asks in enumerate(self.asks):
            own, shape = [fitting(each[at]) for each in found], self.reference.shape(asks)
            values = [None if each.code else self.stored(shape, each) for each in own]
            belows = [None if each.code else each.denominator for each in own]
            fields = self.fields(asks)
            for (name, type_), each in zip(fields.items(), (values, belows), strict=False):
                arrays[name] = self._listed(shape, type_, each)
            codes = [indices_of_codes()[each.code] if each.code else None for each in own]
            arrays[self.refused_name(asks)] = with_codes(_numbers(self.arrow.int16(), codes))
        return self.arrow.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))

    # ── columns ──

    def name(self, asks: Asks) -> str:
        """The name of a figure's column, with the month if there are several."""
        base = asks.figure.replace(" ", "_")
        several = len({each.asked for each in self.asks}) > 1
        return f"{base}_{asks.asked}" if several else base

    def refused_name(self, asks: Asks) -> str:
        return f"{self.name(asks)}_refused"

    def first(self) -> dict[str, Any]:
        """The accounts, if the people have them."""
        index = next((i for i, each in enumerate(self.columns) if each.key == "account"), None)
        return {} if index is None else {"account": self.people.column(index)}

    def fields(self, asks: Asks) -> dict[str, Any]:
        """The columns of a question's values and their types."""
        arrow, name, shape = self.arrow, self.name(asks), self.reference.shape(asks)
        if not shape.whole:
            return {f"{name}_numerator": arrow.int64(), f"{name}_denominator": arrow.int64()}
        types = {
            "date": arrow.date32(), "truth": arrow.bool_(), "text": arrow.string(),
            "choice": arrow.dictionary(arrow.int32(), arrow.string()),
        }  # fmt: skip
        name = f"{name}_fen" if shape.type.kind == "money" else name
        return {name: types.get(shape.type.kind, arrow.int64())}

    def _listed(self, shape: Shape, type_: Any, values: Sequence[Any]) -> Any:
        """The column of values as they are stored, None for none."""
        arrow, kind = self.arrow, shape.type.kind
        if kind == "text":
            return texts(arrow, values)
        if kind == "truth":
            bits = ([each is not None for each in values], [bool(each) for each in values])
            buffers = [truths(arrow, each).buffers()[1] for each in bits]
            return arrow.Array.from_buffers(type_, len(values), buffers)
        own = type_.index_type if kind == "choice" else type_
        stored = _numbers(own, values)
        return self.coded(shape, stored) if kind == "choice" else stored

    def coded(self, shape: Shape, indices: Any) -> Any:
        """A column of a choice by the codes of its values."""
        words = texts(self.arrow, self.rules.book.values[shape.type.choice])
        return self.arrow.DictionaryArray.from_arrays(indices, words)

    def stored(self, shape: Shape, answered: Answered) -> Any:
        """A value as it is stored: a number, but for a text."""
        value = answered.value
        if isinstance(value, date):
            return number_of_day(value)
        if shape.type.kind == "choice":
            return self.rules.book.values[shape.type.choice].index(value)
        if shape.whole and answered.denominator != 1:
            raise ValueError(f"{value}/{answered.denominator} is not whole, as it must be")
        return value if isinstance(value, str) else int(value)

    # ── rows that the reference engine answers ──

    def answers(self, rows: Sequence[int]) -> list[list[Answered]]:
        """The reference engine's answers about rows."""
        named = {each.key: each for each in self.columns}
        cells = self._cells(rows, ("region", "version"))
        pairs = set(zip(cells["region"], cells["version"], strict=True))
        cells |= self._cells(rows, frozenset().union(*(self._reads(*each) for each in pairs)))
        found = []
        for values in zip(*cells.values(), strict=True):
            row = {key: text for key, text in zip(cells, values, strict=True) if text}
            found.append(self.reference.row(row, named))
        return found

    def _reads(self, region: str, version: str) -> frozenset[str]:
        with suppress(Misfit):
            return self.reference.reads(*self.reference.place(region, version))
        return frozenset()

    def _cells(self, rows: Sequence[int], wanted: Collection[str]) -> dict[str, list[str]]:
        """The cells of columns as text, "" for none; also where there is no column of places."""
        found = {key: [""] * len(rows) for key in wanted if key in OWN}
        every = len(rows) == self.people.num_rows
        for index, each in enumerate(self.columns):
            if each.key in wanted:
                values = self.people.column(index)
                values = values if every else values.take(_numbers(self.arrow.int64(), rows))
                found[each.key] = _texts_of(values)
        return found


def _texts_of(values: Any) -> list[str]:
    """The texts of cells; of a day outside the calendar one that is no date."""
    try:
        return [cell_text(each) for each in values.to_pylist()]
    except OverflowError:
        return [_text_of(each) for each in values]


def _text_of(value: Any) -> str:
    try:
        return cell_text(value.as_py())
    except OverflowError:
        return _NO_DATE


@cache
def indices_of_codes() -> dict[str, int]:
    """Where a code is in the dictionary of codes."""
    return {code: index for index, code in enumerate(every_code())}


def with_codes(indices: Any) -> Any:
    """Codes of refusals by their indices: among all of them, so that batches are alike."""
    return arrow_alone().DictionaryArray.from_arrays(indices, _words())


@cache
def _words() -> Any:
    return texts(arrow_alone(), every_code())


def _numbers(type_: Any, values: Sequence[int | None]) -> Any:
    return numbers(arrow_alone(), type_, values)
