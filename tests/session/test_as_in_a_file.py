"""Every example typed into a session, all at once or sentence by sentence, answers as its file."""

import json
from pathlib import Path

import pytest

from yibaolang.engine import script
from yibaolang.engine.rulebook import RuleBook, load
from yibaolang.engine.shown import Shown
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.session.replies import Answered, Ran, Refused, Reply
from yibaolang.session.session import Session

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FILES = sorted(
    [EXAMPLES / "tour.yb", *EXAMPLES.glob("shapes/*.yb"), *EXAMPLES.glob("questions/*.yb")]
)


Value = tuple[str, str, str]


def values(shown: Shown) -> list[Value]:
    """What an answer says, as if its text had the name of the session's."""
    found = []
    for row in shown.rows:
        said = json.dumps(row.result.to_json("en", reason=False), ensure_ascii=False)
        said = said.replace(f'"{shown.place.source.name}"', '"session"')
        found.append((shown.verb, row.label, said))
    return found


def answers(replies: list[Reply]) -> list[list[Value]]:
    return [values(each.shown) for each in replies if isinstance(each, Answered)]


def faults(replies: list[Reply]) -> list[str]:
    return [
        f"{each.code} {each.place}"
        for reply in replies
        if isinstance(reply, Refused)
        for each in reply.diagnostics
    ]


def in_file(path: Path) -> tuple[RuleBook, list[list[Value]]]:
    rules = load(path.name)
    only = frozenset([path.name])
    return rules, [values(each) for each in script.questions(rules, only)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_pasted_at_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    rules, expected = in_file(path)
    session = Session()
    replies = list(session.run(path.read_text("utf-8")))
    assert faults(replies) == []
    assert answers(replies) == expected
    runs = [each for each in replies if isinstance(each, Ran)]
    assert all(each.ok for each in runs)
    assert sum(len(each.run.tested) for each in runs) == sum(
        len(each.tested) for each in script.tests(rules, frozenset([path.name]))
    )


@pytest.mark.parametrize("path", FILES[::5], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_is_saved_answers_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(path.parent)
    session = Session()
    replies = list(session.run(path.read_text("utf-8")))
    again = Session()
    assert answers(list(again.run(session.script))) == answers(replies)


def test_sentence_by_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    path = EXAMPLES / "tour.yb"
    monkeypatch.chdir(path.parent)
    _, expected = in_file(path)
    source = Source.of("tour", path.read_text("utf-8"))
    document, _ = parse(source, load(path.name).names())
    session = Session()
    replies: list[Reply] = []
    for each in document.sentences:
        replies += session.run(source.text[slice(*each.span)])
    assert faults(replies) == []
    assert answers(replies) == expected
