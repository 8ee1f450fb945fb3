"""What a question means that does not say it: whom it is about, when, and where."""

from collections.abc import Iterable

from attrs import evolve, field, frozen

from yibaolang.engine.asked import Asked
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language import syntax
from yibaolang.language.source import Span
from yibaolang.model.entries import BASE
from yibaolang.session.texts import say


@frozen
class Context:
    """`person` ("" for nobody in particular) and `asked` are what a question is completed with.

    `lang`, "en" or "zh", is the language of the answers.
    """

    lang: str
    person: str = ""
    asked: Asked = field(factory=Asked.never)

    def person_for(self, span: Span, rules: RuleBook) -> syntax.Name | None:
        """The person as a name in a question at `span`, if there is one and it is still known."""
        return syntax.Name(span, self.person) if self.person in rules.book.persons else None

    def period_for(self, span: Span) -> syntax.Period | None:
        """The time as a clause of a question at `span`, or None for no time."""
        first, last = self.asked.first, self.asked.last
        if first is None or last is None:
            return None
        start = syntax.DateLiteral(span, first.year, first.month, first.day, False)
        end = syntax.DateLiteral(span, last.year, last.month, last.day, False)
        if self.asked.kind == "day":
            return syntax.Period(span, "on", start, None, None)
        if self.asked.kind == "month":
            month = syntax.DateLiteral(span, first.year, first.month, 1, True)
            return syntax.Period(span, "on", month, None, None)
        if self.asked == Asked.year(first.year):
            return syntax.Period(span, "in", None, None, first.year)
        return syntax.Period(span, "span", start, end, None)


def time_told(context: Context) -> str:
    """The time of questions that say none, as a message."""
    key = "no_date_now" if context.asked.first is None else "date_now"
    return say(key, context.lang, date=str(context.asked))


def person_told(context: Context) -> str:
    """The person of questions that say nobody, as a message."""
    return say("about" if context.person else "about_nobody", context.lang, person=context.person)


def about_the_latest(context: Context, sentences: Iterable[syntax.Sentence]) -> Context:
    """The context after sentences: whoever was declared or got an account last is asked about."""
    for each in sentences:
        if isinstance(each, syntax.Person):
            context = evolve(context, person=each.names.texts[0])
        elif isinstance(each, syntax.Ledger) and each.person is not None:
            context = evolve(context, person=each.person.text)
    return context


def region_of(lines: tuple[syntax.Line, ...], rules: RuleBook) -> str:
    """The region, by its canonical name, in whose section the next of some lines would stand."""
    for line in reversed(lines):
        if isinstance(line.sentence, syntax.Region):
            return rules.book.region_names[line.sentence.names.texts[0]]
    return BASE
