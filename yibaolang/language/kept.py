"""Documents that were read before, kept in a folder of the user's own.

A text is found by its content, the names over which it was cut, and the files of the language that
read it, so nothing stale is found. What is kept is a pickle: `cache_folder` gives no folder that
anybody else could write to.
"""

import hashlib
import os
import pickle
import sys
from collections.abc import Iterable
from functools import cache

from yibaolang.language.syntax import Line
from yibaolang.resources import cache_folder, folder

_LARGEST = 1_000_000
_MOST = 256
_PREFIX = "document-"
_BROKEN = (OSError, EOFError, ValueError, TypeError, AttributeError, ImportError, IndexError)


def key(text: str, names: Iterable[str]) -> str:
    """What a text is kept under; "" for one that is not worth it, or without a safe folder."""
    if len(text) > _LARGEST or _folder() is None:
        return ""
    made_of = "\n".join((_language(), *sorted(names), "", text))
    return hashlib.sha256(made_of.encode("utf-8", "surrogatepass")).hexdigest()


def load(name: str) -> tuple[Line, ...] | None:
    """The lines kept under a key, or None."""
    place = _folder()
    if place is None:
        return None
    try:
        with open(os.path.join(place, _PREFIX + name), "rb") as file:
            lines = pickle.load(file)
    except (*_BROKEN, pickle.UnpicklingError):
        return None
    return lines if isinstance(lines, tuple) else None


def save(name: str, lines: tuple[Line, ...]) -> None:
    """Keep lines under a key; a folder that is full or gone is no fault."""
    place = _folder()
    if place is None:
        return
    path = os.path.join(place, _PREFIX + name)
    passing = f"{path}.{os.getpid()}"
    try:
        with open(passing, "wb") as file:
            pickle.dump(lines, file, pickle.HIGHEST_PROTOCOL)
        os.replace(passing, path)
        _forget(place)
    except (OSError, RecursionError, pickle.PicklingError):
        return


def _forget(place: str) -> None:
    """Drop the older half when there are too many."""
    with os.scandir(place) as entries:
        found = [each for each in entries if each.name.startswith(_PREFIX)]
    if len(found) > _MOST:
        for each in sorted(found, key=lambda entry: entry.stat().st_mtime)[: _MOST // 2]:
            os.unlink(each.path)


@cache
def _folder() -> str | None:
    return cache_folder()


@cache
def _language() -> str:
    """What reads a text: this Python, and the files of the grammar and of the language."""
    here = os.path.dirname(os.path.abspath(__file__))
    parts = [sys.version]
    for place in (here, os.path.join(here, "syntax"), folder("grammars")):
        with os.scandir(place) as entries:
            parts += sorted(
                f"{each.name} {each.stat().st_size} {each.stat().st_mtime_ns}"
                for each in entries
                if each.name.endswith((".py", ".lark", ".toml"))
            )
    return "\n".join(parts)
