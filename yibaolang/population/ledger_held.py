"""The facts of accounts' holders in the rows that a kernel reads, one for each span of days."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from attrs import define, evolve, field, frozen

from yibaolang.engine.cells import Misfit
from yibaolang.model.book import Book
from yibaolang.population.fixed import number_of_day
from yibaolang.population.ledger_arrays import Small, Truths, Whole, one_array, there
from yibaolang.population.ledger_event_facts import fact_number
from yibaolang.population.ledger_facts import FIRST_DAY, NO_START, NOTHING_KNOWN, Holder
from yibaolang.population.ledger_holders import Holders, fact_numbers
from yibaolang.population.ledger_lives import Life, Lives
from yibaolang.population.ledger_shared import HELD
from yibaolang.program.frame import DatedFact, Facts, fact_on, start_of

_ONE_DAY = timedelta(days=1)


def holder(book: Book, holders: Holders | None, lives: Lives) -> Holder:
    """The facts that expressions may read."""
    if holders is None:
        return Holder(book, frozenset(), frozenset(), lives.changing)
    return Holder(book, set(holders.columns), holders.gaps, lives.changing)


@frozen(eq=False)
class Held:
    """The facts of holders: rows of `values`, each a number for each key of the kernel.

    If none changes, there is a row for each account. Else those of an account stand between one of
    `begins` and the next, in the order of the days `since` when they hold.
    """

    values: Whole
    begins: Whole | None = None
    since: Small | None = None


@define(eq=False)
class Holding:
    """Makes the rows of some accounts; `rows` are those of the table of people, in their order.

    `bad` are the accounts whose facts cannot be read.
    """

    holders: Holders | None
    people: Holder
    keys: Sequence[str]
    rows: Whole
    bad: Truths = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.bad = np.zeros(len(self.rows), np.bool_)

    def held(self, lives: Lives, accounts: Whole) -> Held:
        """The facts of accounts, by their numbers."""
        values = np.zeros((len(self.rows), max(1, len(self.keys))), np.int64)
        for at, key in enumerate(self.keys):
            values[:, at] = self.first(key)
        if not lives.of or not self.keys:
            return Held(values)
        return self.later(values, lives, accounts)

    # ── what accounts begin with ──

    def first(self, key: str) -> Whole:
        """What holds for a key before anything changes."""
        word, name = _parts(key)
        if name in self.people.starts:
            _, known = self.told(self.people.starts[name][0])
            return np.where(known, NO_START, NOTHING_KNOWN)
        values, known = self.told(name, defaults=False)
        return known.astype(np.int64) if word == HELD[1] else values

    def told(self, name: str, defaults: bool = True) -> tuple[Whole, Truths]:
        """The numbers of a fact before anything changes, and of whom it is known."""
        count = len(self.rows)
        default = self.people.default(name) if defaults else None
        if self.holders is None or name not in self.holders.columns:
            return np.full(count, default or 0), np.full(count, default is not None)
        column = one_array(self.holders.table.column(name))
        column = column.take(pa.array(self.rows))
        values, wrong = fact_numbers(column, self.people.input(name), self.people)
        self.bad |= wrong
        known = there(column)
        if default is None:
            return values, known
        return np.where(known, values, default), np.ones(count, np.bool_)

    # ── what changes ──

    def later(self, values: Whole, lives: Lives, accounts: Whole) -> Held:
        """The rows of accounts whose facts change, among the others."""
        changed = np.flatnonzero(np.isin(accounts, np.array(list(lives.of), np.int64)))
        counts = np.ones(len(accounts), np.int64)
        counts[changed] = [1 + len(lives.of[each].days) for each in accounts[changed].tolist()]
        begins = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        found = np.repeat(values, counts, axis=0)
        since = np.full(len(found), number_of_day(FIRST_DAY), np.int32)
        before = {name: self.told(name) for name, _ in self.people.starts.values()}
        for at in changed.tolist():
            first, end, life = int(begins[at]), int(begins[at + 1]), lives.of[int(accounts[at])]
            since[first + 1 : end] = [number_of_day(each) for each in life.days]
            own = {name: int(all_[at]) if known[at] else None
                   for name, (all_, known) in before.items()}  # fmt: skip
            try:
                self.fill(found[first:end], life, own)
            except Misfit:
                self.bad[at] = True
        return Held(found, begins, since)

    def fill(self, rows: Whole, life: Life, before: dict[str, int | None]) -> None:
        """Write what changes into the rows of an account."""
        for at, key in enumerate(self.keys):
            word, name = _parts(key)
            if name in self.people.starts:
                name, value = self.people.starts[name]
                if name in life.facts:
                    dated = self.dated(life.facts[name], name, before[name])
                    rows[:, at] = self.starts(dated, name, value, life.days)
                continue
            for row, day in enumerate(life.days, 1):
                fact = fact_on(life.facts.get(name, ()), day)
                if fact is not None:
                    rows[row, at] = 1 if word == HELD[1] else self.number(name, fact.value)

    def dated(self, facts: Facts, name: str, before: int | None) -> Facts:
        """Facts as numbers, with what holds before them."""
        found = [evolve(each, value=self.number(name, each.value)) for each in facts]
        if before is None:
            return tuple(found)
        until = min(each.since for each in found if each.since is not None) - _ONE_DAY
        return DatedFact(before, None, until), *found

    def starts(
        self, facts: Facts, name: str, value: str | bool, days: Sequence[date]
    ) -> list[int]:
        """Since when a fact has had a value, for each row."""
        wanted = self.number(name, value)
        found = [start_of(facts, wanted, day) for day in (days[0] - _ONE_DAY, *days)]
        return [NO_START if each is None else number_of_day(each) for each in found]

    def number(self, name: str, value: object) -> int:
        """A value as the number that programs read; Misfit if there is none."""
        return fact_number(value, self.people.input(name), self.people.codes)


def _parts(key: str) -> tuple[str, str]:
    """The word of a key, one of HELD, and what follows it."""
    word = HELD[1] if key.startswith(HELD[1]) else HELD[0]
    return word, key[len(word) :]
