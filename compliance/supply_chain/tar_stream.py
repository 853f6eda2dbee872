"""A tar archive read once, from front to end, with nothing kept: pax (POSIX.1-2017), ustar, GNU long names.

Where readers differ this one reads as Go's archive/tar does, because that is what unpacks layers: a pax record
overrides the header unless it is empty, the last of two records holds, links and directories have no content whatever
size they claim, global records are passed over and end what came before them. Sparse files of pax are refused: only
their pieces are in the archive. Python's tarfile would read a header of any claimed size into memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from compliance.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BLOCK: Final = 512
_EMPTY: Final = bytes(_BLOCK)
_HEADER_ONLY: Final = frozenset(b"123456")
_DIRECTORY: Final = ord("5")
_REGULAR: Final = frozenset(b"\x007S")
_OLD_REGULAR: Final = 0
_GNU: Final = b"ustar  \0"
_STAR: Final = b"tar\0"
_GNU_TIMES: Final = (slice(345, 357), slice(357, 369))
_SPARSE_RECORDS: Final = frozenset(f"GNU.sparse.{key}" for key in ("major", "minor", "map", "offset", "numbytes"))
_OCTAL: Final = re.compile(rb"[ \0]*(?:([0-7]+)(?:[ \0]*|\0.*))?", re.DOTALL)
_MAX_NUMBER: Final = 2**63 - 1
_SPARSE: Final = ord("S")
_NEGATIVE: Final = 0xFF
_MAX_CHAIN: Final = 16


class Bytes(Protocol):
    """What the archive is read from."""

    def take(self, size: int) -> bytes:
        """The next bytes, fewer only at the end."""

    def skip(self, size: int) -> None:
        """Pass over bytes; ContentError where there are not as many."""


class Limits(Protocol):
    """Bytes that an extended header and a name may have."""

    @property
    def header(self) -> int:
        """Of an extended header."""

    @property
    def name(self) -> int:
        """Of a name, of a link's target, and of a keyword."""


@dataclass(slots=True)
class Member:
    """One entry of an archive; `kind` is the type flag's character, names are as written, `unread` bytes follow."""

    name: str
    kind: str
    mode: int
    owner: int
    group: int
    size: int
    link: str
    records: Mapping[str, bytes] = field(default_factory=dict)
    source: Bytes | None = None
    unread: int = 0

    def content(self, most: int) -> bytes | None:
        """The content of a file no larger than `most` bytes; None of a larger one. Can be asked for once."""
        if self.size > most or self.source is None:
            return None
        self.unread -= self.size
        data = self.source.take(self.size)
        if len(data) < self.size:
            raise ContentError(f"the archive ends inside {self.name[:120]!r}")
        return data


def members(source: Bytes, limits: Limits) -> Iterator[Member]:
    """Read the members in their order.

    Raises:
        ContentError: it is no tar archive, is damaged, or a name or header is larger than allowed.
    """
    pax: dict[str, bytes] = {}
    long: dict[str, bytes] = {}
    chain = 0
    while (header := source.take(_BLOCK)) and header != _EMPTY:
        kind = _checked(header)
        size = _number(header[124:136])
        if kind in b"xgLK":
            chain += 1
            if chain > _MAX_CHAIN:
                raise ContentError(f"there are more than {_MAX_CHAIN} extended headers for one member")
            data = _extension(source, size, limits)
            if kind == ord("x"):
                pax = dict(_pax(data, limits))
            elif kind == ord("g"):
                pax, long = {}, {}
            else:
                long["path" if kind == ord("L") else "linkpath"] = _text(data)
            continue
        records = {key: value for part in (pax, long) for key, value in part.items() if value}
        member = _member(header, kind, size, records, limits)
        if kind == _SPARSE:
            _pass_sparse_map(source, header)
        padded = member.size + -member.size % _BLOCK
        member.source, member.unread = source, padded
        yield member
        source.skip(member.unread)
        pax, long, chain = {}, {}, 0
    if chain:
        raise ContentError("the archive ends after an extended header")
    if header and source.take(_BLOCK) not in {b"", _EMPTY}:
        raise ContentError("the archive goes on after its end is marked once")


def _checked(header: bytes) -> int:
    """The type flag of a header whose checksum is right."""
    if len(header) < _BLOCK:
        raise ContentError("the archive ends inside a header")
    said = _number(header[148:156])
    if sum(header) - sum(header[148:156]) + 256 != said:
        raise ContentError("a header's checksum is wrong, so it is no tar archive, or a damaged one")
    return header[156]


