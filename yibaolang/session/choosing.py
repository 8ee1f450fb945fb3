"""Versions where sources disagree: which there are, which is chosen, which one somebody means."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from unicodedata import normalize

from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.lexer import fold
from yibaolang.language.suggest import suggestions
from yibaolang.model.book import Book
from yibaolang.model.entries import VersionEntry
from yibaolang.model.loading import library_files
from yibaolang.report.tables import Table
from yibaolang.session.commands import Misuse
from yibaolang.session.texts import say, titles

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_KEYS = ("region", "version", "since", "until", "source", "state")
_QUOTES = "\"\u201c\u201d\u300c\u300d"
_AS = re.compile("[ \t]*(?:\\bas(?=[ \t\"])|\u4f5c\u4e3a)[ \t]*")
_GAP = re.compile("[ \t]+")


def unquoted(text: str) -> str:
    """A name or a version without the marks around it."""
    return text.strip().strip(_QUOTES).strip()


def choose(session: "Session", words: str) -> tuple[str, str]:
    """Region and version of words such as `shandong C18` and `C18`.

    A version alone is that of the session's region or of the only region that has it. Refusal
    YB101 if there is no such version, Misuse if several regions have it.
    """
    book = session.rules.book
    folded = fold(words)
    cut = _AS.search(folded) or _GAP.search(folded)
    region, version = words[: cut.start()] if cut else "", words[cut.end() :] if cut else ""
    region, version = unquoted(region), unquoted(version)
    if version and (region in book.region_names or region in library_files()):
        if region in book.region_names:
            known = _names(book, book.chain(session.rules.region(region)))
            version = _written(version, known)
            _check(version, known)
        return region, version
    version = _written(unquoted(words), _names(book, book.versions))
    chain = book.chain(session.region)
    near = [each for each in chain if version in _names(book, [each])]
    having = near[:1] or [each for each in book.versions if version in _names(book, [each])]
    if not having:
        _check(version, _names(book, book.versions))
    if len(having) > 1:
        names = [session.words.region(each) for each in having]
        comma = say("comma", session.context.lang)
        raise Misuse("version_of_several", version=version, regions=comma.join(names))
    return having[0], version


def _written(version: str, known: Iterable[str]) -> str:
    """A version as it is written, whatever the width of the characters that were typed."""

    def plain(text: str) -> str:
        return normalize("NFKC", text)

    names = tuple(known)
    if version in names:
        return version
    return next((each for each in names if plain(each) == plain(version)), version)


def _names(book: Book, regions: Iterable[str]) -> dict[str, None]:
    """The names of the versions of some regions."""
    versions = (each for region in regions for each in book.versions.get(region, ()))
    return {each.name: None for each in versions if each.name}


def _check(version: str, known: Iterable[str]) -> None:
    names = tuple(known)
    if version not in names:
        near = suggestions(version, names, limit=1)
        raise Refusal(diagnostic("YB101", None, name=version, suggestion=near[0] if near else ""))


def version_table(session: "Session", only: str = "") -> Table:
    """Every named version with its dates and source, and if it is chosen, open, or neither.

    They are those of every region, or of the one that is named alone.
    """
    words, rules = session.words, session.rules
    within = rules.book.chain(rules.region(only)) if only else tuple(rules.book.versions)
    rivals = list(_disagreements(rules.book))
    rows = tuple(
        (words.region(region), each.name, _day(each.since), _day(each.until), each.cite,
         _state(each, rivals, rules.uses.get(region, ()), words.lang))
        for region, versions in rules.book.versions.items()
        for each in versions
        if each.name and region in within
    )  # fmt: skip
    return Table(_KEYS, titles(_KEYS, words.lang), rows)


def _day(day: object) -> str:
    return "" if day is None else str(day)


def _disagreements(book: Book) -> Iterator[tuple[VersionEntry, ...]]:
    """Versions of a region that say something of the same thing, at least two of them."""
    said: dict[tuple[str, str], dict[VersionEntry, None]] = {}
    tables = {name: [table.entry for table in found] for name, found in book.tables.items()}
    for (region, kind), rules in book.rules.items():
        said[region, kind] = {each.version: None for each in rules}
    for named in (book.defines, book.params, book.rows, tables):
        for name, entries in named.items():
            for each in entries:
                said.setdefault((each.region, name), {})[each.version] = None
    for versions in said.values():
        own = tuple(each for each in versions if each.name)
        if len({each.name for each in own}) > 1:
            yield own


def _state(
    version: VersionEntry,
    rivals: Iterable[tuple[VersionEntry, ...]],
    chosen: tuple[str, ...],
    lang: str,
) -> str:
    groups = [[each.name for each in group if _meet(each, version)]
              for group in rivals if version in group]  # fmt: skip
    firsts = [next((name for name in chosen if name in names), "")
              for names in groups if len(set(names)) > 1]  # fmt: skip
    if version.name in firsts or (not firsts and version.name in chosen):
        return say("chosen", lang)
    return say("open", lang) if "" in firsts else ""


def _meet(one: VersionEntry, other: VersionEntry) -> bool:
    """Whether there is a day on which both hold."""
    later = [each for each in (one.since, other.since) if each is not None]
    sooner = [each for each in (one.until, other.until) if each is not None]
    return not later or not sooner or max(later) <= min(sooner)
