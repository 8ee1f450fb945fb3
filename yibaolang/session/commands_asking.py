"""Commands that ask: explanations, why, why not, and one figure in every region."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from yibaolang.engine.rulebook import Result
from yibaolang.engine.shown import Row, Shown
from yibaolang.engine.words import Words
from yibaolang.language import syntax
from yibaolang.language.catalogue import codes, colon, explain_code, hint_word
from yibaolang.language.diagnostics import hint, message
from yibaolang.language.lexer import fold
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.language.suggest import suggestions
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.entries import BASE
from yibaolang.model.loading import library_files
from yibaolang.report.comparisons import difference
from yibaolang.report.headlines import citations
from yibaolang.report.tables import Table, without_empty_columns
from yibaolang.report.texts import titles
from yibaolang.session.answering import answered, completed
from yibaolang.session.commands import Misuse
from yibaolang.session.here import here
from yibaolang.session.replies import Explained, Reply, Said, Tabled
from yibaolang.session.texts import say

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_CODE = re.compile(r"YB[0-9]+", re.IGNORECASE)
_CHOSEN = re.compile(r'[ \t]*=[ \t]*(?:"([^"\n]*)"|\u201c([^\u201d\n]*)\u201d|([^\s,\u3001"]+))')
_KEYS = ("region", "version", "value", "difference", "source")


def run_explain(session: "Session", words: str) -> Iterator[Reply]:
    """The last answer in whole or down to a depth, a figure, or what a code means."""
    asked = fold(words).strip()
    if _CODE.fullmatch(asked):
        yield Said(_code(asked.upper(), session.context.lang))
    elif asked and not (asked.isascii() and asked.isdigit()):
        yield from session.take(f"{_keyword('EXPLAIN', session)} {words}")
    elif session.last is None:
        raise Misuse("nothing_asked")
    else:
        yield from _explained(session.last, int(asked or "0"), session.context.lang)


def _code(code: str, lang: str) -> str:
    if code not in codes():
        near = suggestions(code, codes(), limit=1)
        key = "no_code_near" if near else "no_code"
        raise Misuse(key, code=code, near=near[0] if near else "")
    return explain_code(code, lang)


def _explained(shown: Shown, depth: int, lang: str) -> Iterator[Reply]:
    for row in shown.rows:
        yield Explained(row.result.reason(lang, shown.person), depth)
        hints = (hint(each, lang) for each in row.result.refused)
        lines = [f"  {hint_word(lang)}{colon(lang)}{text}" for text in hints if text]
        if lines:
            yield Said("\n".join(lines))


def run_why(session: "Session", words: str) -> Iterator[Reply]:
    """Why a figure changed, asked as the sentence would."""
    if not words.strip():
        raise Misuse("why_what")
    yield from session.take(f"{_keyword('WHY', session)} {words}")


def run_why_not(session: "Session", words: str) -> Iterator[Reply]:
    """Why the account cannot pay for something, asked as the sentence would."""
    if not words.strip():
        raise Misuse("why_not_what")
    yield from session.take(f"{_keyword('WHY_NOT', session)} {words}")


def _keyword(token: str, session: "Session") -> str:
    return vocabulary().keywords[token].spelling(session.context.lang)


# ── compare ──


def run_compare(session: "Session", words: str) -> Iterator[Reply]:
    """A figure under the regions that are named, or under all that are known."""
    asked = _with_versions(fold(words).strip())
    compare = _keyword("COMPARE", session)
    for text in (f"{compare} {asked}", _with_under(asked, compare, session)):
        found = sentence_in(session, text)
        if isinstance(found, syntax.Compare) and _names_regions(found, session):
            yield from session.take(text)
            return
    figure = asked or _keyword("CREDIT", session)
    show = sentence_in(session, f"{_keyword('SHOW', session)} {figure}")
    if isinstance(show, syntax.Show) and show.figure.kind != "event":
        yield from _everywhere(session, show)
    else:
        yield from session.take(f"{compare} {asked}")


def _with_versions(text: str) -> str:
    """Regions with their versions as the sentence has them: `as "C18"` for `=C18`."""
    return _CHOSEN.sub(lambda found: f' as "{found[1] or found[2] or found[3] or ""}"', text)


def _with_under(text: str, compare: str, session: "Session") -> str:
    """The sentence for a figure and regions with nothing between them; "" if it is not that."""
    figure, _, regions = text.partition(" ")
    if not regions:
        return ""
    return f"{compare} {figure} {_keyword('UNDER', session)} {regions}"


def sentence_in(session: "Session", text: str) -> syntax.Sentence | None:
    """The one sentence of a text; None if it is anything else."""
    if not text.strip():
        return None
    document, problems = parse(Source.of("command", text), session.names)
    return document.sentences[0] if not problems and len(document.sentences) == 1 else None


def _names_regions(sentence: syntax.Compare, session: "Session") -> bool:
    """Whether regions are compared, and not a figure that is taken for one."""
    book = session.rules.book
    (first, *others) = sentence.regions
    name = first.region.text
    known = name in book.region_names or name in library_files()
    return known or bool(others) or sentence.figure is not None or book.spelled(name) is None


def _everywhere(session: "Session", show: syntax.Show) -> Iterator[Reply]:
    """A figure in every region of the rules: those with a value by it, the others below."""
    words, lang = session.words, session.context.lang
    rules, place = session.rules, here(session).region
    regions = sorted(rules.book.regions, key=lambda each: each != place)
    if not regions:
        raise Misuse("no_regions")
    figure = None if show.figure.kind == "credit" and show.person is None else show.figure
    named = tuple(syntax.Compared(show.span, syntax.Name(show.span, each), "") for each in regions)
    compare = completed(
        syntax.Compare(show.span, named, show.person, show.period, figure), session.context, rules
    )
    shown = answered(
        compare, Source.of("command", " " * show.span[1]), session.region, session.context, rules
    )
    rows = [row for each in shown.rows for row in _by_version(each, words)]
    own = shown.rows[0].result
    first = own if own.answer.region == place and not own.refused else None
    valued = sorted((row for row in rows if not row.result.refused), key=_value, reverse=True)
    lines = [_line(row, first, words) for row in valued]
    heading, notes = _heading(shown, first, words), tuple(_refusals(rows, words))
    if lines:
        yield Tabled(heading, _table(lines, lang), notes)
    else:
        yield Said("\n".join([heading, *notes]))


def _by_version(row: Row, words: Words) -> Iterator[Row]:
    """A row for each version where they disagree."""
    name = words.region(row.result.answer.region)
    readings = row.result.answer.readings
    if not readings or not row.result.refused:
        yield Row(name, row.result)
        return
    for each in readings:
        yield Row(f"{name}\t{each.version}", Result(each.answer, row.result.book))


def _value(row: Row) -> tuple[bool, object]:
    answer = row.result.answer
    if answer.type.numeric:
        from fractions import Fraction

        return True, Fraction(answer.value, answer.denominator)
    return False, str(answer.value)


def _line(row: Row, first: Result | None, words: Words) -> tuple[str, ...]:
    region, _, version = row.label.partition("\t")
    result = row.result
    reason = result.reason(words.lang)
    apart = "" if first is None or result is first else difference(result, first, words.lang)
    return region, version, reason.value, apart, citations(reason)


def _refusals(rows: Sequence[Row], words: Words) -> Iterator[str]:
    """A line for each reason why there is no figure, with the regions."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.result.refused:
            why = row.result.refused[0]
            said = f"{why.code} {message(why, words.lang)}"
            found.setdefault(said, []).append(row.label.replace("\t", " "))
    comma = say("comma", words.lang)
    for said, regions in found.items():
        yield say("no_figure_in", words.lang, why=said, regions=comma.join(regions))


def _heading(shown: Shown, first: Result | None, words: Words) -> str:
    """What was asked, and what the difference is to."""
    answer = shown.rows[0].result.answer
    reason = Result(evolve(answer, region=BASE), shown.rows[0].result.book).reason(
        words.lang, shown.person
    )
    if first is None:
        return reason.text
    return say("compared_to", words.lang, text=reason.text, region=words.region(answer.region))


def _table(lines: Sequence[tuple[str, ...]], lang: str) -> Table:
    right = frozenset([_KEYS.index("value"), _KEYS.index("difference")])
    return without_empty_columns(Table(_KEYS, titles(_KEYS, lang), tuple(lines), right))
