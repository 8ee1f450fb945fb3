"""What is in force: the nearest region, what is added to it, named versions, intervals."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang.language.diagnostics import Refusal
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.model.building import build
from yibaolang.model.core import FIRST
from yibaolang.model.loading import prelude, prelude_names
from yibaolang.model.scope import Scope, change_days, interval

DAY = date(2024, 6, 20)
TREE = "region 全国\nregion 山东 under 全国\nregion 济南 under 山东\n"


def scope(
    text: str, region: str = "济南", day: date | None = DAY, uses: dict[str, str] | None = None
) -> Scope:
    document, problems = parse(Source.of("a.yb", TREE + text), prelude_names())
    assert problems == []
    book, unfitting = build([prelude(), document])
    assert unfitting == []
    return Scope(book, region, day, uses or {}, frozenset())


def lines(found: Scope, kind: str = "credit") -> list[int]:
    """The lines below TREE of the rules in force."""
    return [each.place.line - 3 for each in found.rules(kind)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("region 全国\ncredit 1元", [2]),
        ("region 全国\ncredit 1元\nregion 山东\ncredit 2元", [4]),
        ("region 全国\ncredit 1元\nregion 山东\nalso credit 2元", [4, 2]),
        ("region 全国\ncredit 1元\nregion 山东\nalso credit 2元\ncredit 3元", [4, 5]),
        (
            "region 全国\ncredit 1元\nregion 山东\nalso credit 2元\nregion 济南\nalso credit 3元",
            [6, 4, 2],
        ),
        ("region 全国\ncredit 1元\nregion 山东\nsince 2025-01-01\ncredit 2元", [2]),
        ("region 全国\ncredit 1元\nregion 山东\nsince 2024-06-20\ncredit 2元", [5]),
        ("region 全国\ncredit 1元\nregion 山东\ndeduct 2元", [2]),
        ("region 北京\ncredit 1元", []),
    ],
)
def test_the_nearest_region_that_has_any_in_force(text: str, expected: list[int]) -> None:
    assert lines(scope(text)) == expected


def test_what_is_before_every_region_holds_everywhere() -> None:
    found = scope("").book.rules["", "round"]
    assert [each.sentence for each in scope("").rules("round")] == [each.sentence for each in found]
    own = scope("region 山东\nround down to 1元")
    assert [each.region for each in own.rules("round")] == ["山东"]


def test_without_a_day_only_what_always_holds_is_in_force() -> None:
    text = "region 全国\ncredit 1元\nsince 2020-01-01\ncredit 2元"
    assert lines(scope(text, day=None)) == [2]
    assert lines(scope(text)) == [2, 4]


# ── sources that disagree ──

NAMED = (
    'region 山东\nsince 2024-01-01 as "C18"\ncredit 1元\nsince 2024-01-01 as "C19"\ncredit 2元\n'
    'since 2020-01-01 until 2023-12-31 as "OLD"\ncredit 3元\nsince 2020-01-01\ncredit 4元'
)


def test_several_named_versions_are_refused() -> None:
    with pytest.raises(Refusal) as caught:
        scope(NAMED).rules("credit")
    (problem,) = caught.value.diagnostics
    assert (problem.code, str(problem.place)) == ("YB301", "a.yb:5:1")
    assert dict(problem.arguments)["region"] == "山东"
    assert dict(problem.arguments)["names"] == "C18, C19"
    assert [str(note.place) for note in problem.notes] == ["a.yb:7:1"]


@pytest.mark.parametrize(
    ("uses", "day", "expected"),
    [
        ({"山东": ("C18",)}, DAY, [3, 9]),
        ({"山东": ("C19",)}, DAY, [5, 9]),
        ({"山东": ("C18",), "济南": ("C19",)}, DAY, [5, 9]),
        ({}, date(2023, 1, 1), [7, 9]),
        ({"山东": ("C18",)}, date(2023, 1, 1), [7, 9]),
        ({}, date(2019, 1, 1), []),
    ],
)
def test_a_named_version_that_is_chosen_or_alone(
    uses: dict[str, tuple[str, ...]], day: date, expected: list[int]
) -> None:
    assert lines(scope(NAMED, day=day, uses=uses)) == expected


def test_what_is_chosen_and_not_there_is_no_choice() -> None:
    with pytest.raises(Refusal) as caught:
        scope(NAMED, uses={"山东": ("C20",)}).rules("credit")
    assert [each.code for each in caught.value.diagnostics] == ["YB301"]


# ── definitions, tables, rows ──


def test_the_nearest_definition() -> None:
    text = "region 全国\ndefine due = 1元\nregion 山东\nsince 2024-01-01\ndefine due = 2元"
    for region, day, line in (
        ("济南", DAY, 5), ("全国", DAY, 2), ("济南", date(2023, 1, 1), 2),
    ):  # fmt: skip
        entry = scope(text, region, day).definition("due")
        assert entry is not None
        assert entry.place.line - 3 == line
    assert scope(text, "").definition("due") is None


def test_two_definitions_for_the_same_dates() -> None:
    with pytest.raises(Refusal) as caught:
        scope("region 山东\ndefine due = 1元\nsince 2020-01-01\ndefine due = 2元").definition("due")
    (problem,) = caught.value.diagnostics
    assert (problem.code, str(problem.place)) == ("YB304", "a.yb:5:1")
    assert [(note.text_key, str(note.place)) for note in problem.notes] == [("also", "a.yb:7:1")]


def test_the_nearest_table() -> None:
    text = "region 全国\ntable t\n| level || r: rate |\nregion 山东\ntable t\n| age || r: rate |"
    found = scope(text).table("t")
    assert found is not None
    assert found.entry.region == "山东"
    assert scope(text, "北京").table("t") is None
    with pytest.raises(Refusal) as caught:
        scope("table t\n| a || r: rate |\ntable t\n| a || r: rate |").table("t")
    assert [each.code for each in caught.value.diagnostics] == ["YB304"]


def test_the_rows_of_the_nearest_region_whatever_the_day() -> None:
    text = (
        "param x: money\n2020-01-01 1元\nregion 山东\nparam x\n2030-01-01 2元\n"
        'since 2024-01-01 as "C18"\nparam x = 3元\nsince 2024-01-01 as "C19"\nparam x = 4元'
    )
    text = "region 全国\n" + text
    assert len(scope(text, "全国").rows("x")) == 1
    assert len(scope(text).rows("x")) == 3
    chosen = scope(text, uses={"山东": ("C19",)}).rows("x")
    assert [each.version.name for each in chosen] == ["", "C19"]
    assert scope(text, "").rows("x") == []


# ── slots, intervals ──


def test_a_name_has_one_slot() -> None:
    found = scope("")
    assert [found.slot(name) for name in ("b", "a", "b")] == [FIRST, FIRST + 1, FIRST]
    assert found.slot_names() == ("b", "a")


_days = st.dates(date(2000, 1, 1), date(2000, 3, 1))
_spans = st.lists(st.tuples(st.none() | _days, st.none() | _days), max_size=5)


def _in_force(day: date, spans: list[tuple[date | None, date | None]]) -> list[bool]:
    return [
        (since is None or since <= day) and (until is None or day <= until)
        for since, until in spans
    ]


@given(spans=_spans, day=_days)
def test_nothing_changes_within_an_interval(
    spans: list[tuple[date | None, date | None]], day: date
) -> None:
    first, last = interval(day, change_days(spans))
    assert (first is None or first <= day) and (last is None or day <= last)
    for ordinal in range(date(1999, 12, 30).toordinal(), date(2000, 3, 3).toordinal()):
        other = date.fromordinal(ordinal)
        if (first is None or first <= other) and (last is None or other <= last):
            assert _in_force(other, spans) == _in_force(day, spans)


def test_the_last_day_that_there_is_ends_nothing() -> None:
    assert interval(DAY, change_days([(None, date.max)])) == (None, None)
    assert interval(None, [(DAY, None)]) == (None, None)
