"""Ledgers in native code against C by hand and integer Python by hand, on the same accounts.

The rules and accounts are those of `_accounts`: five years, some sixty events each. The rules are
sentences; C and Python are written by hand for these rules alone. Kernels get columns that are
ready; "from Arrow" is the whole call of `ledgers`, with the reading of its tables. Rounds
alternate, and medians are compared: of processor time, so that other programs disturb less, and for
two cores of the time that passes, which says something only where both are free. Every account of
every contender must come out alike, to the fen. YIBAO_BENCH_ACCOUNTS=1e6 measures another number.

Aims: overflow-checked at most 1.4 times the time of `gcc -O3 -march=native` on one core, at least
1.7 times as fast on two free cores, at least 60 times as fast as integer Python, and at most 2.5
times the time where postings are written.
"""

import ctypes
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks import _accounts
from benchmarks._accounts import Raw
from yibaolang import read
from yibaolang.engine.measures import programs_of
from yibaolang.population.ledger_accounts import ledgers
from yibaolang.population.ledger_arrays import column_of, named
from yibaolang.population.ledger_events import Events
from yibaolang.population.ledger_facts import Facts, Holder
from yibaolang.population.ledger_held import Held
from yibaolang.population.ledger_kernel import source
from yibaolang.population.ledger_loop import Wanted
from yibaolang.population.ledger_native import Native, Part, Ran, Room
from yibaolang.population.ledger_track import Class
from yibaolang.program.layout import BUCKET, TOTAL, Cell

ACCOUNTS = 100_000, 1_000_000
ROUNDS = 7
BY_HAND = 1_000
"""So many accounts are run by integer Python."""

PART = 1 << 12
"""So many accounts are run by one call of C."""

PASSED = ", passed"
"""The end of the name of what is measured by the time that passes."""

_EPOCH = date(1970, 1, 1).toordinal()
_FIRST = _accounts.FIRST.toordinal() - _EPOCH
_DAYS = (_accounts.LAST - _accounts.FIRST).days
_CLASSES = Class("credit", "current", "self"), Class("bill", "inpatient", "self")
_OUTCOMES = (BUCKET, "current"), (BUCKET, "carried"), (TOTAL, "cash"), (TOTAL, "fund")


class Columns(NamedTuple):
    """Events as columns: where an account's begin, days since 1970, levels (0: a credit), fen."""

    offsets: NDArray[np.int64]
    days: NDArray[np.int32]
    levels: NDArray[np.int8]
    amounts: NDArray[np.int64]


