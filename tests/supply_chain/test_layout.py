"""OCI image layouts in folders: read and written, and not left."""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from compliance.errors import ContentError, ContentNotFound
from compliance.supply_chain.content import OCI_INDEX, OCI_MANIFEST, Descriptor, Manifest, fallback_tag
from compliance.supply_chain.layout import Layout, write_layout

if TYPE_CHECKING:
    from pathlib import Path

NOWHERE = f"sha256:{'0' * 64}"
CONFIG = b'{"os": "linux", "architecture": "amd64"}'
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar"


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _entry(one: Descriptor) -> dict[str, Any]:
    return {"mediaType": one.media_type, "digest": one.digest, "size": one.size}


def _image(layout: Layout, tag: str | None = None, layer: bytes = b"the layer", **more: object) -> Descriptor:
    config, blob = layout.put_blob(CONFIG, CONFIG_TYPE), layout.put_blob(layer, LAYER_TYPE)
    raw = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": _entry(config), "layers": [_entry(blob)], **more}
    return layout.put_manifest(_json(raw), OCI_MANIFEST, tag)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout.create(tmp_path / "layout")


def test_what_was_written_is_what_the_specification_asks_for(layout: Layout, tmp_path: Path) -> None:
    image = _image(layout, "v1")
    folder = tmp_path / "layout"
    assert json.loads((folder / "oci-layout").read_bytes()) == {"imageLayoutVersion": "1.0.0"}
    index = json.loads((folder / "index.json").read_bytes())
    annotations = {"org.opencontainers.image.ref.name": "v1"}
    assert index["manifests"] == [{**_entry(image), "artifactType": CONFIG_TYPE, "annotations": annotations}]
    for file in (folder / "blobs/sha256").iterdir():
        assert hashlib.sha256(file.read_bytes()).hexdigest() == file.name


def test_images_are_found_by_tag_and_digest(layout: Layout) -> None:
    first, second = _image(layout, "v1"), _image(layout, "v2", b"other")
    assert [layout.resolve(name).digest for name in ("v1", "v2", second.digest)] == [
        first.digest,
        second.digest,
        second.digest,
    ]
    assert [*layout.tags()] == ["v1", "v2"]


def test_without_a_name_it_is_the_only_image_whatever_refers_to_it(layout: Layout) -> None:
    image = _image(layout, "v1")
    _image(layout, None, b"signature", subject=_entry(image))
    _image(layout, fallback_tag(image.digest) + ".sig", b"old signature")
    assert layout.resolve(None).digest == image.digest


def test_of_several_images_one_must_be_named(layout: Layout) -> None:
    _image(layout, "v1")
    _image(layout, "v2", b"other")
    with pytest.raises(ContentError, match="more than one") as caught:
        layout.resolve(None)
    assert "v1, v2" in caught.value.remedy


@pytest.mark.parametrize("name", ["v2", NOWHERE])
def test_what_is_not_there_is_said_so(layout: Layout, name: str) -> None:
    _image(layout, "v1")
    with pytest.raises(ContentNotFound):
        layout.resolve(name)


def test_a_tag_moves(layout: Layout) -> None:
    first = _image(layout, "v1")
    second = _image(layout, "v1", b"other")
    assert layout.resolve("v1").digest == second.digest
    assert layout.manifest(first.digest).descriptor.digest == first.digest


def test_referrers_are_found_by_subject_by_tag_and_inside_of_indexes(layout: Layout) -> None:
    image = _image(layout, "v1")
    by_subject = layout.attach(
        layout.manifest(_image(layout, None, b"a", subject=_entry(image)).digest).raw, OCI_MANIFEST
    )
    by_tag = _image(layout, "unlisted", b"b")
    tagged = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [_entry(by_tag)]}
    layout.put_manifest(_json(tagged), OCI_INDEX, fallback_tag(image.digest))
    assert {one.digest for one in layout.referrers(image.digest)} == {by_subject.digest, by_tag.digest}
    assert layout.referrers(by_tag.digest) == ()


def test_an_attachment_must_have_a_subject(layout: Layout) -> None:
    raw = layout.manifest(_image(layout).digest).raw
    with pytest.raises(ContentError, match="must have a subject"):
        layout.attach(raw, OCI_MANIFEST)


def test_what_is_deleted_is_gone(layout: Layout) -> None:
    image = _image(layout, "v1")
    layout.delete(image.digest)
    assert [*layout.tags()] == []
    with pytest.raises(ContentNotFound):
        layout.manifest(image.digest)
    with pytest.raises(ContentNotFound):
        layout.delete(image.digest)


def test_writers_at_the_same_time_lose_no_entry(layout: Layout, tmp_path: Path) -> None:
    def write(number: int) -> str:
        return _image(Layout(tmp_path / "layout"), f"v{number}", str(number).encode()).digest

    with ThreadPoolExecutor(8) as pool:
        made = [*pool.map(write, range(24))]
    assert [layout.resolve(f"v{number}").digest for number in range(24)] == made


