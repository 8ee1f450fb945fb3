"""`yibao eval`: one sentence or expression, its value first and its reason below."""

from yibaolang.cli.arguments import Options
from yibaolang.cli.asking import asked_once, one_spot, rules_for
from yibaolang.cli.output import print_diagnostics, print_json
from yibaolang.engine.given import names_given
from yibaolang.engine.rulebook import RuleBook, try_text
from yibaolang.language.source import Source


def run(options: Options, lang: str) -> int:
    """Print the value of a text; 1 if there is none."""
    asked = asked_once(options)
    region = one_spot(options).region
    rules = rules_for(options, [region])
    source = Source.of("eval", options.words[0])
    facts = options.facts
    text_rules = rules.with_text(source, region or _own_region(rules, facts), names_given(facts))
    result = try_text(text_rules, facts, asked)
    if options.json:
        print_json(result.to_json(lang))
        return 1 if result.refused else 0
    if result.refused:
        print_diagnostics(result.refused, lang)
        return 1
    reason = result.reason(lang)
    print(reason.value)
    for each in reason.because or (() if reason.kind == "figure" else (reason,)):
        for line in each.lines(1):
            print(line)
    return 0


def _own_region(rules: RuleBook, facts: str) -> str:
    """The region that the facts name, or ""."""
    _, known = rules.facts(facts)
    return known.region_on(None) or (known.regions[-1].region if known.regions else "")
