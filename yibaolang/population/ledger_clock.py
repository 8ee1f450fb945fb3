"""Time in a ledger kernel: what it brings in its place, days that pass, months that begin."""

from collections.abc import Sequence
from datetime import timedelta

from yibaolang.population.fixed import number_of_day
from yibaolang.population.ledger_loop import Loop
from yibaolang.population.ledger_shared import cell_key
from yibaolang.population.ledger_text import Emitter, Value, number
from yibaolang.population.ledger_track import (
    AWKWARD,
    CHANGE,
    DUE,
    LACKING,
    RANKS,
    SNAPSHOT,
    YEAR,
)
from yibaolang.population.llvm import Text
from yibaolang.program.turning import NEVER

LAST_ITEM = 1 << 40
"""The place of what never comes."""

_MOVING_BITS = 16
"""Of what comes on a day of its own, the place stands above so many bits with its number."""


class Clock(Loop):
    """Writes what time does."""

    def tables(self) -> list[str]:
        """The ranks of classes, what time brings, and the months of days."""
        actions = self.actions()
        return [
            _table("ranks", "i64", [*self.ranks, 0]),
            _table("places", "i64", [*(each.place for each in self.timed), LAST_ITEM]),
            _table("actions", "i32", [actions.index(each.action) for each in self.timed] or [0]),
            _table("arguments", "i64", [each.argument for each in self.timed] or [0]),
            _table("months", "i32", self.months()),
            _table("asked", "ptr", self.shared.asked or ["null"]),
            *(_table(name[1:], "i32", key) for key, name in self.shared.tables.items()),
            *(_table(f"lists{at}", "ptr", each) for at, each in enumerate(self.lists)),
        ]

    def actions(self) -> list[str]:
        """Everything that time does in its place, each once."""
        return list(dict.fromkeys(each.action for each in self.timed))

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

    def time(self, begin: str, after: str, until: str) -> None:
        """What time brings up to a place, in a loop that begins and ends with labels."""
        out, emitter = self.out, self.emitter
        out.begin(begin)
        due = emitter.make("load i64, ptr %next")
        here = f"{begin}.item"
        out.branch(emitter.make(f"icmp sle i64 {due}, {until}"), here, after)
        out.begin(here)
        if self.moving:
            self.moved(begin, due)
        if self.timed:
            self.item(begin, due)
        else:
            out.line("unreachable")
        out.begin(after)

    # ── what comes on a day that the holder's facts say ──

    def plan_moving(self) -> None:
        """Find the days of an account, when it begins."""
        if not self.moving:
            return
        emitter = self.emitter
        self.out.slots.append(f"  %moving = alloca [{len(self.moving)} x i64]")
        self.out.slots.append("  %soonest = alloca i64")
        for number_, each in enumerate(self.moving):
            found = self.asked(str(each.on))
            self.failing_if(emitter.make(f"icmp slt i64 {found}, 0"))
            days = emitter.make(f"sub i64 {found}, 1")
            later = emitter.make(f"mul i64 {days}, {RANKS << _MOVING_BITS}")
            place = emitter.make(f"add i64 {later}, {each.place << _MOVING_BITS | number_}")
            comes = emitter.make(f"icmp sgt i64 {found}, 0")
            never = LAST_ITEM << _MOVING_BITS
            chosen = emitter.make(f"select i1 {comes}, i64 {place}, i64 {never}")
            emitter.put("%moving", str(number_), chosen)
        self.find_soonest("0")

    def find_soonest(self, item: str) -> None:
        """Find which comes first, and whether it comes before an item of the table."""
        emitter = self.emitter
        soonest = emitter.element("%moving", "0")
        for number_ in range(1, len(self.moving)):
            other = emitter.element("%moving", str(number_))
            soonest = emitter.make(f"call i64 @llvm.smin.i64(i64 {soonest}, i64 {other})")
        self.out.line(f"store i64 {soonest}, ptr %soonest")
        self.due_next(item)

    def due_next(self, item: str) -> None:
        """The next thing is an item of the table, or what comes on a day of its own."""
        emitter = self.emitter
        due = emitter.element("@places", item)
        if self.moving:
            soonest = emitter.make("load i64, ptr %soonest")
            place = emitter.make(f"ashr i64 {soonest}, {_MOVING_BITS}")
            due = emitter.make(f"call i64 @llvm.smin.i64(i64 {due}, i64 {place})")
        self.out.line(f"store i64 {due}, ptr %next")

    def moved(self, begin: str, due: str) -> None:
        """What comes on a day of its own, if that is next; then the loop begins again."""
        out, emitter = self.out, self.emitter
        here, table = f"{begin}.moving", f"{begin}.table"
        soonest = emitter.make("load i64, ptr %soonest")
        place = emitter.make(f"ashr i64 {soonest}, {_MOVING_BITS}")
        out.branch(emitter.make(f"icmp eq i64 {place}, {due}"), here, table)
        out.begin(here)
        which = emitter.make(f"and i64 {soonest}, {(1 << _MOVING_BITS) - 1}")
        emitter.put("%moving", which, str(LAST_ITEM << _MOVING_BITS))
        self.find_soonest(emitter.make("load i64, ptr %item"))
        day = emitter.make(f"ashr i64 {due}, {RANKS.bit_length() - 1}")
        self.pass_to(day)
        # Its row tells the day, too: see `ledger_tables`.
        days = emitter.make(f"sub i64 {day}, {number_of_day(self.track.first)}")
        above = emitter.make(f"mul i64 {days}, {len(self.items)}")
        number_ = emitter.make(f"add i64 {which}, {len(self.timed)}")
        at = emitter.make(f"add i64 {above}, {number_}")
        labels = [out.label("moving") for _ in self.moving]
        numbers = " ".join(f"i64 {index}, label %{each}" for index, each in enumerate(labels))
        out.line(f"switch i64 {which}, label %{begin} [{numbers}]")
        for each, label in zip(self.moving, labels, strict=True):
            out.begin(label)
            self.ask(each.action, day, str(each.argument), at)
            out.line(f"br label %{begin}")
        out.begin(table)

    # ── what comes in its place ──

    def item(self, begin: str, due: str) -> None:
        """One thing that time brings; then the loop begins again."""
        out, emitter = self.out, self.emitter
        at = emitter.make("load i64, ptr %item")
        following = emitter.make(f"add i64 {at}, 1")
        out.line(f"store i64 {following}, ptr %item")
        self.due_next(following)
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
        if action == SNAPSHOT:
            self.keep(argument)
        elif action == YEAR:
            self.set("year_start", argument)
            for cell in self.cells:
                if self.shared.layout.cells[cell].period == "per_year":
                    self.set(cell_key(cell), "0")
        elif action == CHANGE:
            self.change(argument)
        elif action in (LACKING, AWKWARD) or action.startswith(DUE):
            self.ask(action, day, argument, at)
        else:
            with self.while_open():
                today = self.emitter.make(f"sub i64 {day}, {argument}")
                row = self.emitter.make(f"sub i64 -1, {at}")
                self.failing(self.call(action, today, row, {}))

    def ask(self, action: str, day: str, argument: str, at: str) -> None:
        """Do what the holder's facts say."""
        with self.while_open():
            self.do_asked(action, day, argument, at)

    def do_asked(self, action: str, day: str, argument: str, at: str) -> None:
        """The same for an account that is open."""
        emitter, row = self.emitter, self.emitter.make(f"sub i64 -1, {at}")
        found = self.asked(argument)
        if action == LACKING:
            self.failing_if(emitter.make(f"icmp slt i64 {found}, 0"))
            self.lack(found, row)
        elif action == AWKWARD:
            self.failing(found)
        else:
            emitter.gather(self.state("wide"), found)
            name = action.removeprefix(DUE)
            self.failing(self.call(name, day, row, {"amount": found}))

    def asked(self, which: str) -> str:
        """What a function says that is asked of the holder's facts."""
        emitter = self.emitter
        place = emitter.make(f"getelementptr inbounds ptr, ptr @asked, i64 {which}")
        function = emitter.make(f"load ptr, ptr {place}")
        return emitter.make(f"call i64 {function}(ptr %held, ptr %facts)")

    def keep(self, argument: str) -> None:
        """Write what every cell holds at the end of a year."""
        emitter, count = self.emitter, len(self.cells)
        before = emitter.make(f"mul i64 {argument}, {count}")
        for index, cell in enumerate(self.cells):
            row = emitter.make(f"add i64 {before}, {index}")
            start = emitter.make(f"mul i64 {row}, %size.accounts")
            place = emitter.make(f"add i64 {start}, %a")
            emitter.put("%snapshots", place, self.get(cell_key(cell)))

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
        self.failing_if(self.emitter.make(f"icmp ne i64 {why}, 0"))

    def failing_if(self, failed: str) -> None:
        """The reference engine says what happens, if a condition holds."""
        self.emitter.gather("%other", self.emitter.make(f"zext i1 {failed} to i64"))

    def pass_to(self, day: str) -> None:
        """Let days pass up to a day, which then is today."""
        with self.while_open():
            self.let_pass(day)
        self.set("day", day)

    def let_pass(self, day: str) -> None:
        """Let days pass up to a day, if they change anything."""
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


def _at(emitter: Emitter, base: str, place: int) -> str:
    return emitter.make(f"getelementptr inbounds i64, ptr {base}, i64 {place}")


def _table(name: str, type_: str, values: Sequence[int | str]) -> str:
    items = ", ".join(f"{type_} {each}" for each in values)
    return f"@{name} = private unnamed_addr constant [{len(values)} x {type_}] [{items}]"
