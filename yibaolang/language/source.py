"""Texts with a name, places in them, and the characters that no text may hold.

Offsets and columns count code points. Lines end at a line feed only; `Source.of` turns the other
line ends into it.
"""

import re
from bisect import bisect_right
from functools import cached_property

from attrs import Attribute, field, frozen

Span = tuple[int, int]
"""``(start, end)``: offsets in code points of `Source.text`, the end not included."""

FORBIDDEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls other than tab and line feed
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # bidirectional controls
    "\u200b-\u200d\u2060\ufeff"  # zero-width
    "]"
)
"""Characters that make a text look like something else than what it says."""


@frozen
class Source:
    r"""A named text. Build it with `Source.of`, which puts the line ends in order.

    >>> source = Source.of("a.yb", "one\r\ntwo")
    >>> source.text, source.line_count, source.position(5)
    ('one\ntwo', 2, (2, 2))
    """

    name: str
    text: str = field(repr=False)

    @classmethod
    def of(cls, name: str, text: str) -> "Source":
        """The text without its leading byte order mark, each CRLF or CR made a line feed."""
        unmarked = text.removeprefix("\ufeff")
        return cls(name, unmarked.replace("\r\n", "\n").replace("\r", "\n"))

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    @property
    def line_count(self) -> int:
        """How many lines there are; a text that ends in a line feed has an empty last line."""
        return len(self._line_starts)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1; the end of the text has a position too.

        IndexError outside the text:

        >>> Source.of("a.yb", "one").position(4)
        Traceback (most recent call last):
        IndexError: offset 4 is outside a.yb (0 to 3)
        """
        if not 0 <= offset <= len(self.text):
            raise IndexError(f"offset {offset} is outside {self.name} (0 to {len(self.text)})")
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, both from 1: `position` backwards.

        The column just after a line's last character is allowed. IndexError for any other place
        that does not exist:

        >>> Source.of("a.yb", "one").offset(1, 5)
        Traceback (most recent call last):
        IndexError: a.yb has no line 1, column 5
        """
        if not (1 <= line <= self.line_count and 1 <= column <= len(self.line_text(line)) + 1):
            raise IndexError(f"{self.name} has no line {line}, column {column}")
        return self._line_starts[line - 1] + column - 1

    def line_text(self, line: int) -> str:
        """The text of a line, counted from 1, without its line feed; IndexError if there is none.

        >>> Source.of("a.yb", "one").line_text(2)
        Traceback (most recent call last):
        IndexError: a.yb has no line 2
        """
        if not 1 <= line <= self.line_count:
            raise IndexError(f"{self.name} has no line {line}")
        if line == self.line_count:
            return self.text[self._line_starts[-1] :]
        return self.text[self._line_starts[line - 1] : self._line_starts[line] - 1]


@frozen
class Place:
    r"""A span of a source; ValueError if the span is not in it.

    >>> str(Place(Source.of("a.yb", "one\ntwo"), (4, 7)))
    'a.yb:2:1'
    >>> Place(Source.of("a.yb", "one"), (2, 5))
    Traceback (most recent call last):
    ValueError: span 2 to 5 is not in a.yb (0 to 3)
    """

    source: Source
    span: Span = field()

    @span.validator
    def _span_is_in_source(self, _attribute: "Attribute[Span]", span: Span) -> None:
        start, end = span
        length = len(self.source.text)
        if not 0 <= start <= end <= length:
            raise ValueError(f"span {start} to {end} is not in {self.source.name} (0 to {length})")

    @property
    def line(self) -> int:
        """The line on which the span starts, from 1."""
        return self.start[0]

    @property
    def start(self) -> tuple[int, int]:
        """Line and column of the first character, from 1."""
        return self.source.position(self.span[0])

    @property
    def end(self) -> tuple[int, int]:
        """Line and column just after the last character, from 1."""
        return self.source.position(self.span[1])

    def __str__(self) -> str:
        """ "name:line:column" of the start."""
        line, column = self.start
        return f"{self.source.name}:{line}:{column}"


def forbidden_characters(source: Source) -> list[tuple[int, str]]:
    r"""Offset and code point name of each forbidden character of a source.

    >>> forbidden_characters(Source.of("a.yb", "ab\u202ec"))
    [(2, 'U+202E')]
    """
    return [
        (match.start(), f"U+{ord(match.group()):04X}") for match in FORBIDDEN.finditer(source.text)
    ]


def visible(text: str) -> str:
    r"""The text with each forbidden character replaced, one for one, so that it is safe to print.

    >>> ascii(visible("a\x1b[2Jb"))
    "'a\\ufffd[2Jb'"
    """
    return FORBIDDEN.sub("\ufffd", text)
