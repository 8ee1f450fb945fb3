"""The examples are laid out by the formatter, pass every check, and their own tests."""

from pathlib import Path

import pytest

from yibaolang.cli.main import main

_EXAMPLES = sorted((Path(__file__).parent.parent / "examples").rglob("*.yb"))


@pytest.mark.parametrize("path", _EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_as_the_formatter_writes_it(path: Path) -> None:
    assert main(["fmt", "--check", str(path)]) == 0


@pytest.mark.parametrize("path", _EXAMPLES, ids=lambda path: path.name)
def test_an_example_has_no_finding(path: Path) -> None:
    assert main(["check", "--strict", str(path)]) == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", _EXAMPLES, ids=lambda path: path.name)
def test_an_example_can_be_written_in_either_language(
    path: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fmt", "--lang", lang, str(path)]) == 0
    assert capsys.readouterr().out.strip()


def test_the_examples_pass_their_own_tests(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", *map(str, _EXAMPLES)]) == 0
    assert "failed" not in capsys.readouterr().out
