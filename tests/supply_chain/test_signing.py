"""What signing writes: both layouts, beside what others wrote, and nothing where it cannot be sure."""

from __future__ import annotations

import base64
import json
import sys
from typing import TYPE_CHECKING

import pytest
from signed_images import NAME, NOW, SignedImage, attach, holding, make_image, named, policy

from compliance.errors import ContentNotFound, SigningError
from compliance.supply_chain import keys, signing
from compliance.supply_chain.content import Descriptor, Manifest, fallback_tag
from compliance.supply_chain.image_verification import verify_image
from compliance.supply_chain.layout import Layout
from compliance.supply_chain.legacy_layout import append
from compliance.supply_chain.signatures import Layout as Kept
from compliance.supply_chain.signers import KeptKey, KeySigner
from compliance.supply_chain.simple_signing import MEDIA_TYPE

if TYPE_CHECKING:
    from pathlib import Path

    from compliance.supply_chain.verification import Verification


@pytest.fixture
def image(tmp_path: Path) -> SignedImage:
    return make_image(tmp_path / "layout")


def verified(image: SignedImage, *trusted: keys.PrivateKey, **settings: object) -> Verification:
    known = policy(*(named(key, f"key {number}") for number, key in enumerate(trusted)), **settings)
    return verify_image(image.repository, [image.digest], known, judge=holding).verification


def layers(image: SignedImage, suffix: str = ".sig") -> tuple[Descriptor, ...]:
    found = image.repository.manifest(image.repository.resolve(fallback_tag(image.digest) + suffix).digest)
    assert isinstance(found, Manifest)
    return found.layers


@pytest.mark.parametrize("layout", list(Kept))
def test_a_signature_in_either_layout_is_enough(image: SignedImage, layout: Kept) -> None:
    key = keys.generate()
    image.sign(key, {"stage": "release"}, layouts=[layout])
    result = verified(image, key, annotations={"stage": "release"})
    assert result.satisfied
    assert [each.proof.candidate.layout for each in result.signatures] == [layout]
    assert not verified(image, keys.generate()).satisfied


@pytest.mark.parametrize("layout", list(Kept))
def test_a_signature_of_one_image_is_none_of_another(tmp_path: Path, image: SignedImage, layout: Kept) -> None:
    key, other = keys.generate(), make_image(tmp_path / "layout", "another app")
    image.sign(key, layouts=[layout])
    assert not verified(other, key).satisfied
    if layout is Kept.LEGACY:
        signatures = image.repository.resolve(fallback_tag(image.digest) + ".sig").digest
        raw, tag = image.repository.manifest(signatures).raw, fallback_tag(other.digest) + ".sig"
        image.repository.put_manifest(raw, "application/vnd.oci.image.manifest.v1+json", tag)
    else:
        (bundle,) = (each for each in image.repository.referrers(image.digest))
        manifest = image.repository.manifest(bundle.digest)
        assert isinstance(manifest, Manifest)
        payload = image.repository.blob(manifest.layers[0], max_size=1 << 20)
        attach(other, manifest.artifact_type, {manifest.layers[0].media_type: payload})
    (judged,) = verified(other, key).signatures
    assert judged.why == f"it speaks of {image.digest}, and not of this image"


def test_signing_again_adds_nothing_to_what_all_share(image: SignedImage) -> None:
    key, other = keys.generate(), keys.generate()
    for who in (key, other, key):
        image.sign(who)
    assert len(layers(image)) == 2
    image.sign(key, {"stage": "release"})
    assert len(layers(image)) == 3


def test_what_others_wrote_stays_byte_for_byte(image: SignedImage) -> None:
    image.sign(keys.generate(), {"by": "the first"})
    before = layers(image)
    image.sign(keys.generate())
    assert layers(image)[: len(before)] == before


def test_the_configuration_lists_the_layers_as_cosign_expects_it(image: SignedImage) -> None:
    for _ in range(2):
        image.sign(keys.generate())
    tag = fallback_tag(image.digest) + ".sig"
    found = image.repository.manifest(image.repository.resolve(tag).digest)
    assert isinstance(found, Manifest)
    config = json.loads(image.repository.blob(found.config, max_size=1 << 20))
    assert config["rootfs"]["diff_ids"] == [layer.digest for layer in found.layers]


