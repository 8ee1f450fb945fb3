"""Sentences that the grammar takes and sentences that it does not, and what tricky ones mean."""

import logging

import pytest
from lark import Lark, logger

from yibaolang.language import syntax
from yibaolang.language.formatting import meaning
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.language.syntax import (
    Between,
    Cases,
    Comparison,
    Cover,
    Credit,
    Expression,
    InYear,
    Junction,
    Literal,
    Minus,
    Name,
    Not,
    Product,
    Rounded,
    Rule,
    Sentence,
    Share,
    Sum,
    Tiers,
    Wait,
    Within,
)
from yibaolang.language.tables import _grammar, _Tokens, parser
from yibaolang.model.limits import LIMITS
from yibaolang.model.loading import prelude_names

NAMES = prelude_names() | {
    "门诊待遇", "住院分段", "张三", "李四", "山东", "北京", "甘肃", "全国", "应缴年限", "补助",
    "月工资", "劳模",
}  # fmt: skip


def read(text: str) -> Sentence:
    document, problems = parse(Source.of("a.yb", text), NAMES)
    assert problems == []
    (sentence,) = document.sentences
    return sentence


def value(text: str) -> Expression:
    sentence = read(text)
    assert isinstance(sentence, syntax.Evaluate)
    return sentence.value


def rule(text: str) -> Rule:
    sentence = read(text)
    assert isinstance(sentence, Rule)
    return sentence


def credit(text: str) -> Credit:
    action = rule(text).action
    assert isinstance(action, Credit)
    return action


def shown(node: object) -> str:
    """An expression with every grouping in brackets."""
    match node:
        case Name():
            return node.text
        case Literal():
            return node.text
        case Sum() | Product():
            operands = node.terms if isinstance(node, Sum) else node.factors
            pieces = [
                f"{sign}{shown(each)}" for sign, each in zip(node.signs, operands, strict=True)
            ]
            return f"[{''.join(pieces)[1:]}]"
        case Share():
            return f"[{shown(node.rate)} of {shown(node.base)}]"
        case Minus():
            return f"[-{shown(node.operand)}]"
        case Not():
            return f"[not {shown(node.operand)}]"
        case Junction():
            return f"[{f' {node.word} '.join(map(shown, node.operands))}]"
        case Comparison():
            return f"[{shown(node.left)}{node.sign}{shown(node.right)}]"
        case Within():
            return (
                f"[{shown(node.operand)} within {shown(node.range.low)}..{shown(node.range.high)}]"
            )
        case InYear():
            return f"[{shown(node.name)} in {node.year or -node.years_back}]"
        case Rounded():
            return f"[{shown(node.operand)} {node.mode} {shown(node.unit)}]"
        case Tiers():
            word = "whole" if node.whole else "marginal"
            return f"[{shown(node.amount)} {word} {shown(node.table)}]"
        case Between():
            return f"[{node.unit} {shown(node.start)}..{shown(node.end)}]"
        case Cases():
            arms = zip(node.values, node.conditions, strict=True)
            found = [f"{shown(one)} if {shown(two)}" for one, two in arms]
            return f"[{', '.join([*found, f'else {shown(node.otherwise)}'])}]"
    return type(node).__name__ if node is not None else ""


STARRED = "age>=70 credit 2.5% of avg_pension"
STARRED_ZH = "退休且年龄\u226570\uff0c每月划入平均养老金的2.5%"