def test_a_changed_blob_or_manifest_is_refused(layout: Layout, tmp_path: Path) -> None:
    image = _image(layout, "v1")
    (layer,) = _layers(layout, image)
    for digest in (image.digest, layer.digest):
        file = tmp_path / "layout/blobs/sha256" / digest.partition(":")[2]
        file.write_bytes(file.read_bytes()[:-1] + b"!")
    with pytest.raises(ContentError, match="not what its digest names"):
        layout.manifest(image.digest)
    with pytest.raises(ContentError, match="not what its digest names"):
        layout.blob(layer, max_size=100)


@pytest.mark.parametrize(("data", "why"), [(b"the laye", "ends 1 bytes before"), (b"the layer!", "is longer")])
def test_a_blob_of_another_size_is_refused(layout: Layout, tmp_path: Path, data: bytes, why: str) -> None:
    (layer,) = _layers(layout, _image(layout))
    (tmp_path / "layout/blobs/sha256" / layer.digest.partition(":")[2]).write_bytes(data)
    with pytest.raises(ContentError, match=why):
        layout.blob(layer, max_size=100)


def _layers(layout: Layout, image: Descriptor) -> tuple[Descriptor, ...]:
    manifest = layout.manifest(image.digest)
    assert isinstance(manifest, Manifest)
    return manifest.layers


@pytest.mark.parametrize("digest", ["sha256:../../../etc/passwd", "../x", "sha256:", "md5:abc", f"sha256:{'A' * 64}"])
def test_a_digest_is_no_path(layout: Layout, digest: str) -> None:
    with pytest.raises(ContentError, match="no digest"):
        layout.manifest(digest)
    with pytest.raises(ContentError, match="no digest"):
        layout.blob(Descriptor(LAYER_TYPE, digest, 1), max_size=10)


@pytest.mark.parametrize("what", ["file", "algorithm", "blobs"])
def test_links_are_not_followed(layout: Layout, tmp_path: Path, what: str) -> None:
    (layer,) = _layers(layout, _image(layout))
    file = tmp_path / "layout/blobs/sha256" / layer.digest.partition(":")[2]
    place = {"file": file, "algorithm": file.parent, "blobs": file.parent.parent}[what]
    place.rename(tmp_path / "outside")
    place.symlink_to(tmp_path / "outside")
    with pytest.raises(ContentError, match=r"link|not there"):
        layout.blob(layer, max_size=100)


def test_writing_does_not_follow_links_out(layout: Layout, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "layout/blobs/sha256").symlink_to(tmp_path / "outside")
    with pytest.raises(ContentError, match="leads out"):
        layout.put_blob(b"x", LAYER_TYPE)
    assert [*(tmp_path / "outside").iterdir()] == []


def test_a_pipe_is_no_blob(layout: Layout, tmp_path: Path) -> None:
    (layer,) = _layers(layout, _image(layout))
    file = tmp_path / "layout/blobs/sha256" / layer.digest.partition(":")[2]
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(ContentError, match="no regular file"):
        layout.blob(layer, max_size=100)


@pytest.mark.parametrize("text", [None, "{}", '{"imageLayoutVersion": "2.0.0"}', "[]", "{", "x" * 5000])
def test_a_folder_that_is_no_layout_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "oci-layout").write_text(text, "utf-8")
    with pytest.raises(ContentError):
        Layout(tmp_path)


def test_one_image_is_copied_with_nothing_else(layout: Layout, tmp_path: Path) -> None:
    image = _image(layout, "v1", b"x" * 3_000_000)
    _image(layout, "v2", b"other")
    copy = write_layout(layout, image.digest, tmp_path / "copy", max_size=4_000_000)
    assert copy.resolve(None) == layout.resolve("v1")
    assert len([*(tmp_path / "copy/blobs/sha256").iterdir()]) == 3
    assert copy.blob(_layers(copy, image)[0], max_size=4_000_000) == b"x" * 3_000_000


def test_an_image_over_the_limit_is_not_copied(layout: Layout, tmp_path: Path) -> None:
    image = _image(layout, "v1", b"x" * 1000)
    with pytest.raises(ContentError, match="1000 are allowed"):
        write_layout(layout, image.digest, tmp_path / "copy", max_size=1000)
    assert not (tmp_path / "copy").exists()


def test_an_index_and_a_folder_in_use_are_not_copied(layout: Layout, tmp_path: Path) -> None:
    image = _image(layout, "v1")
    raw = _json({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [_entry(image)]})
    index = layout.put_manifest(raw, OCI_INDEX)
    with pytest.raises(ContentError, match="index of several") as caught:
        write_layout(layout, index.digest, tmp_path / "copy", max_size=10**6)
    assert "platform" in caught.value.remedy
    with pytest.raises(ContentError, match="not empty"):
        write_layout(layout, image.digest, tmp_path / "layout", max_size=10**6)


def test_a_blob_that_is_not_what_it_claims_leaves_no_file(layout: Layout, tmp_path: Path) -> None:
    image = _image(layout, "v1")
    (layer,) = _layers(layout, image)
    (tmp_path / "layout/blobs/sha256" / layer.digest.partition(":")[2]).write_bytes(b"the LAYER")
    with pytest.raises(ContentError, match="not what its digest names"):
        write_layout(layout, image.digest, tmp_path / "copy", max_size=10**6)
    names = {file.name for file in (tmp_path / "copy/blobs/sha256").iterdir()}
    assert names == {hashlib.sha256(CONFIG).hexdigest()}
