"""What must hold of every ledger. A ledger that breaks one is a fault of the engine, not of input.

The numbers are those of the semantics; 3 (a counter stays within its limit) is checked where a
program adds to a counter. They are checked in every run, also under `python -O`.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from yibaolang.engine.events import Event
from yibaolang.engine.postings import RECEIVABLE, Posting, Settlement
from yibaolang.program.layout import Layout
from yibaolang.program.running import Broken, Posted


def check_settled(
    layout: Layout, before: Sequence[int], after: Sequence[int], posted: Sequence[Posted],
    bill_fen: int | None,
) -> None:  # fmt: skip
    """After an event: its postings add up (1, 4), and nothing is below zero (2)."""
    changes: dict[str, int] = {}
    provided = 0
    for _, source, target, fen, _ in posted:
        if fen <= 0:
            raise Broken(1, f"a posting of {fen} fen")
        changes[source] = changes.get(source, 0) - fen
        changes[target] = changes.get(target, 0) + fen
        if target == "provider":
            provided += fen
    if bill_fen is not None and provided != bill_fen:
        raise Broken(1, f"a bill of {bill_fen} fen was paid with {provided}")
    for index, account in layout.accounts():
        old = before[index] if index < len(before) else 0
        change = changes.get(account, 0)
        expected = old - change if account == RECEIVABLE else old + change
        if after[index] != expected:
            raise Broken(4, f"{account} holds {after[index]} fen, postings give {expected}")
        if after[index] < 0:
            raise Broken(2, f"{account} holds {after[index]} fen")


def check_unchanged(before: Sequence[int], after: Sequence[int]) -> None:
    """After an event that was refused: the account is as it was (5)."""
    if list(before) != list(after[: len(before)]) or any(after[len(before) :]):
        raise Broken(5, "a refused event changed the account")


def check_replay(one: Sequence[Posting], again: Sequence[Posting], number: int) -> None:
    """A second run gave the same postings (6), also from a checkpoint (9)."""
    for first, second in zip(one, again, strict=False):
        if first != second:
            raise Broken(number, f"a second run posted {second[:7]}, the first {first[:7]}")
    if len(one) != len(again):
        raise Broken(number, f"a second run made {len(again)} postings, the first {len(one)}")


def check_corrected(settlements: Iterable[Settlement], counted: Iterable[Event]) -> None:
    """Nothing was settled of an event that does not count any more (7)."""
    counting = {id(each) for each in counted}
    for each in settlements:
        if each.event is not None and id(each.event) not in counting:
            raise Broken(7, f"{each.id} was corrected, but is settled")


def check_order(places: Sequence[tuple[object, ...]]) -> None:
    """The places of what happened are all different, so the order of lines cannot matter (8)."""
    if len(set(places)) != len(places):
        twice = next(one for one, other in pairwise(places) if one == other)
        raise Broken(8, f"two events have the place {twice}")


def check_fresh(cells: Iterable[int]) -> None:
    """An account begins with nothing that another one left, so accounts may run anywhere (10)."""
    if any(cells):
        raise Broken(10, "an account began with what another one left")


def opening_of(cells: Sequence[int], layout: Layout) -> dict[str, int]:
    """The balances of the buckets by name."""
    return {name: cells[index] for index, name in layout.accounts()}


def closing_of(
    opening: dict[str, int], postings: Iterable[Posting], until: date | None = None
) -> dict[str, int]:
    """The balances after postings that count up to a day (inclusive), found from them alone."""
    found = dict(opening)
    for each in postings:
        if until is not None and each.effective > until:
            continue
        if each.source in found:
            found[each.source] += each.fen if each.source == RECEIVABLE else -each.fen
        if each.target in found:
            found[each.target] += -each.fen if each.target == RECEIVABLE else each.fen
    return found
