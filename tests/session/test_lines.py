"""Places say the line of what was typed: commands, blank lines and what was refused count, too."""

import pytest

from yibaolang.session.replies import Refused
from yibaolang.session.session import Session

TYPED = """# a file
credt 5

.lang en
.date 2024-06
retired credit 5元
age?
person Li: retired
.use nowhere
show credit
.undo
show credt
# and more
   show credit of Lii
"""


def lines_of(session: Session, text: str) -> list[int]:
    """The lines on which what was refused stands."""
    return [
        each.place.line
        for reply in session.run(text)
        if isinstance(reply, Refused)
        for each in reply.diagnostics
        if each.place is not None
    ]


def test_in_one_text() -> None:
    assert lines_of(Session(), TYPED) == [2, 12, 14]


@pytest.mark.parametrize("blank", [True, False])
def test_line_by_line(blank: bool) -> None:
    session = Session()
    lines = [each for each in TYPED.splitlines() if blank or each]
    found = [number for each in lines for number in lines_of(session, each)]
    assert found == [2, 11, 13]


def test_what_a_command_writes_stands_on_its_line() -> None:
    session = Session()
    assert lines_of(session, "1元\n.explain crdit\n.why crdit\ncredt") == [2, 3, 4]


def test_the_script_has_no_line_for_a_command() -> None:
    session = Session()
    list(session.run(".lang en\ncredit 5元\n.date 2024\n# why\ndeduct 1元"))
    assert session.script == "credit 5元\n# why\ndeduct 1元\n"


def test_lines_go_on_after_an_edit_that_has_more(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    list(session.run("credit 5元"))
    monkeypatch.setattr(
        "yibaolang.session.commands_files.edited", lambda text: f"# one\n# two\n{text}"
    )
    assert all(reply.ok for reply in session.run(".edit"))
    assert lines_of(session, "credt") == [4]
