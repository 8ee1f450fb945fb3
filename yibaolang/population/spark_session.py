"""A session of Spark: what it needs, how it is started, and what it is doing."""

import importlib
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from attrs import frozen

from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.population.columns import load_arrow

_SETTINGS = {
    "spark.app.name": "yibaolang",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
}
"""What a session is set to if nobody says otherwise."""

_PAUSE = 0.25
"""Seconds from one look at the stages to the next."""


def load_spark() -> Any:
    """The package pyspark with all that it needs for Arrow; Refusal YB485 if one is missing."""
    load_arrow()
    for name in ("pandas", "pyspark.sql"):
        try:
            importlib.import_module(name)
        except ImportError as error:
            package = name.partition(".")[0]
            raise Refusal(diagnostic("YB485", None, package=package)) from error
    return importlib.import_module("pyspark")


def session(master: str, settings: Mapping[str, str] | None = None) -> Any:
    """A session of Spark on a master, such as local[2], spark://host:7077, yarn or k8s://….

    The one that this process has already is given again. Workers use the interpreter of this
    process unless $PYSPARK_PYTHON or the settings say another. Refusal YB485 without the packages
    of the extra `spark`, YB486 without Java.
    """
    sql = load_spark().sql
    check_java()
    chosen = {**_SETTINGS, **(settings or {})}
    # A context that Python makes reads the interpreter of its workers here and nowhere else.
    os.environ.setdefault("PYSPARK_PYTHON", chosen.get("spark.pyspark.python", sys.executable))
    builder = sql.SparkSession.builder.master(master)
    for name, value in chosen.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def check_java(environ: Mapping[str, str] = os.environ) -> None:
    """Refusal YB486 if there is no Java where Spark looks for it."""
    home = environ.get("JAVA_HOME")
    own = os.path.join(home, "bin", "java") if home else "java"
    if shutil.which(own, path=environ.get("PATH")) is None:
        raise Refusal(diagnostic("YB486", None))


# ── what it is doing ──


@frozen
class Stage:
    """A stage that runs: its number, its tasks, and how many of them are done or have failed."""

    number: int
    tasks: int
    done: int
    failed: int


Tell = Callable[[Sequence[Stage]], None]
"""What is given the stages that run, in the order of their numbers, several times a second."""


@contextmanager
def watched(spark: Any, tell: Tell | None) -> Iterator[None]:
    """Tell of the stages that run until the block ends; nothing if there is nobody to tell."""
    if tell is None:
        yield
        return
    ended = threading.Event()
    lost: Any = importlib.import_module("py4j.protocol").Py4JError

    def watch() -> None:
        # Who waits for the work is told what ends it: this only looks on.
        with suppress(lost):
            while not ended.wait(_PAUSE):
                running = stages(spark)
                if running:
                    tell(running)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()


def stages(spark: Any) -> tuple[Stage, ...]:
    """The stages that run now in a session."""
    tracker = spark.sparkContext.statusTracker()
    found = []
    for number in sorted(tracker.getActiveStageIds()):
        info = tracker.getStageInfo(number)
        if info is not None:
            found.append(Stage(
                number, info.numTasks, info.numCompletedTasks, info.numFailedTasks
            ))  # fmt: skip
    return tuple(found)
