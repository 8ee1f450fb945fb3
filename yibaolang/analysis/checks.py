"""Checks before running: every sentence in every region and version, without any person.

Each check is a function named by what is wrong, or by what must hold; the table below runs them.
"""

from collections.abc import Callable, Iterable

from yibaolang.analysis.context import Context
from yibaolang.analysis.coverage import (
    guards_leave_gaps_or_overlap,
    tables_leave_gaps_or_overlap,
)
from yibaolang.analysis.dates import (
    citations_missing,
    params_end_before_rules,
    region_params_undated,
    sources_disagree,
    versions_overlap,
)
from yibaolang.analysis.elaboration import declaration_faults, without_repeated_rings
from yibaolang.analysis.ledgers import ledgers_fit, rules_leave_nothing_unsaid
from yibaolang.analysis.names import names_unused
from yibaolang.analysis.questions import questions_and_tests_fit
from yibaolang.engine.words import in_words
from yibaolang.language.diagnostics import Diagnostic
from yibaolang.model.book import Book
from yibaolang.model.scope import Uses

Check = Callable[[Context], Iterable[Diagnostic]]


def everything_elaborates(context: Context) -> Iterable[Diagnostic]:
    """Names and types of every sentence, in every region and version in which it holds."""
    return [*declaration_faults(context.book), *without_repeated_rings(context.elaboration.faults)]


CHECKS: tuple[Check, ...] = (
    everything_elaborates,
    questions_and_tests_fit,
    ledgers_fit,
    rules_leave_nothing_unsaid,
    names_unused,
    guards_leave_gaps_or_overlap,
    tables_leave_gaps_or_overlap,
    versions_overlap,
    sources_disagree,
    params_end_before_rules,
    citations_missing,
    region_params_undated,
)


def check(
    book: Book, uses: Uses | None = None, only: frozenset[str] | None = None
) -> list[Diagnostic]:
    """What is wrong or doubtful in a book, sorted by place; one for each code and place.

    `uses` are the versions chosen by region; where sources disagree and none is chosen, every one
    is checked. `only` names the sources that are reported; without it, all but the prelude.

    >>> from yibaolang.engine.rulebook import read
    >>> text = "age < 70 credit 100元 monthly\\nage > 70 credit 125元 monthly"
    >>> [(each.code, str(each.arguments[0][1].en)) for each in check(read(text).book)]
    [('YB501', 'given age 70')]
    """
    context = Context(book, uses or {}, only)
    found: dict[object, Diagnostic] = {}
    for each_check in CHECKS:
        for each in each_check(context):
            if each.place is None or context.reported(each.place.source):
                place = each.place
                key = each.arguments if place is None else (id(place.source), place.span)
                found.setdefault((each.code, key), in_words(each, book))
    return sorted(found.values(), key=_order)


def _order(each: Diagnostic) -> tuple[bool, str, tuple[int, int], str]:
    if each.place is None:
        return True, "", (0, 0), each.code
    return False, each.place.source.name, each.place.span, each.code
