"""People in files: cells by the type of what they are about, as `given` reads them."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from yibaolang.engine.cells import Misfit
from yibaolang.engine.fact_cells import FactCells
from yibaolang.engine.given import Lived
from yibaolang.engine.people_files import SCHEMA, PersonRow, people_columns, read_people
from yibaolang.engine.rejects import Rejects
from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import Refusal

RULES = read("""
region \u7532 | jia
since 2024-01-01 as "month after"
input remark: text
input share: rate
input first_age: age in 0..60
input abroad: days
input score: number in (0, 10]
retired credit 2% of pension monthly on day 20
""")
BOOK = RULES.book


def people(tmp_path: Path, text: str) -> list[PersonRow]:
    path = tmp_path / "people.csv"
    path.write_text(text, "utf-8")
    return list(read_people(path, BOOK))


def facts(row: PersonRow) -> dict[str, object]:
    """What is known besides the defaults."""
    assert row.problem is None, row.problem
    known = row.known.scenario.facts.items()
    return {name: fact.value for name, (fact,) in known if not fact.default}


def test_facts_of_people(tmp_path: Path) -> None:
    text = (
        "account,birth,\u6027\u522b,status,pension,\u5bb6\u5ead\u5171\u6d4e,region,version\n"
        "007,1952-03-01,\u7537,retired,6000.00,\u662f,jia,month after\n"
        "20240101,,,,6000\u5143,no,,\n"
    )
    first, second = people(tmp_path, text)
    assert (first.number, first.account, first.region) == (2, "007", "\u7532")
    assert facts(first) == {
        "birth": date(1952, 3, 1), "sex": "male", "status": "retired", "pension": 600000,
        "pooled": True,
    }  # fmt: skip
    assert first.known.regions == (Lived("\u7532", "month after", None, None),)
    assert str(first.known.said["pension"][0]).endswith("people.csv:2:1")
    assert (second.account, second.region, second.known.regions) == ("20240101", "", ())
    assert facts(second) == {"pension": 600000, "pooled": False}


def test_what_has_no_cell_is_as_declared(tmp_path: Path) -> None:
    (row,) = people(tmp_path, "account,emergency\n007,\n")
    assert row.known.scenario.facts == RULES.facts("")[1].scenario.facts


def test_a_figure_of_a_person(tmp_path: Path) -> None:
    (row,) = people(
        tmp_path, "# yibao people 1\naccount,pension,status\n007,6000.00,\u9000\u4f11\n"
    )
    from yibaolang.engine.asked import asked_for

    result = RULES.ask("credit", asked_for("2024-06", None, None, None), row.known, "\u7532")
    assert result.fen == 12000


def test_other_formats(tmp_path: Path) -> None:
    lines = tmp_path / "people.jsonl"
    lines.write_text(
        '{"schema": "yibao people 1"}\n'
        '{"account": "007", "pension": 6000.10, "pooled": true, "birth": null, "first_age": 20}\n',
        "utf-8",
    )
    table = pyarrow.table(
        {"account": ["007"], "pension": ["6000.10"], "pooled": [True], "first_age": [20]}
    )
    parquet.write_table(table, tmp_path / "people.parquet")
    expected = {"pension": 600010, "pooled": True, "first_age": 20}
    for path in (lines, tmp_path / "people.parquet"):
        (row,) = read_people(path, BOOK)
        assert facts(row) == expected


CELLS = [
    ("pension", "6000", 600000),
    ("pension", "0.05\u5143", 5),
    ("pension", "1.5\u4e07\u5143", 1500000),
    ("share", "2.5%", Fraction(1, 40)),
    ("share", "1/40", Fraction(1, 40)),
    ("first_age", "20", 20),
    ("first_age", "20\u5c81", 20),
    ("abroad", "30\u5929", 30),
    ("contribution_years", "25\u5e74", 300),
    ("contribution_years", "25\u5e746\u4e2a\u6708", 306),
    ("stay_days", "-1", Fraction(-1)),
    ("stay_days", "12.5", Fraction(25, 2)),
    ("remark", 'a, "b" = \u7532', 'a, "b" = \u7532'),
    ("score", "10", Fraction(10)),
    ("sex", "female", "female"),
]


@pytest.mark.parametrize(("name", "text", "value"), CELLS)
def test_cells(name: str, text: str, value: object) -> None:
    cells = FactCells(BOOK)
    assert cells.value(name, text) == cells.value(name, text) == value


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("pension", "\uff16\uff10\uff10\uff10", "YB465"),
        ("pension", "6,000", "YB465"),
        ("pension", "6000 since 2024-01-01", "YB465"),
        ("pension", "6000\u5143, retired", "YB465"),
        ("pension", "abc", "YB465"),
        ("pension", "pension", "YB465"),
        ("pension", "unknown", "YB202"),
        ("pension", "2.5%", "YB202"),
        ("pension", "0.005", "YB218"),
        ("pension", "1000000.01", "YB422"),
        ("pension", "-1", "YB422"),
        ("pension", "9" * 16, "YB015"),
        ("contribution_years", "25", "YB202"),
        ("first_age", "61", "YB422"),
        ("first_age", "20.5", "YB218"),
        ("score", "0", "YB422"),
        ("birth", "1952/3/1", "YB465"),
        ("birth", "1953-02-29", "YB014"),
        ("sex", "retired", "YB101"),
        ("sex", "mal", "YB101"),
        ("pooled", "true", "YB465"),
        ("pooled", "1", "YB465"),
        ("remark", "a\nb", "YB004"),
    ],
)
def test_cells_that_do_not_fit(name: str, text: str, code: str) -> None:
    for _ in range(2):
        with pytest.raises(Misfit) as caught:
            FactCells(BOOK).value(name, text)
        assert (caught.value.problem.code, caught.value.column) == (code, name)


CELL_READER = FactCells(BOOK)
YUAN = st.decimals(-10, 1_000_100, places=2).map(str)
NUMBERS = st.decimals(-1, 12, places=3).map(str)


def as_given(name: str, text: str) -> object:
    """The value after `given`, or the code of what is wrong."""
    try:
        return RULES.facts(f"{name} = {text}")[1].scenario.facts[name][0].value
    except Refusal as refusal:
        return refusal.diagnostics[0].code


def as_cell(name: str, text: str) -> object:
    try:
        return CELL_READER.value(name, text)
    except Misfit as misfit:
        return misfit.problem.code


@given(YUAN)
def test_money_is_what_given_says(text: str) -> None:
    expected = as_given("pension", f"{text}\u5143")
    assert as_cell("pension", text) == as_cell("pension", f"{text}\u5143") == expected


@given(NUMBERS)
def test_numbers_are_what_given_says(text: str) -> None:
    assert as_cell("score", text) == as_given("score", text)


@given(YUAN, NUMBERS)
def test_facts_are_what_given_says(yuan: str, number: str) -> None:
    text = f"pension={yuan}\u5143 , score = {number}, \u9000\u4f11"
    try:
        found = {each.name: each.value for each in CELL_READER.facts(text)}
    except Misfit as misfit:
        codes = [as_given("pension", f"{yuan}\u5143"), as_given("score", number)]
        assert misfit.problem.code in codes
        return
    expected = RULES.facts(text)[1].scenario.facts
    assert found == {name: expected[name][0].value for name in found}
    assert len(found) == 3


# ── rows and files that do not fit ──


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("account,wage\n", ["! YB460"]),
        ("account,age\n", ["! YB460"]),
        ("account,retired\n", ["! YB460"]),
        ("account,sex,\u6027\u522b\n", ["! YB464"]),
        ("birth\n1952-03-01\n", ["! YB461"]),
        ("", ["! YB461"]),
        ("# yibao events 1\naccount\n", ["! YB469"]),
        ("account,birth\n,1952-03-01\n", ["YB462"]),
        ("account,birth\n007,1952-03-01\n007,1952-03-01\n", ["", "YB476"]),
        ("account,birth\n007,x\n007,1952-03-01\n", ["YB465", ""]),
        ("account,region\n007,\u4e59\n", ["YB102"]),
        ("account,version\n007,month after\n", ["YB462"]),
        ("account,region,version\n007,\u7532,month\n", ["YB478"]),
        ("account\na\u200b\n", ["YB004"]),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, expected: list[str]) -> None:
    try:
        found = [row.problem.code if row.problem else "" for row in people(tmp_path, text)]
    except Refusal as refusal:
        found = [f"! {each.code}" for each in refusal.diagnostics]
    assert found == expected


def test_the_account_is_text(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text('{"account": 7}\n')
    (row,) = read_people(path, BOOK)
    assert row.problem is not None and row.problem.code == "YB465"


def test_the_place_is_the_cell_and_the_domain(tmp_path: Path) -> None:
    (row,) = people(tmp_path, "account,pension\n007,-1\n")
    assert row.problem is not None and row.problem.place is not None
    assert row.problem.place.start == (2, 5)
    assert [note.place.source.name for note in row.problem.notes] == ["prelude.yb"]


def test_rejected_people_can_be_read_again(tmp_path: Path) -> None:
    rejected = tmp_path / "rejects.csv"
    with Rejects(rejected, allowed=True, columns=people_columns(BOOK), schema=SCHEMA) as rejects:
        rows = people(tmp_path, "account,\u6027\u522b,pension\n007,male,-1\n008,male,1\n")
        assert [row.account for row in rejects.keep(rows)] == ["008"]
    text = rejected.read_text("utf-8")
    (again,) = people(tmp_path, text.replace(",-1,", ",1,", 1))
    assert (again.account, facts(again)) == ("007", {"sex": "male", "pension": 100})
