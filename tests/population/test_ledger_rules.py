"""Rules of many kinds: native ledgers agree with the reference engine on random accounts."""

import os
import random
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from tests.population.test_ledger_agreement import agreed, both, table
from yibaolang import load
from yibaolang.resources import folder

FIRST, LAST = date(2022, 11, 20), date(2026, 3, 5)
CATEGORIES = ("outpatient", "inpatient", "drugs")
LEVELS = ("primary", "secondary", "tertiary", "pharmacy")
ON_PURPOSE = (date(2024, 2, 29), date(2023, 12, 31), date(2024, 1, 1), date(2024, 3, 1))

CAP = "up to 20000元 per year over all levels"
BASICS = f"""
cover 60% of outpatient above 300元 per year up to 4000元 per year
cover 80% of inpatient at secondary, tertiary above 600元 per stay {CAP}
cover 90% of inpatient at primary, pharmacy above 200元 per stay {CAP}
cover 0% of drugs
allow outpatient, inpatient, drugs for self
draw current then carried, rest to cash
"""

RULES = {
    "by age and status": f"""
region 甲市
{BASICS}
retired and age >= 70 credit 100元 monthly on day 20
retired and age < 70 credit 2.5% of pension monthly on day 20 to carried
active credit 2% of contribution_base monthly on day 31
active deduct 7元 monthly on day 31
retired deduct 100元 yearly on 02-29
carry current into carried on 01-01
interest 0.35% yearly of current on daily balance posted on 12-31 to carried
interest 2.75% yearly of carried on daily balance posted on 12-31
""",
    "params and versions": f"""
region 甲市
param base_of_city: money
  2022-01-01 5000元
  2023-07-01 5123.45元
  2025-01-01 6000元
since 2022-01-01 until 2023-12-31
{BASICS}
retired credit 2% of base_of_city monthly on day 5
active credit 30元 monthly on day 5
interest 1.2% yearly on minimum balance of month posted on 06-30
since 2024-01-01
cover 70% of outpatient above 200元 per year up to 3000元 per month
cover 75% of inpatient above 1% of base_of_city per stay
cover 50% of drugs up to 100元 per lifetime
allow outpatient, inpatient, drugs for self, spouse
draw carried then current, rest to cash
retired credit 3% of base_of_city monthly on day 6
active credit none because "停发"
interest 2.4% yearly of carried on balance on 06-30 posted on 06-30
interest 7.3% yearly of current on daily balance posted on 06-30
""",
    "waiting, tiers and further funds": """
region 甲市
wait 6 months after enrolled_on for cover
require submitted_on <= today + 12 months for cover because "一年内申报"
table steps
  | bill              || part: rate |
  | [0元, 1000元]     |  50%        |
  | (1000元, 5000元]  |  70.5%      |
  | > 5000元          |  81.25%     |
cover outpatient by marginal tiers steps per year above 100元 per year
cover inpatient by whole tiers steps per month above 100元 per stay
cover 50% of drugs up to 100元 per year then 大额 80% counting cost up to 300元 per year
allow outpatient, inpatient, drugs for self up to 2000元 per year
allow drugs for spouse, parents when pooled and carried > 50元 up to 150元 per month from carried
deny inpatient for parents
draw current before cover
draw current then carried, rest to cash
retired credit 80元 monthly on day 28
active credit 60元 monthly on day 28 to carried
carry current into carried on 07-01
year from 07-01
""",
    "what bills say": """
region 甲市
not emergency cover 50% of outpatient above 100元 per visit
emergency cover 90% of outpatient above 30元 per visit
stay_days > 10 cover 80% of inpatient up to 2000元 per stay
stay_days <= 10 and pooled cover 70% of inpatient above 5% of contribution_base per stay
cover 10% of drugs
allow outpatient, inpatient, drugs for self when emergency or stay_days >= 3
allow outpatient for spouse when pooled
draw current then carried, rest to cash
""",
    "counts, guards and exceptions": """
region 甲市
define stay_no = count of inpatient per year
define floor = 600元 if stay_no = 1, otherwise 300元
cover 80% of inpatient above floor per stay up to 5000元 per year
(active) cover 50% of outpatient at most 60元 per visit above 30元 per visit
except when age >= 80 cover 95% of outpatient
retired cover 70% of outpatient above 20元 per month
cover 33.33% of drugs
allow inpatient, outpatient, drugs for self when current + carried > 10元
draw carried then current, rest to cash
credit 1元 monthly on day 1
retired interest 3.65% yearly of current on daily balance posted on 01-01
age >= 60 interest 1% yearly of carried on daily balance posted on 01-01 to current
retired carry current into carried on 12-31
round half even to 0.1元
""",
}


SAID = (
    None, None, None, "emergency", "not emergency, stay_days = 10", "急诊，住院天数=100",
    "stay_days = 12.5", "pooled, stay_days = 3", "not pooled, contribution_base = 7000.01元",
)  # fmt: skip


