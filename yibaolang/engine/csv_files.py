"""Rows of CSV files."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from operator import methodcaller

from yibaolang.engine.records import (
    NOTES,
    Form,
    Locate,
    Record,
    check_schema,
    columns_named,
    row_place,
    unread,
)
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.source import Span

_stripped: Callable[[str], str] = methodcaller("strip", " \t")


def csv_records(path: str, form: Form, lines: Iterator[str]) -> Iterator[Record]:
    """The rows of a CSV, without those that are empty; see `row_files.records`."""
    import csv

    first = next(lines, "")
    above = _lines_above_the_header(path, form, first)
    kept: list[str] = []
    reader = csv.reader(_keeping(lines if above else chain([first], lines), kept), strict=True)
    columns: tuple[str, ...] = ()
    locate = _in_columns(columns)
    while True:
        kept.clear()
        number = reader.line_num + 1 + above
        try:
            cells = list(map(_stripped, next(reader)))
        except StopIteration:
            break
        except csv.Error:
            text = "".join(kept)
            problem = diagnostic("YB468", row_place(path, number, text))
            if not columns:
                raise Refusal(problem) from None
            yield unread(path, number, text, problem)
            continue
        if not any(cells):
            continue
        text = "".join(kept)
        if columns:
            yield _record(path, number, columns, cells, text, locate)
        else:
            columns = _header(path, form, number, cells, text)
            locate = _in_columns(columns)
    if not columns:
        raise Refusal(diagnostic("YB461", row_place(path, 1, first), name=form.needed[0]))


def _keeping(lines: Iterable[str], kept: list[str]) -> Iterator[str]:
    """The lines, each kept: the csv module gives cells and not the text that they were cut from."""
    for line in lines:
        kept.append(line)
        yield line


def _lines_above_the_header(path: str, form: Form, first: str) -> int:
    """1 if there is the line of the schema, else 0; Refusal YB469."""
    # A spreadsheet fills the line up with empty cells when it saves the file.
    said = first.strip('\r\n\t ,"')
    if not said.startswith("#"):
        if form.marked:
            check_schema("", form.schema_line, form, row_place(path, 1, first))
        return 0
    check_schema(said[1:].strip(" \t"), form.schema_line, form, row_place(path, 1, first))
    return 1


def _header(path: str, form: Form, number: int, cells: list[str], text: str) -> tuple[str, ...]:
    while not cells[-1]:
        cells.pop()
    whole = Record(path, number, {}, text, _in_columns(tuple(cells)))
    return columns_named(cells, form, whole.place)


def _record(
    path: str, number: int, columns: tuple[str, ...], cells: list[str], text: str, locate: Locate
) -> Record:
    count = len(columns)
    while len(cells) > count and not cells[-1]:
        cells.pop()
    if len(cells) != count:
        place = row_place(path, number, text)
        problem = diagnostic("YB467", place, found=str(len(cells)), expected=str(count))
        return unread(path, number, text, problem)
    found = {column: cell for column, cell in zip(columns, cells, strict=True) if cell}
    for note in NOTES:
        found.pop(note, None)
    return Record(path, number, found, text, locate)


def _in_columns(columns: tuple[str, ...]) -> Locate:
    """Where the cells of a row with these columns are, without quotation marks and spaces."""

    def locate(text: str, column: str) -> Span:
        import re

        cell = re.compile(r'"(?:[^"]|"")*"|[^,]*')
        if column not in columns:
            return 0, len(text)
        start = end = -1
        for _ in range(columns.index(column) + 1):
            match = cell.match(text, end + 1)
            if match is None:
                return 0, len(text)
            start, end = match.span()
        quoted = text[start:end].startswith('"')
        start, end = (start + 1, end - 1) if quoted else (start, end)
        inside = text[start:end]
        blank = len(inside) - len(inside.lstrip(" \t"))
        return start + blank, start + max(blank, len(inside.rstrip(" \t")))

    return locate
