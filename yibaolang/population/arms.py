"""The arms of a figure as nodes: which apply, and what they come to. See `program.figure`.

The order of what is refused is that of the reference engine: of a stream first what its guards
leave open, exceptions before the others, then its amounts; and the first stream that is refused.
"""

from collections.abc import Sequence
from datetime import date

from attrs import frozen

from yibaolang.language.source import Place
from yibaolang.model.arms import Arm, FigurePlan, When
from yibaolang.model.calendar import last_of_month
from yibaolang.model.core import Absent
from yibaolang.population.fixed import Node, Whole, day_of_number, number_of_day
from yibaolang.population.lowered import (
    Codes,
    Lowered,
    first_status,
    in_fen,
    one_scale,
    refused,
    refused_if,
)
from yibaolang.population.lowering import Lowering, lowered
from yibaolang.population.making import Fixed
from yibaolang.population.persons import People, PersonFrame
from yibaolang.program.conditions import never_both
from yibaolang.program.dates import insurance_year, posting_of, today_for

_MOST_PAIRS = 40


@frozen(eq=False)
class Looked:
    """An arm on a day: whether it applies, and its amount, a value that may be none.

    `posting` is where it posts (None: no day is said), `months` how many of 12 count.
    """

    arm: Arm
    holds: Lowered
    amount: Lowered
    posting: Node | None
    months: Node


@frozen(eq=False)
class Came:
    """What a figure comes to: fen, or a date; `taken` are its arms, each with whether it counts.

    Where the figure is refused, those count that had an amount before that was found.
    """

    value: Lowered
    taken: tuple[tuple[Arm, Node], ...]


