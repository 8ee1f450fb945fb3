"""People of a file and their answers, block after block; rows that cannot be read are taken out.

With pyarrow the people come as record batches; without it row by row, for the reference engine.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from yibaolang.engine.records import Record
from yibaolang.engine.rejects import Rejects
from yibaolang.engine.row_files import records
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Diagnostic, Refusal
from yibaolang.population.arrow_making import numbers, texts, truths
from yibaolang.population.building import Place
from yibaolang.population.columns import Named, arrow_alone, columns_named, load_arrow
from yibaolang.population.evaluate import Population
from yibaolang.population.files import people_blocks, people_form
from yibaolang.population.files_blocks import Block, problem_of_row
from yibaolang.population.files_parquet import Parquet
from yibaolang.population.files_person import OF_RULES, Reader
from yibaolang.population.redo import Answered, Asks, Reference


@frozen(eq=False)
class Side:
    """Rules with the questions that are asked under them; `home` is the place of who names none."""

    rules: RuleBook
    asks: tuple[Asks, ...]
    region: str = ""
    version: str = ""

    @property
    def home(self) -> Place:
        """The region by its canonical name, and the version."""
        return self.rules.region(self.region), self.version


@frozen(eq=False)
class Source:
    """A file of people, and how it is read; `begun` if it is read already."""

    path: str
    encoding: str | None
    engine: str
    threads: int
    begun: Parquet | None = None


@frozen(eq=False)
class Batch:
    """Good rows of a block, what their columns are, and the answers of each side."""

    rows: Any
    columns: Sequence[Named]
    answers: tuple[Any, ...]


@frozen(eq=False)
class Person:
    """A good row without Arrow: its cells by canonical name, and the answers of each side."""

    cells: Mapping[str, str]
    answers: tuple[list[Answered], ...]


@frozen(eq=False)
class Bad:
    """A row that could not be read, as `Rejects` takes it."""

    number: int
    account: str
    problem: Diagnostic | None
    raw: Mapping[str, str] = field(factory=dict)


def arrow_there() -> bool:
    """Whether pyarrow is installed."""
    try:
        arrow_alone()
    except Refusal:
        return False
    return True


def batches(source: Source, sides: Sequence[Side], rejects: Rejects) -> Iterator[Batch]:
    """The people with the answers of each side, in the order of the file; needs pyarrow.

    When a row is bad that must not be, no more is given, and the rest is looked at for bad ones.
    """
    running = [
        Population(each.rules, each.asks, each.region, each.version, source.engine, source.threads)
        for each in sides
    ]
    readers = [
        Reader(side.rules, side.home, each.reads_at)
        for side, each in zip(sides, running, strict=True)
    ]
    book, given = sides[0].rules.book, False
    for block in people_blocks(source.path, book, source.encoding, source.begun):
        columns = columns_named(block.rows.schema.names, book)
        answers = [each.batch(block.rows) for each in running]
        bad = [(each.number, each, problem) for each, problem in block.unread]
        dropped = _bad_rows(block, answers, readers)
        bad += [(each.number, each, problem) for _, each, problem in dropped]
        rejects.read += block.rows.num_rows + len(block.unread)
        for number, record, problem in sorted(bad, key=lambda each: each[0]):
            account = record.cells.get("account", "")
            rejects.add(Bad(number, account, problem, record.cells), problem)
        if rejects.failed:
            continue
        rows = block.rows
        if dropped:
            rows, *answers = _without([at for at, _, _ in dropped], [rows, *answers])
        given = True
        yield Batch(rows, columns, tuple(answers))
    if not given and not rejects.failed:
        # Of nobody, so that what is written has its columns.
        arrow = arrow_alone()
        nobody = arrow.RecordBatch.from_arrays([texts(arrow, [])], names=["account"])
        columns = columns_named(["account"], book)
        yield Batch(nobody, columns, tuple(each.batch(nobody) for each in running))


def _without(dropped: Sequence[int], tables: Sequence[Any]) -> list[Any]:
    gone = frozenset(dropped)
    kept = truths(arrow_alone(), [at not in gone for at in range(tables[0].num_rows)])
    return [each.filter(kept) for each in tables]


def _bad_rows(
    block: Block, answers: Sequence[Any], readers: Sequence[Reader]
) -> list[tuple[int, Record, Diagnostic]]:
    """The rows of a block that cannot be read: index, row, what is wrong."""
    found: dict[int, tuple[int, Record, Diagnostic]] = {}
    for side, reader in zip(answers, readers, strict=True):
        found_here = doubtful(side)
        for at in found_here.to_pylist():
            record = block.record(at)
            problem = reader.problem(record)
            if problem is not None:
                found.setdefault(at, (at, record, problem))
    return list(found.values())


def doubtful(answers: Any) -> Any:
    """The rows in which every figure is refused with a code that a cell may have."""
    columns = [
        answers.column(at) for at, name in enumerate(answers.schema.names)
        if name.endswith("_refused")
    ]  # fmt: skip
    if any(each.null_count == len(each) for each in columns):
        return numbers(arrow_alone(), arrow_alone().int64(), [])
    arrow = load_arrow()
    compute = arrow.compute
    mask: Any = None
    for column in columns:
        decoded = column.dictionary_decode() if arrow.types.is_dictionary(column.type) else column
        of_rules = compute.is_in(decoded, value_set=texts(arrow, sorted(OF_RULES)))
        own = compute.and_(compute.is_valid(decoded), compute.invert(of_rules))
        mask = own if mask is None else compute.and_(mask, own)
    return compute.indices_nonzero(mask)


def persons(source: Source, sides: Sequence[Side], rejects: Rejects) -> Iterator[Person]:
    """The same by the reference engine alone, person by person, without any package."""
    asking = [Reference(each.rules, each.asks, each.region, each.version) for each in sides]
    readers = [
        Reader(side.rules, side.home, each.reads)
        for side, each in zip(sides, asking, strict=True)
    ]
    book = sides[0].rules.book
    for record in records(source.path, people_form(book), source.encoding):
        rejects.read += 1
        account = record.cells.get("account", "")
        answers: list[list[Answered]] = []
        cells: Mapping[str, str] = {}
        problem = problem_of_row(record)
        if problem is None:
            cells, named = readers[0].cells(record.cells)
            for reference, reader in zip(asking, readers, strict=True):
                found = reference.row(cells, named)
                answers.append(found)
                if all(each.code and each.code not in OF_RULES for each in found):
                    problem = problem or reader.problem(record)
        if problem is not None:
            rejects.add(Bad(record.number, account, problem, record.cells), problem)
        elif not rejects.failed:
            yield Person(cells, tuple(answers))

