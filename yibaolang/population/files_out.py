"""Results of a population written as they come: CSV, JSON lines or Parquet, row after row.

The text formats are those of `engine.row_writing`, byte for byte; a batch whose cells need no
quotation marks is written by Arrow, which is much faster.
"""

import io
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, Protocol, TextIO

from yibaolang.engine.files import AnyPath, replacing
from yibaolang.engine.records import check_ending
from yibaolang.engine.row_writing import Cell, Column, Write, line_writer
from yibaolang.population.columns import arrow_alone, load_arrow
from yibaolang.population.files_ahead import MOST_BYTES

ENDINGS = (".csv", ".jsonl", ".parquet")
"""The endings of files that results are written to."""

_QUOTED = '[",\\r\\n]'


class Sink(Protocol):
    """Takes results, batch by batch or row by row."""

    def batch(self, rows: Any) -> None:
        """Write a record batch; all must have the columns of the first one."""

    def row(self, cells: Sequence[Cell]) -> None:
        """Write a row, in the order of the columns."""


@contextmanager
def sink(path: AnyPath, schema: str, columns: Sequence[Column] = ()) -> Iterator[Sink]:
    """What writes to a file, which is replaced when all is written (`files.replacing`).

    `schema`, such as "yibao population 1", is its first line, or metadata of Parquet. `columns` are
    those of rows that are no batches, and of a file without any. Refusal YB470 for another ending.
    """
    shown = os.fspath(path)
    check_ending(shown, ENDINGS)
    ending = os.path.splitext(shown)[1].lower()
    with replacing(path) as file:
        if ending == ".parquet":
            with _ToParquet(file, schema) as parquet, _Behind(parquet) as behind:
                yield behind
            return
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        try:
            kind = _ToCsv if ending == ".csv" else _ToLines
            lines = kind(text, schema, columns)
            with _Behind(lines) as behind:
                yield behind
            lines.begin(columns)
            text.flush()
        finally:
            text.detach()


def plain_columns(rows: Any) -> list[Column]:
    """The columns of a record batch as files of rows have them.

    >>> arrow = load_arrow()
    >>> batch = arrow.RecordBatch.from_pydict({"account": ["7"], "credit_fen": [125]})
    >>> [(each.name, each.type) for each in plain_columns(batch)]
    [('account', 'text'), ('credit_fen', 'integer')]
    """
    types = arrow_alone().types
    found = []
    for each in rows.schema:
        kind = "text"
        if types.is_integer(each.type):
            kind = "integer"
        elif types.is_date(each.type):
            kind = "date"
        elif types.is_boolean(each.type):
            kind = "truth"
        found.append(Column(each.name, kind))
    return found


