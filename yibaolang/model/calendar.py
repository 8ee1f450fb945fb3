"""Calendar arithmetic on `datetime.date`: months, full years, month edges, insurance years.

The rules are those of the Civil Code of the PRC on periods (arts. 200 to 204): periods follow
the Gregorian calendar; a period of years or months ends on the corresponding day of its last
month, and on that month's last day where there is none (art. 202); the day on which a period of
days begins is not counted (art. 201); a statute or an agreement may say otherwise (art. 204),
which a region's rules then write out.
"""

import re
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date

from yibaolang.model.limits import LIMITS

_MONTH_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATE = r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"
_MONTH = r"([0-9]{4})-([0-9]{2})|([0-9]{4})年([0-9]{1,2})月"
_MONTHDAY = r"([0-9]{2})-([0-9]{2})|([0-9]{1,2})月([0-9]{1,2})日"


def add_months(day: date, months: int) -> date:
    """Step a number of months forward (or back), clamped to the month's last day.

    n years and m months are one step of 12n + m (Civil Code art. 202). Two steps can land
    earlier than their sum, because each of them clamps.

    Raises ValueError when the year leaves what `datetime.date` holds.

    >>> add_months(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    >>> add_months(date(2024, 2, 29), -12)
    datetime.date(2023, 2, 28)
    >>> add_months(date(2024, 1, 1), 12 * 8000)
    Traceback (most recent call last):
        ...
    ValueError: 96000 months from 2024-01-01 is outside the calendar
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f"{months} months from {day} is outside the calendar")
    return clamp_day(year, month + 1, day.day)


def add_years(day: date, years: int) -> date:
    """Step a number of years, as 12 months each; 29 February falls on the 28th where it must.

    Raises ValueError when the year leaves what `datetime.date` holds.

    >>> add_years(date(1964, 2, 29), 70)
    datetime.date(2034, 2, 28)
    """
    return add_months(day, 12 * years)


def years_between(start: date, end: date) -> int:
    """Count full years: the largest n with add_years(start, n) <= end.

    This is age in full years: it rises on the birthday, and for those born on 29 February on
    28 February of a common year (Civil Code art. 202). An end before the start gives the floor,
    so one day before is -1.

    >>> years_between(date(1954, 6, 20), date(2024, 6, 19)), years_between(
    ...     date(1954, 6, 20), date(2024, 6, 20))
    (69, 70)
    >>> years_between(date(1964, 2, 29), date(2034, 2, 28))
    70
    >>> years_between(date(2024, 1, 2), date(2024, 1, 1))
    -1
    """
    years = end.year - start.year
    month = end.month
    if month != start.month:
        return years if month > start.month else years - 1
    if end.day >= start.day:
        return years
    # Within one month only February has days that an anniversary can lack.
    if month == 2 and start.day == 29 and end.day == 28 and not is_leap(end.year):
        return years
    return years - 1


def months_between(start: date, end: date) -> int:
    """Count full months: the largest n with add_months(start, n) <= end (Civil Code art. 202).

    >>> months_between(date(2024, 1, 31), date(2024, 2, 29))
    1
    >>> months_between(date(2024, 1, 31), date(2024, 3, 30))
    1
    >>> months_between(date(2024, 1, 2), date(2024, 1, 1))
    -1
    """
    months = 12 * (end.year - start.year) + end.month - start.month
    if end.day >= start.day or end.day == days_in_month(end.year, end.month):
        return months
    return months - 1


def days_between(start: date, end: date) -> int:
    """Count the days from start to end; the first day is not counted (Civil Code art. 201).

    >>> days_between(date(2024, 2, 28), date(2024, 3, 1))
    2
    >>> days_between(date(2024, 3, 1), date(2024, 2, 28))
    -2
    """
    return (end - start).days


def is_leap(year: int) -> bool:
    """Say whether a Gregorian year has a 29 February.

    >>> [year for year in (1900, 2000, 2023, 2024) if is_leap(year)]
    [2000, 2024]
    """
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Give the number of days of a month (1 to 12).

    >>> days_in_month(2024, 2), days_in_month(2023, 2)
    (29, 28)
    """
    return 29 if month == 2 and is_leap(year) else _MONTH_DAYS[month]


def first_of_month(day: date) -> date:
    """Give the first day of the month that holds a day.

    >>> first_of_month(date(2024, 2, 20))
    datetime.date(2024, 2, 1)
    """
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """Give the last day of the month that holds a day.

    >>> last_of_month(date(2024, 2, 20))
    datetime.date(2024, 2, 29)
    """
    return day.replace(day=days_in_month(day.year, day.month))


def clamp_day(year: int, month: int, day: int) -> date:
    """Give a day of a month; a posting day past the month's end falls on its last day.

    Raises ValueError for a day below 1 and for a month or a year that does not exist.

    >>> clamp_day(2023, 2, 31), clamp_day(2023, 3, 31)
    (datetime.date(2023, 2, 28), datetime.date(2023, 3, 31))
    >>> clamp_day(2023, 13, 1)
    Traceback (most recent call last):
        ...
    ValueError: month must be in 1..12, not 13
    """
    if not 1 <= month <= 12:
        raise ValueError(f"month must be in 1..12, not {month}")
    return date(year, month, min(day, days_in_month(year, month)))


