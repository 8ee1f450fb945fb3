"""The wheel alone, away from the checkout: everything that a command needs is in it."""

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow

# Put before every program below: the unpacked wheel and its dependencies come first, and it is
# proved that it is the wheel that runs.
BEGIN = """
import os, sys
site, *dependencies = {path!r}
sys.path[:0] = [site, *dependencies]
import yibaolang
found = os.path.realpath(yibaolang.__file__)
if os.path.commonpath([found, os.path.realpath(site)]) != os.path.realpath(site):
    sys.exit(f"imported from elsewhere: {{found}}")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    command += ["--outdir", str(out), str(ROOT)]
    built = subprocess.run(command, cwd=out, capture_output=True, encoding="utf-8", check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    unpacked = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    return unpacked


def folders_of(*packages: str) -> list[str]:
    """The folders that the packages are imported from, each once."""
    found: dict[str, None] = {}
    for package in packages:
        spec = importlib.util.find_spec(package)
        assert spec is not None and spec.origin is not None, package
        found[os.path.dirname(os.path.dirname(spec.origin))] = None
    return list(found)


def run(site: Path, empty: Path, program: str) -> subprocess.CompletedProcess[str]:
    """Run a program in an empty folder; with -I and -S no variable or .pth leads to a checkout."""
    path = [str(site), *folders_of("lark", "attrs", "attr")]
    source = BEGIN.format(path=path) + program
    return subprocess.run(
        [sys.executable, "-I", "-S", "-X", "utf8", "-c", source],
        cwd=empty,
        env=os.environ | {"YIBAO_CACHE_DIR": str(empty / "cache")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def yibao(site: Path, empty: Path, *arguments: str) -> str:
    """What the command prints; it must end well and complain of nothing."""
    program = f"""
from yibaolang.cli.main import main
sys.argv = ["yibao", *{arguments!r}]
sys.exit(main())
"""
    done = run(site, empty, program)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


def test_the_wheel_holds_every_grammar_and_example(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    for folder in ("grammars", "examples"):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        assert files, folder
        assert {f"yibaolang/{path.relative_to(ROOT).as_posix()}" for path in files} <= held
    needed = {"grammars/yibao.lark", "grammars/vocabulary.toml", "examples/tour.yb", "py.typed"}
    assert {f"yibaolang/{name}" for name in needed} <= held


def test_the_wheel_holds_nothing_but_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = archive.namelist()
    tops = {name.split("/")[0] for name in held}
    assert {top.split("-")[0] for top in tops} == {"yibaolang"} and len(tops) == 2
    assert [name for name in held if name.endswith(".pyc")] == []


def test_the_wheel_asks_for_lark_and_attrs_only(site: Path) -> None:
    (metadata,) = site.glob("*.dist-info/METADATA")
    wanted = [
        line.removeprefix("Requires-Dist: ")
        for line in metadata.read_text("utf-8").splitlines()
        if line.startswith("Requires-Dist: ") and "extra ==" not in line
    ]
    assert wanted == ["attrs>=23.2", "lark<2,>=1.2"]


def test_the_folders_are_found_inside_the_package(site: Path, tmp_path: Path) -> None:
    program = """
from yibaolang.resources import folder
print(folder("grammars"), folder("examples"), sep="\\n")
"""
    done = run(site, tmp_path, program)
    assert done.returncode == 0, done.stderr
    package = site / "yibaolang"
    assert done.stdout.splitlines() == [str(package / "grammars"), str(package / "examples")]


def test_a_rule_is_evaluated(site: Path, tmp_path: Path) -> None:
    rule = "age>=70 credit 2.5% of avg_pension"
    printed = yibao(site, tmp_path, "eval", rule, "--given", "age=72, avg_pension=4000元")
    assert printed.startswith("100.00元")


def test_the_tour_runs(site: Path, tmp_path: Path) -> None:
    done = run(site, tmp_path, 'from yibaolang.resources import folder; print(folder("examples"))')
    tour = os.path.join(done.stdout.strip(), "tour.yb")
    assert yibao(site, tmp_path, "run", tour).strip()
