"""Figures as Python source over ints, for many runs of one rule.

The printed function takes the day asked and one positional argument for each fact, in the order of
`arguments`, and gives fen. A fact that is None is not known; one that is given holds on every day,
but for a start, from which its value holds. The params of the plan's time are constants in the
source. Whatever the function cannot decide is asked of the interpreter, so that a refusal is the
same: it gives the NoValue.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from attrs import frozen

from yibaolang.model.arms import FigurePlan
from yibaolang.model.calendar import days_between, is_leap, months_between, year_start
from yibaolang.model.core import Expr, FactOf, StartOf
from yibaolang.model.values import Type
from yibaolang.program.figure import FigureProgram, ValueProgram
from yibaolang.program.frame import DatedFact, Scenario
from yibaolang.program.novalue import NoValue
from yibaolang.program.operations import over, rounded_fen
from yibaolang.program.print_expressions import start_name
from yibaolang.program.print_figure import Check, print_figure, print_value
from yibaolang.program.printing import UNDECIDED, CannotPrint, Undecided, Writer, given_name
from yibaolang.program.walk import walk

__all__ = [
    "Argument", "CannotPrint", "arguments", "compile_python", "defined_in", "python_source",
]  # fmt: skip

Printable = FigurePlan | ValueProgram
Answer = int | date | bool | str | NoValue


@frozen
class Argument:
    """An argument of the printed function after the day: a fact, or since when it has a value.

    `start_of` is that value, None for a fact. Values are given as in a `DatedFact`.
    """

    name: str
    type: Type
    start_of: str | bool | None
    parameter: str


def arguments(plan: Printable) -> tuple[Argument, ...]:
    """The arguments in order: the facts by slot, then the starts by slot and value."""
    facts: dict[str, tuple[tuple[int, str], Argument]] = {}
    for node in walk(*_roots(plan)):
        if isinstance(node, FactOf):
            name = given_name(node)
            facts[name] = (node.slot, ""), Argument(node.name, node.type, None, name)
        elif isinstance(node, StartOf):
            name = start_name(node)
            order = node.slot, f"since {node.value}"
            facts[name] = order, Argument(node.name, node.type, node.value, name)
    ordered = sorted(facts.values(), key=lambda each: (each[0][1], each[0][0]))
    return tuple(argument for _, argument in ordered)


def _roots(plan: Printable) -> list[Expr]:
    if isinstance(plan, ValueProgram):
        return [plan.expr]
    roots: list[Expr] = []
    for arm in plan.arms:
        roots += [arm.amount, *([arm.guard] if arm.guard else [])]
        roots += [arm.prorated.start] if arm.prorated else []
    return roots


def _written(plan: Printable) -> tuple[str, Writer]:
    found = arguments(plan)
    names = ", ".join(["asked", *(each.parameter for each in found)])
    writer = Writer()
    starts = [each for each in found if each.start_of is not None]
    facts = {each.name: each.parameter for each in found if each.start_of is None}
    checks = [_start_check(each, facts.get(each.name)) for each in starts]
    roots = _roots(plan)
    try:
        if isinstance(plan, ValueProgram):
            print_value(plan.expr, writer, checks)
        else:
            print_figure(plan, writer, checks)
    except RecursionError:
        raise CannotPrint(roots[0].written, "so deep an expression") from None
    lines = [
        f"{name} = date({day.year}, {day.month}, {day.day})" for name, day in writer.days.items()
    ]
    lines += ["", "", f"def figure({names}):", "    try:", *writer.lines]
    lines += ["    except UNDECIDED:", "        pass", f"    return interpreted({names})", ""]
    return "\n".join(lines), writer


def _start_check(start: Argument, fact: str | None) -> Check:
    """On which condition a start and the day looked at are left to the interpreter."""
    other = "" if fact is None else f" or {fact} != {start.start_of!a}"
    name = start.parameter
    return lambda look: f"{name} is not None and ({name} > {look}{other})"


def python_source(plan: Printable) -> str:
    """The source of the function `figure`; CannotPrint for what has no such form."""
    return _written(plan)[0]


def compile_python(plan: Printable) -> Callable[..., Answer]:
    """The function itself: (asked, *facts as in `arguments`) to fen, or a NoValue.

    CannotPrint if it cannot be printed: use the interpreter then.
    """
    source, writer = _written(plan)
    figure: Callable[..., Answer] = defined_in(
        source, "figure", {"interpreted": _interpreter(plan), **writer.helpers}
    )
    return figure


def defined_in(source: str, name: str, helpers: Mapping[str, Any]) -> Any:
    """What printed source defines under a name; it may use what all printed code does.

    The text must have been made here from typed nodes; names and texts of a document may be in it
    only in quotes.
    """
    namespace: dict[str, Any] = {
        "date": date,
        "year_start": year_start,
        "months_between": months_between,
        "days_between": days_between,
        "birthday": _birthday,
        "rounded_fen": rounded_fen,
        "over": over,
        "Fraction": _fraction,
        "Undecided": Undecided,
        "UNDECIDED": UNDECIDED,
        "undecided": _undecided,
        **helpers,
    }
    exec(compile(source, f"<{name}>", "exec"), namespace)
    return namespace[name]


def _birthday(born: date, day: date) -> bool:
    """Whether the 28th of February of a common year stands for the 29th."""
    return born.day == 29 and day.day == 28 and day.month == 2 and not is_leap(day.year)


def _fraction(above: Any, below: int = 1) -> Any:
    from fractions import Fraction

    return Fraction(above, below)


def _undecided() -> Any:
    raise Undecided


def _interpreter(plan: Printable) -> Callable[..., Answer]:
    found = arguments(plan)
    program = plan if isinstance(plan, ValueProgram) else FigureProgram(plan)

    def interpreted(asked: date | None, *values: Any) -> Answer:
        scenario = Scenario(_facts(found, values))
        if isinstance(program, ValueProgram):
            value: Answer = program.run(scenario, asked)
            return value
        return program.run(scenario, asked).amount

    return interpreted


def _facts(found: tuple[Argument, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    """The arguments as facts; before a start, what was given holds if it is another value."""
    facts: dict[str, tuple[DatedFact, ...]] = {}
    for argument, value in zip(found, values, strict=True):
        if value is None:
            continue
        if argument.start_of is None:
            facts[argument.name] = (DatedFact(value),)
            continue
        before = tuple(
            DatedFact(fact.value, fact.since, value - timedelta(days=1))
            for fact in facts.get(argument.name, ())
            if fact.value != argument.start_of
        )
        facts[argument.name] = (*before, DatedFact(argument.start_of, value))
    return facts
