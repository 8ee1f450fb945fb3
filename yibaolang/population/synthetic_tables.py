"""The figures behind synthetic people, for trying things out; docs/synthetic.md says whence.

Shares are parts of 10,000, amounts are in fen, census counts in 10,000 persons.
"""

from yibaolang.population.synthetic_draws import WHOLE, Quantiles

BANDS = (
    (20, 3968, 3527, 5500), (25, 4816, 4369, 10000), (30, 6387, 6027, 10000),
    (35, 5093, 4808, 10000), (40, 4763, 4532, 10000), (45, 5819, 5603, 10000),
    (50, 6111, 6006, 10000), (55, 5082, 5058, 10000), (60, 3687, 3651, 8500),
    (65, 3634, 3767, 7500), (70, 2416, 2543, 7000), (75, 1475, 1649, 6500),
    (80, 911, 1127, 6000), (85, 442, 641, 5000), (90, 130, 235, 4000), (95, 26, 68, 4000),
)  # fmt: skip
"""Five years of age each: their first, men and women of the Seventh National Population Census
(2020), and how many of 10,000 of them have an account, which is an illustration. The sexes from 75
on are one too; the sums are the census's."""

BAND_YEARS = 5

WOMEN_AT_55 = 4500
"""Women whose retirement age was 55, and not 50: an illustration."""

ENTRY_YEARS = (18, 27)
"""Between which ages people begin to pay in, both included."""

PLACES = {
    "北京": (2189, 150), "上海": (2487, 145), "重庆": (3205, 92), "成都": (2094, 102),
    "广州": (1868, 125), "深圳": (1756, 135), "武汉": (1233, 105), "西安": (1295, 95),
    "郑州": (1260, 88), "杭州": (1194, 125), "苏州": (1275, 115), "南京": (931, 125),
    "长沙": (1005, 98), "青岛": (1007, 104), "济南": (920, 103), "无锡": (746, 115),
    "常州": (528, 108), "扬州": (456, 95), "厦门": (516, 105), "贵阳": (599, 95),
    "昆明": (846, 95), "兰州": (436, 90), "湛江": (698, 82), "山东": (10153, 92),
    "甘肃": (2502, 85), "广东": (12601, 110), "贵州": (3856, 86), "云南": (4721, 88),
}  # fmt: skip
"""Regions of the library: people of the census of 2020, and wages in per cent of the national
ones, which are an illustration."""

PROVINCES = ("山东", "甘肃", "广东", "贵州", "云南")
"""Those of the places that others are in."""

ELSEWHERE = (500, 100)
"""The same of a region that is not among them."""


def _yuan(*points: tuple[int, int]) -> Quantiles:
    return Quantiles.of([(part, yuan * 100) for part, yuan in points])


BASES = _yuan(
    (0, 3900), (1000, 4300), (2500, 5300), (5000, 7600), (7500, 11400), (9000, 17500),
    (9700, 25500), (10000, 36600),
)  # fmt: skip
"""Monthly contribution bases; multiplied by a region's wages."""

PENSIONS = _yuan(
    (0, 1500), (1000, 2350), (2500, 2850), (5000, 3450), (7500, 4600), (9000, 6600),
    (9900, 10500), (10000, 16000),
)  # fmt: skip
"""Monthly pensions; multiplied by a region's wages."""

BALANCES = _yuan(
    (0, 0), (1500, 20), (4000, 900), (7000, 5200), (9000, 16000), (9900, 48000), (10000, 120000)
)
"""What is in an account when it is opened in the ledger."""

BROKEN = Quantiles.of([(0, 0), (6000, 0), (8500, 12), (9700, 60), (10000, 120)])
"""Months in which nothing was paid in."""

HABITS = Quantiles.of([
    (0, 0), (2000, 10), (5000, 60), (8000, 140), (9500, 280), (9900, 600), (10000, 1300),
])  # fmt: skip
"""How often somebody is ill or buys drugs, in per cent of the mean of those of the same age."""

AGES = (20, 40, 50, 60, 70, 80)
"""The first age of each of the groups below."""

VISITS = (55, 85, 115, 150, 185, 185)
"""Visits and purchases of a group, in per cent of the mean of all."""

STAYS = (800, 950, 1500, 3200, 5200, 7000)
"""Who goes to hospital in a year."""

DEATHS = (6, 15, 40, 100, 280, 1100)
"""Who dies in a year; close to the tables of mortality of insurers, and an illustration."""

MOST_STAYS = 6
MOVES, LATE, VOIDED, TAKEN_BACK, FAMILY = 80, 100, 30, 60, 500
"""Of accounts in a year: moves. Of bills: those handed in late, and those voided. Of accounts:
those from which something is taken back, and those that relatives may use."""

CLASSES = (
    ("drugs", "pharmacy"), ("outpatient", "primary"), ("outpatient", "secondary"),
    ("outpatient", "tertiary"), ("outpatient", "pharmacy"), ("vaccine", "primary"),
    ("checkup", "secondary"), ("inpatient", "primary"), ("inpatient", "secondary"),
    ("inpatient", "tertiary"),
)  # fmt: skip
"""Every kind of bill: its category, and the level of the institution."""

FIRST_STAY = 7
"""From here on CLASSES are stays."""

VISIT_WEIGHTS = (
    (4800, 1500, 1100, 1900, 400, 150, 150),
    (4500, 1800, 1100, 1950, 400, 50, 200),
    (4000, 2500, 1200, 1900, 300, 40, 60),
)
"""How often each class before the stays is met below 40, below 60, and later."""

STAY_WEIGHTS = (15, 35, 50)

_VISIT = (
    (0, 500), (500, 1800), (2500, 6200), (5000, 11000), (7500, 21000), (9000, 40000),
    (9900, 130000), (9990, 420000), (10000, 1200000),
)  # fmt: skip
_STAY = (
    (0, 60000), (500, 240000), (2500, 640000), (5000, 1050000), (7500, 1750000), (9000, 3200000),
    (9900, 10500000), (9990, 24000000), (10000, 60000000),
)  # fmt: skip


def _scaled(points: tuple[tuple[int, int], ...], per_cent: int) -> Quantiles:
    return Quantiles.of([(part, amount * per_cent // 100) for part, amount in points])


AMOUNTS = (
    _scaled(_VISIT, 80), _scaled(_VISIT, 70), _scaled(_VISIT, 160), _scaled(_VISIT, 270),
    _scaled(_VISIT, 110), _scaled(_VISIT, 220), _scaled(_VISIT, 380),
    _scaled(_STAY, 28), _scaled(_STAY, 45), _scaled(_STAY, 85),
)  # fmt: skip
"""The amounts of each of CLASSES, with a long tail."""

NIGHTS = Quantiles.of([(0, 1), (500, 2), (5000, 7), (9000, 15), (9900, 30), (10000, 90)])
"""Days in hospital."""

DELAYS = Quantiles.of([(0, 1), (5000, 12), (9000, 60), (10000, 180)])
"""Days until a bill is handed in that is handed in late."""

DEBTS = _yuan((0, 60), (5000, 300), (9000, 1200), (10000, 5000))
"""What is repaid, of what is taken back."""

SHARE_TO_WHOLE = (6500, 8000, 9600, WHOLE)
"""What of a bill that the policy does not cover in full is within it: drawn between neighbours."""


def group_of(age: int) -> int:
    """The index of the age in AGES; ages below the first are in the first.

    >>> group_of(20), group_of(39), group_of(40), group_of(99)
    (0, 0, 1, 5)
    """
    return sum(1 for first in AGES[1:] if age >= first)
