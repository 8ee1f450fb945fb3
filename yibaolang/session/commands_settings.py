"""Commands about settings and about what was done: set, watch, timer, undo, history."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from yibaolang.language.lexer import fold
from yibaolang.language.suggest import suggestions
from yibaolang.report.tables import Table
from yibaolang.session.commands import Misuse
from yibaolang.session.context import person_told, time_told
from yibaolang.session.replies import Reply, Said, Tabled
from yibaolang.session.settings import CHOICES
from yibaolang.session.state import State
from yibaolang.session.texts import TEXTS, count_of, say, titles

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_MOST_TOLD = 10


def run_set(session: "Session", words: str) -> Iterator[Reply]:
    """Give a setting another value; with its name alone say its value, without words say all."""
    lang = session.context.lang
    if not words:
        keys = ("setting", "value", "choices", "summary")
        rows = tuple(_row(session, name) for name in CHOICES)
        yield Tabled(say("settings", lang), Table(keys, titles(keys, lang), rows))
        return
    name, value = _split(words)
    yield from _set(session, name, value)


def run_watch(session: "Session", words: str) -> Iterator[Reply]:
    """Whether files are loaded again when they are saved; only where files may be read."""
    session.files_allowed()
    yield from _set(session, "watch", words)


def run_timer(session: "Session", words: str) -> Iterator[Reply]:
    """Whether the time of each answer is told."""
    yield from _set(session, "timer", words)


def _set(session: "Session", name: str, text: str) -> Iterator[Reply]:
    if text:
        if name == "watch":
            session.files_allowed()
        value = _value(session, name, text)
        session.settings = session.settings.with_value(name, value)
    lang = session.context.lang
    said = _spelled_value(name, getattr(session.settings, name), lang)
    yield Said(say("setting_now", lang, name=_texts(name)[lang], value=said))


# ── names of settings and values in both languages ──


def _texts(name: str) -> dict[str, Any]:
    found: dict[str, Any] = TEXTS.table("settings")[name]
    return found


def _spelled_value(name: str, value: str, lang: str) -> str:
    """A value in a language; digits and names of formats are the same in both."""
    words = TEXTS.table("values").get(value)
    text: str = value if words is None else words[lang]
    return text


def _split(words: str) -> tuple[str, str]:
    """The setting that words begin with, and the rest; Misuse for none."""
    folded = fold(words)
    spellings = {each: name for name in CHOICES for each in (name, *_spellings(name))}
    for spelling in sorted(spellings, key=len, reverse=True):
        rest = folded.removeprefix(spelling)
        if rest != folded and (not rest or rest[0] in " \t=" or not spelling.isascii()):
            return spellings[spelling], rest.strip(" \t=")
    name = folded.split()[0]
    near = suggestions(name, spellings, limit=1)
    key = "no_setting_near" if near else "no_setting"
    raise Misuse(key, name=name, near=near[0] if near else "")


def _spellings(name: str) -> tuple[str, ...]:
    return _texts(name)["en"], _texts(name)["zh"]


def _value(session: "Session", name: str, text: str) -> str:
    """The value that a text names in either language; Misuse for none."""
    wanted = fold(text).strip().lower()
    for value in CHOICES[name]:
        if wanted in (value, *(_spelled_value(name, value, lang) for lang in ("en", "zh"))):
            return value
    lang = session.context.lang
    choices = _choices(name, lang)
    raise Misuse("no_value", name=_texts(name)[lang], value=text, choices=choices)


def _choices(name: str, lang: str) -> str:
    found = [_spelled_value(name, each, lang) for each in CHOICES[name]]
    return say("comma", lang).join(found)


def _row(session: "Session", name: str) -> tuple[str, ...]:
    lang = session.context.lang
    value = _spelled_value(name, getattr(session.settings, name), lang)
    texts = _texts(name)
    return texts[lang], value, _choices(name, lang), texts["summary"][lang]


# ── what was done ──


def run_undo(session: "Session", words: str) -> Iterator[Reply]:
    """Take back the last changes: one, or as many as are named."""
    lang, wanted = session.context.lang, fold(words)
    if wanted and not (wanted.isascii() and wanted.isdigit() and int(wanted[:9]) > 0):
        raise Misuse("no_number", text=words)
    before = session.state
    done = session.undo(int(wanted[:9] or 1))
    if not done:
        yield Said(say("nothing_to_undo", lang))
        return
    lang = session.context.lang
    steps = say("undone_steps", lang, steps=count_of("steps", lang, done))
    yield Said("\n".join([steps, *_taken_back(before, session.state)]))


def _taken_back(before: State, after: State) -> Iterator[str]:
    """What was there before changes were undone and is not now; and what questions are about."""
    lang = after.context.lang
    kept = Counter(after.script.text(each) for each in after.script.sentences())
    files = [each for each in before.loaded.paths if each not in after.loaded.paths]
    gone = [*files]
    for text in (before.script.text(each) for each in before.script.sentences()):
        if not kept[text]:
            gone.append(text)
        kept[text] -= kept[text] > 0
    yield from (f"- {each}" for each in gone[:_MOST_TOLD])
    if len(gone) > _MOST_TOLD:
        yield count_of("more_sentences", lang, len(gone) - _MOST_TOLD)
    if before.context.asked != after.context.asked:
        yield time_told(after.context)
    if before.context.person != after.context.person:
        yield person_told(after.context)


def run_history(session: "Session", words: str) -> Iterator[Reply]:
    """What was typed, the oldest first; with words only what has them in it."""
    lang, wanted = session.context.lang, fold(words).lower()
    keys = ("number", "input")
    rows = tuple(
        (str(number), text)
        for number, text in enumerate(session.history, 1)
        if wanted in fold(text).lower()
    )
    if not rows:
        yield Said(say("no_history", lang))
        return
    table = Table(keys, titles(keys, lang), rows, frozenset([0]))
    yield Tabled(say("history", lang), table)

