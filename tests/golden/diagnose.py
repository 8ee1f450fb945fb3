"""What is said of a document: the one place where golden tests ask."""

from pathlib import Path

from yibaolang.language.diagnostics import Diagnostic, limited
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.model.book import build
from yibaolang.model.loading import prelude, prelude_names


def diagnostics_of(path: Path) -> list[Diagnostic]:
    """The diagnostics of a file, under its bare name, as a command shows them."""
    return diagnostics_of_text(path.name, path.read_text(encoding="utf-8"))


def diagnostics_of_text(name: str, text: str) -> list[Diagnostic]:
    """The diagnostics of a text."""
    document, unreadable = parse(Source.of(name, text), names=prelude_names())
    _, unfitting = build([prelude(), document])
    return limited([*unreadable, *unfitting])
