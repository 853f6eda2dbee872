"""An assessment in pieces."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import orjson
import pytest
from histories import day, finding, night
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import StoreError
from compliance.store import content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compliance.store.content import Fetch


def fetch(pieces: Mapping[bytes, bytes]) -> Fetch:
    def fetched(digests: Sequence[bytes]) -> Mapping[bytes, bytes]:
        return {digest: pieces[digest] for digest in digests}

    return fetched


names = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), max_size=300)


@given(names)
def test_what_is_taken_apart_is_put_together_again(some: list[str]) -> None:
    taken = night(3, map(finding, some))
    packed = content.pack(taken)
    assert content.unpack(packed.root, day(3), fetch(packed.pieces)) == taken
    assert set(content.reached(packed.root, fetch(packed.pieces))) == set(packed.pieces)


@given(names)
def test_pieces_are_addressed_by_what_they_are(some: list[str]) -> None:
    packed = content.pack(night(0, map(finding, some)))
    assert all(hashlib.sha256(body).digest() == digest for digest, body in packed.pieces.items())
    assert len(packed.findings) == len(some)


def test_the_time_is_no_part_of_the_content() -> None:
    assert content.pack(night(0, [finding("web")])).root == content.pack(night(9, [finding("web")])).root


@pytest.mark.parametrize("place", [0, 700, 1500])
def test_one_finding_more_changes_one_chunk_and_the_root(place: int) -> None:
    findings = [finding(f"web-{number}") for number in range(1500)]
    before = content.pack(night(0, findings)).pieces
    after = content.pack(night(0, [*findings[:place], finding("db"), *findings[place:]])).pieces
    assert 2 < len(set(after) - set(before)) <= 4  # the finding, the root, a chunk, and one more where that is cut
    assert len(set(before) - set(after)) <= 3


def test_what_utf_8_cannot_hold_becomes_an_escape() -> None:
    packed = content.pack(night(0, [finding("web", message="\ud800")]))
    read = content.unpack(packed.root, day(0), fetch(packed.pieces))
    assert read.findings[0].message == "\\ud800"


def test_another_schema_of_results_is_refused() -> None:
    body = orjson.dumps({"schema": "compliance/assessment/v9"})
    root = hashlib.sha256(body).digest()
    with pytest.raises(StoreError, match="'compliance/assessment/v9'") as caught:
        content.unpack(root, day(0), fetch({root: body}))
    assert "newer" in caught.value.remedy


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"schema": "compliance/assessment/v1", "findings": ["zz"]}'])
def test_a_root_that_is_none_is_an_error(body: bytes) -> None:
    root = hashlib.sha256(body).digest()
    with pytest.raises(StoreError, match="cannot be read"):
        content.unpack(root, day(0), fetch({root: body}))


def test_a_finding_of_another_version_is_an_error() -> None:
    packed = content.pack(replace(night(0, [finding("web")]), tool_version="9.9.9"))
    pieces = {**packed.pieces, packed.findings[0]: b'{"rule": "r"}'}
    with pytest.raises(StoreError, match=r"of version 9\.9\.9 .* cannot be read"):
        content.unpack(packed.root, day(0), fetch(pieces))
    with pytest.raises(StoreError, match="cannot be read"):
        content.read_finding(b'{"rule": "r"}')
