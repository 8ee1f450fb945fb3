"""When a figure is asked for."""

from datetime import date

import pytest

from yibaolang.engine.asked import Asked, asked_by, asked_for, moment, moment_of
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.parser import parse
from yibaolang.language.source import Source

DAY = date(2024, 2, 20)


@pytest.mark.parametrize(
    ("asked", "kind", "first", "last", "shown"),
    [
        (Asked.never(), "none", None, None, ""),
        (Asked.on(DAY), "day", DAY, DAY, "2024-02-20"),
        (Asked.month(DAY), "month", date(2024, 2, 1), date(2024, 2, 29), "2024-02"),
        (Asked.year(2024), "span", date(2024, 1, 1), date(2024, 12, 31), "2024"),
        (Asked.year(2024, True), "span", date(2024, 1, 1), date(2024, 12, 31), "2024"),
        (
            Asked.span(DAY, date(2024, 3, 1)),
            "span",
            DAY,
            date(2024, 3, 1),
            "2024-02-20..2024-03-01",
        ),
    ],
)
def test_each_kind(
    asked: Asked, kind: str, first: date | None, last: date | None, shown: str
) -> None:
    assert (asked.kind, asked.first, asked.last, str(asked)) == (kind, first, last, shown)


def test_the_months_of_a_span() -> None:
    span = Asked.span(DAY, date(2024, 4, 1))
    assert [str(each) for each in span.months()] == ["2024-02", "2024-03", "2024-04"]
    assert len(list(Asked.year(2024).months())) == 12
    assert list(Asked.never().months()) == []


def test_both_ends_are_in_it() -> None:
    span = Asked.span(DAY, date(2024, 3, 1))
    days = (date(2024, 2, 19), DAY, date(2024, 3, 1), date(2024, 3, 2))
    assert [span.holds(day) for day in days] == [False, True, True, False]
    assert not Asked.never().holds(DAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("show credit", Asked.on(DAY)),
        ("show credit on 2024-06-20", Asked.on(date(2024, 6, 20))),
        ("show credit on 2024年6月", Asked.month(date(2024, 6, 1))),
        ("show credit in 2024", Asked.year(2024)),
        ("show credit by month in 2024", Asked.year(2024, True)),
        ("show credit from 2024-01-01 to 2024-02-20", Asked.span(date(2024, 1, 1), DAY)),
    ],
)
def test_what_a_sentence_asks_for(text: str, expected: Asked) -> None:
    document, _ = parse(Source.of("a.yb", text))
    (sentence,) = document.sentences
    assert isinstance(sentence, syntax.Show)
    assert asked_by(sentence.period, Asked.on(DAY)) == expected


def test_a_moment_is_a_day_or_a_month() -> None:
    assert moment(syntax.DateLiteral((0, 0), 2024, 2, 20, False)) == Asked.on(DAY)
    assert moment(syntax.DateLiteral((0, 0), 2024, 2, 1, True)) == Asked.month(DAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-20", Asked.on(DAY)),
        ("2024年2月20日", Asked.on(DAY)),
        ("2024-02", Asked.month(DAY)),
        ("2024年2月", Asked.month(DAY)),
        (DAY, Asked.on(DAY)),
    ],
)
def test_a_moment_of_a_program(text: str | date, expected: Asked) -> None:
    assert moment_of(text) == expected


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-02-30", "2024-2-3", "yesterday", "2024-02-20 x"]
)
def test_no_moment(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        moment_of(text)
    assert [each.code for each in caught.value.diagnostics] == ["YB014"]


def test_what_a_program_asks_for() -> None:
    assert asked_for(None, None, None, None) == Asked.never()
    assert asked_for("2024-02", None, None, None) == Asked.month(DAY)
    assert asked_for(None, 2024, None, None) == Asked.year(2024)
    assert asked_for(None, None, "2024-01", "2024-02") == Asked.span(
        date(2024, 1, 1), date(2024, 2, 29)
    )
