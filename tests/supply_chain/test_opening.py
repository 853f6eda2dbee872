"""From what a user types to an image, and from an index to the image of a platform."""

from __future__ import annotations

import json
import tarfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from compliance.errors import ContentError, ContentNotFound, UsageError
from compliance.supply_chain.content import (
    EMPTY_CONFIG,
    OCI_INDEX,
    OCI_MANIFEST,
    Descriptor,
    Index,
    Platform,
)
from compliance.supply_chain.layout import Layout
from compliance.supply_chain.opening import choose_platform, open_image
from compliance.supply_chain.registry import Access
from compliance.supply_chain.registry.credentials import Anonymous

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ACCESS = Access(credentials=Anonymous(), max_retries=0)
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"


def _entry(one: Descriptor) -> dict[str, Any]:
    return {"mediaType": one.media_type, "digest": one.digest, "size": one.size}


def _image(layout: Layout, tag: str | None, config: object, config_type: str = CONFIG_TYPE) -> Descriptor:
    blob = layout.put_blob(json.dumps(config).encode(), config_type)
    raw = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": _entry(blob), "layers": []}
    return layout.put_manifest(json.dumps(raw).encode(), OCI_MANIFEST, tag)


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    monkeypatch.chdir(tmp_path)
    return Layout.create(tmp_path / "app")


@pytest.fixture
def image(layout: Layout, tmp_path: Path) -> Descriptor:
    """An image with the tag `v1`, in the layout `app` and the archive `app.tar`."""
    made = _image(layout, "v1", {"os": "linux"})
    with tarfile.open(tmp_path / "app.tar", "w") as archive:
        archive.add(tmp_path / "app", "")
    return made


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("./app", "layout"),
        ("./app:v1", "layout"),
        ("oci:app", "layout"),
        ("oci:app:v1", "layout"),
        ("app.tar", "archive"),
        ("./app.tar:v1", "archive"),
        ("oci-archive:app.tar", "archive"),
        ("oci-archive:app.tar:v1", "archive"),
    ],
)
def test_paths_are_opened(image: Descriptor, text: str, source: str) -> None:
    with open_image(text, ACCESS, now=NOW) as opened:
        assert (opened.repository.source, opened.descriptor.digest) == (source, image.digest)
        assert (opened.reference, opened.resolved_at, opened.synthetic) == (None, NOW, False)


def test_a_folder_does_not_take_the_place_of_a_reference(layout: Layout, tmp_path: Path) -> None:
    named = tmp_path / "registry.test" / "shop"
    named.mkdir(parents=True)
    (tmp_path / "app").rename(named / "web:v1")
    with pytest.raises(UsageError, match="may be a reference too") as caught:
        open_image("registry.test/shop/web:v1", ACCESS, now=NOW)
    assert caught.value.remedy.startswith("write ./registry.test/shop/web:v1 for the folder")
    assert layout.name


def test_a_colon_in_a_path_is_not_taken_for_a_tag(layout: Layout, tmp_path: Path) -> None:
    digest = _image(layout, "v1", {}).digest
    (tmp_path / "app").rename(tmp_path / "a:b")
    for text in ("./a:b", "./a:b:v1"):
        with open_image(text, ACCESS, now=NOW) as opened:
            assert opened.descriptor.digest == digest


@pytest.mark.parametrize(
    "text", ["./nowhere", "nowhere.tar", "oci:nowhere:v1", "oci-archive:nowhere", "app:v2", "oci:app:v2"]
)
def test_a_path_that_is_not_there_is_no_reference(image: Descriptor, text: str) -> None:
    text = f"./{text}" if text == "app:v2" else text
    with pytest.raises(ContentNotFound):
        open_image(text, ACCESS, now=NOW)
    assert image


@pytest.mark.parametrize("text", ["", "app/UPPER", "a b", "docker://", "-x", "app@sha256:abc"])
def test_what_is_neither_is_a_mistake_of_the_user(text: str) -> None:
    with pytest.raises(UsageError, match="no image reference"):
        open_image(text, ACCESS, now=NOW)


@pytest.mark.parametrize("prefix", ["", "docker://"])
def test_what_is_no_path_is_asked_of_a_registry(prefix: str) -> None:
    with pytest.raises(ContentError, match=r"127\.0\.0\.1:1 cannot be reached"):
        open_image(f"{prefix}127.0.0.1:1/app:v1", ACCESS, now=NOW)


