"""The guards of arms as questions asked one after another, where they exclude one another.

Without this every guard is evaluated, to be sure that just one holds. Where the form of the guards
proves that no two can hold, the first answer decides which remain; and if a question has no
answer, the caller falls back to evaluating every guard.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from yibaolang.model.core import Expr
from yibaolang.program.conditions import complement, conjuncts, exclusive, key


class Question(NamedTuple):
    """A condition, and what follows if it holds and if it does not."""

    condition: Expr
    holds: "Questions"
    fails: "Questions"


Questions = Question | int | None
"""The next question, the index of the arm that applies, or None: no arm applies."""

_Arms = list[tuple[int, list[Expr]]]
_DEEPEST = 200


class Overlap(Exception):
    """The form of the guards does not prove that only one holds."""


def questions(guards: Sequence[Expr | None]) -> Questions:
    """The questions that find the one guard that holds; raises Overlap if they cannot be found."""
    return _ask([(index, conjuncts(guard)) for index, guard in enumerate(guards)], 0)


def _ask(arms: _Arms, depth: int) -> Questions:
    if not arms:
        return None
    if any(not conditions for _, conditions in arms):
        if len(arms) > 1:
            raise Overlap
        return arms[0][0]
    if depth > _DEEPEST:
        raise Overlap
    for condition in arms[0][1]:
        parted = _part(arms, condition)
        if parted is not None:
            holds, fails = parted
            return Question(condition, _ask(holds, depth + 1), _ask(fails, depth + 1))
    raise Overlap


def _part(arms: _Arms, condition: Expr) -> tuple[_Arms, _Arms] | None:
    """The arms that remain if a condition holds and if it fails; None if some are in both."""
    holds: _Arms = []
    fails: _Arms = []
    about = key(condition)
    for index, conditions in arms:
        keys: list[Hashable] = [key(each) for each in conditions]
        if about in keys:
            holds.append((index, [e for e, k in zip(conditions, keys, strict=True) if k != about]))
        elif any(exclusive(condition, each) for each in conditions):
            left = [each for each in conditions if not complement(condition, each)]
            fails.append((index, left))
        else:
            return None
    return holds, fails
