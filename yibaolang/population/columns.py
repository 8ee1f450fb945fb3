"""People as Arrow columns: how each lies in memory, and what its cells mean.

The columns are those of files of people (`engine.people_files`), with the same conversions: amounts
are in yuan, as decimals, whole numbers or text; beside them an amount may be whole fen, in a column
`NAME_fen`. Text is read once for each different text. pyarrow is loaded only here.
"""

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from yibaolang.engine.cells import Misfit, whole_of_cell, yuan
from yibaolang.engine.event_schema import region_of_cell, version_of_cell
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.suggest import suggestions
from yibaolang.model.book import Book
from yibaolang.model.limits import LIMITS
from yibaolang.population.fixed import number_of_day
from yibaolang.population.lowered import Codes
from yibaolang.population.persons import OTHER_TEXT, Cells, Input
from yibaolang.population.rows import GAP, PROBLEM, Storage

FEN = "_fen"
OWN = ("account", "region", "version")
_DECIMALS = {"money": 2, "number": LIMITS.decimals, "rate": LIMITS.decimals + 3}
_MOST_SCALE = {"money": 2, "number": LIMITS.decimals, "rate": LIMITS.decimals}
_ALLOWED = {
    "money": ("text", "integer", "decimal"), "number": ("text", "integer", "decimal"),
    "rate": ("text", "integer", "decimal"), "age": ("text", "integer", "decimal"),
    "months": ("text",), "days": ("text",), "choice": ("text",), "date": ("text", "date"),
    "truth": ("text", "truth"), "text": ("text", "integer", "decimal", "date", "truth"),
}  # fmt: skip
_NAMES = {
    "text": "string", "integer": "int64", "decimal": "decimal128", "date": "date32",
    "truth": "bool",
}  # fmt: skip


def load_arrow() -> Any:
    """The package pyarrow; Refusal YB481 if it is not installed."""
    try:
        import pyarrow
        import pyarrow.compute
    except ImportError as error:
        raise Refusal(diagnostic("YB481", None, package="pyarrow")) from error
    return pyarrow


@frozen(eq=False)
class Laid:
    """A column of a batch: its storage, the addresses that belong to it, and who owns them."""

    storage: Storage
    addresses: tuple[int, ...]
    owners: tuple[Any, ...]


@frozen(eq=False)
class Named:
    """A column of the data: `name` there, `key` the canonical name, `fen` if it is whole fen."""

    name: str
    key: str
    fen: bool


def columns_named(names: Sequence[str], book: Book) -> tuple[Named, ...]:
    """What columns are; Refusal YB460 for an unknown name, YB464 for one said twice.

    >>> from yibaolang.engine.rulebook import read
    >>> found = columns_named(["account", "contribution_base_fen"], read("").book)
    >>> [(each.key, each.fen) for each in found]
    [('account', False), ('contribution_base', True)]
    """
    known = {**dict(zip(OWN, OWN, strict=True)), **Cells(book).columns}
    found: list[Named] = []
    for name in names:
        fen = name not in known and name.endswith(FEN)
        key = known.get(name.removesuffix(FEN) if fen else name)
        if key is None or (fen and key in OWN):
            near = suggestions(name, known, limit=1)
            suggestion = near[0] if near else ""
            raise Refusal(diagnostic("YB460", None, name=name, suggestion=suggestion))
        if any(each.key == key for each in found):
            raise Refusal(diagnostic("YB464", None, name=name))
        found.append(Named(name, key, fen))
    return tuple(found)


