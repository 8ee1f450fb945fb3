"""Writing: results to stdout, what is wrong to stderr, colour only for a terminal."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

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
