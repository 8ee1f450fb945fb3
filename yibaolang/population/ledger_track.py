"""A track: what happens to the accounts of one region between two days, as programs and a table.

Nothing here is decided anew: which program a bill runs, what time brings and in which order is
asked of `engine.programs`, as the reference engine does.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from attrs import define, field

from yibaolang.engine.events import PHASES
from yibaolang.engine.programs import PLAN_CHANGES, Item, Programs, Turn
from yibaolang.language.diagnostics import Refusal
from yibaolang.model.plan import Plans
from yibaolang.model.provisions import Close, Draw
from yibaolang.population import ledger_plans
from yibaolang.population.fixed import number_of_day
from yibaolang.population.ledger_asked import asked
from yibaolang.population.ledger_due import Due, Dues, Lacking
from yibaolang.population.ledger_programs import function, refusing
from yibaolang.population.ledger_reading import GIVEN
from yibaolang.population.ledger_shared import Shared
from yibaolang.population.ledger_text import MOST_FEN, Value
from yibaolang.population.ledger_years import Years
from yibaolang.population.lowered import cannot_lower
from yibaolang.program import instructions as step
from yibaolang.program.dates import insurance_year
from yibaolang.program.stepping import StepProgram

_ONE_DAY = timedelta(days=1)
RANKS = 256
"""A place in time is a day times this, and the place in the day, from 0."""

_FIRST_RANK, _IN_RANK = 16, 8
_FIRST = {"carry": 0, "correction": 1, "credit": 2, "deduct": 4, "interest": 6}
"""In a rank, what time brings is ordered by its name; what is due yearly comes before the other."""

_EVENT = 7
"""Then come the events."""

_YEAR_ENDS, _YEAR_BEGINS = -11, -10
"""Before all that has a rank: counters begin anew when the first thing of a day happens."""

YEAR, CHANGE, SNAPSHOT = "year", "interval", "snapshot"
"""What time does besides running programs: an insurance year begins, rules change, an insurance
year has ended, at whose end the cells are kept."""

DUE, LACKING, AWKWARD = "due ", "lacking", "awkward"
"""What is asked of the holder's facts: an amount, which the function behind the word posts; why
nothing can be posted, or 0; whether the reference engine must say what happens, or 0."""

_ANY_PHASE = "paying"
"""The phase of what does nothing."""

_ALONE = "", ""
"""The order of what nothing else has a place with."""


class Class(NamedTuple):
    """A class of events that one program settles: its kind, name and relation.

    `documents` are what was shown when an account is closed.
    """

    kind: str
    name: str
    relation: str
    documents: tuple[str, ...] = ()


class Timed(NamedTuple):
    """Something that time brings: its place, what orders it there, and what it does.

    `action` is the function that it calls, maybe after DUE, or another word of this module.
    `argument` is what that needs: how many days before today a program looks, or a number. What
    has an `on` comes on the day that this function finds, if it does, in this place of the day.
    """

    place: int
    order: tuple[str, str]
    action: str
    argument: int
    on: int | None = None


def place_of(day: date, rank: int, within: int = 0) -> int:
    """A place in time as one number: the day, the rank in it, and the place `within` that.

    >>> place_of(date(1970, 1, 2), 0, 3)
    387
    """
    return number_of_day(day) * RANKS + (rank + _FIRST_RANK) * _IN_RANK + within


def years_of(plans: Plans, first: date, last: date) -> list[date]:
    """The first day, and the days after it on which an insurance year begins, up to the last."""
    found, day = [first], first
    while True:
        day = insurance_year(day, *plans.year_from(day))[1]
        if day > last:
            return found
        found.append(day)


class Interval(NamedTuple):
    """Days between which no rule changes, both inclusive, and what time does there."""

    first: date
    last: date
    turn: Turn


@define(eq=False)
class Track:
    """The accounts of a region from a first to a last day, both inclusive."""

    programs: Programs
    plans: Plans
    shared: Shared
    first: date
    last: date
    as_listed: bool
    intervals: list[Interval] = field(init=False)
    dues: Dues = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.intervals = list(self._intervals())
        facts = self.shared.facts
        years = Years(self.plans, facts.people, facts.refusals)
        self.dues = Dues(years, self.first, self.last)

    def _intervals(self) -> Iterator[Interval]:
        for day in self.plans.between(self.first, self.last):
            since, until = self.plans.interval(day)
            first = self.first if since is None else max(self.first, since)
            last = self.last if until is None else min(self.last, until)
            yield Interval(first, last, self.programs.turn(self.plans, day))

    # ── events ──

    def ranks(self, classes: Sequence[Class]) -> list[int]:
        """The rank of each class in a day; Refusal YB480 if the order of a day changes."""
        found: list[list[int]] = []
        for interval in self.intervals:
            phases = [PHASES.get(each.kind, _ANY_PHASE) for each in classes]
            found.append([interval.turn.rank(each) for each in phases])
        if any(each != found[0] for each in found):
            rule = self.plans.provisions("phases", self.last)[0].rule
            raise cannot_lower(rule.written, "an order of the day that changes", "会改变的处理顺序")
        return [(rank + _FIRST_RANK) * _IN_RANK + _EVENT for rank in found[0]]

    def function(self, interval: Interval, each: Class) -> str:
        """The function of a class of events in an interval."""
        shared, layout = self.shared, self.programs.layout
        within = interval.first, interval.last
        shared.year_from = interval.turn.year_from
        if each.kind == "bill":
            try:
                program = self.programs.bill(
                    self.plans, interval.first, each.name, each.relation
                )
            except Refusal as refusal:
                return self._refusing(refusal)
            return function(shared, program.plan, GIVEN, each.relation, within)
        if each.kind == "void":
            return function(shared, ledger_plans.plan("void", (), 0))
        if each.kind == "closing":
            return self._closing(interval, each)
        if each.kind == "repaid":
            return function(shared, ledger_plans.repaid(layout), GIVEN[:1], "", within)
        plan = ledger_plans.of_event(layout, self.programs.buckets, each.kind, each.name)
        given = Value("%amount", -MOST_FEN, MOST_FEN) if each.kind == "adjust" else GIVEN[0]
        return function(shared, plan, (given,), "", within)

    def _closing(self, interval: Interval, each: Class) -> str:
        """The function of the end of an account."""
        programs, kind, region = self.programs, f"close {each.name}", self.plans.region
        try:
            found = self.plans.provisions(kind, interval.first)
        except Refusal as refusal:
            return self._refusing(refusal)
        rules = [rule for rule in found if isinstance(rule, Close)]
        plan = ledger_plans.closing(
            programs.layout, programs.buckets, kind, region, rules, each.documents
        )
        return function(self.shared, plan, (), "", (interval.first, interval.last))

    def _refusing(self, refusal: Refusal) -> str:
        """A function that refuses: the rules leave something open."""
        return refusing(self.shared, refusal.diagnostics[0])

    # ── time ──

    def passing(self, interval: Interval) -> str:
        """The function of days that pass; "" if they change nothing."""
        return self._timed(interval.turn.program("passing"), interval, (self._days(),))

    def _days(self) -> Value:
        return Value("%amount", 0, (self.last - self.first).days)

    def _timed(
        self, program: StepProgram | None, interval: Interval, given: tuple[Value, ...] = ()
    ) -> str:
        if program is None:
            return ""
        within = interval.first - _ONE_DAY, interval.last
        self.shared.year_from = interval.turn.year_from
        return function(self.shared, program.plan, given, "", within)

    def interval_of(self, day: date) -> Interval:
        """The interval that holds a day."""
        return next(each for each in self.intervals if each.first <= day <= each.last)

    def items(self, years: bool = False) -> list[Timed]:
        """What time brings, in order; with `years` the ends of insurance years, too.

        At the end is what comes on days that the holder's facts say.
        """
        found = [*self._years(), *self._changes()]
        if years:
            found += [
                Timed(place_of(each, _YEAR_ENDS), _ALONE, SNAPSHOT, number)
                for number, each in enumerate(self.years())
            ]
        for item in self.programs.items(self.plans, self.first, self.last):
            if item.kind != "plan" and item.day <= self.last:
                found += self._item(item)
        if not self.as_listed:
            found += self._due()
        return sorted(found, key=lambda each: (each.on is not None, *each[:2]))

    def _due(self) -> Iterator[Timed]:
        """What is due by figures, and what cannot be said."""
        for number, each in enumerate(self.dues.all()):
            turn = self.interval_of(each.day).turn
            rank = turn.rank("crediting" if each.figure == "credit" else "adjusting")
            order = each.figure, f"{number:06}"
            if isinstance(each, Due):
                yield self._posting(each, rank, order)
            elif each.status is not self.dues.years.make.zero:
                action = LACKING if isinstance(each, Lacking) else AWKWARD
                place = place_of(each.day, rank, _FIRST[each.figure] + 1)
                yield Timed(place, order, action, asked(self.shared, each.status))

    def _posting(self, due: Due, rank: int, order: tuple[str, str]) -> Timed:
        """A posting that is due, or why it cannot be said from which buckets it is taken."""
        shared, make = self.shared, self.dues.years.make
        within = _FIRST[due.figure] + (due.arm.when.frequency != "yearly")
        try:
            buckets = self._buckets(due)
        except Refusal as refusal:
            index = make.whole(shared.facts.refusals.of(refusal.diagnostics[0]))
            status = make.choose(due.applies, index, make.zero)
            return Timed(
                place_of(due.day, rank, within), order, LACKING, asked(shared, status)
            )
        plan = ledger_plans.due(shared.layout, due.figure, buckets, due.arm.rule)
        action = f"{DUE}{function(shared, plan, GIVEN[:1])}"
        if due.on is None:
            fen = asked(shared, due.fen, due.applies)
            return Timed(place_of(due.day, rank, within), order, action, fen)
        first = make.whole(number_of_day(self.first) - 1)
        on = asked(shared, make.less(due.on, first), due.applies)
        return Timed(place_of(self.first, rank, within), order, action,
                     asked(shared, due.fen), on)  # fmt: skip

    def _buckets(self, due: Due) -> tuple[str, ...]:
        """The bucket that a credit goes into, or those that a deduction is taken from."""
        buckets = self.programs.buckets
        if due.figure == "credit":
            return (due.arm.bucket or buckets[0],)
        draws = [
            rule
            for rule in self.plans.provisions("draw", due.day)
            if isinstance(rule, Draw) and not rule.before_cover
        ]
        return draws[0].buckets if len(draws) == 1 and draws[0].guard is None else buckets

    def _item(self, item: Item) -> Iterator[Timed]:
        interval = self.interval_of(item.day)
        turn = item.turn or interval.turn
        name = self._timed(turn.program(item.kind, item.month_day), interval)
        if name:
            order = item.kind, f"{item.month_day}"
            place = place_of(item.day, item.rank, _FIRST.get(item.kind, 0))
            yield Timed(place, order, name, int(item.turn is not None))

    def _years(self) -> Iterator[Timed]:
        """The days on which an insurance year begins: its counters begin anew."""
        year = insurance_year(self.first, *self.intervals[0].turn.year_from)
        day = self.first
        while True:
            changes = [each.first for each in self.intervals if each.first > day]
            day = min([year[1], *changes[:1]])
            if day > self.last:
                return
            before, year = year, insurance_year(day, *self.interval_of(day).turn.year_from)
            if year[0] != before[0]:
                yield Timed(place_of(day, _YEAR_BEGINS), _ALONE, YEAR, number_of_day(year[0]))

    def years(self) -> list[date]:
        """The first days of the insurance years that begin after the first day."""
        return years_of(self.plans, self.first, self.last)[1:]

    def year_start(self) -> date:
        """The first day of the insurance year in which the track begins."""
        return insurance_year(self.first, *self.intervals[0].turn.year_from)[0]

    def _changes(self) -> Iterator[Timed]:
        """The days on which rules change."""
        for number, each in enumerate(self.intervals[1:], 1):
            yield Timed(place_of(each.first, PLAN_CHANGES), _ALONE, CHANGE, number)

    def minima(self, number: int) -> list[int]:
        """The cells of least balances that an interval begins to keep."""
        turn = self.intervals[number].turn
        before = self.intervals[number - 1].turn.minima if number else frozenset[int]()
        return sorted(turn.minima - before)

    def looks(self, interval: Interval) -> bool:
        """Whether the end of a day is looked at, so that no day must end twice."""
        program = interval.turn.program("passing")
        return program is not None and any(
            isinstance(each, step.Store) for each in program.plan.steps
        )

    def by_day(self, interval: Interval) -> bool:
        """Whether each day that passes is looked at by itself."""
        return interval.turn.by_day
