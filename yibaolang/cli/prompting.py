"""`yibao repl`: a session at a prompt, or one that reads its input from a pipe."""

import gc
from typing import TYPE_CHECKING

from yibaolang.cli.arguments import Options

if TYPE_CHECKING:
    from yibaolang.session.session import Session


def run(options: Options, lang: str) -> int:
    """Talk until the user leaves; without a terminal 1 if anything was refused.

    Refusal for files, regions or versions with which there is nothing to begin.
    """
    # What is loaded for the first prompt stays: looking for garbage in it is a fifth of the time.
    # `start` lets the search begin as soon as nobody waits for it.
    gc.disable()
    try:
        return _started(options, lang)
    finally:
        gc.enable()


def _started(options: Options, lang: str) -> int:
    from yibaolang.cli.files import rule_files
    from yibaolang.repl.start import start
    from yibaolang.session.sandbox import Sandbox
    from yibaolang.session.session import Session

    sandbox = Sandbox() if options.sandbox else None
    session = Session(*rule_files(options.words, options.command), lang=lang, sandbox=sandbox)
    for region, version in options.uses.items():
        _use(session, region, version)
    return start(session, as_json=options.json)


def _use(session: "Session", region: str, version: str) -> None:
    """Choose a version, and take its region from the library if no file declares it."""
    from yibaolang.language import syntax
    from yibaolang.language.diagnostics import Refusal
    from yibaolang.session.replies import Refused

    name = syntax.Name((0, 0), region)
    sentence = session.words.printer.sentence(syntax.Use((0, 0), name, version))
    for reply in session.take(sentence):
        if isinstance(reply, Refused):
            raise Refusal(*reply.diagnostics)
