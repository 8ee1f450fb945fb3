"""What the pages about populations say of options is what the command has."""

import re
from pathlib import Path

import pytest

from yibaolang.cli.arguments import COMMANDS

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("name", ["population.md", "population.zh.md"])
def test_every_option_is_in_the_table(name: str) -> None:
    text = (DOCS / name).read_text("utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    told = set(re.findall(r"--([a-z-]+)", " ".join(rows)))
    assert told == set(COMMANDS["population"].options)
