"""On which day a rule posts, and on which day it looks at the facts."""

from datetime import date

from yibaolang.language.source import Place
from yibaolang.model.arms import Arm, When
from yibaolang.model.calendar import (
    add_months,
    clamp_day,
    first_of_month,
    last_of_month,
    months_remaining,
    year_start,
)


def insurance_year(asked: date, month: int, day: int) -> tuple[date, date]:
    """The first day of the insurance year that holds a day, and of the next one.

    >>> insurance_year(date(2024, 6, 30), 7, 1)
    (datetime.date(2023, 7, 1), datetime.date(2024, 7, 1))
    """
    start = year_start(asked, month, day)
    return start, clamp_day(start.year + 1, month, day)


def date_of_word(word: str, day: date, when: When) -> date:
    """The day that a date word means, seen from `day`; ValueError for an unknown word."""
    if word == "first_of_month":
        return first_of_month(day)
    if word == "last_of_month":
        return last_of_month(day)
    if word == "last_of_last_month":
        return last_of_month(add_months(day, -1))
    if word == "year_start":
        return year_start(day, when.year_month, when.year_day)
    if word in ("today", "posting_day"):
        return day
    raise ValueError(f"unknown date word {word!r}")


def posting_date(when: When, asked: date | None, place: Place | None = None) -> date | None:
    """The day on which a rule posts in the month or insurance year that holds `asked`.

    None if the rule names no day or no day was asked. `by_day` counts as its latest day. Refusal
    YB439 at `place` (the rule's) if it moves before holidays and their calendar is not given.
    """
    posting = _posting_date(when, asked)
    if posting is None or when.holidays is None:
        return posting
    return when.holidays.last_worked(posting, place)


def posting_of(arm: Arm, asked: date | None) -> date | None:
    """The posting day of a rule, as `posting_date` finds it."""
    return posting_date(arm.when, asked, arm.rule.written.place)


def _posting_date(when: When, asked: date | None) -> date | None:
    if asked is None or not when.frequency or when.day_kind == "none":
        return None
    start = asked
    if when.frequency == "yearly":
        start = year_start(asked, when.year_month, when.year_day)
    if when.day_kind == "word":
        return date_of_word(when.word, start, when)
    if when.day_kind == "monthday":
        posting = clamp_day(start.year, when.month, when.day)
        before = when.frequency == "yearly" and posting < start
        return clamp_day(start.year + 1, when.month, when.day) if before else posting
    return clamp_day(start.year, start.month, when.day)


def today_for(when: When, asked: date | None, posting: date | None) -> date | None:
    """The day that a rule looks at: as assessed, else the posting day, else the day asked."""
    day = asked if posting is None else posting
    if day is None or not when.assessed:
        return day
    return date_of_word(when.assessed, day, when)


def counted_month(start: date, month_after: bool) -> date:
    """The first day of the month that is counted first in a prorated year.

    >>> counted_month(date(2024, 9, 15), True)
    datetime.date(2024, 10, 1)
    """
    return add_months(first_of_month(start), 1 if month_after else 0)


def prorated_months(
    when: When, month_after: bool, asked: date, posting: date | None, start: date
) -> tuple[int, date | None]:
    """How many months of 12 count from a start, 0 if the rule does not apply, and the posting day.

    It posts not before the start or its counted month, and not in the months before that.
    """
    counted = counted_month(start, month_after)
    begins, following = insurance_year(asked, when.year_month, when.year_day)
    if counted <= begins:
        return 12, posting
    # A year that begins within a month has a thirteenth month begin in it at most.
    months = min(12, months_remaining(counted, following)) if counted < following else 0
    if posting is None:
        return months, None
    posting = max(posting, counted, start)
    return (0 if posting > last_of_month(asked) else months), posting
