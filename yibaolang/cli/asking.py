"""From options to what is asked: rules, facts, region and date."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from attrs import frozen

from yibaolang.cli.arguments import Misuse, Options, near
from yibaolang.engine.asked import Asked, asked_for, moment_of
from yibaolang.engine.rulebook import RuleBook, loaded
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.lexer import HAN, fold
from yibaolang.model.limits import LIMITS
from yibaolang.model.loading import Loader, library_files

_SEPARATORS = re.compile("[,\uff0c\u3001]")
_IN = re.compile(rf"(?:^|[,;])[ \t]*(?:in[ \t]+|\u5728[ \t]*)([{HAN}]+|[A-Za-z_][A-Za-z0-9_]*)")


def listed(text: str) -> list[str]:
    """The parts of a list, at commas of either kind.

    >>> listed("a, b")
    ['a', 'b']
    """
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


@frozen
class Spot:
    """A region and one of its named versions, "" for none."""

    region: str
    version: str


def spots(options: Options) -> list[Spot]:
    """The regions of --in, each with the version that is named; Misuse for one not written so."""
    found = []
    for each in listed(options.in_):
        region, equal, version = each.partition("=")
        if not region.strip() or (equal and not version.strip()):
            raise Misuse("bad_place", options.command, value=each)
        found.append(Spot(region.strip(), version.strip()))
    return found


def one_spot(options: Options) -> Spot:
    """The region of --in, if there is one; Misuse if there are several."""
    found = spots(options)
    if len(found) > 1:
        raise Misuse("one_region", options.command)
    return found[0] if found else Spot("", "")


def rules_for(options: Options, regions: Iterable[str]) -> RuleBook:
    """The rules of --rules, and of the library for every region that these do not declare.

    Refusal if there is anything wrong with them, or nobody knows a region.
    """
    loader = Loader()
    for path in options.rules:
        loader.file(path)
    named = [*regions, *options.uses, *_in_given(options), *_regions_of_person(loader, options)]
    declared = _declared(loader)
    for region in named:
        if region and region not in declared:
            loader.library(region)
            declared |= _declared(loader)
    return _with_uses(loader, options)


def rules_of_files(options: Options) -> RuleBook:
    """The rules of the files that are the command's words, after those of --rules."""
    loader = Loader()
    for path in (*options.rules, *options.words):
        loader.file(path)
    return _with_uses(loader, options)


def rules_of_ledgers(options: Options) -> RuleBook:
    """The same, and the rules of the library for a region of --in that the files do not declare."""
    loader = Loader()
    for path in options.words:
        loader.file(path)
    region = one_spot(options).region
    if region and region not in _declared(loader):
        loader.library(region)
    return _with_uses(loader, options)


def _with_uses(loader: Loader, options: Options) -> RuleBook:
    """The rules under the versions of --use; with one place in --in, its version is one of them."""
    rules = loaded(loader)
    found = spots(options)
    for spot in (*found, *(Spot(region, version) for region, version in options.uses.items())):
        _check_version(rules, spot, options)
    uses = {rules.region(region): version for region, version in options.uses.items()}
    if len(found) == 1 and found[0].version:
        uses[rules.region(found[0].region)] = found[0].version
    return rules.using(uses) if uses else rules


def _check_version(rules: RuleBook, spot: Spot, options: Options) -> None:
    """Misuse if the region has no version of that name."""
    if not spot.version:
        return
    book = rules.book
    versions = [
        each
        for region in book.chain(rules.region(spot.region))
        for each in book.versions.get(region, ())
    ]
    names = list(dict.fromkeys(each.name for each in versions if each.name))
    if spot.version not in names:
        key = "unknown_version" if names else "no_versions"
        raise Misuse(
            key, options.command, region=spot.region, version=spot.version, names=", ".join(names)
        )


def _in_given(options: Options) -> list[str]:
    """The regions of the library that the facts name."""
    found = [match[1] for match in _IN.finditer(fold(options.facts))]
    return [name for name in found if name in library_files()]


