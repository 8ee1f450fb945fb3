"""The formatter: exact pairs of the two languages, comments, alignment, and its own checks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from yibaolang.language import formatting
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.formatting import Aliases, format_text, language_of, meaning
from yibaolang.language.parser import parse
from yibaolang.language.printer import Printer
from yibaolang.language.source import Source
from yibaolang.language.syntax import Action, Line, Rule, Sentence

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

PAIRS = [
    (
        "choice level | 等级: primary | 一级, tertiary | 三级",
        "选项 level | 等级\uff1aprimary | 一级\uff0ctertiary | 三级",
    ),
    ("category outpatient | 门诊, inpatient | 住院", "类目 outpatient | 门诊\uff0cinpatient | 住院"),
    ("bucket current | 当年, carried | 历年", "分户 current | 当年\uff0ccarried | 历年"),
    (
        'input pension | 本人养老金: money in 0元..100000元 because "…"',
        '输入 pension | 本人养老金\uff1a金额在0元..100000元\uff0c理由"…"',
    ),
    ("input stay | 住院天数: days", "输入 stay | 住院天数\uff1a日数"),
    (
        "define age | 年龄: age in 0..150 = years from birth to today",
        "定义 age | 年龄\uff1a岁数在0..150 = 周年从出生日期到今日",
    ),
    (
        "define years_needed | 应缴年限 = 30 years if male, 25 years if female, otherwise unknown",
        "定义 years_needed | 应缴年限 = 若男则30年\uff0c若女则25年\uff0c否则未公布",
    ),
    ("param avg_pension | 平均养老金: money", "参数 avg_pension | 平均养老金\uff1a金额"),
    (
        'param floor | 下限 = 100元 cite "000" attested "D"',
        '参数 floor | 下限 = 100元 依据"000" 证级"D"',
    ),
    (
        '  2023-01-01 until 2023-12-31  3850元  cite "000" attested "D"',
        '  2023-01-01至2023-12-31  3850元  依据"000" 证级"D"',
    ),
    ("  2024-01-01  unknown", "  2024-01-01  未公布"),
    ('table outpatient_table | 门诊待遇 cite "000"', '表格 outpatient_table | 门诊待遇 依据"000"'),
    (
        "  | level, age || ratio: rate | cap: money |",
        "  | 医疗机构等级\uff0c年龄 || 比例\uff1a比率 | cap\uff1a金额 |",
    ),
    (
        "  | primary, secondary | [60, 70) | >= 70 | - | 1.5万元 |",
        "  | 一级及以下\uff0c二级 | [60, 70) | ≥70 | - | 1.5万元 |",
    ),
    ("region 山东 | shandong under 全国", "地区 山东 | shandong 属于 全国"),
    (
        'since 2024-01-01 until 2024-12-31 as "C18" cite "003" attested "B"',
        '自2024-01-01至2024-12-31作为"C18" 依据"003" 证级"B"',
    ),
    ('include "regions/shandong.yb"', '引用 "regions/shandong.yb"'),
    ("include 山东", "引用 山东"),
    ('use 山东 as "C18"', '采用山东作为"C18"'),
    (
        "person 张三: birth 1952-03-01, male, retired since 2012-03-01, in 山东",
        "人员 张三\uff1a出生日期1952-03-01\uff0c男\uff0c退休自2012-03-01\uff0c在山东",
    ),
    ('test "70 岁当月"', '测试"70 岁当月"'),
    (
        "given not pooled, level = primary, avg_pension = unknown, contribution_base 8000元",
        "已知 非家庭共济\uff0c医疗机构等级=一级及以下\uff0c平均养老金=未公布\uff0c缴费基数8000元",
    ),
    ("on 2024-06-20 expect credit = 125元", "于2024-06-20期望划入=125元"),
    ("expect credit in 2024 = 1325元", "期望划入在2024年=1325元"),
    ("expect wait for cover = 2024-07-01", "期望等待用于报销=2024-07-01"),
    ('expect net credit by month in 2024 refused "YB402"', '期望净划入逐月在2024年被拒"YB402"'),
    ("show credit of 张三 on 2024-06", "显示张三的划入于2024-06"),
    ("explain credit from 2024-01-01 to 2024-06-30", "解释划入从2024-01-01到2024-06-30"),
    ('compare 山东 as "C18", 北京 for 张三 on 2024-06', '比较山东作为"C18"\u3001北京用于张三于2024-06'),
    ("age >= 70 credit 2.5% of avg_pension", "年龄≥70\uff0c划入平均养老金的2.5%"),
    (
        "retired and age >= 70 credit 2.5% of avg_pension monthly",
        "退休且年龄≥70\uff0c每月划入平均养老金的2.5%",
    ),
    ("retired and age < 70 credit 100元 monthly on day 20", "退休且年龄<70\uff0c每月20日划入100元"),
    (
        "retired credit 1400元 yearly on 07-01 prorated from month after retired_on to current",
        "退休\uff0c每年7月1日划入1400元折算自次月退休日期到当年",
    ),
    (
        "active credit 2% of min(max(contribution_base, 60% of avg_wage), 300% of "
        "avg_wage) monthly by day 5 assessed on last of month",
        "在职\uff0c每月最迟5日划入取小\uff08取大\uff08缴费基数\uff0c平均工资的60%\uff09\uff0c平均工资的300%"
        "\uff09的2%认定于当月末日",
    ),
    (
        "also except when emergency credit 200元 once as extra when pooled",
        "另例外急诊\uff0c一次性划入200元作为补贴当家庭共济",
    ),
    ('resident credit none because "居民没有个人账户"', '居民\uff0c划入不适用\uff0c理由"居民没有个人账户"'),
    ('deduct 3元 monthly for "大额互助"', '每月扣缴3元用于"大额互助"'),
    (
        "retired cover 80% of outpatient at primary above 200元 per year counting payment "
        "up to 4500元 per year",
        "退休\uff0c报销门诊就诊于一级及以下的80%\uff0c超过200元每年度\uff0c按支付计最高4500元每年度",
    ),
    (
        "cover (ratio + 5%) of outpatient, drugs at primary, secondary at most 300元 per "
        "visit over all levels as floor",
        "报销\uff08比例+5%\uff09之于门诊\u3001购药就诊于一级及以下\u3001二级\uff0c不超过300元每次就诊各级合计作为下限",
    ),
    (
        "cover outpatient by table outpatient_table except lines of drugs then major 100%",
        "报销门诊按表门诊待遇\uff0c不计明细购药\uff0c再大额100%",
    ),
    ("cover inpatient by marginal tiers stays", "报销住院按超额累进住院分段"),
    (
        "allow outpatient, drugs for spouse, parents, children when pooled",
        "允许门诊\u3001购药用于配偶\u3001父母\u3001子女当家庭共济",
    ),
    (
        "allow commercial_insurance when carried > 5000元 up to 500元 per year from carried",
        "允许商业健康保险当历年>5000元\uff0c最高500元每年度从历年",
    ),
    (
        'deny supplements because "国办发\u30142021\u301514号"',
        '禁止保健品\uff0c理由"国办发\u30142021\u301514号"',
    ),
    ("draw current then carried, rest to cash", "动用当年\uff0c再历年\uff0c其余归现金"),
    (
        "interest 0.35% yearly of carried on daily balance posted on 12-31",
        "计息0.35%每年之于历年按日余额入账于12月31日",
    ),
    ("carry current into carried on 01-01", "结转当年转入历年于1月1日"),
    ("round half up to 0.01元", "取整四舍五入到0.01元"),
    (
        'require contribution_years >= years_needed and actual_years >= 10 years for '
        'lifetime_benefit because "…"',
        '要求累计缴费年限≥应缴年限且实际缴费年限≥10年用于终身医保待遇\uff0c理由"…"',
    ),
    (
        "wait 6 months after enrolled_on for cover unless emergency",
        "参保日期之后等待6个月用于报销\uff0c除非急诊",
    ),
    (
        "retired wait until first of next month after enrolled_on for credit, cover",
        "退休\uff0c参保日期之后等待至次月首日用于划入\u3001报销",
    ),
    (
        'on death close to heirs requiring "死亡证明", "身份证明"',
        '于死亡销户归继承人\uff0c需提供"死亡证明"\u3001"身份证明"',
    ),
    ('contact "12333", "12393"', '咨询"12333"\u3001"12393"'),
    ('note "以当地医保局为准"', '备注"以当地医保局为准"'),
    ("year from 07-01", "医保年度始于7月1日"),
    ("avg_pension in 2022", "2022年平均养老金"),
    ("2% of avg_pension of last year", "上年平均养老金的2%"),
    ("avg_wage as of 2024-01-01", "平均工资截至2024-01-01"),
    (
        "max(0 months, years_needed - actual_years) / 1 month * 8%",
        "取大\uff080个月\uff0c应缴年限-实际缴费年限\uff09÷1个月×8%",
    ),
    ("2% on top of 0.8%", "2%叠加于0.8%"),
    ("2.9% including 2%", "2.9%其中含2%"),
    (
        "(0.8% + 2%) of contribution_base rounded half up to 1元",
        "缴费基数的\uff080.8%+2%\uff09舍入四舍五入到1元",
    ),
    ("pension by whole tiers stays", "本人养老金按全额分档住院分段"),
    ("ratio of table outpatient_table", "比例查自门诊待遇"),
    ("not (male or age within [60, 70)) and pooled", "非\uff08男或年龄介于[60, 70)\uff09且家庭共济"),
    ("age within 60..69", "年龄介于60..69"),
    ("count of outpatient per year + 1", "次数门诊每年度+1"),
    ("months from start of retired to 12-31 of last year", "整月从起始于退休到上年12月31日"),
    ("-(1 / 12) of avg_wage", "-平均工资的\uff081 ÷ 12\uff09"),
]


def formatted(text: str, lang: str | None = None) -> str:
    return format_text(Source.of("a.yb", text), lang, declared=DECLARED)


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=[english for english, _ in PAIRS])
def test_the_two_languages_of_a_sentence(english: str, chinese: str) -> None:
    assert formatted(english, "zh") == chinese + "\n"
    assert formatted(chinese, "en") == english + "\n"
    assert formatted(english) == english + "\n"
    assert formatted(chinese) == chinese + "\n"


def test_every_kind_of_sentence_has_a_pair() -> None:
    def kinds(cls: type) -> Iterator[str]:
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
    aliases = Aliases.of([each.names for each in sentences(PRELUDE) if hasattr(each, "names")])
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
    assert formatted(text, "en") == """\
param 月薪 | wage: money
  2023-01-01 until 2023-12-31  50元     cite "甲"  # one
# between
  2024-01-01                   1.5万元  cite "乙"

table 表
  | level              | age      || ratio: rate | cap: money |
  | primary            | [60, 70) |  80%         | -          |
  | primary, secondary | <= 59    |  5%          | 100.05元   |
"""
    assert formatted(text, "zh") == """\
参数 月薪 | wage\uff1a金额
  2023-01-01至2023-12-31  50元     依据"甲"  # one
# between
  2024-01-01              1.5万元  依据"乙"

表格 表
  | 医疗机构等级     | 年龄     || 比例\uff1a比率 | cap\uff1a金额 |
  | 一级及以下       | [60, 70) |  80%        | -         |
  | 一级及以下\uff0c二级 | \u226459      |  5%         | 100.05元  |
"""


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
    assert formatted(doubtful, "zh").endswith("\nb+c+丁\n")


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