def _number(raw: bytes) -> int:
    """A number in octal, or in base 256 where it has no room (GNU)."""
    if raw[0] & 0x80:
        value = int.from_bytes(raw, "big", signed=False) & ((1 << (8 * len(raw) - 1)) - 1)
        if raw[0] == _NEGATIVE or value > _MAX_NUMBER:
            raise ContentError("a header has a number that is negative or too large")
        return value
    found = _OCTAL.fullmatch(raw)
    if found is None:
        raise ContentError("a header has a number that is none, so it is no tar archive, or a damaged one")
    return int(found[1] or b"0", 8)


def _extension(source: Bytes, size: int, limits: Limits) -> bytes:
    if size > limits.header:
        raise ContentError(f"an extended header claims {size} bytes, and {limits.header} are allowed")
    data = source.take(size)
    if len(data) < size:
        raise ContentError("the archive ends inside an extended header")
    source.skip(-size % _BLOCK)
    return data


def _pax(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    r"""Records `length keyword=value\n`, in which the length counts itself."""
    at = 0
    while at < len(data):
        space = data.find(b" ", at, at + 10)
        if space < 0 or not data[at:space].isdigit():
            raise ContentError("a pax record has no length")
        end = at + int(data[at:space])
        keyword, equals, value = data[space + 1 : end - 1].partition(b"=")
        if end > len(data) or end <= space + 1 or data[end - 1 : end] != b"\n" or not equals:
            raise ContentError("a pax record is not as long as it says")
        if len(keyword) > limits.name:
            raise ContentError("a pax record has a keyword that is too long")
        yield keyword.decode("utf-8", "backslashreplace"), value
        at = end


def _member(header: bytes, kind: int, size: int, records: dict[str, bytes], limits: Limits) -> Member:
    if not _SPARSE_RECORDS.isdisjoint(records):
        raise ContentError("there is a sparse file, of which the archive has only pieces")
    name, prefix = _text(header[:100]), _prefix(header)
    name = records.get("path", prefix + b"/" + name if prefix else name)
    link = records.get("linkpath", _text(header[157:257]))
    if max(len(name), len(link)) > limits.name:
        raise ContentError(f"a name has more than {limits.name} bytes")
    size = _overridden(records, "size", size)
    if kind == _OLD_REGULAR and name.endswith(b"/"):
        kind = _DIRECTORY
    return Member(
        name=name.decode("utf-8", "backslashreplace"),
        kind="0" if kind in _REGULAR else chr(kind),
        mode=_number(header[100:108]) & 0o7777,
        owner=_overridden(records, "uid", _number(header[108:116])),
        group=_overridden(records, "gid", _number(header[116:124])),
        size=0 if kind in _HEADER_ONLY else size,
        link=link.decode("utf-8", "backslashreplace"),
        records=records,
    )


def _prefix(header: bytes) -> bytes:
    """What stands before the name; in GNU's format only where its times are none, which an old writer of Go's made."""
    magic = header[257:265]
    if magic == _GNU:
        told = _text(header[345:500])
        return told if told.isascii() and not all(map(_is_time, (header[at] for at in _GNU_TIMES))) else b""
    if not magic.startswith(b"ustar\0"):
        return b""
    # star keeps times behind a shorter prefix.
    return _text(header[345:476] if header[508:] == _STAR else header[345:500])


def _is_time(raw: bytes) -> bool:
    try:
        return raw[:1] == b"\0" or _number(raw) >= 0
    except ContentError:
        return False


def _text(raw: bytes) -> bytes:
    return raw.partition(b"\0")[0]


def _overridden(records: Mapping[str, bytes], keyword: str, value: int) -> int:
    """The header's number, or the pax record's in its place."""
    said = records.get(keyword)
    if said is None:
        return value
    if not said.isdigit() or len(said) > 19 or int(said) > _MAX_NUMBER:  # noqa: PLR2004 - digits of 2**63
        raise ContentError(f"the pax record {keyword} is no number")
    return int(said)


def _pass_sparse_map(source: Bytes, header: bytes) -> None:
    """Pass over the rest of the map of a sparse file of GNU's old format."""
    more = header[482]
    while more:
        block = source.take(_BLOCK)
        if len(block) < _BLOCK:
            raise ContentError("the archive ends inside the map of a sparse file")
        more = block[504]
