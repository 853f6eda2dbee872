"""A folder of the user's own for what is slow to make again.

What lies in it is run (compiled native code) or believed (images that were verified), so a file is used only when
nobody but the user can have written it: the folder and the file belong to us, nobody else may enter or write, no link
is followed. Anything else is treated as absent. Failing to store is harmless.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
from pathlib import Path

from compliance import atomic_write

_MAX_BYTES = 128 * 1024 * 1024
_KEEP = 16
_DIGEST_SIZE = hashlib.sha256().digest_size
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class PrivateCache:
    """Blobs by name, the newest `keep` of them; `folder` None keeps nothing."""

    def __init__(self, folder: Path | None, *, keep: int = _KEEP) -> None:
        self._folder = folder
        self._most = keep

    def get(self, name: str) -> bytes | None:
        """Return what was stored, or None when it is absent, damaged or not safely ours."""
        if self._folder is None or not _is_ours(self._folder):
            return None
        try:
            stored = _read(self._folder / name)
        except OSError:
            return None
        digest, blob = stored[:_DIGEST_SIZE], stored[_DIGEST_SIZE:]
        return blob if hashlib.sha256(blob).digest() == digest else None

    def has(self, name: str) -> bool:
        """Tell whether something is kept under a name; `get` may still find it damaged."""
        return self._folder is not None and _is_ours(self._folder) and (self._folder / name).is_file()

    def put(self, name: str, blob: bytes | bytearray) -> None:
        """Store a blob atomically if that can be done; the oldest ones make room."""
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_ours(self._folder):
                content = hashlib.sha256(blob).digest() + blob
                atomic_write.replace(self._folder / name, content, 0o600, durable=False)
                _prune(self._folder, self._most)


def user_cache(name: str = "compliance", *, keep: int = _KEEP) -> PrivateCache:
    """Open one of this user's cache folders where the platform keeps such folders."""
    base = _platform_folder()
    return PrivateCache(base / name if base is not None and base.is_absolute() else None, keep=keep)


def _platform_folder() -> Path | None:
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else None
    given = os.environ.get("XDG_CACHE_HOME", "")
    if Path(given).is_absolute():
        return Path(given)
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"


def _is_ours(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and _private(found)


def _private(found: os.stat_result) -> bool:
    """Tell whether only this user can have written it; on Windows the profile folder's access list sees to that."""
    if sys.platform == "win32":
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS


def _read(path: Path) -> bytes:
    descriptor = os.open(path, _READ)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - the checked descriptor, never the path again
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or not _private(found) or found.st_size > _MAX_BYTES:
            raise OSError("not a private file of ours")
        return file.read(_MAX_BYTES)


def _prune(folder: Path, keep: int) -> None:
    files = sorted(folder.iterdir(), key=lambda path: path.lstat().st_mtime, reverse=True)
    for path in files[keep:]:
        path.unlink(missing_ok=True)
