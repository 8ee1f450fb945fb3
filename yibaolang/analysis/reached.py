"""Going through the core without the published values, of which there may be thousands."""

from collections.abc import Iterator

from yibaolang.model.core import Expr, LookupRow, Published
from yibaolang.program.walk import parts


def reached(*roots: Expr) -> Iterator[Expr]:
    """Every expression inside the roots, once each, the roots too."""
    waiting: list[Expr | LookupRow] = list(reversed(roots))
    seen: set[Expr | LookupRow] = set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Expr):
            yield node
        if not isinstance(node, Published):
            waiting += [each for each in parts(node) if isinstance(each, Expr | LookupRow)]
