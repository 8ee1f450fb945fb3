"""Sentences that change what a session knows: rules, declarations, people, events, tests."""

from collections.abc import Iterable, Iterator, Sequence, Set

from attrs import frozen

from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal
from yibaolang.language.lexer import kept_lexer
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.language.syntax import Line
from yibaolang.model.loading import declared_regions, library_files
from yibaolang.session.answering import QUESTIONS
from yibaolang.session.checking import faults
from yibaolang.session.loaded import Loaded, only_library
from yibaolang.session.script import Script
from yibaolang.session.state import State, made


@frozen
class Part:
    """Lines that are taken together, or one that asks, or what is wrong with a sentence.

    `end` is the offset at which reading goes on.
    """

    lines: tuple[Line, ...]
    end: int
    asks: bool = False
    fault: Diagnostic | None = None


def parts(state: State, script: Script, start: int) -> Iterator[Part]:
    """What stands in a script from `start`, in order; changes that follow each other are one.

    What is included may bring names that the rest is cut by, so it is a part of its own.
    """
    names = {*state.loaded.names, *state.rules.names()}
    document, problems = parse(script.source, names, start=start)
    end = len(script.source.text)
    told = (line for line in document.lines if line.sentence is not None or line.above)
    found = [_part_of(line, script, end) for line in told]
    found += [Part((), end, fault=each) for each in problems]
    changes: tuple[Line, ...] = ()
    for part in sorted(found, key=_place):
        if part.lines and not part.asks and not _includes(part.lines[0]):
            changes += part.lines
            continue
        if changes:
            yield Part(changes, end)
        changes = ()
        yield part
    if changes:
        yield Part(changes, end)


def _part_of(line: Line, script: Script, end: int) -> Part:
    asks = isinstance(line.sentence, QUESTIONS)
    if line.sentence is not None:
        after = script.source.text.find("\n", line.sentence.span[1])
        end = end if after < 0 else after + 1
    return Part((line,), end, asks)


def _place(part: Part) -> int:
    if part.fault is not None:
        return part.fault.place.span[0] if part.fault.place else 0
    sentence = part.lines[0].sentence
    return part.end if sentence is None else sentence.span[0]


def _includes(line: Line) -> bool:
    return isinstance(line.sentence, syntax.Include)


def taking(
    state: State, script: Script, lines: Sequence[Line], files: bool, own: Set[str]
) -> State:
    """The state after lines of changes; Refusal for what is wrong, and then nothing is taken.

    `files` says whether files may be included; regions of the library always may. `own` are
    regions that are the text's own, even if the library has one of that name.
    """
    sentences = sentences_of(lines)
    loaded = including(state, script, sentences, files, own)
    taken = script.taking(tuple(lines))
    found = faults(made(loaded, taken), sentences)
    if found:
        raise Refusal(*found)
    return state.reading(loaded, taken)


def sentences_of(lines: Iterable[Line]) -> list[syntax.Sentence]:
    """The sentences of some lines."""
    return [line.sentence for line in lines if line.sentence is not None]


# ── what is included ──


_ASIDE = frozenset(
    [
        "_PERSON", "_SHOW", "_EXPLAIN", "_COMPARE", "_WHY", "_WHY_NOT", "_LEDGER", "BOOKED",
        "_TEST", "_GIVEN", "_EXPECT", "_INCLUDE", "_USE", "_REGION",
    ]
)  # fmt: skip
"""What sentences begin with that say nothing of the region in whose section they stand."""


def own_regions(text: str) -> frozenset[str]:
    r"""The regions of which a text says something itself, in sections that it opens.

    >>> sorted(own_regions("region 甲市\ncredit 5元")), own_regions("region 甲市\nshow credit")
    (['甲市'], frozenset())
    """
    found: set[str] = set()
    names: frozenset[str] = frozenset()
    read, _ = kept_lexer(frozenset()).sentences(Source("", text))
    for words in read:
        first = words.tokens[0] if words.tokens else None
        if first is not None and first.type == "_REGION":
            end = words.tokens[-1].end_pos
            names = frozenset(declared_regions(text[first.start_pos : end]))
            # A header that says more than a name declares the region.
            found |= names if any(each.type != "NAME" for each in words.tokens[1:]) else frozenset()
        elif first is not None and first.type not in _ASIDE:
            found |= names
    return frozenset(found)


def including(
    state: State, script: Script, sentences: Sequence[syntax.Sentence], files: bool, own: Set[str]
) -> Loaded:
    """The files of the state and those that sentences include or need; Refusal if one is wrong.

    A region of the library that is only named is included without a sentence.
    """
    wanted = []
    for each in sentences:
        if isinstance(each, syntax.Include):
            text = script.source.text[slice(*each.span)]
            forbidden = None if files else only_library(text)
            if forbidden is not None:
                raise Refusal(forbidden)
            wanted.append(text)
    unknown = [
        region
        for each in sentences
        for region in regions_in(each)
        if region in library_files().keys() - own - state.rules.book.region_names.keys()
    ]
    wanted += [f"include {region}" for region in dict.fromkeys(unknown)]
    return state.loaded.adding(included=wanted) if wanted else state.loaded


def regions_in(sentence: syntax.Sentence) -> Iterator[str]:
    """The regions that a sentence names."""
    if isinstance(sentence, syntax.Region):
        yield from sentence.names.texts
        if sentence.parent is not None:
            yield sentence.parent.text
    elif isinstance(sentence, syntax.Use):
        yield sentence.region.text
    elif isinstance(sentence, syntax.Compare):
        yield from (each.region.text for each in sentence.regions)
    elif isinstance(sentence, syntax.Person | syntax.Given):
        yield from (fact.name.text for fact in sentence.facts if fact.kind == "region")
    elif isinstance(sentence, syntax.Event):
        happening = sentence.happening
        if happening.kind == "moves" and happening.name is not None:
            yield happening.name.text
