"""Arithmetic of ledgers in LLVM text: numbers of 64 bits with the interval in which they lie.

An operation that cannot leave 64 bits, by the intervals of its operands, is written plainly; any
other is checked. What is expected to be a sum of money is noted (`Emitter.noted`): it is or-ed into
what the account keeps in `wide`, so that a sign, or a bit above the bound, is seen at the account's
end, however far computing went on.
"""

from typing import NamedTuple

from yibaolang.population.fixed import HIGHEST, LOWEST
from yibaolang.population.llvm import Text

MONEY_BITS, NUMERATOR_BITS = 40, 61
"""Sums of money have at most so many bits (11 billion yuan), numerators of interest so many."""

MOST_FEN = (1 << MONEY_BITS) - 1
MOST_NUMERATOR = (1 << NUMERATOR_BITS) - 1
MOST_SUM = (1 << 62) - 1


class Value(NamedTuple):
    """A number of 64 bits: its name or digits in LLVM, and bounds, both inclusive."""

    code: str
    low: int
    high: int

    @property
    def known(self) -> int | None:
        """The number, if there is only one that it can be."""
        return self.low if self.low == self.high else None


def number(value: int) -> Value:
    """A number that is known.

    >>> number(-3)
    Value(code='-3', low=-3, high=-3)
    """
    return Value(str(value), value, value)


def fits(low: int, high: int) -> bool:
    """Whether an interval is within 64 bits."""
    return low >= LOWEST and high <= HIGHEST


class Emitter:
    """Writes arithmetic into a function.

    >>> from yibaolang.population.llvm import Module
    >>> text = Text(Module())
    >>> Emitter(text).add(Value("%x", 0, 10), number(5))
    Value(code='%v.2', low=5, high=15)
    >>> text.lines
    ['  %v.2 = add i64 %x, 5']
    """

    def __init__(self, text: Text) -> None:
        self.text = text

    # ── variables and arrays ──

    def make(self, code: str) -> str:
        """The result of an instruction."""
        return self.text.let("v", code)

    def load(self, pointer: str, low: int, high: int) -> Value:
        """What a variable holds."""
        return Value(self.make(f"load i64, ptr {pointer}"), low, high)

    def store(self, pointer: str, value: Value) -> None:
        """Put something into a variable."""
        self.text.line(f"store i64 {value.code}, ptr {pointer}")

    def element(self, base: str, index: str, type_: str = "i64") -> str:
        """An element of an array, as a number of 64 bits."""
        place = self.make(f"getelementptr inbounds {type_}, ptr {base}, i64 {index}")
        found = self.make(f"load {type_}, ptr {place}")
        return found if type_ == "i64" else self.make(f"sext {type_} {found} to i64")

    def put(self, base: str, index: str, code: str, type_: str = "i64") -> None:
        """Put a number of 64 bits into an element of an array."""
        if type_ != "i64":
            code = self.make(f"trunc i64 {code} to {type_}")
        place = self.make(f"getelementptr inbounds {type_}, ptr {base}, i64 {index}")
        self.text.line(f"store {type_} {code}, ptr {place}")

    # ── arithmetic ──

    def constant(self, value: int) -> Value:
        """A number that rules say, which may be beyond 64 bits."""
        code = self.text.constant(value)
        return number(value) if fits(value, value) else Value(code, LOWEST, HIGHEST)

    def add(self, one: Value, other: Value) -> Value:
        """A sum."""
        if one.known == 0 or other.known == 0:
            return other if one.known == 0 else one
        return self._made("add", one, other, one.low + other.low, one.high + other.high)

    def subtract(self, one: Value, other: Value) -> Value:
        """A difference."""
        if other.known == 0:
            return one
        return self._made("sub", one, other, one.low - other.high, one.high - other.low)

    def multiply(self, one: Value, other: Value) -> Value:
        """A product."""
        if one.known == 1 or other.known == 1:
            return other if one.known == 1 else one
        ends = [first * last for first in (one.low, one.high) for last in (other.low, other.high)]
        return self._made("mul", one, other, min(ends), max(ends))

    def _made(self, word: str, one: Value, other: Value, low: int, high: int) -> Value:
        if fits(low, high):
            if low == high:
                return number(low)
            return Value(self.make(f"{word} i64 {one.code}, {other.code}"), low, high)
        operands = f"i64 {one.code}, i64 {other.code}"
        pair = self.make(f"call {{i64, i1}} @llvm.s{word}.with.overflow.i64({operands})")
        self.text.spoil(self.make(f"extractvalue {{i64, i1}} {pair}, 1"))
        code = self.make(f"extractvalue {{i64, i1}} {pair}, 0")
        return Value(code, max(low, LOWEST), min(high, HIGHEST))

    def least(self, one: Value, other: Value) -> Value:
        """The smaller of two."""
        if one.high <= other.low or other.high <= one.low:
            return one if one.high <= other.low else other
        code = self.make(f"call i64 @llvm.smin.i64(i64 {one.code}, i64 {other.code})")
        return Value(code, min(one.low, other.low), min(one.high, other.high))

    def most(self, one: Value, other: Value) -> Value:
        """The larger of two."""
        if one.low >= other.high or other.low >= one.high:
            return one if one.low >= other.high else other
        code = self.make(f"call i64 @llvm.smax.i64(i64 {one.code}, i64 {other.code})")
        return Value(code, max(one.low, other.low), max(one.high, other.high))

    def divide(self, above: Value, below: int) -> Value:
        """A quotient of what is not below zero by a known number, cut off."""
        if below == 1:
            return above
        code = self.make(f"udiv i64 {above.code}, {below}")
        return Value(code, above.low // below, above.high // below)

    def compare(self, sign: str, one: Value, other: Value) -> str:
        """A truth; `sign` is eq, ne, slt, sle, sgt or sge."""
        return self.make(f"icmp {sign} i64 {one.code}, {other.code}")

    def choose(self, condition: str, one: Value, other: Value) -> Value:
        """One of two."""
        code = self.make(f"select i1 {condition}, i64 {one.code}, i64 {other.code}")
        return Value(code, min(one.low, other.low), max(one.high, other.high))

    # ── what is noted, to be looked at when the account ends ──

    def gather(self, pointer: str, code: str) -> None:
        """Or a number into a variable."""
        before = self.make(f"load i64, ptr {pointer}")
        self.text.line(f"store i64 {self.make(f'or i64 {before}, {code}')}, ptr {pointer}")

    def noted(self, value: Value, most: int = MOST_FEN) -> Value:
        """The same within 0 and MOST_FEN or MOST_NUMERATOR, or the account does not count."""
        if value.low >= 0 and value.high <= most:
            return value
        self.gather("%wide" if most == MOST_FEN else "%broad", value.code)
        return Value(value.code, max(0, min(value.low, most)), max(0, min(value.high, most)))
