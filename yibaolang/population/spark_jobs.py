"""What travels to the workers of a cluster, and what each of them does with a partition.

A job is small and says everything: the rules' documents, what is asked, and the columns that must
come out. A process of a worker reads the rules and builds its programs once, however many
partitions it is given. Nothing here knows Spark.
"""

import base64
import hashlib
import json
import os
import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import Any

from attrs import frozen

from yibaolang.engine.arrow_cells import cell_text
from yibaolang.engine.json_lines import locate
from yibaolang.engine.records import Record
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Refusal, message
from yibaolang.language.syntax import Document
from yibaolang.population.columns import load_arrow
from yibaolang.population.evaluate import Population
from yibaolang.population.files_person import Reader
from yibaolang.population.files_running import doubtful
from yibaolang.population.redo import Asks
from yibaolang.population.spark_columns import (
    Shape,
    batch_of,
    gathered,
    plain,
    schema_of,
    whole_accounts,
)

ROWS = 1 << 17
"""About so many rows of people go through a kernel at once."""

EVENTS = 1 << 18
"""About so many people and events are run as ledgers at once."""

_OUT = 1 << 16
_LEVEL = 6
_OPEN, _CLOSE = "[yibaolang:", "]"
_SOURCES = (".py", ".yb", ".toml", ".lark")
PEOPLE_PART, EVENTS_PART = 0, 1
MARKS = ("_reason", "_row")
"""The columns of marks: why a row could not be read, and its cells as JSON."""

@frozen
class Rules:
    """Rules as they travel; `package` says which yibaolang packed them, to the byte.

    >>> from yibaolang.engine.rulebook import read
    >>> Rules.of(read("credit 5元")).book().figure("credit").fen
    500
    """

    documents: bytes
    uses: tuple[tuple[str, tuple[str, ...]], ...]
    package: str

    @classmethod
    def of(cls, rules: RuleBook) -> "Rules":
        """The documents of rules as they were read, and the versions that are chosen."""
        packed = zlib.compress(pickle.dumps(rules.documents), _LEVEL)
        return cls(packed, tuple(rules.uses.items()), package_digest())

    def book(self) -> RuleBook:
        """The rules; RuntimeError where another yibaolang is installed: it might say otherwise."""
        if self.package != package_digest():
            raise RuntimeError(
                "this worker has another yibaolang than the driver: install the same on both"
            )
        documents: tuple[Document, ...] = pickle.loads(zlib.decompress(self.documents))
        found = RuleBook(documents)
        found.uses = dict(self.uses)
        return found


@lru_cache(maxsize=1)
def package_digest() -> str:
    """A digest of all code, rules and texts of this package."""
    digest = hashlib.sha256()
    top = os.path.dirname(os.path.dirname(__file__))
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(each for each in folders if each != "__pycache__")
        for name in sorted(each for each in names if each.endswith(_SOURCES)):
            path = os.path.join(folder, name)
            digest.update(os.path.relpath(path, top).encode())
            with open(path, "rb") as file:
                digest.update(hashlib.sha256(file.read()).digest())
    return digest.hexdigest()


# ── refusals ──


@contextmanager
def telling() -> Iterator[None]:
    """A refusal inside becomes an error that can be read, and of which `refusal_in` makes it."""
    try:
        yield
    except Refusal as refusal:
        packed = base64.b64encode(zlib.compress(pickle.dumps(refusal.diagnostics), _LEVEL))
        raise RuntimeError(f"{refusal} {_OPEN}{packed.decode()}{_CLOSE}") from refusal


def refusal_in(text: str) -> Refusal | None:
    """The refusal that a worker told in an error; None if the error is another one.

    >>> from yibaolang.language.diagnostics import diagnostic
    >>> try:
    ...     with telling():
    ...         raise Refusal(diagnostic("YB476", None, account="7"))
    ... except RuntimeError as error:
    ...     refusal_in(f"a traceback, {error}, and more").diagnostics[0].code
    'YB476'
    >>> refusal_in("out of memory")
    """
    _, opened, rest = text.partition(_OPEN)
    packed, closed, _ = rest.partition(_CLOSE)
    if not opened or not closed:
        return None
    return Refusal(*pickle.loads(zlib.decompress(base64.b64decode(packed))))


# ── figures ──


@frozen
class FiguresJob:
    """Figures of people.

    `first` is a batch, as Arrow writes one, that has every place and a gap in every column, so that
    all processes build the same program at once. `shape` is that of the columns that come out. If
    there is a language in `marks`, rows that cannot be read are marked, with the reason in it.
    """

    rules: Rules
    asks: tuple[Asks, ...]
    region: str
    version: str
    engine: str
    first: bytes
    shape: Shape
    marks: str = ""


