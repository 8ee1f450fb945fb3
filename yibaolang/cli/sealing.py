"""`yibao seal`: close a ledger up to a day, with a line that is added at the end of its file."""

import os
from collections.abc import Sequence
from datetime import date

from yibaolang.cli.arguments import Misuse, Options
from yibaolang.cli.asking import last_day, rules_of_files
from yibaolang.cli.output import complain, print_json
from yibaolang.cli.texts import count_of, say
from yibaolang.engine.books import person_ledger
from yibaolang.engine.files import append_line
from yibaolang.engine.rulebook import RuleBook, loaded
from yibaolang.engine.sealing import Seal, Sealed, sealed
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.formatting import language_of
from yibaolang.language.source import Source
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.entries import LedgerEntry, day_of
from yibaolang.model.loading import Loader


def run(options: Options, lang: str) -> int:
    """Add a seal; 1 if that day has one, or the end of the file is not the end of the ledger."""
    day = last_day(options)
    rules = rules_of_files(options)
    path = options.words[0]
    found = ledgers_in(rules, path)
    number = _chosen(rules, found, options)
    entry = found[number]
    person = holder(entry)
    _check_day(entry, day, options)
    for each in entry.seals:
        if isinstance(each.sentence, syntax.Event) and day_of(each.sentence.date) == day:
            line = each.place.line
            shown = day.isoformat()
            complain(say("sealed_before", lang, path=path, line=line, person=person, date=shown))
            return 1
    made = sealed(person_ledger(rules, entry), day)
    seal = made.seal
    text = line_of(entry, rules, day, seal)
    if not _reads_back(path, text, number, day, seal):
        complain(say("not_last_section", lang, path=path, person=person))
        return 1
    append_line(path, text)
    _tell(options, lang, person, made, seal, text)
    return 0


def holder(entry: LedgerEntry) -> str:
    """Whose ledger it is, as it is written there."""
    sentence = None if entry.entry is None else entry.entry.sentence
    if not isinstance(sentence, syntax.Ledger) or sentence.person is None:
        raise TypeError("the ledger of a script has a holder")
    return sentence.person.text


def ledgers_in(rules: RuleBook, path: str) -> list[LedgerEntry]:
    """The ledgers that stand in a file itself, in order."""
    return [
        each
        for each in rules.book.ledgers
        if each.entry is not None and each.entry.source.name == path
    ]


def is_of(rules: RuleBook, entry: LedgerEntry, person: str) -> bool:
    """Whether a ledger is that of a person, who may be called by several names ("": anybody)."""
    persons = rules.book.persons
    name = holder(entry)
    return person in ("", name) or (name in persons and persons[name] is persons.get(person))


def _chosen(rules: RuleBook, found: Sequence[LedgerEntry], options: Options) -> int:
    """The number of the ledger that is to be sealed; Misuse if it is not clear which."""
    path, person = options.words[0], options.person
    if not found:
        raise Misuse("no_ledger", options.command, path=path)
    fitting = [number for number, each in enumerate(found) if is_of(rules, each, person)]
    names = ", ".join(map(holder, found))
    if not fitting:
        raise Misuse("no_such_ledger", options.command, path=path, name=person, names=names)
    if len(fitting) > 1:
        raise Misuse("whose_ledger", options.command, path=path, names=names)
    return fitting[0]


def _check_day(entry: LedgerEntry, day: date, options: Options) -> None:
    """Misuse for a day that is not one of the ledger's."""
    sentence = None if entry.entry is None else entry.entry.sentence
    if not isinstance(sentence, syntax.Ledger):
        raise TypeError("a ledger is opened by a Ledger")
    first = day_of(sentence.start)
    last = None if sentence.end is None else day_of(sentence.end)
    if day < first or (last is not None and day > last):
        shown = "…" if last is None else last.isoformat()
        raise Misuse(
            "outside_ledger", options.command, date=day.isoformat(), first=first.isoformat(),
            last=shown,
        )  # fmt: skip


def line_of(entry: LedgerEntry, rules: RuleBook, day: date, seal: Seal) -> str:
    """The line of a seal in the language of its file, in the columns of the ledger's events."""
    if entry.entry is None:
        raise TypeError("the ledger of a script has an opening sentence")
    lang = language_of(entry.entry.source, rules.names())
    keyword = vocabulary().keywords["SEAL"].spelling(lang)
    every = (*entry.events, *entry.expects, *entry.seals)
    ids = [each.sentence.id for each in every if isinstance(each.sentence, syntax.Event)]
    widest = max((len(each) + 1 for each in ids if each), default=0)
    column = " " * (widest + 2) if widest else ""
    space = "" if lang == "zh" else " "
    return f'{day.isoformat()}  {column}{keyword}{space}"{seal}"'


def _reads_back(path: str, line: str, number: int, day: date, seal: Seal) -> bool:
    """Whether the file with the line has the seal in that ledger, and means what it meant."""
    loader = Loader()
    with open(path, encoding="utf-8-sig") as file:
        text = file.read()
    gap = "" if not text or text.endswith("\n") else "\n"
    loader.text(Source.of(path, f"{text}{gap}{line}\n"), os.path.dirname(path))
    try:
        rules = loaded(loader)
        entry = ledgers_in(rules, path)[number]
        last = entry.seals[-1].sentence if entry.seals else None
        if not isinstance(last, syntax.Event) or last.happening.text != str(seal):
            return False
        return day_of(last.date) == day and sealed(person_ledger(rules, entry), day).seal == seal
    except Refusal:
        return False


def _tell(options: Options, lang: str, person: str, made: Sealed, seal: Seal, line: str) -> None:
    path, day = options.words[0], made.day.isoformat()
    refused = sum(each.refused is not None for each in made.settlements)
    if options.json:
        print_json({
            "file": path, "person": person, "date": day, "seal": str(seal), "line": line,
            "events": len(made.events), "refused": refused,
        })  # fmt: skip
        return
    print(say("sealed", lang, path=path, person=person, date=day))
    print(line)
    if refused:
        complain(count_of("refused", lang, refused))
