"""Output longer than the screen, through the user's pager."""

import os
import re
import shlex
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from yibaolang.language.display import use_colour, width
from yibaolang.session.session import Session

_SHADES = re.compile(r"\x1b\[[0-9;]*m")
_LESS = "less -FRX"


class Terminal:
    """The screen of a terminal: it shows long texts through a pager, if the session wants that."""

    def __init__(self, session: Session, paged: bool = True) -> None:
        """On stdout; `paged` is False where a pager cannot work."""
        self.session = session
        self.colour = use_colour(sys.stdout)
        self._paged = paged and sys.stdout.isatty() and session.sandbox is None

    @property
    def columns(self) -> int:
        """How wide the screen is; 0 where stdout is none."""
        return _size().columns if sys.stdout.isatty() else 0

    def show(self, text: str, wrong: bool = False) -> None:
        """Print a text, or page it; what is wrong goes to the same screen."""
        command = self._command_for(text)
        if not (command and page(text, command)):
            print(text, flush=True)

    def _command_for(self, text: str) -> list[str]:
        settings = self.session.settings
        if not self._paged or settings.pager == "off":
            return []
        size = _size()
        rows = rows_of(text, size.columns, int(settings.ambiguous))
        return pager() if rows >= size.lines else []


def _size() -> os.terminal_size:
    """The columns and lines of the screen."""
    try:
        return os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):  # a stdout without a terminal, or one of a test
        return os.terminal_size((80, 24))


def rows_of(text: str, columns: int, ambiguous: int = 1) -> int:
    r"""How many rows of a screen a text takes, long lines wrapped.

    >>> rows_of("ab\n\x1b[1mabcd\x1b[0m\n", 3)
    4
    """
    widths = (width(_SHADES.sub("", line), ambiguous) for line in text.split("\n"))
    return sum(max(1, -(-each // max(1, columns))) for each in widths)


def pager(environ: Mapping[str, str] = os.environ) -> list[str]:
    """The pager's command: $YIBAO_PAGER, $PAGER or less; empty if there is none.

    >>> pager({"YIBAO_PAGER": "more -d", "PAGER": "less"}), pager({"PAGER": ""})
    (['more', '-d'], [])
    """
    named = environ.get("YIBAO_PAGER", environ.get("PAGER"))
    if named is None:
        from shutil import which

        named = _LESS if which("less") else ""
    try:
        return shlex.split(named)
    except ValueError:  # a quotation mark without its fellow
        return []


def page(text: str, command: Sequence[str]) -> bool:
    """Show a text in a pager until it is left; False if there is no such program."""
    import subprocess

    environ = {"LESS": "FRX", "LESSCHARSET": "utf-8", **os.environ}
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, env=environ, encoding="utf-8", errors="replace"
        )
    except OSError:
        return False
    with _interrupts_are_the_pagers():
        process.communicate(f"{text}\n")
    return True


@contextmanager
def _interrupts_are_the_pagers() -> Iterator[None]:
    """Ctrl-C in a pager is for the pager, which gets it too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
