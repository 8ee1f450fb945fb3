"""The prompt with completion, colours, history and a toolbar, made with prompt-toolkit."""

import asyncio
import gc
import threading
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, TypeVar

from attrs import evolve
from prompt_toolkit.application import Application, get_app, run_in_terminal
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition, to_filter
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import History
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding.vi_state import InputMode
from prompt_toolkit.output import Output
from prompt_toolkit.shortcuts import PromptSession

from yibaolang.engine.reasons import Reason
from yibaolang.repl.colouring import STYLE, Brackets, Colours
from yibaolang.repl.completing import Completions, Suggestions
from yibaolang.repl.history import Kept
from yibaolang.repl.keys import bindings
from yibaolang.repl.known import Known
from yibaolang.repl.talking import Talk
from yibaolang.repl.toolbar import toolbar
from yibaolang.repl.watching import Watch
from yibaolang.report.faults import fault, never

_LOOK_EVERY = 0.5
_GOES_ON = "... "
_MODES = {
    InputMode.INSERT: "insert", InputMode.INSERT_MULTIPLE: "insert", InputMode.REPLACE: "replace",
    InputMode.REPLACE_SINGLE: "replace", InputMode.NAVIGATION: "normal",
}  # fmt: skip
_T = TypeVar("_T")


class KeptHistory(History):
    """The history of earlier sessions, read after the first prompt is there."""

    def __init__(self, history: Kept, talk: Talk) -> None:
        super().__init__()
        self.kept = history
        self.talk = talk

    def load_history_strings(self) -> Iterable[str]:
        """The inputs, the latest first; the session's own history gets them, too."""
        found = self.kept.inputs()
        session = self.talk.session
        session.history = [*found, *session.history]
        return found[::-1]

    def store_string(self, string: str) -> None:
        """Keep an input."""
        self.kept.add(string)


class Prompt:
    """Asks for input until the session is left."""

    def __init__(
        self,
        talk: Talk,
        history: Kept,
        input: Input | None = None,
        output: Output | None = None,
    ) -> None:
        """`input` and `output` are those of a test; by default the terminal's."""
        self.talk = talk
        self.known = Known(talk.session)
        self.watch = Watch(talk)
        self._warm = False
        settings = Condition(lambda: talk.session.settings.mouse == "on")
        self.asking: PromptSession[str] = PromptSession(
            self._message,
            multiline=True,
            prompt_continuation=_continuation,
            lexer=Colours(self.known),
            completer=Completions(talk.session),
            complete_while_typing=True,
            auto_suggest=Suggestions(),
            history=KeptHistory(history, talk),
            key_bindings=bindings(self),
            bottom_toolbar=self._toolbar,
            input_processors=[Brackets()],
            mouse_support=settings,
            style=STYLE,
            include_default_pygments_style=False,
            enable_suspend=True,
            enable_open_in_editor=talk.session.sandbox is None,
            tempfile_suffix=".yb",
            input=input,
            output=output,
        )
        # PromptSession has no completion while typing where the arrows search the history by
        # what is typed already; the arrows here go to the menu only when one of it is chosen.
        self.asking.default_buffer.enable_history_search = to_filter(True)
        self.asking.app.ttimeoutlen = 0.1

    # ── running ──

    def run(self) -> bool:
        """Talk until the session is left; False if the prompt itself fails."""
        while not self.talk.ended:
            self._apply()
            try:
                text = self.asking.prompt(pre_run=self._begin)
            except KeyboardInterrupt:
                continue
            except EOFError:
                return True
            except never() as error:
                self.talk.screen.show(fault(error, self.talk.lang), wrong=True)
                return False
            if text.strip():
                self.talk.run(text)
        return True

    def finished(self, text: str) -> bool:
        """Whether Enter runs a text: it is whole, or its last line is blank."""
        lines = text.split("\n")
        if len(lines) > 1 and not lines[-1].strip():
            return True
        return not self.safely(lambda: self.talk.session.unfinished(text), False)

    def safely(self, find: Callable[[], _T], otherwise: _T) -> _T:
        """What is found, or something else if there is a fault: a key must not end the prompt."""
        try:
            return find()
        except never():
            return otherwise

    def _apply(self) -> None:
        """Let the settings hold that the keys depend on."""
        vi = self.talk.session.settings.keys == "vi"
        mode = EditingMode.VI if vi else EditingMode.EMACS
        if self.asking.editing_mode != mode:
            self.asking.editing_mode = mode

    # ── what keys do ──

    def other_language(self) -> None:
        """Go on in the other language."""
        session = self.talk.session
        lang = "en" if session.context.lang == "zh" else "zh"
        self.talk.guarded(lambda: session.about(evolve(session.context, lang=lang)))

    def other_keys(self) -> None:
        """Go on with the keys of the other editor."""
        session = self.talk.session
        other = "emacs" if session.settings.keys == "vi" else "vi"
        session.settings = session.settings.with_value("keys", other)
        self._apply()

    def viewer(self) -> Application[None] | None:
        """A viewer of the last reason; without one it is said that there is none."""
        from yibaolang.repl.tree import Tree
        from yibaolang.repl.viewer import viewer

        none: list[Reason] = []
        reasons = self.safely(self.talk.reasons, none)
        if not reasons:
            self.talk.screen.show(self.talk.say("no_reason"))
            return None
        tree = Tree(reasons, int(self.talk.session.settings.fold))
        app = self.asking.app
        return viewer(tree, self.talk.say("viewer_hint"), app.input, app.output)

    # ── what is shown ──

    def _message(self) -> StyleAndTextTuples:
        return [("class:prompt", self.talk.say("prompt"))]

    def _toolbar(self) -> str:
        app = get_app()
        vi = self.talk.session.settings.keys == "vi"
        mode = _MODES[app.vi_state.input_mode] if vi else ""
        columns = app.output.get_size().columns
        return self.safely(lambda: toolbar(self.known, self.watch.changed, columns, mode), "")

    # ── what goes on while nobody types ──

    def _begin(self) -> None:
        asyncio.get_running_loop().set_exception_handler(self._fault)
        get_app().create_background_task(self._look())

    async def _look(self) -> None:
        """Look at the files now and then; and, once, load what the first key stroke needs."""
        if not self._warm:
            self._warm = True
            gc.freeze()
            gc.enable()
            threading.Thread(target=_warm_up, daemon=True).start()
        while True:
            if self.watch.look():
                get_app().invalidate()
            if self.watch.due():
                await run_in_terminal(self.watch.read_again)
            await asyncio.sleep(_LOOK_EVERY)

    def _fault(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Tell a fault that came up in the event loop in a line above the prompt."""
        error = context.get("exception")
        if isinstance(error, BaseException):
            text = fault(error, self.talk.lang)
            run_in_terminal(lambda: self.talk.screen.show(text, wrong=True))


def _continuation(columns: int, _line: int, wrapped: int) -> str:
    return " " * columns if wrapped else _GOES_ON.rjust(columns)


def _warm_up() -> None:
    """Load the parser and its tables, for which nobody should wait at the first key.

    What fails here is told when it is needed.
    """
    from yibaolang.language.following import following
    from yibaolang.language.pieces import pieces

    try:
        following()
        pieces("credit")
        import_module("yibaolang.session.completion")
    except OSError:
        return
    except never():
        return