class Interrupted(Layout):
    """A layout in which another signer is quicker, as often as it is told."""

    def __init__(self, folder: Path, times: int) -> None:
        super().__init__(folder)
        self.times = times

    def put_manifest(self, raw: bytes, media_type: str, tag: str | None = None) -> Descriptor:
        """Store a manifest; another one, made without it, takes its place at once."""
        before = super().resolve(tag) if tag and self._has(tag) else None
        written = super().put_manifest(raw, media_type, tag)
        if tag and self.times:
            self.times -= 1
            theirs = json.loads(super().manifest(before.digest).raw) if before else json.loads(raw)
            blob = self.put_blob(f"theirs {self.times}".encode(), MEDIA_TYPE)
            layer = {"mediaType": MEDIA_TYPE, "size": blob.size, "digest": blob.digest}
            theirs["layers"] = [*(theirs["layers"] if before else []), layer]
            super().put_manifest(json.dumps(theirs).encode(), media_type, tag)
        return written

    def _has(self, tag: str) -> bool:
        try:
            super().resolve(tag)
        except ContentNotFound:
            return False
        return True


def appended(repository: Layout, payload: bytes = b"ours") -> None:
    append(repository, "sha256-a.sig", payload, MEDIA_TYPE, {}, same=lambda _layer: False, settle=0)


@pytest.mark.usefixtures("image")
def test_a_lost_update_is_noticed_and_written_again(tmp_path: Path) -> None:
    repository = Interrupted(tmp_path / "layout", 3)
    appended(repository)
    found = repository.manifest(repository.resolve("sha256-a.sig").digest)
    assert isinstance(found, Manifest)
    contents = sorted(repository.blob(layer, max_size=100) for layer in found.layers)
    assert contents == [b"ours", b"theirs 0", b"theirs 1", b"theirs 2"]


@pytest.mark.usefixtures("image")
def test_a_tag_that_never_rests_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(SigningError, match="was changed by others 8 times"):
        appended(Interrupted(tmp_path / "layout", 100))


def test_only_digests_are_signed(image: SignedImage) -> None:
    with pytest.raises(SigningError, match="is no digest"):
        signing.sign(signing.Image(image.repository, NAME, "latest"), KeySigner(keys.generate()), now=NOW)


def test_what_is_not_there_is_not_signed(image: SignedImage) -> None:
    nowhere = signing.Image(image.repository, NAME, f"sha256:{'0' * 64}")
    with pytest.raises(ContentNotFound):
        signing.sign(nowhere, KeySigner(keys.generate()), now=NOW)


def test_attestations_are_kept_beside_each_other(image: SignedImage) -> None:
    key = keys.generate()
    image.attest(key, "test-result", {"result": "PASSED"})
    image.attest(key, "custom", {"data": "x"})
    result = verified(image, key)
    names = sorted((each.proof.predicate_type or "").rpartition("/")[2] for each in result.attestations if each.trusted)
    assert names == ["v0.1", "v0.1", "v1", "v1"]
    assert {layer.annotations["predicateType"] for layer in layers(image, ".att")} == {
        "https://in-toto.io/attestation/test-result/v0.1",
        "https://cosign.sigstore.dev/attestation/v1",
    }


KEEPER = """
import sys, base64
from pathlib import Path
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
key = serialization.load_pem_private_key(Path(sys.argv[1]).read_bytes(), None)
digest = sys.stdin.buffer.read()
signature = key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
sys.stdout.buffer.write(base64.b64encode(signature) + b"\\n" if sys.argv[2] == "base64" else signature)
"""


def results(image: SignedImage, *trusted: keys.PrivateKey) -> list[tuple[str, str]]:
    said = verified(image, *trusted).attestations
    return sorted((each.proof.candidate.layout.value, each.predicate["result"]) for each in said if each.trusted)  # type: ignore[index] # a test result


