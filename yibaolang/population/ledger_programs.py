"""A step program as a function of LLVM, over the state of an account.

The function gets the state, the event and what it says, and gives 0, or why the event is refused.
It works on copies of the cells that it changes; they are kept at its end only, so an event that is
refused leaves the account as it was.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

from yibaolang.language.diagnostics import Diagnostic, Note
from yibaolang.model.kinds import kind_words
from yibaolang.population.ledger_facts import FIRST_DAY, LAST_DAY
from yibaolang.population.ledger_merging import PostOf, merged
from yibaolang.population.ledger_plans import RefuseAs, RefuseFor
from yibaolang.population.ledger_reading import PARAMETERS, Reading, step_key
from yibaolang.population.ledger_shared import (
    SUMS,
    TEMPLATE_BITS,
    Shared,
    Template,
    cell_key,
    most_of,
)
from yibaolang.population.ledger_terms import printed
from yibaolang.population.ledger_text import (
    MOST_FEN,
    MOST_SUM,
    Value,
    number,
)
from yibaolang.program import instructions as step
from yibaolang.program.novalue import no_value
from yibaolang.program.print_steps import all_apart


def function(
    shared: Shared, plan: step.StepPlan, given: tuple[Value, ...] = (), relation: str = "",
    within: tuple[date, date] = (FIRST_DAY, LAST_DAY),
) -> str:  # fmt: skip
    """The function of a plan and its list of templates; Refusal YB480 if it has no native form.

    Rules that say the same in other words have one function, and lists of their own. `given` are
    the first registers; `relation` is whose bill it is; it runs `within` two days.
    """
    writing = Writing(shared, plan, given, relation, within)
    name = shared.named(writing.text(), writing.postings)
    return f"{name} {shared.table(tuple(writing.templates))}"


def refusing(shared: Shared, why: Diagnostic) -> str:
    """A function that refuses every event for one reason."""
    index = shared.facts.refusals.of(why)
    return shared.named(f"({PARAMETERS}) {{\nentry:\n  ret i64 {index}\n}}\n", 0) + " null"


class Writing(Reading):
    """Writes one program."""

    def text(self) -> str:
        """The function's text without its name."""
        self.begin()
        self.block(self.steps)
        for cell, copy in self.copies.items():
            self.emitter.store(self.place(cell_key(cell)), self.emitter.load(copy, 0, 0))
        if self.posted:
            self.emitter.store(self.place("posted"), self.emitter.load(self.posted, 0, 0))
        self.give_back("0")
        head = f"({PARAMETERS}) alwaysinline {{\nentry:"
        return "\n".join([head, *self.out.slots, *self.out.lines, "}", ""])

    # ── instructions ──

    def block(self, steps: step.Block) -> None:
        """Write instructions one after another."""
        for each in steps:
            _STEPS[type(each)](self, each)

    def let(self, node: step.Let) -> None:
        """Into a register."""
        self.out.comment(node.written or (node.rule.written if node.rule else None))
        value, most = printed(node.term, self), self.most_of(node.term)
        if isinstance(node.term, step.Less) and self.is_part(node.term):
            value = value._replace(low=max(0, value.low))
        self.put(node.register, self.emitter.noted(value))
        self.at_most[node.register] = most - {step_key(step.Held(node.register))}

    def accrue(self, node: step.Accrue) -> None:
        """Onto a cell; that its limit bounds it is said by its term."""
        self.add(node.cell, printed(node.term, self))

    def store(self, node: step.Store) -> None:
        """Into a cell."""
        value = printed(node.term, self)
        most = most_of(self.shared.layout.cells[node.cell].kind)
        self.emitter.store(self.copies[node.cell], self.emitter.noted(value, most))
        self.forget(step.InCell(node.cell))

    def add(self, cell: int, value: Value, sign: int = 1, part: bool = False) -> None:
        """Add to a cell, or take from it; `part` says that no more is taken than it holds."""
        emitter, kind = self.emitter, self.shared.layout.cells[cell].kind
        held = self.cell(cell)
        if kind in SUMS:
            total = emitter.make(f"add i64 {held.code}, {value.code}")
            emitter.store(self.copies[cell], Value(total, 0, MOST_SUM))
            return
        found = emitter.add(held, value) if sign > 0 else emitter.subtract(held, value)
        if part:
            found = found._replace(low=max(0, found.low))
        self.forget(step.InCell(cell))
        emitter.store(self.copies[cell], emitter.noted(found, most_of(kind)))

    def give(self, node: step.Give) -> None:
        """Into a slot of the frame."""
        self.told[node.slot] = printed(node.term, self)

    def post(self, node: step.Post) -> None:
        """Money moves."""
        emitter = self.emitter
        fen = emitter.noted(printed(node.term, self))
        if node.source_cell is not None:
            held = step_key(step.InCell(node.source_cell))
            part = isinstance(node.term, step.InCell) or held in self.most_of(node.term)
            self.add(node.source_cell, fen, -1, part)
        if node.target_cell is not None:
            self.add(node.target_cell, fen)
        self.add(node.total, fen)
        if self.shared.templates is not None:
            rules = node.rules if isinstance(node, PostOf) else (node.rule,)
            truths = node.truths if isinstance(node, PostOf) else ("true",)
            made = [Template(node.kind, node.source, node.target, each) for each in rules]
            places = [self.templates.setdefault(each, len(self.templates)) for each in made]
            place = self.picked(truths, places)
            self.write(emitter.element("%templates", place.code, "i32"), fen)

    def write(self, template: str, fen: Value) -> None:
        """Write a posting; one of nothing is written over by the next."""
        emitter = self.emitter
        at = emitter.load(self.posted, 0, MOST_FEN)
        emitter.put("%p_fen", at.code, fen.code)
        row = emitter.make(f"shl i64 %row, {TEMPLATE_BITS}")
        emitter.put("%p_what", at.code, emitter.make(f"or i64 {row}, {template}"))
        moved = emitter.compare("ne", fen, number(0))
        more = Value(emitter.make(f"zext i1 {moved} to i64"), 0, 1)
        emitter.store(self.posted, emitter.add(at, more))
        self.postings += 1

    def refuse(self, node: step.Refuse) -> None:
        """The event is refused."""
        if isinstance(node, RefuseAs):
            self.refused_if("true", node.why)
            return
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
        self.at_most.clear()
        self.told.clear()
        self.told.update(told)
        for index in before:
            self.registers[index] = _joined([each[index] for each in after])

    def one(
        self, block: Callable[[], None], before: dict[int, Value], end: str
    ) -> dict[int, Value]:
        """Write one block; gives what is known of the registers after it."""
        self.registers = dict(before)
        self.at_most.clear()
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


def _joined(values: list[Value]) -> Value:
    """What is known of a register after blocks of which one ran."""
    low, high = min(each.low for each in values), max(each.high for each in values)
    return number(low) if low == high else Value("", low, high)


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
    RefuseAs: Writing.refuse,
    RefuseFor: Writing.refuse,
    step.Choose: Writing.choose,
}
