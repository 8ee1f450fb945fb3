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
from yibaolang.program.running import Broken, Run
from yibaolang.program.stepping import StepProgram

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
@settings(max_examples=300, deadline=None)
def test_any_program(
    plan: step.StepPlan, state: tuple[list[int], list[int]], facts: dict[str, b.Given],
    day: date, within: Within,
) -> None:  # fmt: skip
    cells, given_fen = state
    agreed(plan, cells, given_fen, day, within, **facts)


@given(step_plans(), states(), known())
@settings(max_examples=100, deadline=None)
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
@settings(max_examples=80, deadline=None)
def test_any_rules(text: str) -> None:
    compared(text)


FULL = (
    HEAD
    + """
active cover 90% of outpatient at primary above 650元 per year up to ceiling per year
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
)


def test_every_kind_of_program_is_decided_by_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = compared(FULL)
    assert ledger is not None
    assert ledger.refused == []
    funds = {each.id: each.moved("fund") for each in ledger.settlements if each.kind == "bill"}
    # (860.05 - 650) * 90%; 350 at 70% and 8860.33 at 60%; 1000 at 50%; all; the pool pays for no
    # others; 100 for a stay, and half of 900 - 100 / 95%.
    paid = {"e1": 18905, "e2": 24500 + 531620, "e3": 50000, "e4": 7700, "e5": 0, "e6": 0}
    assert funds == {**paid, "e7": 10000 + 39737}
    monkeypatch.setattr(StepProgram, "interpreted", None)
    rules = read(FULL)
    measuring = person_ledger(rules, rules.book.ledgers[0])
    again = run_of(rules, measuring.account, list(measuring.events), 1)
    assert isinstance(again, Ledger)
    assert again.cells == ledger.cells


def test_programs_are_printed_after_some_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepping, "PAYS_FROM", 3)
    made: list[int] = []
    monkeypatch.setattr(StepProgram, "fast", lambda _program, given: made.append(given))
    program = StepProgram(plan_of(post(step.Held(0), 0)))
    for _ in range(2):
        program.run([5] * 6, frame_of(), [2, 2], False)
    program.run([5] * 6, frame_of(), [2, 2], True)
    assert made == []
    for _ in range(3):
        assert program.run([5] * 6, frame_of(), [2, 2], False).cells == [3, 5, 5, 5, 5, 7]
    assert made == [2]


# ── what the code leaves to the interpreter ──

NONE: step.Block = ()
RETIRED, ACTIVE = b.is_status("retired"), b.is_status("active")


def branch(guard: Expr | None, *steps: step.Instruction, exception: bool = False) -> step.Branch:
    return step.Branch(b.rule(), guard, exception, steps)


def code_of(found: Any) -> str:
    return str(getattr(found, "code", found))


def test_refusals() -> None:
    pays = post(step.Fen(7))
    one = step.Choose("draw", (branch(RETIRED, pays), branch(ACTIVE, pays)), None)
    assert agreed(plan_of(one), [0] * 6, [0, 0], status="active")[1]
    for facts, code in ({"status": "flexible"}, "YB402"), ({}, "YB401"):
        found, decided = agreed(plan_of(one), [0] * 6, [0, 0], **facts)
        assert (code_of(found), decided) == (code, False)
    both = step.Choose("draw", (branch(RETIRED, pays), branch(b.no(ACTIVE), pays)), None)
    assert code_of(agreed(plan_of(both), [0] * 6, [0, 0], status="retired")[0]) == "YB403"
    assert agreed(plan_of(both), [0] * 6, [0, 0], status="flexible")[1]
    nothing = step.Choose("draw", (), None)
    assert code_of(agreed(plan_of(nothing), [0] * 6, [0, 0])[0]) == "YB402"
    refuse = step.Refuse("YB437", b.rule(), ())
    assert code_of(agreed(plan_of(refuse, pays), [0] * 6, [0, 0])[0]) == "YB437"


def test_exceptions_beat_the_others() -> None:
    others = branch(None, post(step.Fen(1))), branch(RETIRED, post(step.Fen(2)))
    exception = branch(ACTIVE, post(step.Fen(4)), exception=True)
    plan = plan_of(step.Choose("draw", (*others, exception), None))
    assert agreed(plan, [0] * 6, [0, 0], status="active")[0][0][5] == 4
    assert code_of(agreed(plan, [0] * 6, [0, 0], status="retired")[0]) == "YB403"
    assert agreed(plan, [0] * 6, [0, 0], status="flexible")[0][0][5] == 1
    always = branch(b.truth(True), post(step.Fen(8)), exception=True)
    plan = plan_of(step.Choose("draw", (*others, always), None))
    assert "given_status" not in steps_source(plan, 2)
    assert agreed(plan, [0] * 6, [0, 0])[0][0][5] == 8


def test_a_counter_beyond_its_limit_is_a_fault_of_the_engine() -> None:
    accrue = step.Accrue(0, step.Held(0), step.Held(1))
    found, decided = agreed(plan_of(accrue), [50] * 6, [51, 100])
    assert (found[:11], decided) == ("invariant 3", False)
    assert agreed(plan_of(accrue), [50] * 6, [50, 100]) == (([100, 50, 50, 50, 50, 50], []), True)
    assert agreed(plan_of(accrue), [200] * 6, [0, 100])[1]
    itself = step.Accrue(0, step.InCell(0), step.Fen(100))
    assert agreed(plan_of(itself), [50] * 6, [0, 0])[0][0][0] == 100
    assert agreed(plan_of(itself), [51] * 6, [0, 0])[0][:11] == "invariant 3"


def test_amounts_beyond_the_last_tier() -> None:
    rates = b.rate(7, 10), b.rate(3, 5)
    for whole, in_cents in (False, 70 + 60), (True, 120):
        band = step.Band(
            step.Fen(0), step.Held(0), (100, 200), rates, whole, "t", b.AT, ROUNDING
        )  # fmt: skip
        plan = plan_of(post(band))
        assert agreed(plan, [0] * 6, [200, 0])[0][0][5] == in_cents
        found, decided = agreed(plan, [0] * 6, [201, 0])
        assert (code_of(found), decided) == ("YB412", False)
    with pytest.raises(CannotPrint, match="without tiers"):
        nothing = step.Band(step.Fen(0), step.Held(0), (), (), False, "t", b.AT, ROUNDING)
        steps_source(plan_of(post(nothing)), 2)


def test_what_is_missing_does_not_matter_where_it_is_not_looked_at() -> None:
    senior = b.every(RETIRED, b.compare(b.AGE_NOW, ">=", b.years_old(70)))
    either = b.either(ACTIVE, b.compare(b.AGE_NOW, "<", b.years_old(70)))
    plan = plan_of(step.Choose("draw", (branch(senior), branch(either, post(step.Fen(3)))), None))
    assert agreed(plan, [0] * 6, [0, 0], status="active")[1]
    assert not agreed(plan, [0] * 6, [0, 0], status="retired")[1]
    born = date(1960, 1, 1)
    assert agreed(plan, [0] * 6, [0, 0], status="retired", birth=born)[0][0][5] == 3


def test_what_is_given_instead_is_read_by_the_interpreter() -> None:
    pension = b.param("avg_pension", b.row("", "", 800))
    half = b.define("half", b.share(b.rate(1, 2), pension))
    plan = plan_of(post(amount(half)))
    assert agreed(plan, [0] * 6, [0, 0])[0][0][5] == 400
    assert "half_" not in steps_source(plan, 2)
    for name in "avg_pension", "half":
        frame = b.knowing((name,), **{name: 30}).frame(b.NAMES, TODAY)
        with pytest.raises(Undecided):
            compile_steps(plan, 2)([0] * 6, frame, [0, 0])
        fast, slow = StepProgram(plan), StepProgram(plan)
        assert fast.fast(2) is not None
        assert fast.run([0] * 6, list(frame), [0, 0], False).posted == (
            slow.run([0] * 6, list(frame), [0, 0], False).posted
        )
    instead = plan_of(post(amount(b.instead("half", MONEY))))
    frame = b.knowing(("half",), half=(DatedFact(31),)).frame(b.NAMES, TODAY)
    assert compile_steps(instead, 2)([0] * 6, frame, [0, 0])[0][5] == 31


def test_a_param_of_the_days_of_the_plan_is_a_constant() -> None:
    rows = b.row("2023-01-01", "2023-12-31", 7), b.row("2024-01-01", "", 9)
    plan = plan_of(post(amount(b.param("avg_pension", *rows))))
    year = date(2024, 1, 1), date(2024, 12, 31)
    assert "frame)" not in steps_source(plan, 2, year)
    assert "its_read_1(frame)" in steps_source(plan, 2)
    for day, fen, decided in (
        (TODAY, 9, True), (date(2023, 5, 5), 7, False), (date(2025, 1, 1), 9, False),
    ):  # fmt: skip
        found = agreed(plan, [0] * 6, [0, 0], day, year)
        assert (found[0][0][5], found[1]) == (fen, decided)
    assert code_of(agreed(plan, [0] * 6, [0, 0], None, year)[0]) == "YB414"
    assert agreed(plan, [0] * 6, [0, 0], date(2023, 5, 5))[1]


def test_days_and_other_dates() -> None:
    for word in "today", "year_start", "first_of_month":
        later = b.compare(b.word(word), ">=", b.fact("enrolled"))
        plan = plan_of(step.When(later, (post(step.Fen(1)),), NONE, "", None))
        assert agreed(plan, [0] * 6, [0, 0], enrolled=date(2024, 1, 1))[0][0][5] == 1
        assert agreed(plan, [0] * 6, [0, 0], enrolled=TODAY)[1]
        undated = agreed(plan, [0] * 6, [0, 0], None, enrolled=TODAY)
        assert undated[1] is (word == "year_start")
    posted = b.compare(b.word("posting_day"), ">=", b.fact("enrolled"))
    plan = plan_of(step.When(posted, (post(step.Fen(1)),), NONE, "", None))
    assert code_of(agreed(plan, [0] * 6, [0, 0], enrolled=TODAY)[0]) == "YB418"
    then = b.as_of(b.AGE_NOW, b.day("2020-01-01"))
    old = b.compare(then, ">=", b.years_old(60))
    plan = plan_of(step.When(old, (post(step.Fen(1)),), NONE, "", None))
    assert agreed(plan, [0] * 6, [0, 0], birth=date(1960, 1, 1)) == (
        ([0, 0, 0, 0, 0, 1], [stepping.Posted("draw", "current", "provider", 1, plan_rule(plan))]),
        True,
    )


def plan_rule(plan: step.StepPlan) -> Any:
    when = plan.steps[0]
    assert isinstance(when, step.When)
    first = when.then[0]
    assert isinstance(first, step.Post)
    return first.rule


def test_money_that_leaves_a_cell_is_what_the_cell_held() -> None:
    plan = plan_of(post(step.InCell(0), 0, 1), let(2, step.InCell(0)), post(step.Held(2), 1, 0))
    found, decided = agreed(plan, [30, 4, 0, 0, 0, 0], [0, 0])
    assert decided
    assert found[0] == [0, 34, 0, 0, 0, 30]
    within = step.WhenPositive(step.Held(0), (post(step.InCell(0), 0, 1),), NONE)
    plan = plan_of(within, post(step.InCell(0), 0, 1), post(step.InCell(1), 1, 0))
    assert agreed(plan, [30, 4, 0, 0, 0, 0], [1, 0])[0][0] == [34, 0, 0, 0, 0, 64]


def test_what_the_ledger_tells_is_read_from_its_name() -> None:
    slot = b.slot("low")
    low = core.FactOf(MONEY, 1, b.AT, "low", slot)
    give = step.Give(slot, step.InCell(0))
    more = step.When(b.compare(low, ">", b.money(10)), (post(step.Fen(1)),), NONE, "", None)
    plan = plan_of(give, step.Store(0, step.Fen(3)), more)
    assert f"told_{slot} = frame[{slot}] = cell_0" in lines_of(plan)
    assert agreed(plan, [11] * 6, [0, 0])[0][0][5] == 12
    assert agreed(plan, [10] * 6, [0, 0])[0][0][5] == 10
    assert not any("frame" in line for line in lines_of(plan_of(give))[4:])


def test_the_number_of_registers_given_is_checked() -> None:
    for plan in plan_of(post(step.Held(0))), plan_of(post(step.Fen(1))):
        made = compile_steps(plan, 2)
        assert made([0] * 6, frame_of(), [1, 1])[0][5] == 1
        with pytest.raises(UNDECIDED):
            made([0] * 6, frame_of(), [1])
    # A third one is not given, so it is 0.
    assert agreed(plan_of(post(step.Held(2))), [0] * 6, [1, 1])[0] == ([0] * 6, [])


# ── what the source says ──


def lines_of(plan: step.StepPlan, given: int = GIVEN) -> list[str]:
    return [line.strip() for line in steps_source(plan, given).splitlines()]


def bill_source(text: str) -> str:
    programs = Programs(read(HEAD + text), "all")
    plans = programs.plans("somewhere", "", frozenset())
    plan = programs.bill(plans, TODAY, "outpatient", "self").plan
    return steps_source(plan, 2 + len(plan.lines), plans.interval(TODAY))


def test_the_source_of_a_bill_reads_like_its_rules() -> None:
    rules = (
        "active cover 90% of outpatient above 650元 per year up to ceiling per year",
        "allow outpatient for self",
        "draw current then carried, rest to cash",
    )
    lines = [line.strip() for line in bill_source("\n".join(rules)).splitlines()]
    for line in (
        "def step(cells, frame, given):",
        "cost, eligible = given",
        "if given_status == 'active':",
        "its_exact_3 = after_deductible_9 * 9",
        "fund_10 = ((its_exact_3 + 5 - (its_exact_3 < 0)) // 10)",
        "if cell_15 > 65000 and deductible_8 > 0: raise Undecided",
        "return new, posted",
    ):
        assert line in lines
    said = [re.sub("^# text:[0-9]+:[0-9]+: ", "", line) for line in lines if line[:1] == "#"]
    assert said == list(rules)


def test_constants_are_folded() -> None:
    source = bill_source(
        "no cover 10% of outpatient\nyes cover 100% of outpatient at primary above 0元 per visit\n"
        "draw current, rest to cash\n"
    )
    # Nothing is allowed, so that nothing is drawn; nobody has to wait.
    for word in "10%", "True", "if 0", "'draw'", "new[0]", "* 1":
        assert word not in source
    kept = plan_of(step.When(b.truth(False), (post(step.Fen(1)),), (post(step.Fen(2)),), "", None))
    assert "(Posted, ('draw', 'current', 'provider', 2, " in steps_source(kept, 2)
    assert "1, its" not in steps_source(kept, 2)


def test_what_nobody_reads_is_left_out_unless_it_may_fail() -> None:
    unread = let(3, step.Less(step.Held(0), step.Held(1)))
    assert not any("amount_3" in line for line in lines_of(plan_of(unread)))
    assert not any("cost" in line for line in lines_of(plan_of(unread)))
    failing = let(3, amount(b.fact("base")))
    assert any(line.startswith("amount_3 =") for line in lines_of(plan_of(failing)))
    assert code_of(agreed(plan_of(failing), [0] * 6, [0, 0])[0]) == "YB401"


def test_many_choices_beside_and_inside_each_other() -> None:
    values = [f"value{index}" for index in range(30)]
    guards = [b.compare(b.fact("status"), "=", b.core.Constant(b.STATUS, 1, b.AT, each))
              for each in values]  # fmt: skip
    branches = tuple(branch(each, post(step.Fen(9 + n))) for n, each in enumerate(guards))
    plan = plan_of(step.Choose("draw", branches, NONE))
    assert agreed(plan, [0] * 6, [0, 0], status="value29")[0][0][5] == 38
    assert agreed(plan, [0] * 6, [0, 0], status="other") == (([0] * 6, []), True)
    inside: step.Instruction = post(step.Fen(1))
    for _ in range(60):
        inside = step.When(b.fact("male"), (inside,), NONE, "", None)
    assert StepProgram(plan_of(inside)).fast(2) is None
    with pytest.raises(CannotPrint, match="so deep a choice"):
        steps_source(plan_of(inside), 2)
    program = StepProgram(plan_of(inside))
    program.fast(2)
    assert program.run([0] * 6, frame_of(male=True), [0, 0], False).cells[5] == 1


def test_texts_of_a_document_stay_texts() -> None:
    evil = "x'\n    raise SystemExit\n'\\\r\x0c\u2028"
    moved = step.Post("fund", evil, "provider", None, None, 5, step.Held(0), b.rule())
    labelled = step.Let(3, step.Held(0), evil, b.rule(), None, None, None)
    guard = b.compare(b.fact("status"), "=", b.core.Constant(b.STATUS, 1, b.AT, evil))
    plan = plan_of(step.When(guard, (labelled, moved), NONE, "", None), post(step.Held(3)))
    found, decided = agreed(plan, [0] * 6, [4, 0], status=evil)
    assert decided
    assert found[1][0].source == evil


def test_slots_are_unset_and_not_none() -> None:
    frame = frame_of()
    assert frame[b.slot("base")] is UNSET
    made = compile_steps(plan_of(post(amount(b.fact("base")))), 2)
    with pytest.raises(NoValue):
        made([0] * 6, frame, [0, 0])