def columns(accounts: int) -> Columns:
    """The events of `_accounts.raw_events`, for many accounts at once."""
    word = np.arange(accounts, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(12345)
    counts = (50 + (word >> np.uint64(40)) % np.uint64(21)).astype(np.int64)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    total = int(offsets[-1])
    found = Columns(
        offsets, np.empty(total, np.int32), np.empty(total, np.int8), np.empty(total, np.int64)
    )
    for index in range(int(counts.max())):
        word = word * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        one = (word >> np.uint64(33)).astype(np.int64)
        other = ((word >> np.uint64(20)) & np.uint64(0x1FFF)).astype(np.int64)
        there = np.flatnonzero(counts > index)
        one, other, at = one[there], other[there], offsets[:-1][there] + index
        choice = one % 100
        found.days[at] = _FIRST + (index * _DAYS + one % _DAYS) // counts[there]
        found.levels[at] = np.select([choice < 60, choice < 85, choice < 95], [0, 1, 2], 3)
        bill = 3000 + other * other // 700 * (1 + one % 23)
        found.amounts[at] = np.where(choice < 60, 5000 + other * 4, bill)
    return found


# ── contenders ──


class Kernel:
    """The sentences as native code, over columns."""

    def __init__(self, events: Columns, postings: bool) -> None:
        rules = read(_accounts.RULES)
        programs = programs_of(rules)
        people = Holder(rules.book, frozenset(), frozenset())
        facts = Facts(people, _accounts.FIRST, _accounts.LAST)
        plans = programs.plans(_accounts.REGION, "", frozenset())
        begin = time.perf_counter()
        wanted = Wanted(_CLASSES, frozenset({"levels"}), postings)
        self.source = source(programs, plans, facts, wanted)
        printed = time.perf_counter()
        self.native = Native(self.source)
        self.seconds = printed - begin, time.perf_counter() - printed
        codes = (events.levels > 0).astype(np.int8)
        nothing = Held(np.zeros((len(events.offsets) - 1, 1), np.int64))
        arrays = Events(
            rules.book, None, None, events.offsets, events.days, events.days, codes,
            events.amounts, _CLASSES, None, events.levels,
        )  # fmt: skip
        self.part = Part(arrays, events.offsets[:-1], events.offsets[1:], nothing)
        # As C, which writes into memory that is there.
        self.room = Room(self.source, len(events.offsets) - 1)

    def run(self, threads: int) -> Ran:
        """All accounts."""
        return self.native.run(self.part, threads, self.room)

    def outcomes(self) -> NDArray[np.int64]:
        """What C gives of each account; SystemExit if the kernel left any of them out."""
        ran = self.run(1)
        layout = self.source.shared.layout.cells
        cells = {layout[cell]: at for at, cell in enumerate(self.source.cells)}
        # Two events in one place are none that is left out: these stand in order.
        if bool((ran.status & ~2).any()) or any(len(each.what) for each in ran.refusals):
            raise SystemExit("the kernel left accounts to the reference engine")
        return np.stack([ran.cells[cells[Cell(*each)]] for each in _OUTCOMES], axis=1)


class Compiled:
    """C by hand, as gcc compiles it; None if there is no gcc."""

    def __init__(self, folder: str, events: Columns) -> None:
        text = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ledger_kernel.c")
        path = os.path.join(folder, "ledger.so")
        flags = ["-O3", "-march=native", "-shared", "-fPIC"]
        subprocess.run(["gcc", *flags, "-o", path, text], check=True)
        self.library = ctypes.CDLL(path)
        self.events = events
        self.count = len(events.offsets) - 1
        self.out = np.zeros((self.count, 4), np.int64)
        self.journal = np.zeros((len(events.days), 4), np.int64)

    def run(self, name: str, threads: int = 1) -> None:
        """One of the functions, on so many cores."""
        function: Any = getattr(self.library, name)
        function.restype = ctypes.c_int64
        journal = self.journal.ctypes.data if name == "ledger_journal" else None
        arrays = [ctypes.c_void_p(each.ctypes.data) for each in self.events]
        found = ctypes.c_void_p(self.out.ctypes.data), ctypes.c_void_p(journal)

        def part(first: int) -> int:
            last = min(first + PART, self.count)
            failed: int = function(*arrays, ctypes.c_int64(first), ctypes.c_int64(last), *found)
            return failed

        with ThreadPoolExecutor(threads) as pool:
            if any(pool.map(part, range(0, self.count, PART))):
                raise SystemExit("C has overflowed")


def by_hand(events: Columns, accounts: int) -> Callable[[], NDArray[np.int64]]:
    """Integer Python by hand, on the first accounts."""
    raws = []
    for account in range(accounts):
        begin, end = events.offsets[account : account + 2].tolist()
        parts = (each[begin:end].tolist() for each in (events.days, events.levels, events.amounts))
        raws.append([Raw(day + _EPOCH, level, fen) for day, level, fen in zip(*parts, strict=True)])
    return lambda: np.array([_accounts.by_hand(each) for each in raws])


def arrow(events: Columns) -> Any:
    """The events as a table, as files have them."""
    counts = np.diff(events.offsets)
    accounts = [f"{each:07}" for each in range(len(counts))]
    names = named(np.repeat(np.arange(len(counts)), counts), accounts)
    bills = (events.levels > 0).astype(np.int32)
    before = np.repeat(events.offsets[:-1], counts)
    levels = pa.array([None, *_accounts.LEVELS[1:]], pa.string())
    return pa.table({
        "account": names.dictionary_decode(),
        "date": column_of(events.days, pa.date32()),
        "seq": column_of(np.arange(len(bills)) - before, pa.int64()),
        "kind": named(bills, ["credit", "bill"]),
        "name": named(bills, ["current", "inpatient"]),
        "amount_fen": column_of(events.amounts, pa.int64()),
        "level": levels.take(pa.array(events.levels.astype(np.int32))),
    })  # fmt: skip


# ── measuring ──


def medians(functions: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median seconds of each, in alternating rounds after one that does not count.

    Of those whose name ends with ", passed" it is the time that passes, else processor time.
    """
    spent: dict[str, list[float]] = {name: [] for name in functions}
    for turn in range(ROUNDS + 1):
        for name, function in functions.items():
            clock = time.perf_counter if name.endswith(PASSED) else time.process_time
            begin = clock()
            function()
            if turn:
                spent[name].append(clock() - begin)
    return {name: statistics.median(each) for name, each in spent.items()}


def cores_of(name: str, cores: int) -> str:
    """What is measured by the time that passes on so many cores."""
    return f"{name}, {cores} core{'s' * (cores > 1)}{PASSED}"


def check(name: str, found: NDArray[np.int64], expected: NDArray[np.int64]) -> None:
    """SystemExit if accounts came out otherwise."""
    if not np.array_equal(found, expected[: len(found)]):
        wrong = int((found != expected[: len(found)]).any(axis=1).sum())
        raise SystemExit(f"{name}: {wrong} accounts are wrong")


def main() -> None:
    """Measure and print."""
    said = os.environ.get("YIBAO_BENCH_ACCOUNTS", "")
    for accounts in [int(float(said))] if said else ACCOUNTS:
        measured(accounts)


def measured(accounts: int) -> None:
    """Measure so many accounts and print; SystemExit if the outcomes do not agree."""
    version, today = platform.python_version(), date.today().isoformat()
    python, system = platform.python_implementation(), platform.system()
    print(f"{python} {version}, {system} {platform.machine()}, {today}")
    events = columns(accounts)
    total = len(events.days)
    plain, posting = Kernel(events, False), Kernel(events, True)
    print(f"{accounts:,} accounts, {total:,} events, {ROUNDS} alternating rounds, medians")
    for name, each in (("", plain), (" with postings", posting)):
        told = "found" if each.native.kernel.kept else "compiled"
        first, second = each.seconds
        print(f"kernel{name}: printed in {first * 1e3:.0f} ms, {told} in {second * 1e3:.0f} ms")
    outcomes = plain.outcomes()
    check("postings", posting.outcomes(), outcomes)
    functions: dict[str, Callable[[], object]] = {
        "native, 1 core": lambda: plain.run(1),
        cores_of("native", 1): lambda: plain.run(1),
        cores_of("native", 2): lambda: plain.run(2),
        "native, postings, 1 core": lambda: posting.run(1),
    }
    with tempfile.TemporaryDirectory() as folder:
        if shutil.which("gcc"):
            compiled = Compiled(folder, events)
            compiled.run("ledger")
            check("C", compiled.out, outcomes)
            for name in ("ledger", "ledger_checked", "ledger_journal"):
                functions[f"C, {name}"] = lambda name=name: compiled.run(name)
            for cores in (1, 2):
                functions[cores_of("C", cores)] = lambda cores=cores: compiled.run("ledger", cores)
        else:
            print("there is no gcc: C by hand is not compared")
        spent = medians(functions)
    loop = by_hand(events, min(accounts, BY_HAND))
    begin = time.process_time()
    found = loop()
    spent["integer Python"] = (time.process_time() - begin) / len(found) * accounts
    check("integer Python", found, outcomes)
    spent[f"native, from Arrow{PASSED}"] = from_arrow(events, outcomes)
    show(spent, total)


def from_arrow(events: Columns, outcomes: NDArray[np.int64]) -> float:
    """The seconds of the whole call, on all cores; SystemExit if it is wrong."""
    table, rules = arrow(events), read(_accounts.RULES)
    begin = time.perf_counter()
    found = ledgers(
        rules, None, table, first=_accounts.FIRST, last=_accounts.LAST, region=_accounts.REGION,
        as_listed=True,
    )  # fmt: skip
    seconds = time.perf_counter() - begin
    names = "current_fen", "carried_fen", "total_cash_fen", "total_fund_fen"
    columns_ = [found.balances.column(name).to_numpy() for name in names]
    check("from Arrow", np.stack(columns_, axis=1), outcomes)
    if found.engines["reference"]:
        raise SystemExit(f"{found.engines['reference']} accounts were left to the reference engine")
    return seconds


def show(spent: dict[str, float], events: int) -> None:
    """Print what was measured, and how it compares with the aims."""
    for name, seconds in spent.items():
        rate = f"{seconds / events * 1e9:9.2f} ns an event {events / seconds / 1e6:8.2f} M a second"
        print(f"{name:32}{rate}{seconds / spent['native, 1 core']:9.2f} of native, 1 core")
    one = spent["native, 1 core"]
    if "C, ledger" in spent:
        print(f"{one / spent['C, ledger']:.2f} times the time of C (aim: at most 1.4)")
    for name in ("native", "C"):
        if cores_of(name, 2) in spent:
            gained = spent[cores_of(name, 1)] / spent[cores_of(name, 2)]
            print(f"{gained:.2f} times as fast on two cores: {name} (aim: 1.7)")
    for name in ("native, 1 core", "C, ledger"):
        if name in spent:
            gained = spent["integer Python"] / spent[name]
            print(f"{gained:.0f} times as fast as integer Python: {name} (aim: 60)")
    more = spent["native, postings, 1 core"] / one
    print(f"{more:.2f} times the time with postings (aim: at most 2.5)")


if __name__ == "__main__":
    main()
