"""Tables of texts in every format: aligned, a cell a line, CSV, JSON, Markdown, HTML."""

from collections.abc import Callable, Sequence

from attrs import evolve, field, frozen

from yibaolang.language.display import pad, table, width
from yibaolang.language.source import visible

FORMATS = ("table", "vertical", "csv", "json", "markdown")
"""Every format that `formatted` writes."""

_MARKUP = str.maketrans({each: f"\\{each}" for each in "\\`*[<|"})


@frozen
class Table:
    """Rows of texts under `titles`, in the reader's language; `keys` name the columns to programs.

    The columns in `right` (from 0) are aligned to the right. ValueError if a row, or the titles,
    are not as many as the keys.

    >>> Table(("name", "credit"), ("姓名", "划入"), (("张三",),))
    Traceback (most recent call last):
    ValueError: 1 cells in a table of 2 columns
    """

    keys: tuple[str, ...]
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    right: frozenset[int] = frozenset()

    def __attrs_post_init__(self) -> None:
        """Refuse lines of another length."""
        for line in (self.titles, *self.rows):
            if len(line) != len(self.keys):
                raise ValueError(f"{len(line)} cells in a table of {len(self.keys)} columns")


def formatted(table: Table, format: str, ambiguous: int = 1) -> str:
    """The table in one of `FORMATS`, no line feed at the end; ValueError for another format.

    CSV and JSON have the keys of the columns, which are the same in both languages; the others
    have the titles. `ambiguous` is how many columns the terminal gives to characters that some
    fonts draw wide (`language.display.width`).

    >>> found = Table(("name", "credit"), ("姓名", "划入"), (("张三", "125.00"),), frozenset([1]))
    >>> print(formatted(found, "table"))
    姓名    划入
    ────────────
    张三  125.00
    >>> print(formatted(found, "vertical"))
    姓名: 张三
    划入: 125.00
    >>> print(formatted(found, "csv"))
    name,credit
    张三,125.00
    >>> print(formatted(found, "markdown"))
    | 姓名 | 划入 |
    | --- | ---: |
    | 张三 | 125.00 |
    >>> formatted(found, "xml")
    Traceback (most recent call last):
    ValueError: tables are written as table, vertical, csv, json, markdown, not as xml
    """
    if format not in FORMATS:
        raise ValueError(f"tables are written as {', '.join(FORMATS)}, not as {format}")
    return _WRITERS[format](table, ambiguous)


def html_table(table: Table) -> str:
    """The table as HTML with everything escaped; classes begin with `yibao-`, there is no style.

    >>> print(html_table(Table(("credit",), ("划入",), (("<b>",),), frozenset([0]))))
    <table class="yibao-table">
    <thead><tr><th scope="col" class="yibao-right">划入</th></tr></thead>
    <tbody>
    <tr><td class="yibao-right">&lt;b&gt;</td></tr>
    </tbody>
    </table>
    """
    head = _html_cells("th", ' scope="col"', table.titles, table.right)
    body = [f"<tr>{_html_cells('td', '', row, table.right)}</tr>\n" for row in table.rows]
    return (
        f'<table class="yibao-table">\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{''.join(body)}</tbody>\n</table>"
    )


def without_empty_columns(table: Table) -> Table:
    """The table without the columns in which every row has an empty cell.

    >>> without_empty_columns(Table(("a", "b"), ("A", "B"), (("", "1"),), frozenset([1])))
    Table(keys=('b',), titles=('B',), right=frozenset({0}))
    """
    kept = [at for at in range(len(table.keys)) if any(row[at] for row in table.rows)]

    def picked(line: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(line[at] for at in kept)

    return evolve(
        table,
        keys=picked(table.keys),
        titles=picked(table.titles),
        rows=tuple(picked(row) for row in table.rows),
        right=frozenset(index for index, at in enumerate(kept) if at in table.right),
    )


# ── one function a format ──


def _aligned(found: Table, ambiguous: int) -> str:
    lines = [[_one_line(cell) for cell in row] for row in found.rows]
    return table(lines, [_one_line(title) for title in found.titles], found.right, ambiguous)


def _vertical(found: Table, ambiguous: int) -> str:
    """A line for every cell, an empty line between rows; a cell without a title stands alone."""
    titles = [_one_line(title) for title in found.titles]
    widest = max((width(title, ambiguous) for title in titles), default=0)
    labels = [pad(title, widest, ambiguous) + (": " if title else "  ") for title in titles]
    rows = (zip(labels, map(_one_line, row), strict=True) for row in found.rows)
    lines = ([f"{label}{cell}".rstrip() for label, cell in row] for row in rows)
    return "\n\n".join("\n".join(filter(None, each)) for each in lines)


def _one_line(cell: str) -> str:
    """A cell that keeps to its line and its columns."""
    return visible(cell).replace("\n", " ").replace("\t", " ")


class _Lines(list[str]):
    """What the csv module writes, a row an item."""

    def write(self, text: str) -> int:
        """Take one row."""
        self.append(text.removesuffix("\r\n"))
        return len(text)


def _csv(found: Table, _ambiguous: int) -> str:
    import csv

    lines = _Lines()
    # A lone \r in a cell is quoted only if \r stands in the end of the lines.
    csv.writer(lines, lineterminator="\r\n").writerows([found.keys, *found.rows])
    return "\n".join(lines)


def _json(found: Table, _ambiguous: int) -> str:
    import json

    rows = [dict(zip(found.keys, row, strict=True)) for row in found.rows]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _markdown(found: Table, _ambiguous: int) -> str:
    """A table as GitHub and most others read it: a pipe in a cell and other markup is escaped."""
    ruled = ["---:" if at in found.right else "---" for at in range(len(found.keys))]
    titles, *rows = ([_marked(cell) for cell in line] for line in (found.titles, *found.rows))
    return "\n".join(f"| {' | '.join(line)} |" for line in (titles, ruled, *rows))


def _marked(cell: str) -> str:
    lines = visible(cell).translate(_MARKUP).replace("\t", " ").split("\n")
    return "<br>".join(lines)


def _html_cells(tag: str, scope: str, cells: Sequence[str], right: frozenset[int]) -> str:
    from html import escape

    aligned = ' class="yibao-right"'
    return "".join(
        f"<{tag}{scope}{aligned if at in right else ''}>{escape(cell)}</{tag}>"
        for at, cell in enumerate(cells)
    )


_WRITERS: dict[str, Callable[[Table, int], str]] = {
    "table": _aligned, "vertical": _vertical, "csv": _csv, "json": _json, "markdown": _markdown,
}  # fmt: skip
