"""The files that the command line names: those, and the .yb files of folders."""

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
