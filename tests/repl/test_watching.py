"""Files that are saved while the prompt waits."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.repl.conftest import LEAVE, Shown, Typist
from yibaolang.repl.talking import Talk
from yibaolang.repl.watching import Watch
from yibaolang.session.session import Session

RULE = "age >= 70 credit 100元\nperson Li: age = 72\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "rules.yb"
    found.write_text(RULE, "utf-8")
    return found


def save(path: Path, text: str) -> None:
    """As another second would have it, however quick the test is."""
    stamp = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, "utf-8")
    os.utime(path, ns=(stamp + 10**9, stamp + 10**9))


def watched(path: Path) -> tuple[Watch, Shown]:
    session, screen = Session(str(path)), Shown()
    session.settings = session.settings.with_value("watch", "on")
    return Watch(Talk(session, screen)), screen


def test_what_was_saved_is_read_again_and_the_last_answer_told_anew(path: Path) -> None:
    watch, screen = watched(path)
    watch.talk.run("show credit of Li")
    assert not watch.look() and not watch.due()
    save(path, RULE.replace("100", "150"))
    assert watch.look() and watch.due()
    watch.read_again()
    assert any("credit of Li = 150.00元" in each for each in screen.shown)
    assert (watch.changed, watch.due()) == ((), False)


def test_an_answer_that_stays_is_not_told_again(path: Path) -> None:
    watch, screen = watched(path)
    watch.talk.run("show credit of Li")
    save(path, RULE + "# a comment\n")
    watch.look()
    watch.read_again()
    assert len(screen.shown) == 2 and "rules.yb" in screen.shown[1]


def test_what_is_broken_is_told_once_and_the_rules_stay(path: Path) -> None:
    watch, screen = watched(path)
    save(path, "age >= 70 credt 100元\n")
    watch.look()
    watch.read_again()
    assert screen.shown[0].startswith("error[") and screen.shown[1] == "the rules are as before"
    assert watch.changed and not watch.due()
    watch.talk.run("show credit of Li")
    assert screen.shown[-1].startswith("credit of Li = 100.00元")
    save(path, RULE.replace("100", "7"))
    watch.look()
    assert watch.due()
    watch.read_again()
    assert any("7.00元" in each for each in screen.shown)


def test_a_file_that_is_away_for_a_moment_is_waited_for(path: Path) -> None:
    watch, _ = watched(path)
    path.unlink()
    assert watch.look() and not watch.due()
    watch.look()
    assert watch.due()


def test_without_watch_files_are_only_marked(path: Path) -> None:
    watch, _ = watched(path)
    watch.talk.session.settings = watch.talk.session.settings.with_value("watch", "off")
    save(path, "credit 1元\n")
    assert watch.look() and watch.changed and not watch.due()


def test_a_prompt_that_waits_reads_files_again(
    path: Path, typist: Callable[..., Typist], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yibaolang.repl.prompt._LOOK_EVERY", 0.05)
    typing = typist(Session(str(path)))
    shown = typing.slowly(
        ".watch on\r", "show credit of Li\r", "1元",
        lambda: save(path, RULE.replace("100", "150")), lambda: None, lambda: None,
        " + 1元\r", LEAVE,
    )  # fmt: skip
    assert any("credit of Li = 150.00元" in each for each in shown)
    assert shown[-1] == "1元 + 1元 = 2.00元"
