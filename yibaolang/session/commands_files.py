"""Commands about files: load and reload rules, save the session, edit it in an editor."""

import os
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from attrs import evolve

from yibaolang.engine.shown import Shown
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal
from yibaolang.language.lexer import fold
from yibaolang.language.source import visible
from yibaolang.report.answers import answer_table
from yibaolang.report.tables import Table, without_empty_columns
from yibaolang.session.answering import answered
from yibaolang.session.commands import Misuse
from yibaolang.session.context import region_of
from yibaolang.session.editing import edited, taken_instead
from yibaolang.session.loaded import Loaded
from yibaolang.session.replies import Answered, Read, Reply, Said, Tabled
from yibaolang.session.saving import save
from yibaolang.session.state import State
from yibaolang.session.texts import count_of, say, titles

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_WORD = re.compile('"([^"]*)"|\u201c([^\u201d]*)\u201d|([^\\s"]+)')


def run_load(session: "Session", words: str) -> Iterator[Reply]:
    """Read files besides those that were read; Refused, and nothing changes, if one is wrong."""
    session.files_allowed()
    wanted = _paths(words)
    if not wanted:
        raise Misuse("which_file")
    before = session.state
    paths = [_known_as(path, before.loaded) for path in wanted]
    state = before.reading(before.loaded.adding(paths), before.script)
    warnings = _checked(state, frozenset(paths))
    session.become(state)
    yield Read(_came(state.loaded, paths, session.context.lang), warnings)


def run_reload(session: "Session", _words: str) -> Iterator[Reply]:
    """Read changed files again, and answer the last question again; the old rules if one is wrong.

    What is refused leaves all as it was, and the files count as changed still.
    """
    lang, before = session.context.lang, session.state
    changed = session.changed_files
    if not changed:
        yield Said(say("files_unchanged" if session.files else "no_files", lang))
        return
    state = before.reading(before.loaded.again(), before.script)
    texts = {each.source.name: each.source.text for each in before.loaded.documents}
    names = {each.source.name for each in state.loaded.documents
             if texts.get(each.source.name) != each.source.text}  # fmt: skip
    warnings = _checked(state, frozenset(names))
    session.become(state)
    files = say("comma", lang).join(shown_path(path, state.loaded) for path in changed)
    yield Read(say("reloaded", lang, files=files), warnings)
    yield from _again(session)


def run_save(session: "Session", words: str) -> Iterator[Reply]:
    """Write the session as a script that gives the same answers; over a file only with `!`."""
    session.files_allowed()
    paths = _paths(words)
    over = fold(paths[-1]) == "!" if paths else False
    if len(paths) != 1 + over:
        raise Misuse("which_file")
    count = save(session, paths[0], over)
    lang = session.context.lang
    sentences = count_of("sentences", lang, count)
    yield Said(say("saved", lang, path=paths[0], sentences=sentences))


def run_edit(session: "Session", _words: str) -> Iterator[Reply]:
    """Open the session's text in the editor, and take what comes back instead of it."""
    session.files_allowed()
    lang, before = session.context.lang, session.draft or session.script
    text = edited(before)
    if text == before and not session.draft:
        yield Said(say("not_edited", lang))
        return
    session.draft = text
    yield from taken_instead(session, text)


# ── files ──


def _paths(words: str) -> list[str]:
    """The paths in words; one with spaces stands in quotes. `~` is the user's folder. Misuse.

    >>> _paths('a.yb "my rules.yb"')
    ['a.yb', 'my rules.yb']
    """
    found = ["".join(match.groups("")) for match in _WORD.finditer(words)]
    for path in found:
        _check_path(path)
    return [os.path.expanduser(path) for path in found if path]


def _check_path(path: str) -> None:
    """Misuse for what no file can be called."""
    try:
        usable = b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        usable = False
    if not usable:
        shown = path.encode("utf-8", "replace").decode("utf-8")
        raise Misuse("no_path", path=visible(shown))


def _known_as(path: str, loaded: Loaded) -> str:
    """The name under which a file was read before, or the path."""
    real = os.path.realpath(path)
    return next((each for each in loaded.paths if os.path.realpath(each) == real), path)


def shown_path(real: str, loaded: Loaded) -> str:
    """A real path as the user named it, or as seen from here if it is below."""
    named = _known_as(real, loaded)
    if named != real:
        return named
    here = os.path.realpath(os.curdir) + os.sep
    return real.removeprefix(here)


def _checked(state: State, names: frozenset[str]) -> tuple[Diagnostic, ...]:
    """What is odd in the files of some names; Refusal with all that is said of them if wrong."""
    from yibaolang.analysis.checks import check

    found = check(state.rules.book, state.rules.uses, names)
    if any(each.severity == "error" for each in found):
        raise Refusal(*found)
    return tuple(found)


def _came(loaded: Loaded, paths: Collection[str], lang: str) -> str:
    """What is in files that were read, a line for each."""
    sentences = {each.source.name: each.sentences for each in loaded.documents}
    return "\n".join(
        say("loaded", lang, path=path, counts=_counts(sentences.get(path, ()), lang))
        for path in dict.fromkeys(paths)
    )


def _counts(sentences: Collection[syntax.Sentence], lang: str) -> str:
    """How many sentences, and how many of them are persons and tests."""
    kinds = {"persons": syntax.Person, "tests": syntax.Test}
    found = {key: sum(isinstance(each, kind) for each in sentences) for key, kind in kinds.items()}
    counted = [count_of("sentences", lang, len(sentences))]
    counted += [count_of(key, lang, count) for key, count in found.items() if count]
    return say("comma", lang).join(counted)


# ── the last question ──


def _again(session: "Session") -> Iterator[Reply]:
    """The last question answered under other rules, and what is different."""
    old, state = session.last, session.state
    if old is None:
        return
    source = old.place.source
    new = answered(old.sentence, source, _region_at(state, old), state.context, state.rules)
    session.state = evolve(state, last=new)
    yield Answered(new)
    lang = session.context.lang
    changes = _changes(old, new, lang)
    if changes is None:
        yield Said(say("answer_stays", lang))
    else:
        yield Tabled(say("answer_changed", lang), changes)


def _region_at(state: State, shown: Shown) -> str:
    """The region in whose section a question stands."""
    for lines in state.script.parts:
        for at, line in enumerate(lines):
            if line.sentence is not None and line.sentence.span == shown.sentence.span:
                return region_of(lines[:at], state.rules)
    return state.region


def _changes(old: Shown, new: Shown, lang: str) -> Table | None:
    """Old and new values of the results that are not the same; None if all are."""
    befores, afters = _values(old, lang), _values(new, lang)
    keys = ("label", "figure", "before", "after")
    rows = tuple(
        (*name, befores.get(name, ""), afters.get(name, ""))
        for name in dict.fromkeys([*befores, *afters])
        if befores.get(name) != afters.get(name)
    )
    if not rows:
        return None
    return without_empty_columns(Table(keys, titles(keys, lang), rows, frozenset([2, 3])))


def _values(shown: Shown, lang: str) -> dict[tuple[str, str], str]:
    """Each value, or why there is none, by the label of its row and its figure."""
    table = answer_table(shown, lang)
    label, figure, value, why = (table.keys.index(key)
                                 for key in ("label", "figure", "value", "why"))  # fmt: skip
    return {(row[label], row[figure]): row[value] or row[why] for row in table.rows}
