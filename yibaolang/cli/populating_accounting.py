"""`yibao population --events --explain`: why an account is as it is, and whether engines agree."""

from typing import Any

from attrs import frozen

from yibaolang import __version__
from yibaolang.cli.arguments import Options
from yibaolang.cli.asking import encoding_of, one_spot
from yibaolang.cli.output import complain, print_diagnostics, print_json
from yibaolang.cli.populating_asking import days_of, rules_of, threads_of
from yibaolang.cli.populating_running import check_native
from yibaolang.cli.texts import count_of, say
from yibaolang.engine.asked import Asked
from yibaolang.engine.causes import why_balance
from yibaolang.engine.ledger_rows import Kept
from yibaolang.engine.reasons import Reason, Telling
from yibaolang.engine.rulebook import Result, RuleBook
from yibaolang.engine.telling import settled
from yibaolang.engine.words import Words
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.source import Source
from yibaolang.language.syntax import Name
from yibaolang.model.core import Written
from yibaolang.model.entries import BASE
from yibaolang.population.columns import load_arrow
from yibaolang.population.evaluate import native_there
from yibaolang.population.files_events import event_blocks, people_table
from yibaolang.population.ledger_reference import Frame, Reference

_COMPARED = ("balances", "accumulators", "refused", "postings", "years")
_IN_WORDS = ("engine", "reason")


@frozen(eq=False)
class _Asked:
    """An account, its row of people (None: there is no such file), its events, its rules."""

    account: str
    rules: RuleBook
    people: Any | None
    events: Any
    frame: Frame


def explain_account(options: Options, lang: str) -> int:
    """Print the reasons; 1 if there is no such account, something is refused, or engines differ."""
    check_native(options.engine)
    asked = _asked(options)
    if not asked.events.num_rows and not (asked.people is not None and asked.people.num_rows):
        path = options.people or options.events
        complain(say("no_account", lang, path=path, name=asked.account, suggestion=""))
        return 1
    found = {"reference": _tables(asked, options, "reference", lang)}
    if options.engine != "reference" and native_there():
        try:
            found["native"] = _tables(asked, options, "native", lang)
        except Refusal as refusal:
            # What has no native form, or packages that were asked for and are missing.
            print_diagnostics(refusal.diagnostics, lang)
    kept = _kept(asked)
    reasons, result = _reasons(asked, kept, lang), _change(asked, kept)
    differ = len(found) > 1 and _first_difference(found)
    balance = _balance(found["reference"])
    if options.json:
        print_json({
            "account": asked.account, "balance_fen": balance,
            "native": None if "native" not in found else _balance(found["native"]),
            "native_the_same": None if "native" not in found else not differ,
            "change": None if result is None else result.to_json(lang),
            "events": [each.to_json() for each in reasons],
        })  # fmt: skip
    else:
        for each in (*reasons, *([] if result is None else [result.reason(lang, asked.account)])):
            print("\n".join(each.lines()), end="\n\n")
        print_diagnostics(kept.why, lang)
    if differ:
        complain(say(
            "kernel_differs", lang, value=differ, other=str(balance), version=__version__,
        ))  # fmt: skip
        return 1
    if not options.json:
        print(_agreed(found, lang))
    return 1 if found["reference"].refused.num_rows else 0


def _asked(options: Options) -> _Asked:
    """The rows of the account, from files that are read block by block."""
    account, encoding = options.explain, encoding_of(options)
    first, last = days_of(options)
    rules, spot = rules_of(options), one_spot(options)
    people = None
    if options.people:
        people = _own(people_table(options.people, rules.book, encoding), account)
    arrow = load_arrow()
    blocks = (each.rows for each in event_blocks(options.events, encoding))
    parts = [_own(arrow.Table.from_batches([rows]), account) for rows in blocks]
    some = [each for each in parts if each.num_rows] or parts[:1]
    empty = arrow.table({name: arrow.array([], arrow.string())
                         for name in ("account", "date", "kind")})  # fmt: skip
    events = arrow.concat_tables(some, promote_options="permissive") if some else empty
    region = rules.region(spot.region) if spot.region else BASE
    return _Asked(account, rules, people, events, Frame(first, last, region, options.as_listed))


def _own(table: Any, account: str) -> Any:
    """The rows of an account."""
    arrow = load_arrow()
    names = table.column("account").cast(arrow.string())
    return table.filter(arrow.compute.equal(names, account))


def _tables(asked: _Asked, options: Options, engine: str, lang: str) -> Any:
    frame = asked.frame
    return asked.rules.ledgers(
        asked.people, asked.events, first=frame.first, last=frame.last, postings=True, years=True,
        region="" if frame.region == BASE else frame.region, engine=engine,
        threads=threads_of(options) or 1, as_listed=frame.as_listed, sort=True, lang=lang,
    )  # fmt: skip


def _kept(asked: _Asked) -> Kept:
    """What came of the account, as the reference engine tells it."""
    holder = None
    if asked.people is not None and asked.people.num_rows:
        (holder, *_) = asked.people.to_pylist()
    rows = asked.events.to_pylist()
    return Reference(asked.rules, asked.frame).account(asked.account, rows, holder)


def _reasons(asked: _Asked, kept: Kept, lang: str) -> list[Reason]:
    """What came of each bill and correction, and of what was refused, with all its steps."""
    if kept.measuring is None or kept.ledger is None:
        return []
    telling = Telling(Words(asked.rules.book, lang))
    return [
        settled(telling, each, True)
        for each in kept.measuring.ledger().settlements
        if each.refused is not None or (each.event is not None and each.event.kind == "bill")
    ]


def _change(asked: _Asked, kept: Kept) -> Result | None:
    """Why the balance changed; None if the account could not be run."""
    if kept.measuring is None or kept.ledger is None:
        return None
    written = Written(Source.of("account", "balance"), Name((0, 7), "balance"))
    span = Asked.span(asked.frame.first, asked.frame.last)
    try:
        return Result(why_balance(kept.measuring, "balance", span, written), asked.rules.book)
    except Refusal:
        return None


# ── the two engines ──


def _balance(found: Any) -> int | None:
    rows = found.balances.column("balance_fen").to_pylist()
    return sum(rows) if rows else None


def _first_difference(found: dict[str, Any]) -> str:
    """The first table in which native code says something else, with its rows; "" if none."""
    for name in _COMPARED:
        one, other = (_plain(getattr(found[engine], name)) for engine in ("native", "reference"))
        if one != other:
            return f"{name} {next((each for each in one if each not in other), one)}"
    return ""


def _plain(table: Any) -> list[dict[str, Any]]:
    """The rows of a table, without the engine that made them and what is said in words."""
    rows: list[dict[str, Any]] = table.to_pylist()
    return [{key: value for key, value in row.items() if key not in _IN_WORDS} for row in rows]


def _agreed(found: dict[str, Any], lang: str) -> str:
    native = found.get("native")
    if native is None or not native.engines.get("native"):
        return say("by_reference", lang)
    rows = count_of("postings", lang, native.postings.num_rows)
    return say("account_same", lang, rows=rows)
