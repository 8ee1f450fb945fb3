"""All example regions and synthetic people: native code says what the reference engine says."""

import random
from datetime import date, timedelta
from typing import Any

import pyarrow
import pytest

from yibaolang.engine.rulebook import library
from yibaolang.population.evaluate import population

FIGURES = ["credit", "deduct", "net credit", "wait for cover", "lifetime_benefit", "age"]
EDGES = [
    date(1954, 2, 28), date(1964, 2, 29), date(1974, 6, 30), date(1954, 6, 1), date(1979, 7, 1),
    date(1989, 6, 15), date(2008, 2, 29),
]  # fmt: skip
RULES = library()


def made(count: int, seed: int) -> Any:
    """People of every region, with gaps and edges, as Arrow columns of the plainest types."""
    draw = random.Random(seed)

    def some(value: Any, one_in: int = 10) -> Any:
        return None if draw.randrange(one_in) == 0 else value

    def day(first: date, last: date) -> date:
        if draw.randrange(3) == 0:
            return draw.choice(EDGES)
        return first + timedelta(days=draw.randrange((last - first).days))

    def column(make: Any, type_: Any = None) -> Any:
        return pyarrow.array([some(make()) for _ in range(count)], type_)

    regions = sorted(RULES.book.regions)
    statuses = ["active", "退休", "retired", "flexible", "resident", "居民"]
    fens = [0, 1, 333_333, 10**8, 10**8 + 1, 500_000]
    return pyarrow.table({
        "account": [f"{seed}-{number}" for number in range(count)],
        "region": column(lambda: draw.choice(regions)).dictionary_encode(),
        "sex": column(lambda: draw.choice(["male", "女", "female"])),
        "status": column(lambda: draw.choice(statuses)).dictionary_encode(),
        "birth": column(lambda: day(date(1930, 1, 1), date(2010, 1, 1))),
        "contribution_base_fen": column(
            lambda: draw.choice(fens) if draw.randrange(9) == 0 else draw.randrange(4_000_000),
            pyarrow.int64(),
        ),
        "pension": column(lambda: f"{draw.randrange(20000)}.{draw.randrange(100):02}"),
        "contribution_years": column(lambda: f"{draw.randrange(40)}年"),
        "enrolled_on": column(lambda: day(date(1990, 1, 1), date(2025, 1, 1))),
    })  # fmt: skip


def check(people: Any, **asked: Any) -> None:
    """Both engines on the same people."""
    native = population(RULES, people, FIGURES, engine="native", **asked)
    reference = population(RULES, people, FIGURES, engine="reference", **asked)
    assert native.schema.names == reference.schema.names
    assert native["account"] == people["account"]
    for name in native.schema.names:
        one, other = native[name].to_pylist(), reference[name].to_pylist()
        assert one == other, name


@pytest.mark.parametrize("on", ["2024-06", "2024-02-29", "2023-12", "2022-08-15"])
def test_all_example_regions(on: str) -> None:
    check(made(120, 1), on=on)


def test_each_month_of_a_span() -> None:
    check(made(40, 2), first="2023-12", last="2024-02")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25))
def test_all_example_regions_on_many_people(seed: int) -> None:
    check(made(4000, 100 + seed), on=["2024-06", "2023-02", "2025-01-31"][seed % 3])
