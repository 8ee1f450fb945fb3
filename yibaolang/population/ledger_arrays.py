"""Columns of Arrow as arrays of NumPy and back, by their buffers: pandas converts nothing."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Small = NDArray[np.int32]
Truths = NDArray[np.bool_]

MONEY = pa.decimal128(38, 2)
"""How yuan are read; in fen they are the low words."""

_TOO_MUCH = 10**16
"""Yuan beyond what any file may say; in fen they still fit into 64 bits."""

_BYTES = 256

_TYPES: dict[Any, Any] = {
    pa.int8(): np.int8, pa.int16(): np.int16, pa.int32(): np.int32, pa.int64(): np.int64,
    pa.date32(): np.int32,
}  # fmt: skip


def one_array(column: Any) -> Any:
    """A column that may be in chunks as one array."""
    if isinstance(column, pa.ChunkedArray):
        if column.num_chunks == 1:
            return column.chunk(0)
        if pa.types.is_dictionary(column.type):
            column = column.unify_dictionaries()
        return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    return column


def numbers(column: Any, missing: int = 0) -> NDArray[Any]:
    """The whole numbers or days of a column, without a copy if none is missing.

    >>> numbers(pa.array([3, None, 5], pa.int32()), -1)
    array([ 3, -1,  5], dtype=int32)
    """
    array = one_array(column)
    kind = _TYPES[array.type]
    if len(array) == 0:
        return np.zeros(0, kind)
    found = np.frombuffer(array.buffers()[1], kind)[array.offset : array.offset + len(array)]
    if array.null_count:
        found = np.where(there(array), found, np.asarray(missing, kind))
    return found


def truths(column: Any) -> Truths:
    """A column of truths without missing ones."""
    array = one_array(column)
    return _bits(array.buffers()[1], array.offset, len(array))


def there(column: Any) -> Truths:
    """Which rows of a column have a value."""
    array = one_array(column)
    if not array.null_count:
        return np.ones(len(array), np.bool_)
    if pa.types.is_null(array.type):
        return np.zeros(len(array), np.bool_)
    return _bits(array.buffers()[0], array.offset, len(array))


def _bits(buffer: Any, offset: int, count: int) -> Truths:
    if count == 0:
        return np.zeros(0, np.bool_)
    packed = np.frombuffer(buffer, np.uint8)
    bits = np.unpackbits(packed, count=offset + count, bitorder="little")
    return bits[offset:].astype(np.bool_)


def looked_up(table: Sequence[int], indices: NDArray[Any]) -> NDArray[np.int8]:
    """Small numbers by their places in a table; for a short one, byte by byte.

    >>> looked_up([5, -1, 7], np.array([2, 1, 0, 2])).tolist()
    [7, -1, 5, 7]
    """
    if len(table) > _BYTES:
        return np.take(np.array(table, np.int8), indices)
    found = bytes(each & 0xFF for each in table).ljust(_BYTES, b"\0")
    return np.frombuffer(indices.astype(np.uint8).tobytes().translate(found), np.int8)


def present(indices: NDArray[Any], count: int) -> list[int]:
    """Which numbers below a count there are.

    >>> present(np.array([2, 0, 2]), 3)
    [0, 2]
    """
    if count <= _BYTES:
        held = indices.astype(np.uint8).tobytes()
        return [each for each in range(count) if held.find(each) >= 0]
    found: list[int] = np.flatnonzero(np.bincount(indices, minlength=1)).tolist()
    return found


def column_of(array: NDArray[Any], type_: Any, missing: Truths | None = None) -> Any:
    """An array as a column; `missing` are rows without a value.

    >>> column_of(np.array([1, 2], np.int32), pa.date32(), np.array([False, True]))[1].is_valid
    False
    """
    found = np.ascontiguousarray(array)
    present = None
    if missing is not None and bool(missing.any()):
        present = pa.py_buffer(np.packbits(~missing, bitorder="little"))
    return pa.Array.from_buffers(type_, len(found), [present, pa.py_buffer(found)])


def named(codes: NDArray[Any], names: list[str]) -> Any:
    """Texts by their numbers, as a dictionary."""
    indices = column_of(codes.astype(np.int32), pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))


def fen_of(column: Any) -> tuple[Whole, Truths]:
    """Yuan as whole numbers of fen, and which rows have such a number (or none at all).

    >>> from decimal import Decimal
    >>> fen, fine = fen_of(pa.array([Decimal("9.500"), Decimal("0.001"), None]))
    >>> fen.tolist(), fine.tolist()
    ([950, 0, 0], [True, False, True])
    """
    array = one_array(column)
    given = there(array)
    if pa.types.is_decimal(array.type):
        cut = pc.round(array, 2)
        same = truths(pc.fill_null(pc.equal(cut, array), True))
        array = pc.if_else(pa.array(same), cut, pa.scalar(None, array.type))
        small = truths(pc.fill_null(pc.less(pc.abs(array), _TOO_MUCH), True))
        array = pc.if_else(pa.array(small), array, pa.scalar(None, array.type))
    else:
        # The least number of 64 bits has no amount without a sign.
        small = truths(pc.fill_null(
            pc.and_(pc.less(array, _TOO_MUCH), pc.greater(array, -_TOO_MUCH)), True
        ))  # fmt: skip
        array = pc.if_else(pa.array(small), array, pa.scalar(None, array.type))
    exact = array.cast(MONEY)
    if len(exact) == 0:
        return np.zeros(0, np.int64), given
    words = np.frombuffer(exact.buffers()[1], np.int64).reshape(-1, 2)
    found = words[exact.offset : exact.offset + len(exact), 0]
    return np.where(there(exact), found, 0), there(exact) | ~given
