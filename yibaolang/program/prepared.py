"""Arms made ready to run, and what choosing and rounding need from them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from yibaolang.model.arms import Arm, FigurePlan, Rounding, When
from yibaolang.model.core import Absent, DateOf
from yibaolang.model.rounding import round_quotient
from yibaolang.model.values import MONEY, format_value
from yibaolang.program.closures import Closure, Compiler
from yibaolang.program.frame import Frame
from yibaolang.program.novalue import NoValue, absent, no_value
from yibaolang.program.step import Step
from yibaolang.program.trace import Traced, Tracer
from yibaolang.program.walk import walk

WhenKey = tuple[object, ...]


class Prepared:
    """An arm with its closures; the tracing ones are made when first explained."""

    __slots__ = (
        "amount",
        "arm",
        "denominator",
        "guard",
        "round",
        "start",
        "trace_amount",
        "trace_guard",
        "trace_start",
        "when",
        "when_key",
    )

    def __init__(self, arm: Arm, figure: str, compiler: Compiler) -> None:
        prorated = arm.prorated
        self.arm = arm
        self.when = arm.when
        self.when_key = when_key(arm.when)
        self.guard: Closure = compiler.closure(arm.guard) if arm.guard else holds_always
        self.amount: Closure = amount_closure(arm, figure, compiler)
        self.start: Closure | None = compiler.closure(prorated.start) if prorated else None
        self.denominator = arm.amount.denominator
        self.round = rounder(arm.rounding, self.denominator)
        self.trace_guard: Traced | None = None
        self.trace_amount: Traced | None = None
        self.trace_start: Traced | None = None

    def make_tracing(self, figure: str, tracer: Tracer) -> None:
        """Make the tracing closures."""
        arm = self.arm
        self.trace_guard = tracer.traced(arm.guard) if arm.guard else None
        self.trace_amount = amount_traced(arm, figure, tracer)
        self.trace_start = tracer.traced(arm.prorated.start) if arm.prorated else None


def holds_always(_frame: Frame) -> bool:
    """The guard of an arm without one."""
    return True


def when_key(when: When) -> WhenKey:
    """The fields of a When: arms with equal ones look at the same day."""
    return tuple(getattr(when, name) for name in When.__match_args__)


def _stated_absence(arm: Arm, figure: str) -> NoValue | None:
    if not isinstance(arm.amount, Absent):
        return None
    return absent(arm.amount.kind, arm.rule.written.place, figure, arm.rule.because)


def amount_closure(arm: Arm, figure: str, compiler: Compiler) -> Closure:
    """The arm's amount; an Absent there is about the figure and has the rule's reason."""
    stated = _stated_absence(arm, figure)
    if stated is None:
        return compiler.closure(arm.amount)

    def nothing(_frame: Frame) -> Any:
        raise stated.again()

    return nothing


def amount_traced(arm: Arm, figure: str, tracer: Tracer) -> Traced:
    """The same, explained."""
    stated = _stated_absence(arm, figure)
    if stated is None:
        return tracer.traced(arm.amount)
    return lambda frame: Step(arm.amount, stated, (), arm.rule.because)


def rounder(rounding: Rounding | None, denominator: int | None) -> Callable[[int], int] | None:
    """How a numerator of zero or more over a static denominator is rounded to fen; else None."""
    if denominator is None or rounding is None:
        return None
    unit, mode = rounding.unit_fen, rounding.mode
    whole = denominator * unit
    half = whole // 2
    if mode == "half_up":
        # A tie is there only if `whole` is even, and then half of it is exact.
        if unit == 1:
            return (lambda n: n) if whole == 1 else lambda n: (n + half) // whole
        return lambda n: (n + half) // whole * unit
    return lambda n: round_quotient(n, whole, mode) * unit


def looks_at_year_start(plan: FigurePlan) -> bool:
    """Whether an expression of the plan needs the insurance year's first day."""
    roots = []
    for arm in plan.arms:
        roots += [each for each in (arm.guard, arm.amount) if each is not None]
        roots += [arm.prorated.start] if arm.prorated else []
    return any(isinstance(node, DateOf) and node.word == "year_start" for node in walk(*roots))


def negative(arm: Arm, numerator: int, denominator: int) -> NoValue:
    """An amount below zero is refused (YB420)."""
    amount = format_value(MONEY, numerator, denominator)
    return no_value("YB420", arm.amount.written.place, amount=amount)


def date_needed(arm: Arm) -> NoValue:
    """A prorated arm needs the date asked (YB414)."""
    return no_value("YB414", arm.rule.written.place)


def shown_date(asked: date | None) -> str:
    """The date asked as an argument of a diagnostic, "" for none."""
    return "" if asked is None else asked.isoformat()
