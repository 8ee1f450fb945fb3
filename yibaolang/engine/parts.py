"""Which rules a posting is made of, and what is left of it within the days asked."""

from collections.abc import Callable
from datetime import date

from attrs import evolve

from yibaolang.engine.answers import Part
from yibaolang.engine.asked import Asked
from yibaolang.model.arms import Arm
from yibaolang.model.core import Absent
from yibaolang.program.novalue import NoValue
from yibaolang.program.outcome import Chosen

Wanted = Callable[[Arm], bool] | None
"""Which rules are looked at; None for all."""


def looked_at(arms: tuple[Arm, ...], wanted: Wanted) -> tuple[Arm, ...]:
    """The rules that are looked at: where others post does not matter."""
    return arms if wanted is None else tuple(arm for arm in arms if wanted(arm))


def monthly(arm: Arm) -> bool:
    """A rule that posts every month."""
    return arm.when.frequency == "monthly"


def yearly(arm: Arm) -> bool:
    """A rule that posts once in an insurance year."""
    return arm.when.frequency == "yearly"


def unscheduled(arm: Arm) -> bool:
    """A rule with an amount that does not say how often it posts."""
    return arm.when.frequency in ("", "once") and not isinstance(arm.amount, Absent)


def stated(arm: Arm) -> bool:
    """That there is no amount, or that it is not known: no schedule is needed to say so."""
    return arm.when.frequency == "" and isinstance(arm.amount, Absent)


def within(part: Part, asked: Asked) -> Part | None:
    """A part without the postings outside the days asked; None if nothing is left of it."""
    if not has_postings(part):
        return part
    chosen = part.outcome.chosen
    kept = tuple(each for each in chosen if each.posting is None or asked.holds(each.posting))
    if len(kept) == len(chosen):
        return part
    return only(part, kept) if kept else None


def since(part: Part, first: date) -> Part:
    """A part without the postings before a day."""
    if not has_postings(part):
        return part
    chosen = part.outcome.chosen
    return only(part, tuple(each for each in chosen if not each.posting or each.posting >= first))


def moved_into(part: Part, asked: Asked) -> Part | None:
    """Of a part only the postings on the days asked; None without any."""
    chosen = part.outcome.chosen if has_postings(part) else ()
    moved = tuple(each for each in chosen if each.posting and asked.holds(each.posting))
    return only(part, moved) if moved else None


def has_postings(part: Part) -> bool:
    """Whether it is known what a part would post: it is not refused, or has two readings."""
    amount = part.outcome.amount
    return not isinstance(amount, NoValue) or amount.diagnostic.code == "YB410"


def only(part: Part, chosen: tuple[Chosen, ...]) -> Part:
    """A part with some of its postings; what is refused stays refused."""
    outcome = part.outcome
    amount = outcome.amount
    if not isinstance(amount, NoValue):
        amount = sum(each.fen for each in chosen)
    return evolve(part, outcome=outcome._replace(amount=amount, chosen=chosen))


def nobody(part: Part) -> bool:
    """Whether no rule applied in a part."""
    amount = part.outcome.amount
    return isinstance(amount, NoValue) and amount.diagnostic.code == "YB402"
