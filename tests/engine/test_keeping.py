"""Accounts one after the other: who is run with which events, and what their rows say."""

import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from yibaolang.engine.keeping import Files, Frame, Keeper, file_accounts, script_accounts
from yibaolang.engine.ledger_rows import TABLES, Kept, Rows
from yibaolang.engine.people_files import SCHEMA, people_columns
from yibaolang.engine.rejects import Rejects
from yibaolang.engine.rulebook import read

RULES = """\
region 甲市
retired credit 80元 monthly on day 10 to current
cover 50% of outpatient up to 100元 per month as 月限
cover 0% of drugs
allow outpatient, drugs for self up to 500元 per year
draw current then carried, rest to cash
on death close to heirs
region 乙市
credit 90元 monthly on day 10 to current
cover 0% of outpatient
draw current then carried, rest to cash
"""
BOOK = read(RULES)
YEAR = Frame(date(2024, 1, 1), date(2024, 12, 31), "甲市")
PEOPLE = "# yibao people 1\naccount,status\n"
EVENTS = "# yibao events 1\naccount,id,date,kind,name,amount\n"
Write = Callable[[str, str], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file and gives its path."""

    def written(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return written


def kept_of(
    people: str, events: str, frame: Frame = YEAR, sort: bool = False, allowed: bool = False
) -> list[Kept]:
    """The accounts of files."""
    with (
        Rejects(allowed=allowed, columns=people_columns(BOOK.book), schema=SCHEMA) as bad_people,
        Rejects(allowed=allowed) as bad_events,
    ):
        files = Files(people, events, None, sort)
        return list(file_accounts(Keeper(BOOK), files, frame, bad_events, bad_people))


def told(found: list[Kept]) -> list[tuple[str, str, list[str]]]:
    """Each account with its status, "?" if it could not be run, and the ids of its events."""
    return [
        (
            each.name,
            "?" if each.ledger is None
            else str(each.ledger.account.known.scenario.facts["status"][0].value),
            [event.id for event in each.events],
        )
        for each in found
    ]  # fmt: skip


def of_script(text: str, explained: bool = False) -> tuple[Kept, Rows]:
    rules = read(RULES + text)
    (kept,) = script_accounts(Keeper(rules, explained))
    return kept, Rows(rules, "en")


def row_of(kept: Kept, rows: Rows, table: str) -> list[dict[str, object]]:
    names = [each.name for each in rows.columns(table)]
    return [dict(zip(names, row, strict=True)) for row in rows.rows(table, kept)]


# ── who is run with which events ──


def test_people_and_events_may_be_in_different_orders(write: Write) -> None:
    people = write("p.csv", f"{PEOPLE}1,retired\n2,active\n3,resident\n4,flexible\n")
    bills = "".join(f"{each},e{each},2024-02-01,bill,drugs,5\n" for each in "423")
    events = write("e.csv", EVENTS + bills)
    order = [("4", "flexible", ["e4"]), ("2", "active", ["e2"]), ("3", "resident", ["e3"])]
    assert told(kept_of(people, events)) == [*order, ("1", "retired", [])]
    assert told(kept_of(people, events, sort=True)) == [
        ("2", "active", ["e2"]), ("3", "resident", ["e3"]), ("4", "flexible", ["e4"]),
        ("1", "retired", []),
    ]  # fmt: skip


def test_who_is_not_among_the_people_is_refused(write: Write) -> None:
    people = write("p.csv", f"{PEOPLE}1,retired\n2,sleeping\n1,active\n")
    bills = "".join(f"{each},e{each},2024-02-01,bill,drugs,5\n" for each in "123")
    events = write("e.csv", EVENTS + bills)
    found = kept_of(people, events, allowed=True)
    assert told(found) == [("1", "retired", ["e1"]), ("2", "?", ["e2"]), ("3", "?", ["e3"])]
    assert [[each.why.code for each in one.refused] for one in found] == [[], ["YB101"], ["YB111"]]
    assert [each.refused[0].place.rsplit("/", 1)[1] for each in found[1:]] == [
        "p.csv:4:3", "e.csv:5:1",
    ]  # fmt: skip


def test_bad_rows_of_events_make_an_account_incomplete(write: Write) -> None:
    people = write("p.csv", f"{PEOPLE}1,retired\n2,retired\n3,retired\n")
    events = write(
        "e.csv",
        f"{EVENTS}1,a,2024-02-01,bill,drugs,5\n1,b,2024-02-31,bill,drugs,5\n"
        "2,a,2024-02-01,bill,drugs,5\n3,a,2024-02-01,bill,drugs,x\n",
    )
    found = kept_of(people, events, allowed=True)
    assert [(each.name, each.complete) for each in found] == [
        ("1", False), ("2", True), ("3", False),
    ]  # fmt: skip


def test_the_days_of_an_account(write: Write) -> None:
    people = write("p.csv", f"{PEOPLE}1,retired\n2,retired\n")
    events = write("e.csv", f"{EVENTS}1,a,2024-02-01,bill,drugs,5\n1,b,2024-05-01,bill,drugs,5\n")

    def days(frame: Frame) -> list[tuple[date, date] | str]:
        return [
            each.why[0].code
            if each.ledger is None
            else (each.ledger.account.first, each.ledger.account.last)
            for each in kept_of(people, events, frame)
        ]

    first, last = date(2024, 2, 1), date(2024, 5, 1)
    start, end = date(2024, 1, 1), date(2024, 12, 31)
    assert days(Frame(region="甲市")) == [(first, last), "YB453"]
    assert days(Frame(first=start, region="甲市")) == [(start, last), (start, start)]
    assert days(Frame(last=end, region="甲市")) == [(first, end), "YB453"]
    assert days(YEAR) == [(start, end), (start, end)]
    assert days(Frame(last=start, region="甲市")) == ["YB453", "YB453"]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_events(write: Write) -> None:
    peaks = []
    for count in (100, 800):
        people = PEOPLE + "".join(f"{each:05},retired\n" for each in range(count))
        bills = "".join(
            f"{each:05},e{month},2024-{month:02}-01,bill,drugs,5\n"
            for each in range(count)
            for month in range(1, 13)
        )
        files = Files(write("p.csv", people), write("e.csv", EVENTS + bills))
        with Rejects() as bad_people, Rejects() as bad_events:
            tracemalloc.start()
            accounts = file_accounts(Keeper(BOOK), files, YEAR, bad_events, bad_people)
            assert sum(1 for _ in accounts) == count
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < peaks[0] + 800 * 1000


# ── rows ──


def test_columns_are_those_of_the_rows() -> None:
    kept, rows = of_script(
        "person 张三: retired, in 甲市\nledger 张三 from 2024-01-01\n"
        "2024-03-01 ^e1 outpatient 60元\n2024-03-02 ^e2 void ^e1\n2024-03-03 ^e3 vaccine 5元\n",
        True,
    )
    for table in TABLES:
        names = [each.name for each in rows.columns(table)]
        assert len(set(names)) == len(names)
        assert all(len(row) == len(names) for row in rows.rows(table, kept))


def test_a_balance_after_a_move_and_an_end() -> None:
    kept, rows = of_script(
        "person 张三: retired, in 甲市\nledger 张三 from 2024-01-01 to 2024-06-30\n"
        "2024-03-01  moves to 乙市\n2024-05-20  ^d  death\n"
    )
    (row,) = row_of(kept, rows, "balances")
    assert (row["region"], row["balance_fen"]) == ("乙市", 52000)
    assert [each["code"] for each in row_of(kept, rows, "refused")] == ["YB402"]
    kept, rows = of_script(
        "person 张三: retired, in 甲市\nledger 张三 from 2024-01-01 to 2024-06-30\n"
        "2024-05-20  ^d  death to 李四 1/3, 王五 2/3\n"
    )
    (row,) = row_of(kept, rows, "balances")
    assert (row["closed"], row["balance_fen"]) == (date(2024, 5, 20), 0)
    assert (row["total_credit_fen"], row["total_close_fen"]) == (40000, 40000)
    closed = [each for each in row_of(kept, rows, "postings") if each["kind"] == "close"]
    assert [(each["target"], each["amount_fen"]) for each in closed] == [
        ("heirs 李四", 13333), ("heirs 王五", 26667),
    ]  # fmt: skip


def test_balances_are_what_postings_say() -> None:
    kept, rows = of_script(
        "person 张三: retired, in 甲市\nledger 张三 from 2024-01-01 to 2024-12-31\n"
        "2024-01-01 opening carried 50元\n2024-03-01 ^e1 outpatient 360元\n"
        "2024-04-01 ^a adjust 1000元 from current\n2024-05-01 ^r repaid 10元\n"
    )
    (row,) = row_of(kept, rows, "balances")
    held = {"current": 0, "carried": 0}
    owed = 0
    for each in row_of(kept, rows, "postings"):
        fen = each["amount_fen"]
        assert isinstance(fen, int)
        for side, sign in (("source", -1), ("target", 1)):
            name = str(each[side])
            if name in held:
                held[name] += sign * fen
            elif name == "receivable":
                owed -= sign * fen
    assert held == {"current": row["current_fen"], "carried": row["carried_fen"]}
    assert owed == row["receivable_fen"]
    assert row["balance_fen"] == sum(held.values())


@pytest.mark.parametrize(
    ("explained", "last", "used", "limit", "left"),
    [
        (True, "2024-03-31", 10000, 10000, 0),
        (True, "2024-04-30", 0, None, None),
        (False, "2024-03-31", 10000, None, None),
    ],
)
def test_a_counter_with_its_limit(
    explained: bool, last: str, used: int, limit: int | None, left: int | None
) -> None:
    """The limit is that of the last bill in the period; who runs without reasons knows none."""
    kept, rows = of_script(
        f"person 张三: retired, in 甲市\nledger 张三 from 2024-01-01 to {last}\n"
        "2024-03-01 ^e1 outpatient 360元\n",
        explained,
    )
    (row,) = [each for each in row_of(kept, rows, "accumulators") if each["counter"] == "月限"]
    assert (row["region"], row["period"], row["used_fen"]) == ("甲市", "month", used)
    assert (row["limit_fen"], row["left_fen"]) == (limit, left)
    assert row["since"] == date.fromisoformat(last).replace(day=1)


def test_a_correction_shows_what_moved() -> None:
    kept, rows = of_script(
        "person 张三: retired, in 甲市\nledger 张三 from 2024-01-01 to 2024-03-31\n"
        '2024-03-01 ^e1 outpatient 60元\n2024-03-05 ^e2 void ^e1 because "退费"\n'
    )
    found = row_of(kept, rows, "corrections")
    assert {(each["correction"], each["what"], each["because"]) for each in found} == {
        ("e2", "void", "退费")
    }
    assert [
        (each["event"], each["kind"], each["source"], each["before_fen"], each["after_fen"])
        for each in found
    ] == [
        ("e1", "draw", "current", 3000, 0),
        ("e1", "fund", "fund", 3000, 0),
        ("", "balance", "current", 21000, 24000),
    ]
