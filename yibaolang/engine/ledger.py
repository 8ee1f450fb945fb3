"""The ledger: an account through its dated events, by its region's rules.

The order within an account is (effective date, phase, seq, id). Each event runs one step program on
a copy of the account's cells, which is kept if the event is not refused. Whatever brought an event,
the same account and events give the same postings.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from attrs import frozen

from yibaolang.engine import invariants
from yibaolang.engine.account import Account, Stage, stages
from yibaolang.engine.events import Event, effective_events
from yibaolang.engine.handling import HANDLERS, Happened
from yibaolang.engine.placing import Placed, placed
from yibaolang.engine.postings import Posting, Settlement, Till
from yibaolang.engine.programs import Item, Programs, Turn
from yibaolang.engine.scheduled import Schedule
from yibaolang.language.diagnostics import Diagnostic, Refusal
from yibaolang.model.plan import Plans
from yibaolang.program.dates import insurance_year
from yibaolang.program.frame import Frame
from yibaolang.program.novalue import NoValue
from yibaolang.program.running import Broken, Met
from yibaolang.program.stepping import StepProgram
from yibaolang.program.turning import NEVER

_ONE_DAY = timedelta(days=1)


@frozen(eq=False)
class Checkpoint:
    """The account before anything of a day; a run may go on from here."""

    day: date
    cells: tuple[int, ...]
    closed: date | None


@frozen(eq=False)
class Ledger:
    """What came of an account: its settlements in order, its last cells, its checkpoints.

    `events` are those that count, `corrections` the voids and replacements; `opening`
    are the buckets at the start.
    """

    account: Account
    programs: Programs
    settlements: tuple[Settlement, ...]
    cells: tuple[int, ...]
    opening: dict[str, int]
    checkpoints: tuple[Checkpoint, ...]
    events: tuple[Event, ...]
    corrections: tuple[Event, ...]
    closed: date | None

    @property
    def postings(self) -> list[Posting]:
        """Every posting, in order."""
        return [posting for each in self.settlements for posting in each.postings]

    @property
    def refused(self) -> list[Settlement]:
        """What was refused, in order."""
        return [each for each in self.settlements if each.refused is not None]

    def settlement(self, event_id: str) -> Settlement | None:
        """The settlement of an event by its id."""
        return next((each for each in self.settlements if each.id == event_id), None)

    def balances(self, on: date | None = None) -> dict[str, int]:
        """The buckets and the receivable in fen, after a day (None: at the end)."""
        return invariants.closing_of(self.opening, self.postings, on)


class Running:
    """One account that is being run."""

    def __init__(
        self, programs: Programs, account: Account, known: Sequence[Stage], explained: bool,
        start: Checkpoint | None,
    ) -> None:  # fmt: skip
        self.programs = programs
        self.layout = programs.layout
        self.account = account
        self.stages = known
        self.explained = explained
        self.day = account.first if start is None else start.day
        self.closed = None if start is None else start.closed
        self.cells = [0] * len(self.layout.cells) if start is None else list(start.cells)
        self._held: tuple[date, date, Plans, Turn] | None = None
        self.plans, self.turn = self.turn_on(self.day)
        self.year = insurance_year(self.day, *self.turn.year_from)
        self.month = self.day.year, self.day.month
        if start is None:
            self.begin_minima(self.turn.minima)

    # ── where and when ──

    def stage(self, day: date) -> Stage:
        """What is known on a day."""
        if len(self.stages) > 1:
            for each in reversed(self.stages):
                if each.since <= day:
                    return each
        return self.stages[0]

    def plans_on(self, day: date) -> Plans:
        """The plans of the region where the account is kept on a day."""
        known = self.stages[-1].known
        lived = known.lived_on(day)
        region = self.account.region if lived is None else lived.region
        version = "" if lived is None else lived.version
        return self.programs.plans(region, version, known.overrides)

    def turn_on(self, day: date) -> tuple[Plans, Turn]:
        """The plans and the turn of a day, kept while days of one interval are asked for."""
        held = self._held
        if held is not None and held[0] <= day <= held[1]:
            return held[2], held[3]
        plans = self.plans_on(day)
        turn = self.programs.turn(plans, day)
        if any(each.since or each.until for each in self.stages[-1].known.regions):
            # Who moves has other plans from one day to the next.
            return plans, turn
        since, until = plans.interval(day)
        self._held = since or date.min, until or date.max, plans, turn
        return plans, turn

    def turn_to(self, day: date) -> None:
        """Let days pass: interest accrues, and counters begin anew with a year or month."""
        if self.closed is None:
            self.pass_days(day)
        self.day = day
        plans, turn = self.turn_on(day)
        if turn is not self.turn or day >= self.year[1]:
            self.begin_minima(turn.minima - self.turn.minima)
            self.turn, self.plans = turn, plans
            year = self.turn_year(day)
            if year[0] != self.year[0]:
                self.reset("per_year")
            self.year = year
        if (day.year, day.month) != self.month:
            self.month = day.year, day.month
            self.reset("per_month")

    def pass_days(self, day: date) -> None:
        """Let the days up to another one end; each by itself if who earns interest may change."""
        program = self.turn.program("passing")
        if program is None:
            return
        while self.day < day:
            passed = 1 if self.turn.by_day else (day - self.day).days
            self.run_time(program, self.day, passed)
            self.day += timedelta(passed)

    def begin_minima(self, cells: Iterable[int]) -> None:
        """Begin to keep the least balances of a month, in which no day has ended."""
        self.pad()
        for cell in cells:
            self.cells[cell] = NEVER

    def reset(self, period: str) -> None:
        """Begin the counters of a period anew."""
        self.pad()
        for cell in self.layout.resetting(period):
            self.cells[cell] = 0

    def turn_year(self, day: date) -> tuple[date, date]:
        """The first day of the insurance year that holds a day, and of the next one."""
        return insurance_year(day, *self.turn.year_from)

    def pad(self) -> None:
        """Make room for cells that new plans have brought."""
        missing = len(self.layout.cells) - len(self.cells)
        if missing:
            self.cells = [*self.cells, *[0] * missing]

    # ── what is run ──

    def run_item(self, item: Item) -> Happened:
        """Run the program of what time brings, if there is one."""
        program = (item.turn or self.turn).program(item.kind, item.month_day)
        if program is None:
            return Happened([], [])
        return self.run_time(program, item.day if item.turn is None else item.day - _ONE_DAY)

    def run_time(self, program: StepProgram, day: date, passed: int = 0) -> Happened:
        """Run a program of time on a day; Refusal if a rule of it cannot be decided."""
        self.pad()
        frame: Frame = []
        if program.reads_frame:
            begins = self.year[0] if day < self.year[1] else self.turn_year(day)[0]
            frame = self.stage(day).known.scenario.frame(program.plan.names, day, None, begins)
        try:
            run = program.run(self.cells, frame, [passed] if program.plan.registers else [], False)
        except NoValue as why:
            raise Refusal(why.diagnostic) from None
        self.cells = run.cells
        return Happened(run.posted, run.met)

    def settle(self, each: Placed) -> Settlement:
        """Settle what happened; if it is refused, the account is as before."""
        self.pad()
        before = self.cells.copy()
        refused: Diagnostic | None = None
        happened = Happened([], [])
        try:
            if self.closed is not None and each.event is not None:
                raise Refusal(each.closed(self.closed))
            happened = HANDLERS[each.kind](self, each)
        except NoValue as why:
            refused = each.located(why.diagnostic)
        except Refusal as why:
            refused = each.located(why.diagnostics[0])
        if refused is not None:
            invariants.check_unchanged(before, self.cells)
        else:
            bill = each.event.amount_fen if each.event and each.kind == "bill" else None
            invariants.check_settled(self.layout, before, self.cells, happened.posted, bill)
        return self.settlement(each, happened, refused)

    def settlement(
        self, each: Placed, happened: Happened, refused: Diagnostic | None
    ) -> Settlement:
        """The record of what happened."""
        event_id, effective, booked = each.id or each.kind, each.effective, each.booked
        postings = tuple(
            [Posting(event_id, effective, booked, *posted) for posted in happened.posted]
        )
        met: tuple[Met, ...] = tuple(happened.met)
        return Settlement(
            each.effective, each.booked, each.kind, each.id, each.event, each.due, postings,
            refused, met,
        )  # fmt: skip

    def balances(self) -> list[int]:
        """What the buckets and the receivable hold."""
        return [self.cells[index] for index, _ in self.layout.accounts()]

    def till(self) -> Till:
        """A till on a copy of the cells."""
        return Till(self.layout, self.cells.copy(), [])

    def checkpoint(self) -> Checkpoint:
        """The account as it is now."""
        return Checkpoint(self.day, tuple(self.cells), self.closed)


class Ledgers:
    """Runs accounts under one book. `explained` keeps what was met, for reasons."""

    def __init__(self, programs: Programs, explained: bool = True) -> None:
        self.programs = programs
        self.explained = explained
        self.schedule = Schedule(programs, explained)

    def run(
        self, account: Account, events: Iterable[Event], start: Checkpoint | None = None
    ) -> Ledger:
        """The ledger of an account with its events; Refusal if they do not fit together.

        `start` is where an earlier run of the same account stood: what was before is not run again.
        """
        counted, corrections = effective_events(events)
        known = stages(account, counted)
        running = Running(self.programs, account, known, self.explained, start)
        if start is None:
            invariants.check_fresh(running.balances())
        everything = placed(self.programs, self.schedule, running, counted)
        invariants.check_order([each.place for each in everything])
        ledger = self._settled(running, everything, counted, corrections)
        invariants.check_corrected(ledger.settlements, counted)
        if start is None and ledger.checkpoints:
            self._replay(running, everything, ledger)
        return ledger

    def _settled(
        self, running: Running, everything: Sequence[Placed], counted: Sequence[Event],
        corrections: Sequence[Event],
    ) -> Ledger:  # fmt: skip
        """Settle everything that is not before the day on which the account stands."""
        account = running.account
        settlements: list[Settlement] = []
        checkpoints: list[Checkpoint] = []
        opening = invariants.opening_of(running.cells, self.programs.layout)
        for each in everything:
            if each.day < running.day:
                continue
            if (each.day.year, each.day.month) != running.month and settlements:
                running.turn_to(each.day)
                checkpoints.append(running.checkpoint())
            elif each.day != running.day:
                running.turn_to(each.day)
            if each.kind == "plan" or (running.closed is not None and each.event is None):
                continue
            settlement = running.settle(each)
            if settlement.postings or settlement.refused or settlement.event is not None:
                settlements.append(settlement)
        if running.day < account.last:
            running.turn_to(account.last)
        # A plan that was made last may have brought cells: a replay has them from its beginning.
        running.pad()
        return Ledger(
            account, self.programs, tuple(settlements), tuple(running.cells), opening,
            tuple(checkpoints), tuple(counted), tuple(corrections), running.closed,
        )  # fmt: skip

    def _replay(self, before: Running, everything: Sequence[Placed], ledger: Ledger) -> None:
        """Run again from the last checkpoint: the postings must be the same."""
        last = ledger.checkpoints[-1]
        running = Running(self.programs, before.account, before.stages, False, last)
        again = self._settled(running, everything, (), ())
        late = [each for each in ledger.settlements if each.day >= last.day]
        after = [posting for each in late for posting in each.postings]
        invariants.check_replay(after, again.postings, 9)
        if again.cells != ledger.cells:
            raise Broken(6, "a second run left other cells")
