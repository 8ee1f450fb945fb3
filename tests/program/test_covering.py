"""What the pool's funds pay of a bill, with numbers worked out by hand. Amounts are fen."""

import pytest

from tests.program.settle import HALF, REST, SELF, Till, till

STEPS = """
table steps
  | bill           || part: rate |
  | 0..1000元      |  50%        |
  | 1000元..3000元 |  60%        |
  | > 3000元       |  70%        |
"""


# ── deductibles ──


@pytest.mark.parametrize(
    ("clauses", "bills", "funds"),
    [
        ("above 40元 per visit", (100_00, 30_00, 100_00), [30_00, 0, 30_00]),
        ("above 300元 per year", (100_00, 250_00, 100_00), [0, 25_00, 50_00]),
        ("above 300元 per month", (200_00, 200_00), [0, 50_00]),
        ("above 300元 per lifetime", (200_00, 200_00), [0, 50_00]),
        # 200 of each visit, but at most 300 in a year: 200, 100, 0.
        ("above 200元 per visit at most 300元 per year", (250_00,) * 3, [25_00, 75_00, 125_00]),
        # The second one applies to what the first leaves: 40 + 300, then 40.
        ("above 40元 per visit above 300元 per year", (400_00, 400_00), [30_00, 180_00]),
        # Two bounds on one: 200 a visit, 300 a month, 350 a year: 200, 100, 0.
        (
            "above 200元 per visit at most 300元 per month at most 350元 per year",
            (200_00, 200_00, 200_00), [0, 50_00, 100_00],
        ),
        ("above max(0元, 200元 - 300元) per visit", (100_00,), [50_00]),
    ],
)  # fmt: skip
def test_deductibles(clauses: str, bills: tuple[int, ...], funds: list[int]) -> None:
    assert till(f"{HALF} {clauses}").funds("outpatient", *bills) == funds


def test_a_bound_that_begins_anew_leaves_the_years_one() -> None:
    settling = till(f"{HALF} above 200元 per visit at most 300元 per month at most 350元 per year")
    assert settling.funds("outpatient", 200_00, 200_00) == [0, 50_00]
    settling.begin("per_month")
    # 300 of the year's 350 are used: 50 is left.
    assert settling.funds("outpatient", 200_00, 200_00) == [75_00, 100_00]


def test_a_deductible_takes_no_more_than_the_bill() -> None:
    settling = till(f"{HALF} above 300元 per year as floor")
    assert settling.fund("outpatient", 120_00) == 0
    assert settling.used("floor") == 120_00
    assert settling.fund("outpatient", 1000_00) == (1000_00 - 180_00) // 2
    assert settling.used("floor") == 300_00


@pytest.mark.parametrize(
    ("fen", "of_drugs", "fund"),
    [
        (1000_00, 300_00, 250_00),  # 700 bear the deductible of 500: 500 left at 50%
        (400_00, 300_00, 150_00),  # 100 do: 300 left
        (400_00, 400_00, 200_00),  # none does
    ],
)
def test_lines_left_out_of_the_deductible(fen: int, of_drugs: int, fund: int) -> None:
    settling = till(f"{HALF} above 500元 per visit except lines of essential_drug")
    paid = settling.bill("outpatient", fen, lines={"essential_drug": of_drugs})
    assert paid.get("fund", 0) == fund


# ── caps ──


def test_a_cap_on_cost_comes_before_the_deductible() -> None:
    settling = till("cover 60% of outpatient counting cost up to 1000元 per year")
    assert settling.funds("outpatient", 800_00, 800_00, 800_00) == [480_00, 120_00, 0]
    settling = till(
        "cover 60% of outpatient counting cost up to 1000元 per year above 300元 per year"
    )
    # 800 counts and bears 300; of the next 800 only 200 counts.
    assert settling.funds("outpatient", 800_00, 800_00) == [300_00, 120_00]


def test_a_cap_on_payment_comes_last() -> None:
    settling = till("cover 60% of outpatient above 300元 per year up to 500元 per year")
    assert settling.funds("outpatient", 800_00, 800_00, 800_00) == [300_00, 200_00, 0]
    settling.begin("per_year")
    assert settling.fund("outpatient", 800_00) == 300_00
    each = till("cover 60% of outpatient up to 100元 per visit")
    assert each.funds("outpatient", 800_00, 100_00, 800_00) == [100_00, 60_00, 100_00]


def test_both_caps() -> None:
    settling = till(
        "cover 80% of inpatient counting cost up to 2000元 per year counting payment up to"
        " 1000元 per stay"
    )
    assert settling.funds("inpatient", 1500_00, 1500_00) == [1000_00, 400_00]


# ── tiers ──

BANDED = STEPS + "cover outpatient by {} tiers steps {}"


