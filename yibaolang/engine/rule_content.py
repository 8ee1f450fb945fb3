"""What the rules say that shape an account, as text that does not depend on how they are written.

The text is the English form of every rule in force where and while the account was kept, and of
every definition, param, table and input that those rules use. Names are canonical; citations,
reasons, comments, files and languages do not count, nor does what begins after the last day.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from yibaolang.engine.given import Lived
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.printer import Printer
from yibaolang.model.entries import RowEntry
from yibaolang.model.limits import LIMITS
from yibaolang.model.plan import Plans
from yibaolang.model.scope import Scope, choosing

Content = list[Any]
"""Lists of texts and of lists."""

_TEXTS = ("contact", "note")
_WITH_MEANING = ("define", "param", "table", "input")
_NOTHING = syntax.Origin((0, 0), "", "", "")
_MARKS = str.maketrans("", "", "\u300c\u300d")
"""The marks around a name: whether they are needed depends on what other names there are."""


def rule_content(rules: RuleBook, spans: Iterable[Lived], buckets: Sequence[str]) -> Content:
    r"""What shapes an account that was kept in regions; each span has both its days.

    First come the buckets in their order. For each span: the region, then for each kind of rule
    what is said and since when, then the same for each name that the rules use.

    >>> from yibaolang.engine.rulebook import read
    >>> text = "region \u7532\ncredit base monthly on day 20 cite 'a'\nparam base = 1\u5143"
    >>> rules = read(text.replace("'", '"'))
    >>> span = Lived("\u7532", "", date(2024, 1, 1), date(2024, 12, 31))
    >>> _, (region, *said) = rule_content(rules, [span], ("current",))
    >>> [each for each in said if each[0] in ("credit", "base")]
    [['credit', ['2024-01-01', 'credit base monthly on day 20']], ['base', '.. 1\u5143']]
    """
    return [["buckets", *buckets], *(_Spoken(rules, span).content() for span in spans)]


class _Spoken:
    """What one region says in one span."""

    def __init__(self, rules: RuleBook, span: Lived) -> None:
        if span.since is None or span.until is None:
            raise TypeError("an account is kept somewhere between two days")
        self.book = rules.book
        self.first, self.last = span.since, span.until
        uses = choosing(rules.uses, span.region, span.version)
        self.plans = Plans(self.book, span.region, uses)
        self.printer = Printer("en", (), self.spelled)
        self.used: dict[str, None] = {}

    def content(self) -> Content:
        """The rules by kind, then what they use by name."""
        chain = self.book.chain(self.plans.region)
        kinds = {kind for region, kind in self.book.rules if region in chain}
        found: Content = [self.plans.region]
        for kind in sorted(kinds.difference(_TEXTS)):
            found.append([kind, *self.in_time(self.first, self.rules_of(kind))])
        if any(map(self.plans.moves_before_holidays, ("credit", "deduct"))):
            found.append(["holidays", *self.holidays()])
        return [*found, *sorted(self.names())]

    def spelled(self, name: str) -> str:
        """The canonical name."""
        return self.book.spelled(name) or self.book.region_names.get(name) or name

    # ── what is said, and since when ──

    def in_time(self, first: date, said: Callable[[Scope], list[str]]) -> Content:
        """What is said from each day on which it changes, to the last."""
        found: Content = []
        for day in self.plans.between(first, self.last):
            since, _ = self.plans.interval(day)
            start = first if since is None else max(first, since)
            try:
                texts = said(self.plans.elaborator(start).scope)
            except Refusal as refusal:
                texts = [f"refused {each.code}" for each in refusal.diagnostics]
            if not found or found[-1][1:] != texts:
                found.append([start.isoformat(), *texts])
        return found

    def rules_of(self, kind: str) -> Callable[[Scope], list[str]]:
        return lambda scope: [self.text(each.sentence) for each in scope.rules(kind)]

    def holidays(self) -> Content:
        """The days off and the weekend days that are worked."""
        calendar = self.book.holidays
        return [
            [day.isoformat() for day in sorted(days) if day <= self.last]
            for days in (calendar.resting, calendar.working)
        ]

    # ── what rules use ──

    def names(self) -> Iterator[Content]:
        """What every name means that is used by rules, or by what they use."""
        done: set[str] = set()
        while waiting := [name for name in self.used if name not in done]:
            for name in waiting:
                done.add(name)
                yield [name, *self.meaning(name)]

    def meaning(self, name: str) -> Content:
        book = self.book
        kind = book.names[name].kind
        if kind == "input":
            return [self.text(book.inputs[name].sentence)]
        if kind == "param":
            rows = self.plans.elaborator(self.last).scope.rows(name)
            begun = [each for each in rows if each.since is None or each.since <= self.last]
            return [*self.types(name), *map(self.row, begun)]
        # A definition may be asked for on an earlier day than any of the account's.
        begin = date(LIMITS.first_year, 1, 1)
        if kind == "table":
            return self.in_time(begin, lambda scope: self.table(scope, name))
        return self.in_time(begin, lambda scope: self.definition(scope, name))

    def definition(self, scope: Scope, name: str) -> list[str]:
        found = scope.definition(name)
        return [] if found is None else [self.text(found.sentence)]

    def table(self, scope: Scope, name: str) -> list[str]:
        found = scope.table(name)
        if found is None:
            return []
        rows = [each for each in (found.header, *found.rows) if each is not None]
        return [self.text(each) for each in rows]

    def types(self, name: str) -> list[str]:
        """What is said of a param's type."""
        typed = [
            self.text(entry.sentence)
            for entry in self.book.params[name]
            if isinstance(entry.sentence, syntax.Param) and entry.sentence.type is not None
        ]
        return list(dict.fromkeys(typed))

    def row(self, row: RowEntry) -> str:
        """A value of a param with its days; an end that is not before the last day is left out."""
        since = "" if row.since is None else row.since.isoformat()
        until = "" if row.until is None or row.until >= self.last else row.until.isoformat()
        self.use(row.value)
        return f"{since}..{until} {self.printer.expression(row.value).translate(_MARKS)}"

    def text(self, sentence: syntax.Sentence) -> str:
        """A sentence without its source; the names that it uses are kept."""
        plain = _bare(sentence, self.spelled)
        self.use(plain)
        return self.printer.sentence(plain).strip().translate(_MARKS)

    def use(self, node: syntax.Node) -> None:
        """Keep the names in a node that have a meaning of their own."""
        for name in _names_in(node):
            named = self.book.names.get(name)
            if named is not None and named.kind in _WITH_MEANING:
                self.used.setdefault(named.name)


