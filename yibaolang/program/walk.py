"""Going through the nodes of the core."""

from collections.abc import Iterable, Iterator

from yibaolang.model.core import Defined, Expr, FactOf, LookupRow, Published, Row, StartOf, Tier
from yibaolang.program.frame import FIRST

_Part = Expr | LookupRow | Tier | Row


def parts(node: object) -> Iterator[_Part]:
    """The nodes directly inside a node, in the order of its fields."""
    for name in getattr(type(node), "__match_args__", ()):
        value = getattr(node, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, _Part):
                yield each


def walk(*roots: Expr) -> Iterator[Expr]:
    """Every expression inside the roots, once each, the roots too."""
    waiting: list[_Part] = list(reversed(roots))
    seen: set[_Part] = set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Expr):
            yield node
        waiting.extend(parts(node))


def slot_names(roots: Iterable[Expr]) -> tuple[str, ...]:
    """The names of the slots from FIRST on that the roots use; "" for a slot that none uses."""
    names: dict[int, str] = {}
    for node in walk(*roots):
        if isinstance(node, FactOf | Published | Defined | StartOf):
            names[node.slot] = node.name
    return tuple(names.get(slot, "") for slot in range(FIRST, max(names, default=FIRST - 1) + 1))
