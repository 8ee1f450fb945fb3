"""Groups of people: by region, by an age band, by a choice; and exact sums by group.

A group is named by labels, one for each key, which are canonical names; "" is for who says nothing.
Numbers are added as Python integers, so that no sum is too large for them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import ModuleType
from typing import Any

from attrs import field, frozen

from yibaolang.engine.arrow_cells import cell_text
from yibaolang.engine.cells import Misfit
from yibaolang.engine.rulebook import RuleBook
from yibaolang.model.calendar import years_between
from yibaolang.model.entries import BASE
from yibaolang.population.arrow_making import numbers, scalar
from yibaolang.population.columns import Named, arrow_alone, load_arrow, place_of
from yibaolang.population.persons import Cells

AGE_BANDS = {"age": 10, "age5": 5, "age10": 10}
"""Keys of age bands, with the years of a band."""

_MOST = (1 << 63) - 1
Labels = tuple[str, ...]


def group_keys(rules: RuleBook) -> tuple[str, ...]:
    """Everything that people may be grouped by: region, age bands, choices and yes or no.

    >>> from yibaolang.engine.rulebook import read
    >>> group_keys(read(""))[:6]
    ('region', 'age', 'age5', 'age10', 'sex', 'status')
    """
    cells = Cells(rules.book)
    names = dict.fromkeys(cells.columns.values())
    kinds = {name: cells.input(name).type.kind for name in names}
    return (
        "region", *AGE_BANDS, *(name for name in names if kinds[name] in ("choice", "truth"))
    )  # fmt: skip


def group_key(rules: RuleBook, text: str) -> str | None:
    """The key that a word in either language means; None for another word."""
    keys = group_keys(rules)
    spoken = {"\u5730\u533a": "region", "\u5e74\u9f84": "age"}
    canonical = spoken.get(text, rules.book.spelled(text) or text)
    return canonical if canonical in keys else None


class Grouper:
    """Puts people into groups, on a day; `home` is the region of those whose row has none."""

    def __init__(self, rules: RuleBook, keys: Sequence[str], on: date, home: str = BASE) -> None:
        self.rules = rules
        self.keys = tuple(keys)
        self.on = on
        self.home = "" if home == BASE else home
        self._cells = Cells(rules.book)
        self._read = {each: self._reader(each) for each in self.keys}
        self._known: dict[tuple[str, str], str] = {}

    def column(self, key: str) -> str:
        """The canonical column that a key is read from."""
        return "birth" if key in AGE_BANDS else key

    def label(self, key: str, text: str) -> str:
        """The label of a cell's text."""
        text = text.strip(" \t")
        found = self._known.get((key, text))
        if found is None:
            try:
                found = self._read[key](text)
            except Misfit:
                found = ""
            if len(self._known) < 1 << 16:
                self._known[key, text] = found
        return found

    def labels(self, cells: Mapping[str, str]) -> Labels:
        """The group of a person given as cells by canonical name."""
        return tuple(self.label(key, cells.get(self.column(key), "")) for key in self.keys)

    def _reader(self, key: str) -> Callable[[str], str]:
        cells = self._cells
        if key == "region":
            return lambda text: place_of(self.rules.book, text, "")[0] if text else self.home
        if key in AGE_BANDS:
            return lambda text: self._band(text, AGE_BANDS[key])
        if cells.input(key).type.kind == "truth":
            return lambda text: ("yes" if cells.value(key, text) else "no") if text else ""
        return lambda text: str(cells.value(key, text)) if text else ""

    def _band(self, text: str, years: int) -> str:
        """The band of a birthday: 70-79."""
        if not text:
            return ""
        born: date = self._cells.value("birth", text)
        if born > self.on:
            return ""
        low = years_between(born, self.on) // years * years
        return f"{low}-{low + years - 1}"

    # ── columns ──

    def coded(self, rows: Any, columns: Sequence[Named]) -> tuple[Any, list[Labels]]:
        """For each row of a batch the number of its group, and the labels of the groups."""
        arrow = arrow_alone()
        code: Any = None
        groups: list[Labels] = [()]
        for key in self.keys:
            own, labels = self._coded(arrow, rows, columns, key)
            code = own if code is None else joined(code, len(labels), own)
            groups = [(*group, label) for group in groups for label in labels]
        if code is None:
            code = arrow.repeat(scalar(arrow, 0), rows.num_rows)
        return code, groups

    def _coded(
        self, arrow: Any, rows: Any, columns: Sequence[Named], key: str
    ) -> tuple[Any, list[str]]:
        wanted = self.column(key)
        at = next((at for at, each in enumerate(columns) if each.key == wanted), None)
        if at is None:
            return arrow.repeat(scalar(arrow, 0), rows.num_rows), [self.label(key, "")]
        values = rows.column(at)
        if arrow.types.is_null(values.type):
            values = values.cast(arrow.string())
        if not arrow.types.is_dictionary(values.type):
            values = values.dictionary_encode()
        found = [self.label(key, cell_text(each)) for each in values.dictionary.to_pylist()]
        labels = list(dict.fromkeys((*found, self.label(key, ""))))
        missing = labels.index(self.label(key, ""))
        if not len(found):
            return arrow.repeat(scalar(arrow, missing), rows.num_rows), labels
        return looked_up([labels.index(each) for each in found], values.indices, missing), labels


