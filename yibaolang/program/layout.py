"""The layout of an account's state: one cell, an int, for each thing that is kept over time."""

from attrs import define, field, frozen

BUCKET, RECEIVABLE, COUNTER, COUNT, INTEREST, MINIMUM, TOTAL = (
    "bucket", "receivable", "counter", "count", "interest", "minimum", "total",
)  # fmt: skip
"""Kinds of cells: fen of a bucket; fen owed; fen that a counter has used; how many bills there
were; interest not yet posted, as a numerator; the least balance of the month; fen moved by a kind
of posting."""

POSTINGS = (
    "opening", "credit", "deduct", "fund", "draw", "cash", "interest", "carry", "correction",
    "adjust", "repaid", "close",
)  # fmt: skip
"""Every kind of posting."""


@frozen
class Cell:
    """What a cell keeps. `period` is per_year, per_month, per_lifetime or "" (never reset).

    `name` is the bucket, the counter (`label` is its own name, or ""), the category or the kind of
    posting; `region` is where it counts, or "".
    """

    kind: str
    name: str
    region: str = ""
    period: str = ""
    label: str = ""


@define(eq=False)
class Layout:
    """The cells by index; more come as more plans are made.

    >>> layout = Layout()
    >>> layout.index(Cell(BUCKET, "current")), layout.index(Cell(BUCKET, "carried"))
    (0, 1)
    >>> layout.index(Cell(BUCKET, "current"))
    0
    """

    cells: list[Cell] = field(factory=list)
    _indexes: dict[Cell, int] = field(factory=dict)
    _named: dict[tuple[str, str], int] = field(factory=dict)
    _listed: dict[tuple[int, str], list[int]] = field(factory=dict)
    _accounts: list[tuple[int, str]] = field(factory=list)

    def index(self, cell: Cell) -> int:
        """The index of a cell, which is added if it is new."""
        found = self._indexes.get(cell)
        if found is None:
            found = self._indexes[cell] = len(self.cells)
            self.cells.append(cell)
            if cell.kind in (BUCKET, RECEIVABLE):
                self._accounts.append((found, cell.name))
        return found

    def _of_name(self, kind: str, name: str) -> int:
        found = self._named.get((kind, name))
        if found is None:
            found = self._named[(kind, name)] = self.index(Cell(kind, name))
        return found

    def bucket(self, name: str) -> int:
        """The cell of a bucket."""
        return self._of_name(BUCKET, name)

    def has_bucket(self, name: str) -> bool:
        """Whether an account is a bucket."""
        return (BUCKET, name) in self._named

    def receivable(self) -> int:
        """The cell of what the holder owes."""
        return self._of_name(RECEIVABLE, "receivable")

    def total(self, kind: str) -> int:
        """The cell of what a kind of posting has moved."""
        return self._of_name(TOTAL, kind)

    def resetting(self, period: str) -> list[int]:
        """The cells that begin anew with a period."""
        key = len(self.cells), period
        found = self._listed.get(key)
        if found is None:
            cells = enumerate(self.cells)
            found = self._listed[key] = [at for at, cell in cells if cell.period == period]
        return found

    def accounts(self) -> list[tuple[int, str]]:
        """The cells of buckets and of the receivable, with their names."""
        return self._accounts

    def of_kind(self, kind: str) -> list[tuple[int, Cell]]:
        """The cells of a kind with their indexes."""
        return [(index, cell) for index, cell in enumerate(self.cells) if cell.kind == kind]
