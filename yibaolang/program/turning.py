"""What time does to an account: interest that accrues and is posted, buckets that carry over.

Interest not yet posted is kept as a numerator over one denominator for the region, whatever its
rates, so a rate may change within a year and nothing is rounded before it is posted.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from math import lcm
from typing import TypeVar

from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.model import core
from yibaolang.model.core import Expr
from yibaolang.model.plan import Plans
from yibaolang.model.provisions import Carry, DayCount, Interest, Provision
from yibaolang.program import instructions as step
from yibaolang.program.known import told_to_rules
from yibaolang.program.layout import INTEREST, MINIMUM, Cell, Layout

DAYS = 0
NEVER = 1 << 61
"""More than any balance: the least balance of a month in which no day has ended."""

MonthDay = tuple[int, int]
EVERY: MonthDay = (0, 0)
"""In place of a day of the year: whichever it is."""

_Made = TypeVar("_Made", bound=Provision)


class Turning:
    """Builds the programs of time for a region under one plan."""

    def __init__(self, plans: Plans, layout: Layout, day: date) -> None:
        self.plans = plans
        self.layout = layout
        self.day = day
        self.interests = self._provisions("interest", Interest)
        self.carries = self._provisions("carry", Carry)

    def _provisions(self, kind: str, of: type[_Made]) -> list[_Made]:
        return [each for each in self.plans.provisions(kind, self.day) if isinstance(each, of)]

    def plan(self, kind: str, steps: Iterable[step.Instruction], registers: int) -> step.StepPlan:
        names = self.plans.slot_names()
        told = told_to_rules(self.plans, self.layout)
        return step.StepPlan(kind, self.plans.region, (*told, *steps), registers, (), names)

    # ── days and months that pass ──

    def passing(self) -> step.StepPlan | None:
        """What days do; the first register is how many have passed since the last time.

        None if there is no interest that looks at days.
        """
        steps: list[step.Instruction] = []
        for rule in self.interests:
            if rule.basis == "daily_balance":
                found = [
                    step.Accrue(cell, step.Times(_times(bucket, factor), step.Held(DAYS)), None)
                    for cell, bucket, factor in self._cells(rule)
                ]
                steps += _guarded(rule.guard, found, rule)
            elif rule.basis == "minimum_balance":
                steps += [
                    step.Store(least, step.Least((step.InCell(least), step.InCell(bucket))))
                    for least, bucket in self._minima(rule)
                ]
        return self.plan("passing", steps, 1) if steps else None

    def month_turn(self) -> step.StepPlan | None:
        """What the end of a month does; None if no interest looks at months."""
        steps: list[step.Instruction] = []
        for rule in self.interests:
            if rule.basis != "minimum_balance":
                continue
            minima = {bucket: least for least, bucket in self._minima(rule)}
            found = [
                step.Accrue(cell, _times(minima[bucket], factor), None)
                for cell, bucket, factor in self._cells(rule)
            ]
            steps += _guarded(rule.guard, found, rule)
        return self.plan("month turn", [*steps, *self.month_start()], 0) if steps else None

    def month_start(self) -> list[step.Instruction]:
        """A month begins in which no day has ended."""
        return [step.Store(least, step.Fen(NEVER)) for least in self.minima()]

    def minima(self) -> list[int]:
        """The cells in which the least balance of a month is kept."""
        return [
            least
            for rule in self.interests
            if rule.basis == "minimum_balance"
            for least, _ in self._minima(rule)
        ]

    def looked_at(self, month_day: MonthDay) -> step.StepPlan | None:
        """What the end of a day does on which interest looks at the balance."""
        steps: list[step.Instruction] = []
        for rule in self.interests:
            if rule.basis == "balance_on" and rule.basis_day == month_day:
                found = [
                    step.Accrue(cell, _times(bucket, factor), None)
                    for cell, bucket, factor in self._cells(rule)
                ]
                steps += _guarded(rule.guard, found, rule)
        return self.plan("looked at", steps, 0) if steps else None

    # ── postings ──

    def earned(self, month_day: MonthDay) -> step.StepPlan | None:
        """The interest that is posted on a day of the year (EVERY: all): a sum for each bucket."""
        steps: list[step.Instruction] = []
        rounding = self.plans.rounding(self.plans.elaborator(self.day))
        registers = 0
        posted: set[int] = set()
        for rule in self.interests:
            if month_day not in (EVERY, rule.posted_on):
                continue
            for cell, bucket, _ in self._cells(rule):
                target = rule.into or self.layout.cells[bucket].name
                if cell in posted:
                    continue
                posted.add(cell)
                term = step.Quotient(step.InCell(cell), self.denominator(), rounding)
                held = step.Held(registers)
                registers += 1
                into = self.layout.bucket(target)
                total = self.layout.total("interest")
                steps += [
                    step.Let(held.register, term, "interest", rule.rule, None, None, None),
                    step.Post("interest", "fund", target, None, into, total, held, rule.rule),
                    step.Store(cell, step.Fen(0)),
                ]
        return self.plan("interest", steps, registers) if steps else None

    def carried(self, month_day: MonthDay) -> step.StepPlan | None:
        """What is carried over on a day of the year, in the order of the rules."""
        steps: list[step.Instruction] = []
        total = self.layout.total("carry")
        for rule in self.carries:
            if (rule.month, rule.day) == month_day:
                source, target = self.layout.bucket(rule.bucket), self.layout.bucket(rule.into)
                post = step.Post(
                    "carry", rule.bucket, rule.into, source, target, total, step.InCell(source),
                    rule.rule,
                )  # fmt: skip
                steps += _guarded(rule.guard, [post], rule)
        return self.plan("carry", steps, 0) if steps else None

    def days(self) -> set[tuple[str, MonthDay]]:
        """The days of the year on which something is posted or looked at, and what."""
        found = {("carry", (rule.month, rule.day)) for rule in self.carries}
        for rule in self.interests:
            if rule.posted_on is None:
                raise Refusal(diagnostic("YB435", rule.rule.written.place))
            found.add(("interest", rule.posted_on))
            if rule.basis_day is not None:
                found.add(("looked at", rule.basis_day))
        return found

    # ── cells ──

    def _cells(self, rule: Interest) -> list[tuple[int, int, int]]:
        """For each bucket of a rule: the cell of its interest, its own cell, and its factor."""
        rate = rule.rate
        if not isinstance(rate, core.Constant) or not isinstance(rate.value, int):
            raise TypeError("a rate of interest is written out")
        below = (rate.denominator or 1) * self._parts(rule.basis, self.day_count())
        factor = rate.value * (self.denominator() // below)
        found = []
        for name in rule.buckets or self._buckets():
            when = "{:02}-{:02}".format(*(rule.posted_on or (0, 0)))
            cell = Cell(INTEREST, f"{when} {rule.into or name}", self.plans.region)
            found.append((self.layout.index(cell), self.layout.bucket(name), factor))
        return found

    def _minima(self, rule: Interest) -> list[tuple[int, int]]:
        return [
            (self.layout.index(Cell(MINIMUM, name, self.plans.region)), self.layout.bucket(name))
            for name in rule.buckets or self._buckets()
        ]

    def _buckets(self) -> list[str]:
        names = self.plans.book.names.values()
        return list(dict.fromkeys(each.name for each in names if each.kind == "bucket"))

    def day_count(self) -> int:
        """The days of a year of interest; Refusal YB306 without a rule."""
        rules = self._provisions("day count", DayCount)
        if len(rules) != 1:
            place = rules[0].rule.written.place if rules else None
            raise Refusal(diagnostic("YB306", place, kind="day count", region=self.plans.region))
        return rules[0].days

    def denominator(self) -> int:
        """What interest is kept over: enough for every rate that the region ever has."""
        book = self.plans.book
        parts = [1]
        for region in book.chain(self.plans.region):
            for entry in book.rules.get((region, "interest"), ()):
                action = entry.sentence.action if isinstance(entry.sentence, syntax.Rule) else None
                if isinstance(action, syntax.Interest):
                    below = action.rate.denominator
                    parts += [below * self._parts(action.basis, each) for each in self._counts()]
        return lcm(*parts)

    def _counts(self) -> list[int]:
        book = self.plans.book
        found = []
        for region in book.chain(self.plans.region):
            for entry in book.rules.get((region, "day count"), ()):
                if isinstance(entry.sentence, syntax.Rule):
                    action = entry.sentence.action
                    if isinstance(action, syntax.DayCount):
                        found.append(action.days)
        return found

    @staticmethod
    def _parts(basis: str, day_count: int) -> int:
        """In how many parts a year's interest comes."""
        return {"daily_balance": day_count, "minimum_balance": 12}.get(basis, 1)


def _times(cell: int, factor: int) -> step.Times:
    return step.Times(step.InCell(cell), step.Fen(factor))


def _guarded(
    guard: Expr | None, steps: Sequence[step.Instruction], rule: Interest | Carry
) -> list[step.Instruction]:
    if guard is None:
        return list(steps)
    return [step.When(guard, tuple(steps), (), "", rule.rule)]
