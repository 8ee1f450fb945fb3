"""`%yibao` and `%%yibao`: sentences and commands in cells, which share one session."""

import os
from collections.abc import Iterator
from time import perf_counter_ns
from typing import Any, Protocol

from attrs import evolve

from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.notebook.display import Output, Piece, session_html, session_text, value_of
from yibaolang.notebook.options import Options, WrongOption, options_of
from yibaolang.notebook.texts import say
from yibaolang.session.replies import Ended, Misused, Reply, Said
from yibaolang.session.session import Session

_NAME = "yibao"
_SESSION = ("yibaolang.session.session", "Session")


class Shell(Protocol):
    """What is needed of an InteractiveShell of IPython."""

    Completer: Any
    display_formatter: Any
    magics_manager: Any

    def register_magic_function(self, func: Any, magic_kind: str, magic_name: str) -> None:
        """Have a function called for %NAME and %%NAME."""

    def push(self, variables: dict[str, object]) -> None:
        """Give variables to the user."""


class Notebook:
    """The cells of one IPython: its session, and where its variables are."""

    def __init__(self, shell: Shell) -> None:
        """With a session that knows nothing yet, in the language of YIBAO_LANG, else English."""
        self.shell = shell
        lang = os.environ.get("YIBAO_LANG", "").lower()[:2]
        self.session = Session(lang="zh" if lang == "zh" else "en")

    def magic(self, line: str, cell: str | None = None) -> Output | Session | None:
        """Sentences and commands of yibao, in the session that all cells share.

            %yibao [OPTIONS] LINE
            %%yibao [OPTIONS]
            sentences and commands

        --lang en|zh   answer in English or Chinese from here on    此后用英文或中文回答
        --new          begin with a session that knows nothing      重新开始会话
        --quiet        show only what is wrong                      只显示错误和警告
        --to NAME      put the value of the last question into a Python variable
                       把最后一个问题的值存入 Python 变量

        %yibao alone gives the session; %yibao .help lists the commands.
        """
        try:
            options = options_of(line)
        except WrongOption as wrong:
            from IPython.core.error import UsageError

            lang = self.session.context.lang
            raise UsageError(say(wrong.key, lang, **wrong.arguments)) from None
        if cell is None and options == Options():
            return self.session
        self._prepare(options)
        output = Output(tuple(self._run(_text(options, cell), options)))
        if options.quiet:
            output = output.quiet()
        return output if output.pieces else None

    def _prepare(self, options: Options) -> None:
        """Begin anew, and answer in another language, if that is wanted."""
        if options.new:
            old = self.session
            self.session = Session(lang=old.context.lang, sandbox=old.sandbox, today=old.today)
        context = self.session.context
        if options.lang and options.lang != context.lang:
            self.session.about(evolve(context, lang=options.lang))

    def _run(self, text: str, options: Options) -> Iterator[Piece]:
        """What a cell shows; its last value is put into the variable that is named."""
        session = self.session
        before = perf_counter_ns()
        shown = []
        for reply in self._replies(text):
            shown.append(Piece(reply, session.settings, session.context.lang))
            yield shown[-1]
        lang = session.context.lang
        asked = Output(tuple(shown)).asked if text else session.last
        if options.to:
            self.shell.push({options.to: value_of(asked)})
            if asked is None and all(each.reply.ok for each in shown):
                note = Misused(say("nothing_asked", lang, name=options.to))
                yield Piece(note, session.settings, lang)
        if session.settings.timer == "on" and shown:
            time = str((perf_counter_ns() - before) // 1_000_000)
            yield Piece(Said(say("took", lang, time=time)), session.settings, lang)

    def _replies(self, text: str) -> Iterator[Reply]:
        if self.session.settings.watch == "on" and self.session.changed_files:
            yield from self.session.take(".reload")
        for reply in self.session.run(text):
            ended = isinstance(reply, Ended)
            yield Said(say("no_leaving", self.session.context.lang)) if ended else reply


def _text(options: Options, cell: str | None) -> str:
    """What is run: what follows the options, and the lines of the cell."""
    return "\n".join(each for each in (options.text, (cell or "").strip("\n")) if each.strip())


# ── IPython ──


def load_ipython_extension(shell: Shell) -> None:
    """Teach an IPython `%yibao` and `%%yibao`; `%load_ext yibaolang` calls this."""
    notebook = Notebook(shell)
    shell.register_magic_function(notebook.magic, "line_cell", _NAME)
    formatters = shell.display_formatter.formatters
    formatters["text/plain"].for_type_by_name(*_SESSION, _print_session)
    formatters["text/html"].for_type_by_name(*_SESSION, session_html)
    from yibaolang.notebook.completing import add_completions

    add_completions(notebook)


def unload_ipython_extension(shell: Shell) -> None:
    """Take them away again, and forget the session; `%unload_ext yibaolang` calls this."""
    from yibaolang.notebook.completing import remove_completions

    for functions in shell.magics_manager.magics.values():
        functions.pop(_NAME, None)
    for kind in ("text/plain", "text/html"):
        formatter = shell.display_formatter.formatters[kind]
        formatter.pop(".".join(_SESSION), None)
    remove_completions(shell)


def _print_session(session: Session, printer: Any, _cycle: bool) -> None:
    printer.text(session_text(session))


def session() -> Session:
    """The session of the IPython that this runs in, with the magics loaded if they are not yet.

    Refusal YB047 outside of IPython, or without it.
    """
    return _notebook().session


def share(session: Session) -> None:
    """Let the cells of this IPython share a session that was made elsewhere.

    Refusal YB047 outside of IPython, or without it.
    """
    _notebook().session = session


def _notebook() -> Notebook:
    try:
        from IPython import get_ipython
    except ImportError:
        raise Refusal(diagnostic("YB047", None)) from None
    shell = get_ipython()
    if shell is None:
        raise Refusal(diagnostic("YB047", None))
    shell.extension_manager.load_extension("yibaolang")
    notebook = getattr(shell.find_line_magic(_NAME), "__self__", None)
    if not isinstance(notebook, Notebook):
        raise Refusal(diagnostic("YB047", None))
    return notebook
