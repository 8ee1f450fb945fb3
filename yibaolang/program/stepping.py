"""Running step programs: plainly, or with what was met on the way.

Instructions become closures over a `Run`. The account's cells are changed in the run's own copy, so
an event that is refused leaves the account as it was.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from yibaolang.language.diagnostics import Note
from yibaolang.model.core import Expr
from yibaolang.model.kinds import kind_words
from yibaolang.program import instructions as step
from yibaolang.program.closures import Compiler
from yibaolang.program.frame import TODAY, Frame
from yibaolang.program.needing import every_part
from yibaolang.program.novalue import NoValue, no_value
from yibaolang.program.printing import UNDECIDED, CannotPrint
from yibaolang.program.running import Action, Broken, Met, Posted, Run, Stepping
from yibaolang.program.step import Step
from yibaolang.program.terms import TERMS
from yibaolang.program.trace import Tracer

PAYS_FROM = 500
"""After as many plain runs a program is printed: that costs as much as some hundred runs."""

Reading = Callable[[Run], int]


class StepProgram:
    """A step plan made ready to run. `within` are the days on which it is, both inclusive.

    A program that is run often is printed as Python, which does the same faster.
    """

    def __init__(
        self, plan: step.StepPlan, within: tuple[date | None, date | None] = (None, None)
    ) -> None:
        self.plan = plan
        self.within = within
        self._plain: list[Action] | None = None
        self._explained: list[Action] | None = None
        parts = every_part(*plan.steps)
        self.reads_frame = any(isinstance(each, Expr | step.Choose | step.Give) for each in parts)
        self._until_printed = PAYS_FROM
        self._printed: dict[int, Stepping | None] = {}

    def run(self, cells: list[int], frame: Frame, given: list[int], explained: bool) -> Run:
        """Run on a copy of the cells; NoValue if the event is refused. `given` are registers."""
        if explained:
            return self.interpreted(cells, frame, given, self.explained)
        printed = self._printed.get(len(given))
        if printed is None and self._until_printed > 0:
            self._until_printed -= 1
            if self._until_printed == 0:
                printed = self.fast(len(given))
        if printed is not None:
            try:
                new, posted = printed(cells, frame, given)
            except UNDECIDED:
                pass
            else:
                return Run(new, frame, given, posted)
        return self.interpreted(cells, frame, given, self.plain)

    def interpreted(
        self, cells: list[int], frame: Frame, given: list[int], actions: list[Action]
    ) -> Run:
        """Run the actions on a copy of the cells; NoValue if the event is refused."""
        registers = given + [0] * (self.plan.registers - len(given))
        state = Run(cells.copy(), frame, registers, [])
        for action in actions:
            action(state)
        return state

    def fast(self, given: int) -> Stepping | None:
        """The program as a Python function, for as many registers given; None if it has none.

        Once this was asked for, plain runs use it: do so for a program that will run often.
        """
        if given not in self._printed:
            from yibaolang.program.python_steps import compile_steps

            try:
                self._printed[given] = compile_steps(self.plan, given, self.within)
            except CannotPrint:
                self._printed[given] = None
        return self._printed[given]

    @property
    def plain(self) -> list[Action]:
        """The actions without reasons."""
        if self._plain is None:
            self._plain = _Maker(self.plan, None).block(self.plan.steps)
        return self._plain

    @property
    def explained(self) -> list[Action]:
        """The actions that keep what they meet."""
        if self._explained is None:
            self._explained = _Maker(self.plan, Tracer()).block(self.plan.steps)
        return self._explained


class _Maker:
    """Makes closures of instructions; with a tracer they keep the steps of expressions."""

    def __init__(self, plan: step.StepPlan, tracer: Tracer | None) -> None:
        self.plan = plan
        self.tracer = tracer
        self.compiler = Compiler() if tracer is None else tracer.compiler

    def block(self, steps: step.Block) -> list[Action]:
        told = self.tracer is not None
        return [
            _ACTIONS[type(each)](self, each)
            for each in steps
            if told or not isinstance(each, step.Say)
        ]

    def term(self, term: step.Term) -> Reading:
        return TERMS[type(term)](self, term)

    def value(self, expr: Expr) -> Callable[[Run], Any]:
        """An expression's value, over its denominator; NoValue is raised."""
        if self.tracer is None:
            closure = self.compiler.closure(expr)
            return lambda run: closure(run.frame)
        traced = self.tracer.traced(expr)

        def value(run: Run) -> Any:
            found = traced(run.frame)
            run.steps.append(found)
            if isinstance(found.value, NoValue):
                raise found.value.again()
            return found.value

        return value

    def keep(self, run: Run, instruction: step.Instruction, value: Any, **more: Any) -> None:
        """Keep what an instruction met, with the steps since the last one."""
        if self.tracer is not None:
            run.met.append(Met(instruction, value, tuple(run.steps), **more))
            run.steps.clear()


# ── instructions ──


def _let(maker: _Maker, node: step.Let) -> Action:
    register, term = node.register, maker.term(node.term)
    if maker.tracer is None or not node.label:

        def let(run: Run) -> None:
            run.registers[register] = term(run)

        return let
    used = None if node.used is None else maker.term(node.used)
    limit = None if node.limit is None else maker.term(node.limit)

    def let_and_keep(run: Run) -> None:
        before = 0 if used is None else used(run)
        value = run.registers[register] = term(run)
        run_steps = tuple(run.steps)
        most = None if limit is None else limit(run)
        run.steps[:] = run_steps
        maker.keep(run, node, value, used=before, limit=most)

    return let_and_keep


