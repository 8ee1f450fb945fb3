"""Bars: their lengths to an eighth of a character."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang.language.display import width
from yibaolang.report.charts import bars

BLOCKS = "▏▎▍▌▋▊▉█"
FEN = st.integers(-(10**12), 10**12)


def eighths(bar: str) -> int:
    return sum(BLOCKS.index(each) + 1 for each in bar)


@pytest.mark.parametrize(
    ("values", "columns", "ambiguous", "expected"),
    [
        ([], 20, 1, []),
        ([0, -1], 20, 1, ["", ""]),
        ([100, 50], 20, 1, ["█" * 20, "█" * 10]),
        ([100, 50], 20, 2, ["█" * 10, "█" * 5]),
        ([8, 7, 6, 5, 4, 3, 2, 1], 1, 1, ["█", "▉", "▊", "▋", "▌", "▍", "▎", "▏"]),
        ([16, 1], 1, 1, ["█", "▏"]),
        ([10**12, 1], 2, 1, ["██", "▏"]),
    ],
)
def test_bars(values: list[int], columns: int, ambiguous: int, expected: list[str]) -> None:
    assert bars(values, columns, ambiguous) == expected


@pytest.mark.parametrize("ambiguous", [1, 2])
@given(values=st.lists(FEN, min_size=1, max_size=8))
def test_a_bar_is_as_long_as_its_share(ambiguous: int, values: list[int]) -> None:
    most = max(values)
    for value, bar in zip(values, bars(values, 20, ambiguous), strict=True):
        assert width(bar, ambiguous) <= 20
        if value <= 0:
            assert bar == ""
            continue
        exact = Fraction(160 // ambiguous * value, most)
        assert abs(eighths(bar) - exact) <= Fraction(1, 2) or (exact < 1 and eighths(bar) == 1)
