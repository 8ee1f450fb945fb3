"""`yibao compile`: the program of a figure, each part with its sentence."""

from pathlib import Path

import pytest

from tests.cli.conftest import Yibao

RULES = """region 甲市
active credit 2% of contribution_base monthly on day 10
retired credit 80元 monthly on day 10
"""
ON = ("--in", "甲市", "--on", "2024-06")


@pytest.fixture
def rules(folder: Path) -> Path:
    """A file of rules."""
    path = folder / "rules.yb"
    path.write_text(RULES, "utf-8")
    return path


def test_python_with_its_sentences(yibao: Yibao, rules: Path) -> None:
    done = yibao("compile", "rules.yb", *ON)
    assert (done.code, done.err) == (0, "")
    lines = [line.strip() for line in done.out.splitlines()]
    assert lines[0].startswith("def figure(asked, ")
    at = lines.index(
        "# rules.yb:2:1: active credit 2% of contribution_base monthly on day 10"
    )
    assert "return ((given_contribution_base + 25) // 50)" in lines[at:]
    assert yibao("compile", "rules.yb", *ON, "--to", "python").out == done.out


def test_llvm_into_a_file(yibao: Yibao, rules: Path) -> None:
    done = yibao("compile", "rules.yb", *ON, "--to", "llvm", "--out", "credit.ll")
    assert (done.code, done.err) == (0, "")
    text = (rules.parent / "credit.ll").read_text("utf-8")
    assert done.out == f"credit.ll: {len(text.splitlines())} lines\n"
    assert "; rules.yb:2:1: active credit 2% of contribution_base monthly on day 10" in text
    assert "define i64 @rows(" in text


def test_another_figure(yibao: Yibao, rules: Path) -> None:
    done = yibao("compile", "rules.yb", *ON, "--figure", "年龄")
    assert done.code == 0
    assert "# prelude.yb:" in done.out and "given_birth" in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((*ON, "--to", "c"), 2, "--to is python or llvm, not c"),
        ((*ON, "--figure", "credit,deduct"), 2, "a program is of one figure"),
        (("--in", "甲市"), 2, "--on says for which day or month"),
        (("--on", "2024-06"), 2, "--in says in which region: 甲市"),
        ((*ON, "--figure", "credti"), 1, "YB424"),
        ((*ON, "--figure", "net credit"), 1, "YB480"),
    ],
)
def test_what_cannot_be(
    yibao: Yibao, rules: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = yibao("compile", "rules.yb", *arguments)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
