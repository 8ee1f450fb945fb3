"""Tables in every format, whatever stands in their cells."""

import csv
import io
import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang.language.display import width
from yibaolang.report.tables import FORMATS, Table, formatted, html_table, without_empty_columns

PEOPLE = Table(
    ("name", "credit"),
    ("姓名", "划入"),
    (("张三", "125.00元"), ("Li", "1.00元")),
    frozenset([1]),
)
ODD = Table(("a", "b"), ("a|b", "多\n行"), (("x|y\\", "1\n2"), ("\t*<b>", "\x1b[2J\u202e")))
EMPTY = Table(("name", "credit"), ("姓名", "划入"), (), frozenset([1]))

CELLS = st.text(st.characters(codec="utf-8"), max_size=8)
TABLES = st.integers(1, 4).flatmap(
    lambda count: st.builds(
        Table,
        st.just(tuple(f"key{at}" for at in range(count))),
        st.tuples(*[CELLS] * count),
        st.lists(st.tuples(*[CELLS] * count), max_size=4).map(tuple),
        st.frozensets(st.integers(0, count - 1)),
    )
)


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ("table", "姓名      划入\n──────────────\n张三  125.00元\nLi      1.00元"),
        ("vertical", "姓名: 张三\n划入: 125.00元\n\n姓名: Li\n划入: 1.00元"),
        ("csv", "name,credit\n张三,125.00元\nLi,1.00元"),
        ("markdown", "| 姓名 | 划入 |\n| --- | ---: |\n| 张三 | 125.00元 |\n| Li | 1.00元 |"),
    ],
)
def test_formats(format: str, expected: str) -> None:
    assert formatted(PEOPLE, format) == expected


def test_json_has_keys_and_chinese_as_it_is() -> None:
    text = formatted(PEOPLE, "json")
    assert json.loads(text)[0] == {"name": "张三", "credit": "125.00元"}
    assert "张三" in text


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ("table", "姓名  划入\n──────────"),
        ("vertical", ""),
        ("csv", "name,credit"),
        ("json", "[]"),
        ("markdown", "| 姓名 | 划入 |\n| --- | ---: |"),
    ],
)
def test_a_table_without_rows(format: str, expected: str) -> None:
    assert formatted(EMPTY, format) == expected


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ("table", "a|b    多 行\n────────────\nx|y\\   1 2\n *<b>  \ufffd[2J\ufffd"),
        ("vertical", "a|b  : x|y\\\n多 行: 1 2\n\na|b  :  *<b>\n多 行: \ufffd[2J\ufffd"),
        ("csv", 'a,b\nx|y\\,"1\n2"\n\t*<b>,\x1b[2J\u202e'),
        (
            "markdown",
            "| a\\|b | 多<br>行 |\n| --- | --- |\n"
            "| x\\|y\\\\ | 1<br>2 |\n|  \\*\\<b> | \ufffd\\[2J\ufffd |",
        ),
    ],
)
def test_pipes_line_feeds_and_controls(format: str, expected: str) -> None:
    assert formatted(ODD, format) == expected


def test_ambiguous_characters_fill_the_same_columns() -> None:
    found = Table(("value", "chart"), ("…", ""), (("≥ 1", "██"), ("—", "")), frozenset([0]))
    assert formatted(found, "table") == "  …\n───────\n≥ 1  ██\n  —"
    assert formatted(found, "table", ambiguous=2) == "  …\n" + "─" * 5 + "\n≥ 1  ██\n  —"
    assert formatted(found, "vertical") == "…: ≥ 1\n   ██\n\n…: —"
    assert formatted(found, "vertical", ambiguous=2) == "…: ≥ 1\n    ██\n\n…: —"


@pytest.mark.parametrize("ambiguous", [1, 2])
@given(found=TABLES)
def test_columns_stand_below_each_other(ambiguous: int, found: Table) -> None:
    """No line is wider than the rule, which may lack half a character."""
    title, rule, *rows = formatted(found, "table", ambiguous).split("\n")
    assert len(rows) == len(found.rows)
    widest = width(rule, ambiguous) + (ambiguous - 1)
    assert all(width(line, ambiguous) <= widest for line in (title, *rows))


@given(TABLES)
def test_csv_and_json_give_back_every_cell(found: Table) -> None:
    rows = [list(row) for row in found.rows]
    read = list(csv.reader(io.StringIO(formatted(found, "csv"), newline="")))
    assert read == [list(found.keys), *rows]
    assert [list(each.values()) for each in json.loads(formatted(found, "json"))] == rows


@given(TABLES)
def test_markdown_has_a_line_for_each_row_and_no_pipe_of_a_cell(found: Table) -> None:
    lines = formatted(found, "markdown").split("\n")
    assert len(lines) == 2 + len(found.rows)
    for line in lines:
        bare = line.replace("\\\\", "").replace("\\|", "")
        assert bare.count("|") == len(found.keys) + 1


class Reader(HTMLParser):
    """What a browser would find: the tags, and the texts of the cells."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells and self.lasttag in ("td", "th"):
            self.cells[-1] += data


@given(TABLES)
def test_html_shows_no_cell_as_markup(found: Table) -> None:
    reader = Reader()
    reader.feed(html_table(found).replace("</td>", "</td><p>").replace("</th>", "</th><p>"))
    assert set(reader.tags) <= {"table", "thead", "tbody", "tr", "th", "td", "p"}
    assert reader.cells == [*found.titles, *(cell for row in found.rows for cell in row)]


def test_html_marks_what_stands_right() -> None:
    text = html_table(PEOPLE)
    assert '<th scope="col">姓名</th><th scope="col" class="yibao-right">划入</th>' in text
    assert '<td>张三</td><td class="yibao-right">125.00元</td>' in text
    assert html_table(EMPTY).endswith("<tbody>\n</tbody>\n</table>")


def test_empty_columns_are_left_out_and_the_others_stay_right() -> None:
    found = Table(("a", "b", "c"), ("A", "B", "C"), (("", "1", "2"), ("", "", "3")), frozenset([2]))
    kept = Table(("b", "c"), ("B", "C"), (("1", "2"), ("", "3")), frozenset([1]))
    assert without_empty_columns(found) == kept
    assert without_empty_columns(kept) == kept


def test_a_row_of_another_length_is_no_table() -> None:
    with pytest.raises(ValueError, match="1 cells in a table of 2 columns"):
        Table(("a", "b"), ("A", "B"), (("1",),))
    with pytest.raises(ValueError, match="3 cells in a table of 2 columns"):
        Table(("a", "b"), ("A", "B", "C"), ())


def test_an_unknown_format() -> None:
    with pytest.raises(ValueError, match=f"{', '.join(FORMATS)}, not as xml"):
        formatted(PEOPLE, "xml")
