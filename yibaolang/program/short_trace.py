"""Short tracing functions for what is read most, like those of `short`.

Each makes the steps that the general function would make; a maker gives None for other shapes.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from yibaolang.model.core import Compare, Constant, DateOf, Elapsed, Expr, FactOf, Published
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

_MOST_VALUES = 100

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
    if not plain(node) or node.type.kind in ("truth", "number"):
        # These may be what the input declares where nothing is given, and then are told so.
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
    """A choice's value or a truth: as there are few, the steps of each are made once."""
    left, right = node.left, node.right
    if not isinstance(left, FactOf) or not plain(left) or not isinstance(right, Constant):
        return None
    if left.type.kind not in ("choice", "truth"):
        return None
    slot, expected, bound = left.slot, class_of(left), right.value
    known, operation = reading(left, read_fact(left)), operation_of(node)
    fact, limit = left, Step(right, bound)
    made: dict[object, Step] = {}

    def compare(frame: Frame) -> Step:
        value = frame[slot]
        step = made.get(value)
        if step is not None:
            return step
        read = known(frame)
        if read.failed:
            return Step(node, read.value, (read,))
        step = Step(node, operation(read.value, bound), (Step(fact, read.value, (), "fact"), limit))
        if value.__class__ is expected and len(made) < _MOST_VALUES:
            made[value] = step
        return step

    return compare


def _elapsed(node: Elapsed, _within: Within) -> Traced | None:
    """From a fact to today, all three steps in one go where both are there."""
    start, end = node.start, node.end
    if not isinstance(start, FactOf) or not isinstance(end, DateOf):
        return None
    if not plain(start) or end.word != "today":
        return None
    first, last, slot = start, end, start.slot
    known, operation = reading(start, read_fact(start)), operation_of(node)
    today_known = reading(end, read_date(end))

    def elapsed(frame: Frame) -> Step:
        since, today = frame[slot], frame[TODAY]
        if since.__class__ is date and today is not None:
            steps = (Step(first, since, (), "fact"), Step(last, today))
            return Step(node, operation(since, today), steps)
        begins = known(frame)
        if begins.failed:
            return Step(node, begins.value, (begins,))
        ends = today_known(frame)
        if ends.failed:
            return Step(node, ends.value, (begins, ends))
        return Step(node, operation(begins.value, ends.value), (begins, ends))

    return elapsed


SHORT_TRACES: dict[type[Expr], ShortTrace] = {
    FactOf: _fact,
    DateOf: _today,
    Published: _published,
    Compare: _compare,
    Elapsed: _elapsed,
}
"""By class of node: how it is traced, if it has the common shape."""