GOOD = [
    "choice level | 医疗机构等级: primary | 一级及以下, sec"
    "ondary | 二级, tertiary | 三级, pharmacy | 定点药店",
    "选项 人员类别\uff1a在职\uff0c退休\uff0c灵活就业",
    "category outpatient | 门诊, inpatient | 住院, drugs | 购药, vaccine | 疫苗, checkup | 体检",
    "类目 门诊、住院、购药",
    "bucket current | 当年, carried | 历年",
    "分户 当年\uff0c历年",
    "input birth | 出生日期: date",
    "input pension | 本人养老金: money in 0元..100000元",
    "输入 本人养老金\uff1a金额 在 0元..100000元",
    '输入 出生日期\uff1a日期\uff0c依据"民法典"',
    "input stay: days",
    "define age | 年龄 = years from birth to today",
    "define age | 年龄: age in 0..150 = years from birth to today",
    "define years_needed | 应缴年限 = 30年 if male, 25年 if female",
    "define years_needed = 30年 if male, 25 years otherwise",
    "定义 应缴年限 = 若男则30年\uff0c若女则25年\uff0c否则未公布",
    "定义应缴年限=如果男则30年\uff0c否则25年",
    'define makeup_cost = months_missing * 8% of makeup_base cite "000" attested "D" because "x"',
    "param avg_pension | 平均养老金: money",
    "参数 平均养老金\uff1a金额",
    'param floor = 100元 cite "x" attested "D"',
    "param rate: rate = unknown",
    '2022-01-01  3700元  cite "…"',
    '2023-01-01 until 2023-12-31 3850元 cite "…" attested "B"',
    '2023年1月1日 至 2023年12月31日 3850元 依据"…" 证级"B"',
    "2024-01-01 -5元",
    "2024-01-01 unknown",
    "2024-01-01 不适用",
    'table 门诊待遇 cite "x"',
    "表格 住院分段",
    "| level | age || ratio: rate | cap: money |",
    "| primary, secondary | [60, 70) | 80% | 200元 |",
    "| tertiary | >= 70 | - | 1.5万元 |",
    "| - | ..200元 | 50% | - |",
    "region 全国",
    "region 山东 | shandong under 全国",
    "地区 山东 属于 全国",
    'since 2024-01-01  cite "000 为什么2024年医保卡打钱少了"',
    'since 2024-01-01 until 2024-12-31 as "003" cite "x" attested "B"',
    '自2024-01-01至2024-12-31作为"003" 依据"x" 证级"B"',
    '自2024年1月1日\uff0c依据"x"',
    'include "regions/shandong.yb"',
    "include 山东",
    "引用 山东",
    'use 山东 as "C18"',
    '采用山东作为"C18"',
    "person 张三: birth 1952-03-01, male, retired since 2012-03-01, in 山东",
    "人员 张三\uff1a出生日期1952-03-01\uff0c男\uff0c退休自2012-03-01\uff0c在山东",
    "person 李四 | ls: age = 72, not pooled, pension 3000元"
    " until 2023-12-31, level = primary since 2024-01-01",
    "person 李四: avg_pension = unknown, due = none, pooled = yes, emergency no, gap -3个月",
    'test "70 岁当月"',
    '测试"70 岁当月"',
    "given birth 1954-06-15, male, retired, in 山东",
    "已知 出生日期1954-06-15\uff0c男\uff0c非家庭共济\uff0c在山东",
    "on 2024-06-20 expect credit = 125元",
    "on 2024-06 expect credit >= 125元",
    "expect credit in 2024 = 1325元",
    "expect credit refused",
    'expect credit refused "YB402"',
    'expect net credit from 2024-01-01 to 2024-06-30 refused "YB402"',
    "expect wait for cover = 2024-07-01",
    "expect lifetime_benefit = yes",
    "于2024-06-20期望划入=125元",
    "期望划入 在 2024年 = 1325元",
    '期望净划入被拒"YB402"',
    "期望等待用于报销=2024-07-01",
    "show credit",
    "show credit of 张三 on 2024-06",
    "show credit of 张三 in 2024",
    "show credit of 张三 by month in 2024",
    "show credit of 张三 from 2024-01-01 to 2024-06-30",
    "show wait for cover of 张三",
    "show age of 张三 on 2024-06-20",
    "explain net credit of 张三 on 2024-06",
    "explain deduct on 2024-06",
    "显示张三的划入 于2024-06",
    "显示划入",
    "解释张三的净划入逐月在2024年",
    "显示张三的等待用于报销",
    "显示 张三 的 年龄 于 2024-06-20",
    "compare 山东, 北京, 甘肃 for 张三 on 2024-06",
    'compare 山东 as "C18", 山东 as "C19" for 张三 in 2024',
    "比较山东、北京用于张三于2024-06",
    "age>=70 credit 2.5% of avg_pension",
    "退休且年龄≥70\uff0c每月划入平均养老金的2.5%",
    "retired and age <  70 credit 100元 monthly on day 20",
    "retired credit 1400元 yearly on 01-01 to current",
    "retired credit 1400元 yearly on 07-01 prorated from month after retired_on",
    "retired credit 1400元 yearly on year start prorated from month of retired_on",
    "active credit 2% of min(max(contribution_base, 60% of avg_wage), 300% of avg_wage) monthly",
    "active credit 50元 monthly by day 5 assessed on last of last month",
    "active credit 50元 monthly on first of month asses"
    "sed on posting day to current as extra when pooled",
    'credit unknown because "x"',
    'resident credit none because "x"',
    "except when model_worker credit 200元 monthly",
    "also retired credit 10元 monthly as extra",
    "also except when retired credit 10元",
    "每月20日划入100元到当年",
    "在职\uff0c每月最迟5日划入50元\uff0c认定于上月末日",
    "每年7月1日划入1400元折算自次月退休日期",
    "例外劳模\uff0c每月划入200元",
    "另退休\uff0c每月计入10元作为补助",
    'deduct 3元 monthly for "大额互助"',
    "monthly deduct 3元",
    '每月扣缴3元用于"大额互助"',
    "retired cover 80% of outpatient at primary above 200元 per year up to 4500元 per year",
    "cover outpatient by table 门诊待遇",
    "cover inpatient by marginal tiers 住院分段",
    "cover inpatient by whole tiers 住院分段",
    "cover outpatient by table 门诊待遇 above 20元 per visit, at most "
    "200元 per year, at most 300元 per year over all levels as floor",
    "cover 80% of outpatient except lines of essential_drug",
    "cover 80% of outpatient counting cost up to 12000元 per year",
    "cover 80% of outpatient counting payment up to 4500元 per month",
    "cover 80% of inpatient above 50% of due per stay up to "
    "47000元 per year as basic, then large 100% up to 500000元",
    "cover 80% of outpatient up to 2% of avg_wage of year before last per lifetime",
    "退休\uff0c报销门诊就诊于一级及以下的80%\uff0c超过200元每年度\uff0c按支付计最高4500元每年度",
    "报销门诊按表门诊待遇",
    "报销住院按超额累进住院分段",
    "allow outpatient, inpatient, drugs, vaccine, checkup for self",
    "allow outpatient, drugs for spouse, parents, children when pooled",
    "allow resident_premium for relatives",
    "allow commercial_insurance when carried > 5000元 up to 500元 per year from carried",
    'deny supplements because "国办发〔2021〕14号"',
    "允许门诊、购药用于配偶、父母当家庭共济",
    '禁止保健品\uff0c理由"国办发〔2021〕14号"',
    "draw current then carried, rest to cash",
    "动用当年\uff0c再历年\uff0c其余归现金",
    "interest 0.35% yearly on daily balance posted on 12-31",
    "interest 0.35% yearly of carried on minimum balance of month",
    "interest 0.35% yearly on balance on 06-30 posted on 06-30",
    "计息0.35%每年之于历年按日余额入账于12月31日",
    "carry current into carried on 01-01",
    "结转当年转入历年于1月1日",
    "round half up to 0.01元",
    "round half even to 0.01元",
    "round up to 1元",
    "round down to 0.1元",
    "取整四舍五入到0.01元",
    "取整向上到1元",
    "require contribution_years >= years_needed and ac"
    'tual_years >= 10年 for lifetime_benefit because "x"',
    '要求累计缴费年限≥应缴年限且实际缴费年限≥10年用于终身医保待遇\uff0c理由"x"',
    "wait 1 month after enrolled_on for cover unless emergency",
    "wait 6个月 after enrolled_on for cover, credit unless gap <= 3个月",
    "wait until first of next month after enrolled_on for cover",
    "enrolled_on after wait 6个月 for cover",
    "retired, enrolled_on after wait 30天 for cover unless emergency",
    "参保日期之后等待6个月用于报销\uff0c除非急诊",
    "退休\uff0c参保日期之后等待至次月首日用于报销",
    'on death close to heirs requiring "死亡证明", "身份证明", "继承关系证明"',
    "on emigration close to holder",
    '于死亡销户归继承人\uff0c需提供"死亡证明"、"身份证明"',
    'contact "12333"',
    '咨询"12333"、"12393"',
    'note "a"',
    '备注"以当地医保局为准"',
    "year from 07-01",
    "医保年度始于7月1日",
    "1 + 2 * 3",
    "avg_pension in 2022",
    "2022年平均养老金",
    "2022年的平均养老金",
    "上年平均养老金的2%",
    "上上年的平均工资",
    "avg_pension of year before last",
    "avg_wage as of 2024-01-01",
    "平均工资截至2024-01-01",
    "12-31 of last year",
    "上年12月31日",
    "本年1月1日",
    "start of retired",
    "起始于退休",
    "count of inpatient per year",
    "months from enrolled_on to today",
    "整月从参保日期到今日",
    "days from birth to first of month",
    "pension by marginal tiers 住院分段",
    "本人养老金按全额分档住院分段",
    "ratio of table 门诊待遇",
    "比例查自门诊待遇",
    "2% on top of 0.8%",
    "2.9% including 2%",
    "2%叠加于0.8%",
    "-(1 + 2) rounded half even to 1元",
    "not (male or age within [60, 70)) and pooled",
    "age within >= 60",
    "年龄介于(60, 70]",
    "level = primary or not pooled",
    "yes",
    "是",
    "cover 80% of outpatient above max(0元, 200元 - ("
    "300元 if family_doctor, 0元 otherwise)) per year",
    "cover (ratio + 5%) of outpatient, drugs at primary, secondary",
    "月工资 = 5元 且 非急诊",
    # ── ledgers and events ──
    "ledger 张三 from 2024-01-01",
    "ledger 张三 from 2024-01-01 to 2024-12-31, as listed",
    "ledger from 2024-01-01",
    "账本 张三 从2024年1月1日到2024-12-31\uff0c逐笔列明",
    "账本从2024-01-01",
    "2024-01-01 opening carried 3000元",
    "2024-01-01 期初历年3000",
    "2024-01-09 ^e2 outpatient 860元 at primary",
    "2024-01-10 ^e2b outpatient 860.00 at secondary eligible 800元 including essential_drug 200元, "
    "「x」 50元 with emergency, stay_days = 100, not offsite",
    "2024-01-10 ^e2b outpatient 860 with emergency, stay_days 100 including drugs 5, at primary",
    "2024年1月9日 ^e2 门诊860元\uff0c就诊于一级及以下\uff0c政策范围内800元\uff0c"
    "其中含购药200元、「x」50元\uff0c情况为急诊、非家庭共济",
    "2024-02-11 ^e3 drugs 120元 at pharmacy for spouse 李四",
    "2024-02-11 ^e3 购药120元就诊于定点药店用于配偶李四",
    '2024-03-01 credit 100元 to current because "补记"',
    "2024-03-01 credit 100元",
    '2024-03-01 划入100元到当年\uff0c理由"补记"',
    '2024-03-02 ^e4 void ^e3 effective 2024-02-11 because "退药"',
    '2024-03-02 ^e4 作废^e3\uff0c生效于2024-02-11\uff0c理由"退药"',
    '2024-03-03 ^e5 replace ^e2 with outpatient 500元 at primary because "x"',
    '2024-03-03 ^e5 replace ^e2 becoming credit 5元 because "x" effective 2024-01-01 to current',
    "2024-03-03 ^e5 replace ^e2 with\n  not family_doctor",
    '2024-03-03 ^e5 更正^e2改为门诊500元就诊于一级及以下\uff0c理由"x"',
    '2024-03-05 ^a1 adjust 300元 from current because "x"',
    '2024-03-05 ^a1 adjust 300元 because "x" to current cite "y"',
    "2024-03-05 ^a1 从当年调整300元",
    "2024-03-05 ^a1 to carried adjust 0.01",
    "2024-03-06 ^r1 repaid 100元",
    "2024-03-06 归还100元",
    "2024-05-01 family_doctor",
    "2024-05-01 退休",
    "2024-05-02 not family_doctor",
    "2024-06-01 pooled for spouse 李四",
    "2024-06-01 非家庭共济用于配偶李四",
    '2024-07-01 ^c1 contribution_base = 4000元 effective 2024-01-01 because "x"',
    "2024-07-01 ^c1 缴费基数=未公布\uff0c生效于2024-01-01",
    "2024-07-01 status = retired",
    "2026-03-01 moves to 北京",
    '2026-03-01 迁往北京作为"C18"',
    '2026-05-01 ^d1 death to 李四 1/2, 王五 1/2 showing "死亡证明", "身份证明"',
    '2026-05-01 ^d1 死亡销户归李四60%、王五40%\uff0c出示"死亡证明"、"身份证明"',
    "2026-05-01 death to 李四, 王五 2",
    "2024-03-31 expect balance = 2345.67元",
    "2024-03-31 expect fund of ^e2 = 100元",
    '2024-03-31 期望^e2的统筹支付被拒"YB402"',
    "2024-03-31 expect fund of ^e2 refused",
    '2024-12-31 seal "x"',
    '2024-12-31 封账"x"',
    "on 2024-03-31 expect fund of ^e2 >= 100元",
    'expect fund of ^e2 in 2024 refused "YB402"',
    "期望^e2的统筹支付=100元",
    "show balance of 张三 by month in 2024",
    "explain ^e2 of 张三",
    "解释张三的\uff3ee2",
    "show ^e2",
    "why balance of 张三 from 2024-01-01 to 2024-12-31",
    "why balance",
    "为什么 张三的余额 从2024-01-01到2024-12-31",
    "为何净划入在2024年",
    "why not drugs for siblings of 张三 on 2024-06-01",
    "why not drugs 30 on 2024-06-01 with emergency, not offsite of 张三 at primary",
    "为什么不能 张三的购药 用于兄弟姐妹 于2024-06-01",
    "为何不能购药30元就诊于定点药店",
    'compare balance under 山东, 北京 as "C18" for 张三 on 2024-12-31',
    '比较山东、北京作为"C18" 的余额用于张三于2024-12-31',
    "compare net credit under 山东",
    "draw current before cover",
    "draw current then carried before cover, rest to cash",
    "动用当年\uff0c再历年\uff0c先于报销\uff0c其余归现金",
    "interest 0.35% yearly of current on daily balance posted on 01-01 to carried",
    "计息0.35%每年之于当年按日余额入账于1月1日\uff0c到历年",
    "day count 365",
    "计息天数360",
    "phases carrying then crediting, adjusting then paying",
    "处理顺序 结转阶段\uff0c再计入阶段、调整阶段\uff0c再支付阶段",
    "post on day 20",
    "入账日为20日",
    "retired credit 100元 monthly on day 1 moved to workday before",
    "退休\uff0c每月1日遇节假日提前划入100元",
    'holiday 2024-02-10 to 2024-02-17 cite "x"',
    "holiday 2024-02-10",
    "节假日2024-02-10至2024-02-17",
    "节假日2024-02-10到2024-02-17",
    'workday 2024-02-18 cite "x"',
    "工作日2024-02-18",
    "require submitted_on <= today + 12 months for cover",
    "要求年龄>=60用于划入",
    "cover outpatient by marginal tiers 住院分段 per year",
    "报销门诊按全额分档住院分段每年度各级合计",
    "cover 60% of outpatient at secondary above 200元 per year each level as floor",
    "cover 60% of outpatient then 大额 80% counting cost up to 500000元 per year",
    "报销门诊的60%\uff0c超过200元每年度各级分计\uff0c再大额80%按费用计最高500000元每年度",
    "input emergency | 急诊: truth otherwise no",
    'input stay: days in 0..365 otherwise 30天 because "x"',
    "输入 就诊次数：数值 否则 0",
]

