"""What is kept in the user's cache folder, and what is not believed."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from compliance.private_cache import PrivateCache, user_cache

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(sys.platform == "win32", reason="owners and modes are POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "compliance"


@pytest.fixture
def cache(folder: Path) -> PrivateCache:
    cache = PrivateCache(folder)
    cache.put("one", b"native code")
    return cache


def test_what_was_stored_comes_back(cache: PrivateCache) -> None:
    assert cache.get("one") == b"native code"
    assert cache.get("other") is None


@posix
def test_folder_and_file_are_for_the_user_alone(cache: PrivateCache, folder: Path) -> None:
    assert cache.get("one")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "one").stat().st_mode) == 0o600


@posix
@pytest.mark.parametrize("mode", [0o644, 0o620, 0o666])
def test_a_file_that_others_may_touch_is_not_believed(cache: PrivateCache, folder: Path, mode: int) -> None:
    (folder / "one").chmod(mode)
    assert cache.get("one") is None


@posix
@pytest.mark.parametrize("mode", [0o755, 0o770, 0o707])
def test_a_folder_that_others_may_enter_is_neither_read_nor_written(
    cache: PrivateCache, folder: Path, mode: int
) -> None:
    folder.chmod(mode)
    cache.put("two", b"x")
    assert cache.get("one") is None
    assert not (folder / "two").exists()


@posix
def test_a_link_is_not_followed(cache: PrivateCache, folder: Path) -> None:
    (folder / "elsewhere").write_bytes((folder / "one").read_bytes())
    (folder / "elsewhere").chmod(0o600)
    (folder / "linked").symlink_to(folder / "elsewhere")
    assert cache.get("elsewhere") == b"native code"
    assert cache.get("linked") is None


@posix
def test_a_folder_that_is_a_link_is_not_followed(cache: PrivateCache, folder: Path, tmp_path: Path) -> None:
    assert cache.get("one")
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    assert PrivateCache(tmp_path / "link").get("one") is None


@posix
def test_a_pipe_does_not_make_it_wait(cache: PrivateCache, folder: Path) -> None:
    os.mkfifo(folder / "pipe", 0o600)
    assert cache.get("pipe") is None


@posix
def test_what_belongs_to_somebody_else_is_not_believed(cache: PrivateCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert cache.get("one") is None


def test_a_damaged_file_is_not_believed(cache: PrivateCache, folder: Path) -> None:
    whole = (folder / "one").read_bytes()
    (folder / "one").write_bytes(whole[:-1])
    assert cache.get("one") is None


def test_failing_to_store_is_harmless(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = PrivateCache(tmp_path / "file" / "compliance")
    cache.put("one", b"x")
    assert cache.get("one") is None


def test_old_files_make_room(cache: PrivateCache, folder: Path) -> None:
    os.utime(folder / "one", (1, 1))
    for number in range(20):
        cache.put(f"new-{number}", b"x")
    assert len(list(folder.iterdir())) <= 16
    assert cache.get("one") is None
    assert cache.get("new-19") == b"x"


def test_without_a_folder_nothing_is_kept() -> None:
    cache = PrivateCache(None)
    cache.put("one", b"x")
    assert cache.get("one") is None


@pytest.mark.skipif(sys.platform != "linux", reason="where Linux keeps caches")
def test_the_folder_is_where_the_platform_keeps_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    user_cache().put("one", b"x")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    user_cache().put("two", b"x")
    assert (tmp_path / "xdg" / "compliance" / "one").is_file()
    assert (tmp_path / "home" / ".cache" / "compliance" / "two").is_file()
