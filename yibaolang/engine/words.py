"""Names and values in the words of a language, for explanations and results."""

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve

from yibaolang.language.diagnostics import Argument, Diagnostic, Said
from yibaolang.language.printer import Printer
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.book import Book
from yibaolang.model.core import Expr
from yibaolang.model.entries import ASIDE, BASE
from yibaolang.model.kinds import kind_words
from yibaolang.model.values import Type, format_value

_KEYWORDS = {"credit": "CREDIT", "deduct": "DEDUCT", "net credit": "NET_CREDIT", "wait": "WAIT"}


def has_han(text: str) -> bool:
    """Whether a word is Chinese.

    >>> has_han("年龄"), has_han("age")
    (True, False)
    """
    return not text.isascii() and any("\u3400" <= character <= "\u9fff" for character in text)


def alias(book: Book, name: str, lang: str) -> str:
    """The alias of a name or region in "en" or "zh", else the name."""
    named = book.names.get(name)
    if named is None:
        region = book.region_names.get(name)
        names = book.regions[region].aliases if region else (name,)
    else:
        names = named.names
    fitting = [each for each in names if has_han(each) is (lang == "zh")]
    return fitting[0] if fitting else name


class Words:
    """The words of a book in "en" or "zh"."""

    def __init__(self, book: Book, lang: str) -> None:
        self.book = book
        self.lang = lang
        chinese = [name for name in self._all_names() if has_han(name)]
        self.printer = Printer(lang, chinese, self.name)

    def _all_names(self) -> Iterable[str]:
        return (*self.book.names, *self.book.region_names, *self.book.persons)

    def name(self, name: str) -> str:
        """A name's alias in the language, else the name."""
        return alias(self.book, name, self.lang)

    def region(self, region: str) -> str:
        """A region's alias in the language; "" for none and for that of a text asked about."""
        return self.name(region) if region not in (BASE, ASIDE) else ""

    def figure(self, figure: str) -> str:
        """A figure in words: credit, net credit, wait for cover, or a name."""
        keywords = vocabulary().keywords
        if figure in _KEYWORDS:
            return keywords[_KEYWORDS[figure]].spelling(self.lang)
        if figure.startswith("wait "):
            subject = figure.removeprefix("wait ")
            word = (
                keywords[subject.upper()].spelling(self.lang)
                if subject.upper() in keywords
                else (self.name(subject))
            )
            wait, for_ = (keywords[each].spelling(self.lang) for each in ("WAIT", "FOR"))
            return f"{wait}{for_}{word}" if self.lang == "zh" else f"{wait} {for_} {word}"
        return self.name(figure)

    def value(self, type_: Type, value: Any, denominator: int = 1) -> str:
        """A value in words."""
        return format_value(type_, value, denominator, self.lang, self.name)

    def value_of(self, expr: Expr, value: Any) -> str:
        """The value of a node, which is over the node's denominator."""
        if expr.type.numeric and expr.denominator is None:
            return self.value(expr.type, value.numerator, value.denominator)
        return self.value(expr.type, value, expr.denominator or 1)

    def say(self, en: str, zh: str) -> str:
        """The text of the language."""
        return zh if self.lang == "zh" else en


def figure_spellings(book: Book) -> Iterator[str]:
    """Everything that a figure may be called: the words for those of every book, and its names."""
    for token in _KEYWORDS.values():
        keyword = vocabulary().keywords[token]
        yield from (*keyword.en, *keyword.zh)
    yield from book.names


_NAMES = ("name", "figure", "region", "table")


def in_words(why: Diagnostic, book: Book) -> Diagnostic:
    """A diagnostic whose names are said by their aliases in each language."""
    return evolve(
        why, arguments=tuple((key, _said(key, each, book)) for key, each in why.arguments)
    )


def _about(figure: Said, book: Book) -> Said:
    """A kind of rule with what it is about by its alias, as in `cover outpatient`."""
    (en, en_name), (zh, zh_name) = (
        text.rsplit(" ", 1) for text in (figure.en, figure.zh if " " in figure.zh else figure.en)
    )
    if en_name not in book.names and en_name.upper() in vocabulary().keywords:
        subject = vocabulary().keywords[en_name.upper()]
        return Said(en=figure.en, zh=f"{zh}{subject.spelling('zh')}")
    return Said(en=f"{en} {alias(book, en_name, 'en')}", zh=f"{zh}{alias(book, zh_name, 'zh')}")


def _said(key: str, value: Argument, book: Book) -> Argument:
    if key == "figure" and isinstance(value, Said) and " " in value.en:
        return _about(value, book)
    if key not in _NAMES or not isinstance(value, str):
        return value
    if value in ("credit", "deduct"):
        return kind_words(value)
    return Said(en=alias(book, value, "en"), zh=alias(book, value, "zh"))
