"""`yibao help`: what the commands are, what one of them does and which options it has."""

from collections.abc import Iterable

from yibaolang.cli.arguments import COMMANDS, Misuse, Options, near
from yibaolang.cli.texts import examples_of, of_command, of_option, say
from yibaolang.language.catalogue import colon
from yibaolang.language.display import pad, width


def run(options: Options, lang: str) -> int:
    """Print the help of the command line or of the command that is named."""
    if not options.words:
        print(overview(lang))
        return 0
    name = options.words[0]
    if name not in COMMANDS:
        raise Misuse("unknown_command", name=name, suggestion=near(name, COMMANDS))
    print(about(name, lang))
    return 0


def overview(lang: str) -> str:
    """Every command in a line, and what they have in common."""
    commands = [
        (of_command(name, "usage", lang), of_command(name, "summary", lang)) for name in COMMANDS
    ]
    return "\n".join([
        say("about", lang),
        "",
        _title("commands", lang),
        *_columns(commands),
        "",
        _title("options", lang),
        *_columns(_option(name, lang) for name in ("lang", "help", "version")),
        "",
        say("about_command", lang),
        say("exit_codes", lang),
    ])  # fmt: skip


def about(name: str, lang: str) -> str:
    """A command: usage, summary, options, examples."""
    named = [*COMMANDS[name].options, "lang", "help"]
    return "\n".join([
        f"{say('usage', lang)}{colon(lang)}{of_command(name, 'usage', lang)}",
        "",
        of_command(name, "summary", lang),
        "",
        _title("options", lang),
        *_columns(_option(each, lang, name) for each in named),
        "",
        _title("examples", lang),
        *(f"  {line}" for line in examples_of(name)),
    ])  # fmt: skip


def _title(key: str, lang: str) -> str:
    return say(key, lang) + colon(lang).strip()


def _option(name: str, lang: str, command: str = "") -> tuple[str, str]:
    value, help_ = of_option(name, lang, command)
    return f"--{name} {value}".rstrip(), help_


def _columns(rows: Iterable[tuple[str, str]]) -> list[str]:
    found = list(rows)
    widest = max(width(left) for left, _ in found)
    return [f"  {pad(left, widest)}  {right}" for left, right in found]
