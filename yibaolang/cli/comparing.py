"""`yibao compare`: one figure under several regions, versions and dates."""

from collections.abc import Iterator

from yibaolang.cli.arguments import Options
from yibaolang.cli.asking import Spot, asked_at, listed, rules_for, spots
from yibaolang.cli.output import print_json
from yibaolang.engine.asked import Asked
from yibaolang.report.comparisons import Row, comparison, difference_json
from yibaolang.report.tables import formatted

_KEYS = ("region", "version", "date")


def run(options: Options, lang: str) -> int:
    """Print a table with a row for each region, version and date; 1 if no row has a value."""
    places = spots(options) or [Spot("", "")]
    dates = [asked_at(options, on) for on in listed(options.on) or [""]]
    rows = list(_rows(options, places, dates))
    if options.json:
        print_json([_json(row, rows[0], lang) for row in rows])
    else:
        print(formatted(comparison(_KEYS, rows, lang), "table"))
    return 0 if any(not row.result.refused for row in rows) else 1


def _rows(options: Options, places: list[Spot], dates: list[Asked]) -> Iterator[Row]:
    rules = rules_for(options, [place.region for place in places])
    rules, facts = rules.facts(options.facts, options.person)
    figure = rules.figure_named(options.words[0] if options.words else "credit")
    for place in places:
        for asked in dates:
            result = rules.ask(figure, asked, facts, place.region, place.version)
            yield Row((place.region, place.version, str(asked)), result)


def _json(row: Row, first: Row, lang: str) -> dict[str, object]:
    region, version, _ = row.labels
    return {
        "label": region,
        "version": version,
        **row.result.to_json(lang),
        "difference": difference_json(row.result, first.result),
    }
