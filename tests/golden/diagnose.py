"""What is said of a document: the one place where golden tests ask."""

from collections.abc import Iterator
from pathlib import Path

from yibaolang.analysis.checks import check
from yibaolang.engine import script
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Diagnostic, Refusal, limited
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.language.syntax import Document
from yibaolang.model.building import build
from yibaolang.model.loading import prelude, prelude_names


def diagnostics_of(path: Path) -> list[Diagnostic]:
    """The diagnostics of a file, under its bare name, as a command shows them."""
    return diagnostics_of_text(path.name, path.read_text(encoding="utf-8"))


def diagnostics_of_text(name: str, text: str) -> list[Diagnostic]:
    """All that is said of a text: reading it, checking it, its questions and its tests."""
    document, found = _read(name, text)
    if not any(each.severity == "error" for each in found):
        book, _ = build([prelude(), document])
        found += check(book, None, frozenset({name}))
        found += _of_running(document)
    return limited(found)


def diagnostics_of_reading(name: str, text: str) -> list[Diagnostic]:
    """What is said when a text is read and put into a book, before anything is checked."""
    return limited(_read(name, text)[1])


def _read(name: str, text: str) -> tuple[Document, list[Diagnostic]]:
    document, unreadable = parse(Source.of(name, text), names=prelude_names())
    _, unfitting = build([prelude(), document])
    return document, [*unreadable, *unfitting]


def _of_running(document: Document) -> Iterator[Diagnostic]:
    """Why questions have no answer and tests fail, up to the first that makes no sense."""
    try:
        rules = RuleBook([prelude(), document])
        for shown in script.questions(rules):
            for row in shown.rows:
                yield from row.result.refused
        for run in script.tests(rules):
            yield from (each.failure for each in run.tested if each.failure is not None)
    except Refusal as refusal:
        yield from refusal.diagnostics
