"""What was typed in earlier sessions: a file that only the user can read, of bounded length."""

import json
import os
from collections.abc import Iterable, Mapping

from yibaolang.resources import own_folder

MOST = 10_000
"""How many inputs are kept."""

_LONGEST = 20_000
_MOST_BYTES = 4 * 1024 * 1024


class Kept:
    """Inputs in a file, one a line as a JSON text; without a path they are kept nowhere.

    It raises nothing: a history that cannot be read or written is only shorter.
    """

    def __init__(self, path: str = "") -> None:
        self.path = path

    def inputs(self) -> list[str]:
        """The inputs, the oldest first; a file that is too long is made shorter."""
        lines, whole = self._lines()
        found = [text for text in map(_text, lines) if text]
        if len(found) > MOST or not whole:
            found = found[-MOST * 4 // 5 :]
            self._rewrite(found)
        return found

    def add(self, text: str) -> None:
        """Keep one more input, unless it is very long."""
        if not self.path or not text.strip() or len(text) > _LONGEST:
            return
        try:
            file = _opened(self.path, os.O_APPEND)
            with os.fdopen(file, "wb") as opened:
                opened.write(_line(text))
        except OSError:
            self.path = ""

    def _lines(self) -> tuple[list[bytes], bool]:
        """The lines of the file, and whether they are all of it."""
        if not self.path:
            return [], True
        try:
            with open(self.path, "rb") as file:
                size = os.fstat(file.fileno()).st_size
                file.seek(max(0, size - _MOST_BYTES))
                return file.read(_MOST_BYTES).split(b"\n"), size <= _MOST_BYTES
        except OSError:
            return [], True

    def _rewrite(self, texts: Iterable[str]) -> None:
        beside = f"{self.path}.{os.getpid()}"
        try:
            with os.fdopen(_opened(beside, os.O_TRUNC), "wb") as file:
                file.writelines(_line(text) for text in texts)
            os.replace(beside, self.path)
        except OSError:
            return


def _opened(path: str, flag: int) -> int:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | flag, 0o600)
    if hasattr(os, "fchmod"):
        os.fchmod(file, 0o600)
    return file


def _line(text: str) -> bytes:
    # A lone surrogate has no UTF-8; JSON has an escape for it.
    written = json.dumps(text, ensure_ascii=not text.isprintable() and not _encodable(text))
    return written.encode("utf-8") + b"\n"


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _text(line: bytes) -> str:
    """The input of a line; "" for a line that is none."""
    try:
        found = json.loads(line)
    except ValueError:
        return ""
    return found if isinstance(found, str) else ""


def kept(environ: Mapping[str, str] = os.environ) -> Kept:
    """The user's history, in $XDG_STATE_HOME or ~/.local/state; nowhere if no folder is safe.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as top:
    ...     history = kept({"XDG_STATE_HOME": top})
    ...     history.add("show credit")
    ...     kept({"XDG_STATE_HOME": top}).inputs()
    ['show credit']
    """
    folder = own_folder(_state_path(environ))
    return Kept(os.path.join(folder, "history") if folder else "")


def _state_path(environ: Mapping[str, str]) -> str:
    base = environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(base):  # the XDG specification has relative paths ignored
        base = _base(environ, ".local", "state")
    return os.path.join(base, "yibaolang")


def start_file(environ: Mapping[str, str] = os.environ) -> str:
    """The path of the file whose lines are run first: replrc in $XDG_CONFIG_HOME or ~/.config.

    >>> start_file({"XDG_CONFIG_HOME": os.sep + "etc"}).split(os.sep)[-2:]
    ['yibaolang', 'replrc']
    """
    base = environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(base):
        base = _base(environ, ".config")
    return os.path.join(base, "yibaolang", "replrc")


def _base(environ: Mapping[str, str], *parts: str) -> str:
    if os.name == "nt" and environ.get("LOCALAPPDATA"):
        return environ["LOCALAPPDATA"]
    return os.path.join(environ.get("HOME") or os.path.expanduser("~"), *parts)
