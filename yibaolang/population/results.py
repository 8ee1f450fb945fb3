"""The columns that come out: values and codes of refusals, and the rows that are done again."""

import ctypes
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import frozen

from yibaolang.model.values import MONEY, Type
from yibaolang.population.building import Built, Column
from yibaolang.population.columns import Named, cell_text, load_arrow
from yibaolang.population.fixed import HIGHEST, LOWEST, number_of_day
from yibaolang.population.redo import Answered, Asks, Reference
from yibaolang.population.rows import AGAIN, width_of

_FORMS: dict[int, Any] = {8: ctypes.c_int64, 4: ctypes.c_int32, 1: ctypes.c_int8}
TOO_LARGE = "YB483"


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
        self.arrow = load_arrow()

    # ── by kernel ──

    def by_kernel(self, built: Built, filled: Sequence[Filled]) -> Any:
        """The batch of what a kernel wrote."""
        codes = list(built.codes)
        self._again(built, filled, codes)
        arrays: dict[str, Any] = self._first()
        for asks, column, each in zip(self.asks, built.columns, filled, strict=True):
            valid, refused = self._refused(each, codes)
            arrays |= self._values(asks, column, each.values, valid)
            arrays[f"{self.name(asks)}_refused"] = refused
        return self.arrow.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))

    def name(self, asks: Asks) -> str:
        """The name of a figure's column, with the month if there are several."""
        base = asks.figure.replace(" ", "_")
        several = len({each.asked for each in self.asks}) > 1
        return f"{base}_{asks.asked}" if several else base

    def _first(self) -> dict[str, Any]:
        """The accounts, if the people have them."""
        index = next((i for i, each in enumerate(self.columns) if each.key == "account"), None)
        return {} if index is None else {"account": self.people.column(index)}

    def _refused(self, filled: Filled, codes: Sequence[str]) -> tuple[Any, Any]:
        """The bitmap of the rows with values (None: all), and the codes of the others."""
        arrow, count = self.arrow, self.people.num_rows
        names = list(dict.fromkeys(each for each in codes if each))
        words = arrow.array(names, arrow.string())
        if not filled.opened:
            # All zero: nowhere a value, without a byte being written.
            memory = arrow.py_buffer(filled.status.memory)
            indices = arrow.Array.from_buffers(arrow.int16(), count, [memory, memory])
            return None, arrow.DictionaryArray.from_arrays(indices, words)
        status = self._statuses(filled)
        numbers = [names.index(each) if each else None for each in codes]
        indices = arrow.array(numbers, arrow.int16()).take(status)
        valid = arrow.compute.equal(status, 0)
        return valid.buffers()[1], arrow.DictionaryArray.from_arrays(indices, words)

    def _statuses(self, filled: Filled) -> Any:
        arrow = self.arrow
        memory = arrow.py_buffer(filled.status.memory)
        return arrow.Array.from_buffers(arrow.int32(), self.people.num_rows, [None, memory])

    def _values(self, asks: Asks, column: Column, values: Any, valid: Any) -> dict[str, Any]:
        arrow, count, kind, name = (
            self.arrow, self.people.num_rows, column.result.kind, self.name(asks),
        )  # fmt: skip
        types = {"date": arrow.date32(), "truth": arrow.int8(), "code": arrow.int32()}
        type_ = types.get(kind, arrow.int64())
        array = arrow.Array.from_buffers(type_, count, [valid, values])
        if kind == "truth":
            return {name: array.cast(arrow.bool_())}
        if kind == "code":
            words = arrow.array(self.rules.book.values[column.type.choice], arrow.string())
            return {name: arrow.DictionaryArray.from_arrays(array, words)}
        if kind == "fen":
            return {f"{name}_fen": array}
        if column.denominator == 1:
            return {name: array}
        below = arrow.repeat(arrow.scalar(column.denominator, arrow.int64()), count)
        return {f"{name}_numerator": array, f"{name}_denominator": below}

    # ── rows that are done again ──

    def _again(self, built: Built, filled: Sequence[Filled], codes: list[str]) -> None:
        """Do the rows again that the kernel left, and write what comes out in its place."""
        if not filled or not filled[0].opened:
            return
        compute = self.arrow.compute
        rows = compute.indices_nonzero(compute.equal(self._statuses(filled[0]), AGAIN))
        if not len(rows):
            return
        answers = self._answers(rows)
        for index, (column, each) in enumerate(zip(built.columns, filled, strict=True)):
            form, count = _FORMS[width_of(column.result.kind)], self.people.num_rows
            values = (form * count).from_address(each.values.address)
            statuses = (ctypes.c_int32 * count).from_address(each.status.address)
            for row, answered in zip(rows.to_pylist(), answers, strict=True):
                value, code = self._stored(column, answered[index])
                if code and code not in codes:
                    codes.append(code)
                statuses[row] = codes.index(code) if code else 0
                values[row] = value

    def _answers(self, rows: Any) -> list[list[Answered]]:
        """The reference engine's answers about rows."""
        named: Mapping[str, Named] = {each.key: each for each in self.columns}
        cells = [self.people.column(index).take(rows).to_pylist() for index in range(len(named))]
        found = []
        for values in zip(*cells, strict=True) if cells else ((),) * len(rows):
            row = {
                each.key: text
                for each, value in zip(self.columns, values, strict=True)
                if (text := cell_text(value))
            }
            found.append(self.reference.row(row, named))
        return found

    def _stored(self, column: Column, answered: Answered) -> tuple[int, str]:
        """A value as it is stored, and the code of its refusal or ""."""
        value = answered.value
        if answered.code:
            return 0, answered.code
        if isinstance(value, bool):
            return int(value), ""
        if isinstance(value, date):
            return number_of_day(value), ""
        if isinstance(value, str):
            return self.rules.book.values[column.type.choice].index(value), ""
        exact = Fraction(value, answered.denominator) * column.denominator
        if exact.denominator != 1 or not LOWEST <= exact <= HIGHEST:
            return 0, TOO_LARGE
        return exact.numerator, ""

    def by_reference(self) -> Any:
        """The batch as the reference engine gives it."""
        arrow = self.arrow
        rows = arrow.array(range(self.people.num_rows), arrow.int64())
        answers = self._answers(rows)
        arrays: dict[str, Any] = self._first()
        for index, asks in enumerate(self.asks):
            own = [_fitting(each[index]) for each in answers]
            arrays |= self._listed(asks, own, self.reference.type_of(asks))
            codes = arrow.array([each.code or None for each in own], arrow.string())
            arrays[f"{self.name(asks)}_refused"] = codes.dictionary_encode()
        return arrow.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))

    def _listed(self, asks: Asks, own: Sequence[Answered], type_: Type) -> dict[str, Any]:
        arrow, name = self.arrow, self.name(asks)
        values = [None if each.code else each.value for each in own]
        if type_.kind == "choice":
            words = self.rules.book.values[type_.choice]
            indices = [None if each is None else words.index(each) for each in values]
            made = arrow.array(indices, arrow.int32())
            words = arrow.array(words, arrow.string())
            return {name: arrow.DictionaryArray.from_arrays(made, words)}
        types = {"date": arrow.date32(), "truth": arrow.bool_(), "text": arrow.string()}
        made = arrow.array(values, types.get(type_.kind, arrow.int64()))
        if any(each.denominator != 1 for each in own):
            below = arrow.array([each.denominator for each in own], arrow.int64())
            return {f"{name}_numerator": made, f"{name}_denominator": below}
        return {f"{name}_fen" if type_ == MONEY else name: made}


def _fitting(answered: Answered) -> Answered:
    """What came out, or that it is too large for a column."""
    value = answered.value
    fits = not isinstance(value, int) or (
        LOWEST <= value <= HIGHEST and answered.denominator <= HIGHEST
    )
    return answered if fits else Answered(None, 1, TOO_LARGE)
