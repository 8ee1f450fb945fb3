"""Tables and tiers: which row fits, marginal against whole, and what a table must not be."""

import pytest

from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import Refusal


def credit(text: str, given: str = "") -> str:
    """The credit in yuan, or the code and place of what is wrong."""
    try:
        return str(read(text).figure("credit", given=given, on="2024-06-20"))
    except Refusal as refusal:
        (problem,) = refusal.diagnostics
        return f"{problem.code} {problem.place.start if problem.place else ''}".strip()


# ── looking up ──

SUBSIDY = """
table subsidy | 补助
| level | age || due: money | r: rate |
| primary, secondary | [60岁, 70岁) | 20元 | 1% |
| primary | >= 70 | 30元 | - |
| tertiary | - | - | 2% |
| - | < 60 | 5元 | 3% |
"""


@pytest.mark.parametrize(
    ("given", "due", "rate"),
    [
        ("level = primary, age = 60", "20.00元", "10.00元"),
        ("level = secondary, age = 69", "20.00元", "10.00元"),
        ("level = primary, age = 59", "5.00元", "30.00元"),
        ("level = primary, age = 70", "30.00元", "YB405 (5, 27)"),
        ("level = tertiary, age = 65", "YB405 (6, 18)", "20.00元"),
        ("level = pharmacy, age = 5", "5.00元", "30.00元"),
        ("level = secondary, age = 70", "YB412 (8, 8)", "YB412 (8, 9)"),
        ("level = tertiary, age = 50", "YB413 (8, 8)", "YB413 (8, 9)"),
        ("age = 60", "YB401 (3, 3)", "YB401 (3, 3)"),
    ],
)
def test_the_one_row_that_fits(given: str, due: str, rate: str) -> None:
    assert credit(SUBSIDY + "credit due of table 补助", given) == due
    assert credit(SUBSIDY + "credit (r of table subsidy) * 1000元", given) == rate


def test_keys_may_be_lists_of_numbers_and_columns_without_a_type() -> None:
    table = "table t\n| age || r |\n| 60, 61 | 5元 |\n| [70, 80] | 2元 / 3 |\ncredit r of table t"
    assert [credit(table, f"age = {age}") for age in (60, 61, 70, 80)] == [
        "5.00元", "5.00元", "0.67元", "0.67元",
    ]  # fmt: skip
    assert credit(table, "age = 62") == "YB412 (5, 8)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("credit due of table t", "YB101 (1, 21)"),
        ("credit due of table age", "YB109 (1, 21)"),
        ("table t\ncredit due of table t", "YB106 (1, 1)"),
        ("table t\n| level || 5元 |\n| - | 1% |\ncredit r of table t", "YB106 (2, 12)"),
        ("table t\n| level || r: rate |\n| - | 1% |\ncredit level of table t", "YB212 (4, 8)"),
        ("table t\n| level || r: money |\n| - | ..2元 |\ncredit r of table t", "YB217 (3, 7)"),
        ("table t\n| level || r: money |\n| - | 1元, 2元 |\ncredit r of table t", "YB217 (3, 7)"),
        ("table t\n| level || r: money |\n| - | 2% |\ncredit r of table t", "YB202 (3, 7)"),
        ("table t\n| level || r: yuan |\n| - | 2% |\ncredit r of table t", "YB206 (2, 15)"),
        ("table t\n| nope || r: money |\n| - | 2元 |\ncredit r of table t", "YB101 (2, 3)"),
        ("table t\n| drugs || r: money |\n| - | 2元 |\ncredit r of table t", "YB109 (2, 3)"),
        ("table t\n| level || r: money |\n| male | 2元 |\ncredit r of table t", "YB201 (3, 3)"),
        ("table t\n| level || r: money |\n| 60 | 2元 |\ncredit r of table t", "YB201 (3, 3)"),
        ("table t\n| level || r: money |\n| >= 6 | 2元 |\ncredit r of table t", "YB216 (3, 3)"),
        ("table t\n| age || r: money |\n| >= 5元 | 2元 |\ncredit r of table t", "YB201 (3, 3)"),
        ("table t\n| age || r |\n| 1 | 2元 |\n| 2 | 2% |\ncredit r of table t", "YB207 (4, 7)"),
        ("region 甲\ntable t\n| age || r |\n| 1 | 1元 |\nregion 乙\ncredit r of table t", ""),
    ],
)
def test_what_a_table_must_not_be(text: str, expected: str) -> None:
    if expected:
        assert credit(text) == expected
    else:
        with pytest.raises(Refusal) as caught:
            read(text).figure("credit", region="乙", on="2024-06-20")
        assert [each.code for each in caught.value.diagnostics] == ["YB305"]


