"""A tar's files, read in place: the members are listed once, and nothing is extracted.

Names decide nothing here but which bytes are read, so that no member can write or lead anywhere. What would mean
something else to another reader (a name twice, or below a link) or somewhere else (links, absolute names, `..`) is
refused. Headers are read as `docker load` reads them (`tar_stream`).
"""

from __future__ import annotations

import gzip
import io
import os
import tempfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from compliance.errors import ContentError, ContentNotFound, ContentUnavailable
from compliance.supply_chain.tar_stream import members

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from compliance.supply_chain.tar_stream import Member

GZIP_MAGIC: Final = b"\x1f\x8b"
_MAX_MEMBERS: Final = 10_000
_CHUNK: Final = 1024 * 1024
_FOLDER: Final = "5"


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


@dataclass(frozen=True, slots=True)
class _Limits:
    header: int = 1024 * 1024
    name: int = 4096


class _Place:
    """Where in a file headers are read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._descriptor = file.fileno()
        self._end = os.fstat(self._descriptor).st_size
        self.at = 0

    def take(self, size: int) -> bytes:
        data = os.pread(self._descriptor, size, self.at)
        self.at += len(data)
        return data

    def skip(self, size: int) -> None:
        if size > self._end - self.at:
            raise ContentError("it is cut off")
        self.at += size


def _members(file: IO[bytes], path: str) -> dict[str, _Member]:
    found: dict[str, _Member] = {}
    place = _Place(file)
    try:
        for number, member in enumerate(members(place, _Limits())):
            _add(found, member, place.at, number)
    except ContentError as error:
        raise ContentError(f"{path} is no tar that can be read: {error.message}") from None
    below = next((name for name in found if any(above in found for above in _above(name))), None)
    if below is not None:
        raise ContentError(f"{below[:140]!r} in {path} is below a link or a file: refused")
    return found


def _add(found: dict[str, _Member], member: Member, offset: int, number: int) -> None:
    if number >= _MAX_MEMBERS:
        raise ContentError(f"there are more than {_MAX_MEMBERS} members")
    parts = member.name.split("/")
    name = "/".join(part for part in parts if part not in ("", "."))
    if name and (member.name.startswith("/") or ".." in parts):
        raise ContentError(f"{member.name[:140]!r} leads out of it: refused")
    if member.kind == _FOLDER:
        return
    if name in found:
        raise ContentError(f"{name[:140]!r} is twice in it, so that readers may differ about it")
    found[name] = _Member(offset, member.size, member.kind == "0")


def _above(name: str) -> Iterator[str]:
    while name := name.rpartition("/")[0]:
        yield name
