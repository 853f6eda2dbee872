"""Proofs of signatures and attestations by keys, in both layouts."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.supply_chain import dsse, keys, simple_signing
from compliance.supply_chain.proofs import prove
from compliance.supply_chain.signatures import (
    SIGN_PREDICATE,
    Candidate,
    Layout,
    NamedKey,
    Proof,
    Purpose,
    Signer,
    Trust,
)
from compliance.supply_chain.sigstore.bundle import MessageSignature, bundle_for_key

if TYPE_CHECKING:
    from collections.abc import Mapping

_IMAGE = "sha256:" + "11" * 32
_OTHER = "sha256:" + "22" * 32
_SIGNATURE = "dev.cosignproject.cosign/signature"
_VULN = "https://cosign.sigstore.dev/attestation/vuln/v1"


@pytest.fixture(scope="module")
def private() -> keys.PrivateKey:
    return keys.generate()


@pytest.fixture(scope="module")
def ours(private: keys.PrivateKey) -> NamedKey:
    return NamedKey("release", private.public, private.fingerprint)


@pytest.fixture(scope="module")
def stranger() -> keys.PrivateKey:
    return keys.generate()


def named(private: keys.PrivateKey, name: str = "other") -> NamedKey:
    return NamedKey(name, private.public, private.fingerprint)


def legacy(payload: bytes, signature: bytes, **annotations: str) -> Candidate:
    found = {_SIGNATURE: base64.b64encode(signature).decode()} | annotations
    return Candidate(Layout.LEGACY, payload, "sha256:payload", _IMAGE, found, simple_signing.MEDIA_TYPE)


def signed_document(private: keys.PrivateKey, digest: str = _IMAGE) -> Candidate:
    payload = simple_signing.make(digest, "registry.example.com/app", {"env": "prod"})
    return legacy(payload, private.sign(payload))


def statement(predicate_type: str = SIGN_PREDICATE, digest: str = _IMAGE) -> bytes:
    algorithm, _, value = digest.partition(":")
    return json.dumps(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "", "digest": {algorithm: value}, "annotations": {"env": "prod"}}],
            "predicateType": predicate_type,
            "predicate": {"result": "FAILED"},
        }
    ).encode()


def envelope(private: keys.PrivateKey, payload: bytes, kind: str = dsse.STATEMENT) -> dsse.Envelope:
    return dsse.Envelope(kind, payload, (private.sign(dsse.pae(kind, payload)),))


def bundle(data: bytes, digest: str = _IMAGE) -> Candidate:
    return Candidate(Layout.BUNDLE, data, "sha256:payload", digest)


def signed_bundle(private: keys.PrivateKey, predicate_type: str = SIGN_PREDICATE, digest: str = _IMAGE) -> Candidate:
    return bundle(bundle_for_key(envelope(private, statement(predicate_type, digest)), private.public))


def spoilt(candidate: Candidate, **changes: object) -> Candidate:
    return bundle(json.dumps(json.loads(candidate.payload) | changes).encode())


def proof_of(candidate: Candidate, *trusted: NamedKey) -> Proof:
    return prove(candidate, frozenset({_IMAGE}), Trust(trusted))


def test_a_legacy_signature_is_proven_by_its_key(
    private: keys.PrivateKey, ours: NamedKey, stranger: keys.PrivateKey
) -> None:
    proof = proof_of(signed_document(private), named(stranger), ours)
    assert (proof.verified, proof.why, proof.purpose) == (True, None, Purpose.SIGNATURE)
    assert proof.signer == Signer("release", key=private.fingerprint)
    assert (proof.identity, proof.signed_annotations) == ("registry.example.com/app", {"env": "prod"})
    assert (proof.predicate_type, proof.logged, proof.timestamped) == (None, False, False)


def test_a_bundle_is_proven_by_its_key(private: keys.PrivateKey, ours: NamedKey, stranger: keys.PrivateKey) -> None:
    proof = proof_of(signed_bundle(private), named(stranger), ours)
    assert (proof.verified, proof.why, proof.purpose) == (True, None, Purpose.SIGNATURE)
    assert proof.signer == Signer("release", key=private.fingerprint)
    assert (proof.predicate_type, proof.signed_annotations) == (SIGN_PREDICATE, {"env": "prod"})
    assert proof.claims["predicate"] == {"result": "FAILED"}


@pytest.mark.parametrize("kind", ["ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa-2048"])
def test_every_kind_of_key_proves_both_layouts(kind: str) -> None:
    made = keys.generate(kind)
    document = signed_document(made).payload
    by_the_key = legacy(document, made.sign(document, legacy=False))
    for candidate in (signed_document(made), signed_bundle(made), by_the_key):
        assert proof_of(candidate, named(made)).verified is True


def test_a_signed_report_is_an_attestation_and_no_signature(private: keys.PrivateKey, ours: NamedKey) -> None:
    proof = proof_of(signed_bundle(private, _VULN), ours)
    assert (proof.verified, proof.purpose, proof.predicate_type) == (True, Purpose.ATTESTATION, _VULN)


@pytest.mark.parametrize("predicate_type", [_VULN, SIGN_PREDICATE])
def test_a_legacy_envelope_is_an_attestation(private: keys.PrivateKey, ours: NamedKey, predicate_type: str) -> None:
    made = envelope(private, statement(predicate_type))
    layer = Candidate(
        Layout.LEGACY, dsse.make(made.payload_type, made.payload, made.signatures), "d", _IMAGE, {}, dsse.MEDIA_TYPE
    )
    proof = proof_of(layer, ours)
    assert (proof.verified, proof.purpose, proof.predicate_type) == (True, Purpose.ATTESTATION, predicate_type)


def test_without_the_key_nobody_can_tell(private: keys.PrivateKey, stranger: keys.PrivateKey) -> None:
    for candidate in (signed_document(private), signed_bundle(private)):
        for trusted, why in (((named(stranger),), "no key at hand fits"), ((), "no key is at hand")):
            proof = proof_of(candidate, *trusted)
            assert (proof.verified, proof.why, proof.signer) == (None, why, None)


def test_a_signature_of_another_image_is_wrong(private: keys.PrivateKey, ours: NamedKey) -> None:
    for candidate in (signed_document(private, _OTHER), signed_bundle(private, digest=_OTHER)):
        proof = proof_of(candidate, ours)
        assert proof.verified is False
        assert proof.why == f"it speaks of {_OTHER}, and not of this image"


def test_what_is_allowed_is_said_by_the_digests_and_not_by_the_subject(
    private: keys.PrivateKey, ours: NamedKey
) -> None:
    proof = prove(signed_document(private, _OTHER), frozenset({_IMAGE, _OTHER}), Trust((ours,)))
    assert proof.verified is True


def test_a_changed_document_fits_no_key(private: keys.PrivateKey, ours: NamedKey) -> None:
    signed = signed_document(private)
    changed = signed.payload.replace(b'"prod"', b'"test"')
    proof = proof_of(legacy(changed, base64.b64decode(signed.annotations[_SIGNATURE])), ours)
    assert (proof.verified, proof.why) == (None, "no key at hand fits")


def test_a_changed_bundle_that_names_a_key_at_hand_is_wrong(private: keys.PrivateKey, ours: NamedKey) -> None:
    other = envelope(private, statement(_VULN))
    payload = dsse.to_json(envelope(private, statement())) | {"payload": dsse.to_json(other)["payload"]}
    proof = proof_of(spoilt(signed_bundle(private), dsseEnvelope=payload), ours)
    assert (proof.verified, proof.signer) == (False, None)
    assert proof.why == "the signature does not fit the key release, which it names"


def test_a_hint_is_no_proof(private: keys.PrivateKey, ours: NamedKey, stranger: keys.PrivateKey) -> None:
    forged = bundle(bundle_for_key(envelope(stranger, statement()), private.public))
    assert proof_of(forged, ours).verified is False


def test_a_bundle_without_a_useful_hint_is_held_against_every_key(private: keys.PrivateKey, ours: NamedKey) -> None:
    for material in ({"publicKey": {"hint": "the key of the release"}}, {"publicKey": {}}):
        assert proof_of(spoilt(signed_bundle(private), verificationMaterial=material), ours).verified is True


def test_a_payload_of_another_type_is_no_statement(private: keys.PrivateKey, ours: NamedKey) -> None:
    made = bundle_for_key(envelope(private, statement(), "text/plain"), private.public)
    proof = proof_of(bundle(made), ours)
    assert proof.verified is False
    assert proof.why is not None
    assert "no in-toto statement" in proof.why


def test_a_bundle_whose_envelope_has_two_signatures_is_wrong(private: keys.PrivateKey, ours: NamedKey) -> None:
    made = envelope(private, statement())
    twice = dsse.Envelope(made.payload_type, made.payload, made.signatures * 2)
    assert proof_of(bundle(bundle_for_key(twice, private.public)), ours).why == (
        "the bundle's envelope must have exactly one signature"
    )


def test_a_legacy_envelope_may_have_several_signers(
    private: keys.PrivateKey, ours: NamedKey, stranger: keys.PrivateKey
) -> None:
    payload = statement(_VULN)
    signatures = [made.sign(dsse.pae(dsse.STATEMENT, payload)) for made in (stranger, private)]
    layer = Candidate(Layout.LEGACY, dsse.make(dsse.STATEMENT, payload, signatures), "d", _IMAGE, {}, dsse.MEDIA_TYPE)
    assert proof_of(layer, ours).signer == Signer("release", key=private.fingerprint)


@pytest.mark.parametrize("kind", ["ecdsa-p256", "rsa-2048"])
def test_a_signature_of_the_manifest_itself_is_proven_by_its_digest(kind: str) -> None:
    made, manifest = keys.generate(kind), b'{"schemaVersion": 2}'
    digest = f"sha256:{hashlib.sha256(manifest).hexdigest()}"
    candidate = bundle(bundle_for_key(MessageSignature(made.sign(manifest), digest), made.public), digest)
    assert prove(candidate, frozenset({digest}), Trust((named(made),))).verified is True
    other = prove(candidate, frozenset({_IMAGE}), Trust((named(made),)))
    assert (other.verified, other.why) == (False, f"it speaks of {digest}, and not of this image")


def test_a_lie_about_the_digest_does_not_help(private: keys.PrivateKey, ours: NamedKey) -> None:
    lying = bundle(bundle_for_key(MessageSignature(private.sign(b"another manifest"), _IMAGE), private.public))
    assert proof_of(lying, ours).verified is False


@pytest.mark.parametrize(
    ("candidate", "why"),
    [
        (legacy(b"{}", b"signature"), "no object 'critical'"),
        (legacy(simple_signing.make(_IMAGE, "app"), b""), f"the annotation {_SIGNATURE} is missing"),
        (legacy(b"{}", b"", **{_SIGNATURE: "%"}), "no object"),
        (bundle(b"{"), "the bundle is no JSON"),
        (bundle(b"[]"), "the bundle is no object"),
        (Candidate(Layout.LEGACY, b"{}", "d", _IMAGE, {}, dsse.MEDIA_TYPE), "no payload type"),
    ],
)
def test_what_cannot_be_read_is_wrong_and_says_why(candidate: Candidate, why: str, ours: NamedKey) -> None:
    proof = proof_of(candidate, ours)
    assert proof.verified is False
    assert proof.why is not None
    assert why in proof.why


def test_a_log_entry_that_nobody_checked_is_not_claimed(private: keys.PrivateKey, ours: NamedKey) -> None:
    body = base64.b64encode(b'{"kind": "hashedrekord", "apiVersion": "0.0.1"}').decode()
    entry = {
        "SignedEntryTimestamp": "AAAA",
        "Payload": {"body": body, "integratedTime": 1, "logIndex": 2, "logID": "ab"},
    }
    stamp = {"SignedRFC3161Timestamp": "AAAA"}
    signed = signed_document(private)
    annotated = legacy(
        signed.payload,
        base64.b64decode(signed.annotations[_SIGNATURE]),
        **{
            "dev.sigstore.cosign/bundle": json.dumps(entry),
            "dev.sigstore.cosign/rfc3161timestamp": json.dumps(stamp),
        },
    )
    proof = proof_of(annotated, ours)
    assert (proof.verified, proof.logged, proof.timestamped, proof.signed_at) == (True, None, None, None)


def test_a_key_needs_none_of_the_heavy_libraries(private: keys.PrivateKey) -> None:
    program = """
