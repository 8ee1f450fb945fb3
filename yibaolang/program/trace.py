"""Explained evaluation: the same values, with a step for every node that was looked at.

Nothing is raised: a step without a value holds the NoValue, and so do the steps above it, up to
the one that can do without.
"""

from collections.abc import Callable
from typing import Any, TypeGuard

from yibaolang.model.core import (
    Absent,
    AsOf,
    Choose,
    Compare,
    Constant,
    CountOf,
    Defined,
    Expr,
    Junction,
    LookUp,
    TierSum,
)
from yibaolang.program.closures import (
    Compiler,
    case_values,
    counted,
    given_definition,
    no_case,
    raising,
    row_finder,
    row_values,
)
from yibaolang.program.frame import TODAY, Frame, Given, frame_on
from yibaolang.program.novalue import NoValue, absent
from yibaolang.program.operations import (
    STRICT,
    Lift,
    Operation,
    lifts,
    operands_of,
    operation_of,
    over,
    tier_parts,
)
from yibaolang.program.readings import READINGS
from yibaolang.program.short_trace import SHORT_TRACES, reading
from yibaolang.program.step import Step
from yibaolang.program.walk import bottom_up

Traced = Callable[[Frame], Step]


class Tracer:
    """Makes tracing closures, one for each node; `compiler` makes the plain ones they need."""

    def __init__(self, compiler: Compiler | None = None) -> None:
        self.compiler = compiler or Compiler()
        self._made: dict[Expr, Traced] = {}
        self._anywhere: Tracer | None = None

    @property
    def anywhere(self) -> "Tracer":
        """The tracer for other days than today."""
        if self.compiler.within is None:
            return self
        if self._anywhere is None:
            self._anywhere = Tracer(self.compiler.anywhere)
        return self._anywhere

    def traced(self, expr: Expr) -> Traced:
        """The tracing closure of a node; TypeError for a class that nothing is known of."""
        if expr not in self._made:
            for each in bottom_up(expr):
                if each not in self._made:
                    self._made[each] = self._make(each)
        return self._made[expr]

    def _make(self, expr: Expr) -> Traced:
        kind = type(expr)
        if kind in SHORT_TRACES:
            short = SHORT_TRACES[kind](expr, self.compiler.within)
            if short is not None:
                return short
        if kind in STRICT:
            return _strict(expr, self)
        if kind in READINGS:
            return reading(expr, READINGS[kind](expr))
        if kind in SPECIAL:
            return SPECIAL[kind](expr, self)
        raise TypeError(f"{kind.__name__} cannot be evaluated")


def trace(expr: Expr, frame: Frame) -> Step:
    """Evaluate with all the steps."""
    return Tracer().traced(expr)(frame)


def _kept(why: NoValue) -> NoValue:
    return why.again()


def _strict(node: Expr, tracer: Tracer) -> Traced:
    operation = operation_of(node)
    operands = [tracer.traced(each) for each in operands_of(node)]
    if isinstance(node, TierSum):
        return _tiers(node, operands[0], operation)
    if isinstance(node, Compare) and _is_static(node.right):
        return _with_constant(node, operands[0], Step(node.right, node.right.value), operation)
    if len(operands) == 2:
        return _two(node, operands[0], operands[1], operation)

    def strict(frame: Frame) -> Step:
        steps: list[Step] = []
        for operand in operands:
            steps.append(operand(frame))
            if isinstance(steps[-1].value, NoValue):
                return Step(node, steps[-1].value, tuple(steps))
        try:
            value = operation(*[step.value for step in steps])
        except NoValue as why:
            value = _kept(why)
        return Step(node, value, tuple(steps))

    return strict


def _is_static(node: Expr) -> TypeGuard[Constant]:
    return isinstance(node, Constant) and node.denominator is not None


def _with_constant(node: Expr, one: Traced, constant: Step, operation: Operation) -> Traced:
    limit = constant.value

    def compare(frame: Frame) -> Step:
        step = one(frame)
        value = step.value
        if value.__class__ is NoValue:
            return Step(node, value, (step,))
        return Step(node, operation(value, limit), (step, constant))

    return compare


def _two(node: Expr, one: Traced, other: Traced, operation: Operation) -> Traced:
    def two(frame: Frame) -> Step:
        first = one(frame)
        value = first.value
        if value.__class__ is NoValue:
            return Step(node, value, (first,))
        second = other(frame)
        last = second.value
        if last.__class__ is NoValue:
            return Step(node, last, (first, second))
        try:
            return Step(node, operation(value, last), (first, second))
        except NoValue as why:
            return Step(node, _kept(why), (first, second))

    return two


def _tiers(node: TierSum, amount: Traced, operation: Operation) -> Traced:
    def tiers(frame: Frame) -> Step:
        step = amount(frame)
        if step.failed:
            return Step(node, step.value, (step,))
        try:
            value = operation(step.value)
        except NoValue as why:
            return Step(node, _kept(why), (step,))
        parts = [(node.tiers[index], part) for index, part in tier_parts(node, step.value)]
        return Step(node, value, (step,), tuple(parts))

    return tiers


