"""Refusals of many people: how many by code, and the first account of each code."""

from typing import Any

from attrs import field, frozen

from yibaolang.population.columns import load_arrow


@frozen(eq=False)
class Refusals:
    """Counts refusals, person by person or batch by batch.

    >>> found = Refusals()
    >>> for account, code in (("7", "YB402"), ("8", ""), ("9", "YB402")):
    ...     found.add(code, account)
    >>> found.counts, found.first
    ({'YB402': 2}, {'YB402': '7'})
    """

    counts: dict[str, int] = field(factory=dict)
    first: dict[str, str] = field(factory=dict)

    def add(self, code: str, account: str) -> None:
        """One answer: the code of its refusal, "" if it is none."""
        if code:
            self.counts[code] = self.counts.get(code, 0) + 1
            self.first.setdefault(code, account)

    def add_batch(self, codes: Any, accounts: Any) -> None:
        """The codes of a batch, null where nothing is refused, and the accounts of its rows."""
        if codes.null_count == len(codes):
            return
        arrow = load_arrow()
        for each in arrow.compute.value_counts(codes).to_pylist():
            code, count = each["values"], each["counts"]
            if code is None:
                continue
            self.counts[code] = self.counts.get(code, 0) + count
            if code not in self.first:
                at = arrow.compute.index(codes.cast(arrow.string()), code).as_py()
                self.first[code] = str(accounts[at].as_py())