def month_starts(first: date, last: date) -> Iterator[date]:
    """Give the first day of every month that the days from first to last touch, in order.

    The month of `first` is included even when `first` is not its first day: a ledger that
    opens on the 15th still meets that month's posting day on the 20th.

    >>> [str(start) for start in month_starts(date(2024, 11, 15), date(2025, 1, 1))]
    ['2024-11-01', '2024-12-01', '2025-01-01']
    >>> list(month_starts(date(2024, 2, 2), date(2024, 2, 1)))
    []
    """
    if first > last:
        return
    begin, end = 12 * first.year + first.month - 1, 12 * last.year + last.month - 1
    for index in range(begin, end + 1):
        yield date(index // 12, index % 12 + 1, 1)


def year_start(day: date, month: int, day_of_month: int) -> date:
    """Give the start of the insurance year that holds `day` and begins each month-day.

    A year that begins on 29 February begins on the 28th of a common year.

    Raises ValueError when the month or the day does not exist.

    >>> year_start(date(2024, 6, 30), 7, 1), year_start(date(2024, 7, 1), 7, 1)
    (datetime.date(2023, 7, 1), datetime.date(2024, 7, 1))
    """
    start = clamp_day(day.year, month, day_of_month)
    return start if start <= day else clamp_day(day.year - 1, month, day_of_month)


def months_remaining(first_counted_month_start: date, next_year_start: date) -> int:
    """Count the months that begin from the first counted month up to the next insurance year.

    The next year's start is not counted. A yearly sum is prorated by this number over 12; it is
    0 when no month begins in between.

    Raises ValueError when the first date is not the first day of a month.

    >>> months_remaining(date(2024, 10, 1), date(2025, 1, 1))
    3
    >>> months_remaining(date(2025, 1, 1), date(2025, 1, 1))
    0
    >>> months_remaining(date(2024, 10, 2), date(2025, 1, 1))
    Traceback (most recent call last):
        ...
    ValueError: 2024-10-02 is not the first day of a month
    """
    first, following = first_counted_month_start, next_year_start
    if first.day != 1:
        raise ValueError(f"{first} is not the first day of a month")
    months = 12 * (following.year - first.year) + following.month - first.month
    return max(0, months + (following.day > 1))


def parse_date(text: str) -> date:
    """Read `2024-01-01` or `2024年1月1日`, in ASCII digits, nothing around it.

    Raises ValueError for another form, a day that does not exist, or a year outside the limits.

    >>> parse_date("2024-01-01") == parse_date("2024年1月1日")
    True
    >>> parse_date("2023-02-29")
    Traceback (most recent call last):
        ...
    ValueError: 2023-02-29 does not exist: that month has 28 days
    """
    year, month, day = _numbers(_DATE, text, "date", "2024-01-01 or 2024年1月1日")
    _check_year(year, text)
    _check_month(month, text)
    _check_day(day, days_in_month(year, month), text)
    return date(year, month, day)


def parse_month(text: str) -> tuple[int, int]:
    """Read `2024-01` or `2024年1月` into (year, month).

    Raises ValueError for another form, a month that does not exist, or a year outside the limits.

    >>> parse_month("2024年1月")
    (2024, 1)
    >>> parse_month("1899-12")
    Traceback (most recent call last):
        ...
    ValueError: the year of 1899-12 is outside 1900..2200
    """
    year, month = _numbers(_MONTH, text, "month", "2024-01 or 2024年1月")
    _check_year(year, text)
    _check_month(month, text)
    return year, month


def parse_monthday(text: str) -> tuple[int, int]:
    """Read `01-01` or `1月1日`, a day of every year, into (month, day); 02-29 is allowed.

    Raises ValueError for another form or a day that no year has.

    >>> parse_monthday("12-31"), parse_monthday("2月29日")
    ((12, 31), (2, 29))
    >>> parse_monthday("02-30")
    Traceback (most recent call last):
        ...
    ValueError: 02-30 does not exist: that month has 29 days
    """
    month, day = _numbers(_MONTHDAY, text, "day of the year", "01-01 or 1月1日")
    _check_month(month, text)
    # Any leap year stands for all of them.
    _check_day(day, days_in_month(2000, month), text)
    return month, day


def _numbers(pattern: str, text: str, what: str, forms: str) -> list[int]:
    match = re.fullmatch(pattern, text)
    if match is None:
        raise ValueError(f"not a {what}: {text[:40]!r}; write {forms}")
    return [int(digits) for digits in match.groups() if digits is not None]


def _check_year(year: int, text: str) -> None:
    if not LIMITS.first_year <= year <= LIMITS.last_year:
        bounds = f"{LIMITS.first_year}..{LIMITS.last_year}"
        raise ValueError(f"the year of {text} is outside {bounds}")


def _check_month(month: int, text: str) -> None:
    if not 1 <= month <= 12:
        raise ValueError(f"{text} does not exist: a year has months 1 to 12")


def _check_day(day: int, last: int, text: str) -> None:
    if not 1 <= day <= last:
        raise ValueError(f"{text} does not exist: that month has {last} days")
