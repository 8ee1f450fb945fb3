"""Figures and ledgers on a Spark cluster, by the kernel that one machine uses.

`evaluate` and `ledgers` take data frames and give data frames; nothing runs until these are
written or counted. People are asked partition by partition, and rows keep their order inside one.
For ledgers everything is partitioned by account and sorted within, so that an account is run by
one task as a whole. Whatever dies on the way is run again by Spark and comes out the same, for a
result depends on nothing but the rows of the partition. docs/cluster.md says how to set it up.
"""

import importlib
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from attrs import frozen

from yibaolang.engine.asked import Moment
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.population.columns import OWN, columns_named, load_arrow
from yibaolang.population.evaluate import ENGINES, Population, asks_for, native_there
from yibaolang.population.redo import Asks
from yibaolang.population.spark_columns import TYPES, Shape, bytes_of, shape_of
from yibaolang.population.spark_jobs import (
    EVENTS_PART,
    MARKS,
    PEOPLE_PART,
    FiguresJob,
    LedgersJob,
    Rules,
    figures_of,
    ledgers_of,
)
from yibaolang.population.spark_session import load_spark, session

__all__ = ["SparkLedgers", "ddl", "evaluate", "ledgers", "marked", "session"]

TABLES = ("balances", "accumulators", "refused")
_MOST_PLACES = 10_000
_PARTS_FOR_CORE = 3
_PARTS = "spark.sql.shuffle.partitions"


@frozen(eq=False)
class SparkLedgers:
    """What came of accounts on a cluster: data frames with the columns of one machine's tables.

    `rows` has all of them in one, a structure for each table. Each of the others is a part of it,
    so persist `rows` if you need more than one.
    """

    rows: Any
    names: tuple[str, ...]

    def table(self, name: str) -> Any:
        """One of `names`: balances, accumulators, refused; postings, years if asked for."""
        if name not in self.names:
            raise ValueError(f"there is no table {name!r}: there are {', '.join(self.names)}")
        own = self.rows.where(self.rows["table"] == name)
        return own.select(f"{name}.*")

    @property
    def balances(self) -> Any:
        """A row for each account that could be run."""
        return self.table("balances")

    @property
    def accumulators(self) -> Any:
        """A row for each counter that holds something."""
        return self.table("accumulators")

    @property
    def refused(self) -> Any:
        """A row for each event that was refused, and each account that could not be run."""
        return self.table("refused")

    @property
    def postings(self) -> Any:
        """A row for each posting; ValueError if they were not asked for."""
        return self.table("postings")

    @property
    def years(self) -> Any:
        """A row for each insurance year of each account; ValueError if they were not asked for."""
        return self.table("years")


# ── figures ──


def evaluate(
    rules: RuleBook, people: Any, figures: str | Sequence[str] = "credit", *,
    region: str = "", version: str = "", on: Moment = None, first: Moment = None,
    last: Moment = None, engine: str = "",
) -> Any:  # fmt: skip
    """The figures of people as a data frame; see `population.evaluate.population`.

    `people` is a data frame with the columns of a file of people. The result has a row for each of
    theirs, with the account, the figures and the codes of refusals (as text). Refusal YB461 if
    there is no column `account`: rows of a cluster have no place of their own, and the account is
    what tells them apart. Other refusals are those of one machine, and come before anything runs.
    """
    asks = asks_for(rules, figures, on, first, last)
    return marked(rules, people, asks, region, version, engine, "")


def marked(
    rules: RuleBook, people: Any, asks: tuple[Asks, ...], region: str, version: str, engine: str,
    marks: str,
) -> Any:  # fmt: skip
    """The same with the columns `spark_jobs.MARKS` if `marks` is the language of their reasons."""
    load_spark()
    chosen = _engine(engine)
    schema = people.limit(0).toArrow().schema
    _check_account(schema)
    asking = Population(rules, asks, region, version, chosen, threads=1)
    start = _first_batch(people, schema)
    shape = shape_of(asking.batch(start).schema)
    kept = _read_columns(asking, start) if chosen == "native" else schema.names
    start = start.select(kept)
    job = FiguresJob(Rules.of(rules), asks, region, version, chosen, bytes_of(start), shape, marks)
    out = (*shape, *((name, "string") for name in MARKS)) if marks else shape
    return people.select(*map(_quoted, kept)).mapInArrow(partial(figures_of, job), ddl(out))


def _engine(engine: str) -> str:
    """The engine by its name: every worker must use the same."""
    if engine not in ENGINES:
        raise ValueError(f"an engine is native or reference, not {engine!r}")
    return engine or ("native" if native_there() else "reference")


def _check_account(schema: Any) -> None:
    """That there is a column of accounts; Refusal YB461, or YB474 if they are no texts."""
    if "account" not in schema.names:
        raise Refusal(diagnostic("YB461", None, name="account"))
    found = schema.field("account").type
    types = load_arrow().types
    if not (types.is_string(found) or types.is_large_string(found)):
        raise Refusal(
            diagnostic("YB474", None, name="account", found=str(found), expected="string")
        )


