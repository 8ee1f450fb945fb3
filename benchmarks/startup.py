"""How much longer whole commands take than `python -c pass`, in turn, bytecode and grammar cached.

Aims: `yibao --version` at most 50 ms over it, `check` and `run` of a small file at most 250 ms.
"new" is a text that was never read before, which needs Lark and its tables; otherwise the document
is one that the user's cache keeps.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

_SCRIPT = """region 甲 | example
since 2024-01-01 cite "an example" attested "E"
retired and age < 70 credit 100元 monthly on day 20
retired and age >= 70 credit 125元 monthly on day 20
person 张三: birth 1954-06-15, male, retired since 2014-07-01, in 甲
show credit of 张三 on 2024-06
"""
_RUNS = 15


def main() -> None:
    """Print the median of each command and how much it is over bare Python."""
    with tempfile.TemporaryDirectory() as folder:
        script, new = (os.path.join(folder, name) for name in ("small.yb", "new.yb"))
        with open(script, "w", encoding="utf-8") as file:
            file.write(_SCRIPT)
        yibao = [sys.executable, "-m", "yibaolang.cli.main"]
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "yibao --version": [*yibao, "--version"],
            "yibao check small.yb": [*yibao, "check", script],
            "yibao run small.yb": [*yibao, "run", script],
            "yibao check new.yb": [*yibao, "check", new],
            "yibao run new.yb": [*yibao, "run", new],
        }
        environment = {
            key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
        }
        environment |= {
            "YIBAO_CACHE_DIR": os.path.join(folder, "cache"),
            "PYTHONPYCACHEPREFIX": os.path.join(folder, "bytecode"),
        }
        spent: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(_RUNS + 2):
            for name, command in commands.items():
                with open(new, "w", encoding="utf-8") as file:
                    file.write(f"# {turn} {name}\n{_SCRIPT}")
                start = time.perf_counter()
                done = subprocess.run(command, env=environment, capture_output=True, check=False)
                seconds = time.perf_counter() - start
                if done.returncode:
                    raise SystemExit(f"{name} failed: {done.stderr.decode()}")
                if turn >= 2:
                    spent[name].append(seconds)
    bare = statistics.median(spent["python -c pass"])
    for name, seconds in spent.items():
        median = statistics.median(seconds)
        print(
            f"{name:24} {median * 1e3:7.1f} ms  {(median - bare) * 1e3:+7.1f} ms over bare Python"
        )


if __name__ == "__main__":
    main()
