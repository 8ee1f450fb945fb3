"""The command line in this process: what it prints, where, and its exit code."""

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen

from yibaolang.cli.main import main

ROOT = Path(__file__).resolve().parents[2]


@frozen
class Done:
    """What came of a command: exit code, stdout, stderr."""

    code: int
    out: str
    err: str


Yibao = Callable[..., Done]


@pytest.fixture
def yibao(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Yibao:
    """Runs a command with a plain English environment."""
    for name in ("YIBAO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> Done:
        code = main(arguments)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
