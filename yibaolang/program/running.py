"""A run of a step program: what it works on, what it posts, and what was met on the way."""

from collections.abc import Callable
from typing import Any, NamedTuple

from yibaolang.model.arms import RuleInForce
from yibaolang.program import instructions as step
from yibaolang.program.frame import Frame
from yibaolang.program.step import Step


class Broken(Exception):
    """An invariant of the semantics does not hold: a fault of the engine, never of the input."""

    def __init__(self, invariant: int, what: str) -> None:
        """From the number of the invariant in the semantics, and what was found."""
        super().__init__(f"invariant {invariant} does not hold: {what}")
        self.invariant = invariant


class Posted(NamedTuple):
    """Money that moved: kind of posting, from where to where, fen, and the rule that says so."""

    kind: str
    source: str
    target: str
    fen: int
    rule: RuleInForce | None


class Met(NamedTuple):
    """An instruction that was run with reasons: what it came to and the steps of its expressions.

    `value` is fen for a Let, a truth for a When, the rule's branch for a Choose, fen for a Post.
    `failed` are the branches that do not apply, each with the step of its guard.
    """

    instruction: step.Instruction
    value: Any
    steps: tuple[Step, ...] = ()
    failed: tuple[tuple[step.Branch, Step | None], ...] = ()
    used: int = 0
    limit: int | None = None


class Run:
    """One run: the cells that it changes, the frame it reads, its registers and what it posts."""

    __slots__ = ("cells", "frame", "met", "posted", "registers", "steps")

    def __init__(
        self, cells: list[int], frame: Frame, registers: list[int], posted: list[Posted]
    ) -> None:
        self.cells = cells
        self.frame = frame
        self.registers = registers
        self.posted = posted
        self.met: list[Met] = []
        self.steps: list[Step] = []


Action = Callable[[Run], None]
Stepping = Callable[[list[int], Frame, list[int]], tuple[list[int], list[Posted]]]
"""A printed program: from cells, a frame and what is given to new cells and what was posted."""
