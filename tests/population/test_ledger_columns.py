"""Columns of events and of holders of every type of Arrow: both engines read the same of them."""

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import polars
import pyarrow as pa
import pytest

from tests.population.test_ledger_agreement import agreed
from yibaolang import read
from yibaolang.language.diagnostics import Refusal
from yibaolang.population.ledger_accounts import Accounts

RULES = """
cover 50% of outpatient above 100元 per year
allow outpatient for self
draw current then carried, rest to cash
retired credit 2% of pension monthly on day 10
active credit 1元 monthly on day 10
"""
FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
DAYS = [date(2024, 1, 2), date(2024, 2, 2), date(2024, 3, 1)]
EVENTS = {
    "account": ["a", "a", "b"], "date": DAYS, "kind": ["opening", "bill", "bill"],
    "name": ["current", "outpatient", "outpatient"], "amount_fen": [100_000, 50_000, 30_000],
}  # fmt: skip
PEOPLE = {"account": ["a", "b"], "status": ["retired", "active"], "pension": ["3000", "2000"]}
WHOLE = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint32(), pa.uint64()]


def run(people: dict[str, Any] = PEOPLE, **columns: Any) -> Accounts:
    """What both engines say; a column that is None is left out of the events."""
    events = {name: each for name, each in {**EVENTS, **columns}.items() if each is not None}
    return agreed(read(RULES), pa.table(people), pa.table(events), first=FIRST, last=LAST)


def yuan(values: list[Any], type_: Any = None) -> dict[str, Any]:
    """Amounts in yuan instead of fen."""
    return {"amount_fen": None, "amount": pa.array(values, type_)}


@pytest.mark.parametrize("type_", WHOLE)
@pytest.mark.parametrize("column", ["amount_fen", "amount", "seq"])
def test_whole_numbers(column: str, type_: Any) -> None:
    values = pa.array([100, 50, 30], type_)
    changed = yuan([100, 50, 30], type_) if column == "amount" else {column: values}
    assert run(**changed).engines["reference"] == 0


@pytest.mark.parametrize(
    "columns",
    [
        {"amount_fen": pa.array([100, 2**64 - 1, 2**63], pa.uint64())},
        {"seq": pa.array([1, 2**64 - 1, 2**63], pa.uint64())},
        {"amount_fen": [100, -(2**63), 2**63 - 1]},
        yuan([100, 2**64 - 1, 2**63], pa.uint64()), yuan([100, -(2**63), 2**63 - 1]),
        yuan([Decimal(10) ** 50, Decimal("5.01"), Decimal(3)], pa.decimal256(60, 2)),
        yuan([Decimal(10) ** 37, Decimal(5), Decimal(3)], pa.decimal128(38, 0)),
        yuan([Decimal("9.005"), Decimal("5.001"), Decimal(3)], pa.decimal128(20, 3)),
        yuan(["10.5", "999999999999999.99", "9999999999999999.99"]),
        yuan(["10.5", "-5", "-0"]), yuan(["-0.00", "5.011", "\uff1300"]),
        {"date": ["2024-01-02", "2024-02-02", "2024-02-30"]},
        {"date": ["2024-01-02", "2023-02-29", "2024-06-31"]},
        {"date": ["2024-1-2", "20240202", "\uff12024-02-02"]},
        {"date": pa.array([19724, 2**31 - 1, -(2**31)], pa.int32()).cast(pa.date32())},
    ],
)  # fmt: skip
def test_what_no_event_may_have_is_refused_alike(columns: dict[str, Any]) -> None:
    assert run(**columns).refused.num_rows > 0


@pytest.mark.parametrize(
    "type_",
    [
        pa.decimal128(20, 0), pa.decimal128(20, 3), pa.decimal128(20, 10), pa.decimal128(20, -2),
        pa.decimal32(9, 2), pa.decimal64(18, 2), pa.decimal256(60, 4),
    ],
)  # fmt: skip
def test_decimals(type_: Any) -> None:
    whole = yuan([Decimal(1000), Decimal(500), Decimal(300)], type_)
    assert run(**whole).balances.equals(run().balances)


