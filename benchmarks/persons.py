"""What a credit costs for each of millions of people, against the same rule written by hand.

Rounds of all contenders alternate in one process; medians are compared, and every result must be
equal to the fen and in the order of the rows. Aims, of checked native code on one core: at most
1.5 times the hand-written Numba kernel, and 10 times a copy of the amounts; 200 times as fast as
OpenFisca at least, 30 times as PolicyEngine, 5 times as DuckDB, 15 times as polars. Whoever is not
installed is left out (the extra `peers`). YIBAO_BENCH_ROWS=1e6 measures another number of rows.
"""

import importlib
import importlib.util
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from benchmarks._persons import NAMES, ON, Columns, as_arrow, by_numpy, people, rule_text
from benchmarks._persons_fisca import Fisca
from benchmarks._persons_peers import Run, by_duckdb, by_numba, by_polars, there
from yibaolang import read
from yibaolang.population.columns import columns_named
from yibaolang.population.evaluate import Population, Ready, asks_for
from yibaolang.population.results import Filled

ROUNDS = 9
SLOW_ROUNDS = 3
MOST_FOR_OPENFISCA = 1_000_000
FIRST_RESULT = 100_000
AIMS = {
    "Numba, 1 thread": (1.5, "at most"), "copy of the amounts": (10, "at most"),
    "OpenFisca, calculate": (200, "at least"), "PolicyEngine, calculate": (30, "at least"),
    "DuckDB, lists": (5, "at least"), "DuckDB, join": (5, "at least"),
    "polars, join": (15, "at least"), "polars, gather": (15, "at least"),
}  # fmt: skip
OURS = "yibao kernel, 1 thread"


class Contender:
    """Something that gives the fen of everybody; `prepare` is not measured."""

    def __init__(self, run: Callable[..., Any], prepare: Run | None = None, slow: bool = False):
        self.run = run
        self.prepare = prepare
        self.slow = slow

    def round(self) -> tuple[float, Any]:
        """The seconds of one run, and its result."""
        given = [] if self.prepare is None else [self.prepare()]
        begin = time.perf_counter()
        found = self.run(*given)
        return time.perf_counter() - begin, found


def ours(table: Any, columns: Columns) -> dict[str, Contender]:
    """The kernel alone over columns that are ready, and the whole call from Arrow to Arrow."""
    numpy: Any = importlib.import_module("numpy")
    rules, made = read(rule_text()), {}
    asks = asks_for(rules, "credit", ON, None, None)
    batch, count = table.combine_chunks().to_batches()[0], table.num_rows
    for threads in (1, os.cpu_count() or 1):
        asking = Population(rules, asks, engine="native", threads=threads)
        ready = asking.ready(batch, columns_named(batch.schema.names, rules.book))
        name = "1 thread" if threads == 1 else "all threads"
        if threads == 1:
            made[OURS] = Contender(alone(ready, asking.run(ready, count), count))

        def whole(asking: Population = asking) -> Any:
            return numpy.asarray(asking.batch(batch)["credit_fen"])

        made[f"yibao from Arrow to Arrow, {name}"] = Contender(whole)
    return made


def alone(ready: Ready, out: list[Filled], count: int) -> Run:
    """The kernel into memory that is there, as the kernel of Numba has it."""
    numpy: Any = importlib.import_module("numpy")
    outs = [at for each in out for at in (each.values.address, each.status.address)]
    addresses = [*ready.addresses, *outs]
    values = numpy.frombuffer(out[0].values, numpy.int64)[:count]

    def run() -> Any:
        # The statuses belong to `out`, which must live as long.
        if ready.kernel.call(addresses, 0, count) or len(out) != 1:
            raise SystemExit("somebody has no credit")
        return values

    return run


def contenders(columns: Columns) -> dict[str, Contender]:
    """All that are installed."""
    numpy: Any = importlib.import_module("numpy")
    count, out = len(columns["birth"]), numpy.empty(len(columns["birth"]), numpy.int64)
    found = ours(as_arrow(columns), columns)
    found["copy of the amounts"] = Contender(lambda: numpy.copyto(out, columns["base"]))
    if there("numba"):
        found |= {name: Contender(run) for name, run in by_numba(columns, out).items()}
    if there("duckdb"):
        found |= {name: Contender(run, slow=True) for name, run in by_duckdb(columns)}
    if there("polars"):
        found |= {name: Contender(run, slow=True) for name, run in by_polars(columns)}
    for name, package in (("OpenFisca", "openfisca_core"), ("PolicyEngine", "policyengine_core")):
        if not there(package):
            continue
        if name == "OpenFisca" and count > MOST_FOR_OPENFISCA:
            print(f"{name} is measured up to {MOST_FOR_OPENFISCA:,} rows")
            continue
        fisca = Fisca(package)
        found[f"{name}, calculate"] = Contender(
            fisca.credit, lambda fisca=fisca: fisca.simulation(columns), True
        )
    return found


