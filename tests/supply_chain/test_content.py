"""Manifests and indexes as registries hand them out, and as nobody should."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import ContentError
from compliance.supply_chain.content import (
    DOCKER_INDEX,
    DOCKER_MANIFEST,
    MAX_MANIFEST,
    OCI_INDEX,
    OCI_MANIFEST,
    Index,
    Manifest,
    Platform,
    digest_of,
    fallback_tag,
    is_digest,
    parse_manifest,
)

CONFIG = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "sha256:" + "a" * 64, "size": 2}
LAYER = {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": "sha256:" + "b" * 64, "size": 3}


def manifest(**changes: object) -> dict[str, Any]:
    made = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": CONFIG, "layers": [LAYER], **changes}
    return {key: value for key, value in made.items() if value != ...}


def index(**changes: object) -> dict[str, Any]:
    child = {**CONFIG, "mediaType": OCI_MANIFEST, "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}}
    return {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [child], **changes}


def read(value: object, media_type: str | None = None) -> Manifest | Index:
    return parse_manifest(json.dumps(value).encode(), media_type)


def test_a_manifest_tells_its_config_and_layers() -> None:
    raw = json.dumps(manifest(annotations={"a": "b"})).encode()
    found = parse_manifest(raw)
    assert isinstance(found, Manifest)
    assert (found.config.digest, [layer.size for layer in found.layers]) == (CONFIG["digest"], [3])
    assert (found.descriptor.digest, found.descriptor.size, found.raw) == (digest_of(raw), len(raw), raw)
    assert (found.annotations, found.subject) == ({"a": "b"}, None)


def test_an_index_tells_its_platforms() -> None:
    found = read(index())
    assert isinstance(found, Index)
    assert [str(child.platform) for child in found.manifests] == ["linux/arm64/v8"]


@pytest.mark.parametrize(
    ("value", "media_type", "kind"),
    [
        (manifest(mediaType=...), None, OCI_MANIFEST),
        (manifest(mediaType=...), DOCKER_MANIFEST, DOCKER_MANIFEST),
        (manifest(mediaType=DOCKER_MANIFEST), None, DOCKER_MANIFEST),
        (index(mediaType=DOCKER_INDEX), DOCKER_INDEX, DOCKER_INDEX),
    ],
)
def test_the_media_type_is_what_both_sides_say(value: object, media_type: str | None, kind: str) -> None:
    assert read(value, media_type).descriptor.media_type == kind


def test_the_type_of_an_artifact_is_its_own_or_that_of_its_configuration() -> None:
    own = read(manifest(artifactType="application/vnd.example"))
    plain = read(manifest())
    assert isinstance(own, Manifest)
    assert isinstance(plain, Manifest)
    assert (own.artifact_type, plain.artifact_type) == ("application/vnd.example", CONFIG["mediaType"])


def test_a_list_that_is_null_is_empty() -> None:
    found = read(index(manifests=None))
    assert isinstance(found, Index)
    assert found.manifests == ()


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ([], "no JSON object"),
        (manifest(mediaType="text/plain"), "no kind of manifest"),
        (manifest(config=...), "config is no descriptor"),
        (manifest(layers="x"), "layers is no list"),
        (manifest(layers=[{**LAYER, "digest": "sha256:abc"}]), r"layers\[0\] lacks"),
        (manifest(layers=[{**LAYER, "digest": "md5:" + "a" * 32}]), r"layers\[0\] lacks"),
        (manifest(layers=[{**LAYER, "size": -1}]), r"layers\[0\] has no size"),
        (manifest(layers=[{**LAYER, "size": True}]), r"layers\[0\] has no size"),
        (manifest(layers=[LAYER] * 5000), "more than 4096"),
        (manifest(manifests=[]), "both layers and manifests"),
        (manifest(annotations={"a": 1}), "annotations is no map of texts"),
        (manifest(artifactType=1), "artifactType is no text"),
        (manifest(subject="x"), "subject is no descriptor"),
        (index(manifests=[{**CONFIG, "platform": {"os": 1}}]), "something else than texts"),
        (manifest(Layers=[]), "some readers take for 'layers'"),
        (manifest(layers=[{**LAYER, "Digest": CONFIG["digest"]}]), "some readers take for 'digest'"),
        (index(manifests=[{**CONFIG, "platform": {"OS": "linux"}}]), "some readers take for 'os'"),
    ],
)
def test_an_odd_manifest_is_refused_with_the_reason(value: object, why: str) -> None:
    with pytest.raises(ContentError, match=why):
        read(value)


def test_a_manifest_that_was_announced_as_another_kind_is_refused() -> None:
    with pytest.raises(ContentError, match=r"calls itself .*index.* announced as .*manifest"):
        read(index(), OCI_MANIFEST)


def test_a_huge_manifest_is_refused_unread() -> None:
    with pytest.raises(ContentError, match="larger than"):
        parse_manifest(b"[" * (MAX_MANIFEST + 1))


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["mediaType", "config", "layers", "manifests", "subject", "annotations", "digest", "size"]), inner
), max_leaves=15))  # fmt: skip
def test_whatever_comes_is_read_or_refused(value: object) -> None:
    try:
        found = read(value)
    except ContentError:
        return
    assert isinstance(found, Manifest | Index)


@pytest.mark.parametrize("text", ["linux/amd64", "linux/arm64/v8", "windows/amd64"])
def test_a_platform_is_written_as_it_is_read(text: str) -> None:
    assert str(Platform.parse(text)) == text


@pytest.mark.parametrize("text", ["", "linux", "linux/", "/amd64", "a/b/c/d"])
def test_what_is_no_platform_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no platform"):
        Platform.parse(text)


def test_digests_are_what_can_be_checked() -> None:
    assert is_digest(digest_of(b""))
    assert not any(map(is_digest, [None, "", "sha256:" + "A" * 64, "sha256:" + "a" * 63, "sha1:" + "a" * 40]))


def test_the_fallback_tag_is_cut_to_what_a_tag_may_hold() -> None:
    assert fallback_tag("sha256:" + "a" * 64) == "sha256-" + "a" * 64
    assert fallback_tag("sha512:" + "b" * 128) == "sha512-" + "b" * 64
