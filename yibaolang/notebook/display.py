"""What a cell shows: replies as text for a terminal, as HTML for a notebook."""

from collections.abc import Collection
from datetime import date
from fractions import Fraction

from attrs import frozen

from yibaolang.engine.rulebook import Result
from yibaolang.engine.shown import Shown
from yibaolang.notebook.texts import TEXTS, say
from yibaolang.report.tables import Table, formatted, html_table
from yibaolang.session.rendering import html_of, text_of
from yibaolang.session.replies import Answered, Misused, Read, Refused, Reply
from yibaolang.session.session import Session
from yibaolang.session.settings import Settings
from yibaolang.session.texts import titles

Value = int | Fraction | date | bool | str | None
"""Fen, or whole years, months or days; a rate or a number; None for what has no value."""

# In each output and not in the first one only: a cell may be cleared, run again or shown alone.
STYLE = """<style>
.yibao pre{margin:.2em 0;padding:0;background:none;overflow-x:auto}
.yibao .yibao-table th,.yibao .yibao-table td{padding:.15em .7em;text-align:left}
.yibao .yibao-table .yibao-right{text-align:right;font-variant-numeric:tabular-nums}
.yibao details{margin-left:1.2em}
.yibao .yibao-reason>details{margin-left:0}
.yibao details>div{margin-left:2.4em}
.yibao summary{cursor:pointer}
.yibao .yibao-heading{font-weight:bold}
.yibao .yibao-not-applied,.yibao .yibao-cite,.yibao .yibao-mark,.yibao .yibao-place{opacity:.7}
.yibao .yibao-read,.yibao .yibao-passed{color:#2e7d32}
.yibao .yibao-error,.yibao .yibao-failed{color:#c62828}
.yibao .yibao-misused,.yibao .yibao-warning{color:#9a6700}
</style>"""


@frozen(eq=False)
class Piece:
    """A reply, and how things were shown when it was given."""

    reply: Reply
    settings: Settings
    lang: str

    @property
    def text(self) -> str:
        """The reply as text; "" for one that says nothing."""
        return text_of(self.reply, self.settings, self.lang)

    @property
    def html(self) -> str:
        """The reply as HTML, with reasons open as deep as they are in a text."""
        return html_of(self.reply, self.lang, int(self.settings.fold))


@frozen(eq=False, repr=False)
class Output:
    """What a cell came to. IPython shows it as HTML where it can, and else as text."""

    pieces: tuple[Piece, ...]

    @property
    def replies(self) -> tuple[Reply, ...]:
        """The replies, in order."""
        return tuple(each.reply for each in self.pieces)

    @property
    def ok(self) -> bool:
        """Whether nothing was refused, and no test failed."""
        return all(each.ok for each in self.replies)

    @property
    def asked(self) -> Shown | None:
        """The last question that was answered; None if something was refused after it."""
        for each in reversed(self.replies):
            if isinstance(each, Answered):
                return each.shown
            if isinstance(each, Refused | Misused):
                return None
        return None

    @property
    def value(self) -> Value | dict[str, Value]:
        """What the last question came to, exactly; see `value_of`."""
        return value_of(self.asked)

    def quiet(self) -> "Output":
        """Only what is wrong or odd."""
        return Output(tuple(each for each in self.pieces if _matters(each.reply)))

    def __str__(self) -> str:
        """The replies as text."""
        texts = [each.text for each in self.pieces]
        return "\n".join(each for each in texts if each)

    __repr__ = __str__

    def _repr_html_(self) -> str | None:
        """The replies as HTML; None where another format than tables is wanted."""
        if any(each.settings.output != "table" for each in self.pieces):
            return None
        parts = [f'<div lang="{each.lang}">\n{each.html}\n</div>' for each in self.pieces]
        return "\n".join(['<div class="yibao">', STYLE, *parts, "</div>"])

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        """Text, and HTML if there is to be any; IPython takes of it what it asks for."""
        html = self._repr_html_()
        return {"text/plain": str(self)} | ({} if html is None else {"text/html": html})


def _matters(reply: Reply) -> bool:
    return not reply.ok or (isinstance(reply, Read) and bool(reply.warnings))


# ── values for Python ──


def value_of(shown: Shown | None) -> Value | dict[str, Value]:
    """What a question came to; of several results a dict by region and version, or by month."""
    if shown is None:
        return None
    if len(shown.rows) == 1 and not shown.rows[0].label:
        return exact(shown.rows[0].result)
    return {row.label: exact(row.result) for row in shown.rows}


def exact(result: Result) -> Value:
    """A result as a Python value: money in fen, a rate in ones, a choice by its canonical name.

    Rates and numbers are Fractions, and so is any other number that is not whole. None if refused.

    >>> from yibaolang.engine.rulebook import read
    >>> exact(read("credit 1% of avg_pension").figure("credit", given="avg_pension 4000元"))
    4000
    """
    answer = result.answer
    value, denominator = answer.value, answer.denominator
    if answer.refused:
        return None
    if not answer.type.numeric:
        known: date | bool | str = value
        return known
    number = Fraction(value, denominator)
    if answer.type.kind in ("rate", "number") or number.denominator != 1:
        return number
    return number.numerator


# ── the session itself ──


def about(session: Session) -> Table:
    """What a session is about: language, region, time, person, files, what was taken."""
    lang, context = session.context.lang, session.context
    changed = session.changed_files
    files = [say("changed", lang, file=each) if each in changed else each for each in session.files]
    values = {
        "language": lang,
        "region": session.words.region(session.place),
        "date": "" if context.asked.first is None else str(context.asked),
        "person": context.person,
        "files": "\n".join(files),
        "sentences": str(len(session.state.script.sentences())),
    }
    labels, nothing = TEXTS.table("about"), say("none", lang)
    rows = tuple((labels[key][lang], value or nothing) for key, value in values.items())
    keys = ("setting", "value")
    return Table(keys, titles(keys, lang), rows)


def session_text(session: Session) -> str:
    """A session as text."""
    return formatted(about(session), "table", int(session.settings.ambiguous))


def session_html(session: Session) -> str:
    """A session as HTML."""
    table = html_table(about(session))
    return f'<div class="yibao" lang="{session.context.lang}">\n{STYLE}\n{table}\n</div>'
