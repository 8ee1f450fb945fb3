"""Synthetic people and events: the same everywhere, of the right shape, and fit for the rules."""

import ast
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import yibaolang.population
from yibaolang.engine.event_files import FORM, read_events
from yibaolang.engine.keeping import Files, Frame, Keeper, file_accounts
from yibaolang.engine.ledger_rows import Refused
from yibaolang.engine.people_files import SCHEMA, read_people
from yibaolang.engine.rejects import Rejects
from yibaolang.engine.row_writing import write_rows
from yibaolang.engine.rulebook import RuleBook, read
from yibaolang.model.calendar import years_between
from yibaolang.population import synthetic_tables as tables
from yibaolang.population.synthetic import (
    Home,
    Menu,
    Person,
    people,
    people_columns,
    people_row,
    retirement_day,
)
from yibaolang.population.synthetic_draws import Draws, Quantiles, Weighted, mixed
from yibaolang.population.synthetic_events import (
    EventRow,
    event_cells,
    event_columns,
    events,
    events_of,
)
from yibaolang.population.synthetic_menus import chosen, homes_of, places, rules_text

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
HOMES = (Home.named("济南"), Home.named("武汉"), Home.named("乙市", "甲说"))
WORD = (1 << 64) - 1


def sampled(count: int = 200, first: int = 1, seed: int = 7) -> list[Person]:
    return list(people(count, seed=seed, homes=HOMES, on=FIRST, first=first))


def happening(persons: Sequence[Person], seed: int = 7) -> list[EventRow]:
    return list(events(persons, FIRST, LAST, seed=seed, homes=HOMES))


# ── draws ──


def test_draws_are_those_of_splitmix64() -> None:
    """The first numbers of the author's own program for the seed 1234567."""
    step = 0x9E3779B97F4A7C15
    found = [mixed((1234567 + step * place) & WORD) for place in range(1, 6)]
    assert found == [
        6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
        16408922859458223821,
    ]  # fmt: skip


def test_streams_have_nothing_to_do_with_each_other() -> None:
    def start(seed: int, number: int, stream: int) -> tuple[int, ...]:
        draws = Draws(seed, number, stream)
        return tuple(draws.below(1 << 30) for _ in range(4))

    keys = [(seed, number, stream)
            for seed in (0, 1, 2) for number in range(1, 40) for stream in range(5)]  # fmt: skip
    assert len({start(*key) for key in keys}) == len(keys)
    assert start(WORD + 2, 1, 0) == start(1, 1, 0)


@given(st.integers(0, WORD), st.integers(1, 1 << 39))
def test_a_draw_is_below_what_it_must_be_below(seed: int, count: int) -> None:
    assert 0 <= Draws(seed, 1, 0).below(count) < count


@pytest.mark.parametrize(
    "points",
    [
        [(0, 5)],
        [(0, 5), (9000, 6)],
        [(1, 5), (10000, 6)],
        [(0, 5), (5000, 6), (5000, 7), (10000, 8)],
        [(0, 5), (10000, 4)],
    ],
)
def test_quantiles_that_make_no_sense(points: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="rise"):
        Quantiles.of(points)


def test_quantiles_meet_their_points() -> None:
    for table in (*tables.AMOUNTS, tables.BASES, tables.PENSIONS, tables.BALANCES):
        draws = Draws(1, 1, 9)
        found = sorted(table.draw(draws) for _ in range(2000))
        assert table.at(0) <= found[0] and found[-1] <= table.at((10000 << 20) - 1)
        assert table.at(4600 << 20) < found[1000] < table.at(5400 << 20)


def test_weights_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="nothing can be drawn"):
        Weighted.of([("a", 0)])
    with pytest.raises(ValueError, match="the weight of a is -1"):
        Weighted.of([("a", -1), ("b", 2)])
    with pytest.raises(ValueError, match="nothing can be drawn"):
        list(people(1, seed=1, homes=(), on=FIRST))


def trees() -> Iterator[ast.AST]:
    for path in Path(yibaolang.population.__path__[0]).glob("synthetic*.py"):
        yield from ast.walk(ast.parse(path.read_text("utf-8")))


def test_nothing_is_drawn_with_a_float_or_by_the_library() -> None:
    for node in trees():
        assert not isinstance(node, ast.Div)
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} | {getattr(node, "module", "")}
            assert names & {"random", "secrets", "numpy", "math", "hash"} == set()


