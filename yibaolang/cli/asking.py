"""From options to what is asked: rules, facts, region and date."""

import re

from yibaolang.cli.arguments import Misuse, Options
from yibaolang.engine.asked import Asked
from yibaolang.engine.rulebook import RuleBook, asked_for, loaded, moment_of
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


def rules_for(options: Options, regions: list[str]) -> RuleBook:
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


def _with_uses(loader: Loader, options: Options) -> RuleBook:
    rules = loaded(loader)
    uses = {rules.region(region): version for region, version in options.uses.items()}
    return rules.using(uses) if uses else rules


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


def one_region(options: Options) -> str:
    """The region of --in, "" if there is none; Misuse if there are several."""
    regions = listed(options.in_)
    if len(regions) > 1:
        raise Misuse("one_region", options.command)
    return regions[0] if regions else ""


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
        first, last = _moment(options, "--from", options.from_), _moment(options, "--to", options.to)
        if first.first is None or last.last is None or first.first > last.last:
            raise Misuse("from_after_to", options.command)
        return Asked.span(first.first, last.last)
    return _moment(options, "--on", on) if on else Asked.never()


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
