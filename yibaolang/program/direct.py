"""The direct way through a figure: one stream of arms that look at one day, within the plan.

It is taken by most runs. Whatever is unusual (a day outside the plan, no arm or several, a missing
fact, an amount below zero) gives None, and the caller goes the long way, which tells why.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from yibaolang.model.arms import FigurePlan
from yibaolang.program.closures import Closure, Compiler
from yibaolang.program.dates import posting_date, today_for
from yibaolang.program.frame import Scenario
from yibaolang.program.novalue import NoValue
from yibaolang.program.outcome import Chosen, Failed, Outcome
from yibaolang.program.prepared import rounder, when_key
from yibaolang.program.questions import Question, Questions, questions
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


class Direct:
    """Runs a plan for which `is_direct` holds; Overlap if its guards may hold together."""

    def __init__(self, plan: FigurePlan) -> None:
        self.plan = plan
        self._since = plan.since or date.min
        self._until = plan.until or date.max
        self._when = plan.arms[0].when
        self._scheduled = bool(self._when.frequency or self._when.assessed)
        compiler = Compiler((self._since, self._until))
        self._first = self._branch(questions([arm.guard for arm in plan.arms]), compiler)

    def _branch(self, asked: Questions, compiler: Compiler) -> Any:
        if isinstance(asked, Question):
            holds, fails = (self._branch(each, compiler) for each in asked[1:])
            return Branch(compiler.closure(asked.condition), holds, fails)
        if asked is None:
            return None
        arm = self.plan.arms[asked]
        amount, denominator = compiler.closure(arm.amount), arm.amount.denominator
        rounds = rounder(arm.rounding, denominator)
        return None if rounds is None else (amount, arm, denominator, rounds)

    def run(self, scenario: Scenario, asked: date) -> Outcome | None:
        """The outcome without steps, or None."""
        posting, today = None, asked
        if self._scheduled:
            posting = posting_date(self._when, asked)
            today = today_for(self._when, asked, posting) or asked
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
        return _new(Outcome, (fen, (_new(Chosen, made),), (), None))


class DirectTrace:
    """Explains a plan for which `is_direct` holds: every guard is looked at, as the long way does."""

    def __init__(self, plan: FigurePlan) -> None:
        self.plan = plan
        self._since = plan.since or date.min
        self._until = plan.until or date.max
        self._when = plan.arms[0].when
        self._scheduled = bool(self._when.frequency or self._when.assessed)
        tracer = Tracer(Compiler((self._since, self._until)))
        self._arms = [
            (
                arm,
                tracer.traced(arm.guard) if arm.guard else None,
                tracer.traced(arm.amount),
                arm.amount.denominator,
                rounder(arm.rounding, arm.amount.denominator),
            )
            for arm in plan.arms
        ]

    def explain(self, scenario: Scenario, asked: date) -> Outcome | None:
        """The outcome with steps, or None."""
        posting, today = None, asked
        if self._scheduled:
            posting = posting_date(self._when, asked)
            today = today_for(self._when, asked, posting) or asked
        if not self._since <= today <= self._until:
            return None
        frame = scenario.frame(self.plan.slots, today, posting)
        found: Any = None
        failed = []
        for each in self._arms:
            guard: Traced | None = each[1]
            step = None if guard is None else guard(frame)
            if step is None or step.value is True:
                if found is not None:
                    return None
                found, why = each, step
            elif step.value is False:
                failed.append(_new(Failed, (each[0], posting, today, step, False, False)))
            else:
                return None
        if found is None:
            return None
        arm, _, amount, denominator, rounds = found
        step = amount(frame)
        numerator = step.value
        if rounds is None or numerator.__class__ is not int or numerator < 0:
            return None
        fen = rounds(numerator)
        made = (arm, posting, today, 12, numerator, denominator, fen, why, None, step, None)
        return _new(Outcome, (fen, (_new(Chosen, made),), tuple(failed), None))


_new: Any = tuple.__new__
