"""Figures as generated Python over ints: for the same question about many people.

The interpreter stays the reference. What the generated function cannot decide it asks of the
interpreter, so refusals are the same; a figure that has no such form raises CannotPrint.
"""

from collections.abc import Callable
from datetime import date

from attrs import frozen

from yibaolang.engine.rulebook import RuleBook
from yibaolang.model.plan import Plans
from yibaolang.program.novalue import NoValue
from yibaolang.program.python import Argument, arguments, compile_python, python_source


@frozen(eq=False)
class Compiled:
    """A generated function: its source, its arguments after the day, and the days it is for.

    `call(day, *facts)` gives fen, or a NoValue that says why there is none. Facts are as
    `arguments` says: money in fen, ages and durations as ints, dates, choices by canonical name,
    rates and numbers as Fractions; None for what is not known.
    """

    source: str
    arguments: tuple[Argument, ...]
    since: date | None
    until: date | None
    call: Callable[..., int | date | bool | str | NoValue]


def compiled(
    rules: RuleBook, figure: str = "credit", *, region: str = "", on: date | None = None
) -> Compiled:
    """The figure of a region on a day, generated; it holds while no rule or value changes.

    Refusal if the rules cannot be put together, CannotPrint if the figure has no such form.

    >>> from yibaolang.engine.rulebook import read
    >>> found = compiled(read("retired and age >= 70 credit 125元\\nage < 70 credit 100元"))
    >>> [each.name for each in found.arguments]
    ['status', 'birth']
    >>> found.call(date(2024, 6, 20), "retired", date(1950, 1, 1))
    12500
    """
    plans = Plans(rules.book, rules.region(region), rules.uses)
    plan = plans.figure(rules.figure_named(figure), on)
    return Compiled(
        python_source(plan), arguments(plan), plan.since, plan.until, compile_python(plan)
    )
