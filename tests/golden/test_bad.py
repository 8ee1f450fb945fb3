"""Every document of tests/golden/bad with the exact words about it, in both languages.

A document is a script, `NAME.yb`, or a command line after `yibao`, `NAME.cmd`, or the reading of
a file of rows, `NAME.rows`, with its files in the folder `NAME`; or it is what is typed into a
session, `NAME.session` (`tests/golden/sessions.py`). The first line of a script names
the codes of all that is said about it, the one that it is there for first.
`YIBAO_UPDATE_GOLDEN=1` writes the words anew; a test whose words changed fails all the same, so
that nobody updates them without looking.
"""

import os
import re
from pathlib import Path

import pytest

from tests.golden.commands import PREPARED, printed_by, rows_told_by
from tests.golden.diagnose import diagnostics_of
from tests.golden.sessions import transcript_of
from yibaolang.language import catalogue
from yibaolang.language.diagnostics import render

BAD = Path(__file__).with_name("bad")
DOCUMENTS = sorted(BAD.glob("*.yb"))
COMMANDS = sorted(BAD.glob("*.cmd"))
ROWS = sorted(BAD.glob("*.rows"))
SESSIONS = sorted(BAD.glob("*.session"))
_NUMBERED = re.compile(r"yb([0-9]{3})_[a-z0-9_]+")


def announced(document: Path) -> list[str]:
    """The codes that the comment in a document's first line names."""
    first = document.read_text(encoding="utf-8").split("\n", 1)[0]
    return first.removeprefix("#").split()


def code_of(document: Path) -> str:
    """The code that a document's name promises; "" for one about something else."""
    found = _NUMBERED.fullmatch(document.stem)
    return f"YB{found[1]}" if found else ""


def golden_words(document: Path, lang: str, said: str) -> str:
    """The words kept beside a document, after those said were written there if asked for."""
    golden = document.with_suffix(f".{lang}.txt")
    before = golden.read_text(encoding="utf-8") if golden.exists() else ""
    if said != before and os.environ.get("YIBAO_UPDATE_GOLDEN") == "1":
        golden.write_text(said, encoding="utf-8", newline="\n")
    return before


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_words(document: Path, lang: str) -> None:
    said = "\n\n".join(render(each, lang) for each in diagnostics_of(document)) + "\n"
    assert said == golden_words(document, lang, said)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.stem)
def test_words_of_a_command(
    command: Path,
    lang: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = printed_by(command, lang, tmp_path, capsys, monkeypatch)
    assert f"[{code_of(command)}]" in said
    assert said == golden_words(command, lang, said)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("command", ROWS, ids=lambda path: path.stem)
def test_words_of_rows(
    command: Path, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = rows_told_by(command, lang, tmp_path, monkeypatch)
    assert f"[{code_of(command)}]" in said
    assert said == golden_words(command, lang, said)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("document", SESSIONS, ids=lambda path: path.stem)
def test_words_of_a_session(document: Path, lang: str) -> None:
    said = transcript_of(document, lang)
    assert f"[{code_of(document)}]" in said
    assert said == golden_words(document, lang, said)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_codes(document: Path) -> None:
    said = diagnostics_of(document)
    assert {each.code for each in said} == set(announced(document))
    assert code_of(document) in ("", announced(document)[0])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_every_place_is_in_the_document(document: Path) -> None:
    said = diagnostics_of(document)
    places = [place for each in said for place in (each.place, *(n.place for n in each.notes))]
    assert {place.source.name for place in places if place is not None} <= {document.name}


def test_every_output_has_its_document() -> None:
    documents = [*DOCUMENTS, *COMMANDS, *ROWS, *SESSIONS]
    expected = {path.with_suffix(f".{lang}.txt") for path in documents for lang in ("en", "zh")}
    assert set(BAD.glob("*.txt")) == expected


def test_every_folder_and_preparation_has_its_command() -> None:
    stems = {path.stem for path in [*COMMANDS, *ROWS]}
    assert {path.name for path in BAD.iterdir() if path.is_dir()} <= stems
    assert PREPARED.keys() <= stems


def test_every_code_has_a_document() -> None:
    documents = [*DOCUMENTS, *COMMANDS, *ROWS, *SESSIONS]
    assert {code_of(path) for path in documents} - {""} == set(catalogue.codes())