def _bare(sentence: syntax.Sentence, spelled: Callable[[str], str]) -> syntax.Sentence:
    """A sentence without its source, under its canonical name alone.

    A domain says what may be given, and not what comes of it; the values of a param are its rows.
    """
    span = sentence.span
    if isinstance(sentence, syntax.Rule):
        return syntax.Rule(
            span, sentence.also, sentence.exception, sentence.guard, sentence.action, _NOTHING
        )
    if not isinstance(sentence, syntax.Define | syntax.Param | syntax.Input):
        return sentence
    names = syntax.Names(span, (spelled(sentence.names.texts[0]),))
    if isinstance(sentence, syntax.Param):
        return syntax.Param(span, names, sentence.type, None, _NOTHING)
    if isinstance(sentence, syntax.Define):
        return syntax.Define(span, names, sentence.type, None, sentence.value, _NOTHING)
    return syntax.Input(span, names, sentence.type, None, _NOTHING, sentence.default)


def _names_in(node: syntax.Node) -> Iterator[str]:
    """Every name in a node, in order; without recursion, for a sentence may be deep."""
    waiting: list[object] = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, syntax.Name):
            yield item.text
        elif isinstance(item, tuple):
            waiting += item[::-1]
        elif isinstance(item, syntax.Node):
            waiting += [part for _, part in item.parts()][::-1]
