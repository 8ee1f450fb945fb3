"""A user of a session: an empty home, and a screen in a folder of their own."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.screen.screen import Screen
from tests.screen.terminals import Emulated, Tmux

ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., Screen]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder for tables that are made once."""
    return os.environ.get("YIBAO_CACHE_DIR") or str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def environ(tmp_path: Path, cache: str) -> dict[str, str]:
    """The environment of an English user who has never used the program."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "YIBAO_CACHE_DIR": cache,
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder in which the program runs."""
    found = tmp_path / "work"
    found.mkdir()
    return found


@pytest.fixture
def start(folder: Path, environ: dict[str, str]) -> Iterator[Start]:
    """Starts a session in a terminal: `start("a.yb", size=(80, 24), NO_COLOR="1")`."""
    with ExitStack() as stack:

        def started(
            *files: str,
            size: tuple[int, int] = (100, 40),
            terminal: type[Emulated] | type[Tmux] = Emulated,
            **more: str,
        ) -> Screen:
            screen = Screen(folder, environ | more, ("repl", *files), size, terminal)
            return stack.enter_context(screen)

        yield started