def _index(layout: Layout, *entries: dict[str, Any]) -> Index:
    raw = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}).encode()
    made = layout.manifest(layout.put_manifest(raw, OCI_INDEX).digest)
    assert isinstance(made, Index)
    return made


def _platforms(layout: Layout, *texts: str) -> tuple[Index, list[Descriptor]]:
    made = [_image(layout, None, {"number": number}) for number in range(len(texts))]
    entries = []
    for one, text in zip(made, texts, strict=True):
        platform = Platform.parse(text)
        told = {"os": platform.os, "architecture": platform.architecture, "variant": platform.variant or ""}
        entries.append(_entry(one) | {"platform": told})
    return _index(layout, *entries), made


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("linux/amd64", 0),
        ("linux/x86_64", 0),
        ("linux/amd64/v1", 0),
        ("linux/arm64", 1),
        ("linux/arm64/v8", 1),
        ("linux/aarch64", 1),
        ("linux/arm", 2),
        ("linux/arm/v7", 2),
        ("linux/armhf", 2),
        ("linux/arm/v6", 3),
        ("linux/armel", 3),
        ("Linux/AMD64", 0),
        (None, 0),
    ],
)
def test_platforms_are_compared_as_containerd_does(layout: Layout, asked: str | None, number: int) -> None:
    index, made = _platforms(layout, "linux/amd64", "linux/arm64/v8", "linux/arm/v7", "linux/arm/v6", "unknown/unknown")
    platform = None if asked is None else Platform.parse(asked)
    assert choose_platform(layout, index, platform).digest == made[number].digest


def test_a_missing_platform_lists_what_there_is(layout: Layout) -> None:
    index, _ = _platforms(layout, "linux/amd64", "linux/arm64/v8", "unknown/unknown")
    with pytest.raises(ContentNotFound, match="no image for linux/s390x") as caught:
        choose_platform(layout, index, Platform("linux", "s390x"))
    assert caught.value.remedy == "it has: linux/amd64, linux/arm64/v8"


def test_the_only_image_is_taken_whatever_its_platform(layout: Layout) -> None:
    index, made = _platforms(layout, "linux/arm64", "unknown/unknown")
    assert choose_platform(layout, index, None).digest == made[0].digest


def test_two_images_for_one_platform_are_not_chosen_between(layout: Layout) -> None:
    index, _ = _platforms(layout, "linux/arm64", "linux/arm64/v8")
    with pytest.raises(ContentError, match="several images for linux/arm64"):
        choose_platform(layout, index, Platform("linux", "arm64"))


@pytest.mark.parametrize(
    "other",
    [
        {"platform": {"os": "linux", "architecture": "amd64"}, "artifactType": "application/vnd.example"},
        {"platform": {"architecture": "amd64"}},
        {"platform": {"os": "", "architecture": "amd64"}},
    ],
    ids=["artifact", "no os", "empty os"],
)
def test_what_containerd_would_run_is_not_passed_over(layout: Layout, other: dict[str, Any]) -> None:
    first, second = (_image(layout, None, {"number": number, "os": "freebsd"}) for number in range(2))
    there = _entry(second) | {"platform": {"os": "linux", "architecture": "amd64"}}
    with pytest.raises(ContentError, match="several images for linux/amd64"):
        choose_platform(layout, _index(layout, _entry(first) | other, there), None)


def test_an_index_in_an_index_is_not_passed_over(layout: Layout) -> None:
    made = _image(layout, None, {})
    inner = _index(layout, _entry(made)).descriptor
    there = _entry(made) | {"platform": {"os": "linux", "architecture": "amd64"}}
    with pytest.raises(ContentError, match="an index in an index"):
        choose_platform(layout, _index(layout, _entry(inner), there), None)


def test_a_platform_that_the_index_leaves_out_is_in_the_configuration(layout: Layout) -> None:
    arm = _image(layout, None, {"os": "linux", "architecture": "arm64", "variant": "v8"})
    intel = _image(layout, None, {"os": "linux", "architecture": "amd64"})
    other = _image(layout, None, {}, EMPTY_CONFIG)
    index = _index(layout, _entry(arm), _entry(intel), _entry(other))
    assert choose_platform(layout, index, Platform("linux", "arm64")).digest == arm.digest


def test_an_index_without_images_says_so(layout: Layout) -> None:
    index, _ = _platforms(layout, "unknown/unknown")
    with pytest.raises(ContentNotFound) as caught:
        choose_platform(layout, index, None)
    assert caught.value.remedy == "it has: no images at all"
