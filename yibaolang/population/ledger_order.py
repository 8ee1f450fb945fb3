"""The order of an account's events: day, phase, seq, id; see `engine.placing`.

A kernel takes events as they stand and tells which accounts have them out of order, or two in one
place. Only those are looked at here.
"""

from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen

from yibaolang.engine.event_schema import EventSchema
from yibaolang.engine.events import natural
from yibaolang.language.diagnostics import Refusal
from yibaolang.population.fixed import number_of_day
from yibaolang.population.ledger_arrays import Truths, Whole, numbers, one_array, there, truths
from yibaolang.population.ledger_events import VOID, Events, text_column
from yibaolang.population.ledger_reference import cells_of
from yibaolang.population.ledger_track import RANKS, Track

_MOST_ACCOUNT = 128
_ORDERED = frozenset({"bill", "adjust", "repaid", "closing"})
"""Two of these that nothing orders are refused, if they say different things."""


@frozen(eq=False)
class Ordered:
    """Accounts by their number: `fine` stand in order; `moved` are those of `events`, which are in
    order there, between `begins` and `ends`. All others are for the reference engine."""

    fine: Whole
    moved: Whole
    events: Events
    begins: Whole
    ends: Whole


def ordered(events: Events, track: Track, begins: Whole, ends: Whole) -> Ordered:
    """The events of accounts in order."""
    rows, who = rows_of(begins, ends)
    ranks = np.array([*track.ranks(events.classes), 0], np.int64)
    if VOID in events.classes:
        # What does nothing is before all else, so that it stands in nothing's place.
        ranks[events.classes.index(VOID)] = 0
    place = events.days[rows].astype(np.int64) * RANKS + ranks[events.codes[rows]]
    seq, bad = _seq(events, rows)
    refused = np.zeros(len(begins), np.bool_)
    refused[who[bad]] = True
    order = np.lexsort((seq, place, who))
    keys = np.stack([who[order], place[order], seq[order]])
    same = (keys[:, 1:] == keys[:, :-1]).all(axis=0)
    order = _ties_broken(events, rows, who, order, same, refused)
    moved = np.zeros(len(begins), np.bool_)
    moved[who[order[order != np.arange(len(order))]]] = True
    moved &= ~refused
    fine = np.flatnonzero(~moved & ~refused)
    chosen = rows[order[moved[who[order]]]]
    counts = (ends - begins)[moved]
    last = np.cumsum(counts).astype(np.int64)
    return Ordered(fine, np.flatnonzero(moved), taken(events, chosen), last - counts, last)


def between(events: Events, first: date, last: date) -> Events:
    """The same, with what no kernel runs, such as events before the first day, between two days.

    So a kernel meets them, and they are not taken for what comes after the last day.
    """
    low, high = number_of_day(first), number_of_day(last)
    none = np.int8(len(events.classes))
    early = events.days < low
    if VOID in events.classes:
        early &= events.codes != events.classes.index(VOID)
    codes = np.where(early, none, events.codes) if bool(early.any()) else events.codes
    outside = (codes == none) & (early | (events.days > high))
    if not bool(outside.any()):
        return events
    days = np.where(outside, np.clip(events.days, low, high), events.days).astype(np.int32)
    booked = days if events.booked is events.days else events.booked
    return evolve(events, days=days, booked=booked, codes=codes)


def rows_of(begins: Whole, ends: Whole) -> tuple[Whole, Whole]:
    """The rows of accounts, and the account of each row, by number.

    >>> rows, who = rows_of(np.array([0, 5]), np.array([2, 6]))
    >>> rows.tolist(), who.tolist()
    ([0, 1, 5], [0, 0, 1])
    """
    counts = ends - begins
    who = np.repeat(np.arange(len(begins)), counts)
    before = np.cumsum(counts) - counts
    return np.arange(len(who)) + np.repeat(begins - before, counts), who


def taken(events: Events, rows: Whole) -> Events:
    """Some rows of events."""
    late = events.booked is not events.days
    days, facts = events.days[rows], events.facts
    return evolve(
        events,
        table=events.table.take(pa.array(rows)),
        days=days,
        booked=events.booked[rows] if late else days,
        codes=events.codes[rows],
        amounts=events.amounts[rows],
        eligible=None if events.eligible is None else events.eligible[rows],
        levels=None if events.levels is None else events.levels[rows],
        facts=facts and evolve(facts, of_row=facts.of_row[rows]),
    )


