"""Random rule files and people: the surface that has a native form, and who is asked about.

Amounts are near ties, days near month ends and birthdays, and cells may be missing.
"""

from datetime import date
from typing import Any

from hypothesis import strategies as st

HEAD = """
choice scheme: urban | 城镇, rural | 农村
holiday 2024-02-10 to 2024-02-17 cite "试"
holiday 2023-01-21 to 2023-01-27 cite "试"
holiday 2022-10-01 to 2022-10-07 cite "试"
table clinic
  | level | age || ratio: rate | cap: money |
  | primary | - | 80% | 300元 |
  | secondary, tertiary | < 70 | 60% | 300.50元 |
  | secondary, tertiary | >= 70 | 65% | - |
  | secondary | within 90 | 1% | 1元 |
table steps
  | pension || part: rate |
  | [0元, 1000元] | 50% |
  | (1000元, 3000.01元] | 0.625% |
  | > 3000.01元 | 7/3000 |
input bonus: money
input plan_number: number in 0..5000 otherwise 3
input own_rate: rate in [0%, 100%]
input first_age: age
input apart: days
input disabled: truth
input waived: truth otherwise no
input remark: text
input kind: scheme
input since_year: number in 1..3 otherwise 2
param wage
  2022-01-01 7500元
  2023-01-01 7777.77元
  2024-07-01 unknown
param floor_age = 60岁
""".replace("  | secondary | within 90 | 1% | 1元 |\n", "").replace("7/3000", "0.3%")

DEFINES = """
define base = min(max(contribution_base, 60% of wage of last year), 300% of wage in 2022)
define long_paid = contribution_years >= 25年 or actual_years > 10年6个月
define by_parts = pension by marginal tiers steps
define by_sum = pension by whole tiers steps
define share = ratio of table clinic
define step_age = 65岁 if male and not disabled, 60岁 if pension < 3000元, otherwise 70岁
define reached = birth + 60 years + 1 month
define young_then = age as of 2020-02-29 < 60
define months_now = months from birth to last of month
define day_share = days from enrolled_on to today
define per_month = pension / contribution_base
define by_kind = (1% if kind = urban, otherwise 0.333%) of pension
define two_back = wage of year before last
define whole_share = 2.9% including 2%
define begun = years from birth to year start
define months_of_year = months from 01-01 of this year to first of month
define long_ago = 12-31 of year before last
define young_on = age as of enrolled_on
define wage_then = avg_wage as of enrolled_on
define later = enrolled_on + 3 months - 10天
define counted = count of outpatient per year
define either_kind = kind = rural and not waived or disabled = pooled
define left_over = max(0元, pension - bonus) if pension > bonus, unknown if waived, otherwise none
"""

AMOUNTS = [
    "100元", "0.01元", "2% of contribution_base", "(0.5% on top of 2%) of base", "by_parts",
    "by_sum", "share of pension", "2.5% of avg_pension", "pension / 3",
    "max(0元, pension - 1000元)", "pension - 4000元", "own_rate of bonus", "plan_number * 1.5元",
    "cap of table clinic", "(pension / 7) rounded half even to 1元", "unknown", "none",
    "wage / 300", "1元 * (age / 7岁)",
    "(1元 if disabled, 2元 if pooled, otherwise contribution_base / 100)",
    "0.05元 * (months_now / 1 month)", "0.005元 * (day_share / 1天) + 500元",
    "min(pension, bonus) / 8 + 0.005元", "(contribution_base * per_month) / 100",
    "bonus rounded up to 10元", "avg_wage * 0.5%", "2% of wage",
    "1元 * (contribution_years / 1 month)", "(99.995元 if waived)", "bonus * plan_number * 1000",
    "bonus * plan_number / 3000000", "by_kind", "two_back / 300", "left_over",
    "whole_share of pension", "(pension / 12) rounded half up to 1元", "wage in 2024 * 1%",
    "(pension / 12) rounded down to 0.1元", "(bonus / 8) rounded half even to 0.01元",
    "1元 * (days from posting day to last of month / 1天)", "1元 * since_year", "1% of wage_then",
    "1元 * counted", "1元 * (begun / 7岁)", "(pension / since_year) rounded up to 1元",
    "pension / (since_year - 2)", "own_rate of (bonus + pension)",
]  # fmt: skip
CONDITIONS = [
    "age >= 70", "age < step_age", "age within [60, 70)", "male", "disabled", "long_paid",
    "pension >= 3000元", "contribution_base < avg_wage", "birth <= 1954-06-30", "reached <= today",
    "young_then", "first_age >= floor_age", "apart > 30天", "waived",
    "months_now / 12 >= 60 years", "own_rate > 2.5%", "enrolled_on > last of last month",
    "age = 70", "years from birth to 12-31 of last year >= 60", "pooled",
    "start of retired < today", "2% of pension > 1/50 of 4000元", "kind = rural",
    "either_kind", "pension within (1000元, 3000元]",
    "birth < year start", "posting day >= 2024-02-01", "wage in 2024 > 7000元", "begun >= 60岁",
    "young_on < 60", "wage_then > 6000元", "later > today", "counted > 2", "birth != 1954-02-28",
    "pension within 1000元..3000元", "enrolled_on >= long_ago", "status != active",
    "months_of_year > 3 months", "own_rate within (0%, 2.5%]", "age as of 2022-02-28 >= 60",
    "step_age within [60, 65]", "since_year = 2", "yes", "contribution_years >= 300 months",
]  # fmt: skip
WHENS = [
    "", "monthly", "monthly on day 31", "monthly by day 5 assessed on first of month",
    "monthly on last of month", "monthly on day 20 assessed on last of month",
    "yearly on 07-01", "yearly on 02-29 assessed on first of month",
    "yearly on 07-01 prorated from month of enrolled_on",
    "yearly on 01-01 prorated from month after enrolled_on assessed on last of month",
    "monthly on day 10 moved to workday before", "yearly on year start", "monthly on today",
    "yearly on 07-01 assessed on year start", "monthly on first of month assessed on today",
    "yearly on posting day", "once",
]  # fmt: skip
FIGURES = [
    "credit", "deduct", "net credit", "wait for cover", "lifetime_benefit", "base", "age",
    "step_age", "long_paid", "reached", "share", "months_now", "by_parts", "apart_days",
    "per_month", "kind", "status", "by_kind", "two_back", "later", "either_kind", "wage_then",
    "left_over", "plan_number", "young_on", "counted", "day_share", "own_rate", "since_year",
]  # fmt: skip
MONTHS = ["2024-02", "2023-02", "2024-06", "2024-06-30", "2023-02-28", "2024-02-29", "2022-12-31"]


