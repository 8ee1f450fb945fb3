"""What the tests of the cluster run on it, in one process of its own: `FOLDER MASTER PIDS`.

Results are written as Parquet into the folder, what else is worth knowing as JSON. `PIDS` are the
processes of the workers.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tests.population.spark_cluster import children, settings
from yibaolang import load, read
from yibaolang.cli.main import main as yibao
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Refusal
from yibaolang.population import spark
from yibaolang.population.spark_files import evaluate_files, ledger_files

ON, FIRST, LAST = "2024-06", date(2024, 1, 1), date(2024, 12, 31)
FIGURES = ("credit", "age")
FILES, PARTS = 15, 8
"""Files of people and partitions of accounts: a stage is known by how many tasks it has."""

PLAIN = """
include \u6d4e\u5357
include \u6b66\u6c49
region plain
cover 60% of outpatient above 300\u5143 per year up to 4000\u5143 per year
cover 80% of inpatient above 600\u5143 per stay up to 20000\u5143 per year over all levels
cover 0% of drugs
allow outpatient, inpatient, drugs for self
draw current, rest to cash
"""
"""Rules that have a native form; accounts with facts and moves are for the reference engine."""


class Scenarios:
    """One session, and the processes behind it."""

    def __init__(self, folder: Path, master: str, workers: list[int]) -> None:
        self.folder = folder
        self.master = master
        self.workers = workers
        self.settings = settings(os.environ)
        self.session = spark.session(master, self.settings)
        self.rules: RuleBook = load(str(folder / "rules.yb"))
        self.people = str(folder / "people")
        self.events = str(folder / "events")

    def written(self) -> dict[str, Any]:
        """From files to files."""
        out = self.folder / "out"
        figures = evaluate_files(
            self.rules, self.people, str(out / "figures"), master=self.master, figures=FIGURES,
            on=ON, rejects=str(out / "rejects"), settings=self.settings,
        )  # fmt: skip
        found = ledger_files(
            self.rules, self.people, self.events, str(out / "ledgers"), master=self.master,
            first=FIRST, last=LAST, postings=True, engine="reference", settings=self.settings,
        )  # fmt: skip
        return {
            "figures": [figures.rows, figures.rejected, figures.refused],
            "ledgers": dict(found.tables),
        }

    def command(self) -> dict[str, Any]:
        """The command line."""
        out, rejects = (str(self.folder / "out" / each) for each in ("told", "told_rejects"))
        conf = [f"--spark-conf={name}={value}" for name, value in self.settings.items()]
        code = yibao([
            "population", str(self.folder / "rules.yb"), "--people", self.people, "--on", ON,
            "--figure", ",".join(FIGURES), "--spark", self.master, "--out", out,
            "--rejects", rejects, "--lang", "zh", *conf,
        ])  # fmt: skip
        return {"code": code}

    def refused(self) -> dict[str, Any]:
        """What is wrong with paths, and what a worker refuses."""
        twice = str(self.folder / "twice")
        people = self.session.read.parquet(self.people).limit(3)
        people.unionAll(people).write.parquet(twice)
        there, nowhere = str(self.folder / "out" / "figures"), str(self.folder / "nowhere")
        found = {}
        for name, who, out in (
            ("there", self.people, there), ("missing", nowhere, nowhere), ("twice", twice, nowhere)
        ):  # fmt: skip
            try:
                if name == "twice":
                    ledger_files(
                        self.rules, who, self.events, out, master=self.master, first=FIRST,
                        last=LAST, engine="reference", settings=self.settings,
                    )  # fmt: skip
                else:
                    evaluate_files(
                        self.rules, who, out, master=self.master, on=ON, settings=self.settings
                    )
            except Refusal as refusal:
                found[name] = refusal.diagnostics[0].code
            except OSError as error:
                found[name] = type(error).__name__
        return found

    def native(self) -> dict[str, Any]:
        """Ledgers in native code, of people of whom nothing is known."""
        found = ledger_files(
            read(PLAIN), "", self.events, str(self.folder / "out" / "native"), master=self.master,
            first=FIRST, last=LAST, region="plain", as_listed=True, engine="native", lang="zh",
            settings=self.settings,
        )  # fmt: skip
        return dict(found.tables)

    def executor_killed(self) -> dict[str, Any]:
        """An executor dies while people are asked; its worker starts another."""
        people = self.session.read.parquet(self.people)
        found = spark.evaluate(self.rules, people, FIGURES, on=ON, engine="reference")

        def kill() -> None:
            os.kill(children(self.workers[0])[0], signal.SIGKILL)

        def run() -> None:
            found.write.parquet(str(self.folder / "out" / "figures_killed"))

        return self.while_running(run, kill, FILES)

    def worker_killed(self) -> dict[str, Any]:
        """A whole worker dies while accounts are run, with what it had shuffled."""
        people, events = (self.session.read.parquet(each) for each in (self.people, self.events))
        found = spark.ledgers(
            self.rules, people, events, first=FIRST, last=LAST, engine="reference", parts=PARTS
        )

        def kill() -> None:
            for each in (self.workers[1], *children(self.workers[1])):
                os.kill(each, signal.SIGKILL)

        def run() -> None:
            path = str(self.folder / "out" / "balances_killed")
            found.balances.write.parquet(path)

        return self.while_running(run, kill, PARTS)

    def while_running(
        self, run: Callable[[], None], kill: Callable[[], None], tasks: int
    ) -> dict[str, Any]:
        """Run a job, and kill when its stage of so many tasks has done one of them."""
        tracker = self.session.sparkContext.statusTracker()
        seen: dict[str, Any] = {}
        ended = threading.Event()

        def watch() -> None:
            while not ended.is_set():
                for stage in tracker.getActiveStageIds():
                    info = tracker.getStageInfo(stage)
                    if info and info.numTasks == tasks and info.numCompletedTasks:
                        kill()
                        seen.update(stage=stage, done=info.numCompletedTasks, of=info.numTasks)
                        return
                time.sleep(0.01)

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            run()
        finally:
            ended.set()
            watching.join()
        info = tracker.getStageInfo(seen["stage"]) if seen else None
        # A stage that has lost what was shuffled begins once more, as another attempt.
        return seen | {"failed": info.numFailedTasks + info.currentAttemptId if info else 0}


def main(folder: str, master: str, *workers: str) -> None:
    """Run everything and write what is known."""
    scenarios = Scenarios(Path(folder), master, [int(each) for each in workers])
    told = {}
    for name in ("written", "command", "refused", "native", "executor_killed", "worker_killed"):
        start = time.monotonic()
        told[name] = getattr(scenarios, name)()
        told[name]["seconds"] = round(time.monotonic() - start, 1)
        (Path(folder) / "told.json").write_text(json.dumps(told), "utf-8")
    scenarios.session.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
