"""A viewer of reasons below what was printed: branches open and close, and nothing of it stays."""

from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Point
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.key_processor import KeyPressEvent
from prompt_toolkit.layout import Dimension, HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.output import ColorDepth, Output

from yibaolang.repl.colouring import STYLE
from yibaolang.repl.tree import Tree

# How long Escape waits for what would make it another key.
_ESCAPE_SECONDS = 0.1
_MARGIN = 3


def viewer(
    tree: Tree, hint: str, input: Input, output: Output, depth: ColorDepth | None = None
) -> Application[None]:
    """An application that shows a tree until it is left; `hint` says what the keys do."""

    def rows() -> StyleAndTextTuples:
        found: StyleAndTextTuples = []
        for row in tree.rows():
            style = "class:viewer.at" if row.path == tree.at else ""
            found += [(style, row.text), ("", "\n")]
        return found[:-1]

    def cursor() -> Point:
        at = next(number for number, row in enumerate(tree.rows()) if row.path == tree.at)
        return Point(0, at)

    def height() -> Dimension:
        return Dimension(min=1, max=max(1, output.get_size().rows - _MARGIN))

    control = FormattedTextControl(rows, focusable=True, show_cursor=False,
                                   get_cursor_position=cursor)  # fmt: skip
    shown = Window(control, height=height, wrap_lines=True, dont_extend_height=True)
    below = Window(FormattedTextControl([("class:viewer.hint", hint)]), height=1)
    app: Application[None] = Application(
        layout=Layout(HSplit([shown, below]), focused_element=shown),
        key_bindings=_bindings(tree, output),
        style=STYLE,
        include_default_pygments_style=False,
        color_depth=depth,
        erase_when_done=True,
        input=input,
        output=output,
    )
    app.ttimeoutlen = _ESCAPE_SECONDS
    return app


def _bindings(tree: Tree, output: Output) -> KeyBindings:
    keys = KeyBindings()

    def page() -> int:
        return max(1, output.get_size().rows - _MARGIN - 1)

    actions = {
        tree.open: ("right", "l", "enter"),
        tree.close: ("left", "h"),
        tree.open_all: ("o",),
        tree.close_all: ("c",),
        (lambda: tree.move(1)): ("down", "j", "c-n"),
        (lambda: tree.move(-1)): ("up", "k", "c-p"),
        (lambda: tree.move(page())): ("pagedown", " "),
        (lambda: tree.move(-page())): ("pageup", "b"),
        (lambda: tree.move(-len(tree.rows()))): ("home", "g"),
        (lambda: tree.move(len(tree.rows()))): ("end", "G"),
    }
    for action, names in actions.items():
        for name in names:
            keys.add(name)(lambda _event, action=action: action())

    @keys.add("q")
    @keys.add("escape", eager=True)
    @keys.add("f3")
    @keys.add("c-c")
    @keys.add("c-d")
    @keys.add("<sigint>")
    def _leave(event: KeyPressEvent) -> None:
        event.app.exit()

    return keys
