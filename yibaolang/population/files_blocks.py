"""Blocks of rows of a file: what every reader of people and events gives.

A block is a record batch of Arrow with the columns of the file. Parquet comes as it is typed. The
cells of CSV and JSON lines are texts, read as `engine.row_files` reads them; a part of a CSV is cut
by Arrow only where that makes no difference, and amounts come as decimals where all are plain.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from attrs import evolve, frozen

from yibaolang.engine.event_files import number_for_text
from yibaolang.engine.records import Form, Record, row_place
from yibaolang.language.diagnostics import Diagnostic, diagnostic
from yibaolang.population.columns import OWN, load_arrow

_TEXT_ROWS = 1 << 13
_RECORD_BYTES = 1500
"""About so much a row takes that was read by itself."""


@frozen(eq=False)
class Block:
    """Rows of a file one after the other.

    `rows` is a record batch, `numbers` are those of its lines or rows in the file, from 1. `unread`
    are rows between them that could not be cut into cells, each with what is wrong. `record` gives
    a row by its index as it was written, with its place; for that some `held` bytes are kept.
    """

    rows: Any
    numbers: Sequence[int]
    record: Callable[[int], Record]
    unread: tuple[tuple[Record, Diagnostic], ...] = ()
    held: int = 0


def size_of(block: Block) -> int:
    """The bytes of a block."""
    size: int = block.rows.nbytes
    return size + block.held


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
    numbers, held = [each.number for each in good], len(found) * _RECORD_BYTES
    return Block(rows, numbers, good.__getitem__, tuple(unread), held)


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
