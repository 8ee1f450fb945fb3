"""Citations of the sources' rows, as they stand in cites, in titles of tests and in cases.toml.

A citation begins with the source and names rows: "seeds C11: 001", "seeds C28, S31",
"seeds X8: E03, E04", "regions 北京 3", "regions 上海, years: PO", "regions 1, N4", "shapes 11",
"question 18". Ranges are "S01-S05", "shapes 11 to 13". What follows a colon is free text; only
ids of seeds such as E03 still count there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen

_FOLD = str.maketrans(
    "\uff0c\u3001\uff1b\uff1a\uff08\uff09\u2013\u2014\uff5e\u201c\u201d", ',,;:()---""'
)
_HEAD = re.compile(
    r"(?<![A-Za-z0-9_])(?P<source>seeds|regions|shapes?|questions?|形状|问题)(?:\.md)?(?![A-Za-z_])"
)
_TO = r"(?: ?- ?| ?\.\. ?| to )"
_IDS = re.compile(rf"(?<![A-Za-z0-9])([A-Z])(\d{{1,2}})(?:{_TO}\1(\d{{1,2}}))?(?![A-Za-z0-9])")
_SEPARATOR = re.compile(r"[ ,]*(?:(?:and\b|和|与|及|&)[ ,]*)?")
# A number after a separator is a row only where nothing else follows: not in "30,000", "3 stays".
_NUMBER = rf"(\d{{1,2}})(?:{_TO}(?:15\.)?(\d{{1,2}}))?"
_FIRST = re.compile(_NUMBER + r"(?![\d.%])(?!,\d)")
_NEXT = re.compile(_NUMBER + r"(?= ?(?:[,;:()&]|and\b|和|与|及|$))(?!,\d)")
_QUESTION = re.compile(r"[ ,]*15\.(?=\d)")
_HAN = "\u4e00-\u9fff"
_SEEDS_LETTERS = frozenset("CPDSFRIKHWETOBQX")
_SECTIONS = re.compile(r"([0-4])(?![\d.])")
_TABLE_ROW = re.compile(r"3\.\d+")


@frozen
class Names:
    """What a citation may name: the rows' ids, and the names of places by the one in the ids."""

    seeds: frozenset[str]
    regions: frozenset[str]
    shapes: frozenset[str]
    places: Mapping[str, str]

    def item(self, place: str, text: str) -> tuple[str, int] | None:
        """The longest item of a place that a text begins with: its row and its length, or None."""
        if text.startswith("in force"):
            return place, len("in force")
        found: list[tuple[int, str]] = []
        for row in self.regions:
            owner, comma, item = row.partition(", ")
            if comma and owner == place:
                words = r"[ ,/]+".join(map(re.escape, re.split(r"[ ,/]+", item)))
                if match := re.match(rf"{words}(?![A-Za-z])", text):
                    found.append((match.end(), row))
        return (max(found)[1], max(found)[0]) if found else None


@frozen
class Cited:
    """The rows that a text cites, each as "seeds C11", and what it names that is no row."""

    rows: frozenset[str]
    unknown: tuple[str, ...]


@frozen
class _Found:
    """Rows found so far, as a text is read."""

    rows: set[str] = field(factory=set)
    unknown: list[str] = field(factory=list)

    def add(self, source: str, row: str, known: frozenset[str]) -> None:
        if row in known:
            self.rows.add(f"{source} {row}")
        else:
            self.unknown.append(f"{source} {row}")


def cited(text: str, names: Names) -> Cited:
    """The rows that a text cites.

    >>> names = Names(
    ...     seeds=frozenset(["C28", "S31", "15.18"]),
    ...     regions=frozenset(["北京", "北京 3", "北京, years"]),
    ...     shapes=frozenset(["11"]),
    ...     places={"北京": "北京"},
    ... )
    >>> sorted(cited("seeds C28, S31: 002; regions 北京 3, a month; shape 11", names).rows)
    ['regions 北京 3', 'seeds C28', 'seeds S31', 'shapes 11']
    >>> sorted(cited("regions 北京 years; seeds question 18", names).rows)
    ['regions 北京, years', 'seeds 15.18']
    >>> cited("regions 北京 9", names).unknown
    ('regions 北京 9',)
    >>> cited("the rows of C28", names)
    Cited(rows=frozenset(), unknown=())
    """
    text = text.translate(_FOLD)
    heads = list(_HEAD.finditer(text))
    found = _Found()
    if any(head["source"] in ("seeds", "regions") for head in heads):
        _ids(text, names, found)
    for head in heads:
        _after(head["source"], text, head.end(), names, found)
    return Cited(frozenset(found.rows), tuple(dict.fromkeys(found.unknown)))


def _ids(text: str, names: Names, found: _Found) -> None:
    """Ids of a letter and digits, wherever they stand: C11, X4, Z9, N1."""
    for match in _IDS.finditer(text):
        letter, first, last = match.groups()
        source = "regions" if letter in "NZ" else "seeds" if letter in _SEEDS_LETTERS else ""
        if not source:
            continue
        known = names.regions if source == "regions" else names.seeds
        if last is None:
            found.add(source, letter + first, known)
            continue
        between = [f"{letter}{each:0{len(first)}}" for each in range(int(first), int(last) + 1)]
        # Ids have gaps (S22, then S30), so only the ends of a range must be there.
        for row in between:
            if row in known or row in (between[0], between[-1]):
                found.add(source, row, known)


