"""What may follow a dot: the commands, and then what the command that is named is about."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from yibaolang.language.pinyin import matches
from yibaolang.session.candidates import Candidate, named_in, saying
from yibaolang.session.commands import COMMANDS, named, summary_of
from yibaolang.session.completion import Completion
from yibaolang.session.settings import CHOICES, SWITCH
from yibaolang.session.texts import TEXTS

if TYPE_CHECKING:
    from yibaolang.session.session import Session


def command_completions(session: "Session", before: str, start: int) -> Iterator[Completion]:
    """Completions of a command whose name begins at `start`, up to the end of `before`."""
    text = before[start:]
    command, rest = named(text)
    if command is None or (not rest and not text[-1:].isspace()):
        yield from _commands(session, start, text)
        return
    typed = rest.rpartition(" ")[2] if not before[-1:].isspace() else ""
    words = rest.split()[: -1 if typed else None]
    for candidate in _candidates(session, command.completes, words, typed):
        if _fits(typed, candidate, session.context.lang):
            yield Completion(len(before) - len(typed), candidate.text, candidate.about)


def _commands(session: "Session", start: int, typed: str) -> Iterator[Completion]:
    lang = session.context.lang
    for command in COMMANDS.values():
        for spelling in command.spellings(lang):
            rank = _command_rank(typed, spelling)
            if rank is not None:
                yield Completion(start, spelling, saying(summary_of(command, lang)), rank)
                break


def _command_rank(typed: str, spelling: str) -> int | None:
    if spelling.startswith(typed):
        return 0
    found = matches(typed, spelling) if typed.isascii() and not spelling.isascii() else None
    return None if found is None else 20 + found


def _fits(typed: str, candidate: Candidate, lang: str) -> bool:
    if not typed:
        return candidate.shown_in in ("", lang)
    return candidate.text.startswith(typed) or matches(typed, candidate.text) is not None


def _candidates(
    session: "Session", kinds: tuple[str, ...], words: list[str], typed: str
) -> Iterator[Candidate]:
    for kind in kinds:
        if kind in _ROLES:
            about = words[-1] if words else ""
            yield from named_in(session, _ROLES[kind], about, typed)
        elif kind == "settings":
            yield from _settings(session.context.lang, words)
        elif kind == "switch":
            yield from _in_words(SWITCH, "values", session.context.lang)
        else:
            for text in _FIXED[kind]:
                yield Candidate(text, str)


def _settings(lang: str, words: list[str]) -> Iterator[Candidate]:
    """The settings, or the values of the one that is named."""
    if not words:
        yield from _in_words(CHOICES, "settings", lang)
        return
    known = TEXTS.table("settings")
    for name, values in CHOICES.items():
        if words[0] in (name, known[name]["zh"]):
            yield from _in_words(values, "values", lang)


def _in_words(names: Iterable[str], table: str, lang: str) -> Iterator[Candidate]:
    """Names, in both languages where they have words; what they mean stands beside them."""
    known = TEXTS.table(table)
    for name in names:
        entry = known.get(name, {"en": name, "zh": name})
        summary = saying(entry["summary"][lang]) if "summary" in entry else str
        different = entry["zh"] != name
        yield Candidate(name, summary, "en" if different else "")
        if different:
            yield Candidate(entry["zh"], summary, "zh")


_ROLES = {
    "regions": "region", "persons": "person", "figures": "figure", "names": "value",
    "params": "value", "categories": "category", "dates": "date", "versions": "version",
    "files": "file",
}  # fmt: skip
_FIXED: dict[str, tuple[str, ...]] = {
    "commands": tuple(spelling for each in COMMANDS.values() for spelling in (*each.en, *each.zh)),
    "languages": ("en", "zh"),
    "kinds": ("credit", "deduct", "cover", "allow", "draw", "interest", "carry"),
    "tables": ("balances", "postings", "accumulators", "corrections", "refused"),
    "years": (),
}
