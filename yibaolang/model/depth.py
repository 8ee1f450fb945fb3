"""How deep an expression goes, through the definitions that it uses.

What runs an expression walks it by recursion, so a chain of definitions, each within the limit of
a sentence, must have a limit too.
"""

from yibaolang.model.limits import LIMITS

MOST = 2 * LIMITS.nesting
"""Levels of an expression and all that it is made of: a hundred definitions of a sum each."""


class Depth:
    """The levels from the top of an expression down to where an elaboration is.

    A definition is elaborated once, so its own depth is kept and counted wherever it is used.

    >>> depth = Depth()
    >>> before = depth.open()
    >>> depth.down(), depth.up()
    (True, None)
    >>> depth.close("due", before)
    >>> depth.within("due")
    True
    """

    __slots__ = ("_deepest", "_now", "_own")

    def __init__(self) -> None:
        """At the top."""
        self._now = self._deepest = 0
        self._own: dict[str, int] = {}

    def down(self) -> bool:
        """Go one level down; whether that is still within the limit."""
        self._now += 1
        self._deepest = max(self._deepest, self._now)
        return self._now <= MOST

    def up(self) -> None:
        """Go one level up."""
        self._now -= 1

    def open(self) -> int:
        """Begin a definition; what `close` needs to know."""
        before, self._deepest = self._deepest, self._now
        return before

    def close(self, name: str, before: int) -> None:
        """Keep how deep a definition goes by itself."""
        self._own[name] = self._deepest - self._now
        self._deepest = max(before, self._deepest)

    def within(self, name: str) -> bool:
        """Whether a definition that was elaborated before stays within the limit here."""
        deepest = self._now + self._own[name]
        self._deepest = max(self._deepest, deepest)
        return deepest <= MOST
