"""Rows of Parquet files, by record batches. pyarrow is loaded only here, when a file is opened."""

import json
from collections.abc import Iterator
from typing import Any

from yibaolang.engine.arrow_cells import cell_text, check_kind
from yibaolang.engine.json_lines import locate
from yibaolang.engine.records import (
    NOTES,
    Form,
    Record,
    check_schema,
    columns_named,
    open_binary,
    row_place,
)
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.source import Place

BATCH_ROWS = 8192
METADATA = b"yibao"
"""The key under which a file says its schema."""


def parquet_records(path: str, form: Form) -> Iterator[Record]:
    """The rows of a Parquet file; see `row_files.records`.

    Refusal YB472 without pyarrow, YB473 for a file that is no Parquet.
    """
    arrow = load_pyarrow(path)
    with open_binary(path) as file:
        try:
            table = arrow.parquet.ParquetFile(file)
            yield from _rows(path, form, arrow, table)
        except (arrow.ArrowInvalid, UnicodeDecodeError) as error:
            raise Refusal(diagnostic("YB473", None, path=path)) from error


def load_pyarrow(path: str) -> Any:
    """The package pyarrow with its Parquet part; Refusal YB472 if it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise Refusal(diagnostic("YB472", None, path=path)) from error
    return pyarrow


def _rows(path: str, form: Form, arrow: Any, table: Any) -> Iterator[Record]:
    schema = table.schema_arrow
    columns = _columns(path, form, arrow, schema)
    number = 0
    for batch in table.iter_batches(batch_size=BATCH_ROWS):
        cells = [[*map(cell_text, column.to_pylist())] for column in batch.columns]
        for row in zip(*cells, strict=True):
            number += 1
            found = {
                column: cell
                for column, cell in zip(columns, row, strict=True)
                if cell and column not in NOTES
            }
            yield Record(path, number, found, json.dumps(found, ensure_ascii=False), locate)


def _columns(path: str, form: Form, arrow: Any, schema: Any) -> tuple[str, ...]:
    """The columns of a file; Refusal YB469 or YB474 as well."""
    header = ", ".join(schema.names)
    whole = row_place(path, 1, header)

    def place(name: str) -> Place:
        start = sum(len(each) + 2 for each in schema.names[: schema.names.index(name)])
        return Place(whole.source, (start, start + len(name)))

    said = (schema.metadata or {}).get(METADATA)
    if said is not None:
        check_schema(said.decode("utf-8", "replace"), f"yibao = {form.schema}", form, whole)
    columns = columns_named(schema.names, form, lambda name: place(name) if name else whole)
    for name, column, type_ in zip(schema.names, columns, schema.types, strict=True):
        if column not in NOTES:
            check_kind(arrow, name, type_, form.types(column), place(name))
    return columns
