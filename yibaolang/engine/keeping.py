r"""Accounts that are run one after the other: those of a script, or those of files.

>>> from yibaolang.engine.rulebook import read
>>> text = '''region \u7532
... allow outpatient for self
... draw current, rest to cash
... cover 50% of outpatient
... person \u5f20\u4e09: active, in \u7532
... ledger \u5f20\u4e09 from 2024-01-01
... 2024-01-01 opening current 30\u5143
... 2024-01-09 ^e1 outpatient 40\u5143
... '''
>>> (kept,) = script_accounts(Keeper(read(text)))
>>> kept.name, kept.ledger.balances()
('\u5f20\u4e09', {'current': 1000, 'carried': 0, 'receivable': 0})
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from attrs import evolve, frozen

from yibaolang.engine.account import Account
from yibaolang.engine.books import person_ledger
from yibaolang.engine.event_files import grouped
from yibaolang.engine.events import Event
from yibaolang.engine.files import AnyPath
from yibaolang.engine.given import known
from yibaolang.engine.ledger import Ledgers
from yibaolang.engine.ledger_rows import Kept
from yibaolang.engine.measures import Measuring, programs_of
from yibaolang.engine.people_files import PersonRow, read_people
from yibaolang.engine.rejects import Rejects
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal, diagnostic
from yibaolang.model.entries import BASE, LedgerEntry


@frozen
class Frame:
    """What is said of every account that does not say it itself.

    `first` and `last` are days (None: that of the account's first or last event), `region` is where
    an account is kept whose holder is nowhere ("": only the shared rules hold). If `as_listed`,
    nothing is scheduled.
    """

    first: date | None = None
    last: date | None = None
    region: str = BASE
    as_listed: bool = False


class Keeper:
    """Runs accounts under the rules of a book.

    `explained` keeps what was met on the way, which the limits of counters need.
    """

    def __init__(self, rules: RuleBook, explained: bool = False) -> None:
        self.rules = rules
        self._ledgers = Ledgers(programs_of(rules), explained)

    def keep(self, account: Account, events: Iterable[Event], complete: bool = True) -> Kept:
        """Run an account; a refusal of the whole of it is told in what is given back."""
        measuring = Measuring(self.rules, account, events)
        try:
            ledger = self._ledgers.run(account, measuring.events)
        except Refusal as refusal:
            told = refusal.diagnostics
            return Kept(account.name, measuring.events, measuring, None, told, complete)
        return Kept(account.name, measuring.events, measuring, ledger, (), complete)


# ── accounts of a script ──


def script_accounts(
    keeper: Keeper, frame: Frame | None = None, only: Collection[str] | None = None,
    person: str = "",
) -> Iterator[Kept]:  # fmt: skip
    """The ledgers that stand in the book's texts, in order.

    `only` names the sources whose ledgers count, `person` whose. Of the frame, `first` does not
    count: a ledger says it.
    """
    for entry in keeper.rules.book.ledgers:
        opened = None if entry.entry is None else entry.entry
        if opened is None or not isinstance(opened.sentence, syntax.Ledger):
            continue
        name = "" if opened.sentence.person is None else opened.sentence.person.text
        if (only is None or opened.source.name in only) and _is_person(keeper, name, person):
            yield _of_script(keeper, entry, name, frame or Frame())


def _is_person(keeper: Keeper, name: str, person: str) -> bool:
    """Whether a name is that of a person who may have several, or nobody is asked for."""
    persons = keeper.rules.book.persons
    return person in ("", name) or (name in persons and persons[name] is persons.get(person))


def _of_script(keeper: Keeper, entry: LedgerEntry, name: str, frame: Frame) -> Kept:
    try:
        measuring = person_ledger(keeper.rules, entry, frame.last)
    except Refusal as refusal:
        return Kept(name, (), None, None, refusal.diagnostics)
    account = measuring.account
    if frame.region and account.known.region_on(account.first) is None:
        account = evolve(account, region=frame.region)
    if frame.as_listed:
        account = evolve(account, as_listed=True)
    return keeper.keep(account, measuring.events)


# ── accounts of files ──


@frozen
class Files:
    """Files of people and events, "" for one that there is not; see `event_files.grouped`."""

    people: AnyPath = ""
    events: AnyPath = ""
    encoding: str | None = None
    sort: bool = False


def file_accounts(
    keeper: Keeper, files: Files, frame: Frame, rejects: Rejects, people_rejects: Rejects,
    person: str = "",
) -> Iterator[Kept]:  # fmt: skip
    """The accounts of files: those with events as they stand there, then the others.

    Only one account's events are held in memory, and those people who stand in their file before
    somebody whose events come earlier; with `files.sort` everything is. Where there is a file of
    people, an account that is not in it is refused (YB111), and so is one whose row there is bad.

    Bad rows go to the rejects; if they are not allowed, no account comes after the first of them.
    `person` is the one account that is run ("": all).
    """
    people = _People(keeper.rules, files, people_rejects)
    for name, events in _events(keeper.rules, files, rejects):
        row = people.take(name)
        if person in ("", name) and not people_rejects.failed:
            yield _of_files(keeper, frame, people, name, row, events, name not in rejects.accounts)
    for row in people.others():
        name = row.account
        if person in ("", name) and not (rejects.failed or people_rejects.failed):
            yield _of_files(keeper, frame, people, name, row, [], name not in rejects.accounts)


def _events(rules: RuleBook, files: Files, rejects: Rejects) -> Iterable[tuple[str, list[Event]]]:
    if not files.events:
        return ()
    return grouped(
        files.events, rules.book, encoding=files.encoding, sort=files.sort, rejects=rejects
    )


def _of_files(
    keeper: Keeper, frame: Frame, people: "_People", name: str, row: PersonRow | None,
    events: Sequence[Event], complete: bool,
) -> Kept:  # fmt: skip
    if row is None and people.asked:
        place = events[0].place if events else None
        why = people.bad.get(name) or diagnostic("YB111", place, name=name, suggestion="")
        return Kept(name, tuple(events), None, None, (why,), complete)
    days = [each.effective for each in events]
    first = frame.first or min(days, default=None)
    last = frame.last or max([*days, *(each.booked for each in events)], default=first)
    if first is None or last is None or first > last:
        why = diagnostic("YB453", None)
        return Kept(name, tuple(events), None, None, (why,), complete)
    facts = people.nothing if row is None else row.known
    region = (row.region if row else "") or frame.region
    account = Account(name, facts, region, first, last, frame.as_listed)
    return keeper.keep(account, events, complete)


class _People:
    """The people of a file, taken as they are needed: the others wait, and are no more than that.

    `bad` is what is wrong with the rows of accounts; `nothing` is known where there is no file.
    """

    def __init__(self, rules: RuleBook, files: Files, rejects: Rejects) -> None:
        self.asked = bool(files.people)
        self.nothing = known(rules.book, ())
        self.bad: dict[str, Diagnostic] = {}
        self._sort = files.sort
        self._waiting: dict[str, PersonRow] = {}
        rows: Iterator[PersonRow] = iter(())
        if self.asked:
            rows = read_people(files.people, rules.book, encoding=files.encoding)
        self._rows = rejects.keep(map(self._noted, rows))

    def _noted(self, row: PersonRow) -> PersonRow:
        if row.problem is not None:
            self.bad.setdefault(row.account, row.problem)
        return row

    def take(self, name: str) -> PersonRow | None:
        """The row of an account; None if there is no good one."""
        while name not in self._waiting:
            row = next(self._rows, None)
            if row is None:
                return None
            self._waiting[row.account] = row
        return self._waiting.pop(name)

    def others(self) -> Iterator[PersonRow]:
        """Those whom nobody has taken, in the order of their file or of their accounts."""
        waiting = self._waiting
        if self._sort:
            waiting.update((row.account, row) for row in self._rows)
            waiting = {name: waiting[name] for name in sorted(waiting)}
        yield from waiting.values()
        yield from self._rows
