"""Every invariant can fail: a fault is planted for each, and the ledger must notice it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from attrs import evolve

from yibaolang import read
from yibaolang.engine import handling, ledger, placing, postings
from yibaolang.engine.account import Account
from yibaolang.engine.events import Event
from yibaolang.engine.handling import Happened
from yibaolang.engine.ledger import Ledger, Ledgers, Running
from yibaolang.engine.programs import Programs
from yibaolang.program import instructions as step
from yibaolang.program import terms
from yibaolang.program.running import Broken

RULES = """\
region 甲市
credit 10元 monthly on day 20 to current
cover 50% of outpatient above 5元 per year up to 8元 per year
allow outpatient for self
draw current then carried, rest to cash
"""
Patch = pytest.MonkeyPatch


def event(kind: str, day: str, known_as: str, amount_fen: int = 0, **more: Any) -> Event:
    on = date.fromisoformat(day)
    return Event(kind, on, on, known_as, amount_fen=amount_fen, **more)


EVENTS = [
    event("bill", "2024-02-01", "a", 3000, name="outpatient"),
    event("adjust", "2024-03-05", "b", -100, name="current"),
    event("bill", "2024-04-01", "c", 900, name="outpatient"),
    event("bill", "2024-06-01", "d", 100, name="vaccine"),
    event("credit", "2024-06-02", "e", 700, name="carried"),
    event("bill", "2024-06-25", "f", 1000, name="outpatient"),
]


def run(events: list[Event] | None = None) -> Ledger:
    book = read(RULES)
    _, known = book.facts("active")
    account = Account("", known, "甲市", date(2024, 1, 1), date(2024, 6, 30))
    return Ledgers(Programs(book), explained=False).run(
        account, EVENTS if events is None else events
    )


def test_without_a_fault_nothing_is_noticed() -> None:
    found = run()
    assert [each.id for each in found.refused] == ["d"]
    assert found.balances() == {"current": 3000, "carried": 700, "receivable": 0}


def lose_a_posting(patch: Patch) -> None:
    bill = handling.HANDLERS["bill"]

    def losing(running: Running, each: placing.Placed) -> Happened:
        happened = bill(running, each)
        return Happened(happened.posted[:-1], happened.met)

    patch.setitem(handling.HANDLERS, "bill", losing)


def take_more_than_there_is(patch: Patch) -> None:
    def take_back(till: postings.Till, kind: str, buckets: Any, fen: int, rule: Any = None) -> None:
        till.move(kind, buckets[0], "fund", fen + 1_000_000, rule)

    patch.setattr(postings.Till, "take_back", take_back)


def forget_a_limit(patch: Patch) -> None:
    def most(maker: Any, term: step.Least) -> Callable[[Any], int]:
        found = [maker.term(each) for each in term.terms]
        return lambda run: max(each(run) for each in found)

    patch.setitem(terms.TERMS, step.Least, most)


def credit_without_a_posting(patch: Patch) -> None:
    move = postings.Till.move

    def moving(till: postings.Till, kind: str, *rest: Any) -> None:
        move(till, kind, *rest)
        till.cells[0] += 1

    patch.setattr(postings.Till, "move", moving)


def change_before_refusing(patch: Patch) -> None:
    bill = handling.HANDLERS["bill"]

    def changing(running: Running, each: placing.Placed) -> Happened:
        if each.id == "d":
            running.cells[0] += 1
        return bill(running, each)

    patch.setitem(handling.HANDLERS, "bill", changing)


def count_the_runs(patch: Patch) -> None:
    settle = Running.settle
    runs = [0]

    def settling(running: Running, each: placing.Placed) -> postings.Settlement:
        found = settle(running, each)
        if each.id == "e":
            runs[0] += 1
            running.cells[running.layout.total("close")] += runs[0]
        return found

    patch.setattr(Running, "settle", settling)


def settle_what_was_voided(patch: Patch) -> None:
    placed = ledger.placed

    def placing_all(programs: Any, schedule: Any, running: Running, events: Any) -> Any:
        return placed(programs, schedule, running, [*events, EVENTS[2]])

    patch.setattr(ledger, "placed", placing_all)


def leave_a_tie(patch: Patch) -> None:
    placed = ledger.placed

    def tied(*rest: Any) -> Any:
        return [evolve(each, place=("same",)) for each in placed(*rest)]

    patch.setattr(ledger, "placed", tied)


def keep_a_wrong_checkpoint(patch: Patch) -> None:
    checkpoint = Running.checkpoint

    def wrong(running: Running) -> ledger.Checkpoint:
        found = checkpoint(running)
        return evolve(found, cells=(0,) * len(found.cells))

    patch.setattr(Running, "checkpoint", wrong)


def share_the_cells(patch: Patch) -> None:
    start = Running.__init__

    def shared(running: Running, *rest: Any) -> None:
        start(running, *rest)
        running.cells[0] = running.cells[0] or 1

    patch.setattr(Running, "__init__", shared)


FAULTS = {
    1: lose_a_posting,
    2: take_more_than_there_is,
    3: forget_a_limit,
    4: credit_without_a_posting,
    5: change_before_refusing,
    6: count_the_runs,
    7: settle_what_was_voided,
    8: leave_a_tie,
    9: keep_a_wrong_checkpoint,
    10: share_the_cells,
}


@pytest.mark.parametrize("number", FAULTS)
def test_a_planted_fault_is_noticed(number: int, monkeypatch: Patch) -> None:
    FAULTS[number](monkeypatch)
    events = EVENTS
    if number == 7:
        events = [*EVENTS, event("void", "2024-05-01", "v", target="c")]
    with pytest.raises(Broken) as caught:
        run(events)
    assert caught.value.invariant == number
