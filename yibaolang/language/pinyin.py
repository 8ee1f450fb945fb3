"""Chinese names by their pinyin: the letters that a reader types for them.

The readings are those of grammars/pinyin.txt, a table made for the words of this language: for
each character the readings that it has in them. For other characters the order of GB 2312 gives
the first letter: the 3755 common characters stand there in the order of their pinyin.
"""

import os
from bisect import bisect_right
from collections.abc import Callable
from functools import cache, lru_cache

from yibaolang.resources import folder

_MOST_READINGS = 64
_MOST_KEPT = 16_384

# The first of the common characters of GB 2312 for each first letter, in the order of the standard.
_FIRST_LETTERS = "abcdefghjklmnopqrstwxyz"
_FIRST_CODES = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8,
    0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
_LAST_CODE = 0xD7F9


@lru_cache(maxsize=_MOST_KEPT)
def initials(text: str) -> frozenset[str]:
    r"""The first letters of a text's pinyin, in lower case; several if characters have several.

    ASCII characters stand for themselves. Empty if a character has no known reading.

    >>> sorted(initials("平均养老金")), sorted(initials("A类")), initials("\u2460")
    (['pjylj'], ['al'], frozenset())
    >>> sorted(initials("会计")), sorted(initials("会"))
    (['hj', 'kj'], ['h', 'k'])
    """
    return frozenset("".join(reading) for reading in _readings(text, _letters_of))


@lru_cache(maxsize=_MOST_KEPT)
def spelled(text: str) -> tuple[tuple[str, ...], ...]:
    """The pinyin of a text without tones, character by character, for every way to read it.

    ASCII characters stand for themselves, ü is v. Empty if a character is not in the table.

    >>> spelled("费率")
    (('fei', 'lv'),)
    """
    return _readings(text, _syllables_of)


def matches(typed: str, name: str) -> int | None:
    """How well the beginning of a name's pinyin fits what was typed; None if it does not.

    What was typed are the first letters of the characters, or the whole pinyin without tones, or
    a beginning of one of them; case does not count. Lower is better: 0 is the whole name by its
    first letters, and what is not typed yet costs.

    >>> [matches(typed, "平均养老金") for typed in ("pjylj", "pj", "pingjun", "pylj")]
    [0, 6, 7, None]
    """
    typed = typed.lower()
    if not typed:
        return None
    ranks = [
        2 * (len(letters) - len(typed)) for letters in initials(name) if letters.startswith(typed)
    ]
    for syllables in spelled(name):
        if "".join(syllables).startswith(typed):
            ranks.append(2 * _untyped(typed, syllables) + 1)
    return min(ranks, default=None)


def _untyped(typed: str, syllables: tuple[str, ...]) -> int:
    """How many of the syllables are not typed, or not to their end."""
    length = len(typed)
    for done, syllable in enumerate(syllables):
        length -= len(syllable)
        if length < 0:
            return len(syllables) - done
    return 0


def _readings(text: str, of: Callable[[str], tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Every way to read a text; a long text with many ways is read in some of them only."""
    every = [of(character) for character in text]
    if not all(every):
        return ()
    if max(map(len, every), default=1) == 1:
        return (tuple([reading for (reading,) in every]),)
    ways: list[tuple[str, ...]] = [()]
    for readings in every:
        if len(ways) * len(readings) > _MOST_READINGS:
            readings = readings[:1]
        ways = [(*way, reading) for way in ways for reading in readings]
    return tuple(ways)


def _letters_of(character: str) -> tuple[str, ...]:
    syllables = _syllables_of(character)
    if syllables:
        return tuple(dict.fromkeys(syllable[0] for syllable in syllables))
    try:
        encoded = character.encode("gb2312")
    except UnicodeEncodeError:
        return ()
    code = int.from_bytes(encoded, "big")
    if not _FIRST_CODES[0] <= code <= _LAST_CODE:
        return ()
    return (_FIRST_LETTERS[bisect_right(_FIRST_CODES, code) - 1],)


def _syllables_of(character: str) -> tuple[str, ...]:
    if character.isascii():
        return (character.lower(),)
    return table().get(character, ())


@cache
def table() -> dict[str, tuple[str, ...]]:
    """The readings of each character of the table, those of grammars/pinyin.txt; read once.

    >>> table()["庆"], table()["给"]
    (('qing',), ('gei', 'ji'))
    """
    with open(os.path.join(folder("grammars"), "pinyin.txt"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        syllable, _, characters = line.partition(" ")
        if syllable != "#":
            for character in characters:
                found[character] = (*found.get(character, ()), syllable)
    return found
