"""The rules of the house, read off the source: who imports whom, sizes, what is never written."""

import ast
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "yibaolang"
MODULE_LINES = 400
FUNCTION_LINES = 60

# A room may import itself and the rooms named here.
ROOMS: dict[str, frozenset[str]] = {}
for room, before in [
    ("language", ""),
    ("model", "language"),
    ("program", "language model"),
    ("engine", "language model program"),
    ("population", "language model program engine"),
    ("analysis", "language model program engine"),
    ("report", "language model program engine analysis"),
    ("session", "language model program engine analysis report"),
]:
    ROOMS[room] = frozenset([room, *before.split()])
FACES = frozenset({"cli", "repl", "notebook", "lsp"})

# Plain values at the bottom of the house: every room may use them, and they know only each other.
VALUES = frozenset(
    f"{PACKAGE}.model.{name}" for name in ("values", "rounding", "calendar", "limits")
)
RESOURCES = f"{PACKAGE}.resources"
PYTHON_PRINTER = f"{PACKAGE}.program.python"
OPTIONAL = (
    "lark", "prompt_toolkit", "IPython", "numpy", "pandas", "pyarrow", "pyspark", "llvmlite",
    "matplotlib",
)  # fmt: skip

Function = ast.FunctionDef | ast.AsyncFunctionDef


def read_modules() -> dict[str, ast.Module]:
    trees = {}
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        trees[name] = ast.parse(path.read_text("utf-8"), str(path))
    return trees


MODULES = read_modules()
PACKAGES = frozenset(
    ".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / PACKAGE).rglob("__init__.py")
)


def imports(
    module: str, tree: ast.AST, known: Iterable[str] = MODULES
) -> Iterator[tuple[int, str]]:
    """The line and the module of every import of the package's own, wherever it stands."""
    package = module if module in PACKAGES else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            relative = "." * node.level + (node.module or "")
            base = importlib.util.resolve_name(relative, package)
            members = [f"{base}.{alias.name}" for alias in node.names]
            targets = [member if member in known else base for member in members]
        else:
            continue
        yield from (
            (node.lineno, target)
            for target in targets
            if target == PACKAGE or target.startswith(f"{PACKAGE}.")
        )


def room_of(module: str) -> str:
    """The room that a module is in; "" for the public API and other modules at the top."""
    parts = module.split(".")
    return parts[1] if len(parts) > 2 or (module in PACKAGES and len(parts) == 2) else ""


def may_import(module: str, target: str) -> bool:
    room, other = room_of(module), room_of(target)
    if module == RESOURCES:
        return False
    if module in VALUES:
        return target in VALUES
    if module == f"{PACKAGE}.__main__":
        return other == "cli"
    if room in FACES:
        # The command line starts the other faces; no face knows another one otherwise.
        return other not in FACES or other == room or room == "cli"
    if target in VALUES or target == RESOURCES:
        return True
    return other in ROOMS if room == "" else other in ROOMS[room]


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    for module, tree in MODULES.items():
        yield from ((module, node) for node in ast.walk(tree) if isinstance(node, kinds))


def mentions(tree: ast.AST | None, name: str) -> bool:
    """Whether a name occurs in an expression, or in a string there that holds an annotation."""
    return tree is not None and any(
        (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.Constant) and node.value == name)
        for node in ast.walk(tree)
    )


def catches_everything(handler: ast.ExceptHandler) -> bool:
    return (
        handler.type is None
        or mentions(handler.type, "Exception")
        or mentions(handler.type, "BaseException")
    )


def is_call_of(node: ast.AST, names: frozenset[str]) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names


def annotation_of(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.AnnAssign | ast.arg):
        return node.annotation
    return node.returns if isinstance(node, Function) else None


def without_types(tree: ast.Module) -> ast.Module:
    """A module without what only type checkers read."""

    class Leaving(ast.NodeTransformer):
        def visit_If(self, node: ast.If) -> ast.AST | None:
            return None if mentions(node.test, "TYPE_CHECKING") else self.generic_visit(node)

    return Leaving().visit(ast.parse(ast.unparse(tree)))


def places(found: Iterable[tuple[str, ast.AST]]) -> list[str]:
    return [f"{module}:{getattr(node, 'lineno', 0)}" for module, node in found]


def test_every_room_has_its_place() -> None:
    assert {room_of(module) for module in MODULES} <= {*ROOMS, *FACES, ""}


def test_files_import_one_way() -> None:
    graph = {
        module: {target for _, target in imports(module, without_types(tree)) if target != module}
        for module, tree in MODULES.items()
    }
    # CycleError names the files of a circle, also if an import of it stands in a function.
    assert list(TopologicalSorter(graph).static_order())


