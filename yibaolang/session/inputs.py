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
    """A part of what was typed: lines of sentences, a command without its dot, or a name.

    `line` is the one on which it begins, from 0.
    """

    kind: str
    text: str
    line: int = 0


def inputs(text: str) -> Iterator[Input]:
    r"""The parts of a text in order; lines that follow each other and are sentences are one part.

    No sentence begins with a dot or ends in a question mark.

    >>> [(each.kind, each.text) for each in inputs("credit 5元\n.lang zh\nage?\n")]
    [('sentences', 'credit 5元'), ('command', 'lang zh'), ('about', 'age')]
    """
    waiting: list[str] = []
    number = -1
    for number, line in enumerate(text.split("\n")):
        other = _other(line, number)
        if other is None:
            waiting.append(line)
            continue
        yield from _sentences(waiting, number)
        waiting = []
        yield other
    yield from _sentences(waiting, number + 1)


def _other(line: str, number: int) -> Input | None:
    """A line that is no sentence."""
    folded = fold(line)
    command = _COMMAND.fullmatch(folded)
    if command:
        return Input(COMMAND, line[command.start("words") :], number)
    if _HELP.fullmatch(line):
        return Input(COMMAND, "help", number)
    about = _ABOUT.fullmatch(line)
    return Input(ABOUT, about["name"], number) if about else None


def _sentences(lines: list[str], end: int) -> Iterator[Input]:
    """Lines that end before the line `end`, if there is anything in them."""
    if any(line.strip() for line in lines):
        yield Input(SENTENCES, "\n".join(lines), end - len(lines))
