"""The language of a command's answer: as asked for, else that of what was written, else ours."""

from yibaolang.cli.arguments import Options
from yibaolang.report.languages import of_locale, of_text, set_by_user


def language_for(options: Options) -> str:
    """`--lang`, YIBAO_LANG, the language of the text or file that is asked, the locale's."""
    # For fmt, --lang is the language to write the file in.
    asked = options.lang if options.command != "fmt" else ""
    found = asked or set_by_user()
    if found:
        return found
    text = ""
    if options.command in ("eval", "explain", "compare"):
        text = " ".join(options.words) or options.facts
        if options.command == "explain" and is_code(text):
            text = ""
    elif options.command in ("population", "compile", "synthesize"):
        text = _of_population(options)
    elif options.command in ("run", "ledger", "seal", "verify", "repl") and options.words:
        text = _beginning(options.words[0])
    return of_text(text) if text.strip() else of_locale()


def is_code(text: str) -> bool:
    """Whether a text is the code of a diagnostic, such as YB402."""
    return text.upper().startswith("YB") and text[2:].isascii() and text[2:].isdigit()


def _of_population(options: Options) -> str:
    """Chinese words that are asked, else the beginning of the first file of rules; "" for none."""
    from yibaolang.engine.words import has_han

    asked = f"{options.figure} {options.group_by}"
    if has_han(asked):
        return asked
    files = (*(each for each in options.words if each.endswith(".yb")), *options.rules)
    return _beginning(files[0]) if files else ""


def _beginning(path: str) -> str:
    """The beginning of a file; "" if it cannot be read, which its loading will say."""
    try:
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            return file.read(20_000)
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return ""