@pytest.mark.parametrize(
    ("how", "clauses", "bills", "funds"),
    [
        # 800; then 200 at 50% and 600 at 60%; then 1400 at 60% and 600 at 70%.
        ("marginal", "per year", (800_00, 800_00, 2000_00), [400_00, 460_00, 1260_00]),
        ("marginal", "per visit", (800_00, 800_00, 2000_00), [400_00, 400_00, 1100_00]),
        ("marginal", "per year", (4000_00,), [500_00 + 1200_00 + 700_00]),
        # What is deducted is in the lowest tier: 300 at 50%.
        ("marginal", "per year above 500元 per year", (800_00, 800_00), [150_00, 460_00]),
        # 1200 deducted: the first tier is used up by it.
        ("marginal", "per visit above 1200元 per visit", (2000_00,), [480_00]),
        ("whole", "per visit", (1000_00, 1000_01, 3000_01), [500_00, 600_01, 2100_01]),
        # All of a bill at the rate of the tier that the year reaches with it.
        ("whole", "per year", (800_00, 800_00, 2000_00), [400_00, 480_00, 1400_00]),
    ],
)
def test_tiers(how: str, clauses: str, bills: tuple[int, ...], funds: list[int]) -> None:
    assert till(BANDED.format(how, clauses)).funds("outpatient", *bills) == funds


def test_tiers_begin_anew_with_the_year_and_may_be_capped() -> None:
    settling = till(BANDED.format("marginal", "per year up to 600元 per year"))
    assert settling.funds("outpatient", 800_00, 800_00) == [400_00, 200_00]
    settling.begin("per_year")
    assert settling.fund("outpatient", 800_00) == 400_00


def test_tiers_over_levels_with_tables_of_their_own() -> None:
    rules = (
        STEPS
        + """
table best
  | bill      || part: rate |
  | 0..1000元 |  80%        |
  | > 1000元  |  90%        |
cover outpatient at primary by marginal tiers best per year {0}
cover outpatient at tertiary by marginal tiers steps per year {0}
"""
    )
    shared, apart = till(rules.format("over all levels")), till(rules.format("each level"))
    for settling, fund in ((shared, 60_00), (apart, 50_00)):
        assert settling.fund("outpatient", 1000_00, "primary") == 800_00
        assert settling.fund("outpatient", 100_00, "tertiary") == fund
    assert till(rules.format("")).code("outpatient", 100_00, "primary") == "YB431"


def test_a_bill_beyond_the_last_tier_is_refused() -> None:
    table = "table few\n  | bill || part: rate |\n  | 0..1000元 | 50% |\n"
    settling = till(table + "cover outpatient by marginal tiers few per visit")
    assert settling.fund("outpatient", 1000_00) == 500_00
    assert settling.code("outpatient", 1000_01) == "YB412"


# ── further funds ──


def test_a_further_fund_pays_of_what_the_cap_cut_off() -> None:
    settling = till(
        "cover 50% of inpatient up to 500元 per year then major 80% up to 1000元 per year"
    )
    # 1000 would be paid, 500 is: 80% of the other 500. Then 800, of which 600 is left.
    assert settling.bill("inpatient", 2000_00) == {"fund": 500_00, "major": 400_00, "cash": 1100_00}
    assert settling.bill("inpatient", 2000_00) == {"major": 600_00, "cash": 1400_00}
    assert settling.bill("inpatient", 2000_00) == {"cash": 2000_00}


def test_a_further_fund_by_cost_pays_of_the_cost_left_uncovered() -> None:
    rules = "cover 50% of inpatient above 200元 per stay up to 500元 per year then major 80%"
    settling = till(rules + " counting cost")
    # 1800 after the deductible; 500 paid at 50% stand for 1000: 80% of the other 800.
    assert settling.bill("inpatient", 2000_00) == {"fund": 500_00, "major": 640_00, "cash": 860_00}
    assert settling.bill("inpatient", 1200_00) == {"major": 800_00, "cash": 400_00}
    below = till(rules + " counting cost")
    assert below.bill("inpatient", 1000_00) == {"fund": 400_00, "cash": 600_00}


def test_a_second_further_fund_pays_of_what_the_first_leaves() -> None:
    settling = till(
        "cover 100% of inpatient up to 100元 per year then major 100% up to 200元 per year"
        " then relief 50%"
    )
    assert settling.bill("inpatient", 1000_00) == {
        "fund": 100_00, "major": 200_00, "relief": 350_00, "cash": 350_00,
    }  # fmt: skip


def test_tiers_are_not_followed_by_a_fund_that_counts_cost() -> None:
    rules = BANDED.format("marginal", "per year up to 100元 per year then major 80%")
    assert till(rules).bill("outpatient", 400_00)["major"] == 80_00
    assert till(rules + " counting cost").code("outpatient", 400_00) == "YB438"


# ── counters ──

LEVELS = "cover 60% of outpatient at primary, tertiary above 300元 per year {}"


