"""`yibao population --spark MASTER`: the same on a cluster, from Parquet to folders of Parquet."""

from yibaolang.cli.arguments import Misuse, Options
from yibaolang.cli.asking import listed, one_spot
from yibaolang.cli.output import complain, print_json
from yibaolang.cli.populating_asking import days_of, rules_of, when_of
from yibaolang.cli.texts import count_of, say
from yibaolang.population.spark_files import Written, evaluate_files, ledger_files

_NOT_HERE = (
    "explain", "compare", "group_by", "picture", "format", "encoding", "sort", "threads",
)  # fmt: skip


def run_spark(options: Options, lang: str) -> int:
    """Run it there; 1 for rows that could not be read, or events that were refused."""
    _check(options)
    settings = _settings(options)
    try:
        written = (_ledgers if options.events else _figures)(options, lang, settings)
    except FileExistsError as error:
        complain(say("folder_there", lang, path=str(error.filename or options.out)))
        return 1
    if options.json:
        print_json({
            "rows": written.rows, "rejected": written.rejected, "refused": written.refused,
            "tables": dict(written.tables),
        })  # fmt: skip
    else:
        rows = count_of("rows", lang, written.rows)
        print(say("written", lang, path=options.out, rows=rows))
        for key, count in (("refused", written.refused), ("rejected", written.rejected)):
            if count:
                print(count_of(key, lang, count))
    if options.events:
        return 1 if written.refused else 0
    return 1 if written.rejected and not options.allow_rejects else 0


def _check(options: Options) -> None:
    for name in _NOT_HERE:
        if getattr(options, name):
            shown = name.replace("_", "-")
            raise Misuse("not_together", options.command, name="--spark", other=f"--{shown}")
    if not options.out:
        raise Misuse("spark_needs_out", options.command)
    if not options.people and not options.events:
        raise Misuse("people_needed", options.command)


def _settings(options: Options) -> dict[str, str]:
    found = {}
    for each in options.spark_conf:
        key, equal, value = each.partition("=")
        if not key or not equal:
            raise Misuse("bad_conf", options.command, value=each)
        found[key] = value
    return found


def _figures(options: Options, lang: str, settings: dict[str, str]) -> Written:
    rules, spot, when = rules_of(options), one_spot(options), when_of(options, options.on)
    first, last = when[0], when[-1]
    # Several are the months of a span; one is a day or a month, as it was said.
    single = options.on if len(when) == 1 and options.on else None
    return evaluate_files(
        rules, options.people, options.out, master=options.spark,
        figures=listed(options.figure) or ["credit"], on=single,
        first=None if single else first.first, last=None if single else last.last,
        region=spot.region, version=spot.version, engine=options.engine, rejects=options.rejects,
        lang=lang, settings=settings,
    )  # fmt: skip


def _ledgers(options: Options, lang: str, settings: dict[str, str]) -> Written:
    rules, spot = rules_of(options), one_spot(options)
    first, last = days_of(options)
    region = {"region": rules.region(spot.region)} if spot.region else {}
    return ledger_files(
        rules, options.people, options.events, options.out, master=options.spark, first=first,
        last=last, postings="postings" in listed(options.what), as_listed=options.as_listed,
        engine=options.engine, lang=lang, settings=settings, **region,
    )  # fmt: skip
