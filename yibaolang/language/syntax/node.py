"""What every syntax node has: a span, and a comparison that does not look at it.

The comparison and the representation are written once here and not generated for each of some
seventy classes: generating them takes half of the module's import time.
"""

from collections.abc import Iterator
from typing import TypeVar, dataclass_transform

from attrs import define, field

from yibaolang.language.source import Span

_Class = TypeVar("_Class", bound=type)


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def node(cls: _Class) -> _Class:
    """A frozen attrs class with slots that compares and prints as `Node` says."""
    return define(cls, frozen=True, repr=False, eq=False)


@node
class Node:
    """Anything with a place in the text: `span` holds offsets of the document's source.

    Two nodes are equal if they say the same, wherever they stand.
    """

    span: Span

    def parts(self) -> Iterator[tuple[str, object]]:
        """The node's fields but its span, by name."""
        for name in type(self).__match_args__:
            if name != "span":
                yield name, getattr(self, name)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(value == getattr(other, name) for name, value in self.parts())

    def __hash__(self) -> int:
        return hash((type(self), *(value for _, value in self.parts())))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.parts())
        return f"{type(self).__name__}({shown})"
