"""The ledger program of a region, to be read: LLVM text in which each part has its sentence."""

from datetime import date

from yibaolang.engine.measures import programs_of
from yibaolang.engine.rulebook import RuleBook
from yibaolang.model.entries import BASE
from yibaolang.population.ledger_facts import Facts, Holder
from yibaolang.population.ledger_kernel import source
from yibaolang.population.ledger_loop import Wanted
from yibaolang.population.ledger_track import Class
from yibaolang.population.persons import Cells

SELF = "self"


def ledger_program(
    rules: RuleBook, *, first: date, last: date, region: str = BASE, as_listed: bool = False
) -> str:
    """The program of accounts of a region from `first` to `last`, as LLVM text with sentences.

    It is for events without a bucket of their own and for bills of the holder, of every category
    that a rule of the region covers. Refusal YB480 for rules without a native form.

    >>> from yibaolang.engine.rulebook import read
    >>> rules = read("cover 50% of outpatient\\nallow outpatient for self\\n"
    ...              "draw current, rest to cash")
    >>> text = ledger_program(rules, first=date(2024, 1, 1), last=date(2024, 12, 31),
    ...                       as_listed=True)
    >>> "cover 50% of outpatient" in text, "draw current, rest to cash" in text
    (True, True)
    """
    programs = programs_of(rules)
    plans = programs.plans(region, "", frozenset())
    categories = [
        named.name for named in dict.fromkeys(rules.book.names.values()) if named.kind == "category"
    ]
    covered = [each for each in categories if plans.provisions(f"cover {each}", last)]
    classes = (
        Class("opening", "", SELF), Class("credit", "", SELF), Class("adjust", "", SELF),
        Class("repaid", "", SELF), *(Class("bill", each, SELF) for each in covered),
    )  # fmt: skip
    known = frozenset(Cells(rules.book).columns.values())
    facts = Facts(Holder(rules.book, known, known), first, last)
    columns = frozenset({"eligible", "levels", "booked"})
    wanted = Wanted(classes, columns, as_listed=as_listed, comments=True)
    return source(programs, plans, facts, wanted).text
