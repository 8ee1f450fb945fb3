"""Rows written as a table, CSV, JSON, JSON lines or Parquet: postings, balances, counters."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, BinaryIO, TextIO

from attrs import field, frozen, validators

from yibaolang.engine.files import AnyPath, replacing, replacing_text

Cell = str | int | bool | date | None
"""What a row has in a column; None is nothing."""

FORMATS = ("table", "csv", "json", "jsonl", "parquet")
"""Every format."""


_TYPES = ("text", "integer", "date", "truth")


@frozen
class Column:
    """A column: its name, and what is in it: text, integer, date or truth."""

    name: str
    type: str = field(
        default="text", validator=validators.in_(("text", "integer", "date", "truth"))
    )


Write = Callable[[Sequence[Cell]], None]


def write_rows(
    target: AnyPath | TextIO,
    rows: Iterable[Sequence[Cell]],
    columns: Sequence[Column],
    format: str,
    schema: str = "",
) -> int:
    r"""Write rows, whose cells are in the order of the columns; gives how many there were.

    A path is replaced when all rows are written, and not before (`files.replacing`). `schema`, such
    as "yibao postings 1", is the first line of a CSV or of JSON lines, and metadata of Parquet. In
    CSV nothing is an empty cell, truth is yes or no. ValueError for a format that there is not, a
    row with another number of cells, Parquet into an open text file, or an integer that does not
    fit into 64 bits of Parquet. Refusal YB472 for Parquet without pyarrow.

    >>> import sys
    >>> columns = [Column("account"), Column("day", "date"), Column("fen", "integer")]
    >>> write_rows(sys.stdout, [("007", date(2024, 1, 9), 86050)], columns, "csv")
    account,day,fen
    007,2024-01-09,86050
    1
    >>> write_rows(sys.stdout, [("007", None, 86050)], columns, "jsonl", schema="yibao bills 1")
    {"schema": "yibao bills 1"}
    {"account": "007", "day": null, "fen": 86050}
    1
    """
    if format not in FORMATS:
        raise ValueError(f"rows are written as {', '.join(FORMATS)}, not as {format}")
    if not isinstance(target, str | os.PathLike):
        if format == "parquet":
            raise ValueError("Parquet is written to a path, not to an open text file")
        return _write_text(target, rows, columns, format, schema)
    if format == "parquet":
        with replacing(target) as file:
            return _write_parquet(file, rows, columns, schema, os.fspath(target))
    with replacing_text(target) as text:
        return _write_text(text, rows, columns, format, schema)


def line_writer(file: TextIO, columns: Sequence[Column], format: str, schema: str = "") -> Write:
    """Write what stands above rows of CSV or JSON lines; gives what writes a row below it."""
    return _LINES[format](file, columns, schema)


def _write_text(
    file: TextIO, rows: Iterable[Sequence[Cell]], columns: Sequence[Column], format: str,
    schema: str,
) -> int:  # fmt: skip
    if format == "table":
        return _write_table(file, rows, columns)
    if format == "json":
        return _write_json(file, rows, columns)
    count = 0
    write = line_writer(file, columns, format, schema)
    for row in rows:
        write(row)
        count += 1
    return count


def _csv_writer(file: TextIO, columns: Sequence[Column], schema: str) -> Write:
    import csv

    if schema:
        file.write(f"# {schema}\n")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([each.name for each in columns])

    def write(row: Sequence[Cell]) -> None:
        _check_length(row, columns)
        writer.writerow([_text(cell) for cell in row])

    return write


def _jsonl_writer(file: TextIO, columns: Sequence[Column], schema: str) -> Write:
    import json

    encode = json.JSONEncoder(ensure_ascii=False).encode
    if schema:
        file.write(f"{encode({'schema': schema})}\n")

    def write(row: Sequence[Cell]) -> None:
        file.write(f"{encode(_json_row(row, columns))}\n")

    return write


def _write_json(file: TextIO, rows: Iterable[Sequence[Cell]], columns: Sequence[Column]) -> int:
    """One array, written as it comes."""
    import json

    encode = json.JSONEncoder(ensure_ascii=False).encode
    count = 0
    for row in rows:
        file.write(",\n  " if count else "[\n  ")
        file.write(encode(_json_row(row, columns)))
        count += 1
    file.write("\n]\n" if count else "[]\n")
    return count


def _write_table(file: TextIO, rows: Iterable[Sequence[Cell]], columns: Sequence[Column]) -> int:
    from yibaolang.language.display import table
    from yibaolang.language.source import visible

    shown = []
    for row in rows:
        _check_length(row, columns)
        shown.append([visible(_text(cell)).replace("\n", " ") for cell in row])
    right = [index for index, each in enumerate(columns) if each.type == "integer"]
    file.write(table(shown, [each.name for each in columns], right) + "\n")
    return len(shown)


def _write_parquet(
    file: BinaryIO, rows: Iterable[Sequence[Cell]], columns: Sequence[Column], schema: str,
    path: str,
) -> int:  # fmt: skip
    from yibaolang.engine.parquet_files import BATCH_ROWS, METADATA, load_pyarrow

    arrow = load_pyarrow(path)
    types = {
        "text": arrow.string(), "integer": arrow.int64(), "date": arrow.date32(),
        "truth": arrow.bool_(),
    }  # fmt: skip
    fields = [arrow.field(each.name, types[each.type]) for each in columns]
    layout = arrow.schema(fields, metadata={METADATA: schema.encode()} if schema else None)
    count = 0
    with arrow.parquet.ParquetWriter(file, layout) as writer:
        for batch in _batches(rows, BATCH_ROWS):
            for row in batch:
                _check_length(row, columns)
            arrays = [
                _array(arrow, each, list(values))
                for each, values in zip(fields, zip(*batch, strict=True), strict=True)
            ]
            writer.write_batch(arrow.record_batch(arrays, schema=layout))
            count += len(batch)
    return count


def _array(arrow: Any, field: Any, values: list[Cell]) -> Any:
    try:
        return arrow.array(values, field.type)
    except (OverflowError, arrow.ArrowInvalid, arrow.ArrowTypeError) as error:
        raise ValueError(f"the column {field.name} does not hold {field.type}: {error}") from error


def _batches(rows: Iterable[Sequence[Cell]], size: int) -> Iterator[list[Sequence[Cell]]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, size)):
        yield batch


def _json_row(row: Sequence[Cell], columns: Sequence[Column]) -> dict[str, Cell]:
    _check_length(row, columns)
    return {
        each.name: cell.isoformat() if isinstance(cell, date) else cell
        for each, cell in zip(columns, row, strict=True)
    }


def _check_length(row: Sequence[Cell], columns: Sequence[Column]) -> None:
    if len(row) != len(columns):
        raise ValueError(f"a row of {len(row)} cells in {len(columns)} columns")


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


_LINES: dict[str, Callable[[TextIO, Sequence[Column], str], Write]] = {
    "csv": _csv_writer,
    "jsonl": _jsonl_writer,
}
