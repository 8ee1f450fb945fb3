"""Files of rows: CSV, JSON lines and Parquet, read one row at a time.

What is wrong with the file as a whole is raised as Refusal, before the first row where that can be.
"""

import io
import os
from collections.abc import Iterator

from yibaolang.engine.files import AnyPath
from yibaolang.engine.records import ENDINGS, Form, Record, check_ending, open_binary
from yibaolang.language.diagnostics import Refusal, diagnostic

_ENCODINGS = {
    "utf-8": "UTF-8", "utf8": "UTF-8", "utf-8-sig": "UTF-8",
    "gb18030": "GB18030", "gbk": "GB18030", "gb2312": "GB18030",
}  # fmt: skip
_MARK = "\ufeff"


def records(path: AnyPath, form: Form, encoding: str | None = None) -> Iterator[Record]:
    """The rows of a file, as they stand in it.

    `encoding` is that of a CSV or JSON lines: UTF-8 (with or without byte order mark), or GB18030
    if that is said; ValueError for another one. Refusal for a file that cannot be read (YB040),
    has another ending (YB470), encoding (YB471) or schema (YB469), has columns that are unknown
    (YB460), missing (YB461), there twice (YB464) or of the wrong type (YB474).
    """
    shown = os.fspath(path)
    ending = os.path.splitext(shown)[1].lower()
    if ending == ".parquet":
        from yibaolang.engine.parquet_files import parquet_records

        return parquet_records(shown, form)
    check_ending(shown, ENDINGS)
    named = _encoding(encoding)
    if ending == ".jsonl":
        from yibaolang.engine.json_lines import json_records

        return json_records(shown, form, _lines(shown, named))
    from yibaolang.engine.csv_files import csv_records

    return csv_records(shown, form, _lines(shown, named))


def _encoding(name: str | None) -> str:
    found = _ENCODINGS.get((name or "utf-8").lower())
    if found is None:
        raise ValueError(f"files are read as UTF-8 or GB18030, not {name}")
    return found


def _lines(path: str, encoding: str) -> Iterator[str]:
    """The lines of a text file with their ends, without a byte order mark."""
    # A file may be a pipe: it is opened once, and read once.
    with io.TextIOWrapper(open_binary(path), encoding=encoding, newline="") as file:
        try:
            first = next(file, "")
            yield first.removeprefix(_MARK)
            yield from file
        except UnicodeDecodeError as error:
            other = "UTF-8" if encoding == "GB18030" else "GB18030"
            raise Refusal(
                diagnostic("YB471", None, path=path, encoding=encoding, other=other)
            ) from error
