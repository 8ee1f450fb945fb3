"""The documents say what the program does: their examples are read, run and compared.

A fenced block may have a comment above it:

    <!-- file: NAME -->     the block is written to a file in a folder of the document's own
    <!-- add: NAME -->      the block is added to that file
    <!-- run: yibao … -->   the block is what the command prints; `run, exit 1` for another code
    <!-- cells -->          the block is cells of IPython, and what they print
    <!-- prompt: yibao … -->  the block is a screen: what is behind its prompts is typed there

`YIBAO_UPDATE_DOCS=1 python -m pytest tests/docs` writes outputs and generated tables anew.
"""

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import asdict, fields_dict, frozen

import yibaolang
from tests.notebook.shells import running, transcript
from tests.screen.transcripts import on_screen
from yibaolang.cli.main import main
from yibaolang.engine import script
from yibaolang.engine.rulebook import RuleBook, loaded
from yibaolang.language import syntax
from yibaolang.language.formatting import Aliases, language_of, meaning
from yibaolang.language.lexer import Lexer
from yibaolang.language.source import Source
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.core import Written
from yibaolang.model.entries import BASE
from yibaolang.model.loading import Loader, prelude
from yibaolang.model.plan import Plans
from yibaolang.session import replies
from yibaolang.session.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
UPDATE = os.environ.get("YIBAO_UPDATE_DOCS") == "1"
LANGUAGE = ROOT / "docs" / "language.md"
EMBEDDING = ROOT / "docs" / "embedding.md"
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "grammars/*.md")
    for path in ROOT.glob(pattern)
)
_BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>[^\n]+) -->\n)?```(?P<kind>[a-z]*)\n(?P<text>.*?)^```$", re.M | re.S
)
_RUN = re.compile(r"run(?:, exit (?P<code>\d+))?: (?P<command>yibao .+)")
_PROMPT = re.compile(r"prompt: (?P<command>yibao.*)")
_LINK = re.compile(r"\]\((?!https?:)(?P<path>[^)#]+)(?:#(?P<anchor>[^)]*))?\)")
_HEADING = re.compile(r"^#+ (.+)$", re.M)
_TABLE = re.compile(r"(?<=<!-- keywords -->\n\n).*?(?=\n<!-- end -->)", re.S)
# Rules that only a ledger runs.
_OF_LEDGERS = (
    syntax.Cover, syntax.Allow, syntax.Draw, syntax.Interest, syntax.Carry, syntax.Close,
)  # fmt: skip


@frozen
class Block:
    """A fenced block: its mark ("" for none), its kind, its text, where the text stands."""

    mark: str
    kind: str
    text: str
    span: tuple[int, int]


def blocks(text: str) -> Iterator[Block]:
    for match in _BLOCK.finditer(text):
        yield Block(match["mark"] or "", match["kind"], match["text"], match.span("text"))


def rules_of(text: str) -> tuple[Source, RuleBook]:
    """The rules of a block; Refusal if it cannot be read or does not fit together."""
    source = Source.of("block", text)
    loader = Loader()
    loader.text(source)
    return source, loaded(loader)


# ── commands ──


