"""Which names may be meant where a name may stand: regions after `region`, persons after `of`."""

from collections.abc import Sequence

from yibaolang.language.tokens import Token

REGION, PERSON, FIGURE, VALUE = "region", "person", "figure", "value"
BUCKET, CATEGORY, LEVEL, RELATION = "bucket", "category", "level", "relation"
OF_INPUT = "value of"
BENEFIT, TABLE, TYPE, NEW, PHASE, CLOSING = "benefit", "table", "type", "new", "phase", "closing"

_AFTER = {
    "_REGION": (REGION,), "_UNDER": (REGION,), "_INCLUDE": (REGION,), "_USE": (REGION,),
    "_MOVES_TO": (REGION,), "_LEDGER": (PERSON,), "_PERSON": (NEW,), "_DEFINE": (NEW, FIGURE),
    "_INPUT": (NEW,), "_PARAM": (NEW, FIGURE), "_TABLE": (NEW,), "_CHOICE": (NEW,),
    "_CATEGORY": (NEW,), "_BUCKET": (NEW,), "_OPENING": (BUCKET,), "_DRAW": (BUCKET,),
    "_CARRY": (BUCKET,), "_INTO": (BUCKET,), "_REST_TO": (BUCKET,), "_AT": (LEVEL,),
    "_ALLOW": (CATEGORY,), "_DENY": (CATEGORY,), "_WHY_NOT": (CATEGORY, PERSON),
    "_EXCEPT_LINES": (CATEGORY,), "_INCLUDING": (CATEGORY, VALUE), "_BY_TABLE": (TABLE,),
    "_OF_TABLE": (TABLE,), "_BY_MARGINAL": (TABLE,), "_BY_WHOLE": (TABLE,), "_PHASES": (PHASE,),
    "_ON": (CLOSING, CATEGORY), "_SHOW": (FIGURE, PERSON), "_EXPLAIN": (FIGURE, PERSON),
    "_WHY": (FIGURE, PERSON), "_EXPECT": (FIGURE,), "_COMPARE": (REGION, FIGURE),
}  # fmt: skip
_QUESTIONS = frozenset({"_SHOW", "_EXPLAIN", "_WHY", "_WHY_NOT", "_COMPARE"})
_EVENTS = (CATEGORY, VALUE, CLOSING)


def roles(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The roles that a name after some tokens may have, the likeliest first.

    Behind a fact's name stands one of the values that it may have.

    >>> roles([])
    ('value',)
    >>> roles([Token("_REGION", "region", 0, 6)])
    ('region',)
    """
    if not tokens:
        return (VALUE,)
    first, last = tokens[0].type, tokens[-1].type
    if last == "PIPE" or (last == "_COLON" and first == "_CHOICE"):
        return (NEW,)
    if last == "_COMMA":
        return _in_list(tokens)
    if last == "_OF" and first in _QUESTIONS:
        return (PERSON,)
    if last == "_OF":
        return (CATEGORY, VALUE) if _has(tokens, "_COVER") else (VALUE,)
    if last == "_FOR":
        return _for(tokens)
    if last == "_IN":
        return (REGION,) if first in ("_PERSON", "_GIVEN") else (VALUE,)
    if last == "_DE":
        return (FIGURE,) if first in _QUESTIONS else (VALUE, CATEGORY)
    if last in ("_TO", "_FROM") and _has(tokens, "_CREDIT", "_ADJUST", "_INTEREST"):
        return (BUCKET,)
    if last == "_THEN":
        return (BUCKET,) if _has(tokens, "_DRAW") else (PHASE, VALUE)
    if last == "_COLON" and first in ("_INPUT", "_DEFINE", "_PARAM"):
        return (TYPE,)
    if last in ("BOOKED", "EVENT_ID") or (last == "DATE" and len(tokens) == 1):
        return _EVENTS
    if last == "NAME" and first in ("_PERSON", "_GIVEN"):
        return (f"{OF_INPUT} {tokens[-1].value}",)
    return _AFTER.get(last, (VALUE,))


def _for(tokens: Sequence[Token]) -> tuple[str, ...]:
    first = tokens[0].type
    if first == "_COMPARE":
        return (PERSON,)
    if first == "_REQUIRE" or _has(tokens, "_REQUIRE", "_WAIT"):
        return (BENEFIT, CATEGORY)
    return (RELATION,)


def _in_list(tokens: Sequence[Token]) -> tuple[str, ...]:
    """After a comma, what the list is of: the role of the name after the keyword before it."""
    for index in range(len(tokens) - 1, -1, -1):
        if tokens[index].type not in ("_COMMA", "NAME", "STRING", "_AS"):
            return roles(tokens[: index + 1])
    return (VALUE,)


def _has(tokens: Sequence[Token], *types: str) -> bool:
    return any(each.type in types for each in tokens)
