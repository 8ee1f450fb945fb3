"""Did you mean: the known names that differ from a name by a slip or two."""

from collections.abc import Iterable

_TO_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def suggestions(name: str, known: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """At most `limit` known names close to `name`, the closest first, ties in the order given.

    A slip is a character added, left out, changed, or swapped with its neighbour. Names of up to
    four characters (three in Chinese) may differ by one slip, longer names by two, and must share
    a character. Case does not count for ASCII letters. The name itself is never suggested.

    >>> suggestions("avg_pensoin", ["age", "avg_pension", "pension"])
    ('avg_pension',)
    >>> suggestions("平均养老全", ["年龄", "平均养老金", "养老金"])
    ('平均养老金',)
    >>> suggestions("income", ["age", "level"])
    ()
    """
    plain = name.translate(_TO_LOWER)
    most = _most_slips(plain)
    letters = set(plain)
    found: list[tuple[int, str]] = []
    for candidate in dict.fromkeys(known):
        if candidate == name or abs(len(candidate) - len(name)) > most:
            continue
        other = candidate.translate(_TO_LOWER)
        # Every letter that the candidate lacks costs a slip: most candidates end here.
        missing = len(letters.difference(other))
        if missing > most or missing == len(letters):
            continue
        slips = _slips(*_without_common_ends(plain, other), most)
        if slips <= most:
            found.append((slips, candidate))
    found.sort(key=lambda pair: pair[0])
    return tuple(candidate for _, candidate in found[:limit])


def _most_slips(name: str) -> int:
    short = 4 if name.isascii() else 3
    return 1 if len(name) <= short else 2


def _without_common_ends(name: str, other: str) -> tuple[str, str]:
    shorter = min(len(name), len(other))
    first = 0
    while first < shorter and name[first] == other[first]:
        first += 1
    last = 0
    while last < shorter - first and name[-1 - last] == other[-1 - last]:
        last += 1
    return name[first : len(name) - last], other[first : len(other) - last]


def _slips(name: str, other: str, most: int) -> int:
    """Damerau's distance (optimal string alignment), or a number above `most` if it is more."""
    before: list[int] = []
    row = [min(index, most + 1) for index in range(len(other) + 1)]
    for i, letter in enumerate(name, start=1):
        # Cells further than `most` from the diagonal cannot come back under it.
        earlier, before, row = before, row, [most + 1] * (len(other) + 1)
        row[0] = min(i, most + 1)
        for j in range(max(1, i - most), min(len(other), i + most) + 1):
            slips = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other[j - 1]))
            if i > 1 and j > 1 and letter == other[j - 2] and name[i - 2] == other[j - 1]:
                slips = min(slips, earlier[j - 2] + 1)
            row[j] = slips
        if min(row) > most:
            return most + 1
    return row[-1]
