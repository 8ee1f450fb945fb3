"""Every region of the examples: native ledgers and the reference engine agree on every fen."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.population.test_ledger_agreement import agreed
from tests.population.test_ledger_synthetic import table
from yibaolang import load
from yibaolang.engine.rulebook import RuleBook
from yibaolang.population.ledger_accounts import Accounts
from yibaolang.population.synthetic import Home, people, people_columns, people_row
from yibaolang.population.synthetic_events import event_cells, event_columns, events
from yibaolang.population.synthetic_menus import chosen, homes_of, places, posting
from yibaolang.resources import folder

EXAMPLES = Path(folder("examples"))
REGIONS = sorted(each.stem for each in (EXAMPLES / "regions").glob("*.yb"))
SHAPES = sorted(each.stem for each in (EXAMPLES / "shapes").glob("*.yb"))
FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)
YEAR = date(2024, 1, 1), date(2024, 12, 31)


def ran(
    rules: RuleBook, homes: Sequence[Home], count: int, first: date, last: date, **how: Any
) -> Accounts:
    """What native code says of synthetic people, after a look at the reference engine."""
    persons = list(people(count, seed=7, homes=homes, on=first))
    columns = people_columns(rules.book)
    holders = table(columns, (people_row(each, columns, homes) for each in persons))
    rows = events(persons, first, last, seed=7, homes=homes)
    happened = table(event_columns("parquet"), (event_cells(each, "parquet") for each in rows))
    return agreed(rules, holders, happened, first=first, last=last, **how)


@pytest.mark.parametrize(
    "path", [f"regions/{each}" for each in REGIONS] + [f"shapes/{each}" for each in SHAPES]
)
def test_a_few_people(path: str) -> None:
    """As the files stand: where sources disagree or no day is said, both refuse alike."""
    rules = load(str(EXAMPLES / f"{path}.yb"))
    for region in places(rules):
        found = ran(rules, [Home.named(region)], 6, *YEAR, postings=False)
        assert found.engines["native"] >= 4, (region, found.engines)


@pytest.mark.slow
@pytest.mark.parametrize("name", REGIONS)
def test_many_people(name: str) -> None:
    """Under one of the versions that disagree, and a day on which credits are posted."""
    rules = posting(load(str(EXAMPLES / "regions" / f"{name}.yb")))
    for region in places(rules):
        under, _ = chosen(rules, [(region, "")], FIRST, LAST)
        own = homes_of(under, [(region, "")], FIRST, LAST)
        found = ran(under, own, 60, FIRST, LAST)
        assert found.engines["native"] >= 50, (region, found.engines)
