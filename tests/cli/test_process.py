"""The command as a process: pipes, colour, encodings, what is imported for its start."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in ("YIBAO_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "TERM")
} | {"PYTHONPATH": str(ROOT), "TERM": "xterm"}
YIBAO = [sys.executable, "-m", "yibaolang"]


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*YIBAO, *arguments],
        env=ENVIRONMENT | environ,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def on_terminal(*arguments: str, **environ: str) -> str:
    """What a command writes to a terminal."""
    ours, theirs = pty.openpty()
    subprocess.run(
        [*YIBAO, *arguments], env=ENVIRONMENT | environ, stdout=theirs, stderr=theirs, check=False
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux: nobody has the other end open any more
            break
        if not piece:
            break
        written += piece
    os.close(ours)
    return written.decode("utf-8")


def test_the_module_is_the_command() -> None:
    done = run("eval", "1元 + 1元")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "2.00元"


def test_the_version_imports_nothing_heavy() -> None:
    program = """
import sys
from yibaolang.cli.main import main
main(["--version"])
heavy = {"lark", "attr", "attrs", "argparse", "json", "fractions", "decimal", "tomllib"}
print(*sorted(heavy & (sys.modules.keys() - before)))
"""
    program = f"import sys\nbefore = set(sys.modules)\n{program}"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == "yibao 0.1.0\n\n"


def test_help_reads_no_grammar() -> None:
    program = """
import sys
from yibaolang.cli.main import main
main(["help", "eval"])
print(*sorted({"lark", "yibaolang.engine.rulebook", "argparse"} & sys.modules.keys()))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.endswith("\n\n")


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        [*YIBAO, "region"], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        if process.stdout is not None:
            process.stdout.close()
        said = process.stderr.read() if process.stderr is not None else b""
        assert process.wait() == 141
    assert said == b""


def test_colour_is_for_terminals() -> None:
    arguments = ("eval", "age >= 70 credit 5元", "--given", "age = 3")
    assert "\x1b[" in on_terminal(*arguments)
    assert "\x1b[" not in on_terminal(*arguments, NO_COLOR="1")
    assert "\x1b[" not in run(*arguments).stderr


def test_a_terminal_that_lacks_the_characters() -> None:
    done = run("eval", "1元 + 1元", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "2.00\\u5143")


def test_an_argument_that_is_no_text() -> None:
    done = subprocess.run(
        [*map(os.fsencode, YIBAO), b"run", b"\xff.yb"],
        env=ENVIRONMENT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1 and done.stderr.startswith(b"error[YB040]: ")
