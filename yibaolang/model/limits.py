"""The bounds within which every document, literal and run must stay, in one object."""

from attrs import asdict, frozen


@frozen
class Limits:
    """The largest sizes the language accepts; what goes one past a bound is a diagnostic.

    Each bound is inclusive: a literal with `integer_digits` digits is accepted, one more is not.
    The terms of a sum have no bound of their own (a sum of 5,000 terms must run); the tokens of
    a source bound them.

    `source_bytes` and `tokens` are those of one file. They leave room for a region file of
    30,000 lines, which is real: a rate table of every level, category and year of a province
    has that size, and at 1 MiB or 100,000 tokens it would be refused before it was read.

    Raises ValueError when a bound is not positive or the years are out of order.

    >>> LIMITS.integer_digits
    15
    >>> Limits(nesting=0)
    Traceback (most recent call last):
        ...
    ValueError: the limit nesting must be at least 1, not 0
    """

    source_bytes: int = 4 * 1_048_576
    tokens: int = 1_000_000
    nesting: int = 100
    integer_digits: int = 15
    decimals: int = 6
    first_year: int = 1900
    last_year: int = 2200
    string_bytes: int = 4096
    include_depth: int = 16
    include_files: int = 256
    steps_per_event: int = 100_000
    trace_lines: int = 10_000
    diagnostics: int = 30

    def __attrs_post_init__(self) -> None:
        """Refuse bounds that nothing could satisfy."""
        for name, bound in asdict(self).items():
            if bound < 1:
                raise ValueError(f"the limit {name} must be at least 1, not {bound}")
        if self.first_year > self.last_year:
            raise ValueError(f"first_year {self.first_year} is after last_year {self.last_year}")


LIMITS = Limits()
