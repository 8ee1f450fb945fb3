"""Checking a text: the one place where these tests ask."""

from yibaolang.analysis.checks import check
from yibaolang.language.diagnostics import Diagnostic, Said
from yibaolang.language.source import Source
from yibaolang.model.book import Book
from yibaolang.model.building import build
from yibaolang.model.loading import Loader

STYLE = frozenset({"YB507", "YB509"})
"""What short texts lack and most of these tests are not about."""


def book_of(*texts: str) -> Book:
    """The book of texts that are named a.yb, b.yb and so on; they must be readable."""
    loader = Loader()
    for name, text in zip("abc", texts, strict=False):
        loader.text(Source.of(f"{name}.yb", text))
    book, problems = build(loader.documents)
    assert [*loader.diagnostics, *problems] == []
    return book


def checked(text: str, *others: str, uses: dict[str, str] | None = None) -> list[Diagnostic]:
    """The diagnostics of a text and others, without those of style."""
    return [each for each in check(book_of(text, *others), uses) if each.code not in STYLE]


def codes(text: str, *others: str) -> list[str]:
    """The codes of `checked`."""
    return [each.code for each in checked(text, *others)]


def argument(each: Diagnostic, name: str, lang: str = "en") -> str:
    """An argument of a diagnostic in words."""
    value = dict(each.arguments)[name]
    return value.in_language(lang) if isinstance(value, Said) else str(value)


def people(text: str, code: str = "YB501", lang: str = "en") -> list[str]:
    """The persons that the diagnostics of a code show."""
    return [argument(each, "person", lang) for each in checked(text) if each.code == code]


def lines(found: list[Diagnostic], code: str) -> list[int]:
    """The lines of the diagnostics of a code."""
    return [each.place.line for each in found if each.code == code and each.place is not None]
