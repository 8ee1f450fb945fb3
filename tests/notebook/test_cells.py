"""Cells of yibao in a real IPython: one session, text and HTML, both languages, options."""

import os
import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

import yibaolang
import yibaolang.notebook
from tests.notebook.shells import bundle, printed, running
from yibaolang.language.diagnostics import Refusal

RULES = """%%yibao
age >= 70 credit 2.5% of avg_pension
person Li: age = 72, avg_pension = 4000元
"""
ZH_RULES = """%%yibao --lang zh
年龄≥70\uff0c划入平均养老金的2.5%
人员 李四\uff1a年龄72\uff0c平均养老金4000元
"""
ROOT = Path(yibaolang.__file__).resolve().parents[1]


# ── text ──


def test_a_cell_shows_its_answers(shell: InteractiveShell) -> None:
    assert printed(shell, RULES + "show credit of Li") == (
        "Out[2]: \n"
        "+ 2 sentences\n"
        "credit of Li = 100.00元\n"
        "  age >= 70 credit 2.5% of avg_pension = 100.00元  (session:1:1)\n"
    )


def test_a_cell_answers_in_chinese(shell: InteractiveShell) -> None:
    shown = printed(shell, ZH_RULES + "显示李四的划入")
    assert "+ 2 个句子\n李四的划入 = 100.00元\n" in shown


def test_cells_and_lines_share_one_session(shell: InteractiveShell) -> None:
    printed(shell, RULES)
    assert "credit of Li = 100.00元" in printed(shell, "%yibao show credit of Li")
    assert "credit of Li = 100.00元" in printed(shell, "%%yibao\nshow credit")
    assert yibaolang.notebook.session() is shell.run_cell("%yibao").result
    assert "Li" in yibaolang.notebook.session().rules.book.persons


def test_an_error_keeps_the_session(shell: InteractiveShell) -> None:
    printed(shell, RULES)
    before = yibaolang.notebook.session().script
    shown = printed(shell, "%%yibao\nshow credt of Li\nage >= credit 5元\n.nonsense")
    assert "error[YB424]: there is no figure credt" in shown
    assert "      ^^^^^\n" in shown
    assert "there is no command .nonsense" in shown
    assert "Traceback" not in shown
    assert yibaolang.notebook.session().script == before
    assert "100.00元" in printed(shell, "%yibao show credit of Li")


def test_the_language_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path) as shell:
        monkeypatch.setenv("YIBAO_LANG", "zh_CN")
        shell.run_cell("%load_ext yibaolang")
        assert yibaolang.notebook.session().context.lang == "zh"


def test_python_values_go_into_lines(shell: InteractiveShell) -> None:
    printed(shell, "years, pension = 73, 5000")
    printed(shell, "%yibao person Wang: age = {years}, avg_pension = {pension}元")
    shown = printed(shell, "%yibao show avg_pension of Wang")
    assert "avg_pension of Wang = 5000.00元" in shown


def test_another_format_is_text_alone(shell: InteractiveShell) -> None:
    printed(shell, RULES)
    printed(shell, "%yibao .set output csv")
    data = bundle(shell, "%yibao show credit of Li")
    assert data["text/plain"].startswith("label,figure,person,")
    assert "text/html" not in data


def test_the_session_shows_what_it_is_about(shell: InteractiveShell) -> None:
    printed(shell, RULES)
    assert "person     Li\n" in printed(shell, "%yibao")
    printed(shell, "%yibao --lang zh")
    data = bundle(shell, "%yibao")
    assert "人员  Li" in data["text/plain"]
    assert "<td>人员</td><td>Li</td>" in data["text/html"]


# ── HTML ──


def test_reasons_fold(shell: InteractiveShell) -> None:
    printed(shell, RULES)
    html = bundle(shell, "%yibao show credit of Li")["text/html"]
    assert html.startswith('<div class="yibao">\n<style>')
    assert '<div lang="en">' in html
    assert '<details class="yibao-figure" open>' in html
    assert '<details class="yibao-rule">' in html
    assert "age &gt;= 70 credit 2.5% of avg_pension" in html
    deeper = bundle(shell, "%yibao explain credit of Li")["text/html"]
    assert '<details class="yibao-rule" open>' in deeper
    assert '<details class="yibao-condition">' in deeper


def test_tables_are_tables(shell: InteractiveShell) -> None:
    printed(shell, ZH_RULES)
    html = bundle(shell, "%yibao .设置")["text/html"]
    assert '<th scope="col">设置</th>' in html
    assert '<div lang="zh">' in html


def test_charts_stand_in_tables(shell: InteractiveShell) -> None:
    printed(
        shell,
        """%%yibao
bucket savings
credit none
person Li: age 60
ledger Li from 2024-01-01 to 2024-12-31
2024-01-01 opening savings 100元
2024-02-05 credit 100元 to savings
""",
    )
    html = bundle(shell, "%yibao show balance of Li by month in 2024")["text/html"]
    assert "<td>██████████</td>" in html
    assert '<td class="yibao-right">200.00元</td>' in html


