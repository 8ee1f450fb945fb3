"""The rule that populations are measured with: 30 regions, its people, and its result in NumPy.

From the project's own anchors of 2026-11-22 (hand-written kernels measured before there was a
compiler). A retiree has a rate of the region's average pension that depends on whether the region's
age for the sex is reached; an active person has a rate of the base, held between 60% and 300% of
the region's average wage. Everything is rounded half up to a fen, once.
"""

import importlib
from datetime import date
from typing import Any

ON = date(2025, 6, 30)
REGIONS = 30
_EPOCH = date(1970, 1, 1)
Columns = dict[str, Any]

AVG_PENSION = [310_000 + region * 7_351 for region in range(REGIONS)]
AVG_WAGE = [620_000 + region * 13_337 for region in range(REGIONS)]
OLD = [250 + region % 3 * 10 for region in range(REGIONS)]
YOUNG = [200 + region % 4 * 5 for region in range(REGIONS)]
ACTIVE = [200 + region % 2 * 25 for region in range(REGIONS)]
AGES = [(65 if region % 5 == 4 else 70, 70) for region in range(REGIONS)]
"""By region the age of men and of women; rates are in parts of 10,000, amounts in fen."""

NAMES = [f"region_{region:02}" for region in range(REGIONS)]


def rule_text() -> str:
    """The rule in the language, for every region."""
    return "\n".join(
        f"""region {NAMES[region]}
since 2025-01-01 until 2025-12-31 cite "benchmarks" attested "E"
param avg_pension
  2025-01-01 {AVG_PENSION[region] / 100:.2f}元
param avg_wage
  2025-01-01 {AVG_WAGE[region] / 100:.2f}元
define step = {AGES[region][0]}岁 if male, otherwise {AGES[region][1]}岁
retired and age >= step credit {OLD[region] / 100:g}% of avg_pension
retired and age < step credit {YOUNG[region] / 100:g}% of avg_pension
define base = min(max(contribution_base, 60% of avg_wage), 300% of avg_wage)
active credit {ACTIVE[region] / 100:g}% of base
"""
        for region in range(REGIONS)
    )


def cutoff(age: int) -> int:
    """The last birthday, in days since 1970, of those who have reached an age on the day."""
    return (date(ON.year - age, ON.month, ON.day) - _EPOCH).days


def people(count: int, seed: int = 7) -> Columns:
    """Columns of people as NumPy arrays: birth in days, status 1 for retired, sex 1 for women."""
    numpy: Any = importlib.import_module("numpy")
    draw = numpy.random.default_rng(seed)
    first, last = ((date(*each) - _EPOCH).days for each in ((1930, 1, 1), (2004, 12, 31)))
    birth = draw.integers(first, last, count, dtype=numpy.int32)
    age = 2025 - (1970 + birth / 365.2425)
    return {
        "birth": birth,
        "status": ((age > 60) | (draw.random(count) < 0.02)).astype(numpy.int8),
        "sex": draw.integers(0, 2, count, dtype=numpy.int8),
        "base": draw.integers(150_000, 4_000_000, count, dtype=numpy.int64),
        "region": draw.integers(0, REGIONS, count, dtype=numpy.int8),
    }


def as_arrow(columns: Columns) -> Any:
    """The same as a table of Arrow: choices as dictionaries, amounts in fen."""
    arrow: Any = importlib.import_module("pyarrow")

    def chosen(name: str, values: list[str]) -> Any:
        return arrow.DictionaryArray.from_arrays(arrow.array(columns[name]), arrow.array(values))

    return arrow.table(
        {
            "region": chosen("region", NAMES),
            "status": chosen("status", ["active", "retired"]),
            "sex": chosen("sex", ["male", "female"]),
            "birth": arrow.array(columns["birth"]).view(arrow.date32()),
            "contribution_base_fen": arrow.array(columns["base"]),
        }
    )


def tables() -> dict[str, Any]:
    """What each region's constants come to, as NumPy arrays."""
    numpy: Any = importlib.import_module("numpy")
    rates = numpy.stack([numpy.array(YOUNG), numpy.array(OLD)], 1)
    pension, wage = numpy.array(AVG_PENSION, numpy.int64), numpy.array(AVG_WAGE, numpy.int64)
    return {
        "cut": numpy.array([[cutoff(age) for age in both] for both in AGES], numpy.int32),
        "retired": (pension[:, None] * rates * 2 + 10_000) // 20_000,
        "low": 60 * wage,
        "high": 300 * wage,
        "active": numpy.array(ACTIVE, numpy.int64) * 2,
    }


def by_numpy(columns: Columns) -> Any:
    """The result in fen, as whole columns."""
    numpy: Any = importlib.import_module("numpy")
    found, region = tables(), columns["region"].astype(numpy.intp)
    old = (columns["birth"] <= found["cut"][region, columns["sex"]]).astype(numpy.intp)
    retired = found["retired"][region, old]
    held = numpy.clip(columns["base"] * 100, found["low"][region], found["high"][region])
    active = (held * found["active"][region] + 1_000_000) // 2_000_000
    return numpy.where(columns["status"] == 1, retired, active)
