"""The reader of BoltDB files against files that our own writer made, and against broken ones."""

import contextlib
from pathlib import Path
from typing import Any

import bolt_files
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.errors import ReadError
from compliance.sources.vulnerabilities.boltdb import open_bolt

KEYS = st.binary(min_size=1, max_size=40)
VALUES = st.binary(max_size=60)
BUCKETS: st.SearchStrategy[dict[bytes, Any]] = st.recursive(
    st.dictionaries(KEYS, VALUES, max_size=8),
    lambda inner: st.dictionaries(KEYS, st.one_of(VALUES, inner), max_size=8),
    max_leaves=20,
)
TREES = st.dictionaries(KEYS, st.one_of(VALUES, BUCKETS), max_size=40)
PAGE_SIZES = st.sampled_from([512, 1024, 4096, 16384, 65536])
PROPERTY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)


def buckets(path: Path) -> dict[bytes, bool]:
    with open_bolt(path) as database:
        return dict(database.buckets())


def written(folder: Path, tree: bolt_files.Tree, page_size: int = 4096) -> Path:
    path = folder / "trivy.db"
    path.write_bytes(bolt_files.image(tree, page_size=page_size))
    return path


@given(tree=TREES, page_size=PAGE_SIZES)
@PROPERTY
def test_what_was_written_is_read(tmp_path: Path, tree: dict[bytes, Any], page_size: int) -> None:
    expected = {key: bool(value) for key, value in tree.items() if isinstance(value, dict)}
    assert buckets(written(tmp_path, tree, page_size)) == expected


def test_large_buckets_with_branches_and_overflowing_pages_are_read(tmp_path: Path) -> None:
    many = {f"bucket-{number:05}": {f"key-{n}": b"x" * 50 for n in range(number % 40)} for number in range(3000)}
    found = buckets(written(tmp_path, {**many, "wide": {"key": b"y" * 100_000}}))
    assert found[b"wide"]
    assert [found[b"bucket-00000"], found[b"bucket-00001"]] == [False, True]
    assert len(found) == 3001


@given(data=st.data())
@PROPERTY
def test_a_damaged_file_is_read_or_refused_in_words(tmp_path: Path, data: st.DataObject) -> None:
    tree = {f"bucket {number}": {"key": b"value" * number} for number in range(60)}
    image = bytearray(bolt_files.image(tree, page_size=512))
    for _ in range(data.draw(st.integers(1, 8))):
        image[data.draw(st.integers(0, len(image) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "trivy.db"
    path.write_bytes(image)
    with contextlib.suppress(ReadError):
        assert len(buckets(path)) <= 10_000


@given(noise=st.binary(max_size=4096))
@PROPERTY
def test_noise_is_no_database(tmp_path: Path, noise: bytes) -> None:
    path = tmp_path / "trivy.db"
    path.write_bytes(noise)
    with pytest.raises(ReadError, match="it is no BoltDB file"):
        buckets(path)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_truncated_file_is_refused(tmp_path: Path, kept: float) -> None:
    path = written(tmp_path, {f"bucket {number}": {"key": b"v" * 900} for number in range(50)})
    image = path.read_bytes()
    path.write_bytes(image[: max(int(len(image) * kept), 8192)])
    with pytest.raises(ReadError, match="truncated"):
        buckets(path)


def test_the_later_transaction_counts_and_a_torn_one_does_not(tmp_path: Path) -> None:
    path = written(tmp_path, {"bucket": {"key": b"value"}})
    image = bytearray(path.read_bytes())
    image[4096 + 16 + 16] ^= 0xFF  # the root page of the second meta page, whose checksum then fails
    path.write_bytes(image)
    assert buckets(path) == {b"bucket": True}


def test_pages_that_point_to_each_other_end_in_words(tmp_path: Path) -> None:
    image = bytearray(bolt_files.image({f"bucket {number:04}": {} for number in range(2000)}, page_size=512))
    root = bolt_files.META_BODY.unpack_from(image, 16)[4]
    at = root * 512 + bolt_files.PAGE.size
    position, size, _ = bolt_files.BRANCH_ELEMENT.unpack_from(image, at)
    bolt_files.BRANCH_ELEMENT.pack_into(image, at, position, size, root)
    path = tmp_path / "trivy.db"
    path.write_bytes(image)
    with pytest.raises(ReadError, match="nest deeper"):
        buckets(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"trivy\.db cannot be read: No such file"):
        buckets(tmp_path / "trivy.db")
