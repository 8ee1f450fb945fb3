"""Accounts of five years with some sixty events each, and their rules: as sentences, and by hand.

Credits, and bills of three levels of hospitals; a deductible and a cap for all levels together;
interest for each day; this year's bucket is carried over. The same accounts each time.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from yibaolang.engine.events import Event

REGION = "somewhere"
LEVELS = ("", "primary", "secondary", "tertiary")
_RATES = (0, 9000, 8500, 8000)
_BOUNDS = "above 650元 per year over all levels up to 150000元 per year over all levels"
_COVERS = "\n".join(
    f"cover {rate // 100}% of inpatient at {level} {_BOUNDS}"
    for level, rate in zip(LEVELS[1:], _RATES[1:], strict=True)
)
RULES = f"""
region {REGION}
phases earning then carrying then crediting, adjusting, paying then ending
interest 0.35% yearly of current on daily balance posted on 01-01 to carried
interest 2.75% yearly of carried on daily balance posted on 01-01
carry current into carried on 01-01
{_COVERS}
allow inpatient for self
draw current then carried, rest to cash
"""
FIRST, LAST = date(2021, 1, 1), date(2026, 1, 1)
_FIRST = FIRST.toordinal()
_DAYS = LAST.toordinal() - _FIRST
_NEVER = 1 << 30
_NEW_YEARS = [date(year, 1, 1).toordinal() for year in range(2022, 2027)]
_DEDUCTIBLE, _CAP = 65_000, 15_000_000
_CURRENT_RATE, _CARRIED_RATE = 35, 275
_WORD = (1 << 64) - 1


class Raw(NamedTuple):
    """An event as numbers: its day, 0 for a credit or the level of a bill, and fen."""

    day: int
    level: int
    fen: int


class Outcome(NamedTuple):
    """What became of an account: its buckets, and in all what was paid in cash and by the fund."""

    current: int
    carried: int
    cash: int
    fund: int


def raw_events(account: int) -> list[Raw]:
    """The 50 to 70 events of an account, in order; those of a day in the order of the list."""
    word = (account * 0x9E3779B97F4A7C15 + 12345) & _WORD
    count = 50 + (word >> 40) % 21
    found = []
    for index in range(count):
        word = (word * 6364136223846793005 + 1442695040888963407) & _WORD
        one, other = word >> 33, (word >> 20) & 0x1FFF
        day = _FIRST + (index * _DAYS + one % _DAYS) // count
        choice = one % 100
        level = 0 if choice < 60 else 1 if choice < 85 else 2 if choice < 95 else 3
        fen = 5000 + other * 4 if choice < 60 else 3000 + other * other // 700 * (1 + one % 23)
        found.append(Raw(day, level, fen))
    return found


def by_hand(events: Sequence[Raw]) -> Outcome:
    """The rules in integer Python, as one would write them for speed."""
    current = carried = deducted = paid = current_days = carried_days = cash = funded = 0
    last, year, new_year = _FIRST, 0, _NEW_YEARS[0]
    for day, level, fen in (*events, (_NEW_YEARS[-1], 0, 0)):
        while day >= new_year:
            passed = new_year - last
            earned = (current_days + current * passed) * _CURRENT_RATE
            earned += (carried_days + carried * passed) * _CARRIED_RATE
            carried += current + (earned * 2 + 3_650_000) // 7_300_000
            current = deducted = paid = current_days = carried_days = 0
            last = new_year
            year += 1
            new_year = _NEW_YEARS[year] if year < len(_NEW_YEARS) else _NEVER
        passed = day - last
        current_days += current * passed
        carried_days += carried * passed
        last = day
        if level == 0:
            current += fen
            continue
        below = min(fen, _DEDUCTIBLE - deducted)
        deducted += below
        fund = min(((fen - below) * _RATES[level] * 2 + 10_000) // 20_000, _CAP - paid)
        paid += fund
        own = fen - fund
        drawn = min(own, current)
        current -= drawn
        own -= drawn
        drawn = min(own, carried)
        carried -= drawn
        cash += own - drawn
        funded += fund
    return Outcome(current, carried, cash, funded)


def events_of(raws: Sequence[Raw]) -> list[Event]:
    """The events of the language."""
    found = []
    for seq, (ordinal, level, fen) in enumerate(raws):
        day = date.fromordinal(ordinal)
        kind, name = ("bill", "inpatient") if level else ("credit", "current")
        found.append(Event(kind, day, day, f"e{seq}", seq, name, fen, level=LEVELS[level]))
    return found


def csv_lines(accounts: int) -> Iterator[str]:
    """A file of events."""
    yield "# yibao events 1\naccount,id,date,seq,kind,name,amount_fen,level\n"
    for account in range(accounts):
        for seq, (ordinal, level, fen) in enumerate(raw_events(account)):
            day = date.fromordinal(ordinal).isoformat()
            what = f"bill,inpatient,{fen},{LEVELS[level]}" if level else f"credit,current,{fen},"
            yield f"{account:07},e{seq},{day},{seq},{what}\n"


def beancount_lines(accounts: int) -> Iterator[str]:
    """As many transactions of plain-text accounting, with two postings or four."""
    opened = FIRST.isoformat()
    for name in ("Income:Credit", "Income:Fund", "Expenses:Care", "Expenses:Own"):
        yield f"{opened} open {name} CNY\n"
    for account in range(accounts):
        for bucket in ("Current", "Carried"):
            yield f"{opened} open Assets:P{account:05}:{bucket} CNY\n"
    every = (
        (day, account, seq, level, fen)
        for account in range(accounts)
        for seq, (day, level, fen) in enumerate(raw_events(account))
    )
    for ordinal, account, seq, level, fen in sorted(every):
        bucket = f"Assets:P{account:05}:Current"
        if level:
            fund = fen * 9 // 10
            drawn = (fen - fund) // 2
            moved = [("Expenses:Care", fen), ("Income:Fund", -fund), (bucket, -drawn)]
            moved.append(("Expenses:Own", drawn + fund - fen))
        else:
            moved = [(bucket, fen), ("Income:Credit", -fen)]
        yield f'\n{date.fromordinal(ordinal)} * "P{account:05}" "e{seq}"\n'
        for name, amount in moved:
            sign = "-" if amount < 0 else ""
            yield f"  {name}  {sign}{abs(amount) // 100}.{abs(amount) % 100:02} CNY\n"
