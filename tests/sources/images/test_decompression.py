"""Compressed layers: what compressors write comes back, what is damaged is refused, nothing grows without bound."""

from __future__ import annotations

import gzip
import io
import zlib

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import ContentError
from compliance.sources.images.decompression import PIECE, plain


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _all(data: bytes) -> bytes:
    pieces = plain(io.BytesIO(data))
    return b"".join(iter(pieces.read, b""))


_COMPRESSORS = [bytes, gzip.compress, zstandard.compress]


@pytest.mark.parametrize("compress", _COMPRESSORS)
@given(data=st.binary(max_size=2000).map(lambda some: some * 200))
def test_content_comes_back(compress: type[bytes], data: bytes) -> None:
    data = b"tar" + data

    assert _all(compress(data)) == data


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_several_streams_one_after_another_are_one(compress: type[bytes]) -> None:
    assert _all(compress(b"one") + compress(b"two")) == b"onetwo"


def test_skippable_frames_are_skipped() -> None:
    skippable = (0x184D2A51).to_bytes(4, "little") + (3).to_bytes(4, "little") + b"xyz"

    assert _all(skippable + zstandard.compress(b"text") + skippable) == b"text"


def test_zeros_behind_gzip_are_padding() -> None:
    assert _all(_gzip(b"text") + bytes(1000)) == b"text"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (_gzip(b"text" * 1000)[:-9], "cut off"),
        (_gzip(b"text")[:3], "cut off"),
        (_gzip(b"text")[:-8] + bytes(8), "damaged"),
        (_gzip(b"text") + b"more", "damaged"),
        (zstandard.compress(b"text")[:4] + b"\xff" * 20, "damaged"),
    ],
    ids=["checksum", "header", "wrong checksum", "more behind", "frame"],
)
def test_damage_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ContentError, match=why):
        _all(data)


@pytest.mark.parametrize("compress", [lambda data: gzip.compress(data, 9), zstandard.compress])
def test_a_piece_stays_small_however_much_it_grows(compress: type[bytes]) -> None:
    pieces = plain(io.BytesIO(compress(bytes(50_000_000))))

    sizes = [len(piece) for piece in iter(pieces.read, b"")]

    assert max(sizes) <= PIECE
    assert sum(sizes) == 50_000_000


def test_a_window_that_takes_too_much_memory_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=30)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    data = compressor.compress(bytes(10)) + compressor.flush()

    with pytest.raises(ContentError, match="damaged"):
        _all(data)


def test_a_stored_stream_is_left_alone() -> None:
    assert _all(zlib.compress(b"text")) == zlib.compress(b"text")
