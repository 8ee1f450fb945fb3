"""When a figure is asked for: on a day, in a month, or over a span of days."""

from collections.abc import Iterator
from datetime import date

from attrs import frozen

from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.lexer import fold
from yibaolang.model.calendar import (
    first_of_month,
    last_of_month,
    month_starts,
    parse_date,
    parse_month,
)
from yibaolang.model.entries import day_of
from yibaolang.model.limits import LIMITS

Moment = str | date | None
"""A day or month as text, a day, or nothing."""


@frozen
class Asked:
    """`kind` is none (no date), day, month or span; `first` and `last` are its days.

    A span by the month is asked for a row a month.
    """

    kind: str
    first: date | None
    last: date | None
    by_month: bool = False

    @classmethod
    def never(cls) -> "Asked":
        """Without a date: enough where nothing depends on one."""
        return cls("none", None, None)

    @classmethod
    def on(cls, day: date) -> "Asked":
        """On a day."""
        return cls("day", day, day)

    @classmethod
    def month(cls, day: date) -> "Asked":
        """In the month of a day."""
        return cls("month", first_of_month(day), last_of_month(day))

    @classmethod
    def year(cls, year: int, by_month: bool = False) -> "Asked":
        """Over a calendar year."""
        return cls("span", date(year, 1, 1), date(year, 12, 31), by_month)

    @classmethod
    def span(cls, first: date, last: date) -> "Asked":
        """Over the days from first to last, both inclusive."""
        return cls("span", first, last)

    def months(self) -> Iterator["Asked"]:
        """The months that the span touches, each cut to its days in the span."""
        if self.first is not None and self.last is not None:
            for start in month_starts(self.first, self.last):
                month = Asked.month(start)
                if month.first is not None and month.last is not None:
                    first, last = max(self.first, month.first), min(self.last, month.last)
                    yield Asked("month", first, last)

    def holds(self, day: date) -> bool:
        """Whether a day is in it."""
        return self.first is not None and self.last is not None and self.first <= day <= self.last

    def __str__(self) -> str:
        """2024-06-20, 2024-06, 2024 or 2024-06-01..2024-08-31."""
        if self.first is None or self.last is None:
            return ""
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        if self.kind == "day":
            return self.first.isoformat()
        if self == Asked.year(self.first.year, self.by_month):
            return f"{self.first.year:04}"
        return f"{self.first.isoformat()}..{self.last.isoformat()}"


def moment(literal: syntax.DateLiteral) -> Asked:
    """A day, or a month for a month's literal."""
    day = day_of(literal)
    return Asked.month(day) if literal.month_only else Asked.on(day)


def asked_by(period: syntax.Period | None, otherwise: Asked) -> Asked:
    """When a sentence asks for; `otherwise` if it does not say."""
    if period is None:
        return otherwise
    if period.kind == "on" and period.first is not None:
        return moment(period.first)
    if period.kind == "span" and period.first is not None and period.last is not None:
        return Asked.span(day_of(period.first), day_of(period.last))
    return Asked.year(period.year or 0, period.kind == "by_month")


def asked_for(on: Moment, in_year: int | None, first: Moment, last: Moment) -> Asked:
    """When is asked for, from what a program says; Refusal YB303 if it ends before it begins."""
    if in_year is not None:
        return Asked.year(in_year)
    if first is not None and last is not None:
        start, end = moment_of(first), moment_of(last)
        if start.first is not None and end.last is not None:
            if end.last < start.first:
                raise Refusal(diagnostic("YB303", None))
            return Asked.span(start.first, end.last)
    if on is not None:
        return moment_of(on)
    return Asked.never()


def moment_of(text: str | date) -> Asked:
    """A day or month, as in "2024-06-20", "2024-06" or 2024年6月; Refusal YB014 for no date."""
    if isinstance(text, date):
        return Asked.on(text)
    folded = fold(text.strip())
    for reading in (_month, _day):
        try:
            return reading(folded)
        except ValueError:
            continue
    first, last = LIMITS.first_year, LIMITS.last_year
    raise Refusal(diagnostic("YB014", None, text=text, first=first, last=last))


def _month(text: str) -> Asked:
    return Asked.month(date(*parse_month(text), 1))


def _day(text: str) -> Asked:
    return Asked.on(parse_date(text))
