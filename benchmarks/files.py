"""`yibao population` from Parquet to Parquet, against the same rule in SQL: whole processes.

The rule, its regions and its people are those of `_persons`, with an account each. The processes
alternate, with bytecode, documents and kernels kept from a round that does not count; medians are
compared, of the time that passes, which says something only where the cores are free, and of that
of processors, which other programs disturb less. Every result must be equal to the fen; of whoever
gives it in another order that is said.

Aims, at 10^7 rows: at most 1.1 times DuckDB on two cores, and at most 300 MiB. Whoever is not
installed is left out (the extra `peers`). YIBAO_BENCH_ROWS=1e6 measures another number of rows;
from 10^8 on it is ours alone, against its memory at 10^7. YIBAO_BENCH_FOLDER says where the files
are written (10^8 people take 1.4 GB and the results 1 GB).
"""

import importlib
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from benchmarks._files_peers import by_duckdb, by_polars
from benchmarks._persons import ON, as_arrow, by_numpy, people, rule_text

ROWS = 10_000_000
ROUNDS = 5
ALONE = 100_000_000
"""From so many rows on nobody else is measured."""

AIM = 1.1
MOST_MIB = 300
FLAT = 1.25
"""Memory is flat if ten times the rows take at most so many times as much: buffers differ a bit."""

OURS = "yibao population"
_PART = 1_000_000

# Another process that is small: the memory of a new one begins with that of who started it.
_START = """
import json, os, sys, time
begin = time.perf_counter()
null = os.open(os.devnull, os.O_WRONLY)
actions = [(os.POSIX_SPAWN_DUP2, null, 1)]
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=actions)
_, status, usage = os.wait4(process, 0)
passed = time.perf_counter() - begin
print(json.dumps([passed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, status]))
"""


class Spent(NamedTuple):
    """Seconds that passed, seconds of processors, and MiB at most."""

    passed: float
    used: float
    mib: float


def spent(command: list[str], environment: dict[str, str]) -> Spent:
    """What a process takes; SystemExit if it fails."""
    starter = [sys.executable, "-S", "-E", "-c", _START, *command]
    done = subprocess.run(starter, env=environment, stdout=subprocess.PIPE, check=True)
    passed, used, mib, status = json.loads(done.stdout)
    if status:
        raise SystemExit(f"{command[:3]} failed")
    return Spent(passed, used, mib)


# ── people and what they get ──


def write_people(count: int, path: str) -> None:
    """People of `_persons` with accounts, in groups of a million rows."""
    arrow: Any = importlib.import_module("pyarrow")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    writer = None
    for begin, size, seed in _parts(count):
        accounts = arrow.array([f"{each:010}" for each in range(begin, begin + size)])
        table = as_arrow(people(size, seed)).add_column(0, "account", accounts)
        writer = writer or parquet.ParquetWriter(path, table.schema)
        writer.write_table(table, row_group_size=_PART)
    if writer is not None:
        writer.close()


def verdict(count: int, path: str) -> str:
    """What is to be said of a result: nothing if it is right and in the order of the people."""
    numpy: Any = importlib.import_module("numpy")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    same, total, wanted, rows = True, 0, 0, 0
    with parquet.ParquetFile(path) as file:
        batches = file.iter_batches(_PART, columns=["account", "credit_fen", "credit_refused"])
        found = _cut(batches, count)
        for (begin, size, seed), (accounts, fen) in zip(_parts(count), found, strict=True):
            expected = by_numpy(people(size, seed))
            ours = numpy.arange(begin, begin + size)
            same = same and numpy.array_equal(fen, expected)
            same = same and numpy.array_equal(accounts, ours)
            total, wanted = total + int(fen.sum()), wanted + int(expected.sum())
            rows += size
        if (file.metadata.num_rows, total) != (rows, wanted):
            return "WRONG"
    return "" if same else "in another order"


def _parts(count: int) -> Iterator[tuple[int, int, int]]:
    """Where each part of the people begins, how many they are, and their seed."""
    for number, begin in enumerate(range(0, count, _PART)):
        yield begin, min(_PART, count - begin), 7 + number


def _cut(batches: Any, count: int) -> Iterator[tuple[Any, Any]]:
    """Accounts as numbers and fen of a result, in parts of as many rows as those of people."""
    arrow: Any = importlib.import_module("pyarrow")
    compute: Any = importlib.import_module("pyarrow.compute")
    waiting: Any = None
    for _, size, _ in _parts(count):
        while waiting is None or waiting.num_rows < size:
            batch = next(batches, None)
            if batch is None:
                raise SystemExit("rows are missing")
            own = arrow.Table.from_batches([batch])
            waiting = own if waiting is None else arrow.concat_tables([waiting, own])
        part, waiting = waiting.slice(0, size), waiting.slice(size)
        if part["credit_refused"].null_count != size:
            raise SystemExit("somebody has no credit")
        yield compute.cast(part["account"], arrow.int64()).to_numpy(), part["credit_fen"].to_numpy()


