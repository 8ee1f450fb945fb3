"""What is known of truths by their form: what decides, what follows, what is left of two."""

from collections.abc import Sequence

from yibaolang.population.fixed import Compare, Junction, Node, Not, Truth, Whole

_MOST = 24
"""How many operands are compared with one another: their pairs are looked at."""


def joined(every: bool, operands: Sequence[Node]) -> list[Node] | None:
    """The operands that a junction needs; None if two of them, or a constant, decide it.

    A condition and its negation decide it, or two values that one number would have.
    """
    left: list[Node] = []
    for each in operands:
        if isinstance(each, Truth):
            if each.value is not every:
                return None
        elif isinstance(each, Junction) and each.every is every:
            left += [inner for inner in each.operands if inner not in left]
        elif each not in left:
            left.append(each)
    if len(left) > _MOST:
        return left
    if any(decide(every, one, other) for i, one in enumerate(left) for other in left[i + 1 :]):
        return None
    return left if every else _without_halves(left)


def decide(every: bool, one: Node, other: Node) -> bool:
    """Whether two operands decide a junction together."""
    if opposite(one, other):
        return True
    return every and _values(one, other)


def opposite(one: Node, other: Node) -> bool:
    """Whether one is the negation of the other."""
    if isinstance(one, Not) and one.operand is other:
        return True
    return isinstance(other, Not) and other.operand is one


def _values(one: Node, other: Node) -> bool:
    """Whether they say of one number that it is two different constants."""
    return (
        isinstance(one, Compare)
        and isinstance(other, Compare)
        and one.sign == other.sign == "="
        and one.left is other.left
        and isinstance(one.right, Whole)
        and isinstance(other.right, Whole)
        and one.right.value != other.right.value
    )


def _without_halves(operands: list[Node]) -> list[Node]:
    """The same alternatives, those that differ in one negation only put together, if it is one."""
    for index, one in enumerate(operands):
        for other in operands[index + 1 :]:
            parted = parts_of_one(one, other)
            if parted is not None and len(parted[0]) == 1:
                rest = [each for each in operands if each is not one and each is not other]
                (shared,) = parted[0]
                return _without_halves([*rest, *([] if shared in rest else [shared])])
    return operands


def parts_of_one(one: Node, other: Node) -> tuple[list[Node], Node] | None:
    """What two conditions share, and what the one has of which the other has the negation.

    None for conditions that are not made so.
    """
    first, second = conjuncts(one), conjuncts(other)
    if len(first) != len(second) or len(first) < 2:
        return None
    shared = [each for each in first if each in second]
    if len(shared) != len(first) - 1:
        return None
    (mine,) = (each for each in first if each not in second)
    (its,) = (each for each in second if each not in first)
    return (shared, mine) if opposite(mine, its) else None


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The conditions that must all hold."""
    return node.operands if isinstance(node, Junction) and node.every else (node,)
