"""`yibao region`: what the library knows of a region, with dates, citations and marks."""

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import frozen

from yibaolang.cli.arguments import Options
from yibaolang.cli.asking import asked_once, rules_for
from yibaolang.cli.output import print_json, shaded
from yibaolang.cli.texts import say
from yibaolang.engine.rulebook import library
from yibaolang.engine.words import Words
from yibaolang.language import syntax
from yibaolang.language.catalogue import colon
from yibaolang.model.book import Book
from yibaolang.model.entries import BASE, Entry, RowEntry, TestEntry, VersionEntry
from yibaolang.report.tables import Table, formatted
from yibaolang.report.texts import titles


@frozen(eq=False)
class Section:
    """What a region says in one version, as sentences."""

    version: VersionEntry
    sentences: tuple[str, ...]


def run(options: Options, lang: str) -> int:
    """Print a region, or without a name the regions of the library."""
    if not options.words or not options.words[0].strip():
        return _list(options, lang)
    rules = rules_for(options, [options.words[0]])
    region = rules.region(options.words[0])
    words = Words(rules.book, lang)
    day = asked_once(options).last
    sections = list(_sections(rules.book, region, words, day))
    parents = [each for each in rules.book.chain(region)[1:] if each != BASE]
    tests = [each for each in rules.book.tests if each.entry.region == region]
    if options.json:
        print_json(_json(rules.book, region, sections, parents, len(tests)))
    else:
        _print(rules.book, region, sections, words, tests)
    return 0


def _list(options: Options, lang: str) -> int:
    """The regions of the library, with the first day of their rules."""
    book = (rules_for(options, []) if options.rules else library()).book
    if options.json:
        print_json([
            {"region": each.name, "names": list(each.aliases), "under": each.parent}
            for each in book.regions.values()
        ])  # fmt: skip
        return 0
    rows = tuple(
        (" | ".join(each.aliases), _under(each.parent, lang)) for each in book.regions.values()
    )
    print(formatted(Table(("region", "under"), (*titles(["region"], lang), ""), rows), "table"))
    print(f"\n{say('examples_not_law', lang)}")
    return 0


def _under(parent: str, lang: str) -> str:
    return "" if parent == BASE else say("under", lang, parent=parent)


# ── what a region says ──


def _sections(book: Book, region: str, words: Words, day: date | None) -> Iterator[Section]:
    """What a region says by version, in order; only what is in force on a day, if there is one."""
    said: dict[VersionEntry, dict[str, None]] = {}
    for version, sentence in _said(book, region):
        if day is None or version.since is None or version.holds_on(day):
            said.setdefault(version, {})[_text(sentence, words)] = None
    for version, texts in said.items():
        yield Section(version, tuple(texts))


def _said(book: Book, region: str) -> Iterator[tuple[VersionEntry, syntax.Sentence]]:
    """The sentences of a region with their versions, in the order of the text."""
    found: dict[int, Entry | RowEntry] = {}
    groups: list[Iterable[Entry | RowEntry]] = [
        *(entries for (place, _), entries in book.rules.items() if place == region),
        *book.defines.values(), *book.rows.values(), *book.params.values(),
        *([table.entry for table in tables] for tables in book.tables.values()),
    ]  # fmt: skip
    for entries in groups:
        found.update((id(each.sentence), each) for each in entries if each.region == region)
    ordered = sorted(found.values(), key=lambda each: each.sentence.span)
    for each in ordered:
        yield each.version, each.sentence


def _text(sentence: syntax.Sentence, words: Words) -> str:
    """A sentence in the language of the words; the source of a rule is behind it, as in reasons."""
    if not isinstance(sentence, syntax.Rule):
        return words.printer.sentence(sentence)
    old = sentence.origin
    origin = syntax.Origin(old.span, "", "", old.because)
    bare = syntax.Rule(
        sentence.span, sentence.also, sentence.exception, sentence.guard, sentence.action, origin
    )
    return words.printer.sentence(bare) + _source(old.cite, old.attested)


def _source(cite: str, mark: str) -> str:
    text = " · ".join(part for part in (cite, mark) if part)
    return f"  [{text}]" if text else ""


# ── showing it ──


def _print(
    book: Book, region: str, sections: Iterable[Section], words: Words, tests: list[TestEntry]
) -> None:
    lang = words.lang
    entry = book.regions[region]
    title = " | ".join(entry.aliases)
    under = _under(words.region(entry.parent), lang)
    print(shaded(title, "bold") + (f"  {under}" if under else ""))
    print(say("examples_not_law", lang))
    for section in sections:
        print(f"\n{shaded(_title(section.version, lang), 'bold')}")
        for text in section.sentences:
            print(f"  {text}")
    print()
    if tests:
        print(say("tests", lang, count=len(tests)))
    print(say("marks", lang))


def _title(version: VersionEntry, lang: str) -> str:
    """The dates of a version, its name and its source."""
    text = say("always", lang)
    if version.since is not None:
        text = say("since", lang, since=version.since.isoformat())
    if version.until is not None:
        text += " " + say("until", lang, until=version.until.isoformat())
    if version.name:
        text += f"{colon(lang)}{version.name}"
    return text + _source(version.cite, version.attested)


def _json(
    book: Book, region: str, sections: Iterable[Section], parents: list[str], tests: int
) -> dict[str, object]:
    return {
        "region": region,
        "names": list(book.regions[region].aliases),
        "under": parents,
        "sections": [
            {
                "since": _day(section.version.since),
                "until": _day(section.version.until),
                "version": section.version.name,
                "cite": section.version.cite,
                "mark": section.version.attested,
                "sentences": list(section.sentences),
            }
            for section in sections
        ],
        "tests": tests,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
