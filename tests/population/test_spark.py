"""A Spark cluster of two workers says what one machine says, also when a worker dies."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from tests.population.spark_cluster import Cluster, needed, only_once
from tests.population.spark_scenarios import FIGURES, FILES, FIRST, LAST, ON, PLAIN
from yibaolang import load
from yibaolang.cli.main import main
from yibaolang.engine.rulebook import RuleBook, read
from yibaolang.language.diagnostics import Refusal
from yibaolang.population import spark
from yibaolang.population.evaluate import population
from yibaolang.population.ledger_accounts import Accounts, ledgers

ROOT = Path(__file__).resolve().parent.parent.parent
PEOPLE, ACCOUNTS = 2_000, 200
POISON = {
    "0000000042": ("region", "\u706b\u661f"),
    "0000000777": ("contribution_base", "12,3x"),
    "0000001500": ("contribution_base", "many"),
}
"""What is put into the rows of some people, who must be rejected, all others not."""

POISONED_ACCOUNT = "0000000123"
pytestmark = pytest.mark.slow


def made(folder: Path) -> None:
    """Files of people and events, with a bad row here and there."""
    common = ["--in", "\u6d4e\u5357,\u6b66\u6c49", "--seed", "7", "--format", "parquet"]
    for what, count in (("people", PEOPLE), ("events", ACCOUNTS)):
        path = folder / f"{what}.parquet"
        asked = ["--what", what, "--count", str(count), "--out", str(path)]
        assert main(["synthesize", *common, *asked]) == 0
        rows = pyarrow.parquet.read_table(path).to_pylist()
        schema = pyarrow.parquet.read_schema(path)
        for row in rows:
            if what == "people" and row["account"] in POISON:
                row.update([POISON[row["account"]]])
        if what == "events":
            bad = next(each for each in rows if each["account"] == POISONED_ACCOUNT)
            bad["kind"] = "spent"
        parts = FILES if what == "people" else 3
        (folder / what).mkdir()
        # Cut by rows: the events of an account may begin in one file and go on in the next.
        size = -(-len(rows) // parts)
        for number in range(parts):
            some = pyarrow.Table.from_pylist(rows[number * size :][:size], schema=schema)
            pyarrow.parquet.write_table(some, folder / what / f"{number:02}.parquet")
    text = "include \u6d4e\u5357\ninclude \u6b66\u6c49\npost on day 10\n"
    (folder / "rules.yb").write_text(text, "utf-8")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the cluster has worked: once, however many processes run these tests."""
    missing = needed()
    if missing:
        pytest.fail(missing)
    top = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        top = top.parent
    place = top / "spark"
    with only_once(place) as first:
        if first:
            made(place)
            run(place)
    yield place


def run(place: Path) -> None:
    """Start the cluster, run the scenarios on it, stop it."""
    cache, copy = place / "cache", place / "copy"
    cache.mkdir(mode=0o700)
    # Workers want the very files of the driver, and somebody may be editing these.
    unwanted = shutil.ignore_patterns("__pycache__")
    for name in ("yibaolang", "grammars", "examples", "tests/population"):
        shutil.copytree(ROOT / name, copy / name, ignore=unwanted)
    for name in ("pyproject.toml", "tests/__init__.py"):
        shutil.copy(ROOT / name, copy / name)
    with Cluster(place / "cluster") as cluster:
        command = [sys.executable, "-m", "tests.population.spark_scenarios", str(place)]
        own = {"PYTHONPATH": str(copy), "YIBAO_CACHE_DIR": str(cache)}
        pids = [str(each.pid) for each in cluster.workers]
        done = subprocess.run(
            [*command, cluster.url, *pids], env=cluster.environ() | own, cwd=copy, timeout=300,
            capture_output=True, encoding="utf-8",
        )  # fmt: skip
        (place / "said.txt").write_text(done.stdout + done.stderr, "utf-8")


@pytest.fixture(scope="session")
def rules(folder: Path) -> RuleBook:
    return load(str(folder / "rules.yb"))


@pytest.fixture(scope="session")
def alone(folder: Path, rules: RuleBook) -> list[dict[str, Any]]:
    """The figures as one machine gives them, poisoned rows too."""
    people = read_folder(folder / "people")
    return rows(population(rules, people, FIGURES, on=ON))


@pytest.fixture(scope="session")
def accounts(folder: Path, rules: RuleBook) -> Accounts:
    """The ledgers as one machine gives them."""
    people, events = (read_folder(folder / each) for each in ("people", "events"))
    return ledgers(
        rules, people, events, first=FIRST, last=LAST, postings=True, engine="reference"
    )


def read_folder(path: Path) -> Any:
    """The parts of a folder in the order of their names."""
    parts = sorted(path.glob("*.parquet"))
    return pyarrow.concat_tables(map(pyarrow.parquet.read_table, parts))


def rows(table: Any) -> list[dict[str, Any]]:
    """Rows by account; those of an account as they come."""
    found: list[dict[str, Any]] = table.to_pylist()
    return sorted(found, key=lambda row: row["account"])


