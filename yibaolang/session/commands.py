"""The one registry of commands: names in both languages, what completes them, what they do.

A command is a line with a dot before it. Its words are in texts.toml: usage, summary, an example.
The functions are in the modules named commands_…; each takes the session and what stands behind
the name, and gives replies. `Misuse` says that a command makes no sense.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from attrs import frozen

from yibaolang.language.suggest import suggestions
from yibaolang.session.replies import Misused, Reply
from yibaolang.session.texts import TEXTS, say

if TYPE_CHECKING:
    from yibaolang.session.session import Session

Run = Callable[["Session", str], Iterator[Reply]]


class Misuse(Exception):
    """A command that makes no sense: the key of a message, and its arguments."""

    def __init__(self, key: str, **arguments: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.arguments = arguments


@frozen
class Command:
    """A command: `module` has the function `run_<name>`; `completes` names what may follow it.

    The first of `en` and `zh` is the one that is shown. Unless it `repeats`, only one word of each
    kind may follow; of one that is a `sentence`, what may follow its keyword.
    """

    name: str
    module: str
    en: tuple[str, ...]
    zh: tuple[str, ...]
    completes: tuple[str, ...] = ()
    repeats: bool = False
    sentence: str = ""

    def spelling(self, lang: str) -> str:
        """The name that is shown in a language, with its dot."""
        return "." + (self.zh if lang == "zh" else self.en)[0]

    def spellings(self, lang: str) -> tuple[str, ...]:
        """All names without a dot, those of a language first."""
        return (*self.zh, *self.en) if lang == "zh" else (*self.en, *self.zh)

    @property
    def run(self) -> Run:
        """What it does."""
        module = import_module(f"yibaolang.session.commands_{self.module}")
        found: Run = getattr(module, f"run_{self.name}")
        return found


_ALL = (
    Command("help", "about", ("help", "h"), ("帮助",), ("commands",)),
    Command("load", "files", ("load",), ("载入", "读入"), ("files",), repeats=True),
    Command("reload", "files", ("reload",), ("重载",)),
    Command("watch", "settings", ("watch",), ("监视",), ("switch",)),
    Command("save", "files", ("save",), ("保存",), ("files",)),
    Command("edit", "files", ("edit",), ("编辑",)),
    Command("lang", "context", ("lang",), ("语言",), ("languages",)),
    Command("date", "context", ("date",), ("日期",), ("today", "dates", "nothing")),
    Command("region", "context", ("region",), ("地区",), ("regions", "nothing")),
    Command("use", "context", ("use",), ("采用",), ("regions", "versions")),
    Command("person", "context", ("person",), ("人员",), ("persons", "nothing")),
    Command("rules", "rules", ("rules",), ("规则",), ("kinds", "categories")),
    Command("params", "rules", ("params",), ("参数",), ("params",)),
    Command("source", "rules", ("source",), ("出处", "条文"), ("figures", "kinds")),
    Command("explain", "asking", ("explain",), ("解释",), sentence="EXPLAIN"),
    Command("why", "asking", ("why",), ("为什么", "为何"), sentence="WHY"),
    Command(
        "why_not", "asking", ("why not", "why-not"), ("为什么不能", "为何不能"), sentence="WHY_NOT"
    ),
    Command("compare", "asking", ("compare",), ("比较",), ("regions",), repeats=True),
    Command(
        "diff", "comparing", ("diff",), ("对照",), ("dates", "versions", "files"), repeats=True
    ),
    Command("balance", "ledgers", ("balance",), ("余额",), ("buckets", "years")),
    Command("ledger", "ledgers", ("ledger",), ("账本",), ("tables",)),
    Command("pin", "pinning", ("pin",), ("存为测试", "固定")),
    Command("undo", "settings", ("undo",), ("撤销",)),
    Command("set", "settings", ("set",), ("设置",), ("settings",)),
    Command("timer", "settings", ("timer",), ("计时",), ("switch",)),
    Command("history", "settings", ("history",), ("历史",)),
    Command("quit", "about", ("quit", "exit", "q"), ("退出",)),
)  # fmt: skip
COMMANDS = {each.name: each for each in _ALL}
"""Every command by its name, in the order in which help lists them."""

SPELLINGS = {spelling: each for each in _ALL for spelling in (*each.en, *each.zh)}
"""Every command by each of its spellings."""


def run_command(session: "Session", text: str) -> Iterator[Reply]:
    """The replies of a command, given without its dot; one that makes no sense says why."""
    lang = session.context.lang
    command, rest = named(text)
    if command is None:
        name = text.split()[0]
        near = suggestions(name, SPELLINGS, limit=1)
        key = "no_command_near" if near else "no_command"
        yield Misused(say(key, lang, name=name, near=near[0] if near else ""))
        return
    try:
        yield from command.run(session, rest)
    except Misuse as misuse:
        usage = say("see_usage", lang, usage=usage_of(command, lang))
        yield Misused(f"{say(misuse.key, lang, **misuse.arguments)}\n{usage}")


def run_about(session: "Session", name: str) -> Iterator[Reply]:
    """What a name means: its definition, unit and source, and which regions have their own."""
    module = import_module("yibaolang.session.commands_rules")
    about: Run = module.run_about
    yield from about(session, name)


def named(text: str) -> tuple[Command | None, str]:
    """The command that a text begins with, and the rest; None for no command.

    Of spellings that fit, the longest is meant; a Chinese one need not be followed by a space.

    >>> found, rest = named("why not drugs 10元")
    >>> found.name, rest
    ('why_not', 'drugs 10元')
    """
    for spelling in sorted(SPELLINGS, key=len, reverse=True):
        rest = text.removeprefix(spelling)
        if rest != text and (not rest or rest[0].isspace() or not spelling.isascii()):
            return SPELLINGS[spelling], rest.strip()
    return None, text


def usage_of(command: Command, lang: str) -> str:
    """The usage of a command, as `.date DATE`."""
    text: str = TEXTS.table("commands")[command.name]["usage"][lang]
    return text


def summary_of(command: Command, lang: str) -> str:
    """What a command does, in a line."""
    text: str = TEXTS.table("commands")[command.name]["summary"][lang]
    return text
