"""CSV files of people in parts of some MiB, each cut into cells by Arrow or row by row.

Arrow is much faster, but what `engine.csv_files` says of a quotation mark, of a row with too many
cells or of an empty line, only that module says. So a part with anything but plain rows goes there.
Cells may stand in quotation marks as programs write them; behind any other quotation mark all rows
go there, as lines may go on within quotation marks.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Set
from itertools import chain
from typing import Any, BinaryIO

from yibaolang.engine.csv_files import csv_records
from yibaolang.engine.records import NOTES, Form, Record, open_binary
from yibaolang.engine.row_files import records
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.population.columns import FEN, load_arrow
from yibaolang.population.files_blocks import Block, blocks_of, renumbered

_PART = 4 << 20
_MARK = b"\xef\xbb\xbf"
_QUOTED = re.compile(rb'(?:(?<=[,\n])|\A)"[^"\r\n]*"(?=[,\r\n]|\Z)')
_PLAIN_YUAN = r"^[0-9]{1,15}(\.[0-9]{1,2})?$"
_PLAIN_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_PLAIN_FEN = r"^[0-9]{1,17}$"
_ENCODINGS = {"gb18030": "GB18030", "gbk": "GB18030", "gb2312": "GB18030"}


def csv_blocks(
    path: str, form: Form, encoding: str | None, dates: Set[str] = frozenset()
) -> Iterator[Block]:
    """The rows of a CSV; Refusal as `row_files.records` has it. Needs pyarrow.

    Columns of days are named in `dates`: they come as days where all are plain.
    """
    with open_binary(path) as file:
        if _ends_with_returns(file):
            yield from blocks_of(records(path, form, encoding), form)
            return
        parts = _Parts(path, file, _ENCODINGS.get((encoding or "").lower(), "UTF-8"))
        above, header = parts.head()
        rows = csv_records(path, form, iter([*above, header]))
        # The header is looked at before the first row is asked for; there are none yet.
        if header.count('"') % 2 or not header.strip() or list(rows):
            lines = chain([*above, header], parts.lines())
            yield from blocks_of(csv_records(path, form, lines), form)
            return
        reading = _Reading(path, form, [*above, header], parts, dates)
        yield from reading.blocks(len(above) + 2)


def _ends_with_returns(file: BinaryIO) -> bool:
    """Whether the first line ends as lines of old computers do, where no line feed is."""
    start = file.peek() if isinstance(file, io.BufferedReader) else b""
    return b"\r" in start.partition(b"\n")[0].removesuffix(b"\r")


class _Parts:
    """The bytes of a file as UTF-8, without a byte order mark, in parts that end with a line."""

    def __init__(self, path: str, file: BinaryIO, encoding: str) -> None:
        self.path = path
        self.file = file
        self.encoding = encoding

    def head(self) -> tuple[list[str], str]:
        """The line of the schema if there is one, and the header."""
        first = self._decoded(self.file.readline().removeprefix(_MARK))
        if first.strip('\r\n\t ,"').startswith("#"):
            return [first], self._decoded(self.file.readline())
        return [], first

    def part(self) -> bytes:
        """The next part; empty at the end. Refusal YB471 for another encoding."""
        data = self.file.read(_PART)
        if data and not data.endswith(b"\n"):
            data += self.file.readline()
        return data if self.encoding == "UTF-8" else self._decoded(data).encode()

    def lines(self, begun: bytes = b"") -> Iterator[str]:
        """The lines of a part and of all that follow."""
        part = begun or self.part()
        while part:
            yield from self.lines_of(part)
            part = self.part()

    def lines_of(self, part: bytes) -> Iterator[str]:
        """The lines of one part, with their ends."""
        text = self._decoded(part) if self.encoding == "UTF-8" else part.decode()
        # Not splitlines: it would also cut where a CSV goes on.
        yield from io.StringIO(text, newline="")

    def _decoded(self, data: bytes) -> str:
        try:
            return data.decode(self.encoding)
        except UnicodeDecodeError as error:
            other = "UTF-8" if self.encoding == "GB18030" else "GB18030"
            raise Refusal(
                diagnostic("YB471", None, path=self.path, encoding=self.encoding, other=other)
            ) from error


class _Reading:
    """Reads the parts behind a header."""

    def __init__(
        self, path: str, form: Form, head: list[str], parts: _Parts, dates: Set[str]
    ) -> None:
        self.path = path
        self.form = form
        self.head = head
        self.dates = dates
        self.parts = parts
        cells = [each.strip(" \t") for each in next(csv.reader(head[-1:]))]
        while not cells[-1]:
            cells.pop()
        self.names = [form.columns.get(each, each) for each in cells]

    def blocks(self, line: int) -> Iterator[Block]:
        """The blocks of all parts; `line` is the number of the first row's line."""
        while part := self.parts.part():
            marks = part.count(b'"')
            if 2 * len(_QUOTED.findall(part) if marks else ()) != marks:
                yield from self._slowly(self.parts.lines(part), line)
                return
            count = part.count(b"\n") + (not part.endswith(b"\n"))
            rows = self._plainly(part, count)
            if rows is None:
                yield from self._slowly(self.parts.lines_of(part), line)
            else:
                record = self._written(part, line)
                yield Block(rows, range(line, line + count), record, held=len(part))
            line += count

    def _slowly(self, lines: Iterator[str], line: int) -> Iterator[Block]:
        # What stands above the rows stands for the lines before the first of these.
        found = csv_records(self.path, self.form, chain(self.head, lines))
        yield from blocks_of(renumbered(found, line - len(self.head) - 1), self.form)

    def _written(self, part: bytes, line: int) -> Callable[[int], Record]:
        """Rows that Arrow has cut, once more as the module of CSV reads them."""
        lines: list[str] = []

        def record(at: int) -> Record:
            if not lines:
                lines.extend(self.parts.lines_of(part))
            (found,) = csv_records(self.path, self.form, iter([*self.head, lines[at]]))
            return next(renumbered([found], line + at - len(self.head) - 1))

        return record

    def _plainly(self, part: bytes, count: int) -> Any | None:
        """A part as Arrow cuts it, with types; None if it may not."""
        arrow = load_arrow()
        from pyarrow import csv as arrow_csv

        # Arrow takes such a mark away from every part, and not only from the file.
        if part.count(b"\r") != part.count(b"\r\n") or part.startswith(_MARK):
            return None
        kept = [each for each in self.names if each not in NOTES]
        try:
            table = arrow_csv.read_csv(
                arrow.BufferReader(part),
                read_options=arrow_csv.ReadOptions(column_names=self.names),
                parse_options=arrow_csv.ParseOptions(
                    quote_char='"' if b'"' in part else False, double_quote=False,
                    ignore_empty_lines=False,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types={each: arrow.string() for each in self.names},
                    null_values=[""], strings_can_be_null=True, include_columns=kept,
                ),
            )  # fmt: skip
        except arrow.ArrowInvalid:
            return None
        accounts = table.column("account").combine_chunks()
        if table.num_rows != count or accounts.null_count or _has_blanks(arrow, accounts):
            return None
        texts = [table.column(each).combine_chunks() for each in kept]
        columns = [self._typed(arrow, *each) for each in zip(kept, texts, strict=True)]
        return arrow.RecordBatch.from_arrays(columns, names=kept)

    def _typed(self, arrow: Any, name: str, column: Any) -> Any:
        """A column of amounts or days as such, if every cell is plain; any other as it is."""
        if column.null_count == len(column):
            return column
        if name in self.dates:
            return _days(arrow, column)
        fen = name.endswith(FEN)
        if not fen and f"{name}{FEN}" not in self.form.columns:
            return column
        plain = arrow.compute.match_substring_regex(column, _PLAIN_FEN if fen else _PLAIN_YUAN)
        if not arrow.compute.all(plain).as_py():
            return column
        return column.cast(arrow.int64() if fen else arrow.decimal128(17, 2))


def _days(arrow: Any, column: Any) -> Any:
    """Texts as days, if every one is a day."""
    if not arrow.compute.all(arrow.compute.match_substring_regex(column, _PLAIN_DAY)).as_py():
        return column
    try:
        return column.cast(arrow.date32())
    except arrow.ArrowInvalid:
        return column


def _has_blanks(arrow: Any, texts: Any) -> bool:
    """Whether a text begins or ends with a blank, or is one."""
    found = arrow.compute.any(arrow.compute.match_substring_regex(texts, r"^[ \t]|[ \t]$"))
    return bool(found.as_py())
