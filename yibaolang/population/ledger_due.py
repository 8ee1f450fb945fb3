"""What is due by figures: credits and deductions on their days, as `engine.scheduled` finds them.

Each posting of a rule in a month or year is a function of its own, in which the day is a constant;
that of a rule for a part of a year is on a day that another function finds. What a month is refused
for is a function, too, on the last day on which the posting could have been.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from attrs import define, field

from yibaolang.engine.asked import Asked
from yibaolang.engine.parts import Wanted, monthly, stated, unscheduled
from yibaolang.language.diagnostics import Refusal
from yibaolang.model.arms import Arm
from yibaolang.model.calendar import add_months
from yibaolang.population.arms import Came
from yibaolang.population.asking import NATIVE_CODES, first_day, last_day
from yibaolang.population.fixed import Node, number_of_day
from yibaolang.population.ledger_years import Counts, Year, Years
from yibaolang.population.lowered import first_status
from yibaolang.program.dates import insurance_year, posting_of

FIGURES = ("credit", "deduct")


class Due(NamedTuple):
    """A posting of one rule on a day: `fen` if `applies`.

    With `on` it is on the day that this says, not before `day`.
    """

    day: date
    figure: str
    arm: Arm
    applies: Node
    fen: Node
    on: Node | None = None


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


Found = Due | Lacking | Awkward


@define(eq=False)
class Dues:
    """Lowers what is due in a region between two days, both inclusive."""

    years: Years
    first: date
    last: date
    refused: list[tuple[str, Asked, Node]] = field(factory=list)

    def all(self) -> list[Found]:
        """Everything, in the order in which the reference engine finds it."""
        return [each for figure in FIGURES for each in self.of_figure(figure)]

    def of_figure(self, figure: str) -> Iterator[Found]:
        """What is due by one figure.

        Where anything is refused, each month stands for itself; it comes to the same where nothing
        is, unless a posting may be in another month or year than that of which it is.
        """
        asked = Asked.span(self.first, self.last)
        months = [Asked.span(first_day(each), last_day(each)) for each in asked.months()]
        found: list[Found] | None = None
        years: list[Year] = []
        try:
            if self.years.strays(figure, asked):
                found = list(self.span(figure, asked, years))
        except Refusal as refusal:
            _raise_if_not_lowered(refusal)
        if found is None:
            years = []
            for month in months:
                yield from self.alone(figure, month, years)
        else:
            for year in years:
                yield Awkward(min(year.last, self.last), figure, year.refused)
            years += self.next_years(figure, asked)
            yield from found
        for year in {id(each): each for each in years if each.moving}.values():
            yield from self.moving(figure, year)

    def moves(self, figure: str) -> bool:
        """Whether a rule posts on the last working day before a holiday."""
        return self.years.plans.moves_before_holidays(figure)

    def alone(self, figure: str, month: Asked, years: list[Year]) -> Iterator[Found]:
        """What is due in a month, or why all of the month is refused; `years` get those of it."""
        make, own = self.years.make, list[Year]()
        found: list[Found] = []
        everybody: Node = make.zero
        try:
            found = list(self.span(figure, month, own))
        except Refusal as refusal:
            _raise_if_not_lowered(refusal)
            everybody = make.whole(self.years.told.of(refusal.diagnostics[0]))
        years += own
        refused = first_status(make, [*(each.refused for each in own), everybody])
        if refused is not make.zero:
            self.refused.append((figure, month, refused))
            yield Lacking(last_day(month), figure, refused)
        fine = self.years.is_fine(refused)
        for each in found:
            if isinstance(each, Due):
                yield each._replace(applies=make.both(fine, each.applies))
            else:
                yield each._replace(status=make.choose(fine, each.status, make.zero))

    def span(self, figure: str, asked: Asked, years: list[Year]) -> Iterator[Found]:
        """What is due in a span, of which `years` get the insurance years that it touches.

        Refusal for what everybody is refused for.
        """
        for year in self.years.touched(figure, asked):
            years.append(year)
            if not year.moving:
                dated = [each for each in year.counts if posting_of(each[0], year.last)]
                yield from self.posted(figure, dated, year.last, asked)
        for month in asked.months():
            yield from self.month(figure, month, asked, years)
        if self.moves(figure):
            yield from self.moved_before(figure, asked)

    # ── postings ──

    def month(
        self, figure: str, month: Asked, asked: Asked, years: Sequence[Year]
    ) -> Iterator[Due | Lacking]:
        """The postings of a month, and why there is none."""
        make, first, last = self.years.make, first_day(month), last_day(month)
        stray = self.stray(figure, first, last)
        came = self.of_month(figure, first, last, monthly)
        silent: Node = make.always
        if figure != "deduct":
            silent = make.either(*(self.years.covers(year, last) for year in years))
        status = self.stated(figure, came.value.status, silent, first, last)
        status = self.unless_outside(figure, came, last, asked, status)
        status = first_status(make, (stray, self.years.unless_none(status)))
        if status is not make.zero:
            yield Lacking(last, figure, status)
        fine = self.years.is_fine(first_status(make, (stray, came.value.status)))
        yield from self.posted(figure, self.only(fine, came.taken), last, asked)

    def unless_outside(
        self, figure: str, came: Came, last: date, asked: Asked, status: Node
    ) -> Node:
        """A status, 0 where all that would be posted is on days that are not asked."""
        make = self.years.make
        days = [(posting_of(arm, last), each) for arm, each in came.taken]
        outside = [each for day, each in days if day is not None and not asked.holds(day)]
        if not outside:
            return status
        others = [each for day, each in days if day is None or asked.holds(day)]
        end = self.years.arms.figure(self.years.plan(figure, last, monthly), last)
        dropped = make.both(
            self.years.is_fine(end.value.status), make.either(*outside),
            make.no(make.either(*others)),
        )  # fmt: skip
        return make.choose(dropped, make.zero, status)

    def moved_before(self, figure: str, asked: Asked) -> Iterator[Due | Lacking]:
        """The postings of next month, or of a year that begins in it, that are in the span."""
        make = self.years.make
        month = Asked.month(add_months(last_day(asked), 1))
        first, last = first_day(month), last_day(month)
        came = self.of_month(figure, first, last, monthly)
        end = self.years.arms.figure(self.years.plan(figure, last, monthly), last)
        moved = [(arm, each) for arm, each in came.taken if _holds(asked, posting_of(arm, last))]
        if moved:
            any_moved = make.both(
                self.years.is_fine(end.value.status), make.either(*(each for _, each in moved))
            )
            status = make.choose(any_moved, self.years.unless_none(came.value.status), make.zero)
            yield Lacking(last_day(asked), figure, status)
            fine = self.years.is_fine(came.value.status)
            yield from self.posted(figure, self.only(fine, moved), last, asked)
        for year in self.next_years(figure, asked):
            dated = [each for each in year.counts if posting_of(each[0], year.last)]
            if not year.moving:
                yield from self.posted(figure, dated, year.last, asked)

    def next_years(self, figure: str, asked: Asked) -> Iterator[Year]:
        """The insurance year that begins in the month after a span, if holidays may move it."""
        last = last_day(asked)
        following = insurance_year(last, *self.years.plans.year_from(last))[1]
        if self.moves(figure) and Asked.month(add_months(last, 1)).holds(following):
            yield from self.years.touched(figure, Asked.on(following))

    def only(self, fine: Node, taken: Iterable[tuple[Arm, Node]]) -> Counts:
        """The rules that count, where all is fine."""
        return tuple((arm, self.years.make.both(fine, each)) for arm, each in taken)

    def posted(
        self, figure: str, counts: Iterable[tuple[Arm, Node]], seen: date, asked: Asked
    ) -> Iterator[Due | Lacking]:
        """The postings of rules that count, on days that are asked; without a day it is refused."""
        years, make = self.years, self.years.make
        for arm, applies in counts:
            posting = posting_of(arm, seen)
            if posting is None:
                index = years.people.refusals.index("YB433", arm.rule.written.place)
                status = make.choose(applies, make.whole(index), make.zero)
                yield Lacking(seen, figure, status)
            elif asked.holds(posting):
                fen = years.arms.look(arm, figure, seen).amount.node
                yield Due(posting, figure, arm, applies, fen)

    def moving(self, figure: str, year: Year) -> Iterator[Due]:
        """The postings of rules for a part of a year, each on the day that the person's facts say,
        unless the month of that day is refused."""
        years, make = self.years, self.years.make
        for arm, counts in year.counts:
            looked = years.arms.look(arm, figure, year.last)
            posting, on = posting_of(arm, year.last), looked.posting
            if on is None or posting is None or posting > self.last:
                continue
            parts = [counts, years.is_fine(year.refused), self.between(self.first, on, self.last)]
            for of, month, refused in self.refused:
                if of == figure and refused is not year.refused:
                    here = self.between(first_day(month), on, last_day(month))
                    parts.append(make.either(years.is_fine(refused), make.no(here)))
            first = max(posting, self.first)
            yield Due(first, figure, arm, make.both(*parts), looked.amount.node, on)

    def between(self, first: date, day: Node, last: date) -> Node:
        """Whether a day is between two, both inclusive."""
        make = self.years.make
        return make.both(
            make.compare("<=", make.whole(number_of_day(first)), day),
            make.compare("<=", day, make.whole(number_of_day(last))),
        )

    # ── what months come to ──

    def of_month(self, figure: str, first: date, last: date, wanted: Wanted) -> Came:
        """What the last day of a month sees, refused where the first sees something else."""
        years = self.years
        begin, end = (years.plan(figure, each, wanted) for each in (first, last))
        other, came = years.arms.figure(begin, first), years.arms.figure(end, last)
        different = years.asking.differing(other, came)
        value = years.asking.both_ends(other.value, came.value, different)
        return Came(value, came.taken)

    def stray(self, figure: str, first: date, last: date) -> Node:
        """Why a month is refused in which a rule applies that does not say how often it posts."""
        years, make = self.years, self.years.make
        if not years.plan(figure, last, unscheduled).arms:
            return make.zero
        came = self.of_month(figure, first, last, unscheduled)
        status = came.value.status
        often = years.first_that_counts(came.taken, "YB421")
        found = make.choose(years.is_fine(status), often, status)
        return make.choose(years.is_nobody(status), make.zero, found)

    def stated(
        self, figure: str, status: Node, silent: Node, first: date, last: date
    ) -> Node:
        """The status of a month; where nobody has an amount, what is stated instead of one."""
        make, nobody = self.years.make, self.years.is_nobody
        absent = self.absent(figure, last, first)
        if absent is not None:
            status = make.choose(make.both(nobody(status), make.no(nobody(absent))), absent, status)
        return make.choose(make.both(nobody(status), silent), make.zero, status)

    def absent(self, figure: str, *days: date) -> Node | None:
        """What is stated instead of an amount, at the end or the beginning of a month."""
        years = self.years
        found: Node | None = None
        for day in reversed(days):
            plan = years.plan(figure, day, stated)
            if plan.arms:
                status = years.arms.figure(plan, day).value.status
                if found is None:
                    found = status
                else:
                    found = years.make.choose(years.is_nobody(status), found, status)
        return found


def _holds(asked: Asked, posting: date | None) -> bool:
    return posting is not None and asked.holds(posting)


def _raise_if_not_lowered(refusal: Refusal) -> None:
    """Raise a refusal that is not about persons."""
    if any(each.code in NATIVE_CODES for each in refusal.diagnostics):
        raise refusal
