"""The picture of a comparison in words: its titles, the names of its groups, its edges."""

from collections.abc import Sequence

from yibaolang.cli.output import complain
from yibaolang.cli.populating_asking import Job
from yibaolang.cli.populating_tables import group_label, in_order
from yibaolang.cli.texts import count_of, say
from yibaolang.engine.words import Words
from yibaolang.population import pictures
from yibaolang.population.comparing import Comparison
from yibaolang.population.files_running import Side
from yibaolang.population.pictures import Bar, Picture, Share

_MOST_GROUPS = 30
_EDGES = 9


def draw(job: Job, found: Comparison) -> None:
    """Draw the picture of --picture; in English if a PNG is to be and no font has Chinese."""
    path, lang = job.options.picture, job.lang
    picture = picture_of(job, found, lang)
    if picture.chinese and path.lower().endswith(".png") and not pictures.chinese_fonts():
        picture = picture_of(job, found, "en")
        # Names that the rules or files have in Chinese alone stay as they are.
        key = "no_font_for_names" if picture.chinese else "no_font"
        complain(say(key, lang, path=path))
    pictures.draw(path, picture)


def picture_of(job: Job, found: Comparison, lang: str) -> Picture:
    """What is drawn, in "en" or "zh"."""
    words = Words(job.side.rules.book, lang)
    whole = found.effect()
    one, other = job.names
    figure = f"{words.figure(job.side.asks[0].figure)}{_when(job.sides)}"
    counts = {kind: f"{count:,}" for kind, count in whole.persons.items()}
    told = [say(
        "picture_told", lang, persons=f"{whole.count:,}", won=counts["won"],
        lost=counts["lost"], same=counts["same"], cost=_amount(whole.cost_fen, lang),
    )]  # fmt: skip
    if any(count for kind, count in whole.persons.items() if kind.startswith("refused")):
        told.append(say(
            "picture_refused", lang, a=counts["refused_in_a"], b=counts["refused_in_b"],
            both=counts["refused_in_both"],
        ))  # fmt: skip
    shares, others = _shares(found, job.keys, words)
    if others:
        told.append(count_of("others", lang, others))
    width = found.width()
    return Picture(
        lang, say("picture_title", lang, figure=figure, one=one, other=other), tuple(told),
        say("picture_bands", lang), _bars(found),
        tuple(_plain(step * width, lang) for step in range(_EDGES - 1)),
        say("picture_groups", lang), shares, say("title_lost", lang), say("title_won", lang),
        say("title_cost", lang), say("picture_nothing", lang),
    )  # fmt: skip


def _when(sides: Sequence[Side]) -> str:
    """For when both sides are asked; "" if that is what is compared."""
    one, other = ([each.asked for each in side.asks] for side in sides)
    if one != other:
        return ""
    return f" {one[0]}" if len(one) == 1 else f" {one[0]}..{one[-1]}"


def _bars(found: Comparison) -> tuple[Bar, ...]:
    bands = found.bands()
    zero = next((at for at, each in enumerate(bands) if each.low_fen == each.high_fen == 0), None)
    if zero is None:
        below = sum((each.high_fen or 0) < 0 for each in bands)
        above = len(bands) - below
        steps = [*range(-below, 0), *range(1, above + 1)]
    else:
        steps = [at - zero for at in range(len(bands))]
    return tuple(Bar(step, each.persons) for step, each in zip(steps, bands, strict=True))


def _shares(
    found: Comparison, keys: Sequence[str], words: Words
) -> tuple[tuple[Share, ...], int]:
    """The groups, and how many small ones are left out."""
    if not keys:
        return (), 0
    effects = {group: found.effect(group) for group in found.groups()}
    largest = sorted(effects, key=lambda group: -effects[group].count)[:_MOST_GROUPS]
    shown = in_order(largest, keys, words.book)
    comma = words.say(", ", "\uff0c")
    return tuple(
        Share(
            comma.join(group_label(*one, words) for one in zip(keys, group, strict=True)),
            effects[group].count, effects[group].persons["lost"], effects[group].persons["won"],
            _amount(effects[group].cost_fen, words.lang),
        )
        for group in shown
    ), len(effects) - len(shown)  # fmt: skip


def _plain(fen: int, lang: str) -> str:
    """An amount that is not below zero, without zeros after the point."""
    return _with_unit(_digits(fen).removesuffix(".00"), lang) if fen else "0"


def _amount(fen: int, lang: str) -> str:
    """An amount with its sign."""
    sign = "+" if fen > 0 else "\u2212" if fen < 0 else ""
    return sign + _with_unit(_digits(abs(fen)), lang)


def _digits(fen: int) -> str:
    whole, part = divmod(fen, 100)
    return f"{whole:,}.{part:02}"


def _with_unit(digits: str, lang: str) -> str:
    # Fonts without Chinese have the sign of the currency.
    return f"{digits}\u5143" if lang == "zh" else f"\u00a5{digits}"
