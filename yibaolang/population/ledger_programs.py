"""A step program as a function of LLVM, over the state of an account.

The function gets the state, the event and what it says, and gives 0, or why the event is refused.
It works on copies of the cells that it changes; they are kept at its end only, so an event that is
refused leaves the account as it was.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from yibaolang.language.diagnostics import Diagnostic, Note
from yibaolang.model.core import Expr
from yibaolang.model.kinds import kind_words
from yibaolang.population import fixed
from yibaolang.population.fixed import Node, Whole
from yibaolang.population.ledger_facts import FIRST_DAY, LAST_DAY, EventFrame
from yibaolang.population.ledger_merging import Picked, PostOf, merged
from yibaolang.population.ledger_plans import RefuseFor
from yibaolang.population.ledger_shared import HELD, SUMS, Shared, Template, cell_key, most_of
from yibaolang.population.ledger_terms import denominator_of, printed
from yibaolang.population.ledger_text import (
    MOST_FEN,
    MOST_SUM,
    Emitter,
    Value,
    number,
)
from yibaolang.population.llvm import Expressions, Text
from yibaolang.population.lowered import Lowered, cannot_lower
from yibaolang.population.lowering import Lowering, lowered
from yibaolang.population.making import Fixed
from yibaolang.population.ranges import Ranges
from yibaolang.program import instructions as step
from yibaolang.program.needing import every_part, needed, slots_read
from yibaolang.program.novalue import no_value
from yibaolang.program.print_steps import all_apart

PARAMETERS = (
    "ptr %state, i64 %today, i64 %row, i64 %amount, i64 %eligible, i64 %level, i64 %booked, "
    "ptr noalias %p_fen, ptr noalias %p_what, ptr noalias %p_row"
)
"""Of every program: the state, the day, the event (or -1 less the item) and what it says, and where
postings are written."""

GIVEN = Value("%amount", 0, MOST_FEN), Value("%eligible", 0, MOST_FEN)
"""The registers that a bill is given, and the first one that other events are."""


def function(
    shared: Shared, plan: step.StepPlan, given: tuple[Value, ...] = (), relation: str = "",
    within: tuple[date, date] = (FIRST_DAY, LAST_DAY), before: "Before" = lambda _: None,
) -> str:  # fmt: skip
    """The name of the function of a plan; Refusal YB480 if there is no native form of it.

    `given` are the first registers; `relation` is whose bill it is; it runs `within` two days, and
    `before` writes what comes before its steps.
    """
    writing = Writing(shared, plan, given, relation, within)
    return shared.named(writing.text(before), writing.postings)


def posting_if(applies: Node, fen: Node) -> "Before":
    """The beginning of a program that posts an amount, its first register, if it applies."""

    def begin(writing: "Writing") -> None:
        holds = writing.expressions.value(applies)
        writing.leave_if(writing.emitter.make(f"xor i1 {holds}, true"), "0")
        amount = Value(writing.expressions.value(fen), *writing.ranges.of(fen))
        writing.put(0, writing.emitter.noted(amount))

    return begin


def giving(status: Node) -> "Before":
    """The beginning of a program that gives a status, and does nothing else."""
    return lambda writing: writing.leave_if("true", writing.expressions.value(status))


def refusing(shared: Shared, why: Diagnostic) -> str:
    """The name of a function that refuses every event for one reason."""
    index = shared.facts.refusals.of(why)
    return shared.named(f"({PARAMETERS}) {{\nentry:\n  ret i64 {index}\n}}\n", 0)


class Writing:
    """Writes one program."""

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
        frame = EventFrame(shared.facts, make, self.told, relation, within)
        self.lowering = Lowering(make, shared.facts.codes, shared.facts.refusals, frame)
        self.ranges = Ranges()
        self.expressions = Expressions(self.out, self, self.ranges)
        self.registers: dict[int, Value] = {}
        self.pointers: dict[int, str] = {}
        self.copies: dict[int, str] = {}
        self.posted = ""
        self.postings = 0

    # ── the function ──

    def text(self, before: "Before") -> str:
        """The function's text without its name."""
        self.begin()
        before(self)
        self.block(self.steps)
        for cell, copy in self.copies.items():
            self.emitter.store(self.place(cell_key(cell)), self.emitter.load(copy, 0, 0))
        if self.posted:
            self.emitter.store(self.place("posted"), self.emitter.load(self.posted, 0, 0))
        self.give_back("0")
        head = f"({PARAMETERS}) alwaysinline {{\nentry:"
        return "\n".join([head, *self.out.slots, *self.out.lines, "}", ""])

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
            self.put(index, self.given[index] if index < len(self.given) else number(0))

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

    def cell(self, index: int) -> Value:
        """What a cell holds."""
        pointer = self.copies.get(index) or self.place(cell_key(index))
        return self.emitter.load(pointer, 0, most_of(self.shared.layout.cells[index].kind))

    def column(self, node: fixed.Column) -> str:
        """What a column of an expression holds."""
        if node.key.startswith("told "):
            return self.told[int(node.key[5:])].code
        code = node.key
        if code.startswith("@"):
            code = self.emitter.load(self.place(code[1:]), 0, 0).code
        elif not code.startswith("%"):
            code = self.emitter.load(self.place(HELD[0] + code), 0, 0).code
        return self.emitter.make(f"icmp ne i64 {code}, 0") if node.truth else code

    def present(self, key: str) -> str:
        """Whether a column has a value."""
        held = self.emitter.load(self.place(HELD[1] + key), 0, 0)
        return self.emitter.compare("ne", held, number(0))

    def lowered(self, expr: Expr) -> Lowered:
        """What is lowered of an expression; the event is refused if it has no value."""
        found = lowered(self.lowering, expr)
        self.status(found.status)
        return found

    def expression(self, expr: Expr) -> Value:
        """The numerator of a number."""
        if isinstance(expr, Picked):
            return self.picked(expr.truths, expr.values)
        found = self.lowered(expr)
        below = denominator_of(expr)
        if found.divisor is not None or below % found.denominator:
            raise cannot_lower(expr.written, "a division by what is not known", "除以未知数")
        value = Value(self.expressions.value(found.node), *self.ranges.of(found.node))
        return self.emitter.multiply(value, number(below // found.denominator))

    def picked(self, truths: Sequence[str], values: Sequence[int]) -> Value:
        """The number of the first truth that holds; the last without asking."""
        found = number(values[-1])
        for truth, value in reversed(list(zip(truths, values, strict=True))[:-1]):
            if found.known != value:
                found = self.emitter.choose(truth, number(value), found)
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

    # ── instructions ──

    def block(self, steps: step.Block) -> None:
        """Write instructions one after another."""
        for each in steps:
            _STEPS[type(each)](self, each)

    def let(self, node: step.Let) -> None:
        """Into a register."""
        self.out.comment(node.written or (node.rule.written if node.rule else None))
        self.put(node.register, self.emitter.noted(printed(node.term, self)))

    def accrue(self, node: step.Accrue) -> None:
        """Onto a cell; that its limit bounds it is said by its term."""
        self.add(node.cell, printed(node.term, self))

    def store(self, node: step.Store) -> None:
        """Into a cell."""
        value = printed(node.term, self)
        most = most_of(self.shared.layout.cells[node.cell].kind)
        self.emitter.store(self.copies[node.cell], self.emitter.noted(value, most))

    def add(self, cell: int, value: Value, sign: int = 1) -> None:
        """Add to a cell, or take from it."""
        emitter, kind = self.emitter, self.shared.layout.cells[cell].kind
        held = self.cell(cell)
        if kind in SUMS:
            total = emitter.make(f"add i64 {held.code}, {value.code}")
            emitter.store(self.copies[cell], Value(total, 0, MOST_SUM))
            return
        found = emitter.add(held, value) if sign > 0 else emitter.subtract(held, value)
        emitter.store(self.copies[cell], emitter.noted(found, most_of(kind)))

    def give(self, node: step.Give) -> None:
        """Into a slot of the frame."""
        self.told[node.slot] = printed(node.term, self)

    def post(self, node: step.Post) -> None:
        """Money moves."""
        emitter = self.emitter
        fen = emitter.noted(printed(node.term, self))
        if node.source_cell is not None:
            self.add(node.source_cell, fen, -1)
        if node.target_cell is not None:
            self.add(node.target_cell, fen)
        self.add(node.total, fen)
        if self.shared.templates is not None:
            rules = node.rules if isinstance(node, PostOf) else (node.rule,)
            truths = node.truths if isinstance(node, PostOf) else ("true",)
            made = [Template(node.kind, node.source, node.target, each) for each in rules]
            numbers = [self.shared.template(each) for each in made]
            self.write(self.picked(truths, numbers), fen)

    def write(self, template: Value, fen: Value) -> None:
        """Write a posting; one of nothing is written over by the next."""
        emitter = self.emitter
        at = emitter.load(self.posted, 0, MOST_FEN)
        emitter.put("%p_fen", at.code, fen.code)
        emitter.put("%p_what", at.code, template.code, "i16")
        emitter.put("%p_row", at.code, "%row", "i32")
        moved = emitter.compare("ne", fen, number(0))
        more = Value(emitter.make(f"zext i1 {moved} to i64"), 0, 1)
        emitter.store(self.posted, emitter.add(at, more))
        self.postings += 1

    def refuse(self, node: step.Refuse) -> None:
        """The event is refused."""
        if isinstance(node, RefuseFor):
            self.emitter.store(self.place("said"), printed(node.said, self))
        place = None if node.rule is None else node.rule.written.place
        why = no_value(node.code, place, notes=(), **dict(node.arguments))
        self.refused_if("true", why.diagnostic)

    # ── blocks ──

    def branches(self, conditions: Iterable[str], blocks: Iterable[Callable[[], None]]) -> None:
        """The block of the first condition that holds; the last block has none."""
        out, end = self.out, self.out.label("join")
        before, told, after = dict(self.registers), dict(self.told), []
        *first, last = blocks
        for condition, block in zip(conditions, first, strict=True):
            then, other = out.label("then"), out.label("else")
            out.branch(condition, then, other)
            out.begin(then)
            after.append(self.one(block, before, end))
            out.begin(other)
        after.append(self.one(last, before, end))
        out.begin(end)
        self.told.clear()
        self.told.update(told)
        for index in before:
            self.registers[index] = _joined([each[index] for each in after])

    def one(
        self, block: Callable[[], None], before: dict[int, Value], end: str
    ) -> dict[int, Value]:
        """Write one block; gives what is known of the registers after it."""
        self.registers = dict(before)
        with self.expressions.inside():
            block()
        self.out.line(f"br label %{end}")
        return self.registers

    def when(self, node: step.When) -> None:
        """One block or the other, by a condition."""
        self.out.comment(node.rule.written if node.rule else None)
        self.either(self.condition(node.condition), node.then, node.otherwise)

    def when_positive(self, node: step.WhenPositive) -> None:
        """One block or the other, by a term's sign."""
        value = printed(node.term, self)
        if value.low > 0 or value.high <= 0:
            self.block(node.then if value.low > 0 else node.otherwise)
        elif node.then or node.otherwise:
            condition = self.emitter.compare("sgt", value, number(0))
            self.either(condition, node.then, node.otherwise)

    def either(self, condition: str, then: step.Block, otherwise: step.Block) -> None:
        """One block or the other."""
        self.branches([condition], [lambda: self.block(then), lambda: self.block(otherwise)])

    def choose(self, node: step.Choose) -> None:
        """The one branch that applies; an exception beats the others."""
        exceptions = [each for each in node.branches if each.exception]
        others = [each for each in node.branches if not each.exception]

        def none() -> None:
            if node.none is None:
                notes = [Note(each.rule.written.place, "failed") for each in node.branches]
                why = no_value("YB402", None, notes=notes, **self.about(node)).diagnostic
                self.refused_if("true", why)
            else:
                self.block(node.none)

        self.one_of(node, exceptions, lambda: self.one_of(node, others, none))

    def about(self, node: step.Choose) -> dict[str, Any]:
        """What a refusal to choose is about; its date is filled in where it is shown."""
        return {"figure": kind_words(node.kind), "region": self.plan.region, "date": ""}

    def one_of(
        self, node: step.Choose, branches: list[step.Branch], none: Callable[[], None]
    ) -> None:
        """The one branch that applies; several are refused."""
        if not branches:
            none()
            return
        guards = []
        for branch in branches:
            self.out.comment(branch.rule.written)
            guards.append("true" if branch.guard is None else self.condition(branch.guard))
        if len(branches) > 1 and not all_apart(branches):
            self.refuse_several(node, branches, guards)
        one = merged([each.steps for each in branches], guards) if len(branches) > 1 else None
        if one is None:
            blocks = [partial(self.block, each.steps) for each in branches]
            self.branches(guards, [*blocks, none])
            return
        found = guards[0]
        for each in guards[1:]:
            found = self.emitter.make(f"or i1 {found}, {each}")
        self.branches([found], [partial(self.block, one), none])

    def refuse_several(
        self, node: step.Choose, branches: list[step.Branch], guards: list[str]
    ) -> None:
        """Refuse two that hold at once: the first of them is named, and the one after it."""
        for index, one in enumerate(guards):
            for later in range(index + 1, len(guards)):
                both = self.emitter.make(f"and i1 {one}, {guards[later]}")
                place, other = (branches[at].rule.written.place for at in (index, later))
                about = self.about(node)
                why = no_value("YB403", place, notes=[Note(other, "also")], **about)
                self.refused_if(both, why.diagnostic)


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


def _joined(values: list[Value]) -> Value:
    """What is known of a register after blocks of which one ran."""
    low, high = min(each.low for each in values), max(each.high for each in values)
    return number(low) if low == high else Value("", low, high)


Before = Callable[[Writing], None]
"""Writes what comes before the steps of a program."""

_STEPS: dict[type[step.Instruction], Callable[[Writing, Any], None]] = {
    step.Let: Writing.let,
    step.Accrue: Writing.accrue,
    step.Store: Writing.store,
    step.Give: Writing.give,
    step.Post: Writing.post,
    PostOf: Writing.post,
    step.When: Writing.when,
    step.WhenPositive: Writing.when_positive,
    step.Say: lambda _writing, _node: None,
    step.Refuse: Writing.refuse,
    RefuseFor: Writing.refuse,
    step.Choose: Writing.choose,
}
