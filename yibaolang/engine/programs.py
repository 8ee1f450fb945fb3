"""The step programs of a book, made as they are needed, and when time runs them."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import frozen

from yibaolang.engine.figures import FigurePrograms
from yibaolang.engine.words import in_words
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.model.calendar import clamp_day, last_of_month, month_starts
from yibaolang.model.plan import Plans
from yibaolang.model.provisions import Phases
from yibaolang.model.scope import choosing
from yibaolang.program.instructions import StepPlan
from yibaolang.program.layout import POSTINGS, Layout
from yibaolang.program.settling import bill_plan
from yibaolang.program.stepping import StepProgram
from yibaolang.program.turning import EVERY, MonthDay, Turning

if TYPE_CHECKING:
    from yibaolang.engine.rulebook import RuleBook

_ONE_DAY = timedelta(days=1)
PLAN_CHANGES, LOOKED_AT, MONTH_TURNS, MOVES = -4, -3, -2, -1
"""Places in a day before every phase."""

_PHASE_OF = {"carry": "carrying", "interest": "earning"}


@frozen
class Item:
    """What time brings on a day: `kind` is plan, looked at, month turn, carry or interest.

    `turn` is what held on the day before, if it is that day's end which is meant.
    """

    day: date
    rank: int
    kind: str
    month_day: MonthDay
    turn: "Turn | None" = None


class Turn:
    """The programs of time of one region in one interval, and the order of a day there."""

    def __init__(self, plans: Plans, layout: Layout, day: date) -> None:
        self._turning = Turning(plans, layout, day)
        self._plans = plans
        self._day = day
        self._within = plans.interval(day)
        self._made: dict[tuple[str, MonthDay], StepProgram | None] = {}
        self.year_from = plans.year_from(day)

    def carried_into(self, bucket: str) -> tuple[str, ...]:
        """A bucket, and those into which its money is carried, one after the other."""
        found = [bucket]
        for each in found:
            for rule in self._turning.carries:
                if rule.bucket == each and rule.into not in found:
                    found.append(rule.into)
        return tuple(found)

    @cached_property
    def by_day(self) -> bool:
        """Whether every day that passes must be looked at by itself."""
        return any(each.guard is not None for each in self._turning.interests)

    @cached_property
    def minima(self) -> frozenset[int]:
        """The cells in which the least balance of a month is kept."""
        return frozenset(self._turning.minima())

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The place of each phase in a day; Refusal YB306 if no rule orders them."""
        found = self._plans.provisions("phases", self._day)
        if len(found) != 1 or not isinstance(found[0], Phases):
            place = found[0].rule.written.place if found else None
            raise Refusal(diagnostic("YB306", place, kind="phases", region=self._plans.region))
        return {phase: rank for rank, group in enumerate(found[0].groups) for phase in group}

    def rank(self, phase: str) -> int:
        """The place of a phase; Refusal YB447 for one that the rule leaves out."""
        rank = self.ranks.get(phase)
        if rank is None:
            (rule,) = self._plans.provisions("phases", self._day)
            why = diagnostic("YB447", rule.rule.written.place, name=phase)
            raise Refusal(in_words(why, self._plans.book))
        return rank

    def program(self, kind: str, month_day: MonthDay = EVERY) -> StepProgram | None:
        """A program of time; None if there is nothing to do."""
        key = kind, month_day
        if key not in self._made:
            plan = self._plan(kind, month_day)
            self._made[key] = None if plan is None else StepProgram(plan, self._within)
        return self._made[key]

    def _plan(self, kind: str, month_day: MonthDay) -> StepPlan | None:
        turning = self._turning
        if kind == "passing":
            return turning.passing()
        if kind == "month turn":
            return turning.month_turn()
        if kind == "looked at":
            return turning.looked_at(month_day)
        return turning.earned(month_day) if kind == "interest" else turning.carried(month_day)

    def items(self, first: date, last: date) -> Iterator[Item]:
        """What happens between two days, both inclusive; a day's end belongs to the next day."""
        for kind, month_day in sorted(self._turning.days()):
            for year in range(first.year, last.year + 1):
                day = clamp_day(year, *month_day)
                if not first <= day <= last:
                    continue
                if kind == "looked at":
                    yield Item(day + _ONE_DAY, LOOKED_AT, kind, month_day, self)
                else:
                    yield Item(day, self.rank(_PHASE_OF[kind]), kind, month_day)
        if self.program("month turn") is not None:
            for start in month_starts(first, last):
                day = last_of_month(start)
                if day <= last:
                    yield Item(day + _ONE_DAY, MONTH_TURNS, "month turn", EVERY, self)


class Programs:
    """Everything that runs an account, for every region of a book.

    `assumed` is "each" or "all": how counters are read that do not say it; "" refuses them.
    """

    def __init__(self, rules: "RuleBook", assumed: str = "") -> None:
        self.rules = rules
        self.assumed = assumed
        self.layout = Layout()
        self.buckets = tuple(
            dict.fromkeys(each.name for each in rules.book.names.values() if each.kind == "bucket")
        )
        for name in self.buckets:
            self.layout.bucket(name)
        self.layout.receivable()
        for kind in POSTINGS:
            self.layout.total(kind)
        self.figures: FigurePrograms = {}
        self._plans: dict[tuple[str, str, frozenset[str]], Plans] = {}
        self._bills: dict[tuple[int, date | None, str, str], StepProgram] = {}
        self._turns: dict[tuple[int, date | None], Turn] = {}
        self._items: dict[tuple[int, date, date], list[Item]] = {}

    def plans(self, region: str, version: str, overrides: frozenset[str]) -> Plans:
        """The plans of a region in a named version ("": as chosen)."""
        key = region, version, overrides
        found = self._plans.get(key)
        if found is None:
            uses = choosing(self.rules.uses, region, version)
            found = self._plans[key] = Plans(self.rules.book, region, uses, overrides)
        return found

    def bill(self, plans: Plans, day: date, category: str, relation: str) -> StepProgram:
        """The program of a bill; Refusal for rules that leave something open."""
        key = id(plans), plans.interval(day)[0], category, relation
        found = self._bills.get(key)
        if found is None:
            plan = bill_plan(plans, self.layout, day, category, relation, self.assumed)
            found = self._bills[key] = StepProgram(plan, plans.interval(day))
        return found

    def turn(self, plans: Plans, day: date) -> Turn:
        """What time does in the interval of a day."""
        key = id(plans), plans.interval(day)[0]
        found = self._turns.get(key)
        if found is None:
            found = self._turns[key] = Turn(plans, self.layout, day)
        return found

    def items(self, plans: Plans, first: date, last: date) -> list[Item]:
        """What time brings between two days, both inclusive, in order."""
        key = id(plans), first, last
        found = self._items.get(key)
        if found is None:
            found = []
            for day in plans.between(first, last):
                since, until = plans.interval(day)
                start = first if since is None else max(first, since)
                end = last if until is None else min(last, until)
                if start > first:
                    found.append(Item(start, PLAN_CHANGES, "plan", EVERY))
                found += self.turn(plans, day).items(start, end)
            found.sort(key=lambda each: (each.day, each.rank))
            self._items[key] = found
        return found
