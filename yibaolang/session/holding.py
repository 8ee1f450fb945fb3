"""What holds in a region on a day: rules, definitions and tables, with the regions they are of."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from attrs import evolve, frozen

from yibaolang.engine.words import Words
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.entries import Entry
from yibaolang.model.scope import Scope
from yibaolang.session.here import Here

_NO_SOURCE = syntax.Origin((0, 0), "", "", "")
_SOURCED = (syntax.Rule, syntax.Define, syntax.Input, syntax.Param, syntax.ParamRow, syntax.Table)


@frozen(eq=False)
class Held:
    """A sentence that holds, and the kinds of rules that it is of ("define" and "table" too)."""

    entry: Entry
    kinds: tuple[str, ...]

    @property
    def cite(self) -> str:
        """Its own source, else that of its version."""
        return origin_of(self.entry.sentence).cite or self.entry.version.cite

    @property
    def mark(self) -> str:
        """How well that source attests it."""
        return origin_of(self.entry.sentence).attested or self.entry.version.attested


def rules_held(at: Here, wanted: Callable[[str], bool] | None = None) -> list[Held]:
    """The rules in force, of the kinds that are wanted; where versions disagree, those of each.

    Those of the nearest region come first, in the order of the text.

    >>> from datetime import date
    >>> from yibaolang.engine.rulebook import read
    >>> rules = read("region 甲\\ncredit 5元\\nregion 乙 under 甲\\ndeny drugs")
    >>> [each.kinds for each in rules_held(Here(rules, "乙", {}, date(2024, 6, 1)))][:2]
    [('allow',), ('credit',)]
    """
    kinds = dict.fromkeys(
        kind for region in at.chain for place, kind in at.rules.book.rules if place == region
    )
    found: dict[int, Held] = {}
    for kind in kinds:
        if wanted is None or wanted(kind):
            for entry in every_version(at, _of_kind(kind)):
                _add(found, entry, kind)
    return _in_order(at, found.values())


def _of_kind(kind: str) -> Callable[[Scope], list[Entry]]:
    return lambda scope: scope.rules(kind)


def defined_here(at: Here) -> list[Held]:
    """The definitions and tables in force; where versions disagree, those of each."""
    book = at.rules.book
    found: dict[int, Held] = {}
    for name, entries in book.defines.items():
        for entry in definitions(at, entries):
            _add(found, entry, f"define {name}")
    for name, tables in book.tables.items():
        for entry in definitions(at, [each.entry for each in tables]):
            _add(found, entry, f"table {name}")
    return _in_order(at, found.values())


def definitions(at: Here, entries: Iterable[Entry]) -> list[Entry]:
    """Those in force of the nearest region that has any; where versions disagree, of each."""
    every = list(entries)
    return every_version(at, lambda scope: scope.nearest(every))


def every_version(at: Here, find: Callable[[Scope], list[Entry]]) -> list[Entry]:
    """What is found in a scope; where unchosen versions disagree (YB301), under each of them."""
    try:
        return find(at.scope)
    except Refusal as refusal:
        disagreed = disagreement(refusal)
        if disagreed is None:
            raise
    region, names = disagreed
    every = [each for name in names for each in every_version(at.under(region, name), find)]
    return list({id(each): each for each in every}.values())


def disagreement(refusal: Refusal) -> tuple[str, list[str]] | None:
    """The region whose versions disagree, and their names; None for another refusal."""
    why = refusal.diagnostics[0]
    if why.code != "YB301":
        return None
    arguments = dict(why.arguments)
    return str(arguments["region"]), str(arguments["names"]).split(", ")


def disagreeing(at: Here, held: Iterable[Held]) -> dict[str, list[str]]:
    """The regions of which several named versions hold at once, and the names."""
    found: dict[str, dict[str, None]] = {}
    for each in held:
        if each.entry.version.name:
            found.setdefault(each.entry.region, {})[each.entry.version.name] = None
    return {region: list(names) for region, names in found.items() if len(names) > 1}


def _add(found: dict[int, Held], entry: Entry, kind: str) -> None:
    held = found.get(id(entry.sentence), Held(entry, ()))
    found[id(entry.sentence)] = evolve(held, kinds=(*held.kinds, kind))


def _in_order(at: Here, held: Iterable[Held]) -> list[Held]:
    near = {region: index for index, region in enumerate(at.chain)}


    def place(each: Held) -> tuple[int, str, int]:
        return near[each.entry.region], each.entry.source.name, each.entry.sentence.span[0]

    return sorted(held, key=place)


# ── what is asked for ──


def wanted_kinds(at: Here, text: str) -> Callable[[Held], bool] | None:
    """Which rules a text such as `cover`, `报销门诊` or `drugs` asks for; None if it names nothing.

    A category asks for every rule that names it, the name of a kind for the rules of that kind.
    """
    if text in _words("deny"):
        return _denies
    spelled = _spellings(at)
    if text in spelled:
        kinds = spelled[text]
        return lambda held: any(kind in kinds for kind in held.kinds)
    name = at.rules.book.spelled(text)
    if name is None:
        return None
    return lambda held: mentions(held.entry.sentence, name, at.rules.book.spelled)


def _denies(held: Held) -> bool:
    sentence = held.entry.sentence
    action = sentence.action if isinstance(sentence, syntax.Rule) else None
    return isinstance(action, syntax.Allow) and action.deny


def kind_spellings(at: Here) -> list[str]:
    """Everything that `wanted_kinds` takes for a kind."""
    return [*_spellings(at), *_words("deny")]


def _spellings(at: Here) -> dict[str, frozenset[str]]:
    """The kinds that a spelling means: `cover` every kind of cover, `cover drugs` only one."""
    book = at.rules.book
    found: dict[str, set[str]] = {}
    for kind in {*(kind for _, kind in book.rules), *_PLAIN}:
        head, rest = _parts(kind)
        named = book.names.get(rest)
        for word in (head, *_words(head)):
            found.setdefault(word, set()).add(kind)
            for about in () if named is None else named.names:
                found.setdefault(f"{word} {about}", set()).add(kind)
                found.setdefault(f"{word}{about}", set()).add(kind)
    return {word: frozenset(kinds) for word, kinds in found.items()}


def _parts(kind: str) -> tuple[str, str]:
    """What a kind of rules does, and what it is about; "" for nothing."""
    head, _, rest = kind.partition(" ")
    return (kind, "") if kind in _TOKENS else (head, rest)


def _words(head: str) -> tuple[str, ...]:
    """The words of both languages for what a kind of rules does."""
    keyword = vocabulary().keywords.get(_TOKENS.get(head, head.upper()))
    return () if keyword is None else (*keyword.en, *keyword.zh)


_PLAIN = ("credit", "deduct", "cover", "allow", "draw", "interest", "carry", "round")
_TOKENS = {
    "post on": "POST_ON_DAY", "day count": "DAY_COUNT", "year": "YEAR_FROM", "close": "CLOSE_TO",
}  # fmt: skip


def mentions(node: syntax.Node, name: str, spell: Callable[[str], str | None]) -> bool:
    """Whether a name, given canonically, stands anywhere in a sentence.

    >>> from yibaolang.language.parser import parse
    >>> from yibaolang.language.source import Source
    >>> document, _ = parse(Source.of("a.yb", "age >= 70 credit 5元"))
    >>> mentions(document.sentences[0], "age", {}.get)
    True
    """
    waiting: list[Any] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, syntax.Name) and (spell(each.text) or each.text) == name:
            return True
        if isinstance(each, syntax.Node):
            waiting += [value for _, value in each.parts()]
        elif isinstance(each, tuple):
            waiting += each
    return False


# ── in words ──


def kinds_in_words(held: Held, words: Words) -> str:
    """What a rule does, as in `cover`."""
    if _denies(held):
        return vocabulary().keywords["DENY"].spelling(words.lang)
    heads = dict.fromkeys(_parts(kind)[0] for kind in held.kinds)
    spelled = [vocabulary().keywords.get(_TOKENS.get(head, head.upper())) for head in heads]
    shown = [
        head if keyword is None else keyword.spelling(words.lang)
        for head, keyword in zip(heads, spelled, strict=True)
    ]
    return ", ".join(shown)


def origin_of(sentence: syntax.Sentence) -> syntax.Origin:
    """What a sentence says of its source; nothing for one that cannot say it."""
    if isinstance(sentence, (*_SOURCED, syntax.Region, syntax.Version)):
        return sentence.origin
    return _NO_SOURCE


def bare_text(sentence: syntax.Sentence, words: Words) -> str:
    """A sentence in the language of the words, without its source."""
    if isinstance(sentence, _SOURCED):
        make: Callable[..., syntax.Sentence] = type(sentence)
        parts = dict(sentence.parts()) | {"origin": _NO_SOURCE}
        sentence = make(span=sentence.span, **parts)
    return words.printer.sentence(sentence).strip()


def source_words(cite: str, mark: str) -> str:
    """A source with its mark.

    >>> source_words("甲办法", "C"), source_words("", "")
    ('甲办法 · C', '')
    """
    return " · ".join(part for part in (cite, mark) if part)


def place_words(entry: Entry) -> str:
    """Where a sentence stands: file and line."""
    return f"{entry.source.name}:{entry.place.line}"


def lines_of(entries: Iterable[Entry]) -> Iterator[tuple[Entry, range]]:
    """The lines on which sentences stand, from 1."""
    for each in entries:
        last = each.place.end[0] - (each.place.end[1] == 1)
        yield each, range(each.place.line, max(last, each.place.line) + 1)
