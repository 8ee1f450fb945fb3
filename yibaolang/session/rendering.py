"""Replies as text for a terminal, HTML for a notebook, or JSON values for a program."""

import json
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Any

from attrs import frozen

from yibaolang.language.diagnostics import Diagnostic, limited, render, to_json
from yibaolang.language.display import colour as coloured
from yibaolang.report.answers import answer_json, answer_table, told
from yibaolang.report.folding import folded, folded_lines
from yibaolang.report.html import html_reason
from yibaolang.report.tables import Table, formatted, html_table
from yibaolang.report.wrapping import fitted, indent_of, wrapped
from yibaolang.session import replies
from yibaolang.session.replies import Reply
from yibaolang.session.settings import Settings
from yibaolang.session.texts import say

_HANG = 4


@frozen
class Look:
    """How replies are shown: the settings, the language, whether in colour, and how wide.

    `columns` are those of the terminal; 0 for no bound.
    """

    settings: Settings
    lang: str
    colour: bool = False
    columns: int = 0

    @property
    def ambiguous(self) -> int:
        """The columns of a character that some fonts draw wide."""
        return int(self.settings.ambiguous)

    def shade(self, text: str, name: str) -> str:
        """A text in a colour, if there is one to be."""
        return coloured(text, name) if self.colour and text else text

    def table(self, table: Table) -> str:
        """A table in the format of the settings."""
        if self.settings.output == "table":
            table = fitted(table, self.columns, self.ambiguous)
        return formatted(table, self.settings.output, self.ambiguous)

    def line(self, line: str, shade: str = "") -> str:
        """A line, which goes on below where it is too long, a little further in."""
        hang = indent_of(line) + _HANG
        lines = wrapped(line, self.columns, self.ambiguous, hang)
        return "\n".join(self.shade(each, shade) if shade else each for each in lines)


def text_of(
    reply: Reply, settings: Settings, lang: str, colour: bool = False, columns: int = 0
) -> str:
    """A reply as text without a line feed at its end; "" for one that says nothing.

    `columns` are those of the terminal, into which tables and reasons are fitted; 0 for no bound.
    """
    return _TEXTS[type(reply)](reply, Look(settings, lang, colour, columns))


def _answered(reply: replies.Answered, look: Look) -> str:
    shown, output = reply.shown, look.settings.output
    if output == "json":
        return json.dumps(answer_json(shown, look.lang), ensure_ascii=False, indent=2)
    if output != "table":
        return look.table(answer_table(shown, look.lang))
    if shown.verb in ("explain", "why", "why not"):
        depth = int(look.settings.fold)
        return "\n\n".join(_reason(row.result.reason(look.lang, shown.person), depth, look)
                           for row in shown.rows)  # fmt: skip
    answer = told(shown, look.lang, look.ambiguous)
    below = answer.lines
    if any(row.result.refused for row in shown.rows):
        below = tuple(folded_lines(below, int(look.settings.fold), look.lang))
    lines = [look.line(answer.heading, "bold"), *map(look.line, below)]
    if answer.table is not None:
        lines.append(look.table(answer.table))
    return "\n".join(line for line in lines if line)


def _reason(reason: Any, depth: int, look: Look) -> str:
    first, *others = folded(reason, depth, look.lang)
    return "\n".join([look.line(first, "bold"), *map(look.line, others)])


def _explained(reply: replies.Explained, look: Look) -> str:
    if look.settings.output == "json":
        return json.dumps(reply.reason.to_json(), ensure_ascii=False, indent=2)
    return _reason(reply.reason, reply.depth, look)


def _happened(reply: replies.Happened, look: Look) -> str:
    balance = say("balance_after", look.lang, balance=reply.balance)
    return "\n".join([*_one_line(reply, look), f"  {balance}"])


def _one_line(reply: replies.Happened, look: Look) -> Iterator[str]:
    lines = list(reply.reason.lines())
    shade = "red" if reply.reason.kind == "refused" else "bold"
    yield look.line(lines[0], shade)
    yield from map(look.line, lines[1:])


def _read(reply: replies.Read, look: Look) -> str:
    warnings = [render(each, look.lang, look.colour) for each in reply.warnings]
    return "\n".join([look.shade(reply.text, "green"), *warnings])


def _ran(reply: replies.Ran, look: Look) -> str:
    failures = [each.failure for each in reply.run.tested if each.failure is not None]
    key = "test_failed" if failures else "test_passed"
    line = say(key, look.lang, title=reply.run.title)
    return "\n".join([look.shade(line, "red" if failures else "green"),
                      *_diagnostics(failures, look)])  # fmt: skip


def _tabled(reply: replies.Tabled, look: Look) -> str:
    if look.settings.output in ("csv", "json"):
        return look.table(reply.table)
    notes = map(look.line, reply.notes)
    lines = [look.line(reply.heading, "bold"), look.table(reply.table), *notes]
    return "\n".join(line for line in lines if line)


