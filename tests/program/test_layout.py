"""The cells of an account."""

from yibaolang.program.layout import (
    BUCKET,
    COUNTER,
    POSTINGS,
    RECEIVABLE,
    TOTAL,
    Cell,
    Layout,
)


def test_a_cell_is_added_once() -> None:
    layout = Layout()
    assert [layout.bucket(name) for name in ("current", "carried", "current")] == [0, 1, 0]
    assert layout.receivable() == layout.receivable() == 2
    assert layout.cells == [
        Cell(BUCKET, "current"), Cell(BUCKET, "carried"), Cell(RECEIVABLE, "receivable"),
    ]  # fmt: skip


def test_cells_differ_by_everything_that_they_say() -> None:
    layout = Layout()
    cells = [
        Cell(COUNTER, "above"), Cell(COUNTER, "up_to"), Cell(COUNTER, "above", "somewhere"),
        Cell(COUNTER, "above", "somewhere", "per_year"),
        Cell(COUNTER, "above", "somewhere", "per_year", "floor"), Cell(BUCKET, "above"),
    ]  # fmt: skip
    assert [layout.index(each) for each in cells] == [0, 1, 2, 3, 4, 5]
    assert layout.of_kind(COUNTER) == list(enumerate(cells[:5]))


def test_only_buckets_are_buckets() -> None:
    layout = Layout()
    layout.total("draw")
    layout.index(Cell(COUNTER, "current"))
    assert not layout.has_bucket("current")
    layout.bucket("current")
    assert layout.has_bucket("current")
    assert not layout.has_bucket("draw")
    assert not layout.has_bucket("receivable")


def test_money_is_in_buckets_and_in_the_receivable() -> None:
    layout = Layout()
    total = layout.total("cash")
    bucket, receivable = layout.bucket("current"), layout.receivable()
    layout.index(Cell(COUNTER, "above", "somewhere", "per_year"))
    assert [index for index, _ in layout.accounts()] == [bucket, receivable]
    assert total not in (bucket, receivable)


def test_what_begins_anew_with_a_period() -> None:
    layout = Layout()
    periods = ("per_year", "", "per_month", "per_year", "per_lifetime")
    for number, period in enumerate(periods):
        layout.index(Cell(COUNTER, f"counter {number}", "somewhere", period))
    assert layout.resetting("per_year") == [0, 3]
    assert layout.resetting("per_month") == [2]
    assert layout.resetting("per_lifetime") == [4]


def test_each_kind_of_posting_has_a_total_of_its_own() -> None:
    layout = Layout()
    assert [layout.total(kind) for kind in POSTINGS] == list(range(len(POSTINGS)))
    assert {cell.kind for cell in layout.cells} == {TOTAL}
    assert len(set(POSTINGS)) == len(POSTINGS)
