"""Commands of tests/golden/bad: the folder in which each runs, and what it prints."""

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from yibaolang.cli.main import main
from yibaolang.language.printer import Printer
from yibaolang.language.syntax import Sentence
from yibaolang.model.limits import LIMITS

Prepare = Callable[[Path, pytest.MonkeyPatch], None]


def printed_by(
    command: Path,
    lang: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """What a command prints, and its exit code, in a copy of the files beside it."""
    beside = command.with_suffix("")
    if beside.is_dir():
        shutil.copytree(beside, folder, dirs_exist_ok=True)
    if command.stem in PREPARED:
        PREPARED[command.stem](folder, monkeypatch)
    monkeypatch.chdir(folder)
    # Not --lang, which for fmt is the language to write the file in.
    monkeypatch.setenv("YIBAO_LANG", lang)
    code = main(shlex.split(command.read_text(encoding="utf-8")))
    written = capsys.readouterr()
    return f"{written.out}{written.err}exit {code}\n"


def _large(folder: Path, _: pytest.MonkeyPatch) -> None:
    (folder / "large.yb").write_bytes(b"#" * (LIMITS.source_bytes + 1))


def _long(folder: Path, _: pytest.MonkeyPatch) -> None:
    (folder / "long.yb").write_bytes(b"(\n" * (LIMITS.tokens + 1))


def _many(folder: Path, _: pytest.MonkeyPatch) -> None:
    names = [f"part{number}.yb" for number in range(LIMITS.include_files)]
    for name in names:
        (folder / name).write_bytes(b"")
    included = "".join(f'include "{name}"\n' for name in names)
    (folder / "rules.yb").write_bytes(included.encode())


def _gbk(folder: Path, _: pytest.MonkeyPatch) -> None:
    (folder / "gbk.yb").write_bytes("退休每月划入100元\n".encode("gbk"))


def _wrong_printer(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A printer that changes the meaning, for the shipped one must not."""
    block = Printer.block

    def wrong(self: Printer, nodes: list[Sentence]) -> list[str]:
        return [text.replace(">", "<") for text in block(self, nodes)]

    monkeypatch.setattr(Printer, "block", wrong)


# What a small file beside the command cannot hold: sizes at a limit, other encodings, a fault.
PREPARED: dict[str, Prepare] = {
    "yb002_too_many_bytes": _large,
    "yb026_too_many_tokens": _long,
    "yb030_formatter_at_fault": _wrong_printer,
    "yb042_too_many_files": _many,
    "yb043_not_utf_8": _gbk,
}
