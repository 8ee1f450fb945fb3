"""The direct way through a figure: one stream of arms that look at one day, within the plan.

It is taken by most runs. Whatever is unusual gives None (a day outside the plan, a param given
instead, no arm or several, a missing fact, an amount below zero), and the caller goes the long way,
which tells why.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from yibaolang.model.arms import FigurePlan
from yibaolang.program.closures import Closure, Compiler
from yibaolang.program.dates import posting_of, today_for
from yibaolang.program.frame import Scenario
from yibaolang.program.novalue import NoValue
from yibaolang.program.outcome import Chosen, Failed, Outcome
from yibaolang.program.prepared import rounder, when_key
from yibaolang.program.questions import Question, Questions, questions
from yibaolang.program.trace import Tracer

DirectRun = Callable[[Scenario, date], Outcome | None]
"""From what is known and the day asked to the outcome, or None."""


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


def direct_run(plan: FigurePlan) -> DirectRun:
    """Make the function that runs a direct plan; Overlap if its guards may hold together."""
    since, until = plan.since or date.min, plan.until or date.max
    names, address, days = plan.slots, id(plan.slots), _days(plan)
    first = _branches(questions([arm.guard for arm in plan.arms]), plan, Compiler((since, until)))

    # What it uses is in its cells, and tuples are made without their constructors' handling of
    # keywords: either would take as long as the rule.
    def run(scenario: Scenario, asked: date) -> Outcome | None:
        posting, today = (None, asked) if days is None else days(asked)
        if scenario.overrides or not since <= today <= until:
            return None
        template = scenario.templates.get(address)
        if template is None or template[0] is not names or template[2]:
            frame = scenario.frame(names, today, posting)
        else:
            frame = [today, posting, None, *template[1]]
        branch = first
        try:
            while branch.__class__ is Branch:
                branch = branch.holds if branch.condition(frame) else branch.fails
            if branch is None:
                return None
            amount, arm, denominator, half, whole, unit = branch
            numerator = amount(frame)
        except NoValue:
            return None
        if numerator.__class__ is not int or numerator < 0:
            return None
        fen = (numerator + half) // whole * unit
        made = (arm, posting, today, 12, numerator, denominator, fen, None, None, None, None)
        outcome: Outcome = _new(Outcome, (fen, (_new(Chosen, made),), (), None))
        return outcome

    return run


def _branches(asked: Questions, plan: FigurePlan, compiler: Compiler) -> Any:
    if isinstance(asked, Question):
        holds, fails = (_branches(each, plan, compiler) for each in asked[1:])
        return Branch(compiler.closure(asked.condition), holds, fails)
    if asked is None:
        return None
    arm = plan.arms[asked]
    amount, denominator = compiler.closure(arm.amount), arm.amount.denominator
    rounding = arm.rounding
    if rounding is None or denominator is None or rounding.mode not in ("half_up", "down"):
        return None
    whole = denominator * rounding.unit_fen
    # Of zero and more: a tie is there only if `whole` is even, and then half of it is exact.
    half = whole // 2 if rounding.mode == "half_up" else 0
    return amount, arm, denominator, half, whole, rounding.unit_fen


def _days(plan: FigurePlan) -> Callable[[date], tuple[date | None, date]] | None:
    """How the posting day and the day looked at come from the day asked; None if it is all."""
    when = plan.arms[0].when
    if not (when.frequency or when.assessed):
        return None

    def days(asked: date) -> tuple[date | None, date]:
        posting = posting_of(plan.arms[0], asked)
        return posting, today_for(when, asked, posting) or asked

    return days


def direct_explain(plan: FigurePlan) -> DirectRun:
    """Make the function that explains a direct plan; it looks at every guard."""
    since, until = plan.since or date.min, plan.until or date.max
    names, address, days = plan.slots, id(plan.slots), _days(plan)
    traced = Tracer(Compiler((since, until))).traced
    arms = [
        (
            arm,
            traced(arm.guard) if arm.guard else None,
            traced(arm.amount),
            rounder(arm.rounding, arm.amount.denominator),
        )
        for arm in plan.arms
    ]

    def explain(scenario: Scenario, asked: date) -> Outcome | None:
        posting, today = (None, asked) if days is None else days(asked)
        if scenario.overrides or not since <= today <= until:
            return None
        template = scenario.templates.get(address)
        if template is None or template[0] is not names or template[2]:
            frame = scenario.frame(names, today, posting)
        else:
            frame = [today, posting, None, *template[1]]
        found: Any = None
        failed = []
        for each in arms:
            step = None if each[1] is None else each[1](frame)
            if step is None or step.value is True:
                if found is not None:
                    return None
                found, guard = each, step
            elif step.value is False:
                failed.append(_new(Failed, (each[0], posting, today, step, False, False)))
            else:
                return None
        if found is None:
            return None
        arm, _, amount, rounds = found
        step = amount(frame)
        numerator = step.value
        if rounds is None or numerator.__class__ is not int or numerator < 0:
            return None
        fen, denominator = rounds(numerator), arm.amount.denominator
        made = (arm, posting, today, 12, numerator, denominator, fen, guard, None, step, None)
        outcome: Outcome = _new(Outcome, (fen, (_new(Chosen, made),), tuple(failed), None))
        return outcome

    return explain


_new: Any = tuple.__new__
