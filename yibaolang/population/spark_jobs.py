"""What travels to the workers of a cluster, and what each of them does with a partition.

A job is small and says everything: the rules' documents, what is asked, and the columns that must
come out. A process of a worker reads the rules and builds its programs once, however many
partitions it is given. Nothing here knows Spark.
"""

import json
import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from attrs import frozen

from yibaolang.engine.json_lines import locate
from yibaolang.engine.row_files import Record
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import message
from yibaolang.language.syntax import Document
from yibaolang.population.columns import cell_text, load_arrow
from yibaolang.population.evaluate import Population
from yibaolang.population.files_person import Reader
from yibaolang.population.files_running import doubtful
from yibaolang.population.redo import Asks

ROWS = 1 << 17
"""About so many rows of people go through a kernel at once."""

EVENTS = 1 << 18
"""About so many people and events are run as ledgers at once."""

_OUT = 1 << 16
_LEVEL = 6
PEOPLE_PART, EVENTS_PART = 0, 1
TYPES = {
    "string": "string", "int64": "bigint", "int32": "int", "date32[day]": "date", "bool": "boolean",
}  # fmt: skip
"""The types of columns that come out, in Arrow and in Spark."""

MARKS = ("_reason", "_row")
"""The columns of marks: why a row could not be read, and its cells as JSON."""

Shape = tuple[tuple[str, str], ...]
"""Columns: the name of each and its type as Arrow writes it."""