@frozen(eq=False)
class Layer:
    """Lays out the columns of batches. What texts mean is kept from one batch to the next."""

    book: Book
    codes: Codes
    cells: Cells
    _kept: dict[str, dict[str, int]] = field(factory=dict, init=False)

    def laid(self, column: Named, values: Any) -> Laid:
        """A prepared Arrow array, of any type but null, as a column of rows.

        Refusal YB474 for a type that the column cannot have.
        """
        arrow = load_arrow()
        spec = self.cells.input(column.key)
        kind = _kind(arrow, values.type)
        _check(column, spec, kind, values.type)
        if kind == "truth" and spec.type.kind == "truth":
            data = values.buffers()[1]
            return _with_gaps(
                values, Storage("bits", 1), (data.address, values.offset), (values,)
            )
        if kind == "date" and spec.type.kind == "date":
            values = values.cast(arrow.date32())
            return _with_gaps(values, Storage("whole", 32, low=spec.low, high=spec.high))
        number = spec.type.kind in _DECIMALS or spec.type.kind == "age"
        if number and kind in ("integer", "decimal"):
            laid = self._number(arrow, column, spec, values)
            if laid is not None:
                return laid
        return self._texts(arrow, values, column.key, self._reader(column, spec))

    def places(self, values: Any, places: Mapping[str, int | None], default: int) -> Laid:
        """The column of the texts of `place_texts` as the numbers that `places` gives them.

        None is for a text that names no place; `default` is for rows without one.
        """

        def read(text: str) -> int:
            found = places[text]
            return PROBLEM if found is None else found

        return self._texts(load_arrow(), values, "", read, default=default)

    def _number(self, arrow: Any, column: Named, spec: Input, values: Any) -> Laid | None:
        """A column of numbers as they are; None for one that must be read as text."""
        types, decimals = arrow.types, _DECIMALS.get(spec.type.kind, 0)
        if column.fen and not types.is_integer(values.type):
            return None
        if types.is_integer(values.type):
            factor = 1 if column.fen else 10**decimals
            if values.type == arrow.uint64():
                return None
            signed = types.is_signed_integer(values.type)
            storage = Storage(
                "whole", values.type.bit_width, signed, 0, factor, spec.low, spec.high
            )
            return _with_gaps(values, storage)
        scale = values.type.scale
        if not 0 <= scale <= _MOST_SCALE.get(spec.type.kind, -1):
            return None
        if not types.is_decimal128(values.type):
            values = values.cast(arrow.decimal128(38, scale))
        factor = 10 ** (decimals - scale)
        return _with_gaps(values, Storage("decimal", 128, True, 0, factor, spec.low, spec.high))

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
        self, arrow: Any, values: Any, key: str, read: Callable[[str], int],
        default: int | None = None,
    ) -> Laid:  # fmt: skip
        """A column of which each different text is read once."""
        coded = _coded(arrow, values)
        kept = self._kept.setdefault(key, {}) if key and default is None else {}
        numbers = array("q")
        for text in coded.dictionary.to_pylist():
            text = (text or "").strip(" \t")
            if text not in kept:
                kept[text] = _number(text, read)
            numbers.append(kept[text])
        indices = coded.indices
        width, signed = indices.type.bit_width, arrow.types.is_signed_integer(indices.type)
        none = GAP in numbers
        count = len(numbers)
        if list(numbers) == list(range(count)):
            storage = Storage("code", width, signed, count, default=default)
            return _with_gaps(indices, storage)
        storage = Storage(
            "table", width, signed, count, none=none, problems=PROBLEM in numbers, default=default
        )
        data = _address(indices)
        return _with_gaps(indices, storage, (data, numbers.buffer_info()[0]), (indices, numbers))


def fen_as_yuan(text: str, column: str) -> str:
    """Whole fen as an amount of yuan; Misfit YB465 or YB015.

    >>> fen_as_yuan("650000", "contribution_base_fen")
    '6500.00'
    """
    return yuan(whole_of_cell(text, column, LIMITS.integer_digits + 2, signed=True))


