"""What is due by figures: credits and deductions on their days, as `engine.scheduled` finds them.

Each posting of a rule in a month or year is a function of its own, in which the day is a constant.
What a month is refused for is another, on the last day on which the posting could have been.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from attrs import define, field

from yibaolang.engine.asked import Asked
from yibaolang.engine.figures import Wanted
from yibaolang.engine.given import known
from yibaolang.engine.parts import monthly, stated, unscheduled, yearly
from yibaolang.model.arms import Arm, FigurePlan
from yibaolang.model.plan import Plans
from yibaolang.population.arms import Arms, Came
from yibaolang.population.asking import Asking, Planned
from yibaolang.population.fixed import Node, Whole
from yibaolang.population.lowered import cannot_lower, first_status
from yibaolang.population.making import Fixed
from yibaolang.population.persons import People
from yibaolang.program.dates import insurance_year, posting_of

FIGURES = ("credit", "deduct")
_ONE_DAY = timedelta(days=1)


class Due(NamedTuple):
    """A posting of one rule on a day: `fen` if `applies`."""

    day: date
    figure: str
    arm: Arm
    applies: Node
    fen: Node


class Lacking(NamedTuple):
    """Why nothing can be posted, on the last day on which it could have been; 0: it can."""

    day: date
    figure: str
    status: Node


class Awkward(NamedTuple):
    """A status that, unless it is 0, makes the account one for the reference engine."""

    day: date
    figure: str
    status: Node


@define(eq=False)
class Dues:
    """Lowers what is due in a region between two days, both inclusive."""

    plans: Plans
    people: People
    first: date
    last: date
    make: Fixed = field(factory=Fixed)
    asking: Asking = field(init=False)
    arms: Arms = field(init=False)
    questions: Planned = field(init=False)

    def __attrs_post_init__(self) -> None:
        book, region, uses = self.plans.book, self.plans.region, self.plans.uses
        self.asking = Asking(book, region, uses, self.make, self.people)
        self.arms = self.asking.arms
        self.questions = Planned(
            book, region, uses, known(book, ()), self.plans, explained=False
        )

    def all(self) -> list[Due | Lacking | Awkward]:
        """Everything, in the order in which the reference engine finds it."""
        found: list[Due | Lacking | Awkward] = []
        for figure in FIGURES:
            if self.plans.moves_before_holidays(figure):
                arm = self.plan(figure, self.last, None).arms[0]
                raise cannot_lower(arm.rule.written, "a day before holidays", "节假日前的日期")
            covered: list[tuple[date, date, Node]] = []
            found += self.years(figure, covered)
            for month in Asked.span(self.first, self.last).months():
                found += self.month(figure, month, covered)
        return found

    def plan(self, figure: str, day: date, wanted: Wanted) -> FigurePlan:
        """The rules of a figure that a day sees."""
        return self.questions._plan(figure, day, wanted)

    # ── yearly ──

    def years(
        self, figure: str, covered: list[tuple[date, date, Node]]
    ) -> Iterator[Due | Lacking | Awkward]:
        """The yearly postings; `covered` gets the years that have one, and who has it."""
        make, day = self.make, self.first
        while day <= self.last:
            begins, following = insurance_year(day, *self.plans.year_from(day))
            last = following - _ONE_DAY
            plan = self.plan(figure, last, yearly)
            if plan.arms:
                days = [self.day_of(arm, last) for arm in plan.arms]
                inside = {each is not None and self.first <= each <= self.last for each in days}
                if len(inside) > 1 or None in days:
                    raise cannot_lower(
                        plan.arms[0].rule.written, "a year without one day", "没有同一入账日的年度"
                    )
                came = self.arms.figure(plan, last)
                posts = make.compare("=", came.value.status, make.zero)
                if not plan.exclusive:
                    posts = make.both(posts, make.either(*(each for _, each in came.taken)))
                covered.append((begins, last, posts))
                # A year that is refused is told month by month, in words of its own.
                nobody = self.is_nobody(came.value.status)
                none = make.compare("=", came.value.status, make.zero)
                refused = make.no(make.either(nobody, none))
                status = make.choose(refused, make.one, make.zero)
                if status is not make.zero:
                    yield Awkward(min(last, self.last), figure, status)
                yield from self.posted(figure, plan, came, last, make.zero)
            day = following

    # ── monthly ──

    def month(
        self, figure: str, month: Asked, covered: list[tuple[date, date, Node]]
    ) -> Iterator[Due | Lacking]:
        """The postings of a month, and why there is none."""
        make, first, last = self.make, month.first, month.last
        if first is None or last is None:
            raise TypeError("a month has days")
        stray = self.stray(figure, first, last)
        plan, came = self.of_month(figure, first, last, monthly)
        skipped = [posts for begins, ends, posts in covered if begins <= last <= ends]
        if figure == "deduct":
            skipped.append(make.always)
        silent = make.either(*skipped) if skipped else make.never
        status = self.stated(figure, came.value.status, silent, first, last)
        status = first_status(make, (stray, self.unless_none(status)))
        end = min(last, self.last)
        if status is not make.zero:
            yield Lacking(end, figure, status)
        yield from self.posted(figure, plan, came, last, stray)

    def of_month(
        self, figure: str, first: date, last: date, wanted: Wanted
    ) -> tuple[FigurePlan, Came]:
        """What the last day of a month sees, refused where the first sees something else."""
        plan, begin = (self.plan(figure, each, wanted) for each in (last, first))
        came, other = self.arms.figure(plan, last), self.arms.figure(begin, first)
        different = self.asking._different(other, came)
        value = self.asking._both_ends(other.value, came.value, different, True)
        return plan, Came(value, came.taken)

    def stray(self, figure: str, first: date, last: date) -> Node:
        """Why a month is refused in which a rule applies that does not say how often it posts."""
        make = self.make
        if not self.plan(figure, last, unscheduled).arms:
            return make.zero
        _, came = self.of_month(figure, first, last, unscheduled)
        status = came.value.status
        often: Node = make.zero
        for arm, counts in reversed(came.taken):
            index = self.people.refusals.index("YB421", arm.rule.written.place)
            often = make.choose(counts, make.whole(index), often)
        fine = make.compare("=", status, make.zero)
        return make.choose(self.is_nobody(status), make.zero, make.choose(fine, often, status))

    def stated(
        self, figure: str, status: Node, silent: Node, first: date, last: date
    ) -> Node:
        """The status of a month; where nobody has an amount, what is stated instead of one."""
        make, nobody = self.make, self.is_nobody(status)
        absent = self.absent(figure, last, first)
        if absent is not None:
            status = make.choose(
                make.both(nobody, make.no(self.is_nobody(absent))), absent, status
            )
        return make.choose(make.both(self.is_nobody(status), silent), make.zero, status)

    def absent(self, figure: str, *days: date) -> Node | None:
        """What is stated instead of an amount, at the end or the beginning of a month."""
        found: Node | None = None
        for day in reversed(days):
            plan = self.plan(figure, day, stated)
            if plan.arms:
                status = self.arms.figure(plan, day).value.status
                if found is None:
                    found = status
                else:
                    found = self.make.choose(self.is_nobody(status), found, status)
        return found

    def posted(
        self, figure: str, plan: FigurePlan, came: Came, asked: date, stray: Node
    ) -> Iterator[Due | Lacking]:
        """The postings of rules that are between the track's days; without a day it is refused."""
        make = self.make
        fine = make.both(
            make.compare("=", stray, make.zero), make.compare("=", came.value.status, make.zero)
        )
        for arm, counts in came.taken:
            posting = self.day_of(arm, asked)
            applies = make.both(fine, counts)
            if posting is None:
                index = self.people.refusals.index("YB433", arm.rule.written.place)
                status = make.choose(applies, make.whole(index), make.zero)
                yield Lacking(min(asked, self.last), figure, status)
            elif self.first <= posting <= self.last:
                looked = self.arms._look(arm, figure, asked)
                yield Due(posting, figure, arm, applies, looked.amount.node)

    def day_of(self, arm: Arm, asked: date) -> date | None:
        """The posting day of a rule; Refusal YB480 if it depends on the person."""
        if arm.prorated is not None:
            raise cannot_lower(arm.rule.written, "a part of a year's amount", "按月折算的金额")
        return posting_of(arm, asked)

    # ── statuses ──

    def is_nobody(self, status: Node) -> Node:
        """Whether no rule applied."""
        return self.is_one(status, frozenset({"YB402"}))

    def unless_none(self, status: Node) -> Node:
        """A status, 0 where it is stated that there is nothing."""
        none = self.is_one(status, frozenset({"YB405"}))
        return self.make.choose(none, self.make.zero, status)

    def is_one(self, status: Node, codes: frozenset[str]) -> Node:
        """Whether a status is a refusal with one of some codes."""
        make = self.make
        if isinstance(status, Whole):
            known_codes = self.people.refusals.codes()
            return make.truth(known_codes[status.value] in codes)
        numbers = [
            index for index, code in enumerate(self.people.refusals.codes()) if code in codes
        ]
        return make.either(*(make.compare("=", status, make.whole(each)) for each in numbers))
