"""From a text to sentences of tokens.

Full-width punctuation and digits are read as their ASCII twins, one character for one, so every
offset is an offset of the text as written. Lines are joined where a sentence goes on: after an
operator or a comma, or inside parentheses. Chinese is cut by `cutting`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from attrs import frozen

from yibaolang.language.cutting import Cut, cut_run
from yibaolang.language.diagnostics import Diagnostic, diagnostic
from yibaolang.language.source import FORBIDDEN, Place, Source
from yibaolang.language.tokens import COMMA_BEFORE, GOES_ON, HAPPENS, KEPT_WORDS, STARTS, Token
from yibaolang.language.vocabulary import Vocabulary, vocabulary
from yibaolang.model.limits import LIMITS

_FOLDED = "".join(chr(0xFF10 + digit) for digit in range(10)) + (
    "\uff0c\uff1b\uff1a\uff08\uff09\uff05\uff0b\uff0d\uff1d\uff1e\uff1c\uff0e\uff0f\uff0a\uff5c\uffe5"
    "\u201c\u201d\u3001\uff03\uff3b\uff3d\u3000\uff01\u2212\u00d7\u00f7\uff3e"
)
_PLAIN = '0123456789,;:()%+-=><./*|\u00a5"",#[] !-*/^'
_TWINS = str.maketrans(_FOLDED, _PLAIN)

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff"
"""The Chinese characters that names are made of, for a regular expression's character class."""

_TOKEN = re.compile(
    r"(?P<SPACE>[ \t]+)|(?P<NEWLINE>\n)|(?P<COMMENT>\#[^\n]*)"
    r"|(?P<DATE>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9-])|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)"
    r"|(?P<MONTH>[0-9]{4}-[0-9]{2}(?![0-9-])|[0-9]{4}年[0-9]{1,2}月)"
    r"|(?P<BAD_DATE>[0-9]{4}/[0-9]{1,2}/[0-9]{1,2})"
    r"|(?P<MONTHDAY>[0-9]{2}-[0-9]{2}(?![0-9-])|[0-9]{1,2}月[0-9]{1,2}日)"
    r"|(?P<DAY>[0-9]{1,2}日)"
    r"|(?P<MONEY>[0-9]+(?:\.[0-9]+)?(?:万元|元)|\u00a5[0-9]+(?:\.[0-9]+)?(?![A-Za-z_0-9.]))"
    r"|(?P<RATE>[0-9]+(?:\.[0-9]+)?[%\u2030]|[0-9]+/[0-9]+(?![0-9/.A-Za-z_]))"
    r"|(?P<YEAR>(?:(?:19|2[01])[0-9]{2}|2200)年)"
    r"|(?P<DURATION>[0-9]+年[0-9]+个月|[0-9]+(?:\.[0-9]+)?(?:年|个月|天|周岁|岁))"
    r"|(?P<NUMBER>[0-9]+(?:\.[0-9]+)?(?![0-9A-Za-z_]|\.[0-9]))"
    r"|(?P<EVENT_ID>\^[A-Za-z0-9_-]{1,64}(?![A-Za-z0-9_-]))"
    r"|(?P<WORD>[A-Za-z_][A-Za-z0-9_]*)"
    rf"|(?P<HAN>[{HAN}]+)"
    r"|(?P<POSSESSIVE>'s(?![A-Za-z0-9_]))"
    r'|(?P<STRING>"[^"\n]*")'
    r"|(?P<QUOTED>\u300c[^\u300c\u300d\n]*\u300d)"
    r"|(?P<SIGN>\|\||\.\.|>=|<=|!=|[\u2265\u2264\u2260=<>+*/(),:|\[\]\u3002-])"
    r"|(?P<BAD_ID>\^[A-Za-z0-9_-]*)"
    r"|(?P<BAD_NUMBER>[0-9][0-9A-Za-z_.]*)"
    r"|(?P<BAD>[\s\S])"
)
_SIGNS = {
    ",": "_COMMA", ":": "_COLON", "|": "PIPE", "||": "DOUBLE_PIPE", "=": "_EQUAL",
    ">=": "COMPARATOR", "<=": "COMPARATOR", "!=": "COMPARATOR", "<": "COMPARATOR",
    ">": "COMPARATOR", "\u2265": "COMPARATOR", "\u2264": "COMPARATOR", "\u2260": "COMPARATOR",
    "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH", "(": "LPAR", ")": "RPAR",
    "[": "LSQB", "]": "RSQB", "..": "DOTDOT",
}  # fmt: skip
_VALUES = {"\u2265": ">=", "\u2264": "<=", "\u2260": "!="}
_OPENERS = frozenset({"LPAR", "LSQB"})
_CLOSERS = frozenset({"RPAR", "RSQB"})
_MOST_CUTS = 32_768