def printed(command: str) -> tuple[str, int]:
    """What a command prints, on either stream, and its exit code."""
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
        code = main(shlex.split(command)[1:])
    lines = [line.rstrip() for line in shown.getvalue().splitlines()]
    return "".join(f"{line}\n" for line in (f"$ {command}", *lines)), code


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples, which commands run in, as a user without settings."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    for name in ("YIBAO_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def write_marked(block: Block, folder: Path) -> None:
    """Write or add to the file that a block's mark names, if it names one."""
    verb, _, target = block.mark.partition(": ")
    if verb in ("file", "add"):
        file = folder / target
        before = file.read_text("utf-8") if verb == "add" else ""
        file.write_text(before + block.text, "utf-8")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_print_what_is_shown(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8" if name.endswith(".zh.md") else "en_US.UTF-8")
    path = ROOT / name
    text = path.read_text("utf-8")
    updated: list[str] = []
    done = 0
    for block in blocks(text):
        updated.append(text[done : block.span[0]])
        done = block.span[1]
        shown = block.text
        run = _RUN.fullmatch(block.mark)
        write_marked(block, folder)
        if run is not None:
            output, code = printed(run["command"])
            assert code == int(run["code"] or 0), output
            if UPDATE:
                shown = output
            assert shown == output
        prompt = _PROMPT.fullmatch(block.mark)
        if prompt is not None:
            output = on_screen(prompt["command"], block.text, folder)
            shown = output if UPDATE else block.text
            assert shown == output
        updated.append(shown)
    updated.append(text[done:])
    if UPDATE:
        path.write_text("".join(updated), "utf-8")


# ── examples ──


@pytest.mark.parametrize("name", DOCUMENTS)
def test_python_examples_run(name: str, folder: Path) -> None:
    found = list(blocks((ROOT / name).read_text("utf-8")))
    for block in found:
        write_marked(block, folder)
    known: dict[str, object] = {"__name__": name}
    for block in found:
        if block.kind == "python" and ">>>" not in block.text:
            exec(compile(block.text, name, "exec", dont_inherit=True), known)
        elif block.kind == "python":
            known = run_examples(name, block.text, known)


def run_examples(name: str, text: str, known: dict[str, object]) -> dict[str, object]:
    """Compare what examples say with what they show; the names that are known afterwards."""
    test = doctest.DocTestParser().get_doctest(text, known, name, name, 0)
    report = io.StringIO()
    runner = doctest.DocTestRunner()
    runner.run(test, out=report.write, clear_globs=False)
    assert runner.failures == 0, report.getvalue()
    return test.globs


def with_cells() -> list[str]:
    return [each for each in DOCUMENTS if "<!-- cells -->" in (ROOT / each).read_text("utf-8")]


@pytest.mark.parametrize("name", with_cells())
def test_cells_print_what_is_shown(name: str, folder: Path) -> None:
    path = ROOT / name
    text = path.read_text("utf-8")
    updated: list[str] = []
    done = 0
    with running(folder) as shell:
        for block in blocks(text):
            updated.append(text[done : block.span[0]])
            done = block.span[1]
            output = transcript(shell, block.text) if block.mark == "cells" else block.text
            shown = output if UPDATE else block.text
            assert shown == output
            updated.append(shown)
    if UPDATE:
        path.write_text("".join([*updated, text[done:]]), "utf-8")


def test_the_tables_of_embedding_are_those_of_the_classes() -> None:
    text = EMBEDDING.read_text("utf-8")
    bounds = re.findall(r"^\| `(\w+)` \| (\d+) \|", text, re.M)
    assert [(name, int(bound)) for name, bound in bounds] == list(asdict(Sandbox()).items())
    rows = re.findall(r"^\| `([A-Z]\w+)` \| [^|]+ \| ([^|]*)\|$", text, re.M)
    told = {name: re.findall(r"`(\w+)`", names) for name, names in rows}
    kinds = {each.__name__: list(fields_dict(each)) for each in replies.Reply.__subclasses__()}
    assert told == kinds


def sentence_blocks() -> list[object]:
    """Every block of sentences that stands for itself."""
    found: list[object] = []
    for name in DOCUMENTS:
        text = (ROOT / name).read_text("utf-8")
        for block in blocks(text):
            if block.kind == "yb" and not block.mark.startswith(("file", "add")):
                line = text.count("\n", 0, block.span[0]) + 1
                found.append(pytest.param(block.text, id=f"{name}:{line}"))
    return found


def days_of(rules: RuleBook, region: str) -> set[date | None]:
    """A day of every time in which nothing of a region changes."""
    found: set[date | None] = {None}
    for each in rules.book.chain(region):
        found |= {version.since for version in rules.book.versions.get(each, ())}
    for rows in rules.book.rows.values():
        found |= {row.since for row in rows}
    return found


def elaborate(rules: RuleBook, source: Source, region: str, day: date | None) -> None:
    """Give everything of a region its meaning on a day; Refusal if something has none."""
    uses = dict(rules.uses)
    for each in rules.book.chain(region):
        named = [version.name for version in rules.book.versions.get(each, ()) if version.name]
        if named:
            uses.setdefault(each, (named[0],))
    plans = Plans(rules.book, region, uses)
    for (_, kind), entries in rules.book.rules.items():
        if kind in ("credit", "deduct") or kind.startswith("wait "):
            plans.figure(kind, day)
        if kind.startswith("require "):
            plans.provisions(kind, day)
        for entry in entries:
            assert isinstance(entry.sentence, syntax.Rule)
            if isinstance(entry.sentence.action, _OF_LEDGERS) and entry.sentence.guard is not None:
                plans.expression(entry.sentence.guard, entry.source, day)
    scope = plans.elaborator(day).scope
    for name, defined in rules.book.defines.items():
        if scope.definition(name) is not None:
            node = syntax.Name((0, 0), name)
            plans.definition(name, Written(defined[0].source, node), day)
    plans.year_from(day)


@pytest.mark.parametrize("text", sentence_blocks())
def test_sentences_have_a_meaning(text: str) -> None:
    source, rules = rules_of(text)
    for region in (BASE, *rules.book.regions):
        for day in days_of(rules, region):
            elaborate(rules, source, region, day)
    only = frozenset({source.name})
    for test in script.tests(rules, only):
        assert test.passed, (test.title, [each.failure for each in test.tested])
    for shown in script.questions(rules, only):
        for row in shown.rows:
            assert not row.result.refused, row.result.explain()


def language_pairs() -> list[tuple[str, str]]:
    found = [each.text for each in blocks(LANGUAGE.read_text("utf-8")) if each.kind == "yb"]
    return list(zip(found[::2], found[1::2], strict=True))


def declared(sentences: tuple[syntax.Sentence, ...]) -> Iterator[syntax.Names]:
    for sentence in sentences:
        for _, part in sentence.parts():
            parts = part if isinstance(part, tuple) else (part,)
            yield from (each for each in parts if isinstance(each, syntax.Names))


@pytest.mark.parametrize(("english", "chinese"), language_pairs(), ids=lambda text: text[:40])
def test_the_two_languages_say_the_same(english: str, chinese: str) -> None:
    documents = [rules_of(text)[1].documents[-1] for text in (english, chinese)]
    own = tuple(each for document in documents for each in document.sentences)
    aliases = Aliases.of(declared((*prelude().sentences, *own)))
    one, other = (
        [meaning(each, aliases.canonical) for each in document.sentences] for document in documents
    )
    assert one == other
    assert language_of(documents[0].source) == "en"
    assert language_of(documents[1].source, aliases.words) == "zh"


def test_every_keyword_is_in_the_reference() -> None:
    for lang, texts in zip(("en", "zh"), zip(*language_pairs(), strict=True), strict=True):
        used: set[str] = set()
        for text in texts:
            source, rules = rules_of(text)
            read, problems = Lexer(vocabulary(), rules.names()).sentences(source)
            assert problems == []
            used |= {token.type.lstrip("_") for line in read for token in line.tokens}
        # English "up to" is one keyword wherever it stands, so "up" is never read by itself.
        used |= {"UP"} if lang == "en" and "UP_TO" in used else set()
        missing = {token for token in vocabulary().keywords if token not in used}
        assert missing == set(), lang


def keyword_table() -> str:
    lines = ["| English | Chinese | What it says |", "| --- | --- | --- |"]
    for keyword in (*vocabulary().keywords.values(), *vocabulary().types.values()):
        english, chinese = (
            ", ".join(f"`{word}`" for word in words) for words in (keyword.en, keyword.zh)
        )
        lines.append(f"| {english} | {chinese} | {keyword.help_en} |")
    return "\n".join(lines) + "\n"


def test_the_table_of_keywords_is_that_of_the_vocabulary() -> None:
    text = LANGUAGE.read_text("utf-8")
    if UPDATE:
        LANGUAGE.write_text(_TABLE.sub(lambda _: keyword_table(), text), "utf-8")
        text = LANGUAGE.read_text("utf-8")
    found = _TABLE.search(text)
    assert found is not None
    assert found[0] == keyword_table()


# ── the text around them ──


def anchor(heading: str) -> str:
    """How a heading is linked to: lower case, words joined by hyphens."""
    kept = re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower())
    return kept.replace(" ", "-")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for link in _LINK.finditer(text):
        target = (ROOT / name).parent / link["path"]
        assert target.exists(), link[0]
        if link["anchor"]:
            headings = _HEADING.findall(target.read_text("utf-8"))
            assert link["anchor"] in [anchor(each) for each in headings], link[0]


def test_the_map_of_the_house_names_what_is_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    package = Path(yibaolang.__file__).parent
    rooms = [each.parent.name for each in package.glob("*/__init__.py")]
    assert [room for room in rooms if f"`{room}/`" not in text] == []
    named = re.findall(r"`((?:yibaolang|grammars|tests|examples|docs)/[\w./]*)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_decisions_are_in_order() -> None:
    text = (ROOT / "docs" / "decisions.md").read_text("utf-8")
    days = [date.fromisoformat(each) for each in re.findall(r"^## (\d{4}-\d{2}-\d{2})", text, re.M)]
    assert days
    assert all(one <= other for one, other in pairwise(days))
