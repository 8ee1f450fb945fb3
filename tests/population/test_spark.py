"""A Spark cluster of two workers says what one machine says, also when a worker dies."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet
import pytest

from tests.population.spark_cluster import PARTS, Cluster, needed, only_once
from tests.population.spark_scenarios import FIGURES, FILES, FIRST, LAST, ON, TABLES
from yibaolang import load
from yibaolang.cli.main import main
from yibaolang.engine.rulebook import RuleBook
from yibaolang.population.evaluate import population
from yibaolang.population.ledger_accounts import Accounts, ledgers
from yibaolang.population.spark_columns import schema_of, shape_of

ROOT = Path(__file__).resolve().parent.parent.parent
PEOPLE, ACCOUNTS = 400, 120
POISON = {
    "0000000042": ("region", "\u706b\u661f"),
    "0000000177": ("contribution_base", "12,3x"),
    "0000000300": ("contribution_base", "many"),
}
"""What is put into the rows of some people, who must be rejected, all others not."""

POISONED_ACCOUNT = "0000000023"
RULES = "include \u6d4e\u5357\ninclude \u6b66\u6c49\n"
PLAIN = """
region plain
cover 60% of outpatient above 300\u5143 per year up to 4000\u5143 per year
cover 80% of inpatient above 600\u5143 per stay up to 20000\u5143 per year over all levels
cover 0% of drugs
allow outpatient, inpatient, drugs for self
draw current, rest to cash
"""
"""Rules that have a native form; accounts with facts and moves are for the reference engine."""

pytestmark = pytest.mark.slow


def made(folder: Path) -> None:
    """Files of people and events, with a bad row here and there."""
    common = ["--in", "\u6d4e\u5357,\u6b66\u6c49", "--seed", "7", "--format", "parquet"]
    for what, count in (("people", PEOPLE), ("events", ACCOUNTS)):
        path = folder / f"{what}.parquet"
        asked = ["--what", what, "--count", str(count), "--out", str(path)]
        assert main(["synthesize", *common, *asked]) == 0
        schema, rows = pyarrow.parquet.read_schema(path), pyarrow.parquet.read_table(path)
        rows = rows.to_pylist()
        for row in rows:
            if what == "people" and row["account"] in POISON:
                row.update([POISON[row["account"]]])
        if what == "events":
            bad = next(each for each in rows if each["account"] == POISONED_ACCOUNT)
            bad["kind"] = "spent"
            # A day with many bills of an account, which then stand in several files.
            for row in rows:
                if row["account"].endswith("5") and row["kind"] == "bill":
                    row["date"] = date(2024, 6, 3)
        table = pyarrow.Table.from_pylist(rows, schema=schema)
        pyarrow.parquet.write_table(table, path)
        (folder / what).mkdir()
        for number, some in enumerate(cut_people(table) if what == "people" else cut_events(table)):
            pyarrow.parquet.write_table(some, folder / what / f"{number:02}.parquet")
        few = table.slice(0, 2)
        if what == "people":
            pyarrow.parquet.write_table(
                pyarrow.concat_tables([few, few]), folder / "twice.parquet"
            )
        else:
            pyarrow.parquet.write_table(few, folder / "few.parquet")
    (folder / "rules.yb").write_text(f"{RULES}post on day 10\n", "utf-8")
    (folder / "plain.yb").write_text(RULES + PLAIN, "utf-8")


def cut_people(people: Any) -> list[Any]:
    """People in files, as they come."""
    size = -(-people.num_rows // FILES)
    return [people.slice(number * size, size) for number in range(FILES)]


def cut_events(events: Any) -> list[Any]:
    """Events in three files: each account begins in the first, the smallest, and ends in the last.

    Spark reads the largest one first.
    """
    names = events.column("account").to_pylist()
    counts, found = Counter(names), Counter[str]()
    rows: list[list[int]] = [[], [], []]
    for at, name in enumerate(names):
        share = found[name] / counts[name]
        rows[0 if share < 0.2 else 1 if share < 0.5 else 2].append(at)
        found[name] += 1
    return [events.take(pyarrow.array(each)) for each in rows]


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
            run(place)
    yield place


def run(place: Path) -> None:
    """Start the cluster, run the scenarios on it, stop it."""
    cache, copy = place / "cache", place / "copy"
    cache.mkdir(mode=0o700)
    with Cluster(place / "cluster") as cluster:
        # Workers want the very files of the driver, and somebody may be editing these.
        unwanted = shutil.ignore_patterns("__pycache__")
        for name in ("yibaolang", "grammars", "examples", "tests/population"):
            shutil.copytree(ROOT / name, copy / name, ignore=unwanted)
        for name in ("pyproject.toml", "tests/__init__.py"):
            shutil.copy(ROOT / name, copy / name)
        made(place)
        cluster.wait()
        command = [sys.executable, "-m", "tests.population.spark_scenarios", str(place)]
        own = {"PYTHONPATH": str(copy), "YIBAO_CACHE_DIR": str(cache)}
        pids = [str(each.pid) for each in cluster.workers]
        done = subprocess.run(
            [*command, cluster.url, *pids], env=cluster.environ() | own, cwd=copy, timeout=300,
            capture_output=True, encoding="utf-8",
        )  # fmt: skip
        (place / "said.txt").write_text(done.stdout + done.stderr, "utf-8")
        (place / "alive.txt").write_text(str(cluster.alive()), "utf-8")


@pytest.fixture(scope="session")
def rules(folder: Path) -> RuleBook:
    return load(str(folder / "rules.yb"))


@pytest.fixture(scope="session")
def alone(folder: Path) -> Any:
    """The figures that the command writes on one machine, and the rows that it rejects."""
    rejects = folder / "alone_rejects.csv"
    code = main([
        "population", str(folder / "rules.yb"), "--people", str(folder / "people.parquet"),
        "--on", ON, "--figure", ",".join(FIGURES), "--out", str(folder / "alone.parquet"),
        "--rejects", str(rejects), "--allow-rejects", "--format", "csv",
    ])  # fmt: skip
    assert code == 0
    texts = pyarrow.csv.ConvertOptions(column_types={"account": pyarrow.string()})
    return (
        pyarrow.parquet.read_table(folder / "alone.parquet"),
        pyarrow.csv.read_csv(rejects, pyarrow.csv.ReadOptions(skip_rows=1), convert_options=texts),
    )


@pytest.fixture(scope="session")
def accounts(folder: Path, rules: RuleBook) -> Accounts:
    """The ledgers as one machine gives them."""
    people, events = (
        pyarrow.parquet.read_table(folder / f"{each}.parquet") for each in ("people", "events")
    )
    return ledgers(
        rules, people, events, first=FIRST, last=LAST, postings=True, engine="reference"
    )


def parts_of(path: Path) -> list[Any]:
    """The parts of a folder in the order of their names; a file is one."""
    return [pyarrow.parquet.read_table(each) for each in sorted(path.glob("*.parquet"))]


def written(table: Any) -> bytes:
    """A table without dictionaries as CSV, to the byte, with its columns and their types."""
    schema = schema_of(shape_of(table.schema))
    file = io.BytesIO(str(schema).encode())
    file.seek(0, io.SEEK_END)
    plain = pyarrow.Table.from_arrays(
        [column.cast(each.type) for column, each in zip(table.columns, schema, strict=True)],
        schema=schema,
    )
    pyarrow.csv.write_csv(plain, file)
    return file.getvalue()


def by_account(tables: Sequence[Any]) -> bytes:
    """The rows of tables by account; those of an account as they come."""
    table = pyarrow.concat_tables(tables)
    order = pyarrow.compute.sort_indices(table, sort_keys=[("account", "ascending")])
    return written(table.take(order))


def told(folder: Path, name: str) -> dict[str, Any]:
    """What a scenario told; a failure with all that Spark said if it did not come to its end."""
    path = folder / "told.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    if name not in found:
        said = folder / "said.txt"
        pytest.fail(said.read_text("utf-8")[-6000:] if said.exists() else "nothing was run")
    scenario: dict[str, Any] = found[name]
    return scenario


# ── figures ──


def test_every_part_is_what_one_machine_makes_of_its_file(folder: Path, rules: RuleBook) -> None:
    told(folder, "command")
    expected = []
    for people in parts_of(folder / "people"):
        good = pyarrow.compute.is_in(
            people.column("account"), value_set=pyarrow.array(sorted(POISON))
        )
        kept = people.filter(pyarrow.compute.invert(good))
        expected.append(written(population(rules, kept, FIGURES, on=ON)))
    assert sorted(map(written, parts_of(folder / "out" / "told"))) == sorted(expected)
    assert len(expected) == FILES


def test_bad_rows_are_rejected_as_on_one_machine(folder: Path, alone: Any) -> None:
    assert told(folder, "python_killed")["figures"][1] == len(POISON)
    rejects = {
        row["account"]: row for part in parts_of(folder / "out" / "rejects")
        for row in part.to_pylist()
    }
    assert {name: row["reason"] for name, row in rejects.items()} == {
        row["account"]: row["reason"] for row in alone[1].to_pylist()
    }
    assert sorted(rejects) == sorted(POISON)
    for account, (name, text) in POISON.items():
        assert json.loads(rejects[account]["row"])[name] == text


def test_the_command_line_tells_how_far_it_is(folder: Path) -> None:
    # Bad rows that are not allowed: they are told, and so does the exit code.
    found = told(folder, "command")
    assert found["code"] == 1
    assert f"/{FILES} " in found["stderr"] and "\u9636\u6bb5" in found["stderr"]
    reasons = [part.column("reason").to_pylist() for part in parts_of(folder / "out/told_rejects")]
    assert any("\u706b\u661f" in reason for some in reasons for reason in some)


def test_killed_python_changes_nothing(folder: Path, alone: Any) -> None:
    seen = told(folder, "python_killed")
    assert 0 < seen["done"] < seen["of"] and seen["failed"]
    codes = [f"{name}_refused" for name in FIGURES]
    refused = sum(any(row[each] for each in codes) for row in alone[0].to_pylist())
    assert seen["figures"] == [PEOPLE - len(POISON), len(POISON), refused]
    assert by_account(parts_of(folder / "out" / "figures")) == by_account([alone[0]])


# ── ledgers ──


@pytest.mark.parametrize("name", TABLES)
def test_a_killed_worker_changes_no_ledger(folder: Path, accounts: Accounts, name: str) -> None:
    seen = told(folder, "worker_killed")
    assert 0 < seen["done"] < seen["of"] and seen["failed"]
    assert (folder / "alive.txt").read_text() == "1"
    expected = getattr(accounts, name)
    assert seen["tables"][name] == expected.num_rows > 0
    assert by_account(parts_of(folder / "out" / "ledgers" / name)) == by_account([expected])


def test_native_ledgers_are_those_of_one_machine(folder: Path) -> None:
    events = pyarrow.parquet.read_table(folder / "events.parquet")
    expected = ledgers(
        load(str(folder / "plain.yb")), None, events, first=FIRST, last=LAST, region="plain",
        as_listed=True, engine="native", postings=True,
    )  # fmt: skip
    assert expected.engines["native"] and expected.engines["reference"]
    assert told(folder, "native")["code"] == 1
    for name in TABLES:
        parts = parts_of(folder / "out" / "native" / name)
        assert by_account(parts) == by_account([getattr(expected, name)])


def test_accounts_are_spread_over_parts_and_sorted_in_them(folder: Path) -> None:
    told(folder, "native")
    parts = [
        each.column("account").to_pylist()
        for each in parts_of(folder / "out" / "native" / "balances")
    ]
    assert len(parts) == PARTS
    assert all(each == sorted(each) for each in parts)
    assert len({name for each in parts for name in each}) == sum(map(len, parts)) > ACCOUNTS // 2


def test_an_account_with_a_bad_event_is_told_and_stops_nothing(accounts: Accounts) -> None:
    refused = {row["account"]: row for row in accounts.refused.to_pylist()}
    kept = set(accounts.balances.column("account").to_pylist())
    assert POISONED_ACCOUNT in refused and POISONED_ACCOUNT not in kept
    assert len(kept) >= ACCOUNTS - 1


def test_paths_and_workers_refuse_as_one_machine_does(folder: Path) -> None:
    found = told(folder, "refused")
    found.pop("seconds")
    assert found == {
        "there": "FileExistsError", "missing": "FileNotFoundError", "other": "YB473",
        "twice": "YB476",
    }  # fmt: skip
