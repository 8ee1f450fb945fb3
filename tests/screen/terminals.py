"""Terminals in which a program runs: one that is emulated here, and tmux where it is installed."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from signal import SIGKILL
from string import ascii_lowercase
from typing import Protocol
from unicodedata import east_asian_width

import pexpect
import pyte
from attrs import frozen
from pyte.modes import DECAWM

KEYS = {
    "enter": (b"\r", "Enter"),
    "tab": (b"\t", "Tab"),
    "escape": (b"\x1b", "Escape"),
    "backspace": (b"\x7f", "BSpace"),
    "space": (b" ", "Space"),
    "up": (b"\x1b[A", "Up"),
    "down": (b"\x1b[B", "Down"),
    "right": (b"\x1b[C", "Right"),
    "left": (b"\x1b[D", "Left"),
    "f1": (b"\x1bOP", "F1"),
    "f2": (b"\x1bOQ", "F2"),
    "f3": (b"\x1bOR", "F3"),
    "f4": (b"\x1bOS", "F4"),
    **{f"c-{letter}": (bytes([ord(letter) & 0x1F]), f"C-{letter}") for letter in ascii_lowercase},
}
"""The keys that have names, as bytes and as tmux calls them."""

Size = tuple[int, int]
"""Columns and rows."""

_PASTED = b"\x1b[200~", b"\x1b[201~"


@frozen
class Look:
    """A screen: its rows without spaces at their ends, and the row and column of the cursor."""

    rows: tuple[str, ...]
    row: int
    column: int
    cursor_seen: bool


class Terminal(Protocol):
    """A terminal with a program in it."""

    def type(self, text: str) -> None:
        """Type a text."""

    def press(self, key: str) -> None:
        """Press a key of KEYS."""

    def paste(self, text: str) -> None:
        """Paste a text, marked as pasted."""

    def resize(self, size: Size) -> None:
        """Make the window smaller or larger."""

    def look(self, seconds: float) -> Look:
        """What is on the screen, after something was written or some time is over."""

    def code(self) -> int | None:
        """The program's exit code; None while it runs."""

    def close(self) -> None:
        """End the program if it still runs."""


# ── emulated ──


class _Emulator(pyte.Screen):
    """A screen that answers a program that asks where the cursor is."""

    def __init__(self, columns: int, rows: int, child: "pexpect.spawn[bytes]") -> None:
        super().__init__(columns, rows)
        self._child = child

    def write_process_input(self, data: str) -> None:
        self._child.send(data.encode("ascii"))

    def draw(self, data: str) -> None:
        for character in data:
            # What is two columns wide goes to the next row where one is left, as terminals do it.
            wide = east_asian_width(character) in "WF"
            if wide and self.cursor.x == self.columns - 1 and DECAWM in self.mode:
                self.carriage_return()
                self.linefeed()
            super().draw(character)


class Emulated:
    """A pseudo-terminal, with an emulator that knows what each byte does to the screen."""

    def __init__(
        self, command: Sequence[str], folder: Path, environ: Mapping[str, str], size: Size
    ) -> None:
        columns, rows = size
        self.raw = b""
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            command[0], list(command[1:]), cwd=str(folder), env=dict(environ),
            dimensions=(rows, columns), timeout=None,
        )  # fmt: skip
        self._child.delaybeforesend = None
        self._child.ptyproc.delayafterclose = 0
        self._screen = _Emulator(columns, rows, self._child)
        self._stream = pyte.ByteStream(self._screen)

    def type(self, text: str) -> None:
        self._child.send(text.encode("utf-8"))

    def press(self, key: str) -> None:
        self._child.send(KEYS[key][0])

    def paste(self, text: str) -> None:
        start, end = _PASTED
        self._child.send(start + text.replace("\n", "\r").encode("utf-8") + end)

    def resize(self, size: Size) -> None:
        columns, rows = size
        self._screen.resize(rows, columns)
        self._child.setwinsize(rows, columns)

    def look(self, seconds: float) -> Look:
        try:
            written = self._child.read_nonblocking(1 << 16, seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            written = b""
        self.raw += written
        self._stream.feed(written)
        cursor = self._screen.cursor
        rows = tuple(row.rstrip() for row in self._screen.display)
        return Look(rows, cursor.y, cursor.x, not cursor.hidden)

    def code(self) -> int | None:
        if self._child.isalive():
            return None
        status = self._child.exitstatus
        return -1 if status is None else status

    def close(self) -> None:
        if self._child.isalive():
            self._child.kill(SIGKILL)
            self._child.wait()
        self._child.close()


# ── tmux ──


class Tmux:
    """A window of a tmux server of its own."""

    def __init__(
        self, command: Sequence[str], folder: Path, environ: Mapping[str, str], size: Size
    ) -> None:
        self._environ = dict(environ)
        # tmux now and then misses that a program has ended, so the shell keeps its code.
        self._code = folder / "code"
        # A socket's path may have about a hundred bytes, and a test's folder can be longer.
        self._socket = os.path.relpath(folder / "tmux", "/")
        columns, rows = size
        self._tmux("start-server", ";", "set", "-g", "status", "off",
                   ";", "set", "-g", "remain-on-exit", "on",
                   ";", "set", "-g", "default-terminal", "tmux-256color",
                   ";", "new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(folder),
                   f"{shlex.join(command)}; echo $? > {shlex.quote(str(self._code))}")  # fmt: skip

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-u", "-f", os.devnull, "-S", self._socket, *arguments],
            env=self._environ, cwd="/", capture_output=True, encoding="utf-8", check=True,
        )  # fmt: skip
        return done.stdout

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", "--", text)

    def press(self, key: str) -> None:
        self._tmux("send-keys", KEYS[key][1])

    def paste(self, text: str) -> None:
        self._tmux("set-buffer", "--", text)
        self._tmux("paste-buffer", "-p")

    def resize(self, size: Size) -> None:
        columns, rows = size
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def look(self, seconds: float) -> Look:
        time.sleep(min(seconds, 0.02))
        where = self._tmux("display-message", "-p", "#{cursor_y} #{cursor_x} #{cursor_flag}")
        row, column, seen = map(int, where.split())
        rows = tuple(row.rstrip() for row in self._tmux("capture-pane", "-p").split("\n"))
        return Look(rows[:-1], row, column, bool(seen))

    def code(self) -> int | None:
        code = self._code.read_text("ascii") if self._code.exists() else ""
        return int(code) if code.endswith("\n") else None

    def close(self) -> None:
        self._tmux("kill-server")


TERMINALS: dict[str, type[Emulated] | type[Tmux]] = {"emulated": Emulated}
if shutil.which("tmux"):
    TERMINALS["tmux"] = Tmux

YIBAO = (sys.executable, "-m", "yibaolang")
