"""The names that a text declares, found by a scan before it is read."""

import pytest

from yibaolang.language.declared import declared_names
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.language.vocabulary import vocabulary


def names(text: str) -> set[str]:
    return set(declared_names(text, vocabulary()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("choice status | 人员类别: active | 在职, retired | 退休", {"人员类别", "在职", "退休"}),
        ("选项 人员类别\uff1a在职\uff0c退休", {"人员类别", "在职", "退休"}),
        ("选项人员类别\uff1a在职、退休", {"人员类别", "在职", "退休"}),
        ("category 门诊, inpatient | 住院", {"门诊", "住院"}),
        ("bucket 当年, 历年", {"当年", "历年"}),
        ("input birth | 出生日期: date", {"出生日期"}),
        ("输入 本人养老金\uff1a金额 在 0元..100元", {"本人养老金"}),
        ("define 应缴年限 = 若男则30年\uff0c否则25年", {"应缴年限"}),
        ("定义应缴年限=30年", {"应缴年限"}),
        ("param 工资: money", {"工资"}),
        ("参数 工资 | pay | 薪水 = 5元", {"工资", "薪水"}),
        ("table 门诊待遇", {"门诊待遇"}),
        ('table tiers | 分段 cite "x"', {"分段"}),
        ("region 山东", {"山东"}),
        ("地区 济南 属于 山东", {"济南"}),
        ("地区济南属于山东", {"济南"}),
        ("region 济南 | jinan under 山东", {"济南"}),
        ("person 张三: birth 1952-03-01", {"张三"}),
        ("人员 张三\uff1a退休", {"张三"}),
        ("include 山东", {"山东"}),
        ("引用 山东", {"山东"}),
        ('include "a.yb"', set()),
        ("define \u300c当年缴费\u300d = 5元", {"当年缴费"}),
        ("choice \u300c类别\u300d: \u300c甲的\u300d, 乙", {"类别", "甲的", "乙"}),
        ("choice 类别: 甲,\n  乙,\n  丙", {"类别", "甲", "乙", "丙"}),
        ("choice 类别:\n甲 | a,\n乙", {"类别", "甲", "乙"}),
        ("choice 类别: 甲,  # 一, 二\n  乙\n丙", {"类别", "甲", "乙"}),
        ("  define 缩进 = 1", {"缩进"}),
        ("# define 注释 = 1", set()),
        ("define 甲 = 1  # define 乙 = 2", {"甲"}),
        ("报销门诊的60%\uff0c超过200元每年度作为起付线最高5元", {"起付线"}),
        ("cover 60% of 门诊 above 200元 per year as 起付线 then 大额 80%", {"起付线", "大额"}),
        ("报销门诊的60%\uff0c\n再大额80%按费用计最高5元", {"大额"}),
        ("允许门诊最高500元每年度作为限额从历年", {"限额"}),
        ("报销门诊的60%最高5元作为\u300c甲的\u300d", {"甲的"}),
        ("报销再生障碍性贫血的80%", set()),
        ("动用当年\uff0c再历年\uff0c先于报销", set()),
        ('报销门诊的60%\uff0c理由"作为甲"', set()),
        ("报销门诊的60%  # 作为甲", set()),
        ("一次性划入200元作为补贴", set()),
        ("账本 张三 从2024-01-01", set()),
        ("退休划入5元", set()),
        ("credit 5元 to 当年", set()),
        ("", set()),
    ],
)
def test_declared_names(text: str, expected: set[str]) -> None:
    assert names(text) == expected


def test_a_name_may_be_used_above_its_declaration() -> None:
    text = "划入月基本额的2%\nparam 月基本额: money"
    document, problems = parse(Source.of("a.yb", text))
    assert (problems, len(document.sentences)) == ([], 2)


def test_a_name_that_holds_keywords_is_read_in_one_piece() -> None:
    text = "define 当年的缴费 = 5元\n当年的缴费"
    assert parse(Source.of("a.yb", text))[1] == []
