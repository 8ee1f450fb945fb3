"""Columns of every type are read as files of people are; what cannot be is told."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import polars
import pyarrow
import pytest

from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import Refusal
from yibaolang.population.evaluate import asks_for, population

RULES = read("""
input bonus: money
input count: number in -5..5000
input part: rate in [0%, 100%]
input first_age: age
input apart: days
input remark: text
input waived: truth otherwise no
define echo_bonus = bonus
define echo_count = count
define echo_part = part
define echo_first = first_age
define echo_apart = apart
define echo_waived = waived
define echo_status = status
define echo_birth = birth
define echo_years = contribution_years
""")
DAY = date(2024, 6, 1)


def both(column: str, values: Any, figure: str) -> list[Any]:
    """What comes back of a column, which is what the reference engine reads."""
    found = []
    for engine in ("native", "reference"):
        table = pyarrow.table({column: values})
        made = population(RULES, table, f"echo_{figure}", on=DAY, engine=engine).to_pylist()
        base = f"echo_{figure}"
        found.append([
            each[f"{base}_refused"]
            or (each[f"{base}_numerator"] / Decimal(each[f"{base}_denominator"])
                if f"{base}_numerator" in each else each.get(f"{base}_fen", each.get(base)))
            for each in made
        ])  # fmt: skip
    assert found[0] == found[1]
    return found[0]


A = pyarrow.array
CASES: list[tuple[str, Any, str, list[Any]]] = [
    ("bonus", A(["12.34", "", " 5 ", "-0.05", "1.005", "x", None]), "bonus",
     [1234, "YB401", 500, -5, "YB218", "YB465", "YB401"]),
    ("bonus", A([12, None, -3]), "bonus", [1200, "YB401", -300]),
    ("bonus", A([12, 7], pyarrow.uint8()), "bonus", [1200, 700]),
    ("bonus", A([2**63 + 1, 7], pyarrow.uint64()), "bonus", ["YB015", 700]),
    ("bonus", A([2**62]), "bonus", ["YB015"]),
    ("bonus_fen", A([12, None, -3, 10**17 - 1]), "bonus", [12, "YB401", -3, 10**17 - 1]),
    ("bonus_fen", A([10**17]), "bonus", ["YB015"]),
    ("bonus_fen", A(["650", "-1", "x", "0.5"]), "bonus", [650, -1, "YB465", "YB465"]),
    ("bonus", A([Decimal("12.3"), None]), "bonus", [1230, "YB401"]),
    ("bonus", A([Decimal("12.340"), Decimal("12.345")]), "bonus", [1234, "YB218"]),
    ("bonus", A([Decimal(10) ** 25]), "bonus", ["YB015"]),
    ("bonus", A([Decimal(7)], pyarrow.decimal256(50, 0)), "bonus", [700]),
    ("count", A([3, -5, -6, 5001, None]), "count", [3, -5, "YB422", "YB422", "YB401"]),
    ("count", A([Decimal("0.5"), Decimal("4999.9")]), "count", [Decimal("0.5"), Decimal("4999.9")]),
    ("count", A(["2.5", "0.000001"]), "count", [Decimal("2.5"), Decimal("0.000001")]),
    ("part", A(["2.5%", "3‰", "0.025", "101%", "1"]), "part",
     [Decimal("0.025"), Decimal("0.003"), Decimal("0.025"), "YB422", 1]),
    ("part", A([1, 0, 2]), "part", [1, 0, "YB422"]),
    ("part", A([Decimal("0.333333")]), "part", [Decimal("0.333333")]),
    ("first_age", A([72, None]), "first", [72, "YB401"]),
    ("first_age", A(["72", "72岁", "72.5"]), "first", [72, 72, "YB218"]),
    ("apart", A(["30天", "30", "30 days"]), "apart", [30, "YB202", 30]),
    ("contribution_years", A(["25年6个月", "81年"]), "years", [306, "YB422"]),
    ("waived", A([True, None, False]), "waived", [True, False, False]),
    ("waived", A(["yes", "否", "", "maybe"]), "waived", [True, False, False, "YB465"]),
    ("status", A(["退休", "active", "ghost", None]), "status",
     ["retired", "active", "YB101", "YB401"]),
    ("birth", A([date(1964, 2, 29), None, date(1899, 12, 31)]), "birth",
     [date(1964, 2, 29), "YB401", "YB014"]),
    ("birth", A([date(1964, 2, 29)], pyarrow.date64()), "birth", [date(1964, 2, 29)]),
    ("birth", A(["1964-02-29", "1963-02-29", "64-1-1"]), "birth",
     [date(1964, 2, 29), "YB014", "YB465"]),
    ("birth", pyarrow.nulls(2), "birth", ["YB401"] * 2),
    ("birth", pyarrow.nulls(2, pyarrow.date32()), "birth", ["YB401"] * 2),
    ("status", pyarrow.nulls(2, pyarrow.string()), "status", ["YB401"] * 2),
]  # fmt: skip


@pytest.mark.parametrize(("column", "values", "figure", "wanted"), CASES)
def test_cells_are_read_as_in_files_of_people(
    column: str, values: Any, figure: str, wanted: list[Any]
) -> None:
    found = both(column, values, figure)
    assert found == wanted


CHANGES: dict[str, Callable[[Any], Any]] = {
    "sliced": lambda values: pyarrow.concat_arrays([values[:1], values])[1:],
    "chunked": lambda values: pyarrow.chunked_array([values[:1], values[1:]]),
    "dictionary": lambda values: values.dictionary_encode(),
    "large": lambda values: values.cast(pyarrow.large_string()),
    "view": lambda values: values.cast(pyarrow.string_view()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_layout_changes_nothing(change: str) -> None:
    plain = A(["退休", "active", None, "", "retired", "active"] * 3)
    changed = CHANGES[change](plain)
    wanted = both("status", plain, "status")
    assert both("status", changed, "status") == wanted
    if change in ("sliced", "chunked"):
        bits = A([True, None, False, True, True, None, False, True, False] * 2)
        assert both("waived", CHANGES[change](bits), "waived") == both("waived", bits, "waived")


@pytest.mark.parametrize(("column", "values", "code"), [
    ("nothing", A([1]), "YB460"),
    ("account_fen", A([1]), "YB460"),
    ("bonus", A([1.5]), "YB474"),
    ("bonus_fen", A([Decimal("1.5")]), "YB474"),
    ("birth_fen", A([1]), "YB474"),
    ("apart", A([30]), "YB474"),
    ("status", A([1]), "YB474"),
    ("waived", A([1]), "YB474"),
])  # fmt: skip
def test_a_column_that_people_cannot_have_is_told(column: str, values: Any, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        population(RULES, pyarrow.table({column: values}), "credit", on=DAY, engine="native")
    assert refusal.value.diagnostics[0].code == code


def test_a_column_said_twice_is_told() -> None:
    table = pyarrow.table({"bonus": [1], "bonus_fen": [100]})
    with pytest.raises(Refusal) as refusal:
        population(RULES, table, "credit", on=DAY)
    assert refusal.value.diagnostics[0].code == "YB464"


class Stream:
    """Nothing but a stream of Arrow."""

    def __init__(self, table: Any) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested: Any = None) -> Any:
        return self.table.__arrow_c_stream__(requested)


TABLE = pyarrow.table({"status": ["retired", "active"], "bonus_fen": [650, 7]})
PEERS: dict[str, Callable[[Any], Any]] = {
    "pyarrow": lambda table: table,
    "a stream": Stream,
    "polars": polars.from_arrow,
    "pandas": lambda table: table.to_pandas(),
    "duckdb": lambda given: duckdb.sql("select * from given"),
}


@pytest.mark.parametrize("peer", PEERS)
def test_whoever_gives_a_stream_of_arrow_is_read(peer: str) -> None:
    found = population(RULES, PEERS[peer](TABLE), "echo_bonus", on=DAY, engine="native")
    assert found["echo_bonus_fen"].to_pylist() == [650, 7]


def test_no_people_give_no_rows() -> None:
    found = population(RULES, TABLE.slice(0, 0), ["echo_bonus", "credit"], on=DAY, engine="native")
    assert found.num_rows == 0
    assert found.schema.names == [
        "echo_bonus_fen", "echo_bonus_refused", "credit_fen", "credit_refused",
    ]  # fmt: skip


def test_a_population_is_asked_for_at_some_time() -> None:
    with pytest.raises(ValueError, match="between two days"):
        asks_for(RULES, "credit", None, None, None)


def test_an_index_outside_its_dictionary_is_not_followed() -> None:
    wrong = pyarrow.DictionaryArray.from_arrays(
        A([0, 7, -3], pyarrow.int8()), A(["active", "retired"]), safe=False
    )
    table = pyarrow.table({"status": wrong})
    with pytest.raises((IndexError, pyarrow.ArrowInvalid, pyarrow.ArrowIndexError)):
        population(RULES, table, "echo_status", on=DAY, engine="native")
