"""The words of the command line in both languages: texts.toml, read when one is needed."""

import os

from yibaolang.report.texts import Texts

_TEXTS = Texts(os.path.join(os.path.dirname(__file__), "texts.toml"))


def say(key: str, lang: str, **arguments: str | int) -> str:
    """A message in "en" or "zh"; KeyError for one that is not there.

    >>> say("bad_lang", "en", value="fr")
    '--lang is en or zh, not fr'
    """
    return _TEXTS.say(key, lang, **arguments)


def count_of(key: str, lang: str, count: int) -> str:
    """A number of things.

    >>> count_of("files", "en", 1), count_of("files", "zh", 2)
    ('1 file', '2 个文件')
    """
    return _TEXTS.count_of(key, lang, count)


def of_command(command: str, key: str, lang: str) -> str:
    """The usage or the summary of a command."""
    text: str = _TEXTS.table("commands")[command][key][lang]
    return text


def examples_of(command: str) -> list[str]:
    """Command lines that show what a command does."""
    found: list[str] = _TEXTS.table("commands")[command]["examples"]
    return found


def of_option(option: str, lang: str, command: str = "") -> tuple[str, str]:
    """The placeholder of an option's value ("" for a flag) and its help, as a command means it."""
    options = _TEXTS.table("options")
    entry = options.get(f"{command}_{option}", options[option])
    return entry.get("value", {}).get(lang, ""), entry["help"][lang]
