"""What a credit costs for each of millions of people on Spark, and what ledgers cost.

The rule and the people are those of `_persons`, with an account each, in files of a million rows.
One machine does the same with the same kernel on all threads, for comparison; every sum must be
that of NumPy. The accounts are those of `_accounts`, sixty events each; their balances must be
those of one machine. All go from Parquet to Parquet, but ledgers on one machine end in memory.
Spark's start is told apart: it is paid once, and so is a first run, which is not measured. Seconds
of processors are told too, of Java and Python together, since they are what grows with the people
and what other programs disturb less.

YIBAO_BENCH_ROWS=1e5,1e6,1e7 says how many people, YIBAO_BENCH_ACCOUNTS=1e4,1e5 how many accounts,
YIBAO_BENCH_MASTER=local[2] on which master, and YIBAO_BENCH_FOLDER where the files are written
(10^8 people take 1.6 GB and the results 1 GB).
"""

import importlib
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import _accounts
from benchmarks._persons import ON, as_arrow, by_numpy, people, rule_text
from yibaolang import read
from yibaolang.engine.rulebook import RuleBook
from yibaolang.population import spark
from yibaolang.population.evaluate import Population, asks_for
from yibaolang.population.ledger_accounts import ledgers
from yibaolang.population.spark_files import evaluate_files, ledger_files

A_FILE = 1_000_000
ACCOUNTS_IN_FILE = 50_000
WARM = 100_000
_BATCH = 1 << 17
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure each number of people and of accounts, and print two tables."""
    master = os.environ.get("YIBAO_BENCH_MASTER", "local[2]")
    top = os.environ.get("YIBAO_BENCH_FOLDER")
    start = time.perf_counter()
    spark.session(master, {"spark.driver.memory": "2g", "spark.ui.enabled": "false"})
    version = importlib.import_module("pyspark").__version__
    ready = time.perf_counter() - start
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, pyspark {version} on {master}: session ready in {ready:.1f} s")
    for what, name, default, run in (
        ("persons", "ROWS", "1e5,1e6", of_people), ("accounts", "ACCOUNTS", "1e4", of_accounts)
    ):  # fmt: skip
        asked = os.environ.get(f"YIBAO_BENCH_{name}", default)
        heads = (what, "Spark s", "core s", "core ns", "alone s", "core s", "core ns")
        print("".join(f"{each:>13}" for each in heads), flush=True)
        counts = [int(float(each)) for each in asked.split(",") if each]
        for number, count in enumerate([min(WARM, *counts), *counts] if counts else []):
            with tempfile.TemporaryDirectory(dir=top) as folder:
                row = run(count, Path(folder), master)
                if number:
                    print(f"{count:>13,}{row}", flush=True)


# ── people ──


def of_people(count: int, folder: Path, master: str) -> str:
    """What people cost on Spark, and on one machine."""
    rules = read(rule_text())
    total = write_people(count, folder / "people")
    source, out = str(folder / "people"), folder / "out"

    def on_spark() -> None:
        found = evaluate_files(rules, source, str(out), master=master, on=ON)
        if (found.rows, found.rejected, found.refused) != (count, 0, 0):
            raise SystemExit(f"not everybody has a credit: {found}")

    told = measured(on_spark, count)
    check(out, total)
    shutil.rmtree(out)
    told += measured(lambda: alone(rules, folder / "people", out), count)
    check(out, total)
    return told


def write_people(count: int, folder: Path) -> int:
    """Write people in files; the sum of their credits by NumPy."""
    arrow: Any = importlib.import_module("pyarrow")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    folder.mkdir()
    total = 0
    for number, begin in enumerate(range(0, count, A_FILE)):
        size = min(A_FILE, count - begin)
        columns = people(size, seed=7 + number)
        total += int(by_numpy(columns).sum())
        accounts = arrow.array([f"{each:010}" for each in range(begin, begin + size)])
        table = as_arrow(columns).append_column("account", accounts)
        parquet.write_table(table, folder / f"{number:04}.parquet", row_group_size=_BATCH)
    return total


def alone(rules: RuleBook, source: Path, out: Path) -> None:
    """The same on one machine, batch by batch, on all threads."""
    parquet: Any = importlib.import_module("pyarrow.parquet")
    asking = Population(rules, asks_for(rules, "credit", ON, None, None), engine="native")
    out.mkdir()
    for path in sorted(source.iterdir()):
        writer = None
        for batch in parquet.ParquetFile(path).iter_batches(_BATCH):
            found = asking.batch(batch)
            writer = writer or parquet.ParquetWriter(out / path.name, found.schema)
            writer.write_batch(found)
        writer.close()


def check(folder: Path, total: int) -> None:
    """SystemExit if the credits in a folder do not come to a total."""
    parquet: Any = importlib.import_module("pyarrow.parquet")
    compute: Any = importlib.import_module("pyarrow.compute")
    found = 0
    for path in folder.glob("*.parquet"):
        credits = parquet.read_table(path, columns=["credit_fen"]).column(0)
        found += compute.sum(credits).as_py() or 0
    if found != total:
        raise SystemExit(f"the credits are {found} fen, not {total}")


# ── accounts ──


def of_accounts(count: int, folder: Path, master: str) -> str:
    """What the ledgers of accounts cost on Spark, and on one machine."""
    kernels: Any = importlib.import_module("benchmarks.ledger_kernel")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    rules = read(_accounts.RULES)
    events = kernels.arrow(kernels.columns(count))
    source, out = folder / "events", folder / "out"
    source.mkdir()
    rows = -(-events.num_rows // -(-count // ACCOUNTS_IN_FILE))
    for number, begin in enumerate(range(0, events.num_rows, rows)):
        parquet.write_table(events.slice(begin, rows), source / f"{number:04}.parquet")
    asked: dict[str, Any] = {"first": _accounts.FIRST, "last": _accounts.LAST}
    asked |= {"region": _accounts.REGION, "as_listed": True, "engine": "native"}

    def on_spark() -> None:
        ledger_files(rules, "", str(source), str(out), master=master, **asked)

    def on_one_machine() -> None:
        found = ledgers(rules, None, parquet.read_table(source), **asked)
        balances = parquet.read_table(out / "balances").sort_by("account")
        if not balances.equals(found.balances.sort_by("account")):
            raise SystemExit("the balances are not those of one machine")

    return measured(on_spark, count) + measured(on_one_machine, count)


# ── measuring ──


def measured(run: Callable[[], None], count: int) -> str:
    """Seconds of a run, those of processors, and these for each in nanoseconds."""
    begin, spent = time.perf_counter(), processor_seconds()
    run()
    passed, spent = time.perf_counter() - begin, processor_seconds() - spent
    return f"{passed:>13.1f}{spent:>13.1f}{spent / count * 1e9:>13.0f}"


def processor_seconds() -> float:
    """What this process and all that it started have used, in Linux; workers elsewhere not."""
    parents, used = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        parents[pid] = int(fields[1])
        used[pid] = sum(map(int, fields[11:15]))
    own = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in own} - own:
        own |= more
    return sum(used.get(pid, 0) for pid in own) / _TICKS


if __name__ == "__main__":
    main()
