"""The names that a session knows, by the role that a name may have; kept until the rules change."""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

from attrs import field, frozen

from yibaolang.engine.words import has_han
from yibaolang.language import syntax
from yibaolang.language.pinyin import initials
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.entries import BASE, Named
from yibaolang.model.loading import library_files
from yibaolang.model.scope import change_days
from yibaolang.session import roles
from yibaolang.session.naming import about_name
from yibaolang.session.texts import say

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_Making = Callable[["Session", str], Iterator["Candidate"]]
_MOST_FILES = 200
_LATEST = 12


@frozen
class Candidate:
    """A name, the language in which it is offered unasked ("" for both), and what it is.

    What it is, is found when it is shown: for thousands of names it would take too long.
    """

    text: str
    about: Callable[[], str] = field(eq=False)
    shown_in: str = ""

    @property
    def meta(self) -> str:
        """What it is, in words."""
        return self.about()


def saying(text: str) -> Callable[[], str]:
    """Something that is known to be so."""
    return lambda: text


def named_in(
    session: "Session", role: str, about: str = "", typed: str = ""
) -> tuple[Candidate, ...]:
    """The names of a role; versions are those of the region `about`, files those that fit."""
    if role == "file":
        return tuple(_files(session, typed))
    key = f"completion {role} {about} {session.context.lang} {session.place}"
    found = session.rules.made.get(key)
    if isinstance(found, tuple):
        return found
    if role.startswith(roles.OF_INPUT):
        made = tuple(_values_of(session, role.removeprefix(roles.OF_INPUT).strip()))
    else:
        made = tuple(dict.fromkeys(_MAKING[role](session, about)))
    session.rules.made[key] = made
    return made


def beginning(session: "Session", role: str, typed: str) -> tuple[Candidate, ...]:
    """The names of a role that may begin as what was typed, or whose pinyin may.

    They are kept by their first letters, for each key would else look at every name.
    """
    key = f"beginnings {role} {session.context.lang} {session.place}"
    found = session.rules.made.get(key)
    if not isinstance(found, dict):
        letters: dict[str, list[Candidate]] = {}
        for each in named_in(session, role):
            for letter in _first_letters(each.text):
                letters.setdefault(letter, []).append(each)
        found = session.rules.made[key] = letters
    return tuple(found.get(typed[:1].lower(), ()))


def _first_letters(text: str) -> set[str]:
    first = text[:1]
    return {first.lower()} if first.isascii() else {first, *initials(first)}


def _of_kinds(*kinds: str, owners: Iterable[str] = ()) -> _Making:
    """The names of some kinds; of values only those of some choices, if any are named."""
    wanted = frozenset(owners)

    def found(session: "Session", _about: str) -> Iterator[Candidate]:
        for named in dict.fromkeys(session.rules.book.names.values()):
            known = named.kind != "value" or not wanted or named.owner in wanted
            if known and named.kind in kinds:
                yield from _spelled(named, session)

    return found


def _spelled(named: Named, session: "Session") -> Iterator[Candidate]:
    """Each spelling of a name; unasked, only one of them is offered in a language."""
    rules, lang = session.rules, session.context.lang
    own = ["zh" if has_han(text) else "en" for text in named.names]
    both = len(set(own)) > 1
    about = partial(about_name, named, rules, lang)
    for text, language in zip(named.names, own, strict=True):
        yield Candidate(text, about, language if both else "")


def _values_of(session: "Session", name: str) -> Iterator[Candidate]:
    """The values that an input may have; none for one that is no choice."""
    book = session.rules.book
    entry = book.inputs.get(book.spelled(name) or "")
    sentence = None if entry is None else entry.sentence
    if isinstance(sentence, syntax.Input):
        choice = book.spelled(sentence.type.text)
        if choice:
            yield from _of_kinds("value", owners=(choice,))(session, "")


def _cites(session: "Session", _about: str) -> Iterator[Candidate]:
    """The sources that rules and versions name, those that were read last first."""
    cites = [
        sentence.origin.cite
        for entries in session.rules.book.rules.values()
        for sentence in (each.sentence for each in entries)
        if isinstance(sentence, syntax.Rule)
    ]
    versions = [each.cite for found in session.rules.book.versions.values() for each in found]
    for cite in dict.fromkeys([*reversed(cites), *reversed(versions)]):
        if cite:
            yield Candidate(cite, str)


def _marks(session: "Session", _about: str) -> Iterator[Candidate]:
    for mark in "ABCDE":
        yield Candidate(mark, saying(say(f"mark_{mark}", session.context.lang)))


