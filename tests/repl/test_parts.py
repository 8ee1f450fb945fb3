"""Parts of the prompt by themselves: history, toolbar, colours, words, trees, pagers."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import fragment_list_to_text
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from yibaolang.engine.reasons import Reason
from yibaolang.language.display import width
from yibaolang.repl import paging
from yibaolang.repl.colouring import Colours, fellow
from yibaolang.repl.completing import Completions, Suggestions
from yibaolang.repl.history import MOST, Kept, kept, start_file
from yibaolang.repl.json_replies import json_of
from yibaolang.repl.known import Known
from yibaolang.repl.toolbar import toolbar
from yibaolang.repl.tree import Tree
from yibaolang.repl.viewer import viewer
from yibaolang.repl.wording import after, asked_about, before
from yibaolang.session import replies
from yibaolang.session.session import Session

TEXTS = st.text(st.sampled_from("age退休且年龄 \n.#\"「」()=1元?,，\u3000\ud800é\t"), max_size=30)

# ── history ──


def test_a_history_comes_back_as_it_was(tmp_path: Path) -> None:
    inputs = ["1元", "人员 李四：\n年龄=72", 'note "\\"', "\ud800", "a\u2028b"]
    history = Kept(str(tmp_path / "history"))
    for each in inputs:
        history.add(each)
    assert Kept(history.path).inputs() == inputs


def test_a_history_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_text("".join(f'"{number}"\n' for number in range(MOST + 1)), "utf-8")
    path.chmod(0o644)
    found = Kept(str(path)).inputs()
    assert len(found) == MOST * 4 // 5 and found[-1] == str(MOST)
    assert Kept(str(path)).inputs() == found
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["history"]


def test_what_is_no_input_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_bytes(b'"1"\n\xff\n{}\nnull\n"2"\n[1]\n"3')
    history = Kept(str(path))
    assert history.inputs() == ["1", "2"]
    history.add("x" * 20_001)
    history.add("  ")
    assert history.inputs() == ["1", "2"]


def test_a_very_large_history_is_read_from_its_end(tmp_path: Path) -> None:
    path = tmp_path / "history"
    line = json.dumps("x" * 1_000) + "\n"
    path.write_text(line * 6_000 + '"last"\n', "utf-8")
    found = Kept(str(path)).inputs()
    assert found[-1] == "last" and path.stat().st_size < 5_000_000
    assert Kept(str(path)).inputs() == found


def test_a_history_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    history = Kept(str(tmp_path / "missing" / "history"))
    history.add("1元")
    assert (history.path, history.inputs()) == ("", [])


def test_a_history_needs_a_folder_of_ones_own(tmp_path: Path) -> None:
    folder = tmp_path / "yibaolang"
    folder.mkdir(mode=0o700)
    assert kept({"XDG_STATE_HOME": str(tmp_path)}).path == str(folder / "history")
    folder.chmod(0o777)
    assert kept({"XDG_STATE_HOME": str(tmp_path)}).path == ""


def test_where_files_are(tmp_path: Path) -> None:
    home, other = str(tmp_path / "home"), str(tmp_path / "other")
    assert start_file({"HOME": home}) == os.path.join(home, ".config", "yibaolang", "replrc")
    assert start_file({"HOME": home, "XDG_CONFIG_HOME": "here"}) == start_file({"HOME": home})
    assert start_file({"XDG_CONFIG_HOME": other}) == os.path.join(other, "yibaolang", "replrc")


# ── the toolbar ──


def test_the_toolbar_tells_what_questions_are_about(tmp_path: Path) -> None:
    path = tmp_path / "rules.yb"
    path.write_text("age >= 70 credit 5元\n", "utf-8")
    session = Session(str(path))
    session.text("person 李四: retired, age = 72, in 山东")
    session.text(".use 山东 C18\n.date 2024-06\n.watch on\n")
    bar = toolbar(Known(session), [str(path)], 120, "insert")
    assert bar.startswith(
        " shandong | 2024-06 | 李四 | en | rules.yb* | shandong C18 | watch | insert"
    )
    assert bar.endswith("F4 vi ") and width(bar) == 120
    session.text(".lang zh")
    assert toolbar(Known(session), [], 120).startswith(" 山东 | 2024-06 | 李四 | 中文 | rules.yb |")


@pytest.mark.parametrize("columns", [1, 20, 37, 60, 200])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_toolbar_fits(columns: int, lang: str) -> None:
    session = Session(lang=lang)
    session.text("人员 李四：年龄=72")
    assert width(toolbar(Known(session), [], columns)) <= columns


def test_what_every_key_needs_is_found_once() -> None:
    session = Session()
    known = Known(session)
    names, bar = known.names, known.bar
    assert known.names is names and known.bar is bar and "age" in names
    session.text("input extra: truth")
    assert "extra" in known.names


# ── colours ──


def lexed(session: Session, text: str) -> list[list[tuple[str, str]]]:
    document = Document(text)
    line = Colours(Known(session)).lex_document(document)
    rows = range(document.line_count)
    return [[(each[0], each[1]) for each in line(row) if each[1]] for row in rows]


def test_colours_are_those_of_the_pieces() -> None:
    (line,) = lexed(Session(), "age >= 70 credit 5元")
    assert [each for each in line if each[1] in ("age", "credit", "5元")] == [
        ("class:yibao.name", "age"),
        ("class:yibao.keyword", "credit"),
        ("class:yibao.money", "5元"),
    ]


def test_commands_have_their_own() -> None:
    first, second, third = lexed(Session(), ".lang zh\n年龄?\n\u3002语言 en")
    assert first == [("class:yibao.command", ".lang"), ("", " zh")]
    assert second[0] == ("class:yibao.name", "年龄")
    assert third[0] == ("class:yibao.command", "\u3002语言")
    assert lexed(Session(), ".nothing")[0] == [("class:yibao.unknown", ".nothing")]


def test_a_sentence_over_lines_is_cut_as_one() -> None:
    first, second = lexed(Session(), 'person Li: age = 72,\n"open')
    assert first[0] == ("class:yibao.keyword", "person")
    assert "".join(text for _, text in second) == '"open'


@given(TEXTS)
def test_colours_change_no_text(text: str) -> None:
    document = Document(text)
    line = Colours(Known(_SESSION)).lex_document(document)
    shown = "\n".join(fragment_list_to_text(line(row)) for row in range(document.line_count))
    assert shown == text


_SESSION = Session()


def test_colours_that_fail_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: Any) -> None:
        raise KeyError("secret")

    monkeypatch.setattr("yibaolang.repl.colouring.pieces", fails)
    assert lexed(Session(), "a\nb") == [[("", "a")], [("", "b")]]


@pytest.mark.parametrize(
    ("text", "at", "other"),
    [("(a)", 0, 2), ("(a)", 2, 0), ("((a)", 0, -1), ("\uff08a)", 0, 2), ("a", 5, -1), (")", 0, -1)],
)
def test_brackets(text: str, at: int, other: int) -> None:
    assert fellow(text, at) == other


# ── words ──


def test_words_of_both_languages() -> None:
    names = Known(Session()).names
    text = "退休且年龄≥70，credit 5元"
    assert [before(text, at, names) for at in (2, 3, 5, 6, 8)] == [0, 2, 3, 5, 6]
    assert [after(text, at, names) for at in (0, 2, 3, 5, 6)] == [2, 3, 5, 6, 8]
    asked = [asked_about(text, at, names) for at in (0, 1, 5, 12)]
    assert asked == ["退休", "退休", "年龄", "credit"]
    assert asked_about("「年龄」", 2, names) == "年龄"


@given(TEXTS, st.integers(0, 30))
def test_a_word_moves_towards_its_end(text: str, at: int) -> None:
    cursor = min(at, len(text))
    names = Known(_SESSION).names
    assert 0 <= before(text, cursor, names) <= cursor <= after(text, cursor, names) <= len(text)


# ── completion ──


def offered(session: Session, text: str, typing: bool = False) -> list[tuple[str, int, str]]:
    event = CompleteEvent(text_inserted=typing, completion_requested=not typing)
    found = Completions(session).get_completions(Document(text, len(text)), event)
    return [(each.text, each.start_position, each.display_meta_text) for each in found]


def test_completions_replace_what_was_begun_and_no_more() -> None:
    assert offered(Session(), "show cred")[0][:2] == ("credit", -4)
    found = offered(Session(lang="zh"), "退休且年")
    assert ("年龄", -1) in [each[:2] for each in found]
    assert any(meta for *_, meta in found)


def test_nothing_comes_up_before_a_word_is_begun() -> None:
    assert offered(Session(), "show ", typing=True) == []
    assert offered(Session(), "show ") != []


def test_what_is_slow_does_not_come_up_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yibaolang.repl.completing._QUICK_NS", -1)
    completions = Completions(Session())
    document, typing = Document("sho", 3), CompleteEvent(text_inserted=True)
    assert list(completions.get_completions(document, typing))
    assert list(completions.get_completions(document, typing)) == []
    assert list(completions.get_completions(document, CompleteEvent(completion_requested=True)))


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("1", "元 + 1元"),
        ("person A: x\n  2", "元"),
        ("", None),
        ("nothing", None),
        ("1元 + 1元", None),
    ],
)
def test_suggestions(text: str, suggested: str | None) -> None:
    history = InMemoryHistory()
    for each in ("age\n  2元", "1元 + 1元"):
        history.append_string(each)
    buffer = Buffer(history=history)
    found = Suggestions().get_suggestion(buffer, Document(text, len(text)))
    assert (found.text if found else None) == suggested


# ── trees and their viewer ──


def tree() -> Tree:
    leaf = Reason("condition", "age >= 70", "yes")
    rule = Reason("rule", "age >= 70 credit 5元", "5.00元", "a.yb:1:1", because=(leaf,))
    return Tree([Reason("figure", "credit", "5.00元", because=(rule, leaf))], depth=1)


def texts(shown: Tree) -> list[str]:
    return [row.text for row in shown.rows()]


def test_branches_open_and_close() -> None:
    shown = tree()
    first = ["\u25be credit = 5.00元", "  \u25b8 age >= 70 credit 5元 = 5.00元  (a.yb:1:1)",
             "    age >= 70 = yes"]  # fmt: skip
    assert texts(shown) == first
    shown.move(1)
    shown.open()
    assert texts(shown)[2] == "      age >= 70 = yes" and len(texts(shown)) == 4
    shown.open()
    assert shown.at == (0, 0, 0)
    shown.close()
    assert shown.at == (0, 0)
    shown.close()
    assert texts(shown) == first
    shown.open_all()
    shown.move(99)
    assert shown.at == (0, 1)
    shown.open()
    shown.close_all()
    assert (shown.at, len(texts(shown))) == ((0,), 1)
    shown.move(-99)
    shown.close()
    assert shown.at == (0,)


@pytest.mark.parametrize("keys", ["q", "\x1b", "\x03", "\x04", "\x1bOR"])
def test_the_viewer_is_left(keys: str) -> None:
    shown = tree()
    with create_pipe_input() as pipe:
        pipe.send_text("j\x1b[C\x1b[B\x1b[Ahlocj \x1b[6~\x1b[5~gG\x1b[H\x1b[F" + keys)
        viewer(shown, "hint", pipe, DummyOutput()).run()
    assert shown.at == (0,)


def test_the_viewer_goes_where_its_keys_say() -> None:
    shown = tree()
    with create_pipe_input() as pipe:
        pipe.send_text("\x1b[B\rjq")
        viewer(shown, "hint", pipe, DummyOutput()).run()
    assert shown.at == (0, 0, 0)


# ── pagers ──


@pytest.mark.parametrize(
    ("environ", "command"),
    [
        ({"YIBAO_PAGER": "", "PAGER": "more"}, []),
        ({"PAGER": "'my pager' -x"}, ["my pager", "-x"]),
        ({"PAGER": "'"}, []),
    ],
)
def test_the_pager_is_the_users(environ: dict[str, str], command: list[str]) -> None:
    assert paging.pager(environ) == command


def test_less_is_the_pager_if_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: "/bin/less")
    assert paging.pager({}) == ["less", "-FRX"]
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert paging.pager({}) == []


def test_a_pager_gets_it_all(tmp_path: Path) -> None:
    path = tmp_path / "out"
    assert paging.page("一\n二", ["sh", "-c", f"cat > '{path}'"])
    assert path.read_text("utf-8") == "一\n二\n"
    assert paging.page("x" * 1_000_000, ["true"])
    assert not paging.page("一", ["no-such-program"])


def test_rows_of_a_screen() -> None:
    screens = ("", "abcd", "abcde", "年龄", "年龄a", "a\n\n")
    assert [paging.rows_of(text, 4) for text in screens] == [1, 1, 2, 1, 2, 3]
    assert paging.rows_of("\u2026\u2026\u2026", 4, ambiguous=2) == 2


# ── JSON ──


def test_every_kind_of_reply_has_values() -> None:
    session = Session()
    text = (
        'age >= 70 credit 5元\nperson Li: age = 72\nshow credit\ntest "t": Li\n'
        "  expect credit = 5元\n.region\n.explain\n.bad\ncredt\n.lang en\n.quit"
    )
    found = {type(each): each for each in session.run(text)}
    happened = replies.Happened(Reason("event", "x"), "1元")
    for each in (*found.values(), happened):
        values = json_of(each, "en")
        assert json.loads(json.dumps(values)) == values
        assert values["ok"] is each.ok
    assert {replies.Answered, replies.Misused, replies.Refused, replies.Ended} <= set(found)
