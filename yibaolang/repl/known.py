"""What every key stroke needs to know of a session, found once for each state of it."""

from collections.abc import Callable
from typing import Any

from attrs import frozen

from yibaolang.language.diagnostics import Refusal
from yibaolang.session.session import Session


@frozen(eq=False)
class Bar:
    """What the toolbar tells of a state, in its language; "" for what is not set."""

    region: str
    date: str
    person: str
    uses: tuple[str, ...]


class Known:
    """Names and words of a session as it is now."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._state: object = None
        self._found: dict[str, Any] = {}

    @property
    def names(self) -> frozenset[str]:
        """Every name that is declared, in all scripts; the same object while nothing changes."""
        found: frozenset[str] = self._once("names", self._names)
        return found

    @property
    def bar(self) -> Bar:
        """What the toolbar tells."""
        found: Bar = self._once("bar", self._bar)
        return found

    def _once(self, key: str, find: Callable[[], Any]) -> Any:
        if self._state is not self.session.state:
            self._state = self.session.state
            self._found = {}
        if key not in self._found:
            self._found[key] = find()
        return self._found[key]

    def _names(self) -> frozenset[str]:
        session, book = self.session, self.session.rules.book
        return session.names.union(book.names, book.region_names, book.persons)

    def _bar(self) -> Bar:
        session, words = self.session, self.session.words
        try:
            place = session.place
        except Refusal:
            place = session.region
        versions = session.rules.uses.items()
        return Bar(
            words.region(place),
            str(session.context.asked),
            session.context.person,
            tuple(f"{words.region(region)} {' '.join(names)}" for region, names in versions),
        )