def told(folder: Path, name: str) -> dict[str, Any]:
    """What a scenario told; a failure with all that Spark said if it did not come to its end."""
    path = folder / "told.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    if name not in found:
        said = folder / "said.txt"
        pytest.fail(said.read_text("utf-8")[-6000:] if said.exists() else "nothing was run")
    scenario: dict[str, Any] = found[name]
    return scenario


def test_figures_are_those_of_one_machine(folder: Path, alone: list[dict[str, Any]]) -> None:
    good = [row for row in alone if row["account"] not in POISON]
    refused = sum(any(row[f"{name}_refused"] for name in FIGURES) for row in good)
    assert told(folder, "written")["figures"] == [len(good), len(POISON), refused]
    table = read_folder(folder / "out" / "figures")
    assert rows(table) == good
    assert table.schema.names == list(good[0])


def test_parts_keep_the_order_of_their_rows(folder: Path) -> None:
    told(folder, "written")
    parts = sorted((folder / "out" / "figures").glob("*.parquet"))
    accounts = [
        pyarrow.parquet.read_table(each).column("account").to_pylist() for each in parts
    ]
    assert len(accounts) == FILES
    assert all(each == sorted(each) for each in accounts)


def test_bad_rows_are_rejected_and_stop_nothing(folder: Path) -> None:
    told(folder, "written")
    rejects = rows(read_folder(folder / "out" / "rejects"))
    assert [each["account"] for each in rejects] == sorted(POISON)
    for each in rejects:
        name, text = POISON[each["account"]]
        assert json.loads(each["row"])[name] == text
        assert text in each["reason"]


def test_the_command_line_does_the_same(folder: Path) -> None:
    # Bad rows that are not allowed: they are told, and so does the exit code.
    assert told(folder, "command")["code"] == 1
    out = folder / "out"
    assert rows(read_folder(out / "told")) == rows(read_folder(out / "figures"))
    reasons = [
        [row.pop("reason") for row in rows(read_folder(out / name))]
        for name in ("rejects", "told_rejects")
    ]
    assert len(reasons[0]) == len(reasons[1]) and reasons[0] != reasons[1]


@pytest.mark.parametrize("name", ["balances", "accumulators", "refused", "postings"])
def test_ledgers_are_those_of_one_machine(folder: Path, accounts: Accounts, name: str) -> None:
    expected = getattr(accounts, name)
    table = read_folder(folder / "out" / "ledgers" / name)
    assert told(folder, "written")["ledgers"][name] == expected.num_rows
    assert rows(table) == rows(expected)
    assert table.schema.names == expected.schema.names


def test_native_ledgers_are_those_of_one_machine(folder: Path) -> None:
    events = read_folder(folder / "events")
    expected = ledgers(
        read(PLAIN), None, events, first=FIRST, last=LAST, region="plain", as_listed=True,
        engine="native", lang="zh",
    )  # fmt: skip
    assert expected.engines["native"] and expected.engines["reference"]
    for name in ("balances", "accumulators", "refused"):
        table = read_folder(folder / "out" / "native" / name)
        assert rows(table) == rows(getattr(expected, name))
        assert told(folder, "native")[name] == table.num_rows


def test_an_account_with_a_bad_event_is_told_and_stops_nothing(accounts: Accounts) -> None:
    refused = {row["account"]: row for row in accounts.refused.to_pylist()}
    kept = set(accounts.balances.column("account").to_pylist())
    assert POISONED_ACCOUNT in refused and POISONED_ACCOUNT not in kept
    assert len(kept) >= ACCOUNTS - 1


def test_a_killed_executor_changes_nothing(folder: Path, alone: list[dict[str, Any]]) -> None:
    seen = told(folder, "executor_killed")
    assert 0 < seen["done"] < seen["of"] and seen["failed"]
    assert rows(read_folder(folder / "out" / "figures_killed")) == alone


def test_a_killed_worker_changes_nothing(folder: Path, accounts: Accounts) -> None:
    seen = told(folder, "worker_killed")
    assert 0 < seen["done"] < seen["of"] and seen["failed"]
    assert rows(read_folder(folder / "out" / "balances_killed")) == rows(accounts.balances)


def test_paths_and_workers_refuse_as_one_machine_does(folder: Path) -> None:
    found = told(folder, "refused")
    found.pop("seconds")
    assert found == {"there": "FileExistsError", "missing": "FileNotFoundError", "twice": "YB476"}


# ── what is told before anything runs ──


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("pandas", "pyspark"):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, package, None)
            patch.setitem(sys.modules, f"{package}.sql", None)
            with pytest.raises(Refusal) as caught:
                spark.session("local[1]")
        why = caught.value.diagnostics[0]
        assert (why.code, dict(why.arguments)) == ("YB485", {"package": package})


def test_missing_java_is_told(tmp_path: Path) -> None:
    nowhere = str(tmp_path)
    for environ in ({"PATH": nowhere}, {"JAVA_HOME": nowhere, "PATH": os.environ["PATH"]}):
        with pytest.raises(Refusal) as caught:
            spark.check_java(environ)
        assert caught.value.diagnostics[0].code == "YB486"


def test_an_engine_must_be_one() -> None:
    with pytest.raises(ValueError, match="native or reference"):
        spark.evaluate(read("credit 5"), None, on="2024-06", engine="quick")