BAD = [
    ("retired credit", "YB022", 9),
    ("retired credit 100元 125元", "YB001", 21),
    ("retired credti 100元", "YB024", 9),
    ("retired monthly", "YB022", 9),
    ("credit credit 5元", "YB023", 8),
    ("credit 5元 monthly monthly", "YB018", 1),
    ("retired credit 100元 to current to carried", "YB018", 1),
    ("credit 5元 monthly on day 32", "YB020", 26),
    ("credit 5元 monthly on day 0", "YB020", 26),
    ("credit 5元 monthly on day 1.5", "YB020", 26),
    ("credit 5元 yearly on 13-01", "YB014", 21),
    ("credit 5元 yearly on 2月30日", "YB014", 21),
    ("credit 1.1234567元", "YB015", 8),
    ("credit 1234567890123456元", "YB015", 8),
    ("credit 2% of 1/0", "YB012", 14),
    ("credit 1.5年", "YB012", 8),
    ("since 2023-02-29", "YB014", 7),
    ("since 1899-12-31", "YB014", 7),
    ("since 2201-01-01", "YB014", 7),
    ("since 2024", "YB001", 7),
    ("avg_pension in 1899", "YB014", 16),
    ("avg_pension in 20244", "YB014", 16),
    ("define credit = 5元", "YB023", 8),
    ("define = 5元", "YB001", 8),
    ("define x", "YB022", 8),
    ("input x", "YB022", 7),
    ("input : money", "YB001", 7),
    ("choice a", "YB022", 8),
    ("choice a:", "YB022", 9),
    ("region", "YB022", 1),
    ("region 山东 under", "YB022", 11),
    ("person 张三", "YB022", 8),
    ("person 张三: birth 1952-03-01 male", "YB001", 29),
    ("given", "YB022", 1),
    ("test 70", "YB001", 6),
    ("expect credit", "YB022", 8),
    ("expect credit = ", "YB022", 15),
    ("on 2024-06 credit = 5元", "YB001", 12),
    ("show", "YB022", 1),
    ("show of 张三", "YB023", 6),
    ("compare 山东 北京", "YB001", 12),
    ("compare", "YB022", 1),
    ('use 山东 "C18"', "YB001", 8),
    ("include", "YB022", 1),
    ("| a | b", "YB022", 7),
    ("| a || b || c |", "YB019", 1),
    ("|| a |", "YB019", 1),
    ('2024-01-01 cite "x"', "YB001", 12),
    ("age >= ", "YB022", 5),
    ("age >= 70 credit", "YB022", 11),
    ("age >= 60 >= 50 credit 5元", "YB001", 11),
    ("(age >= 70 credit 5元", "YB001", 12),
    ("age >= 70) credit 5元", "YB001", 10),
    ("age within 70 credit 5元", "YB001", 15),
    ("age within != 70岁 credit 5元", "YB017", 12),
    ("age within [60岁 credit 5元", "YB001", 17),
    ("max(1) credit 5元", "YB001", 6),
    ("max 1, 2", "YB001", 5),
    ("round half up to 0.005元", "YB016", 18),
    ("round half up to 1", "YB016", 18),
    ("round half up to 0元", "YB016", 18),
    ("round to 1元", "YB001", 7),
    ("wait 500元 after enrolled_on for cover", "YB021", 6),
    ("wait 6个月 for cover", "YB001", 10),
    ("wait 6个月 after enrolled_on", "YB022", 16),
    ("cover 80% outpatient", "YB001", 11),
    ("cover outpatient", "YB022", 7),
    ("allow for self", "YB023", 7),
    ("deny", "YB022", 1),
    ("draw", "YB022", 1),
    ("draw current, carried", "YB001", 13),
    ("interest 0.35% on daily balance", "YB001", 16),
    ("carry current on 01-01", "YB001", 15),
    ("require age >= 60", "YB022", 16),
    ("on death close heirs", "YB001", 10),
    ("contact 12333", "YB001", 9),
    ("year from 2024-07-01", "YB001", 11),
    ("退休划入平均养老金基数的2.5%", "YB025", 5),
    ("退休划入100元125元", "YB001", 9),
    ("30年 if male, 25年 gives female", "YB001", 18),
    ("1 if male, 2 otherwise, 3 if female", "YB001", 23),
    ("deduct 3元 monthly monthly", "YB001", 19),
    ("monthly deduct 3元 yearly", "YB018", 1),
    ("not", "YB022", 1),
    ("x =", "YB022", 3),
    ("a.b", "YB010", 2),
    ("retired credit 5元 for", "YB001", 19),
    # ── ledgers and events ──
    ("ledger 张三", "YB022", 8),
    ("ledger 张三 2024-01-01", "YB001", 11),
    ("ledger 张三 from 2024-01", "YB001", 16),
    ("2024-01-09 ^e2", "YB022", 12),
    ("2024-01-09 ^", "YB027", 12),
    ("2024-01-09 ^e2.1 drugs 5元", "YB010", 15),
    (f"2024-01-09 ^{'a' * 65} drugs 5元", "YB027", 12),
    ("2024-01-09 ^e2 opening 5元", "YB001", 24),
    ("2024-01-09 opning carried 5元", "YB024", 12),
    ("2024-01-09 ^e4 viod ^e3", "YB024", 16),
    ('2024-01-09 sael "x"', "YB024", 12),
    ("ledgr 张三 from 2024-01-01", "YB024", 1),
    ("2024-01-09 drugs 5%", "YB001", 18),
    ("2024-01-09 drugs 0.005元", "YB218", 18),
    ("2024-01-09 drugs 5.001", "YB218", 18),
    ("2024-01-09 drugs 5元 eligible 1.5元 including x 0.001元", "YB218", 47),
    ("2024-01-09 drugs 1234567890123456", "YB015", 18),
    ("2024-01-09 drugs 5元 at primary at secondary", "YB018", 1),
    ("2024-01-09 drugs 5元 effective 2024-01-01 effective 2024-01-01", "YB018", 1),
    ('2024-01-09 drugs 5元 because "x" because "y"', "YB018", 1),
    ("2024-01-09 drugs 5元 to current", "YB001", 21),
    ("2024-01-09 drugs 5元 showing x", "YB001", 21),
    ("2024-01-09 adjust 5元", "YB022", 19),
    ("2024-01-09 adjust 5元 from current to carried", "YB001", 35),
    ("2024-01-09 credit 5元 to current to carried", "YB018", 1),
    ("2024-01-09 credit 5元 from current", "YB001", 22),
    ("2024-01-09 replace ^e2 with void ^e3", "YB023", 29),
    ("2024-01-09 replace e2 with drugs 5元", "YB001", 20),
    ("2024-01-09 void", "YB022", 12),
    ("2024-01-09 moves to", "YB022", 12),
    ("2024-01-09 repaid", "YB022", 12),
    ("2024-01-09 expect ^e2 = 5元", "YB001", 23),
    ("2024-01-09 expect fund in 2024 = 5元", "YB001", 24),
    ("2024-01-09 seal", "YB022", 12),
    ("2024-13-09 drugs 5元", "YB014", 1),
    ("why", "YB022", 1),
    ("why ^e2", "YB001", 5),
    ("why not", "YB022", 1),
    ("why not drugs of 张三 of 李四", "YB018", 1),
    ("compare balance 山东", "YB001", 17),
    ("compare balance under", "YB022", 17),
    ("day count 367", "YB028", 11),
    ("day count 0", "YB028", 11),
    ("day count 365.5", "YB028", 11),
    ("day count 365天", "YB001", 11),
    ("post on day 32", "YB020", 13),
    ("phases", "YB022", 1),
    ("holiday 2024-02", "YB001", 9),
    ("workday", "YB022", 1),
    ("cover drugs by table 门诊待遇 per year", "YB001", 27),
    ("cover 80% of drugs then large up to 5元", "YB023", 31),
    ("cover 80% of drugs above 5元 per year each level over all levels", "YB001", 49),
    ("input x: truth otherwise", "YB022", 16),
]


