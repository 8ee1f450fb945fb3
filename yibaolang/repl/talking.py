"""A session in conversation: what is typed is run, and its replies are told; nothing ends it."""

import gc
from collections.abc import Callable, Iterable
from time import perf_counter_ns
from typing import Protocol

from yibaolang.engine.reasons import Reason
from yibaolang.language.diagnostics import Refusal
from yibaolang.repl.texts import say
from yibaolang.report.faults import fault, never, system_reason
from yibaolang.session.rendering import text_of
from yibaolang.session.replies import Answered, Ended, Explained, Happened, Refused, Reply
from yibaolang.session.session import Session

_LOADS = 16


class Screen(Protocol):
    """Where replies are shown; `wrong` says that one is about what is wrong."""

    colour: bool

    @property
    def columns(self) -> int:
        """How wide it is; 0 where nothing has to fit."""

    def show(self, text: str, wrong: bool = False) -> None:
        """Show a text, which has no line feed at its end."""


class Talk:
    """A session and the screen that its replies go to.

    `ended` is whether the session is to be left, `ok` whether nothing was wrong so far.
    """

    goes_on = True
    """Whether an interrupt ends no more than what is running."""

    def __init__(self, session: Session, screen: Screen) -> None:
        self.session = session
        self.screen = screen
        self.ended = False
        self.ok = True
        self._latest: Reply | None = None
        self._loads = 0

    @property
    def lang(self) -> str:
        """The language of the answers."""
        return self.session.context.lang

    def say(self, key: str, **arguments: str | int) -> str:
        """A message of the prompt in the language of the answers."""
        return say(key, self.lang, **arguments)

    # ── running ──

    def run(self, text: str) -> None:
        """Run what the user typed, and tell how long it took if that is wanted."""
        start = perf_counter_ns()
        self.guarded(lambda: self._tell_all(self.session.run(text)))
        if self.session.settings.timer == "on" and not self.ended:
            tenths = (perf_counter_ns() - start) // 100_000
            self.screen.show(self.say("took", time=f"{tenths // 10}.{tenths % 10}"))

    def take(self, text: str) -> None:
        """Run what the user did not type: a key's command, a file's line."""
        self.guarded(lambda: self._tell_all(self.session.take(text)))

    def _tell_all(self, replies: Iterable[Reply]) -> None:
        loaded = self.session.state.loaded
        for reply in replies:
            self.tell(reply)
            if self.ended:
                return
            if loaded is not self.session.state.loaded:
                loaded = self.session.state.loaded
                self._keep()

    def _keep(self) -> None:
        """Look no more for garbage among what was loaded; of many rules that takes long.

        Now and then all is looked through, for what was loaded before may be garbage by now.
        """
        if gc.isenabled():
            self._loads += 1
            if self._loads % _LOADS == 0:
                gc.unfreeze()
                gc.collect()
            gc.freeze()

    def tell(self, reply: Reply) -> None:
        """Show a reply."""
        self.note(reply)
        screen = self.screen
        text = text_of(reply, self.session.settings, self.lang, screen.colour, screen.columns)
        if text:
            screen.show(text, wrong=not reply.ok)

    def note(self, reply: Reply) -> None:
        """Remember what a reply means for the conversation."""
        self.ok = self.ok and reply.ok
        self.ended = self.ended or isinstance(reply, Ended)
        if isinstance(reply, Answered | Explained | Happened):
            self._latest = reply

    def guarded(self, act: Callable[[], None]) -> None:
        """Do something; what goes wrong is told in a line, and the conversation goes on."""
        try:
            act()
        except KeyboardInterrupt:
            if not self.goes_on:
                raise
            self._wrong(self.say("interrupted"))
        except Refusal as refusal:
            self.tell(Refused(refusal.diagnostics))
        except BrokenPipeError:
            raise
        except OSError as error:
            self._wrong(system_reason(error, self.lang))
        except never() as error:
            self._wrong(fault(error, self.lang))

    def _wrong(self, text: str) -> None:
        self.ok = False
        self.screen.show(text, wrong=True)

    # ── the last answer ──

    def reasons(self) -> list[Reason]:
        """The reasons of the last answer, one a result; none if nothing was asked."""
        latest, last = self._latest, self.session.last
        if isinstance(latest, Explained | Happened):
            return [latest.reason]
        shown = latest.shown if isinstance(latest, Answered) else last
        if shown is None:
            return []
        return [row.result.reason(self.lang, shown.person) for row in shown.rows]
