"""From arguments to the module of a command."""

import sys
from importlib import import_module

from yibaolang.cli.arguments import COMMANDS, Misuse, Options, check_words, read
from yibaolang.cli.output import complain, print_diagnostics, print_json, tolerant_streams
from yibaolang.cli.texts import of_command, say


def dispatch(arguments: list[str], lang: str) -> int:
    """Run the command that the arguments name; `lang` is for what is wrong with them."""
    tolerant_streams()
    try:
        options = read(arguments or _alone())
        if options.version:
            from yibaolang import __version__

            print(f"yibao {__version__}")
            return 0
        check_words(options)
        return _run(options, lang)
    except Misuse as misuse:
        complain(_sentence(misuse, lang))
        command = f" {misuse.command}" if misuse.command else ""
        complain(say("see_help", lang, command=command))
        return 2


def _alone() -> list[str]:
    """What `yibao` alone means: the prompt on a terminal, elsewhere that a command is missing."""
    streams = (sys.stdin, sys.stdout)
    terminal = all(stream is not None and stream.isatty() for stream in streams)
    return ["repl"] if terminal else []


def _run(options: Options, lang: str) -> int:
    module = import_module(f"yibaolang.cli.{COMMANDS[options.command].module}")
    if options.command == "help":
        code: int = module.run(options, lang)
        return code
    from yibaolang.cli.spoken import language_for
    from yibaolang.language.diagnostics import Refusal, limited, to_json

    spoken = language_for(options)
    try:
        code = module.run(options, spoken)
    except Refusal as refusal:
        if options.json:
            shown = limited(refusal.diagnostics)
            print_json({"diagnostics": [to_json(each, spoken) for each in shown]})
        else:
            print_diagnostics(refusal.diagnostics, spoken)
        return 1
    return code


def _sentence(misuse: Misuse, lang: str) -> str:
    arguments = dict(misuse.arguments)
    if "suggestion" in arguments:
        near = str(arguments["suggestion"])
        arguments["suggestion"] = say("did_you_mean", lang, name=near) if near else ""
    arguments.setdefault("command", misuse.command)
    if misuse.key == "missing_word":
        # The usage names what is missing, in the language that is spoken.
        arguments["what"] = of_command(misuse.command, "usage", lang).split(maxsplit=2)[-1]
    return say(misuse.key, lang, **arguments)
