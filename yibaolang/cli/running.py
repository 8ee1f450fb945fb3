"""`yibao run`: answer the questions that stand in scripts."""

from collections.abc import Iterable

from yibaolang.cli.arguments import Options
from yibaolang.cli.asking import rules_of_files
from yibaolang.cli.comparisons import Row, print_comparison, print_months
from yibaolang.cli.headlines import headline, refusal_lines, rule_lines
from yibaolang.cli.output import complain, print_diagnostics, print_json, shaded
from yibaolang.cli.texts import say
from yibaolang.engine.rulebook import Result
from yibaolang.engine.script import answer, ledger_tests
from yibaolang.engine.shown import Shown
from yibaolang.engine.words import Words
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal, to_json


def run(options: Options, lang: str) -> int:
    """Answer every question of the files; 1 if one makes no sense, or a ledger expects otherwise.

    No figure is an answer, too.
    """
    rules = rules_of_files(options)
    asked = [each for each in rules.book.questions if each.source.name in options.words]
    if not asked and not options.json:
        complain(say("nothing_asked", lang, path=", ".join(options.words)))
    told: list[dict[str, object]] = []
    code = 0
    for number, entry in enumerate(asked):
        if number and not options.json:
            print()
        try:
            shown = answer(rules, entry)
        except Refusal as refusal:
            code = 1
            if options.json:
                told.append({"diagnostics": [to_json(each, lang) for each in refusal.diagnostics]})
            else:
                print_diagnostics(refusal.diagnostics, lang)
            continue
        if options.json:
            told.append(_json(shown, lang))
        else:
            _print(shown, lang)
    failures = [
        tested.failure
        for ledger in ledger_tests(rules, frozenset(options.words))
        for tested in ledger.tested
        if tested.failure is not None
    ]
    if failures and options.json:
        told.append({"diagnostics": [to_json(each, lang) for each in failures]})
    elif failures:
        print_diagnostics(failures, lang)
    if options.json:
        print_json(told)
    return 1 if failures else code


def _print(shown: Shown, lang: str) -> None:
    results = [row.result for row in shown.rows]
    sentence = shown.sentence
    if isinstance(sentence, syntax.Compare):
        _print_question(shown, lang)
        compared = zip(sentence.regions, results, strict=True)
        rows = [_compared(each, result, lang) for each, result in compared]
        print_comparison(["region", "version"], rows, lang)
    elif any(row.label for row in shown.rows):
        _print_question(shown, lang)
        print_months([Row((row.label,), row.result) for row in shown.rows], lang)
    elif shown.verb == "evaluate":
        _print_value(results, lang)
    else:
        for result in results:
            _print_figure(shown, result, lang)


def _compared(compared: syntax.Compared, result: Result, lang: str) -> Row:
    """A row under its region's name in the language of the answer, and its version."""
    name = Words(result.book, lang).region(result.answer.region)
    return Row((name or compared.region.text, compared.version), result)


def _print_question(shown: Shown, lang: str) -> None:
    """What was asked, in the language of the answer."""
    words = Words(shown.rows[0].result.book, lang)
    print(shaded(words.printer.sentence(shown.sentence), "bold"))


def _print_value(results: Iterable[Result], lang: str) -> None:
    for result in results:
        reason = result.reason(lang)
        print(shaded(f"{reason.text} = {reason.value}" if reason.text else reason.value, "bold"))


def _print_figure(shown: Shown, result: Result, lang: str) -> None:
    reason = result.reason(lang, shown.person)
    print(shaded(headline(reason), "bold"))
    if shown.verb in ("explain", "why", "why not"):
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
