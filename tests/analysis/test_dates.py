"""Versions, params and sources."""

from tests.analysis.checking import argument, book_of, checked, lines
from yibaolang.analysis.checks import check
from yibaolang.language.diagnostics import Diagnostic


def found(text: str, code: str) -> list[Diagnostic]:
    return [each for each in check(book_of(text)) if each.code == code]


# ── versions ──


def test_versions_that_overlap() -> None:
    text = """region 山东
since 2023-01-01
credit 100元
since 2024-01-01 until 2024-12-31
credit 106元
"""
    (each,) = found(text, "YB505")
    assert (argument(each, "first"), argument(each, "second")) == (
        "2023-01-01..", "2024-01-01..2024-12-31",
    )  # fmt: skip
    assert (lines([each], "YB505"), each.notes[0].place.line) == ([4], 2)


def test_versions_that_do_not_overlap() -> None:
    follows = (
        "region 甲\nsince 2023-01-01 until 2023-12-31\ncredit 1元\nsince 2024-01-01\ncredit 2元"
    )
    assert found(follows, "YB505") == []
    other_kinds = follows.replace(" until 2023-12-31", "").replace("credit 2元", "deduct 2元")
    assert found(other_kinds, "YB505") == []
    notes = 'region 甲\nsince 2023-01-01\nnote "a"\nsince 2024-01-01\nnote "b"'
    assert found(notes, "YB505") == []
    regions = follows.replace(" until 2023-12-31", "").replace(
        "since 2024", "region 乙\nsince 2024"
    )
    assert found(regions, "YB505") == []


def test_a_name_keeps_versions_apart() -> None:
    text = """region 山东
since 2023-01-01 as "A"
retired credit 100元
since 2023-01-01 as "B"
retired credit 106元
since 2024-01-01 as "A"
retired credit 110元
"""
    (each,) = found(text, "YB505")
    assert lines([each], "YB505") == [6]


def test_sources_that_disagree() -> None:
    text = """region 山东
since 2023-01-01 as "A"
retired credit 100元
since 2023-06-01 as "B"
retired credit 2% of (pension + 1元)
since 2020-01-01 until 2022-12-31 as "C"
retired credit 7元
"""
    (each,) = found(text, "YB508")
    assert argument(each, "names") == "A, B"
    assert argument(each, "region") == "山东"
    assert argument(each, "readings") == "A: 100元; B: 2% of (pension + 1元)"
    assert argument(each, "readings", "zh") == "A: 100元; B: \uff08本人养老金+1元\uff09的2%"
    assert (lines([each], "YB508"), each.notes[0].place.line) == ([2], 4)
    assert [each.code for each in checked(text, uses={"山东": ("A",)})].count("YB508") == 0


def test_other_rules_are_read_whole() -> None:
    text = """region 山东
since 2023-01-01 as "A"
allow drugs for self
since 2023-01-01 as "B"
allow vaccine for self
"""
    (each,) = found(text, "YB508")
    assert argument(each, "readings") == "A: allow drugs for self; B: allow vaccine for self"


# ── params ──

DATED = """region 山东
param avg_pension
{rows}
since 2023-01-01{until}
credit 2% of avg_pension{year}
"""


def ends(rows: str, until: str = "", year: str = "") -> list[str]:
    text = DATED.format(rows=rows, until=until, year=year)
    return [argument(each, "date") for each in found(text, "YB506")]


def test_a_param_that_ends_begins_late_or_has_a_hole() -> None:
    assert ends("2023-01-01 1元") == []
    assert ends("2023-01-01 until 2023-12-31 1元") == ["2023-12-31"]
    assert ends("2023-01-01 until 2023-12-31 1元\n2024-01-01 unknown") == []
    assert ends("2023-03-01 1元") == ["2022-12-31"]
    assert ends("2022-01-01 until 2023-06-30 1元\n2023-08-01 2元") == ["2023-06-30"]
    assert ends("2023-01-01 until 2023-12-31 1元", until=" until 2023-12-31") == []


def test_the_years_of_which_a_value_is_read() -> None:
    assert ends("2022-01-01 1元", year=" of last year") == []
    assert ends("2023-01-01 1元", year=" of last year") == ["2021-12-31"]
    assert (
        ends("2022-01-01 until 2022-12-31 1元", until=" until 2023-12-31", year=" of last year")
        == []
    )
    assert ends("2022-01-01 until 2022-12-31 1元", year=" of last year") == ["2022-12-31"]
    assert ends("2019-01-01 until 2019-12-31 1元", year=" in 2019") == []
    assert ends("2019-01-01 until 2019-06-30 1元", year=" in 2019") == ["2019-06-30"]


def test_a_param_is_told_once_and_through_definitions() -> None:
    text = """region 山东
param avg_pension
2023-01-01 until 2023-12-31 1元
define due = 2% of avg_pension
since 2023-01-01
retired credit due
active credit 3% of avg_pension
"""
    assert lines(found(text, "YB506"), "YB506") == [3]


def test_without_dates_nothing_is_too_early() -> None:
    text = """region 甲
param avg_pension
2023-01-01 1元
credit avg_pension
since 2020-01-01
deduct 1元
"""
    assert found(text, "YB506") == []
    assert found(text.replace("2023-01-01 1元", "2023-01-01 until 2024-01-01 1元"), "YB506") != []


# ── sources ──


def test_citations() -> None:
    text = """credit 1元
region 山东
param avg_pension
2023-01-01 1元
2024-01-01 2元 cite "x"
credit 1元
deduct 1元 cite "x"
note "free"
since 2023-01-01 cite "y"
allow drugs
since 2024-01-01
allow vaccine
"""
    each = found(text, "YB507")
    assert lines(each, "YB507") == [4, 6, 12]
    assert [argument(one, "what") for one in each] == ["this value", "this rule", "this rule"]


def test_undated_values() -> None:
    text = """param base: money = 5元
region 山东
param floor: money = 3元
since 2024-01-01
param ceiling: money = 9元
"""
    assert lines(found(text, "YB511"), "YB511") == [3]
