"""Reading files: a text, what it includes, and the prelude that every text builds on.

A file may include files of its own project folder, which is the folder of the file that was asked
for, and regions of the library, which travels with the package. Nothing else: no absolute paths,
no way out of the folder, no links out of it, no addresses.
"""

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache

from attrs import define, field

from yibaolang.language.declared import declared_names
from yibaolang.language.diagnostics import Diagnostic, diagnostic
from yibaolang.language.lexer import fold
from yibaolang.language.parser import parse
from yibaolang.language.source import Place, Source
from yibaolang.language.suggest import suggestions
from yibaolang.language.syntax import Document
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.limits import LIMITS
from yibaolang.resources import folder

_HEADER = re.compile(r"^[ \t]*(?:region|地区)[ \t]*([^#\n]*)", re.MULTILINE)
_INCLUDE = re.compile(
    r'^[ \t]*(?:include|引用)[ \t]*(?:"([^"\n]*)"|\u300c?([^\s"#\u300d]+)\u300d?)', re.MULTILINE
)


@cache
def prelude() -> Document:
    """The sentences that every region shares."""
    path = os.path.join(os.path.dirname(__file__), "prelude.yb")
    with open(path, encoding="utf-8") as file:
        source = Source.of("prelude.yb", file.read())
    document, problems = parse(source, keep=True)
    if problems:
        raise ValueError(f"the prelude does not parse: {problems[0]}")
    return document


@cache
def prelude_names() -> frozenset[str]:
    """The Chinese names of the prelude."""
    return declared_names(prelude().source.text, vocabulary())


@cache
def library_files() -> dict[str, str]:
    """The files of the library by the names and aliases of their regions.

    >>> "山东" in library_files()
    True
    """
    found: dict[str, str] = {}
    place = os.path.join(folder("examples"), "regions")
    for name in sorted(os.listdir(place)):
        if name.endswith(".yb"):
            path = os.path.join(place, name)
            with open(path, encoding="utf-8") as file:
                for region in declared_regions(file.read()):
                    found.setdefault(region, path)
    return found


def declared_regions(text: str) -> Iterator[str]:
    r"""The names and aliases in the headers of regions in a text, found before it is read.

    >>> list(declared_regions("region 甲市 | jia under 乙省\ncredit 5元"))
    ['甲市', 'jia']
    """
    for header in _HEADER.findall(text):
        for alias in re.split(r"[|｜]", header):
            words = alias.split()
            if words:
                yield words[0]


@define(eq=False)
class Loader:
    """Reads files in order, each once, includes before what includes them."""

    names: set[str] = field(factory=set)
    documents: list[Document] = field(factory=list)
    diagnostics: list[Diagnostic] = field(factory=list)
    _read: set[str] = field(factory=set)
    _project: str = ""

    def __attrs_post_init__(self) -> None:
        self.documents.append(prelude())
        self.names |= prelude_names()

    @property
    def files(self) -> frozenset[str]:
        """The real paths of the files that were read."""
        return frozenset(self._read)

    def file(self, path: str, shown: str | None = None) -> None:
        """A file that the user names; its folder is the project's."""
        self._project = os.path.realpath(os.path.dirname(path) or ".")
        self._file(path, shown or path, None, 0)

    def text(self, source: Source, project: str = "") -> None:
        """A text that is not a file, such as an argument; `project` is where its includes are."""
        self._project = os.path.realpath(project or ".")
        self._source(source, self._project, 0, keep=False)

    def library(self, region: str, place: Place | None = None, depth: int = 0) -> bool:
        """A region of the library by name or alias; False, with a diagnostic, if there is none."""
        path = library_files().get(region)
        if path is None:
            near = suggestions(region, library_files(), limit=1)
            self.diagnostics.append(
                diagnostic("YB044", place, name=region, suggestion=near[0] if near else "")
            )
            return False
        self._file(path, f"regions/{os.path.basename(path)}", place, depth)
        return True

    def whole_library(self) -> None:
        """Every region of the library."""
        for path in sorted(set(library_files().values())):
            self._file(path, f"regions/{os.path.basename(path)}", None, 0)

    def _file(self, path: str, shown: str, place: Place | None, depth: int) -> None:
        real = os.path.realpath(path)
        if real in self._read:
            return
        if depth > LIMITS.include_depth or len(self._read) >= LIMITS.include_files:
            self._object("YB042", place, limit=LIMITS.include_files)
            return
        self._read.add(real)
        text = self._text_of(path, shown, place)
        if text is not None:
            self._source(Source.of(shown, text), os.path.dirname(real), depth)

    def _text_of(self, path: str, shown: str, place: Place | None) -> str | None:
        try:
            if os.path.getsize(path) > LIMITS.source_bytes:
                size = os.path.getsize(path)
                self._object("YB002", place, size=size, limit=LIMITS.source_bytes)
                return None
            with open(path, encoding="utf-8-sig") as file:
                return file.read()
        except UnicodeDecodeError:
            self._object("YB043", place, path=shown)
        except OSError as error:
            self._object("YB040", place, path=shown, reason=error.strerror or "")
        return None

    def _source(self, source: Source, beside: str, depth: int, keep: bool = True) -> None:
        for path, region, place in _includes(source):
            if region:
                if region in library_files():
                    self.library(region, place, depth + 1)
                else:
                    self.library(region, place)
            else:
                self._included(path, beside, place, depth + 1)
        self.names |= declared_names(source.text, vocabulary())
        document, problems = parse(source, self.names, keep=keep)
        self.documents.append(document)
        self.diagnostics += problems

    def _included(self, path: str, beside: str, place: Place, depth: int) -> None:
        parts = path.replace("\\", "/").split("/")
        target = os.path.realpath(os.path.join(beside, path))
        inside = target.startswith((self._project + os.sep, _library_folder() + os.sep))
        if os.path.isabs(path) or ".." in parts or ":" in path or not inside:
            self._object("YB041", place, path=path)
            return
        self._file(os.path.join(beside, path), path, place, depth)

    def _object(self, code: str, place: Place | None, **arguments: str | int) -> None:
        self.diagnostics.append(diagnostic(code, place, notes=(), **arguments))


def _library_folder() -> str:
    return os.path.realpath(folder("examples"))


def _includes(source: Source) -> Iterator[tuple[str, str, Place]]:
    """Path or region of each include sentence, and where it is named."""
    for match in _INCLUDE.finditer(fold(source.text)):
        group = 1 if match[1] is not None else 2
        place = Place(source, match.span(group))
        yield match[1] or "", match[2] or "", place


def load(paths: Iterable[str]) -> Loader:
    """The documents of some files and all that they include, and what is wrong with them."""
    loader = Loader()
    for path in paths:
        loader.file(path)
    return loader
