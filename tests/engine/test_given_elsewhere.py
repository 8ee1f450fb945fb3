"""A definition that is given without a date says nothing about another day (YB419)."""

from datetime import date

import pytest

from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import Refusal

_TEXT = "define older = age + 1\ndefine earlier = older as of 2020-01-01\n"


def test_a_definition_given_without_a_date_is_not_known_on_another_day() -> None:
    rules = read(_TEXT)
    with pytest.raises(Refusal) as caught:
        rules.figure("earlier", given="age = 72", on="2024-06-01")
    assert caught.value.diagnostics[0].code == "YB419"


def test_its_date_of_birth_is_enough() -> None:
    assert str(read(_TEXT).figure("earlier", given="birth 1950-01-01", on="2024-06-01")) == "71"


def test_nobody_is_in_two_regions_on_one_day() -> None:
    rules = read("region 甲\nregion 乙\n")
    with pytest.raises(Refusal) as caught:
        rules.facts("in 甲, in 乙")
    assert caught.value.diagnostics[0].code == "YB423"
    facts = rules.facts("in 甲 until 2024-06-30, in 乙 since 2024-07-01")[1]
    assert [facts.region_on(date(2024, month, 1)) for month in (6, 7)] == ["甲", "乙"]
