"""Accounts that are closed: natively as by the reference engine, to the last fen of an heir."""

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
region 甲市
allow outpatient for self up to 90元 per month
draw current then carried, rest to cash
cover 50% of outpatient above 100元 per year
active credit 10.01元 monthly on day 10 to current
retired credit 7元 monthly on day 20 to carried
retired deduct 1元 monthly on day 29 for "大额"
"""
RULES = {
    "plain": """
on death close to heirs
on emigration close to holder
""",
    "with documents": """
on death close to heirs requiring "死亡证明", "身份证明"
on emigration close to holder requiring "出境证明"
""",
    "by whom": """
retired on death close to heirs
active on death close to holder
on emigration close to holder
""",
    "twice": """
on death close to heirs
retired on death close to holder
retired on emigration close to holder
""",
    "with interest": """
on death close to heirs
on emigration close to holder
interest 3% yearly of current, carried on daily balance posted on 06-30
retired interest 1% yearly of carried on minimum balance of month posted on 12-31
carry current into carried on 01-01
year from 07-01
phases crediting then ending then adjusting then paying then carrying then earning
""",
}
DAYS = [
    FIRST, date(2024, 1, 31), date(2024, 2, 10), date(2024, 2, 29), date(2024, 6, 30),
    date(2024, 7, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 2, 10), LAST,
    LAST + timedelta(3),
]  # fmt: skip
COLUMNS = (
    "account", "id", "date", "seq", "kind", "name", "amount_fen", "facts", "heirs", "documents",
    "target", "instead",
)  # fmt: skip
some_day = st.one_of(
    st.sampled_from(DAYS), st.integers(0, 420).map(lambda each: FIRST + timedelta(each))
)
HEIRS = [
    None, "李四", "李四;王五;赵六", "李四=1/2;王五=1/3;赵六=1/6", "甲=3/7;乙=4/7", "甲=2;乙=1",
]  # fmt: skip
INSTEAD = [
    '{"kind": "bill", "name": "outpatient", "amount": "123.45", "eligible": "100.00"}',
    '{"kind": "bill", "name": "outpatient", "amount_fen": 9999, "level": "primary"}',
    '{"kind": "credit", "name": "carried", "amount": 77.07}',
    '{"kind": "closing", "name": "death", "heirs": "甲;乙", "documents": "死亡证明;身份证明"}',
    '{"kind": "fact", "facts": "retired"}',
    '{"kind": "bill", "name": "outpatient", "amount": "50", "facts": "retired",'
    ' "lines": "drugs=1.00"}',
    '{"kind": "bill", "name": "outpatient"}', '{"kind": "void", "target": "e0"}', "",
]  # fmt: skip
SHOWN = [None, "死亡证明;身份证明", "身份证明", "身份证明;死亡证明;出境证明", "出境证明"]


@st.composite
def an_event(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """An event, one in four of them the end; a few say no id."""
    kinds = ["closing"] * 3 + ["bill"] * 4 + ["credit"] * 3 + ["adjust", "fact", "void"]
    kinds += ["replace"] * 2
    kind = draw(st.sampled_from(kinds))
    named = draw(st.integers(0, 19)) > 0
    row: dict[str, Any] = {"id": f"e{number}" if named else None, "date": draw(some_day)}
    row |= {"seq": draw(st.sampled_from([None, None, 0, 2])), "kind": kind}
    if kind == "closing":
        name = draw(st.sampled_from(["death", "death", "emigration", "出境定居"]))
        heirs = draw(st.sampled_from(HEIRS)) if name == "death" else None
        return row | {"name": name, "heirs": heirs, "documents": draw(st.sampled_from(SHOWN))}
    if kind == "fact":
        return row | {"facts": draw(st.sampled_from(["retired", "active"]))}
    if kind in ("void", "replace"):
        row["target"] = f"e{draw(st.integers(0, max(0, number - 1)))}"
        return row if kind == "void" else row | {"instead": draw(st.sampled_from(INSTEAD))}
    row["amount_fen"] = draw(st.integers(1, 300_000))
    if kind == "adjust":
        row["amount_fen"] *= draw(st.sampled_from([1, -1]))
    named_ = "outpatient" if kind == "bill" else draw(st.sampled_from(["current", "carried"]))
    return row | {"name": named_}


@st.composite
def accounts(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """People and the events of their accounts."""
    people, rows = [], []
    for account in range(draw(st.integers(4, 12))):
        status = draw(st.sampled_from(["active", "retired"]))
        people.append({"account": f"{account}", "status": status})
        own = [draw(an_event(number)) for number in range(draw(st.integers(1, 8)))]
        if draw(st.booleans()):
            own.sort(key=lambda each: each["date"])
        rows += [{"account": f"{account}", **each} for each in own]
    return people, rows


def run(text: str, people: list[dict[str, Any]], rows: list[dict[str, Any]]) -> Accounts:
    """Both engines, which must agree."""
    types = {"date": pa.date32(), "seq": pa.int64(), "amount_fen": pa.int64()}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])
    events = pa.Table.from_pylist([dict.fromkeys(COLUMNS) | row for row in rows], schema)
    return both(HEAD + text, pa.Table.from_pylist(people), events, FIRST, LAST)


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck),
          phases=[Phase.explicit, Phase.reuse, Phase.generate])  # Each example makes a kernel.
@given(case=accounts())
def test_closings(name: str, case: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    people, rows = case
    found = run(RULES[name], people, rows)
    corrections = "void", "replace"
    odd = {row["account"] for row in rows if not row["id"] or row["kind"] in corrections}
    told = {row["account"]: row["engine"] for row in found.balances.to_pylist()}
    left = {name for name, engine in told.items() if engine != "native"} - odd
    assert [row for row in rows if row["account"] in left] == []


def test_the_fen_that_is_left_goes_to_the_largest_remainder() -> None:
    closing = {"kind": "closing", "name": "death", "date": date(2024, 2, 1), "id": "c"}
    rows = [
        {"account": "1", "kind": "opening", "name": "carried", "amount_fen": 100, "date": FIRST},
        {"account": "1", "kind": "opening", "name": "current", "amount_fen": 1, "date": FIRST},
        {"account": "1", **closing, "heirs": "甲=1/2;乙=1/4;丙=1/4"},
        {"account": "1", "kind": "credit", "amount_fen": 5, "date": date(2024, 2, 2), "id": "late"},
    ]
    found = run(RULES["plain"], [{"account": "1", "status": "flexible"}], rows)
    assert found.engines == {"native": 1, "reference": 0}
    paid = [(row["source"], row["target"], row["amount_fen"])
            for row in found.postings.to_pylist() if row["kind"] == "close"]  # fmt: skip
    assert paid == [
        ("current", "heirs 甲", 1), ("carried", "heirs 甲", 50), ("carried", "heirs 乙", 25),
        ("carried", "heirs 丙", 25),
    ]  # fmt: skip
    assert found.balances["closed"].to_pylist() == [date(2024, 2, 1)]
    late = found.refused.filter(pa.compute.equal(found.refused["event"], "late")).to_pylist()
    assert [row["code"] for row in late] == ["YB436"] and "2024-02-01" in late[0]["reason"]
