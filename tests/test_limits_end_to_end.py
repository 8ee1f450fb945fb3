"""Large texts from one end to the other: a sum of 5,000 terms, a file of 30,000 lines."""

from datetime import date

import pytest

from yibaolang.engine.rulebook import RuleBook, read
from yibaolang.language.lexer import Lexer
from yibaolang.language.parser import parse
from yibaolang.language.printer import Printer
from yibaolang.language.source import Source
from yibaolang.language.syntax import Credit, Rule, Sentence, Sum
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.building import build
from yibaolang.model.limits import LIMITS
from yibaolang.model.loading import prelude, prelude_names
from yibaolang.model.plan import Plans
from yibaolang.program.figure import FigureProgram
from yibaolang.program.frame import DatedFact, Scenario
from yibaolang.program.python import arguments, compile_python

TERMS = 5_000
DAY = date(2024, 6, 20)
SUM = "credit " + " + ".join(f"{index}元" for index in range(1, TERMS + 1))
SUM_FEN = 100 * TERMS * (TERMS + 1) // 2
SHARES = "credit " + " + ".join(["0.01% of pension"] * TERMS)


def sentence(text: str) -> Sentence:
    document, problems = parse(Source.of("a.yb", text), prelude_names())
    assert problems == []
    (found,) = document.sentences
    return found


def plans(text: str) -> Plans:
    document, problems = parse(Source.of("a.yb", text), prelude_names())
    assert problems == []
    book, unfitting = build([prelude(), document])
    assert unfitting == []
    return Plans(book, "", {})


# ── a sum of 5,000 terms ──


def test_a_long_sum_is_one_flat_node() -> None:
    rule = sentence(SUM)
    assert isinstance(rule, Rule) and isinstance(rule.action, Credit)
    assert isinstance(rule.action.amount, Sum)
    assert len(rule.action.amount.terms) == TERMS


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("text", [SUM, SHARES])
def test_a_long_sum_prints_and_is_read_again(text: str, lang: str) -> None:
    rule = sentence(text)
    assert sentence(Printer(lang, prelude_names()).sentence(rule)) is not None


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        (SUM, SUM_FEN),
        (SHARES, 50_000),  # 5,000 × 0.01% of 1000元 is half of it
    ],
)
def test_a_long_sum_runs_plain_explained_and_as_python(text: str, fen: int) -> None:
    plan = plans(text).figure("credit", DAY)
    scenario = Scenario({"pension": (DatedFact(100_000),)})
    program = FigureProgram(plan)
    assert program.run(scenario, DAY).amount == fen
    assert program.explain(scenario, DAY).amount == fen
    given = {"pension": 100_000}
    facts = [given[each.name] for each in arguments(plan)]
    assert compile_python(plan)(DAY, *facts) == fen


def test_a_long_sum_is_told() -> None:
    result = read(SHARES).figure("credit", given="pension 1000元", on=DAY)
    assert result.fen == 50_000
    assert len(result.explain("zh").splitlines()) > TERMS


def test_a_long_condition_runs() -> None:
    text = " or ".join(["pension > 5000元"] * TERMS) + " or male credit 1元"
    assert read(text).figure("credit", given="pension 1元, male", on=DAY).fen == 100


# ── long texts ──


def large_region(lines: int) -> str:
    """A region with a rule for each amount of pension, and a param of many rows between."""
    head = ["region 甲", "since 2024-01-01", "param x: money"]
    rows = [f"{1900 + index // 12}-{index % 12 + 1:02}-01 {index}元" for index in range(2_400)]
    rules = [
        f"retired and pension = {index}元 credit {index}元 monthly  # rule {index}"
        for index in range(lines - len(head) - len(rows))
    ]
    return "\n".join([*head, *rows, *rules])


@pytest.mark.slow
def test_a_file_of_thirty_thousand_lines() -> None:
    text = large_region(30_000)
    assert len(text.encode()) < LIMITS.source_bytes
    document, problems = parse(Source.of("a.yb", text), prelude_names())
    assert (problems, len(document.sentences)) == ([], 30_000)
    book, unfitting = build([prelude(), document])
    assert unfitting == []
    assert len(book.rules["甲", "credit"]) == 30_000 - 2_403
    assert len(book.rows["x"]) == 2_400


def test_a_file_of_hundreds_of_rules_is_asked() -> None:
    rules = read(large_region(2_703))
    assert isinstance(rules, RuleBook)
    given = "retired, pension 200元"
    assert rules.figure("credit", region="甲", given=given, on="2024-06").fen == 20_000


@pytest.mark.slow
def test_tokens_at_the_limit_and_one_past_it() -> None:
    line = "a " * 1_000 + "\n"
    text = line * (LIMITS.tokens // 1_000)
    lexer = Lexer(vocabulary())
    done, problems = lexer.sentences(Source.of("a.yb", text))
    assert (len(done), problems) == (LIMITS.tokens // 1_000, [])
    done, problems = lexer.sentences(Source.of("a.yb", text + "a"))
    assert (done, [each.code for each in problems]) == ([], ["YB026"])


# ── no text makes it fall over ──


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        ")" * 100_000,
        "not " * 100_000,
        "-" * 100_000,
        "1% of " * 50_000 + "x",
        "x" + "的1%" * 50_000,
        "x" + " as of today" * 10_000,
        "x = " * 50_000,
        "1 + " * 50_000,
        ", " * 50_000,
        "退" * 100_000,
        "当年当" * 30_000,
        '"' * 99_999,
        "「" * 50_000,
        "| " * 50_000,
        "region 甲 under 乙\n" * 2_000,
        "define a = a\n" * 2_000,
        "credit 5元 " * 5_000,
        "5元 if male, " * 5_000,
        "since 2024-01-01\n" * 5_000,
        "#" * 100_000,
        "a" * 100_000,
        "9" * 100_000,
        "9." * 50_000,
        "1/" * 50_000,
        "choice a: " + "b, " * 20_000,
        "person 张三: " + "male, " * 20_000 + "male",
        "choice a,\n" * 20_000,
    ],
    ids=lambda text: text[:12],
)
def test_a_long_strange_text_is_told_about_in_time(text: str) -> None:
    document, problems = parse(Source.of("a.yb", text), prelude_names())
    build([prelude(), document])
    assert all(each.place is not None for each in problems)
