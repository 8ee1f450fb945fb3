"""How answers are shown; the names and values that `.set` takes."""

from attrs import evolve, frozen

from yibaolang.report.tables import FORMATS

SWITCH = ("on", "off")
CHOICES: dict[str, tuple[str, ...]] = {
    "output": FORMATS,
    "ambiguous": ("1", "2"),
    "fold": ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    "timer": SWITCH,
    "pager": SWITCH,
    "watch": SWITCH,
    "mouse": SWITCH,
    "keys": ("emacs", "vi"),
}
"""The values of each setting."""


@frozen
class Settings:
    """`output` is a format of tables; `ambiguous` the columns of a character that some fonts draw
    wide; `fold` the depth below which reasons are folded, "0" for none.

    The others are for a terminal: `timer`, `pager`, `watch` (load files again that were saved),
    `mouse`, `keys`.
    """

    output: str = "table"
    ambiguous: str = "1"
    fold: str = "2"
    timer: str = "off"
    pager: str = "on"
    watch: str = "off"
    mouse: str = "off"
    keys: str = "emacs"

    def with_value(self, name: str, value: str) -> "Settings":
        """The same with another value; KeyError for an unknown name, ValueError for a value.

        >>> Settings().with_value("output", "csv").output
        'csv'
        """
        if value not in CHOICES[name]:
            raise ValueError(f"{name} is one of {', '.join(CHOICES[name])}, not {value}")
        return evolve(self, **{name: value})
