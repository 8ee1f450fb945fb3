"""A prompt whose keys are typed by a test and whose replies are kept as texts."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import define, field
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from yibaolang.repl.history import Kept
from yibaolang.repl.prompt import Prompt
from yibaolang.repl.talking import Talk
from yibaolang.session.session import Session

LEAVE = "\x04"  # Ctrl-D


@define
class Shown:
    """A screen that keeps what it shows."""

    shown: list[str] = field(factory=list)
    wrong: list[str] = field(factory=list)
    colour: bool = False
    columns: int = 0

    def show(self, text: str, wrong: bool = False) -> None:
        """Keep a text."""
        self.shown.append(text)
        if wrong:
            self.wrong.append(text)


@define
class Typist:
    """Types into a prompt; `prompt` and `screen` tell what came of it."""

    pipe: PipeInput
    prompt: Prompt
    screen: Shown
    talk: Talk

    @property
    def session(self) -> Session:
        """The session of the prompt."""
        return self.talk.session

    @property
    def text(self) -> str:
        """What is being typed."""
        return self.prompt.asking.default_buffer.text

    def type(self, *keys: str) -> list[str]:
        """Type keys, all of a group at once, and leave; what was shown."""
        for each in keys:
            self.pipe.send_text(each)
        self.pipe.send_text(LEAVE)
        self.prompt.run()
        return self.screen.shown

    def slowly(self, *keys: str | Callable[[], None], until: float = 10) -> list[str]:
        """Type groups of keys, each when nothing has happened for a while; a call is made."""
        waiting = list(keys)

        async def typing() -> None:
            while waiting:
                await asyncio.sleep(0.25)
                each = waiting.pop(0)
                if callable(each):
                    each()
                else:
                    self.pipe.send_text(each)

        thread = threading.Thread(target=lambda: asyncio.run(typing()), daemon=True)
        thread.start()
        self.prompt.run()
        thread.join(until)
        assert not waiting
        return self.screen.shown


@pytest.fixture
def typist(tmp_path: Path) -> Iterator[Callable[..., Typist]]:
    """Makes a prompt for a new session, or for one that is given."""
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):

        def make(session: Session | None = None, history: Kept | None = None) -> Typist:
            screen = Shown()
            talk = Talk(session or Session(), screen)
            kept = history or Kept(str(tmp_path / "history"))
            prompt = Prompt(talk, kept, pipe, DummyOutput())
            return Typist(pipe, prompt, screen, talk)

        yield make
