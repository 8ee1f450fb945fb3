"""`yibao compile`: the program that a figure becomes, as Python or as LLVM IR."""

from attrs import evolve

from yibaolang.cli.arguments import Misuse, Options
from yibaolang.cli.asking import asked_at, listed, one_spot
from yibaolang.cli.files import check_outputs
from yibaolang.cli.populating_asking import rules_of
from yibaolang.cli.texts import count_of, say
from yibaolang.engine.files import replacing_text
from yibaolang.engine.rulebook import RuleBook
from yibaolang.engine.words import Words, figure_spellings
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.suggest import suggestions
from yibaolang.model.entries import BASE
from yibaolang.population.text import FORMS, program_text


def run(options: Options, lang: str) -> int:
    """Print the program, or write it; Refusal YB480 for what has no such form."""
    form = options.to or "python"
    if form not in FORMS:
        raise Misuse("compile_to", options.command, value=form)
    figures = listed(options.figure) or ["credit"]
    if len(figures) > 1:
        raise Misuse("one_figure_compiled", options.command)
    if not options.on:
        raise Misuse("day_needed", options.command)
    check_outputs(
        options.command, [("--out", options.out)], (*options.words, *options.rules)
    )
    # --to says the form here, and no day.
    asked = asked_at(evolve(options, to=""), options.on)
    rules, spot = rules_of(options), one_spot(options)
    figure = _known(rules, figures[0])
    _check_region(options, rules, figure, spot.region, lang)
    text = program_text(rules, figure, spot.region, asked.last, form, spot.version)
    text = text.strip("\n") + "\n"
    if not options.out:
        print(text, end="")
        return 0
    with replacing_text(options.out) as file:
        file.write(text)
    rows = count_of("lines", lang, text.count("\n"))
    print(say("written", lang, path=options.out, rows=rows))
    return 0


def _check_region(
    options: Options, rules: RuleBook, figure: str, region: str, lang: str
) -> None:
    """Misuse if a region must be named: outside of all of them there is no rule of the figure."""
    found = rules.book.regions
    if region or figure not in ("credit", "deduct") or (BASE, figure) in rules.book.rules:
        return
    if found:
        words = Words(rules.book, lang)
        names = ", ".join(words.region(each) for each in found)
        raise Misuse("region_needed", options.command, names=names)


def _known(rules: RuleBook, text: str) -> str:
    """The canonical figure of a text; Refusal YB424 for what is none."""
    figure = rules.figure_named(text)
    if figure in ("credit", "deduct", "net credit") or figure.startswith("wait "):
        return figure
    if figure not in rules.book.names:
        near = suggestions(text, figure_spellings(rules.book), limit=1)
        raise Refusal(diagnostic("YB424", None, name=text, suggestion=near[0] if near else ""))
    return figure
