"""Diagnostics: what is wrong, where, and how it is told to a terminal or a program.

The words are in the catalogue; here they get their arguments, their excerpts and their carets.
Callers build a `Diagnostic` with `diagnostic` and raise `Refusal`.
"""

from collections.abc import Iterable

from attrs import frozen

from yibaolang.language import catalogue
from yibaolang.language.catalogue import Said
from yibaolang.language.display import colour as coloured
from yibaolang.language.display import width
from yibaolang.language.source import Place, visible

__all__ = [
    "MOST_DIAGNOSTICS",
    "Argument",
    "Diagnostic",
    "Note",
    "Refusal",
    "Said",
    "diagnostic",
    "hint",
    "limited",
    "message",
    "render",
    "to_json",
]

MOST_DIAGNOSTICS = 30
"""How many diagnostics of a file are told; the rest are counted."""

Argument = str | int | Said

_MOST_COLUMNS = 160
_COLUMNS_BEFORE = 60
_SEVERITY_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


@frozen
class Note:
    """A second place that a diagnostic shows; `text_key` is a label of the catalogue, or ""."""

    place: Place
    text_key: str = ""


@frozen
class Diagnostic:
    """One thing to tell: its code in the catalogue, its place if it has one, its arguments."""

    code: str
    place: Place | None = None
    arguments: tuple[tuple[str, Argument], ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def severity(self) -> str:
        """ "error", "warning" or "note"; KeyError if the catalogue has no such code."""
        return catalogue.entry(self.code).severity


class Refusal(Exception):
    """The one exception that users of the library meet; it holds one diagnostic or more.

    >>> raise Refusal()
    Traceback (most recent call last):
    ValueError: a refusal needs a diagnostic
    """

    def __init__(self, *diagnostics: Diagnostic) -> None:
        """From its diagnostics; ValueError without any."""
        if not diagnostics:
            raise ValueError("a refusal needs a diagnostic")
        super().__init__(*diagnostics)
        self.diagnostics: tuple[Diagnostic, ...] = diagnostics

    def __str__(self) -> str:
        """The English text, without colour."""
        return self.render("en")

    def render(self, lang: str, colour: bool = False) -> str:
        """Every diagnostic as `render` shows it, an empty line between them."""
        return "\n\n".join(render(each, lang, colour) for each in self.diagnostics)


def diagnostic(
    code: str, place: Place | None, /, *, notes: Iterable[Note] = (), **arguments: Argument
) -> Diagnostic:
    """A diagnostic from its parts.

    >>> diagnostic("YB101", None, name="agge", suggestion="age").arguments
    (('name', 'agge'), ('suggestion', 'age'))
    """
    return Diagnostic(code, place, tuple(arguments.items()), tuple(notes))


def message(d: Diagnostic, lang: str) -> str:
    """What is wrong, in "en" or "zh"; KeyError if the text names an argument that `d` lacks.

    >>> "agge" in message(diagnostic("YB101", None, name="agge"), "zh")
    True
    >>> message(diagnostic("YB101", None), "en")
    Traceback (most recent call last):
    KeyError: 'YB101 needs the argument name'
    """
    entry = catalogue.entry(d.code)
    text = catalogue.choose(entry.en, entry.zh, lang)
    arguments = _arguments(d, lang)
    missing = catalogue.fields(text) - arguments.keys()
    if missing:
        raise KeyError(f"{d.code} needs the argument {', '.join(sorted(missing))}")
    return catalogue.fill(text, arguments)


def hint(d: Diagnostic, lang: str) -> str:
    """What to do about it, or "" if there is no hint or an argument that it names is empty."""
    entry = catalogue.entry(d.code)
    text = catalogue.choose(entry.hint_en, entry.hint_zh, lang)
    arguments = _arguments(d, lang)
    if not all(arguments.get(name) for name in catalogue.fields(text)):
        return ""
    return catalogue.fill(text, arguments)


def _arguments(d: Diagnostic, lang: str) -> dict[str, str]:
    return {
        name: visible(value.in_language(lang) if isinstance(value, Said) else str(value))
        for name, value in d.arguments
    }


def render(d: Diagnostic, lang: str, colour: bool = False) -> str:
    """The diagnostic for a terminal: message, an excerpt for every place, hint; no line feed last.

    Carets stand by display columns, so a Chinese character has two under it.
    """
    shade = _SEVERITY_COLOURS[d.severity] if colour else ""
    heading = _shaded(catalogue.heading(d.severity, d.code, lang), shade)
    lines = [heading + catalogue.colon(lang) + message(d, lang)]
    marked = [] if d.place is None else [(d.place, "^", "", shade)]
    for note in d.notes:
        text = catalogue.label(note.text_key, lang) if note.text_key else ""
        marked.append((note.place, "-", text, "cyan" if colour else ""))
    gutter = max((len(str(place.line)) for place, *_ in marked), default=1)
    for place, mark, text, mark_shade in marked:
        lines += _excerpt(place, gutter, mark, text, mark_shade)
    advice = hint(d, lang)
    if advice:
        word = catalogue.hint_word(lang) + catalogue.colon(lang)
        lines.append(f"{' ' * gutter} = {word}{advice}")
    return "\n".join(lines)


def _shaded(text: str, shade: str) -> str:
    return coloured(text, shade) if shade else text


def _excerpt(place: Place, gutter: int, mark: str, text: str, shade: str) -> list[str]:
    """Where a place is, its first line, and the marks under what the place covers of it."""
    line, column = place.start
    end_line, end_column = place.end
    shown = visible(place.source.line_text(line)).replace("\t", " ")
    start = column - 1
    end = end_column - 1 if end_line == line else len(shown)
    shown, start, end = _window(shown, start, end)
    marks = mark * max(1, width(shown[start:end]))
    under = " " * width(shown[:start]) + _shaded(f"{marks} {text}".rstrip(), shade)
    blank = " " * gutter
    return [
        f"{blank}--> {visible(str(place))}",
        f"{blank} |",
        f"{line:>{gutter}} | {shown}".rstrip(),
        f"{blank} | {under}",
    ]


def _window(line: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a long line around `start`, with `start` and `end` (characters) moved along."""
    if len(line) <= _MOST_COLUMNS and width(line) <= _MOST_COLUMNS:
        return line, start, end
    room = _MOST_COLUMNS - 2  # an ellipsis on either side
    left = _reach(line, range(start - 1, -1, -1), _COLUMNS_BEFORE, start)
    right = _reach(line, range(left, len(line)), room, left)
    if right == len(line):
        left = _reach(line, range(len(line) - 1, -1, -1), room, right)
    before = "…" if left > 0 else ""
    after = "…" if right < len(line) else ""
    moved = len(before) - left
    return before + line[left:right] + after, start + moved, min(end, right) + moved


def _reach(line: str, indexes: range, room: int, origin: int) -> int:
    """The boundary that one comes to from `origin` over characters that take up to `room` columns.

    A combining mark counts as a column here, so that a line of nothing else is cut too.
    """
    boundary = origin
    for index in indexes:
        room -= max(1, width(line[index]))
        if room < 0:
            break
        boundary = index if indexes.step < 0 else index + 1
    return boundary


def to_json(d: Diagnostic, lang: str) -> dict[str, object]:
    """The diagnostic as JSON values; lines and columns from 1, the end not included.

    File, lines and columns are None for a diagnostic without a place.
    """
    return {
        "code": d.code,
        "severity": d.severity,
        "message": message(d, lang),
        "hint": hint(d, lang),
        **_place_to_json(d.place),
        "notes": [
            {
                "label": catalogue.label(note.text_key, lang) if note.text_key else "",
                **_place_to_json(note.place),
            }
            for note in d.notes
        ],
    }


def _place_to_json(place: Place | None) -> dict[str, object]:
    if place is None:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    line, column = place.start
    end_line, end_column = place.end
    return {
        "file": place.source.name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }


def limited(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics by place, one for each code and place, at most `MOST_DIAGNOSTICS`.

    If there are more, errors stay before warnings and warnings before notes, and a YB003 comes
    last with the count of the others. Those without a place come after those with one.
    """
    unique: dict[object, Diagnostic] = {}
    for each in diagnostics:
        # Without a place, only the arguments tell two diagnostics of a code apart.
        unique.setdefault((each.code, each.place or each.arguments), each)
    ordered = sorted(unique.values(), key=_by_place)
    if len(ordered) <= MOST_DIAGNOSTICS:
        return ordered
    ranks = list(_SEVERITY_COLOURS)
    kept = sorted(ordered, key=lambda each: ranks.index(each.severity))[:MOST_DIAGNOSTICS]
    more = diagnostic("YB003", None, count=len(ordered) - len(kept))
    return [*sorted(kept, key=_by_place), more]


def _by_place(d: Diagnostic) -> tuple[bool, str, int, int, str]:
    if d.place is None:
        return True, "", 0, 0, d.code
    # Not the span: the rows of a data file are sources of one name, each with a span of its own.
    return False, d.place.source.name, *d.place.start, d.code