def _first_batch(people: Any, schema: Any) -> Any:
    """A row for each place that people are of, without anything else."""
    arrow = load_arrow()
    places = [each for each in ("region", "version") if each in schema.names]
    rows = 1
    found: dict[str, Any] = {}
    if places:
        table = people.select(*places).distinct().limit(_MOST_PLACES).toArrow()
        # In order: so that the job is the same whenever the people are.
        table = table.sort_by([(each, "ascending") for each in places])
        nowhere = arrow.Table.from_pylist([dict.fromkeys(places)], schema=table.schema)
        table = arrow.concat_tables([table, nowhere]).combine_chunks()
        rows = table.num_rows
        found = {each: table.column(each).combine_chunks() for each in places}
    arrays = [
        _whole_array(found[each.name]) if each.name in found else arrow.nulls(rows, each.type)
        for each in schema
    ]
    return arrow.RecordBatch.from_arrays(arrays, schema=schema)


def _whole_array(array: Any) -> Any:
    arrow = load_arrow()
    return arrow.concat_arrays(array.chunks) if isinstance(array, arrow.ChunkedArray) else array


def _read_columns(asking: Population, batch: Any) -> list[str]:
    """The columns that the figures read: no others need be read from the files."""
    reads = {*asking.reads, *OWN}
    columns = columns_named(batch.schema.names, asking.rules.book)
    return [each.name for each in columns if each.key in reads]


# ── ledgers ──


def ledgers(
    rules: RuleBook, people: Any, events: Any, *, first: date, last: date, postings: bool = False,
    years: bool = False, engine: str = "", region: str = "", as_listed: bool = False,
    lang: str = "en", parts: int = 0,
) -> SparkLedgers:  # fmt: skip
    """The ledgers of accounts as data frames; see `population.ledger_accounts.ledgers`.

    `people` (None: nobody is known) and `events` are data frames with the columns that
    docs/events.md says. Their rows may be anywhere: those of an account are brought together, in
    `parts` partitions (0: what the setting spark.sql.shuffle.partitions says; without one three for
    each core, or as many as there are files of events if these are more). A partition may be large:
    it is sorted on disk, and run bit by bit.
    """
    load_spark()
    from yibaolang.population.ledger_accounts import ledgers as on_one_machine

    chosen, kept = _engine(engine), rules.region(region)
    nobody = None if people is None else people.limit(0).toArrow()
    nothing = events.limit(0).toArrow()
    for each in (nobody, nothing):
        if each is not None:
            _check_account(each.schema)
    found = on_one_machine(
        rules, nobody, nothing, first=first, last=last, postings=postings, years=years,
        engine=chosen, threads=1, region=kept, as_listed=as_listed, lang=lang,
    )  # fmt: skip
    names = (*TABLES, *["postings"] * postings, *["years"] * years)
    tables = tuple((name, shape_of(getattr(found, name).schema)) for name in names)
    job = LedgersJob(
        Rules.of(rules), first, last, kept, postings, years, as_listed, chosen, lang,
        None if nobody is None else _others(nobody), _others(nothing), tables,
    )  # fmt: skip
    together = _by_account(people, events, job, parts or _parts(events))
    return SparkLedgers(together.mapInArrow(partial(ledgers_of, job), _any_of(tables)), names)


def _parts(events: Any) -> int:
    """A number of partitions: Spark would join them by their bytes, whatever work is in these."""
    context = events.sparkSession.sparkContext
    asked = context.getConf().get(_PARTS)
    # Cores may come later, as executors are added: the files tell too how much there is to do.
    found = max(_PARTS_FOR_CORE * context.defaultParallelism, len(events.inputFiles()))
    return int(asked) if asked else found


def _others(table: Any) -> tuple[str, ...]:
    return tuple(name for name in table.column_names if name != "account")


def _by_account(people: Any, events: Any, job: LedgersJob, parts: int) -> Any:
    """People and events in one data frame, by account, each person before the events."""
    functions = importlib.import_module("pyspark.sql.functions")
    # The order of a day is the ledger's own. As they stood they mostly are in order already, and
    # of what is wrong with an account the first is always the same.
    place = functions.monotonically_increasing_id().alias("place")
    nothing = functions.lit(None).cast("string").alias("nothing")

    def rows_of(frame: Any, number: int, name: str, columns: Sequence[str]) -> Any:
        held = functions.struct(*(map(_quoted, columns) if columns else [nothing])).alias(name)
        which = functions.lit(number).cast("int").alias("part")
        return frame.select("account", which, place, held)

    found = rows_of(events, EVENTS_PART, "event", job.events)
    if people is not None and job.people is not None:
        persons = rows_of(people, PEOPLE_PART, "person", job.people)
        found = found.unionByName(persons, allowMissingColumns=True)
    return found.repartition(parts, "account").sortWithinPartitions("account", "part", "place")


# ── columns ──


def ddl(shape: Shape) -> str:
    """Columns as Spark writes a schema.

    >>> ddl((("account", "string"), ("credit_fen", "int64")))
    '`account` string, `credit_fen` bigint'
    """
    return ", ".join(f"{_quoted(name)} {TYPES[type_]}" for name, type_ in shape)


def _any_of(tables: Sequence[tuple[str, Shape]]) -> str:
    """The schema of rows that are of one of several tables."""
    columns = ["table string"]
    for name, shape in tables:
        fields = ", ".join(f"{_quoted(each)}: {TYPES[type_]}" for each, type_ in shape)
        columns.append(f"{name} struct<{fields}>")
    return ", ".join(columns)


def _quoted(name: str) -> str:
    """A name as Spark reads it, whatever characters are in it."""
    return "`" + name.replace("`", "``") + "`"