def test_imports_point_left_to_right() -> None:
    wrong = [
        f"{module}:{line} imports {target}"
        for module, tree in MODULES.items()
        for line, target in imports(module, tree)
        if not may_import(module, target)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "target", "allowed"),
    [
        ("language.lexer", "language.source", True),
        ("language.parser", "model.values", True),
        ("language.parser", "model.core", False),
        ("language.parser", "resources", True),
        ("model.plan", "language.syntax", True),
        ("model.values", "model.rounding", True),
        ("model.values", "model.core", False),
        ("model.values", "language.source", False),
        ("program.build", "engine.ledger", False),
        ("population.native", "program.instructions", True),
        ("population.native", "engine.ledger", True),
        ("population.native", "analysis.checks", False),
        ("engine.ledger", "population.native", False),
        ("analysis.why", "engine.explain", True),
        ("engine.ledger", "report.tables", False),
        ("report.tables", "session.session", False),
        ("session.session", "report.tables", True),
        ("session.session", "repl.prompt", False),
        ("repl.prompt", "session.session", True),
        ("repl.prompt", "cli.main", False),
        ("cli.main", "repl.prompt", True),
        ("cli.main", "lsp.server", True),
        ("resources", "model.values", False),
    ],
)
def test_the_order_itself(module: str, target: str, allowed: bool) -> None:
    assert may_import(f"{PACKAGE}.{module}", f"{PACKAGE}.{target}") is allowed


def test_the_public_api_knows_the_rooms_and_no_face() -> None:
    assert may_import(PACKAGE, f"{PACKAGE}.engine.ledger")
    assert not may_import(PACKAGE, f"{PACKAGE}.cli.main")
    assert not may_import(f"{PACKAGE}.engine.ledger", PACKAGE)


def test_an_import_is_found_wherever_it_stands() -> None:
    source = """
import os, yibaolang.engine.ledger
from . import lexer
from ..model import core as meaning
from yibaolang import resources
if TYPE_CHECKING:
    from yibaolang.program.build import Program
def later():
    from ..cli.main import main
"""
    known = {f"{PACKAGE}.{name}" for name in ("language.lexer", "model.core", "resources")}
    found = [target for _, target in imports(f"{PACKAGE}.language.x", ast.parse(source), known)]
    assert sorted(found) == [
        f"{PACKAGE}.{name}"
        for name in (
            "cli.main",
            "engine.ledger",
            "language.lexer",
            "model.core",
            "program.build",
            "resources",
        )
    ]


def test_modules_fit_on_a_few_screens() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in (ROOT / PACKAGE).rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > MODULE_LINES} == {}


def test_functions_fit_on_one_screen() -> None:
    long = [
        f"{module}:{node.lineno} {node.name}"
        for module, node in nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, Function)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_what_must_hold_is_never_an_assert() -> None:
    assert places(nodes(ast.Assert)) == []


def test_no_handler_catches_everything() -> None:
    handlers = nodes(ast.ExceptHandler)
    caught = [(module, node) for module, node in handlers if isinstance(node, ast.ExceptHandler)]
    assert places(found for found in caught if catches_everything(found[1])) == []


def test_no_number_is_a_float() -> None:
    made = [found for found in nodes(ast.Call) if is_call_of(found[1], frozenset({"float"}))]
    annotated = [found for found in nodes(ast.AST) if mentions(annotation_of(found[1]), "float")]
    assert places(made + annotated) == []


def test_only_the_python_printer_runs_code_that_it_made() -> None:
    run = frozenset({"eval", "exec"})
    found = [found for found in nodes(ast.Call) if is_call_of(found[1], run)]
    assert places(found for found in found if found[0] != PYTHON_PRINTER) == []


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ("except:", True),
        ("except Exception:", True),
        ("except (OSError, BaseException) as error:", True),
        ("except ValueError:", False),
    ],
)
def test_the_handler_rule_itself(source: str, caught: bool) -> None:
    (handler,) = (
        node
        for node in ast.walk(ast.parse(f"try:\n    pass\n{source}\n    pass\n"))
        if isinstance(node, ast.ExceptHandler)
    )
    assert catches_everything(handler) is caught


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x: float", True),
        ("x: 'float' = 1", True),
        ("def f(x: list[float]): ...", True),
        ("def f() -> float | None: ...", True),
        ("def f(x: int) -> str: ...", False),
    ],
)
def test_the_float_rule_itself(source: str, found: bool) -> None:
    tree = ast.parse(source)
    assert any(mentions(annotation_of(node), "float") for node in ast.walk(tree)) is found


def test_importing_the_package_loads_nothing_heavy() -> None:
    program = f"import sys, {PACKAGE}; print(*({set(OPTIONAL)!r} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.split() == []
