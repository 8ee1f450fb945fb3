"""Starting a prompt: which one fits to where the input comes from and the output goes to."""

import gc
import os
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from yibaolang.repl.history import Kept, kept, start_file
from yibaolang.repl.paging import Terminal
from yibaolang.repl.plain import Plain
from yibaolang.repl.talking import Talk
from yibaolang.session.replies import Read, Reply, Said
from yibaolang.session.session import Session

if TYPE_CHECKING:
    from yibaolang.repl.prompt import Prompt


def start(session: Session, as_json: bool = False, environ: Mapping[str, str] = os.environ) -> int:
    """Talk with whoever is at stdin until they leave; the exit code.

    Without a terminal all input is read and run, and the code is 1 if anything was wrong. At a
    terminal it is 0. `as_json` prints the replies as JSON. Refusal for input that is no UTF-8.
    """
    if not on_terminal(sys.stdin):
        from yibaolang.repl.piped import piped

        collecting()
        return piped(session, as_json)
    if as_json:
        session.settings = session.settings.with_value("output", "json")
    simple = environ.get("TERM") in ("dumb", "unknown") or not on_terminal(sys.stdout)
    talk = Talk(session, Terminal(session, paged=not simple))
    history = kept(environ) if session.sandbox is None else Kept()
    found = None if simple else _toolkit()
    print(_banner(talk, fancy=found is not None, simple=simple), file=_beside())
    if session.sandbox is None:
        _run_start_file(talk, start_file(environ))
        if not history.path:
            print(talk.say("history_not_kept"), file=_beside())
    if found is not None and not talk.ended and found(talk, history).run():
        return 0
    collecting()
    typed = history.inputs()
    session.history = [*typed, *session.history]
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # what is no UTF-8 is told by the language
    if not simple:
        _edit_lines(typed)
    Plain(talk, history).run()
    return 0


def collecting() -> None:
    """Let Python look for garbage, but not among what was loaded for the start: that stays."""
    gc.freeze()
    gc.enable()


def on_terminal(stream: object) -> bool:
    """Whether a stream is there and is a terminal."""
    isatty = getattr(stream, "isatty", None)
    return isatty is not None and bool(isatty())


def _toolkit() -> "type[Prompt] | None":
    """The prompt with completion and colours; None if prompt-toolkit is not installed."""
    try:
        from yibaolang.repl.prompt import Prompt
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "prompt_toolkit":
            raise
        return None
    return Prompt


def _edit_lines(typed: list[str]) -> None:
    """Let the arrows edit lines and go through earlier ones, where Python has readline."""
    try:
        import readline
    except ModuleNotFoundError:
        return
    for each in typed:
        if "\n" not in each:
            readline.add_history(each)


def _beside() -> TextIO:
    """Where what is no answer goes: to the terminal."""
    return sys.stdout if on_terminal(sys.stdout) else sys.stderr


def _banner(talk: Talk, fancy: bool, simple: bool) -> str:
    """Two lines: what this is with the files that were read, and where to begin."""
    from yibaolang import __version__

    first = talk.say("banner", version=__version__)
    files = [os.path.basename(each) for each in talk.session.files]
    if files:
        first = talk.say("banner_files", version=__version__, names=" ".join(files))
    lines = [first, talk.say("hint" if fancy else "plain_hint")]
    if not fancy and not simple:
        lines.append(talk.say("no_toolkit"))
    return "\n".join(lines)


class _Quiet(Talk):
    """A conversation in which what went well is not told, unless it was asked for."""

    def tell(self, reply: Reply) -> None:
        """Show what is an answer, or wrong."""
        if isinstance(reply, Read | Said):
            self.note(reply)
        else:
            super().tell(reply)


def _run_start_file(talk: Talk, path: str) -> None:
    """Run the lines of the user's start-up file, if there is one."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError):
        print(talk.say("start_file_unread", path=path), file=_beside())
        return
    quiet = _Quiet(talk.session, talk.screen)
    quiet.take(text)
    if not quiet.ok:
        print(talk.say("start_file_wrong", path=path), file=_beside())
    talk.ended = quiet.ended
