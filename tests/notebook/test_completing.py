"""Completion in cells of yibao, by IPython's own completer."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from tests.notebook.shells import completed, printed

PENSION = "\u5e73\u5747\u517b\u8001\u91d1"
ZHANG = "\u5f20\u4e09\u4e30"
OF_PENSION = "%%yibao\nage >= 70 credit 2.5% of "


@pytest.mark.parametrize(
    ("typed", "completion"),
    [
        ("%%yibao\nshow cred", "%%yibao\nshow credit"),
        ("%%yibao --quiet\nperson Li: age = 3\nshow credit of ", None),
        (OF_PENSION + "pjylj", OF_PENSION + PENSION),
        ("%%yibao\n.la", "%%yibao\n.lang"),
        ("%yibao show cred", "%yibao show credit"),
        ("x = 1\ny = %yibao --to z show cred", "x = 1\ny = %yibao --to z show credit"),
        ("%%yibao --l", "%%yibao --lang"),
        ("%%yibao --lang ", "%%yibao --lang zh"),
        ("%%yibao --lang z", "%%yibao --lang zh"),
        ("%%yibao --new --lang zh --q", "%%yibao --new --lang zh --quiet"),
        ("\n%%yibao\nshow cred", "\n%%yibao\nshow credit"),
    ],
)  # fmt: skip
def test_what_fits_is_offered(shell: InteractiveShell, typed: str, completion: str | None) -> None:
    found = completed(shell, typed)
    assert completion is None or completion in found
    assert all(each.startswith("%%yibao") or "yibao" in each for each in found)


def test_names_of_the_session_are_offered(shell: InteractiveShell) -> None:
    printed(shell, f"%%yibao\nperson {ZHANG}: age = 72")
    assert completed(shell, "%%yibao\nshow age of ") == [f"%%yibao\nshow age of {ZHANG}"]
    assert completed(shell, "%%yibao\nshow age of zsf") == [f"%%yibao\nshow age of {ZHANG}"]


def test_no_python_is_offered(shell: InteractiveShell) -> None:
    printed(shell, "zebra = 1")
    assert completed(shell, "%%yibao\nzebr") == ["%%yibao\nzebr"]
    assert "zebra" in completed(shell, "zebr")
    assert completed(shell, "%%yibaoo\nzebr") == ["%%yibaoo\nzebra"]


def test_what_it_is_stands_beside_it(shell: InteractiveShell) -> None:
    from IPython.core.completer import provisionalcompleter

    printed(shell, "%yibao --lang zh")
    with provisionalcompleter():
        text = OF_PENSION + "pjylj"
        (found,) = shell.Completer.completions(text, len(text))
    assert found.type == "\u53c2\u6570 · \u91d1\u989d"
