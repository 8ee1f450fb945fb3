"""The command line's arguments: which there are, reading them, and what is wrong with them."""

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import frozen


class Misuse(Exception):
    """A command line that makes no sense: the key of a message, and its arguments."""

    def __init__(self, key: str, command: str = "", **arguments: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.command = command
        self.arguments = arguments


@frozen
class Command:
    """A command: its module, its options, and how many words it takes (None: any number)."""

    module: str
    options: tuple[str, ...]
    least: int
    most: int | None


_ASK = ("given", "on", "year", "from", "to", "in", "rules", "use")
_FILES = (
    "people", "events", "from", "to", "as-listed", "person", "in", "use", "sort", "encoding",
    "rejects", "allow-rejects",
)  # fmt: skip
_TABLES = ("what", "format", "out", "progress")
_SYNTHETIC = ("count", "seed", "first", "bills", "in", "rules", "use", "from", "to")
_POPULATION = (
    "people", "events", "on", "year", "from", "to", "figure", "in", "rules", "use", "engine",
    "threads", "out", "format", "encoding", "rejects", "allow-rejects", "explain", "compare",
    "group-by", "picture", "what", "as-listed", "sort", "spark", "spark-conf", "progress",
)  # fmt: skip
_ALWAYS = ("lang", "help")
COMMANDS = {
    "run": Command("running", ("rules", "use", "json"), 1, None),
    "eval": Command("evaluating", (*_ASK, "json"), 1, 1),
    "explain": Command("explaining", (*_ASK, "person", "json"), 1, 1),
    "compare": Command("comparing", (*_ASK, "person", "json"), 0, 1),
    "check": Command("checking", ("strict", "json"), 1, None),
    "fmt": Command("rewriting", ("check", "write"), 1, None),
    "test": Command("testing", ("list", "json"), 0, None),
    "region": Command("regions", ("on", "rules", "json"), 0, 1),
    "ledger": Command("keeping", (*_FILES, *_TABLES, "json"), 1, None),
    "seal": Command("sealing", ("person", "to", "year", "json"), 1, 1),
    "verify": Command("verifying", ("person", "json"), 1, None),
    "synthesize": Command("synthesizing", (*_SYNTHETIC, *_TABLES, "json"), 0, 0),
    "population": Command("populating", (*_POPULATION, "json"), 0, None),
    "compile": Command(
        "compiling", ("figure", "on", "in", "rules", "use", "to", "out"), 0, None
    ),
    "repl": Command("prompting", ("use", "sandbox", "json"), 0, None),
    "help": Command("helping", (), 0, 1),
}
FLAGS = frozenset({
    "json", "check", "write", "strict", "list", "as-listed", "sort", "allow-rejects", "progress",
    "compare", "sandbox", "help", "version",
})  # fmt: skip
REPEATED = frozenset({"given", "rules", "use", "spark-conf"})
OPTIONS = frozenset(name for each in COMMANDS.values() for name in each.options) | {
    *_ALWAYS, "version",
}  # fmt: skip


@frozen
class Options:
    """What the command line says: the command, its words, its options ("" or () if not given)."""

    command: str
    words: tuple[str, ...]
    given: tuple[str, ...] = ()
    on: str = ""
    year: str = ""
    from_: str = ""
    to: str = ""
    in_: str = ""
    rules: tuple[str, ...] = ()
    use: tuple[str, ...] = ()
    person: str = ""
    people: str = ""
    events: str = ""
    encoding: str = ""
    rejects: str = ""
    count: str = ""
    seed: str = ""
    first: str = ""
    bills: str = ""
    what: str = ""
    format: str = ""
    out: str = ""
    figure: str = ""
    engine: str = ""
    threads: str = ""
    explain: str = ""
    group_by: str = ""
    picture: str = ""
    spark: str = ""
    spark_conf: tuple[str, ...] = ()
    lang: str = ""
    json: bool = False
    check: bool = False
    write: bool = False
    strict: bool = False
    list: bool = False
    as_listed: bool = False
    sort: bool = False
    allow_rejects: bool = False
    progress: bool = False
    compare: bool = False
    sandbox: bool = False
    help: bool = False
    version: bool = False

    @property
    def facts(self) -> str:
        """All facts that are given, as one text."""
        return ", ".join(each.strip() for each in self.given if each.strip())

    @property
    def uses(self) -> dict[str, str]:
        """The chosen versions by region; Misuse if one is not written REGION=VERSION."""
        found = {}
        for each in self.use:
            region, equal, version = each.partition("=")
            if not (region.strip() and equal and version.strip()):
                raise Misuse("bad_use", self.command, value=each)
            found[region.strip()] = version.strip()
        return found


def read(arguments: Sequence[str]) -> Options:
    """The options of a command line; Misuse if it makes no sense.

    >>> read(["eval", "credit 5元", "--on", "2024-06"]).on
    '2024-06'
    >>> read(["evla"])
    Traceback (most recent call last):
    yibaolang.cli.arguments.Misuse: unknown_command
    """
    words, found = _split(arguments)
    if found.get("help") or found.get("version") or not words:
        if not found and not words:
            raise Misuse("no_command")
        named = tuple(word for word in words if word in COMMANDS)
        return Options("help", named[:1], **found)
    name = words[0]
    if name not in COMMANDS:
        raise Misuse("unknown_command", name=name, suggestion=near(name, COMMANDS))
    command = COMMANDS[name]
    for option in found:
        plain = option.rstrip("_").replace("_", "-")
        if plain not in (*command.options, *_ALWAYS):
            suggestion = near(plain, command.options, "--")
            raise Misuse("option_not_here", name, name=f"--{plain}", suggestion=suggestion)
    return Options(name, tuple(words[1:]), **found)


def _split(arguments: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
    """The words, and the options by the names of their fields."""
    words: list[str] = []
    found: dict[str, Any] = {}
    waiting = list(arguments)[::-1]
    while waiting:
        each = waiting.pop()
        if each == "--":
            words += waiting[::-1]
            break
        if each == "-h":
            each = "--help"
        if not each.startswith("--"):
            words.append(each)
            continue
        name, equal, value = each[2:].partition("=")
        if name not in OPTIONS:
            raise Misuse("unknown_option", name=each, suggestion=near(name, OPTIONS, "--"))
        if name in FLAGS:
            if equal:
                raise Misuse("no_value", name=f"--{name}")
            found[name.replace("-", "_")] = True
            continue
        if not equal:
            if not waiting:
                raise Misuse("missing_value", name=f"--{name}")
            value = waiting.pop()
        _keep(found, name, value)
    return words, found


def _keep(found: dict[str, Any], name: str, value: str) -> None:
    # An empty variable of a shell script would otherwise ask for something else.
    if not value and name not in REPEATED:
        raise Misuse("missing_value", name=f"--{name}")
    field = f"{name}_" if name in ("in", "from") else name.replace("-", "_")
    if name in REPEATED:
        before = found.get(field, ())
        found[field] = (*before, value) if isinstance(before, tuple) else (value,)
        return
    if field in found:
        raise Misuse("option_twice", name=f"--{name}")
    if name == "lang" and value not in ("en", "zh"):
        raise Misuse("bad_lang", value=value)
    found[field] = value


def check_words(options: Options) -> None:
    """Misuse if the command has too few or too many words."""
    command = COMMANDS[options.command]
    count = len(options.words)
    if count < command.least:
        raise Misuse("missing_word", options.command)
    if command.most is not None and count > command.most:
        raise Misuse("too_many_words", options.command, what=options.words[command.most])


def near(name: str, known: Iterable[str], mark: str = "") -> str:
    """The known name that is nearest, with its mark; "" if none is near."""
    from yibaolang.language.suggest import suggestions

    found = suggestions(name, sorted(known), limit=1)
    return mark + found[0] if found else ""
