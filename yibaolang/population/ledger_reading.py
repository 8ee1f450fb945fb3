"""The function of a step program: what it is given, what it reads, and how it ends.

It gets the state, the event and what that says, and gives 0, or why the event is refused. It works
on copies of the cells that it changes; they are kept at its end only, so an event that is refused
leaves the account as it was.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from yibaolang.language.diagnostics import Diagnostic
from yibaolang.model.arms import Rounding
from yibaolang.model.core import Expr
from yibaolang.population import fixed
from yibaolang.population.fixed import HIGHEST, LOWEST, Node, Whole
from yibaolang.population.ledger_event_facts import LINES
from yibaolang.population.ledger_facts import EventFrame
from yibaolang.population.ledger_merging import Picked
from yibaolang.population.ledger_shared import (
    HELD,
    Shared,
    Template,
    cell_key,
    most_of,
)
from yibaolang.population.ledger_text import (
    MOST_FEN,
    Emitter,
    Value,
    number,
)
from yibaolang.population.llvm import Expressions, Text
from yibaolang.population.lowered import Lowered, cannot_lower, in_fen
from yibaolang.population.lowering import Lowering, lowered
from yibaolang.population.making import Fixed
from yibaolang.population.ranges import Ranges
from yibaolang.program import instructions as step
from yibaolang.program.needing import every_part, needed, slots_read

PARAMETERS = (
    "ptr %state, ptr %held, ptr %facts, i64 %today, i64 %row, i64 %amount, i64 %eligible, "
    "i64 %level, i64 %booked, i64 %fact, ptr noalias %fact_table, ptr noalias %p_fen, "
    "ptr noalias %p_what, ptr noalias %templates"
)
"""Of every program: the state, the holder's facts today and where those of other days are, the day,
the event (or -1 less the item) and what it says, where its facts begin in their table, where
postings are written, and as what."""

GIVEN = Value("%amount", 0, MOST_FEN), Value("%eligible", 0, MOST_FEN)
"""The registers that a bill is given, and the first one that other events are."""


class Reading:
    """What the instructions of one program are written with."""

    def __init__(
        self, shared: Shared, plan: step.StepPlan, given: tuple[Value, ...], relation: str,
        within: tuple[date, date],
    ) -> None:  # fmt: skip
        self.shared = shared
        self.plan = plan
        self.given = given
        self.steps, _ = needed(plan.steps, set(), slots_read(plan.steps))
        self.out = Text(shared.module, shared.comments)
        self.emitter = Emitter(self.out)
        self.told: dict[int, Value] = {}
        make = Fixed()
        frame = EventFrame(shared.facts, make, self.told, relation, within, shared.year_from)
        self.lowering = Lowering(make, shared.facts.codes, shared.facts.refusals, frame)
        self.ranges = Ranges()
        self.expressions = Expressions(self.out, self, self.ranges)
        self.registers: dict[int, Value] = {}
        self.at_most: dict[int, set[tuple[str, int]]] = {}
        self.pointers: dict[int, str] = {}
        self.copies: dict[int, str] = {}
        self.posted = ""
        self.templates: dict[Template, int] = {}
        self.postings = 0

    # ── the function ──

    def begin(self) -> None:
        """Copies of the cells that change, and the registers that are given."""
        out, emitter = self.out, self.emitter
        out.line(f"store i1 false, ptr {out.bad}")
        for name in ("wide", "broad"):
            at = self.shared.state.place(name)
            out.line(f"%{name} = getelementptr inbounds i64, ptr %state, i64 {at}")
        parts = list(every_part(*self.steps))
        changed = set(_changed(parts))
        cells = changed | {each.cell for each in parts if isinstance(each, step.InCell)}
        self.shared.cells |= cells
        layout = self.shared.layout.cells
        if any(layout[cell].period == "per_month" for cell in cells):
            out.line("call void @month(ptr %state)")
        for cell in sorted(changed):
            self.copies[cell] = out.alloca("cell", "i64")
            emitter.store(self.copies[cell], emitter.load(self.place(cell_key(cell)), 0, 0))
        if self.shared.templates is not None and any(isinstance(each, step.Post) for each in parts):
            self.posted = out.alloca("posted", "i64")
            emitter.store(self.posted, emitter.load(self.place("posted"), 0, 0))
        for index in range(self.plan.registers):
            self.pointers[index] = out.alloca("register", "i64")
            self.put(index, self.given[index] if index < len(self.given) else self.line(index))

    def line(self, register: int) -> Value:
        """What a bill has of a category, in the registers after what is given; else 0."""
        at, of_bills = register - len(self.given), self.shared.facts.of_bills
        name = f"{LINES}{self.plan.lines[at]}" if at < len(self.plan.lines) else ""
        if name not in of_bills:
            return number(0)
        place = self.emitter.make(f"add i64 %fact, {2 * of_bills.index(name)}")
        code = self.emitter.element("%fact_table", place)
        return self.emitter.noted(Value(code, LOWEST, HIGHEST))

    def place(self, key: str) -> str:
        """Where the state keeps something."""
        index = self.shared.state.place(key)
        return self.emitter.make(f"getelementptr inbounds i64, ptr %state, i64 {index}")

    def give_back(self, code: str) -> None:
        """The function ends."""
        bad = self.emitter.make(f"load i1, ptr {self.out.bad}")
        self.emitter.gather("%wide", self.emitter.make(f"sext i1 {bad} to i64"))
        self.out.line(f"ret i64 {code}")

    # ── what terms and expressions read ──

    def register(self, index: int) -> Value:
        """What a register holds."""
        known = self.registers[index]
        if known.known is not None:
            return known
        return self.emitter.load(self.pointers[index], known.low, known.high)

    def put(self, index: int, value: Value) -> None:
        """Put something into a register."""
        self.emitter.store(self.pointers[index], value)
        self.registers[index] = value
        self.forget(step.Held(index))

    # ── what is never more than something else ──

    def forget(self, changed: step.Held | step.InCell) -> None:
        """A register or a cell holds something new: nothing is known to be at most that."""
        key = step_key(changed)
        for most in self.at_most.values():
            most.discard(key)
        if isinstance(changed, step.Held):
            self.at_most.pop(changed.register, None)

    def most_of(self, term: step.Term) -> set[tuple[str, int]]:
        """Registers and cells that a term is not more than."""
        if isinstance(term, step.Held):
            return set(self.at_most.get(term.register, ())) | {step_key(term)}
        if isinstance(term, step.InCell):
            return {step_key(term)}
        if isinstance(term, step.Least):
            return {key for each in term.terms for key in self.most_of(each)}
        if isinstance(term, step.NotBelowZero):
            # Zero is not more than what is not below it, and that cells are not is noted.
            return {
                key for key in self.most_of(term.term)
                if key[0] == "cell" or self.registers[key[1]].low >= 0
            }  # fmt: skip
        return set()

    def is_part(self, term: step.Less) -> bool:
        """Whether what is taken is never more than what it is taken from."""
        taken = term.taken
        if isinstance(taken, step.Plus) and len(taken.terms) == 1:
            taken = taken.terms[0]
        return isinstance(term.term, step.Held | step.InCell) and (
            step_key(term.term) in self.most_of(taken)
        )

    def cell(self, index: int) -> Value:
        """What a cell holds."""
        pointer = self.copies.get(index) or self.place(cell_key(index))
        return self.emitter.load(pointer, 0, most_of(self.shared.layout.cells[index].kind))

    def column(self, node: fixed.Column) -> str:
        """What a column of an expression holds."""
        if node.key.startswith("told "):
            return self.told[int(node.key[5:])].code
        code = node.key
        if code.startswith("#"):
            place = self.emitter.make(f"add i64 %fact, {code[1:]}")
            code = self.emitter.element("%fact_table", place)
        elif code.startswith("@"):
            code = self.emitter.load(self.place(code[1:]), 0, 0).code
        elif not code.startswith("%"):
            code = held(self.expressions, self.shared, HELD[0], code)
        return self.emitter.make(f"icmp ne i64 {code}, 0") if node.truth else code

    def present(self, key: str) -> str:
        """Whether a column has a value."""
        code = held(self.expressions, self.shared, HELD[1], key)
        return self.emitter.make(f"icmp ne i64 {code}, 0")

    def lowered(self, expr: Expr) -> Lowered:
        """What is lowered of an expression; the event is refused if it has no value."""
        found = lowered(self.lowering, expr)
        self.status(found.status)
        return found

    def expression(self, expr: Expr) -> tuple[Value, int]:
        """A number as numerator and denominator."""
        if isinstance(expr, Picked):
            return self.picked(expr.truths, expr.values), expr.denominator or 1
        found = self.lowered(expr)
        if found.divisor is not None:
            raise cannot_lower(expr.written, "a division by what is not known", "除以未知数")
        return self.known(found.node), found.denominator

    def quotient(self, expr: Expr, by: Rounding) -> Value | None:
        """A number that is divided by what is not known, rounded; None for any other."""
        if isinstance(expr, Picked):
            return None
        found = lowered(self.lowering, expr)
        if found.divisor is None:
            return None
        self.status(found.status)
        return self.known(in_fen(self.lowering.make, found, by.mode, by.unit_fen).node)

    def known(self, node: Node) -> Value:
        """A number with its bounds."""
        return Value(self.expressions.value(node), *self.ranges.of(node))

    def picked(self, truths: Sequence[str], values: Sequence[int]) -> Value:
        """The number of the first truth that holds; the last without asking."""
        found = self.emitter.constant(values[-1])
        for truth, value in reversed(list(zip(truths[:-1], values[:-1], strict=True))):
            if found.known != value:
                found = self.emitter.choose(truth, self.emitter.constant(value), found)
        return found

    def condition(self, expr: Expr) -> str:
        """A truth."""
        return self.expressions.value(self.lowered(expr).node)

    def status(self, node: Node) -> None:
        """Refuse the event if an expression has no value."""
        if isinstance(node, Whole):
            if node.value:
                self.leave_if("true", str(node.value))
            return
        code = self.expressions.value(node)
        self.leave_if(self.emitter.make(f"icmp ne i64 {code}, 0"), code)

    # ── refusals ──

    def refused_if(self, condition: str, why: Diagnostic) -> None:
        """Refuse the event on a condition."""
        self.leave_if(condition, str(self.shared.facts.refusals.of(why)))

    def leave_if(self, condition: str, code: str) -> None:
        """Give back why the event is refused, on a condition."""
        leave, go_on = self.out.label("refused"), self.out.label("fine")
        self.out.branch(condition, leave, go_on)
        self.out.begin(leave)
        self.give_back(code)
        self.out.begin(go_on)


def held(expressions: Expressions, shared: Shared, word: str, key: str) -> str:
    """What the holder's facts have for a key, after one of the words HELD."""
    name, day = shared.facts.people.day_of(key)
    emitter, row = Emitter(expressions.text), "%held"
    if day is not None:
        row = emitter.make(f"call ptr @held_on(ptr %facts, i64 {expressions.value(day)})")
    return emitter.element(row, str(shared.held.place(word + name)))


def step_key(term: step.Held | step.InCell) -> tuple[str, int]:
    """A register or a cell by its kind and number."""
    if isinstance(term, step.Held):
        return "register", term.register
    return "cell", term.cell


def _changed(parts: Iterable[Any]) -> Iterator[int]:
    """The cells that instructions change."""
    for each in parts:
        if isinstance(each, step.Accrue | step.Store):
            yield each.cell
        elif isinstance(each, step.Post):
            yield each.total
            for cell in (each.source_cell, each.target_cell):
                if cell is not None:
                    yield cell
