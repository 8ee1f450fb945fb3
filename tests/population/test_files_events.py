"""Events of a file in parts: each account whole, its holder with it, and everybody once."""

import random
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest

from yibaolang.engine.records import Record
from yibaolang.language.diagnostics import Refusal
from yibaolang.population import files_events
from yibaolang.population.files_blocks import Block
from yibaolang.population.files_events import parts


def record(row: int) -> Record:
    raise AssertionError(f"row {row} is not asked for")


def blocks(accounts: list[str], size: int) -> Iterator[Block]:
    """Events of accounts, so many at a time."""
    for begin in range(0, len(accounts), size):
        rows = accounts[begin : begin + size]
        table = pa.table({"account": rows, "number": range(begin, begin + len(rows))})
        yield Block(table.combine_chunks().to_batches()[0], range(len(rows)), record)


@pytest.mark.parametrize("seed", range(12))
def test_everybody_comes_once_with_all_events(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(seed)
    monkeypatch.setattr(files_events, "PART_EVENTS", draw.choice([1, 5, 40]))
    names = [f"{each:03}" for each in range(60)]
    holders = [each for each in names if draw.randrange(4)]
    with_events = [each for each in names if draw.randrange(3)]
    if seed % 3 == 1:
        draw.shuffle(holders)
    if seed % 3 == 2:
        with_events.reverse()
    rows = [each for each in with_events for _ in range(draw.choice([1, 2, 90 // (seed + 1) + 1]))]
    people = pa.table({"account": holders})
    found = list(parts(people, blocks(rows, draw.choice([1, 7, 30]))))
    said = [list(dict.fromkeys(each.events["account"].to_pylist())) for each in found]
    assert [name for each in said for name in each] == with_events
    assert [name for each in found for name in each.events["account"].to_pylist()] == rows
    for part, accounts in zip(found, said, strict=True):
        if accounts:
            known = [name for name in holders if name in accounts]
            assert part.people["account"].to_pylist() == known
    everybody: list[Any] = [name for each in found for name in each.people["account"].to_pylist()]
    assert sorted(everybody) == sorted(holders)


@pytest.mark.parametrize("people", [None, [], ["1"], ["2", "1"]])
def test_an_account_that_comes_back(
    people: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_events, "PART_EVENTS", 1)
    holders = None if people is None else pa.table({"account": pa.array(people, pa.string())})
    with pytest.raises(Refusal, match="YB475"):
        list(parts(holders, blocks(["1", "2", "3", "1"], 1)))


def test_an_account_of_many_blocks_is_joined_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_events, "PART_EVENTS", 10)
    joined = []
    whole = files_events._joined
    monkeypatch.setattr(
        files_events, "_joined", lambda arrow, tables: joined.append(1) or whole(arrow, tables)
    )
    found = list(parts(None, blocks(["1"] * 2000 + ["2"], 5)))
    assert sum(each.events.num_rows for each in found) == 2001
    assert len(joined) < 15