@pytest.mark.parametrize("text", GOOD)
def test_a_sentence_that_parses(text: str) -> None:
    read(text)


@pytest.mark.parametrize(("text", "code", "column"), BAD)
def test_a_sentence_that_does_not_parse(text: str, code: str, column: int) -> None:
    document, (problem,) = parse(Source.of("a.yb", text), NAMES)
    assert document.sentences == ()
    assert problem.place is not None
    assert (problem.code, problem.place.start) == (code, (1, column))


def test_the_corpus_holds_the_starred_examples_and_every_kind_of_sentence() -> None:
    assert {STARRED, STARRED_ZH} <= set(GOOD)
    read_all = [read(text) for text in GOOD]
    kinds = {type(each).__name__ for each in read_all}
    actions = {type(each.action).__name__ for each in read_all if isinstance(each, Rule)}
    of_grammar = {
        name
        for name in syntax.__all__
        if isinstance(getattr(syntax, name), type)
        and issubclass(getattr(syntax, name), syntax.Sentence | syntax.Action)
    }
    assert kinds | actions == of_grammar - {"Sentence", "Action"}


# ── what they mean ──


def identity(text: str) -> str:
    return text


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("年龄>=70 credit 2.5% of 平均养老金", "年龄\u226570\uff0c划入平均养老金的2.5%"),
        ("在职 and 男 credit 5元 monthly on day 20 to 当年", "在职且男\uff0c每月20日划入5元到当年"),
        ("30年 if 男, 25年 otherwise", "若男则30年\uff0c否则25年"),
        ("平均养老金 in 2022", "2022年平均养老金"),
        ("平均养老金 in 2022", "2022年的平均养老金"),
        ("平均养老金 of last year", "上年平均养老金"),
        ("12-31 of last year", "上年12月31日"),
        ("2% of 平均养老金 of year before last", "上上年的平均养老金的2%"),
        ("show credit of 张三 on 2024-06", "显示张三的划入 于2024年6月"),
        ("wait 6个月 after 参保日期 for cover", "参保日期之后等待6个月用于报销"),
        ("wait 6个月 after 参保日期 for cover", "等待6个月之后参保日期用于报销"),
        ("cover 80% of 门诊 at 三级", "报销门诊就诊于三级的80%"),
        ("also except when 急诊 credit 5元", "另例外急诊\uff0c划入5元"),
        ("年龄 within [60, 70)", "年龄介于\uff3b60\uff0c70\uff09"),
        ("2024-01-09 adjust 5元 from 当年", "2024-01-09 从当年调整5元"),
        ("2024-01-09 replace ^e2 with 退休", "2024-01-09 更正^e2改为退休"),
        ("2024-01-09 死亡 to 李四 1/2", "2024-01-09 死亡销户归李四1/2"),
        ("2024-01-09 期初 当年 5", "2024-01-09 opening 当年 5元"),
        ("expect credit of ^e2 = 5元", "期望^e2的划入=5元"),
        ("show ^e2 of 张三", "显示张三的\uff3ee2"),
        ("why credit of 张三 in 2024", "为什么张三的划入在2024年"),
        ("why not 购药 of 张三 for 子女", "为什么不能张三的购药用于子女"),
        ("compare credit under 山东, 北京", "比较山东、北京的划入"),
        ("compare credit under 山东 for 张三", "比较山东的划入用于张三"),
        ("holiday 2024-02-10 to 2024-02-17", "节假日2024-02-10至2024-02-17"),
    ],
)
def test_both_languages_say_the_same(en: str, zh: str) -> None:
    assert meaning(read(en), identity) == meaning(read(zh), identity)


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("30% of 6% of x", "[30% of [6% of x]]"),
        ("x的6%的30%", "[30% of [6% of x]]"),
        ("2% of x的50%", "[2% of [50% of x]]"),
        ("x + y * z", "[x+[y*z]]"),
        ("(x + y) * z", "[[x+y]*z]"),
        ("x - y - z", "[x-y-z]"),
        ("x / y / z", "[x/y/z]"),
        ("1400元/12/2", "[1400元/12/2]"),
        ("x / (12/2)", "[x/12/2]"),
        ("2% of x + 3% of y", "[[2% of x]+[3% of y]]"),
        ("months_missing * 8% of base", "[months_missing*[8% of base]]"),
        ("-2% of x", "[-[2% of x]]"),
        ("- -x", "[-[-x]]"),
        ("2% on top of 0.8%", "[2%on_top_of0.8%]"),
        ("x * 2 rounded half up to 1元", "[x*[2 half_up 1元]]"),
        ("(x * 2) rounded down to 1元", "[[x*2] down 1元]"),
        ("2% of x rounded up to 1元", "[[2% of x] up 1元]"),
        ("x by marginal tiers t", "[x marginal t]"),
        ("x by whole tiers t + 5元", "[[x whole t]+5元]"),
        ("a and b or c and d", "[[a and b] or [c and d]]"),
        ("a or b and c", "[a or [b and c]]"),
        ("not a and b", "[[not a] and b]"),
        ("not not a", "[not [not a]]"),
        ("not x = y", "[not [x=y]]"),
        ("x + 1 >= y - 1", "[[x+1]>=[y-1]]"),
        ("x within [1, 2) and y", "[[x within 1..2] and y]"),
        ("x within ..5", "[x within ..5]"),
        ("x within 1..2", "[x within 1..2]"),
        ("x in 2022 + y of last year", "[[x in 2022]+[y in -1]]"),
        ("2% of x of year before last", "[2% of [x in -2]]"),
        ("years from a to b + 1", "[[years a..b]+1]"),
        ("1 if a, 2 if b", "[1 if a, 2 if b, else ]"),
        ("1 if a and b, 2 otherwise", "[1 if [a and b], else 2]"),
        ("1 if a, otherwise 2", "[1 if a, else 2]"),
        ("if a gives 1, if b gives 2, otherwise 3", "[1 if a, 2 if b, else 3]"),
    ],
)
def test_how_tightly_it_binds(text: str, grouped: str) -> None:
    assert shown(value(text)) == grouped


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("x within [1, 2]", (False, False)),
        ("x within (1, 2]", (True, False)),
        ("x within [1, 2)", (False, True)),
        ("x within (1, 2)", (True, True)),
        ("x within > 1", (True, False)),
        ("x within < 1", (False, True)),
        ("x within >= 1", (False, False)),
    ],
)
def test_the_ends_of_a_range(text: str, opens: tuple[bool, bool]) -> None:
    found = value(text)
    assert isinstance(found, Within)
    assert (found.range.low_open, found.range.high_open) == opens


