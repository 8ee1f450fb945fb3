"""The kernel of a ledger as LLVM text: accounts one after the other, events and time in order.

One function runs accounts from `begin` to before `end`. It reads columns of events and the table of
what time brings, keeps an account's state in registers, calls the functions of programs, which are
put in line, and writes what came of each account. It gives back the first account that it did not
run because a buffer might not have had room, or `end`.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from attrs import frozen

from yibaolang.engine.programs import Programs
from yibaolang.model.plan import Plans
from yibaolang.population.fixed import number_of_day
from yibaolang.population.ledger_facts import Facts
from yibaolang.population.ledger_shared import HELD, Shared, Template, cell_key
from yibaolang.population.ledger_text import MONEY_BITS, NUMERATOR_BITS, Emitter, Value, number
from yibaolang.population.ledger_track import LACKING, RANKS, Class, Timed, Track
from yibaolang.population.llvm import Text
from yibaolang.program.turning import NEVER

NAME = "ledger"
BUFFERS = (
    "begins", "ends", "days", "codes", "amounts", "eligible", "levels", "booked", "holders", "sizes",
    "cells", "snapshots", "status", "refusals", "r_row", "r_why", "r_fen", "r_ends",
    "p_fen", "p_what", "p_row", "p_ends",
)  # fmt: skip
"""What a kernel reads, then what it writes, in order; `ledger_native` has them."""

SIZES = ("accounts", "refusal_room", "posting_room")
"""What stands in `sizes`: how many accounts there are, and for how many there is room."""

WIDE, TIED, DISORDERED, OTHER = 1, 2, 4, 8
"""Bits of an account's status: a number outside its bounds; two events in one place; events that
are not in order; what no program is there for."""

_LAST_ITEM = (1 << 62) - 1


@frozen(eq=False)
class Wanted:
    """What a kernel is made for: classes of events by code, columns that are there, what is wanted.

    `columns` are those of eligible, levels and booked that events have. If not `as_listed`, what is
    due by figures is posted.
    """

    classes: tuple[Class, ...]
    columns: frozenset[str] = frozenset()
    postings: bool = False
    as_listed: bool = True
    years: bool = False
    comments: bool = False


@frozen(eq=False)
class Source:
    """The text of a kernel, and what its numbers mean."""

    text: str
    shared: Shared
    track: Track
    cells: tuple[int, ...]
    holders: tuple[str, ...]
    most_postings: int
    items: tuple[Timed, ...]
    snapshots: tuple[date, ...]

    @property
    def snapshot_rows(self) -> int:
        """How many numbers are kept of an account at the ends of years."""
        return len(self.snapshots) * len(self.cells)


def source(programs: Programs, plans: Plans, facts: Facts, wanted: Wanted) -> Source:
    """The text of the kernel of a region; Refusal YB480 for rules without one."""
    templates: list[Template] | None = [] if wanted.postings else None
    shared = Shared(programs.layout, facts, templates, wanted.comments)
    track = Track(programs, plans, shared, facts.first, facts.last, wanted.as_listed)
    return _Kernel(track, wanted).source()


class _Kernel:
    """Writes one kernel."""

    def __init__(self, track: Track, wanted: Wanted) -> None:
        self.track = track
        self.wanted = wanted
        self.shared = track.shared
        self.ranks = track.ranks(wanted.classes)
        self.items = track.items()
        self.passing = [track.passing(each) for each in track.intervals]
        self.settling = [
            [track.function(each, one) for one in wanted.classes] for each in track.intervals
        ]
        state = self.shared.state
        for key in ("wide", "broad", "day", "month", "year_start", "interval", "posted", "said"):
            state.place(key)
        layout = self.shared.layout
        kept = {*self.shared.cells, *(index for index, _ in layout.accounts())}
        kept |= {index for index, _ in layout.of_kind("total")}
        self.cells = tuple(sorted(kept))
        for cell in self.cells:
            state.place(cell_key(cell))
        self.holders = tuple(key for key in state.places if key.startswith(HELD))
        self.minima = [track.minima(number) for number in range(len(track.intervals))]
        self.snapshots: list[date] = []
        self.out = Text(self.shared.module, wanted.comments)
        self.emitter = Emitter(self.out)
        self.pointers: dict[str, str] = {}

    # ── the whole ──

    def source(self) -> Source:
        body = self.accounts()
        postings = self.most_postings()
        text = "\n".join([
            "declare i64 @llvm.umin.i64(i64, i64)", *self.tables(), self.month(), *self.shared.definitions(), self.head(body),
        ])  # fmt: skip
        self.shared.module.functions.append(text)
        return Source(
            self.shared.module.text(), self.shared, self.track, self.cells, self.holders, postings,
            tuple(self.items), tuple(self.snapshots),
        )  # fmt: skip

    def most_postings(self) -> int:
        """The most postings that one event or item makes."""
        return max(self.shared.postings.values(), default=0)

    def head(self, body: str) -> str:
        """The outer function, which finds the buffers, and the inner one, which runs."""
        names = ", ".join(f"ptr noalias %{each}" for each in BUFFERS)
        lines = [f"define internal i64 @run(i64 %begin, i64 %end, {names}) alwaysinline {{", body, "}"]
        lines.append(f"define i64 @{NAME}(ptr %buffers, i64 %begin, i64 %end) {{")
        for index, each in enumerate(BUFFERS):
            lines.append(f"  %at.{each} = getelementptr ptr, ptr %buffers, i64 {index}")
            lines.append(f"  %{each} = load ptr, ptr %at.{each}")
        given = ", ".join(f"ptr %{each}" for each in BUFFERS)
        lines.append(f"  %done = call i64 @run(i64 %begin, i64 %end, {given})")
        return "\n".join([*lines, "  ret i64 %done", "}"])

    def tables(self) -> list[str]:
        """The ranks of classes, what time brings, and the months of days."""
        actions = self.actions()
        items = [*self.items, Timed(_LAST_ITEM, ("", ""), "", 0)]
        return [
            _table("ranks", "i64", [*self.ranks, 0]),
            _table("places", "i64", [each.place for each in items]),
            _table("actions", "i32", [actions.index(each.action) for each in self.items] or [0]),
            _table("arguments", "i64", [each.argument for each in self.items] or [0]),
            _table("months", "i32", self.months()),
        ]

    def actions(self) -> list[str]:
        """Everything that time does, each once."""
        return list(dict.fromkeys(each.action for each in self.items))

    def months(self) -> list[int]:
        """The month of each day, counted from the year 0."""
        day, found = self.track.first, []
        while day <= self.track.last:
            found.append(day.year * 12 + day.month - 1)
            day += timedelta(1)
        return found

    def month(self) -> str:
        """The function that begins monthly counters anew in a month that has not been seen."""
        out = Text(self.shared.module)
        emitter, state = Emitter(out), self.shared.state
        first = number_of_day(self.track.first)
        day = emitter.load(_at(emitter, "%state", state.place("day")), 0, 1 << 20)
        index = emitter.subtract(day, number(first))
        most = (self.track.last - self.track.first).days
        inside = emitter.make(f"call i64 @llvm.umin.i64(i64 {index.code}, i64 {most})")
        month = emitter.element("@months", inside, "i32")
        kept = _at(emitter, "%state", state.place("month"))
        before = emitter.load(kept, 0, 0)
        same = emitter.make(f"icmp eq i64 {month}, {before.code}")
        out.line(f"store i64 {month}, ptr {kept}")
        for cell in self.cells:
            if self.shared.layout.cells[cell].period == "per_month":
                place = _at(emitter, "%state", state.place(cell_key(cell)))
                held = emitter.load(place, 0, 0)
                emitter.store(place, emitter.choose(same, held, number(0)))
        body = "\n".join([*out.slots, *out.lines])
        return f"define internal void @month(ptr %state) alwaysinline {{\n{body}\n  ret void\n}}"

    # ── one account after the other ──

    def state(self, key: str) -> str:
        """Where the state of the account that runs keeps something."""
        found = self.pointers.get(key)
        if found is None:
            place = self.shared.state.place(key)
            found = self.pointers[key] = f"%state.{place}"
            self.out.slots.append(f"  {found} = getelementptr inbounds i64, ptr %state, i64 {place}")
        return found

    def set(self, key: str, code: str) -> None:
        """Put something into the state."""
        self.out.line(f"store i64 {code}, ptr {self.state(key)}")

    def get(self, key: str) -> str:
        """What the state holds."""
        return self.emitter.make(f"load i64, ptr {self.state(key)}")

    def accounts(self) -> str:
        """The lines of the inner function."""
        out = self.out
        slots = self.shared.state.places
        out.slots.append(f"  %state = alloca [{len(slots)} x i64]")
        for name in ("account", "event", "item", "next", "before", "tied", "order", "other", "done"):
            out.slots.append(f"  %{name} = alloca i64")
        for name in ("refused", "r_at", "p_at"):
            out.slots.append(f"  %{name} = alloca i64")
        self.sized()
        out.line("store i64 %begin, ptr %account")
        out.line("store i64 0, ptr %r_at")
        out.line("store i64 0, ptr %p_at")
        out.line("br label %head")
        out.begin("head")
        out.line("%a = load i64, ptr %account")
        out.branch(self.emitter.make("icmp slt i64 %a, %end"), "open", "leave")
        out.begin("open")
        self.opened()
        self.events()
        self.closed()
        out.line("store i64 %a.next, ptr %account")
        out.line("br label %head")
        out.begin("leave")
        out.line("%reached = load i64, ptr %account")
        out.line("ret i64 %reached")
        return "\n".join([*out.slots, *out.lines])

    def sized(self) -> None:
        """What stands in `sizes`."""
        for index, name in enumerate(SIZES):
            found = self.emitter.element("%sizes", str(index))
            self.out.line(f"%size.{name} = add i64 {found}, 0")

    def opened(self) -> None:
        """An account begins, if there is room for what may come of it."""
        out, emitter, track = self.out, self.emitter, self.track
        out.line("%a.next = add i64 %a, 1")
        first, last = emitter.element("%begins", "%a"), emitter.element("%ends", "%a")
        out.line(f"%e.end = add i64 {last}, 0")
        count = emitter.make(f"sub i64 {last}, {first}")
        things = emitter.make(f"add i64 {count}, {len(self.items)}")
        full = self.full("r_at", things, 1, "refusal_room")
        if self.wanted.postings:
            postings = self.full("p_at", things, max(1, self.most_postings()), "posting_room")
            full = emitter.make(f"or i1 {full}, {postings}")
        out.branch(full, "leave", "ready")
        out.begin("ready")
        for key in self.shared.state.places:
            self.set(key, "0")
        for index, key in enumerate(self.holders):
            self.set(key, emitter.element("%holders", self.of_account(index)))
        self.set("day", str(number_of_day(track.first)))
        self.set("year_start", str(number_of_day(track.year_start())))
        self.set("month", str(track.first.year * 12 + track.first.month - 1))
        self.set("posted", emitter.make("load i64, ptr %p_at"))
        for cell in self.minima[0]:
            self.set(cell_key(cell), str(NEVER))
        for name in ("item", "tied", "order", "other", "refused"):
            out.line(f"store i64 0, ptr %{name}")
        out.line(f"store i64 {first}, ptr %event")
        out.line(f"store i64 {number_of_day(track.first) * RANKS}, ptr %before")
        out.line(f"store i64 {emitter.element('@places', '0')}, ptr %next")

    def of_account(self, row: int) -> str:
        """The place of the account in a row of an array with one number for each account."""
        before = self.emitter.make(f"mul i64 %size.accounts, {row}")
        return self.emitter.make(f"add i64 {before}, %a")

    def full(self, at: str, things: str, each: int, room: str) -> str:
        """Whether a buffer might not have room for as many things."""
        emitter = self.emitter
        most = emitter.make(f"mul i64 {things}, {each}")
        held = emitter.make(f"load i64, ptr %{at}")
        after = emitter.make(f"add i64 {held}, {most}")
        return emitter.make(f"icmp sgt i64 {after}, %size.{room}")

    # ── events ──

    def events(self) -> None:
        """The events of an account, and before each what time brings until then."""
        out, emitter, track = self.out, self.emitter, self.track
        out.line("br label %event.head")
        out.begin("event.head")
        out.line("%j = load i64, ptr %event")
        out.branch(emitter.make("icmp slt i64 %j, %e.end"), "event.read", "rest")
        out.begin("event.read")
        out.line(f"store i64 {emitter.make('add i64 %j, 1')}, ptr %event")
        out.line(f"%d = add i64 {emitter.element('%days', '%j', 'i32')}, 0")
        out.line(f"%k = add i64 {emitter.element('%codes', '%j', 'i8')}, 0")
        # What no program is there for has the code after the last, whatever was written.
        known = emitter.make(f"call i64 @llvm.umin.i64(i64 %k, i64 {len(self.ranks)})")
        out.line(f"%code = add i64 {known}, 0")
        rank = emitter.element("@ranks", "%code")
        day = emitter.make(f"mul i64 %d, {RANKS}")
        out.line(f"%place = add i64 {day}, {rank}")
        before = emitter.make("load i64, ptr %before")
        emitter.gather("%order", emitter.make(f"sub i64 %place, {before}"))
        same = emitter.make(f"icmp eq i64 %place, {before}")
        emitter.gather("%tied", emitter.make(f"zext i1 {same} to i64"))
        out.line("store i64 %place, ptr %before")
        since = emitter.make(f"sub i64 %d, {number_of_day(track.first)}")
        days = (track.last - track.first).days
        out.branch(emitter.make(f"icmp ugt i64 {since}, {days}"), "event.head", "event.time")
        self.time("event.time", "event.now", "%place")
        self.pass_to("%d")
        self.settled()

    def settled(self) -> None:
        """Call the function of the event's class in the interval."""
        out, emitter = self.out, self.emitter
        amount = emitter.element("%amounts", "%j")
        given = {"amount": amount, "eligible": amount, "level": "0", "booked": "%d"}
        for name, column, type_ in (
            ("eligible", "eligible", "i64"), ("level", "levels", "i8"), ("booked", "booked", "i32"),
        ):  # fmt: skip
            if column in self.wanted.columns:
                given[name] = emitter.element(f"%{column}", "%j", type_)
        self.bounded(amount)
        if "eligible" in self.wanted.columns:
            emitter.gather(self.state("wide"), given["eligible"])
        count = len(self.ranks)
        which = "%code"
        if len(self.settling) > 1:
            interval = emitter.make(f"mul i64 {self.get('interval')}, {count}")
            which = emitter.make(f"add i64 {interval}, %code")
        cases: dict[str, list[int]] = {}
        for number_, functions in enumerate(self.settling):
            for code, name in enumerate(functions):
                cases.setdefault(name, []).append(number_ * count + code)
        numbers = " ".join(
            f"i64 {each}, label %settle{at}" for at, name in enumerate(cases) for each in cases[name]
        )
        out.line(f"switch i64 {which}, label %unknown [{numbers}]")
        for at, name in enumerate(cases):
            out.begin(f"settle{at}")
            why = self.call(name, "%d", "%j", given)
            fine = emitter.make(f"icmp eq i64 {why}, 0")
            out.branch(fine, "event.head", f"refuse{at}")
            out.begin(f"refuse{at}")
            self.refuse(why)
            out.line("br label %event.head")
        out.begin("unknown")
        out.line("store i64 1, ptr %other")
        out.line("br label %event.head")

    def bounded(self, amount: str) -> None:
        """Note an amount; only that of an adjustment may be below zero."""
        emitter = self.emitter
        codes = [at for at, each in enumerate(self.wanted.classes) if each.kind == "adjust"]
        for code in codes:
            is_one = emitter.make(f"icmp eq i64 %code, {code}")
            sign = emitter.make(f"ashr i64 {amount}, 63")
            size = emitter.make(f"xor i64 {amount}, {sign}")
            amount = emitter.make(f"select i1 {is_one}, i64 {size}, i64 {amount}")
        emitter.gather(self.state("wide"), amount)

    def call(self, name: str, day: str, row: str, given: dict[str, str]) -> str:
        """Call the function of a program."""
        arguments = ", ".join(f"i64 {given.get(each, '0')}" for each in (
            "amount", "eligible", "level", "booked"))  # fmt: skip
        return self.emitter.make(
            f"call i64 {name}(ptr %state, i64 {day}, i64 {row}, {arguments}, "
            "ptr %p_fen, ptr %p_what, ptr %p_row)"
        )

    def refuse(self, why: str, row: str = "%j") -> None:
        """Write that an event is refused, or what time brings."""
        emitter = self.emitter
        at = emitter.make("load i64, ptr %r_at")
        emitter.put("%r_row", at, row, "i32")
        emitter.put("%r_why", at, why, "i32")
        emitter.put("%r_fen", at, self.get("said"))
        self.out.line(f"store i64 {emitter.make(f'add i64 {at}, 1')}, ptr %r_at")
        count = emitter.make("load i64, ptr %refused")
        self.out.line(f"store i64 {emitter.make(f'add i64 {count}, 1')}, ptr %refused")

    # ── time ──

    def time(self, begin: str, after: str, until: str) -> None:
        """What time brings up to a place, in a loop that begins and ends with labels."""
        out, emitter = self.out, self.emitter
        out.begin(begin)
        due = emitter.make("load i64, ptr %next")
        here = f"{begin}.item"
        out.branch(emitter.make(f"icmp sle i64 {due}, {until}"), here, after)
        out.begin(here)
        if self.items:
            self.item(begin, due)
        else:
            out.line("unreachable")
        out.begin(after)

    def item(self, begin: str, due: str) -> None:
        """One thing that time brings; then the loop begins again."""
        out, emitter = self.out, self.emitter
        at = emitter.make("load i64, ptr %item")
        following = emitter.make(f"add i64 {at}, 1")
        out.line(f"store i64 {following}, ptr %item")
        out.line(f"store i64 {emitter.element('@places', following)}, ptr %next")
        day = emitter.make(f"ashr i64 {due}, {RANKS.bit_length() - 1}")
        self.pass_to(day)
        argument = emitter.element("@arguments", at)
        action = emitter.element("@actions", at, "i32")
        actions = self.actions()
        labels = [out.label("action") for _ in actions]
        numbers = " ".join(f"i64 {index}, label %{each}" for index, each in enumerate(labels))
        out.line(f"switch i64 {action}, label %{begin} [{numbers}]")
        for each, label in zip(actions, labels, strict=True):
            out.begin(label)
            self.act(each, day, argument, at)
            out.line(f"br label %{begin}")

    def act(self, action: str, day: str, argument: str, at: str) -> None:
        """Do one thing that time brings."""
        if action == "year":
            self.set("year_start", argument)
            for cell in self.cells:
                if self.shared.layout.cells[cell].period == "per_year":
                    self.set(cell_key(cell), "0")
        elif action == "interval":
            self.change(argument)
        else:
            today = self.emitter.make(f"sub i64 {day}, {argument}")
            row = self.emitter.make(f"sub i64 -1, {at}")
            why = self.call(action.removeprefix(LACKING), today, row, {})
            if action.startswith(LACKING):
                self.lack(why, row)
            else:
                self.failing(why)

    def lack(self, why: str, row: str) -> None:
        """Write why nothing can be posted, if that is so."""
        refused, fine = self.out.label("lacks"), self.out.label("fine")
        self.out.branch(self.emitter.make(f"icmp eq i64 {why}, 0"), fine, refused)
        self.out.begin(refused)
        self.refuse(why, row)
        self.out.line(f"br label %{fine}")
        self.out.begin(fine)

    def change(self, argument: str) -> None:
        """An interval begins."""
        self.set("interval", argument)
        for index, cells in enumerate(self.minima[1:], 1):
            for cell in cells:
                here = self.emitter.make(f"icmp eq i64 {argument}, {index}")
                held = Value(self.get(cell_key(cell)), 0, NEVER)
                self.emitter.store(
                    self.state(cell_key(cell)), self.emitter.choose(here, number(NEVER), held)
                )

    def failing(self, why: str) -> None:
        """What time does must have a value, or the reference engine says what happens."""
        failed = self.emitter.make(f"icmp ne i64 {why}, 0")
        self.emitter.gather("%other", self.emitter.make(f"zext i1 {failed} to i64"))

    def pass_to(self, day: str) -> None:
        """Let days pass up to a day, which then is today."""
        out, emitter = self.out, self.emitter
        if any(map(self.track.by_day, self.track.intervals)):
            head, body, end = (out.label(each) for each in ("day", "passes", "passed"))
            out.line(f"br label %{head}")
            out.begin(head)
            now = self.get("day")
            out.branch(emitter.make(f"icmp slt i64 {now}, {day}"), body, end)
            out.begin(body)
            self.passes("1")
            self.set("day", emitter.make(f"add i64 {now}, 1"))
            out.line(f"br label %{head}")
            out.begin(end)
        elif any(self.passing):
            days = emitter.make(f"sub i64 {day}, {self.get('day')}")
            if any(map(self.track.looks, self.track.intervals)):
                ends, end = out.label("ends"), out.label("ended")
                out.branch(emitter.make(f"icmp sgt i64 {days}, 0"), ends, end)
                out.begin(ends)
                self.passes(days)
                out.line(f"br label %{end}")
                out.begin(end)
            else:
                self.passes(days)
        self.set("day", day)

    def passes(self, days: str) -> None:
        """So many days pass, by the function of the interval."""
        out = self.out
        names = dict.fromkeys(self.passing)
        if len(names) == 1:
            self.passed(self.passing[0], days)
            return
        end, labels = out.label("passed"), {name: out.label("pass") for name in names}
        numbers = " ".join(
            f"i64 {at}, label %{labels[name]}" for at, name in enumerate(self.passing)
        )
        out.line(f"switch i64 {self.get('interval')}, label %{end} [{numbers}]")
        for name, label in labels.items():
            out.begin(label)
            self.passed(name, days)
            out.line(f"br label %{end}")
        out.begin(end)

    def passed(self, name: str, days: str) -> None:
        """Let days pass at once, if they change anything."""
        if name:
            self.failing(self.call(name, self.get("day"), "-1", {"amount": days}))

    # ── the end ──

    def closed(self) -> None:
        """What is left of time, and what came of the account."""
        out, emitter, track = self.out, self.emitter, self.track
        out.begin("rest")
        out.line("br label %rest.time")
        self.time("rest.time", "rest.done", str(_LAST_ITEM - 1))
        self.pass_to(str(number_of_day(track.last)))
        out.line("call void @month(ptr %state)")
        status = self.status()
        emitter.put("%status", "%a", status, "i32")
        refused = emitter.make("load i64, ptr %refused")
        emitter.put("%refusals", "%a", refused, "i32")
        for name, end in (("r_at", "r_ends"), *((("p_at", "p_ends"),) if self.wanted.postings else ())):
            if name == "p_at":
                out.line(f"store i64 {self.get('posted')}, ptr %p_at")
            emitter.put(f"%{end}", "%a", emitter.make(f"load i64, ptr %{name}"))
        for index, cell in enumerate(self.cells):
            emitter.put("%cells", self.of_account(index), self.get(cell_key(cell)))

    def status(self) -> str:
        """The status of the account, as one number."""
        emitter = self.emitter
        found = "0"
        for pointer, shift, bit in (
            (self.state("wide"), MONEY_BITS, WIDE), (self.state("broad"), NUMERATOR_BITS, WIDE),
            ("%tied", 0, TIED), ("%order", 63, DISORDERED), ("%other", 0, OTHER),
        ):  # fmt: skip
            held = emitter.make(f"load i64, ptr {pointer}")
            above = emitter.make(f"lshr i64 {held}, {shift}")
            broken = emitter.make(f"icmp ne i64 {above}, 0")
            bits = emitter.make(f"select i1 {broken}, i64 {bit}, i64 0")
            found = emitter.make(f"or i64 {found}, {bits}")
        return found


def _at(emitter: Emitter, base: str, place: int) -> str:
    return emitter.make(f"getelementptr inbounds i64, ptr {base}, i64 {place}")


def _table(name: str, type_: str, values: Sequence[int]) -> str:
    items = ", ".join(f"{type_} {each}" for each in values)
    return f"@{name} = private unnamed_addr constant [{len(values)} x {type_}] [{items}]"
