"""Every sentence wherever it holds: one diagnostic for each faulty sentence, at its fault."""

import pytest

from tests.analysis.checking import argument, checked, codes, lines

RULES = [
    ("cover 80% of outpatnt", "YB101"),
    ("cover 80% of retired", "YB109"),
    ("cover 80% of drugs at spouse", "YB202"),
    ("cover 80% of drugs at retired", "YB202"),
    ("cover age of drugs", "YB202"),
    ("cover 80% of drugs above 5天 per year", "YB202"),
    ("cover 80% of drugs up to 100.005元 per year", "YB218"),
    ("cover 80% of drugs except lines of essentials", "YB101"),
    ("cover drugs by table nothing", "YB101"),
    ("cover drugs by marginal tiers age", "YB109"),
    ("allow drugs for primary", "YB202"),
    ("allow vaccines", "YB101"),
    ("allow drugs when age", "YB202"),
    ("allow drugs up to 2% per year", "YB202"),
    ("allow drugs from drugs", "YB109"),
    ("draw current then saved", "YB101"),
    ("draw current, rest to death", "YB202"),
    ("interest 1% yearly of saved on daily balance", "YB101"),
    ("carry current into drugs on 01-01", "YB109"),
    ("on cash close to heirs", "YB202"),
    ("on death close to spouse", "YB202"),
    ("require age for lifetime_benefit", "YB202"),
    ("require age >= 60 for spouse", "YB202"),
    ("require age >= 60 for account_credits", "YB101"),
    ("wait 1个月 after age for cover", "YB202"),
    ("wait 1个月 after enrolled_on for covers", "YB101"),
    ("wait 1个月 after enrolled_on for cover unless gap", "YB202"),
    ("credit 100.005元", "YB218"),
    ("credit 100元 if male, 100.005元 otherwise", "YB218"),
    ("credit age", "YB202"),
    ("credit 1元 to drugs", "YB109"),
    ("credit 1元 yearly prorated from month of age", "YB202"),
    ("credit 1元 when age", "YB202"),
    ('deduct 0.001元 for "x"', "YB218"),
    ("agge > 3 credit 1元", "YB101"),
    ('agge > 3 note "x"', "YB101"),
    ("agge > 3 cover 80% of drugs", "YB101"),
]


@pytest.mark.parametrize(("rule", "code"), RULES)
def test_the_parts_of_rules(rule: str, code: str) -> None:
    assert codes(rule) == [code]


@pytest.mark.parametrize(
    "rule",
    [
        "cover 80% of drugs, outpatient at primary above 200元 per visit up to 1万元 per year",
        "cover (80% - 5%) of drugs except lines of vaccine",
        "allow drugs, vaccine for self, spouse when pooled up to 500元 per year from carried",
        "deny supplements",
        "draw current then carried, rest to cash",
        "interest 0.35% yearly of current on daily balance posted on 12-31",
        "carry current into carried on 01-01",
        'on death close to heirs requiring "x"',
        "require age >= 60 for lifetime_benefit",
        "wait 6个月 after enrolled_on for cover, drugs unless gap <= 3个月",
        "wait until first of next month after enrolled_on for credit",
        'contact "12333"',
        "credit 2% of contribution_base monthly to current",
    ],
)
def test_rules_that_fit(rule: str) -> None:
    assert codes(rule) == []


def test_a_fault_of_a_definition_is_told_once_and_where_it_is() -> None:
    text = """define due = agge * 2
retired credit due
active credit due
require due > 3 for lifetime_benefit
"""
    found = checked(text)
    assert [each.code for each in found] == ["YB101"]
    assert lines(found, "YB101") == [1]


def test_every_faulty_sentence_is_told() -> None:
    text = "credit agge\ndeduct agge\ndefine one = agge\nactive credit wagge as other\n"
    assert lines(checked(text), "YB101") == [1, 2, 3, 4]


