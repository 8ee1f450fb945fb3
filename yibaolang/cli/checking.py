"""`yibao check`: what is wrong in rule files, found without asking them anything."""

import os
from collections.abc import Iterable, Iterator, Sequence

from yibaolang.cli.arguments import Options
from yibaolang.cli.files import rule_files
from yibaolang.cli.output import print_every_diagnostic, print_json
from yibaolang.cli.texts import count_of, say
from yibaolang.language.diagnostics import Diagnostic, Refusal, limited, to_json
from yibaolang.model.loading import Loader


def run(options: Options, lang: str) -> int:
    """Print what is wrong with files and folders; 1 for an error, with --strict for a warning."""
    paths = rule_files(options.words, options.command)
    found = list(_of_files(paths))
    errors = sum(each.severity == "error" for each in found)
    warnings = sum(each.severity == "warning" for each in found)
    if options.json:
        print_json([to_json(each, lang) for each in found])
    else:
        print_every_diagnostic(found, lang)
        files = count_of("files", lang, len(paths))
        told = {
            "errors": count_of("errors", lang, errors),
            "warnings": count_of("warnings", lang, warnings),
        }
        print(say("checked", lang, files=files, **told))
    return 1 if errors or (options.strict and warnings) else 0


def _of_files(paths: Sequence[str]) -> Iterator[Diagnostic]:
    """What is wrong with files and what they include, each once, the most important of each file.

    A file that is included and checked itself speaks for itself.
    """
    checked = frozenset(os.path.realpath(path) for path in paths)
    seen: set[object] = set()
    for path in paths:
        folder = os.path.dirname(path)
        for each in limited(diagnostics_of(path)):
            name = path if each.place is None else each.place.source.name
            elsewhere = name != path and os.path.realpath(os.path.join(folder, name)) in checked
            told = (each.code, str(each.place) if each.place else each.arguments)
            if not elsewhere and (told not in seen or each.place is None):
                seen.add(told)
                yield each


def diagnostics_of(path: str) -> list[Diagnostic]:
    """What is wrong with a file: its sentences, how they fit together, its cases."""
    loader = Loader()
    loader.file(path)
    return diagnostics_of_documents(loader, frozenset({path}))


def diagnostics_of_documents(loader: Loader, only: Iterable[str]) -> list[Diagnostic]:
    """The same of what a loader has read; `only` names the sources whose cases are checked."""
    from yibaolang.analysis.checks import check
    from yibaolang.engine.rulebook import RuleBook
    from yibaolang.model.building import build

    book, problems = build(loader.documents)
    found = [*loader.diagnostics, *problems]
    if any(each.severity == "error" for each in found):
        return found
    try:
        uses = RuleBook(loader.documents).uses
    except Refusal as refusal:
        return [*found, *refusal.diagnostics]
    return [*found, *check(book, uses, frozenset(only))]
