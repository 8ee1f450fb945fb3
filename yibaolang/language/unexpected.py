"""What to say when a sentence stops making sense at a token.

Lark knows which terminals could have followed; here they become words in the reader's language
and a guess at what was meant.
"""

from collections.abc import Iterable

from lark import UnexpectedInput, UnexpectedToken

from yibaolang.language.catalogue import Said
from yibaolang.language.diagnostics import Diagnostic, diagnostic
from yibaolang.language.source import Place, Source
from yibaolang.language.suggest import suggestions
from yibaolang.language.tokens import HAPPENS, STARTS, Token
from yibaolang.language.vocabulary import vocabulary

_SHOWN = 8
_OPENERS = frozenset({*STARTS, "_EXPECT", "_CREDIT", "_COVER", "_ALLOW", "_DENY", "_DRAW"})
"""Keywords that a misspelled first word may have been meant for."""
_KINDS = {
    "NAME": Said(en="a name", zh="名称"),
    "EVENT_ID": Said(en="an event (^e2)", zh="事件(^e2)"),
    "STRING": Said(en='words in "quotes"', zh="引号中的文字"),
    "MONEY": Said(en="an amount (100元)", zh="金额(100元)"),
    "RATE": Said(en="a rate (2.5%)", zh="比例(2.5%)"),
    "NUMBER": Said(en="a number", zh="数"),
    "DURATION": Said(en="a duration (25年)", zh="期限(25年)"),
    "DATE": Said(en="a date (2024-01-01)", zh="日期(2024-01-01)"),
    "MONTH": Said(en="a month (2024-01)", zh="月份(2024-01)"),
    "MONTHDAY": Said(en="a day of the year (01-01)", zh="月日(1月1日)"),
    "DAY": Said(en="a day of the month", zh="几日"),
    "YEAR": Said(en="a year", zh="年份"),
    "_COMMA": Said(en="a comma", zh="逗号"),
    "_COLON": Said(en=":", zh="："),
    "PIPE": Said(en="|", zh="|"),
    "DOUBLE_PIPE": Said(en="||", zh="||"),
    "_EQUAL": Said(en="=", zh="="),
    "COMPARATOR": Said(en="a comparison (>= < …)", zh="比较(≥ < …)"),
    "PLUS": Said(en="+", zh="+"),
    "MINUS": Said(en="-", zh="-"),
    "STAR": Said(en="*", zh="*"),
    "SLASH": Said(en="/", zh="/"),
    "LPAR": Said(en="(", zh="（"),
    "RPAR": Said(en=")", zh="）"),
    "LSQB": Said(en="[", zh="["),
    "RSQB": Said(en="]", zh="]"),
    "DOTDOT": Said(en="..", zh=".."),
    "$END": Said(en="the end of the sentence", zh="句末"),
}


def terminal_words(terminal: str) -> Said:
    """A terminal as a reader knows it.

    >>> terminal_words("_CREDIT").en
    'credit'
    """
    known = _KINDS.get(terminal)
    if known is not None:
        return known
    keyword = vocabulary().keywords[terminal.removeprefix("_")]
    return Said(en=keyword.spelling("en"), zh=keyword.spelling("zh"))


def accepted_terminals(error: UnexpectedInput) -> frozenset[str]:
    """The terminals that could have stood where the error is."""
    if isinstance(error, UnexpectedToken):
        return frozenset(error.accepts or error.expected or ())
    return frozenset()


def unexpected(error: UnexpectedInput, tokens: tuple[Token, ...], source: Source) -> Diagnostic:
    """The diagnostic of a sentence that the grammar does not take."""
    accepted = accepted_terminals(error)
    token = getattr(error, "token", None)
    if token is None or token.type == "$END":
        last = tokens[-1]
        place = Place(source, (last.start_pos, last.end_pos))
        return diagnostic("YB022", place, expected=_listed(accepted))
    place = Place(source, (token.start_pos, token.end_pos))
    found = source.text[token.start_pos : token.end_pos]
    if token.type == "NAME":
        spelled = _did_you_mean(token.value, accepted)
        if spelled:
            return diagnostic("YB024", place, found=found, suggestion=spelled)
        run = _touching_names(token, tokens)
        if len(run) > 1:
            place = Place(source, (run[0].start_pos, run[-1].end_pos))
            pieces = [each.value for each in run]
            return diagnostic("YB025", place, run="".join(pieces), cut=" ".join(pieces))
        before = [each for each in tokens if each.end_pos <= token.start_pos]
        if before and before[-1].type == "NAME":
            spelled = _did_you_mean(before[-1].value, _keyword_terminals())
            if spelled:
                place = Place(source, (before[-1].start_pos, before[-1].end_pos))
                return diagnostic("YB024", place, found=before[-1].value, suggestion=spelled)
    first, openers = _opener(tokens)
    spelled = _did_you_mean(first.value, openers) if first.type == "NAME" else ""
    if spelled:
        place = Place(source, (first.start_pos, first.end_pos))
        return diagnostic("YB024", place, found=first.value, suggestion=spelled)
    if "NAME" in accepted and token.type.removeprefix("_") in vocabulary().keywords:
        return diagnostic("YB023", place, found=found, expected=_listed(accepted))
    return diagnostic("YB001", place, found=found, expected=_listed(accepted))


def _opener(tokens: tuple[Token, ...]) -> tuple[Token, frozenset[str]]:
    """The first word, or that of what happens in an event, and what it may have been meant for."""
    if tokens[0].type != "BOOKED":
        return tokens[0], _OPENERS
    return next((each for each in tokens[1:] if each.type != "EVENT_ID"), tokens[0]), HAPPENS


def _touching_names(found: Token, tokens: tuple[Token, ...]) -> list[Token]:
    """The names around a name with nothing between them: what a run without spaces was cut into.

    Only from a name that goes before it; a name in quotes was not cut from anything.
    """
    at = next(index for index, each in enumerate(tokens) if each.start_pos == found.start_pos)
    first = last = at
    while first > 0 and _touch(tokens[first - 1], tokens[first]):
        first -= 1
    if first == at:
        return [found]
    while last + 1 < len(tokens) and _touch(tokens[last], tokens[last + 1]):
        last += 1
    return list(tokens[first : last + 1])


def _touch(before: Token, after: Token) -> bool:
    return before.end_pos == after.start_pos and all(
        each.type == "NAME" and each.end_pos - each.start_pos == len(each.value)
        for each in (before, after)
    )


def _keyword_terminals() -> Iterable[str]:
    return ("_" + token for token in vocabulary().keywords)


def _did_you_mean(word: str, accepted: Iterable[str]) -> str:
    keywords = vocabulary().keywords
    spellings = [
        spelling
        for terminal in accepted
        if terminal.removeprefix("_") in keywords
        for spelling in (
            *keywords[terminal.removeprefix("_")].en,
            *keywords[terminal.removeprefix("_")].zh,
        )
    ]
    found = suggestions(word, sorted(spellings), limit=1) if len(word) > 1 else ()
    return found[0] if found else ""


def _listed(accepted: frozenset[str]) -> Said:
    """The likeliest of what could have stood here, in both languages."""
    different = {"DATE" if terminal == "BOOKED" else terminal for terminal in accepted}
    ordered = sorted(different, key=lambda terminal: (terminal not in _KINDS, terminal))
    shown = [terminal_words(terminal) for terminal in ordered[:_SHOWN]]
    more = " …" if len(ordered) > _SHOWN else ""
    return Said(
        en=", ".join(each.en for each in shown) + more,
        zh="、".join(each.zh for each in shown) + more,
    )