def test_an_attestation_replaces_those_of_its_key_and_type_alone(image: SignedImage) -> None:
    key, other = keys.generate(), keys.generate()
    image.attest(key, "test-result", {"result": "FAILED"})
    image.attest(key, "custom", {"result": "kept"})
    image.attest(other, "test-result", {"result": "FAILED by another"})
    image.attest(key, "test-result", {"result": "PASSED"}, replace=True)
    assert results(image, key) == [
        ("bundle", "PASSED"),
        ("bundle", "kept"),
        ("legacy", "PASSED"),
        ("legacy", "kept"),
    ]
    assert results(image, other) == [("bundle", "FAILED by another"), ("legacy", "FAILED by another")]


@pytest.mark.parametrize("layout", list(Kept))
def test_what_is_kept_in_the_other_layout_stays(image: SignedImage, layout: Kept) -> None:
    key = keys.generate()
    image.attest(key, "test-result", {"result": "FAILED"})
    image.attest(key, "test-result", {"result": "PASSED"}, layouts=[layout], replace=True)
    other = next(each.value for each in Kept if each is not layout)
    assert set(results(image, key)) == {(layout.value, "PASSED"), (other, "FAILED")}


def keeper(tmp_path: Path, key: keys.PrivateKey, *arguments: str) -> list[str]:
    """A command that keeps a key; it knows the digest only."""
    body = base64.encodebytes(key.pkcs8()).decode()
    (tmp_path / "kept.pem").write_text(f"-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----\n")
    return [sys.executable, "-c", KEEPER, str(tmp_path / "kept.pem"), *arguments]


@pytest.mark.parametrize("kind", ["ecdsa-p384", "ecdsa-p521"])
def test_a_command_is_asked_for_a_signature_of_a_sha256_digest_whatever_the_key(
    image: SignedImage, tmp_path: Path, kind: str
) -> None:
    key = keys.generate(kind)
    kept = KeptKey(keeper(tmp_path, key, "raw"), key.public)
    signing.sign(signing.Image(image.repository, NAME, image.digest), KeySigner(kept), now=NOW)
    assert verified(image, key).signers == 1


@pytest.mark.parametrize("form", ["raw", "base64"])
def test_a_command_signs_in_place_of_a_key(image: SignedImage, tmp_path: Path, form: str) -> None:
    key = keys.generate()
    kept = KeptKey(keeper(tmp_path, key, form), key.public)
    signing.sign(signing.Image(image.repository, NAME, image.digest), KeySigner(kept), now=NOW)
    assert verified(image, key).signers == 1


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("print('no signature')", "answered with no signature of the key"),
        ("import sys; sys.exit('the token has expired')", "ended with 1: the token has expired"),
        ("raise SystemExit(1)", "ended with 1: it said nothing"),
        ("print('x' * 100000)", "the signing command: "),
    ],
)
def test_what_a_command_answers_is_checked_before_anything_is_stored(
    image: SignedImage, program: str, why: str
) -> None:
    kept = KeptKey([sys.executable, "-c", program], keys.generate().public)
    with pytest.raises(SigningError, match=why):
        signing.sign(signing.Image(image.repository, NAME, image.digest), KeySigner(kept), now=NOW)
    assert verified(image, keys.generate()).signatures == ()


def test_a_command_with_another_key_signs_nothing(image: SignedImage, tmp_path: Path) -> None:
    kept = KeptKey(keeper(tmp_path, keys.generate(), "raw"), keys.generate().public)
    with pytest.raises(SigningError, match="answered with no signature of the key"):
        signing.sign(signing.Image(image.repository, NAME, image.digest), KeySigner(kept), now=NOW)


def test_an_index_under_the_tag_is_not_overwritten(image: SignedImage) -> None:
    index = b'{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}'
    tag = fallback_tag(image.digest) + ".sig"
    image.repository.put_manifest(index, "application/vnd.oci.image.index.v1+json", tag)
    with pytest.raises(SigningError, match="is an index"):
        image.sign(keys.generate(), layouts=[Kept.LEGACY])
