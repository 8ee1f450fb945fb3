"""What is due on days that rules, holidays and people say: native and reference agree."""

from collections import Counter
from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.population.test_ledger_agreement import both, table

FIRST, LAST = date(2023, 5, 12), date(2025, 2, 20)
BASICS = """
cover 50% of outpatient above 100元 per month
allow outpatient for self
draw carried then current, rest to cash
interest 3.65% yearly of current on daily balance posted on 12-31
carry current into carried on 01-01
"""
CALENDAR = """
holiday 2023-12-30 to 2024-01-01
holiday 2024-05-01 to 2024-05-05
workday 2024-04-28
holiday 2024-10-01 to 2024-10-07
"""
"""There is none for 2025: what would be posted then is refused (YB439), not what comes before."""

MONTHLY = [
    "monthly on day 1", "monthly on day 31", "monthly on day 10 assessed on first of month",
    "monthly", "monthly by day 5 assessed on last of last month", "monthly on last of last month",
]  # fmt: skip
HOLIDAYS = ["monthly on day 1 moved to workday before", "monthly on day 31 moved to workday before"]
YEARLY = [
    "yearly on 07-01", "yearly on 02-29", "yearly on 12-31 assessed on first of month",
    "yearly on 01-01 prorated from month of enrolled_on",
    "yearly on 07-01 prorated from month after enrolled_on",
    "yearly on 07-01 prorated from month of enrolled_on assessed on last of month", "yearly",
    "yearly on last of last month", "yearly on 01-01 moved to workday before",
]  # fmt: skip
ODD = ["", "once on 2024-05-05"]
AMOUNTS = [
    "100元", "2% of contribution_base", "778.90元", "pension / 3", "unknown", "none",
    "pension - 4000元",
]  # fmt: skip
GUARDS = [
    ("age >= 70", "age < 70"), ("pension >= 3000元", "pension < 3000元"), ("pooled", "not pooled"),
    ("enrolled_on <= 2024-03-31", "enrolled_on > 2024-03-31"), ("active", "retired"),
]  # fmt: skip
VERSIONS = [
    ("since 2024-03-10",), ('since 2024-03-10 as "甲说"', 'since 2024-03-10 as "乙说"'),
]  # fmt: skip
YEARS = [
    "", "", "since 2020-01-01\nyear from 07-01", "since 2020-01-01\nyear from 07-15",
    "since 2020-01-01 until 2024-08-09\nyear from 07-01\nsince 2024-08-10\nyear from 04-01",
]  # fmt: skip
BEGUN = [date(2023, 7, 1), date(2024, 2, 29), date(2023, 12, 31), date(2024, 7, 2)]
BUSY = [date(2023, 7, 1), date(2023, 12, 31), date(2024, 1, 1), date(2024, 4, 30)]


@st.composite
def credits(draw: st.DrawFn) -> list[str]:
    """Credits for two kinds of people, maybe of several streams, and exceptions."""
    every = st.sampled_from([*MONTHLY, *YEARLY, *(HOLIDAYS if draw(st.booleans()) else [])])
    when, amounts = draw(every), st.sampled_from(AMOUNTS)
    guard, other = draw(st.sampled_from(GUARDS))
    into = st.sampled_from(["", "", " to carried"])
    lines = [f"{guard} credit {draw(amounts)} {when}{draw(into)}"]
    if draw(st.integers(0, 4)):
        lines.append(f"{other} credit {draw(amounts)} {draw(st.sampled_from([when, draw(every)]))}")
    if draw(st.integers(0, 3)) == 0:
        lines.append(f"{guard} credit 5元 {draw(every)} as 加发")
    if draw(st.integers(0, 5)) == 0:
        lines.append(f"except when {draw(st.sampled_from(GUARDS))[0]} credit 7元 {draw(every)}")
    return lines


@st.composite
def deductions(draw: st.DrawFn) -> list[str]:
    """Deductions for purposes, each on days of its own."""
    every = [
        each for each in (*MONTHLY, *HOLIDAYS, *YEARLY)
        if "prorated" not in each and "assessed" not in each
    ]  # fmt: skip
    return [
        f'{draw(st.sampled_from(GUARDS))[0]} deduct {draw(st.sampled_from(AMOUNTS[:3]))} '
        f'{draw(st.sampled_from(every))} for "{purpose}"'
        for purpose in ("大额", "长护") if draw(st.booleans())
    ]  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A region, whose rules may change, or have two versions of which none is chosen."""
    parts = [CALENDAR, "region 甲市", BASICS, *draw(credits()), *draw(deductions())]
    if draw(st.integers(0, 2)) == 0:
        for head in draw(st.sampled_from(VERSIONS)):
            parts += [head, *draw(credits())]
    parts.append(draw(st.sampled_from(YEARS)))
    return "\n".join(parts)


@st.composite
def persons(draw: st.DrawFn) -> Any:
    """People of whom something may be missing."""
    days = st.one_of(
        st.sampled_from(BEGUN), st.dates(date(2022, 12, 1), date(2025, 3, 1)),
    )  # fmt: skip
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "status": st.sampled_from(["active", "retired"]),
        "birth": st.sampled_from([date(1954, 3, 10), date(1953, 7, 1), date(1960, 1, 1)]),
        "contribution_base": st.sampled_from(["5000.00", "6543.21"]),
        "pension": st.sampled_from(["2999.99", "4000.00", "4100.01"]),
        "enrolled_on": days, "pooled": st.booleans(),
    }  # fmt: skip
    count = draw(st.integers(3, 8))
    columns = {"account": [f"{number}" for number in range(count)]}
    for name, values in kinds.items():
        whole = draw(st.integers(0, 3))
        columns[name] = draw(st.lists(
            values if whole else st.none() | values, min_size=count, max_size=count
        ))  # fmt: skip
    types = {"birth": pa.date32(), "enrolled_on": pa.date32(), "pooled": pa.bool_()}
    return pa.table({
        name: pa.array(each, types.get(name, pa.string())) for name, each in columns.items()
    })  # fmt: skip


@st.composite
def happenings(draw: st.DrawFn, count: int, first: date) -> Any:
    """Openings, bills and adjustments, some on days on which something is due."""
    days = st.one_of(st.sampled_from(BUSY), st.dates(FIRST, LAST))
    rows = []
    for account in range(count):
        for number in range(draw(st.integers(0, 4))):
            kind = draw(st.sampled_from(["bill", "bill", "opening", "adjust"]))
            fen = draw(st.sampled_from([1, 33, 12_345, 65_000]))
            rows.append({
                "account": f"{account}", "id": f"e{number}", "date": max(first, draw(days)),
                "effective": None, "kind": kind,
                "name": "outpatient" if kind == "bill" else "current",
                "amount_fen": -fen if kind == "adjust" else fen, "eligible": None,
                "level": None, "relation": None, "facts": None, "lines": None,
            })  # fmt: skip
    return table(rows)


def test_what_is_due() -> None:
    engines: Counter[str] = Counter()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(texts(), st.data())
    def check(text: str, data: st.DataObject) -> None:
        people = data.draw(persons())
        first = data.draw(st.sampled_from([FIRST, date(2024, 1, 1)]))
        events = data.draw(happenings(people.num_rows, first))
        last = data.draw(st.sampled_from([LAST, date(2024, 12, 31), date(2024, 9, 29)]))
        engines.update(both(text, people, events, first, last).engines)

    check()
    assert engines["native"] > engines["reference"], engines
