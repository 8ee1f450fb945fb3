"""The one table of keywords, read from grammars/vocabulary.toml.

A keyword is a token with spellings in English and Chinese; lexer, formatter, help and completion
all read this table.
"""

import os
from collections.abc import Mapping
from functools import cache

from attrs import frozen

from yibaolang.resources import folder


@frozen
class Keyword:
    """A token with its spellings (the first is the one that is printed) and a line of help each."""

    token: str
    en: tuple[str, ...]
    zh: tuple[str, ...]
    help_en: str
    help_zh: str

    def spelling(self, lang: str) -> str:
        """The spelling that the formatter prints in "en" or "zh"."""
        return self.zh[0] if lang == "zh" else self.en[0]


@frozen
class Vocabulary:
    """The keywords by token, the words of types, and how a spelling finds its token.

    `words` has the spellings of one word, `phrases` those of several English words by their first
    word, the longest first: ("of", "last", "year") before ("of", "table").
    """

    keywords: Mapping[str, Keyword]
    types: Mapping[str, Keyword]
    words: Mapping[str, str]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]

    def type_of(self, word: str) -> str | None:
        """The type that a word names in either language, or None.

        >>> vocabulary().type_of("money")
        'money'
        """
        for name, keyword in self.types.items():
            if word in keyword.en or word in keyword.zh:
                return name
        return None


@cache
def vocabulary() -> Vocabulary:
    """The table, read once.

    >>> vocabulary().keywords["CREDIT"].spelling("en")
    'credit'
    """
    import tomllib

    with open(os.path.join(folder("grammars"), "vocabulary.toml"), "rb") as file:
        table = tomllib.load(file)
    keywords = {token: _keyword(token, row) for token, row in table["keywords"].items()}
    words: dict[str, str] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for token, keyword in keywords.items():
        for spelling in (*keyword.en, *keyword.zh):
            parts = tuple(spelling.split(" "))
            if len(parts) == 1:
                words[spelling] = token
            else:
                phrases.setdefault(parts[0], []).append((parts, token))
    longest_first = {
        first: tuple(sorted(found, key=lambda phrase: -len(phrase[0])))
        for first, found in phrases.items()
    }
    types = {name: _keyword(name, row) for name, row in table["types"].items()}
    return Vocabulary(keywords, types, words, longest_first)


def _keyword(token: str, row: Mapping[str, list[str]]) -> Keyword:
    return Keyword(token, tuple(row["en"]), tuple(row["zh"]), *row["help"])
