"""Text in the columns of a terminal: how wide it is, tables, colour."""

import os
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import TextIO

_COLOURS = {"bold": "1", "red": "1;31", "green": "1;32", "yellow": "1;33", "cyan": "1;36"}


@lru_cache(maxsize=4096)
def _character_width(character: str, ambiguous: int) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    kind = unicodedata.east_asian_width(character)
    if kind in ("W", "F"):
        return 2
    return ambiguous if kind == "A" else 1


def width(text: str, ambiguous: int = 1) -> int:
    """How many terminal columns a text takes; Chinese characters take two, combining marks none.

    `ambiguous` is what the terminal gives a character that East Asian fonts draw wide and others
    narrow (Unicode Standard Annex 11).

    >>> width("age"), width("年龄"), width("…"), width("…", ambiguous=2)
    (3, 4, 1, 2)
    """
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(_character_width(character, ambiguous) for character in text)


def pad(text: str, columns: int, ambiguous: int = 1) -> str:
    """The text with spaces after it up to that many columns; a wider text stays as it is.

    >>> pad("年龄", 6) + "|"
    '年龄  |'
    """
    return text + " " * (columns - width(text, ambiguous))


def table(
    rows: Iterable[Sequence[str]],
    header: Sequence[str] | None = None,
    right: Collection[int] = (),
    ambiguous: int = 1,
) -> str:
    """Rows in aligned columns two spaces apart, a rule under the header.

    The columns in `right` (from 0) are aligned to the right. `ambiguous` is as for `width`; the
    rule is made of such characters. ValueError if a row has not as many cells as the first line.

    >>> print(table([["张三", "125.00"], ["Li", "1.00"]], header=["name", "credit"], right=[1]))
    name  credit
    ────────────
    张三  125.00
    Li      1.00
    >>> table([["a", "b"], ["c"]])
    Traceback (most recent call last):
    ValueError: a row of 1 cells in a table of 2 columns
    """
    body = list(rows)
    lines = body if header is None else [header, *body]
    if not lines:
        return ""
    for line in lines:
        if len(line) != len(lines[0]):
            raise ValueError(f"a row of {len(line)} cells in a table of {len(lines[0])} columns")
    columns = zip(*lines, strict=True)
    widths = [max(width(cell, ambiguous) for cell in column) for column in columns]
    printed = [_row(line, widths, right, ambiguous) for line in lines]
    if header is not None:
        printed.insert(1, "─" * ((sum(widths) + 2 * (len(widths) - 1)) // ambiguous))
    return "\n".join(printed)


def _row(
    cells: Sequence[str], widths: Sequence[int], right: Collection[int], ambiguous: int
) -> str:
    aligned = [
        " " * (columns - width(cell, ambiguous)) + cell
        if index in right
        else pad(cell, columns, ambiguous)
        for index, (cell, columns) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(aligned).rstrip()


def colour(text: str, name: str) -> str:
    r"""The text in bold red, yellow, cyan, green, or only bold, for a terminal.

    >>> colour("error", "red")
    '\x1b[1;31merror\x1b[0m'
    """
    return f"\x1b[{_COLOURS[name]}m{text}\x1b[0m"


def use_colour(stream: TextIO) -> bool:
    """Whether a stream is a terminal that wants colour (no NO_COLOR, TERM not dumb)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()
