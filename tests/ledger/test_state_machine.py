"""A machine that books events, corrects them and looks: engine, oracle and invariants agree."""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.ledger import oracle, strategies
from tests.ledger.oracle_parts import Item
from tests.ledger.writing import account_of, event_of, expected, rules_of, shown
from yibaolang.engine.ledger import Ledger, Ledgers
from yibaolang.engine.programs import Programs


class Keeping(RuleBasedStateMachine):
    """An account whose events come one by one."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []
        self.targets: set[str] = set()

    @initialize(rules=strategies.rules())
    def open(self, rules: Item) -> None:
        self.rules = rules
        self.book = rules_of(rules)
        self.programs = Programs(self.book)
        self.account = account_of(self.book, rules, strategies.FIRST, strategies.LAST, False)

    def book_item(self, item: Item) -> None:
        self.items.append({**item, "id": f"e{len(self.items)}"})

    @rule(data=st.data())
    def happen(self, data: st.DataObject) -> None:
        self.book_item(data.draw(strategies.event("")))

    @rule(data=st.data(), days=st.integers(0, 90))
    def void(self, data: st.DataObject, days: int) -> None:
        self.correct(data, days, {"kind": "void"})

    @rule(data=st.data(), days=st.integers(0, 90))
    def replace(self, data: st.DataObject, days: int) -> None:
        instead = data.draw(strategies.event(""))
        dates = ("id", "effective", "booked")
        kept = {key: value for key, value in instead.items() if key not in dates}
        self.correct(data, days, {"kind": "replace", "with": kept})

    def correct(self, data: st.DataObject, days: int, correction: Item) -> None:
        """Correct an event that was not corrected before; a correction only by a void."""
        open_ = [
            each
            for each in self.items
            if each["id"] not in self.targets
            and (correction["kind"] == "void" or each["kind"] not in ("void", "replace"))
        ]
        if not open_:
            return
        target = data.draw(st.sampled_from(open_))
        made = target.get("booked") or target["effective"]
        booked = max(made, target["effective"]) + timedelta(days)
        self.targets.add(target["id"])
        self.book_item({**correction, "of": target["id"], "effective": booked})

    @rule(data=st.data(), heirs=st.integers(1, 3))
    def end(self, data: st.DataObject, heirs: int) -> None:
        if any(each["kind"] == "closing" for each in self.items):
            return
        from fractions import Fraction

        shares = [(f"heir{number}", Fraction(1, heirs)) for number in range(heirs)]
        day: date = data.draw(strategies.some_day)
        self.book_item({"kind": "closing", "effective": day, "shares": shares})

    def ledger(self) -> Ledger:
        events = map(event_of, self.items)
        return Ledgers(self.programs, explained=False).run(self.account, events)

    @invariant()
    def engine_and_oracle_agree(self) -> None:
        if not hasattr(self, "programs"):
            return
        found: dict[str, Any] = shown(self.ledger(), self.programs)
        found.pop("used")
        wanted = oracle.run(
            self.rules, self.items, strategies.FIRST, strategies.LAST, as_listed=False
        )
        assert found == expected(wanted)


TestKeeping = Keeping.TestCase
TestKeeping.settings = settings(
    max_examples=12, stateful_step_count=8, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
