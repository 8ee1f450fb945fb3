"""Columns of a batch laid out for a kernel: addresses of memory, and tables of what texts mean.

Text is read once for each different text; how anything lies in memory depends on the types of the
columns, and the tables' lengths go to the kernel beside them (`rows.Storage`).
"""

from array import array
from collections.abc import Callable, Mapping
from typing import Any

from attrs import evolve, field, frozen

from yibaolang.engine.arrow_cells import kind_of
from yibaolang.engine.cells import Misfit
from yibaolang.model.book import Book
from yibaolang.model.limits import LIMITS
from yibaolang.population.columns import (
    BETWEEN,
    Named,
    arrow_alone,
    fen_as_yuan,
    load_arrow,
)
from yibaolang.population.fixed import number_of_day
from yibaolang.population.lowered import Codes
from yibaolang.population.persons import OTHER_TEXT, Cells, Input
from yibaolang.population.rows import GAP, PROBLEM, Storage

MOST_KEPT = 1 << 16
"""Of how many different texts of a column the meaning is kept."""

_DECIMALS = {"money": 2, "number": LIMITS.decimals, "rate": LIMITS.decimals + 3}
_MOST_SCALE = {"money": 2, "number": LIMITS.decimals, "rate": LIMITS.decimals}


@frozen(eq=False)
class Prepared:
    """An array; of texts the indices into the different ones, "" for a text that is none."""

    values: Any
    texts: tuple[str, ...] | None = None

    @property
    def gaps(self) -> bool:
        """Whether there may be rows without a value."""
        return bool(self.values.null_count) or "" in (self.texts or ())


@frozen(eq=False)
class Laid:
    """A column of a batch: its storage, its `Storage.arguments`, and who owns the memory.

    `plain` says that the numbers of a table are the indices themselves.
    """

    storage: Storage
    arguments: tuple[int, ...]
    owners: tuple[Any, ...]
    plain: bool = False

    def without_table(self) -> "Laid":
        """The same column for a kernel that takes the indices as they are."""
        kept = [
            each
            for name, each in zip(self.storage.arguments, self.arguments, strict=True)
            if name != "table"
        ]
        return evolve(self, storage=evolve(self.storage, kind="code"), arguments=tuple(kept))


@frozen(eq=False)
class Layer:
    """Lays out the columns of batches. What texts mean is kept from one batch to the next."""

    book: Book
    codes: Codes
    cells: Cells
    kept: dict[str, dict[str, int]] = field(factory=dict, init=False)

    def laid(self, column: Named, prepared: Prepared, gaps: bool) -> Laid:
        """A prepared array of a type that `check_types` lets through; `gaps` if it may have any."""
        arrow = arrow_alone()
        spec, values = self.cells.input(column.key), prepared.values
        if prepared.texts is None:
            kind = kind_of(arrow, values.type)
            if kind == "truth" and spec.type.kind == "truth":
                bits = (values.buffers()[1].address, values.offset)
                return _with_gaps(values, Storage("bits", 1, gaps=gaps), bits)
            if kind == "date" and spec.type.kind == "date":
                days = Storage("whole", 32, low=spec.low, high=spec.high, gaps=gaps)
                return _with_gaps(_days(arrow, values), days)
            number = spec.type.kind in _DECIMALS or spec.type.kind == "age"
            if number and kind in ("integer", "decimal"):
                laid = self._number(arrow, column, spec, values, gaps)
                if laid is not None:
                    return laid
            prepared = prepared_texts(values.cast(arrow.string()))
        kept = self.kept.setdefault(column.key, {})
        return self._texts(prepared, gaps, _keeping(kept, self._reader(column, spec)))

    def places(
        self, prepared: Prepared, gaps: bool, places: Mapping[str, int | None], default: int
    ) -> Laid:
        """The column of the texts of `place_texts` as the numbers that `places` gives them.

        None is for a text that names no place; `default` is for rows without one.
        """

        def read(text: str) -> int:
            found = places[text]
            return PROBLEM if found is None else found

        return self._texts(prepared, gaps, read, default)

    def _number(
        self, arrow: Any, column: Named, spec: Input, values: Any, gaps: bool
    ) -> Laid | None:
        """A column of numbers as they are; None for one that must be read as text."""
        types, decimals = arrow.types, _DECIMALS.get(spec.type.kind, 0)
        low, high = spec.low, spec.high
        if types.is_integer(values.type):
            if values.type == arrow.uint64():
                return None
            width, signed = values.type.bit_width, types.is_signed_integer(values.type)
            factor = 1 if column.fen else 10**decimals
            storage = Storage("whole", width, signed, factor, low, high, gaps)
            return _with_gaps(values, storage)
        scale = values.type.scale
        if not 0 <= scale <= _MOST_SCALE.get(spec.type.kind, -1):
            return None
        if not types.is_decimal128(values.type):
            try:
                values = values.cast(arrow.decimal128(38, scale))
            except arrow.ArrowInvalid:
                return None
        factor = 10 ** (decimals - scale)
        return _with_gaps(values, Storage("decimal", 128, True, factor, low, high, gaps))

    def _reader(self, column: Named, spec: Input) -> Callable[[str], int]:
        kind, name = spec.type.kind, column.key
        if kind == "text":
            return lambda text: self.codes.texts.get(self.cells.value(name, text), OTHER_TEXT)
        if kind == "choice":
            values = self.codes.values(spec.type)
            return lambda text: values.index(self.cells.value(name, text))
        if kind == "date":
            return lambda text: number_of_day(self.cells.value(name, text))
        fen = column.fen

        def read(text: str) -> int:
            value = self.cells.value(name, fen_as_yuan(text, column.name) if fen else text)
            scaled = value * spec.denominator
            return int(scaled) if spec.low <= scaled <= spec.high else PROBLEM

        return read

    def _texts(
        self, prepared: Prepared, gaps: bool, read: Callable[[str], int],
        default: int | None = None,
    ) -> Laid:  # fmt: skip
        """A column of which each different text is read once."""
        indices, texts = prepared.values, prepared.texts or ()
        numbers = array("q", [read(each) if each else GAP for each in texts])
        if not numbers:
            # An index into nothing is no value either.
            numbers.append(PROBLEM)
        plain = all(number == index for index, number in enumerate(numbers))
        width, signed = indices.type.bit_width, str(indices.type).startswith("int")
        storage = Storage("table", width, signed, gaps=gaps, default=default)
        last = min(len(numbers), 1 << (width - signed)) - 1
        taken = (_address(indices), last, numbers.buffer_info()[0])
        return evolve(_with_gaps(indices, storage, taken, (numbers,)), plain=plain)


