"""A till for tests: bills of one account under a few rules, settled one after the other.

Each bill is run plainly, with reasons and as printed Python; the three must agree. Amounts are fen.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from yibaolang import read
from yibaolang.language.diagnostics import Refusal
from yibaolang.model.core import FIRST
from yibaolang.model.plan import Plans
from yibaolang.program.layout import COUNTER, Layout
from yibaolang.program.novalue import NoValue
from yibaolang.program.running import Posted, Run
from yibaolang.program.settling import bill_plan
from yibaolang.program.stepping import StepProgram

Value = int | Fraction | date | bool | str
DAY = date(2024, 3, 1)
REST = "draw current then carried, rest to cash\n"
SELF = "allow outpatient, inpatient, drugs for self\n"
HALF = "cover 50% of outpatient"


class Till:
    """Settles bills; `posted` are the postings of the last one, `run` how it went with reasons."""

    def __init__(self, rules: str, known: str = "", assumed: str = "", **buckets: int) -> None:
        book, facts = read(rules).facts(known)
        region = book.book.region_names["甲市"] if "region 甲市" in rules else ""
        self.plans = Plans(book.book, region, book.uses, facts.overrides)
        self.scenario = facts.scenario
        self.assumed = assumed
        self.layout = Layout()
        for name in ("current", "carried"):
            self.layout.bucket(name)
        self.cells = [buckets.get(cell.name, 0) for cell in self.layout.cells]
        self.posted: list[Posted] = []
        self.run: Run | None = None

    def bill(
        self, category: str, fen: int, level: str = "", facts: Mapping[str, Value] | None = None,
        *, eligible: int | None = None, relation: str = "self",
        lines: Mapping[str, int] | None = None, on: date = DAY,
    ) -> dict[str, int]:  # fmt: skip
        """What each account pays of a bill, as account and fen; NoValue if it is refused."""
        plan = bill_plan(self.plans, self.layout, on, category, relation, self.assumed)
        program = StepProgram(plan)
        self.pad()
        fit = fen if eligible is None else eligible
        said: dict[str, Value] = {"bill": fit, "submitted_on": on, "relation": relation}
        said |= {"level": level} if level else {}
        given = [fen, fit, *((lines or {}).get(each, 0) for each in plan.lines)]

        def frame() -> list[object]:
            found = self.scenario.frame(plan.names, on, None, date(on.year, 1, 1))
            for name, value in (said | dict(facts or {})).items():
                if name in plan.names:
                    found[FIRST + plan.names.index(name)] = value
            return found

        self.run = program.run(self.cells, frame(), list(given), True)
        plain = program.interpreted(self.cells, frame(), list(given), program.plain)
        assert (self.run.cells, self.run.posted) == (plain.cells, plain.posted)
        printed = program.fast(len(given))
        assert printed is not None
        assert printed(self.cells, frame(), list(given)) == (plain.cells, plain.posted)
        self.cells, self.posted = plain.cells, plain.posted
        assert sum(each.fen for each in self.posted) == fen
        return {each.source: each.fen for each in self.posted}

    def fund(
        self, category: str, fen: int, level: str = "", *, on: date = DAY, **facts: Value
    ) -> int:
        """What the pool's own fund pays of a bill about which some facts are so."""
        return self.bill(category, fen, level, facts, on=on).get("fund", 0)

    def funds(self, category: str, *bills: int) -> list[int]:
        """What it pays of several bills, one after the other."""
        return [self.fund(category, fen) for fen in bills]

    def code(self, category: str, fen: int, level: str = "", **facts: Value) -> str:
        """The code with which a bill is refused; "" if it is not."""
        before = list(self.cells)
        try:
            self.bill(category, fen, level, facts)
        except NoValue as why:
            assert self.cells[: len(before)] == before and not any(self.cells[len(before) :])
            return why.diagnostic.code
        except Refusal as refusal:
            return refusal.diagnostics[0].code
        return ""

    def pad(self) -> None:
        """Make room for the cells that a plan has brought."""
        self.cells += [0] * (len(self.layout.cells) - len(self.cells))

    def used(self, label: str) -> int:
        """What the counters of a name have used."""
        cells = self.layout.of_kind(COUNTER)
        return sum(self.cells[index] for index, cell in cells if cell.label == label)

    def begin(self, period: str) -> None:
        """Begin the counters of a period anew: "per_year" or "per_month"."""
        for index in self.layout.resetting(period):
            self.cells[index] = 0


def till(rules: str, known: str = "", assumed: str = "", **buckets: int) -> Till:
    """A till under rules, besides those of drawing and of what its holder may pay."""
    return Till(REST + SELF + rules, known, assumed, **buckets)
