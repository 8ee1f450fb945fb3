"""What was typed, cut into sentences, commands and questions about names."""

import re
from collections.abc import Iterator

from attrs import frozen

from yibaolang.language.lexer import HAN, fold

_COMMAND = re.compile(rf"[ \t]*[.\u3002](?P<words>[A-Za-z{HAN}?][^\n]*)")
_ABOUT = re.compile(
    rf"[ \t]*\u300c?(?P<name>[A-Za-z_][A-Za-z0-9_]*|[{HAN}A-Za-z0-9_]+)\u300d?"
    r"[ \t]*[?\uff1f]+[ \t]*"
)
_HELP = re.compile(r"[ \t]*[?\uff1f][ \t]*")

SENTENCES, COMMAND, ABOUT = "sentences", "command", "about"


@frozen
class Input:
    """A part of what was typed: lines of sentences, a command without its dot, or a name."""

    kind: str
    text: str


def inputs(text: str) -> Iterator[Input]:
    r"""The parts of a text in order; lines that follow each other and are sentences are one part.

    No sentence begins with a dot or ends in a question mark.

    >>> [(each.kind, each.text) for each in inputs("credit 5元\n.lang zh\nage?\n")]
    [('sentences', 'credit 5元'), ('command', 'lang zh'), ('about', 'age')]
    """
    waiting: list[str] = []
    for line in text.split("\n"):
        other = _other(line)
        if other is None:
            waiting.append(line)
            continue
        yield from _sentences(waiting)
        waiting = []
        yield other
    yield from _sentences(waiting)


def _other(line: str) -> Input | None:
    """A line that is no sentence."""
    folded = fold(line)
    command = _COMMAND.fullmatch(folded)
    if command:
        return Input(COMMAND, line[command.start("words") :])
    if _HELP.fullmatch(line):
        return Input(COMMAND, "help")
    about = _ABOUT.fullmatch(line)
    return Input(ABOUT, about["name"]) if about else None


def _sentences(lines: list[str]) -> Iterator[Input]:
    if any(line.strip() for line in lines):
        yield Input(SENTENCES, "\n".join(lines))
