"""Plain evaluation: every node becomes one function from a frame to its value.

The functions are made once and run many times, so makers look for the common shapes (constant
operands, two operands, ints over one denominator) and give each its short function; the general
function behind them is in `operations` and `readings`.
"""

from collections.abc import Callable
from datetime import date
from math import prod
from typing import Any

from yibaolang.model.core import (
    Absent,
    AsOf,
    Choose,
    Constant,
    CountOf,
    Defined,
    Expr,
    Junction,
    LookUp,
    LookupRow,
    Multiply,
    Published,
)
from yibaolang.program.frame import TODAY, UNSET, Background, Frame, Given, Unset, frame_on
from yibaolang.program.novalue import NoValue, absent, no_value
from yibaolang.program.operations import (
    STRICT,
    fraction_of,
    lifts,
    multiply_factor,
    operands_of,
    operation_of,
    over,
)
from yibaolang.program.readings import READINGS, row_within
from yibaolang.program.short import SHORT, class_of
from yibaolang.program.step import Step
from yibaolang.program.walk import bottom_up

Closure = Callable[[Frame], Any]


class Compiler:
    """Makes closures, one for each node, so that what is shared is made once.

    `within` promises that today is between two dates, both inclusive, and that no param was given
    instead, so that one which has a single value there need not be looked for.
    """

    def __init__(self, within: tuple[date, date] | None = None) -> None:
        self.within = within
        self._made: dict[Expr, Closure] = {}
        self._products: dict[Expr, Any] = {}
        self._anywhere: Compiler | None = None

    @property
    def anywhere(self) -> "Compiler":
        """The compiler for other days than today."""
        if self.within is None:
            return self
        if self._anywhere is None:
            self._anywhere = Compiler()
        return self._anywhere

    def closure(self, expr: Expr) -> Closure:
        """The closure of a node; TypeError for a class that nothing is known of."""
        if expr not in self._made:
            # From the bottom up, so that a long chain of definitions does not nest the makers.
            for each in bottom_up(expr):
                if each not in self._made:
                    self._made[each] = self._make(each)
        return self._made[expr]

    def known(self, expr: Expr) -> Any:
        """The value of a node that is the same in every frame, else None."""
        if isinstance(expr, Constant):
            return over(expr.value, None) if expr.denominator is None else expr.value
        if isinstance(expr, Published) and self.within is not None:
            row = row_within(expr, *self.within)
            return None if row is None else row.value
        if isinstance(expr, Multiply) and expr.denominator is not None:
            if expr not in self._products:
                found = [self.known(each) for each in expr.factors]
                open_ = None in found
                self._products[expr] = None if open_ else prod(found, start=multiply_factor(expr))
            return self._products[expr]
        return None

    def _make(self, expr: Expr) -> Closure:
        kind = type(expr)
        value = self.known(expr)
        if value is not None:
            return lambda frame: value
        if kind in SHORT:
            short = SHORT[kind](expr, self)
            if short is not None:
                return short
        if kind in STRICT:
            return _strict(expr, self)
        if kind in READINGS:
            read = READINGS[kind](expr)
            return lambda frame: read(frame)[0]
        if kind in SPECIAL:
            return SPECIAL[kind](expr, self)
        raise TypeError(f"{kind.__name__} cannot be evaluated")


def compile(expr: Expr) -> Closure:
    """A function from a frame to the value; it raises NoValue where there is none."""
    return Compiler().closure(expr)


def _strict(node: Expr, compiler: Compiler) -> Closure:
    operation = operation_of(node)
    operands = [compiler.closure(each) for each in operands_of(node)]
    if len(operands) == 1:
        (only,) = operands
        return lambda frame: operation(only(frame))
    if len(operands) == 2:
        first, second = operands
        return lambda frame: operation(first(frame), second(frame))
    return lambda frame: operation(*[operand(frame) for operand in operands])


def _absent(node: Absent, _compiler: Compiler) -> Closure:
    def nothing(_frame: Frame) -> Any:
        raise absent(node.kind, node.written.place, "")

    return nothing


def _count_of(node: CountOf, _compiler: Compiler) -> Closure:
    return lambda frame: counted(node, frame)


def counted(node: CountOf, frame: Frame) -> int:
    """What the ledger has counted; without a ledger there is nothing (YB411)."""
    count: int | Unset = frame[node.slot]
    if isinstance(count, Unset):
        raise ledger_only(node)
    return count


def ledger_only(node: CountOf) -> NoValue:
    """Counts need a ledger (YB411)."""
    return no_value("YB411", node.written.place, category=node.category, period=node.period)


def _junction(node: Junction, compiler: Compiler) -> Closure:
    operands = [compiler.closure(each) for each in node.operands]
    every = node.every
    if len(operands) == 2:
        return _pair(operands[0], operands[1], every)

    def junction(frame: Frame) -> bool:
        try:
            for operand in operands:
                if operand(frame) is not every:
                    return not every
        except NoValue:
            return _undecided(operands, every, frame)
        return every

    return junction


def _pair(first: Closure, second: Closure, every: bool) -> Closure:
    def both(frame: Frame) -> Any:
        try:
            return first(frame) and second(frame)
        except NoValue:
            return _undecided([first, second], True, frame)

    def either(frame: Frame) -> Any:
        try:
            return first(frame) or second(frame)
        except NoValue:
            return _undecided([first, second], False, frame)

    return both if every else either


