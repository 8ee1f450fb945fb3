"""Replies as JSON values, for programs that type into a session."""

import json
from collections.abc import Callable
from typing import Any

from yibaolang.language.diagnostics import limited, to_json
from yibaolang.report.answers import answer_json
from yibaolang.report.tables import formatted
from yibaolang.session import replies
from yibaolang.session.replies import Reply

_Values = dict[str, object]


def json_of(reply: Reply, lang: str) -> _Values:
    """A reply: its kind, whether it is ok, and what it says, with texts in a language.

    >>> json_of(replies.Said("hello"), "en")
    {'reply': 'said', 'ok': True, 'text': 'hello'}
    """
    kind = type(reply).__name__.lower()
    return {"reply": kind, "ok": reply.ok} | _VALUES[type(reply)](reply, lang)


def _text(reply: Any, _lang: str) -> _Values:
    return {"text": reply.text}


def _read(reply: replies.Read, lang: str) -> _Values:
    warnings = [to_json(each, lang) for each in reply.warnings]
    return {"text": reply.text} | ({"diagnostics": warnings} if warnings else {})


def _answered(reply: replies.Answered, lang: str) -> _Values:
    return {"answer": answer_json(reply.shown, lang)}


def _happened(reply: replies.Happened, _lang: str) -> _Values:
    return {"reason": reply.reason.to_json(), "balance": reply.balance}


def _ran(reply: replies.Ran, lang: str) -> _Values:
    failures = [each.failure for each in reply.run.tested if each.failure is not None]
    shown = [to_json(each, lang) for each in failures]
    return {"title": reply.run.title} | ({"diagnostics": shown} if shown else {})


def _tabled(reply: replies.Tabled, _lang: str) -> _Values:
    rows = json.loads(formatted(reply.table, "json"))
    notes = list(reply.notes)
    return {"heading": reply.heading, "rows": rows} | ({"notes": notes} if notes else {})


def _explained(reply: replies.Explained, _lang: str) -> _Values:
    return {"reason": reply.reason.to_json()}


def _refused(reply: replies.Refused, lang: str) -> _Values:
    return {"diagnostics": [to_json(each, lang) for each in limited(reply.diagnostics)]}


def _ended(_reply: replies.Ended, _lang: str) -> _Values:
    return {}


_VALUES: dict[type[Reply], Callable[[Any, str], _Values]] = {
    replies.Answered: _answered,
    replies.Ended: _ended,
    replies.Explained: _explained,
    replies.Happened: _happened,
    replies.Misused: _text,
    replies.Ran: _ran,
    replies.Read: _read,
    replies.Refused: _refused,
    replies.Said: _text,
    replies.Tabled: _tabled,
}