@frozen(eq=False)
class Sums:
    """How many there are, and what they come to, by a key."""

    counts: dict[tuple[Any, ...], int] = field(factory=dict)
    totals: dict[tuple[Any, ...], tuple[int, ...]] = field(factory=dict)

    def add(self, key: tuple[Any, ...], count: int, totals: tuple[int, ...]) -> None:
        """So many more under a key, with their sums.

        >>> sums = Sums()
        >>> sums.add(("jinan",), 2, (300,)), sums.add(("jinan",), 1, (100,))
        (None, None)
        >>> sums.counts, sums.totals
        ({('jinan',): 3}, {('jinan',): (400,)})
        """
        self.counts[key] = self.counts.get(key, 0) + count
        before = self.totals.get(key)
        self.totals[key] = totals if before is None else tuple(
            one + other for one, other in zip(before, totals, strict=True)
        )  # fmt: skip


def looked_up(table: Sequence[int], indices: Any, missing: int) -> Any:
    """For each index the number that a table has for it, `missing` for none."""
    if (arrays := _arrays()) is not None:
        return arrays.looked_up(table, indices, missing)
    arrow = load_arrow()
    found = numbers(arrow, arrow.int64(), table).take(indices)
    return arrow.compute.fill_null(found, scalar(arrow, missing))


def joined(code: Any, count: int, own: Any) -> Any:
    """One number for two: that of a group and `own`, which is below `count`.

    >>> arrow = load_arrow()
    >>> joined(arrow.array([0, 2]), 5, arrow.array([4, 1])).to_pylist()
    [4, 11]
    """
    if (arrays := _arrays()) is not None:
        return arrays.joined(code, count, own)
    arrow = load_arrow()
    compute = arrow.compute
    return compute.add(compute.multiply(code, scalar(arrow, count)), own)


def _arrays() -> ModuleType | None:
    """The module that does the same with NumPy, which is faster; None where there is none."""
    try:
        from yibaolang.population import grouping_arrays
    except ImportError:
        return None
    return grouping_arrays


def summed(
    code: Any, amounts: Sequence[Any]
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """For each number in `code`: how often it is there, and the sums of its `amounts`.

    Amounts are int64; nulls count as nothing.

    >>> arrow = load_arrow()
    >>> code = arrow.array([0, 1, 0], arrow.int64())
    >>> sorted(summed(code, [arrow.array([5, None, 2**62]), arrow.array([1, 1, 1])]))
    [(0, 2, (4611686018427387909, 2)), (1, 1, (0, 1))]
    """
    arrays = _arrays()
    by_numpy = None if arrays is None else arrays.summed(code, amounts)
    if by_numpy is not None:
        yield from by_numpy
        return
    arrow = load_arrow()
    if any(not _small(arrow, each) for each in amounts):
        yield from _summed_exactly(code.to_pylist(), [each.to_pylist() for each in amounts])
        return
    names = [f"a{at}" for at in range(len(amounts))]
    table = arrow.table([code, *amounts], names=["code", *names])
    wanted: list[Any] = [(name, "sum") for name in names]
    found = table.group_by("code").aggregate([("code", "count"), *wanted])
    sums = [found.column(f"{name}_sum").to_pylist() for name in names]
    codes, counts = found.column("code").to_pylist(), found.column("code_count").to_pylist()
    for at, (one, count) in enumerate(zip(codes, counts, strict=True)):
        yield one, count, tuple(each[at] or 0 for each in sums)


def _small(arrow: Any, amounts: Any) -> bool:
    """Whether no sum of so many rows can leave 64 bits."""
    if amounts.null_count == len(amounts):
        return True
    extent = arrow.compute.min_max(amounts).as_py()
    return bool(max(-extent["min"], extent["max"]) * len(amounts) <= _MOST)


def _summed_exactly(
    codes: Sequence[int], amounts: Sequence[Sequence[int | None]]
) -> Iterable[tuple[int, int, tuple[int, ...]]]:
    sums = Sums()
    for at, code in enumerate(codes):
        sums.add((code,), 1, tuple(each[at] or 0 for each in amounts))
    for key, count in sums.counts.items():
        yield key[0], count, sums.totals[key]