def _accrue(maker: _Maker, node: step.Accrue) -> Action:
    cell, term = node.cell, maker.term(node.term)
    limit = None if node.limit is None else maker.term(node.limit)

    def accrue(run: Run) -> None:
        added = term(run)
        used = run.cells[cell] = run.cells[cell] + added
        if limit is not None and added > 0 and used > limit(run):
            raise Broken(3, f"a counter holds {used} fen, more than its limit")

    return accrue


def _store(maker: _Maker, node: step.Store) -> Action:
    cell, term = node.cell, maker.term(node.term)

    def store(run: Run) -> None:
        run.cells[cell] = term(run)

    return store


def _give(maker: _Maker, node: step.Give) -> Action:
    slot, term = node.slot, maker.term(node.term)

    def give(run: Run) -> None:
        run.frame[slot] = term(run)

    return give


def _post(maker: _Maker, node: step.Post) -> Action:
    term = maker.term(node.term)
    kind, source, target, total = node.kind, node.source, node.target, node.total
    source_cell, target_cell, rule = node.source_cell, node.target_cell, node.rule

    def post(run: Run) -> None:
        fen = term(run)
        if fen == 0:
            return
        cells = run.cells
        if source_cell is not None:
            cells[source_cell] -= fen
        if target_cell is not None:
            cells[target_cell] += fen
        cells[total] += fen
        run.posted.append(Posted(kind, source, target, fen, rule))
        maker.keep(run, node, fen)

    return post


def _when(maker: _Maker, node: step.When) -> Action:
    condition = maker.value(node.condition)
    then, otherwise = maker.block(node.then), maker.block(node.otherwise)

    def when(run: Run) -> None:
        holds = condition(run)
        maker.keep(run, node, holds)
        for action in then if holds else otherwise:
            action(run)

    return when


def _when_positive(maker: _Maker, node: step.WhenPositive) -> Action:
    term = maker.term(node.term)
    then, otherwise = maker.block(node.then), maker.block(node.otherwise)

    def when(run: Run) -> None:
        for action in then if term(run) > 0 else otherwise:
            action(run)

    return when


def _say(maker: _Maker, node: step.Say) -> Action:
    return lambda run: maker.keep(run, node, None)


def _refuse(_maker: _Maker, node: step.Refuse) -> Action:
    place = None if node.rule is None else node.rule.written.place
    arguments = dict(node.arguments)

    def refuse(_run: Run) -> None:
        raise no_value(node.code, place, notes=(), **arguments)

    return refuse


def _choose(maker: _Maker, node: step.Choose) -> Action:
    guards = [None if each.guard is None else maker.value(each.guard) for each in node.branches]
    blocks = [maker.block(each.steps) for each in node.branches]
    none = None if node.none is None else maker.block(node.none)
    exceptions = [index for index, each in enumerate(node.branches) if each.exception]
    others = [index for index, each in enumerate(node.branches) if not each.exception]

    def choose(run: Run) -> None:
        failed: list[tuple[step.Branch, Step | None]] = []
        for group in (exceptions, others):
            holding = []
            for index in group:
                guard = guards[index]
                run.steps.clear()
                if guard is None or guard(run):
                    holding.append((index, tuple(run.steps)))
                else:
                    failed.append((node.branches[index], run.steps[-1] if run.steps else None))
            if len(holding) > 1:
                raise _several(maker.plan, node, [node.branches[each] for each, _ in holding], run)
            if holding:
                index, steps = holding[0]
                run.steps[:] = steps
                maker.keep(run, node, node.branches[index], failed=tuple(failed))
                for action in blocks[index]:
                    action(run)
                return
        if none is None:
            raise _none(maker.plan, node, failed, run)
        run.steps.clear()
        maker.keep(run, node, None, failed=tuple(failed))
        for action in none:
            action(run)

    return choose


def _several(
    plan: step.StepPlan, node: step.Choose, branches: list[step.Branch], run: Run
) -> NoValue:
    first, *others = [each.rule.written.place for each in branches]
    notes = [Note(place, "also") for place in others]
    return no_value("YB403", first, notes=notes, **_about(plan, node, run))


def _none(
    plan: step.StepPlan,
    node: step.Choose,
    failed: list[tuple[step.Branch, Step | None]],
    run: Run,
) -> NoValue:
    notes = [Note(branch.rule.written.place, "failed") for branch, _ in failed]
    return no_value("YB402", None, notes=notes, **_about(plan, node, run))


def _about(plan: step.StepPlan, node: step.Choose, run: Run) -> dict[str, Any]:
    today = run.frame[TODAY]
    shown = "" if today is None else today.isoformat()
    return {"figure": kind_words(node.kind), "region": plan.region, "date": shown}


_ACTIONS: dict[type[step.Instruction], Callable[[_Maker, Any], Action]] = {
    step.Let: _let,
    step.Accrue: _accrue,
    step.Store: _store,
    step.Give: _give,
    step.Post: _post,
    step.When: _when,
    step.WhenPositive: _when_positive,
    step.Say: _say,
    step.Refuse: _refuse,
    step.Choose: _choose,
}