def test_events_tell_the_balance(shell: InteractiveShell) -> None:
    html = bundle(
        shell,
        """%%yibao
bucket savings
person Li: age 60
ledger Li from 2024-01-01 to 2024-03-31
2024-01-01 opening savings 100元
""",
    )["text/html"]
    assert '<div class="yibao-balance">balance 100.00元</div>' in html


@pytest.mark.parametrize(("expected", "kind"), [("100元", "passed"), ("99元", "failed")])
def test_tests_pass_and_fail(shell: InteractiveShell, expected: str, kind: str) -> None:
    printed(shell, RULES)
    cell = '%%yibao\ntest "<worked> out"\ngiven age = 72, avg_pension = 4000元\nexpect credit = '
    html = bundle(shell, cell + expected)["text/html"]
    assert f'<div class="yibao-{kind}">' in html
    assert "&lt;worked&gt; out" in html
    assert ("YB" in html) is (kind == "failed")


def test_everything_is_escaped(shell: InteractiveShell) -> None:
    lines = ['age >= 70 credit <script>alert("1")</script> x', ".help <u>", 'credit 5元 cite "<b>"']
    html = bundle(shell, "\n".join(["%%yibao", *lines, "explain credit"]))["text/html"]
    body = html.partition("</style>")[2]
    assert "&lt;script&gt;" in body
    assert "&lt;b&gt;" in body
    for tag in ("<script", "<b>", "<u>"):
        assert tag not in body


def test_carets_stand_in_a_pre(shell: InteractiveShell) -> None:
    html = bundle(shell, "%yibao age >= credit 5元")["text/html"]
    assert '<pre class="yibao-diagnostic"><strong class="yibao-error">error[YB' in html
    assert "1 | age &gt;= credit 5元\n" in html
    assert "^" in html


# ── options ──


def test_the_last_value_goes_to_a_variable(shell: InteractiveShell) -> None:
    printed(shell, RULES)
    printed(shell, "%%yibao --to fee --quiet\nshow age of Li\nshow credit of Li")
    assert shell.user_ns["fee"] == 10000
    assert type(shell.user_ns["fee"]) is int
    printed(shell, "%yibao --to=rate 2.5%")
    assert shell.user_ns["rate"] == Fraction(1, 40)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("100元 / 3", Fraction(10000, 3)),
        ("200元 / 100元", Fraction(2)),
        ("age", 72),
        ("age >= 70", True),
        ("2024-05-06", date(2024, 5, 6)),
        ("status", "retired"),
        ("last_wage", None),
    ],
)
def test_values_are_exact(shell: InteractiveShell, expression: str, value: object) -> None:
    printed(shell, "%%yibao\nperson Li: retired, age = 72, avg_pension = 4000元")
    printed(shell, f"%yibao --to found {expression}")
    assert shell.user_ns["found"] == value
    assert type(shell.user_ns["found"]) is type(value)


def test_several_values_are_a_dict(shell: InteractiveShell) -> None:
    printed(shell, "%%yibao\nperson 张三: male, birth 1954-08-20, retired since 2014-09-01")
    cell = '%yibao --to each compare shandong as "C18", gansu for 张三 on 2024-08'
    printed(shell, cell)
    assert shell.user_ns["each"] == {"shandong C18": 12500, "gansu": 12000}


def test_what_has_no_value_leaves_no_old_one(shell: InteractiveShell) -> None:
    printed(shell, RULES)
    printed(shell, "%yibao --to fee show credit of Li")
    printed(shell, "%yibao --to fee show credt of Li")
    assert shell.user_ns["fee"] is None
    shown = printed(shell, "%yibao --quiet --to fee person Wang: age = 3")
    assert "nothing was asked, so fee is None" in shown
    printed(shell, "%yibao --to fee")
    assert shell.user_ns["fee"] == 10000


def test_quiet_shows_only_what_is_wrong(shell: InteractiveShell) -> None:
    assert printed(shell, RULES.replace("%%yibao", "%%yibao --quiet")) == ""
    shown = printed(shell, "%%yibao --quiet\nshow credit of Li\nshow credt of Li")
    assert "100.00元" not in shown
    assert "YB424" in shown


def test_new_begins_anew(shell: InteractiveShell) -> None:
    printed(shell, ZH_RULES)
    assert printed(shell, "%yibao --new") == ""
    session = yibaolang.notebook.session()
    assert session.script == ""
    assert session.context.lang == "zh"


