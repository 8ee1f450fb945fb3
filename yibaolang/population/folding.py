"""Passes over nodes: made again as small as they get, and one program for many regions.

The constants of a figure differ by region, and often nothing else does. `Merging` puts what differs
into tables by the place of a row; where the rules themselves differ it chooses by the place, as
deep inside as the difference is.
"""

from collections.abc import Callable, Hashable, Sequence
from math import lcm
from typing import Any

from yibaolang.population import fixed
from yibaolang.population.fixed import Node, Truth, Whole
from yibaolang.population.making import Fixed

_LARGEST_DIVISOR = 2**31


class Shapes:
    """The shape of nodes: what is left of them without their constants, as a small number."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._known: dict[int, int] = {}
        self._kept: list[Node] = []

    def of(self, node: Node) -> int:
        """The shape; equal for nodes that differ in constants only."""
        for each in fixed.in_order([node], self._known):
            key = self._key(each)
            if not isinstance(key, int):
                key = self._numbers.setdefault(key, len(self._numbers))
            self._known[id(each)] = key
            self._kept.append(each)
        return self._known[id(node)]

    def _key(self, node: Node) -> Hashable:
        if isinstance(node, fixed.Scale) and not isinstance(node.operand, Whole):
            return self._known[id(node.operand)]
        if isinstance(node, Whole | Truth):
            return (type(node),)
        return (type(node), *(self._part(each) for each in fields(node)))

    def _part(self, field: Any) -> Hashable:
        if isinstance(field, Node):
            return "node", self._known[id(field)]
        if isinstance(field, tuple):
            return tuple(self._part(each) for each in field)
        return type(field), field


def fields(node: Node) -> list[Any]:
    """The fields of a node but where it was written."""
    return [getattr(node, name) for name in type(node).__match_args__ if name != "written"]


class Merging:
    """Makes one node of several, of which the number `index` says which one holds.

    `source` made the nodes, with `shapes`; `target` makes the new one.

    >>> source, target = Fixed(shapes=True), Fixed()
    >>> base, place = source.column("base", 0, 9), target.column("place", 0, 1)
    >>> nodes = [source.scale(base, 2), source.scale(base, 3)]
    >>> merged = Merging(source, target, place).one(nodes)
    >>> merged.right.values
    (2, 3)
    """

    def __init__(self, source: Fixed, target: Fixed, index: Node) -> None:
        self.source = source
        self.target = target
        self.index = index
        self.shapes = Shapes()
        self._made: dict[tuple[int, ...], Node] = {}
        self._kept: list[Sequence[Node]] = []

    def one(self, nodes: Sequence[Node]) -> Node:
        """One node for all of them."""
        if all(each is nodes[0] for each in nodes):
            nodes = nodes[:1]
        key = tuple(map(id, nodes))
        found = self._made.get(key)
        if found is None:
            before, self.target.at = self.target.at, nodes[0].written
            try:
                found = self._made[key] = self._merged(nodes)
            finally:
                self.target.at = before
            self._kept.append(nodes)
        return found

    def _merged(self, nodes: Sequence[Node]) -> Node:
        if len(nodes) == 1:
            return made_again(self.target, nodes[0], lambda each: self.one([each]))
        first = nodes[0]
        if all(isinstance(each, Whole) for each in nodes):
            return self.target.pick(self.index, [_value(each) for each in nodes])
        if all(isinstance(each, Truth) for each in nodes):
            picked = self.target.pick(self.index, [_value(each) for each in nodes])
            return self.target.compare("=", picked, self.target.one)
        if any(isinstance(each, fixed.Scale) for each in nodes):
            return self._scaled(nodes)
        if not self._alike(nodes):
            return self._chosen(nodes)
        if isinstance(first, fixed.Rounded):
            return self._rounded(nodes)
        parts = [fields(each) for each in nodes]
        columns = list(zip(*parts, strict=True))
        made = iter([self._field(column) for column in columns])
        return made_again(self.target, first, lambda _: next(made), whole_fields=True)

    def _field(self, column: tuple[Any, ...]) -> Any:
        if isinstance(column[0], Node):
            return self.one(column)
        if isinstance(column[0], tuple) and column[0] and isinstance(column[0][0], Node):
            return tuple(self.one(each) for each in zip(*column, strict=True))
        return column[0]

    def _alike(self, nodes: Sequence[Node]) -> bool:
        """Whether they are of a kind and differ in shape inside one operand at most."""
        heads = {_head(each) for each in nodes}
        if len(heads) > 1:
            return False
        inner = [list(fixed.children(each)) for each in nodes]
        columns = zip(*inner, strict=True)
        differ = [len({self.shapes.of(each) for each in column}) > 1 for column in columns]
        return sum(differ) <= 1

    def _scaled(self, nodes: Sequence[Node]) -> Node:
        """Numbers times constants; one that is no such product is once itself."""
        pairs = [
            (each.operand, each.factor) if isinstance(each, fixed.Scale) else (each, 1)
            for each in nodes
        ]
        operand = self.one([each for each, _ in pairs])
        return self.target.times(operand, self.target.pick(self.index, [k for _, k in pairs]))

    def _rounded(self, nodes: Sequence[Any]) -> Node:
        """Quotients: over one divisor, if those of the nodes have a small one in common."""
        first = nodes[0]
        operands = [each.operand for each in nodes]
        divisor = self.one([each.divisor for each in nodes])
        if all(isinstance(each.divisor, Whole) for each in nodes):
            common = lcm(*(each.divisor.value for each in nodes))
            if common < _LARGEST_DIVISOR:
                operands = [
                    self.source.scale(each.operand, common // each.divisor.value) for each in nodes
                ]
                divisor = self.target.whole(common)
        return self.target.rounded(self.one(operands), divisor, first.mode, first.unit)

    def _chosen(self, nodes: Sequence[Node]) -> Node:
        """A choice by place among groups that are alike."""
        groups: dict[int, int] = {}
        numbers = [groups.setdefault(self.shapes.of(each), len(groups)) for each in nodes]
        if len(groups) == 1:
            # They have one shape and yet are not alike: each for itself.
            numbers = list(range(len(nodes)))
        count = max(numbers) + 1
        made = []
        for group in range(count):
            own = [each for each, number in zip(nodes, numbers, strict=True) if number == group]
            # Where another group holds, any of this one will do.
            filled = [
                each if number == group else own[0]
                for each, number in zip(nodes, numbers, strict=True)
            ]
            made.append(self.one(filled))
        return self._halves(self.target.pick(self.index, numbers), made, 0)

    def _halves(self, number: Node, made: list[Node], first: int) -> Node:
        if len(made) == 1:
            return made[0]
        half = len(made) // 2
        below = self.target.compare("<", number, self.target.whole(first + half))
        return self.target.choose(
            below,
            self._halves(number, made[:half], first),
            self._halves(number, made[half:], first + half),
        )


def _value(node: Any) -> int:
    return int(node.value)


def _head(node: Node) -> Hashable:
    """What must be equal in nodes that are merged operand by operand."""
    parts: list[Hashable] = [type(node).__name__]
    for field in fields(node):
        if isinstance(field, tuple) and field and isinstance(field[0], Node):
            parts.append(len(field))
        elif not isinstance(field, Node):
            parts.append(field)
    return tuple(parts)


def made_again(
    make: Fixed, node: Node, again: Callable[[Any], Any], whole_fields: bool = False
) -> Node:
    """A node from the fields of another, each made again.

    With `whole_fields` every field is made again, in order, else the nodes in them.
    """

    def field(value: Any) -> Any:
        if whole_fields or isinstance(value, Node):
            return again(value)
        if isinstance(value, tuple) and value and isinstance(value[0], Node):
            return tuple(again(each) for each in value)
        return value

    return _MAKERS[type(node)](make, *map(field, fields(node)))


_MAKERS: dict[type[Node], Callable[..., Node]] = {
    Whole: Fixed.whole,
    Truth: Fixed.truth,
    fixed.Column: Fixed.column,
    fixed.Flag: lambda make, key, low, high: make.flag(key),
    fixed.Present: Fixed.present,
    fixed.Pick: Fixed.pick,
    fixed.Plus: lambda make, terms: make.plus(*terms),
    fixed.Scale: Fixed.scale,
    fixed.Times: Fixed.times,
    fixed.Bound: Fixed.bound,
    fixed.Compare: Fixed.compare,
    fixed.Not: Fixed.no,
    fixed.Junction: lambda make, every, operands: (make.both if every else make.either)(*operands),
    fixed.If: Fixed.choose,
    fixed.Rounded: Fixed.rounded,
    fixed.Part: Fixed.part,
    fixed.Clamped: Fixed.clamped,
    fixed.Elapsed: Fixed.elapsed,
}
