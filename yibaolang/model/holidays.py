"""Holidays: which days are worked, from a calendar that is given as data.

Saturdays and Sundays are days of rest (State Council, working hours of employees, article 7); the
calendar of a year says which other days are, and which of them are worked instead.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from attrs import define, field

from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.source import Place

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@define(eq=False)
class Holidays:
    """The days of rest and the worked weekend days of the years that are given."""

    resting: set[date] = field(factory=set)
    working: set[date] = field(factory=set)

    def add(self, first: date, last: date, working: bool) -> None:
        """Say of the days between two, both inclusive, that they are worked or not."""
        days = self.working if working else self.resting
        days.update(_between(first, last))

    def works(self, day: date, place: Place | None = None) -> bool:
        """Whether a day is worked; Refusal YB439 if the calendar of its year is not given.

        `place` is of the rule that asks.

        >>> calendar = Holidays()
        >>> calendar.add(date(2024, 2, 10), date(2024, 2, 17), working=False)
        >>> calendar.works(date(2024, 2, 12)), calendar.works(date(2024, 2, 19))
        (False, True)
        """
        if not any(each.year == day.year for each in self.resting):
            raise Refusal(diagnostic("YB439", place, year=str(day.year)))
        if day in self.working:
            return True
        return day not in self.resting and day.weekday() < _SATURDAY

    def last_worked(self, day: date, place: Place | None = None) -> date:
        """The last day that is worked, up to a day; Refusal YB439, see `works`."""
        while not self.works(day, place):
            day -= _ONE_DAY
        return day


def _between(first: date, last: date) -> Iterable[date]:
    return (date.fromordinal(each) for each in range(first.toordinal(), last.toordinal() + 1))
