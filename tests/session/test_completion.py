"""What may stand at the cursor: keywords of the parser, names by their role, dates, versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang.language.following import expects_more
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.session.completion import complete
from yibaolang.session.session import Session

PEOPLE = """include 山东
person 张三: male, birth 1954-08-20, retired since 2014-09-01, in shandong
person Li: age = 50"""


def session(lang: str = "en", text: str = PEOPLE) -> Session:
    made = Session(lang=lang)
    assert all(reply.ok for reply in made.run(text))
    return made


EN, ZH = session("en"), session("zh")


def texts(typed: str, one: Session = EN) -> list[str]:
    return [each.text for each in complete(one, typed)]


def test_nothing_typed_offers_beginnings_in_the_session_language() -> None:
    assert {"person", "show", "region", "age"} <= set(texts(""))
    assert {"人员", "显示", "地区", "年龄"} <= set(texts("", ZH))
    assert "人员" not in texts("") and "person" not in texts("", ZH)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("show cred", "credit"),
        ("age >= 70 credit 2.5% of avg_p", "avg_pension"),
        ("age >= 70 credit 2.5% of pjylj", "平均养老金"),
        ("age >= 70 credit 2.5% of pingjunyang", "平均养老金"),
        ("region shand", "shandong"),
        ("ledger ", "张三"),
        ("show credit of ", "张三"),
        ("cover 60% of outp", "outpatient"),
        ("cover 60% of outpatient at ter", "tertiary"),
        ("draw curr", "current"),
        ("draw current then carr", "carried"),
        ("input x: mon", "money"),
        ("compare shandong, b", "beijing"),
        ("allow dru", "drugs"),
        ("allow drugs for spo", "spouse"),
        ("退休且年", "年龄"),
        ("退休且年龄≥70，每月hr", "划入"),
        ("显示张三的余", "余额"),
    ],
)
def test_the_likeliest_comes_first(typed: str, first: str) -> None:
    assert texts(typed)[0] == first


@pytest.mark.parametrize("role", ["region ", "use ", "include "])
def test_after_a_region_keyword_only_regions(role: str) -> None:
    found = texts(role)
    assert "shandong" in found and "age" not in found and "current" not in found


def test_persons_and_no_regions_after_of() -> None:
    assert texts("show credit of ") == ["张三", "Li"]


def test_a_completion_replaces_only_the_word_that_is_typed() -> None:
    (found,) = [each for each in complete(ZH, "退休且年") if each.text == "年龄"]
    assert found.start == len("退休且")


def test_only_what_stands_before_the_cursor_counts() -> None:
    assert complete(EN, "show cred of Li", len("show cred"))[0].text == "credit"


def test_versions_after_as() -> None:
    assert [each.text for each in complete(EN, 'use shandong as "C1')] == [
        '"C18"', '"C18 次月"', '"C19"'
    ]  # fmt: skip


def test_days_on_which_something_changes_are_offered() -> None:
    first, *others = texts("show credit of 张三 on ")
    assert first == EN.today.isoformat() and "2024-01-01" not in first
    assert all(day < first for day in others)


def test_what_a_name_is_stands_beside_it() -> None:
    by_text = {each.text: each.meta for each in complete(EN, "age >= 70 credit 2.5% of avg_")}
    assert by_text["avg_pension"] == "param · money"
    help_ = {each.text: each.meta for each in complete(ZH, "显")}
    assert help_["显示"] == "显示数值及理由"


@pytest.mark.parametrize("typed", ["# a comm", 'note "ab', "credit credit ", "\u2461"])
def test_where_nothing_can_stand_nothing_is_offered(typed: str) -> None:
    assert complete(EN, typed) == []


@pytest.mark.parametrize("typed", ["show cred", "age >= 70 credit 2.5% of avg_p", "interest 1% y"])
def test_a_completed_sentence_can_still_become_one(typed: str) -> None:
    for each in complete(EN, typed):
        text = typed[: each.start] + each.text
        _, problems = parse(Source.of("", text), EN.names)
        assert not problems or expects_more(text, EN.names) or problems[0].code == "YB022", text


@given(st.text(st.sampled_from('退休年龄且≥70 credit of."#>=.^ \n平均养老金元%'), max_size=25))
def test_it_never_raises(text: str) -> None:
    for each in complete(ZH, text):
        assert 0 <= each.start <= len(text) and each.text


def test_commands_complete_in_both_languages() -> None:
    assert "date" in texts(".d") and "日期" in texts(".日", ZH)
    assert texts(".rq", ZH)[0] == "日期"
    assert texts(".set output ") == [
        "table", "vertical", "csv", "json", "markdown"
    ]  # fmt: skip
    assert texts(".person ") == ["张三", "Li"]


def test_new_names_are_offered_at_once() -> None:
    one = session("en", "define answer_of_all = 5元")
    assert texts("define x = ans", one) == ["answer_of_all"]
    list(one.run("define another = 6元"))
    assert texts("define x = ano", one)[0] == "another"


def test_settings_in_both_languages() -> None:
    assert "output" in texts(".set ") and "输出" in texts(".set ", ZH)
    assert texts(".设置 输出 ", ZH)[0] == "表格" and texts(".监视 ", ZH) == ["开", "关"]
