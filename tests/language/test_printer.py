"""Printing and parsing are inverse, in both languages, for every kind of node."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.language.ledger_strategies import sentences
from tests.language.strategies import WORDS, S, expressions
from yibaolang.language import printer, syntax
from yibaolang.language.formatting import meaning
from yibaolang.language.lexer import Lexer
from yibaolang.language.parser import parse
from yibaolang.language.printer import Printer
from yibaolang.language.source import Source
from yibaolang.language.syntax import (
    Cell,
    Credit,
    Evaluate,
    Expression,
    Junction,
    Literal,
    Name,
    Not,
    Origin,
    Range,
    Rule,
    Sentence,
    Share,
    Sum,
    TableRow,
    Within,
)
from yibaolang.language.vocabulary import vocabulary


def identity(text: str) -> str:
    return text


def read(text: str) -> Sentence:
    document, problems = parse(Source.of("printed.yb", text), WORDS)
    assert problems == [], text
    (sentence,) = document.sentences
    return sentence


@settings(max_examples=400)
@given(sentence=sentences, lang=st.sampled_from(["en", "zh"]))
def test_what_is_printed_parses_to_the_same(sentence: Sentence, lang: str) -> None:
    text = Printer(lang, WORDS).sentence(sentence)
    assert meaning(read(text), identity) == meaning(sentence, identity), text
    assert Printer(lang, WORDS).sentence(read(text)) == text


@given(value=expressions)
def test_printing_from_printed_text_gives_equal_nodes(value: Expression) -> None:
    """After one round, literals are in the form of the language, so the nodes are equal as such."""
    for lang in ("en", "zh"):
        once = read(Printer(lang, WORDS).sentence(Evaluate(S, value)))
        again = read(Printer(lang, WORDS).sentence(once))
        assert once == again


def test_every_node_has_its_handler() -> None:
    without = {"Document", "Line"}  # laid out by the formatter
    rows = {"ParamRow", "TableRow", "Cell", "Event"}  # printed in columns
    abstract = {"Action", "Expression", "Node", "Sentence"}
    classes = {name for name in syntax.__all__ if isinstance(getattr(syntax, name), type)}
    handled = {cls.__name__ for cls in printer._HANDLERS}
    assert classes - without - rows - abstract == handled


def test_a_long_sum_and_a_deep_share_print() -> None:
    term = Name(S, "男")
    many_terms = Sum(S, ("+",) * 5000, (term,) * 5000)
    junction = Junction(S, "and", (term,) * 5000)
    deep: Expression = term
    for _ in range(5000):
        deep = Not(S, deep)
    for lang in ("en", "zh"):
        one = Printer(lang, WORDS)
        assert one.expression(many_terms).count("男") == 5000
        assert meaning(read(one.expression(junction)), identity) == meaning(
            Evaluate(S, junction), identity
        )
        assert one.expression(deep).endswith("男")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="no language"):
        Printer("fr")


@pytest.mark.parametrize(
    ("lang", "text", "printed"),
    [
        ("en", "net", "\u300cnet\u300d credit 1元"),
        ("en", "credit", "\u300ccredit\u300d credit 1元"),
        ("en", "A股", "\u300cA股\u300d credit 1元"),
        ("en", "first", "first credit 1元"),
        ("zh", "net", "net\uff0c划入1元"),
        ("zh", "每月", "\u300c每月\u300d\uff0c划入1元"),
    ],
)
def test_a_name_is_quoted_where_it_must_be(lang: str, text: str, printed: str) -> None:
    origin = Origin(S, "", "", "")
    amount = Literal(S, "money", 100, 1, "1元")
    action = Credit(S, amount, None, None, None, "", "", None, None)
    assert Printer(lang).sentence(Rule(S, False, False, Name(S, text), action, origin)) == printed


def test_a_space_keeps_words_apart_that_would_be_cut_otherwise() -> None:
    words = ("男", "的士", "男的")
    share = Share(S, Name(S, "的士"), Name(S, "男"))
    text = Printer("zh", words).expression(share)
    assert " " in text
    assert Lexer(vocabulary(), words).cut("男的的士").pieces != ("男", "的", "的士")


def test_a_closed_bound_alone() -> None:
    seventy = Literal(S, "age", 70, 1, "70岁")
    least, most = Range(S, seventy, None, False, False), Range(S, None, seventy, False, False)
    one = Printer("en")
    rows = [TableRow(S, (Cell(S, "range", bounds, (), None),), 0) for bounds in (least, most)]
    assert one.block(rows) == ["  | >= 70岁 |", "  | <= 70岁 |"]
    within = [one.expression(Within(S, Name(S, "x"), bounds)) for bounds in (least, most)]
    assert within == ["x within 70岁..", "x within ..70岁"]
