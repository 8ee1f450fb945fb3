"""Numbers of groups and sums by group over the buffers of Arrow, with NumPy.

The same as Arrow's own functions give (`grouping`), but those take longer to load than they run.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yibaolang.population.columns import arrow_alone

MOST_GROUPS = 1 << 20
"""With more groups than these most rows of a batch have one of their own."""

_WIDTHS: dict[int, Any] = {8: np.uint8, 16: np.uint16, 32: np.uint32, 64: np.int64}
_MOST = (1 << 63) - 1


def looked_up(table: Sequence[int], indices: Any, missing: int) -> Any:
    """For each index of an Arrow array the number that a table has for it, as int64.

    >>> arrow = arrow_alone()
    >>> looked_up([7, 9], arrow.array([1, None, 0], arrow.int8()), 5).to_pylist()
    [9, 5, 7]
    """
    found = np.array(table, np.int64).take(_plain(indices), mode="clip")
    if indices.null_count:
        found[~_there(indices)] = missing
    return _array(found)


def joined(code: Any, count: int, own: Any) -> Any:
    """One number for two: of `code`, and of `own`, which is below `count`."""
    return _array(_plain(code) * np.int64(count) + _plain(own))


def summed(code: Any, amounts: Sequence[Any]) -> Iterator[tuple[int, int, tuple[int, ...]]] | None:
    """As `grouping.summed`; None if a sum could leave 64 bits, or for too many groups."""
    numbers = _plain(code)
    if not len(numbers):
        return iter(())
    most = int(numbers.max()) + 1
    columns = [_filled(each) for each in amounts]
    if most > MOST_GROUPS or any(not _small(each) for each in columns):
        return None
    return _summed(numbers, most, columns)


def _summed(
    numbers: NDArray[np.int64], most: int, columns: Sequence[NDArray[np.int64]]
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    counts = np.bincount(numbers, minlength=most)
    sums = []
    for each in columns:
        own = np.zeros(most, np.int64)
        np.add.at(own, numbers, each)
        sums.append(own)
    for at in np.flatnonzero(counts).tolist():
        yield at, int(counts[at]), tuple(int(each[at]) for each in sums)


def _small(values: NDArray[np.int64]) -> bool:
    """Whether no sum of these can leave 64 bits."""
    return max(-int(values.min()), int(values.max())) * len(values) <= _MOST


def _filled(column: Any) -> NDArray[np.int64]:
    """The numbers of a column, 0 for what is missing."""
    values = _plain(column)
    return np.where(_there(column), values, 0) if column.null_count else values


def _plain(column: Any) -> NDArray[Any]:
    """The numbers of a column as they lie there."""
    width = column.type.bit_width
    data = np.frombuffer(column.buffers()[1], _WIDTHS[width])
    return data[column.offset : column.offset + len(column)]


def _there(column: Any) -> NDArray[np.bool_]:
    bits = np.frombuffer(column.buffers()[0], np.uint8)
    end = column.offset + len(column)
    return np.unpackbits(bits, count=end, bitorder="little")[column.offset :].astype(np.bool_)


def _array(values: NDArray[np.int64]) -> Any:
    arrow = arrow_alone()
    return arrow.Array.from_buffers(arrow.int64(), len(values), [None, arrow.py_buffer(values)])