def _keeping(kept: dict[str, int], read: Callable[[str], int]) -> Callable[[str], int]:
    """What reads a text, or gives what it gave before; a text that cannot be read is a PROBLEM."""

    def reading(text: str) -> int:
        number = kept.get(text)
        if number is None:
            try:
                number = read(text)
            except Misfit:
                # The row is read again by the reference engine, which says what is wrong.
                number = PROBLEM
            if len(kept) >= MOST_KEPT:
                kept.clear()
            kept[text] = number
        return number

    return reading


def prepared(values: Any) -> Prepared:
    """An array made ready to be laid out."""
    arrow = arrow_alone()
    if kind_of(arrow, values.type) == "text":
        return prepared_texts(values)
    coded = arrow.types.is_dictionary(values.type)
    return Prepared(values.dictionary_decode() if coded else values)


def prepared_texts(values: Any) -> Prepared:
    """An array of texts, or a dictionary of some, which may be null, blank or there twice."""
    coded = values if arrow_alone().types.is_dictionary(values.type) else values.dictionary_encode()
    words = [(each or "").strip(" \t") for each in coded.dictionary.to_pylist()]
    return Prepared(coded.indices, tuple(words))


def without_views(people: Any) -> Any:
    """A record batch in which no text is a view, for which Arrow has few functions."""
    arrow = arrow_alone()
    is_view = getattr(arrow.types, "is_string_view", lambda _: False)
    arrays = [each.cast(arrow.string()) if is_view(each.type) else each for each in people.columns]
    return arrow.RecordBatch.from_arrays(arrays, names=people.schema.names)


def place_texts(region: Any, version: Any) -> Prepared:
    """The prepared column of places: a region, or a region and a version in one text.

    None is for a column that there is not.
    """
    if region is not None and version is None:
        return prepared_texts(_of_texts(region))
    arrow = load_arrow()
    first = arrow.nulls(len(version), arrow.string()) if region is None else _of_texts(region)
    joined = arrow.compute.binary_join_element_wise(
        first.cast(arrow.string()), _of_texts(version).cast(arrow.string()), BETWEEN,
        null_handling="replace", null_replacement="",
    )  # fmt: skip
    return prepared_texts(joined)


def _of_texts(values: Any) -> Any:
    """An array of texts; one of nulls as some."""
    arrow = arrow_alone()
    if arrow.types.is_null(values.type):
        return arrow.nulls(len(values), arrow.string())
    return values


def _with_gaps(
    values: Any, storage: Storage, taken: tuple[int, ...] = (), owners: tuple[Any, ...] = ()
) -> Laid:
    """The column with the bitmap of its gaps, if it may have any."""
    taken, owners = taken or (_address(values),), (values, *owners)
    if storage.gaps and values.null_count:
        taken = (*taken, values.buffers()[0].address, values.offset)
    elif storage.gaps:
        every = arrow_alone().py_buffer(b"\xff" * (len(values) // 8 + 1))
        taken, owners = (*taken, every.address, 0), (*owners, every)
    return Laid(storage, taken, owners)


def _days(arrow: Any, values: Any) -> Any:
    """Dates of 32 or 64 bits as days; a time of day is left out, as where cells are read."""
    if values.type == arrow.date32():
        return values
    return values.view(arrow.timestamp("ms")).cast(arrow.date32(), safe=False)


def _address(values: Any) -> int:
    """Where the numbers of an array begin."""
    start: int = values.buffers()[1].address
    offset: int = values.offset * values.type.bit_width // 8
    return start + offset
