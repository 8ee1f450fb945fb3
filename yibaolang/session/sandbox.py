"""What a session may do that somebody else's users type into."""

from attrs import asdict, frozen


@frozen
class Sandbox:
    """Bounds of a session that reads and writes no files and starts no program.

    The library of regions may still be included: it travels with the package. Each bound is
    inclusive, and what goes past one is refused with YB045 or YB046. `input_bytes` are those of
    one call, `text_bytes` and `sentences` those of the whole session, `months` the longest time
    that a question may be about, `steps` how many definitions a name may be made of, each counted
    as often as it is used, and `undo` how many steps and inputs are remembered.

    >>> Sandbox(sentences=0)
    Traceback (most recent call last):
    ValueError: the bound sentences must be at least 1, not 0
    """

    input_bytes: int = 65_536
    text_bytes: int = 262_144
    sentences: int = 1_000
    months: int = 240
    steps: int = 10_000
    undo: int = 20

    def __attrs_post_init__(self) -> None:
        """Refuse bounds that nothing could satisfy."""
        for name, bound in asdict(self).items():
            if bound < 1:
                raise ValueError(f"the bound {name} must be at least 1, not {bound}")
