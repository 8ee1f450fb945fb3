"""The one rounding primitive, on exact integers, and its text for generated Python.

Engines differ in how they round: Python's `round` and Arrow round ties to even, `//` rounds
towards minus infinity, C and LLVM divide towards zero, SQL rounds ties away from zero. A fen is
lost or found wherever two of them meet, so every engine here follows the four modes below,
which act on the magnitude and never depend on the sign:

- `half_up`: to the nearest, a tie away from zero
- `half_even`: to the nearest, a tie to the even neighbour
- `up`: away from zero
- `down`: towards zero
"""

MODES = ("half_up", "half_even", "up", "down")


def round_quotient(numerator: int, denominator: int, mode: str) -> int:
    """Round numerator / denominator to an integer.

    Raises ValueError when the denominator is not positive or the mode is unknown.

    >>> [round_quotient(numerator, 2, "half_up") for numerator in (5, -5)]
    [3, -3]
    >>> [round_quotient(numerator, 2, "half_even") for numerator in (5, 7, -5)]
    [2, 4, -2]
    >>> round_quotient(-1, 3, "up"), round_quotient(-5, 3, "down")
    (-1, -1)
    >>> round_quotient(1, 2, "nearest")
    Traceback (most recent call last):
        ...
    ValueError: unknown rounding mode 'nearest': use half_up, half_even, up or down
    """
    if denominator <= 0:
        raise ValueError(f"a denominator must be positive, not {denominator}")
    # The magnitude is divided, so that floor division and truncation are the same thing.
    quotient, remainder = divmod(abs(numerator), denominator)
    if mode == "half_up":
        quotient += 2 * remainder >= denominator
    elif mode == "half_even":
        quotient += 2 * remainder + (quotient & 1) > denominator
    elif mode == "up":
        quotient += remainder > 0
    elif mode != "down":
        raise ValueError(_unknown(mode))
    return -quotient if numerator < 0 else quotient


def round_to(number: int, denominator: int, unit: int, mode: str) -> int:
    """Round number / denominator fen to a multiple of `unit` fen; the result is in fen.

    Raises ValueError when the denominator or the unit is not positive or the mode is unknown.

    >>> round_to(10_050, 1, 100, "half_up")  # 100.50 yuan to whole yuan
    10100
    >>> round_to(25, 2, 1, "half_even")  # 12.5 fen to whole fen
    12
    >>> round_to(1, 1, 0, "up")
    Traceback (most recent call last):
        ...
    ValueError: a rounding unit must be positive, not 0
    """
    if unit <= 0:
        raise ValueError(f"a rounding unit must be positive, not {unit}")
    return round_quotient(number, denominator * unit, mode) * unit


def python_expression(
    mode: str, numerator_source: str, denominator: int, *, nonnegative: bool = False
) -> str:
    """Write `round_quotient` by a constant denominator as a Python expression.

    The result stands in parentheses and may hold `numerator_source` up to three times: give a
    name, or an expression that is cheap and pure. `nonnegative` promises that the numerator is
    never below zero and gives the shorter form.

    Raises ValueError when the denominator is not positive or the mode is unknown.

    >>> python_expression("half_up", "n", 1000, nonnegative=True)
    '((n + 500) // 1000)'
    >>> python_expression("half_up", "n", 1000)
    '((n + 500 - (n < 0)) // 1000)'
    >>> python_expression("half_up", "a - b", 3)
    '(((a - b) + 1) // 3)'
    >>> python_expression("half_up", "n", 0)
    Traceback (most recent call last):
        ...
    ValueError: a denominator must be positive, not 0
    """
    if denominator <= 0:
        raise ValueError(f"a denominator must be positive, not {denominator}")
    if mode not in MODES:
        raise ValueError(_unknown(mode))
    n = numerator_source if numerator_source.isidentifier() else f"({numerator_source})"
    if denominator == 1:
        return n if n.startswith("(") else f"({n})"
    if mode in ("half_up", "half_even"):
        return _nearest(mode, n, denominator, nonnegative)
    return _directed(mode, n, denominator, nonnegative)


def _nearest(mode: str, n: str, denominator: int, nonnegative: bool) -> str:
    """Write rounding to the nearest; floor division needs help on ties only."""
    half = denominator // 2
    if denominator % 2 == 1:
        # An odd denominator has no ties: the nearest is the same in both modes and signs.
        return f"(({n} + {half}) // {denominator})"
    if mode == "half_even":
        return (
            f"({n} // {denominator} + ({n} % {denominator} + ({n} // {denominator} & 1) > {half}))"
        )
    if nonnegative:
        return f"(({n} + {half}) // {denominator})"
    # (n + half) // d sends ties towards plus infinity. One less sends a negative tie away from
    # zero, and moves nothing else because only a tie is an exact multiple of d here.
    return f"(({n} + {half} - ({n} < 0)) // {denominator})"


def _directed(mode: str, n: str, denominator: int, nonnegative: bool) -> str:
    """Write rounding away from zero or towards it, out of floor division."""
    rest = denominator - 1
    if nonnegative:
        return f"(({n} + {rest}) // {denominator})" if mode == "up" else f"({n} // {denominator})"
    sign = ">" if mode == "up" else "<"
    return f"(({n} + {rest} * ({n} {sign} 0)) // {denominator})"


def _unknown(mode: str) -> str:
    return f"unknown rounding mode {mode!r}: use {', '.join(MODES[:-1])} or {MODES[-1]}"