def test_a_schedule_before_or_after_the_amount() -> None:
    after = credit("credit 5元 yearly on 07-01 to current")
    before = credit("yearly on 07-01 credit 5元 to current")
    assert after == before
    assert after.schedule is not None
    schedule = after.schedule
    found = (schedule.frequency, schedule.day_kind, schedule.month, schedule.day)
    assert found == ("yearly", "monthday", 7, 1)


@pytest.mark.parametrize(
    ("text", "kind", "day", "word"),
    [
        ("monthly", "none", 0, ""),
        ("monthly on day 20", "day", 20, ""),
        ("monthly on 20日", "day", 20, ""),
        ("monthly 20日", "day", 20, ""),
        ("monthly by day 5", "by_day", 5, ""),
        ("monthly on first of month", "word", 0, "first_of_month"),
        ("yearly on year start", "word", 0, "year_start"),
        ("yearly 7月1日", "monthday", 1, ""),
    ],
)
def test_schedules(text: str, kind: str, day: int, word: str) -> None:
    schedule = credit(f"credit 5元 {text}").schedule
    assert schedule is not None
    assert (schedule.day_kind, schedule.day, schedule.word) == (kind, day, word)


def test_the_clauses_of_a_credit() -> None:
    found = credit(
        "credit 5元 monthly to current as extra assessed on last of last month "
        "prorated from month after retired_on when pooled"
    )
    assert found.bucket == Name((0, 0), "current")
    assert found.stream == Name((0, 0), "extra")
    assert found.assessed == "last_of_last_month"
    assert (found.prorated, shown(found.prorated_date)) == ("month_after", "retired_on")
    assert shown(found.when) == "pooled"


