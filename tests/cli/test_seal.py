"""`yibao seal` and `yibao verify`: a line that is added, and what it tells later."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Yibao

SCRIPT = """\
region 甲市 | jia
active credit 2% of contribution_base monthly on day 20 to current
cover 60% of outpatient above 40元 per visit
allow outpatient for self
draw current then carried, rest to cash

person 张三: active, contribution_base 5000元, in jia

ledger 张三 from 2024-01-01
2024-01-09  ^e1  outpatient 860元
2024-02-11  ^e2  outpatient 120元
2024-12-20  ^e3  outpatient 500元
"""
OTHER = """
person 李四: active, contribution_base 4000元, in jia

ledger 李四 from 2024-01-01
2024-01-09  outpatient 60元
"""


@pytest.fixture
def script(folder: Path) -> Path:
    """The script as a file."""
    path = folder / "a.yb"
    path.write_text(SCRIPT, encoding="utf-8", newline="\n")
    return path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


# ── sealing ──


def test_a_seal_is_one_more_line(yibao: Yibao, script: Path) -> None:
    before = script.read_bytes()
    done = yibao("seal", "a.yb", "--year", "2024")
    assert (done.code, done.err) == (0, "")
    after = script.read_bytes()
    assert after.startswith(before)
    line = after[len(before) :].decode()
    assert re.fullmatch(
        '2024-12-31       seal "v1 rules [0-9a-f]{32} holder [0-9a-f]{32} events [0-9a-f]{32}'
        ' result [0-9a-f]{32} trail [0-9a-f]{12}[.][0-9a-f]{60}"\n',
        line,
    )
    assert done.out == f"a.yb: 张三 sealed on 2024-12-31\n{line}"
    assert yibao("fmt", "--check", "a.yb").code == 0
    assert yibao("check", "a.yb").code == 0


def test_a_seal_in_a_chinese_file(yibao: Yibao, script: Path) -> None:
    script.write_text(yibao("fmt", "--lang", "zh", "a.yb").out, encoding="utf-8")
    done = yibao("seal", "a.yb", "--to", "2024-12")
    assert done.out.splitlines()[0] == "a.yb\uff1a张三 已封账于 2024-12-31"
    assert script.read_text("utf-8").splitlines()[-1].startswith('2024-12-31       封账"v1 rules')
    assert yibao("fmt", "--check", "a.yb").code == 0
    assert yibao("verify", "a.yb").out == "张三 2024-12-31\uff1a与封账一致\n"


def test_a_seal_as_json(yibao: Yibao, script: Path) -> None:
    told = json.loads(yibao("seal", "a.yb", "--year", "2024", "--json").out)
    assert told["line"] == script.read_text("utf-8").splitlines()[-1]
    assert told["line"].endswith(f'seal "{told["seal"]}"')
    assert {name: told[name] for name in ("file", "person", "date", "events", "refused")} == {
        "file": "a.yb", "person": "张三", "date": "2024-12-31", "events": 3, "refused": 0,
    }  # fmt: skip


def test_a_day_is_sealed_once(yibao: Yibao, script: Path) -> None:
    yibao("seal", "a.yb", "--year", "2024")
    before = script.read_bytes()
    done = yibao("seal", "a.yb", "--to", "2024-12-31")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "yibao: a.yb:13: 张三 is sealed on 2024-12-31 already; a seal is never written anew\n"
    )
    done = yibao("seal", "a.yb", "--to", "2024-12-31", "--lang", "zh")
    assert done.err.startswith("yibao: a.yb:13\uff1a张三 在 2024-12-31 已封账")
    assert script.read_bytes() == before
    assert yibao("seal", "a.yb", "--to", "2025-03-31").code == 0


def test_what_is_refused_is_sealed_and_told(yibao: Yibao, script: Path) -> None:
    change(script, "outpatient 120元", "vaccine 120元")
    done = yibao("seal", "a.yb", "--year", "2024")
    assert (done.code, done.err) == (0, "yibao: 1 refused\n")
    change(script, "allow outpatient", "cover 0% of vaccine\nallow outpatient")
    assert yibao("verify", "a.yb").out.splitlines()[1:] == [
        "  the first that differs: ^e2 2024-02-11  (a.yb:12:1)"
    ]


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\r\n", "  # 完"])
def test_the_end_of_the_file(yibao: Yibao, script: Path, end: str) -> None:
    before = SCRIPT.rstrip("\n").encode() + end.encode()
    script.write_bytes(before)
    assert yibao("seal", "a.yb", "--year", "2024").code == 0
    after = script.read_bytes()
    assert after.startswith(before)
    assert after[len(before) :].lstrip(b"\n").startswith(b"2024-12-31")
    assert yibao("verify", "a.yb").code == 0


@pytest.mark.parametrize(
    "after",
    [
        OTHER,
        'test "x"\ngiven active, in jia\non 2024-01-20 expect credit refused\n',
        "region 乙市\n",
        "person 王五: active\n",
    ],
)
def test_a_seal_must_belong_to_its_ledger(yibao: Yibao, script: Path, after: str) -> None:
    script.write_text(SCRIPT + after, encoding="utf-8")
    before = script.read_bytes()
    done = yibao("seal", "a.yb", "--person", "张三", "--year", "2024")
    assert (done.code, done.out) == (1, "")
    assert "there it would not belong to the ledger of 张三" in done.err
    assert script.read_bytes() == before


def test_a_question_after_the_ledger_is_no_other_section(yibao: Yibao, script: Path) -> None:
    script.write_text(f"{SCRIPT}show balance of 张三 on 2024-12-31\n", encoding="utf-8")
    assert yibao("seal", "a.yb", "--year", "2024").code == 0
    assert yibao("verify", "a.yb").code == 0


def test_a_ledger_with_rules_in_another_file(yibao: Yibao, script: Path, folder: Path) -> None:
    rules, ledger = SCRIPT.split("\nperson", 1)
    (folder / "rules.yb").write_text(rules, encoding="utf-8")
    script.write_text(f'include "rules.yb"\nperson{ledger}', encoding="utf-8")
    assert yibao("seal", "a.yb", "--year", "2024").code == 0
    (folder / "all.yb").write_text(
        SCRIPT + script.read_text("utf-8").splitlines()[-1] + "\n", encoding="utf-8"
    )
    assert yibao("verify", "a.yb", "all.yb").out == "张三 2024-12-31: as sealed\n" * 2
    change(folder / "rules.yb", "60%", "61%")
    done = yibao("verify", "a.yb")
    assert done.code == 1 and "not as sealed: the rules differ, the result differs" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "the command seal needs --to or --year, one of them"),
        (("--to", "2024-12-31", "--year", "2024"), "the command seal needs --to or --year"),
        (("--to", "2023-12-31", "--person", "张三"), "2023-12-31 is not between 2024-01-01 and …"),
        (("--year", "2024", "--person", "王五"), "a.yb has no ledger of 王五; it has: 张三, 李四"),
        (("--year", "2024"), "a.yb has several ledgers; --person says whose: 张三, 李四"),
        (("--to", "2024-13"), "--to needs a day or a month"),
    ],
)
def test_misuse(yibao: Yibao, script: Path, arguments: tuple[str, ...], said: str) -> None:
    script.write_text(SCRIPT + OTHER, encoding="utf-8")
    before = script.read_bytes()
    done = yibao("seal", "a.yb", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert script.read_bytes() == before


def test_no_ledger(yibao: Yibao, script: Path) -> None:
    script.write_text("credit 5元\n", encoding="utf-8")
    done = yibao("seal", "a.yb", "--year", "2024")
    assert done.code == 2 and "there is no ledger in it" in done.err


def test_the_last_day_of_the_ledger(yibao: Yibao, script: Path) -> None:
    change(script, "from 2024-01-01\n", "from 2024-01-01 to 2024-06-30\n")
    done = yibao("seal", "a.yb", "--year", "2024")
    assert done.code == 2
    assert "2024-12-31 is not between 2024-01-01 and 2024-06-30" in done.err


# ── verifying ──


def test_nothing_has_changed(yibao: Yibao, script: Path) -> None:
    yibao("seal", "a.yb", "--to", "2024-06-30")
    yibao("seal", "a.yb", "--year", "2024")
    done = yibao("verify", "a.yb")
    assert (done.code, done.err) == (0, "")
    assert done.out == "张三 2024-06-30: as sealed\n张三 2024-12-31: as sealed\n"


@pytest.mark.parametrize(
    ("old", "new", "english", "chinese"),
    [
        (
            "120元", "121元",
            ["✗ a.yb:13:1: 张三 2024-12-31: not as sealed: the events differ, the result differs",
             "  the first that differs: ^e2 2024-02-11  (a.yb:11:1)"],
            ["✗ a.yb:13:1\uff1a张三 2024-12-31\uff1a与封账不符\uff1a事件不同\u3001结果不同",
             "  最先不同的\uff1a^e2 2024-02-11  (a.yb:11:1)"],
        ),
        (
            "credit 2%", "credit 2.5%",
            ["✗ a.yb:13:1: 张三 2024-12-31: not as sealed: the rules differ, the result differs",
             "  the first that differs: credit 2024-01-20"],
            ["✗ a.yb:13:1\uff1a张三 2024-12-31\uff1a与封账不符\uff1a规则不同\u3001结果不同",
             "  最先不同的\uff1a划入 2024-01-20"],
        ),
        (
            "for self\n", "for self, spouse\n",
            ["✗ a.yb:13:1: 张三 2024-12-31: not as sealed: the rules differ"],
            ["✗ a.yb:13:1\uff1a张三 2024-12-31\uff1a与封账不符\uff1a规则不同"],
        ),
        (
            "base 5000元", "base 6000元",
            ["✗ a.yb:13:1: 张三 2024-12-31: not as sealed: the facts of the holder differ, "
             "the result differs", "  the first that differs: credit 2024-01-20"],
            ["✗ a.yb:13:1\uff1a张三 2024-12-31\uff1a与封账不符\uff1a参保人的事实不同\u3001结果不同",
             "  最先不同的\uff1a划入 2024-01-20"],
        ),
        (
            "2024-02-11  ^e2", "2024-01-10  ^x  outpatient 9元\n2024-02-11  ^e2",
            ["✗ a.yb:14:1: 张三 2024-12-31: not as sealed: the events differ, the result differs",
             "  the first that is new: ^x 2024-01-10  (a.yb:11:1)"],
            ["✗ a.yb:14:1\uff1a张三 2024-12-31\uff1a与封账不符\uff1a事件不同\u3001结果不同",
             "  最先新增的\uff1a^x 2024-01-10  (a.yb:11:1)"],
        ),
        (
            "2024-02-11  ^e2  outpatient 120元\n", "",
            ["✗ a.yb:12:1: 张三 2024-12-31: not as sealed: the events differ, the result differs",
             "  one is missing before ^e3 2024-12-20  (a.yb:11:1)"],
            ["✗ a.yb:12:1\uff1a张三 2024-12-31\uff1a与封账不符\uff1a事件不同\u3001结果不同",
             "  ^e3 2024-12-20  (a.yb:11:1) 之前缺少一个"],
        ),
        (
            "2024-12-20  ^e3  outpatient 500元\n", "",
            ["✗ a.yb:12:1: 张三 2024-12-31: not as sealed: the events differ, the result differs",
             "  one is missing at the end"],
            ["✗ a.yb:12:1\uff1a张三 2024-12-31\uff1a与封账不符\uff1a事件不同\u3001结果不同",
             "  末尾缺少一个"],
        ),
    ],
)  # fmt: skip
def test_the_first_difference(
    yibao: Yibao, script: Path, old: str, new: str, english: list[str], chinese: list[str]
) -> None:
    yibao("seal", "a.yb", "--year", "2024")
    change(script, old, new)
    done = yibao("verify", "a.yb")
    assert (done.code, done.err, done.out.splitlines()) == (1, "", english)
    done = yibao("verify", "a.yb", "--lang", "zh")
    assert (done.code, done.err, done.out.splitlines()) == (1, "", chinese)


def test_what_is_booked_later_does_not_break_a_seal(yibao: Yibao, script: Path) -> None:
    yibao("seal", "a.yb", "--year", "2024")
    with script.open("a", encoding="utf-8") as file:
        file.write('2025-01-10  ^v  void ^e1 effective 2024-01-09 because "退费"\n')
        file.write("2025-02-01  ^w  contribution_base = 4000元 effective 2024-01-01\n")
    assert yibao("verify", "a.yb").code == 0
    yibao("seal", "a.yb", "--to", "2025-02")
    assert yibao("verify", "a.yb").out == "张三 2024-12-31: as sealed\n张三 2025-02-28: as sealed\n"
    change(script, "void ^e1 effective 2024-01-09", "void ^e2 effective 2024-02-11")
    lines = yibao("verify", "a.yb").out.splitlines()
    assert lines[0] == "张三 2024-12-31: as sealed"
    assert lines[1].startswith("✗ a.yb:16:1: 张三 2025-02-28: not as sealed: the events differ")


def test_a_difference_as_json(yibao: Yibao, script: Path) -> None:
    yibao("seal", "a.yb", "--year", "2024")
    change(script, "120元", "121元")
    done = yibao("verify", "a.yb", "--json")
    assert done.code == 1
    assert json.loads(done.out) == [
        {
            "person": "张三",
            "date": "2024-12-31",
            "file": "a.yb",
            "line": 13,
            "holds": False,
            "differs": ["events", "result"],
            "first": {"kind": "changed", "event": "e2", "what": "bill", "day": "2024-02-11"},
        }
    ]


def test_seals_that_cannot_be_read(yibao: Yibao, script: Path) -> None:
    script.write_text(f'{SCRIPT}2024-12-31  seal "v0 {"0" * 32}"\n', encoding="utf-8")
    done = yibao("verify", "a.yb")
    assert done.code == 1
    assert done.out == ("✗ a.yb:13:1: 张三 2024-12-31: this is no seal of the form v1\n")


def test_a_ledger_that_cannot_be_run_any_more(yibao: Yibao, script: Path) -> None:
    yibao("seal", "a.yb", "--year", "2024")
    change(script, "2024-12-20  ^e3", "2024-12-19  ^v  void ^x\n2024-12-20  ^e3")
    done = yibao("verify", "a.yb")
    assert done.code == 1
    assert done.out.endswith("the ledger cannot be run any more\n") and "YB441" in done.err
    (told,) = json.loads(yibao("verify", "a.yb", "--json").out)
    assert told["holds"] is False and told["diagnostics"][0]["code"] == "YB441"


def test_files_are_verified_one_by_one(yibao: Yibao, script: Path, folder: Path) -> None:
    yibao("seal", "a.yb", "--year", "2024")
    (folder / "b.yb").write_text(script.read_text("utf-8").replace("860元", "861元"), "utf-8")
    (folder / "c.yb").write_text("credit credit\n", "utf-8")
    (folder / "d.yb").write_text(SCRIPT, "utf-8")
    done = yibao("verify", ".")
    assert done.code == 1
    assert done.out.startswith("张三 2024-12-31: as sealed\n✗ b.yb:13:1: ")
    assert "c.yb:1:8" in done.err
    told = json.loads(yibao("verify", ".", "--json").out)
    assert [(each["file"], each.get("holds")) for each in told] == [
        ("a.yb", True), ("b.yb", False), ("c.yb", None),
    ]  # fmt: skip


def test_no_seal(yibao: Yibao, script: Path) -> None:
    done = yibao("verify", "a.yb")
    assert (done.code, done.out) == (1, "")
    assert done.err == "yibao: a.yb: there is no seal in it; yibao seal writes one\n"
    yibao("seal", "a.yb", "--year", "2024")
    assert yibao("verify", "a.yb", "--person", "李四").code == 1
    assert yibao("verify", "a.yb", "--person", "张三").code == 0


@pytest.mark.slow
def test_seals_are_the_same_everywhere(yibao: Yibao, script: Path) -> None:
    """Whatever Python's hashes, the locale, the time zone and the folder."""
    seals = set()
    for number, (seed, locale, zone) in enumerate(
        [("0", "C", "UTC"), ("1", "zh_CN.GB18030", "Asia/Shanghai"), ("77", "tr_TR.UTF-8", "")]
    ):
        folder = script.parent / f"folder {number}"
        folder.mkdir()
        (folder / "b.yb").write_text(SCRIPT, encoding="utf-8")
        environ = os.environ | {
            "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone,
            "PYTHONUTF8": "0",
        }  # fmt: skip
        command = [sys.executable, "-m", "yibaolang", "seal", "b.yb", "--year", "2024", "--json"]
        done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, check=True)
        seals.add((folder / "b.yb").read_text("utf-8").splitlines()[-1])
        assert done.returncode == 0
    yibao("seal", "a.yb", "--year", "2024")
    seals.add(script.read_text("utf-8").splitlines()[-1])
    assert len(seals) == 1
