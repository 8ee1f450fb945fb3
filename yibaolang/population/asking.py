"""Figures of one region as nodes: what `engine.figures` asks for a person, asked for everybody.

The answers are put together as `Questions` does it, but of nodes; a refusal that does not depend on
the person is one status for all.
"""

from datetime import date

from attrs import frozen

from yibaolang.engine.asked import Asked
from yibaolang.engine.figures import Questions, no_figure
from yibaolang.engine.given import known
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal
from yibaolang.language.source import Source
from yibaolang.model.arms import FigurePlan
from yibaolang.model.book import Book
from yibaolang.model.core import Written
from yibaolang.model.plan import Plans
from yibaolang.model.provisions import Require
from yibaolang.model.scope import Uses, choosing
from yibaolang.model.values import DATE, MONEY, TRUTH, Type
from yibaolang.population.arms import Arms, Came
from yibaolang.population.fixed import If, Node, Whole, number_of_day
from yibaolang.population.lowered import (
    Lowered,
    cannot_lower,
    first_status,
    one_scale,
    refused,
)
from yibaolang.population.lowering import lowered
from yibaolang.population.making import Fixed
from yibaolang.population.persons import People

NATIVE_CODES = frozenset({"YB424", "YB480"})
"""Refusals that are not about persons: the question makes no sense, or has no native form."""


@frozen(eq=False)
class Figured:
    """A figure of a region: its type and its value."""

    type: Type
    value: Lowered


class Planned(Questions):
    """Gives the plans that questions are answered from."""

    @classmethod
    def of(cls, book: Book, region: str, uses: Uses, plans: Plans | None = None) -> "Planned":
        """The plans of a region under the chosen versions, about somebody of whom nothing is known.

        `plans` are those of the region if there are any already.
        """
        return cls(book, region, uses, known(book, ()), plans, explained=False)

    def plan_on(self, figure: str, day: date) -> FigurePlan:
        """The arms in force on their own posting dates, seen from a day."""
        return self.plan_seen(figure, day, None)

    def by_version(self, why: Diagnostic) -> "list[Planned]":
        """The same under each of the versions that disagree, if that is why there is no answer."""
        if why.code != "YB301":
            return []
        arguments = dict(why.arguments)
        region, names = str(arguments["region"]), str(arguments["names"]).split(", ")
        return [
            Planned.of(self.book, self.region, choosing(self.uses, region, name))
            for name in names
        ]