def test_waiting_in_both_orders() -> None:
    one = rule("retired wait 6个月 after enrolled_on for cover, credit unless gap <= 3个月")
    other = rule("retired, enrolled_on after wait 6个月 for cover, credit unless gap <= 3个月")
    assert one == other
    assert isinstance(one.action, Wait)
    assert [each.text for each in one.action.subjects] == ["cover", "credit"]
    assert shown(one.action.length) == "6个月"
    nothing = rule("wait until first of next month after enrolled_on for cover").action
    assert isinstance(nothing, Wait)
    assert nothing.length is None


def test_the_clauses_of_cover() -> None:
    action = rule(
        "cover (ratio + 5%) of outpatient, drugs at primary, secondary above 20元 per visit, "
        "at most 300元 per year over all levels as floor, counting cost up to 4500元 per year, "
        "except lines of essential_drug, then large 100%"
    ).action
    assert isinstance(action, Cover)
    assert shown(action.rate) == "[ratio+5%]"
    assert [each.text for each in (*action.categories, *action.levels)] == [
        "outpatient", "drugs", "primary", "secondary",
    ]  # fmt: skip
    found = [
        (
            each.kind,
            shown(each.amount),
            each.counted.period if each.counted else "",
            bool(each.counted and each.counted.all_levels),
            each.counted.name.text if each.counted and each.counted.name else "",
            each.counting,
            each.name.text if each.name else "",
            shown(each.rate),
        )
        for each in action.clauses
    ]
    assert found == [
        ("above", "20元", "per_visit", False, "", "", "", ""),
        ("at_most", "300元", "per_year", True, "floor", "", "", ""),
        ("up_to", "4500元", "per_year", False, "", "cost", "", ""),
        ("except_lines", "", "", False, "", "", "essential_drug", ""),
        ("then", "", "", False, "", "", "large", "100%"),
    ]


