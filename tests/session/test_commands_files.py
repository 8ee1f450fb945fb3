"""Files of a session: .load, .reload, .save, .edit."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from yibaolang.cli.main import main
from yibaolang.session.replies import Answered, Misused, Read, Refused, Said, Tabled
from yibaolang.session.session import Session

RULES = 'age >= 70 credit 2.5% of avg_pension\nage < 70 credit none because "x"\n'
PEOPLE = "person 甲: age = 72, avg_pension = 4000元\n"
Write = Callable[..., None]
Editor = Callable[[str], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes files into the current folder, which is an empty one."""
    monkeypatch.chdir(tmp_path)
    moments = iter(range(1, 1000))

    def writing(name: str, text: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
        moment = 1_700_000_000 + next(moments)
        os.utime(path, (moment, moment))

    return writing


@pytest.fixture
def editor(write: Write, monkeypatch: pytest.MonkeyPatch) -> Editor:
    """Sets an editor: a Python program in which `text` is what is edited."""

    def setting(program: str) -> None:
        lines = [
            "import sys", "path = sys.argv[1]", "text = open(path, encoding='utf-8').read()",
            program, "open(path, 'w', encoding='utf-8', newline='').write(text)",
        ]  # fmt: skip
        Path("editor.py").write_text("\n".join(lines), "utf-8")
        monkeypatch.setenv("VISUAL", f"{json.dumps(sys.executable)} editor.py")

    return setting


# ── load ──


def test_load_tells_what_came(write: Write) -> None:
    write("rules.yb", RULES + PEOPLE + 'test "t"\ngiven age = 72\nexpect age = 72\n')
    session = Session()
    (reply,) = session.run(".load rules.yb")
    assert isinstance(reply, Read)
    assert reply.text == "+ rules.yb: 6 sentences, 1 person, 1 test"
    assert reply.warnings == ()
    assert session.files == ("rules.yb",)
    assert session.text("show credit").startswith("credit of 甲 = 100.00元")


def test_load_in_chinese_without_a_space_and_several(write: Write) -> None:
    write("甲.yb", RULES)
    write("my rules.yb", PEOPLE)
    session = Session(lang="zh")
    assert session.text('.载入甲.yb "my rules.yb"').splitlines() == [
        "+ 甲.yb：2 个句子",
        "+ my rules.yb：1 个句子、1 名人员",
    ]


def test_load_tells_warnings_of_those_files_only(write: Write) -> None:
    write("gap.yb", "age > 70 credit 5元\n")
    write("rules.yb", "define x = 1元\ncredit x\n")
    session = Session()
    (reply,) = session.run(".load gap.yb")
    assert isinstance(reply, Read)
    assert [each.code for each in reply.warnings] == ["YB501"]
    assert "warning[YB501]" in session.text(".load gap.yb")
    (reply,) = session.run(".load rules.yb")
    assert isinstance(reply, Read)
    assert {each.place.source.name for each in reply.warnings if each.place} <= {"rules.yb"}


@pytest.mark.parametrize(
    ("text", "code"),
    [("credit of", "YB023"), ("credit no_such_name", "YB101"), ('include "none.yb"', "YB040")],
)
def test_a_file_that_is_wrong_is_not_loaded(text: str, code: str, write: Write) -> None:
    write("wrong.yb", text)
    write("rules.yb", RULES)
    session = Session("rules.yb")
    before = session.state
    (reply,) = session.run(".load wrong.yb")
    assert isinstance(reply, Refused)
    assert code in {each.code for each in reply.diagnostics}
    assert session.state is before


def test_load_what_is_not_there(write: Write) -> None:
    session = Session()
    assert "YB040" in session.text(".load none.yb")
    assert "YB040" in session.text(".load .")
    assert "which file?" in session.text(".load")
    assert session.files == ()


def test_the_home_folder(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write("rules.yb", RULES)
    assert Session().text(".load ~/rules.yb").endswith("rules.yb: 2 sentences")


def test_a_file_is_loaded_once_by_whatever_name(write: Write) -> None:
    write("rules.yb", RULES)
    session = Session("rules.yb")
    assert session.text(".load ./rules.yb") == "+ rules.yb: 2 sentences"
    assert session.files == ("rules.yb",)
    assert session.text(".undo").startswith("undone: 1 step")


def test_loading_is_undone(write: Write) -> None:
    write("rules.yb", RULES)
    session = Session()
    session.text(".load rules.yb")
    assert session.text(".undo").splitlines() == ["undone: 1 step", "- rules.yb"]
    assert session.files == ()


# ── reload ──


def test_reload_answers_again_and_tells_what_changed(write: Write) -> None:
    write("rules.yb", RULES + PEOPLE)
    session = Session("rules.yb")
    session.text("show credit")
    assert session.text(".reload") == "no file has changed"
    write("rules.yb", RULES.replace("2.5%", "3%") + PEOPLE)
    assert [Path(each).name for each in session.changed_files] == ["rules.yb"]
    read, again, changes = session.run(".reload")
    assert isinstance(read, Read)
    assert read.text == "read again: rules.yb"
    assert isinstance(again, Answered)
    assert again.shown.rows[0].result.value == "120.00"
    assert isinstance(changes, Tabled)
    assert changes.table.rows == (("credit", "100.00元", "120.00元"),)
    assert session.last is again.shown
    assert session.changed_files == ()


def test_reload_tells_that_the_answer_stays(write: Write) -> None:
    write("rules.yb", RULES + PEOPLE)
    session = Session("rules.yb", lang="zh")
    session.text("show credit")
    write("rules.yb", "# more\n" + RULES + PEOPLE)
    *_, last = session.run(".重载")
    assert isinstance(last, Said)
    assert last.text == "上一个回答不变"


def test_reload_of_an_included_file(write: Write) -> None:
    write("rules.yb", 'include "parts/one.yb"\n' + PEOPLE)
    write("parts/one.yb", RULES)
    session = Session("rules.yb")
    session.text("show credit")
    write("parts/one.yb", RULES.replace("2.5%", "3%"))
    read, _, changes = session.run(".reload")
    assert isinstance(read, Read)
    assert read.text == f"read again: {os.path.join('parts', 'one.yb')}"
    assert isinstance(changes, Tabled)


def test_a_question_is_answered_again_in_its_own_section(write: Write) -> None:
    write("rules.yb", "region 甲市\ndefine x = 1元\nregion 乙市\ndefine x = 2元\n")
    session = Session("rules.yb")
    session.text("region 甲市\nshow x\nregion 乙市")
    write("rules.yb", "region 甲市\ndefine x = 3元\nregion 乙市\ndefine x = 2元\n")
    *_, changes = session.run(".reload")
    assert isinstance(changes, Tabled)
    assert changes.table.rows == (("x", "1.00元", "3.00元"),)


@pytest.mark.parametrize("wrong", ["credit of\n", "credit no_such_name\n"])
def test_a_fault_keeps_the_old_rules(wrong: str, write: Write) -> None:
    write("rules.yb", RULES + PEOPLE)
    session = Session("rules.yb")
    session.text("show credit")
    write("rules.yb", wrong)
    before = session.state
    (reply,) = session.run(".reload")
    assert isinstance(reply, Refused)
    assert session.state is before
    assert session.text("show credit").startswith("credit of 甲 = 100.00元")
    assert session.changed_files != ()


def test_a_file_that_went_away_keeps_the_old_rules(write: Write) -> None:
    write("rules.yb", RULES + PEOPLE)
    session = Session("rules.yb")
    os.unlink("rules.yb")
    assert "YB040" in session.text(".reload")
    assert session.text("show credit").startswith("credit of 甲 = 100.00元")


def test_a_question_that_makes_no_sense_any_more(write: Write) -> None:
    write("rules.yb", RULES + PEOPLE)
    session = Session("rules.yb")
    session.text("show credit of 甲")
    write("rules.yb", RULES)
    read, refused = session.run(".reload")
    assert isinstance(read, Read)
    assert isinstance(refused, Refused)
    assert session.changed_files == ()


def test_reload_without_files() -> None:
    assert Session().text(".reload") == "no files are loaded"


# ── save ──


def run(path: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert main(["run", path, "--lang", "en"]) == 0
    return capsys.readouterr().out


def test_a_saved_session_gives_the_same_answers(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("parts/rules.yb", RULES)
    session = Session(os.path.join("parts", "rules.yb"))
    session.text(f"{PEOPLE}.region 甘肃\ndefine extra = 5元\n.region none\n.date 2024-06")
    session.text("person 乙: retired since 2014-09-01, in 甘肃\n.use 山东 C18\n.person 甲")
    questions = ["show credit", "compare 甘肃, 山东", "show credit of 乙 in 2024"]
    questions.append("show extra of 乙")
    told = [session.text(each) for each in questions]
    assert "credit of 甲 on 2024-06 = 100.00元" in told[0]
    assert session.text(".save mine.yb") == "saved mine.yb: 12 sentences"
    text = Path("mine.yb").read_text("utf-8")
    assert text.startswith('include "parts/rules.yb"\ninclude 甘肃\ninclude 山东\n')
    expected = "\n\n".join(told).replace("session:3:1", "mine.yb:12:1")
    assert run("mine.yb", capsys) == f"{expected}\n"
    assert Session().text(".load mine.yb").startswith("+ mine.yb: 12 sentences, 2 persons")


def test_save_writes_over_a_file_only_when_told(write: Write) -> None:
    write("mine.yb", "old")
    session = Session()
    session.text("define x = 1元")
    (reply,) = session.run(".save mine.yb")
    assert isinstance(reply, Misused)
    assert Path("mine.yb").read_text("utf-8") == "old"
    assert session.text(".save mine.yb !") == "saved mine.yb: 1 sentence"
    assert Path("mine.yb").read_text("utf-8") == "define x = 1元\n"
    assert session.text('.保存 "mine.yb" \uff01') == "saved mine.yb: 1 sentence"


def test_save_where_nothing_can_be_written(write: Write) -> None:
    session = Session()
    session.text("define x = 1元")
    (reply,) = session.run(".save none/mine.yb")
    assert isinstance(reply, Misused)
    folder = os.path.join(os.getcwd(), "none")
    assert f"not saved: {folder}: there is no such file" in reply.text
    for words in ("", "!", "a.yb b.yb", "a.yb b.yb !"):
        assert "which file?" in session.text(f".save {words}")
    assert os.listdir() == []


def test_a_file_outside_the_folder_cannot_be_included(write: Write) -> None:
    write("rules.yb", RULES)
    write("other/x.yb", "")
    session = Session("rules.yb")
    (reply,) = session.run(f".save {os.path.join('other', 'mine.yb')}")
    assert isinstance(reply, Misused)
    assert "rules.yb" in reply.text
    assert os.listdir("other") == ["x.yb"]
    session.text(".lang zh")
    assert "不在同一文件夹内" in session.text(f".save {os.path.join('other', 'mine.yb')}")


def test_includes_are_seen_from_the_folder_of_the_script(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("sub/rules.yb", RULES)
    session = Session()
    session.text(f'include "sub/rules.yb"\n{PEOPLE}show credit')
    assert session.text(f".save {os.path.join('sub', 'mine.yb')}").startswith("saved")
    path = Path("sub") / "mine.yb"
    assert path.read_text("utf-8") == f'include "rules.yb"\n{PEOPLE}show credit of 甲\n'
    assert "100.00元" in run(str(path), capsys)


@pytest.mark.parametrize("name", ["a\x00b.yb", "\ud800.yb"])
def test_what_no_file_can_be_called(name: str, write: Write) -> None:
    for command in (".load", ".save"):
        (reply,) = Session().run(f"{command} {name}")
        assert isinstance(reply, Misused)
        assert "cannot be the name of a file" in reply.text
        assert reply.text.encode("utf-8")
    assert os.listdir() == []


@pytest.mark.parametrize("name", ["rules.yb", os.path.join("parts", "one.yb")])
def test_a_file_that_the_session_read_is_not_written_over(name: str, write: Write) -> None:
    write("rules.yb", 'include "parts/one.yb"\n')
    write("parts/one.yb", RULES)
    before = Path(name).read_text("utf-8")
    session = Session("rules.yb")
    (reply,) = session.run(f".save {name} !")
    assert isinstance(reply, Misused)
    assert "another name" in reply.text
    assert Path(name).read_text("utf-8") == before


def test_an_empty_session_is_saved(write: Write) -> None:
    assert Session().text(".save mine.yb") == "saved mine.yb: 0 sentences"
    assert Path("mine.yb").read_text("utf-8") == ""


# ── edit ──


def test_edit_without_an_editor(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    assert "EDITOR=vim" in Session().text(".edit")
    monkeypatch.setenv("EDITOR", "no_such_program --wait")
    assert "cannot start the editor no_such_program --wait" in Session().text(".edit")
    monkeypatch.setenv("EDITOR", "unclosed 'quote")
    assert "cannot start the editor" in Session().text(".edit")


def test_an_editor_that_fails_changes_nothing(editor: Editor) -> None:
    editor("sys.exit(3)")
    session = Session()
    session.text("define x = 1元")
    (reply,) = session.run(".edit")
    assert isinstance(reply, Misused)
    assert "ended with 3" in reply.text
    assert session.script == "define x = 1元\n"


def test_edit_takes_the_text_instead(editor: Editor) -> None:
    editor("text = text.replace('1元', '2元') + 'show x\\nx * 3\\n'")
    session = Session()
    session.text("define x = 1元\nperson 甲: age = 72\nperson 乙: age = 71\n.person 甲\nshow age")
    read, *answers = session.run(".编辑")
    assert isinstance(read, Read)
    assert read.text == "the session now is 6 sentences"
    assert [each.shown.rows[0].result.value for each in answers if isinstance(each, Answered)] == [
        "2.00",
        "6.00",
    ]
    assert session.context.person == "甲"
    assert session.text("show age").startswith("age of 甲 = 72")
    session.text(".undo")
    assert session.script.startswith("define x = 1元\n")


def test_edit_without_a_change(editor: Editor) -> None:
    editor("pass")
    session = Session()
    session.text("define x = 1元")
    before = session.state
    assert session.text(".edit") == "nothing was changed"
    assert session.state is before


def test_what_is_refused_is_kept_to_be_edited_again(editor: Editor) -> None:
    editor("text = text.replace('1元', '1元 元') + 'show y\\n.lang zh\\n'")
    session = Session()
    session.text("define x = 1元")
    before = session.state
    refused, said = session.run(".edit")
    assert isinstance(refused, Refused)
    assert {each.place.line for each in refused.diagnostics if each.place} == {1, 2, 3}
    assert isinstance(said, Said)
    assert session.state is before
    assert session.context.lang == "en"
    editor("text = text.replace('1元 元', '3元').replace('show y\\n.lang zh\\n', 'show x\\n')")
    read, answer = session.run(".edit")
    assert isinstance(read, Read)
    assert isinstance(answer, Answered)
    assert session.script == "define x = 3元\nshow x\n"
    editor("pass")
    assert session.text(".edit") == "nothing was changed"


def test_what_is_no_text_is_refused(editor: Editor) -> None:
    editor("import os; open(path, 'wb').write(b'\\xff'); os._exit(0)")
    assert "YB043" in Session().text(".edit")
