"""`yibao test`: run the tests that stand in files, and show what was expected and what came out."""

from collections.abc import Iterable

from attrs import frozen

from yibaolang.cli.arguments import Options
from yibaolang.cli.files import rule_files
from yibaolang.cli.output import print_diagnostics, print_json, shaded
from yibaolang.cli.texts import count_of, say
from yibaolang.engine.rulebook import loaded
from yibaolang.engine.script import tests
from yibaolang.engine.shown import Tested, TestRun
from yibaolang.language.catalogue import colon
from yibaolang.language.diagnostics import Diagnostic, Refusal, Said, diagnostic, message, to_json
from yibaolang.model.loading import Loader


@frozen(eq=False)
class Outcome:
    """What came of a file: its tests, or why it could not be read."""

    path: str
    runs: tuple[TestRun, ...]
    unreadable: tuple[Diagnostic, ...] = ()


def run(options: Options, lang: str) -> int:
    """Run the tests of files and folders, by default of this folder; 1 if one fails."""
    outcomes = [_outcome(path) for path in rule_files(options.words or (".",), options.command)]
    runs = [each for outcome in outcomes for each in outcome.runs]
    unreadable = [outcome for outcome in outcomes if outcome.unreadable]
    if not runs and not unreadable:
        raise Refusal(diagnostic("YB603", None))
    failed = [each for each in runs if not each.passed]
    if options.json:
        print_json(_json(outcomes, lang))
    elif options.list:
        _list(runs)
    else:
        for outcome in outcomes:
            _print(outcome, lang)
        print(_summary(len(runs) - len(failed), len(failed), len(unreadable), lang))
    if options.list:
        return 1 if unreadable else 0
    return 1 if failed or unreadable else 0


def _outcome(path: str) -> Outcome:
    loader = Loader()
    loader.file(path)
    try:
        rules = loaded(loader)
        return Outcome(path, tuple(tests(rules, frozenset({path}))))
    except Refusal as refusal:
        return Outcome(path, (), refusal.diagnostics)


def _list(runs: Iterable[TestRun]) -> None:
    for each in runs:
        print(f"{each.place}: {each.title}")


def _print(outcome: Outcome, lang: str) -> None:
    """A line for the file if all is well, else each test that failed."""
    if outcome.unreadable:
        print_diagnostics(outcome.unreadable, lang)
        return
    failed = [each for each in outcome.runs if not each.passed]
    passed = len(outcome.runs) - len(failed)
    if outcome.runs:
        print(f"{outcome.path}{colon(lang)}{_summary(passed, len(failed), 0, lang)}")
    for each in failed:
        for tested in each.tested:
            if tested.failure is not None:
                print("\n".join(_failure(each, tested, tested.failure, lang)))


def _failure(run: TestRun, tested: Tested, failure: Diagnostic, lang: str) -> list[str]:
    """What was expected, what was found, and why."""
    arguments = dict(failure.arguments)
    lines = [f"  {shaded('✗', 'red')} {tested.place}{colon(lang)}{run.title}"]
    if failure.code == "YB601":
        lines.append(f"    - {say('expected', lang)} {_words(arguments['expected'], lang)}")
        lines.append(f"    + {say('found', lang)} {_words(arguments['found'], lang)}")
    else:
        # What was expected is in the sentence, and why it was refused is in the reason.
        lines.append(f"    - {tested.place.source.text[slice(*tested.place.span)]}")
        if tested.result is None or failure.code == "YB602":
            lines.append(f"    + {message(failure, lang)}")
    if tested.result is not None:
        lines += tested.result.reason(lang).lines(3)
    return lines


def _words(value: str | int | Said, lang: str) -> str:
    return value.in_language(lang) if isinstance(value, Said) else str(value)


def _summary(passed: int, failed: int, unreadable: int, lang: str) -> str:
    parts = [say("passed", lang, count=passed)]
    if failed:
        parts.append(shaded(say("failed_tests", lang, count=failed), "red"))
    if unreadable:
        parts.append(
            shaded(say("unreadable", lang, files=count_of("files", lang, unreadable)), "red")
        )
    return ("\uff0c" if lang == "zh" else ", ").join(parts)


def _json(outcomes: Iterable[Outcome], lang: str) -> dict[str, object]:
    found = list(outcomes)
    runs = [each for outcome in found for each in outcome.runs]
    return {
        "passed": sum(each.passed for each in runs),
        "failed": sum(not each.passed for each in runs),
        "files": [
            {
                "file": outcome.path,
                "diagnostics": [to_json(each, lang) for each in outcome.unreadable],
                "tests": [_run_json(each, lang) for each in outcome.runs],
            }
            for outcome in found
        ],
    }


def _run_json(run: TestRun, lang: str) -> dict[str, object]:
    failures = [each for each in run.tested if each.failure is not None]
    return {
        "title": run.title,
        "line": run.place.line,
        "passed": run.passed,
        "failures": [
            {
                "diagnostic": to_json(each.failure, lang),
                "found": None if each.result is None else each.result.to_json(lang),
            }
            for each in failures
            if each.failure is not None
        ],
    }
