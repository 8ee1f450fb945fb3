"""Reading files and what they include: what is allowed, what is not, and in which order."""

import os
from pathlib import Path

import pytest
from attrs import evolve

from yibaolang.language.diagnostics import Diagnostic
from yibaolang.language.source import Source
from yibaolang.model import loading
from yibaolang.model.limits import LIMITS
from yibaolang.model.loading import Loader, library_files, load, prelude, prelude_names


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.yb").write_text(text, encoding="utf-8")


def names(loader: Loader) -> list[str]:
    return [Path(each.source.name).name for each in loader.documents]


def codes(loader: Loader) -> list[str]:
    return [each.code for each in loader.diagnostics]


def only(loader: Loader) -> Diagnostic:
    (problem,) = loader.diagnostics
    return problem


# ── the prelude and the library ──


def test_the_prelude_parses_and_its_names_are_known() -> None:
    assert prelude() is prelude()
    assert len(prelude().sentences) > 20
    assert {"退休", "当年", "平均养老金", "年龄"} <= prelude_names()
    assert names(Loader()) == ["prelude.yb"]


def test_a_prelude_that_does_not_parse_is_no_prelude(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "parse", lambda source, keep: (None, ["wrong"]))
    with pytest.raises(ValueError, match="the prelude does not parse: wrong"):
        prelude.__wrapped__()


def test_a_region_of_the_library_by_name_or_alias() -> None:
    one, other = Loader(), Loader()
    assert one.library("山东") and other.library(
        "shandong" if "shandong" in library_files() else "山东"
    )
    assert names(one) == names(other)
    assert names(one)[-1] == "shandong.yb"
    assert one.diagnostics == []


def test_a_region_that_the_library_has_not() -> None:
    loader = Loader()
    assert not loader.library("山冬")
    problem = only(loader)
    assert problem.code == "YB044"
    assert dict(problem.arguments) == {"name": "山冬", "suggestion": "山东"}


def test_the_whole_library_reads_each_file_once() -> None:
    loader = Loader()
    loader.whole_library()
    assert loader.diagnostics == []
    assert len(names(loader)) == len(set(names(loader))) == len(set(library_files().values())) + 1


# ── including ──


def test_what_is_included_comes_before_what_includes_it_and_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        main='include "a.yb"\ninclude "b.yb"\ncredit 月基本额',
        a='include "c.yb"',
        b='引用 "c.yb"\n\uff03 引用 "no.yb"',
        c="param 月基本额 = 5元",
    )
    loader = load([str(tmp_path / "main.yb")])
    assert loader.diagnostics == []
    assert names(loader) == ["prelude.yb", "c.yb", "a.yb", "b.yb", "main.yb"]


def test_a_name_of_an_included_file_cuts_chinese(tmp_path: Path) -> None:
    write(tmp_path, main='include "a.yb"\n划入月的基本额', a="param 月的基本额 = 5元")
    assert load([str(tmp_path / "main.yb")]).diagnostics == []


def test_files_that_include_each_other_are_read_once(tmp_path: Path) -> None:
    write(tmp_path, a='include "b.yb"\ncredit 1元', b='include "a.yb"\ndeduct 1元')
    loader = load([str(tmp_path / "a.yb")])
    assert (names(loader), loader.diagnostics) == (["prelude.yb", "b.yb", "a.yb"], [])


def test_a_region_is_included_by_name(tmp_path: Path) -> None:
    write(tmp_path, main="include 山东\n引用「北京」")
    loader = load([str(tmp_path / "main.yb")])
    assert loader.diagnostics == []
    assert {"shandong.yb", "beijing.yb"} <= set(names(loader))


