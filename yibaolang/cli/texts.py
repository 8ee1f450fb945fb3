"""The words of the command line in both languages: texts.toml, read when one is needed."""

import os
from functools import cache
from typing import Any


@cache
def _tables() -> dict[str, Any]:
    import tomllib

    with open(os.path.join(os.path.dirname(__file__), "texts.toml"), "rb") as file:
        return tomllib.load(file)


def say(key: str, lang: str, **arguments: str | int) -> str:
    """A message in "en" or "zh"; KeyError for one that is not there.

    >>> say("bad_lang", "en", value="fr")
    '--lang is en or zh, not fr'
    """
    text: str = _tables()["messages"][key][lang]
    return text.format(**arguments)


def count_of(key: str, lang: str, count: int) -> str:
    """A number of things.

    >>> count_of("files", "en", 1), count_of("files", "zh", 2)
    ('1 file', '2 个文件')
    """
    forms = _tables()["counts"][key][lang]
    text: str = forms if isinstance(forms, str) else forms[count != 1]
    return text.format(count=count)


def of_command(command: str, key: str, lang: str) -> str:
    """The usage or the summary of a command."""
    text: str = _tables()["commands"][command][key][lang]
    return text


def examples_of(command: str) -> list[str]:
    """Command lines that show what a command does."""
    found: list[str] = _tables()["commands"][command]["examples"]
    return found


def of_option(option: str, lang: str, command: str = "") -> tuple[str, str]:
    """The placeholder of an option's value ("" for a flag) and its help, as a command means it."""
    options = _tables()["options"]
    entry = options.get(f"{command}_{option}", options[option])
    return entry.get("value", {}).get(lang, ""), entry["help"][lang]


def of_column(name: str, lang: str) -> str:
    """The heading of a column of a ledger's tables, or the name itself.

    >>> of_column("receivable", "zh")
    '应收款'
    """
    entry = _tables()["columns"].get(name)
    return name if entry is None else entry[lang]


def of_counter(word: str, lang: str) -> str:
    """A word in the name of a counter, or the word itself."""
    entry = _tables()["counters"].get(word)
    return word if entry is None else entry[lang]
