r"""People in files: a row for each account, a column for each fact. See docs/events.md.

>>> import os, tempfile
>>> from yibaolang.engine.rulebook import read
>>> text = "account,birth,sex,pension\n007,1952-03-01,male,6000.00\n"
>>> with tempfile.TemporaryDirectory() as folder:
...     path = os.path.join(folder, "people.csv")
...     with open(path, "w", encoding="utf-8") as file:
...         _ = file.write(text)
...     (person,) = read_people(path, read("").book)
>>> person.account, person.known.scenario.facts["pension"][0].value
('007', 600000)
"""

from collections.abc import Iterator, Mapping

from attrs import frozen

from yibaolang.engine.cells import Misfit, refuse
from yibaolang.engine.event_files import number_for_text
from yibaolang.engine.event_schema import region_of_cell, version_of_cell
from yibaolang.engine.fact_cells import FactCells, plain_text
from yibaolang.engine.files import AnyPath
from yibaolang.engine.given import Known, Lived, known
from yibaolang.engine.records import Form, Record
from yibaolang.engine.row_files import records
from yibaolang.language.diagnostics import Diagnostic
from yibaolang.model.book import Book
from yibaolang.program.frame import DatedFact, Facts, Scenario

_OWN = ("account", "region", "version")
_ANY = ("text", "integer", "decimal", "date", "truth")

SCHEMA = "yibao people 1"


@frozen(eq=False)
class PersonRow:
    """What was made of a row: what is known of the holder of an account, or why nothing is.

    `known` has the defaults of the inputs that have no cell. `region` is "" if the file says none.
    """

    number: int
    account: str
    known: Known
    region: str
    problem: Diagnostic | None
    raw: Mapping[str, str]


def people_columns(book: Book) -> tuple[str, ...]:
    """Every column that a file of people may have, by its canonical name.

    >>> from yibaolang.engine.rulebook import read
    >>> people_columns(read("").book)[:5]
    ('account', 'region', 'version', 'sex', 'status')
    """
    return tuple(dict.fromkeys((*_OWN, *FactCells(book).columns.values())))


def read_people(path: AnyPath, book: Book, *, encoding: str | None = None) -> Iterator[PersonRow]:
    """The holders of accounts in a .csv, .jsonl or .parquet file, in its order.

    Besides `account` there may be `region`, `version`, and columns named after inputs and choices
    or their aliases. Their facts hold always; those that change are events of the kind fact. An
    account that was in the file before is a problem (YB476). Refusal for what is wrong with the
    file as a whole; see `row_files.records`.
    """
    people = _People(book)
    for record in records(path, people.form, encoding):
        yield people.row(record)


class _People:
    """Reads rows, and knows the accounts that there were."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.cells = FactCells(book)
        self.form = people_form(self.cells)
        self.nothing = known(book, ())
        self.accounts: set[str] = set()

    def row(self, record: Record) -> PersonRow:
        problem = record.problem or number_for_text(record, _OWN)
        account = record.cells.get("account", "")
        if problem is None:
            try:
                facts, region = self.person(record)
                return PersonRow(record.number, account, facts, region, None, record.cells)
            except Misfit as misfit:
                problem = misfit.at(record.place(misfit.column, misfit.within))
        return PersonRow(record.number, account, self.nothing, "", problem, record.cells)

    def person(self, record: Record) -> tuple[Known, str]:
        facts: dict[str, Facts] = dict(self.nothing.scenario.facts)
        said = {}
        place = (record.place(),)
        account = region = version = ""
        for column, text in record.cells.items():
            if column == "account":
                account = plain_text(text, column)
            elif column == "region":
                region = region_of_cell(self.book, text, column)
            elif column == "version":
                version = text
            else:
                facts[column] = (DatedFact(self.cells.value(column, text)),)
                said[column] = place
        if not account:
            raise refuse("YB462", "account", column="account", kind="")
        if account in self.accounts:
            raise refuse("YB476", "account", account=account)
        if version and not region:
            raise refuse("YB462", "region", column="region", kind="")
        version = version_of_cell(self.book, region, version)
        self.accounts.add(account)
        lived = (Lived(region, version, None, None),) if region else ()
        return Known(Scenario(facts), lived, frozenset(), said), region


def people_form(cells: FactCells) -> Form:
    """What files of people must be."""
    columns = {**cells.columns, **dict(zip(_OWN, _OWN, strict=True))}
    return Form("people", columns, ("account",), False, _types)


def _types(column: str) -> tuple[str, ...]:
    return ("text",) if column in _OWN else _ANY
