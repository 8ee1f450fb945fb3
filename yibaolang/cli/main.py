"""`yibao`: one command a run; exit code 0 done, 1 something was found or refused, 2 misuse.

Nothing is imported before it is needed: `yibao --version` reads neither grammar nor rules.
"""

import os
import sys
from collections.abc import Sequence

BROKEN_PIPE, INTERRUPTED, INTERNAL = 141, 130, 70


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; `argv` is without the program's name, by default that of the process.

    >>> main(["--version"])
    yibao 0.1.0
    0
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _guarded(arguments)
    except BrokenPipeError:
        # What is still unwritten has no reader; Python would complain of it on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED


def _guarded(arguments: list[str]) -> int:
    try:
        code = _command(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        raise
    except OSError as error:
        from yibaolang.cli.output import complain
        from yibaolang.report.faults import system_reason

        complain(system_reason(error, _language(arguments)))
        return 1
    except _never() as error:
        from yibaolang.cli.output import complain
        from yibaolang.report.faults import fault

        complain(fault(error, _language(arguments)))
        return INTERNAL


def _never() -> tuple[type[Exception], ...]:
    from yibaolang.report.faults import never

    return never()


def _command(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        from yibaolang import __version__

        print(f"yibao {__version__}")
        return 0
    from yibaolang.cli.dispatch import dispatch

    return dispatch(arguments, _language(arguments))


def _language(arguments: list[str]) -> str:
    from yibaolang.report.languages import chosen

    return chosen(arguments)


if __name__ == "__main__":
    sys.exit(main())
