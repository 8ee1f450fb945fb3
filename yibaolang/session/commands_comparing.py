"""What differs between two days, two versions of a region, or two files."""

import os
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from attrs import evolve

from yibaolang.engine.asked import Asked, moment_of
from yibaolang.engine.books import ledger_entry, person_ledger
from yibaolang.engine.given import Known, Lived, known
from yibaolang.engine.happenings import events_of
from yibaolang.engine.measures import Measuring, is_measure
from yibaolang.engine.people import person_of
from yibaolang.engine.rulebook import Result
from yibaolang.engine.script import ask
from yibaolang.engine.words import figure_spellings, in_words
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal, message
from yibaolang.language.lexer import fold
from yibaolang.language.source import Source
from yibaolang.language.suggest import suggestions
from yibaolang.model.book import Book
from yibaolang.model.entries import BASE
from yibaolang.report.comparisons import Row, comparison
from yibaolang.session.commands import Misuse
from yibaolang.session.differences import Side, params_apart, regions_in_one, rules_apart, written
from yibaolang.session.here import Here, here, year_of
from yibaolang.session.loaded import load
from yibaolang.session.replies import Reply, Said, Tabled
from yibaolang.session.script import Script
from yibaolang.session.state import made
from yibaolang.session.texts import say

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_WORD = re.compile(
    r'"([^"\n]*)"|\u201c([^\u201d\n]*)\u201d|\u300c([^\u300d\n]*)\u300d|([^\s,\u3001]+)'
)
_SESSION = ("session", "\u4f1a\u8bdd")


def run_diff(session: "Session", words: str) -> Iterator[Reply]:
    """The rules, the params and the person's figure that differ between two sides."""
    first, second, rest = _words(words)
    figure = _figure_named(session, rest) if rest else ""
    before, after = _sides(session, first, second)
    lang = session.context.lang
    pair = {"first": before.label, "second": after.label}
    where = "" if before.whole else after.at.titled(lang, day=False)
    title = say("between_in" if where else "between", lang, region=where, **pair)
    told = False
    for key, table in (
        ("rules_apart", rules_apart(before, after, session.words)),
        ("params_apart", params_apart(before, after, session.words)),
    ):
        if table is not None:
            yield Tabled(say(key, lang, between=title), table)
            told = True
    if not told:
        yield Said(say("nothing_apart", lang, between=title))
    for side, other in ((before, after), (after, before)):
        only = sorted(map(session.words.region, regions_in_one(side, other)))
        if only:
            names = say("comma", lang).join(only)
            yield Said(say("only_there", lang, side=side.label, regions=names))
    yield from _figures(session, before, after, figure)


def _figure_named(session: "Session", text: str) -> str:
    """A figure by its name; Misuse for what is none."""
    figure = session.rules.figure_named(text)
    known = figure in ("credit", "deduct", "net credit") or figure.startswith("wait ")
    if not known and figure not in session.rules.book.names:
        near = suggestions(text, figure_spellings(session.rules.book), limit=1)
        key = "no_name_near" if near else "no_name"
        raise Misuse(key, name=text, near=near[0] if near else "")
    return figure


def _words(text: str) -> tuple[str, str, str]:
    """The two sides, and the figure that is asked for ("": the credit)."""
    found = list(_WORD.finditer(text))
    if len(found) < 2:
        raise Misuse("diff_what")
    first, second = ("".join(filter(None, each.groups())) for each in found[:2])
    return first, second, fold(text[found[1].end() :]).strip()


# ── sides ──


def _sides(session: "Session", first: str, second: str) -> tuple[Side, Side]:
    """Two days, files or versions; Misuse for two things of which neither is the like."""
    days = _day(first), _day(second)
    if days[0] is not None and days[1] is not None:
        return _on(session, days[0]), _on(session, days[1])
    if _is_file(session, first) or _is_file(session, second):
        return _file(session, first), _file(session, second)
    at = _with_versions(here(session), (first, second))
    return _version(session, at, first), _version(session, at, second)


def _day(text: str) -> Asked | None:
    folded = fold(text)
    try:
        if year := year_of(folded):
            return Asked.year(year)
        return moment_of(folded)
    except Refusal:
        return None


def _on(session: "Session", asked: Asked) -> Side:
    return Side(str(asked), here(session, asked.last), asked)


def _is_file(session: "Session", text: str) -> bool:
    """Whether a file is meant; one who may read none is not told what there is."""
    named = text in _SESSION or text.endswith(".yb")
    return named or (session.sandbox is None and os.path.isfile(os.path.expanduser(text)))


