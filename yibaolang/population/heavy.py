"""Which choices are worth a jump: those of whose sides one takes long and may not be needed."""

from collections.abc import Mapping

from yibaolang.population import fixed
from yibaolang.population.fixed import Node, Whole, children, in_order

_CYCLES: dict[type[Node], int] = {fixed.Part: 10, fixed.Clamped: 15, fixed.Elapsed: 25}
_DIVISION, _LONG_DIVISION = 6, 30
_WORTH = 40
"""Roughly what a jump costs that goes the way which was not expected, in cycles."""


class Weights:
    """Knows the nodes that take long inside each node."""

    def __init__(self) -> None:
        self._inside: dict[int, frozenset[int]] = {}
        self._nodes: dict[int, Node] = {}
        self._kept: list[Node] = []

    def worth(self, choice: fixed.If, written: Mapping[int, object]) -> bool:
        """Whether a side of a choice takes so long that a jump around it pays.

        `written` are the nodes that are there already, by id.
        """
        then, otherwise = self._of(choice.then), self._of(choice.otherwise)
        for one, other in ((then, otherwise), (otherwise, then)):
            only = [self._nodes[each] for each in one - other if each not in written]
            if sum(map(_cycles, only)) >= _WORTH:
                return True
        return False

    def common(self, choice: fixed.If) -> list[Node]:
        """What both sides of a choice take long for."""
        both = self._of(choice.then) & self._of(choice.otherwise)
        return [self._nodes[each] for each in sorted(both, key=list(self._nodes).index)]

    def _of(self, node: Node) -> frozenset[int]:
        if id(node) not in self._inside:
            for each in in_order([node], self._inside):
                inside = frozenset().union(*(self._inside[id(c)] for c in children(each)))
                if _cycles(each):
                    self._nodes[id(each)] = each
                    inside |= {id(each)}
                self._inside[id(each)] = inside
                self._kept.append(each)
        return self._inside[id(node)]


def _cycles(node: Node) -> int:
    if isinstance(node, fixed.Rounded):
        return _DIVISION if isinstance(node.divisor, Whole) else _LONG_DIVISION
    return _CYCLES.get(type(node), 0)
