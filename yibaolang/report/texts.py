"""Words in both languages that stand in a file: what tables and reports say is in texts.toml."""

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any


class Texts:
    """A TOML file of words, read when one is needed.

    Its table `messages` has texts by key and language, which may name {arguments}; `counts` has
    the forms for one and for several, or a text for both. Every room has a file of its own.

    >>> Texts("nowhere.toml").say("total", "en")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'nowhere.toml'
    """

    def __init__(self, path: str) -> None:
        """From the path of the file, which is not read yet."""
        self.path = path

    @cached_property
    def _tables(self) -> dict[str, Any]:
        import tomllib

        with open(self.path, "rb") as file:
            return tomllib.load(file)

    def say(self, key: str, lang: str, **arguments: str | int) -> str:
        """A message in "en" or "zh"; KeyError for one that is not there.

        >>> TEXTS.say("total", "zh")
        '合计'
        """
        text: str = self._tables["messages"][key][lang]
        return text.format(**arguments)

    def count_of(self, key: str, lang: str, count: int) -> str:
        """A number of things.

        >>> TEXTS.count_of("folded", "en", 12), TEXTS.count_of("folded", "zh", 12)
        ('▸ 12 more', '▸ 另有12行')
        """
        forms = self._tables["counts"][key][lang]
        text: str = forms if isinstance(forms, str) else forms[count != 1]
        return text.format(count=count)

    def table(self, name: str) -> Mapping[str, Any]:
        """A table of the file by its name; KeyError for one that is not there."""
        found: Mapping[str, Any] = self._tables[name]
        return found


TEXTS = Texts(os.path.join(os.path.dirname(__file__), "texts.toml"))
"""The words of this room."""


def titles(keys: Iterable[str], lang: str) -> tuple[str, ...]:
    """What the columns of answers are called.

    >>> titles(["region", "value"], "zh")
    ('地区', '数值')
    """
    known = TEXTS.table("titles")
    return tuple(known[key][lang] for key in keys)


def of_column(name: str, lang: str) -> str:
    """The heading of a column of a ledger's tables, or the name itself.

    >>> of_column("receivable", "zh")
    '应收款'
    """
    return _known("columns", name, lang)


def of_counter(word: str, lang: str) -> str:
    """A word in the name of a counter, or the word itself.

    >>> of_counter("up_to", "en")
    'cap'
    """
    return _known("counters", word, lang)


def _known(table: str, name: str, lang: str) -> str:
    entry = TEXTS.table(table).get(name)
    text: str = name if entry is None else entry[lang]
    return text
