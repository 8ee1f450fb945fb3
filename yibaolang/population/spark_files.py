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

from attrs import evolve, field, frozen

from yibaolang.engine.asked import Moment
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.population.evaluate import asks_for
from yibaolang.population.spark import TABLES, ledgers, marked
from yibaolang.population.spark_jobs import MARKS, refusal_in
from yibaolang.population.spark_session import Tell, load_spark, session, watched

_NO_PARQUET = re.compile(r"CANNOT_READ_FILE_FOOTER\] [^\n]*?(?:file:)?(/\S+?|\w+://\S+?)\. ")


class SparkError(RuntimeError):
    """Spark could not do it, in a line of its own: no master, a task that died too often, …"""


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
    settings: Mapping[str, str] | None = None, tell: Tell | None = None,
) -> Written:  # fmt: skip
    """Write the figures of people to the folder `out`, and rows that cannot be read to `rejects`.

    `people` are Parquet, in one file or many, as Spark reads them; the folders must not be there.
    Rejects have the account, the reason in `lang`, and the cells as JSON; they are asked for again
    only if there are any. `tell` is given the stages that run. OSError for a path, Refusal YB473
    for what is no Parquet, SparkError for what Spark says of itself, and refusals of
    `spark.evaluate`.
    """
    asks = asks_for(rules, figures, on, first, last)
    with _translated(people):
        spark = session(master, settings)
        _check_free(spark, out, *[rejects] * bool(rejects))
        with watched(spark, tell):
            frame = _read(spark, people)
            found = marked(rules, frame, asks, region, version, engine, lang)
            reason, row = (found[f"`{name}`"] for name in MARKS)
            refused = _any([found[f"`{name}`"].isNotNull() for name in _codes(found.columns)])
            rows, counts = _counted(found, {
                "rows": reason.isNull(), "rejected": reason.isNotNull(),
                "refused": reason.isNull() & refused,
            })  # fmt: skip
            rows.where(reason.isNull()).drop(*MARKS).write.parquet(out)
            written = Written(**counts.get)
            if written.rejected and rejects:
                bad = found.where(reason.isNotNull())
                chosen = bad.select("account", reason.alias("reason"), row.alias("row"))
                chosen.write.parquet(rejects)
    return evolve(written, tables={"people": written.rows})


def ledger_files(
    rules: RuleBook, people: str, events: str, out: str, *, master: str, first: date, last: date,
    region: str = "", tables: Sequence[str] = TABLES, as_listed: bool = False, engine: str = "",
    lang: str = "en", settings: Mapping[str, str] | None = None, tell: Tell | None = None,
) -> Written:  # fmt: skip
    """Write the ledgers of accounts: a folder for each of `tables` inside the folder `out`.

    `tables` may also name postings and years. `people` ("": nobody is known) and `events` are
    Parquet; see `spark.ledgers`. What tasks made is kept on their disks until every table is
    written. `tell` and errors are as of `evaluate_files`.
    """
    with _translated(*filter(None, (people, events))):
        spark = session(master, settings)
        folders = {name: f"{out}/{name}" for name in tables}
        _check_free(spark, *folders.values())
        with watched(spark, tell):
            found = ledgers(
                rules, _read(spark, people) if people else None, _read(spark, events), first=first,
                last=last, postings="postings" in tables, years="years" in tables, engine=engine,
                region=region, as_listed=as_listed, lang=lang,
            )  # fmt: skip
            if len(tables) > 1:
                found.rows.persist(load_spark().StorageLevel.DISK_ONLY)
            try:
                # Every row is seen when the first table is written.
                table = found.rows["table"]
                rows, seen = _counted(found.rows, {name: table == name for name in found.names})
                for number, (name, folder) in enumerate(folders.items()):
                    own = found if number else evolve(found, rows=rows)
                    own.table(name).write.parquet(folder)
                counts = seen.get
            finally:
                found.rows.unpersist()
    of_tables = {name: counts[name] for name in tables}
    return Written(counts["balances"], 0, counts["refused"], of_tables)


def _counted(frame: Any, counted: Mapping[str, Any]) -> tuple[Any, Any]:
    """The same rows, and what knows, when they are written, how many are as each name says."""
    sql = load_spark().sql
    seen = sql.Observation()
    counts = [sql.functions.count_if(each).alias(name) for name, each in counted.items()]
    return frame.observe(seen, *counts), seen


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


def _check_free(spark: Any, *folders: str) -> None:
    """FileExistsError for a folder that is there: what takes hours had better not end with it."""
    errors = load_spark().errors
    for folder in folders:
        try:
            # A plan is made and nothing is read, wherever the path leads.
            spark.read.text(folder)
        except errors.AnalysisException as error:
            if error.getCondition() != "PATH_NOT_FOUND":
                raise
        else:
            raise FileExistsError(17, "File exists", folder)


@contextmanager
def _translated(*paths: str) -> Iterator[None]:
    """What Spark says of paths, and workers of rows, as what one machine says of them."""
    errors = load_spark().errors
    java: Any = importlib.import_module("py4j.protocol")
    try:
        yield
    except errors.PySparkException as error:
        raise _meant(error, paths) from error
    except java.Py4JError as error:
        found = _NO_PARQUET.search(str(error))
        if found is not None:
            raise Refusal(diagnostic("YB473", None, path=found[1])) from error
        raise SparkError(_reason(str(error))) from error


def _meant(error: Any, paths: Sequence[str]) -> Exception:
    """The error of one machine for one of Spark."""
    refusal = refusal_in(str(error))
    if refusal is not None:
        return refusal
    condition = error.getCondition() or ""
    named = error.getMessageParameters() or {}
    path = named.get("path") or named.get("outputPath") or ", ".join(paths)
    if condition == "PATH_NOT_FOUND":
        return FileNotFoundError(2, "No such file or directory", path)
    if condition == "PATH_ALREADY_EXISTS":
        return FileExistsError(17, "File exists", path)
    if condition == "UNABLE_TO_INFER_SCHEMA":
        return Refusal(diagnostic("YB473", None, path=path))
    return SparkError(_reason(str(error)))


def _reason(text: str) -> str:
    r"""The line of an error that says what was wrong.

    >>> _reason("An error occurred while calling o1.x.\n: a.b.SparkException: no master\n\tat a.b")
    'a.b.SparkException: no master'
    >>> _reason("Traceback (most recent call last):\n  File \"x\"\nRuntimeError: another one\n")
    'RuntimeError: another one'
    """
    lines = [each for each in text.splitlines() if each.strip()]
    own = [each for each in lines if not each.startswith((" ", "\t"))]
    java = [each[2:] for each in own if each.startswith(": ")]
    if java:
        return java[0]
    if any("Traceback" in each for each in own):
        return own[-1]
    return own[0] if own else text
