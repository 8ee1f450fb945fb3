"""Printed step programs against the interpreter, and the source itself."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.program import build as b
from tests.program.step_strategies import GIVEN, HEAD, ledgers, states, step_plans
from tests.program.strategies import known, todays
from yibaolang import read
from yibaolang.engine.account import Account
from yibaolang.engine.books import person_ledger
from yibaolang.engine.events import Event
from yibaolang.engine.ledger import Ledger, Ledgers
from yibaolang.engine.postings import Posting
from yibaolang.engine.programs import Programs
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Refusal
from yibaolang.model import core
from yibaolang.model.arms import Rounding
from yibaolang.model.core import Expr
from yibaolang.model.values import MONEY
from yibaolang.program import instructions as step
from yibaolang.program import stepping
from yibaolang.program.folding import folded
from yibaolang.program.frame import UNSET, DatedFact, Frame
from yibaolang.program.novalue import NoValue
from yibaolang.program.printing import UNDECIDED, CannotPrint, Undecided
from yibaolang.program.python_steps import Within, compile_steps, steps_source
from yibaolang.program.stepping import Broken, Run, StepProgram

TODAY = date(2024, 6, 15)
ROUNDING = Rounding("half_up", 1, b.rule())


def plan_of(*steps: step.Instruction, registers: int = 6) -> step.StepPlan:
    return step.StepPlan("bill outpatient self", "somewhere", steps, registers, (), b.NAMES)


def let(register: int, term: step.Term) -> step.Let:
    return step.Let(register, term, "", b.rule(), None, None, None)


def post(term: step.Term, source: int | None = None, target: int | None = None) -> step.Post:
    return step.Post("draw", "current", "provider", source, target, 5, term, b.rule())


def amount(expr: Expr) -> step.Amount:
    return step.Amount(expr, ROUNDING)


def frame_of(day: date | None = TODAY, /, **facts: Any) -> Frame:
    return b.knowing(**facts).frame(b.NAMES, day, None, date(2024, 1, 1))


def came_to(run: Callable[[], Run]) -> Any:
    """The cells and postings of a run, or why there are none."""
    try:
        done = run()
    except NoValue as why:
        return why.diagnostic
    except Broken as why:
        return str(why)
    return done.cells, done.posted


def agreed(
    plan: step.StepPlan, cells: list[int], given: list[int], day: date | None = TODAY,
    within: Within = (None, None), /, **facts: Any,
) -> tuple[Any, bool]:  # fmt: skip
    """What a program comes to, printed and interpreted, and whether the printed code decided it."""
    program, slow = StepProgram(plan, within), StepProgram(plan)
    printed = program.fast(len(given))
    assert printed is not None
    before = list(cells)
    found = came_to(lambda: program.run(cells, frame_of(day, **facts), given, False))
    assert cells == before
    for actions in (slow.plain, slow.explained):
        frame = frame_of(day, **facts)
        assert found == came_to(partial(slow.interpreted, cells, frame, given, actions))
    try:
        assert printed(cells, frame_of(day, **facts), given) == found
    except UNDECIDED:
        return found, False
    return found, True


# ── any program ──


WITHINS = st.sampled_from([(None, None), (date(2024, 1, 1), date(2024, 12, 31))])


@given(step_plans(), states(), known(), todays, WITHINS)
@settings(max_examples=1500, deadline=None)
def test_any_program(
    plan: step.StepPlan, state: tuple[list[int], list[int]], facts: dict[str, b.Given],
    day: date, within: Within,
) -> None:  # fmt: skip
    cells, given_fen = state
    agreed(plan, cells, given_fen, day, within, **facts)


@given(step_plans(), states(), known())
@settings(max_examples=300, deadline=None)
def test_folding_changes_nothing(
    plan: step.StepPlan, state: tuple[list[int], list[int]], facts: dict[str, b.Given]
) -> None:
    cells, given_fen = state
    steps, read_before = folded(plan, GIVEN)
    assert read_before <= set(range(plan.registers))
    less = step.StepPlan(plan.kind, plan.region, steps, plan.registers, (), plan.names)
    one, other = StepProgram(plan), StepProgram(less)
    found = came_to(lambda: one.interpreted(cells, frame_of(**facts), given_fen, one.plain))
    again = came_to(lambda: other.interpreted(cells, frame_of(**facts), given_fen, other.plain))
    if isinstance(found, tuple) or isinstance(again, tuple):
        assert found == again


# ── any rules ──


def run_of(rules: RuleBook, account: Account, events: list[Event], after: int) -> Ledger | str:
    """The ledger, with programs printed after so many runs; 0 for never."""
    before = stepping.PAYS_FROM
    stepping.PAYS_FROM = after
    try:
        return Ledgers(Programs(rules, "each"), False).run(account, events)
    except Refusal as refusal:
        return str(refusal.diagnostics[0])
    except NoValue as why:
        return str(why.diagnostic)
    finally:
        stepping.PAYS_FROM = before


def told(posting: Posting) -> tuple[Any, ...]:
    """A posting with the place of its rule: each book of programs has rules of its own."""
    return *posting[:7], None if posting.rule is None else posting.rule.written.place


def compared(text: str) -> Ledger | None:
    """The ledger of a text, which is the same whether programs are printed or not."""
    rules = read(text)
    measuring = person_ledger(rules, rules.book.ledgers[0])
    slow, fast = (
        run_of(rules, measuring.account, list(measuring.events), after) for after in (0, 1)
    )
    if isinstance(slow, str) or isinstance(fast, str):
        assert slow == fast
        return None
    assert fast.cells == slow.cells
    assert [told(each) for each in fast.postings] == [told(each) for each in slow.postings]
    assert [each.refused for each in fast.settlements] == [
        each.refused for each in slow.settlements
    ]
    return fast


@given(ledgers())
@settings(max_examples=250, deadline=None)
def test_any_rules(text: str) -> None:
    compared(text)


FULL = HEAD + """
active cover 90% of outpatient at primary above 650元 per year over all levels up to ceiling per year
active cover outpatient at secondary by marginal tiers steps per year above 650元 per year
active cover 50% of outpatient at tertiary counting cost up to 1000元 per month then further 20%
retired and age >= 70 cover 95% of outpatient up to 100元 per stay then further 50% counting cost
except when emergency cover 100% of outpatient
allow outpatient for self
allow outpatient for spouse when pooled up to 50元 per month from carried
draw current then carried, rest to cash
interest 0.35% yearly of current on daily balance posted on 01-01 to carried
interest 2.75% yearly of carried on minimum balance of month posted on 01-01
carry current into carried on 01-01
person p: birth 1954-08-20, active until 2024-06-30, retired since 2024-07-01, in somewhere
ledger p from 2024-01-01 to 2025-12-31 as listed
2024-01-01  ^o   opening carried 300元
2024-01-02  ^c   credit 100.01元 to current
2024-01-10  ^e1  outpatient 860.05元 at primary
2024-02-10  ^e2  outpatient 9860.33元 at secondary
2024-03-10  ^e3  outpatient 5000元 at tertiary
2024-04-10  ^e4  outpatient 77元 at primary with emergency
2024-05-10  ^e5  outpatient 40元 at primary for spouse
2024-06-01       pooled for spouse
2024-06-10  ^e6  outpatient 80元 at primary for spouse
2024-09-10  ^e7  outpatient 900元 at primary
"""


def test_every_kind_of_program_is_decided_by_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = compared(FULL)
    assert ledger is not None
    assert ledger.refused == []
    funds = {each.id: each.moved("fund") for each in ledger.settlements if each.kind == "bill"}
    # (860.05 - 650) * 90%; 1000 at 70% and the rest at 60%; 1000 at 50% and 4000 at 20%; all of it;
    # the pool pays nothing for others; 100 of a stay, and half of 900 - 100 / 95%.
    expected = {"e1": 18905, "e2": 626620, "e3": 130000, "e4": 7700, "e5": 0, "e6": 0}
    assert funds == {**expected, "e7": 10000 + 39737}
    monkeypatch.setattr(StepProgram, "interpreted", None)
    assert compared_cells(FULL) == ledger.cells


def compared_cells(text: str) -> tuple[int, ...]:
    """The cells of a ledger whose programs are all printed."""
    rules = read(text)
    measuring = person_ledger(rules, rules.book.ledgers[0])
    ledger = run_of(rules, measuring.account, list(measuring.events), 1)
    assert isinstance(ledger, Ledger)
    return ledger.cells


# ── what the source says ──


def lines_of(plan: step.StepPlan, given: int = GIVEN) -> list[str]:
    return [line.strip() for line in steps_source(plan, given).splitlines()]


def bill_source(text: str, relation: str = "self") -> str:
    programs = Programs(read(HEAD + text), "all")
    plans = programs.plans("somewhere", "", frozenset())
    plan = programs.bill(plans, TODAY, "outpatient", relation).plan
    return steps_source(plan, 2 + len(plan.lines), plans.interval(TODAY))


def test_the_source_of_a_bill_reads_like_its_rules() -> None:
    source = bill_source(
        "active cover 90% of outpatient above 650元 per year up to ceiling per year\n"
        "allow outpatient for self\ndraw current then carried, rest to cash\n"
    )
    lines = [line.strip() for line in source.splitlines()]
    assert lines.count("def step(cells, frame, given):") == 1
    for line in (
        "cost, eligible = given",
        "if given_status == 'active':",
        "its_exact_6 = after_deductible_9 * 9",
        "fund_10 = ((its_exact_6 + 5 - (its_exact_6 < 0)) // 10)",
        "if cell_15 > 65000 and deductible_8 > 0: raise Undecided",
        "return new, posted",
    ):
        assert line in lines
    said = [line for line in lines if line.startswith("#")]
    assert [line.split(": ", 1)[1].split(" ")[0] for line in said] == [
        "active", "above", "up", "active", "allow", "draw"
    ] or [re.sub(r"^# text:[0-9:]+ ", "", line) for line in said][0].startswith("active cover")


def test_constants_are_folded() -> None:
    source = bill_source(
        "no cover 10% of outpatient\nyes cover 100% of outpatient at primary above 0元 per visit\n"
        "draw current, rest to cash\n"
    )
    assert "10%" not in source
    assert "if True" not in source
    assert "if 0" not in source
    # Nothing is allowed, so that nothing is drawn; nobody has to wait.
    assert "'draw'" not in source
    assert "not_admitted" not in source
