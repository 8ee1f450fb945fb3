"""What is too wide for a terminal goes on below: nothing is lost, nothing sticks out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang.language.display import width
from yibaolang.report.tables import Table, formatted
from yibaolang.report.wrapping import fitted, wrapped

TEXTS = st.text(st.sampled_from("ab 退休年龄≥70 ,\uff0c"), max_size=80)


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("fits", 4, ["fits"]),
        ("no bound at all", 0, ["no bound at all"]),
        ("one two", 5, ["one", "two"]),
        ("overlongword", 5, ["overl", "ongwo", "rd"]),
        ("退休年龄", 5, ["退休", "年龄"]),
        ("退", 1, ["退"]),
        ("  in two", 6, ["  in", "two"]),
    ],
)
def test_wrapped(text: str, columns: int, expected: list[str]) -> None:
    assert wrapped(text, columns) == expected


@given(TEXTS, st.integers(2, 30), st.integers(0, 8))
def test_no_line_sticks_out_and_nothing_is_lost(text: str, columns: int, hang: int) -> None:
    lines = wrapped(text, columns, 1, hang)
    hanging = min(hang, columns // 2)
    assert all(width(line) <= max(columns, hanging + 2) for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 10**9).map(str)), max_size=5),
       st.integers(40, 120))  # fmt: skip
def test_a_table_fits_and_nothing_is_lost(rows: list[tuple[str, str, str]], columns: int) -> None:
    table = Table(("a", "b", "n"), ("一", "b", "n"), tuple(rows), frozenset([2]))
    found = fitted(table, columns)
    assert all(width(line) <= columns for line in formatted(found, "table").split("\n"))
    for index in range(3):
        before = "".join(row[index] for row in table.rows).replace(" ", "")
        assert "".join(row[index] for row in found.rows).replace(" ", "") == before


def test_numbers_are_never_cut() -> None:
    table = Table(("n",), ("n",), (("1234567890.00元",),), frozenset([0]))
    assert fitted(table, 5) == table
