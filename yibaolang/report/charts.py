"""Bars of block characters, to an eighth of a character."""

from collections.abc import Sequence

_FULL = "█"
_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")


def bars(values: Sequence[int], columns: int = 20, ambiguous: int = 1) -> list[str]:
    """A bar for each amount, `columns` wide for the largest; amounts below zero have none.

    Lengths are rounded to the nearest eighth of a character, a half up; no amount above zero is
    without a bar. `ambiguous` is how many columns the terminal gives to a block character.

    >>> bars([50, 100, 0, -5, 1], columns=8)
    ['████', '████████', '', '', '▏']
    >>> bars([50, 100], columns=8, ambiguous=2)
    ['██', '████']
    """
    most = max([1, *values])
    eighths = columns // ambiguous * len(_EIGHTHS)
    return [_bar(value, most, eighths) if value > 0 else "" for value in values]


def _bar(value: int, most: int, eighths: int) -> str:
    full, rest = divmod(max(1, (2 * value * eighths + most) // (2 * most)), len(_EIGHTHS))
    return _FULL * full + _EIGHTHS[rest]
