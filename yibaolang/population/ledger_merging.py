"""Rules that differ in numbers only, as one program that chooses among the numbers.

Which of several rules applies to a bill is often hard to foresee for a processor, and a jump that
it did not foresee costs more than the whole rule. So the branches of a choice whose steps have one
shape become one block, in which constants that differ are picked by the guards.
"""

from collections.abc import Sequence
from math import lcm
from typing import Any

from yibaolang.model.arms import RuleInForce
from yibaolang.model.core import Constant, Expr, Written, core_node
from yibaolang.program import instructions as step
from yibaolang.program.conditions import key


@core_node
class Picked(Expr):
    """One of several numerators, by the first of several truths that holds (the last: else)."""

    truths: tuple[str, ...]
    values: tuple[int, ...]


@core_node
class PostOf(step.Post):
    """A posting by one of several rules."""

    truths: tuple[str, ...]
    rules: tuple[RuleInForce | None, ...]


class _Differ(Exception):
    """Blocks do not have one shape."""


def merged(blocks: Sequence[step.Block], truths: Sequence[str]) -> step.Block | None:
    """One block for several of which one is chosen by truths; None if their shapes differ."""
    merging = _Merging(tuple(truths), len(blocks))
    try:
        return merging.all(blocks)
    except _Differ:
        return None


class _Merging:
    def __init__(self, truths: tuple[str, ...], count: int) -> None:
        self.truths = truths
        self.registers: list[dict[int, int]] = [{} for _ in range(count)]

    def all(self, groups: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
        """The parts of several tuples, merged one by one."""
        if len({len(each) for each in groups}) != 1:
            raise _Differ
        return tuple(self.one(each) for each in zip(*groups, strict=True))

    def one(self, nodes: Sequence[Any]) -> Any:
        """Several nodes as one."""
        first = nodes[0]
        if any(type(each) is not type(first) for each in nodes):
            raise _Differ
        if isinstance(first, Expr):
            return self.expression(nodes)
        if isinstance(first, step.Branch | step.Choose | step.When):
            raise _Differ
        fields = {name: self.field(name, [getattr(each, name) for each in nodes])
                  for name in type(first).__match_args__}  # fmt: skip
        if isinstance(first, step.Post):
            rules = tuple(each.rule for each in nodes)
            return PostOf(**fields, truths=self.truths, rules=rules)
        return type(first)(**fields)

    def field(self, name: str, values: list[Any]) -> Any:
        """One field of several nodes."""
        first = values[0]
        if isinstance(first, RuleInForce | Written) or name in ("used", "limit", "label"):
            return first
        if name == "register":
            return self.register(values)
        if isinstance(first, Expr | step.Term | step.Instruction):
            return self.one(values)
        if isinstance(first, tuple) and _has_nodes(first):
            return self.all(values)
        if any(each is not first and each != first for each in values):
            raise _Differ
        return first

    def register(self, values: list[int]) -> int:
        """A register by its number in the first block."""
        for known, value in zip(self.registers, values, strict=True):
            if known.setdefault(value, values[0]) != values[0]:
                raise _Differ
        return values[0]

    def expression(self, exprs: Sequence[Any]) -> Expr:
        """Equal expressions, or constants that differ."""
        first: Expr = exprs[0]
        if all(each is first or key(each) == key(first) for each in exprs):
            return first
        if not all(isinstance(each, Constant) and _is_number(each) for each in exprs):
            raise _Differ
        below = lcm(*(each.denominator for each in exprs))
        values = tuple(each.value * (below // each.denominator) for each in exprs)
        return Picked(first.type, below, first.written, self.truths, values)


def _has_nodes(values: tuple[Any, ...]) -> bool:
    return bool(values) and isinstance(values[0], step.Term | step.Instruction)


def _is_number(expr: Constant) -> bool:
    return expr.denominator is not None and type(expr.value) is int
