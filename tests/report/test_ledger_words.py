"""Tables of ledgers for people."""

from datetime import date

from yibaolang.engine.row_writing import Cell, Column
from yibaolang.engine.rulebook import read
from yibaolang.engine.words import Words
from yibaolang.report.ledger_words import ledger_table, table_heading, table_text
from yibaolang.report.tables import Table

COLUMNS = [
    Column("account"), Column("balance_fen", "integer"), Column("current_fen", "integer"),
    Column("total_cash_fen", "integer"), Column("count", "integer"), Column("last", "date"),
    Column("complete", "truth"), Column("reason"),
]  # fmt: skip
ROWS: list[list[Cell]] = [
    ["张三", 0, 15005, 0, 2, date(2024, 1, 31), True, "a\nb\x1b"],
    ["李四", -5, None, 0, 0, None, False, ""],
]
NAMES = Words(read("").book, "zh")


def test_a_table_has_yuan_days_and_names_of_buckets() -> None:
    assert ledger_table(ROWS, COLUMNS, NAMES) == Table(
        ("account", "balance", "current", "count", "last", "complete", "reason"),
        ("账户", "余额", "当年", "次数", "末日", "完整", "原因"),
        (
            ("张三", "0.00", "150.05", "2", "2024-01-31", "是", "a b\ufffd"),
            ("李四", "-0.05", "", "0", "", "否", ""),
        ),
        frozenset([1, 2, 3]),
    )


def test_what_says_nothing_is_left_out() -> None:
    assert ledger_table([ROWS[0][3:7]], COLUMNS[3:7], NAMES).keys == ("count", "last")
    assert table_text([["张三", 0]], COLUMNS[:2], NAMES) == "账户  余额\n──────────\n张三  0.00"


def test_no_rows() -> None:
    assert [table_text([], COLUMNS, Words(NAMES.book, lang)) for lang in ("en", "zh")] == [
        "none", "无",
    ]  # fmt: skip
    assert ledger_table([], COLUMNS, NAMES).rows == ()
    assert table_heading("postings", "en") == "postings"
