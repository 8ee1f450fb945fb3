"""Rows of files: what the files of a kind must be, and a row of one with nothing lost.

A `Form` says what the files of a kind must be. A `Record` is one row, whose cells are text, or the
text of a row that could not be cut into cells and why.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import BinaryIO

from attrs import frozen

from yibaolang.language.diagnostics import Diagnostic, Refusal, diagnostic
from yibaolang.language.source import Place, Source, Span
from yibaolang.language.suggest import suggestions

ENDINGS = (".csv", ".jsonl", ".parquet")
"""The endings of files that are read; they say what is in them."""

NOTES = ("reason", "line", "row")
"""Columns of a file of rejected rows, which are not read."""


@frozen
class Form:
    """What files of a kind must be.

    `columns` are the names by which a column may be called, each with the one that it stands for;
    `needed` are those that no file may lack. A CSV that is `marked` begins with `schema_line`.
    `types` are the kinds of Parquet columns: text, integer, decimal, date, truth.
    """

    kind: str
    columns: Mapping[str, str]
    needed: tuple[str, ...]
    marked: bool
    types: Callable[[str], tuple[str, ...]]

    @property
    def schema(self) -> str:
        """The schema with its version: "yibao events 1"."""
        return f"yibao {self.kind} 1"

    @property
    def schema_line(self) -> str:
        """The first line of a CSV."""
        return f"# {self.schema}"


@frozen
class RowSource(Source):
    r"""The text of one row of a file, with the number of its first line in that file.

    >>> place = Place(RowSource("bills.csv", "007,2024-01-09,bill\n", 12), (4, 14))
    >>> str(place), place.source.line_text(12)
    ('bills.csv:12:5', '007,2024-01-09,bill')
    """

    first: int = 1

    def position(self, offset: int) -> tuple[int, int]:
        """Line of the file and column, both from 1."""
        line, column = Source.position(self, offset)
        return line + self.first - 1, column

    def offset(self, line: int, column: int) -> int:
        """The offset of a line of the file and a column, both from 1."""
        return Source.offset(self, line - self.first + 1, column)

    def line_text(self, line: int) -> str:
        """The text of a line of the file."""
        return Source.line_text(self, line - self.first + 1)


Locate = Callable[[str, str], Span]
"""Where a column's cell is in the text of a row."""


@frozen
class Record:
    """A row: the number of its first line, its cells that are not empty, its text.

    Of Parquet the number is that of the row, and the text is the row as JSON. If there is a
    `problem`, the one cell is `row`, the text.
    """

    path: str
    number: int
    cells: Mapping[str, str]
    text: str
    locate: Locate
    problem: Diagnostic | None = None

    def place(self, column: str = "", within: Span | None = None) -> Place:
        """The place of a cell ("": the row), or of a span of the cell's text."""
        whole = row_place(self.path, self.number, self.text)
        if not column:
            return whole
        source = whole.source
        start, end = self.locate(source.text, column)
        cell = self.cells.get(column, "")
        # What quotation marks or escapes have changed has no offsets of its own.
        if within is not None and source.text[start:end] == cell:
            start, end = start + within[0], start + within[1]
        return Place(source, (start, end))


def check_ending(path: str, endings: Sequence[str]) -> None:
    """Refusal YB470 for a path that has none of the endings."""
    if os.path.splitext(path)[1].lower() not in endings:
        raise Refusal(diagnostic("YB470", None, path=path, endings=", ".join(endings)))


def open_binary(path: str) -> BinaryIO:
    """A file to read; Refusal YB040."""
    try:
        return open(path, "rb")
    except OSError as error:
        raise Refusal(diagnostic("YB040", None, path=path, reason=error.strerror or "")) from error


def column_named(name: str, form: Form, place: Callable[[str], Place | None]) -> str:
    """The column that a name stands for; Refusal YB460."""
    found = form.columns.get(name)
    if found is None and name not in NOTES:
        near = suggestions(name, form.columns, limit=1)
        suggestion = near[0] if near else ""
        raise Refusal(diagnostic("YB460", place(name), name=name, suggestion=suggestion))
    return found or name


def columns_named(
    names: Iterable[str], form: Form, place: Callable[[str], Place | None]
) -> tuple[str, ...]:
    """The columns that the names of a header stand for; Refusal YB460, YB461 or YB464."""
    found: list[str] = []
    for name in names:
        column = column_named(name, form, place)
        if column in found:
            raise Refusal(diagnostic("YB464", place(name), name=name))
        found.append(column)
    for column in form.needed:
        if column not in found:
            raise Refusal(diagnostic("YB461", place(""), name=column))
    return tuple(found)


def check_schema(said: str, expected: str, form: Form, place: Place) -> None:
    """Refusal YB469 if a file says that it is something else; `expected` is what to write."""
    if said != form.schema:
        raise Refusal(diagnostic("YB469", place, line=expected))


def unread(path: str, number: int, text: str, problem: Diagnostic) -> Record:
    """A row that could not be cut into cells."""
    return Record(path, number, {"row": text.rstrip("\r\n")}, text, _anywhere, problem)


def row_place(path: str, number: int, text: str) -> Place:
    """The place of a whole row, its line end left out."""
    source = RowSource(path, text.rstrip("\r\n"), number)
    return Place(source, (0, len(source.text)))


def _anywhere(text: str, _column: str) -> Span:
    return 0, len(text)
