"""A session as a file: a script that gives the same answers when it is run."""

import os
from typing import TYPE_CHECKING

from attrs import evolve

from yibaolang.engine.files import replacing_text
from yibaolang.engine.rulebook import loaded
from yibaolang.language import syntax
from yibaolang.language.source import Source
from yibaolang.model.loading import Loader, library_files
from yibaolang.report.faults import system_reason
from yibaolang.session.commands import Misuse
from yibaolang.session.script import Script

if TYPE_CHECKING:
    from yibaolang.session.session import Session


def save(session: "Session", path: str, over: bool) -> int:
    """Write the session to a file at once or not at all; how many sentences the file has.

    Misuse if there is such a file and it is not to be written `over`, if the session has read it
    itself, if the session has read files outside its folder, which the file could not include, or
    if it cannot be written. Refusal if what would be written could not be read again.
    """
    if os.path.lexists(path) and not over:
        raise Misuse("file_exists", path=path)
    real = os.path.realpath(path)
    if any(real == read for read, _ in session.state.loaded.stamps):
        raise Misuse("file_in_use", path=path)
    folder = os.path.dirname(real)
    text = text_for(session, folder, path)
    loader = Loader()
    loader.text(Source.of(os.path.basename(path), text), folder)
    loaded(loader)
    try:
        with replacing_text(path) as file:
            file.write(text)
    except OSError as error:
        missing = path if os.path.isdir(folder) else folder
        reason = system_reason(OSError(error.errno, "", missing), session.context.lang)
        raise Misuse("not_saved", reason=reason) from error
    return len(loader.documents[-1].sentences)


def text_for(session: "Session", folder: str, path: str) -> str:
    """The session's text for a file in a folder: its files are included by their paths from there.

    Misuse for a file that is not in the folder, nor one of the library.
    """
    lines = [_including(each, folder, path) for each in session.files]
    script = _moved(session.state.script, folder, path)
    own = script.as_file()
    known = {line.strip() for line in own.split("\n")}
    lines += [each for each in session.state.loaded.included
              if '"' not in each and each not in known]  # fmt: skip
    return "".join(f"{line}\n" for line in dict.fromkeys(lines)) + own


def _moved(script: Script, folder: str, path: str) -> Script:
    """The same lines, whose includes are seen from a folder and not from here."""
    said = {
        each.span: _including(each.path, folder, path)
        for each in script.sentences()
        if isinstance(each, syntax.Include) and each.path
    }
    return evolve(script, said={**script.said, **said})


def _including(file: str, folder: str, path: str) -> str:
    """The sentence that includes a file from a folder."""
    real = os.path.realpath(file)
    region = next((name for name, each in library_files().items()
                   if os.path.realpath(each) == real), "")  # fmt: skip
    if region:
        return f"include {region}"
    if not real.startswith(os.path.join(folder, "")):
        raise Misuse("outside_folder", file=file, path=path, folder=_above(real, folder))
    return f'include "{os.path.relpath(real, folder).replace(os.sep, "/")}"'


def _above(file: str, folder: str) -> str:
    """The nearest folder that has both a file and a folder in it; on another drive the file's."""
    beside = os.path.dirname(file)
    try:
        return os.path.commonpath([beside, folder])
    except ValueError:
        return beside
