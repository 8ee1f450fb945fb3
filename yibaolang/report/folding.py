"""Reasons down to a depth: what is deeper is a line that counts it, unless it is one line only."""

from collections.abc import Iterable, Iterator

from attrs import evolve

from yibaolang.engine.reasons import Reason
from yibaolang.report.texts import TEXTS


def folded(reason: Reason, depth: int, lang: str) -> list[str]:
    r"""The lines of a reason, those more than `depth` levels below the first one folded.

    What is folded is one line where the first of it would stand. A depth of 0 folds nothing.

    >>> notes = (Reason("note", "c"), Reason("note", "d"))
    >>> tree = Reason("figure", "a", because=(Reason("rule", "b", because=notes),))
    >>> print("\n".join(folded(tree, 1, "en")))
    a
      b
        ▸ 2 more
    """
    return list(_lines(reason, 0, depth, lang) if depth else reason.lines())


def _lines(reason: Reason, level: int, depth: int, lang: str) -> Iterator[str]:
    yield from evolve(reason, because=()).lines(level)
    if level < depth:
        for each in reason.because:
            yield from _lines(each, level + 1, depth, lang)
    elif reason.because:
        hidden = [line for each in reason.because for line in each.lines(level + 1)]
        yield from _folded_away(hidden, level, lang)


def folded_lines(lines: Iterable[str], depth: int, lang: str) -> list[str]:
    r"""Lines of reasons, two spaces a level; those deeper than `depth` levels folded, 0 for none.

    >>> folded_lines(["  rule", "    guard", "      age", "  other"], 1, "en")
    ['  rule', '    ▸ 2 more', '  other']
    """
    found: list[str] = []
    hidden: list[str] = []
    for line in (*lines, ""):
        if depth and line and len(line) - len(line.lstrip(" ")) > 2 * depth:
            hidden.append(line)
            continue
        found += _folded_away(hidden, depth, lang)
        hidden = []
        found.append(line)
    return found[:-1]


def _folded_away(hidden: list[str], level: int, lang: str) -> list[str]:
    """What stands for lines that are folded below a level."""
    if len(hidden) < 2:
        return hidden
    return ["  " * (level + 1) + TEXTS.count_of("folded", lang, len(hidden))]
