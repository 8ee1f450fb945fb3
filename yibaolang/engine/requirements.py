"""What a benefit requires: which conditions apply, and whether all of them are met."""

from datetime import date

from yibaolang.engine.answers import Condition
from yibaolang.language.diagnostics import Diagnostic, diagnostic
from yibaolang.model.kinds import kind_words
from yibaolang.model.plan import Plans
from yibaolang.model.provisions import Require
from yibaolang.program.figure import ValueProgram
from yibaolang.program.frame import Scenario
from yibaolang.program.novalue import NoValue


def required(
    plans: Plans, scenario: Scenario, benefit: str, day: date | None, year_start: date | None,
    shown: str,
) -> tuple[bool, tuple[Condition, ...], tuple[Diagnostic, ...]]:  # fmt: skip
    """Whether what a benefit requires on a day is met, the conditions, and why nobody can say.

    One that is not met decides, whatever the others are. `shown` is the date as it was asked.
    """
    found: list[Condition] = []
    refused: list[Diagnostic] = []
    met = True
    for each in plans.provisions(f"require {benefit}", day):
        if not isinstance(each, Require):
            continue
        if each.guard is not None:
            applies = ValueProgram(each.guard).explain(scenario, day, year_start)
            if applies.value is False:
                continue
            if isinstance(applies.value, NoValue):
                refused.append(applies.value.diagnostic)
                found.append(Condition(each.rule, applies))
                continue
        step = ValueProgram(each.condition).explain(scenario, day, year_start)
        found.append(Condition(each.rule, step))
        if isinstance(step.value, NoValue):
            refused.append(step.value.diagnostic)
        else:
            met = met and bool(step.value)
    if not found:
        figure = kind_words(f"require {benefit}")
        why = diagnostic("YB402", None, figure=figure, region=plans.region, date=shown)
        refused.append(why)
    return met, tuple(found), tuple(refused) if met else ()
