"""What the tests of the cluster run on it, in one process of its own: `FOLDER MASTER PIDS`.

Results are written as Parquet into the folder, what else is worth knowing as JSON. `PIDS` are the
processes of the workers.
"""

import io
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import redirect_stderr, suppress
from datetime import date
from pathlib import Path
from typing import Any

from tests.population.spark_cluster import PARTS, below, settings
from yibaolang import load
from yibaolang.cli.main import main as yibao
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Refusal
from yibaolang.population import spark
from yibaolang.population.spark_files import evaluate_files, ledger_files

ON, FIRST, LAST = "2024-06", date(2024, 1, 1), date(2024, 12, 31)
FIGURES = ("credit", "age")
FILES = 9
"""Files of people: a stage is known by how many tasks it has."""

TABLES = ("balances", "accumulators", "refused", "postings")


class Scenarios:
    """One session, and the processes behind it."""

    def __init__(self, folder: Path, master: str, workers: list[int]) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.master = master
        self.workers = workers
        self.settings = settings(os.environ)
        self.session = spark.session(master, self.settings)
        self.rules: RuleBook = load(str(folder / "rules.yb"))
        self.people = str(folder / "people")
        self.events = str(folder / "events")

    def command(self) -> dict[str, Any]:
        """The command line, in native code."""
        conf = [f"--spark-conf={name}={value}" for name, value in self.settings.items()]
        errors = io.StringIO()
        with redirect_stderr(errors):
            code = yibao([
                "population", str(self.folder / "rules.yb"), "--people", self.people, "--on", ON,
                "--figure", ",".join(FIGURES), "--spark", self.master, "--engine", "native",
                "--out", str(self.out / "told"), "--rejects", str(self.out / "told_rejects"),
                "--lang", "zh", "--progress", *conf,
            ])  # fmt: skip
        return {"code": code, "stderr": errors.getvalue()}

    def native(self) -> dict[str, Any]:
        """Ledgers in native code, of people of whom nothing is known, by the command line."""
        code = yibao([
            "population", str(self.folder / "plain.yb"), "--in", "plain", "--events", self.events,
            "--from", str(FIRST), "--to", str(LAST), "--as-listed", "--spark", self.master,
            "--what", ",".join(TABLES), "--out", str(self.out / "native"), "--json",
        ])  # fmt: skip
        return {"code": code}

    def refused(self) -> dict[str, Any]:
        """What is wrong with paths, and what a worker refuses."""
        there, nowhere = str(self.out / "told"), str(self.folder / "nowhere")
        twice, few = str(self.folder / "twice.parquet"), str(self.folder / "few.parquet")

        def evaluated(people: str, out: str) -> None:
            evaluate_files(
                self.rules, people, out, master=self.master, on=ON, settings=self.settings
            )

        def run() -> None:
            ledger_files(
                self.rules, twice, few, nowhere, master=self.master, first=FIRST, last=LAST,
                engine="reference", settings=self.settings,
            )  # fmt: skip

        asked: dict[str, Callable[[], None]] = {
            "there": lambda: evaluated(self.people, there),
            "missing": lambda: evaluated(nowhere, nowhere),
            "other": lambda: evaluated(str(self.folder / "rules.yb"), nowhere),
            "twice": run,
        }
        found = {}
        for name, ask in asked.items():
            try:
                ask()
            except Refusal as refusal:
                found[name] = refusal.diagnostics[0].code
            except OSError as error:
                found[name] = type(error).__name__
        return found

    def python_killed(self) -> dict[str, Any]:
        """The Python of an executor dies while people are asked, as for want of memory."""

        def run() -> dict[str, Any]:
            found = evaluate_files(
                self.rules, self.people, str(self.out / "figures"), master=self.master,
                figures=FIGURES, on=ON, engine="reference", rejects=str(self.out / "rejects"),
                settings=self.settings,
            )  # fmt: skip
            return {"figures": [found.rows, found.rejected, found.refused]}

        def victims() -> set[int]:
            # Below a worker is the executor, below it what starts the Pythons that work.
            return set().union(*below(self.workers[0])[2:])

        return self.killing(victims, FILES, run)

    def worker_killed(self) -> dict[str, Any]:
        """A whole worker dies while accounts are run, with what it had shuffled and kept."""

        def run() -> dict[str, Any]:
            found = ledger_files(
                self.rules, self.people, self.events, str(self.out / "ledgers"),
                master=self.master, first=FIRST, last=LAST, tables=TABLES, engine="reference",
                settings=self.settings,
            )  # fmt: skip
            return {"tables": dict(found.tables), "refused": found.refused}

        def victims() -> set[int]:
            return {self.workers[1]}.union(*below(self.workers[1])[:1])

        return self.killing(victims, PARTS, run)

    def killing(
        self, victims: Callable[[], set[int]], tasks: int, run: Callable[[], dict[str, Any]]
    ) -> dict[str, Any]:
        """Run, and kill when the stage of so many tasks that writes has done one of them.

        Who was killed between two tasks is not missed: then others are killed a second later.
        """
        tracker = self.session.sparkContext.statusTracker()
        seen: dict[str, Any] = {}
        ended = threading.Event()

        def failed() -> int:
            info = tracker.getStageInfo(seen["stage"]) if seen else None
            # A stage that has lost what was shuffled begins once more, as another attempt.
            return info.numFailedTasks + info.currentAttemptId if info else 0

        def watch() -> None:
            while not ended.wait(1 if seen else 0.01) and not failed():
                for stage in tracker.getActiveStageIds():
                    info = tracker.getStageInfo(stage)
                    writes = info and info.numTasks == tasks and "parquet" in info.name
                    if writes and info.numCompletedTasks:
                        for each in victims():
                            with suppress(ProcessLookupError):
                                os.kill(each, signal.SIGKILL)
                        seen.update(stage=stage, done=info.numCompletedTasks, of=info.numTasks)

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            told = run()
        finally:
            ended.set()
            watching.join()
        return told | seen | {"failed": failed()}


def main(folder: str, master: str, *workers: str) -> None:
    """Run everything and write what is known."""
    scenarios = Scenarios(Path(folder), master, [int(each) for each in workers])
    told = {}
    for name in ("command", "native", "refused", "python_killed", "worker_killed"):
        start = time.monotonic()
        told[name] = getattr(scenarios, name)()
        told[name]["seconds"] = round(time.monotonic() - start, 1)
        (Path(folder) / "told.json").write_text(json.dumps(told), "utf-8")
    scenarios.session.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
