"""What workers of a cluster do with a partition, and what is told before a cluster is asked."""

import itertools
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from attrs import evolve

from yibaolang.cli.main import main
from yibaolang.engine.rulebook import RuleBook, read
from yibaolang.language.diagnostics import Refusal
from yibaolang.population import compiling, evaluate, ledger_native, spark_jobs, spark_session
from yibaolang.population.evaluate import asks_for, population
from yibaolang.population.ledger_accounts import TABLES, ledgers
from yibaolang.population.spark import evaluate as on_spark
from yibaolang.population.spark_columns import bytes_of, plain, shape_of, whole_accounts
from yibaolang.population.spark_files import SparkError
from yibaolang.population.spark_jobs import (
    EVENTS_PART,
    PEOPLE_PART,
    FiguresJob,
    LedgersJob,
    Rules,
    figures_of,
    ledgers_of,
    refusal_in,
)

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
EVERYTHING = {"postings": True, "years": True}
CREDIT = "active credit 2% of contribution_base\nretired credit 80\u5143"
LEDGER = "cover 50% of outpatient\nallow outpatient for self\ndraw current, rest to cash"


def people(count: int) -> Any:
    """People with everything that the rules read, and one whose status is unknown."""
    return pa.table({
        "account": [f"{each:03}" for each in range(count)],
        "status": [("active", "retired", None)[each % 3] for each in range(count)],
        "contribution_base_fen": [100_000 + 37 * each for each in range(count)],
    })


