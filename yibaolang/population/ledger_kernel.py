"""The kernel of a ledger as LLVM text: accounts one after the other, events and time in order.

One function runs accounts from `begin` to before `end`. It reads columns of events and the table of
what time brings, keeps an account's state in registers, calls the functions of programs, which are
put in line, and writes what came of each account. It gives back the first account that it did not
run because a buffer might not have had room, or `end`.
"""

from datetime import date

from attrs import frozen

from yibaolang.engine.programs import Programs
from yibaolang.language.diagnostics import diagnostic
from yibaolang.model.plan import Plans
from yibaolang.population.fixed import number_of_day
from yibaolang.population.ledger_clock import LAST_ITEM, Clock
from yibaolang.population.ledger_events import VOID
from yibaolang.population.ledger_facts import Facts
from yibaolang.population.ledger_finding import FACTS, finding
from yibaolang.population.ledger_loop import NOT_CLOSED, Wanted
from yibaolang.population.ledger_shared import Shared, Template, cell_key
from yibaolang.population.ledger_text import MONEY_BITS, NUMERATOR_BITS
from yibaolang.population.ledger_track import RANKS, Timed, Track
from yibaolang.program.turning import NEVER

NAME = "ledger"
BUFFERS = (
    "begins", "ends", "days", "codes", "amounts", "eligible", "levels", "booked", "fact_of",
    "fact_table", "holders", "lives", "since",
    "sizes", "cells", "snapshots", "closed", "status", "refusals", "r_what", "r_fen", "r_ends",
    "p_fen", "p_what", "p_ends",
)  # fmt: skip
"""What a kernel reads, then what it writes, in order; `ledger_native` has them."""

SIZES = ("accounts", "refusal_room", "posting_room")
"""What stands in `sizes`: how many accounts there are, and for how many there is room."""

WIDE, UNORDERED, OTHER = 1, 2, 4
"""Bits of an account's status: a number outside its bounds; events that are not each in a place
after the one before it; what no program is there for."""


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
    years: tuple[date, ...]

    @property
    def snapshot_rows(self) -> int:
        """How many numbers are kept of an account at the ends of years."""
        return len(self.years) * len(self.cells)


def source(programs: Programs, plans: Plans, facts: Facts, wanted: Wanted) -> Source:
    """The text of the kernel of a region; Refusal YB480 for rules without one."""
    templates: list[Template] | None = [] if wanted.postings else None
    shared = Shared(programs.layout, facts, templates, wanted.comments)
    track = Track(programs, plans, shared, facts.first, facts.last, wanted.as_listed)
    return _Kernel(track, wanted).source()


