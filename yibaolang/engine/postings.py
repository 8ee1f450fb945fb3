"""Postings: money that moves from one account to another, and the state that they change."""

from datetime import date
from typing import NamedTuple

from attrs import define, frozen

from yibaolang.engine.events import Event
from yibaolang.engine.scheduled import Due
from yibaolang.language.diagnostics import Diagnostic
from yibaolang.model.arms import RuleInForce
from yibaolang.program.layout import Layout
from yibaolang.program.running import Met, Posted

FUND, CASH, RECEIVABLE, OPENING = "fund", "cash", "receivable", "opening"


class Posting(NamedTuple):
    """Double-entry: `fen` from `source` to `target`, which are buckets or accounts outside.

    `event` is the id of the event, or what time brought (credit, deduct, carry, interest). The
    posting counts from `effective` and was entered on `booked`. `rule` says so; None for an event
    that no rule decides.
    """

    event: str
    effective: date
    booked: date
    kind: str
    source: str
    target: str
    fen: int
    rule: RuleInForce | None


@frozen(eq=False)
class Settlement:
    """What came of one event, or of what time brought on a day.

    `refused` says why nothing did; then the account is as it was before. `met` is what the program
    met on its way, if it was run with reasons.
    """

    day: date
    booked: date
    kind: str
    id: str
    event: Event | None
    due: Due | None
    postings: tuple[Posting, ...]
    refused: Diagnostic | None
    met: tuple[Met, ...]

    def moved(self, kind: str, source: str = "") -> int:
        """The fen that postings of a kind moved, from a source if one is named."""
        return sum(
            each.fen for each in self.postings if each.kind == kind and source in ("", each.source)
        )


@define(eq=False)
class Till:
    """Cells that postings change, and what was posted. An event has a till of its own."""

    layout: Layout
    cells: list[int]
    posted: list[Posted]

    def move(
        self, kind: str, source: str, target: str, fen: int, rule: RuleInForce | None = None
    ) -> None:
        """Move fen; buckets hold money, and the receivable is what the holder owes."""
        if fen == 0:
            return
        for account, sign in ((source, -1), (target, 1)):
            if account == RECEIVABLE:
                self.cells[self.layout.receivable()] -= sign * fen
            elif self.layout.has_bucket(account):
                self.cells[self.layout.bucket(account)] += sign * fen
        self.cells[self.layout.total(kind)] += fen
        self.posted.append(Posted(kind, source, target, fen, rule))

    def take_back(
        self, kind: str, buckets: tuple[str, ...], fen: int, rule: RuleInForce | None = None
    ) -> None:
        """Take fen out of buckets in order; what they do not hold becomes a receivable."""
        for bucket in buckets:
            taken = min(fen, self.cells[self.layout.bucket(bucket)])
            self.move(kind, bucket, FUND, taken, rule)
            fen -= taken
        self.move(kind, RECEIVABLE, FUND, fen, rule)
