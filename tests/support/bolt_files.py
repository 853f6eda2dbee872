"""Writes BoltDB files (format version 2), the container of Trivy's database.

A bucket is a mapping of keys to values (bytes) or to buckets. A file is written once and whole: two meta pages, an
empty free list, the trees. Equal trees give equal files. The format is go.etcd.io/bbolt's, page.go and bucket.go.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias, Union

Tree: TypeAlias = Mapping[Any, Union[bytes, "Tree"]]

MAGIC = 0xED0CDAED
VERSION = 2
BRANCH, LEAF, META, FREELIST = 1, 2, 4, 16
PAGE = struct.Struct("<QHHI")
LEAF_ELEMENT = struct.Struct("<IIII")
BRANCH_ELEMENT = struct.Struct("<IIQ")
BUCKET = struct.Struct("<QQ")
META_BODY = struct.Struct("<IIIIQQQQQ")


def image(tree: Tree, *, page_size: int = 4096) -> bytes:
    """The bytes of a database file."""
    return _Writer(page_size).image(tree)


def fnv1a(data: bytes) -> int:
    """FNV-1a with 64 bits, a meta page's checksum."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


class _Writer:
    def __init__(self, page_size: int) -> None:
        self._page_size = page_size
        self._pages: dict[int, bytes] = {}
        self._next = 3  # after the meta pages and the free list

    def image(self, tree: Tree) -> bytes:
        root, _ = BUCKET.unpack(self._bucket(tree, may_be_inline=False))
        out = bytearray()
        for page in (0, 1):
            body = META_BODY.pack(MAGIC, VERSION, self._page_size, 0, root, 0, 2, self._next, page)
            whole = PAGE.pack(page, META, 0, 0) + body + struct.pack("<Q", fnv1a(body))
            out += whole.ljust(self._page_size, b"\0")
        out += PAGE.pack(2, FREELIST, 0, 0).ljust(self._page_size, b"\0")
        for page in sorted(self._pages):
            out += self._pages[page]
        return bytes(out)

    def _bucket(self, tree: Tree, *, may_be_inline: bool = True) -> bytes:
        """What the parent stores for this bucket; small ones lie inside it."""
        items = [
            (1, key, self._bucket(value)) if isinstance(value, Mapping) else (0, key, value)
            for key, value in sorted((_key(key), value) for key, value in tree.items())
        ]
        body = _leaf(items)
        nested = any(flags for flags, _, _ in items)
        if may_be_inline and not nested and PAGE.size + len(body) <= self._page_size // 4:
            return BUCKET.pack(0, 0) + PAGE.pack(0, LEAF, len(items), 0) + body
        level = [
            (items[start][1] if items else b"", self._put(LEAF, stop - start, _leaf(items[start:stop])))
            for start, stop in self._runs([LEAF_ELEMENT.size + len(key) + len(value) for _, key, value in items])
        ]
        while len(level) > 1:
            level = [
                (level[start][0], self._put(BRANCH, stop - start, _branch(level[start:stop])))
                for start, stop in self._runs([BRANCH_ELEMENT.size + len(key) for key, _ in level])
            ]
        return BUCKET.pack(level[0][1], 0)

    def _put(self, flags: int, count: int, body: bytes) -> int:
        size = -(-(PAGE.size + len(body)) // self._page_size)
        page = self._next
        self._next += size
        self._pages[page] = (PAGE.pack(page, flags, count, size - 1) + body).ljust(size * self._page_size, b"\0")
        return page

    def _runs(self, sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Split elements into runs that fit a page, of two at least."""
        start = used = 0
        for place, size in enumerate(sizes):
            if used + size > self._page_size - PAGE.size and place - start >= 2 and len(sizes) - place >= 2:
                yield start, place
                start, used = place, 0
            used += size
        yield start, len(sizes)


def _key(key: str | bytes) -> bytes:
    return key.encode() if isinstance(key, str) else key


def _leaf(items: Sequence[tuple[int, bytes, bytes]]) -> bytes:
    heads: list[bytes] = []
    data: list[bytes] = []
    offset = len(items) * LEAF_ELEMENT.size
    for place, (flags, key, value) in enumerate(items):
        heads.append(LEAF_ELEMENT.pack(flags, offset - place * LEAF_ELEMENT.size, len(key), len(value)))
        data += (key, value)
        offset += len(key) + len(value)
    return b"".join(heads + data)


def _branch(items: Sequence[tuple[bytes, int]]) -> bytes:
    heads: list[bytes] = []
    data: list[bytes] = []
    offset = len(items) * BRANCH_ELEMENT.size
    for place, (key, child) in enumerate(items):
        heads.append(BRANCH_ELEMENT.pack(offset - place * BRANCH_ELEMENT.size, len(key), child))
        data.append(key)
        offset += len(key)
    return b"".join(heads + data)