# ── the same everywhere ──


def as_csv(persons: Sequence[Person]) -> tuple[str, str]:
    file, other = io.StringIO(), io.StringIO()
    columns = people_columns(read("").book)
    write_rows(file, (people_row(each, columns, HOMES) for each in persons), columns, "csv", SCHEMA)
    cells = (event_cells(row, "csv") for row in happening(persons))
    write_rows(other, cells, event_columns("csv"), "csv", FORM.schema)
    return file.getvalue(), other.getvalue()


def test_the_rows_are_the_same_on_every_machine() -> None:
    found = [hashlib.sha256(text.encode()).hexdigest() for text in as_csv(sampled())]
    assert found == [
        "4ba94cd407f37e0f546a51af3d670edb285d6baa3b3c6469c8235aa4ba94518c",
        "05f5aa76d78a0819a8fc1d7b00dc93010894d651da9b28200e73007f2a45ecd2",
    ]


def test_the_rows_of_a_person_follow_from_the_number() -> None:
    whole = sampled(60)
    parts = [person for first in (41, 1, 21) for person in sampled(20, first)]
    rows = happening(whole)
    for person in parts:
        assert as_csv([person]) == as_csv([whole[person.number - 1]])
        assert happening([person]) == [row for row in rows if row.account == person.account]


def test_another_seed_makes_other_people() -> None:
    one, other = ([person.birth for person in sampled(seed=seed)] for seed in (1, 2))
    assert one != other
    assert [row.amount_fen for row in happening(sampled(), 1)] != [
        row.amount_fen for row in happening(sampled(), 2)
    ]


# ── people ──


def test_people_are_as_the_tables_say() -> None:
    """Bounds are five standard deviations of 10,000 draws around what the tables expect."""
    found = sampled(10_000)
    bands = {first: (men * share, women * share) for first, men, women, share in tables.BANDS}
    total = sum(men + women for men, women in bands.values())
    ages = Counter(years_between(each.birth, FIRST) // 5 * 5 for each in found)
    assert min(ages) >= min(bands)
    for first, (men, women) in bands.items():
        near(ages[first], 10_000, men + women, total)
    near(sum(each.male for each in found), 10_000, sum(men for men, _ in bands.values()), total)
    weights = [home.weight for home in HOMES]
    for place, weight in enumerate(weights):
        near(sum(each.home == place for each in found), 10_000, weight, sum(weights))
    late = [each for each in found if not each.male and each.retires > retirement_day(
        each.birth, 50)]  # fmt: skip
    near(len(late), sum(not each.male for each in found), tables.WOMEN_AT_55, 10_000)
    # About 2.7 who work for one who is retired, as the yearly bulletins have it.
    assert 2500 < sum(each.retired for each in found) < 3000


def near(found: int, draws: int, part: int, whole: int) -> None:
    """That a count is within five standard deviations, in whole numbers."""
    apart = found * whole - draws * part
    assert apart * apart <= 25 * draws * part * (whole - part), (found, draws * part // whole)


def test_facts_of_people_fit_together() -> None:
    for person in sampled(3000):
        age = years_between(person.birth, FIRST)
        assert 20 <= age <= 99
        assert person.retired == (person.retires <= FIRST)
        assert person.paid > 0 and person.broken >= 0
        assert 17 <= years_between(person.birth, person.entered) <= 28
        assert person.entered < min(FIRST, person.retires)
        assert (age < 63) or person.retired
        assert (age >= 50) or not person.retired
        assert 100_000 < person.base_fen < 10_000_000 and person.pension_fen > 100_000


@pytest.mark.parametrize(
    ("birth", "years", "expected"),
    [
        # From the tables of the Decision of 13 September 2024.
        ((1965, 1, 1), 60, (2025, 2)),
        ((1965, 5, 1), 60, (2025, 7)),
        ((1976, 8, 1), 60, (2039, 7)),
        ((1976, 9, 1), 60, (2039, 9)),
        ((1980, 1, 1), 60, (2043, 1)),
        ((1970, 1, 1), 55, (2025, 2)),
        ((1981, 9, 1), 55, (2039, 9)),
        ((1975, 1, 1), 50, (2025, 2)),
        ((1975, 3, 1), 50, (2025, 5)),
        ((1984, 11, 1), 50, (2039, 11)),
        ((1964, 12, 1), 60, (2024, 12)),
    ],
)
def test_retirement_ages_are_those_of_the_law(
    birth: tuple[int, int, int], years: int, expected: tuple[int, int]
) -> None:
    found = retirement_day(date(*birth), years)
    assert (found.year, found.month) == expected


# ── events ──


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, WORD),
    st.integers(1, 10**9),
    st.dates(date(2015, 1, 1), date(2030, 12, 31)),
    st.integers(0, 1500),
    st.sampled_from([0, 9, 60]),
)
def test_events_fit_together(seed: int, number: int, first: date, days: int, bills: int) -> None:
    last = date.fromordinal(first.toordinal() + days)
    (person,) = people(1, seed=seed, homes=HOMES, on=first, first=number)
    found = events_of(person, first, last, seed=seed, homes=HOMES, bills=bills)
    assert [row.id for row in found] == [f"e{place}" for place in range(1, len(found) + 1)]
    assert [row.date for row in found] == sorted(row.date for row in found)
    kinds = Counter(row.kind for row in found)
    for kind in ("opening", "closing", "moves", "adjust"):
        assert kinds[kind] <= 1
    closing = [row.date for row in found if row.kind == "closing"]
    bills_by_id = {row.id: row for row in found if row.kind == "bill"}
    for row in found:
        assert first <= (row.effective or row.date) <= row.date <= last
        assert not closing or row.date < closing[0] or row.kind == "closing"
        if row.kind == "bill":
            assert row.amount_fen and 0 <= (row.eligible_fen or 0) <= row.amount_fen
        if row.kind == "void":
            assert row.target is not None and bills_by_id[row.target].date < row.date
    assert len({row.target for row in found if row.kind == "void"}) == kinds["void"]


