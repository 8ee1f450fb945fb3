"""The formatter: one layout for every text, in English or Chinese, never another meaning.

It checks itself on every run: what it gives must parse to the same sentences, must format to
itself, must hold every comment, and must survive a translation there and back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import field, frozen

from yibaolang.language.declared import declared_names
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.lexer import Lexer
from yibaolang.language.parser import parse
from yibaolang.language.printer import Printer
from yibaolang.language.printer_spacing import is_chinese, type_name
from yibaolang.language.source import Place, Source
from yibaolang.language.syntax import (
    Document,
    Event,
    Include,
    Line,
    Literal,
    Name,
    Names,
    Node,
    ParamRow,
    Sentence,
    TableRow,
)  # fmt: skip
from yibaolang.language.vocabulary import vocabulary

_TRAILING_GAP = "  "
_ROWS = (ParamRow, TableRow, Event)


@frozen
class Aliases:
    """Which names are one name, from their declarations.

    A word that two declarations claim belongs to neither: it is printed as it is and is equal
    only to itself.

    >>> one = Aliases.of([Names((0, 0), ("avg_pension", "平均养老金"))])
    >>> one.spelled("avg_pension", "zh"), one.spelled("男", "en"), one.canonical("平均养老金")
    ('平均养老金', '男', 'avg_pension')
    """

    groups: Mapping[str, tuple[str, ...]]
    words: frozenset[str]

    @classmethod
    def of(cls, declarations: Iterable[Names]) -> "Aliases":
        """From declared names; one that says less than another of them says nothing new."""
        claims: dict[str, set[tuple[str, ...]]] = {}
        for names in declarations:
            for text in names.texts:
                claims.setdefault(text, set()).add(names.texts)
        groups = {}
        for text, claimed in claims.items():
            fullest = max(claimed, key=lambda texts: (len(texts), texts))
            if all(set(texts) <= set(fullest) for texts in claimed):
                groups[text] = fullest
        return cls(groups, frozenset(claims))

    def canonical(self, name: str) -> str:
        """The first alias of a name."""
        return self.groups.get(name, (name,))[0]

    def spelled(self, name: str, lang: str) -> str:
        """The first alias of the language that means this name and nothing else, or the name."""
        group = self.groups.get(name, ())
        fitting = (
            text
            for text in group
            if is_chinese(text) == (lang == "zh") and self.groups.get(text) == group
        )
        return next(fitting, name)


def format_text(
    source: Source,
    lang: str | None = None,
    names: Iterable[str] = (),
    declared: Iterable[Sentence] = (),
) -> str:
    """The text in the one layout, in "en", "zh", or with None in the language that it is in.

    `declared` are the sentences whose names the text may use (the prelude, what it includes), and
    `names` are Chinese names known otherwise. Refusal if the text cannot be read (with what is
    wrong in it), and YB030 if the result would not mean the same, which is a fault of the
    formatter. ValueError for another language.

    >>> format_text(Source.of("a.yb", "age>=70   credit 100元"))
    'age >= 70 credit 100元\\n'
    >>> format_text(Source.of("a.yb", "age>=70   credit 100元"), "zh")
    'age≥70\uff0c划入100元\\n'
    """
    formatter = _Formatter.of(source, names, declared)
    found = language_of(source, formatter.words)
    return formatter.checked(lang or found, found)


def language_of(source: Source, words: Iterable[str] = ()) -> str:
    """The language that most keywords of a text are in; without keywords, that of its names.

    >>> language_of(Source.of("a.yb", "退休\uff0c每月 credit 100元 作为 甲"))
    'zh'
    """
    read, _ = Lexer(vocabulary(), words).sentences(source)
    chinese = english = named = 0
    for line in read:
        for token in line.tokens:
            if token.type in ("NAME", "YEAR"):
                named += is_chinese(token.value)
            elif token.type.lstrip("_") in vocabulary().keywords:
                chinese += is_chinese(token.value)
                english += not is_chinese(token.value)
    return "zh" if chinese > english or (chinese == english == 0 and named) else "en"


@frozen
class _Formatter:
    """A document with what is known of its names."""

    source: Source
    document: Document
    aliases: Aliases
    words: frozenset[str]
    printers: dict[str, Printer] = field(factory=dict)

    @classmethod
    def of(cls, source: Source, names: Iterable[str], declared: Iterable[Sentence]) -> "_Formatter":
        """Reads the text; Refusal if it cannot be read."""
        before = [each for sentence in declared for each in _declarations(sentence)]
        known = {*names, *(text for each in before for text in each.texts)}
        document, problems = parse(source, known)
        if problems:
            raise Refusal(*problems)
        own = (each for sentence in document.sentences for each in _declarations(sentence))
        aliases = Aliases.of([*before, *own])
        words = {*declared_names(source.text, vocabulary()), *known, *aliases.words}
        return cls(source, document, aliases, frozenset(words))

    def checked(self, lang: str, found: str) -> str:
        """The formatted text; Refusal if it is not what it must be."""
        text = self.printed(self.document, lang)
        again = self.read_back(text, lang)
        if lang != found:
            back = self.printed(again, found)
            if self.printed(self.read_back(back, found), lang) != text:
                raise self.refusal(None)
        return text

    def read_back(self, text: str, lang: str) -> Document:
        """The document of a formatted text, which must say the same and format to itself."""
        source = Source.of(self.source.name, text)
        document, problems = parse(source, self.words)
        if problems:
            raise self.refusal(self.line_at(problems[0].place))
        for line, other in zip(self.document.lines, document.lines, strict=False):
            if self.meaning(line.sentence) != self.meaning(other.sentence):
                raise self.refusal(line)
        same_comments = _comments(document) == _comments(self.document)
        same_length = len(document.lines) == len(self.document.lines)
        if not (same_comments and same_length) or self.printed(document, lang) != text:
            raise self.refusal(None)
        return document

    def printed(self, document: Document, lang: str) -> str:
        """A document in the one layout."""
        printer = self.printers.get(lang)
        if printer is None:
            printer = Printer(lang, self.words, lambda name: self.aliases.spelled(name, lang))
            self.printers[lang] = printer
        return _layout(document.lines, printer.block)

    def meaning(self, sentence: Sentence | None) -> list[object]:
        """What a sentence says, whatever its words."""
        return [] if sentence is None else meaning(sentence, self.aliases.canonical)

    def line_at(self, place: Place | None) -> Line | None:
        """The sentence with the number of the one that stands at a place of a formatted text."""
        if place is None:
            return None
        before = Source.of(place.source.name, place.source.text[: place.span[0]])
        read, _ = Lexer(vocabulary(), self.words).sentences(before)
        index = max(0, sum(1 for line in read if line.tokens) - 1)
        lines = [line for line in self.document.lines if line.sentence is not None]
        return lines[index] if index < len(lines) else None

    def refusal(self, line: Line | None) -> Refusal:
        """That nothing was formatted, at the sentence whose meaning would change."""
        span = (0, 0) if line is None or line.sentence is None else line.sentence.span
        return Refusal(diagnostic("YB030", Place(self.source, span)))


def meaning(node: Node, canonical: Callable[[str], str]) -> list[object]:
    """A node as a flat list that is equal for nodes that say the same in other words.

    Names count by `canonical`, literals by their value, types by what they name. Without
    recursion, so that a deep sentence can be compared.
    """
    words = vocabulary()
    flat: list[object] = []
    waiting: list[object] = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple):
            flat.append(len(item))
            waiting += item[::-1]
        elif isinstance(item, Literal):
            flat += [Literal, item.type, item.numerator, item.denominator]
        elif isinstance(item, Name):
            flat += [Name, canonical(item.text)]
        elif isinstance(item, Include):
            flat += [Include, item.path, canonical(item.region)]
        elif isinstance(item, Node):
            flat.append(type(item))
            for name, part in [*item.parts()][::-1]:
                known = None
                if name == "type" and isinstance(part, Name):
                    known = type_name(part.text, words)
                waiting.append(known or part)
        else:
            flat.append(item)
    return flat


def _declarations(sentence: Sentence) -> list[Names]:
    """The names that a sentence declares."""
    found: list[Names] = []
    for _, part in sentence.parts():
        parts = part if isinstance(part, tuple) else (part,)
        found += [each for each in parts if isinstance(each, Names)]
    return found


def _comments(document: Document) -> list[str]:
    comments = (comment for line in document.lines for comment in (*line.above, line.trailing))
    return [comment for comment in comments if comment]


def _layout(lines: Sequence[Line], block: Callable[[Sequence[Sentence]], list[str]]) -> str:
    """Sentences with their comments above and behind; rows that follow each other are aligned."""
    printed: list[str] = []
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and _are_rows(lines[start], lines[end]):
            end += 1
        sentences = [line.sentence for line in lines[start:end] if line.sentence is not None]
        texts = iter(block(sentences) if sentences else [])
        for line in lines[start:end]:
            printed += line.above
            if line.sentence is not None:
                trailing = _TRAILING_GAP + line.trailing if line.trailing else ""
                printed.append(next(texts) + trailing)
        start = end
    return _without_spare_blank_lines(printed)


def _are_rows(line: Line, other: Line) -> bool:
    return isinstance(line.sentence, _ROWS) and type(line.sentence) is type(other.sentence)


def _without_spare_blank_lines(lines: Iterable[str]) -> str:
    """Lines with a line feed each; no empty ones at either end and no two of them together."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return "".join(line + "\n" for line in kept)
