"""Events in files: every format, nothing lost, one account after the other."""

import json
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from yibaolang.engine.event_columns import NAMES
from yibaolang.engine.event_files import Row, grouped, read_events
from yibaolang.engine.events import Event
from yibaolang.engine.rejects import Rejects
from yibaolang.engine.row_writing import Column, write_rows
from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import MOST_DIAGNOSTICS, Refusal, diagnostic, limited

BOOK = read("").book
SCHEMA = "# yibao events 1\n"
HEADER = "account,id,date,kind,name,amount\n"
BILL = "007,e1,2024-01-09,bill,outpatient,860.50\n"

ROWS: list[dict[str, str]] = [
    {"account": "007", "id": "e1", "date": "2024-01-09", "kind": "bill", "name": "\u95e8\u8bca",
     "amount": "860.50", "facts": "emergency, stay_days = 100", "because": '\u8865, "\u8bb0"'},
    {"account": "20240101", "id": "1", "date": "2024-01-09", "kind": "replace", "target": "e1",
     "instead": '{"kind": "credit", "amount": "5"}'},
    {"account": "0x1F", "date": "2024-01-10", "effective": "2024-01-01", "kind": "adjust",
     "name": "current", "amount_fen": "-99999999999999999", "seq": "3"},
    {"account": "\u5f20\u4e09", "id": "007", "date": "2024-01-10", "kind": "void", "target": "1"},
]  # fmt: skip


def rows_of(path: Path, encoding: str | None = None) -> list[Row]:
    return list(read_events(path, BOOK, encoding=encoding))


def codes_of(path: Path, encoding: str | None = None) -> list[str]:
    """The code of what is wrong with each row, "" for none; the code of the file's refusal."""
    try:
        return [row.problem.code if row.problem else "" for row in rows_of(path, encoding)]
    except Refusal as refusal:
        return [f"! {each.code}" for each in refusal.diagnostics]


