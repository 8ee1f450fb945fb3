"""The formatter: exact pairs of the two languages, comments, alignment, and its own checks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.language.printed_pairs import PAIRS
from yibaolang.language import formatting
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.formatting import Aliases, format_text, language_of, meaning
from yibaolang.language.parser import parse
from yibaolang.language.printer import Printer
from yibaolang.language.source import Source
from yibaolang.language.syntax import Action, Line, Node, Rule, Sentence

ROOT = Path(__file__).resolve().parents[2]
PRELUDE = (ROOT / "yibaolang" / "model" / "prelude.yb").read_text(encoding="utf-8")
OWN = """
table outpatient_table | 门诊待遇
table stays | 住院分段
define ratio | 比例 = 80%
define floor | 下限 = 1元
define years_needed | 应缴年限 = 30年
define major | 大额 = 1
define extra | 补贴 = 1
region 山东
region 北京
region 全国
person 张三: male
"""


def sentences(text: str) -> tuple[Sentence, ...]:
    document, problems = parse(Source.of("declared.yb", text))
    assert problems == []
    return document.sentences


DECLARED = sentences(PRELUDE + OWN)


def formatted(text: str, lang: str | None = None) -> str:
    return format_text(Source.of("a.yb", text), lang, declared=DECLARED)


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=[english for english, _ in PAIRS])
def test_the_two_languages_of_a_sentence(english: str, chinese: str) -> None:
    assert formatted(english, "zh") == chinese + "\n"
    assert formatted(chinese, "en") == english + "\n"
    assert formatted(english) == english + "\n"
    assert formatted(chinese) == chinese + "\n"


def test_every_kind_of_sentence_has_a_pair() -> None:
    def kinds(cls: type[Node]) -> Iterator[str]:
        for each in cls.__subclasses__():
            yield each.__name__
            yield from kinds(each)

    read = [sentences(english)[0] for english, _ in PAIRS]
    acts = [each.action for each in read if isinstance(each, Rule)]
    missing = {*kinds(Sentence)} - {type(each).__name__ for each in read}
    assert missing == set()
    assert {*kinds(Action)} == {type(each).__name__ for each in acts}


def test_the_prelude_survives_both_languages() -> None:
    english = format_text(Source.of("prelude.yb", PRELUDE))
    chinese = format_text(Source.of("prelude.yb", english), "zh")
    assert format_text(Source.of("prelude.yb", chinese), "en") == english
    assert format_text(Source.of("prelude.yb", chinese)) == chinese
    before, after = sentences(PRELUDE), sentences(chinese)
    aliases = Aliases.of(names for each in before for names in formatting._declarations(each))
    for one, other in zip(before, after, strict=True):
        assert meaning(one, aliases.canonical) == meaning(other, aliases.canonical)


def test_comments_and_blank_lines_stay() -> None:
    text = """


# first


# second
  age>=70   credit 100元 # why
\tmale credit (1元 + # inside
   2元)\x20\x20


# last
"""
    assert formatted(text) == (
        "# first\n\n# second\nage >= 70 credit 100元  # why\n"
        "# inside\nmale credit 1元 + 2元\n\n# last\n"
    )
    assert formatted("# only\n\n\n") == "# only\n"
    assert formatted("") == formatted("\n\n") == ""


def test_events_are_aligned_and_amounts_are_money() -> None:
    text = """
ledger 张三 from 2024-01-01
2024-01-01 opening carried 3000
# a visit
2024-01-09 ^visit_1 outpatient 860.5 at primary  # one
2024年1月10日 ^2 drugs \u00a55, at pharmacy

2024-03-31 expect balance = 5元
show balance of 张三
2024-05-01 retired
"""
    english = """\
ledger 张三 from 2024-01-01
2024-01-01            opening carried 3000元
# a visit
2024-01-09  ^visit_1  outpatient 860.5元 at primary  # one
2024-01-10  ^2        drugs 5元 at pharmacy

2024-03-31            expect balance = 5元
show balance of 张三
2024-05-01  retired
"""
    assert formatted(text) == formatted(english) == english
    assert formatted(formatted(text, "zh"), "en") == english


def test_rows_are_aligned_by_their_width_on_the_screen() -> None:
    text = """
param 月薪 | wage: money
2023-01-01 until 2023-12-31 50元 cite "甲"  # one
# between
2024-01-01 1.5万元 cite "乙"

table 表
| level | 年龄 || ratio: rate | cap: money |
| 一级及以下 | [60, 70) | 80% | - |
| primary, secondary | ..59 | 5% | 100.05元 |
"""
    assert (
        formatted(text, "en")
        == """\
param 月薪 | wage: money
  2023-01-01 until 2023-12-31  50元     cite "甲"  # one
# between
  2024-01-01                   1.5万元  cite "乙"

