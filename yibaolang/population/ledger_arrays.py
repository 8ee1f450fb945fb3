"""Columns of Arrow as arrays of NumPy and back, by their buffers: nothing is converted by pandas."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Small = NDArray[np.int32]
Truths = NDArray[np.bool_]

_TYPES: dict[Any, Any] = {
    pa.int8(): np.int8, pa.int16(): np.int16, pa.int32(): np.int32, pa.int64(): np.int64,
    pa.date32(): np.int32,
}  # fmt: skip


def one_array(column: Any) -> Any:
    """A column that may be in chunks as one array."""
    if isinstance(column, pa.ChunkedArray):
        if column.num_chunks == 1:
            return column.chunk(0)
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
    return _bits(array.buffers()[0], array.offset, len(array))


def _bits(buffer: Any, offset: int, count: int) -> Truths:
    if count == 0:
        return np.zeros(0, np.bool_)
    packed = np.frombuffer(buffer, np.uint8)
    bits = np.unpackbits(packed, count=offset + count, bitorder="little")
    return bits[offset:].astype(np.bool_)


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
