"""The text of a session: it only grows, and holds the sentences that were taken."""

from collections.abc import Mapping

from attrs import evolve, field, frozen

from yibaolang.language.source import Source, Span
from yibaolang.language.syntax import Document, Line, Region, Sentence, Version

NAME = "session"
"""The name of the text in places, as in session:3:1."""


@frozen(eq=False)
class Script:
    """Lines that were taken, in parts; each part begins in no region, as a file does.

    All parts are of one source, so what was refused stands there too, but in no line. `said` has
    questions, by where they stand, that say more in a file than was typed.
    """

    source: Source
    parts: tuple[tuple[Line, ...], ...]
    said: Mapping[Span, str] = field(factory=dict)

    @classmethod
    def empty(cls) -> "Script":
        """Nothing yet."""
        return cls(Source.of(NAME, ""), ((),))

    def typed(self, text: str, line: int = 0) -> tuple["Script", int]:
        """The same with a text below, of which nothing is taken yet; and where the text begins.

        It begins on a line (from 0) if there are not more of them already.
        """
        joined = self.source.text
        if joined and not joined.endswith("\n"):
            joined += "\n"
        joined += "\n" * (line - joined.count("\n"))
        start = len(joined)
        return evolve(self, source=Source(NAME, joined + Source.of(NAME, text).text)), start

    def taking(self, lines: tuple[Line, ...]) -> "Script":
        """The same with lines of the source that are taken."""
        return evolve(self, parts=(*self.parts[:-1], (*self.parts[-1], *lines)))

    def aside(self, lines: tuple[Line, ...]) -> "Script":
        """The same with lines of the source in a part of their own, before the one that grows."""
        return evolve(self, parts=(*self.parts[:-1], lines, self.parts[-1]))

    def asking(self, line: Line, said: str) -> "Script":
        """The same with a question, which says `said` in a file ("": what was typed)."""
        taken = self.taking((line,))
        if not said or line.sentence is None:
            return taken
        return evolve(taken, said={**self.said, line.sentence.span: said})

    def anew(self) -> "Script":
        """The same, where what follows belongs to no region."""
        return evolve(self, parts=(*self.parts, ())) if self.parts[-1] else self

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the part that grows."""
        return self.parts[-1]

    def documents(self) -> tuple[Document, ...]:
        """The parts as documents."""
        return tuple(Document(self.source, lines) for lines in self.parts if lines)

    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence that was taken."""
        return tuple(
            line.sentence for lines in self.parts for line in lines if line.sentence is not None
        )

    def text(self, sentence: Sentence) -> str:
        """What a sentence of the source says in a file."""
        return self.said.get(sentence.span) or self.source.text[slice(*sentence.span)]

    def as_file(self) -> str:
        """The lines as the text of a file, as they were typed.

        A file cannot leave a region again, so what belongs to none comes first.
        """
        before: list[Line] = []
        after: list[Line] = []
        for lines in self.parts:
            at = next((i for i, line in enumerate(lines) if _opens(line)), len(lines))
            before += lines[:at]
            after += lines[at:]
        return "".join(f"{text}\n" for line in (*before, *after) for text in self._texts(line))

    def _texts(self, line: Line) -> list[str]:
        texts = list(line.above)
        if line.sentence is not None:
            texts.append(f"{self.text(line.sentence)}  {line.trailing}".rstrip())
        return texts


def _opens(line: Line) -> bool:
    return isinstance(line.sentence, Region | Version)