@pytest.mark.parametrize(
    "columns",
    [
        {"date": pa.array(DAYS).cast(pa.date64())},
        {"date": pa.array([each.isoformat() for each in DAYS])},
        {"kind": pa.array(EVENTS["kind"], pa.large_string())},
        {"kind": pa.array(EVENTS["kind"], pa.string_view())},
        {"kind": pa.array(EVENTS["kind"], pa.large_string()).dictionary_encode()},
        {"account": pa.array(["a", "a", "b"], pa.string_view())},
        {"amount_fen": pa.array([100_000, 50_000, 30_000]).dictionary_encode()},
        {"amount_fen": ["100000", "50000", "30000"]}, {"level": pa.nulls(3)},
        {"amount_fen": pa.chunked_array([[100_000], [], [50_000, 30_000]])},
    ],
)  # fmt: skip
def test_other_ways_to_hold_the_same(columns: dict[str, Any]) -> None:
    assert run(**columns).balances.equals(run().balances)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([3000, 2000]), pa.array(["3000.00", "2000"]), pa.array([3000, 2000], pa.uint64()),
        pa.array([Decimal("3000.0000"), Decimal(2000)], pa.decimal128(12, 4)),
        pa.array([3000, 2000]).dictionary_encode(),
    ],
)  # fmt: skip
def test_columns_of_holders(column: Any) -> None:
    assert run({**PEOPLE, "pension": column}).balances.equals(run().balances)


def test_holders_of_whom_a_fact_is_not_known() -> None:
    assert run({**PEOPLE, "pension": pa.nulls(2)}).refused.num_rows > 0


@pytest.mark.parametrize(
    ("people", "columns", "code"),
    [
        (PEOPLE, {"account": [1, 1, 2]}, "YB474"), (PEOPLE, {"id": [1, 2, 3]}, "YB474"),
        (PEOPLE, yuan([1.5, 2.0, 3.0]), "YB474"),
        (PEOPLE, {"date": pa.array(DAYS).cast(pa.timestamp("us"))}, "YB474"),
        ({"account": [1, 2]}, {}, "YB474"), ({**PEOPLE, "region": [1, 2]}, {}, "YB474"),
        ({**PEOPLE, "pension": [1.5, 2.5]}, {}, "YB474"),
        ({**PEOPLE, "本人养老金": ["1", "2"]}, {}, "YB464"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("engine", ["native", "reference"])
def test_columns_that_no_file_may_have(
    engine: str, people: dict[str, Any], columns: dict[str, Any], code: str
) -> None:
    events = {**EVENTS, **columns}
    with pytest.raises(Refusal, match=code):
        read(RULES).ledgers(
            pa.table(people), pa.table({n: c for n, c in events.items() if c is not None}),
            first=FIRST, last=LAST, engine=engine,
        )  # fmt: skip


def test_a_column_said_twice() -> None:
    names = [*EVENTS, "kind"]
    twice = pa.Table.from_arrays([pa.array(EVENTS[name]) for name in names], names=names)
    with pytest.raises(Refusal, match="YB464"):
        read(RULES).ledgers(None, twice, first=FIRST, last=LAST)


def test_an_account_too_large_for_a_column_is_refused_alone() -> None:
    rules = read("""
interest 99999999999999% yearly of current on daily balance posted on 12-31
cover 0% of outpatient
allow outpatient for self
draw current then carried, rest to cash
""")
    days, large = [date(2024, 1, 1)] * 2, [1, 10**14]
    events = {"account": ["a", "b"], "date": days, "kind": ["opening"] * 2,
              "name": ["current"] * 2, "amount_fen": large}  # fmt: skip
    found = agreed(rules, None, pa.table(events), first=FIRST, last=date(2030, 1, 1))
    codes = {row["account"]: row["code"] for row in found.refused.to_pylist()}
    assert "YB483" in codes.values()


@pytest.mark.parametrize("peer", ["polars", "pandas", "duckdb"])
def test_tables_of_other_libraries(peer: str) -> None:
    give = {
        "polars": polars.from_arrow,
        "pandas": lambda table: table.to_pandas(),
        "duckdb": lambda given: duckdb.sql("select * from given"),
    }[peer]
    rules, events, people = read(RULES), pa.table(EVENTS), pa.table(PEOPLE)
    found = rules.ledgers(give(people), give(events), first=FIRST, last=LAST)
    assert found.engines == {"native": 2, "reference": 0}
    assert found.balances.equals(run().balances)
