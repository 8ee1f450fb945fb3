"""Scripts: questions, comparisons and the tests of the language."""

import pytest

from yibaolang.engine import script
from yibaolang.engine.rulebook import RuleBook, read
from yibaolang.language.diagnostics import Refusal

RULES = """\
region 山东
since 2024-01-01 as "C18"
retired credit 100元 monthly
since 2024-01-01 as "C19"
retired credit 106元 monthly
region 北京
retired credit 110元 monthly on day 20
region 甘肃
person 张三 | zs: retired, in 北京
"""


def shown(text: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Verb, person, and label and value of each row of the questions."""
    return [
        (each.verb, each.person, [(row.label, str(row.result)) for row in each.rows])
        for each in script.questions(read(RULES + text))
    ]


def outcomes(text: str) -> list[str]:
    """The code of each failure of the tests, "" for a pass."""
    runs = script.tests(read(RULES + text))
    return [each.failure.code if each.failure else "" for run in runs for each in run.tested]


def test_a_person_in_several_regions_and_versions() -> None:
    text = 'compare 山东 as "C18", 山东 as "C19", 北京, 山东, 甘肃 for 张三 on 2024-06'
    ((verb, person, rows),) = shown(text)
    assert (verb, person) == ("compare", "张三")
    assert [value for _, value in rows] == ["100.00元", "106.00元", "110.00元", "YB301", "YB402"]
    assert [label for label, _ in rows][2:] == ["北京", "山东", "甘肃"]
    assert [("C18" in label, "C19" in label) for label, _ in rows[:2]] == [
        (True, False), (False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("show credit of 张三 on 2024-06", ("show", "张三", [("", "110.00元")])),
        ("explain credit of zs on 2024-06", ("explain", "张三", [("", "110.00元")])),
        ("show credit in 2024", ("show", "张三", [("", "1320.00元")])),
        ("显示张三的划入 于2024年6月", ("show", "张三", [("", "110.00元")])),
        ("show credit from 2024-01-21 to 2024-03-20", ("show", "张三", [("", "220.00元")])),
        ("show age of zs on 2024-06-20", ("show", "张三", [("", "YB401")])),
        ("1元 + 2元", ("evaluate", "", [("", "3.00元")])),
        ("retired", ("evaluate", "", [("", "YB401")])),
    ],
)
def test_a_question(text: str, expected: tuple[str, str, list[tuple[str, str]]]) -> None:
    assert shown(text) == [expected]


def test_a_row_a_month() -> None:
    ((_, _, rows),) = shown("show credit by month in 2024")
    assert len(rows) == 12
    assert rows[0] == ("2024-01", "110.00元")
    assert rows[-1] == ("2024-12", "110.00元")


def test_by_month_a_yearly_sum_is_in_its_month() -> None:
    rules = read("credit 1200元 yearly on 07-01")
    (question,) = script.questions(
        RuleBook((*rules.documents, *read("show credit by month in 2024").documents[1:]))
    )
    values = {row.label: str(row.result) for row in question.rows}
    assert (values["2024-06"], values["2024-07"], values["2024-08"]) == (
        "0.00元", "1200.00元", "0.00元",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("show credit of 李四 on 2024-06", "YB111"),
        ("person 李四: retired\nshow credit on 2024-06", "YB112"),
        ("show nonsense of 张三", "YB424"),
        ("compare 山冬 for 张三 on 2024-06", "YB102"),
        ('use 山冬 as "C18"', "YB102"),
    ],
)
def test_questions_that_make_no_sense(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        shown(text)
    assert [each.code for each in caught.value.diagnostics] == [code]


def test_a_question_in_a_regions_section_is_about_that_region() -> None:
    rules = read("region 甲\ncredit 1元\nshow credit\nregion 乙\ncredit 2元\nshow credit")
    assert [str(each.rows[0].result) for each in script.questions(rules)] == ["1.00元", "2.00元"]


def test_only_the_questions_and_tests_of_named_sources() -> None:
    rules = read(RULES + 'show credit on 2024-06\ntest "x"\ngiven retired', name="a.yb")
    assert list(script.questions(rules, frozenset({"b.yb"}))) == []
    assert len(list(script.questions(rules, frozenset({"a.yb"})))) == 1
    assert list(script.tests(rules, frozenset({"b.yb"}))) == []
    assert len(list(script.tests(rules, frozenset({"a.yb"})))) == 1


# ── tests in the language ──


@pytest.mark.parametrize(
    ("given", "expect", "failure"),
    [
        ("retired, in 北京", "on 2024-06 expect credit = 110元", ""),
        ("retired, in 北京", "on 2024-06 expect credit > 100元", ""),
        ("retired, in 北京", "on 2024-06 expect credit != 111元", ""),
        ("retired, in 北京", "on 2024-06 expect credit <= 110元", ""),
        ("retired, in 北京", "on 2024-06 expect credit < 110元", "YB601"),
        ("retired, in 北京", "on 2024-06 expect credit = 111元", "YB601"),
        ("retired, in 北京", "on 2024-06 expect credit = 110.000001元", "YB601"),
        ("retired, in 北京", "expect credit in 2024 = 1320元", ""),
        ("retired, in 北京", "on 2024-06 expect credit refused", "YB602"),
        ("retired, in 北京", 'on 2024-06 expect credit refused "YB402"', "YB602"),
        ("retired, in 北京", "on 2024-06 expect credit = unknown", "YB602"),
        ("active, in 北京", "on 2024-06 expect credit refused", ""),
        ("active, in 北京", 'on 2024-06 expect credit refused "YB402"', ""),
        ("active, in 北京", 'on 2024-06 expect credit refused "YB403"', "YB602"),
        ("active, in 北京", "on 2024-06 expect credit = 5元", "YB402"),
        ("active, in 北京", "on 2024-06 expect credit = unknown", "YB402"),
        ("retired, in 山东", 'on 2024-06 expect credit refused "YB301"', ""),
        ("age = 72", "on 2024-06 expect age = 72", ""),
        ("age = 72", "on 2024-06 expect age >= 72岁", ""),
        ("retired", "on 2024-06 expect status = retired", ""),
        ("retired", "on 2024-06 expect status = 退休", ""),
        ("retired", "on 2024-06 expect status = active", "YB601"),
        ("retired", "on 2024-06 expect retired = yes", ""),
        ("retired", "on 2024-06 expect active = yes", "YB601"),
        ("retired since 2014-07-01", "on 2024-06-20 expect retired_on = 2014-07-01", ""),
        ("nobody", "on 2024-06 expect credit = 5元", "YB101"),
    ],
)
def test_an_expectation(given: str, expect: str, failure: str) -> None:
    assert outcomes(f'test "x"\ngiven {given}\n{expect}') == [failure]


@pytest.mark.parametrize(
    ("amount", "expect", "failure"),
    [
        ("unknown", "credit = unknown", ""),
        ("unknown", "credit = none", "YB404"),
        ('none because "x"', "credit = none", ""),
        ('none because "x"', "credit = unknown", "YB405"),
        ("0元", "credit = none", "YB602"),
        ("0元", "credit = 0元", ""),
    ],
)
def test_what_is_absent_is_expected_as_such(amount: str, expect: str, failure: str) -> None:
    rules = read(f'credit {amount}\ntest "x"\non 2024-06 expect {expect}')
    (run,) = script.tests(rules)
    (tested,) = run.tested
    assert (tested.failure.code if tested.failure else "") == failure


def test_what_a_failure_says() -> None:
    rules = read(RULES + 'test "好"\ngiven retired, in 北京\non 2024-06 expect credit = 111元')
    (run,) = script.tests(rules)
    (tested,) = run.tested
    assert (run.title, run.passed) == ("好", False)
    assert tested.failure is not None
    assert dict(tested.failure.arguments) == {"expected": "111元", "found": "110.00元"}
    assert str(tested.place) == "text:12:1"
    assert str(run.place) == "text:10:1"


def test_a_test_passes_if_it_expects_something_and_all_of_it_is_met() -> None:
    text = RULES + (
        'test "one"\ngiven retired, in 北京\non 2024-06 expect credit = 110元\n'
        'on 2024-07 expect credit = 110元\ntest "two"\ngiven retired\n'
    )
    assert [run.passed for run in script.tests(read(text))] == [True, False]


def test_a_test_is_about_the_region_of_its_section_in_the_chosen_version() -> None:
    text = (
        'region 山东\nsince 2024-01-01 as "C18"\nretired credit 100元 monthly\n'
        'since 2024-01-01 as "C19"\nretired credit 106元 monthly\ntest "a"\n'
        "given retired\non 2024-06 expect credit = 106元"
    )
    for version, passed in (("C18", False), ("C19", True)):
        (run,) = script.tests(read(text, uses={"山东": version}))
        assert run.passed is passed
