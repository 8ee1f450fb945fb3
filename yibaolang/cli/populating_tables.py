"""What is told of a population: tables by group, refusals by code, and the same as JSON."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import evolve

from yibaolang.cli.texts import say
from yibaolang.engine.words import Words
from yibaolang.language.catalogue import meaning_of
from yibaolang.model.book import Book
from yibaolang.model.values import MONEY, format_value, json_value
from yibaolang.population.grouping import AGE_BANDS, Labels
from yibaolang.population.grouping_answers import Row, Summary
from yibaolang.population.refusals import Refusals
from yibaolang.report.tables import Table, without_empty_columns


def money(fen: int | Fraction, lang: str, sign: bool = False) -> str:
    """An amount in words, with a plus if it is above zero and `sign`.

    >>> money(12345, "en", sign=True), money(-100, "en")
    ('+123.45元', '-1.00元')
    """
    exact = Fraction(fen)
    text = format_value(MONEY, exact.numerator, exact.denominator, lang)
    return f"+{text}" if sign and exact > 0 else text


def json_amount(fen: int | Fraction) -> str:
    """An amount for programs: yuan as an exact text.

    >>> json_amount(Fraction(1, 3))
    '1/300'
    """
    exact = Fraction(fen)
    return str(json_value(MONEY, exact.numerator, exact.denominator)["value"])


def plain_numbers(table: Table) -> Table:
    """A table for programs: amounts are yuan without the unit, and what is cut is not marked.

    >>> found = Table(("mean",), ("mean",), (("+1.333333…元",),), frozenset([0]))
    >>> plain_numbers(found).rows
    (('1.333333',),)
    """
    rows = tuple(
        tuple(
            cell.removesuffix("元").removesuffix("…").removeprefix("+")
            if at in table.right else cell
            for at, cell in enumerate(row)
        )
        for row in table.rows
    )  # fmt: skip
    return evolve(table, rows=rows)


# ── groups ──


def in_order(groups: Sequence[Labels], keys: Sequence[str], book: Book) -> list[Labels]:
    """Groups in the order of the rules: of regions and values as declared, of ages by years."""
    regions = ["", *book.regions]

    def place(key: str, label: str) -> tuple[int, str]:
        if not label:
            return 1 << 30, ""
        if key == "region":
            return regions.index(label), label
        if key in AGE_BANDS:
            return int(label.partition("-")[0]), label
        values = list(book.values.get(key, ("yes", "no")))
        return (values.index(label) if label in values else len(values)), label

    return sorted(
        groups, key=lambda group: [place(*each) for each in zip(keys, group, strict=True)]
    )


def group_label(key: str, label: str, words: Words) -> str:
    """A label in the language: a region or value by its alias; who says nothing is told so."""
    if not label:
        return say("nothing_said", words.lang)
    if key == "region":
        return words.region(label)
    if key in AGE_BANDS:
        return label
    return say(f"truth_{label}", words.lang) if label in ("yes", "no") else words.name(label)


def key_word(key: str, words: Words) -> str:
    """What a group is by, as --group-by has it."""
    if key in ("region", "age"):
        return say(f"title_{key}", words.lang)
    return key if key in AGE_BANDS else words.name(key)


def group_titles(keys: Sequence[str], words: Words) -> tuple[str, ...]:
    """What groups are by, in the language."""
    return tuple(
        say("title_age", words.lang) if key in AGE_BANDS else key_word(key, words) for key in keys
    )  # fmt: skip


# ── the summary ──

def _row_cells(row: Row, words: Words) -> tuple[str, ...]:
    """Persons, refused, sum and mean."""
    refused = sum(row.refused.values())
    counts = (str(row.persons), str(refused) if refused else "")
    mean = row.mean
    if row.kind == "fen":
        shown = "" if mean is None else money(mean, words.lang)
        return *counts, money(row.total, words.lang), shown
    if row.kind in ("whole", "truth"):
        return *counts, str(row.total), "" if mean is None else _number(mean)
    return *counts, "", ""


def _number(value: Fraction) -> str:
    """A number with six decimals at most, an ellipsis if there are more."""
    scaled, rest = divmod(abs(value.numerator) * 10**6, value.denominator)
    whole, part = divmod(scaled, 10**6)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{part:06}".rstrip("0").rstrip(".") + ("\u2026" if rest else "")


def summary_tables(summary: Summary, keys: Sequence[str], words: Words) -> list[Table]:
    """A table of groups with everybody in the last row, and one of the codes of refusals."""
    asks, lang = summary.asks, words.lang
    groups = in_order(summary.groups(), keys, words.book) if keys else []
    dated = len({each.asked for each in asks}) > 1
    named = len({each.figure for each in asks}) > 1
    lines = []
    for each in asks:
        head = (words.figure(each.figure) if named else "", str(each.asked) if dated else "")
        rows = [summary.row(each, group) for group in groups]
        for group, row in zip(groups, rows, strict=True):
            labels = [group_label(*one, words) for one in zip(keys, group, strict=True)]
            lines.append((*head, *labels, *_row_cells(row, words)))
        if len(groups) != 1:
            total = [say("everybody", lang), *[""] * (len(keys) - 1)] if keys else []
            lines.append((*head, *total, *_row_cells(summary.row(each), words)))
    titles = (
        say("title_figure", lang), say("title_date", lang), *group_titles(keys, words),
        say("title_persons", lang), say("title_refused", lang), say("title_sum", lang),
        say("title_mean", lang),
    )  # fmt: skip
    names = ("figure", "date", *keys, "persons", "refused", "sum", "mean")
    right = frozenset(range(len(names) - 4, len(names)))
    shown = without_empty_columns(Table(names, titles, tuple(lines), right))
    return [shown, *refusal_tables({say("title_times", lang): summary.refusals}, lang)]


def refusal_tables(sides: Mapping[str, Refusals], lang: str) -> list[Table]:
    """Why people are refused, and who is the first; a column of counts for each of `sides`.

    No table if nobody is. The keys of `sides` are the titles of the counts.
    """
    codes = sorted({code for each in sides.values() for code in each.counts})
    lines = []
    for code in codes:
        first = next(each.first[code] for each in sides.values() if code in each.first)
        counts = (str(each.counts.get(code, 0)) for each in sides.values())
        lines.append((code, *counts, first, meaning_of(code, lang)))
    if not lines:
        return []
    keys = ["times"] if len(sides) == 1 else [f"times_{letter}" for letter in "ab"]
    titles = (say("title_code", lang), *sides, say("title_first", lang), say("title_why", lang))
    right = frozenset(range(1, len(sides) + 1))
    return [Table(("code", *keys, "account", "meaning"), titles, tuple(lines), right)]


def summary_json(summary: Summary, keys: Sequence[str], book: Book) -> list[dict[str, object]]:
    """The same for programs: exact, with canonical names."""
    groups = in_order(summary.groups(), keys, book)
    found = []
    for each in summary.asks:
        own = _row_json(summary.row(each))
        by = [
            {**dict(zip(keys, group, strict=True)), **_row_json(summary.row(each, group))}
            for group in groups
        ]
        found.append({
            "figure": each.figure, "asked": str(each.asked), **own, "groups": by if keys else [],
        })  # fmt: skip
    return found


def _row_json(row: Row) -> dict[str, object]:
    mean = row.mean
    shown: dict[str, object] = {"persons": row.persons, "refused": row.refused}
    if row.kind == "fen":
        shown |= {"sum_fen": int(row.total), "mean": None if mean is None else json_amount(mean)}
    elif row.kind in ("whole", "truth"):
        shown |= {"sum": str(row.total), "mean": None if mean is None else str(mean)}
    return shown
