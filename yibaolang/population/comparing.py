"""Two sets of rules, or two days, over the same people: who gains, who loses, what it costs.

Every person has an amount under A and one under B, in fen, or none. All that is told of them is
counted and added as integers: deciles are amounts that somebody's difference is.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from yibaolang.population.columns import load_arrow
from yibaolang.population.grouping import Labels, Sums, summed

WON, LOST, SAME, ONLY_A, ONLY_B, NEITHER = KINDS = (
    "won", "lost", "same", "refused_in_a", "refused_in_b", "refused_in_both",
)  # fmt: skip
"""What a change may do to a person; refused in A only, in B only, in both."""

_MOST_BANDS = 7
_TENTHS = range(11)


@frozen
class Effect:
    """What a change does to people: how many of each of `KINDS`, and what they get.

    `before_fen` and `after_fen` are all amounts under A and under B; `gained_fen` and `lost_fen`
    are the differences of those who have both.
    """

    persons: Mapping[str, int]
    before_fen: int
    after_fen: int
    gained_fen: int
    lost_fen: int

    @property
    def count(self) -> int:
        """How many people there are."""
        return sum(self.persons.values())

    @property
    def cost_fen(self) -> int:
        """What B costs more than A."""
        return self.after_fen - self.before_fen


@frozen
class Band:
    """People whose difference is from `low_fen` to `high_fen`, both inclusive; None is open."""

    low_fen: int | None
    high_fen: int | None
    persons: int


@frozen(eq=False)
class Comparison:
    """Adds people up, one by one or batch by batch; see `effect`, `deciles` and `bands`.

    >>> found = Comparison()
    >>> for before, after in ((100, 150), (100, 90), (100, 100), (None, 80), (50, 100)):
    ...     found.add(("jinan",), before, after)
    >>> effect = found.effect()
    >>> effect.persons["won"], effect.persons["refused_in_a"], effect.cost_fen
    (2, 1, 170)
    >>> found.deciles()[0], found.deciles()[5], found.deciles()[10]
    (-10, 0, 50)
    """

    sums: Sums = field(factory=Sums)
    differences: dict[int, int] = field(factory=dict)

    def add(self, labels: Labels, before: int | None, after: int | None) -> None:
        """One person of a group, with the amounts under A and B; None is refused."""
        kind = kind_of(before, after)
        self.sums.add((labels, kind), 1, (before or 0, after or 0))
        if before is not None and after is not None:
            self._differ(after - before, 1)

    def add_batch(self, code: Any, groups: Sequence[Labels], before: Any, after: Any) -> Any:
        """The people of a batch, whose groups are numbers in `code`; gives their differences."""
        arrow = load_arrow()
        compute = arrow.compute
        difference = compute.subtract_checked(after, before)
        missing = compute.add(
            compute.cast(compute.is_null(before), arrow.int64()),
            compute.multiply(compute.cast(compute.is_null(after), arrow.int64()), 2),
        )
        # By how the amounts stand to each other: same, more, less; then by what is missing.
        sign = compute.cast(compute.sign(difference), arrow.int64())
        sign = compute.if_else(compute.equal(sign, -1), 2, sign)
        kinds = compute.coalesce(sign, compute.add(missing, 2))
        of_kind = (SAME, WON, LOST, ONLY_A, ONLY_B, NEITHER)
        wide = compute.multiply(code, arrow.scalar(len(of_kind), arrow.int64()))
        for at, count, totals in summed(compute.add(wide, kinds), [before, after]):
            group, kind = divmod(at, len(of_kind))
            self.sums.add((groups[group], of_kind[kind]), count, totals)
        for each in compute.value_counts(difference.drop_null()).to_pylist():
            self._differ(each["values"], each["counts"])
        return difference

    def _differ(self, difference: int, count: int) -> None:
        self.differences[difference] = self.differences.get(difference, 0) + count

    # ── what is told ──

    def groups(self) -> list[Labels]:
        """The groups that there are."""
        return list(dict.fromkeys(key[0] for key in self.sums.counts))

    def effect(self, labels: Labels | None = None) -> Effect:
        """What the change does to a group, or to everybody."""
        persons = dict.fromkeys(KINDS, 0)
        before = after = gained = lost = 0
        for key, count in self.sums.counts.items():
            group, kind = key
            if labels is not None and group != labels:
                continue
            one, other = self.sums.totals[key]
            persons[kind] += count
            before, after = before + one, after + other
            gained += other - one if kind == WON else 0
            lost += one - other if kind == LOST else 0
        return Effect(persons, before, after, gained, lost)

    def deciles(self) -> tuple[int, ...]:
        """The least difference, the nine deciles, the greatest one; empty if nobody has one.

        A decile is the least difference of somebody's that so many tenths do not exceed.
        """
        ordered = sorted(self.differences)
        total = sum(self.differences.values())
        if not total:
            return ()
        found = []
        reached, at = self.differences[ordered[0]], 0
        for tenth in _TENTHS:
            while reached * 10 < tenth * total:
                at += 1
                reached += self.differences[ordered[at]]
            found.append(ordered[at])
        return tuple(found)

    def bands(self) -> list[Band]:
        """The differences in bands of one width, with what is far away in the outer ones.

        Nine tenths of those for whom anything changes are in the inner ones.
        """
        if not self.differences:
            return []
        width = self.width()
        found: dict[int, int] = {}
        for difference, count in self.differences.items():
            step = -(-abs(difference) // width)
            step = min(step, _MOST_BANDS + 1) * (1 if difference > 0 else -1)
            found[step] = found.get(step, 0) + count
        return [
            _band(step, width, found.get(step, 0)) for step in range(min(found), max(found) + 1)
        ]

    def width(self) -> int:
        """How wide the bands are, in fen."""
        changed = sorted((abs(each), count) for each, count in self.differences.items() if each)
        total = sum(count for _, count in changed)
        reached = 0
        for amount, count in changed:
            reached += count
            if reached * 10 >= total * 9:
                return _width(amount)
        return 1


def kind_of(before: int | None, after: int | None) -> str:
    """What a change does to a person.

    >>> kind_of(100, 150), kind_of(None, 150), kind_of(0, 0)
    ('won', 'refused_in_a', 'same')
    """
    if before is None or after is None:
        return NEITHER if before is after else ONLY_A if before is None else ONLY_B
    return SAME if before == after else WON if after > before else LOST


def _width(most: int) -> int:
    """A width of 1, 2 or 5 and zeros, in fen, so that bands up to `most` are few."""
    for width in _widths():
        if width * _MOST_BANDS >= most:
            return width
    raise TypeError("there is a width for every amount")


def _widths() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def _band(step: int, width: int, persons: int) -> Band:
    """The band so many steps from zero: above it (0, width], below it [-width, 0)."""
    if not step:
        return Band(0, 0, persons)
    near, far = (abs(step) - 1) * width + 1, abs(step) * width
    outer = abs(step) > _MOST_BANDS
    low, high = near, None if outer else far
    return Band(low, high, persons) if step > 0 else Band(high and -high, -low, persons)
