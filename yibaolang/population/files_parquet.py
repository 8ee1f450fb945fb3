"""Rows of Parquet files, batch by batch as they are typed."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from yibaolang.engine.arrow_cells import cell_text
from yibaolang.engine.json_lines import locate
from yibaolang.engine.parquet_files import METADATA, load_pyarrow
from yibaolang.engine.records import NOTES, Form, Record, check_schema, open_binary, row_place
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.population.files_ahead import Ahead
from yibaolang.population.files_blocks import Block

BATCH_ROWS = 1 << 17
"""So many rows are read at once."""


class Parquet:
    """A Parquet file, which another thread opens and reads from now on."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._found = Ahead(_opened(path), _size)

    def blocks(self, form: Form) -> Iterator[Block]:
        """Its rows, once; Refusal if it is no file of this form."""
        path, found = self.path, self._found
        schema = next(found)
        place = row_place(path, 1, ", ".join(schema.names))
        said = (schema.metadata or {}).get(METADATA)
        if said is not None:
            check_schema(said.decode(errors="replace"), f"yibao = {form.schema}", form, place)
        for name in form.needed:
            if name not in schema.names:
                raise Refusal(diagnostic("YB461", place, name=name))
        number = 1
        for batch in found:
            numbers = range(number, number + batch.num_rows)
            block = Block(batch, numbers, _as_json(path, batch, number))
            # Of a name that is there twice it is told later; there is no index then.
            at = batch.schema.get_field_index("account")
            yield _without_nobody(block, at) if at >= 0 and batch.column(at).null_count else block
            number += batch.num_rows


def of_parquet(path: str, form: Form) -> Iterator[Block]:
    """The rows of a Parquet file; Refusal for what is wrong with it as a whole."""
    return Parquet(path).blocks(form)


def _without_nobody(block: Block, accounts: int) -> Block:
    """The same, in which rows without an account are none."""
    valid = block.rows.column(accounts).is_valid()
    there = valid.to_pylist()
    kept = [at for at, each in enumerate(there) if each]
    unread = []
    for at, each in enumerate(there):
        if not each:
            record = block.record(at)
            why = diagnostic("YB462", record.place(), column="account", kind="")
            unread.append((record, why))
    numbers = [block.numbers[at] for at in kept]
    rows = block.rows.filter(valid)
    return Block(rows, numbers, lambda at: block.record(kept[at]), tuple(unread))


def _opened(path: str) -> Iterator[Any]:
    """The schema of a file, then its rows as record batches."""
    arrow = load_pyarrow(path)
    # What cannot be opened is told as of every file; Arrow's own files are read without a lock.
    open_binary(path).close()
    with arrow.OSFile(path) as file:
        try:
            # With a buffer what was read of every group of rows would stay in memory.
            table = arrow.parquet.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20)
            yield table.schema_arrow
            kept = [each for each in table.schema_arrow.names if each not in NOTES]
            yield from table.iter_batches(batch_size=BATCH_ROWS, columns=kept)
        except (arrow.ArrowInvalid, UnicodeDecodeError) as error:
            raise Refusal(diagnostic("YB473", None, path=path)) from error


def _size(found: Any) -> int:
    """The bytes of a batch, and none of a schema."""
    return getattr(found, "nbytes", 0)


def _as_json(path: str, rows: Any, first: int) -> Callable[[int], Record]:
    """Rows of Parquet, whose text is JSON."""

    def record(at: int) -> Record:
        (row,) = rows.slice(at, 1).to_pylist()
        cells = {name: text for name, value in row.items() if (text := cell_text(value))}
        return Record(path, first + at, cells, json.dumps(cells, ensure_ascii=False), locate)

    return record
