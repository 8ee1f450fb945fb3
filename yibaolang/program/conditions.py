"""What is known of conditions without evaluating them: which are the same, which exclude others.

Used to turn the guards of a figure's arms into questions that are asked one after another. Only
what follows from the form is known; all else counts as not known.
"""

from collections.abc import Hashable
from typing import Any

from yibaolang.model.core import (
    Compare,
    Constant,
    Defined,
    Expr,
    FactOf,
    Inside,
    Junction,
    Negation,
    StartOf,
    Written,
)

_IGNORED = ("written", "cite", "attested", "definition")
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", "<=": ">", ">": "<="}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

Bound = tuple[Any, int]
"""A constant's value and its denominator."""

Span = tuple[Bound | None, bool, Bound | None, bool]
"""Low, whether it is itself outside, high, whether it is itself outside; None is no bound."""

_ORDERED = ("money", "rate", "number", "age", "months", "days", "date")


def key(node: object) -> Hashable:
    """What a node means, whatever was written: equal for nodes that have one value in a frame."""
    if isinstance(node, FactOf | Defined):
        return type(node), node.slot, node.denominator
    if isinstance(node, StartOf):
        return StartOf, node.slot, node.value
    if isinstance(node, tuple):
        return tuple(key(each) for each in node)
    if isinstance(node, Expr):
        fields = [name for name in type(node).__match_args__ if name not in _IGNORED]
        return type(node), *(key(getattr(node, name)) for name in fields)
    if isinstance(node, Hashable) and not isinstance(node, Written):
        return type(node), node
    return id(node)


def conjuncts(guard: Expr | None) -> list[Expr]:
    """The conditions that must all hold."""
    if guard is None or (isinstance(guard, Constant) and guard.value is True):
        return []
    if isinstance(guard, Junction) and guard.every:
        return [each for operand in guard.operands for each in conjuncts(operand)]
    return [guard]


def complement(one: Expr, other: Expr) -> bool:
    """Whether just one of them holds whenever their operands have values."""
    if isinstance(one, Negation) and key(one.operand) == key(other):
        return True
    if isinstance(other, Negation) and key(other.operand) == key(one):
        return True
    first, second = _limit(one), _limit(other)
    if first is None or second is None or first[0] != second[0]:
        return False
    return first[1] == _OPPOSITE[second[1]] and _equal(first[2], second[2])


def exclusive(one: Expr, other: Expr) -> bool:
    """Whether they cannot both hold, and the one has a value whenever the other has."""
    if complement(one, other):
        return True
    first, second = _limit(one), _limit(other)
    if first is not None and second is not None and first[0] == second[0]:
        signs = {first[1], second[1]}
        if signs == {"="} and not _equal(first[2], second[2]):
            return True
    spans = _span(one), _span(other)
    if spans[0] is None or spans[1] is None or spans[0][0] != spans[1][0]:
        return False
    return _apart(spans[0][1], spans[1][1]) or _apart(spans[1][1], spans[0][1])


def never_both(one: Expr, other: Expr) -> bool:
    """Whether, when one of them holds, the other has a value and does not hold."""
    if exclusive(one, other):
        return True
    for first, second in ((one, other), (other, one)):
        if isinstance(first, Junction):
            decides = any if first.every else all
            if decides(never_both(each, second) for each in first.operands):
                return True
    return False


def _limit(node: Expr) -> tuple[Hashable, str, Bound] | None:
    """A comparison with a constant: what is compared, the sign, the constant."""
    if not isinstance(node, Compare):
        return None
    left, right, sign = node.left, node.right, node.sign
    if isinstance(left, Constant):
        left, right, sign = right, left, _MIRRORED[sign]
    if not isinstance(right, Constant) or right.denominator is None:
        return None
    return key(left), sign, (right.value, right.denominator)


def _span(node: Expr) -> tuple[Hashable, Span] | None:
    if isinstance(node, Inside):
        if node.operand.type.kind not in _ORDERED:
            return None
        low, high = _bound(node.low), _bound(node.high)
        if (node.low is None) != (low is None) or (node.high is None) != (high is None):
            return None
        return key(node.operand), (low, node.low_open, high, node.high_open)
    limit = _limit(node)
    if limit is None or isinstance(limit[2][0], bool | str):
        return None
    about, sign, bound = limit
    spans: dict[str, Span] = {
        "=": (bound, False, bound, False),
        "<": (None, False, bound, True),
        "<=": (None, False, bound, False),
        ">": (bound, True, None, False),
        ">=": (bound, False, None, False),
    }
    return None if sign not in spans else (about, spans[sign])


def _bound(node: Expr | None) -> Bound | None:
    if isinstance(node, Constant) and node.denominator is not None:
        return node.value, node.denominator
    return None


def _apart(below: Span, above: Span) -> bool:
    """Whether one ends before the other begins."""
    high, low = below[2], above[0]
    if high is None or low is None:
        return False
    return _less(high, low) or (_equal(high, low) and (below[3] or above[1]))


def _equal(one: Bound, other: Bound) -> bool:
    if isinstance(one[0], int) and not isinstance(one[0], bool):
        return bool(one[0] * other[1] == other[0] * one[1])
    return bool(one[0] == other[0])


def _less(one: Bound, other: Bound) -> bool:
    if isinstance(one[0], int):
        return bool(one[0] * other[1] < other[0] * one[1])
    return bool(one[0] < other[0])
