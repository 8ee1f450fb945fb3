"""What may stand at the cursor: keywords of the parser, names by their role, dates, versions."""

from time import process_time

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
    assert texts(".person ") == ["张三", "Li", "none"]


@pytest.mark.parametrize("dot", [".", "\u3002", "\uff0e", "  ."])
def test_a_dot_offers_the_commands(dot: str) -> None:
    assert texts(dot)[:3] == ["help", "load", "reload"]
    assert texts(dot, ZH)[:3] == ["帮助", "载入", "重载"]
    assert {each.start for each in complete(EN, dot)} == {len(dot)}


ACCOUNT = PEOPLE + """
ledger Li from 2023-11-01 as listed
2023-12-01 opening current 10元
2024-02-01 drugs 5元"""


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (".balance ", ["current", "carried", "2024", "2023"]),
        (".balance current ", ["2024", "2023"]),
        (".balance 2024 ", ["current", "carried"]),
        (".balance current 2", ["2024", "2023"]),
        (".use 山东 ", ["C18", "C18 次月", "C19"]),
        (".use 山东 C18 ", []),
        (".set output csv ", []),
        (".lang en ", []),
        (".ledger ", ["balances", "postings", "accumulators", "corrections", "refused"]),
        (".why balance of ", ["张三", "Li"]),
        (".explain net", ["net credit"]),
        (".为什么不能 drugs 5元 for sp", ["spouse"]),
        (".rules dedu", ["deduct"]),
        (".help bal", ["balance"]),
        (".help 余", ["余额"]),
    ],
)
def test_words_of_commands(typed: str, expected: list[str]) -> None:
    found = texts(typed, session("en", ACCOUNT))
    assert [each for each in found if each.isascii() == typed.isascii() or each in expected] == (
        expected
    )


def test_params_only() -> None:
    kinds = {each.meta.split(" ")[0] for each in complete(EN, ".params ")}
    assert kinds == {"param"}


def test_the_likeliest_first() -> None:
    assert texts("")[:3] == ["show", "credit", "person"]
    assert texts("show ")[0] == "credit" and texts("显示", ZH)[0] == "划入"


def test_a_thousand_names_are_completed_at_once() -> None:
    names = "\n".join(f"input extra{each}: truth" for each in range(1000))
    people = "\n".join(f"person p{each}: age = 30" for each in range(1000))
    crowd = session("en", f"{names}\n{people}")
    texts("show credit of ", crowd)
    spent = []
    for end in range(1, len("show credit of p1")):
        start = process_time()
        found = complete(crowd, "show credit of p1"[:end])
        assert all(isinstance(each.meta, str) for each in found)
        spent.append(process_time() - start)
    assert sorted(spent)[-2] < 0.1


def test_new_names_are_offered_at_once() -> None:
    one = session("en", "define answer_of_all = 5元")
    assert texts("define x = ans", one) == ["answer_of_all"]
    list(one.run("define another = 6元"))
    assert texts("define x = ano", one)[0] == "another"


def test_settings_in_both_languages() -> None:
    assert "output" in texts(".set ") and "输出" in texts(".set ", ZH)
    assert texts(".设置 输出 ", ZH)[0] == "表格" and texts(".监视 ", ZH) == ["开", "关"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("region 甲 | ", []),
        ("choice a: b, ", []),
        ('credit 5元 attested "', ['"A"', '"B"', '"C"', '"D"', '"E"']),
        ('credit 5元 cite "甲', ['"甲文"']),
    ],
)
def test_where_only_new_names_or_sources_stand(typed: str, expected: list[str]) -> None:
    assert texts(typed, session("en", 'credit 1元 cite "甲文"\ncredit 2元 cite "乙文"')) == expected


def test_no_value_follows_a_value() -> None:
    assert "male" in texts("person Wang: ")
    assert {"male", "age"}.isdisjoint(texts("person Wang: retired "))
    assert "since" in texts("person Wang: retired ")[:3]
