"""Completion in cells of yibao: what the session would offer at its prompt."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from yibaolang.notebook.options import OPTIONS, VALUES
from yibaolang.notebook.texts import TEXTS
from yibaolang.session.completing_sentences import Completion
from yibaolang.session.completion import complete

if TYPE_CHECKING:
    from yibaolang.notebook.magic import Notebook, Shell

_MATCHER = "yibao"
_CELL = re.compile(r"\s*%%yibao(?=\s)")
_LINE = re.compile(r"(?:[^\n'\"#]*=)?[ \t]*%yibao[ \t]")
_OPTION = re.compile(r"\s*(?:--(?:lang|to)[ \t=]+\S+\s+|--(?:new|quiet)\s+)")


@frozen
class Offered:
    """Texts that may replace a fragment before the cursor, and what each of them is."""

    fragment: str
    choices: tuple[tuple[str, str], ...]


def offered(notebook: "Notebook", before: str) -> Offered | None:
    """What may stand at the end of a beginning of a cell; None if that is not in yibao."""
    cell = _CELL.match(before)
    if cell is not None:
        first, feed, body = before[cell.end() :].partition("\n")
        return _in_text(notebook, body) if feed else _on_line(notebook, first)
    line = before[before.rfind("\n") + 1 :]
    magic = _LINE.match(line)
    return None if magic is None else _on_line(notebook, line[magic.end() :])


def _on_line(notebook: "Notebook", line: str) -> Offered:
    """Options, the words of an option, and after them sentences."""
    lang = notebook.session.context.lang
    while match := _OPTION.match(line):
        line = line[match.end() :]
    words = line.split()
    if words[:1] and words[0] in VALUES and (len(words) > 1 or line[-1:].isspace()):
        about = TEXTS.table("options")[words[0]][lang]
        return _that_begin({each: about for each in VALUES[words[0]]}, "".join(words[1:2]))
    typed = line.lstrip()
    if typed.startswith("-"):
        about_each = TEXTS.table("options")
        return _that_begin({each: about_each[each][lang] for each in OPTIONS}, typed)
    return _in_text(notebook, typed)


def _that_begin(choices: Mapping[str, str], typed: str) -> Offered:
    return Offered(typed, tuple(each for each in choices.items() if each[0].startswith(typed)))


def _in_text(notebook: "Notebook", text: str) -> Offered:
    """The session's completions, all as texts from where the longest of them begins.

    IPython takes one fragment for all. Without any, what was typed is offered as it is, because
    names of Python would be offered otherwise.
    """
    found: list[Completion] = complete(notebook.session, text)
    start = min((each.start for each in found), default=len(text))
    choices = tuple((text[start : each.start] + each.text, each.meta) for each in found)
    if choices:
        return Offered(text[start:], choices)
    typed = re.search(r"\S*\Z", text)
    fragment = "" if typed is None else typed[0]
    return Offered(fragment, ((fragment, ""),))


# ── IPython ──


def add_completions(notebook: "Notebook") -> None:
    """Complete in cells of yibao; an IPython before 8.6 has no such matchers and does without."""
    try:
        from IPython.core.completer import SimpleCompletion, context_matcher
    except ImportError:
        return

    def matcher(context: Any) -> dict[str, Any]:
        lines = context.full_text.split("\n")
        above = "".join(f"{line}\n" for line in lines[: context.cursor_line])
        found = offered(notebook, above + context.text_until_cursor)
        if found is None:
            return {"completions": []}
        shown = [SimpleCompletion(text, type=meta) for text, meta in found.choices]
        return {"completions": shown[: context.limit], "matched_fragment": found.fragment,
                "suppress": True, "ordered": True}  # fmt: skip

    added = context_matcher(identifier=_MATCHER)(matcher)
    notebook.shell.Completer.custom_matchers.append(added)


def remove_completions(shell: "Shell") -> None:
    """Complete no longer in cells of yibao."""
    matchers = getattr(shell.Completer, "custom_matchers", [])
    matchers[:] = [
        each for each in matchers if getattr(each, "matcher_identifier", "") != _MATCHER
    ]