# ── tiers ──

TIERS = """
table 分段
| pension || share: rate |
| [0元, 3000元] | 2% |
| (3000元, 5000元] | 3% |
| > 5000元 | 4% |
"""


@pytest.mark.parametrize(
    ("pension", "marginal", "whole"),
    [
        ("0元", "0.00元", "0.00元"),
        ("100元", "2.00元", "2.00元"),
        ("3000元", "60.00元", "60.00元"),
        ("3000.01元", "60.00元", "90.00元"),  # 60 + 0.0003; 3000.01 × 3% = 90.0003
        ("4000元", "90.00元", "120.00元"),  # 60 + 30; 4000 × 3%
        ("5000元", "120.00元", "150.00元"),  # 60 + 60; 5000 × 3%
        ("6000元", "160.00元", "240.00元"),  # 60 + 60 + 40; 6000 × 4%
    ],
)
def test_marginal_and_whole_tiers(pension: str, marginal: str, whole: str) -> None:
    given = f"pension {pension}"
    assert credit(TIERS + "credit pension by marginal tiers 分段", given) == marginal
    assert credit(TIERS + "credit pension by whole tiers 分段", given) == whole


BOUNDED = "table t\n| pension || r: rate |\n| [1元, 5元] | 1% |\n| (5元, 8元] | 2% |\n"


@pytest.mark.parametrize(
    ("pension", "marginal", "whole"),
    [
        ("0.99元", "YB412 (5, 8)", "YB412 (5, 8)"),
        ("1元", "0.00元", "0.01元"),
        ("5元", "0.04元", "0.05元"),
        ("5.01元", "0.04元", "0.10元"),
        ("8元", "0.10元", "0.16元"),
        ("8.01元", "YB412 (5, 8)", "YB412 (5, 8)"),
    ],
)
def test_tiers_that_do_not_hold_every_amount(pension: str, marginal: str, whole: str) -> None:
    given = f"pension {pension}"
    assert credit(BOUNDED + "credit pension by marginal tiers t", given) == marginal
    assert credit(BOUNDED + "credit pension by whole tiers t", given) == whole


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("| pension || r: rate |\n| [0元, 5元) | 1% |", "YB214 (3, 3)"),
        ("| pension || r: rate |\n| [0元, 5元] | 1% |\n| > 6元 | 1% |", "YB214 (4, 1)"),
        ("| pension || r: rate |\n| >= 0元 | 1% |\n| > 6元 | 1% |", "YB214 (4, 1)"),
        ("| pension || r: rate |\n| 5元 | 1% |", "YB213 (3, 3)"),
        ("| pension || r: rate |\n| - | 1% |", "YB213 (3, 3)"),
        ("| pension || r: rate |\n| <= 5元 | - |", "YB213 (3, 11)"),
        ("| pension || r: rate |\n| <= 0.005元 | 1% |", "YB213 (3, 6)"),
        ("| pension || r: rate |\n| <= avg_pension | 1% |", "YB213 (3, 6)"),
        ("| pension || r: rate | s: rate |\n| <= 5元 | 1% | 1% |", "YB213 (1, 1)"),
        ("| pension | age || r: rate |\n| <= 5元 | - | 1% |", "YB213 (1, 1)"),
        ("| pension || r: rate |\n| <= 5元 | 1元 |", "YB202 (3, 11)"),
        ("| pension || r: rate |\n| <= 5岁 | 1% |", "YB201 (3, 6)"),
    ],
)
def test_what_tiers_must_not_be(rows: str, expected: str) -> None:
    assert credit(f"table t\n{rows}\ncredit pension by whole tiers t") == expected


def test_an_amount_by_tiers_has_a_known_unit() -> None:
    text = TIERS + "credit (pension / (gap / 1个月)) by marginal tiers 分段"
    assert credit(text) == "YB216 (7, 9)"


def test_a_part_of_an_amount_by_tiers() -> None:
    """7000元 over 3 is 2333.33…元, at 2% 46.666…元."""
    text = TIERS + "credit (pension / 3) by marginal tiers 分段"
    assert credit(text, "pension 7000元") == "46.67元"