def test_facts_of_every_kind() -> None:
    sentence = read(
        "person 张三: birth 1952-03-01, age = 72, not pooled since 2024-01-01, male, "
        "in 山东 until 2024-12-31, gap -3个月, emergency = no, avg_pension unknown"
    )
    assert isinstance(sentence, syntax.Person)
    assert [(each.kind, each.name.text) for each in sentence.facts] == [
        ("value", "birth"),
        ("value", "age"),
        ("not", "pooled"),
        ("holds", "male"),
        ("region", "山东"),
        ("value", "gap"),
        ("value", "emergency"),
        ("value", "avg_pension"),
    ]
    assert isinstance(sentence.facts[5].value, Minus)
    assert sentence.facts[6].value == syntax.Truth((0, 0), False)
    assert sentence.facts[7].value == syntax.Missing((0, 0), "unknown")


def test_a_header_row_has_keys_and_typed_results() -> None:
    row = read("| level | age || ratio: rate | cap |")
    assert isinstance(row, syntax.TableRow)
    assert row.keys == 2
    assert [each.kind for each in row.cells] == ["values", "values", "typed", "values"]
    cells = read("| primary, secondary | [60, 70) | - | 80% |")
    assert isinstance(cells, syntax.TableRow)
    assert (cells.keys, [each.kind for each in cells.cells]) == (
        0, ["values", "range", "any", "values"],
    )  # fmt: skip


def test_spans_are_those_of_the_text() -> None:
    text = "retired and age >= 70 credit 2.5% of avg_pension monthly"
    found = rule(text)
    assert isinstance(found.action, Credit)
    guard, amount = found.guard, found.action.amount
    assert guard is not None
    assert text[slice(*guard.span)] == "retired and age >= 70"
    assert text[slice(*amount.span)] == "2.5% of avg_pension"
    assert text[slice(*found.span)] == text


def test_a_dated_row_may_be_below_zero() -> None:
    row = read("2024-01-01 -5元")
    assert isinstance(row, syntax.ParamRow)
    assert shown(row.value) == "[-5元]"


# ── ledgers and events ──


def event(text: str) -> syntax.Event:
    sentence = read(text)
    assert isinstance(sentence, syntax.Event)
    return sentence


def said(node: syntax.Happening) -> dict[str, object]:
    """What a happening says, without what it leaves out; names and literals as text."""
    found = {name: part for name, part in node.parts() if part not in (None, "", ())}
    return {
        name: part.text if isinstance(part, Name | Literal) else part
        for name, part in found.items()
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("opening carried 3000", {"kind": "opening", "bucket": "carried", "amount": "3000元"}),
        (
            "drugs 120元 for spouse 李四 at pharmacy",
            {
                "kind": "amount",
                "name": "drugs",
                "amount": "120元",
                "level": "pharmacy",
                "relation": "spouse",
                "member": "李四",
            },
        ),
        ("credit 5元", {"kind": "credit", "amount": "5元"}),
        (
            "credit 5元 to current",
            {"kind": "credit", "amount": "5元", "bucket": "current", "direction": "to"},
        ),
        (
            "adjust 5元 from current",
            {"kind": "adjust", "amount": "5元", "bucket": "current", "direction": "from"},
        ),
        ("repaid 5元", {"kind": "repaid", "amount": "5元"}),
        ("void ^e3", {"kind": "void", "target": "e3"}),
        ("retired", {"kind": "holds", "name": "retired"}),
        (
            "not pooled for spouse 李四",
            {"kind": "not", "name": "pooled", "relation": "spouse", "member": "李四"},
        ),
        (
            "contribution_base = 4000元",
            {"kind": "value", "name": "contribution_base", "value": "4000元"},
        ),
        ("moves to 北京", {"kind": "moves", "name": "北京"}),
        ('moves to 北京 as "C18"', {"kind": "moves", "name": "北京", "version": "C18"}),
        ('seal "x"', {"kind": "seal", "text": "x"}),
    ],
)
def test_what_happens(text: str, expected: dict[str, object]) -> None:
    found = event(f'2024-03-01 ^e9 {text} because "y" effective 2024-01-01')
    assert said(found.happening) == expected
    assert (found.id, found.origin.because) == ("e9", "y")
    assert (found.date.month, found.effective and found.effective.month) == (3, 1)


def test_a_bill_with_every_clause() -> None:
    text = (
        "2024-01-10 outpatient 860.00 eligible 800元 with emergency, stay_days = 100, not offsite "
        "including essential_drug 200元, 「x」 50 at secondary"
    )
    bill = event(text).happening
    assert bill.amount is not None and bill.eligible is not None
    assert (bill.amount.numerator, bill.amount.denominator, bill.amount.type) == (86000, 1, "money")
    assert (bill.eligible.numerator, bill.level) == (80000, Name((0, 0), "secondary"))
    assert [(each.name.text, each.amount.numerator) for each in bill.lines] == [
        ("essential_drug", 20000),
        ("x", 5000),
    ]
    assert [(each.kind, each.name.text) for each in bill.facts] == [
        ("holds", "emergency"),
        ("value", "stay_days"),
        ("not", "offsite"),
    ]
    assert text[slice(*bill.span)] == "outpatient 860.00"
    assert text[slice(*bill.lines[1].span)] == "「x」 50"


