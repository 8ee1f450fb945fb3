"""How many events of ledgers a second, against a loop by hand and against beancount; the memory.

The rules and accounts are those of `_accounts`. Every contender but the last two gets its events
ready made; "from a file" reads them from CSV, beancount loads a text with as many transactions.
Rounds alternate; the medians of processor time are compared, so that other programs disturb less.
The outcomes must be those of the loop, to the fen.

Aims: ten times as many events a second as beancount loads transactions, with reasons three times;
and a file that is ten times as long takes no more memory, because accounts go through one by one.
"""

import gc
import importlib
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

from benchmarks import _accounts
from benchmarks._accounts import Outcome
from yibaolang import read
from yibaolang.engine.account import Account
from yibaolang.engine.event_files import grouped
from yibaolang.engine.events import Event
from yibaolang.engine.given import known
from yibaolang.engine.ledger import Ledger, Ledgers
from yibaolang.engine.programs import Programs

ACCOUNTS = 1_000
ROUNDS = 5
FEWER, MORE = 1_667, 16_667
"""Accounts with 10^5 and 10^6 events."""


class Engine:
    """The rules made ready, and a way to run accounts by them."""

    def __init__(self, explained: bool) -> None:
        rules = read(_accounts.RULES)
        self.book = rules.book
        self._known = known(rules.book, ())
        self._ledgers = Ledgers(Programs(rules), explained)

    def run(self, name: str, events: Iterable[Event], earlier: int = 0) -> Ledger:
        """The ledger of an account that was opened some days earlier than it needs."""
        first, last = _accounts.FIRST - timedelta(earlier), _accounts.LAST
        account = Account(name, self._known, _accounts.REGION, first, last, True)
        return self._ledgers.run(account, events)

    def run_all(self, accounts: Iterable[tuple[str, Sequence[Event]]]) -> None:
        """Run accounts, and keep nothing."""
        for name, events in accounts:
            self.run(name, events)


def outcome(ledger: Ledger) -> Outcome:
    """What became of an account; SystemExit if anything was refused."""
    if ledger.refused:
        raise SystemExit(f"refused: {ledger.refused[0].refused}")
    balances = ledger.balances()
    cash = sum(each.fen for each in ledger.postings if each.kind == "cash")
    fund = sum(each.fen for each in ledger.postings if each.kind == "fund")
    return Outcome(balances["current"], balances["carried"], cash, fund)


def contenders(folder: str) -> tuple[int, dict[str, Callable[[], object]]]:
    """How many events there are, and by name what is measured; SystemExit if they do not agree."""
    raws = [_accounts.raw_events(account) for account in range(ACCOUNTS)]
    accounts = [(f"{number:07}", _accounts.events_of(raw)) for number, raw in enumerate(raws)]
    plain, explained = Engine(False), Engine(True)
    path = written(folder, "events.csv", _accounts.csv_lines(ACCOUNTS))
    expected = [_accounts.by_hand(each) for each in raws]
    for engine in (plain, explained):
        check([outcome(engine.run(*each)) for each in accounts], expected)
    check([outcome(plain.run(*each)) for each in grouped(path, plain.book)], expected)
    found: dict[str, Callable[[], object]] = {
        "by hand": lambda: [_accounts.by_hand(each) for each in raws],
        "plain": lambda: plain.run_all(accounts),
        "explained": lambda: explained.run_all(accounts),
        "plain, from a file": lambda: plain.run_all(grouped(path, plain.book)),
    }
    return sum(map(len, raws)), found | beancount(folder)


def beancount(folder: str) -> dict[str, Callable[[], object]]:
    """The loader of beancount, if it is installed."""
    try:
        loader: Any = importlib.import_module("beancount.loader")
    except ImportError:
        print("beancount is not installed and not compared: pip install beancount")
        return {}
    path = written(folder, "ledger.beancount", _accounts.beancount_lines(ACCOUNTS))
    # Otherwise the second load would read what the first one pickled.
    loader.initialize(False)

    def load() -> None:
        _, errors, _ = loader.load_file(path)
        if errors:
            raise SystemExit(f"beancount: {errors[0]}")

    return {"beancount": load}


