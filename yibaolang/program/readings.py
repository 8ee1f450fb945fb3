"""What is read and not computed: facts, params by date or year, date words.

Each maker gives a function from a frame to a value and a remark: where the value is from. Plain
and explained evaluation share them.
"""

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from yibaolang.model.calendar import add_months, clamp_day, first_of_month, last_of_month
from yibaolang.model.core import (
    Absent,
    DateOf,
    DayOfYear,
    Expr,
    FactOf,
    Published,
    Row,
    StartOf,
)
from yibaolang.model.limits import LIMITS
from yibaolang.program.frame import (
    POSTING,
    TODAY,
    UNSET,
    YEAR_START,
    Background,
    Facts,
    Frame,
    Given,
    fact_on,
    start_of,
)
from yibaolang.program.novalue import NoValue, absent, no_value
from yibaolang.program.operations import over

Reading = Callable[[Frame], tuple[Any, object]]
"""From a frame to a value and a remark: "given", "fact", a Row, or ""."""

Piece = tuple[date, date, Row]
"""The first and last day of a row's time, up to the next row's, and the row."""


def needs_date(node: Expr) -> NoValue:
    """There is no today to look at (YB414)."""
    return no_value("YB414", node.written.place)


def facts_behind(frame: Frame, name: str) -> Facts:
    """All that is known under a name, whatever the date."""
    behind: Background = frame[-1]
    return behind.scenario.facts.get(name, ())


def missing_fact(node: FactOf, frame: Frame) -> NoValue:
    """Why a fact's slot is unset: nothing is known (YB401), or only with a date (YB414)."""
    if frame[TODAY] is None and facts_behind(frame, node.name):
        return needs_date(node)
    return no_value("YB401", node.written.place, name=node.name)


def read_fact(node: FactOf) -> Reading:
    """What a fact's slot holds."""

    def read(frame: Frame) -> tuple[Any, object]:
        value = fact_value(node, frame)
        known = facts_behind(frame, node.name)
        default = len(known) == 1 and known[0].default and known[0].value == value
        return over(value, node.denominator), "default" if default else "fact"

    return read


def fact_value(node: FactOf, frame: Frame) -> Any:
    """What is known, as it was given; raises NoValue if it is not, or not for this day (YB419)."""
    value = frame[node.slot]
    if value is UNSET:
        raise missing_fact(node, frame)
    behind: Background = frame[-1]
    if node.for_definition and behind.elsewhere:
        known = fact_on(facts_behind(frame, node.name), frame[TODAY])
        if known is None or known.undated:
            raise no_value("YB419", node.written.place, name=node.name)
    return value.value if isinstance(value, Given) else value


def pieces(rows: tuple[Row, ...]) -> list[Piece]:
    """The rows in order of time; a row ends when the next one begins, if not before.

    A row whose time is all taken by the next is left out.
    """
    ordered = sorted(rows, key=lambda row: row.since or date.min)
    found: list[Piece] = []
    for index, row in enumerate(ordered):
        since, until = row.since or date.min, row.until or date.max
        if index + 1 < len(ordered):
            following = ordered[index + 1].since or date.min
            if following == date.min:
                continue
            until = min(until, following - timedelta(days=1))
        if since <= until:
            found.append((since, until, row))
    return found


def value_of_row(node: Published, row: Row) -> Any:
    """The value that a row publishes; raises NoValue for a stated absence."""
    if isinstance(row.value, Absent):
        raise absent(row.value.kind, row.written.place, node.name)
    if node.denominator is None:
        return over(row.value, None)
    return row.value


def read_published(node: Published) -> Reading:
    """A param on today's date or in a year."""
    if node.year is not None or node.years_back >= 0:
        return _read_in_year(node)
    found = pieces(node.rows)
    starts = [since for since, _, _ in found]
    always = len(found) == 1 and found[0][:2] == (date.min, date.max)

    def read(frame: Frame) -> tuple[Any, object]:
        given = frame[node.slot]
        if given is not UNSET:
            value = given.value if isinstance(given, Given) else given
            return over(value, node.denominator), "given"
        today = frame[TODAY]
        if always:
            return value_of_row(node, found[0][2]), found[0][2]
        if today is None:
            raise needs_date(node)
        index = bisect_right(starts, today) - 1
        if index < 0 or found[index][1] < today:
            raise no_value("YB406", node.written.place, name=node.name, date=today.isoformat())
        row = found[index][2]
        return value_of_row(node, row), row

    return read


