"""What may stand where the cursor is: keywords that the parser takes, and names that are known."""

import re
from collections.abc import Callable, Iterator, Set
from itertools import islice
from typing import TYPE_CHECKING

from attrs import field, frozen

from yibaolang.language.following import following
from yibaolang.language.lexer import HAN, kept_lexer
from yibaolang.language.pinyin import matches
from yibaolang.language.source import Source
from yibaolang.language.tokens import Token
from yibaolang.language.vocabulary import Keyword, vocabulary
from yibaolang.session.candidates import Candidate, beginning, named_in, saying
from yibaolang.session.roles import FIGURE, roles

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_RUN = re.compile(rf"[{HAN}]+\Z")
_DIGITS = re.compile(r"[0-9][0-9-]*\Z")
_QUOTE = re.compile(r'"[^"\n]*\Z')
_LONGEST = 8

MOST = 200
"""So many completions are offered at the most."""

_FIGURES = frozenset(["_CREDIT", "_DEDUCT", "_NET_CREDIT", "_WAIT"])
_LIKELY = {token: rank for rank, token in enumerate((
    "SHOW", "CREDIT", "PERSON", "REGION", "TEST", "EXPECT", "LEDGER", "EXPLAIN", "COMPARE", "WHY",
))}  # fmt: skip
"""What is typed most often where a sentence or a figure begins."""
_QUOTED = {"_AS": "version", "_INCLUDE": "file", "_CITE": "cite", "_ATTESTED": "mark"}
_ROLE = 8
"""How much worse a name of the next likely role is, in characters that are not typed yet."""


@frozen
class Completion:
    """A text that may replace what stands from `start` (an offset) up to the cursor.

    Of several, the one of lower `rank` fits better.
    """

    start: int
    text: str
    about: Callable[[], str] = field(eq=False)
    rank: int = 0

    @property
    def meta(self) -> str:
        """What it is: the help of a keyword; kind, type and source of a name."""
        return self.about()


def sentence_completions(session: "Session", before: str) -> Iterator[Completion]:
    """What may stand at the end of a text that is no command."""
    if before.rfind("#") > before.rfind("\n"):
        return
    quoted = _QUOTE.search(before)
    if quoted and before.count('"', before.rfind("\n") + 1) % 2:
        yield from _quoted(session, before, quoted.start())
        return
    for start in _starts(before):
        typed = before[start:]
        tokens = _tokens(session, before[:start])
        if tokens is None:
            continue
        accepted = following().after(tokens)
        first = accepted if not tokens else _FIGURES if roles(tokens)[0] == FIGURE else frozenset()
        yield from _keywords(session.context.lang, accepted, start, typed, first)
        if "NAME" in accepted:
            yield from _names(session, tokens, start, typed)
        if accepted & {"DATE", "MONTH", "BOOKED"}:
            named = bool(tokens) and tokens[-1].type == "NAME"
            yield from _dates(session, start, typed, 45 if named else 30)


def _starts(before: str) -> list[int]:
    """Where the word may begin that is being typed; Chinese may begin one at each character."""
    end = len(before)
    word = _WORD.search(before) or _DIGITS.search(before)
    if word:
        return [word.start()]
    run = _RUN.search(before)
    first = end if run is None else max(run.start(), end - _LONGEST)
    return list(range(first, end + 1))


def _tokens(session: "Session", text: str) -> tuple[Token, ...] | None:
    """The tokens of the sentence that goes on at the end of a text; None if it is broken."""
    read, _ = kept_lexer(session.names).sentences(Source("", text))
    if read and not read[-1].readable:
        return None
    if not read or not read[-1].tokens:
        return ()
    last = read[-1].tokens
    closed = "\n" in text[last[-1].end_pos :]
    return () if closed and not session.unfinished(text.rstrip("\n")) else last


# ── keywords ──


def _keywords(
    lang: str, accepted: frozenset[str], start: int, typed: str, first: Set[str]
) -> Iterator[Completion]:
    """The keywords that are accepted; nothing typed, those of `first` come before all names."""
    for token, keyword in vocabulary().keywords.items():
        terminal = token if token in accepted else f"_{token}"
        if terminal not in accepted:
            continue
        help_ = keyword.help_zh if lang == "zh" else keyword.help_en
        likely = not typed and terminal in first
        for text, rank in _spellings(keyword, lang, typed):
            yield Completion(start, text, saying(help_), _LIKELY.get(token, 9) if likely else rank)


def _spellings(keyword: Keyword, lang: str, typed: str) -> Iterator[tuple[str, int]]:
    """The spellings that fit what was typed; nothing typed, the one of the language."""
    if not typed:
        yield keyword.spelling(lang), 40
        return
    for text in (*keyword.en, *keyword.zh):
        rank = _rank(typed, text)
        if rank is not None:
            yield text, rank


def _rank(typed: str, text: str) -> int | None:
    """How well a text fits what was typed: as its beginning, or by pinyin; lower is better."""
    if text.lower().startswith(typed.lower()):
        return 0 if text == typed else len(text) - len(typed)
    if typed.isascii() and not text.isascii():
        found = matches(typed, text)
        return None if found is None else 20 + found
    return None


# ── names ──


def _names(
    session: "Session", tokens: tuple[Token, ...], start: int, typed: str
) -> Iterator[Completion]:
    for order, role in enumerate(roles(tokens)):
        for each, rank in islice(_fitting(session, role, typed), MOST if not typed else None):
            yield Completion(start, each.text, each.about, rank + _ROLE * order)


def _fitting(session: "Session", role: str, typed: str) -> Iterator[tuple[Candidate, int]]:
    """Names and how well they fit; nothing typed, those of the session's language.

    A name that is in one language only is offered in both.
    """
    if not typed:
        languages = ("", session.context.lang)
        yield from ((each, 10) for each in named_in(session, role) if each.shown_in in languages)
        return
    for each in beginning(session, role, typed):
        rank = _rank(typed, each.text)
        if rank is not None:
            yield each, rank


# ── dates and words in quotes ──


def _dates(session: "Session", start: int, typed: str, rank: int) -> Iterator[Completion]:
    for each in named_in(session, "date"):
        if each.text.startswith(typed):
            yield Completion(start, each.text, each.about, rank)


def _quoted(session: "Session", before: str, start: int) -> Iterator[Completion]:
    """After a quotation mark: a version of the region, a file, a source that was named before."""
    tokens = _tokens(session, before[:start]) or ()
    last = tokens[-1].type if tokens else ""
    role = _QUOTED.get(last, "")
    typed = before[start + 1 :]
    if role:
        names = [each.value for each in tokens if each.type == "NAME"]
        for each in named_in(session, role, names[-1] if names else "", typed):
            if each.text.startswith(typed):
                yield Completion(start, f'"{each.text}"', each.about, 0)
