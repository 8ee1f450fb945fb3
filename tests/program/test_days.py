"""Posting days, days looked at, insurance years."""

from datetime import date

import pytest

from tests.program.build import when
from yibaolang.model.arms import When
from yibaolang.program.dates import insurance_year, posting_date, today_for

ASKED = date(2024, 2, 15)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (when(), None),
        (when("monthly"), None),
        (when("once"), None),
        (when("monthly", "day", day=20), date(2024, 2, 20)),
        (when("monthly", "day", day=31), date(2024, 2, 29)),
        (when("monthly", "by_day", day=5), date(2024, 2, 5)),
        (when("monthly", "word", word="first_of_month"), date(2024, 2, 1)),
        (when("monthly", "word", word="last_of_month"), date(2024, 2, 29)),
        (when("monthly", "word", word="last_of_last_month"), date(2024, 1, 31)),
        (when("yearly", "monthday", 7, 1), date(2024, 7, 1)),
        (when("yearly", "monthday", 7, 1, year=(7, 1)), date(2023, 7, 1)),
        (when("yearly", "monthday", 1, 1, year=(7, 1)), date(2024, 1, 1)),
        (when("yearly", "monthday", 2, 29), date(2024, 2, 29)),
        (when("yearly", "monthday", 2, 29, year=(4, 1)), date(2024, 2, 29)),
        (when("yearly", "word", word="year_start", year=(7, 1)), date(2023, 7, 1)),
        (when("yearly", "word", word="year_start"), date(2024, 1, 1)),
        (when("yearly", "word", word="last_of_month", year=(7, 1)), date(2023, 7, 31)),
        (when("yearly", "day", day=10, year=(7, 1)), date(2023, 7, 10)),
    ],
)
def test_posting_date(rule: When, expected: date | None) -> None:
    assert posting_date(rule, ASKED) == expected
    assert posting_date(rule, None) is None


@pytest.mark.parametrize(
    ("assessed", "posting", "expected"),
    [
        ("", None, ASKED),
        ("", date(2024, 2, 20), date(2024, 2, 20)),
        ("first_of_month", None, date(2024, 2, 1)),
        ("last_of_month", None, date(2024, 2, 29)),
        ("last_of_last_month", date(2024, 3, 20), date(2024, 2, 29)),
        ("last_of_last_month", date(2024, 1, 20), date(2023, 12, 31)),
        ("posting_day", date(2024, 2, 20), date(2024, 2, 20)),
        ("posting_day", None, ASKED),
        ("year_start", None, date(2023, 7, 1)),
        ("year_start", date(2024, 7, 20), date(2024, 7, 1)),
    ],
)
def test_today_for(assessed: str, posting: date | None, expected: date) -> None:
    rule = when(assessed=assessed, year=(7, 1))
    assert today_for(rule, ASKED, posting) == expected


def test_nothing_is_looked_at_without_a_day() -> None:
    assert today_for(when(assessed="first_of_month"), None, None) is None


def test_an_unknown_word_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown date word"):
        today_for(when(assessed="soon"), ASKED, None)


@pytest.mark.parametrize(
    ("asked", "month", "day", "expected"),
    [
        (date(2024, 6, 30), 7, 1, (date(2023, 7, 1), date(2024, 7, 1))),
        (date(2024, 7, 1), 7, 1, (date(2024, 7, 1), date(2025, 7, 1))),
        (date(2024, 12, 31), 1, 1, (date(2024, 1, 1), date(2025, 1, 1))),
        (date(2023, 2, 28), 2, 29, (date(2023, 2, 28), date(2024, 2, 29))),
        (date(2024, 2, 28), 2, 29, (date(2023, 2, 28), date(2024, 2, 29))),
    ],
)
def test_insurance_year(asked: date, month: int, day: int, expected: tuple[date, date]) -> None:
    assert insurance_year(asked, month, day) == expected
