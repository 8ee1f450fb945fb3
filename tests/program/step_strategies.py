"""Random step programs, grown from instructions; random rules and events as texts."""

from datetime import date, timedelta

from hypothesis import strategies as st

from tests.program import build as b
from tests.program.strategies import Grower
from yibaolang.model.arms import Rounding
from yibaolang.model.core import Expr
from yibaolang.model.values import MONEY, NUMBER
from yibaolang.program import instructions as step

REGISTERS, CELLS, GIVEN = 7, 6, 2
COUNT = b.core.CountOf(NUMBER, 1, b.AT, "outpatient", "per_year", "count", b.slot("count"))


class Steps:
    """Grows instructions out of all kinds of terms; amounts may be below zero."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.grower = Grower(draw)
        self.pick, self.count = self.grower.pick, self.grower.count

    def rounding(self) -> Rounding:
        mode = self.pick("half_up", "half_up", "half_even", "up", "down")
        return Rounding(mode, self.pick(1, 1, 10), b.rule())

    def rate(self) -> Expr:
        if self.count(0, 4) == 0:
            return b.fact("share")
        return b.rate(*self.pick((9, 10), (1, 1), (0, 1), (17, 20), (1, 3), (2, 4)))

    def leaf(self) -> step.Term:
        kind = self.pick("fen", "held", "held", "cell", "amount")
        if kind == "fen":
            return step.Fen(self.pick(0, 1, 7, 65_000, -3))
        if kind == "held":
            return step.Held(self.count(0, REGISTERS - 1))
        if kind == "cell":
            return step.InCell(self.count(0, CELLS - 1))
        expr = self.pick(b.money(500), b.money(201, 2), self.grower.money(1))
        return step.Amount(expr, self.rounding())

    def term(self, depth: int = 2) -> step.Term:
        kinds = ["least", "floor", "plus", "less", "times", "quotient", "rated", "left", "band"]
        if depth == 0 or self.count(0, 2) == 0:
            return self.leaf()
        kind = self.pick(*kinds)
        one, other = self.term(depth - 1), self.term(depth - 1)
        if kind == "least":
            return step.Least((one, other, *([self.leaf()] if self.pick(True, False) else [])))
        if kind == "floor":
            return step.NotBelowZero(one)
        if kind == "plus":
            return step.Plus(self.pick((one, other), (one,), ()))
        if kind == "less":
            return step.Less(one, other)
        if kind == "times":
            return step.Times(one, other)
        if kind == "quotient":
            return step.Quotient(one, self.pick(1, 4, 730_000), self.rounding())
        if kind == "rated":
            return step.Rated(one, self.rate(), self.rounding())
        if kind == "left":
            return step.RatedLeft(one, other, self.rate(), self.rate(), self.rounding())
        bounds = self.pick((None,), (100, 5_000, None), (100, 20_000))
        rates = tuple(b.rate(*self.pick((7, 10), (3, 5), (0, 1))) for _ in bounds)
        whole = self.pick(True, False)
        return step.Band(one, other, bounds, rates, whole, "tiers", b.AT, self.rounding())

    def block(self, depth: int) -> step.Block:
        return tuple(self.instruction(depth) for _ in range(self.count(0, 3)))

    def instruction(self, depth: int) -> step.Instruction:
        simple = ["let", "let", "accrue", "store", "give", "post", "post", "say", "refuse"]
        kind = self.pick(*simple, *(["when", "positive", "choose"] * 2 if depth else []))
        if kind == "let":
            label = self.pick("", "fund", "扣")
            return step.Let(self.register(), self.term(), label, b.rule(), None, None, None)
        if kind == "accrue":
            limit = self.pick(None, self.leaf())
            return step.Accrue(self.count(0, CELLS - 1), self.term(1), limit)
        if kind == "store":
            return step.Store(self.count(0, CELLS - 1), self.term(1))
        if kind == "give":
            return step.Give(self.pick(b.slot("count"), b.slot("low")), self.leaf())
        if kind == "post":
            source, target = (self.pick(None, self.count(0, CELLS - 1)) for _ in "ab")
            names = self.pick("draw", "fund"), "current", "当年"
            total = self.count(0, CELLS - 1)
            return step.Post(*names, source, target, total, self.leaf(), self.pick(None, b.rule()))
        if kind == "say":
            return step.Say("admitted", b.rule())
        if kind == "refuse":
            # A refusal ends most programs early, so it is under a condition more often than not.
            refuse = step.Refuse("YB437", b.rule(), ())
            return step.WhenPositive(self.leaf(), (refuse,), ()) if self.count(0, 5) else refuse
        if kind == "when":
            blocks = self.block(depth - 1), self.block(depth - 1)
            return step.When(self.truth(), *blocks, "", self.pick(None, b.rule()))
        if kind == "positive":
            return step.WhenPositive(self.term(1), self.block(depth - 1), self.block(depth - 1))
        return self.choose(depth)

    def register(self) -> int:
        return self.count(0, REGISTERS - 1)

    def truth(self) -> Expr:
        low = b.core.FactOf(MONEY, 1, b.AT, "low", b.slot("low"))
        return self.pick(
            self.grower.truth(1), b.truth(True), b.truth(False), b.is_status("retired"),
            b.compare(COUNT, ">", b.number(1)), b.compare(low, "<=", b.money(65_000)),
            b.compare(b.as_of(b.fact("base"), b.word("first_of_month")), ">", b.money(0)),
        )  # fmt: skip

    def choose(self, depth: int) -> step.Choose:
        one = self.truth()
        guards = self.pick(
            [one, b.no(one)],
            [b.is_status("active"), b.every(b.is_status("retired"), one)],
            [b.either(b.is_status("active"), b.is_status("flexible")), b.is_status("retired")],
            [one, self.truth(), self.truth()],
            [None],
            [self.pick(None, one) for _ in range(self.count(0, 2))],
        )
        branches = tuple(
            step.Branch(b.rule(), guard, self.count(0, 4) == 0, self.block(depth - 1))
            for guard in guards
        )
        return step.Choose("draw", branches, self.pick(None, self.block(depth - 1)))


@st.composite
def step_plans(draw: st.DrawFn) -> step.StepPlan:
    """Programs over the slots of `build`, with GIVEN registers given."""
    steps = Steps(draw)
    block = tuple(steps.instruction(3) for _ in range(steps.count(1, 6)))
    return step.StepPlan("bill outpatient self", "somewhere", block, REGISTERS, (), b.NAMES)


@st.composite
def states(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Cells, and the registers that are given."""
    fen = st.sampled_from([0, 1, 5, 99, 100, 4_999, 65_000, 1_234_567, -200])
    cells = draw(st.lists(fen, min_size=CELLS, max_size=CELLS))
    return cells, draw(st.lists(fen, min_size=GIVEN, max_size=GIVEN))


