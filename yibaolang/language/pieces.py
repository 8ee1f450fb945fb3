"""A text as pieces of one kind each, for highlighting; also where it cannot be understood.

The tokens are those of the lexer; what lies between them (comments, pauses, what is wrong) is
looked at again. Nothing is parsed, so a broken line has its colours too.
"""

from collections.abc import Iterable, Iterator, Set

from attrs import frozen

from yibaolang.language.declared import declared_names
from yibaolang.language.lexer import Words, fold, kept_lexer, lexeme
from yibaolang.language.source import Source
from yibaolang.language.tokens import Token
from yibaolang.language.vocabulary import vocabulary

KINDS = (
    "keyword", "name", "unknown", "type", "money", "rate", "number", "date", "duration", "string",
    "quoted", "comment", "sign", "event", "bad", "space",
)  # fmt: skip
"""Every kind of piece; "unknown" is a name that nothing declares, "quoted" one in brackets."""

_SIGNS = frozenset(
    [
        "_COMMA", "_COLON", "PIPE", "DOUBLE_PIPE", "_EQUAL", "COMPARATOR", "PLUS", "MINUS", "STAR",
        "SLASH", "LPAR", "RPAR", "LSQB", "RSQB", "DOTDOT",
    ]
)  # fmt: skip
_LITERALS = {
    "MONEY": "money", "RATE": "rate", "NUMBER": "number", "DURATION": "duration",
    "BOOKED": "date", "DATE": "date", "MONTH": "date", "MONTHDAY": "date", "DAY": "date",
    "YEAR": "date", "STRING": "string", "EVENT_ID": "event",
}  # fmt: skip
_BETWEEN = {"SPACE": "space", "NEWLINE": "space", "COMMENT": "comment", "SIGN": "sign"}

# Sentences in which a word after a colon, or before one, is a type, or a name that is declared.
_LISTS = frozenset({"_CHOICE", "_CATEGORY", "_BUCKET"})
_SINGLE = frozenset(
    {"_INPUT", "_DEFINE", "_PARAM", "_TABLE", "_REGION", "_PERSON", "_INCLUDE"}
)
_TYPED = frozenset({"_INPUT", "_DEFINE", "_PARAM", "PIPE", "DOUBLE_PIPE"})
_COLUMNS = frozenset({"PIPE", "DOUBLE_PIPE"})


@frozen
class Piece:
    """The characters from `start` up to `end` (offsets in code points), of one of the `KINDS`."""

    start: int
    end: int
    kind: str


def pieces(text: str, names: Iterable[str] = ()) -> list[Piece]:
    """The pieces of a text in order; together they are the whole text, and none is empty.

    `names` are those declared elsewhere, in every script; what the text declares is found. Give
    a frozenset, always the same one: it costs nothing then. It raises nothing for any text.

    >>> text = "age >= 70 credit 2.5% of avg_pensoin # why"
    >>> found = pieces(text, frozenset({"age", "avg_pension"}))
    >>> [(text[each.start : each.end], each.kind) for each in found if each.kind != "space"][:4]
    [('age', 'name'), ('>=', 'sign'), ('70', 'number'), ('credit', 'keyword')]
    >>> [each.kind for each in found if each.kind != "space"][4:]
    ['rate', 'keyword', 'unknown', 'comment']
    """
    known = frozenset(names)
    declared = declared_names(text, vocabulary())
    if not declared <= known:
        known |= declared
    read, _ = kept_lexer(known).sentences(Source("", text))
    return list(_joined(_without_gaps(text, _marked(read, known))))


def _marked(read: list[Words], known: Set[str]) -> list[Piece]:
    """The pieces of the tokens."""
    own = {token.value for words in read for token in _declaring(words.tokens)}
    return [
        Piece(token.start_pos, token.end_pos, _kind(words.tokens, index, known, own))
        for words in read
        for index, token in enumerate(words.tokens)
    ]


def _kind(tokens: tuple[Token, ...], index: int, known: Set[str], own: Set[str]) -> str:
    token = tokens[index]
    literal = _LITERALS.get(token.type)
    if literal is not None:
        return literal
    if token.type in _SIGNS:
        return "sign"
    is_type = _is_type(tokens, index)
    if token.type != "NAME":
        return "type" if is_type and token.type == "DAYS" else "keyword"
    if token.end_pos - token.start_pos != len(token.value):
        return "quoted"
    if is_type and vocabulary().type_of(token.value) is not None:
        return "type"
    return "name" if token.value in known or token.value in own else "unknown"


def _is_type(tokens: tuple[Token, ...], index: int) -> bool:
    return index > 0 and tokens[index - 1].type == "_COLON" and tokens[0].type in _TYPED


def _declaring(tokens: tuple[Token, ...]) -> Iterator[Token]:
    """The names that a sentence declares: they are names, although nothing else declares them."""
    if not tokens:
        return
    first = tokens[0].type
    heading = first in _SINGLE
    for index, token in enumerate(tokens[1:], start=1):
        if token.type != "NAME":
            heading = heading and token.type == "PIPE"
            continue
        before = tokens[index - 1].type
        after = tokens[index + 1].type if index + 1 < len(tokens) else ""
        column = first in _COLUMNS and after == "_COLON"
        fund = before == "_THEN" and after == "RATE"
        if heading or first in _LISTS or before == "_AS" or column or fund:
            yield token


def _without_gaps(text: str, marked: list[Piece]) -> Iterator[Piece]:
    """The pieces of the tokens, and those of what lies between them."""
    folded = fold(text)
    position = 0
    for piece in marked:
        yield from _between(folded, position, piece.start)
        yield piece
        position = piece.end
    yield from _between(folded, position, len(text))


def _between(folded: str, start: int, end: int) -> Iterator[Piece]:
    """The pieces of what gave no tokens: spaces, comments, pauses, and what is wrong."""
    while start < end:
        kind, after = lexeme(folded, start)
        # A text that came from elsewhere may have carriage returns at the ends of its lines.
        shown = "space" if folded[start] == "\r" else _BETWEEN.get(kind, "bad")
        yield Piece(start, min(after, end), shown)
        start = after


def _joined(found: Iterable[Piece]) -> Iterator[Piece]:
    """The same with neighbours of "space" and "bad" made one."""
    last: Piece | None = None
    for piece in found:
        if last is not None and last.kind == piece.kind and piece.kind in ("space", "bad"):
            last = Piece(last.start, piece.end, piece.kind)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
