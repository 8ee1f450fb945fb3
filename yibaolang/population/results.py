"""The columns that come out: values and codes of refusals, and the rows that are done again.

They are those of `questions.Shape`, whoever is asked: an amount is `NAME_fen`, a number that need
not be whole `NAME_numerator` and `NAME_denominator` in lowest terms, all else `NAME`; and beside it
`NAME_refused` has the code of a refusal, as a dictionary of all codes.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from attrs import frozen

from yibaolang.engine.cells import Misfit
from yibaolang.language.catalogue import codes as every_code
from yibaolang.population.arrow_making import numbers, texts, truths
from yibaolang.population.building import Built, Column
from yibaolang.population.columns import OWN, Named, arrow_alone, cell_text
from yibaolang.population.fixed import HIGHEST, LOWEST, number_of_day
from yibaolang.population.questions import Asks, Shape
from yibaolang.population.redo import Answered, Reference
from yibaolang.population.rows import AGAIN, width_of

TOO_LARGE = "YB483"
_FORMS = {8: "int64", 4: "int32", 1: "int8"}

Again = Sequence[tuple[int, Answered]]
"""Rows that are done again, and what the reference engine answers of one question."""


@frozen(eq=False)
class Filled:
    """What a kernel wrote for a figure; `opened` counts the rows with a status."""

    values: Any
    status: Any
    opened: int = 0


class Results:
    """Makes the columns of a batch; `reference` answers what a kernel leaves."""

    def __init__(self, reference: Reference, people: Any, columns: Sequence[Named]) -> None:
        self.reference = reference
        self.rules = reference.rules
        self.asks = reference.asks
        self.people = people
        self.columns = columns
        self.arrow = arrow_alone()

    def by_kernel(self, built: Built, filled: Sequence[Filled]) -> Any:
        """The batch of what a kernel wrote."""
        again = self._again(filled)
        arrays, written = self._first(), iter(filled)
        for at, (asks, column) in enumerate(zip(self.asks, built.columns, strict=True)):
            each, shape = next(written), self.reference.shape(asks)
            below = None if column.divisor is None else next(written)
            own = [(row, fitting(answers[at])) for row, answers in again]
            valid, refused = self._refused(each, built.codes, own)
            numbers = self._numbers(shape, column, each, below, own)
            fields = self._fields(asks)
            for (name, type_), stored in zip(fields.items(), numbers, strict=True):
                arrays[name] = self._column(shape, type_, valid, stored)
            arrays[self._refused_name(asks)] = refused
        return self.arrow.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))

    def by_reference(self) -> Any:
        """The batch as the reference engine gives it."""
        answers = self._answers(range(self.people.num_rows))
        arrays = self._first()
        for at, asks in enumerate(self.asks):
            own, shape = [fitting(each[at]) for each in answers], self.reference.shape(asks)
            values = [None if each.code else self._stored(shape, each) for each in own]
            belows = [None if each.code else each.denominator for each in own]
            fields = self._fields(asks)
            for (name, type_), stored in zip(fields.items(), (values, belows), strict=False):
                arrays[name] = self._listed(shape, type_, stored)
            codes = [_indices()[each.code] if each.code else None for each in own]
            arrays[self._refused_name(asks)] = _with_codes(_numbers(self.arrow.int16(), codes))
        return self.arrow.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))

    # ── columns ──

    def name(self, asks: Asks) -> str:
        """The name of a figure's column, with the month if there are several."""
        base = asks.figure.replace(" ", "_")
        several = len({each.asked for each in self.asks}) > 1
        return f"{base}_{asks.asked}" if several else base

    def _refused_name(self, asks: Asks) -> str:
        return f"{self.name(asks)}_refused"

    def _first(self) -> dict[str, Any]:
        """The accounts, if the people have them."""
        index = next((i for i, each in enumerate(self.columns) if each.key == "account"), None)
        return {} if index is None else {"account": self.people.column(index)}

    def _fields(self, asks: Asks) -> dict[str, Any]:
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
        return self._coded(shape, stored) if kind == "choice" else stored

    def _coded(self, shape: Shape, indices: Any) -> Any:
        """A column of a choice by the codes of its values."""
        words = texts(self.arrow, self.rules.book.values[shape.type.choice])
        return self.arrow.DictionaryArray.from_arrays(indices, words)

    def _column(self, shape: Shape, type_: Any, valid: Any, numbers: Any) -> Any:
        """The column of numbers of NumPy (None: of nulls); `valid` is the bitmap of the values."""
        arrow, count, kind = self.arrow, self.people.num_rows, shape.type.kind
        if numbers is None:
            return arrow.nulls(count, type_)
        if kind == "truth":
            numbers = np.packbits(numbers != 0, bitorder="little")
        own = type_.index_type if kind == "choice" else type_
        stored = arrow.Array.from_buffers(own, count, [valid, arrow.py_buffer(numbers)])
        return self._coded(shape, stored) if kind == "choice" else stored

    def _refused(self, filled: Filled, codes: Sequence[str], again: Again) -> tuple[Any, Any]:
        """The bitmap of the rows with values (None: all), and the codes of the others."""
        arrow, count = self.arrow, self.people.num_rows
        if not filled.opened:
            # All zero: nowhere a value, without a byte being written.
            memory = arrow.py_buffer(filled.status.memory)
            indices = arrow.Array.from_buffers(arrow.int16(), count, [memory, memory])
            return None, _with_codes(indices)
        statuses = np.frombuffer(filled.status.memory, np.int32, count)
        for at, (row, each) in enumerate(again, len(codes)):
            statuses[row] = at if each.code else 0
        every = [*codes, *(each.code for _, each in again)]
        numbers = np.array([_indices().get(each, 0) for each in every], np.int16)[statuses]
        refused, valid = (
            arrow.py_buffer(np.packbits(each, bitorder="little"))
            for each in (statuses != 0, statuses == 0)
        )
        buffers = [refused, arrow.py_buffer(numbers)]
        return valid, _with_codes(arrow.Array.from_buffers(arrow.int16(), count, buffers))

    def _numbers(
        self, shape: Shape, column: Column, filled: Filled, below: Filled | None, again: Again
    ) -> tuple[Any, ...]:
        """What is stored for each of a question's columns; None for what has no value at all."""
        if column.type is None:
            return (None,) if shape.whole else (None, None)
        count = self.people.num_rows
        values = np.frombuffer(filled.values, _FORMS[width_of(column.result.kind)], count)
        belows: Any = column.denominator
        if below is not None:
            # What is refused may be over anything.
            belows = np.maximum(np.frombuffer(below.values, np.int64, count), 1)
        if not shape.whole:
            common = np.gcd(values, belows)
            values, belows = values // common, belows // common
        elif below is not None or belows != 1:
            values = values // belows
        for row, each in again:
            if not each.code:
                values[row] = self._stored(shape, each)
                if not shape.whole:
                    belows[row] = each.denominator
        return (values,) if shape.whole else (values, belows)

    def _stored(self, shape: Shape, answered: Answered) -> Any:
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

    def _again(self, filled: Sequence[Filled]) -> list[tuple[int, list[Answered]]]:
        """The rows that the kernel left, and the answers about each."""
        if not filled or not filled[0].opened:
            return []
        statuses = np.frombuffer(filled[0].status.memory, np.int32, self.people.num_rows)
        rows = np.flatnonzero(statuses == AGAIN).tolist()
        return list(zip(rows, self._answers(rows), strict=True)) if rows else []

    def _answers(self, rows: Sequence[int]) -> list[list[Answered]]:
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
                found[each.key] = [cell_text(value) for value in values.to_pylist()]
        return found


def fitting(answered: Answered) -> Answered:
    """What came out in lowest terms, or that it is too large for a column."""
    if answered.code or not isinstance(answered.value, int | Fraction):
        return answered
    exact = Fraction(answered.value, answered.denominator)
    if LOWEST <= exact.numerator <= HIGHEST and exact.denominator <= HIGHEST:
        return Answered(exact.numerator, exact.denominator, "")
    return Answered(None, 1, TOO_LARGE)


@cache
def _indices() -> dict[str, int]:
    """Where a code is in the dictionary of codes."""
    return {code: index for index, code in enumerate(every_code())}


def _with_codes(indices: Any) -> Any:
    """Codes of refusals by their indices: among all of them, so that batches are alike."""
    return arrow_alone().DictionaryArray.from_arrays(indices, _words())


@cache
def _words() -> Any:
    return texts(arrow_alone(), every_code())


def _numbers(type_: Any, values: Sequence[int | None]) -> Any:
    return numbers(arrow_alone(), type_, values)
