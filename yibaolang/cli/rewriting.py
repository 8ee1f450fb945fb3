"""`yibao fmt`: files in the one layout, in the language that they are in or in the other one."""

import os
import stat
import tempfile

from attrs import frozen

from yibaolang.cli.arguments import Misuse, Options
from yibaolang.cli.files import rule_files
from yibaolang.cli.output import print_diagnostics
from yibaolang.cli.texts import say
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.formatting import format_text
from yibaolang.model.loading import Loader


@frozen
class Formatted:
    """A file's text in the one layout, and whether the file holds something else."""

    path: str
    text: str
    changes: bool


def run(options: Options, lang: str) -> int:
    """Print files formatted, or with --check or --write say which change; 1 for one unreadable."""
    if options.check and options.write:
        raise Misuse("check_or_write", options.command)
    code = 0
    for path in rule_files(options.words, options.command):
        try:
            done = formatted(path, options.lang or None)
        except Refusal as refusal:
            print_diagnostics(refusal.diagnostics, lang)
            code = 1
            continue
        if options.check:
            if done.changes:
                print(say("would_change", lang, path=path))
                code = 1
        elif options.write:
            if done.changes:
                write(done)
                print(say("changed", lang, path=path))
        else:
            print(done.text, end="")
    return code


def formatted(path: str, to: str | None) -> Formatted:
    """A file in the one layout; Refusal if it cannot be read or would not mean the same."""
    loader = Loader()
    loader.file(path)
    document = loader.documents[-1]
    if document.source.name != path:
        raise Refusal(*loader.diagnostics)
    declared = [sentence for each in loader.documents[:-1] for sentence in each.sentences]
    text = format_text(document.source, to, loader.names, declared)
    with open(path, "rb") as file:
        return Formatted(path, text, file.read() != text.encode("utf-8"))


def write(done: Formatted) -> None:
    """Write a file so that there is always a whole one under its name, with its permissions."""
    path = os.path.realpath(done.path)
    mode = stat.S_IMODE(os.stat(path).st_mode)
    number, beside = tempfile.mkstemp(prefix=".yibao-", dir=os.path.dirname(path))
    try:
        with open(number, "w", encoding="utf-8", newline="\n") as file:
            file.write(done.text)
        os.chmod(beside, mode)
        os.replace(beside, path)
    except OSError:
        os.unlink(beside)
        raise