def test_more_is_taken_back_than_is_repaid_later() -> None:
    some = 0
    for person in sampled(3000):
        rows = events_of(person, FIRST, LAST, seed=7, homes=HOMES)
        held = sum(row.amount_fen or 0 for row in rows if row.kind == "opening")
        taken = sum(-(row.amount_fen or 0) for row in rows if row.kind == "adjust")
        repaid = sum(row.amount_fen or 0 for row in rows if row.kind == "repaid")
        some += repaid > 0
        assert repaid == 0 or taken - held - repaid >= 1_000_000
    assert some


def test_events_come_about_as_often_as_the_tables_say() -> None:
    found = sampled(10_000)
    rows = happening(found)
    kinds = Counter(row.kind for row in rows)
    names = Counter(row.name for row in rows if row.kind == "bill")
    visits = kinds["bill"] - names["inpatient"]
    assert 80_000 < visits < 100_000
    deaths = [tables.DEATHS[tables.group_of(years_between(each.birth, FIRST))] for each in found]
    days = (LAST - FIRST).days + 1
    near(kinds["closing"], 10_000, sum(deaths) * days, 10_000 * 10_000 * 365)
    near(kinds["moves"], 10_000, tables.MOVES * days, 10_000 * 365)
    stays = {row.account for row in rows if row.name == "inpatient"}
    old = {each.account for each in found if years_between(each.birth, FIRST) >= 60}
    many = sum(1 for account in stays if account in old) * (10_000 - len(old))
    few = sum(1 for account in stays if account not in old) * len(old)
    assert many > 2 * few
    amounts = sorted(row.amount_fen or 0 for row in rows if row.kind == "bill")
    assert sum(amounts) // len(amounts) > 3 * amounts[len(amounts) // 2]
    assert 40 * sum(amounts[-len(amounts) // 100 :]) > 10 * sum(amounts)


def test_retirement_is_said_on_its_day() -> None:
    found = sampled(5000)
    said = {row.account: row for row in happening(found) if row.facts and "retired" in row.facts}
    due = {each.account: each for each in found if FIRST < each.retires <= LAST}
    assert due and said.keys() <= due.keys()
    assert all(said[account].date == due[account].retires for account in said)
    closed = {row.account for row in happening(found) if row.kind == "closing"}
    assert due.keys() - said.keys() <= closed


def test_what_rules_cannot_settle_is_left_out_and_nothing_else_changes() -> None:
    nothing = (False,) * len(tables.CLASSES)
    visits = tuple(place < tables.FIRST_STAY for place in range(len(tables.CLASSES)))
    menu = Menu(bills={False: visits, True: nothing}, family={False: nothing, True: nothing})
    strict = [evolve(home, menu=menu) for home in HOMES]
    persons = sampled(400)

    def left(homes: Sequence[Home]) -> Counter[EventRow]:
        rows = events(persons, FIRST, LAST, seed=7, homes=homes)
        return Counter(row._replace(id="", target=None) for row in rows if row.kind != "void")

    whole, few = left(HOMES), left(strict)
    assert few <= whole
    retired = {each.account: each.retires for each in persons}
    for row in whole - few:
        assert row.kind == "bill"
        assert row.name == "inpatient" or row.relation or row.date >= retired[row.account]


def test_days_that_make_no_sense() -> None:
    (person,) = sampled(1)
    with pytest.raises(ValueError, match="is before"):
        events_of(person, LAST, FIRST, seed=1, homes=HOMES)


# ── files and rules ──


def rules_of(regions: Sequence[str]) -> tuple[RuleBook, tuple[Home, ...]]:
    named = [(region, "") for region in regions]
    rules, uses = chosen(read(rules_text(regions, ())), named, FIRST, LAST)
    again = read(rules_text(regions, uses))
    assert again.uses == rules.uses
    return again, homes_of(again, named, FIRST, LAST)


def written(
    folder: Path, rules: RuleBook, homes: Sequence[Home], format: str, count: int
) -> tuple[str, str]:
    persons = list(people(count, seed=3, homes=homes, on=FIRST))
    columns = people_columns(rules.book)
    paths = [str(folder / f"{name}.{format}") for name in ("people", "events")]
    rows = (people_row(each, columns, homes) for each in persons)
    write_rows(paths[0], rows, columns, format, SCHEMA)
    cells = (event_cells(row, format)
             for row in events(persons, FIRST, LAST, seed=3, homes=homes))  # fmt: skip
    write_rows(paths[1], cells, event_columns(format), format, FORM.schema)
    return paths[0], paths[1]


def test_files_are_read_back_alike_in_every_format(tmp_path: Path) -> None:
    rules, homes = rules_of(["济南", "深圳", "重庆"])
    found = []
    for format in ("csv", "jsonl", "parquet"):
        persons, happened = written(tmp_path, rules, homes, format, 150)
        people_rows = list(read_people(persons, rules.book))
        event_rows = list(read_events(happened, rules.book))
        assert [row.problem for row in people_rows if row.problem] == []
        assert [row.problem for row in event_rows if row.problem] == []
        found.append([
            [(row.account, row.region, row.known.scenario) for row in people_rows],
            [(row.account, row.event.content()) for row in event_rows if row.event],
        ])  # fmt: skip
    assert found[0] == found[1] == found[2]
    assert len(found[0][0]) == 150 and len(found[0][1]) > 1000


@pytest.mark.parametrize("regions", [["济南", "武汉"], ["北京", "成都", "扬州"]])
def test_rules_refuse_nothing_that_stems_from_the_data(tmp_path: Path, regions: list[str]) -> None:
    """Only credits are refused, where the rules themselves know none; and that is foreseen."""
    rules, homes = rules_of(regions)
    persons, happened = written(tmp_path, rules, homes, "csv", 400)
    refused: list[Refused] = []
    with Rejects("", allowed=False) as rejects, Rejects("", allowed=False) as bad_people:
        files = Files(persons, happened)
        for kept in file_accounts(Keeper(rules), files, Frame(FIRST, LAST), rejects, bad_people):
            assert kept.ledger is not None
            refused += kept.refused
    assert rejects.rejected == bad_people.rejected == 0
    foreseen = {home.region: home.menu.credits for home in homes}
    codes = {code for menu in foreseen.values() for each in menu.values() for code in each}
    for each in refused:
        assert each.settlement is not None and each.settlement.kind == "due credit"
        # In the month in which somebody retires a region may have no rule, or two.
        assert each.why.code in codes | {"YB402", "YB403", "YB410"}, each.why


def test_versions_are_chosen_where_sources_disagree() -> None:
    rules, uses = chosen(read(rules_text(["北京"], ())), [("北京", "")], FIRST, LAST)
    assert uses == [("北京", "month after"), ("北京", "BJ")]
    named = homes_of(rules, [("beijing", "")], FIRST, LAST)
    assert [home.region for home in named] == ["北京"]
    assert named[0].menu.credits == {False: (), True: ()}
    assert places(read("include 济南\nregion 甲市 under 济南")) == ["甲市"]
