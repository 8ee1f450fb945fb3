"""The package's version, where its own files are, and where compiled grammars may be kept.

Only `os` is imported: this module is on the path of every command's start.
"""

import os
import stat
from collections.abc import Mapping

VERSION = "0.1.0"
"""The version of the package, as `yibaolang.__version__` gives it."""

FOLDERS = frozenset({"grammars", "examples"})


def folder(name: str) -> str:
    """The absolute path of a folder that travels with the package: "grammars" or "examples".

    An installed package carries both inside itself; in a checkout they stand at the top, beside
    the package and pyproject.toml.

    >>> os.path.basename(folder("grammars"))
    'grammars'

    Raises ValueError for any other name, FileNotFoundError when the folder is in neither place.

    >>> folder("recipes")
    Traceback (most recent call last):
    ...
    ValueError: no folder 'recipes' travels with yibaolang; there are: examples, grammars
    """
    return _folder_of(os.path.dirname(os.path.abspath(__file__)), name)


def cache_folder(environ: Mapping[str, str] = os.environ) -> str | None:
    """The user's own folder for compiled grammars, made when missing; None when none is safe.

    The first that is set: $YIBAO_CACHE_DIR, $XDG_CACHE_HOME/yibaolang, then ~/.cache/yibaolang
    (on Windows yibaolang in %LOCALAPPDATA%). A compiled grammar is unpickled when read, and a
    pickle can run any code, so a folder that somebody else could write to is refused: one that is
    a symbolic link, that belongs to another user, or that its group or others may write to.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as top:
    ...     path = cache_folder({"YIBAO_CACHE_DIR": os.path.join(top, "mine")})
    ...     os.path.basename(path), os.path.isdir(path)
    ('mine', True)

    It raises nothing: without a cache the grammar is compiled again, which is only slower.

    >>> cache_folder({"YIBAO_CACHE_DIR": os.path.join(os.path.abspath(__file__), "below-a-file")})
    """
    path = _cache_path(environ)
    return None if path is None else own_folder(path)


def own_folder(path: str) -> str | None:
    """A folder that nobody but the user can write to, made when missing; None if it is not so.

    It raises nothing.
    """
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
        safe = _only_the_user_can_write(path)
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return None
    return path if safe else None


def _folder_of(package: str, name: str) -> str:
    if name not in FOLDERS:
        known = ", ".join(sorted(FOLDERS))
        raise ValueError(f"no folder {name!r} travels with yibaolang; there are: {known}")
    inside = os.path.join(package, name)
    if os.path.isdir(inside):
        return inside
    # Without pyproject.toml this is site-packages, where an `examples` would be a stranger's.
    top = os.path.dirname(package)
    beside = os.path.join(top, name)
    if os.path.isdir(beside) and os.path.isfile(os.path.join(top, "pyproject.toml")):
        return beside
    raise FileNotFoundError(
        f"yibaolang is incomplete: its folder {name!r} is missing; install the package again"
    )


def _cache_path(environ: Mapping[str, str]) -> str | None:
    chosen = environ.get("YIBAO_CACHE_DIR")
    if chosen:
        return os.path.abspath(chosen)
    base = environ.get("XDG_CACHE_HOME") or _default_cache_base(environ)
    # The XDG specification has relative paths ignored; a home that is unknown stays "~".
    return os.path.join(os.path.abspath(base), "yibaolang") if os.path.isabs(base) else None


def _default_cache_base(environ: Mapping[str, str]) -> str:
    if os.name == "nt":
        return environ.get("LOCALAPPDATA", "")
    return os.path.join(environ.get("HOME") or os.path.expanduser("~"), ".cache")


def _only_the_user_can_write(path: str) -> bool:
    status = os.lstat(path)
    if not stat.S_ISDIR(status.st_mode) or not os.access(path, os.W_OK | os.X_OK):
        return False
    if not hasattr(os, "getuid"):  # Windows: %LOCALAPPDATA% is the user's by its access list
        return True
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