class Asking:
    """Lowers the figures of one region under the chosen versions."""

    def __init__(
        self, book: Book, region: str, uses: Uses, make: Fixed, people: People,
        plans: Plans | None = None,
    ) -> None:  # fmt: skip
        self.book = book
        self.questions = Planned.of(book, region, uses, plans)
        self.plans = self.questions.plans
        self.make = make
        self.people = people
        self.arms = Arms(make, people)

    def ask(self, figure: str, asked: Asked) -> Figured:
        """A figure on a day or in a month; Refusal YB424, or YB480 for what has no native form."""
        written = question(figure)
        try:
            return self._asked(figure, asked, written)
        except Refusal as refusal:
            why = refusal.diagnostics[0]
            if any(each.code in NATIVE_CODES for each in refusal.diagnostics):
                raise
            status = refused(self.make, self.people.refusals.index(why.code, why.place))
            readings = [
                Asking(each.book, each.region, each.uses, self.make, self.people).ask(figure, asked)
                for each in self.questions.by_version(why)
            ]
            return self._agreed(readings, status) if readings else Figured(MONEY, status)

    def _asked(self, figure: str, asked: Asked, written: Written) -> Figured:
        if asked.kind not in ("day", "month"):
            raise cannot_lower(written, "a sum over several months", "几个月的合计")
        if figure == "net credit":
            gross, less = (self._summed(each, asked) for each in ("credit", "deduct"))
            (one, other), _, _ = one_scale(self.make, (gross, less))
            status = first_status(self.make, (gross.status, less.status))
            return Figured(MONEY, Lowered(self.make.less(one, other), 1, status))
        if figure in ("credit", "deduct"):
            return Figured(MONEY, self._summed(figure, asked))
        if figure.startswith("wait "):
            return Figured(DATE, self._outcome(figure, last_day(asked)).value)
        named = self.book.names.get(figure)
        if named is None:
            raise no_figure(self.book, figure, written)
        if named.kind == "value" and named.owner == "benefit":
            return Figured(TRUTH, self._required(named.name, last_day(asked)))
        return self._value(named.name, asked, written)

    # ── versions that disagree ──

    def _agreed(self, readings: list[Figured], otherwise: Lowered) -> Figured:
        """The value if the readings are the same here, or refused for one reason."""
        make = self.make
        values = [each.value for each in readings]
        able = [each for each in values if not _always_refused(each)]
        same = [make.compare("=", each.status, values[0].status) for each in values[1:]]
        if len(able) < 2:
            node, one, divisor = values[0].node, values[0].denominator, values[0].divisor
        else:
            nodes, one, divisor = one_scale(make, able)
            node = nodes[0]
            refused_alike = make.compare("!=", values[0].status, make.zero)
            equal = [_same(make, node, each) for each in nodes[1:]]
            same.append(make.either(refused_alike, make.both(*equal)))
        status = make.choose(make.both(*same), values[0].status, otherwise.status)
        type_ = next((each.type for each in readings if not _always_refused(each.value)), MONEY)
        return Figured(type_, Lowered(node, one, status, divisor))

    # ── credit and deductions ──

    def _summed(self, figure: str, asked: Asked) -> Lowered:
        first, last = first_day(asked), last_day(asked)
        end = self._outcome(figure, last)
        if first == last or asked.kind == "day":
            return end.value
        begin = self._outcome(figure, first)
        return self.both_ends(begin.value, end.value, self.differing(begin, end))

    def differing(self, begin: Came, end: Came) -> Node:
        """The refusal of a month whose ends differ (YB410), at the first arm that counts."""
        make = self.make
        status: Node = make.whole(self.people.refusals.index("YB410", None))
        for arm, counts in reversed((*begin.taken, *end.taken)):
            index = self.people.refusals.index("YB410", arm.rule.written.place)
            status = make.choose(counts, make.whole(index), status)
        return status

    def both_ends(self, begin: Lowered, end: Lowered, different: Node) -> Lowered:
        """The value at a month's end, if that at its beginning is the same."""
        make = self.make
        if (begin.node, begin.status) == (end.node, end.status):
            return end
        codes = [self._by_code(each.status) for each in (begin, end)]
        alike = make.compare("=", *codes)
        if not (_always_refused(begin) or _always_refused(end)):
            (one, other), _, _ = one_scale(make, (begin, end))
            no_value = make.compare("!=", end.status, make.zero)
            alike = make.both(alike, make.either(no_value, _same(make, one, other)))
        return end._replace(status=make.choose(alike, end.status, different))

    def _by_code(self, status: Node) -> Node:
        """A status in which refusals with one code are one, whatever their place."""
        if isinstance(status, If):
            then, otherwise = self._by_code(status.then), self._by_code(status.otherwise)
            return self.make.choose(status.condition, then, otherwise)
        if not isinstance(status, Whole):
            raise TypeError("a status is a choice among constants")
        codes = self.people.refusals.codes()
        return self.make.whole(codes.index(codes[status.value]))

    def _outcome(self, figure: str, day: date) -> Came:
        return self.arms.figure(self.questions.plan_on(figure, day), day)

    # ── values and requirements ──

    def _value(self, name: str, asked: Asked, written: Written) -> Figured:
        end = self._value_on(name, last_day(asked), written)
        if asked.kind == "day":
            return end
        begin = self._value_on(name, first_day(asked), written)
        different = self.make.whole(self.people.refusals.index("YB410", written.place))
        return Figured(end.type, self.both_ends(begin.value, end.value, different))

    def _value_on(self, name: str, day: date, written: Written) -> Figured:
        expr = self.plans.definition(name, written, day)
        low = self.arms.lowering(
            self.make.whole(number_of_day(day)), None, self.plans.year_from(day)
        )
        return Figured(expr.type, lowered(low, expr))

    def _required(self, benefit: str, day: date) -> Lowered:
        """Whether every requirement that applies is met; what is not met needs no others."""
        make = self.make
        today = make.whole(number_of_day(day))
        low = self.arms.lowering(today, None, self.plans.year_from(day))
        unmet: list[Node] = []
        statuses: list[Node] = []
        nobody: list[Node] = []
        for each in self.plans.provisions(f"require {benefit}", day):
            if not isinstance(each, Require):
                continue
            always = Lowered(make.always, 1, make.zero)
            guard = always if each.guard is None else lowered(low, each.guard)
            met = lowered(low, each.condition)
            known_guard = make.compare("=", guard.status, make.zero)
            applies = make.both(known_guard, guard.node)
            fails = make.both(make.compare("=", met.status, make.zero), make.no(met.node))
            unmet.append(make.both(applies, fails))
            open_ = make.choose(guard.node, met.status, make.zero)
            statuses.append(first_status(make, (guard.status, open_)))
            nobody.append(make.both(known_guard, make.no(guard.node)))
        fails = make.either(*unmet)
        none = make.whole(self.people.refusals.index("YB402", None))
        statuses.append(make.choose(make.both(*nobody), none, make.zero))
        status = make.choose(fails, make.zero, first_status(make, statuses))
        return Lowered(make.no(fails), 1, status)


def _same(make: Fixed, one: Node, other: Node) -> Node:
    if not one.truth:
        return make.compare("=", one, other)
    return make.either(make.both(one, other), make.both(make.no(one), make.no(other)))


def _always_refused(value: Lowered) -> bool:
    return isinstance(value.status, Whole) and value.status.value != 0


def question(figure: str) -> Written:
    """Where a figure was asked for: the words themselves."""
    node = syntax.Name((0, len(figure)), figure)
    return Written(Source.of("figure", figure), node)


def first_day(asked: Asked) -> date:
    """The first day that is asked for."""
    if asked.first is None:
        raise ValueError("a population is asked for on a day or in a month")
    return asked.first


def last_day(asked: Asked) -> date:
    """The last day that is asked for."""
    if asked.last is None:
        raise ValueError("a population is asked for on a day or in a month")
    return asked.last
