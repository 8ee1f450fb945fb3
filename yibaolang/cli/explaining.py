"""`yibao explain`: the whole reason of a figure, or what the code of a diagnostic means."""

from yibaolang.cli.arguments import Options, near
from yibaolang.cli.asking import asked_once, one_spot, rules_for
from yibaolang.cli.output import complain, print_json
from yibaolang.cli.spoken import is_code
from yibaolang.cli.texts import say
from yibaolang.language.catalogue import choose, codes, colon, entry, explain_code, hint_word
from yibaolang.language.diagnostics import hint


def run(options: Options, lang: str) -> int:
    """Print a reason, also that of a refusal (1); or what the catalogue says of a code."""
    if is_code(options.words[0]):
        return _explain_code(options, lang)
    asked = asked_once(options)
    region = one_spot(options).region
    rules, facts = rules_for(options, [region]).facts(options.facts, options.person)
    result = rules.ask(rules.figure_named(options.words[0]), asked, facts, region)
    if options.json:
        print_json(result.to_json(lang))
    else:
        for line in result.reason(lang, options.person).lines():
            print(line)
        for each in result.refused:
            advice = hint(each, lang)
            if advice:
                print(f"  {hint_word(lang)}{colon(lang)}{advice}")
    return 1 if result.refused else 0


def _explain_code(options: Options, lang: str) -> int:
    code = options.words[0].upper()
    if code not in codes():
        suggestion = near(code, codes())
        if suggestion:
            suggestion = say("did_you_mean", lang, name=suggestion)
        complain(say("no_code", lang, code=code, suggestion=suggestion))
        return 1
    if options.json:
        said = entry(code)
        print_json({
            "code": code,
            "severity": said.severity,
            "message": choose(said.en, said.zh, lang),
            "hint": choose(said.hint_en, said.hint_zh, lang),
            "wrong": said.wrong.strip("\n"),
            "right": said.right.strip("\n"),
        })  # fmt: skip
    else:
        print(explain_code(code, lang))
    return 0
