"""The prompt as a process: pipes, terminals that take only lines, missing parts, exit codes."""

import fcntl
import json
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from attrs import define

ROOT = Path(__file__).resolve().parents[2]
YIBAO = [sys.executable, "-m", "yibaolang"]
pytestmark = pytest.mark.slow


def environment(folder: Path, **environ: str) -> dict[str, str]:
    left_out = ("YIBAO_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "TERM", "PAGER",
                "YIBAO_PAGER", "VISUAL", "EDITOR")  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    own = {"XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config")}
    return kept | own | {"PYTHONPATH": str(ROOT), "TERM": "xterm"} | environ


@define
class Done:
    """What came of a process."""

    code: int
    out: str
    err: str


def piped(folder: Path, text: str | bytes, *arguments: str, **environ: str) -> Done:
    """`yibao repl` with a text in its stdin."""
    data = text if isinstance(text, bytes) else text.encode()
    done = subprocess.run(
        [*YIBAO, "repl", *arguments], input=data, env=environment(folder, **environ),
        capture_output=True, check=False, cwd=folder,
    )  # fmt: skip
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


# ── pipes ──


def test_all_input_is_read_and_answered(tmp_path: Path) -> None:
    done = piped(tmp_path, "person Li: age = 72\nage >= 70 credit 100元\nshow credit of Li\n")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[:2] == ["+ 2 sentences", "credit of Li = 100.00元"]


def test_what_is_wrong_goes_to_stderr_and_into_the_code(tmp_path: Path) -> None:
    done = piped(tmp_path, "1元\ncredt 5元\n.nothing\n2元")
    assert done.code == 1
    assert done.out == "1元 = 1.00元\n2元 = 2.00元\n"
    assert done.err.startswith("error[") and "there is no command .nothing" in done.err


def test_chinese_in_chinese_out(tmp_path: Path) -> None:
    text = "人员 李四：年龄=72，退休\n年龄≥70，每月划入100元\n显示 李四的划入\n"
    done = piped(tmp_path, text, LANG="zh_CN.UTF-8")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[:2] == ["+ 2 个句子", "李四的划入 = 100.00元"]


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_chinese_needs_no_locale(tmp_path: Path, locale: str) -> None:
    done = piped(tmp_path, "人员 李四：年龄=72\n", "--lang", "zh", LC_ALL=locale)
    assert done.out == "+ 人员 李四\n"


def test_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    done = piped(tmp_path, b"\xef\xbb\xbfperson Li: age = 72\r\nage?\r\n.lang en\r\n")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("+ person Li\nage | ")


def test_what_is_no_text(tmp_path: Path) -> None:
    done = piped(tmp_path, b"1\xff")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error[YB043]: stdin is not text in UTF-8")


def test_no_input_is_none(tmp_path: Path) -> None:
    assert piped(tmp_path, "") == Done(0, "", "")


def test_quit_leaves_the_rest_unread(tmp_path: Path) -> None:
    assert piped(tmp_path, "1元\n.quit\ncredt\n") == Done(0, "1元 = 1.00元\n", "")


def test_files_are_read_first(tmp_path: Path) -> None:
    (tmp_path / "rules.yb").write_text("age >= 70 credit 100元\n", "utf-8")
    done = piped(tmp_path, "person Li: age = 72\nshow credit\n", "rules.yb")
    assert "credit of Li = 100.00元" in done.out
    missing = piped(tmp_path, "1元", "nowhere.yb")
    assert (missing.code, missing.out) == (1, "") and "error[YB040]" in missing.err


def test_the_language_is_that_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "规则.yb").write_text("年龄≥70，每月划入100元\n", "utf-8")
    assert piped(tmp_path, "1元 > 2元", "规则.yb").out == "1元>2元 = 否\n"


def test_replies_as_json(tmp_path: Path) -> None:
    text = "person Li: age = 72\nshow age of Li\n.region\ncredt 5\n.bad\ntest \"a\"\nage?\n.quit\n"
    done = piped(tmp_path, text, "--json")
    assert (done.code, done.err) == (1, "")
    replies = json.loads(done.out)
    kinds = [each["reply"] for each in replies]
    assert kinds[:2] == ["read", "answered"] and kinds[-1] == "ended"
    assert {"refused", "misused", "tabled"} <= set(kinds)
    assert replies[1]["answer"]["results"][0]["value"] == "72"
    refused = next(each for each in replies if each["reply"] == "refused")
    assert refused["ok"] is False and refused["diagnostics"][0]["code"].startswith("YB")


def test_versions_are_chosen(tmp_path: Path) -> None:
    asked = "person Li: retired, age = 72, in 山东\nshow credit on 2024-08\n"
    assert "= 125.00元" in piped(tmp_path, asked, "--use", "山东=C18").out
    unknown = piped(tmp_path, asked, "--use", "山东=C11")
    assert (unknown.code, unknown.out) == (1, "") and "C11" in unknown.err
    nowhere = piped(tmp_path, asked, "--use", "火星=C18")
    assert (nowhere.code, nowhere.out) == (1, "") and "火星" in nowhere.err


