"""Every shape of rule has an example of its own, with the worked numbers in its tests."""

import re
from collections import Counter
from pathlib import Path

import pytest

from yibaolang.cli.main import main

_FILES = sorted((Path(__file__).parent.parent / "examples" / "shapes").glob("*.yb"))
_SHAPES = range(1, 39)
_NAME = re.compile(r"([0-9]{2})-[a-z][a-z-]*\.yb")
_TITLE = re.compile('^(?:test "|测试")([^"]*)"', re.MULTILINE)
_CITED = re.compile("shapes ([0-9]+)[:\uff1a]")


def shape_of(path: Path) -> int:
    """The number of the shape that a file is about, by its name."""
    found = _NAME.fullmatch(path.name)
    assert found, f"{path.name} is not named by the number of a shape"
    return int(found[1])


def test_every_shape_has_one_file() -> None:
    assert Counter(map(shape_of, _FILES)) == Counter(_SHAPES)


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_the_tests_of_a_file_cite_its_shape(path: Path) -> None:
    titles = _TITLE.findall(path.read_text(encoding="utf-8"))
    assert titles
    cited = [_CITED.match(title) for title in titles]
    assert {found and int(found[1]) for found in cited} == {shape_of(path)}


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_a_file_says_that_it_is_an_example(path: Path) -> None:
    header = path.read_text(encoding="utf-8").split("\n\n")[0]
    assert all(line.startswith("#") for line in header.splitlines())
    assert "n example, not law" in header or "仅为示例" in header


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_a_file_is_right(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its tests pass, it has no error or warning, and the formatter would change nothing."""
    assert main(["test", str(path)]) == 0, capsys.readouterr().out
    assert main(["check", "--strict", str(path)]) == 0, capsys.readouterr()
    assert main(["fmt", "--check", str(path)]) == 0


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_a_file_stands_by_itself(path: Path) -> None:
    assert not re.search("^(include|引用)", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_about_half_of_the_files_are_in_chinese() -> None:
    chinese = sum("测试" in path.read_text(encoding="utf-8") for path in _FILES)
    assert 15 <= chinese <= 23


def run(number: int, capsys: pytest.CaptureFixture[str]) -> str:
    """What the script of a shape's file prints."""
    (path,) = (each for each in _FILES if shape_of(each) == number)
    assert main(["run", "--lang", "en", str(path)]) == 0
    return capsys.readouterr().out


def test_sources_that_disagree_are_answered_side_by_side(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = run(30, capsys)
    assert "1500.00元" in answer
    assert "1704.00元" in answer


@pytest.mark.parametrize(
    "share",
    ["李四 129.99", "王五 65.00", "赵六 65.00", "李四 166.67", "王五 166.67", "赵六 166.66"],
)
def test_heirs_get_their_shares_and_no_fen_is_lost(
    share: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """259.99 yuan in shares of 1/2, 1/4, 1/4, and 500 yuan in three equal ones."""
    assert f"{share}元" in run(38, capsys)


@pytest.mark.parametrize(
    ("number", "wrong", "said", "expected"),
    [
        (2, "YB410", 'on 2024-08 expect credit refused "YB410"', ["100.00", "125.00"]),
        (2, "YB301", 'expect credit in 2024 refused "YB301"', ["1325.00", "1200.00"]),
        (5, "YB301", 'expect credit in 2024 refused "YB301"', ["2940.00", "245.00"]),
        (18, "YB431", 'expect fund refused "YB431"', ["565.00", "730.00"]),
        (30, "YB301", 'expect fund refused "YB301"', ["265.50", "0.00"]),
    ],
)
def test_what_is_left_unsaid_shows_the_readings(
    number: int, wrong: str, said: str, expected: list[str],
    capsys: pytest.CaptureFixture[str], tmp_path: Path,
) -> None:  # fmt: skip
    """The error of an unsaid rule tells each reading with its sum."""
    (path,) = (each for each in _FILES if shape_of(each) == number)
    assert main(["fmt", "--lang", "en", str(path)]) == 0
    text = capsys.readouterr().out
    assert said in text
    copy = tmp_path / path.name
    copy.write_text(text.replace(said, said.replace(f'refused "{wrong}"', "= 1元")), "utf-8")
    assert main(["test", str(copy)]) == 1
    shown = capsys.readouterr().out
    assert [each for each in expected if f" {each}元" in shown] == expected
