"""Commands about what questions do not say: language, time, region, version, person."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import evolve

from yibaolang.engine.asked import Asked, asked_for, moment_of
from yibaolang.engine.words import Words, has_han
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.lexer import fold
from yibaolang.language.suggest import suggestions
from yibaolang.model.limits import LIMITS
from yibaolang.model.loading import library_files
from yibaolang.report.tables import Table
from yibaolang.session.choosing import choose, unquoted, version_table
from yibaolang.session.commands import Misuse
from yibaolang.session.context import person_told, time_told
from yibaolang.session.replies import Reply, Said, Tabled
from yibaolang.session.texts import say, titles

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_NOTHING = frozenset(["none", "\u65e0"])
_TODAY = frozenset(["today", "\u4eca\u5929", "\u4eca\u65e5"])
_LANGUAGES = {
    "en": "en", "english": "en", "\u82f1\u6587": "en", "\u82f1\u8bed": "en",
    "zh": "zh", "chinese": "zh", "\u4e2d\u6587": "zh", "\u6c49\u8bed": "zh",
}  # fmt: skip
_YEAR = re.compile("([0-9]{4})\u5e74?")
_DATED = re.compile("(?:from|\u4ece)? *[0-9]{4}[-\u5e74]")
_SPAN = re.compile("(?:from|\u4ece)?(.+?)(?:\\.\\.|\\bto\\b|\u5230|\u81f3)(.+)")


def run_lang(session: "Session", words: str) -> Iterator[Reply]:
    """The language of the answers; without words says which it is."""
    if words:
        lang = _LANGUAGES.get(fold(words).lower())
        if lang is None:
            raise Misuse("no_language", name=words)
        session.about(evolve(session.context, lang=lang))
    yield Said(say("language", session.context.lang))


# ── time ──


def run_date(session: "Session", words: str) -> Iterator[Reply]:
    """When questions are about that do not say it: a day, a month, a year, a span, or no time."""
    if words:
        asked = _asked(fold(words).strip(), words, session)
        session.about(evolve(session.context, asked=asked))
    yield Said(time_told(session.context))


def _asked(text: str, written: str, session: "Session") -> Asked:
    """What a text says of time; Misuse if nothing, Refusal YB014 or YB303."""
    if text.lower() in _NOTHING:
        return Asked.never()
    if text.lower() in _TODAY:
        return Asked.on(session.today)
    year = _YEAR.fullmatch(text)
    if year:
        return _year(int(year[1]), written)
    if not _DATED.match(text):
        raise Misuse("no_time", text=written)
    span = _SPAN.fullmatch(text)
    if span is None:
        return moment_of(text)
    return asked_for(None, None, *(each.strip() for each in span.groups()))


def _year(year: int, written: str) -> Asked:
    first, last = LIMITS.first_year, LIMITS.last_year
    if not first <= year <= last:
        raise Refusal(diagnostic("YB014", None, text=written, first=first, last=last))
    return Asked.year(year)


# ── region ──


def run_region(session: "Session", words: str) -> Iterator[Reply]:
    """The region in whose section sentences stand; without words where that is, and all regions."""
    if not words:
        yield _regions(session)
    elif fold(words).lower() in _NOTHING:
        session.become(evolve(session.state, script=session.state.script.anew()))
        yield Said(say("no_section", session.context.lang))
    else:
        name = unquoted(words)
        _check_region(session, name)
        keyword = "\u5730\u533a" if session.context.lang == "zh" else "region"
        yield from session.take(f"{keyword} {name}")


def _check_region(session: "Session", name: str) -> None:
    """Refuse a slip in the name of a region, which would open a new one; Refusal YB102."""
    known = {*session.rules.book.region_names, *library_files()}
    near = suggestions(name, known, limit=1)
    if name not in known and near:
        raise Refusal(diagnostic("YB102", None, name=name, suggestion=near[0]))


def _regions(session: "Session") -> Reply:
    """The regions that the session knows, where it is, and what else the library has."""
    words, book = session.words, session.rules.book
    lang, here = words.lang, session.region
    keys = ("region", "under")
    rows = tuple((" | ".join(each.aliases), words.region(each.parent))
                 for each in book.regions.values())  # fmt: skip
    heading = (
        say("section", lang, region=words.region(here)) if here else say("no_section", lang)
    )
    others = [name for name in library_files()
              if name not in book.region_names and has_han(name) is (lang == "zh")]  # fmt: skip
    names = say("comma", lang).join(others)
    notes = (say("more_in_library", lang, names=names),) if others else ()
    return Tabled(heading, Table(keys, titles(keys, lang), rows), notes)


# ── version and person ──


def run_use(session: "Session", words: str) -> Iterator[Reply]:
    """Choose a version where sources disagree; without one say what is chosen and what is open."""
    named = unquoted(words)
    if not words or named in session.rules.book.region_names:
        table = version_table(session, named)
        heading = say("versions" if table.rows else "no_versions", session.context.lang)
        yield Tabled(heading, table)
        return
    region, version = choose(session, words)
    name = syntax.Name((0, 0), region)
    yield from session.take(session.words.printer.sentence(syntax.Use((0, 0), name, version)))


def run_person(session: "Session", words: str) -> Iterator[Reply]:
    """Whom questions are about that do not say it; without words everybody with the facts."""
    lang, name = session.context.lang, unquoted(words)
    if not name:
        yield _persons(session)
        return
    if name not in session.rules.book.persons and fold(name).lower() in _NOTHING:
        session.about(evolve(session.context, person=""))
        yield Said(person_told(session.context))
        return
    session.rules.facts(person=name)
    entry = session.rules.book.persons[name].sentence
    if isinstance(entry, syntax.Person):
        session.about(evolve(session.context, person=entry.names.texts[0]))
        facts = facts_in_words(entry, session.words)
        yield Said(say("about_person", lang, person=entry.names.texts[0], facts=facts))


def facts_in_words(person: syntax.Person, words: Words) -> str:
    """The facts of a person, as they are written in the language of the words."""
    text = words.printer.sentence(person)
    return text[fold(text).index(":") + 1 :].strip()


def _persons(session: "Session") -> Reply:
    keys = ("person", "facts")
    words, lang = session.words, session.context.lang
    entries = dict.fromkeys(session.rules.book.persons.values())
    persons = [each.sentence for each in entries if isinstance(each.sentence, syntax.Person)]
    if not persons:
        return Said(say("no_persons", lang))
    rows = tuple((" | ".join(each.names.texts), facts_in_words(each, words)) for each in persons)
    return Tabled(person_told(session.context), Table(keys, titles(keys, lang), rows))
