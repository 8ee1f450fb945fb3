"""Instructions as Python: one function from cells, a frame and what is given to new cells.

Registers are local variables. Cells are changed in a copy of the list; one that is read has a name,
too, and what is stored goes to both. What the code cannot decide raises Undecided.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

from yibaolang.model.core import Written
from yibaolang.program import instructions as step
from yibaolang.program.conditions import never_both
from yibaolang.program.print_frame import keep_slot
from yibaolang.program.print_terms import Terms
from yibaolang.program.printing import Piece, Scope, Writer, printed

_DEEPEST = 40
_LONGEST_CHAIN = 12

Body = Callable[[Scope], None]
"""What writes the lines of a block in its scope."""


class Printer:
    """Writes the instructions of one program; `names` are the local variables of its registers.

    RecursionError for choices that are too deep in each other.
    """

    def __init__(self, writer: Writer, names: list[str]) -> None:
        self.writer = writer
        self.terms = Terms(writer, names)
        self.names = names
        self.said: tuple[int, tuple[int, int]] | None = None

    def block(self, steps: step.Block, scope: Scope) -> None:
        """Write instructions one after another."""
        for each in steps:
            _STEPS[type(each)](self, each, scope)

    def inside(self, head: str, body: Body, scope: Scope, about: Written | None = None) -> bool:
        """Write a head and a body under it; False if there is nothing in it but comments."""
        writer, said = self.writer, self.said
        if writer.indent >= _DEEPEST:
            raise RecursionError
        writer.line(head)
        writer.indent += 1
        mark = len(writer.lines)
        self.comment(about)
        body(scope.inner())
        empty = all(line.lstrip().startswith("#") for line in writer.lines[mark:])
        if empty:
            writer.line("pass")
        writer.indent -= 1
        self.said = said
        return not empty

    def otherwise(self, body: Body, scope: Scope) -> None:
        """Write a body under else, if there is anything in it."""
        mark = len(self.writer.lines)
        if not self.inside("else:", body, scope):
            del self.writer.lines[mark:]

    def comment(self, written: Written | None) -> None:
        """The sentence that the next lines come from, unless it was just said."""
        if written is None:
            return
        sentence = id(written.source), written.node.span
        if sentence != self.said:
            self.said = sentence
            self.writer.comment(written)

    # ── registers, cells, slots ──

    def let(self, node: step.Let, scope: Scope) -> None:
        self.comment(node.written or (node.rule.written if node.rule else None))
        name = self.names[node.register]
        self.terms.put(node.term, name, scope)

    def accrue(self, node: step.Accrue, scope: Scope) -> None:
        added = self.terms.named(node.term, scope)
        if node.limit is None:
            self.terms.add(node.cell, "+", added.code, scope)
            return
        limit = self.terms.named(node.limit, scope)
        held = self.terms.cell(node.cell, scope)
        self.writer.line(f"{held.code} = new[{node.cell}] = {held.code} + {added.code}")
        test = f"{held.code} > {limit.code} and {added.code} > 0"
        self.writer.line(f"if {test}: raise Undecided")

    def store(self, node: step.Store, scope: Scope) -> None:
        self.terms.store(node.cell, self.terms.piece(node.term, scope).code, scope)

    def give(self, node: step.Give, scope: Scope) -> None:
        name = f"told_{node.slot}"
        piece = self.terms.piece(node.term, scope)
        self.writer.line(f"{name} = frame[{node.slot}] = {piece.code}")
        keep_slot(node.slot, name, scope)

    def post(self, node: step.Post, scope: Scope) -> None:
        self.comment(None if node.rule is None else node.rule.written)
        fen = self.terms.named(node.term, scope)
        if fen.value is None:
            self.inside(f"if {fen.code}:", lambda inner: self.posted(node, fen, inner), scope)
        elif fen.value != 0:
            self.posted(node, fen, scope)

    def posted(self, node: step.Post, fen: Piece, scope: Scope) -> None:
        """What a posting that is not zero changes."""
        for cell, sign in ((node.source_cell, "-"), (node.target_cell, "+"), (node.total, "+")):
            if cell is not None:
                self.terms.add(cell, sign, fen.code, scope)
        rule = "None" if node.rule is None else self.writer.helper("rule", node.rule)
        names = f"{node.kind!a}, {node.source!a}, {node.target!a}"
        self.writer.line(f"posted.append(made(Posted, ({names}, {fen.code}, {rule})))")

    # ── choices ──

    def when(self, node: step.When, scope: Scope) -> None:
        about = None if node.rule is None else node.rule.written
        condition = printed(node.condition, scope)
        if condition.value is None:
            self.either(condition, node.then, node.otherwise, scope, about)
        else:
            self.comment(about)
            self.block(node.then if condition.value else node.otherwise, scope)

    def when_positive(self, node: step.WhenPositive, scope: Scope) -> None:
        piece = self.terms.piece(node.term, scope)
        self.either(Piece(f"{piece.operand} > 0"), node.then, node.otherwise, scope, None)

    def either(
        self, condition: Piece, then: step.Block, otherwise: step.Block, scope: Scope,
        about: Written | None,
    ) -> None:  # fmt: skip
        """Write one block or the other on a condition."""
        head = f"if {condition.code}:"
        if otherwise and not then:
            head, then, otherwise = f"if not {condition.operand}:", otherwise, ()
        self.inside(head, self.body(then), scope, about)
        self.otherwise(self.body(otherwise), scope)

    def refuse(self, _node: step.Refuse, _scope: Scope) -> None:
        self.undecided()

    def undecided(self) -> None:
        """Leave it to the interpreter."""
        self.writer.line("raise Undecided")

    def choose(self, node: step.Choose, scope: Scope) -> None:
        def none(inner: Scope) -> None:
            if node.none is None:
                self.undecided()
            else:
                self.block(node.none, inner)

        exceptions = [each for each in node.branches if each.exception]
        others = [each for each in node.branches if not each.exception]
        self.one_of(exceptions, lambda inner: self.one_of(others, none, inner), scope)

    def one_of(self, branches: Sequence[step.Branch], none: Body, scope: Scope) -> None:
        """The one branch that applies, or what there is to do if none does."""
        if not branches:
            none(scope)
        elif len(branches) <= _LONGEST_CHAIN and all_apart(branches):
            self.chain(branches, none, scope)
        else:
            self.counted(branches, none, scope)

    def chain(self, branches: Sequence[step.Branch], none: Body, scope: Scope) -> None:
        """Branches that exclude each other: one is looked at only if those before do not apply."""
        writer, before = self.writer, self.writer.indent
        word = "if"
        for branch in branches:
            mark, asked = len(writer.lines), scope if word == "if" else scope.inner()
            writer.indent += word == "elif"
            guard = self.guard(branch, asked)
            if word == "elif" and len(writer.lines) > mark:
                # What the guard needs is computed in the else of those before it.
                writer.lines.insert(mark, "    " * (writer.indent - 1) + "else:")
                scope, word = asked, "if"
            elif word == "elif":
                writer.indent -= 1
            self.branch(word, guard, branch, scope)
            word = "elif"
        self.otherwise(none, scope)
        writer.indent = before

    def counted(self, branches: Sequence[step.Branch], none: Body, scope: Scope) -> None:
        """Any branches: how many of them apply is counted first."""
        writer = self.writer
        guards = [writer.let("holds", self.guard(each, scope)) for each in branches]
        writer.line(f"if {' + '.join(each.code for each in guards)} > 1: raise Undecided")
        for index, (guard, branch) in enumerate(zip(guards, branches, strict=True)):
            self.branch("elif" if index else "if", guard, branch, scope)
        self.otherwise(none, scope)

    def branch(self, word: str, guard: Piece, branch: step.Branch, scope: Scope) -> None:
        """Write what a branch does if it applies."""
        body = self.body(branch.steps)
        self.inside(f"{word} {guard.code}:", body, scope, branch.rule.written)

    def body(self, steps: step.Block) -> Body:
        """The writing of a block."""
        return lambda scope: self.block(steps, scope)

    def guard(self, branch: step.Branch, scope: Scope) -> Piece:
        """Whether a branch applies."""
        guard = branch.guard
        return Piece("True", True, True, True) if guard is None else printed(guard, scope)


def all_apart(branches: Sequence[step.Branch]) -> bool:
    """Whether at most one of the branches applies, whatever the facts are."""
    return all(
        one.guard is not None and other.guard is not None and never_both(one.guard, other.guard)
        for one, other in combinations(branches, 2)
    )


_STEPS: dict[type[step.Instruction], Callable[[Printer, Any, Scope], None]] = {
    step.Let: Printer.let,
    step.Accrue: Printer.accrue,
    step.Store: Printer.store,
    step.Give: Printer.give,
    step.Post: Printer.post,
    step.When: Printer.when,
    step.WhenPositive: Printer.when_positive,
    step.Refuse: Printer.refuse,
    step.Choose: Printer.choose,
}
