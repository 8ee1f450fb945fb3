"""Colours for what is typed: the pieces of the language as prompt-toolkit shows them.

Only colours that read well on dark and on light: neither white and yellow nor black and blue.
"""

from collections.abc import Callable, Hashable, Iterator

from prompt_toolkit.application.current import get_app
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.formatted_text.utils import split_lines
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from prompt_toolkit.layout.utils import explode_text_fragments
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.styles import Style

from yibaolang.language.pieces import pieces
from yibaolang.repl.known import Known
from yibaolang.report.faults import never
from yibaolang.session.commands import named
from yibaolang.session.inputs import COMMAND, SENTENCES, inputs

STYLE = Style.from_dict({
    "prompt": "bold ansigreen",
    "yibao.keyword": "bold",
    "yibao.type": "ansicyan",
    "yibao.unknown": "underline",
    "yibao.money": "ansimagenta",
    "yibao.rate": "ansimagenta",
    "yibao.number": "ansimagenta",
    "yibao.date": "ansimagenta",
    "yibao.duration": "ansimagenta",
    "yibao.string": "ansigreen",
    "yibao.quoted": "",
    "yibao.comment": "ansibrightblack",
    "yibao.event": "ansicyan",
    "yibao.bad": "ansired bold",
    "yibao.command": "bold ansicyan",
    "yibao.bracket": "bold reverse",
    "viewer.at": "reverse",
    "viewer.hint": "ansibrightblack",
})  # fmt: skip


class Colours(Lexer):
    """Colours sentences by their pieces and commands by their names; broken ones, too."""

    def __init__(self, known: Known) -> None:
        self.known = known

    def invalidation_hash(self) -> Hashable:
        """What the colours depend on besides the text."""
        return id(self.known.names)

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """The fragments of each line."""
        try:
            lines = list(split_lines(list(_fragments(document.text, self.known.names))))
        except never():  # without colours rather than without a prompt
            lines = [[("", line)] for line in document.lines]

        def line_at(number: int) -> StyleAndTextTuples:
            return list(lines[number]) if number < len(lines) else []

        return line_at


def _fragments(text: str, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The text in fragments; lines that follow each other and are sentences are cut together."""
    waiting: list[str] = []
    for number, line in enumerate(text.split("\n")):
        kind = next((each.kind for each in inputs(line)), SENTENCES)
        if number and kind == SENTENCES and waiting:
            waiting.append(line)
            continue
        yield from _sentences(waiting, names)
        waiting = []
        if number:
            yield "", "\n"
        if kind == SENTENCES:
            waiting = [line]
        elif kind == COMMAND:
            yield from _command(line)
        else:
            yield from _sentences([line], names)
    yield from _sentences(waiting, names)


def _sentences(lines: list[str], names: frozenset[str]) -> Iterator[tuple[str, str]]:
    text = "\n".join(lines)
    for each in pieces(text, names) if text else ():
        yield f"class:yibao.{each.kind}", text[each.start : each.end]


def _command(line: str) -> Iterator[tuple[str, str]]:
    """The name of a command, and its words; a dot may be full-width."""
    start = len(line) - len(line.lstrip())
    command, rest = named(line[start + 1 :].rstrip())
    if command is None:
        yield "class:yibao.unknown", line
        return
    end = len(line.rstrip()) - len(rest)
    yield "class:yibao.command", line[:end].rstrip()
    yield "", line[len(line[:end].rstrip()) :]


# ── brackets ──

_PAIRS = {"(": ")", "[": "]", "\uff08": "\uff09", "\u300c": "\u300d", "\u3010": "\u3011"}
_CLOSING = {close: open_ for open_, close in _PAIRS.items()}


def fellow(text: str, at: int) -> int:
    """Where the bracket stands that belongs to the one at an offset; -1 for none.

    Full-width and half-width brackets go together, as the lexer has them.

    >>> fellow("(a\uff08b))", 0), fellow("(a", 0), fellow("a", 0)
    (5, -1, -1)
    """
    bracket = text[at] if 0 <= at < len(text) else ""
    if bracket in _PAIRS:
        step, ends = 1, len(text)
    elif bracket in _CLOSING:
        step, ends = -1, -1
    else:
        return -1
    depth = 0
    for index in range(at, ends, step):
        depth += (text[index] in _PAIRS) - (text[index] in _CLOSING)
        if depth == 0:
            return index
    return -1


class Brackets(Processor):
    """Marks the bracket at the cursor or before it, and the one that belongs to it."""

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        """Mark those of the line."""
        given = transformation_input
        fragments = given.fragments
        if get_app().is_done:
            return Transformation(fragments)
        document = given.document
        places = [
            document.translate_index_to_position(index) for index in _bracketed(document)
        ]
        here = [column for row, column in places if row == given.lineno]
        if not here:
            return Transformation(fragments)
        marked = explode_text_fragments(fragments)
        for column in map(given.source_to_display, here):
            if column < len(marked):
                marked[column] = (f"{marked[column][0]} class:yibao.bracket", marked[column][1])
        return Transformation(marked)


def _bracketed(document: Document) -> tuple[int, ...]:
    for at in (document.cursor_position, document.cursor_position - 1):
        other = fellow(document.text, at)
        if other >= 0:
            return at, other
    return ()
