"""How far a long run is, on stderr: in one line of a terminal, or in lines if it is asked for."""

import sys
import time

from yibaolang.cli.texts import count_of, say

_SECOND = 1_000_000_000
_TERMINAL_PAUSE, _LINE_PAUSE = _SECOND // 4, 5 * _SECOND


class Progress:
    """Counts accounts and events, and says now and then how many there were."""

    def __init__(self, lang: str, asked: bool) -> None:
        self.lang = lang
        self.accounts = 0
        self.events = 0
        self._terminal = sys.stderr.isatty()
        self._shows = asked or self._terminal
        self._pause = _TERMINAL_PAUSE if self._terminal else _LINE_PAUSE
        self._told = time.monotonic_ns()
        self._line = False

    def count(self, events: int) -> None:
        """One more account, with its events."""
        self.accounts += 1
        self.events += events
        if self._shows and time.monotonic_ns() - self._told >= self._pause:
            self._told = time.monotonic_ns()
            self._say()

    def _say(self) -> None:
        if self._terminal:
            print(f"\r{self._text()}\x1b[K", end="", file=sys.stderr, flush=True)
            self._line = True
        else:
            print(self._text(), file=sys.stderr, flush=True)

    def _text(self) -> str:
        return say(
            "running", self.lang, accounts=count_of("accounts", self.lang, self.accounts),
            events=count_of("events", self.lang, self.events),
        )  # fmt: skip

    def end(self) -> None:
        """Take the line away that a terminal shows."""
        if self._line:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._line = False


class Persons(Progress):
    """Progress by persons alone."""

    def more(self, persons: int) -> None:
        """So many more persons."""
        self.accounts += persons - 1
        self.count(0)

    def _text(self) -> str:
        persons = count_of("persons", self.lang, self.accounts)
        return say("running_persons", self.lang, persons=persons)
