"""Texts and tables within the columns of a terminal: long lines go on below, indented."""

from collections.abc import Iterator, Sequence

from attrs import evolve

from yibaolang.language.display import width
from yibaolang.report.tables import Table

_LEAST = 12
"""The fewest columns that a column of text is made narrower to."""

_GAP = 2


def wrapped(text: str, columns: int, ambiguous: int = 1, hang: int = 0) -> list[str]:
    """A text in lines of at most so many columns; the lines after the first hang by some spaces.

    Lines end at spaces where there are some, else between Chinese characters, else anywhere. A
    text that fits, or 0 columns, is one line.

    >>> wrapped("退休且年龄≥70 credit", 10)
    ['退休且年龄', '≥70 credit']
    >>> wrapped("one two three", 9, hang=2)
    ['one two', '  three']
    """
    if not columns or width(text, ambiguous) <= columns:
        return [text]
    hang = min(hang, columns // 2)
    lines: list[str] = []
    rest = text
    while rest:
        before = " " * hang if lines else ""
        line, rest = _cut(rest, columns - len(before), ambiguous)
        lines.append(before + line)
    return lines


def _cut(text: str, columns: int, ambiguous: int) -> tuple[str, str]:
    """The first line of a text, and what is left of it."""
    taken, end, best = 0, 0, 0
    for index, character in enumerate(text):
        taken += width(character, ambiguous)
        if taken > columns and end:
            break
        end = index + 1
        following = text[end : end + 1]
        if following == " " or character == " " or _wide(character) or _wide(following):
            best = end
    else:
        return text, ""
    indented = not text[:best].strip()
    end = end if indented or not best else best
    return text[:end].rstrip() if not indented else text[:end], text[end:].lstrip(" ")


def _wide(character: str) -> bool:
    return bool(character) and width(character) == 2


def indent_of(line: str) -> int:
    """How many spaces a line begins with."""
    return len(line) - len(line.lstrip(" "))


def fitted(table: Table, columns: int, ambiguous: int = 1) -> Table:
    """A table whose wide cells go on in rows below, so that it has at most so many columns.

    Numbers, and columns of fewer than 12 columns, stay as they are; so a table of many columns may
    still be wider. 0 columns leave it as it is.

    >>> found = Table(("a", "b"), ("a", "b"), (("1", "one two three four five"),))
    >>> fitted(found, 18).rows
    (('1', 'one two three'), ('', 'four five'))
    """
    widths = [
        max(width(cell, ambiguous) for cell in column)
        for column in zip(table.titles, *table.rows, strict=True)
    ]
    room = columns - _GAP * (len(widths) - 1)
    if not columns or sum(widths) <= room:
        return table
    narrow = [index for index, each in enumerate(widths) if index in table.right or each <= _LEAST]
    room -= sum(widths[index] for index in narrow)
    most = _shared([each for index, each in enumerate(widths) if index not in narrow], room)
    bounds = [each if index in narrow else min(each, most) for index, each in enumerate(widths)]
    titles = tuple(_first(title, bound, ambiguous)
                   for title, bound in zip(table.titles, bounds, strict=True))  # fmt: skip
    rows = tuple(line for row in table.rows for line in _rows(row, bounds, ambiguous))
    return evolve(table, titles=titles, rows=rows)


def _shared(widths: Sequence[int], room: int) -> int:
    """The bound under which some widths fit into a room together; no less than the least."""
    waiting = sorted(widths)
    while waiting:
        share = room // len(waiting)
        if waiting[0] > share:
            return max(_LEAST, share)
        room -= waiting.pop(0)
    return _LEAST


def _first(text: str, bound: int, ambiguous: int) -> str:
    return wrapped(text, bound, ambiguous)[0]


def _rows(row: Sequence[str], bounds: Sequence[int], ambiguous: int) -> Iterator[tuple[str, ...]]:
    """The lines of a row, one below the other."""
    cells = [
        wrapped(cell, bound, ambiguous) if width(cell, ambiguous) > bound else [cell]
        for cell, bound in zip(row, bounds, strict=True)
    ]
    for index in range(max(map(len, cells), default=0)):
        yield tuple(cell[index] if index < len(cell) else "" for cell in cells)