def _file(session: "Session", text: str) -> Side:
    """All that a file says; of the session, what it has read too."""
    session.files_allowed()
    rules = session.rules
    if text not in _SESSION:
        rules = made(load((os.path.expanduser(text),)), Script.empty())
    at = evolve(here(session), rules=rules, uses=rules.uses)
    return Side(text, at, _asked(session), whole=True)


def _with_versions(at: Here, names: Collection[str]) -> Here:
    """Where versions are looked for: here; nowhere in particular, the only region that has all."""
    if at.region != BASE:
        return at
    versions = at.rules.book.versions
    having = [
        region for region, each in versions.items() if {one.name for one in each}.issuperset(names)
    ]
    return evolve(at, region=having[0]) if len(having) == 1 else at


def _version(session: "Session", at: Here, name: str) -> Side:
    """What holds in the region if a version is chosen there, or above."""
    book = at.rules.book
    names = {
        each.name: region
        for region in reversed(at.chain)
        for each in book.versions.get(region, ())
        if each.name
    }
    if name not in names:
        lang = session.context.lang
        known = say("comma", lang).join(f'"{each}"' for each in names)
        known = known or say("nothing", lang)
        if at.region == BASE:
            raise Misuse("no_version_anywhere", name=name)
        raise Misuse("no_version_here", name=name, region=at.titled(lang, day=False), names=known)
    return Side(name, at.under(names[name], name), _asked(session), version=name)


def _asked(session: "Session") -> Asked:
    """When questions are about, else this month."""
    asked = session.context.asked
    return Asked.month(session.today) if asked.first is None else asked


# ── the person's figure ──


def _figures(session: "Session", before: Side, after: Side, figure: str) -> Iterator[Reply]:
    """The person's figure on each side, with the difference; nothing if nobody is asked about."""
    rules, lang = session.rules, session.context.lang
    name = session.context.person_for((0, 0), rules)
    if name is None and not figure and len(set(map(id, rules.book.persons.values()))) != 1:
        return
    person, _ = person_of(rules, name, Source.of("command", ""))
    figure = figure or "credit"
    rows, notes = [], []
    for side in (before, after):
        try:
            rows.append(Row((side.label,), _result(session, side, person, figure)))
        except Refusal as refusal:
            why = refusal.diagnostics[0]
            said = message(in_words(why, side.at.rules.book), lang)
            notes.append(say("no_figure_in", lang, regions=side.label, why=f"{why.code} {said}"))
    shown = session.words.figure(figure)
    heading = say("figure_of", lang, figure=shown, name=person) if person else shown
    if rows:
        key = "label" if before.whole else "version" if before.version else "date"
        yield Tabled(heading, comparison([key], rows, lang), tuple(notes))
    else:
        yield Said("\n".join([heading, *notes]))


def _result(session: "Session", side: Side, person: str, figure: str) -> Result:
    """A figure of the person on a side; Refusal if it makes no sense there."""
    rules = side.at.rules
    facts = _facts(session, rules.book, person)
    if is_measure(rules.book, figure):
        return _measured(session, side, person, figure, facts)
    region = facts.region_on(side.asked.last) or side.at.region
    if side.version and session.region:
        region = side.at.region
    return ask(rules, figure, side.asked, facts, written(figure), region, side.version)


def _facts(session: "Session", book: Book, person: str) -> Known:
    """The facts of the session's person, as a book knows their names."""
    entry = session.rules.book.persons.get(person)
    found = None if entry is None else entry.sentence
    if entry is None or not isinstance(found, syntax.Person):
        return known(book, ())
    return known(book, [(entry.source, fact) for fact in found.facts])


def _measured(
    session: "Session", side: Side, person: str, figure: str, facts: Known
) -> Result:
    """A measure of the person's ledger, kept by the rules of a side."""
    entry = ledger_entry(session.rules, person, None)
    account = person_ledger(session.rules, entry, side.asked.last).account
    if side.version:
        lived = Lived(side.at.region, side.version, None, None)
        facts = evolve(facts, regions=(lived,))
    events = events_of(side.at.rules.book, entry.events)
    if side.version:
        events = [each for each in events if each.kind != "moves"]
    measuring = Measuring(side.at.rules, evolve(account, known=facts), events)
    return Result(measuring.ask(figure, side.asked, written(figure)), side.at.rules.book)
