"""The one table of keywords: complete, without doubles, and agreed with grammar and printer."""

import re
from pathlib import Path

import pytest

from yibaolang.language.lexer import HAN, Lexer
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.language.tokens import COMMA_BEFORE, GOES_ON, KEPT_WORDS, STARTS
from yibaolang.language.vocabulary import Keyword, vocabulary
from yibaolang.resources import folder

KEYWORDS = vocabulary().keywords
TYPES = vocabulary().types
GRAMMAR = re.sub(
    r"//[^\n]*", "", (Path(folder("grammars")) / "yibao.lark").read_text(encoding="utf-8")
)
LITERALS = {
    "NAME", "STRING", "MONEY", "RATE", "NUMBER", "DURATION", "DATE", "MONTH", "MONTHDAY", "DAY",
    "YEAR", "EVENT_ID", "BOOKED", "PIPE", "DOUBLE_PIPE", "COMPARATOR", "PLUS", "MINUS", "STAR",
    "SLASH", "LPAR", "RPAR", "LSQB", "RSQB", "DOTDOT", "_COMMA", "_COLON", "_EQUAL",
}  # fmt: skip


def terminal(token: str) -> str:
    return token if token in KEPT_WORDS else "_" + token


def test_the_grammar_uses_every_keyword_and_no_other() -> None:
    used = set(re.findall(r"(?<![a-z])_?[A-Z][A-Z_]*\b", GRAMMAR))
    assert used - LITERALS == {terminal(token) for token in KEYWORDS}
    assert used >= LITERALS


def test_no_spelling_stands_twice() -> None:
    every = [spelling for each in KEYWORDS.values() for spelling in (*each.en, *each.zh)]
    assert len(every) == len(set(every))
    of_types = [spelling for each in TYPES.values() for spelling in (*each.en, *each.zh)]
    assert len(of_types) == len(set(of_types))


@pytest.mark.parametrize(
    "keyword", [*KEYWORDS.values(), *TYPES.values()], ids=lambda each: each.token
)
def test_every_keyword_has_spellings_and_help_in_both_languages(keyword: Keyword) -> None:
    assert keyword.en and keyword.zh
    for spelling in keyword.en:
        assert re.fullmatch(r"'s|[a-z]+( [a-z]+)*", spelling)
    for spelling in keyword.zh:
        assert re.fullmatch(rf"[{HAN}]+", spelling)
    assert re.search("[a-z]", keyword.help_en) and not re.search(f"[{HAN}]", keyword.help_en)
    assert re.search(f"[{HAN}]", keyword.help_zh)


@pytest.mark.parametrize("keyword", KEYWORDS.values(), ids=lambda each: each.token)
def test_every_spelling_lexes_to_its_token(keyword: Keyword) -> None:
    lexer = Lexer(vocabulary())
    for spelling in (*keyword.en, *keyword.zh):
        (words,), problems = lexer.sentences(Source.of("a.yb", spelling))
        assert problems == []
        assert [each.type for each in words.tokens] == [terminal(keyword.token)]
    assert keyword.spelling("en") == keyword.en[0]
    assert keyword.spelling("zh") == keyword.zh[0]


@pytest.mark.parametrize("name", TYPES)
def test_every_type_is_named_in_both_languages(name: str) -> None:
    for spelling in (*TYPES[name].en, *TYPES[name].zh):
        assert vocabulary().type_of(spelling) == name
        document, problems = parse(Source.of("a.yb", f"input x: {spelling}"))
        assert (len(document.sentences), problems) == (1, [])


def test_no_type_has_another_name() -> None:
    assert vocabulary().type_of("yuan") is None


def test_phrases_go_from_the_longest() -> None:
    for first, phrases in vocabulary().phrases.items():
        lengths = [len(parts) for parts, _ in phrases]
        assert lengths == sorted(lengths, reverse=True)
        assert all(parts[0] == first and len(parts) > 1 for parts, _ in phrases)


def test_the_lists_of_tokens_name_keywords_of_the_table() -> None:
    known = {terminal(token) for token in KEYWORDS} | LITERALS
    assert known >= GOES_ON | STARTS | COMMA_BEFORE


def test_the_table_is_read_once() -> None:
    assert vocabulary() is vocabulary()
