"""Cutting Chinese: the longest match over the whole run, ties shown, unknown pieces left whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang.language.cutting import Cut, cut_run
from yibaolang.language.lexer import Lexer
from yibaolang.language.source import Source
from yibaolang.language.vocabulary import vocabulary


def cut(run: str, *words: str) -> Cut:
    return cut_run(run, frozenset(words), max(map(len, words)))


def tokens(text: str, *names: str) -> list[tuple[str, str]]:
    (words,), problems = Lexer(vocabulary(), names).sentences(Source.of("a.yb", text))
    assert problems == []
    return [(each.type, each.value) for each in words.tokens]


@pytest.mark.parametrize(
    ("run", "words", "pieces"),
    [
        ("甲乙", ("甲乙",), ("甲乙",)),
        ("甲乙", ("甲", "乙", "甲乙"), ("甲乙",)),
        ("甲乙丙丁", ("甲", "甲乙丙", "丙丁", "乙丙", "甲乙"), ("甲乙", "丙丁")),
        ("甲乙丙", ("甲乙", "丙", "乙丙丁"), ("甲乙", "丙")),
        # The fewest unknown characters come before the fewest pieces.
        ("甲乙丙", ("甲", "乙", "丙", "乙丙丁"), ("甲", "乙", "丙")),
        # A greedy match from the left would take 甲乙丙 and leave 丁 unknown.
        ("甲乙丙丁", ("甲乙丙", "甲乙", "丙丁"), ("甲乙", "丙丁")),
        # What is unknown stays in one piece.
        ("甲乙丙丁", ("丁",), ("甲乙丙", "丁")),
        ("甲乙丙丁", ("甲",), ("甲", "乙丙丁")),
        ("甲乙丙丁戊", ("丙",), ("甲乙", "丙", "丁戊")),
        ("甲乙", ("丙",), ("甲乙",)),
    ],
)
def test_the_best_cut(run: str, words: tuple[str, ...], pieces: tuple[str, ...]) -> None:
    assert cut(run, *words) == Cut(pieces)


def test_two_cuts_that_are_equal_are_both_given() -> None:
    assert cut("甲乙丙", "甲", "乙丙", "甲乙", "丙") == Cut(("甲", "乙丙"), ("甲乙", "丙"))


def test_a_tie_in_the_middle_of_a_longer_run_is_seen() -> None:
    found = cut("丁甲乙丙戊", "甲", "乙丙", "甲乙", "丙", "丁", "戊")
    assert {found.pieces, found.other} == {("丁", "甲", "乙丙", "戊"), ("丁", "甲乙", "丙", "戊")}


def test_a_whole_run_that_is_a_word_has_no_tie() -> None:
    assert cut("甲乙丙", "甲乙丙", "甲", "乙丙", "甲乙", "丙") == Cut(("甲乙丙",))


def test_a_run_with_something_unknown_is_no_tie() -> None:
    """What is unknown is reported as such by the parser, which knows more."""
    assert cut("甲乙丙未", "甲", "乙丙", "甲乙", "丙").other == ()


def test_a_long_run_is_cut_in_time() -> None:
    found = cut("甲乙丙" * 5000, "甲乙", "丙", "甲")
    assert len(found.pieces) == 10_000
    assert found.other == ()


# ── with the keywords of the language ──


def test_a_name_that_begins_with_a_keyword() -> None:
    assert tokens("划入当年", "当年") == [("_CREDIT", "划入"), ("NAME", "当年")]
    assert tokens("划入当年", "当", "年") == [("_CREDIT", "划入"), ("_WHEN", "当"), ("NAME", "年")]


def test_a_name_inside_a_longer_name() -> None:
    assert tokens("本人养老金的2%", "本人", "本人养老金", "养老金")[:2] == [
        ("NAME", "本人养老金"),
        ("_DE", "的"),
    ]


def test_a_name_that_holds_the_keyword_of_a_share() -> None:
    assert tokens("我的养老金的2%", "我的养老金", "养老金")[:2] == [
        ("NAME", "我的养老金"),
        ("_DE", "的"),
    ]


def test_a_name_that_is_not_declared_may_hold_a_keyword_by_accident() -> None:
    assert [each[0] for each in tokens("我的养老金")] == ["NAME", "_DE", "NAME"]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("退休且年龄≥70", ("退休", "年龄"), "NAME _AND NAME COMPARATOR NUMBER"),
        ("每月划入平均养老金的2.5%", ("平均养老金",), "_MONTHLY _CREDIT NAME _DE RATE"),
        ("并且", (), "_AND"),
        ("如果退休则", ("退休",), "_IF NAME _GIVES"),
        ("上上年平均养老金", ("平均养老金",), "_OF_YEAR_BEFORE_LAST NAME"),
        ("上年上年度", ("年度",), "_OF_LAST_YEAR NAME NAME"),
        ("每年度", (), "_PER_YEAR"),
        ("每年", (), "_YEARLY"),
        ("当月首日", (), "_FIRST_OF_MONTH"),
        ("最高200元每年度各级合计", (), "_UP_TO MONEY _PER_YEAR _OVER_ALL_LEVELS"),
    ],
)
def test_keywords_and_names(text: str, names: tuple[str, ...], expected: str) -> None:
    assert " ".join(each[0] for each in tokens(text, *names)) == expected


# ── properties ──

_LETTERS = "甲乙丙"
_word = st.text(_LETTERS, min_size=1, max_size=3)
_words = st.frozensets(_word, min_size=1, max_size=6)


@given(words=_words, data=st.data())
def test_declared_words_in_a_row_cut_back_or_tie(
    words: frozenset[str], data: st.DataObject
) -> None:
    """The words that were put together come out, or a cut that is better or as good is shown."""
    pieces = tuple(data.draw(st.lists(st.sampled_from(sorted(words)), min_size=1, max_size=6)))
    found = cut("".join(pieces), *words)
    for each in (found.pieces, found.other) if found.other else (found.pieces,):
        assert "".join(each) == "".join(pieces)
        assert set(each) <= words
        assert len(each) <= len(pieces)
    if len(found.pieces) == len(pieces) and not found.other:
        assert found.pieces == pieces
    if found.other:
        assert len(found.pieces) == len(found.other)
        assert found.pieces != found.other


def _every_cut(run: str, words: frozenset[str]) -> list[tuple[str, ...]]:
    """Every way to cut a run into words, by trying them all."""
    if not run:
        return [()]
    return [
        (word, *rest)
        for word in words
        if run.startswith(word)
        for rest in _every_cut(run.removeprefix(word), words)
    ]


@given(words=_words, data=st.data())
def test_the_cut_is_what_trying_all_would_find(words: frozenset[str], data: st.DataObject) -> None:
    run = "".join(data.draw(st.lists(st.sampled_from(sorted(words)), min_size=1, max_size=4)))
    every = _every_cut(run, words)
    fewest = min(map(len, every))
    best = [each for each in every if len(each) == fewest]
    found = cut(run, *words)
    assert found.pieces in best
    assert bool(found.other) == (len(best) > 1)
