"""What is shown: colours, narrow and simple terminals, charts, long answers, reasons."""

import re

import pytest

from tests.screen.conftest import Start
from tests.screen.screen import ROOT
from tests.screen.terminals import Emulated
from yibaolang.language.display import width

pytestmark = pytest.mark.slow

_SHADES = re.compile(rb"\x1b\[([0-9;]*)m")
_COLOURS = {*range(30, 50), *range(90, 108)}


def colours(raw: bytes) -> set[int]:
    """The colours that a program asked for; of 38;5;16 only the first number counts."""
    found: set[int] = set()
    for shade in _SHADES.findall(raw):
        found |= {int(number or b"0") for number in shade.split(b";")} & _COLOURS
    return found


def test_colours_unless_they_are_not_wanted(start: Start) -> None:
    for more in ({}, {"NO_COLOR": "1"}):
        with start(**more) as screen:
            screen.ask("退休，每月划入125元")
            screen.ask("show credt")
            screen.write("show cre")
            screen.wait("credited")
            assert isinstance(screen.terminal, Emulated)
            assert bool(colours(screen.terminal.raw)) == (not more)


def test_a_terminal_that_only_takes_lines(start: Start) -> None:
    with start(TERM="dumb") as screen:
        assert screen.ready()[1] == ".help lists the commands, .quit leaves"
        assert screen.ask("1 + 2") == ["1 + 2 = 3"]
        assert screen.ask("show credt")[0].startswith("error[YB424]")
        assert screen.ask("age >= 70 and", "retired credit 5元") == ["+ credit rule"]
        screen.press("c-d")
        assert screen.ended() == 0
        assert isinstance(screen.terminal, Emulated)
        assert b"\x1b" not in screen.terminal.raw


def test_a_narrow_screen(start: Start) -> None:
    with start(size=(40, 30)) as screen:
        screen.ask("region 甘肃")
        screen.ask("person 张三: birth 1954-08-20, retired since 2014-09-01, in 甘肃")
        answer = screen.ask("show credit on 2024-08")
        assert all(width(line) <= 40 for line in answer)
        assert "".join(" ".join(answer).split()) == (
            "creditof张三on2024-08,gansu=120.00元"
            "retiredcredit120元monthly=120.00元[seedsC14:001·D](regions/gansu.yb:17:1)"
        )
        assert screen.toolbar("gansu", "张三") == " gansu | no date | 张三 | en"
        screen.write("show cre")
        assert all(width(line) <= 40 for line in screen.wait("credited"))


def test_a_screen_that_changes_its_size(start: Start) -> None:
    with start(size=(100, 30)) as screen:
        screen.ask("define top = 5元")
        screen.toolbar("no region", "F4 vi")
        screen.terminal.resize((50, 20))
        screen.until(lambda look: all(width(row) <= 50 for row in look.rows), "narrow rows")
        assert screen.ask("top * 2") == ["top * 2 = 10.00元"]
        assert screen.toolbar("no region") == " no region | no date | nobody | en"


def test_the_balance_as_a_chart(start: Start) -> None:
    with start(str(ROOT / "examples" / "tour.yb"), size=(100, 50)) as screen:
        screen.ask(".person 赵六")
        heading, *lines = screen.ask(".balance 2024")
        assert heading == "balance of 赵六 by the month"
        months = [line for line in lines if line.startswith("2024-")]
        assert len(months) == 12
        assert all("█" in line for line in months)


def test_a_long_answer_is_paged(start: Start) -> None:
    with start(size=(100, 16), PAGER="less -R") as screen:
        screen.write(".help")
        screen.press("enter")
        screen.wait("commands; everything else is a sentence")
        screen.until(lambda look: look.rows[-1].startswith(":"), "the pager")
        screen.type("q")
        screen.ready()
        assert screen.ask("1 + 2") == ["1 + 2 = 3"]
        screen.ask(".set pager off")
        assert ".quit" in " ".join(screen.ask(".help"))


def test_reasons_open_and_close(start: Start) -> None:
    with start() as screen:
        screen.ask("age >= 70 credit 5元")
        screen.ask("person A: age = 71")
        screen.ask("show credit")
        screen.press("f3")
        found = screen.wait("q: leave")
        assert found[-5:-1] == [
            "▾ credit of A = 5.00元",
            "  ▾ age >= 70 credit 5元 = 5.00元  (session:1:1)",
            "    ▸ age >= 70 = yes",
            "      round half up to 0.01元 = 5.00元  (prelude.yb:43:1)",
        ]
        screen.type("o")
        screen.wait("    ▾ age >= 70", "age = 71  (given)")
        screen.type("c")
        screen.wait_gone("age = 71  (given)")
        screen.wait("▸ credit of A = 5.00元")
        screen.press("right")
        screen.wait("  ▸ age >= 70 credit 5元")
        screen.type("q")
        screen.wait_gone("q: leave")
        assert screen.ask("1 + 2") == ["1 + 2 = 3"]


def test_there_is_no_reason_before_a_question(start: Start) -> None:
    with start() as screen:
        screen.ready()
        screen.press("f3")
        screen.wait("there is no reason yet; ask for a figure first")
        assert screen.ask("1 + 2") == ["1 + 2 = 3"]


def test_a_word_is_explained_where_it_stands(start: Start) -> None:
    with start() as screen:
        screen.write("show credit")
        screen.press("f1")
        screen.wait("keyword · money into the personal account", "yibao> show credit")
