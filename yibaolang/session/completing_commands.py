"""What may follow a dot: the commands, and then what the command that is named is about."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import evolve

from yibaolang.engine.ledger_rows import TABLES
from yibaolang.language.pinyin import matches
from yibaolang.language.vocabulary import vocabulary
from yibaolang.report.ledger_words import table_heading
from yibaolang.session.candidates import Candidate, named_in, saying
from yibaolang.session.commands import COMMANDS, Command, named, summary_of
from yibaolang.session.completing_sentences import Completion, sentence_completions
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
    if command.sentence:
        yield from _as_sentence(session, command.sentence, before, start + len(text) - len(rest))
        return
    typed = rest.rpartition(" ")[2] if not before[-1:].isspace() else ""
    words = rest.split()[: -1 if typed else None]
    if _is_full(command, words):
        return
    for kind in command.completes:
        candidates = tuple(_candidates(session, kind, words, typed))
        said = {each.text for each in candidates}.intersection(words)
        if said and not command.repeats:
            continue
        for candidate in candidates:
            if candidate.text not in said and _fits(typed, candidate, session.context.lang):
                yield Completion(len(before) - len(typed), candidate.text, candidate.about)


def _is_full(command: Command, words: list[str]) -> bool:
    """Whether nothing may follow; a setting and its value are two words of a kind."""
    return len(words) > 1 and command.completes == ("settings",)


def _as_sentence(
    session: "Session", token: str, before: str, start: int
) -> Iterator[Completion]:
    """What may follow in the sentence that the command is short for; its words begin at `start`."""
    keyword = f"{vocabulary().keywords[token].spelling(session.context.lang)} "
    moved = start - len(keyword)
    for each in sentence_completions(session, keyword + before[start:]):
        yield evolve(each, start=each.start + moved)


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
    session: "Session", kind: str, words: list[str], typed: str
) -> Iterator[Candidate]:
    if kind in _ROLES:
        about = words[-1] if words else ""
        yield from named_in(session, _ROLES[kind], about, typed)
    elif kind == "settings":
        yield from _settings(session.context.lang, words)
    elif kind == "switch":
        yield from _in_words(SWITCH, "values", session.context.lang)
    elif kind == "commands":
        yield from _spellings(session.context.lang)
    elif kind == "kinds":
        for token in _KINDS:
            keyword = vocabulary().keywords[token]
            for text in (*keyword.en[:1], *keyword.zh[:1]):
                yield Candidate(text, str, "en" if text.isascii() else "zh")
    elif kind == "tables":
        for table in TABLES:
            for lang in ("en", "zh"):
                yield Candidate(table_heading(table, lang), str, lang)
    elif kind in _WORDS:
        for en, zh in _WORDS[kind]:
            yield Candidate(en, str, "en" if zh else "")
            yield from [Candidate(zh, str, "zh")] if zh else ()


def _spellings(lang: str) -> Iterator[Candidate]:
    """Every command by each name; unasked, by the first of the language."""
    for command in COMMANDS.values():
        summary = saying(summary_of(command, lang))
        shown = command.spelling(lang)[1:]
        for text in command.spellings(lang):
            yield Candidate(text, summary, lang if text == shown else _UNASKED)


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
    "regions": "region", "persons": "person", "figures": "figure", "params": "param",
    "categories": "category", "dates": "date", "versions": "version", "files": "file",
    "buckets": "bucket", "years": "year",
}  # fmt: skip
_UNASKED = "never"
_KINDS = (
    "CREDIT", "DEDUCT", "COVER", "ALLOW", "DENY", "DRAW", "INTEREST", "CARRY", "REQUIRE", "WAIT",
)  # fmt: skip
_WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "languages": (("en", ""), ("zh", "")),
    "nothing": (("none", "\u65e0"),),
    "today": (("today", "\u4eca\u5929"),),
}
