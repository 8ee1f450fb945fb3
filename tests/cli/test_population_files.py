"""`yibao population --out`: the columns of what is written, in every format and on both engines."""

import json
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from tests.cli.conftest import Yibao

RULES = """region 甲市
active credit 2% of contribution_base
define share = pension / 97
"""


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
@pytest.mark.parametrize("engine", ["native", "reference"])
def test_numbers_with_denominators_have_their_columns(
    yibao: Yibao, folder: Path, kind: str, engine: str
) -> None:
    (folder / "rules.yb").write_text(RULES, "utf-8")
    (folder / "people.csv").write_text('account,pension\n1,97\n2,8\n"x,y",1\n4,\n', "utf-8")
    done = yibao(
        "population", "rules.yb", "--people", "people.csv", "--on", "2024-06", "--in", "甲市",
        "--figure", "share", "--out", f"out.{kind}", "--engine", engine,
    )  # fmt: skip
    assert (done.code, done.err) == (0, "")
    lines = (folder / f"out.{kind}").read_text("utf-8").splitlines()
    if kind == "csv":
        assert lines[1] == "account,share_numerator,share_denominator,share_refused"
        assert [each.count(",") for each in lines[2:]] == [3, 3, 4, 3]
    else:
        keys = {key for line in lines[1:] for key in json.loads(line)}
        assert keys == {"account", "share_numerator", "share_denominator", "share_refused"}


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_of_nobody_the_columns_are_written(yibao: Yibao, folder: Path, kind: str) -> None:
    (folder / "rules.yb").write_text(RULES, "utf-8")
    (folder / "people.csv").write_text("account,region\n", "utf-8")
    parquet.write_table(pyarrow.table({"account": pyarrow.array([], pyarrow.string())}),
                        folder / "people.parquet")  # fmt: skip
    for source in ("people.csv", "people.parquet"):
        done = yibao("population", "rules.yb", "--people", source, "--on", "2024-06", "--out",
                     f"out.{kind}")  # fmt: skip
        assert (done.code, done.err) == (0, "")
        names = ["account", "credit_fen", "credit_refused"]
        if kind == "parquet":
            assert parquet.read_table(f"out.{kind}").schema.names == names
        elif kind == "csv":
            lines = (folder / f"out.{kind}").read_text("utf-8").splitlines()
            assert lines[1:] == [",".join(names)]