def _regions(session: "Session", _about: str) -> Iterator[Candidate]:
    book, lang = session.rules.book, session.context.lang
    for entry in book.regions.values():
        under = session.words.region(entry.parent)
        meta = say("region_under", lang, parent=under) if under else say("a_region", lang)
        languages = {has_han(text) for text in entry.aliases}
        for text in entry.aliases:
            own = "zh" if has_han(text) else "en"
            yield Candidate(text, saying(meta), own if len(languages) > 1 else "")
    for name in library_files():
        if name not in book.region_names:
            yield Candidate(name, saying(say("in_library", lang)), "zh" if has_han(name) else "en")


def _persons(session: "Session", _about: str) -> Iterator[Candidate]:
    sentence = session.words.printer.sentence
    for name, entry in session.rules.book.persons.items():
        yield Candidate(name, cache(partial(sentence, entry.sentence)))


def _figures(session: "Session", about: str) -> Iterator[Candidate]:
    yield from _of_kinds("value", owners=("measure", "benefit"))(session, about)
    yield from _of_kinds("define", "bucket", "counter", "fund", "param", "input")(session, about)


def _versions(session: "Session", about: str) -> Iterator[Candidate]:
    book = session.rules.book
    region = book.region_names.get(about, session.place)
    for above in book.chain(region):
        for each in book.versions.get(above, ()):
            if each.name:
                yield Candidate(each.name, saying(each.cite))


def _dates(session: "Session", _about: str) -> Iterator[Candidate]:
    """Days on which something changes in the region, the latest first, and the session's own."""
    book, lang = session.rules.book, session.context.lang
    chain = book.chain(session.place)
    spans = [
        *((each.since, each.until) for name in chain for each in book.versions.get(name, ())),
        *((row.since, row.until) for rows in book.rows.values() for row in rows
          if row.region in chain and row.region != BASE),
    ]  # fmt: skip
    yield Candidate(session.today.isoformat(), saying(say("today", lang)))
    for day in change_days(spans)[: -_LATEST - 1 : -1]:
        yield Candidate(day.isoformat(), saying(say("rules_change", lang)))


def _years(session: "Session", _about: str) -> Iterator[Candidate]:
    """The years in which something happens to an account, the latest first."""
    years = {
        each.sentence.date.year
        for ledger in session.rules.book.ledgers
        for each in ledger.events
        if isinstance(each.sentence, syntax.Event)
    }
    for year in sorted(years, reverse=True):
        yield Candidate(str(year), saying(say("year_of_account", session.context.lang)))


def _types(session: "Session", _about: str) -> Iterator[Candidate]:
    lang = session.context.lang
    for keyword in vocabulary().types.values():
        help_ = keyword.help_zh if lang == "zh" else keyword.help_en
        for text in (*keyword.en, *keyword.zh):
            yield Candidate(text, saying(help_), "zh" if has_han(text) else "en")
    yield from _of_kinds("choice")(session, "")


def _nothing(_session: "Session", _about: str) -> Iterator[Candidate]:
    return iter(())


def _files(session: "Session", typed: str) -> Iterator[Candidate]:
    """Folders and rule files that begin as typed; none where no files may be read."""
    if session.sandbox is not None:
        return
    folder, begun = os.path.split(typed)
    try:
        names = sorted(os.listdir(os.path.expanduser(folder) or "."))
    except OSError:
        return
    shown = [each for each in names if each.startswith(begun) and (begun or each[0] != ".")]
    for name in shown[:_MOST_FILES]:
        path = os.path.join(folder, name)
        if os.path.isdir(os.path.expanduser(path)):
            yield Candidate(path + "/", str)
        elif name.endswith(".yb"):
            yield Candidate(path, str)


_MAKING: dict[str, _Making] = {
    roles.REGION: _regions,
    roles.PERSON: _persons,
    roles.FIGURE: _figures,
    roles.VALUE: _of_kinds("input", "define", "param", "value"),
    roles.BUCKET: _of_kinds("bucket"),
    roles.CATEGORY: _of_kinds("category"),
    roles.LEVEL: _of_kinds("value", owners=("level",)),
    roles.RELATION: _of_kinds("value", owners=("relation",)),
    roles.BENEFIT: _of_kinds("value", owners=("benefit",)),
    roles.CLOSING: _of_kinds("value", owners=("closing",)),
    roles.PHASE: _of_kinds("value", owners=("phase",)),
    roles.TABLE: _of_kinds("table"),
    roles.TYPE: _types,
    roles.NEW: _nothing,
    "param": _of_kinds("param"),
    "version": _versions,
    "date": _dates,
    "cite": _cites,
    "mark": _marks,
    "year": _years,
}
