"""Programs are written to be read, each part with the sentence that it comes from."""

import pytest

from yibaolang.engine.rulebook import library, read
from yibaolang.language.diagnostics import Refusal
from yibaolang.population.compiling import compiled
from yibaolang.population.rows import NAME
from yibaolang.population.text import program_text

RULES = library("beijing")


@pytest.mark.parametrize("figure", ["credit", "deduct", "age"])
@pytest.mark.parametrize("to", ["python", "llvm"])
def test_a_program_names_its_sentences(figure: str, to: str) -> None:
    text = program_text(RULES, figure, "beijing", "2024-05", to, "month after")
    mark = "#" if to == "python" else ";"
    said = [line.strip() for line in text.splitlines() if line.strip().startswith(f"{mark} ")]
    assert any(".yb:" in line or "prelude" in line for line in said)


def test_llvm_text_is_what_llvm_takes() -> None:
    text = program_text(RULES, "credit", "beijing", "2024-05", "llvm", "month after")
    assert "; column status: 0 active, 1 retired, 2 flexible, 3 resident" in text
    assert "; column contribution_base: fen" in text
    assert compiled(text, NAME).call([0] * 16, 0, 0) == 0


def test_versions_that_disagree_are_one_program_in_llvm() -> None:
    text = program_text(RULES, "credit", "beijing", "2024-05", "llvm")
    assert any(line.endswith("birthday month\"") or ": YB301 at" in line
               for line in text.splitlines())  # fmt: skip


@pytest.mark.parametrize(("figure", "to", "code"), [
    ("net credit", "python", "YB480"), ("wait for cover", "python", "YB480"),
    ("no such thing", "llvm", "YB424"), ("no such thing", "python", "YB424"),
])  # fmt: skip
def test_what_has_no_such_form_is_told(figure: str, to: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        program_text(RULES, figure, "beijing", "2024-05", to)
    assert refusal.value.diagnostics[0].code == code


def test_a_count_has_no_python_form() -> None:
    rules = read("define n = count of outpatient per year")
    with pytest.raises(Refusal) as refusal:
        program_text(rules, "n", "", "2024-05", "python")
    assert "YB480" in str(refusal.value)
    assert "count of outpatient" in str(refusal.value)


@pytest.mark.parametrize(("on", "to"), [(None, "llvm"), ("2024-05", "rust")])
def test_a_program_needs_a_day_and_a_form(on: str | None, to: str) -> None:
    with pytest.raises(ValueError, match="a program is"):
        program_text(RULES, "credit", "beijing", on, to)


@pytest.mark.parametrize("to", ["python", "llvm"])
def test_a_figure_spelled_wrong_is_told_with_the_right_one(to: str) -> None:
    with pytest.raises(Refusal) as refusal:
        program_text(RULES, "credti", "beijing", "2024-05", to)
    (why,) = refusal.value.diagnostics
    assert (why.code, dict(why.arguments)["suggestion"]) == ("YB424", "credit")
