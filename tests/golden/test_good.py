"""Golden documents: a script and the exact output of running it, in both languages."""

import os
from pathlib import Path

import pytest

from yibaolang.cli.main import main

_FOLDER = Path(__file__).parent / "good"
_DOCUMENTS = sorted(path.stem for path in _FOLDER.glob("*.yb"))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", _DOCUMENTS)
def test_run(
    name: str, lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(_FOLDER)
    code = main(["run", f"{name}.yb", "--lang", lang])
    written = capsys.readouterr()
    found = f"{written.out}{written.err}exit {code}\n"
    expected = _FOLDER / f"{name}.{lang}.txt"
    before = expected.read_text(encoding="utf-8") if expected.exists() else ""
    if os.environ.get("YIBAO_UPDATE_GOLDEN"):
        expected.write_text(found, encoding="utf-8")
    assert found == before
