r"""Files of people for a population, read batch by batch in the order of their rows.

A block is a record batch of Arrow with the columns of the file. Parquet comes as it is typed. The
cells of CSV and JSON lines are texts, read as `engine.row_files` reads them; a part of a CSV is cut
by Arrow only where that makes no difference, and amounts come as decimals where all are plain.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from attrs import evolve, frozen

from yibaolang.engine.event_files import number_for_text
from yibaolang.engine.files import AnyPath
from yibaolang.engine.json_lines import locate
from yibaolang.engine.records import (
    ENDINGS,
    NOTES,
    Form,
    Record,
    check_ending,
    check_schema,
    open_binary,
    row_place,
)
from yibaolang.engine.row_files import records
from yibaolang.language.diagnostics import Diagnostic, Refusal, diagnostic
from yibaolang.model.book import Book
from yibaolang.population.columns import FEN, OWN, cell_text, load_arrow
from yibaolang.population.persons import Cells

BATCH_ROWS = 1 << 17
"""So many rows of Parquet are read at once."""

_TEXT_ROWS = 1 << 13
_ANY = ("text", "integer", "decimal", "date", "truth")


@frozen(eq=False)
class Block:
    """Rows of a file one after the other.

    `rows` is a record batch, `numbers` are those of its lines or rows in the file, from 1. `unread`
    are rows between them that could not be cut into cells, each with what is wrong. `record` gives
    a row by its index as it was written, with its place.
    """

    rows: Any
    numbers: Sequence[int]
    record: Callable[[int], Record]
    unread: tuple[tuple[Record, Diagnostic], ...] = ()


def people_form(book: Book) -> Form:
    """What files of people must be here: as in docs/events.md, and amounts may be whole fen.

    >>> from yibaolang.engine.rulebook import read
    >>> people_form(read("").book).columns["pension_fen"]
    'pension_fen'
    """
    cells = Cells(book)
    columns = {**dict(zip(OWN, OWN, strict=True)), **cells.columns}
    amounts = {
        name: canonical for name, canonical in cells.columns.items()
        if cells.input(canonical).type.kind == "money"
    }  # fmt: skip
    columns |= {f"{name}{FEN}": f"{canonical}{FEN}" for name, canonical in amounts.items()}
    return Form("people", columns, ("account",), False, lambda _: _ANY)


def people_blocks(path: AnyPath, book: Book, encoding: str | None = None) -> Iterator[Block]:
    """The people of a .csv, .jsonl or .parquet file; needs pyarrow.

    Refusal for what is wrong with the file as a whole; see `row_files.records`. Nobody looks
    whether an account is there twice: the rows are looked at one by one.
    """
    shown, form = os.fspath(path), people_form(book)
    check_ending(shown, ENDINGS)
    ending = os.path.splitext(shown)[1].lower()
    if ending == ".parquet":
        return of_parquet(shown, form)
    if ending == ".jsonl":
        return blocks_of(records(shown, form, encoding), form)
    from yibaolang.population.files_csv import csv_blocks

    cells = Cells(book)
    names = dict.fromkeys(cells.columns.values())
    dates = {name for name in names if cells.input(name).type.kind == "date"}
    return csv_blocks(shown, form, encoding, dates)


def of_parquet(path: str, form: Form) -> Iterator[Block]:
    from yibaolang.engine.parquet_files import METADATA, load_pyarrow

    arrow = load_pyarrow(path)
    # What cannot be opened is told as of every file; Arrow's own files are read without a lock.
    open_binary(path).close()
    with arrow.OSFile(path) as file:
        try:
            # With a buffer what was read of every group of rows would stay in memory.
            table = arrow.parquet.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20)
            schema = table.schema_arrow
            place = row_place(path, 1, ", ".join(schema.names))
            said = (schema.metadata or {}).get(METADATA)
            if said is not None:
                check_schema(said.decode(), form.schema, form, place)
            for name in form.needed:
                if name not in schema.names:
                    raise Refusal(diagnostic("YB461", place, name=name))
            kept = [each for each in schema.names if each not in NOTES]
            number = 1
            for batch in table.iter_batches(batch_size=BATCH_ROWS, columns=kept):
                numbers = range(number, number + batch.num_rows)
                yield Block(batch, numbers, _as_json(path, batch, number))
                number += batch.num_rows
        except (arrow.ArrowInvalid, UnicodeDecodeError) as error:
            raise Refusal(diagnostic("YB473", None, path=path)) from error


def ahead(found: Iterator[Block]) -> Iterator[Block]:
    """The same blocks; while one is used, another thread reads the next one."""
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(next, found, None)
        while (block := waiting.result()) is not None:
            waiting = pool.submit(next, found, None)
            yield block


def _as_json(path: str, rows: Any, first: int) -> Callable[[int], Record]:
    """Rows of Parquet, whose text is JSON."""

    def record(at: int) -> Record:
        (row,) = rows.slice(at, 1).to_pylist()
        cells = {name: text for name, value in row.items() if (text := cell_text(value))}
        return Record(path, first + at, cells, json.dumps(cells, ensure_ascii=False), locate)

    return record


def blocks_of(found: Iterable[Record], form: Form) -> Iterator[Block]:
    """Rows that were read one by one, as blocks of texts."""
    waiting = iter(found)
    while some := list(islice(waiting, _TEXT_ROWS)):
        yield _block(some, form)


def _block(found: Sequence[Record], form: Form) -> Block:
    arrow = load_arrow()
    unread: list[tuple[Record, Diagnostic]] = []
    good: list[Record] = []
    for record in found:
        problem = problem_of_row(record)
        if problem is None:
            good.append(record)
        else:
            unread.append((record, problem))
    names = dict.fromkeys(("account", *(name for each in good for name in each.cells)))
    order = [each for each in dict.fromkeys(form.columns.values()) if each in names]
    columns = [[each.cells.get(name) for each in good] for name in order]
    rows = arrow.RecordBatch.from_arrays(
        [arrow.array(column, arrow.string()) for column in columns], names=order
    )
    return Block(rows, [each.number for each in good], good.__getitem__, tuple(unread))


def problem_of_row(record: Record) -> Diagnostic | None:
    """What is wrong with a row before its facts are looked at."""
    problem = record.problem or number_for_text(record, OWN)
    if problem is None and not record.cells.get("account"):
        return diagnostic("YB462", record.place(), column="account", kind="")
    return problem


def renumbered(found: Iterable[Record], before: int) -> Iterator[Record]:
    """Rows whose numbers count from another line."""
    for each in found:
        problem = each.problem
        if problem is not None:
            problem = Diagnostic(
                problem.code, row_place(each.path, each.number + before, each.text),
                problem.arguments, problem.notes,
            )  # fmt: skip
        yield evolve(each, number=each.number + before, problem=problem)
