"""The balance by the month, and the tables of a ledger."""

from datetime import date

import pytest

from yibaolang.language.display import width
from yibaolang.session.rendering import html_of, text_of
from yibaolang.session.replies import Misused, Refused, Reply, Said, Tabled
from yibaolang.session.session import Session

RULES = """\
region 甲市 | jia
retired credit 100元 monthly on day 20
allow outpatient for self
cover 50% of outpatient
draw current then carried, rest to cash
person 张三: retired, in 甲市
"""
LEDGER = """\
ledger 张三 from 2024-01-01
2024-01-03  ^e1  opening carried 50元
2024-03-02  ^e2  outpatient 400元 at tertiary
"""


@pytest.fixture
def session() -> Session:
    """A session with the ledger of 张三."""
    found = Session(today=date(2024, 6, 20))
    assert all(reply.ok for reply in found.run(RULES + LEDGER))
    return found


def only(session: Session, text: str) -> Reply:
    (reply,) = session.run(text)
    return reply


def rows(session: Session, text: str) -> list[tuple[str, ...]]:
    reply = only(session, text)
    assert isinstance(reply, Tabled), reply
    return list(reply.table.rows)


# ── balance ──


def test_the_months_of_the_account(session: Session) -> None:
    assert session.text(".balance") == (
        "balance of 张三 by the month\n"
        "month          in       out   balance\n"
        f"{'─' * 59}\n"
        "2024-01  150.00元            150.00元  ████████████\n"
        "2024-02  100.00元            250.00元  ████████████████████\n"
        "2024-03            200.00元   50.00元  ████"
    )


def test_the_months_of_a_year_in_chinese(session: Session) -> None:
    session.text(".lang zh")
    reply = only(session, ".余额 历年 2024年")
    assert isinstance(reply, Tabled)
    assert reply.heading == "张三的历年\uff0c逐月"
    assert reply.table.titles == ("月份", "收入", "余额", "")
    assert len(reply.table.rows) == 12
    assert {row[2] for row in reply.table.rows} == {"50.00元"}


@pytest.mark.parametrize(
    "words", ["2024", "\uff12\uff10\uff12\uff14", "2024 balance", "余额 2024年"]
)
def test_a_year_is_read(session: Session, words: str) -> None:
    assert len(rows(session, f".balance {words}")) == 12


def test_the_year_that_questions_are_about(session: Session) -> None:
    session.text(".date 2025-03")
    found = rows(session, ".balance")
    assert [row[0] for row in found] == [f"2025-{month:02}" for month in range(1, 13)]


def test_in_and_out_make_the_balance(session: Session) -> None:
    session.text("2024-05-02  ^e3  outpatient 90元 at primary")
    held = 0
    for row in rows(session, ".balance 2024"):
        amounts = [int(cell.removesuffix("元").replace(".", "") or "0") for cell in row[1:4]]
        held += amounts[0] - amounts[1]
        assert held == amounts[2]


def test_bars_fit_where_they_are_wide(session: Session) -> None:
    narrow = session.text(".balance").splitlines()
    session.text(".set ambiguous 2")
    wide = session.text(".balance").splitlines()
    assert max(width(line, 2) for line in wide) == max(width(line) for line in narrow)


def test_what_was_refused_is_told_below(session: Session) -> None:
    session.text("2024-04-02  ^e3  drugs 30元")
    reply = only(session, ".balance")
    assert isinstance(reply, Tabled)
    assert [row[3] for row in reply.table.rows][-1] == "YB402"
    assert reply.notes == ("YB402 no rule of `cover drugs` applies to this person",)


@pytest.mark.parametrize("words", ["savings", "24", "2024-01", "outpatient"])
def test_neither_bucket_nor_year(session: Session, words: str) -> None:
    assert isinstance(only(session, f".balance {words}"), Misused)


def test_a_year_that_no_date_has(session: Session) -> None:
    assert isinstance(only(session, ".balance 9999"), Refused)
    assert isinstance(only(session, ".balance 2023"), Said)


def test_a_long_account_is_told_by_its_last_year() -> None:
    session = Session()
    session.text(RULES + "ledger 张三 from 2010-01-01 to 2024-12-31")
    assert [row[0][:4] for row in rows(session, ".balance")] == ["2024"] * 12


# ── tables ──


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("", ("event", "effective", "booked", "kind", "source", "target", "amount", "region",
              "rule")),
        ("分录", ("event", "effective", "booked", "kind", "source", "target", "amount", "region",
                "rule")),
        ("balances", ("region", "first", "last", "carried", "balance", "total_opening",
                      "total_credit", "total_fund", "total_draw")),
        ("累计", ("region", "counter", "period", "since", "used", "count")),
    ],
)  # fmt: skip
def test_the_tables(session: Session, name: str, keys: tuple[str, ...]) -> None:
    reply = only(session, f".ledger {name}")
    assert isinstance(reply, Tabled)
    assert reply.table.keys == keys


def test_programs_get_the_source_too(session: Session) -> None:
    session.text(".set output json")
    reply = only(session, ".ledger")
    assert isinstance(reply, Tabled)
    assert reply.table.keys[-2:] == ("rule", "place")


def test_until_the_day_that_questions_are_about(session: Session) -> None:
    session.text(".date 2024-02-01")
    assert [row[0] for row in rows(session, ".ledger")] == ["e1", ""]


def test_what_was_refused(session: Session) -> None:
    assert session.text(".ledger refused") == "ledger of 张三: refused: none"
    session.text("2024-04-02  ^e3  drugs 30元")
    assert rows(session, ".ledger refused")[0][0] == "e3"
    reply = only(session, ".ledger")
    assert isinstance(reply, Tabled)
    assert reply.notes == ("1 was refused: .ledger refused",)


def test_what_was_corrected(session: Session) -> None:
    session.text("2024-03-05  ^v  void ^e2")
    assert rows(session, ".ledger corrections")[0][:2] == ("v", "voided")


def test_no_such_table(session: Session) -> None:
    reply = only(session, ".ledger balanses")
    assert isinstance(reply, Misused)
    assert "did you mean balances?" in reply.text


# ── whose ──


@pytest.mark.parametrize("command", [".balance", ".ledger"])
def test_nobody_and_nobody_with_a_ledger(command: str) -> None:
    assert isinstance(only(Session(), command), Misused)
    session = Session()
    session.text("person 李四: retired")
    reply = only(session, command)
    assert isinstance(reply, Refused)
    assert reply.diagnostics[0].code == "YB452"


def test_the_only_one_who_has_a_ledger() -> None:
    session = Session("examples/tour.yb")
    assert session.text(".ledger balances").startswith("ledger of 赵六: balances\n")
    session.text(".person 张三")
    assert isinstance(only(session, ".ledger"), Refused)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_in_every_form(session: Session, lang: str) -> None:
    session.text(f".lang {lang}")
    for command in (".balance", ".ledger", ".ledger accumulators"):
        reply = only(session, command)
        assert text_of(reply, session.settings, lang)
        assert "<table" in html_of(reply, lang)


@pytest.mark.parametrize("question", ["show balance", "why balance in 2024", "why not drugs 10元"])
def test_nobody_has_a_ledger(question: str) -> None:
    text = Session().text(question)
    assert text.startswith("error[YB452]: there is no ledger of anybody\n")
    assert "ledger Li from 2024-01-01" in text
