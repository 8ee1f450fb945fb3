"""Rows of JSON lines: one object a line."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from yibaolang.engine.records import (
    NOTES,
    Form,
    Record,
    check_schema,
    column_named,
    row_place,
    unread,
)
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.source import Place, Span

_WHITE = " \t\n\r"


class Digits(str):
    """A number of JSON, as it is written: no digit is lost, and it is known to be no text."""


class NotAnObject(ValueError):
    """A text that is no JSON object of cells."""


class SaidTwice(ValueError):
    """An object that has a name twice."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def json_records(path: str, form: Form, lines: Iterator[str]) -> Iterator[Record]:
    """The rows of JSON lines, without empty lines; see `row_files.records`."""
    schema = True
    for number, line in enumerate(lines, 1):
        text = line.strip(_WHITE)
        if not text:
            continue
        try:
            found = json_object(text)
        except SaidTwice as twice:
            place = row_place(path, number, text)
            yield unread(path, number, text, diagnostic("YB464", place, name=twice.name))
        except NotAnObject:
            place = row_place(path, number, text)
            yield unread(path, number, text, diagnostic("YB466", place))
        else:
            if not (schema and _is_schema(path, number, text, form, found)):
                yield _record(path, number, text, form, found)
        schema = False


def json_object(text: str) -> dict[str, Any]:
    """The object that a text is, numbers as `Digits`; NotAnObject or SaidTwice otherwise.

    >>> json_object('{"account": "007", "amount": 860.50}')
    {'account': '007', 'amount': '860.50'}
    """
    try:
        found = _DECODER.decode(text)
    except SaidTwice:
        raise
    except (ValueError, RecursionError) as error:
        raise NotAnObject(text) from error
    if not isinstance(found, dict):
        raise NotAnObject(text)
    return found


def cell_text(value: Any) -> str:
    """What a value of JSON is in a cell: null is empty, truth is yes or no; NotAnObject for a list.

    >>> cell_text(True), cell_text(None), cell_text({"kind": "bill"})
    ('yes', '', '{"kind": "bill"}')
    """
    if isinstance(value, str):
        return value if isinstance(value, Digits) else value.strip(" \t")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    raise NotAnObject(str(value))


def locate(text: str, column: str) -> Span:
    """Where the value of a name is in the text of an object, without quotation marks."""
    at = _after_white(text, 1)
    while at < len(text) and text[at] == '"':
        name, at = _DECODER.raw_decode(text, at)
        at = _after_white(text, _after_white(text, at) + 1)
        start = at
        _, at = _DECODER.raw_decode(text, at)
        if name == column:
            return (start + 1, at - 1) if text[start] == '"' else (start, at)
        at = _after_white(text, _after_white(text, at) + 1)
    return 0, len(text)


def _record(path: str, number: int, text: str, form: Form, found: dict[str, Any]) -> Record:
    whole = Record(path, number, {}, text, locate)
    try:
        return Record(path, number, _cells(form, found, whole.place), text, locate)
    except Refusal as refusal:
        (problem,) = refusal.diagnostics
    except (NotAnObject, UnicodeEncodeError):
        problem = diagnostic("YB466", whole.place())
    return unread(path, number, text, problem)


def _cells(form: Form, found: dict[str, Any], place: Callable[[str], Place]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, value in found.items():
        column = column_named(name, form, place)
        cell = cell_text(value)
        if column in cells:
            raise Refusal(diagnostic("YB464", place(name), name=name))
        if cell and column not in NOTES:
            if not cell.isascii():
                cell.encode()  # An escape may stand for half a character.
            cells[column] = cell
    return cells


def _is_schema(path: str, number: int, text: str, form: Form, found: dict[str, Any]) -> bool:
    """Whether the first object says what is in the file; Refusal YB469 if it is something else."""
    if found.keys() != {"schema"}:
        return False
    said = cell_text(found["schema"])
    place = row_place(path, number, text)
    check_schema(said, json.dumps({"schema": form.schema}), form, place)
    return True


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise SaidTwice(next(name for name in names if names.count(name) > 1))
    return found


def _no_constant(name: str) -> Any:
    raise NotAnObject(name)


def _after_white(text: str, at: int) -> int:
    while at < len(text) and text[at] in _WHITE:
        at += 1
    return at


_DECODER = json.JSONDecoder(
    parse_float=Digits, parse_int=Digits, parse_constant=_no_constant, object_pairs_hook=_pairs
)
