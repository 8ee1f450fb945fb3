"""The column program: expressions over whole numbers, in the form that native code is printed from.

A node is a whole number (64 bits when it runs; fen, a count, a choice's code, a date as the number
of days since 1970-01-01) or a truth. Nodes are total: whatever they read, they have a value. What
a core expression refuses is a second node beside it, a status; see `lowering`. A `Fixed` makes the
nodes: equal ones once only, and what is constant at once.
"""

from collections.abc import Container, Iterable
from datetime import date
from typing import Any

from yibaolang.model.core import Written, core_node
from yibaolang.model.rounding import round_quotient

LOWEST, HIGHEST = -(2**63), 2**63 - 1
"""What 64 bits hold."""

EPOCH = date(1970, 1, 1).toordinal()
"""What a day number lacks to a `date`'s ordinal."""

MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The sign of a comparison when its sides change places."""


def number_of_day(day: date) -> int:
    """A date as the number of days since 1970-01-01.

    >>> number_of_day(date(1970, 1, 2)), number_of_day(date(1969, 12, 31))
    (1, -1)
    """
    return day.toordinal() - EPOCH


def day_of_number(number: int) -> date:
    """The date of a day number; ValueError outside the calendar.

    >>> day_of_number(19723)
    datetime.date(2024, 1, 1)
    """
    return date.fromordinal(number + EPOCH)


@core_node
class Node:
    """A whole number, or with `truth` a truth. `written` is the sentence that it comes from."""

    written: Written | None

    @property
    def truth(self) -> bool:
        """Whether it is a truth."""
        return isinstance(self, Truth | Present | Compare | Not | Junction)


@core_node
class Whole(Node):
    """A whole number that is known."""

    value: int


@core_node
class Truth(Node):
    """A truth that is known."""

    value: bool


@core_node
class Column(Node):
    """What is read: `key` names it, `low` and `high` bound it (promised by who reads it)."""

    key: str
    low: int
    high: int


@core_node
class Flag(Column):
    """A column that holds a truth."""

    @property
    def truth(self) -> bool:
        """It is one."""
        return True


@core_node
class Present(Node):
    """Whether a column has a value here."""

    key: str


@core_node
class Pick(Node):
    """The number of a table at `index`, which is from 0 and below their count."""

    index: Node
    values: tuple[int, ...]


@core_node
class Plus(Node):
    """A sum."""

    terms: tuple[Node, ...]


@core_node
class Scale(Node):
    """A number times a constant."""

    operand: Node
    factor: int


@core_node
class Times(Node):
    """A product."""

    left: Node
    right: Node


@core_node
class Bound(Node):
    """The smaller (`least`) or larger of two."""

    least: bool
    left: Node
    right: Node


@core_node
class Compare(Node):
    """One of = != < <= > >= on two whole numbers."""

    sign: str
    left: Node
    right: Node


@core_node
class Not(Node):
    """Not."""

    operand: Node


@core_node
class Junction(Node):
    """All of its truths (`every`), or any of them."""

    every: bool
    operands: tuple[Node, ...]


@core_node
class If(Node):
    """One of two nodes of a kind, by a condition."""

    condition: Node
    then: Node
    otherwise: Node

    @property
    def truth(self) -> bool:
        """As what it chooses among."""
        return self.then.truth


@core_node
class Rounded(Node):
    """A number over a positive divisor, rounded to a whole number, times `unit`.

    `mode` is one of the four of `model.rounding`, or "floor".
    """

    operand: Node
    divisor: Node
    mode: str
    unit: int


@core_node
class Part(Node):
    """A part of a day number's date: year, month (1 to 12) or day (of the month)."""

    operand: Node
    part: str


@core_node
class Clamped(Node):
    """The day number of a day of a month, which is counted from that of the year 0 (January is 0).

    A day past the month's end is its last one.
    """

    months: Node
    day: Node


@core_node
class Elapsed(Node):
    """The largest n with `start` and n times `months` months not after `end` (Civil Code 202)."""

    months: int
    start: Node
    end: Node


def children(node: Node) -> Iterable[Node]:
    """The nodes directly inside, in the order of the fields."""
    for name in type(node).__match_args__:
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (each for each in value if isinstance(each, Node))


def in_order(roots: Iterable[Node], known: Container[int] = ()) -> list[Node]:
    """Every node inside the roots once, each after what it is made of.

    What is inside a node whose id is `known` is left out, and that node too.
    """
    found: list[Node] = []
    seen: set[int] = set()
    waiting = [(root, False) for root in reversed(list(roots))]
    while waiting:
        node, ready = waiting.pop()
        if ready:
            found.append(node)
        elif id(node) not in seen and id(node) not in known:
            seen.add(id(node))
            waiting.append((node, True))
            waiting.extend((each, False) for each in reversed(list(children(node))))
    return found


def compared(sign: str, left: Any, right: Any) -> bool:
    """Whether a comparison of two numbers holds."""
    if sign in ("=", "!="):
        return bool(left == right) == (sign == "=")
    if sign in ("<", "<="):
        return bool(left < right or (sign == "<=" and left == right))
    return bool(left > right or (sign == ">=" and left == right))


def divided(numerator: int, divisor: int, mode: str) -> int:
    """A quotient rounded to a whole number; `mode` may be "floor".

    >>> divided(-1, 12, "floor"), divided(5, 2, "half_even")
    (-1, 2)
    """
    if mode == "floor":
        return numerator // divisor
    return round_quotient(numerator, divisor, mode)
