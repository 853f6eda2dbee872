"""A layer's bytes as they were before compression, piece by piece, however large they grow.

gzip (RFC 1952, several members one after another) and Zstandard (RFC 8878, several frames, skippable ones too) are told
by their first bytes, as container runtimes do, because announced media types are wrong now and then.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final, Protocol, cast

from compliance.errors import ContentError

if TYPE_CHECKING:
    from typing import BinaryIO

PIECE: Final = 256 * 1024
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_SKIPPABLE: Final = (0x184D2A50, 0x184D2A5F)
_WITH_GZIP_HEADER: Final = 31
_MAX_WINDOW: Final = 128 * 1024 * 1024
"""What a decompressor of Zstandard must keep; RFC 8878 asks for 8 MiB, `zstd --long` makes 128."""


class Pieces(Protocol):
    """Something read piece by piece: `read` gives at most PIECE bytes, and none at the end."""

    def read(self) -> bytes:
        """The next piece."""


def plain(stream: BinaryIO) -> Pieces:
    """Decompress a stream as its first bytes ask for.

    Raises, here and while it is read:
        ContentError: what is compressed is damaged or cut off.
    """
    start = _start(stream)
    if start.startswith(_GZIP):
        return _Gzip(stream, start)
    if start == _ZSTD or _SKIPPABLE[0] <= int.from_bytes(start, "little") <= _SKIPPABLE[1]:
        return _Zstandard(stream, start)
    return _Stored(stream, start)


def _start(stream: BinaryIO) -> bytes:
    start = b""
    while len(start) < len(_ZSTD) and (more := stream.read(len(_ZSTD) - len(start))):
        start += more
    return start


class _Stored:
    """Nothing is compressed."""

    def __init__(self, stream: BinaryIO, start: bytes) -> None:
        self._stream = stream
        self._start = start

    def read(self) -> bytes:
        if self._start:
            start, self._start = self._start, b""
            return start
        return self._stream.read(PIECE)


class _Gzip:
    """Members of gzip; zeros behind the last one are padding, anything else is an error."""

    def __init__(self, stream: BinaryIO, start: bytes) -> None:
        self._stream = stream
        self._waiting = start
        self._member = zlib.decompressobj(_WITH_GZIP_HEADER)
        self._between = False

    def read(self) -> bytes:
        while True:
            if not self._waiting:
                self._waiting = self._stream.read(PIECE)
                if not self._waiting:
                    return self._end()
            if self._between and not self._begin():
                continue
            piece = self._decompressed()
            if piece:
                return piece

    def _end(self) -> bytes:
        if not self._between:
            raise ContentError("the gzip stream is cut off")
        return b""

    def _begin(self) -> bool:
        """Begin the next member, if there is one behind the padding."""
        self._waiting = self._waiting.lstrip(b"\0")
        if self._waiting:
            self._member, self._between = zlib.decompressobj(_WITH_GZIP_HEADER), False
        return bool(self._waiting)

    def _decompressed(self) -> bytes:
        try:
            piece = self._member.decompress(self._waiting, PIECE)
        except zlib.error as error:
            raise ContentError(f"the gzip stream is damaged: {error}") from None
        self._between = self._member.eof
        self._waiting = self._member.unused_data if self._between else self._member.unconsumed_tail
        return piece


class _Zstandard:
    """Frames of Zstandard."""

    def __init__(self, stream: BinaryIO, start: bytes) -> None:
        import zstandard  # noqa: PLC0415 - most layers need none

        self._error = zstandard.ZstdError
        decompressor = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW)
        self._reader = decompressor.stream_reader(
            cast("BinaryIO", _Prefixed(stream, start)), PIECE, read_across_frames=True
        )

    def read(self) -> bytes:
        try:
            return self._reader.read(PIECE)
        except self._error as error:
            raise ContentError(f"the Zstandard stream is damaged: {error}") from None


class _Prefixed:
    """A stream with the bytes before it that were looked at."""

    def __init__(self, stream: BinaryIO, start: bytes) -> None:
        self._stream = stream
        self._start = start

    def read(self, size: int) -> bytes:
        start, self._start = self._start, b""
        return start or self._stream.read(size)
