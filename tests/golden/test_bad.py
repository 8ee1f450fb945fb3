"""Every document of tests/golden/bad with the exact words about it, in both languages.

`YIBAO_UPDATE_GOLDEN=1` writes the words anew; a test whose words changed fails all the same, so
that nobody updates them without looking.
"""

import os
from pathlib import Path

import pytest

from tests.golden.diagnose import diagnostics_of
from yibaolang.language.diagnostics import render

BAD = Path(__file__).with_name("bad")
DOCUMENTS = sorted(BAD.glob("*.yb"))


def announced(document: Path) -> set[str]:
    """The codes that the comment in a document's first line names."""
    first = document.read_text(encoding="utf-8").split("\n", 1)[0]
    return set(first.removeprefix("#").split())


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_words(document: Path, lang: str) -> None:
    said = "\n\n".join(render(each, lang) for each in diagnostics_of(document)) + "\n"
    golden = document.with_suffix(f".{lang}.txt")
    before = golden.read_text(encoding="utf-8") if golden.exists() else ""
    if said != before and os.environ.get("YIBAO_UPDATE_GOLDEN") == "1":
        golden.write_text(said, encoding="utf-8", newline="\n")
    assert said == before


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_codes(document: Path) -> None:
    assert {each.code for each in diagnostics_of(document)} == announced(document)


def test_every_output_has_its_document() -> None:
    expected = {path.with_suffix(f".{lang}.txt") for path in DOCUMENTS for lang in ("en", "zh")}
    assert set(BAD.glob("*.txt")) == expected
