"""A dot alone brings up the commands while it is typed; a blank line brings up nothing."""

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from yibaolang.repl.completing import Completions
from yibaolang.session.session import Session


@pytest.mark.parametrize(
    ("typed", "offered"), [(".", True), ("\u3002", True), ("credit 5元\n.", True), ("", False)]
)
def test_while_typing(typed: str, offered: bool) -> None:
    event = CompleteEvent(text_inserted=True)
    found = list(Completions(Session()).get_completions(Document(typed), event))
    assert bool(found) is offered
    assert all(each.start_position == 0 for each in found)
