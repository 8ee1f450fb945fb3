"""How each kind of event changes an account: one small function for each."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from yibaolang.engine.events import Event, Heir
from yibaolang.engine.placing import Placed
from yibaolang.engine.postings import CASH, FUND, OPENING, RECEIVABLE, Till
from yibaolang.language.diagnostics import Refusal, Said, diagnostic
from yibaolang.model.core import FIRST
from yibaolang.model.kinds import kind_words
from yibaolang.model.provisions import Close, Draw
from yibaolang.model.values import MONEY, format_value
from yibaolang.program.figure import ValueProgram
from yibaolang.program.frame import Frame
from yibaolang.program.novalue import NoValue
from yibaolang.program.running import Met, Posted
from yibaolang.program.stepping import StepProgram

if TYPE_CHECKING:
    from yibaolang.engine.ledger import Running


class Happened(NamedTuple):
    """What was posted, and what was met on the way."""

    posted: list[Posted]
    met: list[Met]


Handler = Callable[["Running", Placed], Happened]


def _with_till(move: Callable[["Running", Placed, Till], None]) -> Handler:
    """A handler that moves money by a till, kept at the end."""

    def handler(running: "Running", each: Placed) -> Happened:
        _refuse_problem(each)
        till = running.till()
        move(running, each, till)
        running.cells = till.cells
        return Happened(till.posted, [])

    return handler


def _refuse_problem(each: Placed) -> None:
    if each.problem is not None:
        raise Refusal(each.problem)


def _event_of(each: Placed) -> Event:
    if each.event is None:
        raise TypeError(f"a {each.kind} is an event")
    return each.event


# ── money that is said to move ──


def _opening(running: "Running", each: Placed, till: Till) -> None:
    event = _event_of(each)
    till.move("opening", OPENING, event.name or running.programs.buckets[0], event.amount_fen)


def _credit(running: "Running", each: Placed, till: Till) -> None:
    event = _event_of(each)
    till.move("credit", FUND, event.name or running.programs.buckets[0], event.amount_fen)


def _adjust(running: "Running", each: Placed, till: Till) -> None:
    event = _event_of(each)
    buckets = (event.name,) if event.name else running.programs.buckets
    if event.amount_fen < 0:
        till.take_back("adjust", buckets, -event.amount_fen)
    else:
        till.move("adjust", FUND, buckets[0], event.amount_fen)


def _repaid(running: "Running", each: Placed, till: Till) -> None:
    event = _event_of(each)
    owed = running.cells[running.layout.receivable()]
    if event.amount_fen > owed:
        paid, owing = format_value(MONEY, event.amount_fen), format_value(MONEY, owed)
        raise Refusal(diagnostic("YB444", event.place, paid=paid, owed=owing))
    till.move("repaid", CASH, RECEIVABLE, event.amount_fen)


# ── what is due, and corrections of it ──


def _due_credit(running: "Running", each: Placed, till: Till) -> None:
    due = each.due
    if due is None or due.chosen is None:
        raise TypeError("what is due has been chosen")
    bucket = due.bucket or running.programs.buckets[0]
    till.move("credit", FUND, bucket, due.fen, due.chosen.arm.rule)


def _due_deduct(running: "Running", each: Placed, till: Till) -> None:
    due = each.due
    if due is None or due.chosen is None:
        raise TypeError("what is due has been chosen")
    till.take_back("deduct", _draw_order(running, each.day), due.fen, due.chosen.arm.rule)


def _draw_order(running: "Running", day: date) -> tuple[str, ...]:
    """The order in which the region draws on buckets, if one rule always says so."""
    draws = [
        rule
        for rule in running.plans.provisions("draw", day)
        if isinstance(rule, Draw) and not rule.before_cover
    ]
    if len(draws) == 1 and draws[0].guard is None:
        return draws[0].buckets
    return running.programs.buckets


def _correction(running: "Running", each: Placed, till: Till) -> None:
    """Post each bucket's net difference; it gives back first, then those it carries into."""
    changed: dict[str, int] = {}
    for change in each.changes:
        bucket = change.due.bucket or running.programs.buckets[0]
        fen = change.fen if change.due.figure == "credit" else -change.fen
        changed[bucket] = changed.get(bucket, 0) + fen
    for bucket, fen in changed.items():
        if fen > 0:
            till.move("correction", FUND, bucket, fen)
        else:
            till.take_back("correction", running.turn.carried_into(bucket), -fen)


# ── bills ──


def _bill(running: "Running", each: Placed) -> Happened:
    _refuse_problem(each)
    event = _event_of(each)
    program = running.programs.bill(running.plans, each.day, event.name, event.relation)
    running.pad()
    eligible = event.amount_fen if event.eligible_fen is None else event.eligible_fen
    given = [event.amount_fen, eligible]
    given += [
        sum(line.amount_fen for line in event.lines if line.category == category)
        for category in program.plan.lines
    ]
    run = program.run(running.cells, _bill_frame(running, program, event, each.day), given,
                      running.explained)  # fmt: skip
    running.cells = run.cells
    return Happened(run.posted, run.met)