class Arms:
    """Lowers the plans of figures; days and expressions are shared among them."""

    def __init__(self, make: Fixed, people: People) -> None:
        self.make = make
        self.people = people
        self._lowerings: dict[tuple[object, ...], Lowering] = {}

    def lowering(
        self, today: Node, posting: Node | None, year_from: tuple[int, int],
        within: tuple[date, date] = (date.min, date.max),
    ) -> Lowering:  # fmt: skip
        """The lowering of a day."""
        key = id(today), id(posting), year_from
        found = self._lowerings.get(key)
        if found is None:
            frame = PersonFrame(self.people, self.make, today, posting, year_from, within)
            codes: Codes = self.people.codes
            found = Lowering(self.make, codes, self.people.refusals, frame)
            self._lowerings[key] = found
        return found

    def refusal(self, code: str, place: Place | None) -> int:
        """The index of a refusal."""
        return self.people.refusals.index(code, place)

    def figure(self, plan: FigurePlan, asked: date) -> Came:
        """A figure on a day; Refusal YB480 for what has no native form."""
        looked = [self.look(arm, plan.figure, asked) for arm in plan.arms]
        streams = dict.fromkeys(arm.stream for arm in plan.arms) or {"": None}
        values: list[Lowered] = []
        taken: list[tuple[Arm, Node]] = []
        fine: Node = self.make.always
        for stream in streams:
            here = [each for each in looked if each.arm.stream == stream]
            value, counted = self._stream(plan, here)
            values.append(value)
            taken += [(arm, self.make.both(fine, counts)) for arm, counts in counted]
            fine = self.make.both(fine, _valued(self.make, value))
        status = first_status(self.make, (each.status for each in values))
        if len(values) == 1:
            return Came(values[0], tuple(taken))
        nodes, one, divisor = one_scale(self.make, values)
        return Came(Lowered(self.make.plus(*nodes), one, status, divisor), tuple(taken))

    # ── one arm ──

    def look(self, arm: Arm, figure: str, asked: date) -> Looked:
        """An arm as seen from a day."""
        make, when = self.make, arm.when
        posting = posting_of(arm, asked)
        if arm.prorated is not None:
            return self._prorated(arm, figure, asked, posting)
        today = today_for(when, asked, posting)
        if today is None:
            raise TypeError("a rule looks at a day where one is asked for")
        own = _day(make, posting)
        low = self.lowering(make.whole(number_of_day(today)), own, _year(when))
        amount = self._amount(low, arm, figure, None)
        return Looked(arm, self._guard(low, arm), amount, own, make.whole(12))

    def _prorated(self, arm: Arm, figure: str, asked: date, posting: date | None) -> Looked:
        """An arm for a part of the insurance year; see `program.dates.prorated_months`."""
        make, when, prorated = self.make, arm.when, arm.prorated
        if prorated is None:
            raise TypeError("the arm is prorated")
        day = make.whole(number_of_day(posting or asked))
        low = self.lowering(day, _day(make, posting), _year(when))
        start = lowered(low, prorated.start)
        begins, following = insurance_year(asked, when.year_month, when.year_day)
        counted = make.first_of_month(start.node)
        if prorated.month_after:
            counted = make.plus(make.last_of_month(start.node), make.one)
        next_month = 12 * following.year + following.month - 1 + (following.day > 1)
        left = make.less(make.whole(next_month), make.months_of(counted))
        left = make.bound(True, make.whole(12), make.bound(False, left, make.zero))
        before = make.compare("<", counted, make.whole(number_of_day(following)))
        months = make.choose(before, left, make.zero)
        reached: Node | None = None
        if posting is not None:
            own = make.whole(number_of_day(posting))
            reached = make.bound(False, own, counted, start.node)
            late = make.compare(">", reached, make.whole(number_of_day(last_of_month(asked))))
            months = make.choose(late, make.zero, months)
        # The whole year counts, as it does where it is not known since when.
        known = make.compare("=", start.status, make.zero)
        whole = make.compare("<=", counted, make.whole(number_of_day(begins)))
        whole = make.either(make.no(known), whole)
        months = make.choose(whole, make.whole(12), months)
        if posting is not None and reached is not None:
            reached = make.choose(whole, make.whole(number_of_day(posting)), reached)
        today = self._assessed(when, asked, reached)
        low = self.lowering(today, reached, _year(when))
        guard = self._guard(low, arm)
        late = make.compare("=", months, make.zero)
        open_ = first_status(
            make, (guard.status, make.choose(guard.node, start.status, make.zero))
        )
        holds = Lowered(
            make.both(make.no(late), guard.node), 1, make.choose(late, make.zero, open_)
        )
        return Looked(arm, holds, self._amount(low, arm, figure, months), reached, months)

    def _assessed(self, when: When, asked: date, posting: Node | None) -> Node:
        """The day that a rule looks at, from its posting day."""
        make = self.make
        if posting is None or isinstance(posting, Whole):
            known = None if posting is None else day_of_number(posting.value)
            day = today_for(when, asked, known)
            return make.whole(number_of_day(day or asked))
        if when.assessed in ("", "today", "posting_day"):
            return posting
        if when.assessed == "first_of_month":
            return make.first_of_month(posting)
        if when.assessed == "last_of_month":
            return make.last_of_month(posting)
        if when.assessed == "last_of_last_month":
            return make.last_of_month(posting, -1)
        start = PersonFrame(self.people, make, posting, None, _year(when)).year_start
        return make.whole(0) if start is None else start

    def _guard(self, low: Lowering, arm: Arm) -> Lowered:
        if arm.guard is None:
            return Lowered(self.make.always, 1, self.make.zero)
        return lowered(low, arm.guard)

    def _amount(self, low: Lowering, arm: Arm, figure: str, months: Node | None) -> Lowered:
        """Fen, or without a rounding the value itself; refused below zero (YB420)."""
        make = self.make
        make.at = arm.rule.written
        if isinstance(arm.amount, Absent):
            code = "YB404" if arm.amount.kind == "unknown" else "YB405"
            return refused(make, self.refusal(code, arm.rule.written.place))
        value = lowered(low, arm.amount)
        if arm.rounding is None:
            return value
        if months is not None:
            value = value._replace(
                node=make.times(value.node, months), denominator=value.denominator * 12
            )
        below = make.compare("<", value.node, make.zero)
        index = self.refusal("YB420", arm.amount.written.place)
        value = value._replace(status=refused_if(make, below, index, value.status))
        if below is not make.never:
            # What is refused below zero need not be rounded there: it is zero or more.
            value = value._replace(node=make.bound(False, value.node, make.zero))
        return in_fen(make, value, arm.rounding.mode, arm.rounding.unit_fen)

    # ── choosing ──

    def _stream(
        self, plan: FigurePlan, looked: Sequence[Looked]
    ) -> tuple[Lowered, list[tuple[Arm, Node]]]:
        """What the arms of a stream come to, and which of them count."""
        make = self.make
        exceptions = [each for each in looked if each.arm.exception]
        others = [each for each in looked if not each.arm.exception]
        value = Lowered(make.zero, 1, make.zero)
        if plan.exclusive:
            value = refused(make, self.refusal("YB402", None))
        value, rest = self._group(plan, others, value)
        if not exceptions:
            return value, rest
        value, first = self._group(plan, exceptions, value)
        decided = [_valued(make, each.holds) for each in exceptions]
        none = make.both(*decided, *(make.no(each.holds.node) for each in exceptions))
        return value, [*first, *((arm, make.both(none, held)) for arm, held in rest)]

    def _group(
        self, plan: FigurePlan, looked: Sequence[Looked], otherwise: Lowered
    ) -> tuple[Lowered, list[tuple[Arm, Node]]]:
        """What arms of equal rank come to; `otherwise` if none of them applies."""
        make = self.make
        if not looked:
            return otherwise, []
        guards = first_status(make, (each.holds.status for each in looked))
        value = self._one(looked, otherwise) if plan.exclusive else self._all(looked, otherwise)
        status, fine = value.status, make.compare("=", guards, make.zero)
        if plan.exclusive:
            several = self._several(looked)
            fine = make.both(fine, make.no(several))
            conflict: Node = make.zero
            for each in reversed(looked):
                place = each.arm.rule.written.place
                index = make.whole(self.refusal("YB403", place))
                conflict = make.choose(each.holds.node, index, conflict)
            status = make.choose(several, conflict, status)
        taken = []
        for each in looked:
            amount, holds = _valued(make, each.amount), each.holds.node
            taken.append((each.arm, make.both(fine, holds, amount)))
            fine = make.both(fine, make.either(make.no(holds), amount))
        return value._replace(status=first_status(make, (guards, status))), taken

    def _one(self, looked: Sequence[Looked], otherwise: Lowered) -> Lowered:
        """The amount of the first that applies, else `otherwise`."""
        make = self.make
        values = [*(each.amount for each in looked), otherwise]
        status = otherwise.status
        for each in reversed(looked):
            status = make.choose(each.holds.node, each.amount.status, status)
        able = [
            index for index, each in enumerate(values)
            if not (isinstance(each.status, Whole) and each.status.value)
        ]  # fmt: skip
        if not able:
            return Lowered(make.zero, 1, status)
        nodes, one, divisor = one_scale(make, [values[index] for index in able])
        node = nodes.pop()
        for index, own in zip(reversed(able[:-1]), reversed(nodes), strict=True):
            node = make.choose(looked[index].holds.node, own, node)
        return Lowered(node, one, status, divisor)

    def _all(self, looked: Sequence[Looked], otherwise: Lowered) -> Lowered:
        """The sum of those that apply; without any, `otherwise`."""
        make = self.make
        any_holds = make.either(*(each.holds.node for each in looked))
        statuses = [
            make.choose(each.holds.node, each.amount.status, make.zero) for each in looked
        ]
        fen = [make.choose(each.holds.node, each.amount.node, make.zero) for each in looked]
        total = make.plus(*fen)
        status = first_status(make, statuses)
        return Lowered(
            make.choose(any_holds, total, otherwise.node), 1,
            make.choose(any_holds, status, otherwise.status),
        )  # fmt: skip

    def _several(self, looked: Sequence[Looked]) -> Node:
        """Whether more than one applies, as far as the form of the guards leaves that open."""
        make = self.make
        pairs = [
            (one, other)
            for index, one in enumerate(looked)
            for other in looked[index + 1 :]
            if not _never_both(one, other)
        ]
        if len(pairs) <= _MOST_PAIRS:
            return make.either(
                *(make.both(one.holds.node, other.holds.node) for one, other in pairs)
            )
        hits = [make.choose(each.holds.node, make.one, make.zero) for each in looked]
        return make.compare(">", make.plus(*hits), make.one)


def _valued(make: Fixed, value: Lowered) -> Node:
    """Whether there is a value."""
    return make.compare("=", value.status, make.zero)


def _never_both(one: Looked, other: Looked) -> bool:
    if one.arm.guard is None or other.arm.guard is None:
        return False
    # Guards that look at different days have different facts, whatever their form.
    alike = _looks_at(one.arm) == _looks_at(other.arm)
    return alike and never_both(one.arm.guard, other.arm.guard)


def _looks_at(arm: Arm) -> tuple[object, ...]:
    if arm.prorated is not None:
        return (id(arm),)
    return tuple(getattr(arm.when, name) for name in type(arm.when).__match_args__)


def _day(make: Fixed, day: date | None) -> Node | None:
    return None if day is None else make.whole(number_of_day(day))


def _year(when: When) -> tuple[int, int]:
    return when.year_month, when.year_day
