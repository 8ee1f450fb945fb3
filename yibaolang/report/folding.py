"""Reasons down to a depth: what is deeper is a line that counts it."""

from collections.abc import Iterator

from attrs import evolve

from yibaolang.engine.reasons import Reason
from yibaolang.report.texts import TEXTS


def folded(reason: Reason, depth: int, lang: str) -> list[str]:
    r"""The lines of a reason, those more than `depth` levels below the first one folded.

    What is folded is one line where the first of it would stand. A depth of 0 folds nothing.

    >>> tree = Reason("figure", "a", because=(Reason("rule", "b", because=(Reason("note", "c"),)),))
    >>> print("\n".join(folded(tree, 1, "en")))
    a
      b
        ▸ 1 more
    """
    return list(_lines(reason, 0, depth, lang) if depth else reason.lines())


def _lines(reason: Reason, level: int, depth: int, lang: str) -> Iterator[str]:
    yield from evolve(reason, because=()).lines(level)
    if level < depth:
        for each in reason.because:
            yield from _lines(each, level + 1, depth, lang)
    elif reason.because:
        more = sum(count(each) for each in reason.because)
        yield "  " * (level + 1) + TEXTS.count_of("folded", lang, more)


def count(reason: Reason) -> int:
    """How many lines a reason has.

    >>> count(Reason("figure", "a", because=(Reason("rule", "b"), Reason("rule", "c"))))
    3
    """
    return 1 + sum(count(each) for each in reason.because)
