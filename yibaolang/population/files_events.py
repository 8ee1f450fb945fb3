"""Events of a file as Arrow tables, some accounts at a time, with the holders of these accounts.

The events of an account stand together, so a part ends where an account does. An account that comes
back later is refused (YB475), as it would be in one table.
"""

import os
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING, Any

from attrs import frozen

from yibaolang.engine.event_files import FORM
from yibaolang.engine.files import AnyPath
from yibaolang.engine.records import ENDINGS, check_ending
from yibaolang.engine.row_files import records
from yibaolang.language.diagnostics import Refusal
from yibaolang.model.book import Book
from yibaolang.population.columns import load_arrow
from yibaolang.population.files import people_blocks
from yibaolang.population.files_blocks import Block, blocks_of
from yibaolang.population.files_parquet import of_parquet

if TYPE_CHECKING:
    from yibaolang.population.files_seen import Seen

PART_EVENTS = 1 << 20
"""About so many events are run at once."""


@frozen(eq=False)
class Part:
    """Events of some accounts, all of each, and the people of these accounts (None: nobody)."""

    people: Any | None
    events: Any


def event_blocks(path: AnyPath, encoding: str | None = None) -> Iterator[Block]:
    """The events of a .csv, .jsonl or .parquet file; needs pyarrow.

    Refusal for what is wrong with the file as a whole, or for a row that cannot be cut into cells.
    """
    shown = os.fspath(path)
    check_ending(shown, ENDINGS)
    ending = os.path.splitext(shown)[1].lower()
    if ending == ".parquet":
        found = of_parquet(shown, FORM)
    elif ending == ".jsonl":
        found = blocks_of(records(shown, FORM, encoding), FORM)
    else:
        from yibaolang.population.files_csv import csv_blocks

        found = csv_blocks(shown, FORM, encoding)
    return _whole(found)


def _whole(found: Iterator[Block]) -> Iterator[Block]:
    for each in found:
        if each.unread:
            raise Refusal(*(problem for _, problem in each.unread))
        yield each


def people_table(path: AnyPath, book: Book, encoding: str | None = None) -> Any:
    """All people of a file as a table of Arrow; Refusal for a row that cannot be cut into cells."""
    arrow = load_arrow()
    tables = [
        arrow.Table.from_batches([each.rows])
        for each in _whole(people_blocks(path, book, encoding))
    ]
    if not tables:
        return arrow.table({"account": arrow.array([], arrow.string())})
    return _joined(arrow, tables)


def parts(people: Any | None, events: Iterator[Block], sort: bool = False) -> Iterator[Part]:
    """Events with their people, part by part, then the people without events; all if `sort`.

    Needs NumPy as well.
    """
    from yibaolang.population.files_seen import Seen

    arrow = load_arrow()
    waiting: list[Any] = []
    seen, enough = Seen(people), PART_EVENTS
    for block in events:
        waiting.append(arrow.Table.from_batches([block.rows]))
        if sort or sum(each.num_rows for each in waiting) < enough:
            continue
        table = _joined(arrow, waiting)
        cut = _last_account(table)
        # An account that has more is not looked through again for each block that it goes on.
        enough = PART_EVENTS if cut else 2 * table.num_rows
        waiting = [table.slice(cut)]
        if cut:
            yield _part(seen, table.slice(0, cut))
    if waiting:
        yield _part(seen, _joined(arrow, waiting))
    rest = seen.rest()
    if rest is not None:
        empty = arrow.table({name: arrow.array([], arrow.string()) for name in
                             ("account", "date", "kind")})  # fmt: skip
        yield Part(rest, empty)


def _part(seen: "Seen", events: Any) -> Part:
    return Part(seen.holders(events), events)


def _joined(arrow: Any, tables: list[Any]) -> Any:
    """Tables as one; a column that some have as text and others as numbers is text."""
    types: dict[str, set[Any]] = {}
    for table in tables:
        for each in table.schema:
            if not arrow.types.is_null(each.type):
                types.setdefault(each.name, set()).add(each.type)
    mixed = {name for name, found in types.items() if len(found) > 1}
    alike = [_as_text(arrow, table, mixed) for table in tables]
    return arrow.concat_tables(alike, promote_options="default").combine_chunks()


def _as_text(arrow: Any, table: Any, names: Set[str]) -> Any:
    fields = [
        arrow.field(each.name, arrow.string() if each.name in names else each.type)
        for each in table.schema
    ]
    return table.cast(arrow.schema(fields))


def _last_account(table: Any) -> int:
    """Where the last account of a table begins."""
    arrow = load_arrow()
    accounts = table.column("account").combine_chunks()
    others = arrow.compute.indices_nonzero(
        arrow.compute.not_equal(accounts, accounts[len(accounts) - 1])
    )
    return int(others[len(others) - 1].as_py()) + 1 if len(others) else 0
