"""Interval analysis: between which numbers a node is, from the bounds of the columns it reads.

So it is proved that an operation cannot leave 64 bits; where that cannot be proved it is checked
when it runs, and the row is done again exactly.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from yibaolang.population import fixed
from yibaolang.population.fixed import HIGHEST, LOWEST, Node, divided, in_order, number_of_day

Span = tuple[int, int]
_FIRST_DAY, _LAST_DAY = number_of_day(date.min), number_of_day(date.max)
_FEWEST_DAYS = 28


class Ranges:
    """The least and the greatest number of nodes; what can leave 64 bits is taken to stay inside.

    >>> from yibaolang.population.making import Fixed
    >>> make, ranges = Fixed(), Ranges()
    >>> base = make.column("base", 0, 100)
    >>> ranges.of(make.plus(make.scale(base, -3), make.whole(5)))
    (-295, 5)
    >>> ranges.fits(make.times(base, make.column("any", LOWEST, HIGHEST)))
    False
    """

    def __init__(self) -> None:
        self._known: dict[int, Span] = {}
        self._kept: list[Node] = []

    def of(self, node: Node) -> Span:
        """Between which numbers a node is; of a truth (0, 1)."""
        if id(node) not in self._known:
            for each in in_order([node], self._known):
                self._known[id(each)] = _inside(self.exact(each))
                # An id means a node only as long as the node is there.
                self._kept.append(each)
        return self._known[id(node)]

    def exact(self, node: Node) -> Span:
        """The same of its last operation as if that had no bounds."""
        return _SPANS[type(node)](self, node)

    def fits(self, node: Node) -> bool:
        """Whether its last operation cannot leave 64 bits."""
        return held(self.exact(node))


def held(span: Span) -> bool:
    """Whether a span is inside 64 bits."""
    return span[0] >= LOWEST and span[1] <= HIGHEST


def _inside(span: Span) -> Span:
    return min(max(span[0], LOWEST), HIGHEST), max(min(span[1], HIGHEST), LOWEST)


def _constants(*values: int) -> Span:
    """Of one that is beyond 64 bits something else is written, and nothing is known."""
    least, most = min(values), max(values)
    return (least, most) if held((least, most)) else (LOWEST, HIGHEST)


def _whole(_ranges: Ranges, node: fixed.Whole) -> Span:
    return _constants(node.value)


def _truth(_ranges: Ranges, _node: Node) -> Span:
    return 0, 1


def _column(_ranges: Ranges, node: fixed.Column) -> Span:
    return node.low, node.high


def _pick(_ranges: Ranges, node: fixed.Pick) -> Span:
    return _constants(*node.values)


def _plus(ranges: Ranges, node: fixed.Plus) -> Span:
    spans = [ranges.of(each) for each in node.terms]
    return sum(low for low, _ in spans), sum(high for _, high in spans)


def _scale(ranges: Ranges, node: fixed.Scale) -> Span:
    return _product(ranges.of(node.operand), (node.factor, node.factor))


def _times(ranges: Ranges, node: fixed.Times) -> Span:
    return _product(ranges.of(node.left), ranges.of(node.right))


def _product(one: Span, other: Span) -> Span:
    corners = [left * right for left in one for right in other]
    return min(corners), max(corners)


def _bound(ranges: Ranges, node: fixed.Bound) -> Span:
    one, other = ranges.of(node.left), ranges.of(node.right)
    choose: Callable[[int, int], int] = min if node.least else max
    return choose(one[0], other[0]), choose(one[1], other[1])


def _if(ranges: Ranges, node: fixed.If) -> Span:
    one, other = ranges.of(node.then), ranges.of(node.otherwise)
    return min(one[0], other[0]), max(one[1], other[1])


def _rounded(ranges: Ranges, node: fixed.Rounded) -> Span:
    operand, (low, high) = ranges.of(node.operand), ranges.of(node.divisor)
    divisors = {max(1, low), max(1, high)}
    corners = [divided(n, d, node.mode) * node.unit for n in operand for d in divisors]
    return min(corners), max(corners)


def _part(ranges: Ranges, node: fixed.Part) -> Span:
    if node.part != "year":
        return 1, (12 if node.part == "month" else 31)
    low, high = ranges.of(node.operand)
    if not _FIRST_DAY <= low <= high <= _LAST_DAY:
        return LOWEST, HIGHEST
    return fixed.day_of_number(low).year, fixed.day_of_number(high).year


def _clamped(ranges: Ranges, node: fixed.Clamped) -> Span:
    low, high = ranges.of(node.months)
    # A month has 30.436875 days in the mean of 400 years; 40 more or less than that is safe.
    since = number_of_day(date(1, 1, 1)) - 366
    return low * 30_436_875 // 10**6 + since - 40, high * 30_436_875 // 10**6 + since + 80


def _elapsed(ranges: Ranges, node: fixed.Elapsed) -> Span:
    start, end = ranges.of(node.start), ranges.of(node.end)
    least = _FEWEST_DAYS * node.months
    return (end[0] - start[1]) // least - 1, (end[1] - start[0]) // least + 1


_SPANS: dict[type[Node], Callable[[Ranges, Any], Span]] = {
    fixed.Whole: _whole,
    fixed.Truth: _truth,
    fixed.Column: _column,
    fixed.Flag: _truth,
    fixed.Present: _truth,
    fixed.Pick: _pick,
    fixed.Plus: _plus,
    fixed.Scale: _scale,
    fixed.Times: _times,
    fixed.Bound: _bound,
    fixed.Compare: _truth,
    fixed.Not: _truth,
    fixed.Junction: _truth,
    fixed.If: _if,
    fixed.Rounded: _rounded,
    fixed.Part: _part,
    fixed.Clamped: _clamped,
    fixed.Elapsed: _elapsed,
}
