"""Short tracing functions for what is read most, like those of `short`.

Each makes the steps that the general function would make; a maker gives None for other shapes.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from yibaolang.model.core import Compare, Constant, DateOf, Expr, FactOf, Published
from yibaolang.program.frame import TODAY, Frame
from yibaolang.program.novalue import NoValue
from yibaolang.program.operations import operation_of
from yibaolang.program.readings import (
    Reading,
    read_date,
    read_fact,
    row_within,
)
from yibaolang.program.short import class_of, plain
from yibaolang.program.step import Step

Traced = Callable[[Frame], Step]
Within = tuple[date, date] | None
ShortTrace = Callable[[Any, Within], Traced | None]


def reading(node: Expr, read: Reading) -> Traced:
    """Trace what is read."""

    def traced(frame: Frame) -> Step:
        try:
            value, remark = read(frame)
        except NoValue as why:
            return Step(node, why.again())
        return Step(node, value, (), remark)

    return traced


def _fact(node: FactOf, _within: Within) -> Traced | None:
    if not plain(node):
        return None
    slot, expected, read = node.slot, class_of(node), reading(node, read_fact(node))

    def fact(frame: Frame) -> Step:
        value = frame[slot]
        return Step(node, value, (), "fact") if value.__class__ is expected else read(frame)

    return fact


def _today(node: DateOf, _within: Within) -> Traced | None:
    if node.word != "today":
        return None
    read = reading(node, read_date(node))

    def today(frame: Frame) -> Step:
        value = frame[TODAY]
        return read(frame) if value is None else Step(node, value)

    return today


def _published(node: Published, within: Within) -> Traced | None:
    row = None if within is None else row_within(node, *within)
    if row is None:
        return None
    # A step is never changed, so one does for every frame in which nothing is given instead.
    step = Step(node, row.value, (), row)
    return lambda frame: step


def _compare(node: Compare, _within: Within) -> Traced | None:
    """A fact and a constant: the two steps are made in one go."""
    left, right = node.left, node.right
    if not isinstance(left, FactOf) or not plain(left) or not isinstance(right, Constant):
        return None
    if right.denominator != 1:
        return None
    fact, slot, expected = left, left.slot, class_of(left)
    limit, read, operation = Step(right, right.value), read_fact(left), operation_of(node)
    known, bound = reading(fact, read), right.value

    def compare(frame: Frame) -> Step:
        value = frame[slot]
        if value.__class__ is expected:
            steps = (Step(fact, value, (), "fact"), limit)
            return Step(node, operation(value, bound), steps)
        step = known(frame)
        if step.failed:
            return Step(node, step.value, (step,))
        return Step(node, operation(step.value, bound), (step, limit))

    return compare


SHORT_TRACES: dict[type[Expr], ShortTrace] = {
    FactOf: _fact,
    DateOf: _today,
    Published: _published,
    Compare: _compare,
}
"""By class of node: how it is traced, if it has the common shape."""