@frozen
class Rules:
    """Rules as they travel; `package` is the version of yibaolang that packed them.

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
        return cls(packed, tuple(rules.uses.items()), _package())

    def book(self) -> RuleBook:
        """The rules; RuntimeError where another version of yibaolang is installed."""
        if self.package != _package():
            raise RuntimeError(
                f"this worker has yibaolang {_package()}, but the driver has {self.package}: "
                "install the same version on both"
            )
        documents: tuple[Document, ...] = pickle.loads(zlib.decompress(self.documents))
        found = RuleBook(documents)
        found.uses = dict(self.uses)
        return found


def _package() -> str:
    from yibaolang import __version__

    return __version__


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
        self.reader = Reader(self.population.rules, self.population.home)

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
                reasons[at], cells[at] = message(problem, self.job.marks), record.shown
        made = [arrow.array(each, arrow.string()) for each in (reasons, cells)]
        names = [*answers.schema.names, *MARKS]
        return arrow.RecordBatch.from_arrays([*answers.columns, *made], names=names)


def figures_of(job: FiguresJob, batches: Iterable[Any]) -> Iterator[Any]:
    """The figures of record batches of people, in their order."""
    asking: _Asking | None = None
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


def gathered(batches: Iterable[Any], rows: int) -> Iterator[Any]:
    """Record batches put together until they have so many rows; none is empty.

    >>> import pyarrow as pa
    >>> small = [pa.record_batch({"x": [number]}) for number in range(5)]
    >>> [each.num_rows for each in gathered(small, 2)]
    [2, 2, 1]
    """
    held: list[Any] = []
    count = 0
    for batch in batches:
        if batch.num_rows:
            held.append(batch)
            count += batch.num_rows
        if count >= rows:
            yield _one(held)
            held, count = [], 0
    if held:
        yield _one(held)


def _one(batches: Sequence[Any]) -> Any:
    return batches[0] if len(batches) == 1 else load_arrow().concat_batches(batches)


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
    from yibaolang.population.ledger_accounts import ledgers

    for table in whole_accounts(batches, EVENTS):
        found = ledgers(
            _book(job.rules),
            None if job.people is None else _part(table, PEOPLE_PART, "person", job.people),
            _part(table, EVENTS_PART, "event", job.events),
            first=job.first_day, last=job.last_day, postings=job.postings, engine=job.engine,
            threads=1, region=job.region, as_listed=job.as_listed, lang=job.lang,
        )  # fmt: skip
        for name, shape in job.tables:
            for batch in getattr(found, name).to_batches(max_chunksize=_OUT):
                yield _tagged(name, plain(batch, shape), job.tables)


@lru_cache(maxsize=4)
def _book(rules: Rules) -> RuleBook:
    return rules.book()


def whole_accounts(batches: Iterable[Any], rows: int) -> Iterator[Any]:
    """Tables of at least so many rows, but for the last, that end where an account does.

    >>> import pyarrow as pa
    >>> some = [pa.record_batch({"account": list(each)}) for each in ("aab", "bbb", "bcc", "d")]
    >>> ["".join(each.column("account").to_pylist()) for each in whole_accounts(some, 3)]
    ['aa', 'bbbbb', 'cc', 'd']
    """
    arrow = load_arrow()
    held: list[Any] = []
    count, enough = 0, rows
    for batch in batches:
        if batch.num_rows:
            held.append(batch)
            count += batch.num_rows
        if count >= enough:
            table = arrow.Table.from_batches(held)
            cut = _last_begin(table.column("account"))
            if cut:
                yield table.slice(0, cut)
            held, count = table.slice(cut).to_batches(), count - cut
            # An account that does not end is looked at again only when there is twice as much.
            enough = max(rows, 2 * count)
    if held:
        yield arrow.Table.from_batches(held)


def _last_begin(accounts: Any) -> int:
    """Where the last account begins."""
    compute = load_arrow().compute
    same = compute.fill_null(compute.equal(accounts, accounts[-1]), accounts[-1].as_py() is None)
    others = compute.indices_nonzero(compute.invert(same))
    return others[-1].as_py() + 1 if len(others) else 0


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


# ── columns ──


def shape_of(schema: Any) -> Shape:
    """The columns that come out, of the schema of what one machine makes: no dictionaries.

    TypeError for a type that no figure and no ledger has.

    >>> import pyarrow as pa
    >>> words = pa.dictionary(pa.int16(), pa.string())
    >>> shape_of(pa.schema([("account", pa.string()), ("credit_refused", words)]))
    (('account', 'string'), ('credit_refused', 'string'))
    """
    arrow = load_arrow()
    found = []
    for each in schema:
        type_ = each.type.value_type if arrow.types.is_dictionary(each.type) else each.type
        # An account may be a long text, and everything may be null in a batch without rows.
        text = arrow.types.is_large_string(type_) or arrow.types.is_null(type_)
        name = "string" if text else str(type_)
        if name not in TYPES:
            raise TypeError(f"{each.name} has the type {type_}, which no result has")
        found.append((each.name, name))
    return tuple(found)


def schema_of(shape: Shape) -> Any:
    """The schema of columns, in Arrow."""
    arrow = load_arrow()
    types = {
        "string": arrow.string(), "int64": arrow.int64(), "int32": arrow.int32(),
        "date32[day]": arrow.date32(), "bool": arrow.bool_(),
    }  # fmt: skip
    return arrow.schema([(name, types[type_]) for name, type_ in shape])


def plain(batch: Any, shape: Shape) -> Any:
    """A batch with exactly these columns, none of them a dictionary."""
    arrow = load_arrow()
    schema = schema_of(shape)
    if batch.schema.names != schema.names:
        raise TypeError(f"the columns {batch.schema.names} are not {schema.names}")
    columns = []
    for array, each in zip(batch.columns, schema, strict=True):
        if arrow.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        columns.append(array if array.type == each.type else array.cast(each.type))
    return arrow.RecordBatch.from_arrays(columns, schema=schema)


def bytes_of(batch: Any) -> bytes:
    """A record batch as Arrow writes it to a stream."""
    arrow = load_arrow()
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def batch_of(written: bytes) -> Any:
    """The record batch that `bytes_of` wrote."""
    with load_arrow().ipc.open_stream(written) as reader:
        return reader.read_next_batch()
