"""An IPython in this process, as a notebook's kernel has one, and what it shows."""

import contextlib
import io
import os
import re
import sys
from collections.abc import Iterator
from typing import Any
from unittest import mock

from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

CELL = re.compile(r"^In \[\d+\]: .*\n(?: +\.\.\.: ?.*\n)*", re.M)


@contextlib.contextmanager
def running(folder: object) -> Iterator[InteractiveShell]:
    """A shell without settings and history of the user's; afterwards there is none."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.ast_node_interactivity = "last_expr"
    kept = {name: os.environ[name] for name in os.environ if name != "YIBAO_LANG"}
    with (
        mock.patch.dict(os.environ, {**kept, "IPYTHONDIR": str(folder)}, clear=True),
        mock.patch.object(sys, "path", list(sys.path)),
    ):
        shell = InteractiveShell.instance(config=config)
        try:
            yield shell
        finally:
            shell.restore_sys_module_state()
            InteractiveShell.clear_instance()


def printed(shell: InteractiveShell, cell: str) -> str:
    """What a cell prints on a terminal; on an error, what is said of it."""
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
        shell.run_cell(cell, store_history=True)
    return shown.getvalue()


def bundle(shell: InteractiveShell, cell: str) -> dict[str, str]:
    """What a notebook gets of the value of a cell, by the type of content."""
    with contextlib.redirect_stdout(io.StringIO()):
        result = shell.run_cell(cell).result
    formatter: Any = shell.display_formatter
    data: dict[str, str] = {} if result is None else formatter.format(result)[0]
    return data


def completed(shell: InteractiveShell, text: str) -> list[str]:
    """Texts that a cell may be, when it is completed at its end."""
    with provisionalcompleter():
        found = list(shell.Completer.completions(text, len(text)))
    return [text[: each.start] + each.text + text[each.end :] for each in found]


def transcript(shell: InteractiveShell, shown: str) -> str:
    """The cells that a transcript shows, run, with what they print."""
    parts = []
    for match in CELL.finditer(shown):
        lines = re.sub(r"^(?:In \[\d+\]| +\.\.\.): ?", "", match[0], flags=re.M)
        output = "".join(f"{line.rstrip()}\n" for line in printed(shell, lines).splitlines())
        parts.append(match[0] + output)
    return "\n".join(parts)