# ── rules and events as texts ──

_GUARDS = [
    "", "", "active ", "retired ", "not retired ", "retired and age >= 70 ", "emergency ",
    "bill > 300元 ", "stay_days > 3 ", "visits > 2 ", "current > 100元 ", "yes ", "no ",
    "today >= 2024-07-01 ", "start of retired <= 2024-06-01 ",
    "contribution_base as of first of month >= 3000元 ",
]  # fmt: skip
_MONEY = [
    "0元", "40元", "650元", "100.05元", "ceiling", "half_ceiling", "floor",
    "1% of contribution_base", "max(10元, 1% of bill)",
    "(20元 if retired, 30元 otherwise)",
]  # fmt: skip
_RATES = ["0%", "60%", "85.5%", "100%", "share_of_pool", "steep"]
_PERIODS = ["per visit", "per stay", "per month", "per year", "per year", "per lifetime"]
_SCOPES = ["", "", " over all levels", " each level"]
HEAD = """
input share_of_pool: rate otherwise 55%
category tests
param ceiling
  2024-01-01 until 2024-06-30  1800元  cite "x" attested "E"
  2024-07-01                   2300.01元  cite "x" attested "E"
define half_ceiling = 50% of ceiling
define floor = 200元
define visits = count of outpatient per year
define steep = 70% if visits > 1, 50% otherwise
table steps
  | cost: money     || part |
  | 0元..1000元     |  70%  |
  | > 1000元       |  60%  |
table short_steps
  | cost: money     || part |
  | 0元..500元      |  70%  |
  | 500元..3000元  |  33%  |
table clinic
  | level      || ratio: rate |
  | primary    |  80%         |
  | -          |  60%         |
region somewhere
year from 01-01
since 2024-01-01 cite "x" attested "E"
"""


