"""`yibao check`, `fmt` and `test`: files and folders."""

import errno
import json
import os
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Yibao

CLEAN = 'credit 10元 monthly cite "a paper"\n'
FAILING = """\
retired credit 10元
test "ten"
given retired
expect credit = 10元
test "twelve"
given retired
expect credit = 12元
test "refused"
given active
expect credit = 10元
"""


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.yb").write_text(text, encoding="utf-8")


# ── test ──


def test_failures_show_what_was_expected_and_why(yibao: Yibao, folder: Path) -> None:
    write(folder, a=FAILING, b='credit 1元\ntest "one"\nexpect credit = 1元\n')
    done = yibao("test")
    assert (done.code, done.err) == (1, "")
    assert (
        done.out
        == """\
a.yb: 1 passed, 2 failed
  ✗ a.yb:7:1: twelve
    - expected 12元
    + found 10.00元
      credit = 10.00元
        retired credit 10元 = 10.00元  (a.yb:1:1)
          retired = yes
            status = retired  (given)
          round half up to 0.01元 = 10.00元  (prelude.yb:43:1)
  ✗ a.yb:10:1: refused
    - expect credit = 10元
      credit: no figure: no rule of `credit` applies to this person
        YB402: no rule of `credit` applies to this person
        retired credit 10元: does not apply  (a.yb:1:1)
          retired = no
            status = active  (given)
b.yb: 1 passed
2 passed, 2 failed
"""
    )


def test_all_well(yibao: Yibao, folder: Path) -> None:
    write(folder, b='credit 1元\ntest "one"\nexpect credit = 1元\n')
    done = yibao("test", "b.yb", "--lang", "zh")
    assert (done.code, done.out) == (0, "b.yb\uff1a1 项通过\n1 项通过\n")


def test_tests_are_listed(yibao: Yibao, folder: Path) -> None:
    write(folder, a=FAILING)
    done = yibao("test", "--list", ".")
    assert (done.code, done.out) == (0, "a.yb:2:1: ten\na.yb:5:1: twelve\na.yb:8:1: refused\n")


def test_tests_in_json(yibao: Yibao, folder: Path) -> None:
    write(folder, a=FAILING)
    found = json.loads(yibao("test", "--json").out)
    assert (found["passed"], found["failed"]) == (1, 2)
    failure = found["files"][0]["tests"][1]["failures"][0]
    assert failure["diagnostic"]["code"] == "YB601" and failure["found"]["value"] == "10.00"


def test_no_tests(yibao: Yibao, folder: Path) -> None:
    write(folder, a=CLEAN)
    done = yibao("test")
    assert (done.code, done.out) == (1, "") and done.err.startswith("error[YB603]: ")


def test_an_unreadable_file_fails(yibao: Yibao, folder: Path) -> None:
    write(folder, a="credit\n", b='credit 1元\ntest "one"\nexpect credit = 1元\n')
    done = yibao("test")
    assert (done.code, done.out) == (1, "b.yb: 1 passed\n1 passed, 1 file not read\n")
    assert done.err.startswith("error[YB0")


def test_hidden_folders_are_left_out(yibao: Yibao, folder: Path) -> None:
    (folder / ".old").mkdir()
    (folder / "new").mkdir()
    write(folder / ".old", a=FAILING)
    write(folder / "new", b='credit 1元\ntest "one"\nexpect credit = 1元\n')
    assert yibao("test").out.startswith(f"{os.path.join('new', 'b.yb')}: 1 passed")


# ── check ──


def test_clean(yibao: Yibao, folder: Path) -> None:
    write(folder, a=CLEAN)
    done = yibao("check", "a.yb", "--strict")
    assert (done.code, done.out, done.err) == (0, "1 file checked: 0 errors, 0 warnings\n", "")


def test_a_warning_counts_when_strict(yibao: Yibao, folder: Path) -> None:
    write(folder, a='retired credit 1元 monthly cite "a paper"\n')
    done = yibao("check", "a.yb")
    assert done.code == 0 and "warning[YB501]" in done.err
    assert "error" not in done.err and "1 warning" in done.out
    assert yibao("check", "a.yb", "--strict").code == 1


def test_errors(yibao: Yibao, folder: Path) -> None:
    write(folder, a="credit 10元 if agge\n", b="credit tenn monthly\n")
    done = yibao("check", ".")
    assert done.code == 1 and done.out.startswith("2 files checked: 2 errors, ")
    assert "a.yb:1:" in done.err and "b.yb:1:8" in done.err


