"""What a row of people says of a person, and what is wrong with a row that says nothing.

Kernels and the reference engine give a code for a row that cannot be read; here it is read once
more, for the sentence and the place, and for the reasons of a figure.
"""

from collections.abc import Callable, Container, Mapping, Sequence

from yibaolang.engine.cells import Misfit
from yibaolang.engine.given import Known, Lived, known
from yibaolang.engine.records import Record
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Diagnostic
from yibaolang.model.entries import BASE
from yibaolang.population.columns import OWN, Named, columns_named, fen_as_yuan, place_of
from yibaolang.population.persons import Cells
from yibaolang.program.frame import DatedFact, Facts, Scenario

OF_RULES = frozenset({
    "YB301", "YB401", "YB402", "YB403", "YB404", "YB405", "YB410", "YB411", "YB415", "YB420",
    "YB421", "YB483",
})  # fmt: skip
"""Codes with which rules refuse, and no cell does."""


Reads = Callable[[str, str], Container[str]]


class Reader:
    """Reads rows as persons; `home` is the place of those whose row names none.

    `reads` gives the facts that are read of a person of a place; without it all are.
    """

    def __init__(
        self, rules: RuleBook, home: tuple[str, str] = (BASE, ""), reads: Reads | None = None
    ) -> None:
        self.rules = rules
        self.home = home
        self._reads = reads
        self._cells = Cells(rules.book)
        self._nothing = known(rules.book, ())
        self._named: dict[tuple[str, ...], Mapping[str, Named]] = {}

    def named(self, names: Sequence[str]) -> Mapping[str, Named]:
        """The columns of a row by their names in it; Refusal YB460 or YB464."""
        key = tuple(names)
        found = self._named.get(key)
        if found is None:
            columns = columns_named(key, self.rules.book)
            found = self._named[key] = {each.name: each for each in columns}
        return found

    def cells(self, cells: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Named]]:
        """Cells by canonical names, and what their columns are."""
        named = self.named(tuple(cells))
        by_key = {named[name].key: text for name, text in cells.items()}
        return by_key, {each.key: each for each in named.values()}

    def person(self, cells: Mapping[str, str]) -> tuple[Known, str, str]:
        """What is known of a person, and the region and version; Misfit.

        >>> from yibaolang.engine.rulebook import read
        >>> facts, _, _ = Reader(read("")).person({"account": "7", "pension_fen": "600000"})
        >>> facts.scenario.facts["pension"][0].value
        600000
        """
        facts: dict[str, Facts] = dict(self._nothing.scenario.facts)
        by_key, named = self.cells(cells)
        region, version = place_of(
            self.rules.book, by_key.get("region", ""), by_key.get("version", "")
        )
        lived = (Lived(region, version, None, None),) if region else ()
        place = (region, version) if region else self.home
        reads = by_key if self._reads is None else self._reads(*place)
        for key, text in by_key.items():
            if key in OWN or key not in reads or not text:
                continue
            column = named[key]
            read = fen_as_yuan(text, column.name) if column.fen else text
            facts[key] = (DatedFact(self._cells.value(key, read)),)
        return Known(Scenario(facts), lived, frozenset(), {}), *place

    def problem(self, record: Record) -> Diagnostic | None:
        """What is wrong with a row, with its place; None if it can be read."""
        try:
            self.person(record.cells)
        except Misfit as misfit:
            return misfit.at(record.place(misfit.column, misfit.within))
        return None
