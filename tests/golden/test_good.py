"""Golden documents in both languages: a script with what running it prints, a typed session."""

import os
from pathlib import Path

import pytest

from tests.golden.sessions import transcript_of
from yibaolang.cli.main import main

_FOLDER = Path(__file__).parent / "good"
_DOCUMENTS = sorted(path.stem for path in _FOLDER.glob("*.yb"))
_SESSIONS = sorted(_FOLDER.glob("*.session"))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", _DOCUMENTS)
def test_run(
    name: str, lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(_FOLDER)
    code = main(["run", f"{name}.yb", "--lang", lang])
    written = capsys.readouterr()
    found = f"{written.out}{written.err}exit {code}\n"
    assert found == _golden(_FOLDER / name, lang, found)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("document", _SESSIONS, ids=lambda path: path.stem)
def test_session(document: Path, lang: str) -> None:
    found = transcript_of(document, lang)
    assert found == _golden(document.with_suffix(""), lang, found)


def _golden(path: Path, lang: str, found: str) -> str:
    """The words kept for a document, after those found were written there if asked for."""
    expected = path.with_name(f"{path.name}.{lang}.txt")
    before = expected.read_text(encoding="utf-8") if expected.exists() else ""
    if os.environ.get("YIBAO_UPDATE_GOLDEN"):
        expected.write_text(found, encoding="utf-8")
    return before
