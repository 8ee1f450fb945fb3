"""What instructions read, and which of them are needed: the others are left out of printed code."""

from collections.abc import Iterator
from typing import Any

from yibaolang.model import core
from yibaolang.program import instructions as step
from yibaolang.program.walk import walk

_INSIDE = frozenset({
    "term", "terms", "taken", "cost", "paid", "paid_rate", "rate", "low", "high", "factor", "expr",
    "used", "limit", "condition", "then", "otherwise", "branches", "none", "guard", "steps",
})  # fmt: skip
"""The fields of terms, instructions and branches that hold others, or expressions."""

_fields: dict[type, tuple[str, ...]] = {}


def parts(node: Any) -> Iterator[Any]:
    """The terms, instructions, branches and expressions directly inside an instruction or term."""
    kind = type(node)
    names = _fields.get(kind)
    if names is None:
        names = _fields[kind] = tuple(name for name in kind.__match_args__ if name in _INSIDE)
    for name in names:
        value = getattr(node, name)
        if isinstance(value, tuple):
            yield from value
        elif value is not None:
            yield value


def every_part(*nodes: Any) -> Iterator[Any]:
    """Instructions or terms and all that is in them, but not the insides of expressions."""
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, core.Expr):
            waiting.extend(parts(node))


def slots_read(steps: step.Block) -> set[int]:
    """The slots of the frame that any expression in the instructions reads."""
    roots = [each for each in every_part(*steps) if isinstance(each, core.Expr)]
    return {
        each.slot
        for each in walk(*roots)
        if isinstance(
            each, core.FactOf | core.Published | core.Defined | core.StartOf | core.CountOf
        )
    }


def registers_read(node: step.Term | step.Instruction) -> set[int]:
    """The registers that a term reads, or an instruction without blocks.

    >>> registers_read(step.Less(step.Held(2), step.InCell(1)))
    {2}
    """
    return {each.register for each in every_part(node) if isinstance(each, step.Held)}


def needed(steps: step.Block, after: set[int], slots: set[int]) -> tuple[step.Block, set[int]]:
    """The block without what nobody reads, and the registers that it reads from before it.

    `after` are the registers that are read after it, `slots` those of the frame that are read.
    """
    found: list[step.Instruction] = []
    live = set(after)
    for each in reversed(steps):
        if isinstance(each, step.Let):
            if each.register not in live and not _may_fail(each.term):
                continue
            live = (live - {each.register}) | registers_read(each.term)
        elif isinstance(each, step.Give):
            if each.slot not in slots and not _may_fail(each.term):
                continue
            live = live | registers_read(each.term)
        elif isinstance(each, step.When):
            then, one = needed(each.then, live, slots)
            otherwise, other = needed(each.otherwise, live, slots)
            each = step.When(each.condition, then, otherwise, each.label, each.rule)
            live = one | other
        elif isinstance(each, step.WhenPositive):
            then, one = needed(each.then, live, slots)
            otherwise, other = needed(each.otherwise, live, slots)
            if not (then or otherwise or _may_fail(each.term)):
                continue
            each = step.WhenPositive(each.term, then, otherwise)
            live = one | other | registers_read(each.term)
        elif isinstance(each, step.Choose):
            each, live = _needed_of(each, live, slots)
        elif isinstance(each, step.Refuse):
            live = set()
        else:
            live = live | registers_read(each)
        found.append(each)
    return tuple(reversed(found)), live


def _needed_of(
    node: step.Choose, after: set[int], slots: set[int]
) -> tuple[step.Instruction, set[int]]:
    live: set[int] = set()
    branches = []
    for each in node.branches:
        steps, before = needed(each.steps, after, slots)
        branches.append(step.Branch(each.rule, each.guard, each.exception, steps))
        live |= before
    none = node.none
    if none is not None:
        none, before = needed(none, after, slots)
        live |= before
    return step.Choose(node.kind, tuple(branches), none), live


def _may_fail(term: step.Term) -> bool:
    """Whether a term may have no value: an expression in it, or tiers that end below it."""
    return any(
        isinstance(each, step.Band)
        or (isinstance(each, core.Expr) and not isinstance(each, core.Constant))
        for each in every_part(term)
    )