def _seq(events: Events, rows: Whole) -> tuple[Whole, Truths]:
    """The seq of rows, and which of them have none that can be read here."""
    nothing = np.zeros(len(rows), np.bool_)
    if "seq" not in events.table.column_names:
        return np.zeros(len(rows), np.int64), nothing
    column = one_array(events.table.column("seq")).take(pa.array(rows))
    if pa.types.is_integer(column.type):
        found = numbers(column.cast(pa.int64()))
        return found, found < 0
    texts = column.cast(pa.string()).to_pylist()
    read = [_whole((each or "0").strip(" \t")) for each in texts]
    return np.array([max(each, 0) for each in read], np.int64), np.array(read) < 0


def _whole(text: str) -> int:
    short = 0 < len(text) < 18 and all("0" <= each <= "9" for each in text)
    return int(text) if short else -1


def _ties_broken(
    events: Events, rows: Whole, who: Whole, order: Whole, same: Truths, refused: Truths
) -> Whole:
    """The order with ties broken by ids; accounts are refused in which something is not said."""
    tied = np.flatnonzero(same)
    if not len(tied):
        return order
    schema = EventSchema(events.book)
    found = order.copy()
    runs = _runs(tied)
    every = np.concatenate([order[first : last + 1] for first, last in runs])
    told = iter(events.table.take(pa.array(rows[every])).to_pylist())
    for first, last in runs:
        places = order[first : last + 1]
        read = [next(told) for _ in places]
        try:
            keys = [_key(schema, row) for row in read]
        except Refusal:
            refused[who[places[0]]] = True
            continue
        best = sorted(range(len(places)), key=lambda at: keys[at][:2])
        found[first : last + 1] = places[best]
        for one, other in pairwise(best):
            unsaid = keys[one][1] and keys[other][1] and keys[one][1] != keys[other][1]
            if unsaid and not {keys[one][2], keys[other][2]}.isdisjoint(_ORDERED):
                refused[who[places[0]]] = True
    return found


def _runs(tied: Whole) -> list[tuple[int, int]]:
    """Runs of places that are the same as the one before them: the first and the last of each."""
    breaks = np.flatnonzero(np.diff(tied) > 1)
    firsts = tied[np.concatenate([[0], breaks + 1])]
    lasts = tied[np.concatenate([breaks, [len(tied) - 1]])] + 1
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def _key(schema: EventSchema, row: dict[str, Any]) -> tuple[Any, str, str]:
    """What orders an event in its place: its id, else what it says; and its kind."""
    _, event = schema.event(cells_of(row))
    return natural(event.id), "" if event.id else repr(event.content()), event.kind


def odd_names(accounts: Any) -> Truths:
    """Which accounts are not called as files may call them: the reference engine tells why."""
    column = pc.fill_null(accounts, "")
    size = pc.utf8_length(column)
    trimmed = pc.equal(pc.utf8_trim(column, " \t"), column)
    fine = pc.and_(pc.and_(pc.greater(size, 0), pc.less_equal(size, _MOST_ACCOUNT)), trimmed)
    return ~truths(pc.and_(fine, pc.utf8_is_printable(column)))


def odd_ids(events: Events, begins: Whole, ends: Whole) -> Truths:
    """Which accounts have an id twice, or one that is none: they are for the reference engine."""
    found = np.zeros(len(begins), np.bool_)
    if "id" not in events.table.column_names:
        return found
    column = text_column(events.table, "id")
    if column.null_count == len(column):
        return found
    given = there(column)
    encoded = column.dictionary_encode()
    codes = numbers(encoded.indices, 0).astype(np.int64)
    fine = truths(pc.match_substring_regex(encoded.dictionary, "^[A-Za-z0-9_-]{1,64}$"))
    rows, who = rows_of(begins, ends)
    rows, who = rows[given[rows]], who[given[rows]]
    if not bool(fine.all()):
        found[who[~fine[codes[rows]]]] = True
    of_row = codes[rows]
    inside = who[1:] == who[:-1]
    rising = of_row[1:] > of_row[:-1]
    doubtful = np.unique(who[1:][inside & ~rising])
    if not len(doubtful):
        return found
    chosen = np.isin(who, doubtful)
    pairs = np.stack([who[chosen], of_row[chosen]])
    order = np.lexsort(pairs[::-1])
    sorted_pairs = pairs[:, order]
    repeated = (sorted_pairs[:, 1:] == sorted_pairs[:, :-1]).all(axis=0)
    found[sorted_pairs[0, 1:][repeated]] = True
    return found
