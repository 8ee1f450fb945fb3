"""The direct way through a figure: one stream of arms that look at one day, within the plan.

It is taken by most runs. Whatever is unusual (a day outside the plan, no arm or several, a missing
fact, an amount below zero) gives None, and the caller goes the long way, which tells why.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from yibaolang.model.arms import Arm, FigurePlan
from yibaolang.program.closures import Closure, Compiler
from yibaolang.program.dates import posting_date, today_for
from yibaolang.program.frame import Scenario
from yibaolang.program.novalue import NoValue
from yibaolang.program.outcome import Chosen, Failed, Outcome
from yibaolang.program.prepared import rounder, when_key
from yibaolang.program.questions import Question, Questions, questions
from yibaolang.program.step import Step
from yibaolang.program.trace import Traced, Tracer

Leaf = tuple[Closure, Any, int | None, Callable[[int], int]]
"""Of an arm: its amount, the arm, its denominator and its rounding."""


class Branch:
    """A condition's closure and the branches or leaves that follow."""

    __slots__ = ("condition", "fails", "holds")

    def __init__(self, condition: Closure, holds: Any, fails: Any) -> None:
        self.condition = condition
        self.holds = holds
        self.fails = fails


def is_direct(plan: FigurePlan) -> bool:
    """Whether the arms are one exclusive stream, alike in their day, rounded, not prorated."""
    arms = plan.arms
    return (
        bool(arms)
        and plan.exclusive
        and len({(arm.stream, when_key(arm.when)) for arm in arms}) == 1
        and not any(arm.prorated or arm.exception or arm.rounding is None for arm in arms)
    )


class _OneDay:
    """The day that all the arms look at, and whether it is within the plan."""

    def __init__(self, plan: FigurePlan) -> None:
        self.plan = plan
        self._since = plan.since or date.min
        self._until = plan.until or date.max
        self._when = plan.arms[0].when
        self._scheduled = bool(self._when.frequency or self._when.assessed)
        self._compiler = Compiler((self._since, self._until))

    def _days(self, asked: date) -> tuple[date | None, date]:
        posting = posting_date(self._when, asked)
        return posting, today_for(self._when, asked, posting) or asked


class Direct(_OneDay):
    """Runs a plan for which `is_direct` holds; Overlap if its guards may hold together."""

    def __init__(self, plan: FigurePlan) -> None:
        super().__init__(plan)
        self._first = self._branch(questions([arm.guard for arm in plan.arms]))

    def _branch(self, asked: Questions) -> Any:
        if isinstance(asked, Question):
            holds, fails = (self._branch(each) for each in asked[1:])
            return Branch(self._compiler.closure(asked.condition), holds, fails)
        if asked is None:
            return None
        arm = self.plan.arms[asked]
        amount, denominator = self._compiler.closure(arm.amount), arm.amount.denominator
        rounds = rounder(arm.rounding, denominator)
        return None if rounds is None else (amount, arm, denominator, rounds)

    def run(self, scenario: Scenario, asked: date) -> Outcome | None:
        """The outcome without steps, or None."""
        posting, today = self._days(asked) if self._scheduled else (None, asked)
        if not self._since <= today <= self._until:
            return None
        frame = scenario.frame(self.plan.slots, today, posting)
        branch = self._first
        try:
            while branch.__class__ is Branch:
                branch = branch.holds if branch.condition(frame) else branch.fails
            if branch is None:
                return None
            amount, arm, denominator, rounds = branch
            numerator = amount(frame)
        except NoValue:
            return None
        if numerator.__class__ is not int or numerator < 0:
            return None
        fen = rounds(numerator)
        made = (arm, posting, today, 12, numerator, denominator, fen, None, None, None, None)
        # The constructors' handling of keywords would take as long as the rule.
        outcome: Outcome = _new(Outcome, (fen, (_new(Chosen, made),), (), None))
        return outcome


class DirectTrace(_OneDay):
    """Explains a plan for which `is_direct` holds: it looks at every guard, as the long way does."""

    def __init__(self, plan: FigurePlan) -> None:
        super().__init__(plan)
        traced = Tracer(self._compiler).traced
        self._arms: list[tuple[Arm, Traced | None, Traced]] = [
            (arm, traced(arm.guard) if arm.guard else None, traced(arm.amount)) for arm in plan.arms
        ]
        self._rounds = {arm: rounder(arm.rounding, arm.amount.denominator) for arm in plan.arms}

    def explain(self, scenario: Scenario, asked: date) -> Outcome | None:
        """The outcome with steps, or None."""
        posting, today = self._days(asked) if self._scheduled else (None, asked)
        if not self._since <= today <= self._until:
            return None
        frame = scenario.frame(self.plan.slots, today, posting)
        found: tuple[Arm, Traced, Step | None] | None = None
        failed = []
        for arm, guard, amount in self._arms:
            step = None if guard is None else guard(frame)
            if step is None or step.value is True:
                if found is not None:
                    return None
                found = arm, amount, step
            elif step.value is False:
                failed.append(_new(Failed, (arm, posting, today, step, False, False)))
            else:
                return None
        if found is None:
            return None
        arm, amount, why = found
        step, rounds = amount(frame), self._rounds[arm]
        numerator = step.value
        if rounds is None or numerator.__class__ is not int or numerator < 0:
            return None
        fen, denominator = rounds(numerator), arm.amount.denominator
        made = (arm, posting, today, 12, numerator, denominator, fen, why, None, step, None)
        outcome: Outcome = _new(Outcome, (fen, (_new(Chosen, made),), tuple(failed), None))
        return outcome


_new: Any = tuple.__new__
