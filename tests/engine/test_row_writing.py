"""Rows in every format."""

import io
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pyarrow import parquet

from yibaolang.engine.row_writing import FORMATS, Cell, Column, write_rows
from yibaolang.language.diagnostics import Refusal

COLUMNS = [
    Column("account"),
    Column("day", "date"),
    Column("amount_fen", "integer"),
    Column("late", "truth"),
]
ROWS: list[tuple[Cell, ...]] = [
    ("007", date(2024, 1, 9), 86050, True),
    ('\u5f20, "\u4e09"', None, None, False),
]


def written(format: str, rows: list[tuple[Cell, ...]] = ROWS, schema: str = "") -> str:
    file = io.StringIO()
    assert write_rows(file, rows, COLUMNS, format, schema) == len(rows)
    return file.getvalue()


def test_csv() -> None:
    assert written("csv", schema="yibao bills 1") == (
        "# yibao bills 1\n"
        "account,day,amount_fen,late\n"
        "007,2024-01-09,86050,yes\n"
        '"\u5f20, ""\u4e09""",,,no\n'
    )


def test_json_lines() -> None:
    lines = written("jsonl", schema="yibao bills 1").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"schema": "yibao bills 1"},
        {"account": "007", "day": "2024-01-09", "amount_fen": 86050, "late": True},
        {"account": '\u5f20, "\u4e09"', "day": None, "amount_fen": None, "late": False},
    ]


def test_json() -> None:
    found = json.loads(written("json"))
    assert [each["account"] for each in found] == ["007", '\u5f20, "\u4e09"']
    assert written("json", []) == "[]\n"


def test_table() -> None:
    rows: list[tuple[Cell, ...]] = [
        ("\u5f20\u4e09\x1b", None, 5, None),
        ("a\nb", None, 86050, None),
    ]
    lines = written("table", rows).splitlines()
    assert lines[0] == "account  day  amount_fen  late"
    assert lines[2] == "\u5f20\u4e09\ufffd                  5"
    assert lines[3] == "a b                86050"


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "bills.parquet"
    assert write_rows(path, ROWS, COLUMNS, "parquet", "yibao bills 1") == 2
    table = parquet.read_table(path)
    assert [str(each) for each in table.schema.types] == ["string", "date32[day]", "int64", "bool"]
    assert table.schema.metadata == {b"yibao": b"yibao bills 1"}
    assert [tuple(row.values()) for row in table.to_pylist()] == ROWS
    assert write_rows(path, [], COLUMNS, "parquet") == 0
    assert parquet.read_table(path).num_rows == 0


def test_many_rows_go_by_batches(tmp_path: Path) -> None:
    rows = (("007", None, fen, None) for fen in range(20_000))
    assert write_rows(tmp_path / "a.parquet", rows, COLUMNS, "parquet") == 20_000
    assert parquet.ParquetFile(tmp_path / "a.parquet").num_row_groups == 3


@pytest.mark.parametrize("format", FORMATS)
def test_what_fails_in_the_middle_leaves_the_old_file(format: str, tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[Cell, ...]]:
        yield ROWS[0]
        raise KeyError("stopped")

    path = tmp_path / f"a.{format}"
    path.write_text("old")
    with pytest.raises(KeyError, match="stopped"):
        write_rows(path, rows(), COLUMNS, format)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("format", FORMATS)
def test_a_row_of_other_length(format: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a row of 1 cells in 4 columns"):
        write_rows(tmp_path / "a", [("007",)], COLUMNS, format)


def test_integers_are_exact(tmp_path: Path) -> None:
    fen = 10**17 + 1
    columns = [Column("fen", "integer")]
    write_rows(tmp_path / "a.parquet", [(fen,)], columns, "parquet")
    assert parquet.read_table(tmp_path / "a.parquet").to_pylist() == [{"fen": fen}]
    with pytest.raises(ValueError, match="the column fen does not hold int64"):
        write_rows(tmp_path / "a.parquet", [(2**63,)], columns, "parquet")
    with pytest.raises(ValueError, match="the column fen does not hold int64"):
        write_rows(tmp_path / "a.parquet", [("1",)], columns, "parquet")


def test_what_cannot_be_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="not as xlsx"):
        write_rows(tmp_path / "a", ROWS, COLUMNS, "xlsx")
    with pytest.raises(ValueError, match="to a path"):
        write_rows(io.StringIO(), ROWS, COLUMNS, "parquet")
    with pytest.raises(ValueError, match="type"):
        Column("a", "float")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(Refusal, match=r"YB472.*a\.parquet"):
        write_rows(tmp_path / "a.parquet", ROWS, COLUMNS, "parquet")
    assert list(tmp_path.iterdir()) == []