class _Asking:
    """The questions of a job, made ready by its first batch."""

    def __init__(self, job: FiguresJob) -> None:
        self.job = job
        self.population = Population(
            job.rules.book(), job.asks, job.region, job.version, job.engine, threads=1
        )
        self.population.batch(batch_of(job.first))
        self.reader = Reader(
            self.population.rules, self.population.home, self.population.reads_at
        )

    def batch(self, people: Any) -> Any:
        """The figures of a record batch, and its marks."""
        answers = plain(self.population.batch(people), self.job.shape)
        if not self.job.marks:
            return answers
        arrow = load_arrow()
        reasons: list[str | None] = [None] * people.num_rows
        cells: list[str | None] = [None] * people.num_rows
        suspects = doubtful(answers)
        rows = people.take(suspects).to_pylist() if len(suspects) else []
        for at, row in zip(suspects.to_pylist(), rows, strict=True):
            record = record_of(row)
            problem = self.reader.problem(record)
            if problem is not None:
                reason = f"{problem.code}: {message(problem, self.job.marks)}"
                reasons[at], cells[at] = reason, record.text
        made = [arrow.array(each, arrow.string()) for each in (reasons, cells)]
        names = [*answers.schema.names, *MARKS]
        return arrow.RecordBatch.from_arrays([*answers.columns, *made], names=names)


def figures_of(job: FiguresJob, batches: Iterable[Any]) -> Iterator[Any]:
    """The figures of record batches of people, in their order."""
    asking: _Asking | None = None
    with telling():
        for batch in gathered(batches, ROWS):
            asking = asking or _asking(job)
            yield asking.batch(batch)


@lru_cache(maxsize=4)
def _asking(job: FiguresJob) -> _Asking:
    return _Asking(job)


def record_of(row: Mapping[str, Any]) -> Record:
    """A row of Arrow as one of a file, whose text is its cells as JSON."""
    cells = {name: text for name, value in row.items() if (text := cell_text(value))}
    return Record("", 0, cells, json.dumps(cells, ensure_ascii=False), locate)


# ── ledgers ──


@frozen
class LedgersJob:
    """Ledgers of accounts. `people` and `events` are the names of the columns besides the account
    (`people` is None if nobody is known), `tables` the columns of each table that comes out."""

    rules: Rules
    first_day: date
    last_day: date
    region: str
    postings: bool
    years: bool
    as_listed: bool
    engine: str
    lang: str
    people: tuple[str, ...] | None
    events: tuple[str, ...]
    tables: tuple[tuple[str, Shape], ...]


def ledgers_of(job: LedgersJob, batches: Iterable[Any]) -> Iterator[Any]:
    """What came of accounts, as rows that are of one table each.

    The rows of `batches` have an account, a part (person or event), and one structure for each
    part. Those of an account stand together, its person first, its events in their order.
    """
    with telling():
        for table in whole_accounts(batches, EVENTS):
            yield from _ledgers_of(job, table)


def _ledgers_of(job: LedgersJob, table: Any) -> Iterator[Any]:
    from yibaolang.population.ledger_accounts import ledgers

    found = ledgers(
        _book(job.rules),
        None if job.people is None else _part(table, PEOPLE_PART, "person", job.people),
        _part(table, EVENTS_PART, "event", job.events),
        first=job.first_day, last=job.last_day, postings=job.postings, years=job.years,
        engine=job.engine, threads=1, region=job.region, as_listed=job.as_listed, lang=job.lang,
    )  # fmt: skip
    for name, shape in job.tables:
        for batch in getattr(found, name).to_batches(max_chunksize=_OUT):
            yield _tagged(name, plain(batch, shape), job.tables)


@lru_cache(maxsize=4)
def _book(rules: Rules) -> RuleBook:
    return rules.book()


def _part(table: Any, part: int, name: str, columns: Sequence[str]) -> Any:
    """The people or the events of a table as a table of their own."""
    arrow = load_arrow()
    own = table.filter(arrow.compute.equal(table.column("part"), part)).combine_chunks()
    held = own.column(name)
    fields = held.chunk(0) if held.num_chunks else arrow.nulls(0, held.type)
    arrays = [own.column("account"), *fields.flatten()[: len(columns)]]
    return arrow.Table.from_arrays(arrays, names=["account", *columns])


def _tagged(name: str, batch: Any, tables: Sequence[tuple[str, Shape]]) -> Any:
    """A batch of one table as rows that could be of any."""
    arrow = load_arrow()
    count = batch.num_rows
    arrays, names = [arrow.repeat(arrow.scalar(name, arrow.string()), count)], ["table"]
    for other, shape in tables:
        type_ = arrow.struct(list(schema_of(shape)))
        if other == name:
            made = arrow.StructArray.from_arrays(batch.columns, fields=list(type_))
        else:
            made = arrow.nulls(count, type_)
        arrays.append(made)
        names.append(other)
    return arrow.RecordBatch.from_arrays(arrays, names=names)
