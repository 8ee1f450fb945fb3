"""Did you mean: the known names that differ from a name by a slip or two."""

from collections.abc import Iterable

_TO_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def suggestions(name: str, known: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """At most `limit` known names close to `name`, the closest first, ties in the order given.

    A slip is a character added, left out, changed, or swapped with its neighbour. Names of up to
    four characters (three in Chinese) may differ by one slip, longer names by two, and must share
    a character. Case does not count for ASCII letters. The name itself is never suggested.
    If no name is close to letters, Chinese names are suggested whose pinyin they are: the first
    letters of the characters, or the whole without tones and with as many slips. If none is close
    to a Chinese name, those are suggested that have all its characters, and at most as many others.

    >>> suggestions("avg_pensoin", ["age", "avg_pension", "pension"])
    ('avg_pension',)
    >>> suggestions("平均养老全", ["年龄", "平均养老金", "养老金"])
    ('平均养老金',)
    >>> suggestions("pjylj", ["年龄", "平均养老金"]), suggestions("nianlin", ["年龄", "平均养老金"])
    (('平均养老金',), ('年龄',))
    >>> suggestions("\u751f\u65e5", ["\u5e74\u9f84", "\u51fa\u751f\u65e5\u671f"])
    ('\u51fa\u751f\u65e5\u671f',)
    >>> suggestions("income", ["age", "level"])
    ()
    """
    plain = name.translate(_TO_LOWER)
    most = _most_slips(plain)
    letters = frozenset(plain)
    found: list[tuple[int, str]] = []
    candidates = dict.fromkeys(known)
    for candidate in candidates:
        if candidate == name or abs(len(candidate) - len(name)) > most:
            continue
        slips = _slips_between(plain, letters, candidate.translate(_TO_LOWER), most)
        if slips <= most:
            found.append((slips, candidate))
    if not found and len(name) > 1 and name.isascii():
        chinese = [candidate for candidate in candidates if not candidate.isascii()]
        found = _by_pinyin(plain, letters, chinese)
    if not found and len(name) > 1 and not name.isascii():
        found = [
            (len(candidate), candidate)
            for candidate in candidates
            if len(candidate) <= 2 * len(name) and _in_order(name, candidate)
        ]
    found.sort(key=lambda pair: pair[0])
    return tuple(candidate for _, candidate in found[:limit])


def _slips_between(name: str, letters: frozenset[str], other: str, most: int) -> int:
    """The slips between two names, or a number above `most`; `letters` are those of the first."""
    # Every letter that the other lacks costs a slip: most names end here.
    missing = len(letters.difference(other))
    if missing > most or missing == len(letters):
        return most + 1
    return _slips(*_without_common_ends(name, other), most)


def _in_order(name: str, other: str) -> bool:
    """Whether the other has the characters of a name in their order, maybe with more between."""
    rest = iter(other)
    return all(character in rest for character in name)


def _by_pinyin(
    name: str, letters: frozenset[str], chinese: Iterable[str]
) -> list[tuple[int, str]]:
    """Slips and name of the Chinese names whose pinyin `name` is, or nearly is."""
    from yibaolang.language.pinyin import initials, spelled

    # A few letters are near too many syllables.
    most = _most_slips(name) if len(name) > 4 else 0
    found: list[tuple[int, str]] = []
    for candidate in chinese:
        # A character has one to six letters.
        if not len(candidate) - most <= len(name) <= 6 * len(candidate) + most:
            continue
        if len(candidate) == len(name) and name in initials(candidate):
            found.append((0, candidate))
            continue
        ways = ["".join(syllables) for syllables in spelled(candidate)]
        near = [way for way in ways if abs(len(way) - len(name)) <= most]
        slips = min((_slips_between(name, letters, way, most) for way in near), default=most + 1)
        if slips <= most:
            found.append((slips, candidate))
    return found


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