def _constant(node: Constant, _tracer: Tracer) -> Traced:
    value = over(node.value, None) if node.denominator is None else node.value
    step = Step(node, value)
    return lambda frame: step


def _absent(node: Absent, _tracer: Tracer) -> Traced:
    return lambda frame: Step(node, absent(node.kind, node.written.place, ""))


def _count_of(node: CountOf, _tracer: Tracer) -> Traced:
    def count(frame: Frame) -> Step:
        try:
            return Step(node, counted(node, frame))
        except NoValue as why:
            return Step(node, why)

    return count


def _junction(node: Junction, tracer: Tracer) -> Traced:
    operands = [tracer.traced(each) for each in node.operands]
    every = node.every
    if len(operands) == 2:
        return _pair(node, operands[0], operands[1])

    def junction(frame: Frame) -> Step:
        steps: list[Step] = []
        failure: NoValue | None = None
        for operand in operands:
            step = operand(frame)
            steps.append(step)
            value = step.value
            if value.__class__ is NoValue:
                failure = failure or value
            elif value is not every:
                return Step(node, not every, tuple(steps))
        return Step(node, every if failure is None else failure, tuple(steps))

    return junction


def _pair(node: Junction, one: Traced, other: Traced) -> Traced:
    every = node.every

    def pair(frame: Frame) -> Step:
        first = one(frame)
        value = first.value
        if value is not every and value.__class__ is bool:
            return Step(node, value, (first,))
        second = other(frame)
        last = second.value
        if value is every or last is not every:
            # The first says nothing: the second decides, or both have no value.
            undecided = value.__class__ is NoValue and last.__class__ is NoValue
            return Step(node, value if undecided else last, (first, second))
        return Step(node, value, (first, second))

    return pair


def _lift(value: Any, up: Lift) -> Any:
    return value if up is None or isinstance(value, NoValue) else up(value)


def _choose(node: Choose, tracer: Tracer) -> Traced:
    values = case_values(node)
    ups = lifts(node, values, node.scales)
    traced = list(zip(map(tracer.traced, values), ups, strict=True))
    conditions = [tracer.traced(each) for each in node.conditions]

    def choose(frame: Frame) -> Step:
        steps: list[Step] = []
        reached = len(conditions)
        for index, condition in enumerate(conditions):
            step = condition(frame)
            steps.append(step)
            if isinstance(step.value, NoValue):
                return Step(node, step.value, tuple(steps))
            if step.value:
                reached = index
                break
        if reached == len(traced):
            return Step(node, no_case(node), tuple(steps))
        value, up = traced[reached]
        steps.append(value(frame))
        return Step(node, _lift(steps[-1].value, up), tuple(steps))

    return choose


def _look_up(node: LookUp, tracer: Tracer) -> Traced:
    values = row_values(node)
    ups = lifts(node, values, node.scales)
    keys = [tracer.traced(each) for each in node.keys]
    traced = [tracer.traced(each) for each in values]
    matching = row_finder(node, tracer.compiler)

    def look_up(frame: Frame) -> Step:
        steps = [key(frame) for key in keys]
        try:
            index = matching(frame)
        except NoValue as why:
            return Step(node, _kept(why), tuple(steps))
        steps.append(traced[index](frame))
        value = _lift(steps[-1].value, ups[index])
        return Step(node, value, tuple(steps), node.rows[index])

    return look_up


def _defined(node: Defined, tracer: Tracer) -> Traced:
    slot, inside, raised = node.slot, tracer.traced(node.value), raising(node)

    def defined(frame: Frame) -> Step:
        held = frame[slot]
        if held.__class__ is Step:
            # Perhaps of another mention of the definition: they differ in nothing but their place.
            kept: Step = held
            return kept
        if held.__class__ is Given:
            step = _given(node, held, frame)
        else:
            below = inside(frame)
            value = below.value
            if value.__class__ is NoValue:
                value = value.named(node.name)
            elif raised is not None:
                value = raised(value)
            step = Step(node, value, (below,))
        frame[slot] = step
        return step

    return defined


def _given(node: Defined, given: Given, frame: Frame) -> Step:
    try:
        return Step(node, given_definition(node, given, frame), (), "given")
    except NoValue as why:
        return Step(node, _kept(why), (), "given")


def _as_of(node: AsOf, tracer: Tracer) -> Traced:
    operand, when = tracer.anywhere.traced(node.operand), tracer.traced(node.date)

    def as_of(frame: Frame) -> Step:
        day = when(frame)
        if isinstance(day.value, NoValue):
            return Step(node, day.value, (day,))
        there = frame if day.value == frame[TODAY] else frame_on(frame, day.value)
        step = operand(there)
        return Step(node, step.value, (day, step))

    return as_of


SPECIAL: dict[type[Expr], Callable[[Any, Tracer], Traced]] = {
    Constant: _constant,
    Absent: _absent,
    CountOf: _count_of,
    Junction: _junction,
    Choose: _choose,
    LookUp: _look_up,
    Defined: _defined,
    AsOf: _as_of,
}
"""By class of node: how it is traced, for the nodes that do not need all their operands."""
