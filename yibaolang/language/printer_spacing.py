"""From pieces to a line of text: how keywords are spelled, and where a space must stand.

A piece is a kind and a text. Words are NAME (spelled by its alias), DECLARED (as written), TYPE,
KEY (a token of the vocabulary), LITERAL and STRING; the other kinds are marks.
"""

from collections.abc import Callable, Iterable

from yibaolang.language.lexer import HAN, Lexer
from yibaolang.language.vocabulary import Vocabulary, vocabulary

Piece = tuple[str, str]

_SIGNS = {
    "LIST": (",", "\u3001"),
    "COMMA": (",", "\uff0c"),
    "COLON": (":", "\uff1a"),
    "OPEN": ("(", "\uff08"),
    "CALL": ("(", "\uff08"),
    "CLOSE": (")", "\uff09"),
}
_CHINESE_SIGNS = {">=": "\u2265", "<=": "\u2264", "!=": "\u2260", "*": "\u00d7", "/": "\u00f7"}
_TRANSLATED = frozenset({"COMPARE", "ARITHMETIC"})
_WORDS = frozenset({"NAME", "KEY", "LITERAL", "STRING"})
_SPACED = frozenset({"DEFINES", "BAR"})
_FULL_STOPS = frozenset({"DOTS", "SUFFIX"})
_EDGES_AFTER = frozenset({"LIST", "COMMA", "COLON", "CALL", "CLOSE", "EDGE_COMMA", "EDGE_CLOSE"})
_TIGHT_BEFORE = _EDGES_AFTER | _FULL_STOPS
_TIGHT_AFTER = frozenset({"OPEN", "CALL", "EDGE_OPEN", "DOTS", "PREFIX"})
_UNITS = "\u5e74\u6708\u65e5\u5143\u4e07\u4e2a\u5929\u5c81\u5468"
"""A number before one of these would be read as an amount, a duration or a date."""
_LONGEST_RUN = 64
_MOST_WORDS = 6


def is_chinese(text: str) -> bool:
    """Whether a text holds a Chinese character.

    >>> is_chinese("age"), is_chinese("年龄")
    (False, True)
    """
    return any(_is_han(character) for character in text)


def _is_han(character: str) -> bool:
    common = "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf"
    return common or character == HAN[0]


def _is_ascii_word(text: str) -> bool:
    return text.isascii() and text.isidentifier()


def type_name(word: str, words: Vocabulary) -> str | None:
    """The type that a word after a colon names, in either language; None for a choice's name.

    >>> [type_name(word, vocabulary()) for word in ("金额", "天数", "level")]
    ['money', 'days', None]
    """
    return words.type_of(word) or ("days" if words.words.get(word) == "DAYS" else None)


