"""Names that are not used; people, tests and questions."""

import pytest

from tests.analysis.checking import argument, book_of, checked, codes, lines
from yibaolang.analysis.checks import check


def unused(*texts: str) -> list[str]:
    return [argument(each, "name") for each in check(book_of(*texts)) if each.code == "YB509"]


def test_params_with_values_and_tables_that_nothing_uses() -> None:
    text = """param base: money
2024-01-01 1元
param word: money
define due = 1元
table 标准
| level || sum: money |
| - | 1元 |
input wage: money
choice colour: red, green
"""
    assert unused(text) == ["base", "标准"]


@pytest.mark.parametrize(
    "use",
    [
        "credit due",
        "define other = due\ncredit other",
        'test "t"\ngiven age = 3\nexpect due = 1元',
        "show due",
        "require due > 1元 for lifetime_benefit",
        "due + 1元",
        "table 标准\n| level || sum: money |\n| - | due |\ncredit sum of table 标准",
        "credit 应得",
    ],
)
def test_each_of_these_is_a_use(use: str) -> None:
    assert unused(f"param due | 应得 = 1元\n{use}\n") == []


def test_a_given_value_is_no_use() -> None:
    assert unused('param due = 1元\ntest "t"\ngiven due = 2元\nexpect age = 1') == ["due"]


def test_what_the_prelude_declares_need_not_be_used() -> None:
    assert unused("region 甲\nparam avg_pension\n2024-01-01 1元\n") == []


def test_names_of_the_library_need_not_be_used() -> None:
    assert unused("include 山东") == []


# ── people, tests, questions ──


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("person 张三: agge 70", "YB101"),
        ("person 张三: in 北京", "YB102"),
        ("person 张三: age 70元", "YB202"),
        ("person 张三: drugs", "YB109"),
        ("person 张三: age 700", "YB422"),
        ("person 张三: age 70, age 71", "YB423"),
        ("person 张三: age", "YB426"),
        ('test "t"\ngiven agge = 70\nexpect age = 70', "YB101"),
        ('test "t"\ngiven in 北京\nexpect age = 70', "YB102"),
        ('test "t"\ngiven age = 70\nexpect agge = 70', "YB424"),
        ('test "t"\ngiven age = 70\nexpect drugs = 70', "YB424"),
        ("show agge", "YB424"),
        ("explain wait for covers", "YB424"),
        ("show age of 张三", "YB111"),
        ("person 张三: male\nperson 李四: male\nshow age", "YB112"),
        ("compare 北京, 上海", "YB102"),
        ("region 甲\ncompare 甲 for 张三", "YB111"),
        ('region 甲\ncompare 甲 as "A"', "YB101"),
        ('use 北京 as "A"', "YB102"),
        ("agge + 1", "YB101"),
        ("age + 1元", "YB201"),
    ],
)
def test_questions_with_a_fault(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "person 张三 | zhang: age 70, male, retired since 2014-01-01\nshow credit of zhang",
        "show wait for cover",
        "show lifetime_benefit",
        "show retired",
        "region 甲\ndefine due = 1元\nregion 乙\ndue + 1元",
        'test "t"\ngiven age = 70, not pooled\nexpect wait for cover refused',
    ],
)
def test_questions_that_fit(text: str) -> None:
    assert codes(text) == []


def test_a_use_of_a_version() -> None:
    text = """region 山东
since 2024-01-01 as "C18"
credit 1元
use 山东 as "C19"
"""
    (found,) = [each for each in checked(text) if each.code == "YB101"]
    assert argument(found, "suggestion") == "C18"
    assert codes(text.replace("C19", "C18")) == []


def test_every_faulty_given_is_told() -> None:
    text = 'test "t"\ngiven agge = 1\ngiven wagge = 2\nexpect aage = 3\nexpect aaage = 3\n'
    found = checked(text)
    assert lines(found, "YB101") == [2, 3]
    assert lines(found, "YB424") == [4, 5]