class _Kernel(Clock):
    """Writes one kernel."""

    def source(self) -> Source:
        body = self.accounts()
        postings = self.most_postings()
        text = "\n".join([
            "declare i64 @llvm.umin.i64(i64, i64)", *self.tables(), self.month(),
            *self.shared.definitions(), *finding(self.holders if self.lives else ()),
            self.head(body),
        ])  # fmt: skip
        self.shared.module.functions.append(text)
        return Source(
            self.shared.module.text(), self.shared, self.track, self.cells, self.holders, postings,
            tuple(self.items), self.years(),
        )  # fmt: skip

    def years(self) -> tuple[date, ...]:
        """The first days of insurance years, if they are wanted."""
        return (self.track.first, *self.track.years()) if self.wanted.years else ()

    def most_postings(self) -> int:
        """The most postings that one event or item makes."""
        return max(self.shared.postings.values(), default=0)

    def head(self, body: str) -> str:
        """The outer function, which finds the buffers, and the inner one, which runs."""
        names = ", ".join(f"ptr noalias %{each}" for each in BUFFERS)
        lines = [
            f"define internal i64 @run(i64 %begin, i64 %end, {names}) alwaysinline {{", body, "}",
            f"define i64 @{NAME}(ptr %buffers, i64 %begin, i64 %end) {{",
        ]  # fmt: skip
        for index, each in enumerate(BUFFERS):
            lines.append(f"  %at.{each} = getelementptr ptr, ptr %buffers, i64 {index}")
            lines.append(f"  %{each} = load ptr, ptr %at.{each}")
        given = ", ".join(f"ptr %{each}" for each in BUFFERS)
        lines.append(f"  %done = call i64 @run(i64 %begin, i64 %end, {given})")
        return "\n".join([*lines, "  ret i64 %done", "}"])

    # ── one account after the other ──

    def accounts(self) -> str:
        """The lines of the inner function."""
        out = self.out
        slots = self.shared.state.places
        out.slots.append(f"  %state = alloca [{len(slots)} x i64]")
        out.slots.append(f"  %facts = alloca {FACTS}")
        for name in ("account", "event", "item", "next", "before", "order", "other"):
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
        if self.closes:
            self.set("closed", str(NOT_CLOSED))
        self.held()
        self.set("day", str(number_of_day(track.first)))
        self.set("year_start", str(number_of_day(track.year_start())))
        self.set("month", str(track.first.year * 12 + track.first.month - 1))
        self.set("posted", emitter.make("load i64, ptr %p_at"))
        for cell in self.minima[0]:
            self.set(cell_key(cell), str(NEVER))
        for name in ("item", "other", "refused"):
            out.line(f"store i64 0, ptr %{name}")
        out.line("store i64 -1, ptr %order")
        out.line(f"store i64 {first}, ptr %event")
        out.line(f"store i64 {number_of_day(track.first) * RANKS}, ptr %before")
        out.line(f"store i64 {emitter.element('@places', '0')}, ptr %next")
        self.plan_moving()

    def held(self) -> None:
        """Where the facts of the account's holder are: on the first day, and on later ones."""
        out, emitter, width = self.out, self.emitter, max(1, len(self.holders))
        row = "%a"
        if self.lives:
            row = emitter.element("%lives", "%a")
        place = emitter.make(f"mul i64 {row}, {width}")
        out.line(f"%held = getelementptr inbounds i64, ptr %holders, i64 {place}")
        if not self.lives:
            return
        end = emitter.element("%lives", "%a.next")
        since = emitter.make(f"getelementptr inbounds i32, ptr %since, i64 {row}")
        count = emitter.make(f"sub i64 {end}, {row}")
        for at, code in enumerate(("ptr %held", f"ptr {since}", f"i64 {count}")):
            field = emitter.make(f"getelementptr inbounds {FACTS}, ptr %facts, i64 0, i32 {at}")
            out.line(f"store {code}, ptr {field}")

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
        out.line(f"%code = add i64 {emitter.element('%codes', '%j', 'i8')}, 0")
        if VOID in self.wanted.classes:
            # What does nothing has no place among the others.
            void = emitter.make(f"icmp eq i64 %code, {self.wanted.classes.index(VOID)}")
            out.branch(void, "event.head", "event.counts")
            out.begin("event.counts")
        rank = emitter.element("@ranks", "%code")
        day = emitter.make(f"mul i64 %d, {RANKS}")
        out.line(f"%place = add i64 {day}, {rank}")
        before = emitter.make("load i64, ptr %before")
        # Below zero as long as each place is after the one before it.
        difference, kept = emitter.make(f"sub i64 {before}, %place"), "load i64, ptr %order"
        still = emitter.make(f"and i64 {emitter.make(kept)}, {difference}")
        out.line(f"store i64 {still}, ptr %order")
        out.line("store i64 %place, ptr %before")
        since = emitter.make(f"sub i64 %d, {number_of_day(track.first)}")
        days = (track.last - track.first).days
        out.branch(emitter.make(f"icmp ugt i64 {since}, {days}"), "event.head", "event.time")
        self.time("event.time", "event.now", "%place")
        self.pass_to("%d")
        if self.closes:
            self.refuse_closed()
        self.settled()

    def refuse_closed(self) -> None:
        """Refuse what happens to an account that was closed."""
        out, closed = self.out, self.get("closed")
        still = self.emitter.make(f"icmp eq i64 {closed}, {NOT_CLOSED}")
        out.branch(still, "event.open", "event.closed")
        out.begin("event.closed")
        # What no program is there for may mean that the account was not closed at all.
        self.failing_if(self.emitter.make(f"icmp eq i64 %code, {len(self.wanted.classes)}"))
        self.set("said", closed)
        why = self.shared.facts.refusals.of(diagnostic("YB436", None, date=""))
        self.refuse(str(why))
        out.line("br label %event.head")
        out.begin("event.open")

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
        if "facts" in self.wanted.columns:
            line = emitter.element("%fact_of", "%j", "i32")
            width = 2 * max(1, len(self.shared.facts.of_bills))
            given["fact"] = emitter.make(f"mul i64 {line}, {width}")
        self.bounded(amount)
        if "eligible" in self.wanted.columns:
            emitter.gather(self.state("wide"), given["eligible"])
        count = len(self.ranks) + 1  # The last is of what no program is there for.
        which = "%code"
        if len(self.settling) > 1:
            interval = emitter.make(f"mul i64 {self.get('interval')}, {count}")
            which = emitter.make(f"add i64 {interval}, %code")
        classes = self.wanted.classes
        cases: dict[str, dict[int, str]] = {}
        for number_, programs in enumerate(self.settling):
            for code, program in enumerate(programs):
                name, templates = program.split(" ")
                cases.setdefault(name, {})[number_ * count + code] = templates
        numbers = " ".join(
            f"i64 {each}, label %settle{at}"
            for at, name in enumerate(cases)
            for each in cases[name]
        )
        out.line(f"switch i64 {which}, label %unknown [{numbers}]")
        for at, name in enumerate(cases):
            out.begin(f"settle{at}")
            why = self.call(f"{name} {self.templates(cases[name], which)}", "%d", "%j", given)
            fine = emitter.make(f"icmp eq i64 {why}, 0")
            closing = any(classes[each % count].kind == "closing" for each in cases[name])
            out.branch(fine, f"close{at}" if closing else "event.head", f"refuse{at}")
            if closing:
                out.begin(f"close{at}")
                self.set("closed", "%d")
                out.line("br label %event.head")
            out.begin(f"refuse{at}")
            self.refuse(why)
            out.line("br label %event.head")
        out.begin("unknown")
        out.line("store i64 1, ptr %other")
        out.line("br label %event.head")

    def templates(self, cases: dict[int, str], which: str) -> str:
        """The list of templates with which a function is called in one of several cases."""
        if len(set(cases.values())) == 1:
            return next(iter(cases.values()))
        name = f"@lists{len(self.lists)}"
        self.lists.append([cases.get(each, "null") for each in range(max(cases) + 1)])
        place = self.emitter.make(f"getelementptr inbounds ptr, ptr {name}, i64 {which}")
        return self.emitter.make(f"load ptr, ptr {place}")

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

    # ── the end ──

    def closed(self) -> None:
        """What is left of time, and what came of the account."""
        out, emitter, track = self.out, self.emitter, self.track
        out.begin("rest")
        out.line("br label %rest.time")
        self.time("rest.time", "rest.done", str(LAST_ITEM - 1))
        self.pass_to(str(number_of_day(track.last)))
        out.line("call void @month(ptr %state)")
        status = self.status()
        emitter.put("%status", "%a", status, "i32")
        refused = emitter.make("load i64, ptr %refused")
        emitter.put("%refusals", "%a", refused, "i32")
        emitter.put("%r_ends", "%a", emitter.make("load i64, ptr %r_at"))
        if self.wanted.postings:
            out.line(f"store i64 {self.get('posted')}, ptr %p_at")
            emitter.put("%p_ends", "%a", emitter.make("load i64, ptr %p_at"))
        if self.closes:
            emitter.put("%closed", "%a", self.get("closed"), "i32")
        for index, cell in enumerate(self.cells):
            emitter.put("%cells", self.of_account(index), self.get(cell_key(cell)))

    def status(self) -> str:
        """The status of the account, as one number."""
        emitter = self.emitter
        found = "0"
        for pointer, shift, bit in (
            (self.state("wide"), MONEY_BITS, WIDE), (self.state("broad"), NUMERATOR_BITS, WIDE),
            ("%other", 0, OTHER),
        ):  # fmt: skip
            held = emitter.make(f"load i64, ptr {pointer}")
            above = emitter.make(f"lshr i64 {held}, {shift}")
            broken = emitter.make(f"icmp ne i64 {above}, 0")
            bits = emitter.make(f"select i1 {broken}, i64 {bit}, i64 0")
            found = emitter.make(f"or i64 {found}, {bits}")
        in_order = emitter.make(f"icmp slt i64 {emitter.make('load i64, ptr %order')}, 0")
        bits = emitter.make(f"select i1 {in_order}, i64 0, i64 {UNORDERED}")
        return emitter.make(f"or i64 {found}, {bits}")
