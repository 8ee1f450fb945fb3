"""A definition that is given without a date says nothing about another day (YB419)."""

import pytest

from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import Refusal

_TEXT = "define older = age + 1\ndefine then = older as of 2020-01-01\n"


def test_a_definition_given_without_a_date_is_not_known_on_another_day() -> None:
    rules = read(_TEXT)
    with pytest.raises(Refusal) as caught:
        rules.figure("then", given="age = 72", on="2024-06-01")
    assert caught.value.diagnostics[0].code == "YB419"


def test_its_date_of_birth_is_enough() -> None:
    assert str(read(_TEXT).figure("then", given="birth 1950-01-01", on="2024-06-01")) == "71"