def content(row: Row) -> object:
    assert row.event is not None, row.problem
    return row.account, row.event.content(), row.event.because


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file and gives its path."""

    def written(text: str | bytes, name: str = "events.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


Write = Callable[..., Path]


def csv_of(rows: list[dict[str, str]]) -> str:
    import csv
    import io

    file = io.StringIO()
    file.write(SCHEMA)
    writer = csv.DictWriter(file, NAMES, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


# ── formats ──


def test_all_formats_say_the_same(write: Write, tmp_path: Path) -> None:
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in ROWS)
    table = [tuple(row.get(name) or None for name in NAMES) for row in ROWS]
    write_rows(
        tmp_path / "a.parquet", table, [Column(each) for each in NAMES], "parquet",
        "yibao events 1",
    )  # fmt: skip
    files = [
        write(csv_of(ROWS)),
        write("\ufeff" + csv_of(ROWS).replace("\n", "\r\n"), "b.csv"),
        write(csv_of(ROWS), "c.CSV"),
        write(lines, "d.jsonl"),
        write('\ufeff{"schema": "yibao events 1"}\n\n' + lines, "e.jsonl"),
        tmp_path / "a.parquet",
    ]
    found = [[content(row) for row in rows_of(path)] for path in files]
    assert all(each == found[0] for each in found)
    accounts = [row.account for row in rows_of(files[0])]
    assert accounts == ["007", "20240101", "0x1F", "\u5f20\u4e09"]
    assert [row.event.amount_fen for row in rows_of(files[0]) if row.event] == [
        86050, 0, -99999999999999999, 0,
    ]  # fmt: skip


def test_gb18030_if_asked_for(write: Write) -> None:
    path = write(csv_of(ROWS).encode("gb18030"))
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in ROWS)
    other = write(lines.encode("gb18030"), "events.jsonl")
    expected = [content(row) for row in rows_of(write(csv_of(ROWS), "utf.csv"))]
    assert [content(row) for row in rows_of(path, "GB18030")] == expected
    assert [content(row) for row in rows_of(other, "gbk")] == expected
    assert codes_of(path) == codes_of(path, "UTF-8") == ["! YB471"]
    with pytest.raises(Refusal, match=r"YB471.*UTF-8\n.*hint: it may be GB18030"):
        rows_of(path)
    with pytest.raises(Refusal, match=r"YB471.*GB18030\n.*hint: it may be UTF-8"):
        rows_of(write(b"\xff\xff"), "gb18030")
    with pytest.raises(ValueError, match="not utf-16"):
        rows_of(path, "utf-16")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert codes_of(tmp_path / "events.csv") == ["! YB040"]
    assert codes_of(tmp_path / "events.jsonl") == ["! YB040"]
    assert codes_of(tmp_path / "events.parquet") == ["! YB040"]
    assert codes_of(tmp_path / "events.txt") == ["! YB470"]
    assert codes_of(tmp_path / "events") == ["! YB470"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["! YB469"]),
        (HEADER + BILL, ["! YB469"]),
        ("# yibao events 2\n" + HEADER + BILL, ["! YB469"]),
        ("# yibao people 1\n" + HEADER + BILL, ["! YB469"]),
        (SCHEMA, ["! YB461"]),
        (SCHEMA + "\n\n" + HEADER, []),
        (SCHEMA + "account,date\n", ["! YB461"]),
        (SCHEMA + "account,date,kind,account\n", ["! YB464"]),
        (SCHEMA + "account,date,kind,Amount\n", ["! YB460"]),
        (SCHEMA + "account,date,,kind\n", ["! YB460"]),
        (SCHEMA + 'account,"date"x,kind\n', ["! YB468"]),
        ("# yibao events 1,,,,,\r\n" + HEADER.rstrip() + ",,\n" + BILL.rstrip() + ",,\n", [""]),
        ('"# yibao events 1",,\n' + HEADER + BILL + ",,,,,\n\n" + BILL, ["", ""]),
        (SCHEMA + " account , id,date,kind,name,amount\n 007 ," + BILL[4:], [""]),
        (SCHEMA + HEADER + BILL + "007,e1\n" + BILL, ["", "YB467", ""]),
        (SCHEMA + HEADER + BILL.rstrip() + ",x\n" + BILL, ["YB467", ""]),
        (SCHEMA + HEADER + '"007"x,e1,2024-01-09\n' + BILL, ["YB468", ""]),
        (SCHEMA + HEADER + BILL + '"007,e1', ["", "YB468"]),
        (SCHEMA + HEADER + BILL + f'"{"x" * 200_000}"\n' + BILL, ["", "YB468", ""]),
    ],
)
def test_csv(write: Write, text: str, expected: list[str]) -> None:
    assert codes_of(write(text)) == expected


def test_a_cell_may_go_over_lines(write: Write) -> None:
    text = SCHEMA + 'account,date,kind,amount,because\n007,2024-01-09,credit,1,"a\nb"\n008,x,,,\n'
    first, second = rows_of(write(text))
    assert (first.number, second.number) == (3, 5)
    assert first.problem is not None and first.problem.code == "YB004"
    assert second.problem is not None and str(second.problem.place).endswith("events.csv:5:5")


@pytest.mark.parametrize(
    ("cell", "column"),
    [("x", 5), ('"x"', 6), ('"x""y"', 6), ("  x", 7), ('""', 6)],
)
def test_the_place_is_that_of_the_cell(write: Write, cell: str, column: int) -> None:
    (row,) = rows_of(write(f"{SCHEMA}account,date,kind\n007,{cell},bill\n"))
    assert row.problem is not None and row.problem.place is not None
    assert row.problem.place.start == (3, column)


def test_the_place_within_facts(write: Write) -> None:
    path = write(f'{SCHEMA}account,date,kind,facts\n007,2024-01-09,fact,"retired, nobody"\n')
    (row,) = rows_of(path)
    assert row.problem is not None and row.problem.place is not None
    place = row.problem.place
    assert place.source.text[slice(*place.span)] == "nobody"


# ── JSON lines ──

NINES = "9" * 9999


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"account": "007", "date": "2024-01-09", "kind": "credit", "amount": 860.50}', ""),
        ('{"account": "007", "date": "2024-01-09", "kind": "credit", "amount": 860.505}', "YB218"),
        ('{"account": "007", "date": "2024-01-09", "kind": "credit", "amount": 8.6e2}', "YB465"),
        ('{"account": "007", "date": "2024-01-09", "kind": "credit", "amount_fen": 5}', ""),
        (
            f'{{"account": "007", "date": "2024-01-09", "kind": "credit", "amount": {NINES}}}',
            "YB015",
        ),
        ('{"account": 20240101, "date": "2024-01-09", "kind": "credit", "amount": 1}', "YB465"),
        ('{"account": "7", "id": 1, "date": "2024-01-09", "kind": "void", "target": "e"}', "YB465"),
        ('{"account": "007", "date": "2024-01-09", "kind": "void", "target": 1}', "YB465"),
        ('{"account": "007", "date": null, "kind": "credit", "amount": 1}', "YB462"),
        ('{"account": "007", "kind": "credit", "amount": 1}', "YB462"),
        ('{"account": "007", "date": "2024-01-09", "kind": "credit", "amout": 1}', "YB460"),
        ('{"account": "007", "account": "008"}', "YB464"),
        ('{"account": "007", "documents": ["a"]}', "YB466"),
        ('{"account": "\\ud800"}', "YB466"),
        ('{"account": "007"', "YB466"),
        ("007", "YB466"),
        ("[" * 100_000, "YB466"),
        ('{"schema": "yibao events 1"}', "YB460"),
        (
            '{"account": "007", "date": "2024-01-09", "kind": "replace", "target": "e1", '
            '"instead": {"kind": "credit", "amount": 5.10}}',
            "",
        ),
    ],
)  # fmt: skip
def test_json_lines(write: Write, line: str, expected: str) -> None:
    good = '{"account": "\\u5f20", "date": "2024-01-09", "kind": "credit", "amount": "1"}'
    path = write(f"{good}\n\n{line}\n{good}\n", "events.jsonl")
    assert codes_of(path) == ["", expected, ""]
    assert [row.number for row in rows_of(path)] == [1, 3, 4]
    assert rows_of(path)[0].account == "\u5f20"


def test_the_schema_of_json_lines(write: Write) -> None:
    assert codes_of(write('{"schema": "yibao events 2"}\n', "a.jsonl")) == ["! YB469"]
    assert codes_of(write('{"schema": 1}\n', "a.jsonl")) == ["! YB469"]
    assert codes_of(write('{"schema": "yibao events 1"}\n', "a.jsonl")) == []
    assert codes_of(write("", "a.jsonl")) == []


def test_the_place_in_json(write: Write) -> None:
    line = '{"id": "x{\\"date\\": 1}", "date" :  "2024-01-32", "account": "007", "kind": "credit"}'
    (row,) = rows_of(write(line, "a.jsonl"))
    assert row.problem is not None and row.problem.place is not None
    place = row.problem.place
    assert (row.problem.code, place.source.text[slice(*place.span)]) == ("YB014", "2024-01-32")


# ── Parquet ──


def table(path: Path, metadata: dict[bytes, bytes] | None = None, **columns: object) -> Path:
    whole = {"account": ["007"], "date": ["2024-01-09"], "kind": ["credit"], **columns}
    made = pyarrow.table({name: value for name, value in whole.items() if value is not None})
    parquet.write_table(made.replace_schema_metadata(metadata), path)
    return path


def test_columns_of_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    found = rows_of(
        table(
            path,
            account=pyarrow.array(["007"]).dictionary_encode(),
            date=[date(2024, 1, 9)], amount_fen=pyarrow.array([86050], pyarrow.int64()),
            seq=pyarrow.array([2], pyarrow.int8()), member=pyarrow.nulls(1),
        )
    )  # fmt: skip
    assert found[0].event is not None
    event = found[0].event
    assert (found[0].account, event.booked, event.amount_fen, event.seq) == (
        "007", date(2024, 1, 9), 86050, 2,
    )  # fmt: skip
    decimal = table(path, amount=pyarrow.array([Decimal("860.50")], pyarrow.decimal128(12, 2)))
    assert [row.event.amount_fen for row in rows_of(decimal) if row.event] == [86050]
    assert codes_of(table(path, amount=[Decimal("0.005")])) == ["YB218"]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"account": [7]}, "! YB474"),
        ({"id": [7], "amount": ["1"]}, "! YB474"),
        ({"amount": [860.5]}, "! YB474"),
        ({"amount_fen": [86050.0]}, "! YB474"),
        ({"amount": [True]}, "! YB474"),
        ({"date": pyarrow.array([0], pyarrow.timestamp("s"))}, "! YB474"),
        ({"documents": [["a"]]}, "! YB474"),
        ({"amout": ["1"]}, "! YB460"),
        ({"account": None}, "! YB461"),
        ({"account": pyarrow.nulls(1)}, "YB462"),
        ({"metadata": {b"yibao": b"yibao events 2"}}, "! YB469"),
        ({"metadata": {b"yibao": b"yibao events 1"}, "amount": ["1"]}, ""),
    ],
)
def test_parquet(tmp_path: Path, columns: dict[str, object], expected: str) -> None:
    metadata = columns.pop("metadata", None) if "metadata" in columns else None
    assert metadata is None or isinstance(metadata, dict)
    assert codes_of(table(tmp_path / "a.parquet", metadata, **columns)) == [expected]


def test_a_row_of_parquet_has_its_number_and_text(tmp_path: Path) -> None:
    count = 20_000
    days = ["2024-01-09"] * (count - 1) + ["2024-02-30"]
    path = table(
        tmp_path / "a.parquet", account=["007"] * count, date=days, kind=["credit"] * count,
        amount=["1"] * count,
    )  # fmt: skip
    found = rows_of(path)
    last = found[-1]
    assert (len(found), last.number) == (count, count)
    assert last.problem is not None and last.problem.place is not None
    place = last.problem.place
    assert place.line == count
    assert place.source.text[slice(*place.span)] == "2024-02-30"


def test_damaged_parquet(write: Write, tmp_path: Path) -> None:
    assert codes_of(write("", "a.parquet")) == ["! YB473"]
    assert codes_of(write("PAR1 and so on PAR1", "a.parquet")) == ["! YB473"]


def test_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = table(tmp_path / "a.parquet", amount=["1"])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(Refusal, match=r"(?s)YB472.*extra `parquet`"):
        rows_of(path)


# ── nothing is lost ──


def test_raw_cells_are_as_written(write: Write) -> None:
    text = SCHEMA + HEADER + "007,e1,2024-01-09,bill,\u95e8\u8bca,860.505\n007,e1\n"
    first, second = rows_of(write(text))
    assert first.raw == {
        "account": "007", "id": "e1", "date": "2024-01-09", "kind": "bill",
        "name": "\u95e8\u8bca", "amount": "860.505",
    }  # fmt: skip
    assert (first.account, first.event) == ("007", None)
    assert (second.account, second.raw) == ("", {"row": "007,e1"})


BAD = (
    SCHEMA
    + HEADER
    + BILL
    + "007,e2,2024-02-30,bill,outpatient,1\n"
    + "008,e1,2024-01-09,bill,outpatient,1,000\n"
    + "009,e1,2024-01-09,bill,outpatient,1\n"
)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_rejects_can_be_put_right_and_read_again(write: Write, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"rejects.{ending}"
    with Rejects(path, allowed=True) as rejects:
        found = [row.account for row in rejects.keep(read_events(write(BAD), BOOK))]
    assert found == ["007", "009"]
    assert (rejects.read, rejects.accepted, rejects.rejected) == (4, 2, 2)
    assert rejects.accounts == {"007"}
    assert codes_of(path) == ["YB014", "YB462"]
    text = path.read_text("utf-8")
    assert "YB014: there is no such date: 2024-02-30" in text
    assert "008,e1,2024-01-09,bill,outpatient,1,000" in text
    path.write_text(text.replace("2024-02-30", "2024-02-29"), "utf-8")
    assert codes_of(path) == ["", "YB462"]


def test_a_rejects_file_of_a_run_without_bad_rows_is_empty(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    path.write_text("of the run before")
    with Rejects(path) as rejects:
        list(rejects.keep(read_events(write(SCHEMA + HEADER + BILL), BOOK)))
    assert codes_of(path) == []
    with pytest.raises(Refusal, match="YB470"), Rejects(tmp_path / "rejects.txt"):
        pass


def test_bad_rows_fail_the_run(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    found = []
    with pytest.raises(Refusal) as caught, Rejects(path) as rejects:
        found += [row.account for row in rejects.keep(read_events(write(BAD), BOOK))]
    assert [each.code for each in caught.value.diagnostics] == ["YB014", "YB467"]
    assert found == ["007"]
    assert len(codes_of(path)) == 2


def test_many_bad_rows_are_counted(write: Write) -> None:
    text = SCHEMA + HEADER + "007,e1,2024-02-30,bill,outpatient,1\n" * 100
    with pytest.raises(Refusal) as caught:
        list(grouped(write(text), BOOK))
    told = caught.value.diagnostics
    assert len(told) == MOST_DIAGNOSTICS
    assert [each.place.line for each in told if each.place] == list(range(3, 2 + MOST_DIAGNOSTICS))
    assert told[-1] == diagnostic("YB003", None, count=101 - MOST_DIAGNOSTICS)
    assert limited(told) == list(told)


def test_another_failure_leaves_the_old_rejects(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    path.write_text("old")
    with pytest.raises(KeyError), Rejects(path, allowed=True) as rejects:
        list(rejects.keep(read_events(write(BAD), BOOK)))
        raise KeyError
    assert path.read_text() == "old"


# ── by account ──


def bills(*rows: str) -> str:
    """A file of bills, each as account, id and yuan."""
    lines = []
    for row in rows:
        account, id_, yuan = row.split()
        lines.append(f"{account},{id_.strip('-')},2024-01-09,bill,outpatient,{yuan}\n")
    return SCHEMA + HEADER + "".join(lines)


def shown(found: list[tuple[str, list[Event]]]) -> list[str]:
    return [
        f"{account}: {' '.join(str(each.amount_fen // 100) for each in events)}"
        for account, events in found
    ]


def test_accounts_come_one_after_the_other(write: Write) -> None:
    text = bills("009 e1 1", "009 e2 2", "007 e1 3", "008 e1 4", "008 e9 5")
    assert shown(list(grouped(write(text), BOOK))) == ["009: 1 2", "007: 3", "008: 4 5"]


def test_accounts_are_streamed(write: Write) -> None:
    path = write(bills("007 e1 1", "008 e1 2") + "broken\n")
    groups = grouped(path, BOOK, rejects=Rejects(allowed=True))
    assert next(groups)[0] == "007"
    assert [account for account, _ in groups] == ["008"]


def test_an_account_that_comes_back(write: Write) -> None:
    path = write(bills("007 e1 1", "008 e1 2", "007 e2 3"))
    with pytest.raises(Refusal, match=r"(?s)YB475.*007.*events\.csv:5.*sort the file"):
        list(grouped(path, BOOK))
    assert shown(list(grouped(path, BOOK, sort=True))) == ["007: 1 3", "008: 2"]


def test_a_bad_row_in_between_does_not_part_an_account(write: Write) -> None:
    path = write(bills("007 e1 1", "008 e1 -5", "007 e2 3"))
    with Rejects(allowed=True) as rejects:
        assert shown(list(grouped(path, BOOK, rejects=rejects))) == ["007: 1 3"]
    assert rejects.accounts == {"008"}


@pytest.mark.parametrize("sort", [False, True])
def test_an_event_that_is_said_again(write: Write, sort: bool) -> None:
    text = bills(
        "007 e1 1", "007 e1 1.00", "007 e2 2", "007 e1 9", "008 e1 4", "008 - 5", "008 - 5"
    )
    with Rejects(allowed=True) as rejects:
        found = list(grouped(write(text), BOOK, sort=sort, rejects=rejects))
    assert shown(found) == ["007: 1 2", "008: 4 5 5"]
    assert (rejects.read, rejects.repeated, rejects.rejected, rejects.accepted) == (7, 1, 1, 5)
    (problem,) = rejects.problems
    assert (problem.code, problem.place.line if problem.place else 0) == ("YB440", 6)
    assert [note.place.line for note in problem.notes] == [3]


def test_without_leave_nothing_comes_after_a_bad_row(write: Write) -> None:
    found = []
    with pytest.raises(Refusal) as caught:
        for account, _ in grouped(write(bills("007 e1 1", "008 e1 x", "009 e1 2")), BOOK):
            found.append(account)
    assert [each.code for each in caught.value.diagnostics] == ["YB465"]
    assert found == []  # 007 was not complete when the bad row came.


ACCOUNTS = st.lists(st.sampled_from(["007", "7", "0070", "\u5f20\u4e09"]), max_size=20)


@given(ACCOUNTS)
def test_sorted_or_not_the_events_are_the_same(accounts: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        rows = [f"{account} e{index} {index}" for index, account in enumerate(accounts)]
        path.write_text(bills(*rows), "utf-8")
        found = dict(grouped(path, BOOK, sort=True))
        assert list(found) == sorted(set(accounts))
        together = sorted(rows, key=lambda row: row.split()[0])
        path.write_text(bills(*together), "utf-8")
        streamed = dict(grouped(path, BOOK))
    assert {key: [each.content() for each in value] for key, value in found.items()} == {
        key: [each.content() for each in value] for key, value in streamed.items()
    }
