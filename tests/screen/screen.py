"""A person at a screen: types, presses keys, and looks until something is there."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from tests.screen.terminals import YIBAO, Emulated, Look, Size, Terminal, Tmux
from yibaolang.language.display import width

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0
"""Seconds after which something that is not on the screen will not come."""

PROMPTS = ("yibao> ", "医保> ")
CONTINUED = "... "
_STEP = 0.05


def new_user(home: Path) -> dict[str, str]:
    """The environment of an English user with an empty home, which is made."""
    home.mkdir(mode=0o700)
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
    }


class Screen:
    """yibao at a terminal of `size` columns and rows, in a folder.

    Nothing here waits for a time: it waits until something is on the screen, however long that
    takes, and after PATIENCE says what is there instead.
    """

    def __init__(
        self,
        folder: Path,
        environ: Mapping[str, str],
        arguments: Sequence[str] = ("repl",),
        size: Size = (100, 40),
        terminal: type[Emulated] | type[Tmux] = Emulated,
    ) -> None:
        self.terminal: Terminal = terminal((*YIBAO, *arguments), folder, environ, size)
        self._last = Look((), 0, 0, False)

    def __enter__(self) -> "Screen":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.terminal.close()

    # ── hands ──

    def type(self, text: str) -> None:
        """Type a text."""
        self.terminal.type(text)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.terminal.press(key)

    def paste(self, text: str) -> None:
        """Paste a text, as terminals do that mark what is pasted."""
        self.terminal.paste(text)

    # ── eyes ──

    def lines(self) -> list[str]:
        """What was on the screen when it was last looked at, without blank rows at the end."""
        rows = list(self._last.rows)
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def until(self, seen: Callable[[Look], bool], what: str) -> Look:
        """Look until something is so; AssertionError with what is there if it does not come."""
        deadline = time.monotonic() + PATIENCE
        self._last = self.terminal.look(0)
        while not seen(self._last):
            shown = "\n".join(self.lines())
            assert time.monotonic() < deadline, f"waited for {what}, but there is:\n{shown}"
            self._last = self.terminal.look(_STEP)
        return self._last

    def wait(self, *texts: str) -> list[str]:
        """Look until all of some texts are on the screen at once; its lines."""
        self.until(lambda look: all(_has(look, each) for each in texts), " and ".join(texts))
        return self.lines()

    def wait_gone(self, text: str) -> list[str]:
        """Look until a text is not on the screen; its lines."""
        self.until(lambda look: not _has(look, text), f"{text} to go")
        return self.lines()

    def ready(self) -> list[str]:
        """Look until the prompt is there, and nothing is typed behind it; the lines."""
        self.until(_ready, "the prompt")
        return self.lines()

    def ended(self) -> int:
        """Look until the program has ended; its exit code."""
        self.until(lambda _: self.terminal.code() is not None, "the end")
        code = self.terminal.code()
        assert code is not None
        return code

    # ── both ──

    def write(self, text: str) -> None:
        """Type a text behind the prompt, and look until something of it is there."""
        self.ready()
        self.type(text)
        self.until(lambda look: not _ready(look), f"{text} to be typed")

    def ask(self, text: str, *others: str) -> list[str]:
        """Type a line, and others that go on with it; what comes between them and the prompt."""
        self.write(text)
        self.press("enter")
        for other in others:
            self.until(_goes_on, "a line that goes on")
            self.type(other)
            self.until(lambda look: not _goes_on(look), f"{other} to be typed")
            self.press("enter")
        return self.answer()

    def answer(self) -> list[str]:
        """What stands between the last input and the prompt, once that is there."""
        self.ready()
        rows = self.above()
        starts = [number for number, row in enumerate(rows) if row.startswith(PROMPTS)]
        found = rows[starts[-1] + 1 if starts else 0 :]
        while found and found[0].lstrip().startswith(CONTINUED.strip()):
            found.pop(0)
        return found

    def above(self) -> list[str]:
        """What was above the cursor when the screen was last looked at."""
        return list(self._last.rows[: self._last.row])

    def toolbar(self, *parts: str) -> str:
        """Look until the last line of the screen has some parts, in their order; the line."""
        self.until(lambda look: _in_order(_last(look), parts), f"the toolbar with {parts}")
        return _last(self._last)


def _last(look: Look) -> str:
    return next((row for row in reversed(look.rows) if row), "")


def _in_order(text: str, parts: Sequence[str]) -> bool:
    at = 0
    for part in parts:
        at = text.find(part, at) + len(part)
        if at < len(part):
            return False
    return True


def _has(look: Look, text: str) -> bool:
    return any(text in row for row in look.rows)


def _ready(look: Look) -> bool:
    """Whether the cursor is seen right behind a prompt."""
    return any(_behind(prompt, look) for prompt in PROMPTS)


def _goes_on(look: Look) -> bool:
    """Whether the cursor is seen where a line goes on."""
    return any(_behind(CONTINUED.rjust(width(prompt)), look) for prompt in PROMPTS)


def _behind(text: str, look: Look) -> bool:
    row = look.rows[look.row] if look.row < len(look.rows) else ""
    at = look.cursor_seen and look.column == width(text)
    return at and row.startswith(text.rstrip())