@frozen
class Words:
    """One logical line: its tokens and comments; not `readable` if the lexer objected."""

    tokens: tuple[Token, ...]
    above: tuple[str, ...]
    trailing: str
    readable: bool


def fold(text: str) -> str:
    r"""The text with full-width characters as their ASCII twins, of the same length.

    >>> fold("\uff11\uff12\uff0e\uff15\uff05")
    '12.5%'
    """
    return text.translate(_TWINS)


def lexeme(folded: str, position: int) -> tuple[str, int]:
    r"""The kind of what begins at a position of a folded text, and its end, as the lexer reads it.

    What cannot be read is of a kind that begins with "BAD"; an open quote goes to its line's end.

    >>> lexeme("a # b", 1), lexeme("a # b", 2), lexeme('"a\nb', 0)
    (('SPACE', 2), ('COMMENT', 5), ('BAD', 2))
    """
    match = _TOKEN.match(folded, position)
    if match is None:
        return "BAD", len(folded)
    kind, end = match.lastgroup or "BAD", match.end()
    if kind == "BAD" and folded[position] == '"':
        line_end = folded.find("\n", position)
        end = len(folded) if line_end < 0 else line_end
    return kind, end


class Lexer:
    """Cuts texts into sentences over a vocabulary and the names that are declared.

    The cuts of Chinese runs are remembered, so a run costs its cutting once.
    """

    def __init__(self, vocabulary: Vocabulary, names: Iterable[str] = ()) -> None:
        self._phrases = vocabulary.phrases
        self._token_of = {
            word: token if token in KEPT_WORDS else "_" + token
            for word, token in vocabulary.words.items()
        }
        spellings = [word for keyword in vocabulary.types.values() for word in keyword.zh]
        self._han = {word for word in (*vocabulary.words, *spellings, *names) if word > "\u3000"}
        self._longest = max(map(len, self._han))
        self._cuts: dict[str, Cut] = {}

    def cut(self, run: str) -> Cut:
        """The cut of a run of Chinese characters."""
        found = self._cuts.get(run)
        if found is None:
            if len(self._cuts) >= _MOST_CUTS:  # a kept lexer sees a new run on each key press
                self._cuts.clear()
            found = self._cuts[run] = cut_run(run, self._han, self._longest)
        return found

    def sentences(self, source: Source, start: int = 0) -> tuple[list[Words], list[Diagnostic]]:
        """The logical lines of a text, and what could not be read in it.

        Reading begins at the offset `start`, the beginning of a line; what stands before is as if
        it were not there, but offsets are those of the whole text.
        """
        reading = _Reading(self, source, start)
        reading.read(start)
        return reading.done, reading.diagnostics

    def phrase(self, word: str, text: str, start: int) -> tuple[str, int] | None:
        """The terminal and end of the longest phrase that begins with `word` at `start`."""
        for parts, token in self._phrases.get(word, ()):
            end = start + len(word)
            for part in parts[1:]:
                begin = end
                while text[begin : begin + 1] in (" ", "\t"):
                    begin += 1
                if begin == end or not text.startswith(part, begin):
                    break
                end = begin + len(part)
            else:
                if not _is_word(text[end : end + 1]):
                    return "_" + token, end
        return None

    def terminal(self, word: str) -> str:
        """The terminal of a word: its keyword's, or NAME."""
        return self._token_of.get(word, "NAME")


