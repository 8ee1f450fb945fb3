"""What stands on the line of the magic: options, and then sentences."""

import keyword
import re

from attrs import frozen

LANGUAGES = ("en", "zh")
VALUES = {"--lang": LANGUAGES, "--to": ()}
"""The options that have a word after them, and which words these are, if they are few."""

OPTIONS = ("--lang", "--new", "--quiet", "--to")
_WORD = re.compile(r"\s*(?P<word>--[A-Za-z][^\s=]*)(?P<sign>=)?")
_VALUE = re.compile(r"\s*(?P<value>\S+)")


class WrongOption(Exception):
    """Options that make no sense: the key of a message, and its arguments."""

    def __init__(self, key: str, **arguments: str) -> None:
        super().__init__(key)
        self.key = key
        self.arguments = arguments


@frozen
class Options:
    """`lang` and `to` are "" if they are not given; `text` is what follows the options."""

    lang: str = ""
    new: bool = False
    quiet: bool = False
    to: str = ""
    text: str = ""


def options_of(line: str) -> Options:
    """The options that a line begins with, and the rest; WrongOption if one makes no sense.

    >>> options_of("--lang zh --to fee show credit")
    Options(lang='zh', new=False, quiet=False, to='fee', text='show credit')
    >>> options_of("--long")
    Traceback (most recent call last):
    yibaolang.notebook.options.WrongOption: no_option
    """
    words: dict[str, str] = {}
    while match := _WORD.match(line):
        name, line = match["word"], line[match.end() :]
        if name not in OPTIONS or (match["sign"] and name not in VALUES):
            raise WrongOption("no_option", name=name, options=" ".join(OPTIONS))
        words[name] = ""
        if name in VALUES:
            value = _VALUE.match(line)
            if value is None:
                raise WrongOption("no_value", name=name)
            words[name] = _checked(name, value["value"])
            line = line[value.end() :]
    return Options(
        lang=words.get("--lang", ""),
        new="--new" in words,
        quiet="--quiet" in words,
        to=words.get("--to", ""),
        text=line.strip(),
    )


def _checked(name: str, value: str) -> str:
    if name == "--lang" and value not in LANGUAGES:
        raise WrongOption("no_language", value=value)
    if name == "--to" and (not value.isidentifier() or keyword.iskeyword(value)):
        raise WrongOption("no_variable", value=value)
    return value
