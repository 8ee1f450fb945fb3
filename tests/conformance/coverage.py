"""From the sources' rows to the rule files and the tests that cite them: docs/coverage.md.

The rows are in rows.toml. Citations are read off examples (cites of rules, titles of tests), off
cases.toml and off the other tests.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from attrs import frozen

from tests.conformance.citations import Names, cited, cites
from yibaolang.language.vocabulary import vocabulary

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "coverage.md"
CASES = "tests/conformance/cases.toml"
SOURCES = {
    "seeds": "Seed documents",
    "regions": "Regional rule sets, with worked examples",
    "shapes": "Rule shapes",
}
STATES = ("tested", "rule", "reason", "open")
# These talk about citations; they cite nothing.
_NOT_READ = frozenset({"citations.py", "coverage.py", "test_coverage_page.py"})
_CITING = re.compile(r"(?:seeds [A-Z]?\d|regions (?:[NZ]?\d|[\u4e00-\u9fff])|shapes? \d)")
_FILES_SHOWN = 5


@frozen
class Row:
    """A row of a source; `through` has the rows that say the same, `reason` why nothing can."""

    source: str
    id: str
    domain: str
    subject: str
    through: tuple[str, ...] = ()
    reason: str = ""

    @property
    def key(self) -> str:
        return f"{self.source} {self.id}"


@frozen
class Section:
    """Rows under one heading; `places` has the names of the place that they are about."""

    source: str
    title: str
    rows: tuple[Row, ...]
    places: tuple[str, ...] = ()


@frozen
class Citation:
    """A row cited in a file: by a rule, or by a test. `row` may be one that does not exist."""

    row: str
    path: str
    test: bool
    known: bool = True


# ── reading ──


def read_sections(path: Path = Path(__file__).parent / "rows.toml") -> tuple[Section, ...]:
    """The sections of rows.toml, in their order."""
    table = tomllib.loads(path.read_text("utf-8"))
    return tuple(
        Section(
            each["source"],
            each["title"],
            tuple(
                Row(source=each["source"], **{**row, "through": tuple(row.get("through", ()))})
                for row in each["rows"]
            ),
            tuple(each.get("places", ())),
        )
        for each in table["section"]
    )


def names_of(sections: Iterable[Section]) -> Names:
    """What citations may name."""
    ids: dict[str, set[str]] = {source: set() for source in SOURCES}
    places: dict[str, str] = {}
    for section in sections:
        ids[section.source] |= {row.id for row in section.rows}
        places |= {name: section.places[0] for name in section.places}
    return Names(
        frozenset(ids["seeds"]), frozenset(ids["regions"]), frozenset(ids["shapes"]), places
    )


def citations(names: Names) -> tuple[Citation, ...]:
    """Every citation of the examples and the tests."""
    found = [each for path in _files("examples", "yb") for each in _of_rules(path, names)]
    found += _of_cases(names)
    for path in (*_files("tests", "yb"), *_files("tests", "py")):
        if path.name not in _NOT_READ:
            for line in path.read_text("utf-8").splitlines():
                if _CITING.search(line):
                    found += _citations(line, path, True, names)
    return tuple(found)


def _files(folder: str, suffix: str) -> list[Path]:
    return sorted((ROOT / folder).rglob(f"*.{suffix}"))


def _citations(text: str, path: Path, test: bool, names: Names) -> Iterator[Citation]:
    found = cited(text, names)
    where = path.relative_to(ROOT).as_posix()
    yield from (Citation(row, where, test) for row in sorted(found.rows))
    yield from (Citation(row, where, test, known=False) for row in found.unknown)


def _words(keyword: str) -> tuple[str, ...]:
    found = vocabulary().keywords[keyword]
    return (*found.en, *found.zh)


def _regions(text: str) -> list[str]:
    """The names of the regions whose rules a .yb file has."""
    pattern = rf"^(?:{'|'.join(_words('REGION'))})\s+(\S+(?:\s*\|\s*\S+)*)"
    return [
        name.strip() for match in re.finditer(pattern, text, re.M) for name in match[1].split("|")
    ]


def _of_rules(path: Path, names: Names) -> Iterator[Citation]:
    text = path.read_text("utf-8")
    for cite in cites(text, _words("CITE")):
        yield from _citations(cite, path, False, names)
    for title in cites(text, [rf"^{word}" for word in _words("TEST")]):
        yield from _citations(title, path, True, names)
        # A test beside the rules that it is about.
        if _regions(text):
            yield from _citations(title, path, False, names)


def _of_cases(names: Names) -> Iterator[Citation]:
    path = ROOT / CASES
    table = tomllib.loads(path.read_text("utf-8"))
    rules = {
        name: each
        for each in _files("examples", "yb")
        for name in _regions(each.read_text("utf-8"))
    }
    for case in (*table["case"], *table["difference"]):
        yield from _citations(case["row"], path, True, names)
        if rule := rules.get(case.get("region", "")):
            yield from _citations(case["row"], rule, False, names)


# ── what covers a row ──


@frozen(slots=False)
class Coverage:
    """The rows and their citations."""

    sections: tuple[Section, ...]
    citations: tuple[Citation, ...]

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """Every row by its key, and by its id where `through` may name it."""
        rows = [row for section in self.sections for row in section.rows]
        short = {row.id: row for row in rows if row.source != "shapes"}
        return short | {row.key: row for row in rows}

    @cached_property
    def _cited(self) -> Mapping[tuple[str, bool], Counter[str]]:
        found: dict[tuple[str, bool], Counter[str]] = {}
        for each in self.citations:
            found.setdefault((each.row, each.test), Counter())[each.path] += 1
        return found

    def files(self, row: Row, test: bool) -> Counter[str]:
        """The files that cite a row, or a row that it goes through, and how often."""
        found = Counter(self._cited.get((row.key, test), {}))
        for name in row.through:
            found += self.files(self.rows[name], test)
        return found

    def open(self, row: Row) -> list[str]:
        """The rows that are still to be covered before this one is: itself, or others."""
        if row.reason or any((row.key, test) in self._cited for test in (False, True)):
            return []
        if not row.through:
            return [row.id]
        return [name for each in row.through for name in self.open(self.rows[each])]

    def state(self, row: Row) -> str:
        """One of STATES: a test shows it, only a rule cites it, there is a reason, none of them."""
        if self.open(row):
            return "open"
        if self.files(row, test=True):
            return "tested"
        return "rule" if self.files(row, test=False) else "reason"


def read() -> Coverage:
    """The rows of rows.toml with the citations of the tree."""
    sections = read_sections()
    return Coverage(sections, citations(names_of(sections)))


# ── the page ──

_INTRODUCTION = """\
# Coverage of the sources

