"""Answers: a figure's value or why there is none, and the outcomes that it was made from."""

from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import frozen

from yibaolang.engine.asked import Asked
from yibaolang.language.diagnostics import Diagnostic, Said
from yibaolang.model.arms import FigurePlan, RuleInForce
from yibaolang.model.calendar import add_months
from yibaolang.model.values import MONEY, Type, format_value
from yibaolang.program.dates import insurance_year
from yibaolang.program.novalue import NoValue
from yibaolang.program.outcome import Outcome
from yibaolang.program.step import Step

if TYPE_CHECKING:
    from yibaolang.engine.events import Event
    from yibaolang.engine.ledger import Ledger
    from yibaolang.engine.postings import Settlement


@frozen(eq=False)
class Part:
    """One run behind an answer: of which figure, for when, and what came out.

    `counted` is False for a run that only says why nothing was posted then.
    """

    figure: str
    asked: Asked
    outcome: Outcome
    counted: bool = True


@frozen(eq=False)
class Condition:
    """One requirement behind an answer: its rule, and the step of its condition."""

    rule: RuleInForce
    step: Step


@frozen(eq=False)
class Answer:
    """What came out: `value` (over `denominator` if it is a number) of `type`, or `refused`.

    `parts`, `step`, `conditions` and `settlements` are the reasons; which of them there are depends
    on the figure. `measured` is the ledger that a measure is of; `adds_up` says whether
    the values of several months have a sum; `bill` is what the account may pay or not.
    """

    figure: str
    region: str
    asked: Asked
    type: Type
    value: Any
    denominator: int
    refused: tuple[Diagnostic, ...] = ()
    parts: tuple[Part, ...] = ()
    step: Step | None = None
    conditions: tuple[Condition, ...] = ()
    readings: tuple["Reading", ...] = ()
    settlements: tuple["Settlement", ...] = ()
    causes: tuple["Cause", ...] = ()
    measured: "Ledger | None" = None
    adds_up: bool = True
    bill: "Event | None" = None


@frozen(eq=False)
class Cause:
    """A part of a change: fen, what kind of cause it is, and what it is about.

    `kind` is a kind of posting, or rules (what a change of rules gives more or less), or pending
    (not posted yet: 0 fen) or corrected (a void or replacement: 0 fen). `about` names the category,
    relation, member, reason or day; `rule` is the rule behind it, if one is, and `before` the rule
    that it took the place of. `parts` are the sums that it is made of.
    """

    kind: str
    fen: int
    about: tuple[str, ...]
    rule: RuleInForce | None
    before: RuleInForce | None = None
    parts: tuple[int, ...] = ()


@frozen(eq=False)
class Reading:
    """What one of several versions that disagree says."""

    version: str
    answer: Answer


def agreed(readings: tuple[Reading, ...]) -> Answer | None:
    """The answer of versions that disagree elsewhere but say the same here: a figure, or that
    there is none for the same reason."""
    if not readings:
        return None
    first = readings[0].answer
    if any(each.answer.refused for each in readings):
        reasons = {tuple((why.code, why.place) for why in each.answer.refused) for each in readings}
        return first if len(reasons) == 1 else None
    same = all(
        (each.answer.value, each.answer.denominator) == (first.value, first.denominator)
        for each in readings
    )
    return first if same else None


def holds_on(plan: FigurePlan, day: date) -> bool:
    return (plan.since is None or plan.since <= day) and (plan.until is None or day <= plan.until)


def same_outcome(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes say the same: an amount, or a refusal for one reason."""
    if isinstance(one.amount, NoValue) and isinstance(other.amount, NoValue):
        return one.amount.diagnostic.code == other.amount.diagnostic.code
    return one.amount == other.amount


def shown_outcome(outcome: Outcome) -> Said:
    amount = outcome.amount
    if isinstance(amount, NoValue):
        code = amount.diagnostic.code
        return Said(en=f"no figure ({code})", zh=f"没有数值({code})")
    text = format_value(MONEY, amount)
    return Said(en=text, zh=text)


def shown_answer(answer: Answer) -> Said:
    """An amount, or the code of its refusal."""
    if answer.refused:
        code = answer.refused[0].code
        return Said(en=f"no figure ({code})", zh=f"没有数值({code})")
    text = format_value(MONEY, answer.value, answer.denominator)
    return Said(en=text, zh=text)


def step_text(step: Step, type_: Type) -> str:
    value = step.value
    if isinstance(value, NoValue):
        return value.diagnostic.code
    if not type_.numeric:
        return format_value(type_, value)
    if step.expr.denominator is None:
        return format_value(type_, value.numerator, value.denominator)
    return format_value(type_, value, step.expr.denominator)


def covers(part: Part, month: Asked) -> bool:
    """Whether a yearly posting is for months of its insurance year that hold a month.

    The year is that of the rule, which may begin elsewhere than the one before it. It is seen from
    the last day that was looked at: a holiday may have moved the posting before the year's first.
    """
    if part.asked.last is None or month.last is None:
        return False
    chosen = part.outcome.chosen[0]
    when = chosen.arm.when
    _, following = insurance_year(part.asked.last, when.year_month, when.year_day)
    return add_months(following, -chosen.months) <= month.last < following