def measured(found: dict[str, Contender], wanted: Any) -> dict[str, float]:
    """Nanoseconds for one person; SystemExit if a result is wrong, or in another order."""
    numpy: Any = importlib.import_module("numpy")
    spent: dict[str, list[float]] = {name: [] for name in found}
    for number in range(ROUNDS + 1):
        for name, each in found.items():
            if each.slow and number > SLOW_ROUNDS:
                continue
            seconds, result = each.round()
            if number:
                spent[name].append(seconds)
            elif result is not None and not numpy.array_equal(result, wanted):
                same = numpy.array_equal(numpy.sort(result), numpy.sort(wanted))
                print(f"{name}: {'IN ANOTHER ORDER' if same else 'WRONG'}")
                if name.startswith("yibao"):
                    raise SystemExit(1)
    return {name: statistics.median(each) / len(wanted) * 1e9 for name, each in spent.items()}


def show(found: dict[str, float]) -> None:
    """A line for each, with its ratio and its aim."""
    own = found[OURS]
    for name, spent in found.items():
        line = f"{name:40} {spent:10.2f} ns"
        if name in AIMS:
            aim, word = AIMS[name]
            ratio = own / spent if word == "at most" else spent / own
            kept = ratio <= aim if word == "at most" else ratio >= aim
            of = "of it" if word == "at most" else "as fast"
            line += f"  {ratio:8.2f} {of}, aim {word} {aim}: {'kept' if kept else 'MISSED'}"
        print(line, flush=True)


# ── the first result ──

_FIRST = """
import time
from benchmarks import _persons as p
table, text = p.as_arrow(p.people({count})), p.rule_text()
import pyarrow.compute
times = [time.perf_counter()]
from yibaolang import read
from yibaolang.population import compiling, evaluate
compiling.compiled("define i64 @none(ptr %a, i64 %b, i64 %c) {{\\n ret i64 0\\n}}", "none")
times.append(time.perf_counter())
rules = read(text)
times.append(time.perf_counter())
made, spent = evaluate.compiled, []
def timed(*given):
    begin = time.perf_counter()
    found = made(*given)
    spent.append(time.perf_counter() - begin)
    return found
evaluate.compiled = timed
found = evaluate.population(rules, table, "credit", on=p.ON, engine="native")
times.append(time.perf_counter())
found = evaluate.population(rules, table, "credit", on=p.ON, engine="native")
times.append(time.perf_counter())
steps = [1000 * (b - a) for a, b in zip(times, times[1:])]
print(*(f"{{each:.1f}}" for each in (steps[0], steps[1], 1000 * spent[0], steps[2])))
"""


def first_result() -> None:
    """How long the first result takes in a new process, without kept kernels and with them."""
    print(f"the first result on {FIRST_RESULT:,} persons, ms (medians of 5 processes)")
    for name in ("cold", "warm"):
        rows = []
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(5 + (name == "warm")):
                if name == "cold":
                    for kept in os.listdir(folder):
                        os.unlink(os.path.join(folder, kept))
                done = subprocess.run(
                    [sys.executable, "-c", _FIRST.format(count=FIRST_RESULT)],
                    env=os.environ | {"YIBAO_CACHE_DIR": folder}, capture_output=True, check=True,
                    encoding="utf-8",
                )  # fmt: skip
                rows.append([float(each) for each in done.stdout.split()])
        loaded, parsed, kernel, first = (
            statistics.median(each) for each in zip(*rows[-5:], strict=True)
        )
        print(
            f"{name}: kernel {kernel:.0f} (aim {'150' if name == 'cold' else '20'}), first call "
            f"{first:.0f} with it; before that LLVM {loaded:.0f}, rules of {len(NAMES)} regions "
            f"{parsed:.0f}",
            flush=True,
        )


def processor() -> str:
    """What runs this."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = next(line.split(":")[1].strip() for line in file if "model name" in line)
    except (OSError, StopIteration):
        model = platform.machine()
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def main() -> None:
    """Measure and print."""
    if not all(map(there, ("llvmlite", "numpy", "pyarrow"))):
        return
    print(processor())
    first_result()
    said = os.environ.get("YIBAO_BENCH_ROWS", "")
    for count in [int(float(said))] if said else [1_000_000, 10_000_000]:
        columns = people(count)
        print(f"{count:,} persons, {ROUNDS} alternating rounds ({SLOW_ROUNDS} of the slow)")
        show(measured(contenders(columns), by_numpy(columns)))


if __name__ == "__main__":
    main()