def _regions_of_person(loader: Loader, options: Options) -> list[str]:
    """The regions of the library that the facts of --person name."""
    if not options.person:
        return []
    return [
        fact.name.text
        for document in loader.documents
        for sentence in document.sentences
        if isinstance(sentence, syntax.Person) and options.person in sentence.names.texts
        for fact in sentence.facts
        if fact.kind == "region" and fact.name.text in library_files()
    ]


def _declared(loader: Loader) -> set[str]:
    """The regions that the documents declare."""
    return {
        text
        for document in loader.documents
        for sentence in document.sentences
        if isinstance(sentence, syntax.Region)
        for text in sentence.names.texts
    }


_ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8", "utf-8-sig": "utf-8", "gb18030": "gb18030",
    "gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030",
}  # fmt: skip
"""What --encoding may be, in small letters. GB18030 has the bytes of GBK, and GBK of GB 2312."""


def encoding_of(options: Options) -> str | None:
    """The encoding of --encoding, None if it is not given; Misuse for one that is not read."""
    if not options.encoding:
        return None
    found = _ENCODINGS.get(options.encoding.lower())
    if found is None:
        raise Misuse("bad_encoding", options.command, value=options.encoding)
    return found


def tables_of(options: Options, known: Sequence[str]) -> tuple[str, ...]:
    """The tables of --what, each once; Misuse for one that there is not."""
    asked = tuple(dict.fromkeys(listed(options.what)))
    for each in asked:
        if each not in known:
            raise Misuse(
                "bad_what", options.command, names=", ".join(known), value=each,
                suggestion=near(each, known),
            )  # fmt: skip
    return asked


def check_format(options: Options, known: Sequence[str]) -> None:
    """Misuse for a --format that there is not."""
    if options.format and options.format not in known:
        names = ", ".join(known)
        raise Misuse("bad_format", options.command, names=names, value=options.format)


def format_of(options: Options, known: Sequence[str]) -> str:
    """The format in which is printed, "" if none is said: --json is that of JSON; Misuse."""
    if options.json and options.format not in ("", "json"):
        raise Misuse("json_or_format", options.command, format=options.format)
    check_format(options, known)
    return "json" if options.json else options.format


def asked_once(options: Options) -> Asked:
    """When is asked for; Misuse if the dates make no sense."""
    return asked_at(options, options.on)


def asked_at(options: Options, on: str) -> Asked:
    """When is asked for if --on is `on`."""
    if bool(options.from_) != bool(options.to):
        raise Misuse("from_and_to", options.command)
    if bool(on) + bool(options.year) + bool(options.from_) > 1:
        raise Misuse("one_time", options.command)
    if options.year:
        return asked_for(None, _year(options), None, None)
    if options.from_:
        first, last = (
            _moment(options, "--from", options.from_),
            _moment(options, "--to", options.to),
        )
        if first.first is None or last.last is None or first.first > last.last:
            raise Misuse("from_after_to", options.command)
        return Asked.span(first.first, last.last)
    return _moment(options, "--on", on) if on else Asked.never()


def days_between(options: Options) -> tuple[date | None, date | None]:
    """The days of --from and --to, None for one that is not given; Misuse if they make no sense.

    A month stands for its first day after --from, and for its last one after --to.
    """
    first = _moment(options, "--from", options.from_).first if options.from_ else None
    last = _moment(options, "--to", options.to).last if options.to else None
    if first is not None and last is not None and first > last:
        raise Misuse("from_after_to", options.command)
    return first, last


def last_day(options: Options) -> date:
    """The day of --to, or the last one of --year; Misuse if not one of them is given."""
    if bool(options.to) == bool(options.year):
        raise Misuse("to_or_year", options.command)
    last = asked_for(None, _year(options), None, None).last if options.year else None
    last = last or days_between(options)[1]
    if last is None:
        raise TypeError("a day or a year has a last day")
    return last


def _moment(options: Options, name: str, text: str) -> Asked:
    try:
        return moment_of(text)
    except Refusal:
        raise Misuse("bad_date", options.command, name=name, value=text) from None


def _year(options: Options) -> int:
    text, limits = options.year, LIMITS
    if re.fullmatch("[0-9]{4}", text) and limits.first_year <= int(text) <= limits.last_year:
        return int(text)
    first, last = limits.first_year, limits.last_year
    raise Misuse("bad_year", options.command, value=text, first=first, last=last)
