"""Populations on a cluster from Parquet to Parquet, as the command line asks for them.

What is written are folders of parts, each part by one task. Spark moves a part to its place when
its task is done, so what a task wrote that died is never seen.
"""

import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from attrs import field, frozen

from yibaolang.engine.asked import Moment
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.population.evaluate import asks_for
from yibaolang.population.spark import ledgers, load_spark, marked, session
from yibaolang.population.spark_jobs import MARKS, refusal_in

_NO_PARQUET = re.compile(r"CANNOT_READ_FILE_FOOTER\] [^\n]*?(?:file:)?(/\S+?|\w+://\S+?)\. ")


@frozen
class Written:
    """What was written: good rows, rows that could not be read, rows (of ledgers: events and
    accounts) that rules refuse, and the rows of each folder."""

    rows: int
    rejected: int
    refused: int
    tables: Mapping[str, int] = field(factory=dict)


def evaluate_files(
    rules: RuleBook, people: str, out: str, *, master: str, figures: str | Sequence[str] = "credit",
    on: Moment = None, first: Moment = None, last: Moment = None, region: str = "",
    version: str = "", engine: str = "", rejects: str = "", lang: str = "en",
    settings: Mapping[str, str] | None = None,
) -> Written:  # fmt: skip
    """Write the figures of people to the folder `out`, and rows that cannot be read to `rejects`.

    `people` are Parquet, in one file or many, as Spark reads them; the folders must not be there.
    Rejects have the account, the reason in `lang`, and the cells as JSON; they are asked for again
    only if there are any. OSError for a path, Refusal YB473 for what is no Parquet, and those of
    `spark.evaluate`.
    """
    asks = asks_for(rules, figures, on, first, last)
    spark = session(master, settings)
    with _paths(people, out, rejects):
        frame = _read(spark, people)
        found = marked(rules, frame, asks, region, version, engine, lang)
        reason, row = (found[f"`{name}`"] for name in MARKS)
        refused = _any([found[f"`{name}`"].isNotNull() for name in _codes(found.columns)])
        counts = _write(found, out, reason.isNull(), {
            "rows": reason.isNull(), "rejected": reason.isNotNull(),
            "refused": reason.isNull() & refused,
        })  # fmt: skip
        if counts["rejected"] and rejects:
            bad = found.where(reason.isNotNull())
            chosen = bad.select("account", reason.alias("reason"), row.alias("row"))
            chosen.write.parquet(rejects)
    return Written(**counts, tables={"people": counts["rows"]})


def ledger_files(
    rules: RuleBook, people: str, events: str, out: str, *, master: str, first: date, last: date,
    region: str = "", postings: bool = False, as_listed: bool = False, engine: str = "",
    lang: str = "en", settings: Mapping[str, str] | None = None,
) -> Written:  # fmt: skip
    """Write the ledgers of accounts: a folder for each table inside the folder `out`.

    `people` ("": nobody is known) and `events` are Parquet; see `spark.ledgers`. What tasks made is
    kept on their disks until every table is written. Refusals as of `evaluate_files`.
    """
    spark = session(master, settings)
    with _paths(people, events, out):
        found = ledgers(
            rules, _read(spark, people) if people else None, _read(spark, events), first=first,
            last=last, postings=postings, engine=engine, region=region, as_listed=as_listed,
            lang=lang,
        )  # fmt: skip
        level = load_spark().StorageLevel.DISK_ONLY
        found.rows.persist(level)
        try:
            tables = {name: _table(found.table(name), f"{out}/{name}") for name in found.names}
        finally:
            found.rows.unpersist()
    return Written(tables["balances"], 0, tables["refused"], tables)


def _table(frame: Any, path: str) -> int:
    """Write a table; how many rows it has."""
    every = load_spark().sql.functions.lit(True)
    return _write(frame, path, every, {"rows": every})["rows"]


def _write(frame: Any, path: str, chosen: Any, counted: Mapping[str, Any]) -> dict[str, int]:
    """Write the chosen rows without marks; of all rows, how many are as each name says."""
    sql = load_spark().sql
    seen = sql.Observation()
    counts = [sql.functions.count_if(each).alias(name) for name, each in counted.items()]
    rows = frame.observe(seen, *counts).where(chosen)
    rows.drop(*MARKS).write.parquet(path)
    return {name: int(seen.get[name]) for name in counted}


def _codes(names: Sequence[str]) -> list[str]:
    return [each for each in names if each.endswith("_refused")]


def _any(truths: Sequence[Any]) -> Any:
    found = truths[0]
    for each in truths[1:]:
        found = found | each
    return found


# ── paths ──


def _read(spark: Any, path: str) -> Any:
    """The data frame of a Parquet file or folder; Refusal YB473 for a file of another kind."""
    if path.lower().endswith((".csv", ".jsonl")):
        raise Refusal(diagnostic("YB473", None, path=path))
    return spark.read.parquet(path)


@contextmanager
def _paths(*paths: str) -> Iterator[None]:
    """What Spark says of paths, and workers of rows, as what one machine says of them."""
    errors = load_spark().errors
    java: Any = importlib.import_module("py4j.protocol")
    try:
        yield
    except errors.PythonException as error:
        refusal = refusal_in(str(error))
        raise refusal or error from error
    except errors.AnalysisException as error:
        condition = error.getCondition() or ""
        named = error.getMessageParameters() or {}
        path = named.get("path") or named.get("outputPath") or ", ".join(filter(None, paths))
        if condition == "PATH_NOT_FOUND":
            raise FileNotFoundError(2, "No such file or directory", path) from error
        if condition == "PATH_ALREADY_EXISTS":
            raise FileExistsError(17, "File exists", path) from error
        if condition == "UNABLE_TO_INFER_SCHEMA":
            raise Refusal(diagnostic("YB473", None, path=path)) from error
        raise
    except java.Py4JJavaError as error:
        found = _NO_PARQUET.search(str(error))
        if found is None:
            raise
        raise Refusal(diagnostic("YB473", None, path=found[1])) from error
