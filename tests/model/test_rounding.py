"""Rounding against the standard library's decimal and fractions, which share no code with it."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang.model.rounding import MODES, python_expression, round_quotient, round_to

NUMERATORS = st.integers(-(10**40), 10**40) | st.integers(-50, 50)
DENOMINATORS = st.integers(1, 10**12) | st.integers(1, 12)
DECIMAL_MODES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}


def expected(value: Fraction, mode: str) -> int:
    """The rounding by its definition, on fractions."""
    low, high = floor(value), ceil(value)
    toward, away = (low, high) if value >= 0 else (high, low)
    if mode == "down":
        return toward
    if mode == "up":
        return away
    if abs(value - toward) != abs(away - value):
        return toward if abs(value - toward) < abs(away - value) else away
    if mode == "half_up":
        return away
    return low if low % 2 == 0 else high


@pytest.mark.parametrize(
    ("mode", "halves"),
    [
        ("half_up", [-3, -2, -2, -1, -1, 0, 1, 1, 2, 2, 3]),
        ("half_even", [-2, -2, -2, -1, 0, 0, 0, 1, 2, 2, 2]),
        ("up", [-3, -2, -2, -1, -1, 0, 1, 1, 2, 2, 3]),
        ("down", [-2, -2, -1, -1, 0, 0, 0, 1, 1, 2, 2]),
    ],
)
def test_halves_of_minus_five_to_five(mode: str, halves: list[int]) -> None:
    assert [round_quotient(numerator, 2, mode) for numerator in range(-5, 6)] == halves


@given(NUMERATORS, DENOMINATORS, st.sampled_from(MODES))
def test_agrees_with_the_definition(numerator: int, denominator: int, mode: str) -> None:
    value = Fraction(numerator, denominator)
    assert round_quotient(numerator, denominator, mode) == expected(value, mode)


@given(st.integers(-(10**20), 10**20), st.integers(0, 8), st.sampled_from(MODES))
def test_agrees_with_decimal(digits: int, places: int, mode: str) -> None:
    with localcontext() as context:
        context.prec = 60
        value = Decimal(digits).scaleb(-places)
        rounded = int(value.to_integral_value(DECIMAL_MODES[mode]))
    assert round_quotient(digits, 10**places, mode) == rounded


@given(NUMERATORS, DENOMINATORS, st.sampled_from(MODES))
def test_the_sign_changes_nothing_else(numerator: int, denominator: int, mode: str) -> None:
    rounded = round_quotient(numerator, denominator, mode)
    assert round_quotient(-numerator, denominator, mode) == -rounded


@given(NUMERATORS, DENOMINATORS, st.integers(1, 10**6), st.sampled_from(MODES))
def test_round_to_gives_the_nearest_multiple(
    number: int, denominator: int, unit: int, mode: str
) -> None:
    value = Fraction(number, denominator * unit)
    assert round_to(number, denominator, unit, mode) == expected(value, mode) * unit


@given(NUMERATORS, DENOMINATORS, st.sampled_from(MODES))
def test_generated_python_rounds_alike(numerator: int, denominator: int, mode: str) -> None:
    rounded = round_quotient(numerator, denominator, mode)
    for source, names in (("n", {"n": numerator}), ("a - b", {"a": numerator + 3, "b": 3})):
        text = python_expression(mode, source, denominator)
        assert eval(text, {}, names) == rounded
        assert eval(f"7 * -{text}", {}, names) == -7 * rounded


@given(st.integers(0, 10**40), DENOMINATORS, st.sampled_from(MODES))
def test_generated_python_for_what_is_never_negative(
    numerator: int, denominator: int, mode: str
) -> None:
    text = python_expression(mode, "n", denominator, nonnegative=True)
    assert eval(text, {}, {"n": numerator}) == round_quotient(numerator, denominator, mode)


@given(st.integers(-40, 40), st.integers(1, 16), st.sampled_from(MODES))
def test_every_small_case_of_generated_python(numerator: int, denominator: int, mode: str) -> None:
    text = python_expression(mode, "n", denominator)
    assert eval(text, {}, {"n": numerator}) == expected(Fraction(numerator, denominator), mode)


@pytest.mark.parametrize(
    ("mode", "nonnegative", "text"),
    [
        ("half_up", True, "((n + 50) // 100)"),
        ("half_up", False, "((n + 50 - (n < 0)) // 100)"),
        ("half_even", True, "(n // 100 + (n % 100 + (n // 100 & 1) > 50))"),
        ("up", True, "((n + 99) // 100)"),
        ("up", False, "((n + 99 * (n > 0)) // 100)"),
        ("down", True, "(n // 100)"),
        ("down", False, "((n + 99 * (n < 0)) // 100)"),
    ],
)
def test_the_text_of_generated_python(mode: str, nonnegative: bool, text: str) -> None:
    assert python_expression(mode, "n", 100, nonnegative=nonnegative) == text


@pytest.mark.parametrize("mode", MODES)
def test_nothing_to_round_over_one(mode: str) -> None:
    assert python_expression(mode, "n", 1) == "(n)"
    assert python_expression(mode, "(a) - (b)", 1) == "((a) - (b))"


def test_what_is_refused() -> None:
    for denominator in (0, -1):
        with pytest.raises(ValueError, match="denominator must be positive"):
            round_quotient(1, denominator, "up")
        with pytest.raises(ValueError, match="denominator must be positive"):
            python_expression("up", "n", denominator)
        with pytest.raises(ValueError, match="unit must be positive"):
            round_to(1, 1, denominator, "up")
    for mode in ("", "HALF_UP", "nearest"):
        with pytest.raises(ValueError, match="unknown rounding mode"):
            round_quotient(1, 2, mode)
        with pytest.raises(ValueError, match="unknown rounding mode"):
            python_expression(mode, "n", 2)
