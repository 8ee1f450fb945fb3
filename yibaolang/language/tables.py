"""The grammar's tables: what Lark makes of grammars/yibao.lark, and the nodes built in place.

LALR with one token ahead; the keyword terminals are those of the vocabulary. Only this module and
`unexpected` import Lark, which takes a third of a small command's time: `parser` comes here only
for a sentence that has not been read before.
"""

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from threading import Lock
from typing import Any

from attrs import frozen
from lark import Lark, UnexpectedInput
from lark import __version__ as lark_version
from lark.exceptions import VisitError
from lark.lexer import Lexer as LarkLexer

from yibaolang.language.build_ledger import LedgerBuilder
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.limits import too_deep
from yibaolang.language.source import Source
from yibaolang.language.syntax import Sentence
from yibaolang.language.tokens import KEPT_WORDS, Token
from yibaolang.language.unexpected import unexpected
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.limits import LIMITS
from yibaolang.resources import cache_folder, folder

_LITERALS = (
    "NAME EVENT_ID STRING MONEY RATE NUMBER DURATION BOOKED DATE MONTH MONTHDAY DAY YEAR _COMMA "
    "_COLON PIPE DOUBLE_PIPE _EQUAL COMPARATOR PLUS MINUS STAR SLASH LPAR RPAR LSQB RSQB DOTDOT"
)


class _Tokens(LarkLexer):
    """Hands Lark the tokens that `lexer` has cut."""

    def __init__(self, lexer_conf: object) -> None:
        """Lark gives its terminals; ours are cut before."""

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Any]:
        """Lark calls a lexer of one's own with what `parse` was given and nothing else."""
        return iter(lexer_state)


@frozen
class Tables:
    """What the parser does in each state with each terminal, for those who only want to look.

    A step is a pair whose second part is the state to go to, or the rule that is complete, with
    its `origin.name` and its `expansion`.
    """

    states: dict[int, dict[str, tuple[Any, Any]]]
    start: int
    end: int


class Parser:
    """The grammar's tables and the builder; one for a process."""

    def __init__(self) -> None:
        self.builder = LedgerBuilder()
        self._one_at_a_time = Lock()
        grammar = _grammar()
        self.lark = Lark(
            grammar,
            parser="lalr",
            lexer=_Tokens,
            start="sentence",
            transformer=self.builder,
            maybe_placeholders=True,
            cache=_cache_path(grammar) or False,
        )

    def sentence(self, tokens: tuple[Token, ...], source: Source) -> Sentence:
        """One sentence; Refusal if it is none. Threads wait for each other: the builder is one."""
        builder = self.builder
        try:
            with self._one_at_a_time:
                builder.source = source
                builder.span = (tokens[0].start_pos, tokens[-1].end_pos)
                found: Any = self.lark.parse(tokens)
        except UnexpectedInput as error:
            raise Refusal(unexpected(error, tokens, source)) from None
        except VisitError as error:
            raise error.orig_exc from None
        sentence: Sentence = found
        if len(tokens) > LIMITS.nesting:
            too_deep(sentence, source)
        return sentence

    def tables(self) -> Tables:
        """The tables themselves; nobody may change them."""
        run: Any = self.lark.parse_interactive().parser_state.parse_conf
        return Tables(run.states, run.start_state, run.end_state)


@cache
def parser() -> Parser:
    """The parser, made once."""
    return Parser()


def _grammar() -> str:
    with open(os.path.join(folder("grammars"), "yibao.lark"), encoding="utf-8") as file:
        sentences = file.read()
    keywords = " ".join(
        token if token in KEPT_WORDS else "_" + token for token in vocabulary().keywords
    )
    return f"{sentences}\n%declare {keywords}\n%declare {_LITERALS}\n"


def _cache_path(grammar: str) -> str | None:
    """Where the compiled tables are kept: a file of the user's own, named by what made it.

    Never Lark's default, a predictable file in the shared temporary folder, for Lark unpickles it.
    """
    place = cache_folder()
    if place is None:
        return None
    made_of = hashlib.sha256(f"{lark_version}\n{grammar}".encode()).hexdigest()[:16]
    return os.path.join(place, f"grammar-{made_of}.lark")
