r"""Files that are never half written: replaced whole, or with a line added at their end.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     path = os.path.join(folder, "notes.txt")
...     with replacing_text(path) as file:
...         _ = file.write("one\n")
...     append_line(path, "two")
...     with open(path, encoding="utf-8") as file:
...         file.read()
'one\ntwo\n'
"""

import errno
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, TextIO

AnyPath = str | os.PathLike[str]

# Windows gives a file opened by number other line ends unless this is asked for.
_BINARY = getattr(os, "O_BINARY", 0)


@contextmanager
def replacing(path: AnyPath) -> Iterator[BinaryIO]:
    """A file to write bytes to, which takes the place of `path` when the block ends well.

    It is a file beside `path` until then. Its bytes are on the disk before it is renamed, so that
    after a crash there is the old file or the new one. If the block raises, the old file stays.
    The new file has the permissions of the old one; a link is kept and its target replaced. What
    is no regular file, such as a pipe or /dev/null, is written to directly. OSError if the folder
    cannot be written to.
    """
    target = os.path.realpath(path)
    mode = _mode_of(target)
    if mode is not None and not stat.S_ISREG(mode):
        with open(target, "wb") as direct:
            yield direct
        return
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
    beside = os.path.join(os.path.dirname(target), f".yibao-{os.urandom(8).hex()}")
    try:
        number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    except OSError as error:
        # Nobody knows the name of the file beside it.
        raise OSError(error.errno, error.strerror, os.fspath(path)) from None
    try:
        with open(number, "wb") as file:
            yield file
            file.flush()
            if mode is not None:
                os.chmod(beside, stat.S_IMODE(mode))
            os.fsync(file.fileno())
        os.replace(beside, target)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(beside)
    _keep_folder(target)


@contextmanager
def replacing_text(path: AnyPath) -> Iterator[TextIO]:
    """`replacing` for text: UTF-8, line feeds as they are written."""
    with replacing(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        try:
            yield text
            text.flush()
        finally:
            # Otherwise the file would be closed with the text, before it is safe on the disk.
            text.detach()


def append_line(path: AnyPath, text: str) -> None:
    """Add a line at the end of a file, which is made if it is missing; nothing else changes.

    The line is on the disk when this returns. If the file does not end in a line feed, it gets one
    first. ValueError if the text holds a line end; OSError if the file cannot be read and written.

    >>> append_line("ledger.yb", "one\\ntwo")
    Traceback (most recent call last):
    ValueError: a line has no line end in it: 'one\\ntwo'
    """
    if "\n" in text or "\r" in text:
        raise ValueError(f"a line has no line end in it: {text!r}")
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | _BINARY
    number = os.open(path, flags, 0o666)
    try:
        new = os.fstat(number).st_size == 0
        line = f"{text}\n".encode()
        if not new and not _ends_in_line_feed(number):
            line = b"\n" + line
        while line:
            # With O_APPEND every write goes to the end, wherever the file was read.
            line = line[os.write(number, line) :]
        os.fsync(number)
    finally:
        os.close(number)
    if new:
        _keep_folder(os.path.realpath(path))


def _ends_in_line_feed(number: int) -> bool:
    os.lseek(number, -1, os.SEEK_END)
    return os.read(number, 1) == b"\n"


def _mode_of(path: str) -> int | None:
    """The kind and the permissions of a file; None if there is none."""
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None


def _keep_folder(path: str) -> None:
    """See that the name of a new file is on the disk too, where the system can do that."""
    if os.name == "nt":
        return
    number = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
