"""What the keys of the prompt do, besides those of the editor that prompt-toolkit is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from prompt_toolkit.application import in_terminal, run_in_terminal
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import emacs_mode, has_focus, has_selection, vi_insert_mode
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.key_processor import KeyPressEvent
from prompt_toolkit.key_binding.vi_state import InputMode
from prompt_toolkit.keys import Keys

from yibaolang.repl import wording

if TYPE_CHECKING:
    from yibaolang.repl.prompt import Prompt

_Find = Callable[[str, int, frozenset[str]], int]


def bindings(prompt: "Prompt") -> KeyBindings:
    """All keys of a prompt."""
    keys = KeyBindings()
    _bind_input(keys, prompt)
    _bind_lines(keys)
    _bind_words(keys, prompt)
    _bind_functions(keys, prompt)
    return keys


# ── Enter, and pasting ──


def _bind_input(keys: KeyBindings, prompt: "Prompt") -> None:
    typing = has_focus(DEFAULT_BUFFER)

    @keys.add("enter", filter=typing)
    def _run(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if _chosen(buffer):
            buffer.complete_state = None
        elif prompt.finished(buffer.text):
            text = buffer.text.rstrip()
            buffer.document = Document(text, len(text))
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n", fire_event=False)

    @keys.add("escape", "enter", filter=typing & emacs_mode)
    def _new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n", fire_event=False)

    @keys.add("escape", filter=typing & vi_insert_mode, eager=True)
    def _escape(event: KeyPressEvent) -> None:
        # Alt-Enter comes as both keys at once. A binding for the pair would keep everybody waiting
        # who leaves the insert mode, for the second key might be still to come.
        waiting, buffer = event.key_processor.input_queue, event.current_buffer
        if waiting and waiting[0].key == Keys.Enter:
            waiting.popleft()
            buffer.insert_text("\n", fire_event=False)
        else:
            buffer.cursor_position += buffer.document.get_cursor_left_position()
            event.app.vi_state.input_mode = InputMode.NAVIGATION

    @keys.add(Keys.BracketedPaste, filter=typing)
    def _paste(event: KeyPressEvent) -> None:
        # Enter runs it, sentence by sentence. No menu opens over what was pasted.
        text = event.data.replace("\r\n", "\n").replace("\r", "\n")
        event.current_buffer.insert_text(text.rstrip("\n"), fire_event=False)


# ── lines: those of the text, of the menu, of the history ──


def _bind_lines(keys: KeyBindings) -> None:
    typing = has_focus(DEFAULT_BUFFER)

    @keys.add("up", filter=typing)
    def _up(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if not _chosen(buffer):
            # A menu that only came up while typing must not keep anybody from the history.
            buffer.complete_state = None
        buffer.auto_up(count=event.arg)

    @keys.add("down", filter=typing)
    def _down(event: KeyPressEvent) -> None:
        event.current_buffer.auto_down(count=event.arg)


def _chosen(buffer: Buffer) -> bool:
    """Whether one of the menu is chosen."""
    state = buffer.complete_state
    return state is not None and state.complete_index is not None


# ── words ──


def _bind_words(keys: KeyBindings, prompt: "Prompt") -> None:
    typing = has_focus(DEFAULT_BUFFER)
    editing = typing & (emacs_mode | vi_insert_mode)

    def found(event: KeyPressEvent, find: _Find) -> int:
        buffer = event.current_buffer
        return prompt.safely(lambda: find(buffer.text, buffer.cursor_position, prompt.known.names),
                             buffer.cursor_position)  # fmt: skip

    @keys.add("escape", "b", filter=typing & emacs_mode)
    @keys.add("c-left", filter=editing)
    def _back(event: KeyPressEvent) -> None:
        event.current_buffer.cursor_position = found(event, wording.before)

    @keys.add("escape", "f", filter=typing & emacs_mode)
    @keys.add("c-right", filter=editing)
    def _forward(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        suggestion = buffer.suggestion.text if buffer.suggestion else ""
        if not (suggestion and buffer.document.is_cursor_at_the_end):
            buffer.cursor_position = found(event, wording.after)
            return
        at, whole = buffer.cursor_position, buffer.text + suggestion
        end = prompt.safely(lambda: wording.after(whole, at, prompt.known.names), len(whole))
        buffer.insert_text(whole[at:end])

    @keys.add("c-w", filter=editing & ~has_selection)
    @keys.add("escape", "backspace", filter=typing & emacs_mode)
    def _delete_back(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        count = buffer.cursor_position - found(event, wording.before)
        event.app.clipboard.set_text(buffer.delete_before_cursor(count))

    @keys.add("escape", "d", filter=typing & emacs_mode)
    @keys.add("c-delete", filter=editing)
    def _delete_forward(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        count = found(event, wording.after) - buffer.cursor_position
        event.app.clipboard.set_text(buffer.delete(count))


# ── function keys ──


def _bind_functions(keys: KeyBindings, prompt: "Prompt") -> None:
    typing = has_focus(DEFAULT_BUFFER)

    @keys.add("f1", filter=typing)
    def _help(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        at, names = buffer.cursor_position, prompt.known.names
        word = prompt.safely(lambda: wording.asked_about(buffer.text, at, names), "")
        asked = f"\u300c{word}\u300d?" if word and not word.isascii() else f"{word}?"
        run_in_terminal(lambda: prompt.talk.take(asked if word else ".help"))

    @keys.add("f2", filter=typing)
    def _language(event: KeyPressEvent) -> None:
        prompt.other_language()

    @keys.add("f3", filter=typing)
    def _reason(event: KeyPressEvent) -> None:
        event.app.create_background_task(_viewed(event, prompt))

    @keys.add("f4", filter=typing)
    def _keys(event: KeyPressEvent) -> None:
        prompt.other_keys()


async def _viewed(event: KeyPressEvent, prompt: "Prompt") -> None:
    """Show the last reason in a viewer, and come back to what is being typed."""
    async with in_terminal():
        viewer = prompt.viewer()
        if viewer is not None:
            await viewer.run_async(handle_sigint=False)
