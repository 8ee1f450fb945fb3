"""A param that is written in a version holds in that version only."""

from yibaolang.engine.asked import asked_for
from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import Refusal

_TEXT = "region 甲\ncredit x\nsince 2024-01-01 until 2024-12-31\nparam x: money = 9元\n"


def code_on(day: str) -> str:
    try:
        return str(read(_TEXT).figure("credit", region="甲", on=day))
    except Refusal as refusal:
        return refusal.diagnostics[0].code


def test_a_value_without_dates_has_those_of_its_version() -> None:
    assert [code_on(day) for day in ("2023-12-31", "2024-01-01", "2024-12-31", "2025-01-01")] == [
        "YB406", "9.00元", "9.00元", "YB406",
    ]  # fmt: skip


def test_a_row_ends_with_its_version() -> None:
    text = _TEXT.replace("= 9元", "\n  2024-03-01 8元")
    rules = read(text)
    assert str(rules.figure("credit", region="甲", on="2024-03-01")) == "8.00元"
    for day in ("2024-02-29", "2025-01-01"):
        asked = asked_for(day, None, None, None)
        assert str(rules.ask("credit", asked, rules.facts("")[1], "甲")) == "YB406"
