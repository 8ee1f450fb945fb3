"""Quotients rounded to whole numbers, as LLVM IR: the one rounding primitive on 64 bits."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yibaolang.population.llvm import Text


def rounded_from_zero(
    text: "Text", mode: str, number: str, divisor: str, known: int | None
) -> str:
    """The quotient of a number of zero or more and a divisor, which may be `known`.

    What is added first makes the quotient that of the mode.
    """
    if mode == "half_even":
        return rounded_signed(text, mode, number, divisor)
    if mode in ("half_up", "up"):
        if known is not None:
            added = str(known // 2 if mode == "half_up" else known - 1)
        elif mode == "half_up":
            added = text.let("half", f"lshr i64 {divisor}, 1")
        else:
            added = text.let("rest", f"sub i64 {divisor}, 1")
        # Neither is above 2**63 - 1, so the sum fits into 64 bits without a sign.
        number = text.let("number", f"add i64 {number}, {added}")
    return text.let("quotient", f"udiv i64 {number}, {divisor}")


def rounded_signed(text: "Text", mode: str, number: str, divisor: str) -> str:
    """Of any number: the quotient towards zero, and one more away from it or below."""
    quotient = text.let("quotient", f"sdiv i64 {number}, {divisor}")
    if mode == "down":
        return quotient
    rest = text.let("rest", f"srem i64 {number}, {divisor}")
    if mode == "floor":
        below = text.let("below", f"icmp slt i64 {rest}, 0")
        return text.let("floor", f"sub i64 {quotient}, {_extended(text, below)}")
    size = text.let("size", f"call i64 @llvm.abs.i64(i64 {rest}, i1 true)")
    if mode == "up":
        more = text.let("more", f"icmp ne i64 {size}, 0")
    else:
        other = text.let("other", f"sub i64 {divisor}, {size}")
        if mode == "half_up":
            more = text.let("more", f"icmp uge i64 {size}, {other}")
        else:
            above = text.let("above", f"icmp ugt i64 {size}, {other}")
            tie = text.let("tie", f"icmp eq i64 {size}, {other}")
            odd = text.let("odd", f"trunc i64 {quotient} to i1")
            more = text.let("more", f"or i1 {above}, {text.let('even', f'and i1 {tie}, {odd}')}")
    sign = text.let("sign", f"ashr i64 {number}, 63")
    step = text.let("step", f"or i64 {sign}, 1")
    one = text.let("one", f"select i1 {more}, i64 {step}, i64 0")
    return text.let("rounded", f"add i64 {quotient}, {one}")


def _extended(text: "Text", truth: str) -> str:
    return text.let("wide", f"zext i1 {truth} to i64")
