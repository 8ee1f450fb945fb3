"""The kinds of rules: rules of a kind replace the parent region's rules of that kind."""

from collections.abc import Callable

from yibaolang.language import syntax

Spell = Callable[[str], str | None]


def kinds_of(rule: syntax.Rule, spell: Spell) -> tuple[str, ...]:
    """The kinds that a rule belongs to, such as ("credit",) or ("cover outpatient",).

    A rule about several categories, subjects or benefits belongs to a kind for each of them.
    `spell` makes a name canonical; an unknown name stays as it is written.
    """
    action = rule.action
    return _KINDS[type(action)](action, spell)


def _plain(kind: str) -> Callable[[syntax.Action, Spell], tuple[str, ...]]:
    return lambda _action, _spell: (kind,)


def _each(kind: str, names: tuple[syntax.Name, ...], spell: Spell) -> tuple[str, ...]:
    return tuple(f"{kind} {spell(name.text) or name.text}" for name in names)


_KINDS: dict[type[syntax.Action], Callable[[syntax.Action, Spell], tuple[str, ...]]] = {
    syntax.Credit: _plain("credit"),
    syntax.Deduct: _plain("deduct"),
    syntax.Cover: lambda action, spell: _each("cover", action.categories, spell),  # type: ignore[attr-defined]
    syntax.Allow: _plain("allow"),
    syntax.Draw: _plain("draw"),
    syntax.Interest: _plain("interest"),
    syntax.Carry: _plain("carry"),
    syntax.Rounding: _plain("round"),
    syntax.Require: lambda action, spell: _each("require", (action.benefit,), spell),  # type: ignore[attr-defined]
    syntax.Wait: lambda action, spell: _each("wait", action.subjects, spell),  # type: ignore[attr-defined]
    syntax.Close: lambda action, spell: _each("close", (action.event,), spell),  # type: ignore[attr-defined]
    syntax.Texts: lambda action, _spell: (action.kind,),  # type: ignore[attr-defined]
    syntax.YearFrom: _plain("year"),
}
