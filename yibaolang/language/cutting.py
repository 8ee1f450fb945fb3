"""Cutting a run of Chinese characters without spaces into keywords and declared names.

The cut that leaves the fewest characters unknown wins, then the one with the fewest pieces, which
is the longest match over the whole run. Two cuts that are equal in both are an error for the
caller to show: nothing is guessed.
"""

from collections.abc import Set

from attrs import frozen


@frozen
class Cut:
    """The pieces of a run; `other` is an equally good cut, or empty."""

    pieces: tuple[str, ...]
    other: tuple[str, ...] = ()


# The last piece of a path as its start and end in the run, and the pieces before it.
_Chain = tuple["_Chain | None", int, int]

# A path to a position: characters unknown, pieces, whether it ends in an unknown piece, and the
# pieces themselves. They share what they have in common, so that a long run costs no more a
# character than a short one.
_Path = tuple[int, int, bool, _Chain | None]


def cut_run(run: str, words: Set[str], longest: int) -> Cut:
    """The best cut of `run` over `words`, whose longest has `longest` characters.

    >>> cut_run("平均养老金的", {"平均养老金", "养老金", "的"}, 5).pieces
    ('平均养老金', '的')
    >>> cut_run("甲乙丙", {"甲乙", "丙", "甲", "乙丙"}, 2)
    Cut(pieces=('甲', '乙丙'), other=('甲乙', '丙'))
    """
    if run in words:
        return Cut((run,))
    best: list[list[_Path]] = [[(0, 0, False, None)]]
    for end in range(1, len(run) + 1):
        paths: list[_Path] = []
        for start in range(max(0, end - longest), end):
            if run[start:end] in words:
                paths += [
                    (unknown, count + 1, False, (chain, start, end))
                    for unknown, count, _, chain in best[start]
                ]
        for unknown, count, open_end, chain in best[end - 1]:
            if open_end and chain is not None:
                paths.append((unknown + 1, count, True, (chain[0], chain[1], end)))
            else:
                paths.append((unknown + 1, count + 1, True, (chain, end - 1, end)))
        best.append(_best_two(paths))
    first, *rest = sorted(best[-1], key=lambda path: path[:2])
    tied = [path for path in rest if path[:2] == first[:2] and first[0] == 0]
    return Cut(_pieces(run, first[3]), _pieces(run, tied[0][3]) if tied else ())


def _pieces(run: str, chain: _Chain | None) -> tuple[str, ...]:
    found: list[str] = []
    while chain is not None:
        chain, start, end = chain
        found.append(run[start:end])
    return tuple(reversed(found))


def _best_two(paths: list[_Path]) -> list[_Path]:
    """The two best paths that end in a known piece and the two best that do not.

    Two, for a tie must be seen; both kinds, for an unknown piece may still grow at no cost.
    """
    kept: list[_Path] = []
    for kind in (False, True):
        kept += sorted((path for path in paths if path[2] is kind), key=lambda path: path[:2])[:2]
    return kept
