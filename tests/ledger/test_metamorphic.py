"""What must not matter: the order of lines, where a run is split, an event that was voided."""

from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger import strategies
from tests.ledger.oracle_parts import Item
from tests.ledger.test_agreement import cases
from tests.ledger.writing import account_of, event_of, rules_of, shown
from yibaolang.engine.events import Event
from yibaolang.engine.ledger import Ledger, Ledgers
from yibaolang.engine.programs import Programs

quick = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


class Bench:
    """One book and one account, run again and again."""

    def __init__(self, rules: Item) -> None:
        self.book = rules_of(rules)
        self.programs = Programs(self.book)
        self.account = account_of(
            self.book, rules, strategies.FIRST, strategies.LAST, as_listed=False
        )

    def run(self, events: list[Event], **how: Any) -> Ledger:
        return Ledgers(self.programs, explained=how.get("explained", False)).run(
            self.account, events, how.get("start")
        )

    def shown(self, ledger: Ledger) -> Item:
        return shown(ledger, self.programs)


@quick
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_lines(case: tuple[Item, list[Item]], random: Random) -> None:
    rules, items = case
    bench = Bench(rules)
    events = [event_of(each) for each in items]
    mixed = events.copy()
    random.shuffle(mixed)
    assert bench.shown(bench.run(mixed)) == bench.shown(bench.run(events))


@quick
@given(cases())
def test_reasons_do_not_change_what_comes_out(case: tuple[Item, list[Item]]) -> None:
    rules, items = case
    bench = Bench(rules)
    events = [event_of(each) for each in items]
    plain, explained = bench.run(events), bench.run(events, explained=True)
    assert bench.shown(plain) == bench.shown(explained)
    assert plain.cells == explained.cells


@quick
@given(cases(), st.data())
def test_splitting_at_any_checkpoint(case: tuple[Item, list[Item]], data: st.DataObject) -> None:
    rules, items = case
    bench = Bench(rules)
    events = [event_of(each) for each in items]
    whole = bench.run(events)
    if not whole.checkpoints:
        return
    start = data.draw(st.sampled_from(whole.checkpoints))
    rest = bench.run(events, start=start)
    before = [each for each in whole.settlements if each.day < start.day]
    postings = [posting for each in before for posting in each.postings]
    assert postings + rest.postings == whole.postings
    assert rest.cells == whole.cells
    assert rest.closed == whole.closed


@quick
@given(cases(), strategies.event("gone"), st.integers(0, 400))
def test_an_event_and_its_void_never_happened(
    case: tuple[Item, list[Item]], extra: Item, days: int
) -> None:
    rules, items = case
    bench = Bench(rules)
    events = [event_of(each) for each in items]
    lost = event_of(extra)
    booked = lost.effective + timedelta(days)
    void = Event("void", lost.effective, booked, "its void", target="gone")
    assert bench.shown(bench.run([*events, lost, void])) == bench.shown(bench.run(events))


@quick
@given(cases(), strategies.event("first"), strategies.event("second"))
def test_a_replaced_event_is_as_if_it_had_been_so(
    case: tuple[Item, list[Item]], first: Item, second: Item
) -> None:
    rules, items = case
    bench = Bench(rules)
    events = [event_of(each) for each in items]
    day = first["effective"]
    wrong = event_of({**first, "booked": day})
    right = event_of({**second, "id": "", "effective": day, "booked": day})
    replace = Event("replace", day, day, "its correction", target="first", instead=right)
    at_once = event_of({**second, "id": "first", "effective": day, "booked": day})
    replaced = bench.run([*events, wrong, replace])
    assert bench.shown(replaced) == bench.shown(bench.run([*events, at_once]))


@quick
@given(cases(), cases())
def test_accounts_do_not_touch_each_other(
    case: tuple[Item, list[Item]], other: tuple[Item, list[Item]]
) -> None:
    rules, items = case
    bench = Bench(rules)
    alone = bench.shown(bench.run([event_of(each) for each in items]))
    bench.run([event_of(each) for each in other[1]])
    again = bench.shown(bench.run([event_of(each) for each in items]))
    assert again == alone


def test_a_year_is_the_sum_of_its_days() -> None:
    """Every day is a place where a run may stop: the balances after it are the same."""
    rules = {
        "year_from": (1, 1), "phases": tuple((name,) for name in strategies.NAMES), "covers": [],
        "allows": [{"relations": ["self"]}], "draw": ["current", "carried"], "interest": [],
        "carries": [], "deducts": [], "status": "active",
        "credits": [{"status": "active", "amount_fen": 7, "on": (0, 31), "bucket": "current"}],
    }  # fmt: skip
    bench = Bench(rules)
    whole = bench.run([])
    day = strategies.FIRST
    while day <= date(2024, 3, 31):
        from attrs import evolve

        account = evolve(bench.account, last=day)
        part = Ledgers(bench.programs, explained=False).run(account, [])
        assert part.balances() == whole.balances(day)
        day += timedelta(1)