def at_levels(rules: str, *levels: str, assumed: str = "") -> list[int]:
    settling = till(rules, assumed=assumed)
    return [settling.fund("outpatient", 400_00, level) for level in levels]


@pytest.mark.parametrize(
    ("words", "funds"),
    [
        ("each level", [60_00, 60_00, 240_00]),
        ("over all levels", [60_00, 240_00, 240_00]),
        ("as floor", [60_00, 240_00, 240_00]),
    ],
)
def test_each_level_or_all_of_them(words: str, funds: list[int]) -> None:
    found = at_levels(LEVELS.format(words), "primary", "tertiary", "primary")
    assert found == funds


def test_what_is_not_said_is_refused_or_assumed() -> None:
    rules = LEVELS.format("")
    assert till(rules).code("outpatient", 400_00, "primary") == "YB431"
    assert at_levels(rules, "primary", "tertiary", assumed="each") == [60_00, 60_00]
    assert at_levels(rules, "primary", "tertiary", assumed="all") == [60_00, 240_00]


@pytest.mark.parametrize("period", ["per visit", "per stay"])
def test_what_keeps_nothing_need_not_say_it(period: str) -> None:
    rules = f"cover 60% of outpatient at primary, tertiary above 300元 {period}"
    assert at_levels(rules, "primary", "tertiary", "primary") == [60_00] * 3


def test_levels_with_rules_of_their_own() -> None:
    rules = """
cover 65% of outpatient at primary above 300元 per year {0}
cover 55% of outpatient at tertiary above 800元 per year {0}
"""
    # 700 at 65% and 200 at 55%; or the tertiary bill bears only 500 more: 500 at 55%.
    for words, funds in (("each level", [455_00, 110_00]), ("over all levels", [455_00, 275_00])):
        settling = till(rules.format(words))
        found = [settling.fund("outpatient", 1000_00, each) for each in ("primary", "tertiary")]
        assert found == funds


def test_a_named_counter_is_shared_by_categories() -> None:
    rules = """
cover 60% of outpatient above 300元 per year as floor up to 500元 per year as 合计限额
cover 80% of inpatient above 300元 per year as floor up to 500元 per year as 合计限额
"""
    settling = till(rules)
    assert settling.fund("outpatient", 400_00) == 60_00
    assert settling.fund("inpatient", 1000_00) == 440_00
    assert settling.fund("outpatient", 1000_00) == 0
    assert (settling.used("floor"), settling.used("合计限额")) == (300_00, 500_00)


def test_unnamed_counters_belong_to_the_categories_as_written() -> None:
    apart = "cover 60% of outpatient above 300元 per year\ncover 60% of drugs above 300元 per year"
    shared = "cover 60% of outpatient, drugs above 300元 per year"
    for rules, fund in ((apart, 60_00), (shared, 240_00)):
        settling = till(rules)
        assert settling.fund("outpatient", 400_00) == 60_00
        assert settling.fund("drugs", 400_00) == fund


def test_a_deductible_and_a_cap_have_counters_of_their_own() -> None:
    settling = till("cover 50% of outpatient above 100元 per year up to 100元 per year")
    assert settling.funds("outpatient", 200_00, 200_00) == [50_00, 50_00]


@pytest.mark.parametrize("clause", ["above 300元", "up to 300元", "counting cost up to 300元"])
def test_a_period_must_be_said(clause: str) -> None:
    assert till(f"{HALF} {clause}").code("outpatient", 400_00) == "YB434"


# ── rounding ──


@pytest.mark.parametrize(
    ("rounding", "fen", "fund"),
    [
        ("half up to 0.01元", 33_33, 18_33),  # 18.3315
        ("half up to 0.01元", 33_30, 18_32),  # 18.315
        ("half even to 0.01元", 33_30, 18_32),
        ("half even to 0.01元", 33_50, 18_42),  # 18.425
        ("up to 0.01元", 33_33, 18_34),
        ("down to 0.1元", 33_33, 18_30),
        ("down to 1元", 33_33, 18_00),
    ],
)
def test_the_fund_is_rounded_once_by_the_regions_rule(rounding: str, fen: int, fund: int) -> None:
    settling = Till(f"region 甲市\n{REST}{SELF}round {rounding}\ncover 55% of outpatient")
    assert settling.fund("outpatient", fen) == fund


def test_parts_of_tiers_are_rounded_together() -> None:
    table = "table thin\n  | bill || part: rate |\n  | 0..0.01元 | 50% |\n  | > 0.01元 | 50% |\n"
    settling = till(table + "cover outpatient by marginal tiers thin per visit")
    # 0.005 and 0.005 are 0.01, not 0.01 and 0.01.
    assert settling.fund("outpatient", 2) == 1


def test_a_deductible_that_is_a_share_is_rounded_to_fen() -> None:
    settling = till("cover 100% of outpatient above 1/3 of 100元 per visit")
    assert settling.fund("outpatient", 100_00) == 66_67
