"""From the oracle's descriptions of rules and events to sentences, and back from what came out."""

from datetime import date
from fractions import Fraction

from tests.ledger.oracle_parts import Item
from yibaolang import read
from yibaolang.engine.account import Account
from yibaolang.engine.events import BillLine, Event, EventFact, Heir
from yibaolang.engine.ledger import Ledger
from yibaolang.engine.programs import Programs
from yibaolang.engine.rulebook import RuleBook
from yibaolang.program.layout import COUNTER

_SCOPES = {"each": " each level", "all": " over all levels"}
_BASES = {"daily": "on daily balance", "minimum": "on minimum balance of month"}


def rule_text(rules: Item) -> str:
    """The sentences of a region with these rules."""
    month, day = rules["year_from"]
    groups = " then ".join(", ".join(group) for group in rules["phases"])
    lines = [
        f"year from {month:02}-{day:02}",
        f"day count {rules.get('day_count', 365)}",
        f"phases {groups}",
    ]
    lines += [_cover(index, cover) for index, cover in enumerate(rules["covers"])]
    lines += [_allow(each) for each in rules["allows"]]
    before = rules.get("before_cover")
    if before:
        lines.append(f"draw {before} before cover")
    lines.append(f"draw {' then '.join(rules['draw'])}, rest to cash")
    lines += [_interest(each) for each in rules["interest"]]
    lines += [
        f"carry {each['bucket']} into {each['into']} on {_month_day(each['on'])}"
        for each in rules["carries"]
    ]
    lines += [_due("credit", each) for each in rules["credits"]]
    lines += [_due("deduct", each) for each in rules["deducts"]]
    lines += ["on death close to heirs", "on emigration close to holder"]
    if not any(each.get("status") == "retired" for each in rules["credits"]):
        lines.append("retired credit none")
    if not any(each.get("status") == "active" for each in rules["credits"]):
        lines.append("active credit none")
    return "\n".join(["region 甲市", *lines])


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}元"


def _percent(rate: Fraction) -> str:
    basis_points = rate * 10000
    if basis_points.denominator != 1:
        raise ValueError("a rate of the tests has at most four decimals")
    return f"{basis_points.numerator // 100}.{basis_points.numerator % 100:02}%"


def _month_day(on: tuple[int, int]) -> str:
    return f"{on[0]:02}-{on[1]:02}"


def _counted(period: str, scope: str) -> str:
    return f" per {period}" + _SCOPES.get(scope, f" as {scope}")


def _cover(index: int, cover: Item) -> str:
    guard = " or ".join(cover.get("statuses") or ())
    start = ("except when " if cover.get("exception") else "") + (f"({guard}) " if guard else "")
    categories = ", ".join(cover["categories"])
    levels = f" at {', '.join(cover['levels'])}" if cover.get("levels") else ""
    if cover.get("tiers"):
        table = [f"table tiers_{index}", "| bill || ratio: rate |"]
        for low, high, rate in cover["tiers"]:
            top = "" if high is None else _yuan(high)
            table.append(f"| {_yuan(low)}..{top} | {_percent(rate)} |")
        period = _counted(cover["tier_period"], "each" if levels else "all")
        text = f"{start}cover {categories}{levels} by marginal tiers tiers_{index}{period}"
        return "\n".join([*table, text + _clauses(cover)])
    return f"{start}cover {_percent(cover['rate'])} of {categories}{levels}{_clauses(cover)}"


def _clauses(cover: Item) -> str:
    text = ""
    for kind, *rest in cover["clauses"]:
        if kind == "except_lines":
            text += f" except lines of {rest[0]}"
        elif kind == "then":
            fund, rate, counting, cap = rest
            text += f" then {fund} {_percent(rate)} counting {counting}"
            text += "" if cap is None else f" up to {_yuan(cap[0])}{_counted(cap[1], cap[2])}"
        else:
            words = {"cost_cap": "counting cost up to", "pay_cap": "up to"}
            fen, period, scope = rest
            text += f" {words.get(kind, kind.replace('_', ' '))} {_yuan(fen)}"
            text += _counted(period, scope)
    return text


def _allow(allow: Item) -> str:
    text = "deny " if allow.get("deny") else "allow "
    text += ", ".join(allow.get("categories") or ("outpatient", "inpatient", "drugs"))
    if allow.get("relations"):
        text += f" for {', '.join(allow['relations'])}"
    if allow.get("when"):
        bucket, fen = allow["when"]
        text += f" when {bucket} > {_yuan(fen)}"
    if allow.get("limit_fen") is not None:
        text += f" up to {_yuan(allow['limit_fen'])} per {allow['period']}"
    if allow.get("buckets"):
        text += f" from {', '.join(allow['buckets'])}"
    return text


