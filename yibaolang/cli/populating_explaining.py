"""`yibao population --explain`: one person's reasons, and whether native code says the same."""

from fractions import Fraction
from typing import Any

from yibaolang import __version__
from yibaolang.cli.output import complain, print_diagnostics, print_json
from yibaolang.cli.populating_asking import Job
from yibaolang.cli.populating_running import check_native
from yibaolang.cli.texts import say
from yibaolang.engine.cells import Misfit
from yibaolang.engine.records import Record
from yibaolang.engine.row_files import records
from yibaolang.engine.rulebook import Result
from yibaolang.engine.words import in_words
from yibaolang.language.catalogue import colon, hint_word
from yibaolang.language.diagnostics import Refusal, diagnostic, hint
from yibaolang.model.entries import BASE
from yibaolang.population.columns import load_arrow
from yibaolang.population.evaluate import Population, native_there
from yibaolang.population.files import people_blocks, people_form
from yibaolang.population.files_person import Reader
from yibaolang.population.files_running import arrow_there
from yibaolang.population.grouping_answers import answer_columns
from yibaolang.population.redo import TOO_LARGE, Reference


def explain(job: Job) -> int:
    """Print the reasons; 1 if there is no such account, a figure is refused, or engines differ."""
    account, path = job.options.explain, job.source.path
    check_native(job.options.engine)
    found = _row(job, account)
    if isinstance(found, str):
        near = say("did_you_mean", job.lang, name=found) if found else ""
        complain(say("no_account", job.lang, path=path, name=account, suggestion=near))
        return 1
    record, rows = found
    side = job.side
    reads = Reference(side.rules, side.asks, side.region, side.version).reads
    try:
        facts, region, version = Reader(side.rules, side.home, reads).person(record.cells)
    except Misfit as misfit:
        raise Refusal(misfit.at(record.place(misfit.column, misfit.within))) from None
    place = "" if region == BASE else region
    results = [side.rules.ask(each.figure, each.asked, facts, place, version) for each in side.asks]
    native = _native(job, rows)
    wrong = False
    if job.options.json:
        shown = []
        for result, value in zip(results, native, strict=True):
            wrong |= value is not None and not _same(value, result)
            shown.append(result.to_json(job.lang) | {"native": value})
        print_json({"account": account, "figures": shown})
    else:
        for number, (result, value) in enumerate(zip(results, native, strict=True)):
            if number:
                print()
            wrong |= _print(job, account, result, value)
    return 1 if wrong or any(each.refused for each in results) else 0


def _print(job: Job, account: str, result: Result, native: str | None) -> bool:
    """Print a reason and what native code says; whether that is something else."""
    lang = job.lang
    for line in result.reason(lang, account).lines():
        print(line)
    if result.refused and not result.answer.region:
        print(f"  {hint_word(lang)}{colon(lang)}{say('no_region', lang)}")
    for each in result.refused:
        advice = hint(in_words(each, result.book), lang)
        if advice:
            print(f"  {hint_word(lang)}{colon(lang)}{advice}")
    # What is wrong with the rules has a place in them.
    print_diagnostics([each for each in result.refused if each.code < "YB300"], lang)
    expected = _value(result)
    if native is None:
        print(say("by_reference", lang))
    elif native == TOO_LARGE and _same(native, result):
        print_diagnostics([diagnostic(TOO_LARGE, None)], lang)
    elif native == expected:
        value = result.refused[0].code if result.refused else result.reason(lang).value
        print(say("kernel_same", lang, value=value))
    else:
        complain(
            say("kernel_differs", lang, value=native, other=expected, version=__version__)
        )
        return True
    return False


def _same(native: str, result: Result) -> bool:
    """Whether native code says the same; an exact number may be too large for its columns."""
    if native == TOO_LARGE and not result.refused:
        return result.answer.type.numeric
    return native == _value(result)


def _value(result: Result) -> str:
    """A value as it is compared: fen, a fraction, a day, a word; the code of a refusal."""
    answer = result.answer
    if result.refused:
        return result.refused[0].code
    if isinstance(answer.value, int) and not isinstance(answer.value, bool):
        return str(Fraction(answer.value, answer.denominator))
    return _text(answer.value)


def _text(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _row(job: Job, account: str) -> tuple[Record, Any] | str:
    """The first row of an account, and the same as a record batch of one row.

    If there is none: the first account that differs by zeros at its beginning, which spreadsheets
    take away, or "".
    """
    source, book = job.source, job.side.rules.book
    near, bare = "", account.lstrip("0")
    if not arrow_there():
        for record in records(source.path, people_form(book), source.encoding):
            own = record.cells.get("account", "")
            if own == account:
                return record, None
            if not near and own.lstrip("0") == bare:
                near = own
        return near
    arrow = load_arrow()
    for block in people_blocks(source.path, book, source.encoding):
        for record, problem in block.unread:
            if record.cells.get("account") == account:
                raise Refusal(problem)
        accounts = block.rows.column("account").cast(arrow.string())
        at = accounts.index(account).as_py()
        if at >= 0:
            return block.record(at), block.rows.slice(at, 1)
        at = arrow.compute.utf8_ltrim(accounts, "0").index(bare).as_py()
        if at >= 0 and not near:
            near = accounts[at].as_py()
    return near


def _native(job: Job, rows: Any) -> list[str | None]:
    """What native code says of a row; None where there is none."""
    side = job.side
    if rows is None or job.source.engine == "reference" or not native_there():
        return [None] * len(side.asks)
    try:
        running = Population(side.rules, side.asks, side.region, side.version, "native", 1)
        answers = running.batch(rows)
    except Refusal as refusal:
        print_diagnostics(refusal.diagnostics, job.lang)
        return [None] * len(side.asks)
    (row,) = answers.to_pylist()
    found: list[str | None] = []
    for column in answer_columns(answers.schema, side.asks):
        value = row[column.value]
        if row[column.refused] is not None:
            found.append(row[column.refused])
        elif column.below:
            found.append(str(Fraction(value, row[column.below])))
        else:
            found.append(_text(value))
    return found
