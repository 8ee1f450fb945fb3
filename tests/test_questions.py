"""The questions that people ask: each is a file that runs, and the causes of a change add up."""

import re
from pathlib import Path

import pytest

from yibaolang import load
from yibaolang.cli.main import main
from yibaolang.engine import script
from yibaolang.language import syntax

_FILES = sorted((Path(__file__).parent.parent / "examples" / "questions").glob("*.yb"))
_CITED = re.compile(r"(?:questions?|问题) ([0-9, ]+)[:\uff1a]")
# Kinds V, Y and W of the seeds' questions; the others ask how to do something, or of other things.
_ANSWERED = frozenset(range(1, 45)) - {3, 11, 24, 28, 35}
_HELD = ("before", "after")


def test_every_question_with_an_answer_has_one() -> None:
    cited = {
        int(number)
        for path in _FILES
        for numbers in _CITED.findall(path.read_text(encoding="utf-8"))
        for number in numbers.split(",")
    }
    assert cited == _ANSWERED


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_a_file_runs_in_both_languages(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for lang in ("en", "zh"):
        assert main(["run", "--lang", lang, str(path)]) == 0, capsys.readouterr().err
        assert capsys.readouterr().out.strip()


def test_the_causes_of_a_change_add_up_to_it() -> None:
    """To the fen: the balance before, every cause, and the balance after."""
    asked = 0
    for path in _FILES:
        rules = load(str(path))
        for entry in rules.book.questions:
            if not isinstance(entry.sentence, syntax.Why):
                continue
            asked += 1
            answer = script.answer(rules, entry).rows[0].result.answer
            held = {each.kind: each.fen for each in answer.causes if each.kind in _HELD}
            moved = sum(each.fen for each in answer.causes if each.kind not in _HELD)
            assert moved == answer.value == held["after"] - held["before"]
            assert all(sum(each.parts) == each.fen for each in answer.causes if each.parts)
    assert asked >= 3
