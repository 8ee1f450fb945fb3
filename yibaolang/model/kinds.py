"""The kinds of rules: rules of a kind replace the parent region's rules of that kind."""

from collections.abc import Callable
from typing import Any

from yibaolang.language import syntax
from yibaolang.language.catalogue import Said
from yibaolang.language.vocabulary import vocabulary

Spell = Callable[[str], str | None]
_Kinds = Callable[[Any, Spell], tuple[str, ...]]

_KEYWORDS = {
    "net": "NET_CREDIT", "year": "YEAR_FROM", "close": "CLOSE_TO", "post": "POST_ON_DAY",
    "day": "DAY_COUNT",
}  # fmt: skip
_WHOLE = ("net", "post", "day")
"""Kinds of two words that are about nothing else."""


def kinds_of(rule: syntax.Rule, spell: Spell) -> tuple[str, ...]:
    """The kinds that a rule belongs to, such as ("credit",) or ("cover outpatient",).

    A rule about several categories, subjects or benefits belongs to a kind for each of them.
    `spell` makes a name canonical; an unknown name stays as it is written.
    """
    return _KINDS[type(rule.action)](rule.action, spell)


def kind_words(kind: str) -> Said:
    """A kind in the words of both languages; what it is about stays a name.

    >>> kind_words("credit").zh, kind_words("wait cover").en
    ('划入', 'wait cover')
    """
    head, _, rest = kind.partition(" ")
    keyword = vocabulary().keywords.get(_KEYWORDS.get(head, head.upper()))
    if keyword is None:
        return Said(en=kind, zh=kind)
    about = "" if head in _WHOLE else rest
    en, zh = (f"{keyword.spelling(lang)} {about}".rstrip() for lang in ("en", "zh"))
    return Said(en=en, zh=zh)


def _plain(kind: str) -> _Kinds:
    return lambda _action, _spell: (kind,)


def _each(kind: str, names: Callable[[Any], tuple[syntax.Name, ...]]) -> _Kinds:
    return lambda action, spell: tuple(
        f"{kind} {spell(name.text) or name.text}" for name in names(action)
    )


_KINDS: dict[type[syntax.Action], _Kinds] = {
    syntax.Credit: _plain("credit"),
    syntax.Deduct: _plain("deduct"),
    syntax.Cover: _each("cover", lambda action: action.categories),
    syntax.Allow: _plain("allow"),
    syntax.Draw: _plain("draw"),
    syntax.Interest: _plain("interest"),
    syntax.Carry: _plain("carry"),
    syntax.Rounding: _plain("round"),
    syntax.Require: _each("require", lambda action: (action.benefit,)),
    syntax.Wait: _each("wait", lambda action: action.subjects),
    syntax.Close: _each("close", lambda action: (action.event,)),
    syntax.Phases: _plain("phases"),
    syntax.DayCount: _plain("day count"),
    syntax.PostOn: _plain("post on"),
    syntax.Texts: lambda action, _spell: (action.kind,),
    syntax.YearFrom: _plain("year"),
}