def _bill_frame(running: "Running", program: StepProgram, event: Event, day: date) -> Frame:
    """The facts on the day, and what the bill says of itself."""
    stage = running.stage(day)
    names = program.plan.names
    frame = stage.known.scenario.frame(names, day, None, running.year[0])
    slots = running.plans.slots
    eligible = event.amount_fen if event.eligible_fen is None else event.eligible_fen
    facts: dict[str, Any] = {
        "bill": eligible, "submitted_on": event.booked, "relation": event.relation,
    }  # fmt: skip
    if event.level:
        facts["level"] = event.level
    if event.relation != "self":
        bound = stage.bound(event.relation, event.member, day)
        if bound is not None:
            facts["pooled"] = bound
    for fact in event.facts:
        facts[fact.name] = fact.value
    for name, value in facts.items():
        slot = slots.get(name)
        if slot is not None and slot - FIRST < len(names):
            frame[slot] = value
    return frame


# ── the end of an account, a move, and time ──


def _closing(running: "Running", each: Placed, till: Till) -> None:
    event = _event_of(each)
    rule = _close_rule(running, event, each.day)
    missing = [text for text in rule.documents if text not in event.documents]
    if missing:
        documents = Said(", ".join(missing), "\u3001".join(missing))
        raise Refusal(diagnostic("YB446", event.place, documents=documents))
    heirs = event.heirs if rule.to == "heirs" and event.heirs else (Heir(""),)
    layout = running.layout
    total = sum(till.cells[layout.bucket(bucket)] for bucket in running.programs.buckets)
    for heir, fen in zip(heirs, shares_of(total, heirs), strict=True):
        target = f"{rule.to} {heir.name}".rstrip()
        for bucket in running.programs.buckets:
            part = min(fen, till.cells[layout.bucket(bucket)])
            till.move("close", bucket, target, part, rule.rule)
            fen -= part
    running.closed = each.day


def _close_rule(running: "Running", event: Event, day: date) -> Close:
    """The one rule of closing that applies; Refusal YB402 or YB403."""
    kind = f"close {event.name}"
    scenario = running.stage(day).known.scenario
    holding = []
    for each in running.plans.provisions(kind, day):
        if not isinstance(each, Close):
            continue
        if each.guard is not None:
            holds = ValueProgram(each.guard).run(scenario, day, running.year[0])
            if isinstance(holds, NoValue):
                raise holds
            if not holds:
                continue
        holding.append(each)
    if len(holding) != 1:
        code = "YB403" if holding else "YB402"
        place = holding[0].rule.written.place if holding else event.place
        region, shown = running.plans.region, day.isoformat()
        raise Refusal(diagnostic(code, place, figure=kind_words(kind), region=region, date=shown))
    return holding[0]


def shares_of(total_fen: int, heirs: tuple[Heir, ...]) -> list[int]:
    """A sum in shares: equal ones, or by weight. Odd fen go by largest remainder, ties by order.

    >>> shares_of(100, (Heir("a"), Heir("b"), Heir("c")))
    [34, 33, 33]
    >>> shares_of(101, (Heir("a", 1, 2), Heir("b", 1, 4), Heir("c", 1, 4)))
    [51, 25, 25]
    """
    from math import lcm

    equal = all(each.numerator == 0 for each in heirs)
    below = lcm(*(each.denominator for each in heirs))
    weights = [1 if equal else each.numerator * (below // each.denominator) for each in heirs]
    whole = sum(weights)
    found = [total_fen * weight // whole for weight in weights]
    rest = [total_fen * weight % whole for weight in weights]
    by_rest = sorted(range(len(heirs)), key=lambda index: (-rest[index], index))
    for index in by_rest[: total_fen - sum(found)]:
        found[index] += 1
    return found


def _moves(running: "Running", each: Placed) -> Happened:
    """The old region settles the interest that it owes; then the new one's rules hold."""
    _refuse_problem(each)
    return Happened([], [])


def _time(running: "Running", each: Placed) -> Happened:
    if each.item is None:
        raise TypeError("an item of time is an Item")
    return running.run_item(each.item)


HANDLERS: dict[str, Handler] = {
    "opening": _with_till(_opening),
    "credit": _with_till(_credit),
    "adjust": _with_till(_adjust),
    "repaid": _with_till(_repaid),
    "due credit": _with_till(_due_credit),
    "due deduct": _with_till(_due_deduct),
    "correction": _with_till(_correction),
    "bill": _bill,
    "closing": _with_till(_closing),
    "moves": _moves,
    "carry": _time,
    "interest": _time,
    "looked at": _time,
    "month turn": _time,
}
