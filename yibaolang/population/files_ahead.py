"""Reading ahead and writing behind: what waits between threads has its order and its bound."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Generic, TypeVar

MOST_BYTES = 16 << 20
"""So much may wait to be used, or to be written."""

Thing = TypeVar("Thing")


class Ahead(Iterator[Thing], Generic[Thing]):
    """The same things, in the same order; another thread reads them from now on.

    It is ahead by one thing at least, and by as many as fit into `most` bytes by their `size`. What
    reading raises is raised here, in its place.

    >>> list(Ahead(iter([1, 2, 3]), lambda _: 1, 2))
    [1, 2, 3]
    """

    def __init__(
        self, found: Iterator[Thing], size: Callable[[Thing], int], most: int = MOST_BYTES
    ) -> None:
        self._found = found
        self._size = size
        self._most = most
        self._held = 0
        self._reading = self._ended = False
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(1)
        self._waiting: deque[Future[Thing | None]] = deque()
        with self._lock:
            self._go_on()

    def __next__(self) -> Thing:
        if self._ended:
            raise StopIteration
        # Unless it is taken out it is read, or is being read.
        self._ended = True
        found = self._waiting.popleft().result()
        if found is None:
            self.close()
            raise StopIteration
        with self._lock:
            self._held -= self._size(found)
            self._go_on()
        self._ended = False
        return found

    def close(self) -> None:
        """Read no more."""
        self._ended = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _read(self) -> Thing | None:
        found = next(self._found, None)
        with self._lock:
            self._reading = False
            if found is not None:
                self._held += self._size(found)
                self._go_on()
        return found

    def _go_on(self) -> None:
        """Read another thing if none is being read and there is room."""
        if not self._reading and (self._held < self._most or not self._waiting):
            self._reading = True
            self._waiting.append(self._pool.submit(self._read))
