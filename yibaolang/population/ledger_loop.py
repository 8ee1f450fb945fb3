"""What the parts of a ledger kernel share: the state of an account, programs, refusals."""

from collections.abc import Iterator
from contextlib import contextmanager

from attrs import frozen

from yibaolang.population.ledger_shared import REFUSAL_BITS, cell_key
from yibaolang.population.ledger_text import Emitter
from yibaolang.population.ledger_track import Class, Timed, Track
from yibaolang.population.llvm import Text


@frozen(eq=False)
class Wanted:
    """What a kernel is made for: classes of events by code, columns that are there, what is wanted.

    `columns` are those of eligible, levels, booked and facts that events have, and "lives" if facts
    of holders change. If not `as_listed`, what is due by figures is posted. With `years` the cells
    are kept at the end of each insurance year.
    """

    classes: tuple[Class, ...]
    columns: frozenset[str] = frozenset()
    postings: bool = False
    as_listed: bool = True
    years: bool = False
    comments: bool = False


NOT_CLOSED = -(1 << 31)
"""In place of the day on which an account was closed."""


class Loop:
    """The function that is written, and what stands in its registers."""

    def __init__(self, track: Track, wanted: Wanted) -> None:
        self.track = track
        self.wanted = wanted
        self.shared = track.shared
        self.ranks = track.ranks(wanted.classes)
        self.items: list[Timed] = track.items(wanted.years)
        self.timed = [each for each in self.items if each.on is None]
        self.moving = [each for each in self.items if each.on is not None]
        self.passing = [track.passing(each) for each in track.intervals]
        self.settling = [
            [track.function(each, one) for one in wanted.classes] for each in track.intervals
        ]
        self.closes = any(each.kind == "closing" for each in wanted.classes)
        state = self.shared.state
        for key in ("wide", "broad", "day", "month", "year_start", "interval", "posted", "said",
                    *["closed"] * self.closes):  # fmt: skip
            state.place(key)
        layout = self.shared.layout
        kept = {*self.shared.cells, *(index for index, _ in layout.accounts())}
        kept |= {index for index, _ in layout.of_kind("total")}
        self.cells = tuple(sorted(kept))
        for cell in self.cells:
            state.place(cell_key(cell))
        self.holders = tuple(self.shared.held.places)
        self.lives = bool(self.holders) and "lives" in wanted.columns
        self.minima = [track.minima(number) for number in range(len(track.intervals))]
        self.out = Text(self.shared.module, wanted.comments)
        self.emitter = Emitter(self.out)
        self.pointers: dict[str, str] = {}
        self.lists: list[list[str]] = []

    def state(self, key: str) -> str:
        """Where the state of the account that runs keeps something."""
        found = self.pointers.get(key)
        if found is None:
            place = self.shared.state.place(key)
            found = self.pointers[key] = f"%state.{place}"
            code = f"getelementptr inbounds i64, ptr %state, i64 {place}"
            self.out.slots.append(f"  {found} = {code}")
        return found

    def set(self, key: str, code: str) -> None:
        """Put something into the state."""
        self.out.line(f"store i64 {code}, ptr {self.state(key)}")

    def get(self, key: str) -> str:
        """What the state holds."""
        return self.emitter.make(f"load i64, ptr {self.state(key)}")

    def of_account(self, row: int) -> str:
        """The place of the account in a row of an array with one number for each account."""
        before = self.emitter.make(f"mul i64 %size.accounts, {row}")
        return self.emitter.make(f"add i64 {before}, %a")

    @contextmanager
    def while_open(self) -> Iterator[None]:
        """What is written inside is not run once the account is closed."""
        if not self.closes:
            yield
            return
        still, after = self.out.label("open"), self.out.label("stands")
        is_open = self.emitter.make(f"icmp eq i64 {self.get('closed')}, {NOT_CLOSED}")
        self.out.branch(is_open, still, after)
        self.out.begin(still)
        yield
        self.out.line(f"br label %{after}")
        self.out.begin(after)

    def call(self, program: str, day: str, row: str, given: dict[str, str]) -> str:
        """Call a program: its function, with its templates."""
        name, templates = program.split(" ")
        arguments = ", ".join(f"i64 {given.get(each, '0')}" for each in (
            "amount", "eligible", "level", "booked", "fact"))  # fmt: skip
        held = "%held"
        if self.lives:
            held = self.emitter.make(f"call ptr @held_on(ptr %facts, i64 {day})")
        return self.emitter.make(
            f"call i64 {name}(ptr %state, ptr {held}, ptr %facts, i64 {day}, i64 {row}, "
            f"{arguments}, ptr %fact_table, ptr %p_fen, ptr %p_what, ptr {templates})"
        )

    def refuse(self, why: str, row: str = "%j") -> None:
        """Write that an event is refused, or what time brings."""
        emitter = self.emitter
        at = emitter.make("load i64, ptr %r_at")
        above = emitter.make(f"shl i64 {row}, {REFUSAL_BITS}")
        emitter.put("%r_what", at, emitter.make(f"or i64 {above}, {why}"))
        emitter.put("%r_fen", at, self.get("said"))
        self.out.line(f"store i64 {emitter.make(f'add i64 {at}, 1')}, ptr %r_at")
        count = emitter.make("load i64, ptr %refused")
        self.out.line(f"store i64 {emitter.make(f'add i64 {count}, 1')}, ptr %refused")
