"""Facts of holders that change, and relatives who may use accounts: natively as by the reference.

Days are near month ends and birthdays, on days when something is due, on one day with others,
before the first day and after the last.
"""

from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.population.test_ledger_agreement import both
from yibaolang.population.ledger_accounts import Accounts

FIRST, LAST = date(2024, 1, 15), date(2025, 3, 10)
HEAD = """
param wage = 5000元
param avg_pension = 4000元
region 甲市
allow outpatient, inpatient for self
pooled allow outpatient for spouse, parents
draw current then carried, rest to cash
"""
RULES = {
    "what is due monthly": """
active credit 2% of contribution_base monthly on day 10 to current
retired and age < 70 credit 80.05元 monthly on day 31 to carried
retired and age >= 70 credit 2.5% of pension monthly on day 31 to carried
retired deduct 4.5元 monthly on day 29 for "大额"
active and male cover 50% of outpatient above 100元 per month
(not (active and male)) cover 60% of outpatient above 100元 per month
cover 60% of inpatient
""",
    "looked at on another day": """
active credit 2% of contribution_base monthly by day 5 assessed on first of month
retired credit 1元 monthly on day 20 assessed on last of month
active deduct 1元 monthly on last of month for "大额"
retired cover 70% of outpatient
(not retired) cover 50% of outpatient
cover 60% of inpatient
carry current into carried on 01-01
retired interest 2% yearly of carried on daily balance posted on 06-30
""",
    "without a day": """
active credit 2% of contribution_base monthly
retired credit 3% of pension monthly
age >= 60 and active deduct 2元 monthly for "大额"
cover 50% of outpatient
pension > 3000元 cover 60% of inpatient
pension <= 3000元 cover 50% of inpatient
""",
    "once a year": """
active credit 100元 yearly on 07-01 to current
retired credit (20.5元 if age >= 60, otherwise 10元) yearly on 07-01 to carried
year from 04-01
cover 50% of outpatient up to 1000元 per year
cover 60% of inpatient
interest 2% yearly of carried on minimum balance of month posted on 12-31
""",
    "since when": """
active credit 10元 monthly on day 1
retired and start of retired <= 2024-09-30 credit 20元 monthly on day 1
retired and start of retired > 2024-09-30 credit 30元 monthly on day 1
define long = months from start of retired to today >= 2 months
retired and long cover 80% of outpatient
retired and not long cover 70% of outpatient
active cover 50% of outpatient
cover 60% of inpatient
""",
    "as of another day": """
define early = (age as of 2024-06-30) < 60
active credit 10元 monthly on day 10
retired credit (20元 if (pension as of first of month) > 3000元, otherwise 10元) monthly on day 15
early cover 80% of outpatient
not early cover 70% of outpatient
define then_retired = retired as of birth + 60 years
then_retired cover 60% of inpatient
not then_retired cover 50% of inpatient
""",
}

DAYS = [
    date(2023, 6, 1), date(2024, 1, 10), FIRST, date(2024, 1, 31), date(2024, 2, 1),
    date(2024, 2, 29), date(2024, 3, 1), date(2024, 5, 31), date(2024, 6, 30), date(2024, 7, 1),
    date(2024, 7, 10), date(2024, 12, 31), date(2025, 1, 1), date(2025, 2, 28), LAST,
    LAST + timedelta(9),
]  # fmt: skip
FACTS = [
    "retired", "active", "pension = 3000.01元", "pension = 2999.99元", "retired, pension = 5000元",
    "contribution_base = 4321.09元", "active, contribution_base = 8000元", "birth = 1964-02-29",
    "男", "pooled", "not pooled", "flexible", "level = primary",
]  # fmt: skip
COLUMNS = (
    "account", "id", "date", "effective", "seq", "kind", "name", "amount_fen", "relation",
    "member", "facts", "target", "level",
)
some_day = st.one_of(
    st.sampled_from(DAYS), st.integers(0, 420).map(lambda each: FIRST + timedelta(each))
)
relatives = st.sampled_from(["spouse", "parents"])


