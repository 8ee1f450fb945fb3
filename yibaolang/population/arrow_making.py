"""Small arrays of Arrow made of Python's values, by their buffers.

`pyarrow.array` and `pyarrow.scalar` load pandas wherever it is installed, which takes longer than
all the figures of a small file.
"""

from array import array
from collections.abc import Iterable, Sequence
from typing import Any

_FORMS = {8: "b", 16: "h", 32: "i", 64: "q"}


def texts(arrow: Any, values: Iterable[str | None]) -> Any:
    """Texts as an array of strings; `arrow` is the package pyarrow.

    >>> import pyarrow
    >>> texts(pyarrow, ["jinan", None, ""]).to_pylist()
    ['jinan', None, '']
    """
    coded = [None if each is None else each.encode() for each in values]
    offsets, end = array("i", [0]), 0
    for each in coded:
        end += len(each or b"")
        offsets.append(end)
    data = arrow.py_buffer(b"".join(each or b"" for each in coded))
    return arrow.Array.from_buffers(
        arrow.string(), len(coded), [_there(arrow, coded), arrow.py_buffer(offsets), data]
    )


def numbers(arrow: Any, type_: Any, values: Sequence[int | None]) -> Any:
    """Whole numbers as an array of a type of whole numbers or of days.

    >>> import pyarrow
    >>> numbers(pyarrow, pyarrow.int16(), [7, None]).to_pylist()
    [7, None]
    """
    data = array(_FORMS[type_.bit_width], [each or 0 for each in values])
    return arrow.Array.from_buffers(
        type_, len(values), [_there(arrow, values), arrow.py_buffer(data)]
    )


def truths(arrow: Any, values: Sequence[bool]) -> Any:
    """Truths as an array.

    >>> import pyarrow
    >>> truths(pyarrow, [True, False]).to_pylist()
    [True, False]
    """
    return arrow.Array.from_buffers(
        arrow.bool_(), len(values), [None, arrow.py_buffer(_bits(values))]
    )


def scalar(arrow: Any, value: int) -> Any:
    """A number of 64 bits as Arrow's functions take it."""
    return numbers(arrow, arrow.int64(), [value])[0]


def _there(arrow: Any, values: Sequence[object]) -> Any:
    """The bitmap of what is there; None if all is."""
    there = [each is not None for each in values]
    return None if all(there) else arrow.py_buffer(_bits(there))


def _bits(values: Sequence[bool]) -> bytes:
    whole = int("".join("1" if each else "0" for each in reversed(values)) or "0", 2)
    return whole.to_bytes(len(values) // 8 + 1, "little")
