"""Core expressions as nodes of `fixed`, over a frame.

Every number gets a denominator that is known here; params of a known day are constants. Where the
reference engine would refuse, the status says so: operands in its order, the first that has no
value first. What is computed besides has no effect, because nodes are total.
"""

from typing import Any

from yibaolang.model.core import Expr, Written
from yibaolang.population.fixed import Node
from yibaolang.population.lowered import (
    Codes,
    Frame,
    Lowered,
    Refusals,
    cannot_lower,
    constant,
    first_status,
    refused,
)
from yibaolang.population.lowering_numbers import NUMBERS
from yibaolang.population.lowering_reading import READING, Table
from yibaolang.population.making import Fixed
from yibaolang.program.novalue import NoValue

_TABLE: Table = {**READING, **NUMBERS}


class Lowering:
    """Lowers expressions over one frame; definitions once."""

    def __init__(self, make: Fixed, codes: Codes, refusals: Refusals, frame: Frame) -> None:
        self.make = make
        self.codes = codes
        self.refusals = refusals
        self.frame = frame
        self.definitions: dict[Any, Lowered] = {}
        self._elsewhere: dict[int, Lowering] = {}

    def value(self, expr: Expr) -> Lowered:
        """An expression's value; Refusal YB480 if it has no such form."""
        before, self.make.at = self.make.at, expr.written
        try:
            found = _TABLE[type(expr)](self, expr)
            if expr.type.kind == "truth" and not found.node.truth:
                # What is always refused is no truth, and only stands for one.
                return found._replace(node=self.make.never)
            return found
        finally:
            self.make.at = before

    def values(self, *exprs: Expr) -> tuple[list[Lowered], Node]:
        """Several values that are all needed, and the first status among theirs."""
        found = [self.value(each) for each in exprs]
        return found, first_status(self.make, (each.status for each in found))

    def refusal(self, code: str, written: Written) -> int:
        """The index of a refusal."""
        return self.refusals.index(code, written.place)

    def no_value(self, why: NoValue) -> Lowered:
        """What a reading that is known beforehand refuses."""
        return refused(self.make, self.refusals.of(why.diagnostic))

    def constant(self, type_: Any, value: Any, denominator: int | None) -> Lowered:
        """A known value, over a denominator if it is a number."""
        return constant(self.make, self.codes, type_, value, denominator)

    def on(self, day: Node, written: Written) -> "Lowering":
        """The lowering of another day."""
        if day is self.frame.today:
            return self
        found = self._elsewhere.get(id(day))
        if found is None:
            frame = self.frame.on(day, written)
            found = Lowering(self.make, self.codes, self.refusals, frame)
            self._elsewhere[id(day)] = found
        return found


def lowered(low: Lowering, expr: Expr) -> Lowered:
    """An expression's value; Refusal YB480 for one that is too deep as well."""
    try:
        return low.value(expr)
    except RecursionError:
        raise cannot_lower(expr.written, "so deep an expression", "这样深的表达式") from None