def some_people(chance: random.Random, count: int) -> Any:
    """People with gaps in what is known of them."""
    rows = []
    for number in range(count):
        born = date(1930, 1, 1) + timedelta(chance.randrange(28_000))
        rows.append({
            "account": f"p{number:03}",
            "birth": chance.choice([born, born, date(1952, 2, 29), None]),
            "status": chance.choice(["active", "retired", "退休", None]),
            "contribution_base": chance.choice([500_000, 612_345, None]),
            "pension": chance.choice(["4000.00", "3999.99", None]),
            "enrolled_on": chance.choice([date(2023, 1, 15), date(2010, 5, 31), None]),
            "pooled": chance.choice([True, False, None]),
        })  # fmt: skip
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    base = pa.array([None if each is None else f"{each / 100:.2f}"
                     for each in columns.pop("contribution_base")]).cast(pa.decimal128(12, 2))
    return pa.table({**columns, "contribution_base": base})


def some_events(chance: random.Random, count: int) -> Any:
    """Events of the people, and of somebody who is not among them."""
    rows = []
    for number in range(count + 1):
        for index in range(chance.randrange(0, 40)):
            rows.append(an_event(chance, f"p{number:03}", f"e{index}"))
    return table(rows)


def an_event(chance: random.Random, account: str, name: str) -> dict[str, Any]:
    """One event on any day."""
    day = FIRST + timedelta(chance.randrange((LAST - FIRST).days + 3))
    if chance.random() < 0.3:
        day = chance.choice(ON_PURPOSE)
    kind = chance.choice(["bill"] * 8 + ["opening", "credit", "adjust", "repaid"])
    fen = chance.choice([1, 5, 33, 100, 1050, 12_345, 65_000, 999_999])
    late = chance.random() < 0.2
    row: dict[str, Any] = {
        "account": account, "id": name, "effective": None, "kind": kind, "amount_fen": fen,
        "date": day, "name": None, "eligible": None, "level": None, "relation": None, "facts": None,
        "lines": None,
    }  # fmt: skip
    if late:
        row["effective"], row["date"] = day, day + timedelta(chance.randrange(700))
    if kind == "bill":
        row["facts"] = chance.choice(SAID)
        row["name"] = chance.choice(CATEGORIES)
        row["level"] = chance.choice([*LEVELS, *LEVELS, None])
        row["relation"] = chance.choice([None, None, None, "spouse", "parents"])
        if chance.random() < 0.5:
            row["eligible"] = f"{chance.randrange(fen + 1) / 100:.2f}"
    elif kind != "repaid":
        row["name"] = chance.choice(["current", "carried", None])
        row["amount_fen"] = chance.choice([fen, -fen]) if kind == "adjust" else fen
    return row


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", RULES)
def test_rules(name: str, seed: int) -> None:
    chance = random.Random(f"{name} {seed}")
    people, events = some_people(chance, 12), some_events(chance, 12)
    found = both(RULES[name], people, events, FIRST, LAST, as_listed=seed == 3)
    assert found.engines["native"] >= 3, found.engines


@pytest.mark.parametrize("mode", ["half up", "half even", "up", "down"])
def test_ties_are_rounded_by_the_rule(mode: str) -> None:
    text = f"""
region 甲市
round {mode} to 0.1元
cover 50% of outpatient above 33.33% of bill per visit up to 12.5% of bill per visit
cover 12.5% of drugs then 大额 37.5% counting cost
cover 0.05% of inpatient
allow outpatient, drugs, inpatient for self up to 12.5% of bill per visit
draw current then carried, rest to cash
interest 1.25% yearly of current on daily balance posted on 02-29
interest 2.5% yearly of carried on minimum balance of month posted on 02-29
"""
    chance = random.Random(mode)
    events = [
        an_event(chance, "1", f"e{number}") | {"amount_fen": number * 5 + 5, "eligible": None}
        for number in range(120)
    ]
    found = both(text, None, table(events), FIRST, LAST, as_listed=True)
    assert found.engines["native"] == 1


NATIVE_REGIONS = {
    "changsha": "长沙", "changzhou": "常州", "chengdu": "成都", "fictional": "示例",
    "gansu": "兰州", "guangzhou": "广州", "guizhou": "贵阳", "hangzhou": "杭州",
    "nanjing": "南京", "shenzhen": "深圳", "xiamen": "厦门", "xian": "西安",
    "yangzhou": "扬州", "yunnan": "昆明", "zhanjiang": "湛江", "zhengzhou": "郑州",
}  # fmt: skip
"""Examples whose regions have a native form, and one region of each."""


@pytest.mark.slow
@pytest.mark.parametrize("name", NATIVE_REGIONS)
def test_example_regions(name: str) -> None:
    chance = random.Random(name)
    people, events = some_people(chance, 8), some_events(chance, 8)
    path = os.path.join(folder("examples"), "regions", f"{name}.yb")
    region = NATIVE_REGIONS[name]
    found = agreed(load(path), people, events, first=FIRST, last=LAST, region=region)
    assert found.engines["native"] >= 3, found.engines
