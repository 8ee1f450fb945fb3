"""Commands about rules: what is in force, what params are worth, where it is written."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from yibaolang.engine.words import Words
from yibaolang.language.lexer import fold
from yibaolang.language.suggest import suggestions
from yibaolang.model.entries import BASE
from yibaolang.report.tables import Table, without_empty_columns
from yibaolang.session.commands import Misuse
from yibaolang.session.excerpts import clauses, clauses_of_answer, clauses_of_name
from yibaolang.session.here import Here, here, region_words
from yibaolang.session.holding import (
    Held,
    bare_text,
    disagreeing,
    kind_spellings,
    kinds_in_words,
    place_words,
    rules_held,
    source_words,
    wanted_kinds,
)  # fmt: skip
from yibaolang.session.meanings import known_words, meanings
from yibaolang.session.published import Value, params_elsewhere, params_here, values
from yibaolang.session.replies import Misused, Reply, Said, Tabled
from yibaolang.session.texts import count_of, say, titles

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_RULES = ("kind", "since", "until", "region", "version", "rule", "source", "place")
_PARAMS = ("name", "since", "until", "value", "region", "version", "source")
_REMARKS = ("note", "contact")
"""Kinds of rules that only say something: they are listed where they are asked for."""


def run_rules(session: "Session", words: str) -> Iterator[Reply]:
    """The rules in force here and now, of a kind or about a category if one is named."""
    at, asked = here(session), fold(words).strip()
    every = rules_held(at)
    remarks = [each for each in every if _is_remark(each)]
    held = [each for each in every if not _is_remark(each)]
    if asked:
        wanted = wanted_kinds(at, asked)
        if wanted is None:
            raise _unknown("no_kind", asked, [*kind_spellings(at), *at.rules.book.names])
        held = [each for each in every if wanted(each)]
    lang, said = session.context.lang, session.words
    title = say("rules_here", lang, where=at.titled(lang))
    if not held:
        nowhere = at.region == BASE and at.rules.book.regions
        key = "no_rules_everywhere" if nowhere else "no_rules"
        yield Said(say(key, lang, where=at.titled(lang)))
        return
    notes = [*_disagreements(at, held, lang)]
    if remarks and not asked:
        notes.append(count_of("remarks", lang, len(remarks)))
    lines = [_rule_row(each, at, said) for each in held]
    yield Tabled(title, _table(_RULES, lines, lang), tuple(notes))


def _is_remark(held: Held) -> bool:
    return all(kind in _REMARKS for kind in held.kinds)


def _rule_row(held: Held, at: Here, words: Words) -> tuple[str, ...]:
    entry = held.entry
    version = entry.version
    region = "" if entry.region == at.region else region_words(entry.region, words)
    return (
        kinds_in_words(held, words), _day(version.since), _day(version.until), region,
        version.name, bare_text(entry.sentence, words), source_words(held.cite, held.mark),
        place_words(entry),
    )  # fmt: skip


def _disagreements(at: Here, held: Sequence[Held], lang: str) -> Iterator[str]:
    """For each region whose versions disagree, how one is chosen."""
    words = Words(at.rules.book, lang)
    for region, names in disagreeing(at, held).items():
        shown = say("comma", lang).join(names)
        yield say("choose_version", lang, region=words.region(region), names=shown, first=names[0])


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _table(
    keys: Sequence[str], lines: Sequence[tuple[str, ...]], lang: str, right: tuple[int, ...] = ()
) -> Table:
    found = Table(tuple(keys), titles(keys, lang), tuple(lines), frozenset(right))
    return without_empty_columns(found)


def _unknown(key: str, name: str, known: Sequence[str]) -> Misuse:
    """The misuse of a name that means nothing here, with what may be meant."""
    near = suggestions(name, known, limit=1)
    return Misuse(f"{key}_near" if near else key, name=name, near=near[0] if near else "")


# ── params ──


def run_params(session: "Session", words: str) -> Iterator[Reply]:
    """The values of a param by their dates, or of every param of the region."""
    at, lang = here(session), session.context.lang
    asked = fold(words).strip()
    if asked:
        name = at.rules.book.spelled(asked)
        if name is None or name not in at.rules.book.params:
            raise _unknown("no_param", asked, _param_names(at))
        found = list(values(at, name))
        title = say("param_values", lang, name=session.words.name(name), where=at.titled(lang))
        if not found:
            regions = _regions_with(at, name, lang)
            yield Said(say("param_elsewhere", lang, name=asked, regions=regions))
            return
    else:
        found = [value for name in params_here(at) for value in values(at, name)]
        title = say("params_here", lang, where=at.titled(lang, day=False))
    if not found:
        yield Said(say("no_params", lang, where=at.titled(lang, day=False)))
        return
    lines = [_param_row(each, at, session.words) for each in found]
    notes = () if asked else tuple(_elsewhere(at, lang))
    yield Tabled(title, _table(_PARAMS, lines, lang, right=(3,)), notes)


def _param_names(at: Here) -> list[str]:
    book = at.rules.book
    return [text for text, named in book.names.items() if named.name in book.params]


def _param_row(value: Value, at: Here, words: Words) -> tuple[str, ...]:
    region = "" if value.region == at.region else region_words(value.region, words)
    return (
        words.name(value.name), _day(value.since), _day(value.until), value.in_words(words), region,
        value.version, source_words(value.cite, value.mark),
    )  # fmt: skip


def _elsewhere(at: Here, lang: str) -> Iterator[str]:
    """A line about params that have no value here."""
    words = Words(at.rules.book, lang)
    names = [words.name(name) for name in params_elsewhere(at)]
    if names:
        yield say("params_elsewhere", lang, names=say("comma", lang).join(names))


def _regions_with(at: Here, name: str, lang: str) -> str:
    words = Words(at.rules.book, lang)
    regions = dict.fromkeys(region_words(each.region, words) for each in at.rules.book.rows[name])
    return say("comma", lang).join(regions) or say("nowhere", lang)


# ── where it is written ──


def run_source(session: "Session", words: str) -> Iterator[Reply]:
    """The clauses behind the last answer, or behind a name or kind of rules."""
    at, asked = here(session), fold(words).strip()
    if asked:
        found = clauses_of_name(at, asked)
        if found is None:
            raise _unknown("no_name", asked, known_words(session))
    elif session.last is None:
        raise Misuse("nothing_asked")
    else:
        found = clauses_of_answer(session.last)
    lang = session.context.lang
    yield Said("\n\n".join(clauses(found, lang)) or say("no_clause", lang))


# ── name? ──


def run_about(session: "Session", name: str) -> Iterator[Reply]:
    """What a name means: its definition, unit and source, and which regions have their own."""
    found = list(meanings(session, fold(name)))
    if found:
        yield from found
        return
    lang = session.context.lang
    near = suggestions(fold(name), known_words(session), limit=3)
    shown = say("comma", lang).join(near)
    yield Misused(say("no_name_near" if near else "no_name", lang, name=name, near=shown))
