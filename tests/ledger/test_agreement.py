"""The engine and the naive oracle agree on every fen, on refusals and on takes."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger import oracle, strategies
from tests.ledger.oracle_parts import Item
from tests.ledger.writing import account_of, event_of, expected, rules_of, shown
from yibaolang.engine.ledger import Ledgers
from yibaolang.engine.programs import Programs


def engine(rules: Item, events: list[Item], as_listed: bool = False, **how: Any) -> Item:
    book = rules_of(rules)
    programs = Programs(book)
    account = account_of(book, rules, strategies.FIRST, strategies.LAST, as_listed)
    ledger = Ledgers(programs, how.get("explained", False)).run(account, map(event_of, events))
    return shown(ledger, programs)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Item, list[Item]]:
    rules = draw(strategies.rules())
    count = draw(st.integers(0, 8))
    return rules, [draw(strategies.event(f"e{number}")) for number in range(count)]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_engine_and_oracle(case: tuple[Item, list[Item]]) -> None:
    rules, events = case
    found = engine(rules, events)
    wanted = expected(oracle.run(rules, events, strategies.FIRST, strategies.LAST, False))
    found.pop("used")
    assert found == wanted