@lru_cache(maxsize=8)
def kept_lexer(names: frozenset[str]) -> Lexer:
    """A lexer for these names over the vocabulary, kept for who asks on every key press."""
    return Lexer(vocabulary(), names)


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


class _Reading:
    """One pass over one source."""

    def __init__(self, lexer: Lexer, source: Source, start: int) -> None:
        self.lexer = lexer
        self.source = source
        self.text = source.text[:start] + fold(source.text[start:])
        self.done: list[Words] = []
        self.diagnostics: list[Diagnostic] = []
        self.tokens: list[Token] = []
        self.above: list[str] = []
        self.trailing = ""
        self.readable = True
        self.depth = 0
        self.count = 0

    def read(self, position: int) -> None:
        match_at = _TOKEN.match
        text = self.text
        length = len(text)
        line_is_empty = True
        joining = False
        while position < length and self.count <= LIMITS.tokens:
            match = match_at(text, position)
            if match is None:
                break
            kind = match.lastgroup or "BAD"
            start, position = position, match.end()
            if kind == "SPACE":
                continue
            if kind == "NEWLINE":
                if joining and line_is_empty:
                    self.finish()
                    joining = False
                elif self.tokens or not self.readable:
                    joining = self.depth > 0 or (
                        bool(self.tokens) and self.tokens[-1].type in GOES_ON
                    )
                    if not joining:
                        self.finish()
                elif line_is_empty and self.above[-1:] != [""]:
                    self.above.append("")
                line_is_empty = True
                continue
            line_is_empty = False
            if kind == "COMMENT":
                self.forbid(start, position)
                self.comment(self.source.text[start:position])
                continue
            before = len(self.tokens)
            position = self.add(kind, match.group(), start, position)
            if joining:
                joining = False
                if len(self.tokens) > before and self.tokens[before].type in STARTS:
                    late = self.tokens[before:]
                    del self.tokens[before:]
                    self.finish()
                    self.tokens += late
        self.finish()
        if self.count > LIMITS.tokens:
            self.too_many()
            return
        while self.above and not self.above[-1]:
            self.above.pop()
        if self.above:
            self.done.append(Words((), tuple(self.above), "", True))

    def too_many(self) -> None:
        """Say where the text goes past the limit of tokens; then nothing of it is read."""
        token = self.done[-1].tokens[LIMITS.tokens - self.count]
        place = Place(self.source, (token.start_pos, token.end_pos))
        self.done = []
        self.diagnostics = [diagnostic("YB026", place, limit=LIMITS.tokens)]

    def forbid(self, start: int, end: int) -> None:
        """Object to characters in a comment or string that make it look like something else."""
        found = FORBIDDEN.search(self.text, start, end)
        if found:
            point = f"U+{ord(found.group()):04X}"
            place = Place(self.source, found.span())
            self.diagnostics.append(diagnostic("YB004", place, character=point))

    def comment(self, text: str) -> None:
        if self.tokens and not self.trailing and self.depth == 0:
            self.trailing = text.rstrip()
        else:
            self.above.append(text.rstrip())

    def finish(self) -> None:
        """Close the sentence that is being read, if there is one."""
        if not self.tokens and self.readable:
            return
        first = self.tokens[0] if self.tokens[1:] else None
        if first and first.type == "DATE" and self.tokens[1].type in HAPPENS:
            self.tokens[0] = Token("BOOKED", first.value, first.start_pos, first.end_pos)
        words = Words(tuple(self.tokens), tuple(self.above), self.trailing, self.readable)
        self.done.append(words)
        self.count += len(self.tokens)
        self.tokens = []
        self.above = []
        self.trailing = ""
        self.readable = True
        self.depth = 0

    def add(self, kind: str, value: str, start: int, end: int) -> int:
        """Add the token or tokens of a match; where reading goes on."""
        if kind == "WORD":
            phrase = self.lexer.phrase(value, self.text, start)
            if phrase is not None:
                terminal, end = phrase
                value = self.text[start:end]
            else:
                terminal = self.lexer.terminal(value)
            self.add_word(Token(terminal, value, start, end))
        elif kind == "HAN":
            self.add_run(value, start, end)
        elif kind == "SIGN":
            self.add_sign(value, start, end)
        elif kind == "STRING":
            self.forbid(start, end)
            if len(value.encode("utf-8", "surrogatepass")) - 2 > LIMITS.string_bytes:
                self.object("YB008", start, end, limit=LIMITS.string_bytes)
            self.tokens.append(Token("STRING", self.source.text[start + 1 : end - 1], start, end))
        elif kind == "QUOTED":
            if len(value) == 2 or not _NAME.fullmatch(value[1:-1]):
                self.object("YB013", start, end, name=value[1:-1])
            self.tokens.append(Token("NAME", value[1:-1], start, end))
        elif kind == "EVENT_ID":
            self.tokens.append(Token(kind, value[1:], start, end))
        elif kind == "POSSESSIVE":
            self.tokens.append(Token("_DE", value, start, end))
        elif kind.startswith("BAD"):
            end = self.add_bad(kind, value, start, end)
        elif kind == "RATE" and "/" in value and self.tokens and self.tokens[-1].type == "SLASH":
            # Divisions go from the left: 100元/12/2 is no hundred yuan over twelve halves.
            end = start + value.index("/")
            self.tokens.append(Token("NUMBER", value[: end - start], start, end))
        else:
            self.tokens.append(Token(kind, value, start, end))
        return end

    def add_run(self, run: str, start: int, end: int) -> None:
        cut = self.lexer.cut(run)
        if cut.other:
            one, two = " ".join(cut.pieces), " ".join(cut.other)
            self.object("YB005", start, end, run=run, one=one, two=two)
        for piece in cut.pieces:
            terminal = self.lexer.terminal(piece)
            self.add_word(Token(terminal, piece, start, start + len(piece)))
            start += len(piece)

    def add_word(self, token: Token) -> None:
        if token.type in COMMA_BEFORE and self.tokens and self.tokens[-1].type == "_COMMA":
            self.tokens.pop()
        self.tokens.append(token)

    def add_sign(self, sign: str, start: int, end: int) -> None:
        if sign == "\u3002":  # a Chinese full stop ends nothing that the line does not end
            return
        terminal = _SIGNS[sign]
        if terminal in _OPENERS:
            self.depth += 1
            if self.depth == LIMITS.nesting + 1:
                self.object("YB007", start, end, limit=LIMITS.nesting)
        elif terminal in _CLOSERS:
            self.depth = max(0, self.depth - 1)
        self.tokens.append(Token(terminal, _VALUES.get(sign, sign), start, end))

    def add_bad(self, kind: str, value: str, start: int, end: int) -> int:
        """Say what is wrong with a character or literal; skip what cannot be understood."""
        if kind == "BAD_DATE":
            year, month, day = value.split("/")
            self.object("YB011", start, end, date=f"{year}-{month:0>2}-{day:0>2}", text=value)
        elif kind == "BAD_ID":
            self.object("YB027", start, end, text=value)
        elif kind == "BAD_NUMBER":
            self.object("YB012", start, end, text=value)
        elif value == '"':
            line_end = self.text.find("\n", start)
            end = len(self.text) if line_end < 0 else line_end
            self.object("YB006", start, end)
        elif value == ";":
            self.object("YB009", start, end)
        elif FORBIDDEN.match(value):
            self.object("YB004", start, end, character=f"U+{ord(value):04X}")
        else:
            self.object("YB010", start, end, character=value, point=f"U+{ord(value):04X}")
        return end

    def object(self, code: str, start: int, end: int, **arguments: str | int) -> None:
        """Note what is wrong; the sentence will not be parsed, so it costs one diagnostic."""
        if self.readable:
            place = Place(self.source, (start, end))
            self.diagnostics.append(diagnostic(code, place, notes=(), **arguments))
        self.readable = False


_NAME = re.compile(rf"[{HAN}A-Za-z0-9_]+")
