"""The columns of events in files: what they mean, and which of them each kind of event has."""

from collections.abc import Mapping

from attrs import frozen


@frozen
class EventColumn:
    """A column: what it means, an example, and the types it may have in Parquet."""

    name: str
    meaning: str
    example: str
    types: tuple[str, ...] = ("text",)


COLUMNS = (
    EventColumn("account", "whose account it is; always text", "007"),
    EventColumn("id", "the event's id within the account: 1 to 64 of `A-Z a-z 0-9 _ -`", "e1"),
    EventColumn("date", "the day on which it is booked", "2024-01-31", ("text", "date")),
    EventColumn(
        "effective", "the day from which it counts; empty: `date`", "2024-01-01", ("text", "date")
    ),
    EventColumn(
        "seq", "its place among the events of a day; empty: 0", "2", ("integer", "text")
    ),
    EventColumn("kind", "what happens", "bill"),
    EventColumn(
        "name",
        "a bill's category; the bucket of an opening, credit or adjustment; the region of a move; "
        "why an account closes",
        "outpatient",
    ),
    EventColumn(
        "amount", "in yuan, with at most two decimals; below zero only for `adjust`", "860.50",
        ("text", "decimal", "integer"),
    ),
    EventColumn(
        "amount_fen", "the same in fen, instead of `amount`", "86050", ("integer", "text")
    ),
    EventColumn(
        "eligible", "what of a bill is within the policy, in yuan; empty: all of it", "800.00",
        ("text", "decimal", "integer"),
    ),
    EventColumn("level", "the level of the institution", "primary"),
    EventColumn("relation", "whose bill or fact it is; empty: `self`", "spouse"),
    EventColumn("member", "the name of that relative", "李四"),
    EventColumn(
        "lines", "what a bill has of a category, in yuan", "essential_drug=200.00;drugs=60.00"
    ),
    EventColumn(
        "facts", "facts, as after `given`: of a bill, or those that begin on the day",
        "emergency, stay_days = 100",
    ),
    EventColumn("version", "the named version of the rules of a move's region", "month after"),
    EventColumn("heirs", "who inherits; without shares all alike", "李四=1/2;王五=1/2"),
    EventColumn("documents", "what was shown when an account was closed", "死亡证明;身份证明"),
    EventColumn("target", "the id of the event that is voided or replaced", "e1"),
    EventColumn(
        "instead", "what replaces it: a JSON object of the columns that its kind needs",
        '{"kind": "bill", "name": "outpatient", "amount": "500.00"}',
    ),
    EventColumn("because", "why it was entered", "补记"),
)  # fmt: skip
"""Every column, in the order of a file that has them all."""

NAMES = tuple(each.name for each in COLUMNS)
NEEDED = ("account", "date", "kind")
"""The columns that no file may lack."""

COMMON = ("account", "id", "date", "effective", "seq", "kind", "because")
"""The columns that every kind may have."""

USES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "opening": (("amount",), ("name",)),
    "bill": (("name", "amount"), ("eligible", "level", "relation", "member", "lines", "facts")),
    "credit": (("amount",), ("name",)),
    "adjust": (("amount",), ("name",)),
    "repaid": (("amount",), ()),
    "fact": (("facts",), ("relation", "member")),
    "moves": (("name",), ("version",)),
    "closing": (("name",), ("heirs", "documents")),
    "void": (("target",), ()),
    "replace": (("target", "instead"), ()),
}
"""By kind, the columns that it needs and those that it may have besides the common ones.

For `amount` there may be `amount_fen`.
"""
