"""A step of an explained evaluation."""

from typing import Any

from yibaolang.model.core import Expr
from yibaolang.program.novalue import NoValue


class Step:
    """A node, what came out of it (a value or a NoValue), and the steps that led there.

    `value` is over the denominator of `expr`. What did not have to be looked at has no step.
    `remark` says where a value is from: "given", "fact", the Row of a param, the LookupRow of a
    table, the parts of a sum by tiers, or "".
    """

    __slots__ = ("expr", "remark", "steps", "value")

    def __init__(
        self, expr: Expr, value: Any, steps: tuple["Step", ...] = (), remark: object = ""
    ) -> None:
        self.expr = expr
        self.value = value
        self.steps = steps
        self.remark = remark

    @property
    def failed(self) -> bool:
        """Whether nothing came out."""
        return isinstance(self.value, NoValue)

    def __repr__(self) -> str:
        return f"Step({type(self.expr).__name__}, {self.value!r}, {len(self.steps)} steps)"
