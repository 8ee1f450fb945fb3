"""A real cluster of Spark on loopback for tests: a master and workers, started and stopped."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

HOST = "127.0.0.1"
PARTS = 6
"""Partitions of accounts."""

JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""These processes live for seconds: they had better not compile much."""

PATIENCE = 60
"""Seconds until a process that does not come up is given up."""


def needed() -> str:
    """What must be installed before a cluster can be started; "" if nothing is missing."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed: pip install -e '.[dev]'"
    home = os.environ.get("JAVA_HOME")
    if shutil.which(os.path.join(home, "bin", "java") if home else "java") is None:
        return "Java is not installed: apt install openjdk-17-jre-headless"
    return ""


class Cluster:
    """A standalone master and its workers, each with one core, as processes of their own.

    They come up while something else is done: `wait` for them before they are used.
    """

    def __init__(self, folder: Path, workers: int = 2) -> None:
        self.folder = folder
        self.count = workers
        self.port, self.web = free_ports(2)
        self.master: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        """The address of the master."""
        return f"spark://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def wait(self) -> None:
        """Wait until the master knows all workers; RuntimeError if they do not come up."""
        end = time.monotonic() + PATIENCE
        while self.alive() < self.count:
            if time.monotonic() > end or any(each.poll() is not None for each in self.processes):
                raise RuntimeError(f"the cluster does not come up:\n{self.told()}")
            time.sleep(0.2)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.stop()

    def _start(self) -> None:
        at = ["--host", HOST, "--port", str(self.port), "--webui-port", str(self.web)]
        self.master = self._daemon("master", "org.apache.spark.deploy.master.Master", *at)
        # Workers wait for a master that is not there yet, and so they start at the same time.
        for number in range(self.count):
            work = self.folder / f"work{number}"
            self.workers.append(self._daemon(
                f"worker{number}", "org.apache.spark.deploy.worker.Worker", "--host", HOST,
                "--webui-port", "0", "--cores", "1", "--memory", "1g", "--work-dir", str(work),
                self.url,
            ))  # fmt: skip

    def _daemon(self, name: str, kind: str, *arguments: str) -> subprocess.Popen[bytes]:
        from pyspark.find_spark_home import _find_spark_home

        program = os.path.join(_find_spark_home(), "bin", "spark-class")
        with open(self.folder / f"{name}.log", "wb") as log:
            # A session of its own: executors belong to it, and are stopped with it.
            return subprocess.Popen(
                [program, kind, *arguments], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                cwd=self.folder, env=self.environ(), start_new_session=True,
            )  # fmt: skip

    def environ(self) -> dict[str, str]:
        """The environment of everything that belongs to the cluster."""
        return os.environ | {
            "SPARK_LOCAL_IP": HOST, "SPARK_DAEMON_MEMORY": "256m", "SPARK_DAEMON_JAVA_OPTS": JAVA,
            "SPARK_LOCAL_DIRS": str(self.folder / "scratch"), "PYSPARK_PYTHON": sys.executable,
        }  # fmt: skip

    @property
    def processes(self) -> list[subprocess.Popen[bytes]]:
        """The master and the workers."""
        return [*([self.master] if self.master else []), *self.workers]

    def alive(self) -> int:
        """How many workers the master knows to be alive."""
        try:
            with urlopen(f"http://{HOST}:{self.web}/json/", timeout=5) as answer:
                found = json.load(answer)
        except (URLError, OSError, ValueError):
            return 0
        return int(found["aliveworkers"])

    def told(self) -> str:
        """The ends of what all of them wrote."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"{each.name}: {each.read_text('utf-8')[-2000:]}" for each in logs)

    def stop(self) -> None:
        """Stop everything, whatever state it is in."""
        for each in reversed(self.processes):
            _signal(each.pid, signal.SIGTERM)
        for each in reversed(self.processes):
            with suppress(subprocess.TimeoutExpired):
                each.wait(5)
            # Executors too, which are in the group of their worker.
            _signal(each.pid, signal.SIGKILL)
            each.wait(PATIENCE)


def _signal(group: int, kind: signal.Signals) -> None:
    try:
        os.killpg(group, kind)
    except (ProcessLookupError, PermissionError):
        return


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on."""
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def below(parent: int) -> list[set[int]]:
    """The processes that run below one: those that it started, those that these started, …"""
    done = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in done.stdout.splitlines()]
    running = {int(pid): int(of) for pid, of, state in rows if not state.startswith("Z")}
    found, level = [], {parent}
    while level := {pid for pid, of in running.items() if of in level}:
        found.append(level)
    return found


@contextmanager
def only_once(folder: Path) -> Iterator[bool]:
    """Whether this process is the one that does what is done once in a folder; others wait."""
    import fcntl

    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "done"
    with open(folder / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        first = not done.exists()
        # Before and not after: what failed once is not tried again by every other process.
        done.touch()
        yield first


def settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Settings of a small session whose workers have the paths of this process."""
    paths = {
        f"spark.executorEnv.{name}": environ[name]
        for name in ("PYTHONPATH", "YIBAO_CACHE_DIR") if name in environ
    }  # fmt: skip
    return paths | {
        "spark.driver.host": HOST, "spark.driver.bindAddress": HOST, "spark.ui.enabled": "false",
        "spark.driver.memory": "512m", "spark.executor.memory": "512m",
        "spark.driver.extraJavaOptions": JAVA, "spark.executor.extraJavaOptions": JAVA,
        # Java that is made for a query costs more than it saves where there are a few rows.
        "spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.shuffle.partitions": str(PARTS), "spark.task.maxFailures": "2",
        # Every file is a partition: there must be some to lose.
        "spark.sql.files.maxPartitionBytes": "1m", "spark.sql.files.openCostInBytes": "1m",
    }  # fmt: skip