def test_a_sandbox_reads_no_files(tmp_path: Path) -> None:
    (tmp_path / "a.yb").write_text("credit 5元\n", "utf-8")
    text = 'include "a.yb"\n.load a.yb\n.save b.yb\n1元\n'
    done = piped(tmp_path, text, "--sandbox")
    assert (done.code, done.out) == (1, "1元 = 1.00元\n")
    assert done.err.count("error[YB045]") == 3
    assert piped(tmp_path, "1元", "a.yb", "--sandbox").code == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.yb"]


def test_a_pipe_needs_no_prompt_toolkit_and_no_history(tmp_path: Path) -> None:
    program = (
        "import sys\nsys.modules['prompt_toolkit'] = None\n"
        "from yibaolang.cli.main import main\nsys.exit(main(['repl']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input="1元", env=environment(tmp_path),
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "1元 = 1.00元\n", "")
    assert not (tmp_path / "state").exists()


def test_a_reader_that_leaves_is_no_trouble(tmp_path: Path) -> None:
    text = "\n".join(f"{each}元" for each in range(5_000))
    process = subprocess.Popen(
        [*YIBAO, "repl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment(tmp_path),
    )  # fmt: skip
    assert process.stdin and process.stdout and process.stderr
    process.stdout.close()
    process.stdin.write(text.encode())
    process.stdin.close()
    assert process.stderr.read() == b""
    assert process.wait() == 141


def test_yibao_alone_in_a_pipe_is_misuse(tmp_path: Path) -> None:
    done = subprocess.run(
        YIBAO, input="1元", env=environment(tmp_path), capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0] == "yibao: a command is missing"


# ── terminals ──


@define
class Terminal:
    """A process at a pseudo-terminal; reading waits until a text has come."""

    process: subprocess.Popen[bytes]
    file: int
    seen: str = ""

    def until(self, text: str, seconds: float = 20) -> str:
        """What came up to and with a text."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            ready, _, _ = select.select([self.file], [], [], max(0, end - time.monotonic()))
            assert ready, f"{text!r} did not come: {self.seen!r}"
            try:
                piece = os.read(self.file, 65_536)
            except OSError:
                piece = b""
            assert piece, f"{text!r} did not come: {self.seen!r}"
            self.seen += piece.decode("utf-8", "replace")
        before, _, self.seen = self.seen.partition(text)
        return before.replace("\r\n", "\n")

    def type(self, text: str) -> None:
        """Type a text."""
        os.write(self.file, text.encode())

    def interrupt(self, text: str) -> None:
        """Press Ctrl-C until a text comes.

        Python loses a signal that comes after it has printed a prompt and before it reads the line.
        """
        for _ in range(20):
            self.type("\x03")
            end = time.monotonic() + 1
            while text not in self.seen and time.monotonic() < end:
                if select.select([self.file], [], [], 0.1)[0]:
                    self.seen += os.read(self.file, 65_536).decode("utf-8", "replace")
            if text in self.seen:
                break
        self.until(text)

    def left(self, seconds: float = 20) -> int:
        """The exit code, after all that it still writes."""
        end = time.monotonic() + seconds
        while select.select([self.file], [], [], max(0, end - time.monotonic()))[0]:
            try:
                piece = os.read(self.file, 65_536)
            except OSError:  # Linux: nobody has the other end open any more
                break
            if not piece:
                break
            self.seen += piece.decode("utf-8", "replace")
        if self.process.poll() is None and time.monotonic() >= end:
            self.process.kill()
        os.close(self.file)
        return self.process.wait(seconds)


def at_terminal(folder: Path, command: list[str], **environ: str) -> Terminal:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # for Ctrl-C
        env=environment(folder, PROMPT_TOOLKIT_NO_CPR="1", **environ),
    )  # fmt: skip
    os.close(theirs)
    return Terminal(process, ours)


def test_a_dumb_terminal_has_a_plain_prompt(tmp_path: Path) -> None:
    terminal = at_terminal(tmp_path, [*YIBAO, "repl"], TERM="dumb")
    banner = terminal.until("yibao> ")
    assert banner.splitlines()[1] == ".help lists the commands, .quit leaves"
    terminal.type("person Li: age = 72,\n")
    terminal.until("   ... ")
    terminal.type("avg_pension = 4000元\n")
    assert "+ person Li" in terminal.until("yibao> ")
    terminal.type("credt 5元\n")
    assert "error[" in terminal.until("yibao> ")
    terminal.type("half a line")
    terminal.interrupt("yibao> ")
    terminal.type(".lang zh\n")
    terminal.until("医保> ")
    terminal.type("1元 > 2元\n")
    assert "1元>2元 = 否" in terminal.until("医保> ")
    terminal.type("\x04")
    assert terminal.left() == 0
    assert "\x1b" not in banner + terminal.seen
    assert (tmp_path / "state" / "yibaolang" / "history").exists()


def test_what_is_typed_need_not_be_utf_8(tmp_path: Path) -> None:
    terminal = at_terminal(tmp_path, YIBAO, TERM="dumb")
    terminal.until("yibao> ")
    os.write(terminal.file, b"\xff\xfe\n")
    assert "error[" in terminal.until("yibao> ")
    terminal.type("1元\n")
    assert "1元 = 1.00元" in terminal.until("yibao> ")
    terminal.type("\x04")
    assert terminal.left() == 0


def test_an_interrupt_ends_what_is_running_and_not_the_session(tmp_path: Path) -> None:
    program = (
        "import sys, time\n"
        "from yibaolang.session.session import Session\n"
        "run = Session.run\n"
        "def slow(self, text):\n"
        "    if text == 'slow':\n"
        "        print('running', flush=True)\n"
        "        time.sleep(30)\n"
        "    yield from run(self, text)\n"
        "Session.run = slow\n"
        "from yibaolang.cli.main import main\nsys.exit(main([]))"
    )
    terminal = at_terminal(tmp_path, [sys.executable, "-c", program])
    terminal.until("yibao> ")
    terminal.type("slow\r")
    terminal.until("running")
    terminal.type("\x03")
    terminal.until("interrupted", seconds=10)
    terminal.until("yibao> ")
    terminal.type("1元\r")
    terminal.until("1元 = 1.00元")
    terminal.until("yibao> ")
    terminal.type("\x04")
    assert terminal.left() == 0


def test_without_prompt_toolkit_it_is_said_and_the_prompt_is_plain(tmp_path: Path) -> None:
    program = (
        "import sys\nsys.modules['prompt_toolkit'] = None\n"
        "from yibaolang.cli.main import main\nsys.exit(main([]))"
    )
    terminal = at_terminal(tmp_path, [sys.executable, "-c", program])
    assert 'pip install "yibaolang[repl]"' in terminal.until("yibao> ")
    terminal.type("bucket a,\n")
    terminal.until("   ... ")
    terminal.type("\n")
    assert "error[" in terminal.until("yibao> ")
    terminal.type(".quit\n")
    assert terminal.left() == 0


def test_yibao_alone_on_a_terminal_is_the_prompt(tmp_path: Path) -> None:
    terminal = at_terminal(tmp_path, YIBAO)
    assert "yibao 0.1.0: " in terminal.until("yibao> ")
    terminal.type("1元 + 1元\r")
    terminal.until("1元 + 1元 = 2.00元")
    terminal.until("yibao> ")
    terminal.type("\x04")
    assert terminal.left() == 0


@pytest.mark.parametrize(("environ", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours(tmp_path: Path, environ: dict[str, str], coloured: bool) -> None:
    terminal = at_terminal(tmp_path, YIBAO, **environ)
    drawn = terminal.until("yibao> ")
    terminal.type("100元 + 1元\r")
    drawn += terminal.until("= 101.00元")
    drawn += terminal.until("yibao> ")
    terminal.type("credt\r")
    drawn += terminal.until("error")
    drawn += terminal.until("yibao> ")
    terminal.type(".quit\r")
    assert terminal.left() == 0
    found = re.findall("\x1b\\[[0-9;]*m", drawn)
    colours = [each for each in found if re.search("[\\[;](?:3[0-7]|9[0-7]|38|48)", each)]
    assert bool(colours) is coloured


def test_a_long_answer_goes_through_the_pager(tmp_path: Path) -> None:
    script = tmp_path / "pager.sh"
    script.write_text('#!/bin/sh\necho "paged by $1"\ncat > paged.txt\n')
    script.chmod(0o700)
    command = f"{script} me"
    terminal = at_terminal(tmp_path, YIBAO, YIBAO_PAGER=command)
    terminal.until("yibao> ")
    terminal.type(".help\r")
    terminal.until("paged by me")
    terminal.until("yibao> ")
    assert ".quit" in (tmp_path / "paged.txt").read_text("utf-8")
    terminal.type(".set pager off\r")
    terminal.until("pager: off")
    terminal.until("yibao> ")
    terminal.type(".help\r")
    assert "paged by" not in terminal.until("yibao> ")
    terminal.type("\x04")
    assert terminal.left() == 0


def test_the_start_file_is_run_first(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "yibaolang"
    folder.mkdir(parents=True)
    (folder / "replrc").write_text("person Li: age = 72\nshow age of Li\ncredt\n", "utf-8")
    terminal = at_terminal(tmp_path, YIBAO, TERM="dumb")
    began = terminal.until("yibao> ")
    assert "+ person" not in began and "age of Li = 72" in began
    assert "error[" in began and str(folder / "replrc") in began
    terminal.type("\x04")
    assert terminal.left() == 0
    sandboxed = at_terminal(tmp_path, [*YIBAO, "repl", "--sandbox"], TERM="dumb")
    assert "age of Li" not in sandboxed.until("yibao> ")
    sandboxed.type("\x04")
    assert sandboxed.left() == 0


def test_output_in_a_pipe_is_without_prompts(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*YIBAO, "repl"], stdin=theirs, stdout=subprocess.PIPE, stderr=theirs,
        env=environment(tmp_path), start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    assert process.stdout
    terminal = Terminal(process, ours)
    terminal.until("yibao> ")
    terminal.type("1元\n\x04")
    assert process.stdout.read().decode() == "1元 = 1.00元\n"
    assert terminal.left() == 0
