"""Calendar steps and counts, by hand-picked days and by their definitions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang.model.calendar import (
    add_months,
    add_years,
    clamp_day,
    days_between,
    days_in_month,
    first_of_month,
    is_leap,
    last_of_month,
    month_starts,
    months_between,
    months_remaining,
    parse_date,
    parse_month,
    parse_monthday,
    year_start,
    years_between,
)

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
MONTH_ENDS = DAYS.map(last_of_month)
NEAR_FEBRUARY = st.builds(clamp_day, st.integers(1990, 2030), st.just(2), st.integers(27, 29))
ANY_DAY = DAYS | MONTH_ENDS | NEAR_FEBRUARY
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "months", "stepped"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-01-31", 3, "2024-04-30"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-12-31", 1, "2025-01-31"),
        ("2024-01-15", -1, "2023-12-15"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-05-31", 0, "2024-05-31"),
    ],
)
def test_months_clamp(day: str, months: int, stepped: str) -> None:
    assert add_months(parse_date(day), months) == parse_date(stepped)


def test_years_and_months_are_one_step() -> None:
    born = date(2024, 2, 29)
    assert add_months(born, 12 * 1 + 1) == date(2025, 3, 29)
    assert add_months(add_years(born, 1), 1) == date(2025, 3, 28)


@pytest.mark.parametrize("months", [-(10**30), -24300, 12 * 7976, 10**30])
def test_steps_outside_the_calendar(months: int) -> None:
    with pytest.raises(ValueError, match="from 2024-01-01 is outside the calendar"):
        add_months(date(2024, 1, 1), months)


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        ("1954-06-20", "2024-06-19", 69),
        ("1954-06-20", "2024-06-20", 70),
        ("1964-02-29", "2034-02-27", 69),
        ("1964-02-29", "2034-02-28", 70),
        ("1964-02-29", "2036-02-28", 71),
        ("1964-02-29", "2036-02-29", 72),
        ("1964-02-28", "2036-02-28", 72),
        ("2024-01-01", "2024-01-01", 0),
        ("2024-01-02", "2024-01-01", -1),
        ("2024-06-15", "2023-06-15", -1),
        ("2024-06-15", "2023-06-14", -2),
        ("2024-02-29", "2023-02-28", -1),
        ("2024-02-29", "2023-02-27", -2),
    ],
)
def test_full_years(start: str, end: str, years: int) -> None:
    assert years_between(parse_date(start), parse_date(end)) == years


@given(ANY_DAY, ANY_DAY)
def test_full_years_are_the_most_that_fit(start: date, end: date) -> None:
    years = years_between(start, end)
    assert add_years(start, years) <= end < add_years(start, years + 1)


@given(ANY_DAY, ANY_DAY)
def test_full_months_are_the_most_that_fit(start: date, end: date) -> None:
    months = months_between(start, end)
    assert add_months(start, months) <= end < add_months(start, months + 1)
    assert months // 12 == years_between(start, end)


@given(ANY_DAY, st.integers(-1200, 1200))
def test_a_step_is_counted_back(day: date, months: int) -> None:
    stepped = add_months(day, months)
    assert months_between(day, stepped) == months
    assert stepped.day == min(day.day, days_in_month(stepped.year, stepped.month))


@given(ANY_DAY, st.integers(-40_000, 40_000))
def test_days(day: date, days: int) -> None:
    assert days_between(day, day + timedelta(days)) == days


@given(ANY_DAY)
def test_month_edges(day: date) -> None:
    first, last = first_of_month(day), last_of_month(day)
    assert first <= day <= last
    assert (first - ONE_DAY).month != day.month == first.month == last.month
    assert (last + ONE_DAY).day == 1
    assert days_in_month(day.year, day.month) == days_between(first, last) + 1


@pytest.mark.parametrize(("year", "leap"), [(1900, 0), (2000, 1), (2100, 0), (2023, 0), (2024, 1)])
def test_leap_years(year: int, leap: int) -> None:
    assert is_leap(year) == bool(leap)
    assert days_in_month(year, 2) == 28 + leap


@pytest.mark.parametrize(
    ("day", "clamped"),
    [(1, "2023-02-01"), (28, "2023-02-28"), (29, "2023-02-28"), (31, "2023-02-28")],
)
def test_a_posting_day_past_the_end(day: int, clamped: str) -> None:
    assert clamp_day(2023, 2, day) == parse_date(clamped)


@pytest.mark.parametrize(("month", "day"), [(0, 1), (13, 1), (-1, 1), (1, 0), (1, -1)])
def test_days_that_no_clamp_saves(month: int, day: int) -> None:
    with pytest.raises(ValueError):
        clamp_day(2023, month, day)


def test_month_starts() -> None:
    def starts(first: str, last: str) -> list[str]:
        return [str(day) for day in month_starts(parse_date(first), parse_date(last))]

    assert starts("2024-01-01", "2024-01-01") == ["2024-01-01"]
    assert starts("2024-01-31", "2024-02-01") == ["2024-01-01", "2024-02-01"]
    assert starts("2023-12-31", "2024-01-31") == ["2023-12-01", "2024-01-01"]
    assert len(starts("2024-01-01", "2024-12-31")) == 12
    assert starts("2024-02-01", "2024-01-31") == []


def test_the_calendar_ends_in_december_of_its_last_year() -> None:
    assert [*month_starts(date(9999, 12, 1), date(9999, 12, 31))] == [date(9999, 12, 1)]


@pytest.mark.parametrize(
    ("day", "begins", "start"),
    [
        ("2024-01-01", (1, 1), "2024-01-01"),
        ("2024-12-31", (1, 1), "2024-01-01"),
        ("2024-06-30", (7, 1), "2023-07-01"),
        ("2024-07-01", (7, 1), "2024-07-01"),
        ("2024-02-28", (2, 29), "2023-02-28"),
        ("2024-02-29", (2, 29), "2024-02-29"),
        ("2025-02-27", (2, 29), "2024-02-29"),
        ("2025-02-28", (2, 29), "2025-02-28"),
    ],
)
def test_insurance_years(day: str, begins: tuple[int, int], start: str) -> None:
    assert year_start(parse_date(day), *begins) == parse_date(start)


@pytest.mark.parametrize(
    ("first", "following", "months"),
    [
        ("2024-01-01", "2025-01-01", 12),
        ("2024-12-01", "2025-01-01", 1),
        ("2025-01-01", "2025-01-01", 0),
        ("2025-02-01", "2025-01-01", 0),
        ("2024-11-01", "2025-07-01", 8),
        ("2024-11-01", "2025-07-15", 9),
        ("2025-07-01", "2025-07-15", 1),
        ("2025-08-01", "2025-07-15", 0),
    ],
)
def test_months_remaining(first: str, following: str, months: int) -> None:
    assert months_remaining(parse_date(first), parse_date(following)) == months


@given(DAYS.map(first_of_month), DAYS)
def test_months_remaining_counts_month_starts(first: date, following: date) -> None:
    assert months_remaining(first, following) == len([*month_starts(first, following - ONE_DAY)])


@given(DAYS)
def test_dates_are_read_in_both_forms(day: date) -> None:
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day.year}年{day.month}月{day.day}日") == day
    assert parse_date(f"{day.year}年{day.month:02}月{day.day:02}日") == day
    assert parse_month(day.isoformat()[:7]) == (day.year, day.month)
    assert parse_month(f"{day.year}年{day.month}月") == (day.year, day.month)
    assert parse_monthday(day.isoformat()[5:]) == (day.month, day.day)
    assert parse_monthday(f"{day.month}月{day.day}日") == (day.month, day.day)


def test_the_years_of_dates_are_bounded() -> None:
    assert parse_date("1900-01-01") == date(1900, 1, 1)
    assert parse_date("2200-12-31") == date(2200, 12, 31)
    assert parse_month("2200-12") == (2200, 12)
    for text in ("1899-12-31", "2201-01-01", "0000-01-01"):
        with pytest.raises(ValueError, match=rf"the year of {text} is outside 1900\.\.2200"):
            parse_date(text)
        with pytest.raises(ValueError, match=r"is outside 1900\.\.2200"):
            parse_month(text[:7])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2024-13-01", "2024-13-01 does not exist: a year has months 1 to 12"),
        ("2024-00-01", "2024-00-01 does not exist: a year has months 1 to 12"),
        ("2023-02-29", "2023-02-29 does not exist: that month has 28 days"),
        ("2024年4月31日", "2024年4月31日 does not exist: that month has 30 days"),
        ("2024-01-00", "2024-01-00 does not exist: that month has 31 days"),
        ("2024-1-1", "not a date: '2024-1-1'; write 2024-01-01 or 2024年1月1日"),
        ("", "not a date: ''; write 2024-01-01 or 2024年1月1日"),
    ],
)
def test_dates_that_are_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError) as refusal:
        parse_date(text)
    assert str(refusal.value) == reason


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-01\n",
        " 2024-01-01",
        "20240101",
        "24-01-01",
        "2024年1月1",
        "2024年001月1日",
        "\uff12\uff10\uff12\uff14-01-01",
        "2024-0\u0661-01",
        "2024/01/01",
    ],
)
def test_other_writings_are_no_dates(text: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        parse_date(text)


def test_months_and_days_of_the_year_that_are_refused() -> None:
    for text in ("2024-1", "2024", "2024年", "\uff12\uff10\uff12\uff14-01", "2024-01-01"):
        with pytest.raises(ValueError, match="not a month"):
            parse_month(text)
    with pytest.raises(ValueError, match="2024-13 does not exist"):
        parse_month("2024-13")
    for text in ("1-1", "0101", "01-01-01", "\uff11月1日"):
        with pytest.raises(ValueError, match="not a day of the year"):
            parse_monthday(text)
    for text in ("13-01", "00-01", "02-30", "04-31", "01-00", "2月30日"):
        with pytest.raises(ValueError, match=f"{text} does not exist"):
            parse_monthday(text)
