"""What stays: the session after a mistake, the history after the session, rules after a save."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.screen.conftest import Start
from tests.screen.screen import PROMPTS

pytestmark = pytest.mark.slow

RULES = """\
region 甲市

since 2020-01-01 cite "甲市办法" attested "E"

retired credit 100元 monthly
resident or flexible or active credit none because "没有个人账户"

person 张三: retired since 2014-09-01, in 甲市
"""


def test_the_history_goes_on(start: Start) -> None:
    with start() as screen:
        screen.ask("显示划入")
        screen.ask("1 + 2")
        screen.press("c-d")
        assert screen.ended() == 0
    with start() as screen:
        screen.ready()
        screen.press("up")
        screen.wait("yibao> 1 + 2")
        screen.press("up")
        screen.wait("yibao> 显示划入")
        screen.press("c-c")
        screen.ready()
        screen.press("c-r")
        screen.type("2")
        screen.wait("I-search backward: 2", "yibao> 1 + 2")
        screen.press("enter")
        screen.press("enter")
        screen.wait("1 + 2 = 3")
        screen.write("显")
        screen.wait("yibao> 显示划入")  # suggested
        screen.press("right", "enter")
        screen.wait("credit: no figure: no rule of `credit` applies")
        assert any("显示划入" in line for line in screen.ask(".history"))


def test_the_history_is_only_the_users(start: Start, environ: dict[str, str]) -> None:
    with start() as screen:
        screen.ask("1 + 2")
        screen.press("c-d")
        assert screen.ended() == 0
    kept = Path(environ["HOME"], ".local", "state", "yibaolang", "history")
    assert kept.read_text("utf-8") == '"1 + 2"\n'
    assert kept.stat().st_mode & 0o077 == 0


def _prompts(rows: Iterable[str]) -> int:
    return sum(row.startswith(tuple(each.strip() for each in PROMPTS)) for row in rows)


def test_control_c_keeps_the_session(start: Start) -> None:
    with start() as screen:
        screen.ask("define top = 5元")
        screen.write("show to")
        screen.press("c-c")
        screen.ready()
        assert screen.ask("top * 2") == ["top * 2 = 10.00元"]
        before = _prompts(screen.lines())
        screen.press("c-c")
        screen.until(lambda look: _prompts(look.rows) > before, "another prompt")
        assert screen.ask("top") == ["top = 5.00元"]


def test_leaving(start: Start) -> None:
    for leave in (".quit", ".退出"):
        with start() as screen:
            screen.ask("show nothing")
            screen.write(leave)
            screen.press("enter")
            assert screen.ended() == 0


def test_a_wrong_file_is_refused_at_the_start(start: Start, folder: Path) -> None:
    (folder / "rules.yb").write_text("retired credt 5元\n", "utf-8")
    with start("rules.yb") as screen:
        assert screen.ended() == 1
        screen.wait("error[YB024]: credt makes no sense here", "did you mean credit?")


def test_the_editor_changes_what_was_typed(start: Start, folder: Path) -> None:
    editor = folder / "editor.sh"
    editor.write_text("#!/bin/sh\nsed -i 's/100/120/' \"$1\"\n", "utf-8")
    editor.chmod(0o700)
    with start(VISUAL=str(editor)) as screen:
        screen.ask("age >= 70 credit 100元")
        screen.ask("person 张三: age = 71")
        assert screen.ask(".edit") == ["the session now is 2 sentences"]
        assert screen.ask("show credit")[0] == "credit of 张三 = 120.00元"


def test_the_session_becomes_a_file(start: Start, folder: Path) -> None:
    with start() as screen:
        screen.ask("退休且年龄≥70，每月划入125元")
        screen.ask("人员 张三：退休，年龄71")
        assert screen.ask("显示划入")[0] == "credit of 张三 = 125.00元"
        assert screen.ask(".pin 七十一")[-1] == "✓ 七十一"
        assert screen.ask(".save 会话.yb") == ["saved 会话.yb: 6 sentences"]
        screen.press("c-d")
        assert screen.ended() == 0
    with start("会话.yb", YIBAO_LANG="zh") as screen:
        assert screen.ask("显示张三的划入")[0] == "张三的划入 = 125.00元"


def test_the_start_up_file_is_run_first(start: Start, environ: dict[str, str]) -> None:
    folder = Path(environ["HOME"], ".config", "yibaolang")
    folder.mkdir(parents=True)
    (folder / "replrc").write_text(".lang zh\n.date 2024-08\n", "utf-8")
    with start() as screen:
        screen.toolbar("2024-08", "中文")
        assert screen.ask("1 + 2") == ["1 + 2 = 3"]


def test_a_file_that_is_saved_is_read_again(start: Start, folder: Path) -> None:
    path = folder / "rules.yb"
    path.write_text(RULES, "utf-8")
    with start("rules.yb", size=(100, 60)) as screen:
        screen.ask("show credit of 张三 on 2024-06")
        path.write_text(RULES.replace("100", "120"), "utf-8")
        screen.toolbar("rules.yb*")  # changed, and not yet read
        screen.ask(".watch on")
        screen.wait("watch: on", "read again: rules.yb", "on 2024-06, 甲市 = 120.00元")
        screen.toolbar("rules.yb ")
        path.write_text(RULES.replace("credit 100元", "credt 100元"), "utf-8")
        screen.wait("error[YB024]: credt makes no sense here", "the rules are as before")
        screen.toolbar("rules.yb*")
        assert screen.ask("show credit of 张三 on 2024-07")[0].endswith("甲市 = 120.00元")
        screen.write("show cre")  # what is being typed stays
        path.write_text(RULES.replace("100", "130"), "utf-8")
        screen.wait("credit of 张三 on 2024-07, 甲市 = 130.00元", "yibao> show cre")
