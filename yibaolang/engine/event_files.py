r"""Events in files: read row by row, by account, with nothing lost. docs/events.md is the contract.

>>> import os, tempfile
>>> from yibaolang.engine.rulebook import read
>>> text = "# yibao events 1\naccount,date,kind,name,amount\n007,2024-01-09,bill,outpatient,860\n"
>>> with tempfile.TemporaryDirectory() as folder:
...     path = os.path.join(folder, "events.csv")
...     with open(path, "w", encoding="utf-8") as file:
...         _ = file.write(text)
...     [(account, events[0].amount_fen) for account, events in grouped(path, read("").book)]
[('007', 86000)]
"""

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from yibaolang.engine.event_columns import COLUMNS, NAMES, NEEDED
from yibaolang.engine.event_schema import EventSchema
from yibaolang.engine.events import Event
from yibaolang.engine.files import AnyPath
from yibaolang.engine.json_lines import Digits
from yibaolang.engine.records import Form, Record
from yibaolang.engine.rejects import Rejects
from yibaolang.engine.row_files import records
from yibaolang.language.diagnostics import Diagnostic, Note, Refusal, diagnostic
from yibaolang.model.book import Book

_TYPES = {each.name: each.types for each in COLUMNS}
_TEXTS = ("account", "id", "target")

FORM = Form("events", {name: name for name in NAMES}, NEEDED, True, _TYPES.__getitem__)
"""What files of events must be."""


@frozen
class Row:
    """What was made of a row: the event of an account, or why there is none.

    `number` is that of its first line, or of the row in Parquet. `raw` has the cells that are not
    empty as they were written, or the text of the whole row as `row`.
    """

    number: int
    account: str
    event: Event | None
    problem: Diagnostic | None
    raw: Mapping[str, str]


def read_events(path: AnyPath, book: Book, *, encoding: str | None = None) -> Iterator[Row]:
    """Every row of a .csv, .jsonl or .parquet file, in its order: as an event, or with a problem.

    `encoding` is "gb18030" for a text that is not in UTF-8. Refusal for what is wrong with the file
    as a whole; see `row_files.records`.
    """
    schema = EventSchema(book)
    for record in records(path, FORM, encoding):
        yield _row(record, schema)


def _row(record: Record, schema: EventSchema) -> Row:
    cells = record.cells
    problem = record.problem or number_for_text(record, _TEXTS)
    if problem is None:
        try:
            account, event = schema.event(cells, record.place)
            return Row(record.number, account, event, None, cells)
        except Refusal as refusal:
            problem = refusal.diagnostics[0]
    return Row(record.number, cells.get("account", ""), None, problem, cells)


def number_for_text(record: Record, columns: Iterable[str]) -> Diagnostic | None:
    """YB465 for a number of JSON where a text must be: 007 as a number would be another account."""
    for column in columns:
        text = record.cells.get(column)
        if isinstance(text, Digits):
            place = record.place(column)
            return diagnostic("YB465", place, text=text, column=column, example=f'"{text}"')
    return None


def grouped(
    path: AnyPath,
    book: Book,
    *,
    encoding: str | None = None,
    sort: bool = False,
    rejects: Rejects | None = None,
) -> Iterator[tuple[str, list[Event]]]:
    """The events of each account, in the order of the file, one account after the other.

    The rows of an account must stand together, and only they are held in memory; Refusal YB475 if
    an account comes back. With `sort` they may stand anywhere: the file is read into memory, and
    the accounts come in the order of their texts. An event that is said again with the same id is
    one event if all else is the same; otherwise it is a bad row (YB440).

    Bad rows go to `rejects`. Without it, Refusal for them at the end, and no account after the
    first of them.
    """
    if rejects is None:
        with Rejects() as own:
            yield from grouped(path, book, encoding=encoding, sort=sort, rejects=own)
        return
    rows = rejects.keep(read_events(path, book, encoding=encoding))
    for account, found in _sorted(rows) if sort else _adjacent(rows):
        events = _once(found, rejects)
        if not rejects.failed:
            yield account, events


def _adjacent(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    done: set[str] = set()
    account, waiting = "", list[Row]()
    for row in rows:
        if row.account != account:
            if waiting:
                yield account, waiting
                done.add(account)
            account, waiting = row.account, []
            if account in done:
                place = None if row.event is None else row.event.place
                raise Refusal(diagnostic("YB475", place, account=account))
        waiting.append(row)
    if waiting:
        yield account, waiting


def _sorted(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.account, []).append(row)
    for account in sorted(found):
        yield account, found.pop(account)


def _once(rows: Iterable[Row], rejects: Rejects) -> list[Event]:
    """The events of one account, each once."""
    found: list[Event] = []
    by_id: dict[str, Event] = {}
    for row in rows:
        event = row.event
        if event is None:
            continue
        first = by_id.setdefault(event.id, event) if event.id else event
        if first is event:
            found.append(event)
        elif first.content() == event.content():
            rejects.repeated += 1
        else:
            notes = [] if first.place is None else [Note(first.place, "first")]
            rejects.add(row, diagnostic("YB440", event.place, notes=notes, id=event.id))
    return found
