"""Looks into a BoltDB file: which buckets are at its top, and whether anything is in them. Never writes.

The format is version 2 of go.etcd.io/bbolt (internal/common: page.go, meta.go, bucket.go), in the byte order of the
machine that wrote it, which is little endian wherever Trivy runs:

    page    id u64 | flags u16 | count u16 | overflow u32, then elements, then their data
    meta    magic u32 | version u32 | page size u32 | flags u32 | root page u64 | sequence u64 | free list u64 |
            pages in use u64 | transaction u64 | FNV-1a of all before; pages 0 and 1 hold one each, the later one counts
    leaf    flags u32 (1: the value is a bucket) | position u32 | key size u32 | value size u32
    branch  position u32 | key size u32 | page u64
    bucket  root page u64 | sequence u64; root page 0: the bucket's only page follows at once

Positions count from the start of their element. The file is read page by page and not mapped: another process may
truncate it, and a mapping would then end us with SIGBUS.
"""

from __future__ import annotations

import os
import struct
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from compliance.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAGIC: Final = 0xED0CDAED
_VERSION: Final = 2
_BRANCH: Final = 1
_LEAF: Final = 2
_IS_BUCKET: Final = 1
_PAGE: Final = struct.Struct("<QHHI")
_META: Final = struct.Struct("<IIIIQQQQQQ")
_LEAF_ELEMENT: Final = struct.Struct("<IIII")
_BRANCH_ELEMENT: Final = struct.Struct("<IIQ")
_BUCKET: Final = struct.Struct("<QQ")
_PAGE_SIZES: Final = tuple(1 << bits for bits in range(9, 17))
_MAX_DEPTH: Final = 32
_MAX_KEY: Final = 32768
_MAX_VALUE: Final = 1 << 16
_MAX_BUCKETS: Final = 100_000
_MAX_PAGES: Final = 200_000


@dataclass(frozen=True, slots=True)
class _Meta:
    page_size: int
    root: int
    pages: int
    transaction: int


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's kind, how many elements it has, and where they start in the file."""

    start: int
    flags: int
    count: int


@contextmanager
def open_bolt(path: Path) -> Iterator[BoltFile]:
    """Open a file for looking into it.

    Raises:
        ReadError: it cannot be read, is no BoltDB file, or is shorter than it says.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}") from error
    try:
        yield BoltFile(descriptor, path)
    finally:
        os.close(descriptor)


class BoltFile:
    """An open file; `ReadError` comes from every method where the file contradicts itself."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self._descriptor = descriptor
        self._path = path
        self._size = os.fstat(descriptor).st_size
        self._visited = 0
        self._meta = self._current_meta()
        if self._meta.pages * self._meta.page_size > self._size:
            raise self._broken("it is truncated")

    def buckets(self) -> Iterator[tuple[bytes, bool]]:
        """The names of the buckets at the top, each with whether anything is in it."""
        for number, (name, value) in enumerate(self._leaves(self._page(self._meta.root), 0)):
            if number >= _MAX_BUCKETS:
                raise self._broken(f"it has more than {_MAX_BUCKETS} buckets")
            if value is not None:
                yield name, self._is_filled(value)

    def _current_meta(self) -> _Meta:
        """The valid meta page of the later transaction; the second lies a page behind the first."""
        first = self._meta_at(0)
        sizes = (first.page_size,) if first else _PAGE_SIZES
        metas = [meta for meta in (first, *(self._meta_at(size) for size in sizes)) if meta]
        if not metas:
            raise self._broken("it is no BoltDB file")
        return max(metas, key=lambda meta: meta.transaction)

    def _meta_at(self, offset: int) -> _Meta | None:
        data = os.pread(self._descriptor, _META.size, offset + _PAGE.size)
        if len(data) < _META.size:
            return None
        magic, version, page_size, _, root, _, _, pages, transaction, checksum = _META.unpack(data)
        valid = magic == _MAGIC and version == _VERSION and page_size in _PAGE_SIZES
        if not valid or checksum != _fnv1a(data[:-8]):
            return None
        return _Meta(page_size, root, pages, transaction)

    def _page(self, number: int) -> _Page:
        self._visited += 1
        if self._visited > _MAX_PAGES:
            raise self._broken(f"it has more than {_MAX_PAGES} pages to look at")
        start = number * self._meta.page_size
        own, flags, count, _ = _PAGE.unpack(self._read(start, _PAGE.size))
        if own != number:
            raise self._broken(f"page {number} calls itself {own}")
        return _Page(start + _PAGE.size, flags, count)

    def _leaves(self, page: _Page, depth: int) -> Iterator[tuple[bytes, bytes | None]]:
        """Keys in order, with the value where it is a bucket."""
        if depth > _MAX_DEPTH:
            raise self._broken(f"its pages nest deeper than {_MAX_DEPTH}")
        if page.flags & _BRANCH:
            for number in range(page.count):
                yield from self._leaves(self._child(page, number), depth + 1)
        elif page.flags & _LEAF:
            for number in range(page.count):
                yield self._leaf(page, number)
        else:
            raise self._broken("a page of it is neither branch nor leaf")

    def _child(self, page: _Page, number: int) -> _Page:
        at = page.start + number * _BRANCH_ELEMENT.size
        _, _, child = _BRANCH_ELEMENT.unpack(self._read(at, _BRANCH_ELEMENT.size))
        return self._page(child)

    def _leaf(self, page: _Page, number: int) -> tuple[bytes, bytes | None]:
        at = page.start + number * _LEAF_ELEMENT.size
        flags, position, key_size, value_size = _LEAF_ELEMENT.unpack(self._read(at, _LEAF_ELEMENT.size))
        if not 0 < key_size <= _MAX_KEY:
            raise self._broken(f"a key of it has {key_size} bytes")
        key = self._read(at + position, key_size)
        if not flags & _IS_BUCKET:
            return key, None
        if not _BUCKET.size <= value_size <= _MAX_VALUE:
            raise self._broken(f"a bucket of it has a head of {value_size} bytes")
        return key, self._read(at + position + key_size, value_size)

    def _is_filled(self, bucket: bytes) -> bool:
        """Whether a bucket has a key. Its leaves are never empty, apart from the only one of an empty bucket."""
        root, _ = _BUCKET.unpack_from(bucket)
        if root == 0:
            return self._inline_count(bucket[_BUCKET.size :]) > 0
        page = self._page(root)
        for _ in range(_MAX_DEPTH):
            if page.count == 0:
                return False
            if page.flags & _LEAF:
                return bool(self._leaf(page, 0)[0])
            if not page.flags & _BRANCH:
                raise self._broken("a page of it is neither branch nor leaf")
            page = self._child(page, 0)
        raise self._broken(f"its pages nest deeper than {_MAX_DEPTH}")

    def _inline_count(self, data: bytes) -> int:
        if len(data) < _PAGE.size:
            raise self._broken("a bucket inside its parent has no page")
        _, flags, count, _ = _PAGE.unpack_from(data)
        if not flags & _LEAF or len(data) < _PAGE.size + int(count) * _LEAF_ELEMENT.size:
            raise self._broken("a bucket inside its parent has no whole leaf")
        return int(count)

    def _read(self, offset: int, size: int) -> bytes:
        if offset + size > self._size:
            raise self._broken("it points behind its own end")
        data = os.pread(self._descriptor, size, offset)
        if len(data) != size:
            raise self._broken("it became shorter while it was read")
        return data

    def _broken(self, why: str) -> ReadError:
        return ReadError(f"{self._path} is no usable BoltDB file: {why}")


def _fnv1a(data: bytes) -> int:
    """FNV-1a with 64 bits."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value
