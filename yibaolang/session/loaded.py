"""The files that a session has read: rules of the user's, and what sentences include."""

import os
from collections.abc import Iterable

from attrs import frozen

from yibaolang.language.diagnostics import Diagnostic, Refusal, diagnostic
from yibaolang.language.source import Source
from yibaolang.language.syntax import Document
from yibaolang.model.loading import Loader

Stamp = tuple[int, int]
"""When a file was written (ns), and its size in bytes; (0, 0) for none."""


@frozen(eq=False)
class Loaded:
    """Documents and their Chinese names, from `paths` and from the texts of `included` sentences.

    `stamps` are the files that were read, as they were then.
    """

    paths: tuple[str, ...]
    included: tuple[str, ...]
    documents: tuple[Document, ...]
    names: frozenset[str]
    stamps: tuple[tuple[str, Stamp], ...]

    @property
    def changed(self) -> tuple[str, ...]:
        """The files that are not as they were when they were read."""
        return tuple(path for path, stamp in self.stamps if stamp_of(path) != stamp)

    def adding(self, paths: Iterable[str] = (), included: Iterable[str] = ()) -> "Loaded":
        """With more files; Refusal with all that is wrong in them."""
        return load((*self.paths, *paths), (*self.included, *included))

    def again(self) -> "Loaded":
        """The same files as they are now; Refusal with all that is wrong in them."""
        return load(self.paths, self.included)


def load(paths: Iterable[str] = (), included: Iterable[str] = ()) -> Loaded:
    """Read files, and what sentences such as `include 山东` include; each file once.

    Refusal with everything that is wrong in them.
    """
    paths, included = tuple(dict.fromkeys(paths)), tuple(dict.fromkeys(included))
    loader = Loader()
    for path in paths:
        loader.file(path)
    for text in included:
        loader.text(Source.of("session", text))
    errors = [each for each in loader.diagnostics if each.severity == "error"]
    if errors:
        raise Refusal(*errors)
    stamps = tuple((path, stamp_of(path)) for path in sorted(loader.files))
    return Loaded(paths, included, tuple(loader.documents), frozenset(loader.names), stamps)


def only_library(text: str) -> Diagnostic | None:
    """What is wrong with an `include` sentence in a session that may not read files."""
    return diagnostic("YB045", None) if '"' in text else None


def stamp_of(path: str) -> Stamp:
    """When a file was written, and its size."""
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