import base64, sys
from compliance.supply_chain import keys
from compliance.supply_chain.proofs import prove
from compliance.supply_chain.signatures import Candidate, Layout, Trust
ours = keys.load_public(base64.b64decode(sys.argv[1]))
candidate = Candidate(Layout.BUNDLE, base64.b64decode(sys.argv[2]), "d", sys.argv[3])
assert prove(candidate, frozenset({sys.argv[3]}), Trust((ours,))).verified is True
print(sorted({"sigstore", "pydantic", "requests", "nacl", "rfc3161_client"} & set(sys.modules)))
"""
    arguments = (
        base64.b64encode(data).decode() for data in (keys.public_pem(private.public), signed_bundle(private).payload)
    )
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", program, *arguments, _IMAGE], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"


_JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), st.lists, max_leaves=4)


@given(st.data())
def test_a_proof_is_never_true_of_what_was_tampered_with(data: st.DataObject) -> None:
    private = keys.generate()
    whole: Mapping[str, object] = json.loads(signed_bundle(private).payload)
    path = data.draw(st.sampled_from(list(_paths(whole))))
    changed = json.loads(json.dumps(whole))
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = data.draw(_JSON)
    # Another hint is not tampering: a hint is believed of nobody.
    if path[-1] in ("hint", "publicKey"):
        return
    assert proof_of(bundle(json.dumps(changed).encode()), named(private)).verified is not True or changed == whole


def _paths(value: object, *above: str | int) -> list[tuple[str | int, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [above] if above else []
    return [*found, *(path for step, below in steps for path in _paths(below, *above, step))]
