"""`yibao run`: answer the questions that stand in scripts."""

from collections.abc import Iterable

from yibaolang.cli.arguments import Options
from yibaolang.cli.asking import rules_of_files
from yibaolang.cli.comparisons import Row, print_comparison
from yibaolang.cli.headlines import headline, refusal_lines, rule_lines
from yibaolang.cli.output import complain, print_json, shaded
from yibaolang.cli.texts import say
from yibaolang.engine.rulebook import Result
from yibaolang.engine.script import Shown, questions


def run(options: Options, lang: str) -> int:
    """Print the answer to every question of the files; what has no figure says why."""
    rules = rules_of_files(options)
    asked = questions(rules, frozenset(options.words))
    if options.json:
        print_json([_json(each, lang) for each in asked])
        return 0
    first = True
    for shown in asked:
        if not first:
            print()
        first = False
        _print(shown, lang)
    if first:
        complain(say("nothing_asked", lang, path=", ".join(options.words)))
    return 0


def _print(shown: Shown, lang: str) -> None:
    results = [row.result for row in shown.rows]
    if shown.verb == "compare":
        _print_rows(shown, "region", lang)
    elif any(row.label for row in shown.rows):
        _print_rows(shown, "month", lang)
    elif shown.verb == "evaluate":
        _print_value(results, lang)
    else:
        for result in results:
            _print_figure(shown, result, lang)


def _print_rows(shown: Shown, title: str, lang: str) -> None:
    """A table under what was asked."""
    print(shaded(shown.place.source.text[slice(*shown.place.span)], "bold"))
    rows = [Row((row.label,), row.result) for row in shown.rows]
    print_comparison([title], rows, lang)


def _print_value(results: Iterable[Result], lang: str) -> None:
    for result in results:
        reason = result.reason(lang)
        print(shaded(f"{reason.text} = {reason.value}" if reason.text else reason.value, "bold"))


def _print_figure(shown: Shown, result: Result, lang: str) -> None:
    reason = result.reason(lang)
    print(shaded(headline(result, shown.person, lang), "bold"))
    if shown.verb == "explain":
        lines = [line for each in reason.because for line in each.lines(1)]
    elif result.refused:
        lines = list(refusal_lines(reason))
    else:
        lines = list(rule_lines(reason))
    for line in lines:
        print(line)


def _json(shown: Shown, lang: str) -> dict[str, object]:
    return {
        "verb": shown.verb,
        "text": shown.place.source.text[slice(*shown.place.span)],
        "file": shown.place.source.name,
        "line": shown.place.line,
        "person": shown.person,
        "results": [{"label": row.label, **row.result.to_json(lang)} for row in shown.rows],
    }