def _undecided(operands: list[Closure], every: bool, frame: Frame) -> bool:
    """What a junction is if an operand has no value: decided by another, or the first NoValue."""
    failure: NoValue | None = None
    for operand in operands:
        try:
            if operand(frame) is not every:
                return not every
        except NoValue as why:
            failure = failure or why
    if failure is not None:
        raise failure.again()
    return every


def _choose(node: Choose, compiler: Compiler) -> Closure:
    values = lifted_values(node, compiler)
    conditions = [compiler.closure(each) for each in node.conditions]
    cases = list(zip(conditions, values[: len(conditions)], strict=True))
    otherwise = values[-1] if node.otherwise is not None else None
    if len(cases) == 1 and otherwise is not None:
        condition, value = cases[0]
        return lambda frame: value(frame) if condition(frame) else otherwise(frame)

    def choose(frame: Frame) -> Any:
        for condition, value in cases:
            if condition(frame):
                return value(frame)
        if otherwise is None:
            raise no_case(node)
        return otherwise(frame)

    return choose


def no_case(node: Choose) -> NoValue:
    """No condition holds and there is no otherwise (YB408)."""
    return no_value("YB408", node.written.place)


def case_values(node: Choose) -> tuple[Expr, ...]:
    """The values of the cases, then otherwise if there is one."""
    return node.values if node.otherwise is None else (*node.values, node.otherwise)


def lifted_values(node: Choose | LookUp, compiler: Compiler) -> list[Closure]:
    """The closures of the values of cases or rows, brought to the node's denominator."""
    values = case_values(node) if isinstance(node, Choose) else row_values(node)
    found = []
    for value, up in zip(values, lifts(node, values, node.scales), strict=True):
        closure = compiler.closure(value)
        found.append(closure if up is None else lambda frame, c=closure, up=up: up(c(frame)))
    return found


def row_values(node: LookUp) -> tuple[Expr, ...]:
    """The results of a table's rows."""
    return tuple(row.value for row in node.rows)


def _look_up(node: LookUp, compiler: Compiler) -> Closure:
    matching = row_finder(node, compiler)
    values = lifted_values(node, compiler)
    return lambda frame: values[matching(frame)](frame)


def row_finder(node: LookUp, compiler: Compiler) -> Callable[[Frame], int]:
    """A function to the index of the one row that holds (YB412 none, YB413 several)."""
    conditions = [compiler.closure(row.condition) for row in node.rows]

    def matching(frame: Frame) -> int:
        found = [index for index, condition in enumerate(conditions) if condition(frame)]
        if len(found) != 1:
            raise _rows_found(node, [node.rows[index] for index in found])
        return found[0]

    return matching


def _rows_found(node: LookUp, rows: list[LookupRow]) -> NoValue:
    from yibaolang.language.diagnostics import Note

    if not rows:
        return no_value("YB412", node.written.place, table=node.table)
    notes = [Note(row.written.place, "also") for row in rows]
    return no_value("YB413", node.written.place, notes=notes, table=node.table)


def _defined(node: Defined, compiler: Compiler) -> Closure:
    slot, compute, raised = node.slot, compiler.closure(node.value), raising(node)
    expected = expected_class(node)

    def defined(frame: Frame) -> Any:
        value = frame[slot]
        if value.__class__ is expected:
            return value
        if value is not UNSET:
            return held_definition(node, frame)
        try:
            value = compute(frame) if raised is None else raised(compute(frame))
        except NoValue as why:
            frame[slot] = why.named(node.name)
            raise frame[slot].again() from None
        frame[slot] = value
        return value

    return defined


def held_definition(node: Defined, frame: Frame) -> Any:
    """What a definition's slot holds, if that is not just its value."""
    value = frame[node.slot]
    if value.__class__ is Given:
        value = frame[node.slot] = given_definition(node, value, frame)
        return value
    if isinstance(value, Step):
        value = value.value
    if isinstance(value, NoValue):
        raise value.again()
    return value


def expected_class(node: Expr) -> type:
    """The class of the values of a node, but for overridden ones."""
    if node.denominator is None:
        from fractions import Fraction

        return Fraction
    return class_of(node)


def raising(node: Defined) -> Callable[[Any], Any] | None:
    """How a definition's computed value comes to the definition's own denominator, if at all."""
    here, inside = node.denominator, node.value.denominator
    if here == inside or not node.type.numeric:
        return None
    if here is None:
        return lambda value: fraction_of(value, inside)
    return lambda value: over(fraction_of(value, inside), here)


def given_definition(node: Defined, given: Given, frame: Frame) -> Any:
    """What was given for a definition; without a date it is not known elsewhere (YB419)."""
    behind: Background = frame[-1]
    if given.undated and behind.elsewhere:
        raise no_value("YB419", node.written.place, name=node.name)
    return over(given.value, node.denominator)


def _as_of(node: AsOf, compiler: Compiler) -> Closure:
    operand, when = compiler.anywhere.closure(node.operand), compiler.closure(node.date)

    def as_of(frame: Frame) -> Any:
        day = when(frame)
        return operand(frame if day == frame[TODAY] else frame_on(frame, day))

    return as_of


SPECIAL: dict[type[Expr], Callable[[Any, Compiler], Closure]] = {
    Absent: _absent,
    CountOf: _count_of,
    Junction: _junction,
    Choose: _choose,
    LookUp: _look_up,
    Defined: _defined,
    AsOf: _as_of,
}
"""By class of node: its closure, for the nodes that do not need all their operands."""
