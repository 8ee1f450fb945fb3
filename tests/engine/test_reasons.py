"""Reasons in words: three figures told in both languages, and what a line is made of."""

import pytest

from yibaolang.engine.asked import asked_for
from yibaolang.engine.reasons import Reason
from yibaolang.engine.rulebook import Result, RuleBook, read

AVERAGE = read(
    "param avg_pension: money\n"
    '2024-01-01 3850元 cite "鲁人社" attested "B"\n'
    'retired and age >= 70 credit 2.5% of avg_pension monthly on day 20 cite "C18" attested "D"\n'
    "retired and age < 70 credit 100元 monthly on day 20",
    name="a.yb",
)
LUMP = read(
    "retired credit 1200元 yearly on 07-01\nexcept when pooled credit 5元 monthly", name="b.yb"
)
OTHERS = read(
    'require age >= 60 for lifetime_benefit because "民法典" cite "x"\n'
    "wait 6个月 after enrolled_on for cover\ncredit 5元 monthly\n"
    'deduct 3元 monthly for "大额"',
    name="c.yb",
)


def asked(rules: RuleBook, given: str, on: str, figure: str = "credit") -> Result:
    """A result that may be refused."""
    own, facts = rules.facts(given)
    return own.ask(figure, asked_for(on, None, None, None), facts)


AVERAGE_EN = [
    "credit on 2024-06 = 96.25元",
    "  retired and age >= 70 credit 2.5% of avg_pension "
    "monthly on day 20 = 96.25元  [C18 · D]  (a.yb:3:1)",
    "    posted on: 2024-06-20",
    "    retired and age >= 70 = yes",
    "      retired = yes",
    "        status = retired  (given)",
    "      age >= 70 = yes",
    "        age = 74  (prelude.yb:36:1)",
    "          years from birth to today = 74",
    "            birth = 1950-03-01  (given)",
    "            today = 2024-06-20",
    "    2.5% of avg_pension = 96.25元",
    "      avg_pension (since 2024-01-01) = 3850.00元  [鲁人社 · B]  (a.yb:2:1)",
    "    round half up to 0.01元 = 96.25元  (prelude.yb:43:1)",
    "  retired and age < 70 credit 100元 monthly on day "
    "20: does not apply, age < 70 = no  (a.yb:4:1)",
]

AVERAGE_ZH = [
    "划入 2024-06 = 96.25元",
    "  退休且年龄≥70\uff0c每月20日划入平均养老金的2.5% = 96.25元  [C18 · D]  (a.yb:3:1)",
    "    入账日\uff1a2024-06-20",
    "    退休且年龄≥70 = 是",
    "      退休 = 是",
    "        人员类别 = 退休  (已知)",
    "      年龄≥70 = 是",
    "        年龄 = 74岁  (prelude.yb:36:1)",
    "          周年从出生日期到今日 = 74岁",
    "            出生日期 = 1950-03-01  (已知)",
    "            今日 = 2024-06-20",
    "    平均养老金的2.5% = 96.25元",
    "      平均养老金 (自 2024-01-01) = 3850.00元  [鲁人社 · B]  (a.yb:2:1)",
    "    取整四舍五入到0.01元 = 96.25元  (prelude.yb:43:1)",
    "  退休且年龄<70\uff0c每月20日划入100元\uff1a不适用\uff0c年龄<70 = 否  (a.yb:4:1)",
]

REFUSED_EN = [
    "credit on 2024-06-20: no figure: no rule of `credit` applies to this person",
    "  YB402: no rule of `credit` applies to this person",
    "  retired credit 1200元 yearly on 07-01: does not apply  (b.yb:1:1)",
    "    retired = no",
    "      status = active  (given)",
    "  except when pooled credit 5元 monthly: does not apply  (b.yb:2:1)",
    "    pooled = no  (given)",
]

REFUSED_ZH = [
    "划入 2024-06-20\uff1a没有数值\uff1a没有一条 划入 规则适用于此人",
    "  YB402\uff1a没有一条 划入 规则适用于此人",
    "  退休\uff0c每年7月1日划入1200元\uff1a不适用  (b.yb:1:1)",
    "    退休 = 否",
    "      人员类别 = 在职  (已知)",
    "  例外家庭共济\uff0c每月划入5元\uff1a不适用  (b.yb:2:1)",
    "    家庭共济 = 否  (已知)",
]

NET_EN = [
    "net credit in 2024 = 24.00元",
    "  credit 2024-01 to 2024-12 = 12 × 5.00元",
    "    credit 5元 monthly = 5.00元  (c.yb:3:1)",
    "      facts as of: 2024-01-31",
    "      round half up to 0.01元 = 5.00元  (prelude.yb:43:1)",
    "  deduct 2024-01 to 2024-12 = 12 × 3.00元",
    '    deduct 3元 monthly for "大额" = 3.00元  (c.yb:4:1)',
    "      facts as of: 2024-01-31",
    "      round half up to 0.01元 = 3.00元  (prelude.yb:43:1)",
]

