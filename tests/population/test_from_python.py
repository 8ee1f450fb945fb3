"""`RuleBook.population` and `.ledgers`: what goes in, and what is said of what does not."""

from datetime import date
from typing import Any

import pyarrow
import pytest

from yibaolang import Refusal, read

RULES = read("""region 甲市
active credit 100元 monthly on day 10
allow outpatient for self
draw current then carried, rest to cash
cover 50% of outpatient
""")
PEOPLE = pyarrow.table({"account": ["1"], "region": ["甲市"], "status": ["active"]})
EVENTS = pyarrow.table({
    "account": ["1"], "date": ["2024-03-01"], "kind": ["bill"], "name": ["outpatient"],
    "amount": ["10.00"],
})  # fmt: skip


@pytest.mark.parametrize("people", ["people.csv", {"status": ["active"]}, [{"status": "active"}]])
def test_what_is_no_table_is_said_so(people: object) -> None:
    for asked in (
        lambda: RULES.population(people, on="2024-06"),
        lambda: RULES.ledgers(people, EVENTS, first="2024-01", last="2024-06"),
        lambda: RULES.ledgers(PEOPLE, people, first="2024-01", last="2024-06"),
    ):
        with pytest.raises(TypeError, match=r"must be a table of Arrow .* not (str|dict|list)"):
            asked()


@pytest.mark.parametrize(
    "when", [{}, {"first": "2024-06"}, {"on": "2024-06", "first": "2024-06", "last": "2024-07"}]
)
def test_one_time_is_asked_for(when: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a day"):
        RULES.population(PEOPLE, **when)


@pytest.mark.parametrize("threads", [0, -1])
def test_at_least_one_processor(threads: int) -> None:
    with pytest.raises(ValueError, match="threads must be 1 or more"):
        RULES.population(PEOPLE, on="2024-06", threads=threads)
    with pytest.raises(ValueError, match="threads must be 1 or more"):
        RULES.ledgers(PEOPLE, EVENTS, first="2024-01", last="2024-06", threads=threads)


def test_days_of_ledgers_may_be_texts() -> None:
    whole = RULES.ledgers(PEOPLE, EVENTS, first=date(2024, 1, 1), last=date(2024, 6, 30))
    for first, last in (("2024-01-01", "2024-06-30"), ("2024-01", "2024-06")):
        assert RULES.ledgers(PEOPLE, EVENTS, first=first, last=last).balances == whole.balances
    with pytest.raises(Refusal, match="YB014"):
        RULES.ledgers(PEOPLE, EVENTS, first="2024-13", last="2024-06")
    with pytest.raises(ValueError, match="is before"):
        RULES.ledgers(PEOPLE, EVENTS, first="2024-07", last="2024-06")
