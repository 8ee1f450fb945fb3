"""Exact thresholds of days: when a number of months has passed."""

from datetime import date

from yibaolang.model.calendar import add_months
from yibaolang.population.fixed import day_of_number, number_of_day

_FIRST = number_of_day(date.min)
_LAST = number_of_day(date.max)


def cutoff(end: int, months: int) -> int:
    """The last day number from which so many months have passed on the day `end`.

    Who was born then or before has that age. The 29th of February is exact: of those born on it,
    the 28th of a common year is the anniversary (Civil Code art. 202).

    >>> [str(day_of_number(cutoff(number_of_day(date(2025, 2, day)), 12 * 17))) for day in (27, 28)]
    ['2008-02-27', '2008-02-29']

    Outside the calendar it is the first day but one before, or the last one: no day, or every day.
    """
    try:
        day = number_of_day(add_months(day_of_number(end), -months))
    except ValueError:
        return _FIRST - 1 if months > 0 else _LAST
    # Stepping is monotone, and stepping back may only have clamped the end's day.
    while day < _LAST and _passed(day + 1, months, end):
        day += 1
    return day


def _passed(start: int, months: int, end: int) -> bool:
    try:
        return number_of_day(add_months(day_of_number(start), months)) <= end
    except ValueError:
        return months < 0
