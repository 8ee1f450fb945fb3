"""`yibao run`: answer the questions that stand in scripts."""

from yibaolang.cli.arguments import Options
from yibaolang.cli.asking import rules_of_files
from yibaolang.cli.output import complain, print_diagnostics, print_json, shaded
from yibaolang.cli.texts import say
from yibaolang.engine.script import answer, ledger_tests
from yibaolang.engine.shown import Shown
from yibaolang.language.diagnostics import Refusal, to_json
from yibaolang.report.answers import answer_json, told
from yibaolang.report.tables import formatted


def run(options: Options, lang: str) -> int:
    """Answer every question of the files; 1 if one makes no sense, or a ledger expects otherwise.

    No figure is an answer, too.
    """
    rules = rules_of_files(options)
    asked = [each for each in rules.book.questions if each.source.name in options.words]
    if not asked and not options.json:
        complain(say("nothing_asked", lang, path=", ".join(options.words)))
    told_json: list[dict[str, object]] = []
    code = 0
    for number, entry in enumerate(asked):
        if number and not options.json:
            print()
        try:
            shown = answer(rules, entry)
        except Refusal as refusal:
            code = 1
            if options.json:
                found = [to_json(each, lang) for each in refusal.diagnostics]
                told_json.append({"diagnostics": found})
            else:
                print_diagnostics(refusal.diagnostics, lang)
            continue
        if options.json:
            told_json.append(answer_json(shown, lang))
        else:
            _print(shown, lang)
    failures = [
        tested.failure
        for ledger in ledger_tests(rules, frozenset(options.words))
        for tested in ledger.tested
        if tested.failure is not None
    ]
    if failures and options.json:
        told_json.append({"diagnostics": [to_json(each, lang) for each in failures]})
    elif failures:
        print_diagnostics(failures, lang)
    if options.json:
        print_json(told_json)
    return 1 if failures else code


def _print(shown: Shown, lang: str) -> None:
    said = told(shown, lang)
    if said.heading:
        print(shaded(said.heading, "bold"))
    for line in said.lines:
        print(line)
    if said.table is not None:
        print(formatted(said.table, "table"))
