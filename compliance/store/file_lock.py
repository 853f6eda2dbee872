"""A lock on a file beside the database: a POSIX record lock, which ends with its process, even a killed one.

Record locks and not flock(2): those would be shared with forked workers and live until the last of them ends. A record
lock never stops its own process, and is lost when that process closes the file anywhere, so what this process holds is
kept in a table, and such a file is not opened again.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import threading
from datetime import datetime
from typing import TYPE_CHECKING, Final

import orjson

from compliance.errors import ScopeLocked, StoreError
from compliance.output.json_text import compact
from compliance.store.records import Holder

if TYPE_CHECKING:
    from pathlib import Path

_MOST: Final = 4096
_OPEN: Final = os.O_CREAT | os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
_held: Final[dict[tuple[int, str], Holder]] = {}
_table: Final = threading.Lock()


class FileLock:
    """The lock of one scope of a history in a file."""

    def __init__(self, database: Path, scope: str) -> None:
        """Nothing is opened yet."""
        name = hashlib.sha256(scope.encode("utf-8", "backslashreplace")).hexdigest()[:16]
        self._scope = scope
        self._file = database.with_name(f"{database.name}-lock-{name}")
        self._descriptor: int | None = None

    def take(self, holder: Holder) -> None:
        """Take it, without waiting; raises ScopeLocked, or StoreError when the file cannot be made."""
        with _table:
            if known := _held.get(self._key()):
                raise locked(self._scope, known)
            self._descriptor = self._opened(holder)
            _held[self._key()] = holder

    def ensure(self) -> None:
        """It cannot be lost while the process lives."""

    def release(self) -> None:
        """Let it go; the file stays, because removing it could take it from under the next holder."""
        with _table:
            _held.pop(self._key(), None)
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def _key(self) -> tuple[int, str]:
        return os.getpid(), os.path.realpath(self._file)

    def _opened(self, holder: Holder) -> int:
        import fcntl  # noqa: PLC0415 - absent where there is no POSIX

        try:
            descriptor = os.open(self._file, _OPEN, 0o600)
        except OSError as error:
            raise StoreError(f"the lock {self._file} cannot be made: {error.strerror}") from error
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, compact({"who": holder.who, "since": holder.since.isoformat()}), 0)
        except OSError as error:
            said = os.pread(descriptor, _MOST, 0)
            os.close(descriptor)
            if error.errno in {errno.EACCES, errno.EAGAIN}:
                raise locked(self._scope, _read(said)) from None
            raise StoreError(f"the lock {self._file} cannot be taken: {error.strerror}") from error
        return descriptor


def locked(scope: str, holder: Holder | None) -> ScopeLocked:
    """Make the error for a scope that somebody holds; None where it is not known who."""
    return ScopeLocked(
        f"another run is at work on {scope!r}: {holder or 'it has not told yet which'}",
        remedy="wait until it is done; the lock ends with its process",
    )


def _read(said: bytes) -> Holder | None:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        told = orjson.loads(said)
        return Holder(str(told["who"]), datetime.fromisoformat(told["since"]))
    return None
