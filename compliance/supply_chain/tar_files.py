"""A tar's files, read in place: the members are listed once, and nothing is extracted.

Names decide nothing here but which bytes are read, so that no member can write or lead anywhere. What would mean
something else to another reader (a name twice) or somewhere else (links, absolute names, `..`) is refused.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import tempfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from compliance.errors import ContentError, ContentNotFound, ContentUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

GZIP_MAGIC: Final = b"\x1f\x8b"
_MAX_MEMBERS: Final = 10_000
_MAX_HEADER: Final = 1024 * 1024
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Member:
    offset: int
    size: int
    is_file: bool


class TarFiles:
    """The files of a tar, plain or compressed with gzip; `max_size` in bytes bounds it uncompressed."""

    def __init__(self, path: Path, *, max_size: int) -> None:
        """Open a tar and list its members.

        Raises:
            ContentNotFound: there is no such file; ContentUnavailable: it cannot be read.
            ContentError: it is no tar, or one that is refused.
        """
        self._path = path
        self._file = _opened(path, max_size)
        try:
            self._members = _members(self._file, str(path))
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def size(self, name: str) -> int:
        """Bytes of a file.

        Raises:
            ContentNotFound: it is not there; ContentError: it is a link.
        """
        return self._member(name).size

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """Open a file; raises as `size`."""
        with io.BufferedReader(_Slice(self._file.fileno(), self._member(name))) as stream:
            yield stream

    def _member(self, name: str) -> _Member:
        member = self._members.get(name)
        if member is None:
            raise ContentNotFound(f"{self._path} has no {name[:140]!r}")
        if not member.is_file:
            raise ContentError(f"{name[:140]!r} in {self._path} is a link or no regular file: refused")
        return member


class _Slice(io.RawIOBase):
    """Part of a file, read without moving its position, so that threads do not disturb each other."""

    def __init__(self, descriptor: int, member: _Member) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._at = member.offset
        self._end = member.offset + member.size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override] # typeshed has Buffer, from 3.12 on
        data = os.pread(self._descriptor, min(len(buffer), self._end - self._at), self._at)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _opened(path: Path, max_size: int) -> IO[bytes]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise ContentNotFound(f"{path} is not there") from None
    except OSError as error:
        raise ContentUnavailable(f"{path} cannot be read: {error.strerror}") from None
    with_magic = file.read(len(GZIP_MAGIC))
    file.seek(0)
    if with_magic != GZIP_MAGIC:
        return file
    with file:
        return _spooled(file, path, max_size)


def _spooled(file: IO[bytes], path: Path, max_size: int) -> IO[bytes]:
    """Uncompress into a file without a name: a tar can be read in place, gzip cannot."""
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - stays open for its reader
    try:
        with gzip.GzipFile(fileobj=file) as plain:
            _copy(plain, spool, max_size, path)
    except (OSError, EOFError, zlib.error) as error:
        spool.close()
        raise ContentError(f"{path} cannot be uncompressed: {error}") from None
    except BaseException:
        spool.close()
        raise
    return spool


def _copy(plain: io.BufferedIOBase, spool: IO[bytes], max_size: int, path: Path) -> None:
    left = max_size
    while chunk := plain.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            raise ContentError(f"{path} is larger than {max_size} bytes when uncompressed")
        spool.write(chunk)
    spool.flush()


class _Headers(io.BufferedReader):
    """A tar for tarfile to list: it reads long names and PAX records whole, however long they say that they are."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or not 0 <= size <= _MAX_HEADER:
            raise tarfile.ReadError(f"a header of {size} bytes")
        return super().read(size)


def _members(file: IO[bytes], path: str) -> dict[str, _Member]:
    found: dict[str, _Member] = {}
    end = os.fstat(file.fileno()).st_size
    try:
        headers = _Headers(io.FileIO(file.fileno(), closefd=False))
        headers.seek(0)
        with headers, tarfile.open(fileobj=headers, mode="r:") as archive:
            for number, info in enumerate(archive):
                if number >= _MAX_MEMBERS:
                    raise ContentError(f"{path} has more than {_MAX_MEMBERS} members")
                _add(found, info, end, path)
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        raise ContentError(f"{path} is no tar that can be read: {error}") from None
    return found


def _add(found: dict[str, _Member], info: tarfile.TarInfo, end: int, path: str) -> None:
    parts = info.name.split("/")
    if info.name.startswith("/") or ".." in parts:
        raise ContentError(f"{info.name[:140]!r} in {path} leads out of it: refused")
    name = "/".join(part for part in parts if part not in ("", "."))
    if info.isdir():
        return
    if name in found:
        raise ContentError(f"{name[:140]!r} is twice in {path}, so that readers may differ about it")
    if info.isreg() and info.offset_data + info.size > end:
        raise ContentError(f"{path} ends inside of {name[:140]!r}")
    found[name] = _Member(info.offset_data, info.size, info.isreg() and not info.issparse())
