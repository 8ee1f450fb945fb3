"""Keeping an answer: a test that passes now, and fails as soon as the answer is another one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from yibaolang.engine.script import run_test
from yibaolang.engine.shown import TestRun
from yibaolang.language.diagnostics import message
from yibaolang.session.commands import Misuse
from yibaolang.session.pins import pinned
from yibaolang.session.replies import Ran, Reply, Said
from yibaolang.session.state import State

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_QUOTES = '"\u201c\u201d\u300c\u300d'


def run_pin(session: "Session", words: str) -> Iterator[Reply]:
    """Make the last answer a test of the session; one for each region of a comparison."""
    if session.last is None:
        raise Misuse("nothing_asked")
    title = words.strip().strip(_QUOTES)
    tests = list(pinned(session.last, session.rules, session.words, title))
    text = "\n".join(each.text(session.words) for each in tests)
    after = session.aside(text)
    runs = _runs(session.state, after)
    failures = [each.failure for run in runs for each in run.tested if each.failure is not None]
    if failures or not runs:
        why = message(failures[0], session.context.lang) if failures else ""
        raise Misuse("cannot_pin_now", why=why)
    session.become(after)
    yield Said(text.rstrip("\n"))
    for run in runs:
        yield Ran(run)


def _runs(before: State, after: State) -> list[TestRun]:
    """What comes of the tests that are new in a state."""
    start = len(before.script.source.text)
    source = after.script.source
    return [
        run_test(after.rules, each)
        for each in after.rules.book.tests
        if each.entry.source is source and each.entry.sentence.span[0] >= start
    ]
