"""Typed sessions of tests/golden: what is answered to each of their lines.

The first line says what session it is: `# session`, or `# sandbox` with bounds such as
`sentences=2`. Every other line is typed by itself, on a day that is always the same.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from yibaolang.session.sandbox import Sandbox
from yibaolang.session.session import Session

TODAY = date(2024, 6, 20)


def transcript_of(document: Path, lang: str) -> str:
    """The lines of a document, each after a prompt, with what is answered to them."""
    first, *lines = document.read_text(encoding="utf-8").splitlines()
    session = Session(lang=lang, sandbox=_sandbox(first), today=TODAY)
    return "\n".join(_told(session, lines)) + "\n"


def _sandbox(first: str) -> Sandbox | None:
    kind, *bounds = first.removeprefix("#").split()
    if kind == "session":
        return None
    if kind != "sandbox":
        raise ValueError(f"a document begins with # session or # sandbox, not with {first}")
    said = (each.split("=") for each in bounds)
    return Sandbox(**{name: int(bound) for name, bound in said})


def _told(session: Session, lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield f"> {line}"
        told = session.text(line)
        if told:
            yield told
