"""From reductions of the grammar to syntax nodes: declarations, sections, people and questions.

The methods are named after rules and aliases of grammars/yibao.lark, as in `build_expressions`.
"""

from yibaolang.language.build_expressions import Children, ExpressionBuilder, clause_words
from yibaolang.language.syntax import (
    Bucket,
    Category,
    Cell,
    Choice,
    Compare,
    Compared,
    Define,
    Evaluate,
    Expect,
    Expression,
    Fact,
    Figure,
    Given,
    Include,
    Input,
    Missing,
    Name,
    Names,
    Origin,
    Param,
    ParamRow,
    Period,
    Person,
    Range,
    Region,
    Sentence,
    Show,
    Table,
    TableRow,
    Test,
    Use,
    Version,
)  # fmt: skip
from yibaolang.language.tokens import Token


class SentenceBuilder(ExpressionBuilder):
    """Builds every sentence but rules."""

    # ── declarations ──

    def sentence(self, children: Children) -> Sentence:
        found: Sentence = children[0]
        return found

    def names(self, children: Children) -> Names:
        texts = [child.value for child in children if child.type == "NAME"]
        return Names((children[0].start_pos, children[-1].end_pos), tuple(texts))

    def value_names(self, children: Children) -> tuple[Names, ...]:
        return tuple(children)

    def choice(self, children: Children) -> Choice:
        return Choice(self.span, children[0], children[1])

    def category(self, children: Children) -> Category:
        return Category(self.span, children[0])

    def bucket(self, children: Children) -> Bucket:
        return Bucket(self.span, children[0])

    def type(self, children: Children) -> Name:
        return self.name_at(children[0])

    def domain(self, children: Children) -> object:
        return children[0]

    def cite(self, children: Children) -> tuple[str, str]:
        return "cite", children[0].value

    def attested(self, children: Children) -> tuple[str, str]:
        return "attested", children[0].value

    def because(self, children: Children) -> tuple[str, str]:
        return "because", children[0].value

    def origin_of(self, children: Children) -> Origin:
        """What the sources among the children say, one of each kind at most."""
        said: dict[str, str] = {}
        for kind, words in (child for child in children if type(child) is tuple):
            if kind in said:
                raise self.refuse("YB018", self.span, clause=clause_words(kind))
            said[kind] = words
        return Origin(
            self.span, said.get("cite", ""), said.get("attested", ""), said.get("because", "")
        )

    def input(self, children: Children) -> Input:
        names, type_, *rest = children
        domain = rest.pop(0) if isinstance(rest[0], Range) else None
        return Input(self.span, names, type_, domain, self.origin_of(rest[1:]), rest[0])

    def define(self, children: Children) -> Define:
        names, type_, *rest = children
        domain = rest.pop(0) if rest[1:] and type(rest[1]) is not tuple else None
        return Define(self.span, names, type_, domain, rest[0], self.origin_of(rest[1:]))

    def param(self, children: Children) -> Param:
        names, type_, value, *sources = children
        return Param(self.span, names, type_, value, self.origin_of(sources))

    def published(self, children: Children) -> object:
        return children[0]

    def param_row(self, children: Children) -> ParamRow:
        since, until, value, *sources = children
        last = None if until is None else self.date_at(until)
        return ParamRow(self.span, self.date_at(since), last, value, self.origin_of(sources))

    def table(self, children: Children) -> Table:
        return Table(self.span, children[0], self.origin_of(children[1:]))

    def any_cell(self, children: Children) -> Cell:
        token = children[0]
        return Cell((token.start_pos, token.end_pos), "any", None, (), None)

    def range_cell(self, children: Children) -> Cell:
        return Cell(children[0].span, "range", children[0], (), None)

    def value_list(self, children: Children) -> tuple[object, ...]:
        return tuple(children)

    def value_cell(self, children: Children) -> Cell:
        values = children[0]
        return Cell((values[0].span[0], values[-1].span[1]), "values", None, values, None)

    def typed_cell(self, children: Children) -> Cell:
        token, type_ = children
        span = (token.start_pos, type_.span[1])
        return Cell(span, "typed", None, (self.name_at(token),), type_)

    def table_row(self, children: Children) -> TableRow:
        cells = tuple(children[1:-1:2])
        bars = [child.type for child in children[0::2]]
        doubles = [index for index, bar in enumerate(bars) if bar == "DOUBLE_PIPE"]
        if len(doubles) > 1 or doubles == [0]:
            raise self.refuse("YB019", self.span)
        return TableRow(self.span, cells, doubles[0] if doubles else 0)

    # ── sections ──

    def region(self, children: Children) -> Region:
        names, parent, *sources = children
        above = None if parent is None else self.name_at(parent)
        return Region(self.span, names, above, self.origin_of(sources))

    def version(self, children: Children) -> Version:
        since, until, name, *sources = children
        last = None if until is None else self.date_at(until)
        text = "" if name is None else name.value
        return Version(self.span, self.date_at(since), last, text, self.origin_of(sources))

    def include(self, children: Children) -> Include:
        token = children[0]
        if token.type == "STRING":
            return Include(self.span, token.value, "")
        return Include(self.span, "", token.value)

    def use(self, children: Children) -> Use:
        return Use(self.span, self.name_at(children[0]), children[1].value)

    def fact_value(self, children: Children) -> object:
        return children[0]

    def validity(self, children: Children) -> list[Token | None]:
        return children

    def _fact(
        self,
        kind: str,
        token: Token,
        value: Expression | None,
        dates: list[Token | None],
        version: str = "",
    ) -> Fact:
        since, until = (None if each is None else self.date_at(each) for each in dates)
        last = until or since or value
        end = token.end_pos if last is None else max(last.span[1], token.end_pos)
        span = (token.start_pos, end)
        return Fact(span, kind, self.name_at(token), value, version, since, until)

    def fact_value_of(self, children: Children) -> Fact:
        return self._fact("value", *children)

    def fact_holds(self, children: Children) -> Fact:
        return self._fact("holds", children[0], None, children[1])

    def fact_not(self, children: Children) -> Fact:
        return self._fact("not", children[0], None, children[1])

    def fact_region(self, children: Children) -> Fact:
        region, version, dates = children
        return self._fact("region", region, None, dates, "" if version is None else version.value)

    def facts(self, children: Children) -> tuple[Fact, ...]:
        return tuple(children)

    def person(self, children: Children) -> Person:
        return Person(self.span, children[0], children[1])

    # ── tests and questions ──

    def test(self, children: Children) -> Test:
        return Test(self.span, children[0].value)

    def given(self, children: Children) -> Given:
        return Given(self.span, children[0])

    def moment(self, children: Children) -> object:
        return self.date_at(children[0])

    def expect_value(self, children: Children) -> Expect:
        on, (figure, event), *rest = children
        period = rest.pop(0) if isinstance(rest[0], Period) else None
        sign, value = rest
        return Expect(self.span, on, figure, period, sign, value, "", event)

    def expect_refused(self, children: Children) -> Expect:
        on, (figure, event), *rest = children
        period = rest.pop(0) if rest and isinstance(rest[0], Period) else None
        code = rest[0].value if rest else ""
        return Expect(self.span, on, figure, period, "refused", None, code, event)

    def figure_of(self, children: Children) -> tuple[Figure, str]:
        figure, event = children
        return figure, "" if event is None else event.value

    def figure_of_reversed(self, children: Children) -> tuple[Figure, str]:
        return self.figure_of(children[::-1])

    def show_verb(self, children: Children) -> str:
        verb: str = children[0].type[1:].lower()
        return verb

    def show(self, children: Children) -> Show:
        verb, figure, person, *period = children
        name = None if person is None else self.name_at(person)
        return Show(self.span, verb, figure, name, period[0] if period else None)

    def show_of(self, children: Children) -> Show:
        verb, person, figure, *period = children
        return self.show([verb, figure, person, *period])

    def figure_credit(self, children: Children) -> Figure:
        return Figure(self.span, "credit", None)

    def figure_deduct(self, children: Children) -> Figure:
        return Figure(self.span, "deduct", None)

    def figure_net_credit(self, children: Children) -> Figure:
        return Figure(self.span, "net_credit", None)

    def figure_wait(self, children: Children) -> Figure:
        return Figure(children[0].span, "wait", children[0])

    def figure_name(self, children: Children) -> Figure:
        name = self.name_at(children[0])
        return Figure(name.span, "name", name)

    def figure_event(self, children: Children) -> Figure:
        event = self.name_at(children[0])
        return Figure(event.span, "event", event)

    def period_on(self, children: Children) -> Period:
        return Period(children[0].span, "on", children[0], None, None)

    def period_in(self, children: Children) -> Period:
        year, token = children[0]
        return Period((token.start_pos, token.end_pos), "in", None, None, year)

    def period_span(self, children: Children) -> Period:
        first, last = map(self.date_at, children)
        span = first.span[0], last.span[1]
        if (last.year, last.month, last.day) < (first.year, first.month, first.day):
            raise self.refuse("YB303", span)
        return Period(span, "span", first, last, None)

    def period_by_month(self, children: Children) -> Period:
        year, token = children[0]
        return Period((token.start_pos, token.end_pos), "by_month", None, None, year)

    def compared(self, children: Children) -> Compared:
        region, version = children
        name: Name = self.name_at(region)
        return Compared(name.span, name, "" if version is None else version.value)

    def compare(self, children: Children) -> Compare:
        regions = tuple(child for child in children if isinstance(child, Compared))
        person, *period = children[len(regions) :]
        name = None if person is None else self.name_at(person)
        return Compare(self.span, regions, name, period[0] if period else None, None)

    def compare_figure(self, children: Children) -> Compare:
        figure, *rest = children
        found = self.compare(rest)
        return Compare(self.span, found.regions, found.person, found.period, figure)

    def compare_of(self, children: Children) -> Compare:
        figure = next(child for child in children if isinstance(child, Figure))
        return self.compare_figure([figure, *(child for child in children if child is not figure)])

    def expression_sentence(self, children: Children) -> Evaluate:
        return Evaluate(self.span, children[0])

    def amount(self, children: Children) -> object:
        found: object | Missing = children[0]
        return found