class Joiner:
    """Joins the pieces of a sentence in "en" or "zh" so that the lexer cuts them out again."""

    def __init__(self, lang: str, lexer: Lexer, spell: Callable[[str], str]) -> None:
        self._chinese = lang == "zh"
        self._lang = lang
        self._lexer = lexer
        self._spell = spell
        self._vocabulary = vocabulary()

    def join(self, pieces: Iterable[Piece]) -> str:
        """The text of a sentence, of a cell or of an expression."""
        spelled: list[Piece] = []
        apart: set[int] = set()
        for piece in pieces:
            if piece[0] == "SPACE":
                apart.add(len(spelled))
            elif piece[0] != "PAUSE" or self._chinese:
                spelled.append(self._spelled(piece))
        _keep_from_apart(spelled)
        self._quote_phrases(spelled)
        gaps = self._chinese_gaps(spelled, apart) if self._chinese else _english_gaps(spelled)
        return "".join(gap + text for gap, (_, text) in zip(gaps, spelled, strict=True))

    def _spelled(self, piece: Piece) -> Piece:
        kind, text = piece
        if kind == "NAME":
            return kind, self._quoted(self._spell(text))
        if kind == "DECLARED":
            return "NAME", self._quoted(text)
        if kind == "KEY":
            return kind, self._vocabulary.keywords[text].spelling(self._lang)
        if kind == "TYPE":
            return "NAME", self._type(text)
        if kind == "PAUSE":
            return "COMMA", _SIGNS["COMMA"][1]
        if kind in _SIGNS:
            return kind, _SIGNS[kind][self._chinese]
        if kind in _TRANSLATED and self._chinese:
            return kind, _CHINESE_SIGNS.get(text, text)
        return piece

    def _type(self, word: str) -> str:
        found = type_name(word, self._vocabulary)
        if found is None:
            return self._quoted(self._spell(word))
        return self._vocabulary.types[found].spelling(self._lang)

    def _quoted(self, name: str) -> str:
        """A name in quotation marks if the lexer would not read it as one name without them."""
        if _is_ascii_word(name):
            plain = self._lexer.terminal(name) == "NAME"
        elif all(map(_is_han, name)):
            plain = self._lexer.terminal(name) == "NAME" and self._reads_back((name,))
        else:
            plain = False
        return name if plain else f"\u300c{name}\u300d"

    def _reads_back(self, words: tuple[str, ...]) -> bool:
        cut = self._lexer.cut("".join(words))
        return cut.pieces == words and not cut.other

    def _quote_phrases(self, pieces: list[Piece]) -> None:
        """Quote a name that would make a keyword of several English words with its neighbours."""
        for index, (kind, text) in enumerate(pieces):
            if not text.isascii() or kind not in ("NAME", "KEY"):
                continue
            near = " ".join(word for _, word in pieces[index : index + _MOST_WORDS])
            found = self._lexer.phrase(text.split(" ")[0], near, 0)
            if found is None or found[1] <= len(text):
                continue
            later = range(index, min(index + _MOST_WORDS, len(pieces)))
            first = next((place for place in later if pieces[place][0] == "NAME"), None)
            if first is not None:
                pieces[first] = "NAME", f"\u300c{pieces[first][1].strip(_QUOTES)}\u300d"

    def _chinese_gaps(self, pieces: list[Piece], apart: set[int]) -> list[str]:
        gaps = ["", *map(_chinese_gap, pieces, pieces[1:])][: len(pieces)]
        for index in range(1, len(pieces)):
            if index in apart:
                gaps[index] = " "
        for index in range(1, len(pieces) - 1):
            if pieces[index][0] == "ARITHMETIC":
                spaced = _is_alnum(pieces[index - 1][1][-1]) or pieces[index + 1][0] == "PREFIX"
                gaps[index] = gaps[index + 1] = " " if spaced else ""
        start = 0
        for end in range(1, len(pieces) + 1):
            both = end < len(pieces) and _is_run(pieces[end - 1]) and _is_run(pieces[end])
            if not both or gaps[end]:
                self._separate(pieces, gaps, start, end)
                start = end
        return gaps

    def _separate(self, pieces: list[Piece], gaps: list[str], start: int, end: int) -> None:
        """Put spaces into a run of Chinese words where it would be cut otherwise."""
        words = tuple(text for _, text in pieces[start:end])
        if len(words) < 2 or (sum(map(len, words)) <= _LONGEST_RUN and self._reads_back(words)):
            return
        run: tuple[str, ...] = ()
        for index, word in enumerate(words, start):
            longer = (*run, word)
            if not run or (sum(map(len, longer)) <= _LONGEST_RUN and self._reads_back(longer)):
                run = longer
            else:
                gaps[index] = " "
                run = (word,)


_QUOTES = "\u300c\u300d"


def _keep_from_apart(pieces: list[Piece]) -> None:
    """Write `1 years` before `from`, for `year from` is a keyword."""
    for index, (kind, text) in enumerate(pieces[:-1]):
        if kind == "LITERAL" and text.endswith(" year") and pieces[index + 1] == ("KEY", "from"):
            pieces[index] = kind, text + "s"


def _is_run(piece: Piece) -> bool:
    """Whether a piece is a word of Chinese characters only, which can run into its neighbour."""
    return piece[0] in ("NAME", "KEY") and _is_han(piece[1][0])


def _is_alnum(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def _english_gaps(pieces: list[Piece]) -> list[str]:
    return ["", *map(_english_gap, pieces, pieces[1:])][: len(pieces)]


def _english_gap(before: Piece, after: Piece) -> str:
    if after[0] in _FULL_STOPS and "/" in before[1]:
        return " "  # a fraction is not read before a full stop
    tight = after[0] in _TIGHT_BEFORE or before[0] in _TIGHT_AFTER
    return "" if tight else " "


def _chinese_gap(before: Piece, after: Piece) -> str:
    kind, text = before
    next_kind, next_text = after
    if kind in _SPACED or next_kind in _SPACED:
        return " "
    if kind == "EDGE_COMMA" and next_kind != "EDGE_CLOSE":
        return " "
    if next_kind in _FULL_STOPS and "/" in text:
        return " "
    if kind not in _WORDS or next_kind not in _WORDS:
        return ""
    last, first = text[-1], next_text[0]
    if kind == "STRING" or (_is_alnum(last) and (_is_alnum(first) or first in _UNITS)):
        return " "
    latin = (kind == "NAME" and _is_alnum(last)) or (next_kind == "NAME" and _is_alnum(first))
    return " " if latin else ""
