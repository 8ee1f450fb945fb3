"""Documents that were read before are taken from the user's cache, and only sound ones."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from yibaolang.language import kept
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.language.syntax import Document

TEXT = "# why\n\nage>=70 credit 2.5% of avg_pension  # at last\n定义甲乙=1元\n"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("YIBAO_CACHE_DIR", str(tmp_path / "cache"))
    kept._folder.cache_clear()
    yield tmp_path / "cache"
    kept._folder.cache_clear()


def said(document: Document) -> list[object]:
    return [(line.sentence, line.above, line.trailing) for line in document.lines]


def documents(folder: Path) -> list[Path]:
    return sorted(folder.glob("document-*"))


def test_a_kept_document_is_the_one_that_was_read(own_folder: Path) -> None:
    source = Source.of("a.yb", TEXT)
    first, problems = parse(source, keep=True)
    assert not problems and len(documents(own_folder)) == 1
    again, _ = parse(Source.of("b.yb", TEXT), keep=True)
    assert said(again) == said(first) and again.lines[0] is not first.lines[0]
    assert [each.span for each in again.sentences] == [each.span for each in first.sentences]
    assert again.source.name == "b.yb"


def test_names_decide_how_a_text_is_cut(own_folder: Path) -> None:
    for names in ((), ("年龄",)):
        parse(Source.of("a.yb", TEXT), names, keep=True)
    assert len(documents(own_folder)) == 2


def test_a_faulty_text_is_not_kept(own_folder: Path) -> None:
    _, problems = parse(Source.of("a.yb", "credit credit"), keep=True)
    assert problems and not documents(own_folder)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x80\x04N."])
def test_what_is_broken_is_read_again(own_folder: Path, content: bytes) -> None:
    first, _ = parse(Source.of("a.yb", TEXT), keep=True)
    (path,) = documents(own_folder)
    path.write_bytes(content)
    again, problems = parse(Source.of("a.yb", TEXT), keep=True)
    assert (said(again), problems) == (said(first), [])


def test_the_older_ones_are_forgotten(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 4)
    for number in range(6):
        parse(Source.of("a.yb", f"credit {number}元"), keep=True)
    assert len(documents(own_folder)) <= 4


def test_a_known_file_runs_without_lark(tmp_path: Path, own_folder: Path) -> None:
    script = tmp_path / "a.yb"
    script.write_text("region 甲\nretired credit 5元 monthly on day 1\n", encoding="utf-8")
    program = (
        "import sys; from yibaolang.cli.main import main; main(['check', sys.argv[1]]);"
        "print('lark' in sys.modules)"
    )
    found = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", program, str(script)],
            capture_output=True, text=True, check=True, env=os.environ, encoding="utf-8",
        )  # fmt: skip
        found.append(done.stdout.splitlines()[-1])
    assert found == ["True", "False"]
