"""Proofs by certificates, logs and promises: each in one thing spoilt."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st
from own_sigstore import IDENTITY, ISSUER, NOW, OwnSigstore, base64_of, pem_of, sign

from compliance.supply_chain import dsse, keys, public_keys, simple_signing
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
from compliance.supply_chain.sigstore.bundle import MEDIA_TYPE, bundle_for_key

if TYPE_CHECKING:
    from datetime import datetime

_IMAGE = "sha256:" + "11" * 32
_KEY = ec.generate_private_key(ec.SECP256R1())
_STATEMENT = json.dumps(
    {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "", "digest": {"sha256": "11" * 32}}],
        "predicateType": SIGN_PREDICATE,
        "predicate": {},
    }
).encode()


def keyless(own: OwnSigstore, *, time: datetime = NOW, **certificate: Any) -> dict[str, Any]:  # noqa: ANN401 - as OwnSigstore takes it
    """A bundle as cosign makes it without a key."""
    made = own.certificate(_KEY, **certificate)
    signature = sign(_KEY, dsse.pae(dsse.STATEMENT, _STATEMENT))
    entry = own.dsse_entry(_STATEMENT, signature, made.public_bytes(Encoding.PEM), time=time)
    return {
        "mediaType": MEDIA_TYPE,
        "verificationMaterial": {
            "certificate": {"rawBytes": base64_of(made.public_bytes(Encoding.DER))},
            "tlogEntries": [entry],
        },
        "dsseEnvelope": dsse.to_json(dsse.Envelope(dsse.STATEMENT, _STATEMENT, (signature,))),
    }


def proof_of(bundle: dict[str, Any], root: bytes | None, *trusted: NamedKey) -> Proof:
    candidate = Candidate(Layout.BUNDLE, json.dumps(bundle).encode(), "d", _IMAGE)
    return prove(candidate, frozenset({_IMAGE}), Trust(trusted, root))


def test_a_certificate_says_who_signed(own: OwnSigstore) -> None:
    proof = proof_of(keyless(own), own.trusted_root())
    assert (proof.verified, proof.why) == (True, None)
    assert proof.signer == Signer(IDENTITY, identity=IDENTITY, issuer=ISSUER)
    assert (proof.logged, proof.timestamped, proof.signed_at) == (True, False, NOW)


def test_an_email_address_is_an_identity(own: OwnSigstore) -> None:
    proof = proof_of(keyless(own, names=[x509.RFC822Name("dev@example.com")]), own.trusted_root())
    assert proof.signer is not None
    assert proof.signer.identity == "dev@example.com"


def test_without_a_trusted_root_nobody_can_tell(own: OwnSigstore) -> None:
    proof = proof_of(keyless(own), None)
    assert (proof.verified, proof.signer) == (None, None)
    assert proof.why == "it is signed with a certificate, and no trusted root is at hand"


def test_a_root_without_the_issuer_cannot_tell(own: OwnSigstore) -> None:
    proof = proof_of(keyless(own), own.trusted_root(certificateAuthorities=[]))
    assert proof.verified is None
    assert proof.why == "the certificate is of an issuer that the trusted root does not have"


def test_an_authority_of_the_same_name_is_another(own: OwnSigstore) -> None:
    impostor = OwnSigstore(ctfe=own.ctfe, rekor=own.rekor)
    proof = proof_of(keyless(impostor), own.trusted_root())
    assert proof.verified is False
    assert proof.why is not None
    assert "not issued by who is trusted" in proof.why


@pytest.mark.parametrize("late", [timedelta(minutes=-1), timedelta(minutes=11)])
def test_the_certificate_must_hold_when_the_log_saw_it(own: OwnSigstore, late: timedelta) -> None:
    proof = proof_of(keyless(own, time=NOW + late), own.trusted_root())
    assert (proof.verified, proof.signer) == (False, None)
    assert proof.why is not None
    assert "was not valid at" in proof.why


def test_the_authority_must_be_trusted_at_that_time(own: OwnSigstore) -> None:
    root = json.loads(own.trusted_root())
    root["certificateAuthorities"][0]["validFor"]["end"] = (NOW - timedelta(seconds=1)).isoformat()
    assert proof_of(keyless(own), json.dumps(root).encode()).verified is False


def test_the_log_must_be_trusted_at_that_time(own: OwnSigstore) -> None:
    root = json.loads(own.trusted_root())
    root["tlogs"][0]["publicKey"]["validFor"]["end"] = (NOW - timedelta(seconds=1)).isoformat()
    proof = proof_of(keyless(own), json.dumps(root).encode())
    assert (proof.verified, proof.logged) == (False, False)


def test_somebody_must_say_when(own: OwnSigstore) -> None:
    bundle = keyless(own)
    for without in ("promise", "entry"):
        if without == "promise":
            del bundle["verificationMaterial"]["tlogEntries"][0]["inclusionPromise"]
        else:
            del bundle["verificationMaterial"]["tlogEntries"]
        proof = proof_of(bundle, own.trusted_root())
        assert proof.verified is False
        assert proof.why is not None
        assert "nobody who is trusted says when" in proof.why


@pytest.mark.parametrize(
    ("certificate", "why"),
    [
        ({"promised": False}, "no certificate transparency log"),
        ({"usage": ExtendedKeyUsageOID.CLIENT_AUTH}, "not one for signing code"),
        ({"names": [x509.RFC822Name("a@example.com"), x509.RFC822Name("b@example.com")]}, "names 2 identities"),
        ({"names": [x509.DNSName("example.com")]}, "names 1 identities"),
    ],
)
def test_not_every_certificate_will_do(own: OwnSigstore, certificate: dict[str, Any], why: str) -> None:
    proof = proof_of(keyless(own, **certificate), own.trusted_root())
    assert proof.verified is False
    assert proof.why is not None
    assert why in proof.why


def test_an_attestation_by_a_certificate_that_will_not_do_stays_one(own: OwnSigstore) -> None:
    bundle = keyless(own, names=[x509.DNSName("example.com")])
    other = _STATEMENT.replace(SIGN_PREDICATE.encode(), b"https://example.com/report/v1")
    signature = sign(_KEY, dsse.pae(dsse.STATEMENT, other))
    bundle["dsseEnvelope"] = dsse.to_json(dsse.Envelope(dsse.STATEMENT, other, (signature,)))
    proof = proof_of(bundle, own.trusted_root())
    assert (proof.verified, proof.purpose) == (False, Purpose.ATTESTATION)


def test_a_promise_of_another_certificate_log_does_not_count(own: OwnSigstore) -> None:
    elsewhere = OwnSigstore(authority=own.authority, rekor=own.rekor)
    assert proof_of(keyless(elsewhere), own.trusted_root()).verified is False


def test_a_root_without_certificate_logs_asks_for_none(own: OwnSigstore) -> None:
    assert proof_of(keyless(own, promised=False), own.trusted_root(ctlogs=[])).verified is True


def test_a_chain_with_a_root_in_it_is_refused(own: OwnSigstore) -> None:
    bundle = keyless(own)
    material = bundle["verificationMaterial"]
    chain = [material.pop("certificate"), {"rawBytes": base64_of(own.root.public_bytes(Encoding.DER))}]
    material["x509CertificateChain"] = {"certificates": chain}
    bundle["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=0.2"
    proof = proof_of(bundle, own.trusted_root())
    assert proof.verified is False
    assert proof.why is not None
    assert "include a root" in proof.why


def test_a_signature_by_another_key_than_the_certificates_is_wrong(own: OwnSigstore) -> None:
    bundle = keyless(own)
    forged = sign(own.ctfe, dsse.pae(dsse.STATEMENT, _STATEMENT))
    bundle["dsseEnvelope"]["signatures"] = [{"sig": base64_of(forged)}]
    proof = proof_of(bundle, own.trusted_root())
    assert (proof.verified, proof.why) == (False, "the signature does not fit the certificate that it comes with")


def test_an_entry_about_another_signature_is_no_entry(own: OwnSigstore) -> None:
    bundle = keyless(own)
    # The same key signs the same once more: ECDSA gives another signature.
    again = sign(_KEY, dsse.pae(dsse.STATEMENT, _STATEMENT))
    bundle["dsseEnvelope"]["signatures"] = [{"sig": base64_of(again)}]
    proof = proof_of(bundle, own.trusted_root())
    assert (proof.verified, proof.logged) == (False, False)
    assert proof.why == "the log entry is about another signature, key or content"


# By key


def by_key(own: OwnSigstore, entry_of: ec.EllipticCurvePrivateKey = _KEY) -> dict[str, Any]:
    signature = sign(_KEY, dsse.pae(dsse.STATEMENT, _STATEMENT))
    envelope = dsse.Envelope(dsse.STATEMENT, _STATEMENT, (signature,))
    bundle: dict[str, Any] = json.loads(bundle_for_key(envelope, _KEY.public_key()))
    entry = own.dsse_entry(_STATEMENT, signature, pem_of(entry_of))
    bundle["verificationMaterial"]["tlogEntries"] = [entry]
    return bundle


def our_key() -> NamedKey:
    return NamedKey("release", _KEY.public_key(), public_keys.fingerprint(_KEY.public_key()))


def test_a_keys_signature_is_logged(own: OwnSigstore) -> None:
    proof = proof_of(by_key(own), own.trusted_root(), our_key())
    assert (proof.verified, proof.logged, proof.signed_at) == (True, True, NOW)


def test_an_unknown_log_is_not_claimed(own: OwnSigstore) -> None:
    proof = proof_of(by_key(own), own.trusted_root(tlogs=[]), our_key())
    assert (proof.verified, proof.logged, proof.signed_at) == (True, None, None)


def test_an_entry_that_its_log_did_not_sign_makes_the_whole_wrong(own: OwnSigstore) -> None:
    bundle = by_key(own)
    bundle["verificationMaterial"]["tlogEntries"][0]["integratedTime"] = "1"
    proof = proof_of(bundle, own.trusted_root(), our_key())
    assert (proof.verified, proof.logged, proof.signed_at) == (False, False, None)


def test_an_entry_about_another_key_makes_the_whole_wrong(own: OwnSigstore) -> None:
    proof = proof_of(by_key(own, entry_of=own.ctfe), own.trusted_root(), our_key())
    assert (proof.verified, proof.why) == (False, "the log entry is about another signature, key or content")


def test_an_entry_may_name_the_keys_certificate(own: OwnSigstore) -> None:
    proof = proof_of(keyless(own), own.trusted_root(), our_key())
    assert (proof.verified, proof.logged) == (True, True)
    assert proof.signer == Signer("release", key=our_key().fingerprint)


# In the legacy layout


def legacy(own: OwnSigstore, **changes: Any) -> Candidate:  # noqa: ANN401 - JSON
    """A layer as cosign 2 writes it without a key."""
    payload = simple_signing.make(_IMAGE, "registry.example.com/app")
    signature = sign(_KEY, payload)
    certificate = own.certificate(_KEY).public_bytes(Encoding.PEM)
    entry = own.hashedrekord_entry(payload, signature, certificate)
    said = {
        "body": entry["canonicalizedBody"],
        "integratedTime": int(entry["integratedTime"]),
        "logIndex": int(entry["logIndex"]),
        "logID": base64.b64decode(entry["logId"]["keyId"]).hex(),
    }
    bundle = {"SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"], "Payload": said | changes}
    annotations = {
        "dev.cosignproject.cosign/signature": base64_of(signature),
        "dev.sigstore.cosign/certificate": certificate.decode(),
        "dev.sigstore.cosign/chain": own.root.public_bytes(Encoding.PEM).decode(),
        "dev.sigstore.cosign/bundle": json.dumps(bundle),
    }
    return Candidate(Layout.LEGACY, payload, "d", _IMAGE, annotations, simple_signing.MEDIA_TYPE)


def test_the_legacy_layout_is_proven_by_certificate_and_promise(own: OwnSigstore) -> None:
    proof = prove(legacy(own), frozenset({_IMAGE}), Trust((), own.trusted_root()))
    assert (proof.verified, proof.logged, proof.signed_at) == (True, True, NOW)
    assert proof.signer == Signer(IDENTITY, identity=IDENTITY, issuer=ISSUER)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"logIndex": 5}, "not signed by its log"),
        ({"logIndex": -1}, "no number logIndex"),
        ({"integratedTime": "now"}, "no number integratedTime"),
        ({"logID": "x"}, "names no log"),
        ({"body": "AAAA"}, "no JSON|no UTF-8"),
    ],
)
def test_a_changed_entry_of_the_legacy_layout_is_none(own: OwnSigstore, changes: dict[str, Any], why: str) -> None:
    proof = prove(legacy(own, **changes), frozenset({_IMAGE}), Trust((), own.trusted_root()))
    assert proof.verified is False
    assert proof.why is not None
    assert any(part in proof.why for part in why.split("|"))


_SHARED = OwnSigstore()
_CERTIFICATE = _SHARED.certificate(_KEY)
_DER = _CERTIFICATE.public_bytes(Encoding.DER)
# The content that is signed; after it, the count of unused bits in the signature means nothing.
_BEGIN = _DER.index(_CERTIFICATE.tbs_certificate_bytes)
_END = _BEGIN + len(_CERTIFICATE.tbs_certificate_bytes) - 1


@given(st.integers(_BEGIN, _END), st.integers(1, 255))
def test_a_changed_certificate_never_proves_anything(at: int, flip: int) -> None:
    damaged = _DER[:at] + bytes([_DER[at] ^ flip]) + _DER[at + 1 :]
    pem = b"-----BEGIN CERTIFICATE-----\n%b-----END CERTIFICATE-----\n" % base64.encodebytes(damaged)
    bundle = keyless(_SHARED)
    signature = base64.b64decode(bundle["dsseEnvelope"]["signatures"][0]["sig"])
    bundle["verificationMaterial"] = {
        "certificate": {"rawBytes": base64_of(damaged)},
        "tlogEntries": [_SHARED.dsse_entry(_STATEMENT, signature, pem)],
    }
    assert proof_of(bundle, _SHARED.trusted_root()).verified is not True


def test_the_algorithm_of_a_certificates_key_counts(own: OwnSigstore) -> None:
    large = ec.generate_private_key(ec.SECP384R1())
    certificate = own.certificate(large)
    encoded = dsse.pae(dsse.STATEMENT, _STATEMENT)
    for algorithm in (hashes.SHA384(), hashes.SHA256()):
        signature = large.sign(encoded, ec.ECDSA(algorithm))
        bundle = keyless(own)
        bundle["verificationMaterial"] = {
            "certificate": {"rawBytes": base64_of(certificate.public_bytes(Encoding.DER))},
            "tlogEntries": [own.dsse_entry(_STATEMENT, signature, certificate.public_bytes(Encoding.PEM))],
        }
        bundle["dsseEnvelope"]["signatures"] = [{"sig": base64_of(signature)}]
        assert proof_of(bundle, own.trusted_root()).verified is True


def test_keys_of_the_tool_itself_are_logged_too(own: OwnSigstore) -> None:
    made = keys.generate()
    signature = made.sign(dsse.pae(dsse.STATEMENT, _STATEMENT))
    bundle = json.loads(bundle_for_key(dsse.Envelope(dsse.STATEMENT, _STATEMENT, (signature,)), made.public))
    entry = own.dsse_entry(_STATEMENT, signature, keys.public_pem(made.public))
    bundle["verificationMaterial"]["tlogEntries"] = [entry]
    proof = proof_of(bundle, own.trusted_root(), NamedKey("n", made.public, made.fingerprint))
    assert (proof.verified, proof.logged) == (True, True)
