"""A user of a session: an empty home, and a screen in a folder of their own."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.screen.screen import Screen, new_user
from tests.screen.terminals import Emulated, Size, Tmux

Start = Callable[..., Screen]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder for tables that are made once."""
    return os.environ.get("YIBAO_CACHE_DIR") or str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def environ(tmp_path: Path, cache: str) -> dict[str, str]:
    """The environment of an English user who has never used the program."""
    return new_user(tmp_path / "home") | {"YIBAO_CACHE_DIR": cache}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder in which the program runs."""
    found = tmp_path / "work"
    found.mkdir()
    return found


@pytest.fixture
def start(folder: Path, environ: dict[str, str]) -> Start:
    """Starts a session in a terminal: `with start("a.yb", size=(80, 24), NO_COLOR="1")`."""

    def started(
        *files: str,
        size: Size = (100, 40),
        terminal: type[Emulated] | type[Tmux] = Emulated,
        **more: str,
    ) -> Screen:
        return Screen(folder, environ | more, ("repl", *files), size, terminal)

    return started
