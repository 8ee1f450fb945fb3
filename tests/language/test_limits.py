"""The limits of a text: its size, the depth of its sentences, its numbers and its years."""

import pytest
from attrs import evolve

from yibaolang.language import limits
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.limits import too_deep, too_large
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.language.syntax import Cell, Name, Not, TableRow
from yibaolang.model.limits import LIMITS

S = (0, 0)


def codes(text: str) -> list[str]:
    return [each.code for each in parse(Source.of("a.yb", text))[1]]


def test_bytes_at_the_limit_and_one_past_it() -> None:
    comment = "# " + "a" * (LIMITS.source_bytes - 2)
    assert too_large(Source.of("a.yb", comment)) == []
    assert parse(Source.of("a.yb", comment))[1] == []
    (problem,) = too_large(Source.of("a.yb", comment + "a"))
    assert problem.code == "YB002"
    assert dict(problem.arguments) == {
        "size": LIMITS.source_bytes + 1, "limit": LIMITS.source_bytes,
    }  # fmt: skip
    document, problems = parse(Source.of("a.yb", comment + "a"))
    assert (document.lines, problems) == ((), [problem])


@pytest.mark.parametrize("character", ["a", "\u00e9", "\u5143", "\U00020000"])
def test_bytes_are_counted_and_not_characters(
    monkeypatch: pytest.MonkeyPatch, character: str
) -> None:
    monkeypatch.setattr(limits, "LIMITS", evolve(LIMITS, source_bytes=120))
    count = 120 // len(character.encode())
    assert too_large(Source.of("a.yb", character * count)) == []
    assert len(too_large(Source.of("a.yb", character * (count + 1)))) == 1


def test_half_a_surrogate_pair_is_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LIMITS", evolve(LIMITS, source_bytes=3))
    assert too_large(Source.of("a.yb", "\ud800")) == []
    assert len(too_large(Source.of("a.yb", "\ud800a"))) == 1


def row(depth: int) -> TableRow:
    value: Name | Not = Name(S, "x")
    for _ in range(depth - 1):
        value = Not(S, value)
    return TableRow(S, (Cell(S, "values", None, (Name(S, "y"), value), None),), 0)


def test_depth_is_counted_in_every_part_of_a_sentence() -> None:
    source = Source.of("a.yb", "x")
    too_deep(row(LIMITS.nesting), source)
    with pytest.raises(Refusal) as caught:
        too_deep(row(LIMITS.nesting + 1), source)
    (problem,) = caught.value.diagnostics
    assert (problem.code, dict(problem.arguments)) == ("YB007", {"limit": LIMITS.nesting})


def test_depth_is_that_of_one_place_and_not_of_all() -> None:
    many = TableRow(S, row(60).cells + row(60).cells, 0)
    too_deep(many, Source.of("a.yb", "x"))


@pytest.mark.parametrize(
    ("within", "past"),
    [
        ("9" * 15 + "元", "9" * 16 + "元"),
        ("1.000001元", "1.0000001元"),
        ("9" * 15 + "%", "9" * 16 + "%"),
        ("\u00a5" + "9" * 15, "\u00a5" + "9" * 16),
        ("9" * 15 + " * 1元", "9" * 16 + " * 1元"),
        ("1/" + "9" * 15, "1/" + "9" * 16),
        ("9" * 15 + "万元", "9" * 16 + "万元"),
        ("0.000001‰", "0.0000001‰"),
        ("9" * 15 + " months", "9" * 16 + " months"),
        ("9" * 15 + "年", "9" * 16 + "年"),
    ],
)
def test_digits_at_the_limit_and_one_past_it(within: str, past: str) -> None:
    assert codes(f"x = {within}") == []
    assert codes(f"x = {past}") == ["YB015"]


@pytest.mark.parametrize(
    ("within", "past"),
    [
        ("1900-01-01", "1899-12-31"),
        ("2200-12-31", "2201-01-01"),
        ("2200年12月31日", "2201年1月1日"),
        ("1900-01", "1899-12"),
        ("2200年12月", "2201年1月"),
    ],
)
def test_dates_at_the_limit_and_one_past_it(within: str, past: str) -> None:
    assert codes(f"on {within} expect credit refused") == []
    assert codes(f"on {past} expect credit refused") == ["YB014"]


def test_years_at_the_limit_and_one_past_it() -> None:
    for year in (1900, 2200):
        assert codes(f"x in {year}") == []
        assert codes(f"x in {year}年") == []
        assert codes(f"{year}年x") == []
    for year in (1899, 2201):
        assert codes(f"x in {year}") == ["YB014"]
        assert codes(f"{year}年x") == ["YB001"]
