"""Insurance years with postings of their own, and what the statuses of figures mean."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from attrs import define, field

from yibaolang.engine.asked import Asked
from yibaolang.engine.parts import Wanted, yearly
from yibaolang.model.arms import Arm, FigurePlan
from yibaolang.model.calendar import add_months
from yibaolang.model.core import Absent
from yibaolang.model.kinds import kind_words
from yibaolang.model.plan import Plans
from yibaolang.population.arms import Arms
from yibaolang.population.asking import Asking, first_day, last_day
from yibaolang.population.fixed import Node, Whole, number_of_day
from yibaolang.population.ledger_facts import Told
from yibaolang.population.making import Fixed
from yibaolang.population.persons import People
from yibaolang.program.dates import insurance_year, posting_of
from yibaolang.program.novalue import absent, no_value

_ONE_DAY = timedelta(days=1)
Counts = tuple[tuple[Arm, Node], ...]
"""Rules, each with whether it counts."""


class Year(NamedTuple):
    """The yearly postings of an insurance year, seen from its last day.

    `refused` is the status for which each of its months is refused.
    """

    plan: FigurePlan
    last: date
    counts: Counts
    refused: Node

    @property
    def moving(self) -> bool:
        """Whether the day of a posting depends on the person."""
        return any(arm.prorated is not None for arm in self.plan.arms)


@define(eq=False)
class Years:
    """Lowers what is posted once in an insurance year; each year once.

    `told` are the refusals that `people` give.
    """

    plans: Plans
    people: People
    told: Told
    make: Fixed = field(factory=Fixed)
    asking: Asking = field(init=False)
    arms: Arms = field(init=False)
    _years: dict[tuple[str, date, date], Year | None] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        plans = self.plans
        self.asking = Asking(plans.book, plans.region, plans.uses, self.make, self.people, plans)
        self.arms = self.asking.arms

    def plan(self, figure: str, day: date, wanted: Wanted) -> FigurePlan:
        """The rules of a figure that a day sees; what they refuse is told as figures tell it."""
        plan = self.asking.questions.plan_seen(figure, day, wanted)
        about: dict[str, Any] = {"figure": kind_words(figure), "region": plan.region, "date": ""}
        self.told.say(no_value("YB402", None, **about).diagnostic)
        for arm in plan.arms:
            place = arm.rule.written.place
            self.told.say(no_value("YB403", place, **about).diagnostic)
            if isinstance(arm.amount, Absent):
                why = absent(arm.amount.kind, place, figure, arm.rule.because)
                self.told.say(why.diagnostic)
        return plan

    def strays(self, figure: str, asked: Asked) -> bool:
        """Whether a posting may be in another month or year than that of which it is."""
        days = list(self.plans.between(first_day(asked), last_day(asked)))
        whens = [arm.when for day in days for arm in self.plans.figure(figure, day).arms]
        return len({self.plans.year_from(day) for day in days}) > 1 or any(
            when.holidays is not None or when.word == "last_of_last_month" for when in whens
        )

    def touched(self, figure: str, asked: Asked) -> Iterator[Year]:
        """The insurance years that a span touches and that have postings."""
        day = first_day(asked)
        while day <= last_day(asked):
            begins, following = insurance_year(day, *self.plans.year_from(day))
            # Where `year from` has changed, the year before has had its days.
            since = begins if day == first_day(asked) else day
            key = figure, since, following
            if key not in self._years:
                self._years[key] = self._year(figure, begins, since, following)
            found = self._years[key]
            if found is not None:
                yield found
            day = following

    def _year(self, figure: str, begins: date, since: date, following: date) -> Year | None:
        make, last = self.make, following - _ONE_DAY
        plan = self.plan(figure, last, yearly)
        if not plan.arms:
            return None
        came = self.arms.figure(plan, last)
        status = came.value.status
        fine = make.compare("=", status, make.zero)
        counts = tuple((arm, make.both(fine, each)) for arm, each in came.taken)
        undated: Node = make.never
        for arm, each in counts:
            posting = posting_of(arm, last)
            if posting is None:
                undated = make.either(undated, each)
        if since > begins:
            counts = tuple(
                (arm, make.both(each, self._from(since, arm, plan, last))) for arm, each in counts
            )
        refused = make.choose(self.is_nobody(status), make.zero, status)
        refused = make.choose(undated, self.first_that_counts(counts, "YB421"), refused)
        return Year(plan, last, counts, refused)

    def _from(self, since: date, arm: Arm, plan: FigurePlan, last: date) -> Node:
        """Whether a rule posts from a day on, or on no day."""
        on = self.arms.look(arm, plan.figure, last).posting
        if on is None:
            return self.make.always
        return self.make.compare("<=", self.make.whole(number_of_day(since)), on)

    def first_that_counts(self, counts: Counts, code: str) -> Node:
        """A refusal at the first rule that counts; 0 if none does."""
        status: Node = self.make.zero
        for arm, each in reversed(counts):
            index = self.people.refusals.index(code, arm.rule.written.place)
            status = self.make.choose(each, self.make.whole(index), status)
        return status

    def covers(self, year: Year, last: date) -> Node:
        """Whether the posting of a year is for months that hold the last day of a month.

        The year is the rule's own; see `engine.answers.covers`.
        """
        make = self.make
        found: Node = make.never
        for arm, counts in reversed(year.counts):
            when = arm.when
            _, following = insurance_year(year.last, when.year_month, when.year_day)
            holds: Node = make.never
            if last < following:
                back = (following.year - last.year) * 12 + following.month - last.month
                back += add_months(following, -back) > last
                months = self.arms.look(arm, year.plan.figure, year.last).months
                holds = make.compare(">=", months, make.whole(back))
            found = make.choose(counts, holds, found)
        return found

    # ── statuses ──

    def is_nobody(self, status: Node) -> Node:
        """Whether no rule applied."""
        return self._is_code(status, "YB402")

    def unless_none(self, status: Node) -> Node:
        """A status, 0 where it is stated that there is nothing."""
        return self.make.choose(self._is_code(status, "YB405"), self.make.zero, status)

    def is_fine(self, status: Node) -> Node:
        """Whether there is a value."""
        return self.make.compare("=", status, self.make.zero)

    def _is_code(self, status: Node, code: str) -> Node:
        make, codes = self.make, self.people.refusals.codes()
        if isinstance(status, Whole):
            return make.truth(codes[status.value] == code)
        numbers = [index for index, each in enumerate(codes) if each == code]
        return make.either(*(make.compare("=", status, make.whole(each)) for each in numbers))
