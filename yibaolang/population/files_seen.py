"""Which accounts of a file of events there were, and the people of those that come next."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.population.ledger_arrays import column_of, numbers

_NEAR = 4
"""Among so many people for each account of a part its holder is looked for first."""


class Seen:
    """Which accounts there were: of people a byte each, of others their names."""

    def __init__(self, people: Any | None) -> None:
        self.people = people
        if people is not None:
            self.accounts = _accounts(people)
            self.flags = np.zeros(len(self.accounts), np.bool_)
        self.reached = 0
        self.others: set[str] = set()

    def holders(self, events: Any) -> Any | None:
        """The people of new accounts, if there are any; Refusal YB475 for one that was there."""
        names = pc.unique(_accounts(events))
        if self.people is None:
            self._others(names.to_pylist())
            return None
        at = self._places(names)
        self._others(names.filter(pc.is_null(at)).to_pylist())
        places = numbers(at.drop_null())
        again = places[self.flags[places]]
        if len(again):
            self._came_back(self.accounts[int(again[0])].as_py())
        self.flags[places] = True
        if len(places):
            self.reached = int(places.max()) + 1
        return self.people.take(column_of(np.sort(places), at.type))

    def _places(self, names: Any) -> Any:
        """Where accounts are among the people; null for one that is not."""
        # Most files have both in the same order: then those that come next are near.
        near = self.accounts.slice(self.reached, _NEAR * len(names))
        at = pc.add(pc.index_in(names, value_set=near), pa.scalar(self.reached))
        missing = pc.is_null(at)
        if not pc.any(missing).as_py():
            return at
        others = pc.index_in(names.filter(missing), value_set=self.accounts)
        return pc.replace_with_mask(at, missing, others.cast(at.type))

    def rest(self) -> Any | None:
        """The people without events; None if there are none."""
        if self.people is None:
            return None
        missing = np.flatnonzero(~self.flags)
        return self.people.take(column_of(missing, pa.int64())) if len(missing) else None

    def _others(self, names: list[str | None]) -> None:
        for each in names:
            if each in self.others:
                self._came_back(each or "")
            self.others.add(each or "")

    def _came_back(self, account: str) -> None:
        raise Refusal(diagnostic("YB475", None, account=account))


def _accounts(table: Any) -> Any:
    return table.column("account").combine_chunks().cast(pa.string())
