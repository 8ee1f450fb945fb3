"""Running kernels: blocks of accounts, on several cores, into arrays in the order of the accounts."""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from yibaolang.population.compiling import Kernel, compiled
from yibaolang.population.ledger_arrays import Small, Whole
from yibaolang.population.ledger_events import Events
from yibaolang.population.ledger_kernel import BUFFERS, NAME, Source

BLOCK_EVENTS = 1 << 17
"""About so many events are run by one call."""

_MOST_EVENTS = 1 << 19
"""An account with more of them is run by the reference engine: its sums might not fit."""


class Rows(NamedTuple):
    """What came of accounts, in lines: where an account's begin, and
    three numbers of each: the event's row (or -1 less the item), what it is, fen."""

    begins: Whole
    row: Small
    what: NDArray[Any]
    fen: Whole


@frozen(eq=False)
class Ran:
    """What came of accounts: closing cells (cell by account), statuses, refusals and postings."""

    cells: Whole
    status: Small
    refusals: Rows
    postings: Rows | None
    snapshots: Whole


@frozen(eq=False)
class Part:
    """Accounts that one kernel runs: where the events of each begin and end, and its facts."""

    events: Events
    begins: Whole
    ends: Whole
    holders: Whole


class Native:
    """A kernel that is ready."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.kernel: Kernel = compiled(source.text, NAME)

    def run(self, part: Part, threads: int | None = None) -> Ran:
        """Run all accounts; the same whatever the number of threads."""
        source, count = self.source, len(part.begins)
        arrays = {
            "cells": np.zeros((len(source.cells), count), np.int64),
            "snapshots": np.zeros((max(1, source.snapshot_rows), count), np.int64),
            "status": np.zeros(count, np.int32),
            "refusals": np.zeros(count, np.int32),
            "r_ends": np.zeros(count, np.int64),
            "p_ends": np.zeros(count, np.int64),
        }
        blocks = list(_blocks(part.ends - part.begins))
        run = _Run(self, part, arrays)
        workers = min(threads or _cores(), len(blocks) or 1)
        if workers > 1:
            with ThreadPoolExecutor(workers) as pool:
                wrote = list(pool.map(run.block, blocks))
        else:
            wrote = [run.block(each) for each in blocks]
        status = arrays["status"]
        status[part.ends - part.begins > _MOST_EVENTS] |= 1
        refusals = _joined([each[0] for each in wrote])
        postings = _joined([each[1] for each in wrote]) if run.postings else None
        return Ran(arrays["cells"], status, refusals, postings, arrays["snapshots"])


class _Run:
    """One run over a part."""

    def __init__(self, native: Native, part: Part, arrays: dict[str, NDArray[Any]]) -> None:
        self.native = native
        self.part = part
        self.arrays = arrays
        events = part.events
        self.postings = native.source.shared.templates is not None
        self.shared: dict[str, NDArray[Any] | None] = {
            "begins": part.begins, "ends": part.ends, "days": events.days, "codes": events.codes,
            "amounts": events.amounts, "eligible": events.eligible, "levels": events.levels,
            "booked": events.booked, "holders": part.holders, **arrays,
        }  # fmt: skip

    def block(self, block: tuple[int, int]) -> tuple[Rows, Rows]:
        """Run the accounts of a block; gives its refusals and its postings."""
        begin, end = block
        part, source = self.part, self.native.source
        things = int((part.ends[begin:end] - part.begins[begin:end]).sum())
        things += (end - begin) * len(source.items)
        postings = things * max(1, source.most_postings) if self.postings else 1
        own: dict[str, NDArray[Any]] = {
            "sizes": np.array([len(part.begins), things, postings], np.int64),
            "r_row": np.empty(things + 1, np.int32), "r_why": np.empty(things + 1, np.int32),
            "r_fen": np.empty(things + 1, np.int64),
            "p_fen": np.empty(postings + 1, np.int64), "p_what": np.empty(postings + 1, np.int16),
            "p_row": np.empty(postings + 1, np.int32),
        }  # fmt: skip
        arrays = {**self.shared, **own}
        reached = self.native.kernel.call(_addresses(arrays), begin, end)
        if reached != end:
            raise MemoryError("a buffer of a ledger kernel was too small")
        r_ends, p_ends = (self.arrays[name][begin:end] for name in ("r_ends", "p_ends"))
        wrote = _kept(r_ends, own["r_row"], own["r_why"], own["r_fen"])
        refused = Rows(_begins(r_ends), *wrote)
        if not self.postings:
            return refused, refused
        wrote = _kept(p_ends, own["p_row"], own["p_what"], own["p_fen"])
        return refused, Rows(_begins(p_ends), *wrote)


def _addresses(arrays: dict[str, NDArray[Any] | None]) -> list[int]:
    found = []
    for name in BUFFERS:
        array = arrays[name]
        found.append(0 if array is None else array.ctypes.data)
    return found


def _blocks(counts: Whole) -> Iterable[tuple[int, int]]:
    """Accounts in blocks of about as many events."""
    if not len(counts):
        return
    sums = np.cumsum(counts + 1)
    edges = np.searchsorted(sums, np.arange(BLOCK_EVENTS, int(sums[-1]), BLOCK_EVENTS))
    ends = np.unique(np.concatenate([edges, [len(counts)]]))
    begin = 0
    for end in ends.tolist():
        if end > begin:
            yield begin, end
            begin = end


def _begins(ends: Whole) -> Whole:
    return np.concatenate([np.zeros(1, np.int64), ends])


def _kept(ends: Whole, *arrays: NDArray[Any]) -> list[NDArray[Any]]:
    count = int(ends[-1]) if len(ends) else 0
    return [each[:count].copy() for each in arrays]


def _joined(parts: Sequence[Rows]) -> Rows:
    """The rows of blocks, one after the other."""
    counts = [int(each.begins[-1]) for each in parts]
    befores = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    begins = [each.begins[:-1] + before for each, before in zip(parts, befores, strict=False)]
    all_begins = np.concatenate([*begins, befores[-1:]])
    empty: list[NDArray[Any]] = [np.zeros(0, np.int32)]
    row = np.concatenate([each.row for each in parts] or empty)
    what = np.concatenate([each.what for each in parts] or empty)
    fen = np.concatenate([each.fen for each in parts] or [np.zeros(0, np.int64)])
    return Rows(all_begins, row, what, fen)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