def _apart(call: str, environment: dict[str, str]) -> str:
    """Run a function of this module in another process, so that this one stays small."""
    code = f"from benchmarks import files\nprint(files.{call} or '')"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, check=True
    )
    return done.stdout.decode().strip()


# ── measuring ──


def commands(folder: str, source: str, alone: bool) -> dict[str, list[str]]:
    """The command of each that is installed; its result is `out_path`."""
    ours = [sys.executable, "-m", "yibaolang.cli.main", "population"]
    ours += [os.path.join(folder, "rules.yb"), "--people", source, "--on", ON.isoformat()]
    found = {OURS: [*ours, "--engine", "native", "--out", out_path(folder, OURS)]}
    threads = os.cpu_count() or 1
    texts = {}
    if not alone and there("duckdb"):
        for name, joined in (("DuckDB, lists", False), ("DuckDB, join", True)):
            texts[name] = by_duckdb(source, out_path(folder, name), joined, threads)
    if not alone and there("polars"):
        texts["polars, streaming"] = by_polars(source, out_path(folder, "polars, streaming"))
    return found | {name: [sys.executable, "-c", text] for name, text in texts.items()}


def there(package: str) -> bool:
    """Whether a package is installed; if not, a line says that it is left out."""
    if importlib.util.find_spec(package) is None:
        print(f"{package} is not installed, and left out (pip install yibaolang[peers])")
        return False
    return True


def out_path(folder: str, name: str) -> str:
    """Where the result of a contender is written."""
    return os.path.join(folder, f"{name.replace(', ', '_').replace(' ', '_')}.parquet")


def environment_in(folder: str) -> dict[str, str]:
    """An environment with caches of its own."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    cache = os.path.join(folder, "cache")
    os.makedirs(cache, mode=0o700, exist_ok=True)
    return kept | {
        "YIBAO_CACHE_DIR": cache, "PYTHONPYCACHEPREFIX": os.path.join(folder, "bytecode")
    }  # fmt: skip


def measured(count: int, folder: str, alone: bool) -> dict[str, Spent]:
    """The medians of each; SystemExit if a result of ours is wrong."""
    environment = environment_in(folder)
    source = os.path.join(folder, "people.parquet")
    _apart(f"write_people({count}, {source!r})", environment)
    found = commands(folder, source, alone)
    rounds: dict[str, list[Spent]] = {name: [] for name in found}
    for turn in range((1 if alone else ROUNDS) + 1):
        for name, command in found.items():
            one = spent(command, environment)
            if turn:
                rounds[name].append(one)
    for name in found:
        said = _apart(f"verdict({count}, {out_path(folder, name)!r})", environment)
        if said:
            print(f"{name}: {said}")
        elif name != OURS:
            print(f"{name}: the same, in the same order")
        if said and name == OURS:
            raise SystemExit(1)
    return {
        name: Spent(*(statistics.median(each) for each in zip(*own, strict=True)))
        for name, own in rounds.items()
    }


def show(found: dict[str, Spent]) -> None:
    """A line for each, with ratios and aims."""
    own = found[OURS]
    for name, each in found.items():
        line = f"{name:20}{each.passed:8.2f} s{each.used:8.2f} s of processors{each.mib:8.0f} MiB"
        if name == OURS:
            line += f"  aim at most {MOST_MIB} MiB: {_kept(each.mib <= MOST_MIB)}"
        else:
            ratio, used = own.passed / each.passed, own.used / each.used
            line += f"  ours takes {ratio:.2f} of it ({used:.2f} of processors)"
            if name.startswith("DuckDB"):
                line += f", aim at most {AIM}: {_kept(ratio <= AIM)}"
        print(line, flush=True)


def _kept(kept: bool) -> str:
    return "kept" if kept else "MISSED"


def main() -> None:
    """Measure and print."""
    if not all(map(there, ("llvmlite", "numpy", "pyarrow"))):
        return
    top = os.environ.get("YIBAO_BENCH_FOLDER")
    count = int(float(os.environ.get("YIBAO_BENCH_ROWS") or ROWS))
    alone = count >= ALONE
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(machine if alone else f"{machine}, {ROUNDS} alternating rounds, medians")
    memory = []
    for rows in (count // 10, count) if alone else (count,):
        with tempfile.TemporaryDirectory(dir=top) as folder:
            with open(os.path.join(folder, "rules.yb"), "w", encoding="utf-8") as file:
                file.write(rule_text())
            print(f"{rows:,} persons from Parquet to Parquet", flush=True)
            found = measured(rows, folder, alone)
            show(found)
            memory.append(found[OURS].mib)
    if alone:
        ratio = memory[1] / memory[0]
        print(f"memory at ten times the rows: {ratio:.2f}, aim at most {FLAT}: "
              f"{_kept(ratio <= FLAT)}")  # fmt: skip


if __name__ == "__main__":
    main()
