"""Every worked number of cases.toml, through the public interface."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import yibaolang

_TABLE = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))
_CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in _TABLE["case"]}
_DIFFERENCES: list[dict[str, str]] = _TABLE["difference"]
_WHEN = ("on", "in_year", "first", "last")


@cache
def _library() -> yibaolang.RuleBook:
    return yibaolang.library()


def _result(case: dict[str, Any]) -> yibaolang.Result:
    when = {key: case[key] for key in _WHEN if key in case}
    return _library().figure(
        case["figure"],
        region=case["region"],
        version=case.get("version", ""),
        given=case["given"],
        **when,
    )


def _fen(amount: str) -> int:
    yuan, fen = amount.removesuffix("\u5143").split(".")
    return int(yuan) * 100 + int(fen)


@pytest.mark.parametrize(
    "case", [each for each in _CASES.values() if "expect" in each], ids=lambda case: case["id"]
)
def test_figure(case: dict[str, Any]) -> None:
    assert str(_result(case)) == case["expect"], case["row"]


@pytest.mark.parametrize(
    "case", [each for each in _CASES.values() if "refused" in each], ids=lambda case: case["id"]
)
def test_refusal(case: dict[str, Any]) -> None:
    with pytest.raises(yibaolang.Refusal) as caught:
        _result(case)
    assert caught.value.diagnostics[0].code == case["refused"], case["row"]


@pytest.mark.parametrize("difference", _DIFFERENCES, ids=lambda difference: difference["row"])
def test_difference(difference: dict[str, str]) -> None:
    more, less = (_result(_CASES[difference[key]]) for key in ("more", "less"))
    assert more.fen - less.fen == _fen(difference["expect"])


def test_cases_are_well_formed() -> None:
    assert len(_CASES) == len(_TABLE["case"])
    for case in _CASES.values():
        assert ("expect" in case) != ("refused" in case), case["id"]
        assert set(case) <= {
            "id", "row", "figure", "region", "version", "given", "expect", "refused", "note", *_WHEN
        }, case["id"]  # fmt: skip
        asked = tuple(key for key in _WHEN if key in case)
        assert asked in (("on",), ("in_year",), ("first", "last")), case["id"]
        for key in ("first", "last"):
            date.fromisoformat(case.get(key, "2024-01-01"))