@st.composite
def conditions(draw: st.DrawFn) -> str:
    """A condition of one or two parts."""
    one = draw(st.sampled_from(CONDITIONS))
    shape = draw(st.sampled_from(["({})", "(not ({}))", "({} and {})", "({} or {})"]))
    return shape.format(one, draw(st.sampled_from(CONDITIONS)))


@st.composite
def rules_of_a_region(draw: st.DrawFn) -> list[str]:
    """Credits and deductions; often guards that leave nobody out, and apply to nobody twice."""
    amounts, whens = st.sampled_from(AMOUNTS), st.sampled_from(WHENS)
    when = draw(whens)
    plain = draw(st.sampled_from([each for each in WHENS if len(each.split()) <= 4]))
    lines = []
    for status in ("active", "retired", "flexible", "resident"):
        if draw(st.integers(0, 9)) == 0:
            continue
        guard = draw(conditions())
        lines.append(f"{status} and {guard} credit {draw(amounts)} {when}")
        other = draw(st.sampled_from([f"not ({guard})", f"not ({guard})", draw(conditions())]))
        lines.append(f"{status} and {other} credit {draw(amounts)} {when}")
    if draw(st.booleans()):
        lines.append(f"except when {draw(conditions())} credit {draw(amounts)} {draw(whens)}")
    if draw(st.booleans()):
        lines.append(f'{draw(conditions())} credit {draw(amounts)} {draw(whens)} as 加发')
        lines.append(f'(not disabled) credit 1元 {when} as 加发')
    for purpose in ("大额", "长护"):
        if draw(st.booleans()):
            lines.append(f'{draw(conditions())} deduct {draw(amounts)} {plain} for "{purpose}"')
    waits = ["wait 2 months", "wait 30天", "wait until first of next month"]
    after = f"{draw(conditions())} {draw(st.sampled_from(waits))} after"
    lines.append(f"{after} enrolled_on for cover")
    unless = f"unless {draw(conditions())}"
    wait = draw(st.sampled_from(waits))
    lines.append(f"except when waived {wait} after birth for cover {unless}")
    lines.append(f"require {draw(conditions())} for lifetime_benefit")
    lines.append(f"{draw(conditions())} require {draw(conditions())} for lifetime_benefit")
    return lines


SETTINGS = [
    [f"round {each}" for each in ("half even to 0.01元", "up to 0.1元", "down to 1元")],
    ["year from 07-01", "year from 02-29", "year from 04-01"],
    ["post on day 15", "post on day 31"],
]
"""Rules of which a region has one of a kind at most."""


@st.composite
def versions(draw: st.DrawFn) -> list[str]:
    """Versions that may disagree, of a definition and of what somebody gets."""
    lines = []
    for name in ("甲说", "乙说"):
        lines.append(f'since 2021-01-01 as "{name}" cite "试" attested "E"')
        lines.append(f"define apart_days = {draw(st.sampled_from(['30天', '31天']))}")
        if draw(st.booleans()):
            amount = draw(st.sampled_from(["100元", "base", "pension / 3"]))
            lines.append(f"{draw(conditions())} credit {amount} as 补助金")
    return lines


