"""The columns that a kernel wrote, and the rows that are done again.

This is where NumPy is needed; nothing here takes Arrow's functions of arrays, which load slowly.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from yibaolang.population.building import Built, Column
from yibaolang.population.questions import Shape
from yibaolang.population.redo import Answered, fitting
from yibaolang.population.results import Filled, Results, indices_of_codes, with_codes
from yibaolang.population.rows import AGAIN, width_of

_FORMS: dict[int, Any] = {8: np.int64, 4: np.int32, 1: np.int8}
_OF_KINDS: dict[str, Any] = {"date": np.int32, "choice": np.int32, "truth": np.int8}

Again = Sequence[tuple[int, Answered]]
"""Rows that are done again, and what the reference engine answers of one question."""


class NativeResults(Results):
    """Makes the columns of a batch of what a kernel wrote; the reference answers what it left."""

    def by_kernel(self, built: Built, filled: Sequence[Filled]) -> Any:
        """The batch of what a kernel wrote."""
        again = self._again(filled)
        arrays, written = self.first(), iter(filled)
        for at, (asks, column) in enumerate(zip(self.asks, built.columns, strict=True)):
            each, shape = next(written), self.reference.shape(asks)
            below = None if column.divisor is None else next(written)
            own = [(row, fitting(answers[at])) for row, answers in again]
            valid, refused = self._refused(each, built.codes, own)
            numbers = self._numbers(shape, column, each, below, own)
            fields = self.fields(asks)
            for (name, type_), stored in zip(fields.items(), numbers, strict=True):
                arrays[name] = self._column(shape, type_, valid, stored)
            arrays[self.refused_name(asks)] = refused
        return self.arrow.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))

    def _column(self, shape: Shape, type_: Any, valid: Any, numbers: Any) -> Any:
        """The column of numbers of NumPy (None: of nulls); `valid` is the bitmap of the values."""
        arrow, count, kind = self.arrow, self.people.num_rows, shape.type.kind
        if numbers is None:
            return arrow.nulls(count, type_)
        if kind == "truth":
            numbers = np.packbits(numbers != 0, bitorder="little")
        own = type_.index_type if kind == "choice" else type_
        stored = arrow.Array.from_buffers(own, count, [valid, arrow.py_buffer(numbers)])
        return self.coded(shape, stored) if kind == "choice" else stored

    def _refused(self, filled: Filled, codes: Sequence[str], again: Again) -> tuple[Any, Any]:
        """The bitmap of the rows with values (None: all), and the codes of the others."""
        arrow, count = self.arrow, self.people.num_rows
        if not filled.opened:
            # All zero: nowhere a value, without a byte being written.
            memory = arrow.py_buffer(filled.status.memory)
            indices = arrow.Array.from_buffers(arrow.int16(), count, [memory, memory])
            return None, with_codes(indices)
        statuses = np.frombuffer(filled.status.memory, np.int32, count)
        for at, (row, each) in enumerate(again, len(codes)):
            statuses[row] = at if each.code else 0
        every = [*codes, *(each.code for _, each in again)]
        numbers = np.array([indices_of_codes().get(each, 0) for each in every], np.int16)[statuses]
        refused, valid = (
            arrow.py_buffer(np.packbits(each, bitorder="little"))
            for each in (statuses != 0, statuses == 0)
        )
        buffers = [refused, arrow.py_buffer(numbers)]
        return valid, with_codes(arrow.Array.from_buffers(arrow.int16(), count, buffers))

    def _numbers(
        self, shape: Shape, column: Column, filled: Filled, below: Filled | None, again: Again
    ) -> tuple[Any, ...]:
        """What is stored for each of a question's columns; None for texts, which no kernel has."""
        count, kind = self.people.num_rows, shape.type.kind
        if kind == "text":
            return (None,)
        if column.type is None:
            values = np.zeros(count, _OF_KINDS.get(kind, np.int64))
        else:
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
                values[row] = self.stored(shape, each)
                if not shape.whole:
                    belows[row] = each.denominator
        return (values,) if shape.whole else (values, belows)

    def _again(self, filled: Sequence[Filled]) -> list[tuple[int, list[Answered]]]:
        """The rows that the kernel left, and the answers about each."""
        if not filled or not filled[0].opened:
            return []
        statuses = np.frombuffer(filled[0].status.memory, np.int32, self.people.num_rows)
        rows = np.flatnonzero(statuses == AGAIN).tolist()
        return list(zip(rows, self.answers(rows), strict=True)) if rows else []
