"""The files that the command line names: which there are, and that none is lost."""

import os
from collections.abc import Iterable, Iterator

from yibaolang.cli.arguments import Misuse


def rule_files(words: Iterable[str], command: str) -> list[str]:
    """Files as named, folders by their .yb files, each once; Misuse for a folder without."""
    found: dict[str, None] = {}
    for word in words:
        paths = sorted(_walked(word)) if os.path.isdir(word) else [word]
        if not paths:
            raise Misuse("no_files", command, path=word)
        found.update(dict.fromkeys(paths))
    return list(found)


def _walked(folder: str) -> Iterator[str]:
    """The .yb files in a folder and below it, hidden folders left out."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if name.endswith(".yb"):
                yield os.path.normpath(os.path.join(place, name))


def check_outputs(
    command: str, outputs: Iterable[tuple[str, str]], inputs: Iterable[str]
) -> None:
    """Misuse for a file that would be written, with its option, and is read or written as well.

    >>> check_outputs("compile", [("--out", "./rules.yb")], ["rules.yb"])
    Traceback (most recent call last):
    yibaolang.cli.arguments.Misuse: would_overwrite
    """
    read = {os.path.realpath(path) for path in inputs if path}
    written: dict[str, str] = {}
    for name, path in outputs:
        real = os.path.realpath(path) if path else ""
        # What is no file, such as /dev/null, may be named as often as one likes.
        if not real or (os.path.exists(real) and not os.path.isfile(real)):
            continue
        if real in read:
            raise Misuse("would_overwrite", command, name=name, path=path)
        other = written.setdefault(real, name)
        if other != name:
            raise Misuse("same_file", command, name=other, other=name)


def check_named(command: str, inputs: Iterable[tuple[str, str]]) -> None:
    """Misuse for "-", which elsewhere means stdin, as a file that an option reads.

    >>> check_named("population", [("--people", "-")])
    Traceback (most recent call last):
    yibaolang.cli.arguments.Misuse: no_stdin
    """
    for name, path in inputs:
        if path == "-":
            raise Misuse("no_stdin", command, name=name)
