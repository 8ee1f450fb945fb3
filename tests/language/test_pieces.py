"""Texts as pieces for highlighting: every kind, broken lines, and that they are the whole text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.language.printed_pairs import PAIRS
from yibaolang.language.lexer import kept_lexer
from yibaolang.language.pieces import KINDS, Piece, pieces
from yibaolang.model.loading import prelude_names

NAMES = frozenset({"年龄", "退休", "平均养老金", "当年", "门诊", "age", "retired", "level", "张三"})


def shown(text: str) -> list[tuple[str, str]]:
    """The pieces that are no space, by their text and kind."""
    found = pieces(text, NAMES)
    return [
        (text[each.start : each.end], each.kind)
        for each in found
        if each.kind != "space" or text[each.start : each.end].strip(" \t\r\n\u3000")
    ]


def kinds(text: str) -> str:
    return " ".join(kind for _, kind in shown(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \t\n\n \u3000", ""),
        ("age >= 70 credit", "name sign number keyword"),
        ("agge >= 70", "unknown sign number"),
        ("100元 2.5% 1/3 12 25年 3个月", "money rate rate number duration duration"),
        ("100元/12/2", "money sign number sign number"),
        ("2024-01-01 2024-01 01-01 20日 2022年", "date date date date date"),
        ('note "why not", "# no remark"', "keyword string sign string"),
        ("retired # why \u3002", "name comment"),
        ("# only", "comment"),
        ("2024-01-01 ^e2 门诊 100元", "date event name money"),
        ("\u300c年龄\u300d + \u300c未知\u300d", "quoted sign quoted"),
        ("of last  year", "keyword"),
        ("years from a to b", "keyword keyword unknown keyword unknown"),
        ("张三的年龄", "name keyword name"),
        ("p's age", "unknown keyword name"),
        ("|| level: level | x: money |", "sign name sign name sign name sign type sign"),
        ("| >= 3 | \u201c一\u201d |", "sign sign number sign string sign"),
        # What gives no token: pauses, full stops, what cannot be read.
        ("退休\uff0c划入100元\u3002", "name sign keyword money sign"),
        ('note "open # no remark', "keyword bad"),
        ("age ; 3 $ 4", "name bad number bad number"),
        ("age 3x ^ 2024/1/1", "name bad bad bad"),
        ("age \u202e 3", "name bad number"),
        ("age $$\u2603 3", "name bad number"),
        # What the text itself declares.
        ("define a | 甲 = a + 甲", "keyword name sign name sign name sign name"),
        ("define a | 甲: money = 1", "keyword name sign name sign type sign number"),
        ("input stay: days", "keyword name sign type"),
        ("input stay: agge", "keyword name sign unknown"),
        ("输入 甲\uff1a金额", "keyword name sign type"),
        ("input age: age", "keyword name sign type"),
        ("person p: age 70", "keyword name sign name number"),
        ("choice c: x, y | 乙\nx", "keyword name sign name sign name sign name name"),
        ("bucket one,\n two", "keyword name sign name"),
        ("region r under q", "keyword name keyword unknown"),
        ("cover 门诊 80% above 1元 as x\nx", "keyword name rate keyword money keyword name name"),
        ("cover 门诊 80%, then extra 3%", "keyword name rate sign keyword name rate"),
        # A line that is broken, or not written to its end, has its colours.
        ("credit credit of 100元 )", "keyword keyword keyword money sign"),
        ("define", "keyword"),
        ("define x |", "keyword name sign"),
        ("input x:", "keyword name sign"),
        ("退休每月划入平均养老金的2.5%到", "name keyword keyword name keyword rate keyword"),
        ("\r\nage\r\n", "name"),
    ],
)
def test_kinds(text: str, expected: str) -> None:
    assert kinds(text) == expected


def test_offsets_are_those_of_the_text_as_written_where_it_is_full_width() -> None:
    text = "\uff08\u5e74\u9f84\uff0b\uff11\uff12\uff0e\uff15\uff05\uff09\uff03\u6ce8"
    assert pieces(text, NAMES) == [
        Piece(0, 1, "sign"),
        Piece(1, 3, "name"),
        Piece(3, 4, "sign"),
        Piece(4, 9, "rate"),
        Piece(9, 10, "sign"),
        Piece(10, 12, "comment"),
    ]


def test_spaces_and_what_is_bad_are_one_piece_where_they_touch() -> None:
    assert pieces("a \n \n$$", NAMES) == [
        Piece(0, 1, "unknown"),
        Piece(1, 5, "space"),
        Piece(5, 7, "bad"),
    ]


def test_any_iterable_of_names_will_do() -> None:
    assert pieces("age", ["age"]) == pieces("age", NAMES) == [Piece(0, 3, "name")]


def test_the_lexer_of_the_same_names_is_kept() -> None:
    assert kept_lexer(NAMES) is kept_lexer(frozenset(set(NAMES)))


@pytest.mark.parametrize("text", [text for pair in PAIRS for text in pair])
def test_nothing_is_bad_in_a_sentence_that_can_be_read(text: str) -> None:
    assert "bad" not in {each.kind for each in pieces(text, prelude_names())}


def check_whole(text: str) -> None:
    found = pieces(text, NAMES)
    assert [each.start for each in found] == [0, *(each.end for each in found)][: len(found)]
    assert (found[-1].end if found else 0) == len(text)
    assert all(each.start < each.end and each.kind in KINDS for each in found)


SCRAPS = st.sampled_from(
    [
        "define ", "credit ", "年龄", "平均养老金的", "2.5%", "100元", "2024-01-01", "\n", "\n\n",
        '"', "\u201c", "#", "\uff03", "(", "\uff09", "|", "||", ":", "\uff0c", ",", "/", "12",
        "1/2", "^e1", "^", "\u300c", "\u300d", "甲", "x", ".", "\u3002", ";", "\r", "\ufeff",
        "\u202e", "'s", " ", "of last year", "of last", "\ud800", "\U0001f600", "日", "年", "元",
        "-", "\uff1a",
    ]
)  # fmt: skip


@given(st.text())
def test_the_pieces_of_any_text_are_the_text(text: str) -> None:
    check_whole(text)


@given(st.lists(SCRAPS, max_size=20))
def test_the_pieces_of_scraps_are_the_text(scraps: list[str]) -> None:
    check_whole("".join(scraps))


@given(st.sampled_from([text for pair in PAIRS for text in pair]), st.integers(0, 200), SCRAPS)
def test_a_change_has_no_effect_before_its_line(text: str, at: int, scrap: str) -> None:
    """The line above keeps its pieces while the next is written."""
    above = "退休每月划入100元\n"
    found = pieces(above + text[:at].replace("\n", "") + scrap, NAMES)
    kept = [each for each in found if each.end < len(above)]
    assert kept == [each for each in pieces(above, NAMES) if each.end < len(above)]
