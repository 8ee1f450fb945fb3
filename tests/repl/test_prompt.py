"""The prompt as a person types into it: lines, pastes, keys, history; and what never ends it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.enums import EditingMode

from tests.repl.conftest import LEAVE, Typist
from yibaolang.repl.history import Kept
from yibaolang.session.replies import Reply
from yibaolang.session.session import Session

ENTER, ESCAPE, UP, DOWN, TAB = "\r", "\x1b", "\x1b[A", "\x1b[B", "\t"
CTRL_C, CTRL_R, CTRL_W, CTRL_U = "\x03", "\x12", "\x17", "\x15"
F1, F2, F3, F4 = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"

Make = Callable[..., Typist]


def pasted(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


# ── lines ──


def test_a_sentence_is_run_and_answered(typist: Make) -> None:
    shown = typist().type("person Li: age = 72\r", "show age of Li\r")
    assert shown == ["+ person Li", "age of Li = 72\n  age = 72  (given)"]


def test_chinese_is_typed_as_anything_else(typist: Make) -> None:
    shown = typist(Session(lang="zh")).type("人员 李四：年龄=72，退休\r", "显示 李四 的 年龄\r")
    assert shown == ["+ 人员 李四", "李四的年龄 = 72岁\n  年龄 = 72岁  (已知)"]


def test_an_unfinished_sentence_goes_on_in_the_next_line(typist: Make) -> None:
    shown = typist().type("person Li: age = 72,\r", "avg_pension = 4000元\r")
    assert shown == ["+ person Li"]


def test_a_blank_line_runs_what_is_unfinished(typist: Make) -> None:
    typing = typist()
    shown = typing.type("bucket a,\r", "\r", "1元\r")
    assert shown[0].startswith("error[") and shown[1] == "1元 = 1.00元"
    assert typing.session.history[0] == "bucket a,"


@pytest.mark.parametrize("mode", ["emacs", "vi"])
def test_alt_enter_is_a_new_line(typist: Make, mode: str) -> None:
    typing = typist()
    typing.session.settings = typing.session.settings.with_value("keys", mode)
    assert typing.type("1元\x1b\r2元\r") == ["1元 = 1.00元", "2元 = 2.00元"]


def test_an_error_keeps_the_session_as_it_was(typist: Make) -> None:
    typing = typist()
    before = typing.session.script
    assert typing.type("age >= 70 credt 5元\r")[0].startswith("error[")
    assert (typing.session.script, typing.talk.ok) == (before, False)


def test_an_empty_line_says_nothing(typist: Make) -> None:
    typing = typist()
    assert typing.type("\r", "   \r") == []
    assert typing.session.history == []


def test_a_paste_of_many_lines_is_run_sentence_by_sentence(typist: Make) -> None:
    text = "person Li: age = 72\r\nshow age of Li\r\ncredt\r\nshow age of Li\r\n"
    typing = typist()
    shown = typing.type(pasted(text), "\r")
    assert shown[0] == "+ person Li"
    assert shown[1] == shown[3] == "age of Li = 72\n  age = 72  (given)"
    assert shown[2].startswith("error[")
    assert typing.session.history == [text.replace("\r\n", "\n").rstrip("\n")]


def test_nothing_that_is_pasted_is_run_before_enter(typist: Make) -> None:
    typing = typist()
    assert typing.type(pasted("1元\n2元\n"), CTRL_C) == []


def test_two_hundred_lines_can_be_pasted(typist: Make) -> None:
    people = "\n".join(f"person p{number}: age = {number % 90}" for number in range(200))
    assert typist().type(pasted(people), "\r") == ["+ 200 sentences"]


# ── leaving ──


def test_ctrl_c_drops_the_input_and_ctrl_d_leaves(typist: Make) -> None:
    typing = typist()
    assert typing.type("credit credit", CTRL_C, "1元\r") == ["1元 = 1.00元"]


def test_ctrl_d_deletes_while_there_is_a_text(typist: Make) -> None:
    assert typist().type("11元\x01\x04\r") == ["1元 = 1.00元"]


def test_quit_leaves(typist: Make) -> None:
    typing = typist()
    typing.pipe.send_text("1元\r.quit\r2元\r")
    assert typing.prompt.run() is True
    assert (typing.screen.shown, typing.talk.ended) == (["1元 = 1.00元"], True)


def test_an_end_of_the_terminal_leaves(typist: Make) -> None:
    typing = typist()
    typing.pipe.send_text("1元\r")
    typing.pipe.close()
    assert typing.prompt.run() is True


# ── history ──


def test_the_history_is_kept(typist: Make, tmp_path: Path) -> None:
    path = tmp_path / "history"
    typist().type("1元\r", ".lang en\r", "person Li: age = 72,\ravg_pension = 1元\r")
    kept = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert kept == ["1元", ".lang en", "person Li: age = 72,\navg_pension = 1元"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_earlier_sessions_are_in_the_history(typist: Make, tmp_path: Path) -> None:
    Kept(str(tmp_path / "history")).add("2元")
    typing = typist()
    shown = typing.slowly(UP, "\r", ".history\r", LEAVE)
    assert shown[0] == "2元 = 2.00元"
    assert typing.session.history == ["2元", "2元", ".history"]


def test_the_arrows_search_for_what_was_begun(typist: Make, tmp_path: Path) -> None:
    history = Kept(str(tmp_path / "history"))
    for each in ("show age of Li", "1元", "2元"):
        history.add(each)
    typing = typist()
    shown = typing.slowly("person Li: age = 72\r", f"show{UP}", "\r", LEAVE)
    assert shown[1] == "age of Li = 72\n  age = 72  (given)"


def test_ctrl_r_searches_backwards(typist: Make, tmp_path: Path) -> None:
    history = Kept(str(tmp_path / "history"))
    for each in ("1元 + 1元", "2元"):
        history.add(each)
    typing = typist()
    assert typing.slowly(f"{CTRL_R}+", "\r", "\r", LEAVE)[0] == "1元 + 1元 = 2.00元"


def test_a_suggestion_is_taken_by_the_arrow(typist: Make, tmp_path: Path) -> None:
    Kept(str(tmp_path / "history")).add("100元 + 1元")
    typing = typist()
    assert typing.slowly("10", "\x1b[C", "\r", LEAVE) == ["100元 + 1元 = 101.00元"]


def test_a_suggestion_is_taken_word_by_word(typist: Make, tmp_path: Path) -> None:
    Kept(str(tmp_path / "history")).add("100元+1元")
    assert typist().slowly("1", "\x1bf", "\r", LEAVE) == ["100元 = 100.00元"]


# ── the menu ──


def test_tab_completes(typist: Make) -> None:
    typing = typist()
    typing.session.text("person Li: age = 72")
    assert typing.slowly("show ag", TAB, " of Li\r", LEAVE)[0].startswith("age of Li = 72")


def test_enter_takes_what_is_chosen_and_runs_at_the_next(typist: Make) -> None:
    typing = typist()
    typing.session.text("person Li: age = 72")
    shown = typing.slowly("show ag", TAB, ENTER, " of Li", ENTER, LEAVE)
    assert shown[0].startswith("age of Li = 72")


def test_a_menu_that_came_up_by_itself_keeps_nobody_from_the_history(
    typist: Make, tmp_path: Path
) -> None:
    Kept(str(tmp_path / "history")).add("credit 5元")
    typing = typist()
    typing.slowly("cre", UP, CTRL_U, LEAVE)
    assert typing.screen.shown == []
    shown = typist().slowly("cre", UP, ENTER, LEAVE)
    assert shown == ["+ credit rule"]


# ── words ──


def test_words_of_chinese_are_those_of_the_language(typist: Make) -> None:
    typing = typist(Session(lang="zh"))
    shown = typing.type("年龄且退休", CTRL_W, CTRL_W, CTRL_W, "1元\r")
    assert shown == ["1元 = 1.00元"]


def test_alt_b_and_alt_d_go_by_words(typist: Make) -> None:
    typing = typist()
    typing.type("1元+2元+3元", f"{ESCAPE}b{ESCAPE}b{ESCAPE}b", f"{ESCAPE}d", "7元\r")
    assert typing.session.history == ["1元+7元+3元"]


# ── keys for the eyes and hands ──


def test_f1_explains_the_word_at_the_cursor_and_keeps_the_text(typist: Make) -> None:
    typing = typist()
    shown = typing.slowly("1元 + credit", F1, f"{CTRL_U}", LEAVE)
    assert shown[0].startswith("credit | ")
    assert typing.session.history == []


def test_f1_explains_a_chinese_word(typist: Make) -> None:
    shown = typist(Session(lang="zh")).slowly("退休且年龄", F1, CTRL_U, LEAVE)
    assert shown[0].startswith("年龄")


def test_f1_on_nothing_is_help(typist: Make) -> None:
    assert ".help" in typist().slowly(F1, LEAVE)[0]


def test_f2_changes_the_language(typist: Make) -> None:
    typing = typist()
    shown = typing.type(F2, "1元 > 2元\r", F2, "1元 > 2元\r")
    assert shown == ["1元>2元 = 否", "1元 > 2元 = no"]


def test_f3_without_a_reason_says_so(typist: Make) -> None:
    assert typist().slowly(F3, LEAVE) == ["there is no reason yet; ask for a figure first"]


def test_f3_opens_a_viewer_and_comes_back_to_the_text(typist: Make) -> None:
    typing = typist()
    shown = typing.slowly("1元 + 1元\r", "2元", F3, "o", "j", "k", "q", "\r", LEAVE)
    assert shown == ["1元 + 1元 = 2.00元", "2元 = 2.00元"]


def test_f4_changes_the_keys(typist: Make) -> None:
    typing = typist()
    typing.slowly(F4, f"x1元{ESCAPE}", "0x", "\r", LEAVE)
    assert typing.screen.shown == ["1元 = 1.00元"]
    assert typing.prompt.asking.editing_mode == EditingMode.VI


def test_settings_hold_at_once(typist: Make) -> None:
    typing = typist()
    typing.type(".set keys vi\r", ".set mouse on\r", ".timer on\r", "1元\r")
    assert typing.prompt.asking.editing_mode == EditingMode.VI
    assert typing.prompt.asking.mouse_support()
    assert typing.screen.shown[-2] == "1元 = 1.00元"
    assert typing.screen.shown[-1].endswith(" ms")


# ── faults ──


@pytest.mark.parametrize("fault", [KeyError, RecursionError, ZeroDivisionError, MemoryError])
def test_a_fault_is_a_line_and_the_session_goes_on(
    typist: Make, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    run = Session.run

    def fails(self: Session, text: str) -> Iterator[Reply]:
        if text == "fail":
            raise fault("secret")
        return run(self, text)

    monkeypatch.setattr(Session, "run", fails)
    shown = typist().type("fail\r", "1元\r")
    assert shown[0].startswith(f"internal error in yibao 0.1.0: {fault.__name__} at ")
    assert "secret" not in shown[0] and shown[1] == "1元 = 1.00元"


def test_an_interrupt_ends_a_long_answer_and_nothing_else(
    typist: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Session.run

    def long(self: Session, text: str) -> Iterator[Reply]:
        if text == "long":
            raise KeyboardInterrupt
        return run(self, text)

    monkeypatch.setattr(Session, "run", long)
    assert typist().type("long\r", "1元\r") == ["interrupted", "1元 = 1.00元"]


@pytest.mark.parametrize("name", [
    "yibaolang.repl.prompt.toolbar",
    "yibaolang.repl.colouring.pieces",
    "yibaolang.session.completion.complete",
    "yibaolang.session.session.Session.unfinished",
    "yibaolang.repl.wording.asked_about",
])  # fmt: skip
def test_no_key_ends_the_prompt(
    typist: Make, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fails(*_given: Any) -> None:
        raise TypeError("secret")

    monkeypatch.setattr(name, fails)
    shown = typist().slowly("1元", TAB, F1, "\r", LEAVE)
    assert shown[-1] == "1元 = 1.00元" and "secret" not in "".join(shown)


def test_a_fault_in_the_event_loop_is_a_line(
    typist: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing = typist()

    def fails() -> None:
        raise TypeError("secret")

    monkeypatch.setattr(typing.prompt, "other_language", fails)
    shown = typing.slowly(F2, "1元\r", LEAVE)
    assert shown[0].startswith("internal error in yibao") and shown[1] == "1元 = 1.00元"
