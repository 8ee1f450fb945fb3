"""The lines of a text."""

from yibaolang.language.source import Source
from yibaolang.language.syntax.declarations import Sentence
from yibaolang.language.syntax.node import node


@node
class Line:
    """A sentence and the comments around it.

    `above` holds the comment lines before the sentence or inside it, "" for an empty line;
    `trailing` is the comment after it. The last line of a document may have no sentence.
    """

    sentence: Sentence | None
    above: tuple[str, ...]
    trailing: str


@node
class Document:
    """A parsed text: its sentences in order, with comments; what could not be read is left out."""

    source: Source
    lines: tuple[Line, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences that could be read, in order."""
        return tuple(line.sentence for line in self.lines if line.sentence is not None)
