"""What one waits for at the prompt: the first prompt, and the work after a key.

Aims: the first prompt at most 400 ms over `python -c pass`, bytecode and grammar cached, on a
terminal; completion, colours and toolbar after a key at most 20 ms in a session of 2,000 lines.
"""

import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time

_RUNS = 11
_LINES = 2_000
_TYPED = "show credit of p1"


def main() -> None:
    """Print the medians."""
    with tempfile.TemporaryDirectory() as folder:
        environment = _environment(folder)
        turns = [(_bare(environment), _first_prompt(environment)) for _ in range(_RUNS + 2)][2:]
        bare, prompt = (statistics.median(column) for column in zip(*turns, strict=True))
        print(f"python -c pass           {bare * 1e3:7.1f} ms")
        over = (prompt - bare) * 1e3
        print(f"first prompt             {prompt * 1e3:7.1f} ms  {over:+7.1f} ms over bare Python")
    for name, seconds in _keys().items():
        print(f"{name:24} {statistics.median(seconds) * 1e3:7.1f} ms  "
              f"(most {max(seconds) * 1e3:.1f} ms)")  # fmt: skip


def _environment(folder: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return kept | {
        "YIBAO_CACHE_DIR": os.path.join(folder, "cache"),
        "PYTHONPYCACHEPREFIX": os.path.join(folder, "bytecode"),
        "XDG_STATE_HOME": folder,
        "XDG_CONFIG_HOME": folder,
        "TERM": "xterm-256color",
        # A pseudo-terminal without a screen does not say where its cursor is.
        "PROMPT_TOOLKIT_NO_CPR": "1",
        "YIBAO_LANG": "en",
    }


def _bare(environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], env=environment, check=True)
    return time.perf_counter() - start


def _first_prompt(environment: dict[str, str]) -> float:
    """From the start of the process until the prompt is on the terminal."""
    ours, theirs = pty.openpty()
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "yibaolang", "repl"],
        stdin=theirs, stdout=theirs, stderr=theirs, env=environment,
    )  # fmt: skip
    os.close(theirs)
    written = b""
    try:
        while b"yibao> " not in written:
            ready, _, _ = select.select([ours], [], [], 30)
            if not ready:
                raise SystemExit(f"no prompt came: {written!r}")
            written += os.read(ours, 65_536)
        return time.perf_counter() - start
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _keys() -> dict[str, list[float]]:
    """The work of each part after each key of a line, in a session of many lines."""
    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    from yibaolang.repl.colouring import Colours
    from yibaolang.repl.completing import Completions
    from yibaolang.repl.known import Known
    from yibaolang.repl.toolbar import toolbar
    from yibaolang.session.session import Session

    session = Session()
    refused = [each for each in session.run(_text()) if not each.ok]
    if refused:
        raise SystemExit(f"the session does not take its text: {refused[0]}")
    known = Known(session)
    completions, colours = Completions(session), Colours(known)
    spent: dict[str, list[float]] = {
        name: [] for name in ("completion", "colours", "toolbar", "all of a key")
    }
    event = CompleteEvent(completion_requested=True)
    for turn in range(5):
        for end in range(1, len(_TYPED) + 1):
            document = Document(_TYPED[:end], end)
            times = [time.perf_counter()]
            list(completions.get_completions(document, event))
            times.append(time.perf_counter())
            colours.lex_document(document)(0)
            times.append(time.perf_counter())
            toolbar(known, [], 100)
            times.append(time.perf_counter())
            if turn:
                for number, name in enumerate(("completion", "colours", "toolbar")):
                    spent[name].append(times[number + 1] - times[number])
                spent["all of a key"].append(times[-1] - times[0])
    return spent


def _text() -> str:
    """A session of many lines: names in both languages, people, rules and questions."""
    numbers = range(_LINES // 4)
    names = [f"input extra{each} | 附加{_chinese(each)}: truth" for each in numbers]
    people = [
        f"person p{each} | 某{_chinese(each)}: age = {30 + each % 50}, pension = {4000 + each}元"
        for each in numbers
    ]
    rules = [f"age >= {each % 90} and extra{each} credit {each + 1}元" for each in numbers]
    questions = [f"show age of p{each}" for each in numbers]
    return "\n".join([*names, *people, *rules, *questions])


def _chinese(number: int) -> str:
    return "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in str(number))


if __name__ == "__main__":
    main()
