"""Running kernels: blocks of accounts, on several cores, in the order of the accounts."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from yibaolang.population.compiling import Kernel, compiled
from yibaolang.population.ledger_arrays import Small, Whole
from yibaolang.population.ledger_events import Events
from yibaolang.population.ledger_held import Held
from yibaolang.population.ledger_kernel import BUFFERS, NAME, Source
from yibaolang.population.ledger_loop import NOT_CLOSED

BLOCK_EVENTS = 1 << 18
"""About so many events are run by one call."""

_MOST_EVENTS = 1 << 19
"""An account with more of them is run by the reference engine: its sums might not fit."""


class Rows(NamedTuple):
    """Refusals or postings of a block of accounts, from the account `first` on.

    `begins` is where those of each account begin, and the end; of each there is what it is, with
    the event's row (or -1 less the item) above so many bits, and fen.
    """

    first: int
    begins: Whole
    what: Whole
    fen: Whole


@frozen(eq=False)
class Ran:
    """What came of accounts: closing cells (cell by account), statuses, refusals and postings.

    `closed` is the day on which each was closed, or NOT_CLOSED.
    """

    cells: Whole
    status: Small
    refusals: list[Rows]
    postings: list[Rows] | None
    snapshots: Whole
    closed: Small


@frozen(eq=False)
class Part:
    """Accounts that one kernel runs: where the events of each begin and end, and their facts."""

    events: Events
    begins: Whole
    ends: Whole
    held: Held


class Room:
    """Memory for what comes of accounts; a run may write over that of another one."""

    def __init__(self, source: Source, accounts: int) -> None:
        self.arrays: dict[str, NDArray[Any]] = {
            "cells": np.zeros((len(source.cells), accounts), np.int64),
            "snapshots": np.zeros((max(1, source.snapshot_rows), accounts), np.int64),
            "closed": np.full(accounts, NOT_CLOSED, np.int32),
            "status": np.zeros(accounts, np.int32),
            "refusals": np.zeros(accounts, np.int32),
            "r_ends": np.zeros(accounts, np.int64),
            "p_ends": np.zeros(accounts, np.int64),
        }
        self.blocks: dict[int, dict[str, NDArray[Any]]] = {}

    def block(self, first: int, refusals: int, postings: int) -> dict[str, NDArray[Any]]:
        """That of a block, for as many as there may be: what is not written is not really there."""
        found = self.blocks.get(first)
        if found is None:
            found = self.blocks[first] = {
                "r_what": np.empty(refusals, np.int64), "r_fen": np.empty(refusals, np.int64),
                "p_what": np.empty(postings, np.int64), "p_fen": np.empty(postings, np.int64),
            }  # fmt: skip
        return found


class Native:
    """A kernel that is ready."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.kernel: Kernel = compiled(source.text, NAME)

    def run(
        self, part: Part, threads: int | None = None, room: Room | None = None
    ) -> Ran:
        """Run all accounts; the same whatever the number of threads. `room` is written over."""
        room = Room(self.source, len(part.begins)) if room is None else room
        arrays = room.arrays
        run = _Run(self, part, room)
        blocks = list(_blocks(part.ends - part.begins, BLOCK_EVENTS))
        workers = min(threads or _cores(), len(blocks) or 1)
        if workers > 1:
            with ThreadPoolExecutor(workers) as pool:
                wrote = list(pool.map(run.block, blocks))
        else:
            wrote = [run.block(each) for each in blocks]
        status = arrays["status"]
        status[part.ends - part.begins > _MOST_EVENTS] |= 1
        refusals = [each[0] for each in wrote]
        postings = [each[1] for each in wrote if each[1] is not None] if run.postings else None
        cells, snapshots, closed = (arrays[name] for name in ("cells", "snapshots", "closed"))
        return Ran(cells, status, refusals, postings, snapshots, closed)


class _Run:
    """One run over a part."""

    def __init__(self, native: Native, part: Part, room: Room) -> None:
        self.native = native
        self.part = part
        self.room = room
        self.arrays = arrays = room.arrays
        events = part.events
        self.postings = native.source.shared.templates is not None
        self.shared: dict[str, NDArray[Any] | None] = {
            "begins": part.begins, "ends": part.ends, "days": events.days, "codes": events.codes,
            "amounts": events.amounts, "eligible": events.eligible, "levels": events.levels,
            "booked": events.booked,
            "fact_of": None if events.facts is None else events.facts.of_row,
            "fact_table": None if events.facts is None else events.facts.table,
            "holders": part.held.values, "lives": part.held.begins, "since": part.held.since,
            **arrays,
        }  # fmt: skip

    def block(self, block: tuple[int, int]) -> tuple[Rows, Rows | None]:
        """Run the accounts of a block; gives its refusals and its postings."""
        begin, end = block
        part, source = self.part, self.native.source
        things = int((part.ends[begin:end] - part.begins[begin:end]).sum())
        things += (end - begin) * len(source.items)
        postings = things * max(1, source.most_postings) if self.postings else 0
        sizes = np.array([len(part.begins), things, postings], np.int64)
        own = self.room.block(begin, things + 1, postings + 1)
        arrays = {**self.shared, **own, "sizes": sizes}
        reached = self.native.kernel.call(_addresses(arrays), begin, end)
        if reached != end:
            raise MemoryError("a buffer of a ledger kernel was too small")
        found = [
            Rows(begin, *_kept(self.arrays[f"{word}_ends"][begin:end], own, word))
            for word in ("r", "p")[: 1 + self.postings]
        ]
        return found[0], found[1] if self.postings else None


def _addresses(arrays: dict[str, NDArray[Any] | None]) -> list[int]:
    found = []
    for name in BUFFERS:
        array = arrays[name]
        found.append(0 if array is None else array.ctypes.data)
    return found


def _blocks(counts: Whole, events: int) -> Iterable[tuple[int, int]]:
    """Accounts in blocks of about so many events."""
    if not len(counts):
        return
    sums = np.cumsum(counts + 1)
    edges = np.searchsorted(sums, np.arange(events, int(sums[-1]), events))
    ends = np.unique(np.concatenate([edges, [len(counts)]]))
    begin = 0
    for end in ends.tolist():
        if end > begin:
            yield begin, end
            begin = end


def _kept(ends: Whole, own: dict[str, NDArray[Any]], word: str) -> list[NDArray[Any]]:
    """What a block wrote: where each account's begin, what they are, fen."""
    begins = np.concatenate([np.zeros(1, np.int64), ends])
    return [begins, *(own[f"{word}_{name}"][: begins[-1]] for name in ("what", "fen"))]


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