def row_within(node: Published, since: date, until: date) -> Row | None:
    """The row that holds on every day between two dates; None if none does, or it has no value."""
    if node.year is not None or node.years_back >= 0 or node.denominator is None:
        return None
    for first, last, row in pieces(node.rows):
        if first <= since and until <= last:
            return None if isinstance(row.value, Absent) else row
    return None


def _read_in_year(node: Published) -> Reading:
    found = pieces(node.rows)

    def read(frame: Frame) -> tuple[Any, object]:
        today = frame[TODAY]
        if node.year is None and today is None:
            raise needs_date(node)
        year = node.year if node.year is not None else today.year - node.years_back
        facts = facts_behind(frame, node.name)
        if facts:
            return over(_given_in_year(node, facts, year), node.denominator), "given"
        row = row_in_year(node, found, year)
        return value_of_row(node, row), row

    return read


def row_in_year(node: Published, found: list[Piece], year: int) -> Row:
    """The row whose value holds all through a calendar year; raises NoValue otherwise."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    within = [piece for piece in found if piece[0] <= last and first <= piece[1]]
    reached = first
    for since, until, _row in within:
        if since > reached:
            break
        if until >= last:
            reached = date.max
            break
        reached = until + timedelta(days=1)
    if reached <= last:
        raise no_value("YB406", node.written.place, name=node.name, date=reached.isoformat())
    row = within[0][2]
    if any(_published(each) != _published(row) for _, _, each in within):
        raise no_value("YB407", node.written.place, name=node.name, year=str(year))
    return row


def _published(row: Row) -> tuple[bool, Any]:
    return (True, row.value.kind) if isinstance(row.value, Absent) else (False, row.value)


def _given_in_year(node: Published, facts: Facts, year: int) -> Any:
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = {first, last}
    for fact in facts:
        days |= {fact.since} if fact.since and first <= fact.since <= last else set()
        if fact.until and first <= fact.until < last:
            days.add(fact.until + timedelta(days=1))
    values = []
    for day in sorted(days):
        fact_there = fact_on(facts, day)
        if fact_there is None:
            raise no_value("YB406", node.written.place, name=node.name, date=day.isoformat())
        values.append(fact_there.value)
    if any(value != values[0] for value in values):
        raise no_value("YB407", node.written.place, name=node.name, year=str(year))
    return values[0]


def read_start(node: StartOf) -> Reading:
    """Since when an input has had a value."""

    def read(frame: Frame) -> tuple[Any, object]:
        facts = facts_behind(frame, node.name)
        if not facts:
            raise no_value("YB401", node.written.place, name=node.name)
        start = start_of(facts, node.value, frame[TODAY])
        if start is None:
            raise no_value("YB415", node.written.place, name=node.name)
        return start, "fact"

    return read


def read_date(node: DateOf) -> Reading:
    """A date word, seen from today."""
    word = node.word
    if word not in ("today", "posting_day", "year_start", *_MONTH_WORDS):
        raise ValueError(f"unknown date word {word!r}")
    move = _MONTH_WORDS.get(word)

    def read(frame: Frame) -> tuple[Any, object]:
        if word == "posting_day":
            if frame[POSTING] is None:
                raise no_value("YB418", node.written.place)
            return frame[POSTING], ""
        day = frame[YEAR_START if word == "year_start" else TODAY]
        if day is None:
            raise needs_date(node)
        return (day if move is None else move(day)), ""

    return read


_MONTH_WORDS: dict[str, Callable[[date], date]] = {
    "first_of_month": first_of_month,
    "last_of_month": last_of_month,
    "last_of_last_month": lambda day: last_of_month(add_months(day, -1)),
}


def read_day_of_year(node: DayOfYear) -> Reading:
    """A month and day in today's year or a year before."""

    def read(frame: Frame) -> tuple[Any, object]:
        today = frame[TODAY]
        if today is None:
            raise needs_date(node)
        year = today.year - node.years_back
        if not LIMITS.first_year <= year <= LIMITS.last_year:
            raise no_value("YB416", node.written.place, date=today.isoformat())
        return clamp_day(year, node.month, node.day), ""

    return read


READINGS: dict[type[Expr], Callable[[Any], Reading]] = {
    FactOf: read_fact,
    Published: read_published,
    StartOf: read_start,
    DateOf: read_date,
    DayOfYear: read_day_of_year,
}
"""By class of node: how it is read."""
