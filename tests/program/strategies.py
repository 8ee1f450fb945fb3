"""Random expressions and scenarios.

An expression is grown by hand from what hypothesis draws: strategies of strategies would take
longer to describe than to run. All that one `Grower` makes has one definition called `one`.
"""

from datetime import date
from fractions import Fraction
from typing import TypeVar

from hypothesis import strategies as st

from tests.program import build as b
from yibaolang.model.core import Expr
from yibaolang.model.values import MONEY, NUMBER

T = TypeVar("T")

EDGES = [
    date(1952, 2, 29),
    date(1954, 6, 30),
    date(1960, 1, 31),
    date(2000, 2, 29),
    date(2023, 2, 28),
    date(2024, 2, 29),
    date(2024, 3, 31),
    date(2024, 12, 31),
]
days = st.one_of(st.sampled_from(EDGES), st.dates(date(1930, 1, 1), date(2030, 12, 31)))
todays = st.one_of(
    st.sampled_from([day for day in EDGES if day.year == 2024]),
    st.dates(date(2024, 1, 1), date(2024, 12, 31)),
)
fens = st.integers(-5_000_00, 20_000_00)
RATES = [(1, 40), (1, 50), (3, 5), (29, 1000), (1, 3), (0, 1)]
ROWS = (b.row("2023-01-01", "2023-12-31", 300_000), b.row("2024-01-01", "", 310_001))
SIGNS = ["=", "!=", "<", "<=", ">", ">="]
LEAVES = ["fen", "part", "fact", "param", "duration"]
NODES = ["total", "share", "times", "divide", "quotient", "extreme", "choose", "round", "define"]


class Grower:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.one: Expr | None = None

    def pick(self, *options: T) -> T:
        return self.draw(st.sampled_from(options))

    def count(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def date(self) -> Expr:
        kind = self.pick("fact", "today", "day", "shift")
        if kind == "fact":
            return self.pick(b.fact("birth"), b.fact("enrolled"))
        if kind == "today":
            return b.TODAY
        if kind == "day":
            return b.day(self.draw(days).isoformat())
        steps = b.months(self.count(0, 1500)), b.days(self.count(0, 400))
        return b.shift(self.date(), *steps, signs=(self.pick(1, -1), self.pick(1, -1)))

    def duration(self) -> Expr:
        if self.pick(True, False):
            return b.elapsed(self.pick("years", "months", "days"), self.date(), self.date())
        return self.pick(b.fact("years"), b.months(self.count(0, 400)))

    def rate(self) -> Expr:
        return self.pick(b.fact("share"), *(b.rate(*pair) for pair in RATES))

    def leaf(self) -> Expr:
        kind = self.pick(*LEAVES)
        if kind == "fen":
            return b.money(self.draw(fens))
        if kind == "part":
            return b.money(self.draw(fens), self.pick(2, 10))
        if kind == "fact":
            return self.pick(b.fact("base"), b.fact("pension"))
        if kind == "param":
            return b.param("avg_pension", *ROWS)
        return b.times(MONEY, b.money(1_00), b.divide(NUMBER, self.duration(), b.number(7)))

    def money(self, depth: int = 3) -> Expr:
        if depth == 0 or self.count(0, 3) == 0:
            return self.leaf()
        kind = self.pick(*NODES)
        if kind == "define":
            if self.one is None:
                self.one = b.define("one", self.money(depth - 1))
            return self.one
        several = [self.money(depth - 1) for _ in range(self.count(1, 3))]
        first, last = several[0], several[-1]
        if kind == "total":
            return b.total(*several, signs=[self.pick(1, 1, -1, 0) for _ in several])
        if kind == "share":
            return b.share(self.rate(), first)
        number = b.number(self.pick(-3, -1, 2, 3, 12))
        if kind == "times":
            return b.times(MONEY, first, number)
        if kind == "divide":
            return b.divide(MONEY, first, number)
        if kind == "quotient":
            return b.times(MONEY, first, b.divide(NUMBER, last, self.money(depth - 1)))
        if kind == "extreme":
            return b.extreme(self.pick(True, False), *several)
        if kind == "round":
            mode = self.pick("half_up", "half_even", "up", "down")
            return b.rounded(first, mode, self.pick(1, 10, 100))
        otherwise = self.money(depth - 1) if self.pick(True, False) else None
        return b.choose({self.truth(depth - 1): each for each in several}, otherwise)

    def truth(self, depth: int = 2) -> Expr:
        simple = ["status", "male", "age", "money", "dates", "inside", "constant"]
        kind = self.pick(*simple, *(["not", "every", "either", "choose"] if depth else []))
        if kind == "status":
            return b.is_status(self.pick("active", "retired"))
        if kind == "male":
            return b.fact("male")
        if kind == "age":
            return b.compare(b.AGE_NOW, self.pick(*SIGNS), b.years_old(self.pick(60, 69, 70, 71)))
        if kind == "money":
            return b.compare(self.money(1), self.pick(*SIGNS), self.money(1))
        if kind == "dates":
            return b.compare(self.date(), self.pick(*SIGNS), self.date())
        if kind == "inside":
            low, high = (self.pick(None, self.money(1)) for _ in "ab")
            return b.inside(self.money(1), low, high, (self.pick(True, False), True))
        if kind == "constant":
            return b.truth(self.pick(True, False))
        several = [self.truth(depth - 1) for _ in range(self.count(1, 3))]
        if kind == "not":
            return b.no(several[0])
        if kind == "choose":
            return b.choose({each: self.truth(0) for each in several}, self.truth(0))
        return b.every(*several) if kind == "every" else b.either(*several)


@st.composite
def moneys(draw: st.DrawFn) -> Expr:
    return Grower(draw).money()


@st.composite
def conditions(draw: st.DrawFn) -> Expr:
    return Grower(draw).truth()


@st.composite
def dates(draw: st.DrawFn) -> Expr:
    return Grower(draw).date()


@st.composite
def durations(draw: st.DrawFn) -> Expr:
    return Grower(draw).duration()


@st.composite
def pairs_of_arms(draw: st.DrawFn) -> list[tuple[Expr, Expr]]:
    """Two guards with their amounts; often only one of the guards can hold."""
    grower = Grower(draw)
    one, two = grower.truth(), grower.truth()
    guards = grower.pick(
        (b.every(b.is_status("retired"), one), b.every(b.is_status("active"), two)),
        (one, two),
        (one, b.no(one)),
        (b.every(one, two), b.every(b.no(two))),
    )
    return [(guard, grower.money(2)) for guard in guards]


@st.composite
def known(draw: st.DrawFn) -> dict[str, b.Given]:
    """Facts, each of which may be missing."""
    found: dict[str, b.Given] = {
        "birth": draw(days),
        "enrolled": draw(days),
        "base": draw(fens),
        "pension": draw(fens),
        "status": draw(st.sampled_from(["active", "retired"])),
        "male": draw(st.booleans()),
        "share": draw(st.sampled_from([Fraction(1, 50), Fraction(0), Fraction(2, 3)])),
        "years": draw(st.integers(0, 500)),
    }
    for name in draw(st.lists(st.sampled_from(sorted(found)), max_size=2)):
        found.pop(name, None)
    return found