def _diagnostics(found: Iterable[Diagnostic], look: Look) -> list[str]:
    shown = "\n\n".join(render(each, look.lang, look.colour) for each in limited(found))
    return [shown] if shown else []


def _refused(reply: replies.Refused, look: Look) -> str:
    if look.settings.output == "json":
        shown = [to_json(each, look.lang) for each in limited(reply.diagnostics)]
        return json.dumps({"diagnostics": shown}, ensure_ascii=False, indent=2)
    return "\n".join(_diagnostics(reply.diagnostics, look))


def _said(reply: replies.Said, _look: Look) -> str:
    return reply.text


def _misused(reply: replies.Misused, look: Look) -> str:
    return look.shade(reply.text, "yellow")


def _ended(_reply: replies.Ended, _look: Look) -> str:
    return ""


_TEXTS: dict[type[Reply], Callable[[Any, Look], str]] = {
    replies.Answered: _answered,
    replies.Explained: _explained,
    replies.Happened: _happened,
    replies.Read: _read,
    replies.Ran: _ran,
    replies.Tabled: _tabled,
    replies.Refused: _refused,
    replies.Said: _said,
    replies.Misused: _misused,
    replies.Ended: _ended,
}


# ── notebooks ──


def html_of(reply: Reply, lang: str, depth: int = 2) -> str:
    """A reply as HTML: tables as tables, reasons that fold; "" for one that says nothing.

    Reasons are open down to `depth` levels, 0 for all; those of a plain answer down to its rules.
    Everything is escaped, classes begin with `yibao-`, there is no style and no script.

    >>> print(html_of(replies.Read("+ credit rule <b>"), "en"))
    <div class="yibao-read">+ credit rule &lt;b&gt;</div>
    """
    return _HTML.get(type(reply), _html_nothing)(reply, lang, depth)


def _html_answered(reply: replies.Answered, lang: str, depth: int) -> str:
    shown = reply.shown
    answer = told(shown, lang)
    if answer.table is not None:
        return _html_div("heading", answer.heading) + html_table(answer.table)
    depth = depth if shown.verb in ("explain", "why", "why not") else 1
    return "\n".join(
        html_reason(row.result.reason(lang, shown.person), depth) for row in shown.rows
    )


def _html_explained(reply: replies.Explained, _lang: str, _depth: int) -> str:
    return html_reason(reply.reason, reply.depth)


def _html_happened(reply: replies.Happened, lang: str, _depth: int) -> str:
    balance = say("balance_after", lang, balance=reply.balance)
    return html_reason(reply.reason, 1) + _html_div("balance", balance)


def _html_read(reply: replies.Read, lang: str, _depth: int) -> str:
    return _html_div("read", reply.text) + _html_diagnostics(reply.warnings, lang)


def _html_ran(reply: replies.Ran, lang: str, _depth: int) -> str:
    failures = [each.failure for each in reply.run.tested if each.failure is not None]
    key = "failed" if failures else "passed"
    line = say(f"test_{key}", lang, title=reply.run.title)
    return _html_div(key, line) + _html_diagnostics(failures, lang)


def _html_tabled(reply: replies.Tabled, _lang: str, _depth: int) -> str:
    notes = "".join(_html_div("note", each) for each in reply.notes)
    return _html_div("heading", reply.heading) + html_table(reply.table) + notes


def _html_refused(reply: replies.Refused, lang: str, _depth: int) -> str:
    return _html_diagnostics(reply.diagnostics, lang)


def _html_said(reply: replies.Said, _lang: str, _depth: int) -> str:
    return _html_pre("said", reply.text)


def _html_misused(reply: replies.Misused, _lang: str, _depth: int) -> str:
    return _html_pre("misused", reply.text)


def _html_nothing(_reply: Reply, _lang: str, _depth: int) -> str:
    return ""


def _html_diagnostics(found: Iterable[Diagnostic], lang: str) -> str:
    """Each with its excerpt, where the columns count: the carets stand under what is meant."""
    return "".join(_html_diagnostic(each, lang) for each in limited(found))


def _html_diagnostic(found: Diagnostic, lang: str) -> str:
    heading, feed, excerpt = render(found, lang).partition("\n")
    kind = escape(found.severity)
    heading = f'<strong class="yibao-{kind}">{escape(heading)}</strong>'
    return f'<pre class="yibao-diagnostic">{heading}{feed}{escape(excerpt)}</pre>'


def _html_div(name: str, text: str) -> str:
    return f'<div class="yibao-{name}">{escape(text)}</div>' if text else ""


def _html_pre(name: str, text: str) -> str:
    return f'<pre class="yibao-{name}">{escape(text)}</pre>' if text else ""


_HTML: dict[type[Reply], Callable[[Any, str, int], str]] = {
    replies.Answered: _html_answered,
    replies.Explained: _html_explained,
    replies.Happened: _html_happened,
    replies.Read: _html_read,
    replies.Ran: _html_ran,
    replies.Tabled: _html_tabled,
    replies.Refused: _html_refused,
    replies.Said: _html_said,
    replies.Misused: _html_misused,
}