def check(found: Sequence[Outcome], expected: Sequence[Outcome]) -> None:
    """SystemExit if the outcomes differ."""
    for index, (one, other) in enumerate(zip(found, expected, strict=True)):
        if one != other:
            raise SystemExit(f"account {index}: {one}, not {other}")


def written(folder: str, name: str, lines: Iterable[str]) -> str:
    """The path of a file with these lines."""
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(lines)
    return path


def medians(functions: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median seconds of each, in alternating rounds after one that does not count."""
    spent: dict[str, list[float]] = {name: [] for name in functions}
    for turn in range(ROUNDS + 1):
        for name, function in functions.items():
            if turn == 0 and name == "beancount":
                continue
            gc.collect()
            begin = time.process_time()
            function()
            if turn:
                spent[name].append(time.process_time() - begin)
    return {name: statistics.median(each) for name, each in spent.items()}


# ── memory ──


def stream(path: str) -> None:
    """Run a file account by account, and print the events, the sum of balances, the peak in KiB."""
    engine = Engine(False)
    count = total = 0
    for number, (name, events) in enumerate(grouped(path, engine.book)):
        # Accounts are opened on all days of ten years: nothing may be kept for each of these days.
        found = outcome(engine.run(name, events, number % 3652))
        count += len(events)
        total += found.current + found.carried
    print(count, total, peak())


def peak() -> int:
    """The most memory that this process has held, in KiB."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            (line,) = (each for each in file if each.startswith("VmHWM:"))
        return int(line.split()[1])
    except OSError:
        resource: Any = importlib.import_module("resource")
        most: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most // 1024 if sys.platform == "darwin" else most


def streamed(folder: str, accounts: int) -> tuple[int, int]:
    """The events of a file and the KiB that a process of its own needs; SystemExit if wrong."""
    path = written(folder, "stream.csv", _accounts.csv_lines(accounts))
    command = [sys.executable, "-c", "import sys; from benchmarks.ledgers import stream; "
               "stream(sys.argv[1])", path]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    count, total, most = map(int, done.stdout.split())
    found = [_accounts.by_hand(_accounts.raw_events(each)) for each in range(accounts)]
    expected = sum(each.current + each.carried for each in found)
    if total != expected:
        raise SystemExit(f"the file gives {total} fen, not {expected}")
    return count, most


def main() -> None:
    """Measure and print; SystemExit if the outcomes do not agree."""
    version = platform.python_version()
    print(f"{platform.python_implementation()} {version}, {platform.system()} {platform.machine()}")
    with tempfile.TemporaryDirectory() as folder:
        count, functions = contenders(folder)
        print(f"{ACCOUNTS:,} accounts, {count:,} events, {ROUNDS} alternating rounds, medians")
        spent = medians(functions)
        other = spent.get("beancount")
        for name, seconds in spent.items():
            rate = f"{count / seconds:11,.0f} a second {seconds / count * 1e6:8.2f} us each"
            ratio = f"{seconds / spent['by hand']:8.1f} of by hand"
            print(f"{name:20}{rate}{ratio}{faster(name, seconds, other)}")
        few, small = streamed(folder, FEWER)
        many, large = streamed(folder, MORE)
    for events, kibibytes in ((few, small), (many, large)):
        print(f"{events:9,} events from a file, account by account: {kibibytes / 1024:6.1f} MiB")
    growth = (large - small) / 1024 / (many - few) * 1e6
    print(f"{growth:.1f} MiB more for a million events (aim: flat)")


_AIMS = {"plain": 10, "explained": 3}


def faster(name: str, seconds: float, other: float | None) -> str:
    """How many times as fast as beancount."""
    if other is None or name == "beancount":
        return ""
    aim = f" (aim: {_AIMS[name]})" if name in _AIMS else ""
    return f"{other / seconds:8.1f} times beancount{aim}"


if __name__ == "__main__":
    main()
