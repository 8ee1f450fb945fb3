"""Dimensions: what conditions compare with constants, and how that cuts it into cells.

A cut lies between values: `(value, 0)` just before the value, `(value, 1)` just after it. Where
values are whole numbers (money in fen, ages, months, days, dates as ordinals) every cut lies
before a whole number, so `< 70` and `> 70` leave exactly 70.
"""

from bisect import bisect_left, bisect_right
from fractions import Fraction

from attrs import define, field, frozen

from yibaolang.model.values import Type

Cut = tuple[Fraction | int, int]
_SMALL_STEPS = 7


@frozen
class Between:
    """The values from one cut to another; None is no bound."""

    low: Cut | None
    high: Cut | None


@frozen
class OneOf:
    """Some of the values of a choice, or of yes and no."""

    values: frozenset[str | bool]


Part = Between | OneOf


@define(eq=False)
class Dimension:
    """Something that conditions look at.

    `values` are those of a choice or of yes and no, and then there are no cuts. `name` is that of
    a fact, definition or param that can be given, "" for anything else, which `text` shows. What
    a value depends on is in `sources`: two dimensions with a common source are not independent.
    """

    type: Type
    name: str
    text: str
    whole: bool
    values: tuple[str | bool, ...]
    domain: Between
    sources: frozenset[str]
    today: bool = False
    cuts: set[Cut] = field(factory=set)
    borders: list[Cut] = field(factory=list)

    def before(self, value: Fraction | int) -> Cut:
        """The cut just before a value."""
        return (-(-value // 1), 0) if self.whole else (value, 0)

    def after(self, value: Fraction | int) -> Cut:
        """The cut just after a value."""
        return (value // 1 + 1, 0) if self.whole else (value, 1)

    def use(self, part: Part) -> None:
        """Make sure that a part is made of whole cells; before `finish`."""
        if isinstance(part, Between):
            self.cuts.update(cut for cut in (part.low, part.high) if cut is not None)

    def finish(self) -> None:
        """Fix the cells."""
        low, high = self.domain.low, self.domain.high
        self.borders = sorted(
            cut for cut in self.cuts if (low is None or cut > low) and (high is None or cut < high)
        )

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.values) or len(self.borders) + 1

    def mask(self, part: Part) -> int:
        """The cells of a part, as a bit set."""
        if isinstance(part, OneOf):
            return sum(1 << at for at, each in enumerate(self.values) if each in part.values)
        low, high = self.domain.low, self.domain.high
        beyond = part.low is not None and high is not None and part.low >= high
        below = part.high is not None and low is not None and part.high <= low
        if beyond or below:
            return 0
        first = 0 if part.low is None else bisect_right(self.borders, part.low)
        end = self.size if part.high is None else bisect_left(self.borders, part.high) + 1
        return max(0, (1 << end) - (1 << first))

    def representative(self, cell: int) -> Fraction | int | str | bool:
        """The plainest value of a cell: its lowest if it has one."""
        if self.values:
            return self.values[cell]
        low = self.borders[cell - 1] if cell else self.domain.low
        high = self.borders[cell] if cell < len(self.borders) else self.domain.high
        if low is None:
            return 0 if high is None or high > (0, 0) else high[0] - 1
        value, just_after = low
        if not just_after:
            return value
        steps = (value + Fraction(1, 10**places) for places in range(_SMALL_STEPS))
        fitting = (each for each in steps if high is None or (each, 0) < high)
        return next(fitting, value if high is None else Fraction(value + high[0]) / 2)


def lowest(mask: int) -> int:
    """The number of the lowest cell of a set that is not empty.

    >>> lowest(0b1100)
    2
    """
    return (mask & -mask).bit_length() - 1
