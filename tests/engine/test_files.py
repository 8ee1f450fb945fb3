"""Files that are replaced whole or get a line at their end."""

import os
import stat
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from yibaolang.engine import files
from yibaolang.engine.files import append_line, replacing, replacing_text

POSIX = os.name == "posix"


class Crash(Exception):
    """What goes wrong in the middle."""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ── replaced ──


def test_a_new_file(tmp_path: Path) -> None:
    with replacing_text(tmp_path / "a.csv") as file:
        file.write("\u5f20\u4e09\r\n")
    assert (tmp_path / "a.csv").read_bytes() == "\u5f20\u4e09\r\n".encode()
    assert names(tmp_path) == ["a.csv"]


def test_nobody_sees_it_before_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    with replacing_text(path) as file:
        file.write("new" * 100_000)
        file.flush()
        assert path.read_text() == "old"
    assert path.read_text() == "new" * 100_000


@pytest.mark.parametrize("open_it", [replacing, replacing_text])
def test_a_crash_in_the_middle_leaves_the_old_file(
    tmp_path: Path, open_it: Callable[[Path], AbstractContextManager[object]]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(Crash), open_it(path):
        raise Crash
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.csv"]


def test_a_crash_leaves_no_new_file(tmp_path: Path) -> None:
    with pytest.raises(Crash), replacing_text(tmp_path / "a.csv") as file:
        file.write("half")
        raise Crash
    assert names(tmp_path) == []


def test_a_text_that_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError), replacing_text(path) as file:
        file.write("\ud800")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.csv"]


def test_a_rename_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_source: str, _target: str) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.csv"
    path.write_text("old")
    monkeypatch.setattr(files.os, "replace", fails)
    with pytest.raises(OSError, match="No space"), replacing_text(path) as file:
        file.write("new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.csv"]


def test_it_is_on_the_disk_before_it_is_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def kept(number: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(number).st_mode) else "file")
        assert done[-1] == "folder" or os.fstat(number).st_size == 3
        fsync(number)

    def renamed(source: str, target: str) -> None:
        done.append("rename")
        replace(source, target)

    monkeypatch.setattr(files.os, "fsync", kept)
    monkeypatch.setattr(files.os, "replace", renamed)
    with replacing_text(tmp_path / "a.csv") as file:
        file.write("new")
    assert done == ["file", "rename", *(["folder"] if POSIX else [])]


def test_permissions_stay_and_links_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    path.chmod(0o640)
    (tmp_path / "link").symlink_to(path)
    with replacing_text(tmp_path / "link") as file:
        file.write("new")
    assert path.read_text() == "new"
    assert (tmp_path / "link").is_symlink()
    if POSIX:
        assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    with replacing(tmp_path / "a.csv") as file:
        file.write(b"new")
    assert (tmp_path / "a.csv").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_file_that_must_not_be_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    monkeypatch.setattr(files.os, "access", lambda path, mode: False)
    with pytest.raises(PermissionError), replacing_text(path):
        pass
    assert path.read_text() == "old"


@pytest.mark.parametrize("path", ["", "missing/a.csv"])
def test_a_place_where_no_file_can_be(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError), replacing_text(path):
        pass


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(path.read_bytes()))
    reader.start()
    with replacing_text(path) as file:
        file.write("new")
    reader.join()
    assert read == [b"new"]
    assert stat.S_ISFIFO(path.stat().st_mode)


# ── a line at the end ──


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "x\u4e8c\n"),
        ("", "x\u4e8c\n"),
        ("one\n", "one\nx\u4e8c\n"),
        ("one", "one\nx\u4e8c\n"),
        ("one\n\n", "one\n\nx\u4e8c\n"),
        ("one\r\n", "one\r\nx\u4e8c\n"),
    ],
)
def test_a_line_is_added(tmp_path: Path, before: str | None, after: str) -> None:
    path = tmp_path / "a.yb"
    if before is not None:
        path.write_bytes(before.encode())
    append_line(path, "x\u4e8c")
    assert path.read_bytes() == after.encode()


@pytest.mark.parametrize("text", ["one\ntwo", "one\r", "\n"])
def test_one_line_only(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="no line end"):
        append_line(tmp_path / "a.yb", text)
    assert names(tmp_path) == []


def test_a_line_that_the_system_takes_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(files.os, "write", lambda number, data: write(number, data[:1]))
    (tmp_path / "a.yb").write_text("one")
    append_line(tmp_path / "a.yb", "two")
    assert (tmp_path / "a.yb").read_text() == "one\ntwo\n"


def test_lines_of_several_writers_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.yb"
    path.touch()
    path.write_text("first\n")

    def write(letter: str) -> None:
        for _ in range(50):
            append_line(path, letter * 200)

    writers = [threading.Thread(target=write, args=(letter,)) for letter in "abcd"]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    lines = [line for line in path.read_text().splitlines() if line]
    assert len(lines) == 201
    assert {line[0] * 200 for line in lines[1:]} == set(lines[1:])
