"""What is found beside an image, wherever it is kept and whatever it calls itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from signed_images import SignedImage, attach, make_image

from compliance.errors import ContentError
from compliance.supply_chain import discovery, keys
from compliance.supply_chain.content import OCI_INDEX, OCI_MANIFEST, fallback_tag
from compliance.supply_chain.discovery import OtherSignature, Sbom
from compliance.supply_chain.legacy_layout import as_json
from compliance.supply_chain.signatures import Layout as Kept

if TYPE_CHECKING:
    from pathlib import Path

BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"


@pytest.fixture
def image(tmp_path: Path) -> SignedImage:
    return make_image(tmp_path / "layout")


def found(image: SignedImage, *digests: str) -> discovery.Found:
    return discovery.candidates(image.repository, digests or [image.digest])


def tagged(image: SignedImage, suffix: str, media_type: str, content: bytes = b"{}") -> None:
    repository = image.repository
    layer = as_json(repository.put_blob(content, media_type))
    config = as_json(repository.put_blob(b"{}", "application/vnd.oci.image.config.v1+json"))
    manifest = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": [layer]}
    repository.put_manifest(json.dumps(manifest).encode(), OCI_MANIFEST, fallback_tag(image.digest) + suffix)


def test_beside_an_image_of_its_own_is_nothing(image: SignedImage) -> None:
    assert found(image) == discovery.Found()


def test_signatures_and_attestations_are_found_in_both_layouts(image: SignedImage) -> None:
    key = keys.generate()
    image.sign(key)
    image.attest(key, "test-result", {"result": "PASSED"})
    kept = [(each.layout, each.subject) for each in found(image).candidates]
    assert kept == [(Kept.LEGACY, image.digest)] * 2 + [(Kept.BUNDLE, image.digest)] * 2


def test_what_refers_to_an_image_is_known_by_its_layers(image: SignedImage) -> None:
    attach(image, "application/vnd.something.else", {BUNDLE: b"a bundle"})
    attach(image, BUNDLE, {"application/octet-stream": b"another bundle"})
    attach(image, "application/vnd.something.else", {"application/octet-stream": b"no bundle"})
    payloads = sorted(each.payload for each in found(image).candidates)
    assert payloads == [b"a bundle", b"another bundle"]


def test_signatures_of_notation_are_recognised(image: SignedImage) -> None:
    attach(image, "application/vnd.cncf.notary.signature", {"application/jose+json": b"{}"})
    attach(image, "application/vnd.something.else", {"application/cose": b"{}"})
    assert found(image).others == (OtherSignature("notation", "application/vnd.cncf.notary.signature"),)
    assert found(image).candidates == ()


@pytest.mark.parametrize(
    ("media_type", "format_"),
    [
        ("application/vnd.cyclonedx+json", "cyclonedx"),
        ("application/spdx+json", "spdx"),
        ("text/spdx", "spdx"),
        ("application/vnd.syft+json", "other"),
    ],
)
def test_bills_of_materials_are_recognised(image: SignedImage, media_type: str, format_: str) -> None:
    tagged(image, ".sbom", media_type)
    attach(image, media_type, {media_type: b"{}"})
    assert found(image).sboms == (Sbom(format_, "tag"), Sbom(format_, "referrer"))


def test_the_attestations_of_buildkit_count_for_the_platform_that_is_judged(image: SignedImage) -> None:
    repository, other = image.repository, f"sha256:{'1' * 64}"
    layer = {
        **as_json(repository.put_blob(b"{}", "application/vnd.in-toto+json")),
        "annotations": {"in-toto.io/predicate-type": "https://spdx.dev/Document"},
    }
    config = as_json(repository.put_blob(b"{}", "application/vnd.oci.image.config.v1+json"))
    manifest = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": [layer]}
    attested = as_json(repository.put_manifest(json.dumps(manifest).encode(), OCI_MANIFEST))

    def indexed(about: str) -> str:
        annotations = {"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": about}
        manifests = [as_json(image.descriptor), {**attested, "annotations": annotations}]
        index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": manifests}
        return repository.put_manifest(json.dumps(index).encode(), OCI_INDEX).digest

    assert found(image, indexed(image.digest), image.digest).sboms == (Sbom("spdx", "buildkit"),)
    assert found(image, indexed(other), image.digest).sboms == ()


def test_what_is_signed_of_an_index_counts_with_what_is_signed_of_its_manifest(image: SignedImage) -> None:
    raw = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [as_json(image.descriptor)]})
    index = SignedImage(image.repository, image.repository.put_manifest(raw.encode(), OCI_INDEX))
    image.sign(keys.generate(), layouts=[Kept.LEGACY])
    index.sign(keys.generate(), layouts=[Kept.LEGACY])
    subjects = [each.subject for each in found(image, index.digest, image.digest).candidates]
    assert subjects == [index.digest, image.digest]


def test_what_cannot_be_read_is_told(image: SignedImage, tmp_path: Path) -> None:
    image.sign(keys.generate(), layouts=[Kept.LEGACY])
    (candidate,) = found(image).candidates
    blob = tmp_path / "layout" / "blobs" / candidate.digest.replace(":", "/")
    blob.write_bytes(b"x" * blob.stat().st_size)
    (unread,) = found(image).unread
    assert unread.what == f"the legacy blob {candidate.digest}"
    assert found(image).candidates == ()


def test_a_flood_cannot_hide_what_counts(image: SignedImage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "MAX_FOUND", 6)
    image.sign(keys.generate())
    assert len(found(image).candidates) == 2
    for number in range(4):
        attach(image, "application/vnd.noise", {"application/octet-stream": str(number).encode()})
    with pytest.raises(ContentError, match="more than 6 signatures and other things"):
        found(image)


def test_too_much_in_all_is_refused(image: SignedImage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "MAX_TOTAL", 1000)
    attach(image, BUNDLE, {BUNDLE: b"x" * 600})
    assert len(found(image).candidates) == 1
    attach(image, BUNDLE, {BUNDLE: b"y" * 600})
    with pytest.raises(ContentError, match="larger than 1000 bytes"):
        found(image)


def test_what_was_deleted_says_nothing(image: SignedImage, tmp_path: Path) -> None:
    attach(image, BUNDLE, {BUNDLE: b"a bundle"})
    (referrer,) = image.repository.referrers(image.digest)
    (tmp_path / "layout" / "blobs" / referrer.digest.replace(":", "/")).unlink()
    assert found(image) == discovery.Found()