def test_a_file_in_a_folder_below_and_beside_it(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    write(tmp_path, main='include "sub/a.yb"')
    write(tmp_path / "sub", a='include "b.yb"', b="credit 1元")
    loader = load([str(tmp_path / "main.yb")])
    assert (names(loader)[1:], loader.diagnostics) == (["b.yb", "a.yb", "main.yb"], [])


def test_a_text_includes_from_its_project(tmp_path: Path) -> None:
    write(tmp_path, a="credit 1元")
    loader = Loader()
    loader.text(Source.of("text", 'include "a.yb"'), str(tmp_path))
    assert (names(loader)[1:], loader.diagnostics) == (["a.yb", "text"], [])


@pytest.mark.parametrize(
    "path",
    [
        "../a.yb",
        "sub/../../a.yb",
        "sub/../a.yb",
        "..\\\\a.yb",
        "https://example.org/a.yb",
        "file:a.yb",
        "C:\\\\a.yb",
        "link.yb",
        "folder/a.yb",
    ],
)
def test_nothing_outside_the_project_is_read(tmp_path: Path, path: str) -> None:
    project, outside = tmp_path / "project", tmp_path
    project.mkdir()
    write(outside, a="credit 1元")
    write(project, main=f'include "{path}"', a="credit 2元")
    (project / "link.yb").symlink_to(outside / "a.yb")
    (project / "folder").symlink_to(outside, target_is_directory=True)
    problem = only(load([str(project / "main.yb")]))
    assert problem.code == "YB041"
    assert problem.place is not None
    assert problem.place.start == (1, 10)


def test_an_absolute_path_is_not_read_even_inside(tmp_path: Path) -> None:
    inside = tmp_path / "a.yb"
    write(tmp_path, main=f'include "{inside}"', a="credit 1元")
    assert codes(load([str(tmp_path / "main.yb")])) == ["YB041"]


def test_a_folder_whose_name_only_begins_like_the_project_is_outside(tmp_path: Path) -> None:
    for name in ("project", "project2"):
        (tmp_path / name).mkdir()
    write(tmp_path / "project2", a="credit 1元")
    (tmp_path / "project" / "a.yb").symlink_to(tmp_path / "project2" / "a.yb")
    write(tmp_path / "project", main='include "a.yb"')
    assert codes(load([str(tmp_path / "project" / "main.yb")])) == ["YB041"]


def test_a_link_inside_the_project_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, main='include "a.yb"\ninclude "b.yb"', a="credit 1元")
    (tmp_path / "b.yb").symlink_to(tmp_path / "a.yb")
    loader = load([str(tmp_path / "main.yb")])
    assert (names(loader)[1:], loader.diagnostics) == (["a.yb", "main.yb"], [])


# ── files that cannot be read ──


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, main='include "no.yb"\ncredit 1元')
    loader = load([str(tmp_path / "main.yb")])
    problem = only(loader)
    assert (problem.code, dict(problem.arguments)["path"]) == ("YB040", "no.yb")
    assert names(loader)[-1] == "main.yb"
    assert codes(load([str(tmp_path / "no.yb")])) == ["YB040"]
    assert codes(load([str(tmp_path)])) == ["YB040"]


def test_a_byte_order_mark_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.yb").write_bytes(b"\xef\xbb\xbfcredit 1\xe5\x85\x83\r\n")
    loader = load([str(tmp_path / "a.yb")])
    assert (loader.diagnostics, len(loader.documents[-1].sentences)) == ([], 1)


@pytest.mark.parametrize("content", [b"\xff\xfe", "退休".encode("gb18030"), b"a\x80"])
def test_a_file_that_is_not_utf_8(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.yb").write_bytes(content)
    assert codes(load([str(tmp_path / "a.yb")])) == ["YB043"]


def test_a_file_at_the_limit_of_bytes_and_one_past_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LIMITS", evolve(LIMITS, source_bytes=40))
    for length, expected in ((40, []), (41, ["YB002"])):
        (tmp_path / "a.yb").write_bytes(b"#" * length)
        assert codes(load([str(tmp_path / "a.yb")])) == expected


def test_a_device_is_no_file_of_rules() -> None:
    if os.path.exists(os.devnull):
        loader = load([os.devnull])
        assert loader.documents[-1].sentences == ()


# ── how many, how deep ──


def test_files_at_the_limit_and_one_past_it(tmp_path: Path) -> None:
    count = LIMITS.include_files - 1
    write(tmp_path, **{f"f{index}": "" for index in range(count + 1)})
    within = [f'include "f{index}.yb"' for index in range(count)]
    write(tmp_path, within="\n".join(within), past="\n".join([*within, f'include "f{count}.yb"']))
    loader = load([str(tmp_path / "within.yb")])
    assert (len(loader.documents), loader.diagnostics) == (count + 2, [])
    problem = only(load([str(tmp_path / "past.yb")]))
    assert (problem.code, dict(problem.arguments)) == ("YB042", {"limit": LIMITS.include_files})
    assert problem.place is not None
    assert problem.place.line == count + 1


def test_includes_at_the_limit_of_depth_and_one_past_it(tmp_path: Path) -> None:
    depth = LIMITS.include_depth
    for index in range(depth + 1):
        write(tmp_path, **{f"f{index}": f'include "f{index + 1}.yb"'})
    write(tmp_path, **{f"f{depth + 1}": "credit 1元"})
    loader = load([str(tmp_path / "f1.yb")])
    assert (loader.diagnostics, len(loader.documents)) == ([], depth + 2)
    assert codes(load([str(tmp_path / "f0.yb")])) == ["YB042"]
