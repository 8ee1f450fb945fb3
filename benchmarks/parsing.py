"""How many lines a second go from text to syntax, and how much of that is Lark's.

The file has 30,000 lines of rules, params and headers in both languages. Cold: one pass of a
process that has just started, tables loaded, nothing else done. In the same run, taken in turn:
the lexer alone, and Lark's own lexer and tree builder with positions on the same grammar shape
(the grammar's terminals as regular expressions), which is what sentence-by-sentence parsing with
nodes built in place is measured against.
"""

import gc
import statistics
import time
from collections.abc import Callable

from yibaolang.language.declared import declared_names
from yibaolang.language.lexer import Lexer
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.language.tables import parser
from yibaolang.language.vocabulary import vocabulary

LINES = 30_000
_NAMES = ("平均养老金", "年龄", "退休", "当年")


def rule_file(lines: int = LINES) -> str:
    """Regions with dated params and versions with rules in both languages."""
    written: list[str] = []
    region = 0
    while len(written) < lines:
        name = chr(0x4E00 + region % 5000) + chr(0x5000 + region // 5000)
        written.append(f"region 地区{name} under 全国  # 医保个人账户规则")
        for param in ("avg_wage", "avg_pension"):
            written.append(f"param {param}")
            for year in range(2010, 2026):
                value = f"{3000 + year}.{region % 90 + 10}元"
                written.append(f'  {year}-01-01 until {year}-12-31 {value} cite "文件{year}号"')
        for step in range(10):
            written += [
                f'since 20{10 + step}-07-01 cite "文件{step}" attested "C"',
                f"retired and age >= {60 + step} or female and age within [50, {60 + step}]"
                " credit 2.5% of avg_pension monthly on day 20 to current",
                f"退休且年龄≥{60 + step}，每月20日划入平均养老金的2.5%到当年",
                "active credit 2% of min(max(contribution_base, 60% of avg_wage), 300% of avg_wage)"
                " monthly",
            ]
        region += 1
    return "\n".join(written[:lines]) + "\n"


def interleaved(runs: dict[str, Callable[[], object]], times: int = 5) -> dict[str, float]:
    """The median seconds of each, run in turn."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(times):
        for name, run in runs.items():
            gc.collect()
            start = time.perf_counter()
            run()
            found[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in found.items()}


def main() -> None:
    """Print lines a second of the first pass, then of the parts in turn."""
    text = rule_file()
    start = time.perf_counter()
    parser()
    loaded = time.perf_counter() - start
    source = Source.of("rules.yb", text)
    start = time.perf_counter()
    document, problems = parse(source, _NAMES)
    cold = time.perf_counter() - start
    if problems or len(document.lines) != LINES:
        raise SystemExit(f"the file does not parse: {problems[:1]}")
    print(f"{LINES:,} lines, {len(text.encode()) / 1e6:.1f} MB; tables in {loaded * 1e3:.0f} ms")
    print(f"cold: {LINES / cold:,.0f} lines/s with positions (aim: 5,000)")
    del document
    names = (*declared_names(text, vocabulary()), *_NAMES)
    lexed, _ = Lexer(vocabulary(), names).sentences(source)
    lark = parser().lark

    def lark_only() -> None:
        builder = parser().builder
        builder.source = source
        builder.span = (0, 0)
        for each in lexed:
            lark.parse(each.tokens)

    seconds = interleaved(
        {
            "whole": lambda: parse(source, _NAMES),
            "names": lambda: declared_names(text, vocabulary()),
            "lexer": lambda: Lexer(vocabulary(), names).sentences(source),
            "Lark's tables and nodes": lark_only,
        }
    )
    whole = seconds["whole"]
    for name, spent in seconds.items():
        print(
            f"{name:24} {spent:6.2f} s {LINES / spent:9,.0f} lines/s {spent / whole:5.2f} of whole"
        )


if __name__ == "__main__":
    main()