def test_a_ring_is_told_once() -> None:
    text = "define one = two\ndefine two = one\ndefine three = one\ncredit three\n"
    found = checked(text)
    assert [each.code for each in found] == ["YB210"]
    assert argument(found[0], "ring") == "three → one → two → one"


def test_a_name_that_only_another_region_defines() -> None:
    text = """region 甲
define due = 1元
credit due
region 乙
credit due
"""
    (found,) = checked(text)
    assert (found.code, lines([found], "YB305")) == ("YB305", [5])


def test_a_name_that_is_not_defined_on_every_date() -> None:
    text = """region 甲
credit due
since 2024-01-01 until 2024-12-31
define due = 1元
"""
    (found,) = [each for each in checked(text) if each.code == "YB305"]
    assert lines([found], "YB305") == [2]


def test_what_a_child_changes_can_be_wrong_in_the_parents_rule() -> None:
    text = """region 甲
define due = 1元
credit due
region 乙 under 甲
define due = 3%
"""
    (found,) = checked(text)
    assert (found.code, lines([found], "YB202")) == ("YB202", [3])


def test_rules_that_the_region_replaces_are_not_in_force_in_it() -> None:
    text = """region 甲
define due = 1元
credit due
region 乙 under 甲
define due = 3%
credit 5元
"""
    assert codes(text) == []


def test_two_definitions_on_one_date() -> None:
    text = """region 甲
since 2023-01-01
define due = 1元
since 2024-01-01
define due = 2元
"""
    assert codes(text) == ["YB304"]


def test_two_ways_of_rounding() -> None:
    text = "region 甲\nround down to 1元\nround up to 1元\ncredit 1元\n"
    assert codes(text) == ["YB306"]


def test_declarations() -> None:
    assert codes("input wage: mony") == ["YB206"]
    assert codes("input wage: money in 0岁..10岁") == ["YB201"]
    assert codes("define due: rate = 1元") == ["YB202"]
    assert codes("define due in 0岁..9岁 = 1元") == ["YB201"]
    assert codes("param base") == ["YB110"]
    assert codes("param base\n2024-01-01 unknown") == ["YB110"]


def test_values_of_params_row_by_row() -> None:
    text = "param base: money\n2023-01-01 5%\n2024-01-01 5元\n2025-01-01 6%\ncredit base\n"
    assert lines(checked(text), "YB202") == [2, 4]
    text = "param base\n2023-01-01 5%\n2024-01-01 5元\n2025-01-01 unknown\n"
    assert lines(checked(text), "YB202") == [3]


def test_tables_row_by_row() -> None:
    text = """table 标准
| level | age || due: money | ratio |
| primary | - | 5% | 5% |
| nowhere | - | 5元 | 5% |
| secondary | < 5元 | 5元 | 5% |
| tertiary | - | 5元 | 5元 |
| pharmacy | - | - | 5% |
"""
    found = checked(text)
    assert [(each.code, each.place.line) for each in found if each.place] == [
        ("YB202", 3), ("YB101", 4), ("YB201", 5), ("YB207", 6),
    ]  # fmt: skip


def test_tables_of_tiers() -> None:
    text = "table 分段\n| 金额 || 比例: rate |\n| 0元..10元 | 80% |\n| 20元..30元 | 90% |\n"
    assert codes(text) == ["YB214"]
    assert codes(text.replace("20元..", "10元..")) == []
    assert codes(text.replace("20元..", "10元..") + "cover drugs by marginal tiers 分段") == []


def test_named_versions_are_elaborated_each() -> None:
    text = """region 山东
since 2024-01-01 as "A"
credit agge
define due = 1元
since 2024-01-01 as "B"
credit due
define due = wagge
"""
    found = checked(text)
    assert lines(found, "YB101") == [3, 7]
    assert {each.code for each in found} == {"YB101", "YB508"}


def test_disagreement_is_no_error() -> None:
    text = """region 山东
since 2024-01-01 as "A"
credit 1元
since 2024-01-01 as "B"
credit 2元
region 济南 under 山东
deduct 1元
"""
    assert codes(text) == ["YB508"]
