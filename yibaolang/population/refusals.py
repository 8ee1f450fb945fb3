"""Refusals of many people: how many by code, the first account of each; those of rules alone."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from attrs import field, frozen

from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Diagnostic, Refusal
from yibaolang.model.entries import BASE
from yibaolang.population.asking import Planned, question
from yibaolang.population.columns import load_arrow
from yibaolang.population.questions import SUMS, Asks


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


def rule_faults(
    rules: RuleBook, asks: Sequence[Asks], codes: Collection[str]
) -> list[Diagnostic]:
    """What is wrong with the rules of questions themselves, whoever is asked, if of such a code.

    The same code may stand for a cell of a person: a name that nobody knows, a date there is not.

    >>> from yibaolang.engine.asked import moment_of
    >>> from yibaolang.engine.rulebook import read
    >>> asks = Asks("credit", moment_of("2024-06"))
    >>> [each.code for each in rule_faults(read("credit 2% of pensoin"), [asks], {"YB101"})]
    ['YB101']
    """
    found: dict[tuple[str, str], Diagnostic] = {}
    for region in (BASE, *rules.book.regions) if codes else ():
        asking = Planned.of(rules.book, region, rules.uses)
        for each in asks:
            for why in _faults(asking, each):
                if why.code in codes:
                    found.setdefault((why.code, str(why.place)), why)
    return list(found.values())


def _faults(asking: Planned, asks: Asks) -> Iterator[Diagnostic]:
    figure = asks.figure
    for day in asks.days:
        try:
            if figure in SUMS or figure.startswith("wait "):
                for part in SUMS.get(figure, (figure,)):
                    asking.plan_on(part, day)
            else:
                asking.plans.definition(figure, question(figure), day)
        except Refusal as refusal:
            yield from refusal.diagnostics
