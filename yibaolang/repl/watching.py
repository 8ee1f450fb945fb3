"""Files that are saved while a session is open: marked, and read again if that is wanted."""

import os
from collections.abc import Iterable

from yibaolang.repl.talking import Talk
from yibaolang.session.loaded import stamp_of
from yibaolang.session.replies import Said, Tabled

_Stamps = tuple[tuple[str, tuple[int, int]], ...]
_GONE = (0, 0)


class Watch:
    """The files of a conversation on disk; `look` at them now and then.

    `changed` are those that are not as they were when they were read.
    """

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.changed: tuple[str, ...] = ()
        self._now: _Stamps = ()
        self._before: _Stamps = ()
        self._tried: _Stamps = ()

    def look(self) -> bool:
        """Look at the files; whether other ones than before are changed now."""
        before = self.changed
        self.changed = self.talk.session.changed_files
        self._before = self._now
        self._now = tuple((path, stamp_of(path)) for path in self.changed)
        return self.changed != before

    def due(self) -> bool:
        """Whether files are to be read again: saved, still so, and not tried already.

        An editor that saves takes the file away and puts another one there, so a file that is
        gone gets until the next look to come back.
        """
        if self.talk.session.settings.watch != "on" or not self._now:
            return False
        gone = any(stamp == _GONE for _, stamp in self._now)
        return self._now != self._tried and not (gone and self._now != self._before)

    def read_again(self) -> None:
        """Read the files again, and tell the last answer anew; or what is wrong with them."""
        self._tried = self._now
        self.talk.guarded(self._read_again)
        self.look()

    def _read_again(self) -> None:
        replies = list(self.talk.session.take(".reload"))
        # The command tells the last answer in any case, and last what is different about it.
        if len(replies) > 1 and not isinstance(replies[-1], Tabled):
            del replies[1:]
        for each in replies:
            self.talk.tell(each)
        if not all(each.ok for each in replies):
            self.talk.tell(Said(self.talk.say("not_read_again")))


def file_list(files: Iterable[str], changed: Iterable[str]) -> list[str]:
    """Files by their last parts, a star after those that changed on disk.

    Changed ones that nobody named, as those that are included, follow.

    >>> file_list(["rules/a.yb", "b.yb"], [os.path.realpath("b.yb"), "c.yb"])
    ['a.yb', 'b.yb*', 'c.yb*']
    """
    waiting = dict.fromkeys(os.path.realpath(each) for each in changed)
    found = []
    for each in files:
        mark = "*" if os.path.realpath(each) in waiting else ""
        waiting.pop(os.path.realpath(each), None)
        found.append(os.path.basename(each) + mark)
    return [*found, *(f"{os.path.basename(each)}*" for each in waiting)]