table 表
  | level              | age      || ratio: rate | cap: money |
  | primary            | [60, 70) |  80%         | -          |
  | primary, secondary | <= 59    |  5%          | 100.05元   |
"""
    )
    assert (
        formatted(text, "zh")
        == """\
参数 月薪 | wage\uff1a金额
  2023-01-01至2023-12-31  50元     依据"甲"  # one
# between
  2024-01-01              1.5万元  依据"乙"

表格 表
  | 医疗机构等级     | 年龄     || 比例\uff1a比率 | cap\uff1a金额 |
  | 一级及以下       | [60, 70) |  80%        | -         |
  | 一级及以下\uff0c二级 | \u226459      |  5%         | 100.05元  |
"""
    )


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("retired credit 100元 monthly", "en"),
        ("退休\uff0c每月划入100元", "zh"),
        ("退休 credit 100元 monthly", "en"),
        ("retired\uff0c每月划入 100元", "zh"),
        ("age >= 70", "en"),
        ("年龄 >= 70", "zh"),
        ("", "en"),
    ],
)
def test_a_text_keeps_its_language(text: str, lang: str) -> None:
    assert language_of(Source.of("a.yb", text), ("退休", "年龄")) == lang


def test_literals_keep_their_text_but_for_their_unit() -> None:
    text = "\uffe51.50 + 1年6个月 + 1年 + 30天 + 70周岁 + 2\uff0e5\uff05 + 1/12"
    english = "1.50元 + 1年6个月 + 1 year + 30 days + 70周岁 + 2.5% + 1/12\n"
    assert formatted(text, "en") == english
    assert formatted(text, "zh") == "1.50元+1年6个月+1年+30天+70周岁+2.5%+1/12\n"


def test_one_year_before_from_is_not_read_as_a_keyword() -> None:
    text = "allow drugs when actual_years > 1 years from carried\n"
    assert formatted(text, "en") == text


def test_names_are_spelled_in_the_language_and_only_where_that_is_safe() -> None:
    text = "define one | 甲 | 甲乙 = 1\ndefine two | 乙 = 甲乙 + one\n"
    assert formatted(text, "zh") == "定义 one | 甲 | 甲乙 = 1\n定义 two | 乙 = 甲+甲\n"
    assert formatted(text, "en") == "define one | 甲 | 甲乙 = 1\ndefine two | 乙 = one + one\n"
    doubtful = "choice a | 丙: b | 丁\ncategory c | 丁\nb + c + 丁\n"
    assert formatted(doubtful, "zh").endswith("\nb + c + 丁\n")


def test_a_name_declared_again_without_its_alias_keeps_it() -> None:
    text = "param avg_pension\n2024-01-01 4000元\navg_pension of last year\n"
    assert formatted(text, "zh") == "参数 avg_pension\n  2024-01-01  4000元\n上年平均养老金\n"


def test_what_cannot_be_read_is_refused_with_what_is_wrong() -> None:
    with pytest.raises(Refusal) as refused:
        formatted("age >= 70 credit 100元\nage >= >= 70\n\u201cx")
    assert [each.code[:2] for each in refused.value.diagnostics] == ["YB", "YB"]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="no language"):
        formatted("age", "fr")


def test_a_printer_that_changes_the_meaning_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    block = Printer.block

    def wrong(self: Printer, nodes: list[Sentence]) -> list[str]:
        return [text.replace("<", ">") for text in block(self, nodes)]

    monkeypatch.setattr(Printer, "block", wrong)
    with pytest.raises(Refusal) as refused:
        formatted("# comment\nage > 70\nage < 70\n")
    (found,) = refused.value.diagnostics
    assert (found.code, found.place and found.place.line) == ("YB030", 3)


@pytest.mark.parametrize("words", ["+", "\n(", "age"])
def test_a_printer_whose_text_cannot_be_read_is_caught(
    words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = Printer.block

    def wrong(self: Printer, nodes: list[Sentence]) -> list[str]:
        return [text + " " + words for text in block(self, nodes)]

    monkeypatch.setattr(Printer, "block", wrong)
    with pytest.raises(Refusal, match="YB030"):
        formatted("age > 70\nage < 70\n")


def test_a_layout_that_loses_a_comment_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    layout = formatting._layout

    def wrong(lines: tuple[Line, ...], block: Any) -> str:
        return layout([Line(line.sentence, line.above, "") for line in lines], block)

    monkeypatch.setattr(formatting, "_layout", wrong)
    with pytest.raises(Refusal, match="YB030"):
        formatted("age > 70  # lost\n")


def test_a_long_sum_is_formatted() -> None:
    text = " + ".join(["年龄"] * 5000)
    assert formatted(text, "en").count("age") == 5000


def test_a_long_table_is_formatted() -> None:
    row = "| primary | 80% |\n"
    assert formatted("table t\n| level || r: rate |\n" + row * 2000).count("80%") == 2000
