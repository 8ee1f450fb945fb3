"""Events of a file as Arrow tables, some accounts at a time, with the holders of these accounts.

The events of an account stand together, so a part ends where an account does. An account that comes
back later is refused (YB475), as it would be in one table.
"""

import os
from collections.abc import Iterator, Set
from typing import Any

from attrs import frozen

from yibaolang.engine.event_files import FORM
from yibaolang.engine.files import AnyPath
from yibaolang.engine.records import ENDINGS, check_ending
from yibaolang.engine.row_files import records
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.model.book import Book
from yibaolang.population.columns import load_arrow
from yibaolang.population.files import people_blocks
from yibaolang.population.files_blocks import Block, blocks_of
from yibaolang.population.files_parquet import of_parquet

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
    """Events with their people, part by part, then the people without events; all if `sort`."""
    arrow = load_arrow()
    waiting: list[Any] = []
    seen = _Seen(people)
    for block in events:
        waiting.append(arrow.Table.from_batches([block.rows]))
        if sort or sum(each.num_rows for each in waiting) < PART_EVENTS:
            continue
        table = _joined(arrow, waiting)
        cut = _last_account(table)
        if cut:
            yield seen.part(table.slice(0, cut))
            waiting = [table.slice(cut)]
    if waiting:
        yield seen.part(_joined(arrow, waiting))
    rest = seen.rest()
    if rest is not None:
        empty = arrow.table({name: arrow.array([], arrow.string()) for name in
                             ("account", "date", "kind")})  # fmt: skip
        yield Part(rest, empty)


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


class _Seen:
    """Which accounts there were: of people a byte each, of others their names."""

    def __init__(self, people: Any | None) -> None:
        self.people = people
        self.arrow = load_arrow()
        if people is not None:
            self.accounts = people.column("account").combine_chunks().cast(self.arrow.string())
            self.flags = bytearray(len(self.accounts))
        self.others: set[str] = set()

    def part(self, events: Any) -> Part:
        """The events of new accounts with their people; Refusal YB475 for one that was there."""
        compute = self.arrow.compute
        names = compute.unique(events.column("account").combine_chunks().cast(self.arrow.string()))
        if self.people is None:
            self._others(names.to_pylist())
            return Part(None, events)
        at = compute.index_in(names, value_set=self.accounts)
        self._others(names.filter(compute.is_null(at)).to_pylist())
        for index in at.drop_null().to_pylist():
            if self.flags[index]:
                self._came_back(self.accounts[index].as_py())
            self.flags[index] = 1
        chosen = compute.is_in(self.accounts, value_set=names)
        return Part(self.people.filter(chosen), events)

    def rest(self) -> Any | None:
        """The people without events; None if there are none."""
        if self.people is None:
            return None
        missing = self.arrow.array([not each for each in self.flags], self.arrow.bool_())
        found = self.people.filter(missing)
        return found if found.num_rows else None

    def _others(self, names: list[str | None]) -> None:
        for each in names:
            if each in self.others:
                self._came_back(each or "")
            self.others.add(each or "")

    def _came_back(self, account: str) -> None:
        raise Refusal(diagnostic("YB475", None, account=account))
