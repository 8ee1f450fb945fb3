"""A session's text in the user's editor."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator

from attrs import evolve

from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.session.commands import Misuse
from yibaolang.session.context import Context
from yibaolang.session.loaded import load
from yibaolang.session.replies import Answered, Ran, Read, Refused, Reply, Said
from yibaolang.session.script import NAME, Script
from yibaolang.session.session import Session
from yibaolang.session.state import State, made
from yibaolang.session.texts import count_of, say


def edited(text: str) -> str:
    """A text after the user has edited it in $VISUAL or $EDITOR.

    Misuse without an editor, or if it fails; Refusal YB043 for what is no UTF-8.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    if not command.strip():
        raise Misuse("no_editor")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, f"{NAME}.yb")
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        try:
            done = subprocess.run([*shlex.split(command), path], check=False)
        except OSError as error:
            reason = error.strerror or ""
            raise Misuse("editor_missing", editor=command, reason=reason) from error
        except ValueError as error:
            raise Misuse("editor_missing", editor=command, reason=str(error)) from error
        if done.returncode:
            raise Misuse("editor_failed", editor=command, code=done.returncode)
        try:
            with open(path, encoding="utf-8-sig") as file:
                return file.read()
        except UnicodeDecodeError as error:
            raise Refusal(diagnostic("YB043", None, path=f"{NAME}.yb")) from error


def taken_instead(session: Session, text: str) -> Iterator[Reply]:
    """Take a text instead of what was typed so far: all of it, or nothing if a part is refused.

    It is read from its beginning, as if it was typed into a session that has the same files.
    Told are questions that were not there before, and tests that fail.
    """
    lang, old = session.context.lang, session.state
    fresh = Session(lang=lang, today=session.today)
    files, script = load(session.files), Script.empty()
    fresh.state = State(files, script, made(files, script), Context(lang))
    replies = list(fresh.sentences(text))
    refused = [each for each in replies if isinstance(each, Refused)]
    if refused:
        yield Refused(tuple(found for each in refused for found in each.diagnostics))
        yield Said(say("edit_refused", lang))
        return
    asked = {old.script.text(each) for each in old.script.sentences()}
    context = old.context
    if context.person not in fresh.rules.book.persons:
        context = evolve(context, person=fresh.context.person)
    session.become(evolve(fresh.state, context=context))
    session.draft = ""
    count = len(fresh.state.script.sentences())
    yield Read(say("edited", lang, sentences=count_of("sentences", lang, count)))
    for each in replies:
        if isinstance(each, Answered):
            told = fresh.state.script.text(each.shown.sentence) not in asked
        else:
            told = isinstance(each, Ran) and not each.ok
        if told:
            yield each
