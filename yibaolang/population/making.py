"""Makes the nodes of `fixed`: equal ones once only, constants at once.

With `shapes` nothing is left out that only a constant makes superfluous, so that the same rule with
other constants has the same shape, and `folding.Merging` can put the constants of regions into one
table. Made again by a `Fixed` without `shapes`, it is as small as it gets; with `ranges`, without
the comparisons that the bounds of columns decide.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar, cast

from yibaolang.model.calendar import add_months, clamp_day, months_between
from yibaolang.model.core import Written
from yibaolang.population import fixed
from yibaolang.population.dating import cutoff
from yibaolang.population.fixed import (
    MIRRORED,
    Node,
    Truth,
    Whole,
    compared,
    day_of_number,
    divided,
    number_of_day,
)
from yibaolang.population.logic import joined, parts_of_one
from yibaolang.population.ranges import Ranges

_AnyNode = TypeVar("_AnyNode", bound=Node)
_MONTHS = {"month": 1, "day": 2, "year": 0}
_OPPOSITE = {">": "<=", ">=": "<", "!=": "="}


class Fixed:
    """Makes nodes; `at` is the sentence that the next ones come from.

    >>> make = Fixed()
    >>> base = make.column("base", 0, 100)
    >>> make.plus(base, make.whole(0)) is base
    True
    """

    def __init__(self, shapes: bool = False, ranges: Ranges | None = None) -> None:
        self.shapes = shapes
        self.ranges = ranges
        self.at: Written | None = None
        self._made: dict[Hashable, Node] = {}
        self.zero = self.whole(0)
        self.one = self.whole(1)
        self.always = self.truth(True)
        self.never = self.truth(False)

    def _new(self, kind: Callable[..., _AnyNode], *fields: Any) -> _AnyNode:
        key = (kind, *map(_identity, fields))
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = kind(self.at, *fields)
        return cast(_AnyNode, found)

    # ── leaves ──

    def whole(self, value: int) -> Whole:
        """A number that is known."""
        return self._new(Whole, int(value))

    def truth(self, value: bool) -> Truth:
        """A truth that is known."""
        return self._new(Truth, bool(value))

    def column(self, key: str, low: int, high: int) -> Node:
        """A number that is read."""
        return self._new(fixed.Column, key, low, high)

    def flag(self, key: str) -> Node:
        """A truth that is read."""
        return self._new(fixed.Flag, key, 0, 1)

    def present(self, key: str) -> Node:
        """Whether a column has a value."""
        return self._new(fixed.Present, key)

    def pick(self, index: Node, values: Sequence[int]) -> Node:
        """A number of a table."""
        if isinstance(index, Whole):
            return self.whole(values[index.value])
        if len(set(values)) == 1:
            return self.whole(values[0])
        return self._new(fixed.Pick, index, tuple(values))

    # ── numbers ──

    def plus(self, *terms: Node) -> Node:
        """A sum."""
        known = sum(each.value for each in terms if isinstance(each, Whole))
        rest = [each for each in terms if not isinstance(each, Whole)]
        if known or not rest or (self.shapes and len(rest) < len(terms)):
            rest.append(self.whole(known))
        return rest[0] if len(rest) == 1 else self._new(fixed.Plus, tuple(rest))

    def scale(self, operand: Node, factor: int) -> Node:
        """A number times a constant."""
        if isinstance(operand, Whole):
            return self.whole(operand.value * factor)
        if isinstance(operand, fixed.Scale):
            return self.scale(operand.operand, operand.factor * factor)
        if isinstance(operand, fixed.Pick):
            return self.pick(operand.index, [each * factor for each in operand.values])
        if isinstance(operand, fixed.Times) and isinstance(operand.right, fixed.Pick):
            return self.times(operand.left, self.scale(operand.right, factor))
        if factor == 1:
            return operand
        if factor == 0 and not self.shapes:
            return self.zero
        return self._new(fixed.Scale, operand, factor)

    def less(self, left: Node, right: Node) -> Node:
        """A difference."""
        return self.plus(left, self.scale(right, -1))

    def times(self, left: Node, right: Node) -> Node:
        """A product."""
        if isinstance(left, Whole):
            return self.scale(right, left.value)
        if isinstance(right, Whole):
            return self.scale(left, right.value)
        if isinstance(left, fixed.Pick):
            left, right = right, left
        if isinstance(right, fixed.Pick):
            if isinstance(left, fixed.Pick) and left.index is right.index:
                pairs = zip(left.values, right.values, strict=True)
                return self.pick(left.index, [one * other for one, other in pairs])
            if isinstance(left, fixed.Times) and isinstance(left.right, fixed.Pick):
                return self.times(left.left, self.times(left.right, right))
            if isinstance(left, fixed.Scale):
                return self.times(left.operand, self.scale(right, left.factor))
        return self._new(fixed.Times, left, right)

    def bound(self, least: bool, *operands: Node) -> Node:
        """The smallest (`least`) or the largest."""
        first, *others = operands
        for each in others:
            first = self._two(least, first, each)
        return first

    def _two(self, least: bool, left: Node, right: Node) -> Node:
        if self._settled("<=", left, right):
            return left if least else right
        if self._settled("<=", right, left):
            return right if least else left
        return left if left is right else self._new(fixed.Bound, least, left, right)

    def rounded(self, operand: Node, divisor: Node, mode: str, unit: int = 1) -> Node:
        """A number over a divisor above zero, rounded, times `unit`."""
        if isinstance(operand, Whole) and isinstance(divisor, Whole):
            return self.whole(divided(operand.value, divisor.value, mode) * unit)
        if isinstance(divisor, Whole) and divisor.value == 1 and not self.shapes:
            return self.scale(operand, unit)
        return self._new(fixed.Rounded, operand, divisor, mode, unit)

    # ── truths ──

    def compare(self, sign: str, left: Node, right: Node) -> Node:
        """A comparison; one of an age or a duration with constants is one of days."""
        settled = self._settled(sign, left, right)
        if settled is not None:
            return self.truth(settled)
        if isinstance(left, Whole):
            left, right, sign = right, left, MIRRORED[sign]
        if sign in _OPPOSITE:
            # Of two opposite comparisons one is the other's negation, and seen to be.
            return self.no(self.compare(_OPPOSITE[sign], left, right))
        if constants(right):
            short = self._of_days(sign, left, right)
            if short is not None:
                return short
            if isinstance(right, fixed.If) and not isinstance(left, fixed.If):
                then = self.compare(sign, left, right.then)
                return self.choose(right.condition, then, self.compare(sign, left, right.otherwise))
        return self._new(fixed.Compare, sign, left, right)

    def _settled(self, sign: str, left: Node, right: Node) -> bool | None:
        """Whether a comparison holds, if that is known of all numbers that the sides can be."""
        if isinstance(left, Whole) and isinstance(right, Whole):
            return compared(sign, left.value, right.value)
        if self.ranges is None:
            return None
        one, other = self.ranges.of(left), self.ranges.of(right)
        apart = one[1] < other[0] or other[1] < one[0]
        if sign in ("=", "!="):
            return (sign == "!=") if apart else None
        ends = [compared(sign, mine, its) for mine in one for its in other]
        return ends[0] if len(set(ends)) == 1 else None

    def _of_days(self, sign: str, left: Node, right: Node) -> Node | None:
        """The comparison of what has elapsed with a constant as one of its start or end."""
        if not isinstance(left, fixed.Elapsed) or not isinstance(right, Whole):
            return None
        if sign == "=":
            least = self._of_days("<", left, right)
            most = self._of_days("<=", left, right)
            return None if least is None or most is None else self.both(self.no(least), most)
        # So many months and no fewer, turned round.
        months = left.months * (right.value + (sign == "<="))
        if isinstance(left.end, Whole):
            day = cutoff(left.end.value, months)
            return self.no(self.compare("<=", left.start, self.whole(day)))
        if isinstance(left.start, Whole):
            try:
                reached = add_months(day_of_number(left.start.value), months)
            except ValueError:
                return self.truth(months > 0)
            return self.compare("<", left.end, self.whole(number_of_day(reached)))
        return None

    def no(self, operand: Node) -> Node:
        """Not."""
        if isinstance(operand, Truth):
            return self.truth(not operand.value)
        if isinstance(operand, fixed.Not):
            return operand.operand
        return self._new(fixed.Not, operand)

    def both(self, *operands: Node) -> Node:
        """Whether all hold."""
        return self._junction(True, operands)

    def either(self, *operands: Node) -> Node:
        """Whether any holds."""
        return self._junction(False, operands)

    def _junction(self, every: bool, operands: Sequence[Node]) -> Node:
        left = joined(every, operands)
        if left is None:
            return self.truth(not every)
        if not left:
            return self.truth(every)
        return left[0] if len(left) == 1 else self._new(fixed.Junction, every, tuple(left))

    def choose(self, condition: Node, then: Node, otherwise: Node) -> Node:
        """One of two by a condition."""
        if isinstance(condition, Truth):
            return then if condition.value else otherwise
        if then is otherwise and (not self.shapes or then in (self.zero, self.always, self.never)):
            return then
        if isinstance(condition, fixed.Not):
            return self.choose(condition.operand, otherwise, then)
        if isinstance(then, Truth) and isinstance(otherwise, Truth):
            return condition if then.value else self.no(condition)
        if isinstance(then, fixed.Not) and isinstance(otherwise, fixed.Not):
            return self.no(self.choose(condition, then.operand, otherwise.operand))
        if then.truth and (isinstance(then, Truth) or isinstance(otherwise, Truth)):
            return self._chosen_truth(condition, then, otherwise)
        if isinstance(otherwise, fixed.If):
            if otherwise.then is then:
                either = self.either(condition, otherwise.condition)
                return self.choose(either, then, otherwise.otherwise)
            parted = parts_of_one(condition, otherwise.condition)
            if parted is not None:
                shared, one = parted
                inner = self.choose(one, then, otherwise.then)
                return self.choose(self.both(*shared), inner, otherwise.otherwise)
        return self._new(fixed.If, condition, then, otherwise)

    def _chosen_truth(self, condition: Node, then: Node, otherwise: Node) -> Node:
        if isinstance(then, Truth):
            rest = self.either if then.value else self.both
            return rest(condition if then.value else self.no(condition), otherwise)
        if isinstance(otherwise, Truth) and otherwise.value:
            return self.either(self.no(condition), then)
        return self.both(condition, then)

    # ── dates ──

    def part(self, operand: Node, part: str) -> Node:
        """The year, month or day of a date."""
        if isinstance(operand, Whole):
            return self.whole(day_of_number(operand.value).timetuple()[_MONTHS[part]])
        return self._new(fixed.Part, operand, part)

    def months_of(self, day: Node) -> Node:
        """The months from that of the year 0 to a date's."""
        year, month = self.part(day, "year"), self.part(day, "month")
        return self.plus(self.scale(year, 12), month, self.whole(-1))

    def clamped(self, months: Node, day: Node) -> Node:
        """A day of a month, its last one if there is none; the year is from 1 to 9999."""
        if isinstance(months, Whole) and isinstance(day, Whole):
            year, month = divmod(months.value, 12)
            return self.whole(number_of_day(clamp_day(year, month + 1, day.value)))
        return self._new(fixed.Clamped, months, day)

    def first_of_month(self, day: Node) -> Node:
        """The first day of a date's month."""
        return self.plus(self.less(day, self.part(day, "day")), self.one)

    def last_of_month(self, day: Node, months: int = 0) -> Node:
        """The last day of a date's month, or of one some months later."""
        return self.clamped(self.plus(self.months_of(day), self.whole(months)), self.whole(31))

    def elapsed(self, months: int, start: Node, end: Node) -> Node:
        """How many times so many months have passed."""
        if isinstance(start, Whole) and isinstance(end, Whole):
            passed = months_between(day_of_number(start.value), day_of_number(end.value))
            return self.whole(passed // months)
        return self._new(fixed.Elapsed, months, start, end)


def constants(node: Node) -> bool:
    """Whether a node is a constant, or a choice among some."""
    while isinstance(node, fixed.If):
        if not constants(node.then):
            return False
        node = node.otherwise
    return isinstance(node, Whole)


def _identity(field: Any) -> Hashable:
    if isinstance(field, Node):
        return "node", id(field)
    if isinstance(field, tuple):
        return tuple(_identity(each) for each in field)
    return type(field), field
