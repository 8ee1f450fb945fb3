"""Transcripts in documents: what is typed in them is typed at a screen, and the screen is shown."""

import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.screen.screen import CONTINUED, PROMPTS, Screen, new_user

# Wider and longer than any transcript, so that the terminal breaks no line.
_SIZE = (240, 150)


def inputs_of(transcript: str) -> Iterator[list[str]]:
    """What is typed in a transcript: the lines of each input."""
    typed: list[str] = []
    for line in transcript.splitlines():
        if line.startswith(PROMPTS):
            if typed:
                yield typed
            typed = [line.partition("> ")[2]]
        elif line.lstrip().startswith(CONTINUED):
            typed.append(line.partition(CONTINUED)[2])
    if typed:
        yield typed


def on_screen(command: str, transcript: str, folder: Path) -> str:
    """What a session of a new user shows when the inputs of a transcript are typed there."""
    home = folder / "home"
    kept = {name: os.environ[name] for name in ("LANG", "YIBAO_CACHE_DIR") if name in os.environ}
    with Screen(folder, new_user(home) | kept, shlex.split(command)[1:], _SIZE) as screen:
        screen.ready()
        for typed in inputs_of(transcript):
            screen.ask(*typed)
        lines = [f"$ {command}", *screen.above()]
    shutil.rmtree(home)
    return "".join(f"{line}\n" for line in lines)
