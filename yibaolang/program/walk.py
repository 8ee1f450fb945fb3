"""Going through the nodes of the core."""

from collections.abc import Iterable, Iterator

from yibaolang.model.core import (
    AsOf,
    CountOf,
    Defined,
    Expr,
    FactOf,
    LookupRow,
    Published,
    Row,
    StartOf,
    Tier,
)
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


def bottom_up(root: Expr) -> list[Expr]:
    """Every expression inside, each after all that it needs on its own day, the root last.

    What is inside a value on another date is left out, but not that date.
    """
    found: list[Expr] = []
    seen: set[_Part] = set()
    waiting: list[tuple[_Part, bool]] = [(root, False)]
    while waiting:
        node, ready = waiting.pop()
        if ready:
            found += [node] if isinstance(node, Expr) else []
        elif node not in seen:
            seen.add(node)
            waiting.append((node, True))
            inner = (node.date,) if isinstance(node, AsOf) else parts(node)
            waiting.extend((each, False) for each in inner)
    return found


def slot_names(roots: Iterable[Expr]) -> tuple[str, ...]:
    """The names of the slots from FIRST on that the roots use; "" for a slot that none uses."""
    names: dict[int, str] = {}
    for node in walk(*roots):
        if isinstance(node, FactOf | Published | Defined | StartOf | CountOf):
            names[node.slot] = node.name
    return tuple(names.get(slot, "") for slot in range(FIRST, max(names, default=FIRST - 1) + 1))