def _after(source: str, text: str, at: int, names: Names, found: _Found) -> None:
    """What follows the name of a source."""
    question = _QUESTION.match(text, at)
    if source == "regions":
        _Places(text, names, found).read(at)
    elif source == "seeds" and question is None:
        stray = re.match(r" ([A-Za-z]\d+)", text[at:])
        if stray and stray[1][0] not in _SEEDS_LETTERS:
            found.unknown.append(f"seeds {stray[1]}")
    elif source in ("shape", "shapes", "形状"):
        _numbers("shapes", "", text, at, names.shapes, found)
    else:
        at = question.end() if question else at
        _numbers("seeds", "15.", text, at, names.seeds, found)


def _numbers(
    source: str, before: str, text: str, at: int, known: frozenset[str], found: _Found
) -> None:
    """A list of numbers with ranges."""
    pattern = _FIRST
    while True:
        start = _SEPARATOR.match(text, at)
        begin = start.end() if start else at
        if before and text.startswith(before, begin):
            begin += len(before)
        match = pattern.match(text, begin)
        if match is None:
            return
        for each in range(int(match[1]), int(match[2] or match[1]) + 1):
            found.add(source, f"{before}{each}", known)
        at, pattern = match.end(), _NEXT


class _Places:
    """Reads what follows "regions": places, their examples and items, sections of the source."""

    def __init__(self, text: str, names: Names, found: _Found) -> None:
        self.text, self.names, self.found = text, names, found
        self.place = ""
        # Places of which nothing has been named yet: they stand for themselves.
        self.pending: list[str] = []

    def read(self, at: int) -> None:
        begin = at
        while (end := self._element(self._begin(at))) is not None:
            at = end
        rest = self.text[self._begin(at) :]
        separator = self.text[at : self._begin(at)]
        stray = re.split("[,;:(]", rest)[0].strip()
        if at == begin:
            # An English word is a place only where the text begins: not in "two regions give 3".
            first = re.fullmatch(r"(?:[\s\S]*;)? *regions(?:\.md)?", self.text[:begin])
            if re.match(rf"[{_HAN}]+ ?\d" + (r"|[a-z]+ \d" if first else ""), rest):
                self.found.unknown.append(f"regions {stray}")
        elif self.pending and "," in separator and stray and not _HEAD.match(rest):
            self.found.unknown.append(f"regions {self.pending[-1]}, {stray}")
            return
        for place in self.pending:
            self.found.add("regions", place, self.names.regions)

    def _begin(self, at: int) -> int:
        match = _SEPARATOR.match(self.text, at)
        return match.end() if match else at

    def _element(self, at: int) -> int | None:
        """One element of the list, noted; where it ends, or None if nothing is there."""
        for kind in (self._example, self._place, self._row, self._item):
            if (end := kind(at)) is not None:
                return end
        return None

    def _example(self, at: int) -> int | None:
        """The number of a worked example, after its place."""
        if not self.place or self.place.isdigit():
            return None
        after_place = self.pending[-1:] == [self.place] and self.text[at - 1 : at] == " "
        match = (_FIRST if after_place else _NEXT).match(self.text, at)
        if match is None:
            return None
        for each in range(int(match[1]), int(match[2] or match[1]) + 1):
            self.found.add("regions", f"{self.place} {each}", self.names.regions)
        self.pending = [each for each in self.pending if each != self.place]
        return match.end()

    def _place(self, at: int) -> int | None:
        for name in sorted(self.names.places, key=len, reverse=True):
            if re.compile(rf"{name}(?![{_HAN}])|{name}(?=[和与及])").match(self.text, at):
                self.place = self.names.places[name]
                self.pending.append(self.place)
                return at + len(name)
        return None

    def _row(self, at: int) -> int | None:
        """An id, which is noted elsewhere, a row of the table of credits, or a section."""
        if match := _IDS.match(self.text, at):
            return match.end()
        if match := _TABLE_ROW.match(self.text, at):
            self.found.add("regions", match[0], self.names.regions)
            return match.end()
        match = _SECTIONS.match(self.text, at)
        if match is None or self.place:
            return None
        self.place = match[1]
        return match.end()

    def _item(self, at: int) -> int | None:
        """An item of every place that waits for one: "regions 湛江, 广州, years"."""
        length = 0
        for place in self.pending or [self.place]:
            if found := self.names.item(place, self.text[at:]):
                self.found.rows.add(f"regions {found[0]}")
                length = max(length, found[1])
        if not length:
            return None
        self.pending = []
        return at + length


# ── where citations stand ──


def cites(text: str, words: Iterable[str]) -> Iterator[str]:
    r"""The strings after a keyword, in the text of a .yb file without its comments.

    >>> text = 'credit 1元 cite "seeds C14: 001"  # cite "no"\n依据"seeds D02"\n'
    >>> list(cites(text, ["cite", "依据"]))
    ['seeds C14: 001', 'seeds D02']
    """
    kept = re.sub(r"(\"[^\"\n]*\")|#[^\n]*", lambda match: match[1] or "", text)
    string = r"\s*[\"\u201c]([^\"\u201c\u201d\n]*)[\"\u201d]"
    return (match[1] for match in re.finditer(f"(?:{'|'.join(words)}){string}", kept, re.M))
