"""Random rule files and people: native code and the reference engine say the same of each."""

from typing import Any

import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.population.rules import FIGURES, MONTHS, people, rule_files
from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import Refusal
from yibaolang.population.evaluate import population

QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def table(rows: list[dict[str, Any]]) -> Any:
    """Rows of cells as columns of text."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pyarrow.table(
        {name: pyarrow.array([row.get(name) for row in rows], pyarrow.string()) for name in names}
    )


def exact(row: dict[str, Any]) -> dict[str, Any]:
    """A row in which a fraction is one number, whatever it is over."""
    from fractions import Fraction

    found = dict(row)
    for name in row:
        base = name.removesuffix("_numerator")
        if base != name:
            above, below = found.pop(name), found.pop(f"{base}_denominator")
            found[base] = None if above is None else Fraction(above, below)
    return {
        name.removesuffix("_fen"): value for name, value in found.items()
    }  # fmt: skip


def check(text: str, rows: list[dict[str, Any]], figures: list[str], on: str) -> None:
    """Both engines on the same; what has no native form must be told by both alike."""
    rules, columns = read(text), table(rows)
    asked: dict[str, Any] = {"region": "甲市", "on": on}
    try:
        native = population(rules, columns, figures, engine="native", **asked)
    except Refusal as refusal:
        assert refusal.diagnostics[0].code == "YB480"
        return
    reference = population(rules, columns, figures, engine="reference", **asked)
    for row, one, other in zip(rows, native.to_pylist(), reference.to_pylist(), strict=True):
        assert exact(one) == exact(other), row


@given(
    rule_files(), people(), st.lists(st.sampled_from(FIGURES), min_size=1, max_size=3),
    st.sampled_from(MONTHS),
)  # fmt: skip
@settings(max_examples=12, **QUICK)
def test_native_code_says_what_the_reference_engine_says(
    text: str, rows: list[dict[str, Any]], figures: list[str], on: str
) -> None:
    check(text, rows, list(dict.fromkeys(figures)), on)


@pytest.mark.slow
@given(
    rule_files(), people(), st.lists(st.sampled_from(FIGURES), min_size=1, max_size=3),
    st.sampled_from(MONTHS),
)  # fmt: skip
@settings(max_examples=150, **QUICK)
def test_it_does_for_many_rule_files(
    text: str, rows: list[dict[str, Any]], figures: list[str], on: str
) -> None:
    check(text, rows, list(dict.fromkeys(figures)), on)
