"""Numbers that 64 bits do not hold, and days that the calendar does not: in rules, on the way."""

from typing import Any

import pyarrow
import pytest

from yibaolang.engine.rulebook import read
from yibaolang.population.evaluate import population

FACTORS = """
input k1: number
input k2: number
input k3: number
input k4: number
"""
SMALL = FACTORS + "region 甲市\ncredit pension * k1 * k2 * k3 * k4 + 10元"
"""Of four numbers with millionths, 10 yuan are 10**27 over the denominator."""

FINE = """
input bonus: money
define fine = bonus / 999983 / 999979 / 999961 / 999959
region 甲市
credit max(5元, fine)
deduct (fine - fine + 1元) for "fee"
"""
REGIONS = FACTORS + "".join(
    f"region {region}\ncredit pension * k1 * k2 * k3 * {last}\n"
    for region, last in [("甲市", "k4 + 10元"), ("乙市", "2 + 10元"), ("丙市", "3 + 20元")]
)
FEW = [["100", "0.000001"], ["3000", "1"], ["0", "0"], ["900000", "0.000007"]]


def people(rows: list[list[str]], region: list[str]) -> Any:
    """People with four equal factors."""
    amounts, factors = zip(*rows, strict=True)
    columns = {"pension": amounts, "region": region}
    return pyarrow.table(columns | {f"k{number}": factors for number in (1, 2, 3, 4)})


@pytest.mark.parametrize("rules", [SMALL, REGIONS])
@pytest.mark.parametrize("figure", ["credit", "net credit"])
def test_constants_beyond_64_bits(rules: str, figure: str) -> None:
    both(read(rules), people(FEW, ["甲市"] * 4), figure)


def test_a_table_of_constants_of_which_some_are_beyond_64_bits() -> None:
    rows = [row for row in FEW for _ in range(3)]
    both(read(REGIONS), people(rows, ["甲市", "乙市", "丙市"] * 4), "credit")


def test_a_fraction_too_fine_for_64_bits() -> None:
    whole = pyarrow.table({"bonus": [row[0] for row in FEW], "region": ["甲市"] * 4})
    both(read(FINE), whole, "credit", [500, 500, 500, 500])
    both(read(FINE), whole, "deduct", [100, 100, 100, 100])


@pytest.mark.parametrize("far", [
    "months from (2200-12-31 + 3000000天) to today",
    "months from (1900-01-01 - 3000000天) to today",
    "(2200-12-31 + 3000000天) + 1 month", "age as of (2200-12-31 + 3000000天)",
    "months from (today + 9999 years) to birth", "birth + 999999999999999天",
    "1元 if (2200-12-31 + 3000000天) > birth, otherwise 2元",
])  # fmt: skip
def test_a_day_that_does_not_exist(far: str) -> None:
    born = pyarrow.table({"birth": ["1900-01-01", "2000-02-29", None]})
    both(read(f"define far = {far}"), born, "far")


def both(rules: Any, table: Any, figure: str, expected: list[int] | None = None) -> None:
    """Both engines say the same, and that is what is expected."""
    native = population(rules, table, figure, on="2024-06-01", engine="native").to_pylist()
    reference = population(rules, table, figure, on="2024-06-01", engine="reference").to_pylist()
    assert native == reference
    if expected is not None:
        assert [row[f"{figure}_fen"] for row in native] == expected
