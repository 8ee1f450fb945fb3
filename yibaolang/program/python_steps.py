"""Step programs as Python source: one function for many runs of one program.

`step(cells, frame, given)` gives the new cells and what was posted, and leaves its arguments as
they were. It raises one of UNDECIDED where it cannot tell; the interpreter is asked then, so that a
refusal is the same.
"""

from datetime import date

from yibaolang.model.core import Defined, Expr, Published, Written
from yibaolang.program import instructions as step
from yibaolang.program.folding import folded
from yibaolang.program.frame import UNSET
from yibaolang.program.needing import every_part
from yibaolang.program.print_frame import FRAME_TABLE, is_dated
from yibaolang.program.print_steps import Printer
from yibaolang.program.printing import CannotPrint, Scope, Writer, safe
from yibaolang.program.python import defined_in
from yibaolang.program.running import Posted, Stepping
from yibaolang.program.walk import walk

Within = tuple[date | None, date | None]
"""The days between which a program is run, both inclusive; None is open."""


def steps_source(plan: step.StepPlan, given: int, within: Within = (None, None)) -> str:
    """The source of the function `step`; CannotPrint for what has no such form.

    `given` is how many registers are given.

    >>> from yibaolang.program.instructions import InCell, Post, StepPlan
    >>> carry = Post("carry", "current", "carried", 0, 1, 2, InCell(0), None)
    >>> print(steps_source(StepPlan("carry", "", (carry,), 0, (), ()), 0))
    def step(cells, frame, given):
        if len(given) != 0: raise Undecided
        new = cells.copy()
        posted = []
        cell_0 = new[0]
        its_fen_1 = cell_0
        if its_fen_1:
            cell_0 = new[0] = cell_0 - its_fen_1
            new[1] += its_fen_1
            new[2] += its_fen_1
            posted.append(made(Posted, ('carry', 'current', 'carried', its_fen_1, None)))
        return new, posted
    """
    return _written(plan, given, within)[0]


def compile_steps(plan: step.StepPlan, given: int, within: Within = (None, None)) -> Stepping:
    """The function itself; CannotPrint if it cannot be printed: use the interpreter then."""
    source, writer = _written(plan, given, within)
    helpers = {"UNSET": UNSET, "Posted": Posted, "made": tuple.__new__, **writer.helpers}
    stepping: Stepping = defined_in(source, "step", helpers)
    return stepping


def _written(plan: step.StepPlan, given: int, within: Within) -> tuple[str, Writer]:
    steps, read = folded(plan, given)
    writer = Writer()
    writer.indent = 1
    names = _names(plan, given)
    _given(names[:given], read, writer)
    for register in sorted(read - set(range(given))):
        writer.line(f"{names[register]} = 0")
    days = within[0] or date.min, within[1] or date.max
    _checks(steps, days, writer)
    writer.line("new = cells.copy()")
    writer.line("posted = []")
    scope = Scope(writer, "frame[0]", None, None, days, FRAME_TABLE)
    try:
        Printer(writer, names).block(steps, scope)
    except RecursionError:
        raise CannotPrint(_sentence(plan), "so deep a choice") from None
    writer.line("return new, posted")
    lines = [
        f"{name} = date({day.year}, {day.month}, {day.day})" for name, day in writer.days.items()
    ]
    lines += ["", ""] if lines else []
    return "\n".join([*lines, "def step(cells, frame, given):", *writer.lines]), writer


def _names(plan: step.StepPlan, given: int) -> list[str]:
    """The local variables of the registers, called by what an explanation says of them."""
    names = [f"amount_{register}" for register in range(plan.registers)]
    lines = [f"line_{register}" for register in range(2, given)]
    names[:given] = ["days"] if given == 1 else ["cost", "eligible", *lines][:given]
    for each in every_part(*plan.steps):
        if isinstance(each, step.Let) and safe(each.label) == each.label:
            names[each.register] = f"{each.label}_{each.register}"
    return names


def _given(names: list[str], read: set[int], writer: Writer) -> None:
    """Give names to what is given; as many as the names must be given."""
    if names and read & set(range(len(names))):
        writer.line(f"{', '.join(names)}{',' if len(names) == 1 else ''} = given")
    else:
        writer.line(f"if len(given) != {len(names)}: raise Undecided")


def _checks(steps: step.Block, days: tuple[date, date], writer: Writer) -> None:
    """What is given instead of a param or a definition is left to the interpreter."""
    roots = [each for each in every_part(*steps) if isinstance(each, Expr)]
    nodes = list(walk(*roots))
    slots = sorted({each.slot for each in nodes if isinstance(each, Published | Defined)})
    for slot in slots:
        writer.line(f"if frame[{slot}] is not UNSET: raise Undecided")
    if any(is_dated(each, days) for each in nodes):
        first, last = (writer.day(each) for each in days)
        writer.line(f"if not {first} <= frame[0] <= {last}: raise Undecided")


def _sentence(plan: step.StepPlan) -> Written:
    """A sentence that the program comes from."""
    for each in every_part(*plan.steps):
        rule = getattr(each, "rule", None)
        if rule is not None:
            written: Written = rule.written
            return written
        if isinstance(each, Expr):
            return each.written
    raise TypeError("a program comes from a rule")