NET_ZH = [
    "净划入 2024 = 24.00元",
    "  划入 2024-01至2024-12 = 12 × 5.00元",
    "    每月划入5元 = 5.00元  (c.yb:3:1)",
    "      认定日\uff1a2024-01-31",
    "      取整四舍五入到0.01元 = 5.00元  (prelude.yb:43:1)",
    "  扣缴 2024-01至2024-12 = 12 × 3.00元",
    '    每月扣缴3元用于"大额" = 3.00元  (c.yb:4:1)',
    "      认定日\uff1a2024-01-31",
    "      取整四舍五入到0.01元 = 3.00元  (prelude.yb:43:1)",
]


@pytest.mark.parametrize(("lang", "told"), [("en", AVERAGE_EN), ("zh", AVERAGE_ZH)])
def test_a_share_of_a_param_by_age(lang: str, told: list[str]) -> None:
    result = asked(AVERAGE, "retired, birth 1950-03-01", "2024-06")
    assert result.explain(lang).splitlines() == told


@pytest.mark.parametrize(("lang", "told"), [("en", REFUSED_EN), ("zh", REFUSED_ZH)])
def test_a_refusal_tells_which_condition_failed_on_what(lang: str, told: list[str]) -> None:
    result = asked(LUMP, "active, not pooled", "2024-06-20")
    assert result.explain(lang).splitlines() == told


@pytest.mark.parametrize(("lang", "told"), [("en", NET_EN), ("zh", NET_ZH)])
def test_equal_postings_are_told_once(lang: str, told: list[str]) -> None:
    assert OTHERS.figure("net credit", in_year=2024).explain(lang).splitlines() == told


def test_a_requirement_and_its_reason() -> None:
    reason = OTHERS.figure("lifetime_benefit", given="age = 59", on="2024-06-20").reason("zh")
    (rule,) = reason.because
    assert (reason.text, reason.value) == ("终身医保待遇 2024-06-20", "否")
    assert (rule.kind, rule.value, rule.cite, rule.place) == ("requirement", "否", "x", "c.yb:1:1")
    assert [(each.kind, each.text, each.value) for each in rule.because] == [
        ("condition", "年龄\u226560", "否"), ("note", "民法典", ""),
    ]  # fmt: skip


def test_the_end_of_waiting_is_told_by_its_rule() -> None:
    reason = asked(OTHERS, "enrolled_on 2024-08-31", "2024-06-20", "wait cover").reason("en")
    (rule,) = reason.because
    assert (reason.text, rule.kind, rule.value) == (
        "wait for cover on 2024-06-20", "rule", "2025-02-28",
    )  # fmt: skip
    assert rule.text == "wait 6 months after enrolled_on for cover"


def test_an_exception_that_comes_first() -> None:
    reason = asked(LUMP, "retired, pooled", "2024-06-20").reason("en")
    assert [(each.kind, each.value) for each in reason.because][:1] == [("rule", "5.00元")]
    (beaten,) = (each for each in reason.because if each.kind == "not_applied")
    assert beaten.value.startswith("an exception comes first")


def test_a_part_of_a_year_and_the_person_are_told() -> None:
    rules = read("retired credit 1200元 yearly on 07-01 prorated from month after retired_on")
    result = rules.figure("credit", given="retired since 2024-03-10", on="2024-12-31")
    text = "\n".join(result.reason("zh", "张三").lines())
    assert text.startswith("张三的划入 2024-12-31 = 900.00元\n")
    assert "12个月中的9个月 = 900.00元" in text


def test_a_version_is_told_with_its_source() -> None:
    rules = read('region 甲\nsince 2024-01-01 as "C18" cite "x" attested "B"\ncredit 5元')
    reason = rules.figure("credit", region="甲", on="2024-06-20").reason()
    assert (reason.because[0].cite, reason.because[0].mark) == ("C18: x", "B")
    assert reason.text == "credit on 2024-06-20, 甲"


def test_a_reason_as_json_leaves_out_what_is_empty() -> None:
    inner = Reason("value", "age", "74", "given")
    reason = Reason("figure", "credit", "5.00元", because=(inner,))
    assert reason.to_json() == {
        "kind": "figure",
        "text": "credit",
        "value": "5.00元",
        "because": [{"kind": "value", "text": "age", "value": "74", "place": "given"}],
    }
    assert list(reason.lines()) == ["credit = 5.00元", "  age = 74  (given)"]


def test_a_line_says_its_source_and_how_well_that_attests_it() -> None:
    both = Reason("rule", "credit 5元", "5.00元", "a.yb:1:1", "x", "D")
    assert list(both.lines(1)) == ["  credit 5元 = 5.00元  [x · D]  (a.yb:1:1)"]
    assert list(Reason("note", "why", cite="x").lines()) == ["why  [x]"]