def events(counts: Sequence[int]) -> Any:
    """An opening and so many bills for each account."""
    rows = [
        {"account": f"{number:03}", "date": date(2024, 1, 1 + at), "name": name, "kind": kind,
         "amount_fen": amount}
        for number, count in enumerate(counts)
        for at, (kind, name, amount) in enumerate(
            [("opening", "current", 5_000), *[("bill", "outpatient", 1_300)] * count]
        )
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def cut(table: Any, sizes: Sequence[int]) -> Iterator[Any]:
    """A table in record batches of so many rows, and the rest."""
    ends = [0, *itertools.accumulate(sizes), table.num_rows]
    for begin, end in itertools.pairwise(ends):
        yield from table.slice(begin, end - begin).combine_chunks().to_batches()


def figures_job(rules: RuleBook, table: Any) -> FiguresJob:
    """What the driver makes of a question about people."""
    first = pa.RecordBatch.from_arrays(
        [pa.nulls(1, each.type) for each in table.schema], schema=table.schema
    )
    asks = asks_for(rules, "credit", "2024-06", None, None)
    shape = shape_of(population(rules, table.slice(0, 0), on="2024-06").schema)
    return FiguresJob(Rules.of(rules), asks, "", "", "native", bytes_of(first), shape)


def ledgers_job(rules: RuleBook, table: Any) -> tuple[LedgersJob, Any]:
    """What the driver makes of events, and these as they come to a worker; with every table."""
    found = ledgers(rules, None, table.slice(0, 0), first=FIRST, last=LAST, **EVERYTHING)
    tables = tuple((name, shape_of(getattr(found, name).schema)) for name in TABLES)
    columns = [name for name in table.column_names if name != "account"]
    job = LedgersJob(
        Rules.of(rules), FIRST, LAST, "", True, True, True, "native", "en", None, tuple(columns),
        tables,
    )  # fmt: skip
    batch = table.combine_chunks().to_batches()[0]
    held = pa.StructArray.from_arrays([batch.column(name) for name in columns], columns)
    parts = pa.array([EVENTS_PART] * batch.num_rows, pa.int32())
    assert EVENTS_PART > PEOPLE_PART
    return job, pa.table({"account": batch.column("account"), "part": parts, "event": held})


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Each test is a new process of a worker, as far as programs go."""
    spark_jobs._asking.cache_clear()
    spark_jobs._book.cache_clear()
    yield


@pytest.fixture
def compilings(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of every kernel that is made ready, whether its object code was kept."""
    found: list[bool] = []
    real = compiling.compiled

    def counted(text: str, name: str) -> Any:
        kernel = real(text, name)
        found.append(kernel.kept)
        return kernel

    for module in (evaluate, ledger_native):
        monkeypatch.setattr(module, "compiled", counted)
    return found


@pytest.mark.parametrize("sizes", [[], [1, 1, 1], [7, 0, 2], [19]])
def test_figures_do_not_depend_on_how_batches_are_cut(sizes: list[int]) -> None:
    table, rules = people(20), read(CREDIT)
    job = figures_job(rules, table)
    found = pa.Table.from_batches(figures_of(job, cut(table, sizes)))
    expected = population(rules, table, on="2024-06").combine_chunks().to_batches()[0]
    assert found.to_pylist() == plain(expected, job.shape).to_pylist()


@pytest.mark.parametrize("sizes", [[], [1] * 12, [5, 6], [2, 0, 9]])
def test_ledgers_do_not_depend_on_how_batches_are_cut(
    sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark_jobs, "EVENTS", 3)
    table, rules = events([3, 0, 5, 1]), read(LEDGER)
    job, rows = ledgers_job(rules, table)
    found = pa.Table.from_batches(ledgers_of(job, cut(rows, sizes))).to_pylist()
    expected = ledgers(
        rules, None, table, first=FIRST, last=LAST, as_listed=True, **EVERYTHING
    )
    for name, _ in job.tables:
        assert [row[name] for row in found if row["table"] == name] == (
            getattr(expected, name).to_pylist()
        )


def test_a_partition_uses_one_kernel_and_the_next_process_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compilings: list[bool]
) -> None:
    monkeypatch.setenv("YIBAO_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(spark_jobs, "EVENTS", 3)
    table, rules = events([3] * 6), read(LEDGER)
    ledger, rows = ledgers_job(rules, table)
    figures = figures_job(rules, people(9))
    compilings.clear()
    for first in (True, False):
        for work in (
            lambda: list(ledgers_of(ledger, cut(rows, [4] * 6))),
            lambda: list(figures_of(figures, cut(people(9), [4]))),
        ):
            work()
            work()
            # The driver may have kept it already; who comes later must find it.
            assert compilings == [True] or (first and compilings == [False])
            compilings.clear()
        spark_jobs._asking.cache_clear()
        spark_jobs._book.cache_clear()


def test_what_is_held_does_not_grow_with_a_partition() -> None:
    rows = 40
    batches = (
        pa.record_batch({"account": [f"{number:05}"] * 10}) for number in range(1000)
    )
    assert max(each.num_rows for each in whole_accounts(batches, rows)) <= rows + 10


def test_a_large_account_is_whole() -> None:
    small, large = pa.record_batch({"account": ["1"] * 10}), ["2"] * 10
    batches = [small, *[pa.record_batch({"account": large})] * 500, small]
    sizes = [each.num_rows for each in whole_accounts(iter(batches), 40)]
    assert sizes == [10, 5010]


def test_a_refusal_of_a_worker_is_that_of_one_machine() -> None:
    table = people(2)
    job = figures_job(read(CREDIT), table)
    wrong = table.set_column(2, "contribution_base_fen", pa.array(["x", "y"]))
    with pytest.raises(RuntimeError) as caught:
        renamed = wrong.rename_columns([*table.column_names[:2], "nothing"])
        list(figures_of(job, renamed.to_batches()))
    refusal = refusal_in(str(caught.value))
    assert refusal is not None and refusal.diagnostics[0].code == "YB460"


def test_another_yibaolang_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    other = evolve(Rules.of(read(CREDIT)), package="another")
    with pytest.raises(RuntimeError, match="another yibaolang"):
        other.book()


# ── what is told before anything runs ──


def asked(*arguments: str) -> list[str]:
    people = ["population", "--people", "people", "--on", "2024-06"]
    return [*people, "--spark", "local[1]", *arguments]


@pytest.mark.parametrize("arguments", [
    ["--out", "o", "--engine", "quick"],
    ["--out", "o", "--explain", "7"],
    ["--out", "o", "--group-by", "region"],
    ["--out", "o", "--format", "csv"],
    ["--out", "o", "--encoding", "utf-8"],
    ["--out", "o", "--sort"],
    ["--out", "o", "--threads", "2"],
    ["--out", "o", "--picture", "p.svg"],
    ["--out", "o", "--compare"],
    ["--out", "o", "--what", "balances"],
    ["--out", "o", "--as-listed"],
    ["--out", "o", "--spark-conf", "spark.x"],
    ["--out", "o", "--events", "events"],
    ["--out", "o", "--rejects", "o/bad"],
    ["--out", "o", "--rejects", "o/"],
    ["--out", "people/o"],
    [],
])  # fmt: skip
def test_what_makes_no_sense_is_misuse(arguments: list[str]) -> None:
    assert main(asked(*arguments)) == 2


@pytest.mark.parametrize("arguments", [
    ["--what", "blances"], ["--figure", "credit"], ["--rejects", "bad"], ["--allow-rejects"],
    ["--out", "events"], ["--year", "2024"],
])  # fmt: skip
def test_ledgers_have_no_options_of_figures(arguments: list[str]) -> None:
    common = ["population", "--events", "events", "--from", "2024-01-01", "--to", "2024-12-31"]
    out = [] if "--out" in arguments else ["--out", "o"]
    assert main([*common, "--spark", "local[1]", *out, *arguments]) == 2


@pytest.mark.parametrize("package", ["pandas", "pyspark"])
def test_missing_packages_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setitem(sys.modules, f"{package}.sql", None)
    assert main(asked("--out", "o")) == 1
    error = capsys.readouterr().err
    assert "YB485" in error and package in error


def test_missing_java_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    nowhere = str(tmp_path)
    for environ in ({"PATH": nowhere}, {"JAVA_HOME": nowhere, "PATH": os.environ["PATH"]}):
        with pytest.raises(Refusal):
            spark_session.check_java(environ)
    monkeypatch.setenv("JAVA_HOME", nowhere)
    assert main(asked("--out", "o")) == 1
    assert "YB486" in capsys.readouterr().err


def test_what_spark_says_of_itself_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    errors = pytest.importorskip("pyspark.errors")

    def fail(*_: object) -> None:
        raise errors.PySparkRuntimeError("[NO_MASTER] there is no such master\n\tat org.apache")

    monkeypatch.setattr("yibaolang.population.spark_files.session", fail)
    assert main(asked("--out", "o", "--lang", "zh")) == 1
    assert "Spark \u51fa\u9519\uff1a[NO_MASTER] there is no such master" in capsys.readouterr().err
    assert issubclass(SparkError, RuntimeError)


def test_an_engine_must_be_one() -> None:
    with pytest.raises(ValueError, match="native or reference"):
        on_spark(read("credit 5"), None, on="2024-06", engine="quick")
