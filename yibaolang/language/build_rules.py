"""From reductions of the grammar to syntax nodes: rules.

The methods are named after rules and aliases of grammars/yibao.lark, as in `build_expressions`.
"""

from typing import Any

from yibaolang.language.build_expressions import Children, clause_words
from yibaolang.language.build_sentences import SentenceBuilder
from yibaolang.language.syntax import (
    Action,
    Allow,
    Carry,
    Close,
    Counted,
    Cover,
    CoverClause,
    Credit,
    Deduct,
    Draw,
    Expression,
    Interest,
    Literal,
    Name,
    Require,
    Rounding,
    Rule,
    Schedule,
    Texts,
    Wait,
    YearFrom,
)  # fmt: skip

_Clause = tuple[str, Any]
_Body = tuple[Expression | None, Action]


class RuleBuilder(SentenceBuilder):
    """Builds rule sentences, and with what it inherits every sentence."""

    def unguarded(self, children: Children) -> _Body:
        return None, children[0]

    def guarded(self, children: Children) -> _Body:
        return children[0], children[1]

    def waits_after(self, children: Children) -> _Body:
        return self.guarded_waits_after([None, *children])

    def guarded_waits_after(self, children: Children) -> _Body:
        guard, after, length, subjects, unless = children
        return guard, Wait(self.span, length, after, subjects, unless)

    def _rule(self, also: bool, exception: bool, children: Children) -> Rule:
        (guard, action), *sources = children
        return Rule(self.span, also, exception, guard, action, self.origin_of(sources))

    def rule_plain(self, children: Children) -> Rule:
        return self._rule(False, False, children)

    def rule_also(self, children: Children) -> Rule:
        return self._rule(True, False, children)

    def rule_exception(self, children: Children) -> Rule:
        return self._rule(False, True, children)

    def rule_also_exception(self, children: Children) -> Rule:
        return self._rule(True, True, children)

    def clauses_of(self, clauses: list[_Clause]) -> dict[str, Any]:
        """The clauses by kind, each kind once."""
        found: dict[str, Any] = {}
        for kind, value in clauses:
            if kind in found:
                raise self.refuse("YB018", self.span, clause=clause_words(kind))
            found[kind] = value
        return found

    # ── credit, deduct ──

    def frequency(self, children: Children) -> str:
        found: str = children[0].type[1:].lower()
        return found

    def schedule(self, children: Children) -> Schedule:
        frequency, *day, moved = children
        kind, month, day_number, word = day[0] if day else ("none", 0, 0, "")
        return Schedule(self.span, frequency, kind, month, day_number, word, moved is True)

    def moved(self, children: Children) -> bool:
        return True

    def _day(self, kind: str, children: Children) -> tuple[str, int, int, str]:
        token = children[0]
        digits = token.value.removesuffix("日")
        if not digits.isdecimal() or len(digits) > 2 or not 1 <= int(digits) <= 31:
            raise self.refuse("YB020", (token.start_pos, token.end_pos), text=token.value)
        return kind, 0, int(digits), ""

    def on_day(self, children: Children) -> tuple[str, int, int, str]:
        return self._day("day", children)

    def by_day(self, children: Children) -> tuple[str, int, int, str]:
        return self._day("by_day", children)

    def on_monthday(self, children: Children) -> tuple[str, int, int, str]:
        month, day = self.monthday_at(children[0])
        return "monthday", month, day, ""

    def on_date_word(self, children: Children) -> tuple[str, int, int, str]:
        return "word", 0, 0, children[0].type[1:].lower()

    def clause_schedule(self, children: Children) -> _Clause:
        return "schedule", children[0]

    def clause_bucket(self, children: Children) -> _Clause:
        return "bucket", self.name_at(children[0])

    def clause_stream(self, children: Children) -> _Clause:
        return "stream", self.name_at(children[0])

    def clause_assessed(self, children: Children) -> _Clause:
        return "assessed", children[0].type[1:].lower()

    def clause_prorated_of(self, children: Children) -> _Clause:
        return "prorated", ("month_of", children[0])

    def clause_prorated_after(self, children: Children) -> _Clause:
        return "prorated", ("month_after", children[0])

    def clause_when(self, children: Children) -> _Clause:
        return "when", children[0]

    def credit(self, children: Children) -> Credit:
        if isinstance(children[0], Schedule):
            children = [children[1], ("schedule", children[0]), *children[2:]]
        amount, *clauses = children
        found = self.clauses_of(clauses)
        prorated, prorated_date = found.get("prorated", ("", None))
        return Credit(
            self.span, amount, found.get("schedule"), found.get("bucket"), found.get("stream"),
            found.get("assessed", ""), prorated, prorated_date, found.get("when"),
        )  # fmt: skip

    def deduct(self, children: Children) -> Deduct:
        schedules = [child for child in children if isinstance(child, Schedule)]
        if len(schedules) > 1:
            raise self.refuse("YB018", self.span, clause=clause_words("schedule"))
        *_, purpose = children
        amount = next(child for child in children if isinstance(child, Expression))
        schedule = schedules[0] if schedules else None
        return Deduct(self.span, amount, schedule, "" if purpose is None else purpose.value)

    # ── cover ──

    def name_list(self, children: Children) -> tuple[Name, ...]:
        return tuple(map(self.name_at, children))

    def cover_rate(self, children: Children) -> Cover:
        rate, categories, levels = children
        return Cover(self.span, "rate", rate, categories, levels or (), None, (), None)

    def cover_rate_reversed(self, children: Children) -> Cover:
        categories, levels, rate = children
        return self.cover_rate([rate, categories, levels])

    def _cover_table(self, by: str, children: Children) -> Cover:
        categories, levels, table, *counts = children
        said = [each for each in counts if each != Counted(self.span, "", False, None, False)]
        counted = said[0] if said else None
        named = self.name_at(table)
        return Cover(self.span, by, None, categories, levels or (), named, (), counted)

    def cover_table(self, children: Children) -> Cover:
        return self._cover_table("table", children)

    def cover_marginal(self, children: Children) -> Cover:
        return self._cover_table("marginal", children)

    def cover_whole(self, children: Children) -> Cover:
        return self._cover_table("whole", children)

    def counting(self, children: Children) -> str:
        return "cost" if children[0].type == "_COUNTING_COST" else "payment"

    def counted_levels(self, children: Children) -> str:
        return "each" if children[0].type == "_EACH_LEVEL" else "all"

    def counted(self, children: Children) -> Counted:
        period, levels, name = children
        named = None if name is None else self.name_at(name)
        return Counted(self.span, period or "", levels == "all", named, levels == "each")

    def _cover_clause(self, kind: str, amount: Expression | None, counted: Counted | None,
                      counting: str = "", name: Name | None = None,
                      rate: Expression | None = None) -> CoverClause:  # fmt: skip
        return CoverClause(self.span, kind, amount, counted, counting, name, rate)

    def clause_above(self, children: Children) -> CoverClause:
        return self._cover_clause("above", *children)

    def clause_at_most(self, children: Children) -> CoverClause:
        return self._cover_clause("at_most", *children)

    def cover_up_to(self, children: Children) -> CoverClause:
        counting, amount, counted = children
        return self._cover_clause("up_to", amount, counted, counting or "")

    def clause_except_lines(self, children: Children) -> CoverClause:
        return self._cover_clause("except_lines", None, None, name=self.name_at(children[0]))

    def then_fund(self, children: Children) -> tuple[Name, Expression]:
        name, rate = children
        return self.name_at(name), rate

    def then_clause(self, children: Children) -> list[CoverClause]:
        fund, counting = children
        return self.then_capped([fund, counting, None, None])

    def then_uncapped(self, children: Children) -> list[CoverClause]:
        fund, counting, *clauses = children
        return self.then_capped([fund, counting, None, None, *clauses])

    def then_capped(self, children: Children) -> list[CoverClause]:
        (name, rate), counting, amount, counted, *clauses = children
        then = self._cover_clause("then", amount, counted, counting or "", name, rate)
        return [then, *clauses]

    def cover(self, children: Children) -> Cover:
        head, *clauses = children
        flat: list[CoverClause] = []
        for each in clauses:
            flat += each if type(each) is list else [each]
        return Cover(
            self.span, head.by, head.rate, head.categories, head.levels, head.table, tuple(flat),
            head.counted,
        )  # fmt: skip

    # ── allow, draw, interest, carry, round ──

    def allow_verb(self, children: Children) -> bool:
        return bool(children[0].type == "_DENY")

    def clause_for(self, children: Children) -> _Clause:
        return "for", children[0]

    def clause_from(self, children: Children) -> _Clause:
        return "from", children[0]

    def clause_up_to(self, children: Children) -> _Clause:
        return "up_to", tuple(children)

    def allow(self, children: Children) -> Allow:
        deny, categories, *clauses = children
        found = self.clauses_of(clauses)
        limit, counted = found.get("up_to", (None, None))
        return Allow(
            self.span, deny, categories, found.get("for", ()), found.get("when"), limit, counted,
            found.get("from", ()),
        )  # fmt: skip

    def draw(self, children: Children) -> Draw:
        *buckets, before, rest = children
        named = None if rest is None else self.name_at(rest)
        return Draw(self.span, tuple(map(self.name_at, buckets)), named, before is True)

    def before_cover(self, children: Children) -> bool:
        return True

    def daily_balance(self, children: Children) -> tuple[str, None]:
        return "daily_balance", None

    def minimum_balance(self, children: Children) -> tuple[str, None]:
        return "minimum_balance", None

    def balance_on(self, children: Children) -> tuple[str, tuple[int, int]]:
        return "balance_on", self.monthday_at(children[0])

    def interest(self, children: Children) -> Interest:
        rate, buckets, (basis, day), posted, into = children
        posted_on = None if posted is None else self.monthday_at(posted)
        named = None if into is None else self.name_at(into)
        return Interest(self.span, rate, buckets or (), basis, day, posted_on, named)

    def carry(self, children: Children) -> Carry:
        bucket, into, day = children
        return Carry(self.span, self.name_at(bucket), self.name_at(into), *self.monthday_at(day))

    def rounding(self, children: Children) -> Rounding:
        mode, unit = children
        return Rounding(self.span, mode, self.money_unit(unit))

    # ── require, wait, close, words ──

    def require(self, children: Children) -> Require:
        return Require(self.span, children[0], children[1])

    def wait_duration(self, children: Children) -> Literal:
        length = children[0]
        if not isinstance(length, Literal) or length.type not in ("months", "days"):
            raise self.refuse("YB021", length.span)
        return length

    def wait_next_month(self, children: Children) -> None:
        return None

    def subject(self, children: Children) -> Name:
        """What is required or waited for: a name, or the keyword of a kind of rule."""
        token = children[0]
        text = token.value if token.type == "NAME" else token.type[1:].lower()
        return Name((token.start_pos, token.end_pos), text)

    def wait_for(self, children: Children) -> tuple[Name, ...]:
        return tuple(children)

    def unless(self, children: Children) -> Expression:
        found: Expression = children[0]
        return found

    def wait(self, children: Children) -> Wait:
        length, after, subjects, unless = children
        return Wait(self.span, length, after, subjects, unless)

    def texts(self, children: Children) -> tuple[str, ...]:
        return tuple(token.value for token in children)

    def close(self, children: Children) -> Close:
        event, to, documents = children
        return Close(self.span, self.name_at(event), self.name_at(to), documents or ())

    def contact(self, children: Children) -> Texts:
        return Texts(self.span, "contact", children[0])

    def note(self, children: Children) -> Texts:
        return Texts(self.span, "note", children[0])

    def year_from(self, children: Children) -> YearFrom:
        return YearFrom(self.span, *self.monthday_at(children[0]))