def test_errors_in_json(yibao: Yibao, folder: Path) -> None:
    write(folder, b="credit tenn monthly\n")
    done = yibao("check", "b.yb", "--json")
    found = json.loads(done.out)
    assert (done.code, done.err) == (1, "")
    assert ("YB101", "b.yb", 1, 8) in [
        (each["code"], each["file"], each["line"], each["column"]) for each in found
    ]


def test_an_included_file_speaks_once(yibao: Yibao, folder: Path) -> None:
    write(folder, a='include "b.yb"\ncredit 1元\n', b="credit tenn monthly\n", c='include "b.yb"\n')
    errors = [each for each in json.loads(yibao("check", ".", "--json").out)
              if each["severity"] == "error"]  # fmt: skip
    assert [each["file"] for each in errors] == ["b.yb"]


def test_a_folder_without_rules(yibao: Yibao, folder: Path) -> None:
    done = yibao("check", ".")
    assert (done.code, done.err.splitlines()[0]) == (2, "yibao: .: no .yb files in this folder")


# ── fmt ──


def test_formatting_prints(yibao: Yibao, folder: Path) -> None:
    write(folder, a="age>=70   credit 10元\n")
    done = yibao("fmt", "a.yb")
    assert (done.code, done.out, done.err) == (0, "age >= 70 credit 10元\n", "")
    assert yibao("fmt", "a.yb", "--lang", "zh").out == "年龄≥70\uff0c划入10元\n"


def test_what_would_change(yibao: Yibao, folder: Path) -> None:
    write(folder, a="age>=70   credit 10元\n", b="credit 10元\n")
    done = yibao("fmt", "--check", ".")
    assert (done.code, done.out) == (1, "a.yb would change\n")
    assert yibao("fmt", "--check", "b.yb").code == 0


def test_writing(yibao: Yibao, folder: Path) -> None:
    write(folder, a="age>=70   credit 10元\n", b="credit 10元\n")
    os.chmod(folder / "a.yb", 0o640)
    assert yibao("fmt", "--write", ".").out == "a.yb written\n"
    assert (folder / "a.yb").read_bytes() == "age >= 70 credit 10元\n".encode()
    assert stat.S_IMODE((folder / "a.yb").stat().st_mode) == 0o640
    assert sorted(path.name for path in folder.iterdir()) == ["a.yb", "b.yb"]


def test_a_link_stays_a_link(yibao: Yibao, folder: Path) -> None:
    write(folder, a="age>=70   credit 10元\n")
    (folder / "link.yb").symlink_to("a.yb")
    assert yibao("fmt", "--write", "link.yb").code == 0
    assert (folder / "link.yb").is_symlink()
    assert (folder / "a.yb").read_text("utf-8") == "age >= 70 credit 10元\n"


def test_line_ends_are_formatted(yibao: Yibao, folder: Path) -> None:
    (folder / "a.yb").write_bytes("credit 10元\r\n".encode())
    assert yibao("fmt", "--check", "a.yb").code == 1
    assert yibao("fmt", "--write", "a.yb").code == 0
    assert (folder / "a.yb").read_bytes() == "credit 10元\n".encode()


def test_a_file_that_cannot_be_read_is_never_written(yibao: Yibao, folder: Path) -> None:
    write(folder, a="credit 10元 10元\n", b="credit    10元\n")
    done = yibao("fmt", "--write", ".")
    assert (done.code, done.out) == (1, "b.yb written\n")
    assert done.err.startswith("error[YB001]: ")
    assert (folder / "a.yb").read_text("utf-8") == "credit 10元 10元\n"


def test_names_of_included_files_are_known(yibao: Yibao, folder: Path) -> None:
    write(folder, a='include "b.yb"\ncredit due\n', b="define due | 应划金额 = 1元\n")
    assert yibao("fmt", "a.yb", "--lang", "zh").out == '引用 "b.yb"\n划入应划金额\n'


def test_a_write_that_fails_leaves_the_old_file(
    yibao: Yibao, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, a="credit    10元\n")

    def refuse(source: str, target: str) -> None:
        raise PermissionError(errno.EACCES, "no", target)

    monkeypatch.setattr(os, "replace", refuse)
    done = yibao("fmt", "--write", "a.yb")
    path = os.path.realpath(folder / "a.yb")
    assert (done.code, done.err) == (1, f"yibao: {path}: permission denied\n")
    assert [each.name for each in folder.iterdir()] == ["a.yb"]
    assert (folder / "a.yb").read_text("utf-8") == "credit    10元\n"


def test_check_or_write(yibao: Yibao, folder: Path) -> None:
    write(folder, a=CLEAN)
    assert yibao("fmt", "--write", "--check", "a.yb").code == 2
