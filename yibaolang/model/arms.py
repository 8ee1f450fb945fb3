"""Rules ready to run: what is evaluated for a figure, and on which date each rule looks."""

from datetime import date

from yibaolang.model.core import Expr, Written, core_node
from yibaolang.model.holidays import Holidays


@core_node
class RuleInForce:
    """A rule as it is cited: its sentence, region, version and source."""

    written: Written
    region: str
    version: str
    since: date | None
    until: date | None
    cite: str
    attested: str
    because: str


@core_node
class When:
    """How often and on which day a rule posts, and on which date it looks.

    `frequency` is "", monthly, yearly or once. `day_kind` is none, day (of the month), by_day (no
    later than), monthday or word; `month`, `day`, `word` belong to it. `assessed` is a date word
    or "". `year_month`, `year_day`: the first day of the insurance year. With `holidays` it
    posts on the last working day up to that day.
    """

    frequency: str
    day_kind: str
    month: int
    day: int
    word: str
    assessed: str
    year_month: int
    year_day: int
    holidays: Holidays | None


@core_node
class Prorated:
    """The share of the insurance year's months from the month of a date, or from the one after."""

    month_after: bool
    start: Expr


@core_node
class Rounding:
    """The region's rounding of posted amounts."""

    mode: str
    unit_fen: int
    rule: RuleInForce


@core_node
class Arm:
    """One rule of a figure: if `guard` holds (None: always), `amount`, rounded.

    Exactly one arm of a stream may remain; an exception beats the others. `amount` may be an
    Absent (not applicable or unknown, with the rule's reason). `rounding` is None for no money
    (the end of a waiting period).
    """

    guard: Expr | None
    amount: Expr
    exception: bool
    stream: str
    bucket: str
    when: When
    prorated: Prorated | None
    rounding: Rounding | None
    rule: RuleInForce


@core_node
class FigurePlan:
    """What a plan has for a figure: the arms, over the slots of a frame.

    The plan holds from `since` to `until`, both inclusive; None is open. `slots` are the names of
    inputs, params and definitions by slot; slots of the date words come first, see `frame`.
    `exclusive` is False for deductions: all that apply are taken.
    """

    figure: str
    region: str
    since: date | None
    until: date | None
    arms: tuple[Arm, ...]
    slots: tuple[str, ...]
    exclusive: bool