def cell_text(value: Any) -> str:
    """A value of Arrow as the text of a cell, "" for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value.strip(" \t")
    return format(value, "f") if type(value).__name__ == "Decimal" else str(value)


_BETWEEN = "\x1f"


def prepared(values: Any) -> Any:
    """An array of texts as indices into the different ones; any other array as it is."""
    arrow = load_arrow()
    return _coded(arrow, values) if _kind(arrow, values.type) == "text" else values


def without_views(people: Any) -> Any:
    """A record batch in which no text is a view, for which Arrow has few functions."""
    arrow = load_arrow()
    is_view = getattr(arrow.types, "is_string_view", lambda _: False)
    arrays = [each.cast(arrow.string()) if is_view(each.type) else each for each in people.columns]
    return arrow.RecordBatch.from_arrays(arrays, names=people.schema.names)


def has_gaps(values: Any) -> bool:
    """Whether a prepared array has rows without a value."""
    if values.null_count:
        return True
    arrow = load_arrow()
    if not arrow.types.is_dictionary(values.type):
        return bool(arrow.types.is_null(values.type))
    return any(not (text or "").strip(" \t") for text in values.dictionary.to_pylist())


def place_texts(region: Any, version: Any | None) -> Any:
    """The prepared column of places: a region, or a region and a version in one text."""
    arrow = load_arrow()
    if version is None:
        return prepared(region.cast(arrow.string()) if arrow.types.is_null(region.type) else region)
    texts = [each.cast(arrow.string()) for each in (region, version)]
    joined = arrow.compute.binary_join_element_wise(
        *texts, _BETWEEN, null_handling="replace", null_replacement=""
    )
    return prepared(joined)


def place_of_text(book: Book, text: str, versions: bool) -> tuple[str, str] | None:
    """The place that a text of `place_texts` means, ("", "") for none; None if it means nothing.

    `versions` says whether there were versions.
    """
    if text.count(_BETWEEN) > versions:
        return None
    region, _, version = text.partition(_BETWEEN)
    try:
        return place_of(book, region.strip(" \t"), version.strip(" \t"))
    except Misfit:
        return None


def place_of(book: Book, region: str, version: str) -> tuple[str, str]:
    """A region and version of cells by their canonical names; Misfit YB102, YB462 or YB478."""
    from yibaolang.engine.cells import refuse

    if not region:
        if version:
            raise refuse("YB462", "region", column="region", kind="")
        return "", ""
    name = region_of_cell(book, region, "region")
    return name, version_of_cell(book, name, version)


def _number(text: str, read: Callable[[str], int]) -> int:
    if not text:
        return GAP
    try:
        return read(text)
    except Misfit:
        # The row is read again by the reference engine, which says what is wrong.
        return PROBLEM


def _coded(arrow: Any, values: Any) -> Any:
    """An array of texts as indices into the different texts, none of which is null."""
    types = arrow.types
    if types.is_dictionary(values.type):
        if values.dictionary.null_count == 0 and types.is_string(values.type.value_type):
            return values
        values = values.dictionary_decode()
    if not types.is_string(values.type):
        values = values.cast(arrow.string())
    return values.dictionary_encode()


def _with_gaps(
    values: Any, storage: Storage, addresses: tuple[int, ...] = (), owners: tuple[Any, ...] = ()
) -> Laid:
    """The column with the bitmap of its gaps, if it has any."""
    from attrs import evolve

    addresses = addresses or (_address(values),)
    owners = owners or (values,)
    if values.null_count:
        bitmap = values.buffers()[0]
        addresses = (*addresses, bitmap.address, values.offset)
        storage = evolve(storage, gaps=True)
    return Laid(storage, addresses, owners)


def _address(values: Any) -> int:
    """Where the numbers of an array begin."""
    start: int = values.buffers()[1].address
    offset: int = values.offset * values.type.bit_width // 8
    return start + offset


def _check(column: Named, spec: Input, kind: str, found: Any) -> None:
    allowed = ("text", "integer") if column.fen else _ALLOWED[spec.type.kind]
    if kind not in allowed or (column.fen and spec.type.kind != "money"):
        expected = ", ".join(_NAMES[each] for each in allowed)
        raise Refusal(
            diagnostic("YB474", None, name=column.name, found=str(found), expected=expected)
        )


def _kind(arrow: Any, type_: Any) -> str:
    """The kind of an Arrow type; "" for one that no column may have."""
    types = arrow.types
    if types.is_dictionary(type_):
        type_ = type_.value_type
    views = getattr(types, "is_string_view", lambda _: False)
    tests: dict[str, Callable[[Any], bool]] = {
        "text": lambda each: types.is_string(each) or types.is_large_string(each) or views(each),
        "integer": types.is_integer,
        "decimal": types.is_decimal,
        "date": types.is_date,
        "truth": types.is_boolean,
        "null": types.is_null,
    }
    return next((kind for kind, test in tests.items() if test(type_)), "")
