"""From a source to a document: every sentence is parsed by itself.

So one bad line costs one diagnostic and the rest is still understood. The tables are those that
Lark makes of grammars/yibao.lark (LALR, one token ahead) with the keywords of the vocabulary.
"""

import gc
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from lark import Lark, UnexpectedInput
from lark import __version__ as lark_version
from lark.exceptions import VisitError
from lark.lexer import Lexer as LarkLexer

from yibaolang.language.build_rules import RuleBuilder
from yibaolang.language.declared import declared_names
from yibaolang.language.diagnostics import Diagnostic, Refusal
from yibaolang.language.lexer import Lexer, Words
from yibaolang.language.limits import too_deep, too_large
from yibaolang.language.source import Source
from yibaolang.language.syntax import Document, Line, Sentence
from yibaolang.language.tokens import KEPT_WORDS, Token
from yibaolang.language.unexpected import unexpected
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.limits import LIMITS
from yibaolang.resources import cache_folder, folder

_LITERALS = (
    "NAME STRING MONEY RATE NUMBER DURATION DATE MONTH MONTHDAY DAY YEAR _COMMA _COLON PIPE "
    "DOUBLE_PIPE _EQUAL COMPARATOR PLUS MINUS STAR SLASH LPAR RPAR LSQB RSQB DOTDOT"
)


class _Tokens(LarkLexer):
    """Hands Lark the tokens that `lexer` has cut."""

    def __init__(self, lexer_conf: object) -> None:
        """Lark gives its terminals; ours are cut before."""

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Any]:
        """Lark calls a lexer of one's own with what `parse` was given and nothing else."""
        return iter(lexer_state)


class Parser:
    """The grammar's tables and the builder; one for a process."""

    def __init__(self) -> None:
        self.builder = RuleBuilder()
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
        """One sentence; Refusal if it is none."""
        builder = self.builder
        builder.source = source
        builder.span = (tokens[0].start_pos, tokens[-1].end_pos)
        try:
            found: Any = self.lark.parse(tokens)
        except UnexpectedInput as error:
            raise Refusal(unexpected(error, tokens, source)) from None
        except VisitError as error:
            raise error.orig_exc from None
        sentence: Sentence = found
        if len(tokens) > LIMITS.nesting:
            too_deep(sentence, source)
        return sentence


@cache
def parser() -> Parser:
    """The parser, made once."""
    return Parser()


def parse(source: Source, names: Iterable[str] = ()) -> tuple[Document, list[Diagnostic]]:
    """A document of what could be read, and the diagnostics of what could not.

    `names` are Chinese names declared elsewhere (the prelude, included files, what is given).

    >>> document, problems = parse(Source.of("a.yb", "age>=70 credit 2.5% of avg_pension"))
    >>> problems, document.sentences[0].action.schedule
    ([], None)
    """
    refused = too_large(source)
    if refused:
        return Document(source, ()), refused
    words = vocabulary()
    with _uncollected():
        return _parsed(source, Lexer(words, (*declared_names(source.text, words), *names)))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles, which a large text would wake thousands of times.

    Syntax has no cycles, so it would find nothing; it takes a third of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _parsed(source: Source, lexer: Lexer) -> tuple[Document, list[Diagnostic]]:
    read, diagnostics = lexer.sentences(source)
    lines: list[Line] = []
    one = parser().sentence
    for each in read:
        sentence = None
        if each.tokens and each.readable:
            try:
                sentence = one(each.tokens, source)
            except Refusal as refusal:
                diagnostics += refusal.diagnostics
                continue
        lines.append(_line(each, sentence))
    return Document(source, tuple(lines)), diagnostics


def _line(words: Words, sentence: Sentence | None) -> Line:
    return Line(sentence, words.above, words.trailing)


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
