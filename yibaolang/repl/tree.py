"""Reasons as trees whose branches open and close; what a viewer shows, without the screen."""

from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from yibaolang.engine.reasons import Reason

Path = tuple[int, ...]
"""Where a line is: the number of its tree, then of each branch down to it."""


@frozen(eq=False)
class Row:
    """A line that is seen: its place, its reason, and whether it has more below that is shown."""

    path: Path
    reason: Reason
    opened: bool

    @property
    def text(self) -> str:
        """The line with a mark before it: what can be opened, what is open, what has no more."""
        mark = " " if not self.reason.because else "\u25be" if self.opened else "\u25b8"
        (line,) = evolve(self.reason, because=()).lines()
        return f"{'  ' * (len(self.path) - 1)}{mark} {line}"


class Tree:
    """Reasons, of which those down to a depth are open at first; and the line one is on.

    >>> inner = Reason("rule", "b", because=(Reason("note", "c"),))
    >>> tree = Tree([Reason("figure", "a", because=(inner,))], depth=1)
    >>> [row.text for row in tree.rows()]
    ['\u25be a', '  \u25b8 b']
    >>> tree.move(1)
    >>> tree.open()
    >>> [row.text for row in tree.rows()][2]
    '      c'
    """

    def __init__(self, reasons: Sequence[Reason], depth: int) -> None:
        """`depth` 0 opens everything."""
        self.reasons = tuple(reasons)
        self.at: Path = (0,)
        self._opened = {
            path for path, reason in self._all() if reason.because and 0 < len(path) <= depth
        }
        if depth == 0:
            self.open_all()

    # ── what is seen ──

    def rows(self) -> list[Row]:
        """The lines that are seen, from the top."""
        return [
            row
            for number, reason in enumerate(self.reasons)
            for row in self._seen((number,), reason)
        ]

    def _seen(self, path: Path, reason: Reason) -> Iterator[Row]:
        opened = path in self._opened
        yield Row(path, reason, opened)
        if opened:
            for number, each in enumerate(reason.because):
                yield from self._seen((*path, number), each)

    def _all(self) -> Iterator[tuple[Path, Reason]]:
        waiting: list[tuple[Path, Reason]] = [
            ((number,), reason) for number, reason in enumerate(self.reasons)
        ]
        while waiting:
            path, reason = waiting.pop()
            yield path, reason
            waiting += [((*path, number), each) for number, each in enumerate(reason.because)]

    # ── moving, opening, closing ──

    def move(self, rows: int) -> None:
        """Go down by rows, up by fewer than none; not beyond the ends."""
        seen = self.rows()
        here = next(number for number, row in enumerate(seen) if row.path == self.at)
        self.at = seen[min(max(here + rows, 0), len(seen) - 1)].path

    def open(self) -> None:
        """Open the branch one is on; go down into one that is open."""
        row = self._here()
        if row.opened:
            self.at = (*self.at, 0)
        elif row.reason.because:
            self._opened.add(self.at)

    def close(self) -> None:
        """Close the branch one is on; go up from one that is closed."""
        if self.at in self._opened:
            self._opened.discard(self.at)
        elif len(self.at) > 1:
            self.at = self.at[:-1]

    def open_all(self) -> None:
        """Open every branch."""
        self._opened = {path for path, reason in self._all() if reason.because}

    def close_all(self) -> None:
        """Close every branch, and go to the tree that one is in."""
        self._opened.clear()
        self.at = self.at[:1]

    def _here(self) -> Row:
        return next(row for row in self.rows() if row.path == self.at)
