"""The images that tests describe, as layouts that any reader of the OCI format takes."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
import zstandard
from oci_layouts import File, Image, Link, build_oci_layout

if TYPE_CHECKING:
    from pathlib import Path

_IMAGE = Image(
    [[File("etc/passwd", "root:x:0:0"), File("bin/su", b"\x7fELF", mode=0o4755)], [Link("bin/sh", "su")]],
    {"User": "1000", "Env": ["MODE=production"], "Labels": {"version": "1"}},
)


def _blob(layout: Path, digest: str) -> bytes:
    return (layout / PurePosixPath("blobs", *digest.split(":"))).read_bytes()


def _read(layout: Path, digest: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(_blob(layout, digest))
    return content


def test_the_same_description_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        build_oci_layout(tmp_path / name, _IMAGE)

    first, second = (
        {
            file.relative_to(tmp_path / name): file.read_bytes()
            for file in (tmp_path / name).rglob("*")
            if file.is_file()
        }
        for name in ("first", "second")
    )
    assert first == second


def test_every_blob_is_named_by_its_digest(tmp_path: Path) -> None:
    build_oci_layout(tmp_path, _IMAGE)

    blobs = list((tmp_path / "blobs" / "sha256").iterdir())
    assert len(blobs) == 4
    assert all(hashlib.sha256(blob.read_bytes()).hexdigest() == blob.name for blob in blobs)


@pytest.mark.parametrize("compression", ["", "gzip", "zstd"])
def test_a_layer_holds_the_files_that_were_described(tmp_path: Path, compression: str) -> None:
    digest = build_oci_layout(tmp_path, Image(_IMAGE.layers, compression=compression))

    manifest = _read(tmp_path, digest)
    raw = _blob(tmp_path, manifest["layers"][0]["digest"])
    unpacked = {"": bytes, "gzip": gzip.decompress, "zstd": zstandard.decompress}[compression](raw)
    assert (
        f"sha256:{hashlib.sha256(unpacked).hexdigest()}"
        in _read(tmp_path, manifest["config"]["digest"])["rootfs"]["diff_ids"]
    )
    with tarfile.open(fileobj=io.BytesIO(unpacked)) as archive:
        assert [(member.name, member.mode) for member in archive] == [("etc/passwd", 0o644), ("bin/su", 0o4755)]


def test_the_configuration_is_the_one_described(tmp_path: Path) -> None:
    manifest = _read(tmp_path, build_oci_layout(tmp_path, _IMAGE))

    assert _read(tmp_path, manifest["config"]["digest"])["config"] == _IMAGE.config


def test_several_images_make_an_index_of_their_platforms(tmp_path: Path) -> None:
    images = [Image([[File("a")]], platform=platform) for platform in ("linux/amd64", "linux/arm64/v8")]

    index = _read(tmp_path, build_oci_layout(tmp_path, images))

    assert [one["platform"] for one in index["manifests"]] == [
        {"os": "linux", "architecture": "amd64"},
        {"os": "linux", "architecture": "arm64", "variant": "v8"},
    ]


def test_a_layout_keeps_its_other_tags(tmp_path: Path) -> None:
    build_oci_layout(tmp_path, _IMAGE, "1")
    build_oci_layout(tmp_path, _IMAGE, "2")
    last = build_oci_layout(tmp_path, Image([[File("b")]]), "2")

    entries = json.loads((tmp_path / "index.json").read_bytes())["manifests"]
    assert [entry["annotations"]["org.opencontainers.image.ref.name"] for entry in entries] == ["1", "2"]
    assert entries[1]["digest"] == last
