"""`yibao verify`: run sealed ledgers again, and name the first difference."""

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import frozen

from yibaolang.cli.arguments import Options
from yibaolang.cli.files import rule_files
from yibaolang.cli.output import complain, print_diagnostics, print_json, shaded
from yibaolang.cli.sealing import holder, is_of, ledgers_in
from yibaolang.cli.texts import say
from yibaolang.engine.books import person_ledger
from yibaolang.engine.events import Event
from yibaolang.engine.postings import Settlement
from yibaolang.engine.rulebook import RuleBook, loaded
from yibaolang.engine.sealing import VERSION, Difference, Seal, difference, sealed
from yibaolang.engine.telling import KINDS
from yibaolang.language import syntax
from yibaolang.language.catalogue import colon
from yibaolang.language.diagnostics import Diagnostic, Refusal, to_json
from yibaolang.language.source import Place
from yibaolang.model.entries import Entry, LedgerEntry, day_of
from yibaolang.model.loading import Loader


@frozen(eq=False)
class Checked:
    """A seal and what came of it: `unread` if it is none, `why` if the ledger cannot be run."""

    person: str
    day: date
    place: Place
    unread: bool
    found: Difference | None
    why: tuple[Diagnostic, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the ledger is as it was sealed."""
        return not self.unread and self.found is None and not self.why


def run(options: Options, lang: str) -> int:
    """Check every seal of files and folders; 1 if one does not hold, or there is none."""
    paths = rule_files(options.words, options.command)
    shown: list[dict[str, object]] = []
    found, code = 0, 0
    for path in paths:
        try:
            checked = list(_of_file(path, options.person))
        except Refusal as refusal:
            code = 1
            shown.append({"file": path, "diagnostics": _diagnostics(refusal.diagnostics, lang)})
            print_diagnostics(() if options.json else refusal.diagnostics, lang)
            continue
        found += len(checked)
        for each in checked:
            code = code if each.holds else 1
            shown.append(_json(each, lang))
            if not options.json:
                print("\n".join(_lines(each, lang)))
                print_diagnostics(each.why, lang)
    if options.json:
        print_json(shown)
    if not found and not code:
        complain(say("no_seal", lang, path=", ".join(options.words)))
        return 1
    return code


def _of_file(path: str, person: str) -> Iterator[Checked]:
    """The seals of a file, which is read by itself, as when it was sealed."""
    loader = Loader()
    loader.file(path)
    rules = loaded(loader)
    for entry in ledgers_in(rules, path):
        if is_of(rules, entry, person):
            for seal in entry.seals:
                yield _check(rules, entry, seal)


def _check(rules: RuleBook, entry: LedgerEntry, seal: Entry) -> Checked:
    sentence = seal.sentence
    if not isinstance(sentence, syntax.Event):
        raise TypeError("a seal is an Event")
    day, person = day_of(sentence.date), holder(entry)
    try:
        said = Seal.read(sentence.happening.text)
    except ValueError:
        return Checked(person, day, seal.place, True, None)
    try:
        found = difference(said, sealed(person_ledger(rules, entry), day))
    except Refusal as refusal:
        return Checked(person, day, seal.place, False, None, refusal.diagnostics)
    return Checked(person, day, seal.place, False, found)


def _lines(checked: Checked, lang: str) -> Iterator[str]:
    told = {"person": checked.person, "date": checked.day.isoformat()}
    if checked.holds:
        yield say("seal_holds", lang, **told)
        return
    mark = f"{shaded('✗', 'red')} {checked.place}{colon(lang)}"
    if checked.unread:
        yield mark + say("seal_unread", lang, version=VERSION, **told)
    elif checked.found is None:
        yield mark + say("seal_not_run", lang, **told)
    else:
        comma = "\u3001" if lang == "zh" else ", "
        parts = comma.join(say(f"part_{each}", lang) for each in checked.found.parts)
        yield mark + say("seal_broken", lang, parts=parts, **told)
        first = _first(checked.found, lang)
        if first:
            yield f"  {first}"


def _first(found: Difference, lang: str) -> str:
    """The first difference in words; "" if no single event or posting can be named."""
    if not found.kind:
        return ""
    if found.first is None or found.last is None:
        return say("last_missing", lang)
    what = _named(found.first, lang)
    if found.last is not found.first:
        what = say("one_of", lang, first=what, last=_named(found.last, lang))
    return say(f"first_{found.kind}", lang, what=what)


def _named(thing: Event | Settlement, lang: str) -> str:
    """An event by its id, or by what it is; its day and where it is written."""
    kind = KINDS.get(thing.kind)
    what = f"^{thing.id}" if thing.id else thing.kind if kind is None else kind.in_language(lang)
    event = thing if isinstance(thing, Event) else thing.event
    place = f"  ({event.place})" if event is not None and event.place is not None else ""
    return f"{what} {_day(thing).isoformat()}{place}"


def _day(thing: Event | Settlement) -> date:
    return thing.effective if isinstance(thing, Event) else thing.day


def _json(checked: Checked, lang: str) -> dict[str, object]:
    found = checked.found
    shown: dict[str, object] = {
        "person": checked.person,
        "date": checked.day.isoformat(),
        "file": checked.place.source.name,
        "line": checked.place.line,
        "holds": checked.holds,
        "differs": ["seal"] if checked.unread else list(found.parts) if found else [],
    }
    if found is not None and found.kind:
        first = found.first
        shown["first"] = {
            "kind": found.kind,
            "event": None if first is None else first.id,
            "what": None if first is None else first.kind,
            "day": None if first is None else _day(first).isoformat(),
        }
    if checked.why:
        shown["diagnostics"] = _diagnostics(checked.why, lang)
    return shown


def _diagnostics(found: Iterable[Diagnostic], lang: str) -> list[dict[str, object]]:
    return [to_json(each, lang) for each in found]
