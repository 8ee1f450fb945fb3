"""Pictures of comparisons: who gets how much more or less, and who gains and loses by group.

Drawn by matplotlib (the extra `pictures`), which is loaded here only. An SVG has its text as text,
and the same bytes whenever it is drawn anew; a PNG needs a font for the characters of its labels.
"""

import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from attrs import frozen

from yibaolang.engine.files import AnyPath, replacing
from yibaolang.engine.words import has_han
from yibaolang.language.display import width

GAIN, LOSS, INK, PALE = "#1b7f79", "#c8553d", "#222831", "#9aa3ad"
_CHINESE = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "Heiti SC",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Droid Sans Fallback",
    "Noto Sans CJK JP",
)  # fmt: skip
"""Families with Chinese characters; the last is what a collection of all of them is known by."""

_NO_LETTERS = "Last Resort"
"""Families that begin so have a box for every character; matplotlib brings one along."""

_LATIN = "DejaVu Sans"
_SIGN = 0x6C49
"""A Chinese character: a font that has it has the others."""

_WIDE = 648
"""The width of a picture in points; a letter is about half as wide as it is high."""


@frozen
class Bar:
    """People whose difference is in a band: how many bands from zero, on which side, how many."""

    step: int
    persons: int


@frozen
class Share:
    """A group: of its `persons` some lose and some gain; `told` stands beside it."""

    label: str
    persons: int
    lost: int
    won: int
    told: str


@frozen
class Picture:
    """What is drawn, in the words of "en" or "zh". `edges` are what is told at 0, 1, 2 bands.

    `nothing` is told where there are no bars but for those for whom nothing changes.
    """

    lang: str
    title: str
    told: tuple[str, ...]
    bars_title: str
    bars: tuple[Bar, ...]
    edges: tuple[str, ...]
    shares_title: str
    shares: tuple[Share, ...]
    lost: str
    won: str
    cost: str
    nothing: str

    @property
    def chinese(self) -> bool:
        """Whether there are Chinese characters in it, be it in names alone."""
        shown = (self.title, *self.told, *(each.label for each in self.shares))
        return self.lang == "zh" or any(has_han(each) for each in shown)


def load_matplotlib() -> Any:
    """The package matplotlib; ImportError if it is not installed."""
    import matplotlib
    import matplotlib.backends.backend_agg
    import matplotlib.backends.backend_svg
    import matplotlib.figure
    import matplotlib.font_manager

    return matplotlib


def chinese_fonts() -> list[str]:
    """The families of this machine that have Chinese characters, the best ones first."""
    manager = load_matplotlib().font_manager
    known = {each.name: each.fname for each in manager.fontManager.ttflist}
    found = [name for name in _CHINESE if name in known]
    return found or [
        name for name, path in sorted(known.items())
        if not name.startswith(_NO_LETTERS) and _has_sign(manager, path)
    ]  # fmt: skip


def _has_sign(manager: Any, path: str) -> bool:
    try:
        return bool(manager.get_font(path).get_char_index(_SIGN))
    except (OSError, RuntimeError):
        return False


