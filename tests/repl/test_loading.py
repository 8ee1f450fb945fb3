"""What was loaded is not looked through for garbage, so that many rules are asked quickly."""

import gc

from tests.repl.conftest import Shown
from yibaolang.repl.talking import Talk
from yibaolang.session.session import Session


def test_what_was_loaded_is_kept_aside() -> None:
    talk = Talk(Session(), Shown())
    before = gc.get_freeze_count()
    try:
        talk.run("credit 5元")
        assert gc.get_freeze_count() == before
        talk.run("include 山东")
        assert gc.get_freeze_count() > before + 1_000
    finally:
        gc.unfreeze()


def test_where_nobody_looks_for_garbage_nothing_is_kept_aside() -> None:
    talk = Talk(Session(), Shown())
    before = gc.get_freeze_count()
    gc.disable()
    try:
        talk.run("include 山东")
        assert gc.get_freeze_count() == before
    finally:
        gc.enable()
