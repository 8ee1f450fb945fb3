"""The package's own folders and the cache for compiled grammars."""

import os
import stat
from pathlib import Path

import pytest

from yibaolang import resources

POSIX = os.name == "posix"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout's layout, empty."""
    for name in ("yibaolang", "grammars", "examples"):
        (tmp_path / name).mkdir()
    (tmp_path / "pyproject.toml").touch()
    return tmp_path


@pytest.mark.parametrize("name", sorted(resources.FOLDERS))
def test_this_tree_has_its_folders(name: str) -> None:
    found = resources.folder(name)
    assert os.path.isabs(found)
    assert os.listdir(found)


@pytest.mark.parametrize("name", sorted(resources.FOLDERS))
def test_a_checkout_keeps_its_folders_beside_the_package(checkout: Path, name: str) -> None:
    assert resources._folder_of(str(checkout / "yibaolang"), name) == str(checkout / name)


def test_an_installed_package_carries_its_folders(checkout: Path) -> None:
    inside = checkout / "yibaolang" / "grammars"
    inside.mkdir()
    assert resources._folder_of(str(checkout / "yibaolang"), "grammars") == str(inside)


def test_a_stranger_s_folder_in_site_packages_is_not_ours(checkout: Path) -> None:
    (checkout / "pyproject.toml").unlink()
    with pytest.raises(FileNotFoundError, match="'examples' is missing; install"):
        resources._folder_of(str(checkout / "yibaolang"), "examples")


@pytest.mark.parametrize("name", ["", ".", "..", "grammars/..", "tests", "Grammars"])
def test_no_other_folder_can_be_asked_for(name: str) -> None:
    with pytest.raises(ValueError, match="there are: examples, grammars"):
        resources.folder(name)


def test_the_cache_is_made_for_the_user_alone(tmp_path: Path) -> None:
    path = resources.cache_folder({"YIBAO_CACHE_DIR": str(tmp_path / "a" / "b")})
    assert path == str(tmp_path / "a" / "b")
    assert os.path.isdir(path)
    if POSIX:
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o700
    assert resources.cache_folder({"YIBAO_CACHE_DIR": path}) == path


def test_the_first_setting_wins(tmp_path: Path) -> None:
    own, shared, home = (str(tmp_path / name) for name in ("own", "shared", "home"))
    environ = {"YIBAO_CACHE_DIR": own, "XDG_CACHE_HOME": shared, "HOME": home}
    environ["LOCALAPPDATA"] = os.path.join(home, ".cache")
    assert resources.cache_folder(environ) == own
    environ["YIBAO_CACHE_DIR"] = ""
    assert resources.cache_folder(environ) == os.path.join(shared, "yibaolang")
    del environ["XDG_CACHE_HOME"]
    assert resources.cache_folder(environ) == os.path.join(home, ".cache", "yibaolang")


def test_without_an_environment_of_its_own_the_process_s_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIBAO_CACHE_DIR", str(tmp_path / "cache"))
    assert resources.cache_folder() == str(tmp_path / "cache")


def test_a_relative_base_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert resources.cache_folder({"XDG_CACHE_HOME": "cache"}) is None
    assert resources.cache_folder({"HOME": "~", "LOCALAPPDATA": "~"}) is None
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("ending", ["", "/", "/."])
def test_a_link_is_refused_however_it_is_written(tmp_path: Path, ending: str) -> None:
    (tmp_path / "target").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "target")
    assert resources.cache_folder({"YIBAO_CACHE_DIR": f"{tmp_path}/link{ending}"}) is None


def test_a_dangling_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert resources.cache_folder({"YIBAO_CACHE_DIR": str(tmp_path / "link")}) is None


def test_a_file_and_a_place_below_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in ("file", "file/below"):
        assert resources.cache_folder({"YIBAO_CACHE_DIR": str(tmp_path / place)}) is None


def test_a_path_that_no_system_call_takes_is_refused(tmp_path: Path) -> None:
    assert resources.cache_folder({"YIBAO_CACHE_DIR": f"{tmp_path}/a\0b"}) is None


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777, 0o1777])
def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(mode)
    found = resources.cache_folder({"YIBAO_CACHE_DIR": str(tmp_path / "cache")})
    assert (found is None) == POSIX


def test_another_user_s_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = os.lstat(tmp_path).st_uid + 1
    monkeypatch.setattr(os, "getuid", lambda: other, raising=False)
    assert resources.cache_folder({"YIBAO_CACHE_DIR": str(tmp_path / "cache")}) is None


def test_a_folder_that_cannot_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert resources.cache_folder({"YIBAO_CACHE_DIR": str(tmp_path / "cache")}) is None