@st.composite
def rule_files(draw: st.DrawFn) -> str:
    """Regions that share definitions and differ in rules, versions and values."""
    parts = [HEAD]
    for region, since in (("甲市", "2022-01-01"), ("乙市", "2024-02-29")):
        pension, wage = draw(st.integers(100_000, 900_000)), draw(st.integers(300_000, 900_000))
        parts.append(f"region {region}")
        parts.append(f"param avg_pension\n  2022-06-01 {pension / 100:.2f}元")
        parts.append(f"param avg_wage\n  2021-01-01 {wage / 100:.2f}元\n  2024-02-15 7000元")
        parts.append(DEFINES)
        parts.append(f"since {since} cite \"试\" attested \"E\"")
        parts += draw(rules_of_a_region())
        parts += [draw(st.sampled_from(each)) for each in SETTINGS if draw(st.integers(0, 3)) == 0]
        parts += draw(versions()) if draw(st.booleans()) else ["define apart_days = 29天"]
    if draw(st.booleans()):
        parts += ["region 丙市 under 乙市", 'since 2023-01-01 cite "试" attested "E"']
        parts.append(f"except when {draw(conditions())} credit {draw(st.sampled_from(AMOUNTS))}")
    return "\n".join(parts)


def fen_text(fen: int) -> str:
    """Fen as yuan."""
    return f"{fen // 100}.{fen % 100:02}"


BIRTHS = [
    date(1954, 2, 28), date(1954, 3, 1), date(1956, 2, 29), date(1954, 6, 30), date(1964, 2, 29),
    date(1963, 12, 31), date(1959, 6, 1), date(1989, 6, 15), date(1900, 1, 1), date(1953, 12, 31),
]  # fmt: skip
MISFITS = [
    ("region", "nowhere"), ("actual_years", "81年"), ("waived", "maybe"), ("birth", "1899-01-01"),
    ("pension", "1.005"), ("plan_number", "9999999999999"), ("bonus", "999999999999999"),
    ("own_rate", "101%"), ("status", "ghost"), ("contribution_base", "1000000.01"),
    ("version", "丁说"), ("kind", "suburban"), ("birth", "2023-02-29"), ("region", "丙市"),
    ("since_year", "4"), ("apart", "30"),
]  # fmt: skip
births = st.one_of(st.sampled_from(BIRTHS), st.dates(date(1930, 1, 1), date(2024, 6, 30)))
fens = st.one_of(
    st.sampled_from([0, 1, 49, 50, 99, 100, 100_000, 100_001, 300_001, 300_002, 10**8]),
    st.integers(0, 2_000_000),
)


@st.composite
def people(draw: st.DrawFn, size: int = 24) -> list[dict[str, Any]]:
    """Rows of cells as text, some missing."""
    some: dict[str, st.SearchStrategy[str]] = {
        "region": st.sampled_from(["甲市", "乙市"]),
        "version": st.sampled_from(["甲说", "", "", "乙说 "]),
        "sex": st.sampled_from(["male", "女"]),
        "status": st.sampled_from(["active", "退休", "retired", "flexible", "居民"]),
        "level": st.sampled_from(["primary", "二级", "tertiary", "pharmacy"]),
        "birth": births.map(str),
        "enrolled_on": st.dates(date(2021, 1, 1), date(2024, 12, 31)).map(str),
        "contribution_base": fens.map(fen_text),
        "pension": fens.map(fen_text),
        "bonus": st.sampled_from(["0", "12.34", "-5", "99999999999999", "0.05", "3000.01"]),
        "contribution_years": st.sampled_from(["25年", "24年11个月", "0年", "80年"]),
        "actual_years": st.sampled_from(["10年6个月", "10年7个月", "9年"]),
        "plan_number": st.sampled_from(["0", "2.5", "4999.999999", "7"]),
        "own_rate": st.sampled_from(["2.5%", "0.333333%", "1", "0.025", "3‰"]),
        "first_age": st.sampled_from(["60", "59", "61岁"]),
        "apart": st.sampled_from(["30天", "31天"]),
        "disabled": st.sampled_from(["yes", "否", "no"]),
        "pooled": st.sampled_from(["yes", "no"]),
        "waived": st.sampled_from(["yes", "no"]),
        "remark": st.sampled_from(["甲", "乙", " 丙", "丁"]),
        "kind": st.sampled_from(["urban", "农村"]),
        "since_year": st.sampled_from(["1", "2", "2.5"]),
    }
    rows = []
    for _ in range(size):
        row = {name: draw(values) for name, values in some.items()}
        for name in draw(st.lists(st.sampled_from(sorted(some)), max_size=2, unique=True)):
            del row[name]
        if draw(st.integers(0, 9)) == 0:
            row |= dict([draw(st.sampled_from(MISFITS))])
        rows.append(row)
    return rows
