"""The bounds themselves; each room tests its own at the bound and one past it."""

import pytest
from attrs import asdict, evolve
from attrs.exceptions import FrozenInstanceError

from yibaolang.model.limits import LIMITS, Limits


def test_the_bounds() -> None:
    assert asdict(LIMITS) == {
        "source_bytes": 4_194_304,
        "tokens": 1_000_000,
        "nesting": 100,
        "integer_digits": 15,
        "decimals": 6,
        "first_year": 1900,
        "last_year": 2200,
        "string_bytes": 4096,
        "include_depth": 16,
        "include_files": 256,
        "steps_per_event": 100_000,
        "trace_lines": 10_000,
        "diagnostics": 30,
    }


def test_a_file_of_thirty_thousand_lines_fits() -> None:
    assert LIMITS.tokens // 30_000 >= 30
    assert LIMITS.source_bytes // 30_000 >= 120


@pytest.mark.parametrize("name", asdict(LIMITS))
def test_a_bound_is_positive(name: str) -> None:
    smallest = evolve(LIMITS, **{"first_year": 1, name: 1})
    assert getattr(smallest, name) == 1
    with pytest.raises(ValueError, match=f"the limit {name} must be at least 1, not 0"):
        evolve(LIMITS, **{name: 0})


def test_the_years_are_in_order() -> None:
    assert Limits(first_year=2200).first_year == 2200
    with pytest.raises(ValueError, match="first_year 2201 is after last_year 2200"):
        Limits(first_year=2201)


@pytest.mark.parametrize("name", asdict(LIMITS))
def test_nobody_moves_a_bound(name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(LIMITS, name, 1_000)