class Texts:
    """Writes rules of a region and the events of an account."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def pick(self, options: list[str]) -> str:
        return self.draw(st.sampled_from(options))

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == 1

    def counted(self) -> str:
        return f"{self.pick(_PERIODS)}{self.pick(_SCOPES)}"

    def cover(self, guard: str, at: str) -> str:
        by = f"{self.pick(_RATES)} of outpatient{at}"
        tiers = self.chance(4)
        if tiers:
            table = self.pick(["steps", "short_steps"])
            kind = self.pick(["marginal", "whole"])
            by = f"outpatient{at} by {kind} tiers {table} {self.pick(_PERIODS)}"
        elif self.chance(5):
            by = f"outpatient{at} by table clinic"
        clauses = []
        if self.chance(4):
            clauses.append(f"counting cost up to {self.pick(_MONEY)} {self.counted()}")
        for _ in range(self.draw(st.integers(0, 2))):
            clauses.append(f"above {self.pick(_MONEY)} {self.counted()}")
            if self.chance(3):
                clauses.append(f"at most {self.pick(_MONEY)} {self.counted()}")
        if self.chance(4):
            clauses.append("except lines of tests")
        if self.chance(2):
            clauses.append(f"up to {self.pick(_MONEY)} {self.counted()}")
            if self.chance(2):
                cost = " counting cost" if not tiers and self.chance(2) else ""
                cap = f" up to {self.pick(_MONEY)} {self.counted()}" if self.chance(2) else ""
                clauses.append(f"then further {self.pick(_RATES)}{cost}{cap}")
        exception = "except when " if guard.strip() and self.chance(8) else ""
        return " ".join([f"{exception}{guard}cover {by}", *clauses])

    def covers(self) -> list[str]:
        pairs = self.draw(
            st.sampled_from(
                [
                    [("", "")],
                    [("active ", ""), ("retired ", "")],
                    [("", " at primary"), ("", " at secondary, tertiary")],
                    [("not retired ", ""), ("retired and age >= 70 ", "")],
                    [("emergency ", " at primary"), ("", " at tertiary")],
                ]
            )
        )
        found = [self.cover(guard, at) for guard, at in pairs]
        return [*found, self.cover(self.pick(_GUARDS), "")] if self.chance(3) else found

    def allow(self) -> str:
        for_whom = self.pick(["self", "self, spouse", "spouse"])
        when = self.pick(["", "", " when pooled", " when carried > 50元"])
        limit = f" up to {self.pick(_MONEY)} {self.counted()}" if self.chance(3) else ""
        buckets = self.pick(["", "", " from carried", " from current"])
        what = self.pick(["outpatient", "outpatient, drugs"])
        return f"{self.pick(_GUARDS)}allow {what} for {for_whom}{when}{limit}{buckets}"

    def rules(self) -> str:
        lines = [*self.covers(), "cover 0% of drugs", "cover 10% of inpatient"]
        lines += [self.allow() for _ in range(self.draw(st.integers(1, 2)))]
        if self.chance(4):
            lines.append(f"{self.pick(_GUARDS)}deny drugs")
        if self.chance(4):
            lines.append("draw current before cover")
        order = self.pick(["current then carried", "carried then current", "carried"])
        lines.append(f"draw {order}{self.pick([', rest to cash'] * 4 + [''])}")
        if self.chance(4):
            lines.append("retired require contribution_years >= 10 years for cover")
        if self.chance(4):
            lines.append("active wait 3 months after enrolled_on for cover")
        lines += [
            f"{self.pick(['', 'retired '])}interest {rate} yearly of {bucket} on {basis} "
            f"posted on {self.pick(['01-01', '06-30'])}{self.pick(['', ' to carried'])}"
            for rate, bucket in (("0.35%", "current"), ("2.75%", "carried"))
            for basis in [self.pick(["daily balance", "minimum balance of month",
                                     "balance on 06-30"])]
        ]  # fmt: skip
        lines.append(f"{self.pick(['', 'retired '])}carry current into carried on 01-01")
        return HEAD + "\n".join(lines) + "\n"

    def person(self) -> str:
        facts = [
            "birth 1954-08-20", "enrolled_on 2024-02-10", "contribution_base 3333.33元",
            "contribution_years 12 years",
            self.pick(["active", "retired", "active until 2024-06-30, retired since 2024-07-01"]),
        ]  # fmt: skip
        known = [each for each in facts if not self.chance(12)]
        return f"person p: {', '.join([*known, 'in somewhere'])}\n"

    def event(self, number: int, day: date) -> str:
        money = f"{self.draw(st.sampled_from([0, 1, 35, 300, 999, 2000, 25000]))}.{number:02}"
        level = self.pick(["primary", "secondary", "tertiary"])
        at = f" at {level}" if not self.chance(8) else ""
        what = self.pick(["bill"] * 5 + ["drugs", "credit", "opening", "family", "pooled"])
        head = f"{day}  ^e{number}  "
        if what == "credit":
            return f"{head}credit {money}元 to {self.pick(['current', 'carried'])}"
        if what == "opening":
            return f"{head}opening carried {money}元"
        if what == "family":
            return f"{head}drugs {money}元{at} for spouse"
        if what == "pooled":
            return f"{day}  pooled for spouse"
        category = "drugs" if what == "drugs" else "outpatient"
        lines = " including tests 0.01元" if self.chance(4) and money >= "1" else ""
        facts = self.pick(["", "", " with emergency", " with stay_days = 5"])
        return f"{head}{category} {money}元{at}{lines}{facts}"

    def ledger(self) -> str:
        day = date(2024, 1, 1)
        lines = []
        for number in range(self.draw(st.integers(1, 12))):
            day += timedelta(days=self.draw(st.sampled_from([0, 1, 3, 20, 31, 90])))
            lines.append(self.event(number, day))
        return "ledger p from 2024-01-01 to 2026-01-01 as listed\n" + "\n".join(lines) + "\n"


@st.composite
def ledgers(draw: st.DrawFn) -> str:
    """Rules, a person and the person's ledger."""
    texts = Texts(draw)
    return texts.rules() + texts.person() + texts.ledger()
