"""What names mean: declared names, keywords, types, regions, persons, commands."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from yibaolang.engine.words import Words
from yibaolang.language import syntax
from yibaolang.language.vocabulary import Keyword, vocabulary
from yibaolang.model.entries import BASE, Entry, Named, RegionEntry
from yibaolang.model.loading import library_files
from yibaolang.model.typewords import said
from yibaolang.model.values import MONTHS, Type, json_value
from yibaolang.report.tables import Table, without_empty_columns
from yibaolang.session.commands import COMMANDS, SPELLINGS
from yibaolang.session.here import Here, here, region_words
from yibaolang.session.holding import (
    bare_text,
    definitions,
    mentions,
    origin_of,
    place_words,
    rules_held,
    source_words,
    wanted_kinds,
)  # fmt: skip
from yibaolang.session.naming import kind_of, type_of
from yibaolang.session.published import values, values_on
from yibaolang.session.replies import Reply, Said, Tabled
from yibaolang.session.texts import TEXTS, count_of, say, titles

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_OTHERS = ("region", "since", "until", "version", "definition", "source")
_VERSIONS = ("since", "until", "version", "source")


def known_words(session: "Session") -> list[str]:
    """Everything that `meanings` knows, for did-you-mean."""
    book = session.rules.book
    keywords = (*vocabulary().keywords.values(), *vocabulary().types.values())
    spellings = [text for each in keywords for text in (*each.en, *each.zh)]
    regions = (*book.region_names, *library_files())
    return [*book.names, *regions, *book.persons, *spellings, *SPELLINGS]


def meanings(session: "Session", name: str) -> Iterator[Reply]:
    """Each thing that a name means here; nothing for one that is not known."""
    book, lang = session.rules.book, session.context.lang
    if name in book.names:
        yield from _named(here(session), book.names[name], session.words)
    for key, table in (("keyword", vocabulary().keywords), ("type_word", vocabulary().types)):
        for keyword in table.values():
            if name in (*keyword.en, *keyword.zh):
                yield Said(_keyword(key, keyword, lang) + _rules_of(here(session), name, lang))
    if name in book.region_names:
        yield from _region(book.regions[book.region_names[name]], session.words)
    elif name in library_files():
        yield Said(say("library_region", lang, name=name))
    if name in book.persons:
        yield Said(_person(session, book.persons[name]))
    if name in SPELLINGS and name not in book.names:
        yield Said(_command(SPELLINGS[name].name, lang))


# ── declared names ──


def _named(at: Here, named: Named, words: Words) -> Iterator[Reply]:
    lines = [_head(named, words), *_declared(at, named, words), *_now(at, named, words)]
    yield Said("\n".join(line for line in lines if line))
    rows = list(_other_definitions(at, named, words))
    if rows:
        heading = say("defined_elsewhere", words.lang, name=words.name(named.name))
        yield Tabled(heading, _table(_OTHERS, rows, words.lang))


def _head(named: Named, words: Words) -> str:
    """The name with its aliases, its kind, its type and unit."""
    lang = words.lang
    kind = say("value_of", lang, choice=kind_of(named, words)) if named.kind == "value" else (
        kind_of(named, words)
    )
    type_ = type_of(named, words.book)
    parts = [kind, "" if type_ is None else type_in_words(type_, words)]
    names = " | ".join(_ordered(named.names, words))
    return say("meaning", lang, name=names, what=" · ".join(part for part in parts if part))


def _ordered(names: Sequence[str], words: Words) -> list[str]:
    """Names, that of the language first."""
    first = words.name(names[0])
    return sorted(names, key=lambda each: each != first)


def type_in_words(type_: Type, words: Words) -> str:
    """A type with its unit; durations say theirs.

    >>> from yibaolang.engine.rulebook import read
    >>> from yibaolang.model.values import MONEY
    >>> type_in_words(MONEY, Words(read("").book, "en"))
    'money (元)'
    """
    shown = said(type_).in_language(words.lang)
    if type_.choice:
        keyword = vocabulary().keywords["CHOICE"].spelling(words.lang)
        return f"{keyword} {words.name(type_.choice)}"
    unit = str(json_value(type_, 0)["unit"]) if type_.numeric and type_ != MONTHS else ""
    return shown + (say("in_brackets", words.lang, text=unit) if unit else "")


def _declared(at: Here, named: Named, words: Words) -> Iterator[str]:
    """What its declaration says: the sentence of an input, the values of a choice."""
    book = at.rules.book
    if named.kind == "input":
        yield _sentence(book.inputs[named.name], words)
    elif named.kind == "choice":
        shown = [words.name(each) for each in book.values[named.name]]
        yield "  " + say("comma", words.lang).join(shown)
    elif named.kind in ("category", "value", "bucket", "counter", "fund"):
        held = [each.entry.sentence for each in rules_held(at)]
        found = [each for each in held if mentions(each, named.name, book.spelled)]
        if found:
            yield _counted("rules_about", len(found), at, words.name(named.name), words.lang)


def _now(at: Here, named: Named, words: Words) -> Iterator[str]:
    """The definition or value in force here."""
    where = at.titled(words.lang)
    if named.kind == "param":
        now = values_on(at, named.name)
        for each in now:
            since = "" if each.since is None else each.since.isoformat()
            shown = say("value_since", words.lang, value=each.in_words(words), since=since)
            source = source_words(_versioned(each.version, each.cite), each.mark)
            place = _in_region(each.region, words)
            yield f"  {shown if since else each.in_words(words)} {place}{_bracketed(source)}"
        if not now:
            yield "  " + say("no_value_here", words.lang, where=where)
    elif named.kind in ("define", "table"):
        entries = _definitions_of(at, named)
        now_here = definitions(at, entries)
        for entry in now_here:
            place = _in_region(entry.region, words)
            yield f"{_sentence(entry, words)}  {place}"
        if not now_here:
            yield "  " + say("no_definition_here", words.lang, where=where)


def _in_region(region: str, words: Words) -> str:
    key = "in_no_region" if region == BASE else "in_region"
    return say(key, words.lang, region=region_words(region, words))


def _definitions_of(at: Here, named: Named) -> list[Entry]:
    book = at.rules.book
    if named.kind == "table":
        return [each.entry for each in book.tables[named.name]]
    return list(book.defines.get(named.name, ()))


def _sentence(entry: Entry, words: Words) -> str:
    """A sentence without its source, and that behind it, with where it stands."""
    origin, version = origin_of(entry.sentence), entry.version
    cite, mark = origin.cite or version.cite, origin.attested or version.attested
    source = source_words(_versioned(version.name, cite), mark)
    text = bare_text(entry.sentence, words)
    return f"  {text}{_bracketed(source)}  ({place_words(entry)})"


def _versioned(version: str, cite: str) -> str:
    return ": ".join(part for part in (version, cite) if part)


def _bracketed(source: str) -> str:
    return f"  [{source}]" if source else ""


def _other_definitions(at: Here, named: Named, words: Words) -> Iterator[tuple[str, ...]]:
    """What other regions say, and this one at other times."""
    if named.kind == "param":
        now = {id(each.entry) for each in values_on(at, named.name)}
        for region in dict.fromkeys(row.region for row in at.rules.book.rows[named.name]):
            there = Here(at.rules, region, at.uses, at.day)
            for each in values(there, named.name):
                if id(each.entry) not in now:
                    yield _row(
                        each.region, each.since, each.until, each.version, each.in_words(words),
                        source_words(each.cite, each.mark), words,
                    )  # fmt: skip
    elif named.kind in ("define", "table"):
        entries = _definitions_of(at, named)
        now = {id(each) for each in definitions(at, entries)}
        for entry in entries:
            if id(entry) not in now:
                origin, version = origin_of(entry.sentence), entry.version
                source = source_words(
                    origin.cite or version.cite, origin.attested or version.attested
                )
                text = bare_text(entry.sentence, words)
                yield _row(
                    entry.region, version.since, version.until, version.name, text, source, words
                )


def _row(
    region: str, since: object, until: object, version: str, text: str, source: str, words: Words
) -> tuple[str, ...]:
    days = ["" if day is None else str(day) for day in (since, until)]
    return region_words(region, words), *days, version, text, source


def _table(keys: Sequence[str], rows: Sequence[tuple[str, ...]], lang: str) -> Table:
    return without_empty_columns(Table(tuple(keys), titles(keys, lang), tuple(rows)))


# ── other things ──


def _rules_of(at: Here, name: str, lang: str) -> str:
    """How many rules of a kind are in force, if a keyword names one; on a line of its own."""
    wanted = wanted_kinds(at, name)
    found = [] if wanted is None else [each for each in rules_held(at) if wanted(each)]
    return "\n" + _counted("rules_of_kind", len(found), at, name, lang) if found else ""


def _counted(key: str, count: int, at: Here, name: str, lang: str) -> str:
    """How many rules there are here, and how they are listed."""
    see = f"{COMMANDS['rules'].spelling(lang)} {name}"
    rules = count_of(key, lang, count)
    return "  " + say("counted_here", lang, rules=rules, where=at.titled(lang), see=see)


def _keyword(key: str, keyword: Keyword, lang: str) -> str:
    """A keyword or the word of a type, with its spellings and its line of help."""
    own, other = (keyword.zh, keyword.en) if lang == "zh" else (keyword.en, keyword.zh)
    names = " | ".join((*own, *other))
    help_ = keyword.help_zh if lang == "zh" else keyword.help_en
    return say(key, lang, name=names, help=help_)


def _region(entry: RegionEntry, words: Words) -> Iterator[Reply]:
    """A region with its parents and its versions."""
    book, lang = words.book, words.lang
    parents = [words.region(each) for each in book.chain(entry.name)[1:] if each != BASE]
    what = say("a_region", lang)
    if parents:
        what = say("region_under", lang, parent=say("comma", lang).join(parents))
    heading = say("meaning", lang, name=" | ".join(_ordered(entry.aliases, words)), what=what)
    lines = [
        (
            "" if each.since is None else each.since.isoformat(),
            "" if each.until is None else each.until.isoformat(),
            each.name,
            source_words(each.cite, each.attested),
        )
        for each in book.versions.get(entry.name, ())
    ]
    if lines:
        yield Tabled(heading, _table(_VERSIONS, lines, lang))
    else:
        yield Said(heading)


def _person(session: "Session", entry: Entry) -> str:
    """A person with the facts, and the ledger if there is one."""
    lines = [session.words.printer.sentence(entry.sentence)]
    names = entry.sentence.names.texts if isinstance(entry.sentence, syntax.Person) else ()
    for ledger in session.rules.book.ledgers:
        opened = None if ledger.entry is None else ledger.entry.sentence
        owner = opened.person if isinstance(opened, syntax.Ledger) else None
        if opened is not None and owner is not None and owner.text in names:
            lines.append(session.words.printer.sentence(opened))
    return "\n".join(lines)


def _command(name: str, lang: str) -> str:
    """A command: its usage and what it does."""
    texts = TEXTS.table("commands")[name]
    return f"{texts['usage'][lang]}  {texts['summary'][lang]}"
