"""Tables of events and of holders, checked and made uniform before anything reads them.

Names and types must be those that files of the same kind may have. What comes out has texts (also
as dictionaries), whole numbers that 64 bits with a sign hold, decimals of 128 bits, days that a
calendar has, and truths: so that both engines read the same, and neither meets a type that it does
not know.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from yibaolang.engine.arrow_cells import check_kind, kind_of
from yibaolang.engine.records import NOTES, Form, columns_named
from yibaolang.population.fixed import number_of_day

_FIRST_DAY, _LAST_DAY = number_of_day(date.min), number_of_day(date.max)
_DIGITS, _DIGITS_OF_256 = 38, 76


def table_of(stream: Any, form: Form) -> Any:
    """A uniform table, with canonical names, of whatever gives a stream of Arrow.

    Refusal YB460, YB461 or YB464 for names, YB474 for types; TypeError for anything else.

    >>> from yibaolang.engine.event_files import FORM
    >>> kinds = pa.array(["bill", "bill"]).dictionary_encode()
    >>> events = {"account": ["1", "1"], "kind": kinds, "date": ["2024-01-31", None]}
    >>> events["amount_fen"] = pa.array([1, 2**64 - 1], pa.uint64())
    >>> table_of(pa.table(events), FORM).column("amount_fen").to_pylist()
    ['1', '18446744073709551615']
    """
    if not hasattr(stream, "__arrow_c_stream__"):
        kind = type(stream).__name__
        raise TypeError(
            f"{form.kind} must be a table of Arrow (with __arrow_c_stream__), not {kind}"
        )
    is_table = isinstance(stream, pa.Table)
    table = stream if is_table else pa.RecordBatchReader.from_stream(stream).read_all()
    schema = table.schema
    names = columns_named(schema.names, form, lambda _name: None)
    found = {}
    for said, name, column in zip(schema.names, names, table.columns, strict=True):
        if name not in NOTES:
            check_kind(pa, said, column.type, form.types(name), None)
            found[name] = _uniform(column)
    return pa.table(found)


def _uniform(column: Any) -> Any:
    type_, types = column.type, pa.types
    if types.is_dictionary(type_):
        if _is_text(type_.value_type):
            return _with_plain_texts(column)
        return _uniform(_decoded(column))
    if _is_text(type_) or types.is_null(type_):
        return column.cast(pa.string())
    if types.is_uint64(type_):
        return column.cast(pa.string())
    if types.is_decimal(type_):
        return _decimals(column)
    if types.is_date(type_):
        return _days(column)
    return column


def _is_text(type_: Any) -> bool:
    return kind_of(pa, type_) == "text"


def _decoded(column: Any) -> Any:
    chunks = [each.dictionary_decode() for each in column.chunks]
    return pa.chunked_array(chunks, column.type.value_type)


def _with_plain_texts(column: Any) -> Any:
    """A dictionary of texts that are not long and no views, of which Arrow can do little."""
    if pa.types.is_string(column.type.value_type):
        return column
    chunks = [
        pa.DictionaryArray.from_arrays(each.indices, each.dictionary.cast(pa.string()))
        for each in column.chunks
    ]
    return pa.chunked_array(chunks, pa.dictionary(column.type.index_type, pa.string()))


def _decimals(column: Any) -> Any:
    """Decimals of 128 bits; all as texts if there is one that is larger."""
    type_, scale = column.type, max(column.type.scale, 0)
    if type_.scale >= 0 and type_.precision <= _DIGITS:
        return column.cast(pa.decimal128(type_.precision, scale))
    wide = column.cast(pa.decimal256(_DIGITS_OF_256, scale))
    if _fit(wide, scale):
        return wide.cast(pa.decimal128(_DIGITS, scale))
    return wide.cast(pa.string())


def _fit(wide: Any, scale: int) -> bool:
    bound = Decimal(10) ** (_DIGITS - scale)
    ends = pc.min_max(wide)
    least, most = ends["min"].as_py(), ends["max"].as_py()
    return least is None or (-bound < least and most < bound)


def _days(column: Any) -> Any:
    """Days; all as texts if there is one that no calendar of Python has."""
    if not pa.types.is_date32(column.type):
        column = column.cast(pa.date32(), safe=False)
    ends = pc.min_max(column.cast(pa.int32()))
    first, last = ends["min"].as_py(), ends["max"].as_py()
    if first is None or (first >= _FIRST_DAY and last <= _LAST_DAY):
        return column
    return column.cast(pa.string())