def test_what_is_said_of_a_replacement_is_said_of_the_event() -> None:
    found = event('2024-03-03 ^e5 replace ^e2 with drugs 5元 because "x" at primary cite "y"')
    assert found.happening.target == "e2"
    assert found.happening.instead is not None
    assert said(found.happening.instead) == {
        "kind": "amount", "name": "drugs", "amount": "5元", "level": "primary",
    }  # fmt: skip
    assert (found.origin.because, found.origin.cite) == ("x", "y")


def test_heirs_with_and_without_weights() -> None:
    shares = event(
        '2026-05-01 death to 李四 1/2, 王五 50%, 赵六 2, 钱七 showing "a", "b"'
    ).happening
    assert shares.documents == ("a", "b")
    weights = [each.weight for each in shares.shares]
    assert [each and (each.type, each.numerator, each.denominator) for each in weights] == [
        ("rate", 1, 2), ("rate", 1, 2), ("number", 2, 1), None,
    ]  # fmt: skip


def test_what_an_event_expects() -> None:
    value = event("2024-03-31 expect fund of ^e2 >= 100元").happening
    assert (value.kind, value.of, value.sign, shown(value.value)) == ("expect", "e2", ">=", "100元")
    assert value.figure == syntax.Figure((0, 0), "name", Name((0, 0), "fund"))
    refused = event('2024-03-31 expect balance refused "YB402" because "x"').happening
    assert (refused.sign, refused.value, refused.code) == ("refused", None, "YB402")


def test_a_cap_right_after_a_further_fund_is_its_own() -> None:
    action = rule(
        "cover 60% of drugs then large 80% counting cost up to 5元 per year up to 3元 "
        "then small 70% counting payment above 2元 counting payment up to 1元 then last 3%"
    ).action
    assert isinstance(action, Cover)
    found = [
        (each.kind, each.name and each.name.text, shown(each.amount), each.counting)
        for each in action.clauses
    ]
    assert found == [
        ("then", "large", "5元", "cost"),
        ("up_to", None, "3元", ""),
        ("then", "small", "", "payment"),
        ("above", None, "2元", ""),
        ("up_to", None, "1元", "payment"),
        ("then", "last", "", ""),
    ]
    assert [each.counted is None for each in action.clauses] == [
        False, False, True, False, False, True,
    ]  # fmt: skip


def test_tiers_are_counted_only_if_that_is_said() -> None:
    for text, period in (("", None), (" per stay", "per_stay")):
        action = rule(f"cover inpatient by marginal tiers 住院分段{text} up to 5元").action
        assert isinstance(action, Cover)
        assert (action.counted and action.counted.period) == period


def test_a_date_before_what_happens_is_no_value_of_a_param() -> None:
    assert isinstance(read("2024-01-01 100元"), syntax.ParamRow)
    assert isinstance(read("2024-01-01 unknown"), syntax.ParamRow)
    assert isinstance(read("2024-01-01 + 12 months"), syntax.Evaluate)
    assert isinstance(read("2024-01-01 credit 100元"), syntax.Event)
    assert isinstance(read("(2024-01-01) credit 100元"), Rule)


# ── the text as a whole ──


def test_the_rest_of_a_text_is_read_though_lines_of_it_are_bad() -> None:
    text = "retired credit\nregion 山东\ncredit 5元 6元\n退休划入5元\n"
    document, problems = parse(Source.of("a.yb", text), NAMES)
    assert [(each.code, each.place.line) for each in problems if each.place] == [
        ("YB022", 1),
        ("YB001", 3),
    ]
    assert [type(each).__name__ for each in document.sentences] == ["Region", "Rule"]


def test_comments_stay_with_their_sentence_even_where_it_is_left_out() -> None:
    document, _ = parse(Source.of("a.yb", "# a\nregion 山东 # b\n# c\n"), NAMES)
    assert [(line.above, line.trailing) for line in document.lines] == [
        (("# a",), "# b"),
        (("# c",), ""),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# only\n", "\ufeff"])
def test_a_text_without_sentences(text: str) -> None:
    document, problems = parse(Source.of("a.yb", text))
    assert (document.sentences, problems) == ((), [])


@pytest.mark.parametrize(
    "nested", ["not ", "-", "2% of ", "(1 + ", "max(1, ", "(1 if retired, 2 + "]
)
def test_a_sentence_at_the_limit_of_depth_and_past_it(nested: str) -> None:
    for count, expected in ((LIMITS.nesting // 2 - 1, []), (5000, ["YB007"])):
        close = {"(": " otherwise)" if "if" in nested else ")", "m": ")"}.get(nested[0], "")
        text = nested * count + "1" + close * count
        assert [each.code for each in parse(Source.of("a.yb", text))[1]] == expected


@pytest.mark.parametrize("nested", ["not ", "-", "2% of "])
def test_the_exact_depth(nested: str) -> None:
    for count, expected in ((LIMITS.nesting - 1, []), (LIMITS.nesting, ["YB007"])):
        text = nested * count + "x"
        assert [each.code for each in parse(Source.of("a.yb", text))[1]] == expected


def test_the_parser_is_made_once() -> None:
    assert parser() is parser()


def test_the_only_conflict_is_the_documented_one(caplog: pytest.LogCaptureFixture) -> None:
    """A date and a minus: a dated value below zero, as after a param, and no subtraction."""
    before, logger.propagate = logger.propagate, True
    logger.addHandler(caplog.handler)
    try:
        with caplog.at_level(logging.DEBUG, logger=logger.name):
            Lark(_grammar(), parser="lalr", lexer=_Tokens, start="sentence", debug=True)
    finally:
        logger.removeHandler(caplog.handler)
        logger.propagate = before
    said = list(dict.fromkeys(each.getMessage() for each in caplog.records))
    assert said == [
        "Shift/Reduce conflict for terminal MINUS: (resolving as shift)",
        " * <literal : DATE>",
    ]
