"""Draws of synthetic people: whole numbers only, the same on every machine and Python.

SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
Every person has a stream for each purpose, so that a part of a population needs no other part.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from attrs import frozen

_WORD = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB

WHOLE = 10_000
"""Shares and the steps of quantiles are parts of this."""

_FINE = 20


def mixed(word: int) -> int:
    """A word of 64 bits in which every bit depends on every bit of another one.

    >>> hex(mixed(0x9E3779B97F4A7C15))
    '0xe220a8397b1dcdaf'
    """
    word = ((word ^ (word >> 30)) * _FIRST) & _WORD
    word = ((word ^ (word >> 27)) * _SECOND) & _WORD
    return word ^ (word >> 31)


class Draws:
    """The draws of one stream, one after the other.

    `seed` is the population's, `number` the person's, `stream` what is drawn; each is taken modulo
    2 to the 64.

    >>> draws = Draws(1, 1, 0)
    >>> [draws.below(6) for _ in range(8)]
    [1, 2, 5, 4, 3, 0, 2, 0]
    """

    __slots__ = ("_state",)

    def __init__(self, seed: int, number: int, stream: int) -> None:
        word = mixed((mixed(seed & _WORD) + number) & _WORD)
        self._state = mixed((word + stream) & _WORD)

    def below(self, count: int) -> int:
        """A whole number from 0 to below `count`, which is at least 1 and less than 2 to the 40.

        The numbers are alike to one part in 2 to the 24.
        """
        word = self._state = (self._state + _STEP) & _WORD
        word = ((word ^ (word >> 30)) * _FIRST) & _WORD
        word = ((word ^ (word >> 27)) * _SECOND) & _WORD
        return ((word ^ (word >> 31)) * count) >> 64

    def happens(self, parts: int) -> bool:
        """Whether something comes about that does so in `parts` of 10,000 cases."""
        return self.below(WHOLE) < parts


@frozen
class Weighted:
    """Things that are drawn by their weights, which are whole numbers.

    >>> draws = Draws(1, 1, 0)
    >>> table = Weighted.of([("often", 9), ("never", 0), ("seldom", 1)])
    >>> [table.names[table.draw(draws)] for _ in range(4)]
    ['often', 'often', 'seldom', 'often']
    """

    names: tuple[str, ...]
    _upto: tuple[int, ...]

    @classmethod
    def of(cls, weights: Iterable[tuple[str, int]]) -> "Weighted":
        """A table; ValueError for a weight below 0, or if nothing can be drawn."""
        names, upto, total = [], [], 0
        for name, weight in weights:
            if weight < 0:
                raise ValueError(f"the weight of {name} is {weight}")
            total += weight
            names.append(name)
            upto.append(total)
        if not total:
            raise ValueError("nothing has a weight, so nothing can be drawn")
        return cls(tuple(names), tuple(upto))

    def draw(self, draws: Draws) -> int:
        """The index of a name."""
        return bisect_right(self._upto, draws.below(self._upto[-1]))


@frozen
class Quantiles:
    """Amounts by what part of 10,000 is below them, straight lines in between, rounded down.

    >>> wages = Quantiles.of([(0, 100), (9000, 200), (10000, 1200)])
    >>> wages.at(4500 << 20), wages.at(9500 << 20), wages.at(0)
    (150, 700, 100)
    """

    _parts: tuple[int, ...]
    _amounts: tuple[int, ...]

    @classmethod
    def of(cls, points: Sequence[tuple[int, int]]) -> "Quantiles":
        """A table from (part, amount), from part 0 to 10,000; ValueError if they do not rise."""
        parts = tuple(part << _FINE for part, _ in points)
        amounts = tuple(amount for _, amount in points)
        rising = all(one < other for one, other in pairwise(parts))
        if not rising or parts[:1] != (0,) or parts[-1] != WHOLE << _FINE:
            raise ValueError("the parts of quantiles rise from 0 to 10,000")
        if any(one > other for one, other in pairwise(amounts)):
            raise ValueError("the amounts of quantiles rise with their parts")
        return cls(parts, amounts)

    def at(self, place: int) -> int:
        """The amount at a place from 0 to below 10,000 times 2 to the 20."""
        index = bisect_right(self._parts, place)
        start, low = self._parts[index - 1], self._amounts[index - 1]
        rise = self._amounts[index] - low
        return low + rise * (place - start) // (self._parts[index] - start)

    def draw(self, draws: Draws) -> int:
        """An amount."""
        return self.at(draws.below(WHOLE << _FINE))
