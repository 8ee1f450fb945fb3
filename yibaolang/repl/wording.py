"""Words of what is typed, for keys that move or delete by words: those of the language.

Chinese is written without spaces, so only the lexer knows where a word ends.
"""

from collections.abc import Iterator

from yibaolang.language.pieces import Piece, pieces

_ABOUT = frozenset({"keyword", "name", "unknown", "type", "quoted"})
_BRACKETS = "\u300c\u300d"


def before(text: str, cursor: int, names: frozenset[str]) -> int:
    """Where the word begins that is before the cursor, or that it is in.

    >>> before("退休且年龄", 5, frozenset({"年龄", "退休"}))
    3
    """
    return max((each.start for each in _words(text, names) if each.start < cursor), default=0)


def after(text: str, cursor: int, names: frozenset[str]) -> int:
    """Where the word ends that is after the cursor, or that it is in.

    >>> after("退休且年龄", 0, frozenset({"年龄", "退休"}))
    2
    """
    ends = (each.end for each in _words(text, names) if each.end > cursor)
    return min(ends, default=len(text))


def asked_about(text: str, cursor: int, names: frozenset[str]) -> str:
    """The name or keyword at the cursor or just before it, "" for none.

    >>> asked_about("credit 5元", 3, frozenset()), asked_about("credit 5元", 9, frozenset())
    ('credit', '')
    """
    found = [
        text[each.start : each.end]
        for each in _words(text, names)
        if each.kind in _ABOUT and each.start <= cursor <= each.end
    ]
    return found[-1].strip(_BRACKETS) if found else ""


def _words(text: str, names: frozenset[str]) -> Iterator[Piece]:
    return (each for each in pieces(text, names) if each.kind != "space")
