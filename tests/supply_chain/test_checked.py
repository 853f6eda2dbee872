"""Streams that are held against a digest: the whole of it or an error, however it is cut into reads."""

from __future__ import annotations

import hashlib
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from compliance.errors import ContentError
from compliance.supply_chain.checked import CheckedStream, buffered, check
from compliance.supply_chain.content import Descriptor


def _descriptor(data: bytes, algorithm: str = "sha256") -> Descriptor:
    return Descriptor("text/plain", f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}", len(data))


def _stream(sent: bytes, wanted: Descriptor) -> CheckedStream:
    return CheckedStream(io.BytesIO(sent).read, wanted, "the blob")


@given(st.binary(max_size=300), st.lists(st.integers(1, 50), min_size=1), st.sampled_from(["sha256", "sha512"]))
def test_what_fits_its_digest_comes_whole_in_any_pieces(data: bytes, sizes: list[int], algorithm: str) -> None:
    stream = _stream(data, _descriptor(data, algorithm))
    read = bytearray()
    for number in range(400):
        chunk = stream.read(sizes[number % len(sizes)])
        read += chunk
        if not chunk:
            break
    assert bytes(read) == data


@given(st.binary(max_size=300), st.binary(max_size=300), st.integers(1, 50))
def test_anything_else_is_never_read_to_its_end(data: bytes, sent: bytes, size: int) -> None:
    assume(sent != data)
    stream = _stream(sent, _descriptor(data))
    read = bytearray()
    with pytest.raises(ContentError, match="the blob"):  # noqa: PT012 - the read that raises is the last one
        while chunk := stream.read(size):
            read += chunk
    assert len(read) < max(len(data), 1)


@given(st.binary(max_size=300_000))
def test_buffered_reads_give_all_that_is_asked_for(data: bytes) -> None:
    with buffered(_stream(data, _descriptor(data))) as stream:
        assert stream.read(len(data)) == data
        assert stream.read(1) == b""


@pytest.mark.parametrize("digest", ["", "md5:abc", "sha256:abc", f"sha256:{'A' * 64}", "sha1:" + "0" * 40])
def test_a_digest_that_cannot_be_checked_is_refused(digest: str) -> None:
    with pytest.raises(ContentError, match="no digest that can be checked"):
        check(b"", digest, "the blob")