@pytest.mark.parametrize(
    ("line", "en", "zh"),
    [
        ("--lang fr", "the language is en or zh, not fr", "语言是 en 或 zh\uff0c不是 fr"),
        ("--long", "there is no option --long; there are: --lang", "没有选项 --long\uff1b可用的有"),
        ("--quiet=yes", "there is no option --quiet", "没有选项 --quiet"),
        ("--to", "the option --to needs a word after it", "选项 --to 后面缺一个词"),
        ("--to 2x", "2x is no name of a Python variable", "2x 不能作 Python 变量名"),
        ("--to if", "if is no name of a Python variable", "if 不能作 Python 变量名"),
    ],
)
def test_wrong_options(shell: InteractiveShell, line: str, en: str, zh: str) -> None:
    assert printed(shell, f"%yibao {line}").startswith(f"UsageError: {en}")
    printed(shell, "%yibao --lang zh")
    assert printed(shell, f"%%yibao {line}\nage?").startswith(f"UsageError: {zh}")


def test_the_help_of_the_magic(shell: InteractiveShell) -> None:
    shown = printed(shell, "print(get_ipython().find_line_magic('yibao').__doc__)")
    assert all(option in shown for option in ("--lang", "--new", "--quiet", "--to"))


# ── settings that a face answers for ──


def test_files_that_changed_are_read_again(shell: InteractiveShell, tmp_path: Path) -> None:
    file = tmp_path / "rules.yb"
    file.write_text("age >= 70 credit 100元\nperson Li: age = 72\n", "utf-8")
    printed(shell, f"%yibao .load {file}")
    printed(shell, "%yibao .watch on")
    file.write_text("age >= 70 credit 12500元\nperson Li: age = 72\n", "utf-8")
    assert "credit of Li = 12500.00元" in printed(shell, "%yibao show credit of Li")


def test_time_is_told(shell: InteractiveShell) -> None:
    printed(shell, "%yibao .timer on")
    assert printed(shell, "%yibao 1元 + 1元").endswith(" ms\n")
    printed(shell, "%yibao --lang zh")
    assert printed(shell, "%yibao 1元 + 1元").endswith(" 毫秒\n")


def test_there_is_nothing_to_leave(shell: InteractiveShell) -> None:
    printed(shell, RULES)
    assert "%yibao --new begins anew" in printed(shell, "%yibao .quit")
    assert "credit of Li = 100.00元" in printed(shell, "%yibao show credit of Li")


# ── IPython ──


def test_a_session_of_ones_own_is_shared(shell: InteractiveShell) -> None:
    own = yibaolang.Session(lang="zh")
    list(own.run("人员 李四\uff1a年龄72"))
    yibaolang.notebook.share(own)
    assert "李四的年龄 = 72" in printed(shell, "%yibao 显示李四的年龄")


def test_what_begins_anew_is_guarded_as_before(shell: InteractiveShell) -> None:
    yibaolang.notebook.share(yibaolang.Session(sandbox=yibaolang.Sandbox()))
    printed(shell, "%yibao --new")
    assert "YB045" in printed(shell, "%yibao .save away.yb")


def test_the_session_loads_the_magics(tmp_path: Path) -> None:
    with running(tmp_path) as shell:
        session = yibaolang.notebook.session()
        assert shell.run_cell("%yibao").result is session


def test_unloading_takes_all_away(shell: InteractiveShell) -> None:
    completer: Any = shell.Completer
    printed(shell, "session = yibao = None\nimport yibaolang.notebook\ns = %yibao")
    assert len(completer.custom_matchers) == 1
    assert printed(shell, "%unload_ext yibaolang") == ""
    assert "not found" in printed(shell, "%yibao")
    assert completer.custom_matchers == []
    assert "<yibaolang.session.session.Session at" in printed(shell, "s")
    assert printed(shell, "%load_ext yibaolang") == ""
    assert printed(shell, "%reload_ext yibaolang") == ""
    assert len(completer.custom_matchers) == 1


def test_without_ipython_the_extra_is_named() -> None:
    program = (
        "import sys; sys.modules['IPython'] = None\n"
        "import yibaolang.notebook\n"
        "try:\n    yibaolang.notebook.session()\n"
        "except yibaolang.Refusal as refusal:\n    print(refusal.render('zh'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )
    assert "YB047" in done.stdout, done.stderr
    assert "yibaolang[notebook]" in done.stdout


def test_outside_of_ipython() -> None:
    with pytest.raises(Refusal, match="YB047"):
        yibaolang.notebook.session()


def test_loading_the_package_loads_no_ipython() -> None:
    program = (
        "import sys, yibaolang.notebook.completing; yibaolang.load_ipython_extension\n"
        "print([each for each in sys.modules if each.startswith(('IPython', 'prompt_toolkit'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == "[]\n"


def test_the_command_ipython(tmp_path: Path) -> None:
    program = "\n".join(
        ["get_ipython().run_line_magic('load_ext', 'yibaolang')",
         "get_ipython().run_cell_magic('yibao', '--to fee', 'credit 5\u5143\\nshow credit')",
         "print(fee)"]
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", "-c", program],
        env=os.environ | {"PYTHONPATH": str(ROOT), "IPYTHONDIR": str(tmp_path), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    # Some terminals are told a title before.
    assert done.stdout.splitlines()[-1].endswith("500"), done.stderr