class _Behind:
    """Writes batches in another thread, one at a time and in their order; few are waiting."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.pool = ThreadPoolExecutor(1)
        self.waiting: deque[tuple[Future[None], int]] = deque()

    def __enter__(self) -> "_Behind":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # After an error the file is thrown away: only what is being written is waited for.
        self.pool.shutdown(cancel_futures=kind is not None)
        if kind is None:
            self._written(0)

    def _written(self, most: int) -> None:
        """Wait until no more than so many bytes are waiting."""
        while self.waiting and sum(size for _, size in self.waiting) > most:
            self.waiting.popleft()[0].result()

    def batch(self, rows: Any) -> None:
        """Write a record batch when those before it are written."""
        self._written(MOST_BYTES)
        self.waiting.append((self.pool.submit(self.sink.batch, rows), rows.nbytes + 1))

    def row(self, cells: Sequence[Cell]) -> None:
        """Write a row."""
        self.sink.row(cells)


class _ToText:
    """Writes lines of text."""

    format = ""

    def __init__(self, file: TextIO, schema: str, columns: Sequence[Column]) -> None:
        self.file = file
        self.schema = schema
        self.columns = tuple(columns)
        self.write: Write | None = None

    def begin(self, columns: Sequence[Column]) -> Write:
        """Write what stands above the rows, if it does not stand there; gives what writes rows."""
        if self.write is None:
            self.write = line_writer(self.file, columns, self.format, self.schema)
        return self.write

    def batch(self, rows: Any) -> None:
        """Write a record batch, row by row."""
        write = self.begin(plain_columns(rows))
        for cells in zip(*(each.to_pylist() for each in rows.columns), strict=True):
            write(cells)

    def row(self, cells: Sequence[Cell]) -> None:
        """Write a row."""
        self.begin(self.columns)(cells)


class _ToLines(_ToText):
    """JSON lines."""

    format = "jsonl"


class _ToCsv(_ToText):
    """CSV."""

    format = "csv"

    def batch(self, rows: Any) -> None:
        """Write a record batch; by Arrow if no cell needs quotation marks."""
        self.begin(plain_columns(rows))
        arrow = load_arrow()
        from pyarrow import csv as arrow_csv

        columns = [_as_text(arrow, each) for each in rows.columns]
        if any(_needs_marks(arrow, each) for each in columns) or len(columns) == 1:
            super().batch(rows)
            return
        plain = arrow.RecordBatch.from_arrays(columns, names=rows.schema.names)
        self.file.flush()
        arrow_csv.write_csv(
            plain, self.file.buffer,
            arrow_csv.WriteOptions(include_header=False, quoting_style="none"),
        )  # fmt: skip


def _as_text(arrow: Any, column: Any) -> Any:
    """A column as CSV has it, but for numbers and dates."""
    types = arrow.types
    if types.is_boolean(column.type):
        return arrow.compute.if_else(column, "yes", "no")
    if types.is_dictionary(column.type):
        return column.dictionary_decode()
    return column


def _needs_marks(arrow: Any, column: Any) -> bool:
    types = arrow.types
    if types.is_integer(column.type) or types.is_date(column.type):
        return False
    if column.null_count == len(column):
        return False
    found = arrow.compute.match_substring_regex(column.cast(arrow.string()), _QUOTED)
    return bool(arrow.compute.any(found).as_py())


class _ToParquet:
    """Parquet; the file is whole when the block ends."""

    def __init__(self, file: BinaryIO, schema: str) -> None:
        self.file = file
        self.schema = schema
        self.writer: Any = None
        self.handed = 0

    def __enter__(self) -> "_ToParquet":
        return self

    def __exit__(self, *_: object) -> None:
        if self.writer is not None:
            self.writer.close()

    def batch(self, rows: Any) -> None:
        """Write a record batch."""
        from yibaolang.engine.parquet_files import METADATA, load_pyarrow

        if self.writer is None:
            arrow = load_pyarrow("")
            layout = rows.schema.with_metadata({METADATA: self.schema.encode()})
            self.writer = arrow.parquet.ParquetWriter(self.file, layout, **_encodings(layout))
            self.layout = layout
        self.writer.write_batch(rows.replace_schema_metadata(self.layout.metadata))
        self._hand_over()

    def _hand_over(self) -> None:
        """Have the disk begin with what was written: at the end all is waited for."""
        if not hasattr(os, "posix_fadvise"):
            return
        self.file.flush()
        # A pipe has no places.
        with suppress(OSError):
            begin, self.handed = self.handed, self.file.tell()
            os.posix_fadvise(
                self.file.fileno(), begin, self.handed - begin, os.POSIX_FADV_DONTNEED
            )

    def row(self, cells: Sequence[Cell]) -> None:
        """Rows without pyarrow are never written as Parquet."""
        raise TypeError("Parquet is written by batches")


def _encodings(layout: Any) -> dict[str, Any]:
    """How the columns of a schema are written, for the time that it takes and the size.

    Accounts and amounts are nearly all different: a dictionary of them only costs time. Numbers and
    days are packed as what they are more than those before. The least and the greatest text are
    not looked for, which takes as long as to write them all.
    """
    types = arrow_alone().types
    names: dict[str, list[str]] = {"few": [], "packed": [], "told": []}
    for each in layout:
        if types.is_dictionary(each.type):
            names["few"].append(each.name)
        elif not types.is_string(each.type):
            names["told"].append(each.name)
            if types.is_integer(each.type) or types.is_date32(each.type):
                names["packed"].append(each.name)
    return {
        "use_dictionary": names["few"], "write_statistics": names["told"],
        "column_encoding": dict.fromkeys(names["packed"], "DELTA_BINARY_PACKED"),
    }  # fmt: skip