Every rule-like fact of the project's sources: the rule files that cite it, the tests that show
it, and for what is not computed the reason. The rows say what the sources say, not what the law is.

This page is written from [rows.toml](../tests/conformance/rows.toml) and the citations of the tree:
`YIBAO_UPDATE_DOCS=1 python -m pytest tests/conformance/test_coverage_page.py`

- *tested*: a test cites the row, or one of the rows that it goes through.
- *rule only*: a sentence of a rule file cites it: a rule, a contact or a note.
- *reason*: nothing can be computed from it; the last column says why.
- *open*: none of these yet.

A number in parentheses counts a file's tests. "Through" names the rows that say the same, or the
sides of a conflict.
"""


def page(coverage: Coverage) -> str:
    """The whole page as Markdown."""
    parts = [_INTRODUCTION, _totals(coverage)]
    for source, title in SOURCES.items():
        parts.append(f"## {title}\n")
        parts += [_section(each, coverage) for each in coverage.sections if each.source == source]
    return "\n".join(parts)


def _totals(coverage: Coverage) -> str:
    lines = ["| Source | Rows | Tested | Rule only | Reason | Open |", "| --- |" + " ---: |" * 5]
    total: Counter[str] = Counter()
    for source, title in SOURCES.items():
        states = Counter(
            coverage.state(row)
            for section in coverage.sections
            if section.source == source
            for row in section.rows
        )
        lines.append(_total(title, states))
        total += states
    return "\n".join([*lines, _total("All", total)]) + "\n"


def _total(title: str, states: Counter[str]) -> str:
    numbers = (states.total(), *(states[state] for state in STATES))
    return f"| {title} | {' | '.join(map(str, numbers))} |"


def _section(section: Section, coverage: Coverage) -> str:
    lines = [
        f"### {section.title}\n",
        "| Row | Subject | Rule files | Tests | Reason |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in section.rows:
        cells = (
            row.id,
            row.subject,
            _links(coverage.files(row, test=False), counted=False),
            _links(coverage.files(row, test=True), counted=True),
            _remark(row, coverage),
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _remark(row: Row, coverage: Coverage) -> str:
    parts = [row.reason] if row.reason else []
    if row.through:
        # Ids may have commas: "上海, years".
        parts.append("through " + "; ".join(row.through))
    if missing := coverage.open(row):
        parts.append("**open**" if missing == [row.id] else f"**open**: {'; '.join(missing)}")
    return " \u2014 ".join(parts)


def _links(files: Counter[str], counted: bool) -> str:
    shown = [_link(path, files[path] if counted else 1) for path in sorted(files)]
    more = len(shown) - _FILES_SHOWN
    return ", ".join(shown[:_FILES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _link(path: str, count: int) -> str:
    label = re.sub(r"^(?:examples/regions|examples|tests/conformance|tests)/", "", path)
    return f"[{label}](../{path})" + (f" ({count})" if count > 1 else "")
