"""Writing: results to stdout, what is wrong to stderr, colour only for a terminal."""

import errno
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from yibaolang.cli.texts import say

if TYPE_CHECKING:
    from yibaolang.language.diagnostics import Diagnostic


def complain(text: str) -> None:
    """A line on stderr that begins with the program's name."""
    print(f"yibao: {text}", file=sys.stderr)


def tolerant_streams() -> None:
    """Let a terminal that lacks a character show its code instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def print_json(value: object) -> None:
    """JSON on stdout, with Chinese as it is."""
    import json

    print(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(rows: Sequence[Sequence[str]], header: Sequence[str], right: Iterable[int]) -> None:
    """A table on stdout."""
    from yibaolang.language.display import table

    print(table(rows, header, frozenset(right)))


def shaded(text: str, name: str) -> str:
    """The text in a colour if stdout is a terminal that wants it."""
    from yibaolang.language.display import colour, use_colour

    return colour(text, name) if use_colour(sys.stdout) else text


def print_diagnostics(found: "Iterable[Diagnostic]", lang: str) -> None:
    """Diagnostics on stderr, the most important ones if there are many."""
    from yibaolang.language.diagnostics import limited

    print_every_diagnostic(limited(found), lang)


def print_every_diagnostic(found: "Iterable[Diagnostic]", lang: str) -> None:
    """Diagnostics on stderr, an empty line between them."""
    from yibaolang.language.diagnostics import render
    from yibaolang.language.display import use_colour

    colour = use_colour(sys.stderr)
    shown = [render(each, lang, colour) for each in found]
    if shown:
        # The two streams often go to one terminal, where what came first must stand first.
        sys.stdout.flush()
        print("\n\n".join(shown), file=sys.stderr)


def system_reason(error: OSError, lang: str) -> str:
    """What the operating system refused, in a sentence."""
    keys = {
        errno.ENOENT: "no_such_file", errno.EACCES: "not_allowed", errno.EPERM: "not_allowed",
        errno.EISDIR: "is_a_folder",
    }  # fmt: skip
    key = keys.get(error.errno or 0)
    code = errno.errorcode.get(error.errno or 0, type(error).__name__)
    reason = say(key, lang) if key else say("failed", lang, code=code)
    if not error.filename:
        return reason
    return say("cannot_read", lang, path=os.fsdecode(error.filename), reason=reason)


def fault(error: BaseException, lang: str) -> str:
    """A fault of yibao itself in one line: its kind and where it came up."""
    from yibaolang import __version__

    trace = error.__traceback__
    where = ""
    while trace is not None:
        name = os.path.basename(trace.tb_frame.f_code.co_filename)
        where = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return say("internal", lang, version=__version__, kind=type(error).__name__, where=where)
