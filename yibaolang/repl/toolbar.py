"""The line at the bottom of the screen: what questions are about, and what is loaded."""

from collections.abc import Sequence

from yibaolang.language.display import width
from yibaolang.repl.known import Known
from yibaolang.repl.texts import say
from yibaolang.repl.watching import file_list

_BETWEEN = " | "


def toolbar(known: Known, changed: Sequence[str], columns: int, mode: str = "") -> str:
    """The line, not longer than the screen: region, date, person, language, files, versions.

    `changed` are the files that are not on disk as they were read; `mode` is that of vi keys.
    What the keys do stands at the right, where there is room.

    >>> from yibaolang.session.session import Session
    >>> toolbar(Known(Session()), [], 50)
    ' no region | no date | nobody | en'
    """
    session = known.session
    lang, ambiguous = session.context.lang, int(session.settings.ambiguous)
    left = " " + _BETWEEN.join(_parts(known, changed, mode))
    other = "vi" if session.settings.keys == "emacs" else "emacs"
    right = say("keys_hint", lang, keys=other) + " "
    room = columns - width(left, ambiguous) - width(right, ambiguous)
    return f"{left}{' ' * room}{right}" if room >= 2 else cut(left, columns, ambiguous)


def _parts(known: Known, changed: Sequence[str], mode: str) -> list[str]:
    session, bar = known.session, known.bar
    lang = session.context.lang
    parts = [
        bar.region or say("no_region", lang),
        bar.date or say("no_date", lang),
        bar.person or say("nobody", lang),
        say("language", lang),
        " ".join(file_list(session.files, changed)),
        *bar.uses,
        say("watching", lang) if session.settings.watch == "on" else "",
        mode,
    ]
    return [part for part in parts if part]


def cut(text: str, columns: int, ambiguous: int = 1) -> str:
    """A text cut to the columns of the screen.

    >>> cut("医保规则", 5), cut("rules", 5)
    ('医保', 'rules')
    """
    taken = 0
    for at, character in enumerate(text):
        taken += width(character, ambiguous)
        if taken > columns:
            return text[:at]
    return text