def draw(path: AnyPath, picture: Picture) -> None:
    """Draw a picture into a file, .svg or .png, which is replaced when it is drawn.

    ImportError without matplotlib.
    """
    matplotlib = load_matplotlib()
    svg = os.fspath(path).lower().endswith(".svg")
    chinese = [*(_CHINESE if svg else chinese_fonts())] if picture.chinese else []
    families = [*chinese, _LATIN] if picture.lang == "zh" else [_LATIN, *chinese]
    settings = {
        "svg.fonttype": "none", "svg.hashsalt": "yibao",
        "font.family": [*families, "sans-serif"], "font.sans-serif": [_LATIN],
        "axes.unicode_minus": False, "text.color": INK,
        "axes.edgecolor": PALE, "xtick.color": INK, "ytick.color": INK,
    }  # fmt: skip
    with matplotlib.rc_context(settings), _quiet():
        figure = _figure(matplotlib, picture)
        with replacing(path) as file:
            if svg:
                figure.savefig(file, format="svg", metadata={"Date": None, "Creator": "yibao"})
            else:
                figure.savefig(file, format="png", dpi=144, metadata={"Software": "yibao"})


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what matplotlib says of fonts that the machine lacks and the reader has."""
    logger = logging.getLogger("matplotlib.font_manager")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph", UserWarning)
            yield
    finally:
        logger.setLevel(before)


def _figure(matplotlib: Any, picture: Picture) -> Any:
    """The figure: titles above, bars, and below them the groups if there are any."""
    rows = len(picture.shares)
    bars = 32 if any(each.step for each in picture.bars) else 12
    heights = [bars, 10 + 3 * rows] if rows else [bars]
    tall = sum(heights) + 6 + 3 * len(picture.told)
    figure = matplotlib.figure.Figure(figsize=(9, tall / 10), facecolor="white")
    matplotlib.backends.backend_agg.FigureCanvasAgg(figure)
    figure.text(4 / 100, 1 - 3 / tall, picture.title, fontsize=_size(picture.title, 15),
                fontweight="bold", va="center")  # fmt: skip
    for number, line in enumerate(picture.told):
        at = 1 - (6 + 2 * number) / tall
        figure.text(4 / 100, at, line, fontsize=_size(line, 10), va="center")
    label = max((width(each.label) for each in picture.shares), default=0)
    # Beside the labels there is room for a number.
    room = min(50, 8 + 100 * label * 5 // _WIDE)
    top = tall - 5 - 2 * len(picture.told)
    for number, height in enumerate(heights):
        low = 3 if number == 0 else 4
        left = 4 if number == 0 else room
        wide = 92 if number == 0 else 80 - room
        axes = figure.add_axes((left / 100, (top - height + low) / tall, wide / 100,
                                (height - low - 5) / tall))  # fmt: skip
        if number == 0:
            _draw_bars(axes, picture)
        else:
            _draw_shares(axes, picture)
        top -= height
    return figure


def _size(text: str, most: int) -> int:
    """The size of letters, in points, with which a line fits; a bold one is a little wider."""
    return min(most, 8 * _WIDE // (6 * max(1, width(text))))


def _plain(axes: Any, title: str, sides: Sequence[str]) -> None:
    from_left = axes.get_position()
    axes.figure.text(4 / 100, from_left.y1 + (1 - from_left.y1) / 99, title, fontsize=11,
                     fontweight="bold", va="bottom")  # fmt: skip
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(side in sides)


def _draw_bars(axes: Any, picture: Picture) -> None:
    """Bars on both sides of zero; those for whom nothing changes are told above."""
    bars = [each for each in picture.bars if each.step]
    _plain(axes, picture.bars_title, ("bottom",) if bars else ())
    if not bars:
        axes.set_xticks([])
        axes.set_yticks([])
        axes.text(0, 1 / 2, picture.nothing, fontsize=10, transform=axes.transAxes)
        return
    for each in bars:
        left = each.step - 1 if each.step > 0 else each.step
        colour = GAIN if each.step > 0 else LOSS
        axes.bar(left, each.persons, width=1, align="edge", color=colour, edgecolor="white")
        if each.persons:
            axes.annotate(
                f"{each.persons:,}", (left + 1 / 2, each.persons), ha="center", va="bottom",
                fontsize=8, xytext=(0, 1), textcoords="offset points",
            )  # fmt: skip
    least = min([-1, *(each.step for each in bars)])
    most = max([1, *(each.step for each in bars)])
    ticks = list(range(least, most + 1))
    axes.set_xticks(ticks)
    axes.set_xticklabels([_edge(picture.edges, each) for each in ticks], fontsize=9)
    axes.set_xlim(least - 1 / 10, most + 1 / 10)
    axes.set_yticks([])
    axes.margins(y=1 / 8)
    axes.axvline(0, ymax=9 / 10, color=INK, linewidth=1)


def _edge(edges: Sequence[str], step: int) -> str:
    if abs(step) >= len(edges):
        return "\u2026"
    sign = "+" if step > 0 else "\u2212" if step < 0 else ""
    return f"{sign}{edges[abs(step)]}"


def _draw_shares(axes: Any, picture: Picture) -> None:
    """A line for each group: to the left who loses, to the right who gains, of a hundred."""
    _plain(axes, picture.shares_title, ())
    for at, each in enumerate(picture.shares):
        lost, won = (1000 * count // max(1, each.persons) for count in (each.lost, each.won))
        axes.barh(at, -lost, height=7 / 10, color=LOSS)
        axes.barh(at, won, height=7 / 10, color=GAIN)
        for share, side in ((lost, "right"), (won, "left")):
            if share:
                axes.annotate(
                    f"{(share + 5) // 10}", (-share if side == "right" else share, at), ha=side,
                    va="center", fontsize=8, xytext=(-3 if side == "right" else 3, 0),
                    textcoords="offset points",
                )  # fmt: skip
        axes.annotate(
            each.told, (1, at), xycoords=("axes fraction", "data"), fontsize=9, va="center",
            xytext=(8, 0), textcoords="offset points",
        )  # fmt: skip
    axes.annotate(
        picture.cost, (1, 1), xycoords="axes fraction", fontsize=9, color=PALE, va="bottom",
        xytext=(8, 0), textcoords="offset points",
    )  # fmt: skip
    axes.set_yticks(range(len(picture.shares)))
    axes.set_yticklabels([each.label for each in picture.shares], fontsize=9)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(picture.shares) - 1 / 2, -1 / 2)
    axes.set_xlim(-1120, 1120)
    axes.set_xticks([-560, 560])
    axes.set_xticklabels([picture.lost, picture.won], fontsize=9)
    axes.tick_params(axis="x", length=0)
    axes.axvline(0, color=INK, linewidth=1)
