"""docs/coverage.md: every row of the sources has a rule file, a test or a reason."""

import os
from collections import Counter
from functools import cache

import pytest

from tests.conformance.citations import cited
from tests.conformance.coverage import (
    PAGE,
    SOURCES,
    Coverage,
    Row,
    names_of,
    page,
    read,
    read_sections,
)

_DOMAINS = frozenset(
    {
        "credit", "spend", "family", "reimburse", "interest", "carry", "eligibility", "inherit",
        "withdraw", "makeup", "offsite", "waiting", "query", "premium", "validity", "conflict",
    }
)  # fmt: skip
_SECTIONS = read_sections()
_NAMES = names_of(_SECTIONS)
_ROWS = tuple(row for section in _SECTIONS for row in section.rows)


@cache
def _coverage() -> Coverage:
    return read()


# ── the page ──


def test_the_page_is_up_to_date() -> None:
    written = page(_coverage())
    if os.environ.get("YIBAO_UPDATE_DOCS") == "1":
        PAGE.write_text(written, "utf-8")
    assert PAGE.read_text("utf-8") == written


def test_every_row_has_a_file_a_test_or_a_reason() -> None:
    # A row that goes through others is open as long as they are: only those are listed.
    rows = [row for row in _ROWS if _coverage().open(row) == [row.id]]
    assert [row.key for row in rows] == []


def test_every_citation_names_a_row() -> None:
    unknown = [f"{each.path}: {each.row}" for each in _coverage().citations if not each.known]
    assert unknown == []


def test_no_reason_stands_beside_a_test() -> None:
    tested = {each.row for each in _coverage().citations if each.test}
    assert [row.key for row in _ROWS if row.reason and row.key in tested] == []


# ── the rows ──


def test_rows_are_well_formed() -> None:
    twice = [key for key, count in Counter(row.key for row in _ROWS).items() if count > 1]
    assert twice == []
    ids = [row.id for row in _ROWS if row.source != "shapes"]
    assert len(ids) == len(set(ids))
    assert {row.source for row in _ROWS} == set(SOURCES)
    assert {row.domain for row in _ROWS} <= _DOMAINS
    assert all(row.subject for row in _ROWS)


@pytest.mark.parametrize("row", [row for row in _ROWS if row.through], ids=lambda row: row.id)
def test_a_row_goes_through_rows_that_do_not_come_back(row: Row) -> None:
    coverage = Coverage(_SECTIONS, ())
    reached, waiting = {row.id}, list(row.through)
    while waiting:
        name = waiting.pop()
        assert name not in reached
        waiting += coverage.rows[name].through
    assert not row.reason


def test_a_row_is_cited_by_its_own_id() -> None:
    for row in _ROWS:
        found = cited(f"{row.key}: why", _NAMES)
        # An id within a name counts too: "武汉, seed R02 explained".
        assert row.key in found.rows and found.unknown == ()


# ── citations ──


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("seeds C28, S31: 002, 003", "seeds C28|seeds S31"),
        ("seeds X8: E03 25 years, E04 30 with 15 actual", "seeds X8|seeds E03|seeds E04"),
        ("seeds C01: 004; P03: 003 \u6bcf\u67085\u65e5\u524d", "seeds C01|seeds P03"),
        ("seeds S20-S30", "seeds S20|seeds S21|seeds S22|seeds S30"),
        ("seeds C07, regions 1, N2: exactly 70", "seeds C07|regions N2"),
        ("seeds\uff0c问题 22", "seeds 15.22"),
        ("seeds.md question 18", "seeds 15.18"),
        ("seeds 15.17, 18", "seeds 15.17|seeds 15.18"),
        ("questions 25 to 27", "seeds 15.25|seeds 15.26|seeds 15.27"),
        ("seeds E01: 003\uff1bregions 武汉\uff1aFS", "seeds E01|regions 武汉"),
        ("regions.md 北京 1, a month", "regions 北京 1"),
        ("regions 常州 1 and 2: before", "regions 常州 1|regions 常州 2"),
        ("regions 北京 1, 30,000 a year", "regions 北京 1"),
        ("regions 湛江, 广州, years: PO", "regions 湛江, years|regions 广州, years"),
        ("regions 北京, in force: 2022", "regions 北京"),
        ("regions 北京, scope / family: R", "regions 北京, scope / family"),
        ("regions 济南 2", "regions 山东 2"),
        ("regions 北京 3; regions 上海 4", "regions 北京 3|regions 上海 4"),
        ("regions 北京和上海, years", "regions 北京, years|regions 上海, years"),
        ("regions 1, before reform: WP", "regions 1, before reform"),
        ("regions 3.5", "regions 3.5"),
        ("regions.md Z9", "regions Z9"),
        ("regions \uff1a厦门未查到", ""),
        ("shapes 11, 12 and 14-15: a bill", "shapes 11|shapes 12|shapes 14|shapes 15"),
        ("形状 2\uff1a当年满 70 岁", "shapes 2"),
        ("two regions give 3", ""),
        ("the tour's figures", ""),
    ],
)
def test_a_citation_names_rows(text: str, rows: str) -> None:
    found = cited(text, _NAMES)
    assert found.rows == set(filter(None, rows.split("|")))
    assert found.unknown == ()


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("seeds C99: 001", "seeds C99"),
        ("seeds G05", "seeds G05"),
        ("regions 北京 9", "regions 北京 9"),
        ("regions 北京, yaers: FS", "regions 北京, yaers"),
        ("regions 厦门 1: a city without rows", "regions 厦门 1"),
        ("regions beijing 1", "regions beijing 1"),
        ("regions Z14", "regions Z14"),
        ("shapes 39", "shapes 39"),
        ("问题 47", "seeds 15.47"),
    ],
)
def test_what_is_no_row_is_found(text: str, unknown: str) -> None:
    assert [each.strip() for each in cited(text, _NAMES).unknown] == [unknown]
