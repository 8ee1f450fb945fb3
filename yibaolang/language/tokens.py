"""Tokens, and what keywords mean for how lines are joined into sentences."""

KEPT_WORDS = frozenset({"YEARS", "MONTHS", "DAYS"})
"""Keywords that the grammar keeps in its trees; the others have a leading underscore there."""

GOES_ON = frozenset(
    [
        "_COMMA", "_COLON", "_EQUAL", "COMPARATOR", "PLUS", "MINUS", "STAR", "SLASH", "_AND",
        "_OR", "_NOT", "_OF", "_DE", "_IF", "_GIVES", "_ON_TOP_OF", "_INCLUDING", "_WITH",
        "_BECOMES", "LPAR", "LSQB",
    ]
)  # fmt: skip
"""A line that ends in one of these goes on in the next."""

STARTS = frozenset(
    [
        "_CHOICE", "_CATEGORY", "_BUCKET", "_INPUT", "_DEFINE", "_PARAM", "_TABLE", "_REGION",
        "_SINCE", "_INCLUDE", "_USE", "_PERSON", "_TEST", "_GIVEN", "_SHOW", "_EXPLAIN",
        "_COMPARE", "_ALSO", "_EXCEPT_WHEN", "_CONTACT", "_NOTE", "_YEAR_FROM", "_LEDGER", "_WHY",
        "_WHY_NOT", "_HOLIDAY", "_WORKDAY", "_PHASES", "_DAY_COUNT", "_POST_ON_DAY",
    ]
)  # fmt: skip
"""A line that begins with one of these is a sentence of its own, whatever came before."""

COMMA_BEFORE = frozenset(
    [
        "_CREDIT", "_DEDUCT", "_COVER", "_ALLOW", "_DENY", "_DRAW", "_INTEREST", "_CARRY",
        "_ROUND", "_REQUIRE", "_WAIT", "_CLOSE_TO", "_CONTACT", "_NOTE", "_MONTHLY", "_YEARLY",
        "_ONCE", "_ABOVE", "_AT_MOST", "_UP_TO", "_COUNTING_COST", "_COUNTING_PAYMENT",
        "_EXCEPT_LINES", "_THEN", "_REST_TO", "_UNLESS", "_REQUIRING", "_TO", "_CITE", "_BECAUSE",
        "_WHEN", "_AS", "_ASSESSED_ON", "_PRORATED_OF", "_PRORATED_AFTER", "_ATTESTED", "_FOR",
        "_FROM", "_POSTED_ON", "_ON_DAY", "_BY_DAY", "_AFTER", "_AT", "_ELIGIBLE", "_INCLUDING",
        "_WITH", "_EFFECTIVE", "_SHOWING", "_AS_LISTED", "_BEFORE_COVER", "_MOVED_BEFORE",
        "_PHASES", "_DAY_COUNT", "_POST_ON_DAY",
    ]
)  # fmt: skip
"""Keywords of verbs and clauses; a comma before one is only a pause."""

HAPPENS = frozenset(
    [
        "EVENT_ID", "NAME", "_NOT", "_OPENING", "_CREDIT", "_ADJUST", "_FROM", "_TO", "_REPAID",
        "_MOVES_TO", "_VOID", "_REPLACE", "_EXPECT", "_SEAL",
    ]
)  # fmt: skip
"""What begins an event after its date: a date before one of these is BOOKED and no DATE."""


class Token:
    """A token for the parser: its terminal, its text folded to ASCII twins, and its offsets.

    Not an attrs class: a text has a hundred thousand of them, and Lark reads these four names.
    """

    __slots__ = ("end_pos", "start_pos", "type", "value")
    line = column = end_line = end_column = 0

    def __init__(self, type: str, value: str, start_pos: int, end_pos: int) -> None:
        self.type = type
        self.value = value
        self.start_pos = start_pos
        self.end_pos = end_pos

    @classmethod
    def new_borrow_pos(cls, type: str, value: str, borrow: "Token") -> "Token":
        """A token of no width after another; Lark makes the end of the input so."""
        return cls(type, value, borrow.end_pos, borrow.end_pos)

    def __repr__(self) -> str:
        return f"{self.type}({self.value!r})"
