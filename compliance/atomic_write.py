"""Write a file so that whoever reads it sees the old content or the new one, and never a part.

`write` is for files that users name, whatever they are; `replace` for files of our own.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
# The folder does not let us replace the file, though we may perhaps write it: a file mounted by itself, for one.
_NOT_REPLACEABLE: Final = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV, errno.ENAMETOOLONG}
)


def write(path: Path, content: Iterable[bytes]) -> None:
    """Write a file, making it if it is not there; a link's target is written, and a file's mode stays.

    What is no regular file (a FIFO, a terminal, /dev/stdout), and what cannot be replaced, is written as it is.

    Raises:
        OSError: it cannot be written; a file that was there is then as it was, if it could have been replaced.
    """
    target = Path(os.path.realpath(path))
    found = _status(target)
    made = _beside_if_possible(target, found) if _is_replaceable(path, found) else None
    if made is None:
        with path.open("wb") as file:
            file.writelines(content)
        return
    temporary, descriptor = made
    with _removed_on_failure(temporary):
        _fill(descriptor, content)
        _put_in_place(temporary, path, target)


def replace(path: Path, content: bytes, mode: int = 0o666, *, durable: bool = True) -> None:
    """Put a new file in the place of another, or of none; nobody can read what its mode denies them, at any time.

    Of the mode the umask takes away its part. What is not `durable` may be lost where the machine stops.

    Raises:
        OSError: it cannot be done; what was there is as it was.
    """
    temporary, descriptor = _beside(path, mode)
    with _removed_on_failure(temporary):
        _fill(descriptor, (content,), durable=durable)
        temporary.replace(path)


def _status(target: Path) -> os.stat_result | None:
    try:
        return target.stat()
    except FileNotFoundError:
        return None


def _is_replaceable(path: Path, found: os.stat_result | None) -> bool:
    """Whether a new file may take its place: not where a descriptor of ours is meant, which would keep the old one."""
    if path.is_relative_to("/dev") or path.is_relative_to("/proc"):
        return False
    if found is None:
        return True
    return stat.S_ISREG(found.st_mode) and not any(_is_open_as(found, number) for number in (1, 2))


def _is_open_as(found: os.stat_result, descriptor: int) -> bool:
    try:
        return os.path.samestat(found, os.fstat(descriptor))
    except OSError:
        return False


def _beside_if_possible(target: Path, found: os.stat_result | None) -> tuple[Path, int] | None:
    """A new file in the same folder, of the same mode; None where none can be made there."""
    try:
        return _beside(target, 0o666) if found is None else _beside_exactly(target, stat.S_IMODE(found.st_mode))
    except OSError as error:
        if error.errno not in _NOT_REPLACEABLE:
            raise
        return None


def _beside_exactly(path: Path, mode: int) -> tuple[Path, int]:
    """The umask has no say in the mode of a file that was there."""
    temporary, descriptor = _beside(path, mode)
    try:
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)
    except OSError:
        os.close(descriptor)
        temporary.unlink()
        raise
    return temporary, descriptor


def _beside(path: Path, mode: int) -> tuple[Path, int]:
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.new")
    return temporary, os.open(temporary, _NEW, mode)


@contextmanager
def _removed_on_failure(temporary: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _fill(descriptor: int, content: Iterable[bytes], *, durable: bool = True) -> None:
    with open(descriptor, "wb") as file:
        file.writelines(content)
        file.flush()
        if durable:
            os.fsync(descriptor)


def _put_in_place(temporary: Path, path: Path, target: Path) -> None:
    try:
        temporary.replace(target)
    except OSError as error:
        if error.errno not in _NOT_REPLACEABLE:
            raise
        shutil.copyfile(temporary, path)
        temporary.unlink()