def _interest(rule: Item) -> str:
    basis = _BASES.get(rule["basis"]) or f"on balance on {_month_day(rule['on'])}"
    into = f" to {rule['into']}" if rule.get("into") else ""
    names = ", ".join(rule["buckets"])
    posted = _month_day(rule["posted_on"])
    return f"interest {_percent(rule['rate'])} yearly of {names} {basis} posted on {posted}{into}"


def _due(verb: str, rule: Item) -> str:
    month, day = rule["on"]
    when = f"yearly on {month:02}-{day:02}" if month else f"monthly on day {day}"
    bucket = f" to {rule['bucket']}" if verb == "credit" else ""
    return f"{rule['status']} {verb} {_yuan(rule['amount_fen'])} {when}{bucket}"


# ── events and accounts ──


def event_of(item: Item) -> Event:
    """An event of the engine."""
    effective: date = item["effective"]
    booked = item.get("booked") or effective
    kind = item["kind"]
    if "of" in item:
        instead = None
        if kind == "replace":
            kept = {"id": "", "effective": effective, "booked": booked}
            instead = event_of(kept | item["with"])
        return Event(kind, effective, booked, item["id"], target=item["of"], instead=instead)
    if kind == "fact":
        facts = (EventFact("status", item["status"]),)
        return Event("fact", effective, booked, item["id"], facts=facts)
    if kind == "closing":
        shares = item.get("shares")
        heirs = tuple(Heir(name, each.numerator, each.denominator) for name, each in shares or ())
        name = "death" if shares else "emigration"
        return Event("closing", effective, booked, item["id"], name=name, heirs=heirs)
    if kind == "bill":
        lines = tuple(BillLine(*each) for each in sorted(item.get("lines", {}).items()))
        return Event(
            "bill", effective, booked, item["id"], name=item["category"],
            amount_fen=item["amount_fen"], eligible_fen=item.get("eligible_fen"),
            level=item.get("level", ""), relation=item.get("relation", "self"), lines=lines,
        )  # fmt: skip
    sign = -1 if item.get("direction") == "from" else 1
    return Event(
        kind, effective, booked, item["id"], name=item.get("bucket", ""),
        amount_fen=sign * item["amount_fen"],
    )  # fmt: skip


def rules_of(rules: Item) -> RuleBook:
    """The book of the sentences."""
    return read(rule_text(rules))


def account_of(book: RuleBook, rules: Item, first: date, last: date, as_listed: bool) -> Account:
    """The account of one person of the rules' status."""
    _, known = book.facts(rules["status"])
    return Account("张三", known, "甲市", first, last, as_listed)


def shown(ledger: Ledger, programs: Programs) -> Item:
    """What came out, as the oracle says it."""
    sums: dict[tuple[str, str, str, str], int] = {}
    for settlement in ledger.settlements:
        for posting in settlement.postings:
            name = settlement.id or settlement.day.isoformat()
            name = "" if posting.kind == "correction" else name
            key = name, posting.kind, posting.source, posting.target.removeprefix("heirs ")
            sums[key] = sums.get(key, 0) + posting.fen
    balances = ledger.balances()
    cells = programs.layout.of_kind(COUNTER)
    return {
        "receivable": balances.pop("receivable"),
        "balances": balances,
        "takes": sorted((*key, fen) for key, fen in sums.items()),
        "refused": sorted(
            (each.id, each.refused.code)
            for each in ledger.refused
            # A month in which no rule credits anything is told of; the oracle has no such notion.
            if each.refused is not None and (each.id or each.refused.code != "YB402")
        ),
        "used": sorted(ledger.cells[index] for index, _ in cells if ledger.cells[index]),
    }


def expected(result: Item) -> Item:
    """What the oracle says, in the same form."""
    sums: dict[tuple[str, str, str, str], int] = {}
    for name, kind, source, target, fen in result["takes"]:
        key = "" if kind == "correction" else name, kind, source, target
        sums[key] = sums.get(key, 0) + fen
    return {
        "receivable": result["receivable"],
        "balances": result["balances"],
        "takes": sorted((*key, fen) for key, fen in sums.items() if fen),
        "refused": sorted(result["refused"]),
    }
