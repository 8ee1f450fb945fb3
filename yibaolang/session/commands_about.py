"""Commands about the session itself: what commands there are, and leaving it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from yibaolang.language.catalogue import colon
from yibaolang.language.lexer import fold
from yibaolang.language.suggest import suggestions
from yibaolang.report.tables import Table
from yibaolang.session.commands import (
    COMMANDS,
    SPELLINGS,
    Command,
    Misuse,
    named,
    summary_of,
    usage_of,
)  # fmt: skip
from yibaolang.session.replies import Ended, Reply, Said, Tabled
from yibaolang.session.texts import TEXTS, say, titles

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_KEYS = ("command", "summary")


def run_help(session: "Session", words: str) -> Iterator[Reply]:
    """All commands with what they do; or all about one, which may be named with its dot."""
    lang = session.context.lang
    name = fold(words).lstrip(".\u3002")
    if not name:
        rows = tuple((each.spelling(lang), summary_of(each, lang)) for each in COMMANDS.values())
        table = Table(_KEYS, titles(_KEYS, lang), rows)
        yield Tabled(say("help_heading", lang), table, (say("help_more", lang),))
        return
    command, rest = named(name)
    if command is None or rest:
        near = suggestions(name, SPELLINGS, limit=1)
        key = "no_command_near" if near else "no_command"
        raise Misuse(key, name=name, near=near[0] if near else "")
    yield Said("\n".join(_about(command, lang)))


def run_quit(_session: "Session", _words: str) -> Iterator[Reply]:
    """The end of the session."""
    yield Ended()


def _texts(command: Command) -> dict[str, Any]:
    found: dict[str, Any] = TEXTS.table("commands")[command.name]
    return found


def _about(command: Command, lang: str) -> Iterator[str]:
    """Usage, summary, every spelling, and examples."""
    texts = _texts(command)
    yield usage_of(command, lang)
    yield f"  {texts['summary'][lang]}"
    details = texts.get("details")
    if details is not None:
        yield from (f"  {line}" for line in details[lang])
    spellings = " ".join(f".{each}" for each in command.spellings(lang))
    yield f"{say('spellings', lang)}{colon(lang)}{spellings}"
    yield f"{say('examples', lang)}{colon(lang)}".rstrip()
    yield from (f"  {example}" for example in texts["examples"][lang])