@st.composite
def an_event(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """An event, most of them facts and bills; a few become known late, or say no id."""
    kinds = ["fact"] * 4 + ["bill"] * 5 + ["bound", "credit", "adjust", "void"]
    kind = draw(st.sampled_from(kinds))
    named = draw(st.integers(0, 19)) > 0
    row: dict[str, Any] = {"id": f"e{number}" if named else None, "date": draw(some_day)}
    row["seq"] = draw(st.sampled_from([None, None, 0, 2]))
    if kind == "fact":
        if draw(st.integers(0, 19)) == 0:
            row["effective"] = row["date"] - timedelta(draw(st.integers(-40, 40)))
        return row | {"kind": kind, "facts": draw(st.sampled_from(FACTS))}
    if kind == "bound":
        holds = draw(st.sampled_from(["pooled", "pooled", "not pooled"]))
        member = draw(st.sampled_from([None, None, "李四", "王五"]))
        relation = draw(relatives)
        return row | {"kind": "fact", "facts": holds, "relation": relation, "member": member}
    if kind == "void":
        return row | {"kind": kind, "target": f"e{draw(st.integers(0, number))}"}
    row |= {"kind": kind, "amount_fen": draw(st.integers(1, 300_000))}
    if kind != "bill":
        return row | {"name": "carried"}
    row["name"] = draw(st.sampled_from(["outpatient", "outpatient", "inpatient"]))
    if draw(st.integers(0, 2)) == 0:
        row |= {"relation": draw(relatives), "member": draw(st.sampled_from([None, "李四"]))}
    if draw(st.integers(0, 4)) == 0:
        row["facts"] = draw(st.sampled_from(["pooled", "not pooled", "pension = 1元", "retired"]))
    return row


@st.composite
def accounts(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """People, with gaps, and the events of their accounts, in the order of the days or not."""
    people, rows = [], []
    for account in range(draw(st.integers(4, 12))):
        people.append({
            "account": f"{account}", "status": draw(st.sampled_from(["active", "retired"])),
            "sex": draw(st.sampled_from(["male", "female"])),
            "birth": draw(st.sampled_from(["1954-06-30", "1964-02-29", "1955-01-15"])),
            "pension": draw(st.sampled_from(["3000.00", "4000.00", None])),
            "contribution_base": draw(st.sampled_from(["6000.00", "5000.01", None])),
            "pooled": draw(st.sampled_from(["yes", "no", None])),
        })  # fmt: skip
        own = [draw(an_event(number)) for number in range(draw(st.integers(1, 8)))]
        if draw(st.booleans()):
            own.sort(key=lambda each: each["date"])
        rows += [{"account": f"{account}", **each} for each in own]
    return people, rows


def table(rows: list[dict[str, Any]]) -> Any:
    """Events as a table."""
    types = {"date": pa.date32(), "effective": pa.date32(), "seq": pa.int64(),
             "amount_fen": pa.int64()}  # fmt: skip
    schema = pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])
    return pa.Table.from_pylist([dict.fromkeys(COLUMNS) | row for row in rows], schema)


def run(text: str, people: list[dict[str, Any]], rows: list[dict[str, Any]]) -> Accounts:
    """Both engines, which must agree."""
    holders = pa.Table.from_pylist(people)
    return both(HEAD + text, holders, table(rows), FIRST, LAST)


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck),
          phases=[Phase.explicit, Phase.reuse, Phase.generate])  # Each example makes a kernel.
@given(case=accounts())
def test_lives(name: str, case: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    people, rows = case
    found = run(RULES[name], people, rows)
    # What is wrong with an account, or known late, leaves it to the reference engine.
    odd = {row["account"] for row in rows if not row["id"] or row["kind"] == "void"
           or row.get("effective") or (row["date"] < FIRST and row["kind"] != "fact")}  # fmt: skip
    told = {row["account"]: row["engine"] for row in found.balances.to_pylist()}
    left = {name for name, engine in told.items() if engine != "native"} - odd
    assert [row for row in rows if row["account"] in left] == []


def test_the_level_of_a_bill_else_what_is_known_of_the_holder() -> None:
    text = """cover 50% of outpatient at primary
cover 60% of outpatient at secondary
cover 70% of inpatient
active credit none
"""
    bill = {"account": "1", "kind": "bill", "name": "outpatient", "amount_fen": 10_000}
    rows = [
        {**bill, "id": "a", "date": date(2024, 2, 1)},
        {"account": "1", "id": "f", "kind": "fact", "date": date(2024, 3, 1),
         "facts": "level = secondary"},
        {**bill, "id": "b", "date": date(2024, 4, 1)},
        {**bill, "id": "c", "account": "2", "date": date(2024, 4, 1)},
        {**bill, "id": "d", "account": "2", "date": date(2024, 4, 2), "level": "secondary"},
    ]  # fmt: skip
    people = [{"account": "1", "status": "active", "level": "primary"},
              {"account": "2", "status": "active", "level": None}]  # fmt: skip
    found = run(text, people, rows)
    assert found.engines == {"native": 2, "reference": 0}
    assert found.balances["total_fund_fen"].to_pylist() == [5_000 + 6_000, 6_000]


def test_what_a_bill_says_is_so_on_its_own_day() -> None:
    text = """define shared = pooled as of last of month
define base = contribution_base as of first of month
shared and base > 50元 cover 50% of outpatient
not (shared and base > 50元) cover 60% of outpatient
cover 70% of inpatient
active credit none
"""
    bill = {"account": "1", "kind": "bill", "name": "outpatient", "amount_fen": 10_000}
    rows = [
        {**bill, "id": f"e{day}", "date": date(2024, 2, day),
         "facts": "pooled, contribution_base = 10元"}
        for day in (1, 28, 29)
    ]  # fmt: skip
    people = [{"account": "1", "status": "active", "pooled": "no", "contribution_base": "60.00"}]
    found = run(text, people, rows)
    assert found.engines == {"native": 1, "reference": 0}
    assert found.balances["total_fund_fen"].to_pylist() == [6_000 + 6_000 + 5_000]
