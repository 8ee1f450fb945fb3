"""Native ledgers and the reference engine agree: every table, every fen, every refusal."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger import strategies
from tests.ledger.oracle_parts import Item
from tests.ledger.writing import event_of, rule_text
from yibaolang import read
from yibaolang.engine.events import Event
from yibaolang.engine.rulebook import RuleBook
from yibaolang.population.ledger_accounts import TABLES, Accounts, ledgers

FIRST, LAST = strategies.FIRST, strategies.LAST
COLUMNS = pa.schema([
    ("account", pa.string()), ("id", pa.string()), ("date", pa.date32()),
    ("effective", pa.date32()), ("kind", pa.string()), ("name", pa.string()),
    ("amount_fen", pa.int64()), ("eligible", pa.decimal128(20, 2)), ("level", pa.string()),
    ("relation", pa.string()), ("facts", pa.string()), ("lines", pa.string()),
])  # fmt: skip


def rows_of(account: str, events: Iterable[Event]) -> list[dict[str, Any]]:
    """Events as rows of Arrow."""
    return [
        {
            "account": account, "id": each.id or None, "date": each.booked,
            "effective": each.effective, "kind": each.kind,
            "name": None if each.kind == "repaid" else each.name or None,
            "amount_fen": None if each.kind == "fact" else each.amount_fen,
            "eligible": None if each.eligible_fen is None else f"{each.eligible_fen / 100:.2f}",
            "level": each.level or None,
            "relation": None if each.relation == "self" else each.relation,
            "facts": ", ".join(f"{fact.name} = {fact.value}" for fact in each.facts) or None,
            "lines": ";".join(
                f"{line.category}={line.amount_fen / 100:.2f}" for line in each.lines
            ) or None,
        }
        for each in events
    ]  # fmt: skip


def table(rows: list[dict[str, Any]]) -> Any:
    """Rows as a table; decimals come from texts."""
    columns = {}
    for field in COLUMNS:
        values = pa.array([row[field.name] for row in rows], _plain(field.type))
        columns[field.name] = values.cast(field.type)
    return pa.table(columns, schema=COLUMNS)


def _plain(type_: Any) -> Any:
    return pa.string() if pa.types.is_decimal(type_) else type_


def same(one: Accounts, other: Accounts) -> None:
    """Both say the same, but for which engine said it.

    The reason of a refusal is empty where only the reference engine knows what its words need.
    """
    for name in TABLES:
        left, right = getattr(one, name), getattr(other, name)
        if left is None:
            assert right is None, name
            continue
        rows, others = left.to_pylist(), right.to_pylist()
        for row, wanted in zip(rows, others, strict=False):
            if row.get("reason") == "" and row["code"] == wanted["code"]:
                row["reason"] = wanted["reason"]
            if "engine" in row:
                row["engine"] = wanted["engine"]
        assert rows == others, name


def both(
    text: str, people: Any, events: Any, first: date = FIRST, last: date = LAST,
    **how: Any,
) -> Accounts:  # fmt: skip
    """What native code says, after a look at what the reference engine does."""
    how = {"first": first, "last": last, "region": "甲市"} | how
    return agreed(read(text), people, events, **how)


def agreed(rules: RuleBook, people: Any, events: Any, **how: Any) -> Accounts:
    """The same, under the rules of a book."""
    how = {"postings": True, "years": True} | how
    native = ledgers(rules, people, events, **how)
    same(native, ledgers(rules, people, events, engine="reference", **how))
    return native


@st.composite
def cases(draw: st.DrawFn) -> tuple[Item, list[tuple[str, list[Item]]]]:
    """Rules, and accounts with their status and events."""
    rules = draw(strategies.rules())
    accounts = []
    for _ in range(draw(st.integers(1, 5))):
        count = draw(st.integers(2, 12))
        events = [draw(strategies.event(f"e{number}")) for number in range(count)]
        if draw(st.integers(0, 3)):
            events = [each for each in events if each["kind"] != "fact"]
        accounts.append((draw(st.sampled_from(["active", "retired"])), events))
    return rules, accounts


def test_native_and_reference() -> None:
    engines: Counter[str] = Counter()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(cases(), st.booleans(), st.integers(1, 3))
    def check(
        case: tuple[Item, list[tuple[str, list[Item]]]], as_listed: bool, threads: int
    ) -> None:
        rules, accounts = case
        rows = []
        for number, (_, events) in enumerate(accounts):
            rows += rows_of(f"{number}", map(event_of, events))
        people = pa.table({
            "account": [f"{number}" for number in range(len(accounts))],
            "status": [status for status, _ in accounts],
        })  # fmt: skip
        how: dict[str, Any] = {"as_listed": as_listed, "threads": threads}
        engines.update(both(rule_text(rules), people, table(rows), **how).engines)

    check()
    assert engines["native"] >= 20, engines
