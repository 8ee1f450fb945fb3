"""CSV cut into cells by Arrow and row by row: the same rows, numbers, texts and problems."""

import csv
import io
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang import read
from yibaolang.engine.row_files import records
from yibaolang.population import files_csv
from yibaolang.population.files import people_blocks, people_form
from yibaolang.population.files_blocks import blocks_of

BOOK = read("region 甲市\nactive credit 2% of contribution_base\n").book
NAMES = ["account", "region", "version", "sex"]
CELLS = st.sampled_from([
    "1", "007", "甲市", "", "6500.50", "a,b", 'a"b', " x", "x ", "a\nb", '"', '""', ",",
])  # fmt: skip
RAW = st.text(alphabet='"",,\n 1a', max_size=12)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file with rows in a style of quoting, and perhaps with a piece of anything among them."""
    rows = draw(st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=8))
    style = draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=style, lineterminator=end)
    writer.writerows([NAMES, *rows])
    if draw(st.booleans()):
        return text.getvalue()
    return text.getvalue() + draw(RAW) + draw(st.sampled_from(["", end, f'"1","",1,""{end}']))


def told(blocks: Any) -> list[tuple[Any, ...]]:
    """Each row with its number, its cells and its text, or what is wrong with it."""
    found: list[tuple[Any, ...]] = []
    for block in blocks:
        for each, problem in block.unread:
            found.append((each.number, problem.code, each.text))
        columns = {name: block.rows.column(name) for name in block.rows.schema.names}
        for at, number in enumerate(block.numbers):
            kept = block.record(at)
            cells = {name: (each[at].as_py() or "").strip(" \t") for name, each in columns.items()}
            assert {name: cell for name, cell in cells.items() if cell} == kept.cells
            found.append((number, kept.number, dict(kept.cells), kept.text.rstrip("\r\n")))
    return sorted(found, key=lambda each: each[0])


@given(files(), st.sampled_from([1, 40, 1 << 20]))
def test_any_file(tmp_path_factory: pytest.TempPathFactory, text: str, size: int) -> None:
    path = str(tmp_path_factory.mktemp("csv") / "people.csv")
    Path(path).write_bytes(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files_csv, "_PART", size)
        found = told(people_blocks(path, BOOK, None))
    form = people_form(BOOK)
    assert found == told(blocks_of(records(path, form, None), form))


@pytest.mark.parametrize("style", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
def test_what_programs_quote_is_cut_by_arrow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, style: int
) -> None:
    path = str(tmp_path / "people.csv")
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=style)
        writer.writerows([NAMES, *([str(each), "甲市,乙", "1", ""] for each in range(100))])
    slow: list[int] = []
    monkeypatch.setattr(files_csv, "blocks_of", lambda *_: slow.append(1) or iter(()))
    blocks = list(people_blocks(path, BOOK, None))
    table = pyarrow.Table.from_batches([each.rows for each in blocks])
    assert (table.num_rows, slow) == (100, [])
    assert set(table["region"].to_pylist()) == {"甲市,乙"}
