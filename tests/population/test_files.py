"""Files of people: what is read ahead, how results are written, and how they are added up."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Event

import pyarrow
import pytest
from pyarrow import parquet

from yibaolang import read
from yibaolang.engine.asked import Asked
from yibaolang.engine.rejects import Rejects
from yibaolang.population import files_csv, files_parquet, grouping
from yibaolang.population.arrow_making import numbers, scalar, texts, truths
from yibaolang.population.files import begun, people_blocks
from yibaolang.population.files_ahead import Ahead
from yibaolang.population.files_out import sink
from yibaolang.population.files_person import Reader
from yibaolang.population.files_running import Batch, Side, Source, batches
from yibaolang.population.grouping import joined, looked_up, summed
from yibaolang.population.questions import Asks
from yibaolang.population.redo import Reference

RULES = """region 甲市
active credit 2% of contribution_base
"""


# ── ahead ──


def test_what_is_read_ahead_comes_in_order_and_is_bounded() -> None:
    begun_: list[int] = []

    def things() -> Iterator[int]:
        for each in range(20):
            begun_.append(each)
            yield each

    found, taken = Ahead(things(), lambda _: 10, 35), []
    for each in found:
        taken.append(each)
        # 35 bytes are four things, and the one that is used.
        assert max(begun_) <= each + 5
    assert taken == list(range(20))
    assert list(found) == []


def test_one_thing_is_read_ahead_however_large_it_is() -> None:
    second = Event()

    def things() -> Iterator[int]:
        yield 1
        second.set()
        yield 2

    found = Ahead(things(), lambda _: 1 << 40)
    assert next(found) == 1
    assert second.wait(60)
    assert list(found) == [2]


def test_what_reading_raises_comes_after_what_was_read() -> None:
    def things() -> Iterator[int]:
        yield 1
        raise ValueError("torn")

    found = Ahead(things(), lambda _: 1)
    assert next(found) == 1
    with pytest.raises(ValueError, match="torn"):
        next(found)
    assert list(found) == []


def test_a_file_may_be_begun_before_its_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_parquet, "BATCH_ROWS", 7)
    path = str(tmp_path / "people.parquet")
    accounts = [str(each) for each in range(50)]
    parquet.write_table(pyarrow.table({"account": accounts}), path, row_group_size=20)
    early = begun(path)
    assert begun("people.csv") is None
    book = read(RULES).book
    for given in (early, None):
        blocks = list(people_blocks(path, book, None, given))
        assert [each for block in blocks for each in block.rows["account"].to_pylist()] == accounts
        assert [each for block in blocks for each in block.numbers] == list(range(1, 51))
        assert blocks[-1].record(0).cells == {"account": accounts[blocks[-1].numbers[0] - 1]}


def test_a_row_of_parquet_without_an_account_is_none(tmp_path: Path) -> None:
    path = str(tmp_path / "people.parquet")
    table = pyarrow.table({"account": ["1", None, "3"], "status": ["active", "retired", None]})
    parquet.write_table(table, path)
    (block,) = people_blocks(path, read(RULES).book, None)
    assert block.rows["account"].to_pylist() == ["1", "3"]
    assert [block.record(at).number for at in (0, 1)] == list(block.numbers) == [1, 3]
    ((record, problem),) = block.unread
    assert (record.number, dict(record.cells), problem.code) == (2, {"status": "retired"}, "YB462")


# ── arrays ──


def test_arrays_of_buffers_are_those_of_arrow() -> None:
    words = ["甲市", None, "", "a", None] * 5
    assert texts(pyarrow, words).equals(pyarrow.array(words, pyarrow.string()))
    assert texts(pyarrow, []).equals(pyarrow.array([], pyarrow.string()))
    for type_ in (pyarrow.int8(), pyarrow.int16(), pyarrow.int32(), pyarrow.int64()):
        values = [7, None, -1] * 5
        assert numbers(pyarrow, type_, values).equals(pyarrow.array(values, type_))
    flags = [each % 3 == 0 for each in range(1000)]
    assert truths(pyarrow, flags).equals(pyarrow.array(flags))
    assert scalar(pyarrow, 1 << 62) == pyarrow.scalar(1 << 62)


@pytest.mark.parametrize("numpy", [True, False], ids=["with NumPy", "without"])
def test_groups_are_added_up_with_numpy_and_without(
    monkeypatch: pytest.MonkeyPatch, numpy: bool
) -> None:
    if not numpy:
        monkeypatch.setattr(grouping, "_arrays", lambda: None)
    indices = pyarrow.array([9, 0, None, 2, 1, 9, 2], pyarrow.int8()).slice(1, 5)
    own = looked_up([4, 0, 2], pyarrow.array([0, None, 2, 1, None], pyarrow.int16()), 3)
    code = looked_up([0, 1, 2], pyarrow.array([0, None, 2, 1, 0], pyarrow.int8()), 1)
    assert (own.to_pylist(), code.to_pylist()) == ([4, 3, 2, 0, 3], [0, 1, 2, 1, 0])
    assert looked_up(list(range(10, 20)), indices, 7).to_pylist() == [10, 7, 12, 11, 19]
    assert joined(code, 5, own).to_pylist() == [4, 8, 12, 5, 3]
    for most in (1 << 20, (1 << 63) - 1):
        amounts = pyarrow.array([most, None, 5, -most, most], pyarrow.int64())
        found = sorted(summed(code, [amounts, amounts.slice(0)]))
        assert found == [
            (0, 2, (2 * most, 2 * most)), (1, 2, (-most, -most)), (2, 1, (5, 5)),
        ]  # fmt: skip
    assert list(summed(code.slice(0, 0), [amounts.slice(0, 0)])) == []


# ── what is written ──


def test_every_column_comes_back_from_parquet(tmp_path: Path) -> None:
    rows = pyarrow.RecordBatch.from_pydict({
        "account": ["1", None, "甲"], "credit_fen": pyarrow.array([5, None, -(1 << 62)]),
        "wait": pyarrow.array([date(1900, 1, 1), date(2199, 12, 31), None]),
        "benefit": [True, None, False],
        "status": pyarrow.array(["active", None, "active"]).dictionary_encode(),
        "small": pyarrow.array([1, 2, None], pyarrow.int8()),
    })  # fmt: skip
    path = tmp_path / "out.parquet"
    with sink(path, "yibao population 1") as to:
        to.batch(rows)
        to.batch(rows.slice(0, 0))
        to.batch(rows.slice(1))
    found = parquet.read_table(path)
    assert found.to_pylist() == [*rows.to_pylist(), *rows.slice(1).to_pylist()]
    assert found.schema.types == rows.schema.types
    assert found.schema.metadata[b"yibao"] == b"yibao population 1"


def test_an_error_of_the_writer_is_raised_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    path.write_text("old", "utf-8")
    one = pyarrow.RecordBatch.from_pydict({"account": ["1"]})
    other = pyarrow.RecordBatch.from_pydict({"name": ["1"]})
    with pytest.raises(ValueError, match="schema"), sink(path, "yibao population 1") as to:
        to.batch(one)
        to.batch(other)
    assert path.read_text("utf-8") == "old"


# ── rows that say nothing ──


def test_cells_that_no_question_reads_are_not_looked_at(tmp_path: Path) -> None:
    rules = read(RULES)
    asks = (Asks("credit", Asked.on(date(2024, 6, 1))),)
    path = tmp_path / "people.csv"
    path.write_text("account,region,status,contribution_base,pension\n1,甲市,active,100,x\n"
                    "2,甲市,active,y,5\n", "utf-8")  # fmt: skip
    first, second = (next(iter(people_blocks(str(path), rules.book))).record(at) for at in (0, 1))
    reader = Reader(rules, ("甲市", ""), Reference(rules, asks).reads)
    assert reader.problem(first) is None
    problem = reader.problem(second)
    assert problem is not None and problem.code == "YB465"
    assert Reader(rules).problem(first) is not None
    for engine in ("native", "reference"):
        with Rejects(allowed=True) as rejects:
            found = list(batches(Source(str(path), None, engine, 1), [Side(rules, asks)], rejects))
        assert [fen_of(each) for each in found] == [[200]]
        assert rejects.rejected == 1


def fen_of(batch: Batch) -> list[int]:
    fen: list[int] = batch.answers[0]["credit_fen"].to_pylist()
    return fen


def test_lines_that_end_with_returns_are_lines(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    book = read(RULES).book
    for end in ("\r", "\n", "\r\n"):
        lines = ["account,region", "1,甲市", "2,甲市", ""]
        path.write_bytes(end.join(lines).encode())
        blocks = list(people_blocks(str(path), book))
        found = [each["account"] for block in blocks for each in block.rows.to_pylist()]
        assert found == ["1", "2"]


def test_a_mark_at_the_beginning_of_a_part_belongs_to_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("account,region\n" + "\ufeffq,甲市\n" * 3, "utf-8")
    for size in (1, 1 << 20):
        monkeypatch.setattr(files_csv, "_PART", size)
        blocks = people_blocks(str(path), read(RULES).book)
        found = [each["account"] for block in blocks for each in block.rows.to_pylist()]
        assert found == ["\ufeffq"] * 3
