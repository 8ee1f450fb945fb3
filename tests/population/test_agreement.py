"""Random rule files and people: native code and the reference engine say the same of each."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow
import pyarrow.compute
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.population.rules import (
    AMOUNTS,
    CONDITIONS,
    DEFINES,
    FIGURES,
    HEAD,
    MONTHS,
    WHENS,
    people,
    rule_files,
)
from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import Refusal
from yibaolang.model import core
from yibaolang.model.plan import Plans
from yibaolang.population.columns import check_types, columns_named
from yibaolang.population.evaluate import population
from yibaolang.population.lowering_numbers import NUMBERS
from yibaolang.population.lowering_reading import READING
from yibaolang.population.persons import Cells
from yibaolang.program.walk import walk

QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck)}
CELLS = Cells(read(HEAD).book)
FEW = st.lists(st.sampled_from(FIGURES), min_size=1, max_size=3, unique=True)
DAYS = st.one_of(
    st.sampled_from(MONTHS).map(lambda on: {"on": on}),
    st.just({"first": "2023-12", "last": "2024-02"}),
)


LAYOUTS: list[Callable[[Any], Any]] = [
    lambda texts: texts,
    lambda texts: texts.dictionary_encode(),
    lambda texts: texts.cast(pyarrow.large_string()),
    lambda texts: pyarrow.concat_arrays([texts[:1], texts])[1:],
    lambda texts: texts.dictionary_encode().cast(pyarrow.dictionary(pyarrow.int8(), texts.type)),
    lambda texts: texts.cast(pyarrow.decimal128(25, 2)),
    lambda texts: texts.cast(pyarrow.decimal128(25, 6)),
    lambda texts: texts.cast(pyarrow.int64()),
    lambda texts: texts.cast(pyarrow.date32()),
    lambda texts: texts.cast(pyarrow.date32()).dictionary_encode(),
    lambda texts: pyarrow.compute.equal(texts, "yes"),
]
"""How texts may lie in memory, and what they may be if they can be read so."""

LAYOUT = st.lists(st.integers(0, len(LAYOUTS) - 1), min_size=1, max_size=9)


def table(rows: list[dict[str, Any]], layouts: list[int]) -> Any:
    """Rows of cells as columns, each of which lies in its own way in memory."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {}
    for at, name in enumerate(names):
        texts = pyarrow.array([row.get(name) for row in rows], pyarrow.string())
        try:
            made = LAYOUTS[layouts[at % len(layouts)]](texts)
            check_types(CELLS, columns_named([name], CELLS.book), [made.type])
        except (pyarrow.ArrowInvalid, Refusal):
            made = texts
        columns[name] = made
    return pyarrow.table(columns)


def check(
    text: str, rows: list[dict[str, Any]], figures: list[str], asked: dict[str, str],
    layouts: list[int],
) -> None:  # fmt: skip
    """Both engines on the same, whole and in pieces; what has no native form is told by one."""
    rules, columns = read(text), table(rows, layouts)
    options: dict[str, Any] = {"region": "甲市", **asked}
    try:
        native = population(rules, columns, figures, engine="native", **options)
    except Refusal as refusal:
        assert refusal.diagnostics[0].code == "YB480"
        return
    reference = population(rules, columns, figures, engine="reference", **options)
    assert native.schema.equals(reference.schema)
    for row, one, other in zip(rows, native.to_pylist(), reference.to_pylist(), strict=True):
        assert one == other, row
    pieces = pyarrow.concat_tables([columns.slice(0, 1), columns.slice(1, 7), columns.slice(8)])
    # In pieces the first kernel is often not enough, but a second one takes long to compile.
    again = read(text) if not layouts[0] else rules
    assert population(again, pieces, figures, engine="native", **options).to_pylist() == (
        native.to_pylist()
    )


@given(rule_files(), people(), FEW, DAYS, LAYOUT)
@settings(max_examples=12, **QUICK)
def test_native_code_says_what_the_reference_engine_says(
    text: str, rows: list[dict[str, Any]], figures: list[str], asked: dict[str, str],
    layouts: list[int],
) -> None:  # fmt: skip
    check(text, rows, figures, asked, layouts)


@pytest.mark.slow
@given(rule_files(), people(), FEW, DAYS, LAYOUT)
@settings(max_examples=150, **QUICK)
def test_it_does_for_many_rule_files(
    text: str, rows: list[dict[str, Any]], figures: list[str], asked: dict[str, str],
    layouts: list[int],
) -> None:  # fmt: skip
    check(text, rows, figures, asked, layouts)


def test_every_kind_of_expression_is_among_the_generated() -> None:
    regions = "param avg_pension\n  2022-06-01 1元\nparam avg_wage\n  2022-01-01 1元"
    lines = [f"credit {each}" for each in AMOUNTS] + [f"{each} credit 1元" for each in CONDITIONS]
    lines += [f"credit 1元 {each}" for each in WHENS]
    book = read("\n".join([HEAD, "region 甲市", regions, DEFINES, *lines])).book
    plan = Plans(book, "甲市", {}).figure("credit", date(2024, 6, 1))
    roots = [root for arm in plan.arms for root in (arm.amount, arm.guard) if root is not None]
    made = {type(each) for each in walk(*roots)}
    assert {*READING, *NUMBERS} - {core.Absent} <= made
