"""Telling what came of events and why balances changed, in words."""

from yibaolang.engine.answers import Answer, Cause
from yibaolang.engine.events import Event
from yibaolang.engine.postings import Posting, Settlement
from yibaolang.engine.reasons import Reason, Telling
from yibaolang.engine.story import Story, account, said
from yibaolang.language.diagnostics import Said
from yibaolang.model.values import MONEY

KINDS = {
    "opening": Said("opening", "期初余额"),
    "credit": Said("credit", "划入"),
    "due credit": Said("credit", "划入"),
    "due deduct": Said("deduct", "扣缴"),
    "deduct": Said("deduct", "扣缴"),
    "correction": Said("correction of what was posted", "多退少补"),
    "adjust": Said("adjustment", "调整"),
    "repaid": Said("repaid", "还款"),
    "carry": Said("carried over", "结转"),
    "interest": Said("interest", "利息"),
    "closing": Said("the account ends", "注销"),
    "close": Said("paid out at the end", "注销支付"),
    "moves": Said("moves", "转移"),
    "draw": Said("paid from the account", "账户支付"),
    "rules": Said("rules changed", "规则变动"),
    "pending": Said("not posted yet", "尚未入账"),
    "void": Said("voided", "作废"),
    "replace": Said("replaced", "更正"),
    "before": Said("balance before", "变动前余额"),
    "after": Said("balance after", "变动后余额"),
}


def told(telling: Telling, answer: Answer) -> list[Reason]:
    """The reasons of a measure: the causes of a change, what decides a bill, or each settlement."""
    if answer.causes:
        return [_cause(telling, each) for each in answer.causes]
    if answer.bill is not None:
        return [line for each in answer.settlements for line in Story(telling).of_account(each)]
    return [settled(telling, each, False) for each in answer.settlements]


def settled(telling: Telling, settlement: Settlement, in_full: bool) -> Reason:
    """What came of one event, in a line and with its steps if they are asked for."""
    because = tuple(Story(telling).told(settlement)) if in_full else ()
    if settlement.refused is not None:
        value = telling.message(settlement.refused)
        return telling.tell("refused", title(telling, settlement), value, because=because)
    value = " · ".join(_posted(telling, each) for each in settlement.postings)
    return telling.tell("figure", title(telling, settlement), value, because=because)


def title(telling: Telling, settlement: Settlement) -> str:
    """The day, the id, and what it was."""
    parts = [settlement.day.isoformat()]
    event = settlement.event
    if settlement.id:
        parts.append(f"^{settlement.id}")
    if event is None or event.kind != "bill":
        parts.append(said(telling, KINDS.get(settlement.kind), settlement.kind))
    else:
        parts.append(_bill(telling, event))
    return " ".join(parts)


def bill_words(telling: Telling, bill: Event, person: str) -> str:
    """What is asked of a bill: that the account may pay it."""
    words = _bill(telling, bill)
    if person:
        return telling.say(f"the account of {person} may pay {words}", f"{person}的账户可付{words}")
    return telling.say(f"the account may pay {words}", f"账户可付{words}")


def _bill(telling: Telling, event: Event) -> str:
    """A bill in words: category, amount, level, for whom."""
    words = telling.words
    parts = [words.name(event.name)]
    if event.amount_fen:
        parts.append(words.value(MONEY, event.amount_fen))
    if event.level:
        parts.append(words.name(event.level))
    text = " ".join(parts)
    if event.relation == "self":
        return text
    relation = f"{words.name(event.relation)} {event.member}".rstrip()
    return text + telling.say(f" for {relation}", f"（{relation}）")


def _posted(telling: Telling, posting: Posting) -> str:
    amount = telling.words.value(MONEY, posting.fen)
    source, target = account(telling, posting.source), account(telling, posting.target)
    if posting.target == "provider":
        return f"{source} {amount}"
    return f"{source} → {target} {amount}"


# ── causes ──


def _cause(telling: Telling, cause: Cause) -> Reason:
    text = _cause_text(telling, cause)
    because = []
    for rule in (cause.before, cause.rule):
        if rule is not None:
            because.append(telling.cited("note", rule, "", ()))
    if cause.kind in ("pending", "void", "replace"):
        return telling.tell("note", text, because=tuple(because))
    sign = "+" if cause.fen > 0 and cause.kind not in ("before", "after") else ""
    value = sign + telling.words.value(MONEY, cause.fen)
    return telling.tell("value", text, value, because=tuple(because))


def _cause_text(telling: Telling, cause: Cause) -> str:
    words = telling.words
    kind = said(telling, KINDS.get(cause.kind), cause.kind)
    about = [words.name(each) for each in cause.about if each]
    colon = telling.say(": ", "：")
    if cause.kind == "carry":
        return f"{kind}{colon}{' → '.join(about)}"
    if cause.kind == "pending":
        amount, day = about
        return telling.say(f"not posted yet: {amount}, due {day}", f"尚未入账：{amount}，{day}入账")
    text = kind
    if cause.kind == "draw":
        category, *whose = about
        relation = " ".join(whose)
        text = f"{kind}{colon}{category}"
        text += telling.say(f" for {relation}", f"（{relation}）") if relation else ""
    elif about:
        text = f"{kind}{colon}{' '.join(about)}"
    return text + _times(telling, cause)


def _times(telling: Telling, cause: Cause) -> str:
    """How many equal sums it is made of."""
    if len(cause.parts) < 2 or len(set(cause.parts)) > 1:
        return ""
    each = telling.words.value(MONEY, abs(cause.parts[0]))
    return telling.say(f" ({len(cause.parts)} × {each})", f"（{len(cause.parts)} × {each}）")
