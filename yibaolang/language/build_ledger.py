"""From reductions of the grammar to syntax nodes: ledgers, events, and questions about them.

The methods are named after rules and aliases of grammars/yibao.lark, as in `build_expressions`.
"""

from typing import Any

from yibaolang.language.build_expressions import Children
from yibaolang.language.build_rules import RuleBuilder
from yibaolang.language.source import Span
from yibaolang.language.syntax import (
    DateLiteral,
    DayCount,
    Event,
    EventLine,
    Happening,
    HeirShare,
    Holiday,
    Ledger,
    Literal,
    Name,
    Origin,
    Phases,
    PostOn,
    Why,
    WhyNot,
)  # fmt: skip
from yibaolang.language.tokens import Token

_LONGEST_YEAR = 366
_Clauses = dict[str, Any]
_Happened = tuple[Happening, _Clauses]
"""What happens, and what else its sentence says of the event: since when, and its source."""

_Clause = tuple[str, Any]


class LedgerBuilder(RuleBuilder):
    """Builds the sentences of ledgers, and with what it inherits every sentence."""

    def ledger(self, children: Children) -> Ledger:
        person, start, end, as_listed = children
        return Ledger(
            self.span, self._name(person), self.date_at(start), self._date(end), as_listed is True
        )

    def as_listed(self, children: Children) -> bool:
        return True

    def _name(self, token: Token | None) -> Name | None:
        return None if token is None else self.name_at(token)

    def _date(self, token: Token | None) -> DateLiteral | None:
        return None if token is None else self.date_at(token)

    # ── events ──

    def event(self, children: Children) -> Event:
        date, name, (happening, found) = children
        text = "" if name is None else name.value
        origin = Origin(self.span, *(found.get(key, "") for key in ("cite", "attested", "because")))
        return Event(self.span, self.date_at(date), text, happening, found.get("effective"), origin)

    def _happening(self, span: Span, kind: str, found: _Clauses, **parts: Any) -> Happening:
        """What happens, of what it must say and of those clauses that are about it."""
        relation, member = found.get("for", (None, None))
        parts = {"name": None, "amount": None, "value": None, **parts}
        return Happening(
            span, kind, parts["name"], parts["amount"], parts["value"], found.get("at"), relation,
            member, found.get("eligible"), found.get("including", ()), found.get("with", ()),
            parts.get("bucket"), parts.get("direction", ""), found.get("to", ()),
            found.get("showing", ()), parts.get("target", ""), parts.get("instead"),
            parts.get("version", ""), parts.get("figure"), parts.get("of", ""),
            parts.get("sign", ""), parts.get("code", ""), parts.get("text", ""),
        )  # fmt: skip

    def _happened(self, kind: str, clauses: Children, **parts: Any) -> _Happened:
        found = self.clauses_of(clauses)
        return self._happening(self.span, kind, found, **parts), found

    def _named(self, kind: str, token: Token, clauses: Children, **parts: Any) -> _Happened:
        """What happens of a name; its place is that of the name and of what it is said to be."""
        name = self.name_at(token)
        last = parts.get("amount") or parts.get("value") or name
        found = self.clauses_of(clauses)
        span = (name.span[0], max(name.span[1], last.span[1]))
        return self._happening(span, kind, found, name=name, **parts), found

    def opening(self, children: Children) -> _Happened:
        bucket, amount, *clauses = children
        return self._happened("opening", clauses, amount=amount, bucket=self.name_at(bucket))

    def bill(self, children: Children) -> _Happened:
        name, amount, *clauses = children
        return self._named("amount", name, clauses, amount=amount)

    def begins(self, children: Children) -> _Happened:
        name, *clauses = children
        shared = [("to", each) if type(each) is list else each for each in clauses]
        shares = [(kind, tuple(said) if kind == "to" else said) for kind, said in shared]
        return self._named("holds", name, shares)

    def ends(self, children: Children) -> _Happened:
        name, *clauses = children
        return self._named("not", name, clauses)

    def becomes(self, children: Children) -> _Happened:
        name, value, *clauses = children
        return self._named("value", name, clauses, value=value)

    def credited(self, children: Children) -> _Happened:
        amount, *others = children
        clauses = [("to", each) if isinstance(each, Token) else each for each in others]
        found = self.clauses_of(clauses)
        bucket = self._name(found.pop("to", None))
        said = {"amount": amount, "bucket": bucket, "direction": "to" if bucket else ""}
        return self._happening(self.span, "credit", found, **said), found

    def direction(self, children: Children) -> str:
        word: str = children[0].type[1:].lower()
        return word

    def adjusted(self, children: Children) -> _Happened:
        amount, *others = children
        at = next(index for index, each in enumerate(others) if type(each) is str)
        direction, bucket = others[at : at + 2]
        return self.adjusted_reversed([direction, bucket, amount, *others[:at], *others[at + 2 :]])

    def adjusted_reversed(self, children: Children) -> _Happened:
        direction, bucket, amount, *clauses = children
        named = self.name_at(bucket)
        said = {"amount": amount, "bucket": named, "direction": direction}
        return self._happened("adjust", clauses, **said)

    def repaid(self, children: Children) -> _Happened:
        amount, *clauses = children
        return self._happened("repaid", clauses, amount=amount)

    def moves(self, children: Children) -> _Happened:
        region, version, *clauses = children
        text = "" if version is None else version.value
        return self._happened("moves", clauses, name=self.name_at(region), version=text)

    def voided(self, children: Children) -> _Happened:
        target, *clauses = children
        return self._happened("void", clauses, target=target.value)

    def replaced(self, children: Children) -> _Happened:
        target, (instead, found) = children
        said = {"target": target.value, "instead": instead}
        return self._happening(self.span, "replace", {}, **said), found

    def expected_value(self, children: Children) -> _Happened:
        (figure, event), sign, value, *clauses = children
        said = {"figure": figure, "of": event, "sign": sign, "value": value}
        return self._happened("expect", clauses, **said)

    def expected_refused(self, children: Children) -> _Happened:
        (figure, event), *rest = children
        code = rest.pop(0).value if rest and isinstance(rest[0], Token) else ""
        said = {"figure": figure, "of": event, "sign": "refused", "code": code}
        return self._happened("expect", rest, **said)

    def sealed(self, children: Children) -> _Happened:
        text, *clauses = children
        return self._happened("seal", clauses, text=text.value)

    # ── what an event says ──

    def paid(self, children: Children) -> Literal:
        """An amount of whole fen; a bare number is one of yuan."""
        token: Token = children[0]
        text = token.value if token.type == "MONEY" else f"{token.value}元"
        amount = self.literal([Token("MONEY", text, token.start_pos, token.end_pos)])
        if not isinstance(amount, Literal) or amount.denominator != 1:
            raise self.refuse("YB218", amount.span, text=token.value)
        return amount

    def clause_at(self, children: Children) -> _Clause:
        return "at", self.name_at(children[0])

    def clause_eligible(self, children: Children) -> _Clause:
        return "eligible", children[0]

    def clause_including(self, children: Children) -> _Clause:
        return "including", tuple(children)

    def bill_line(self, children: Children) -> EventLine:
        name, amount = children
        return EventLine((name.start_pos, amount.span[1]), self.name_at(name), amount)

    def clause_with(self, children: Children) -> _Clause:
        return "with", children[0]

    def for_whom(self, children: Children) -> _Clause:
        relation, member = children
        return "for", (self.name_at(relation), self._name(member))

    def bill_clause(self, children: Children) -> _Clause:
        clause: _Clause = children[0]
        return clause

    booked_clause = why_not_clause = bill_clause

    def clause_effective(self, children: Children) -> _Clause:
        return "effective", self.date_at(children[0])

    def share_list(self, children: Children) -> list[HeirShare]:
        return children

    def heir(self, children: Children) -> HeirShare:
        token, weight = children
        name = self.name_at(token)
        return HeirShare((name.span[0], (weight or name).span[1]), name, weight)

    def heir_weight(self, children: Children) -> object:
        return self.literal(children)

    def showing(self, children: Children) -> _Clause:
        return "showing", children[0]

    # ── questions ──

    def why(self, children: Children) -> Why:
        figure, person, *period = children
        return Why(self.span, figure, self._name(person), period[0] if period else None)

    def why_of(self, children: Children) -> Why:
        person, figure, *period = children
        return self.why([figure, person, *period])

    def why_not(self, children: Children) -> WhyNot:
        name, amount, *clauses = children
        found = self.clauses_of(clauses)
        happening, _ = self._named("amount", name, clauses, amount=amount)
        return WhyNot(self.span, happening, found.get("of"), found.get("on"))

    def why_not_of(self, children: Children) -> WhyNot:
        person, name, amount, *clauses = children
        return self.why_not([name, amount, self.clause_of([person]), *clauses])

    def clause_of(self, children: Children) -> _Clause:
        return "of", self.name_at(children[0])

    def clause_on(self, children: Children) -> _Clause:
        return "on", self.date_at(children[0])

    # ── rules that only a ledger runs, and the days off that it knows ──

    def phases(self, children: Children) -> Phases:
        return Phases(self.span, tuple(children))

    def day_count(self, children: Children) -> DayCount:
        token = children[0]
        text = token.value
        if not text.isdecimal() or len(text) > 3 or not 1 <= int(text) <= _LONGEST_YEAR:
            raise self.refuse("YB028", (token.start_pos, token.end_pos), text=text)
        return DayCount(self.span, int(text))

    def post_on(self, children: Children) -> PostOn:
        return PostOn(self.span, self.on_day(children)[2])

    def holiday(self, children: Children) -> Holiday:
        return self._days_off(False, children)

    def workday(self, children: Children) -> Holiday:
        return self._days_off(True, children)

    def _days_off(self, working: bool, children: Children) -> Holiday:
        first, last, *sources = children
        return Holiday(
            self.span, working, self.date_at(first), self._date(last), self.origin_of(sources)
        )
