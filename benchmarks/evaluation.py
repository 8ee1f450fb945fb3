"""What one evaluation of a credit rule costs, against the same rule written by hand in Python.

Every contender gets what it needs ready made (arguments, scenarios, activations), and gives the
same fen. Rounds of all contenders alternate; the medians are compared. Aims: printed Python at most
1.5 times the hand-written function, the plain interpreter 4 times, with all its reasons 15 times.
"""

import importlib
import platform
import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from yibaolang import read
from yibaolang.model.arms import FigurePlan
from yibaolang.model.plan import Plans
from yibaolang.program.figure import FigureProgram
from yibaolang.program.frame import DatedFact, Scenario
from yibaolang.program.python import arguments, compile_python

PENSION, WAGE = 310_000, 620_000
RULES = """
region somewhere
since 2025-01-01 until 2025-12-31 cite "an example" attested "E"
param avg_pension
  2025-01-01 3100元
param avg_wage
  2025-01-01 6200元
define clamped_base = min(max(contribution_base, 60% of avg_wage), 300% of avg_wage)
retired and age >= 70 credit 2.5% of avg_pension
retired and age < 70 credit 2% of avg_pension
active credit 2% of clamped_base
"""
ASKED = date(2025, 6, 30)
PEOPLE = [
    ("retired", date(1950, 3, 5), 0),
    ("retired", date(1960, 6, 30), 0),
    ("retired", date(1955, 7, 1), 0),
    ("active", date(1980, 2, 28), 155_555),
    ("active", date(1990, 1, 1), 812_345),
    ("active", date(1999, 9, 9), 3_999_999),
]
CEL = """status == 'retired'
 ? (ap * (ey.getFullYear() - by.getFullYear() - ((ey.getMonth() * 31 + ey.getDate())
   < (by.getMonth() * 31 + by.getDate()) ? 1 : 0) >= 70 ? 250 : 200) * 2 + 10000) / 20000
 : ((base * 100 < 60 * aw ? 60 * aw : (base * 100 > 300 * aw ? 300 * aw : base * 100)) * 400
   + 1000000) / 2000000"""
ROUNDS = 15
SECONDS_A_ROUND = 0.05


def age(birth: date, day: date) -> int:
    """Full years, as one writes them by hand."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def by_hand(
    status: str, birth: date, base: int, day: date, pension: int = PENSION, wage: int = WAGE
) -> int:
    """The rule in integer Python, in fen."""
    if status == "retired":
        return (pension * (250 if age(birth, day) >= 70 else 200) * 2 + 10000) // 20000
    clamped = min(max(base * 100, 60 * wage), 300 * wage)
    return (clamped * 200 * 2 + 1_000_000) // 2_000_000


def plan_of(text: str) -> FigurePlan:
    """The plan of the rules on the day asked."""
    return Plans(read(text).book, "somewhere", {}).figure("credit", ASKED)


def contenders(plan: FigurePlan) -> dict[str, Callable[[], list[Any]]]:
    """By name: evaluate the rule for all people, giving their fen."""
    program, printed = FigureProgram(plan), compile_python(plan)
    facts: list[dict[str, Any]] = [
        {"status": status, "birth": birth, "contribution_base": base}
        for status, birth, base in PEOPLE
    ]
    scenarios = [Scenario({k: (DatedFact(v),) for k, v in each.items()}) for each in facts]
    rows = [tuple(each[argument.name] for argument in arguments(plan)) for each in facts]
    run, explain = program.run, program.explain
    found: dict[str, Callable[[], list[Any]]] = {
        "by hand": lambda: [by_hand(status, birth, base, ASKED) for status, birth, base in PEOPLE],
        "printed Python": lambda: [printed(ASKED, a, b, c) for a, b, c in rows],
        "plain": lambda: [run(each, ASKED).amount for each in scenarios],
        "explained": lambda: [explain(each, ASKED).amount for each in scenarios],
        "plain, new facts": lambda: [
            run(Scenario({k: (DatedFact(v),) for k, v in each.items()}), ASKED).amount
            for each in facts
        ],
    }
    return found | cel()


def cel() -> dict[str, Callable[[], list[Any]]]:
    """The rule in cel-python, if it is installed."""
    try:
        celpy: Any = importlib.import_module("celpy")
    except ImportError:
        return {}
    environment = celpy.Environment()
    program = environment.program(environment.compile(CEL))
    types = celpy.celtypes

    def day(value: date) -> Any:
        return types.TimestampType(f"{value.isoformat()}T00:00:00Z")

    given: list[Any] = [
        {
            "status": types.StringType(status),
            "base": types.IntType(base),
            "ap": types.IntType(PENSION),
            "aw": types.IntType(WAGE),
            "by": day(birth),
            "ey": day(ASKED),
        }
        for status, birth, base in PEOPLE
    ]
    return {"cel-python": lambda: [int(program.evaluate(each)) for each in given]}


def repeats(function: Callable[[], list[Any]]) -> int:
    """How often a function has to be called to take a round's time."""
    count = 1
    while True:
        begin = time.perf_counter()
        for _ in range(count):
            function()
        if time.perf_counter() - begin > SECONDS_A_ROUND:
            return count
        count *= 2


def medians(functions: dict[str, Callable[[], list[Any]]]) -> dict[str, float]:
    """Microseconds for one person, in alternating rounds."""
    counts = {name: repeats(function) for name, function in functions.items()}
    spent: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(ROUNDS):
        for name, function in functions.items():
            begin = time.perf_counter()
            for _ in range(counts[name]):
                function()
            seconds = time.perf_counter() - begin
            spent[name].append(seconds / counts[name] / len(PEOPLE) * 1e6)
    return {name: statistics.median(each) for name, each in spent.items()}


def main() -> None:
    """Measure and print; SystemExit if the contenders do not agree."""
    functions = contenders(plan_of(RULES))
    expected = functions["by hand"]()
    for name, function in functions.items():
        if function() != expected:
            raise SystemExit(f"{name} gives {function()}, not {expected}")
    found = medians(functions)
    version = platform.python_version()
    print(f"{platform.python_implementation()} {version}, {platform.system()} {platform.machine()}")
    print(f"{len(PEOPLE)} people, {ROUNDS} alternating rounds, medians")
    for name, spent in found.items():
        print(f"{name:18} {spent:8.3f} us  {spent / found['by hand']:6.2f} of by hand")


if __name__ == "__main__":
    main()
