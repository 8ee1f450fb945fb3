"""Commands of tests/golden/bad: the folder in which each runs, and what it prints.

A command line is that of `yibao`, or for files of rows one of

    events FILE [grouped] [gb18030]
    people FILE

after which every row is told: its number, its account, its event or what is wrong with it. The
word `notebook` asks for the session of a notebook's cells, where there is none.
"""

import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

import yibaolang.notebook
from yibaolang.cli.main import main
from yibaolang.engine.event_files import grouped, read_events
from yibaolang.engine.people_files import read_people
from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import Refusal, render
from yibaolang.language.printer import Printer
from yibaolang.language.syntax import Sentence
from yibaolang.model.limits import LIMITS

_RULES = """
region 甲 | jia
since 2024-01-01 as "month after"
retired credit 100元 monthly on day 20
"""
Prepare = Callable[[Path, pytest.MonkeyPatch], None]


def printed_by(
    command: Path,
    lang: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """What a command prints, and its exit code, in a copy of the files beside it."""
    _prepare(command, folder, monkeypatch)
    # Not --lang, which for fmt is the language to write the file in.
    monkeypatch.setenv("YIBAO_LANG", lang)
    code = main(shlex.split(command.read_text(encoding="utf-8")))
    written = capsys.readouterr()
    return f"{written.out}{written.err}exit {code}\n"


def rows_told_by(command: Path, lang: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is read from a file of rows, in a copy of the files beside the command."""
    _prepare(command, folder, monkeypatch)
    told = "\n".join(_told(shlex.split(command.read_text(encoding="utf-8")), lang))
    return f"{told}\n"


def _told(words: list[str], lang: str) -> Iterator[str]:
    if words == ["notebook"]:
        yield _of_notebook(lang)
        return
    kind, path, *options = words
    book = read(_RULES).book
    encoding = "gb18030" if "gb18030" in options else None
    try:
        if "grouped" in options:
            for account, events in grouped(path, book, encoding=encoding):
                yield f"{account} {', '.join(each.id or each.kind for each in events)}"
            return
        reading = read_people if kind == "people" else read_events
        for row in reading(path, book, encoding=encoding):
            found = "read" if row.problem is None else render(row.problem, lang)
            yield f"{row.number} {row.account or '-'}: {found}"
    except Refusal as refusal:
        yield refusal.render(lang)


def _of_notebook(lang: str) -> str:
    try:
        return str(yibaolang.notebook.session())
    except Refusal as refusal:
        return refusal.render(lang)


def _prepare(command: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = command.with_suffix("")
    if beside.is_dir():
        shutil.copytree(beside, folder, dirs_exist_ok=True)
    if command.stem in PREPARED:
        PREPARED[command.stem](folder, monkeypatch)
    monkeypatch.chdir(folder)


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


def _no_pyarrow(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)


def _no_llvmlite(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llvmlite.binding", None)


def _no_pyspark(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)


def _no_java(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(folder))


def _inexact(folder: Path, _: pytest.MonkeyPatch) -> None:
    columns = {"account": ["007"], "date": ["2024-01-09"], "kind": ["bill"], "amount": [860.5]}
    parquet.write_table(pyarrow.table(columns), folder / "events.parquet")


def _events_in_gbk(folder: Path, _: pytest.MonkeyPatch) -> None:
    text = "# yibao events 1\naccount,date,kind,name,amount\n张三,2024-01-09,bill,门诊,860\n"
    (folder / "events.csv").write_bytes(text.encode("gb18030"))


# What a small file beside the command cannot hold: sizes at a limit, other encodings, a fault.
PREPARED: dict[str, Prepare] = {
    "yb002_too_many_bytes": _large,
    "yb026_too_many_tokens": _long,
    "yb030_formatter_at_fault": _wrong_printer,
    "yb042_too_many_files": _many,
    "yb043_not_utf_8": _gbk,
    "yb471_another_encoding": _events_in_gbk,
    "yb472_no_pyarrow": _no_pyarrow,
    "yb474_inexact_amounts": _inexact,
    "yb481_no_native_code": _no_llvmlite,
    "yb485_no_pyspark": _no_pyspark,
    "yb486_no_java": _no_java,
}
