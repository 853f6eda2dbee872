"""A Sigstore of the tests' own: certificate authority, certificate log and Rekor, with keys for as long as a test.

What it makes is as Fulcio and Rekor 1 make it, so that a test can spoil one thing at a time. It has no server.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

if TYPE_CHECKING:
    from collections.abc import Sequence

IDENTITY = "https://ci.example.invalid/build/1"
ISSUER = "https://issuer.example.invalid"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
_SCTS = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
_ISSUER = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
_ORIGIN = "rekor.example.invalid - 1"


def base64_of(data: bytes) -> str:
    """Base64 as text."""
    return base64.b64encode(data).decode()


def der_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public key's SubjectPublicKeyInfo in DER."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public key's SubjectPublicKeyInfo in PEM."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """Sign with SHA-256."""
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


@dataclass
class OwnSigstore:
    """The authority, the certificate log (`ctfe`) and the transparency log (`rekor`)."""

    authority: ec.EllipticCurvePrivateKey = field(default_factory=_key)
    ctfe: ec.EllipticCurvePrivateKey = field(default_factory=_key)
    rekor: ec.EllipticCurvePrivateKey = field(default_factory=_key)

    def __post_init__(self) -> None:
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "an authority of the tests")])
        self.root = (
            x509.CertificateBuilder(name, name, self.authority.public_key(), 1)
            .not_valid_before(NOW - timedelta(days=1))
            .not_valid_after(NOW + timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
            .add_extension(_usage(key_cert_sign=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.authority.public_key()), critical=False)
            .sign(self.authority, hashes.SHA256())
        )

    def trusted_root(self, **changes: Any) -> bytes:  # noqa: ANN401 - JSON
        """The trusted root's JSON; `changes` are of its top level."""
        period = {"start": (NOW - timedelta(days=1)).isoformat()}
        root = {
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [_log(self.rekor, period)],
            "ctlogs": [_log(self.ctfe, period)],
            "certificateAuthorities": [
                {
                    "certChain": {"certificates": [{"rawBytes": base64_of(self.root.public_bytes(Encoding.DER))}]},
                    "validFor": period,
                }
            ],
            "timestampAuthorities": [],
        }
        return json.dumps(root | changes).encode()

    def certificate(
        self,
        key: ec.EllipticCurvePrivateKey,
        *,
        names: Sequence[x509.GeneralName] = (x509.UniformResourceIdentifier(IDENTITY),),
        usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.CODE_SIGNING,
        promised: bool = True,
    ) -> x509.Certificate:
        """A certificate for ten minutes, as Fulcio issues it; `promised` by the certificate log."""
        issuer = b"\x0c" + bytes([len(ISSUER)]) + ISSUER.encode()
        builder = (
            x509.CertificateBuilder(self.root.subject, x509.Name([]), key.public_key(), 7)
            .not_valid_before(NOW)
            .not_valid_after(NOW + timedelta(minutes=10))
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.authority.public_key()), critical=False
            )
            .add_extension(x509.SubjectAlternativeName(names), critical=True)
            .add_extension(x509.UnrecognizedExtension(_ISSUER, issuer), critical=False)
        )
        draft = builder.sign(self.authority, hashes.SHA256())
        if not promised:
            return draft
        promise = x509.UnrecognizedExtension(_SCTS, self._promises(draft))
        return builder.add_extension(promise, critical=False).sign(self.authority, hashes.SHA256())

    def _promises(self, draft: x509.Certificate) -> bytes:
        """A list of one SCT (RFC 6962, section 3.3) in a DER octet string."""
        tbs, stamp = draft.tbs_certificate_bytes, int(NOW.timestamp() * 1000)
        entry = hashlib.sha256(der_of(self.authority)).digest() + len(tbs).to_bytes(3) + tbs
        signature = sign(self.ctfe, struct.pack("!BBQH", 0, 0, stamp, 1) + entry + b"\0\0")
        log_id = hashlib.sha256(der_of(self.ctfe)).digest()
        sct = b"\0" + log_id + struct.pack("!QH", stamp, 0) + b"\4\3" + struct.pack("!H", len(signature)) + signature
        listed = struct.pack("!HH", len(sct) + 2, len(sct)) + sct
        return b"\4" + (bytes([len(listed)]) if len(listed) < 128 else b"\x81" + bytes([len(listed)])) + listed

    def entry(self, kind: str, version: str, spec: object, *, time: datetime = NOW) -> dict[str, Any]:
        """A log entry as a bundle has it, with a promise and a proof in a tree of seven leaves."""
        body = json.dumps({"apiVersion": version, "kind": kind, "spec": spec}, separators=(",", ":")).encode()
        leaves = [b"another %d" % number for number in range(7)]
        index = 4
        leaves[index] = body
        root, path = tree([hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves], index)
        log_id = hashlib.sha256(der_of(self.rekor)).digest()
        said = {
            "body": base64_of(body),
            "integratedTime": int(time.timestamp()),
            "logID": log_id.hex(),
            "logIndex": 1004,
        }
        promise = sign(self.rekor, json.dumps(said, separators=(",", ":"), sort_keys=True).encode())
        return {
            "logIndex": "1004",
            "logId": {"keyId": base64_of(log_id)},
            "kindVersion": {"kind": kind, "version": version},
            "integratedTime": str(said["integratedTime"]),
            "inclusionPromise": {"signedEntryTimestamp": base64_of(promise)},
            "inclusionProof": {
                "logIndex": str(index),
                "treeSize": str(len(leaves)),
                "rootHash": base64_of(root),
                "hashes": [base64_of(sibling) for sibling in path],
                "checkpoint": {"envelope": self.checkpoint(root, len(leaves))},
            },
            "canonicalizedBody": base64_of(body),
        }

    def checkpoint(self, root: bytes, size: int) -> str:
        """A signed checkpoint of Rekor 1."""
        note = f"{_ORIGIN}\n{size}\n{base64_of(root)}\n"
        hint = hashlib.sha256(der_of(self.rekor)).digest()[:4]
        return f"{note}\n\u2014 rekor.example.invalid {base64_of(hint + sign(self.rekor, note.encode()))}\n"

    def dsse_entry(self, payload: bytes, signature: bytes, verifier: bytes, *, time: datetime = NOW) -> dict[str, Any]:
        """An entry of the kind dsse 0.0.1; `verifier` is PEM."""
        spec = {
            "envelopeHash": {"algorithm": "sha256", "value": "00" * 32},
            "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()},
            "signatures": [{"signature": base64_of(signature), "verifier": base64_of(verifier)}],
        }
        return self.entry("dsse", "0.0.1", spec, time=time)

    def hashedrekord_entry(
        self, message: bytes, signature: bytes, verifier: bytes, *, time: datetime = NOW
    ) -> dict[str, Any]:
        """An entry of the kind hashedrekord 0.0.1; `verifier` is PEM."""
        spec = {
            "data": {"hash": {"algorithm": "sha256", "value": hashlib.sha256(message).hexdigest()}},
            "signature": {"content": base64_of(signature), "publicKey": {"content": base64_of(verifier)}},
        }
        return self.entry("hashedrekord", "0.0.1", spec, time=time)


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=key_cert_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _log(key: ec.EllipticCurvePrivateKey, period: dict[str, str]) -> dict[str, Any]:
    return {
        "baseUrl": "https://rekor.example.invalid",
        "hashAlgorithm": "SHA2_256",
        "publicKey": {
            "rawBytes": base64_of(der_of(key)),
            "keyDetails": "PKIX_ECDSA_P256_SHA_256",
            "validFor": period,
        },
        "logId": {"keyId": base64_of(hashlib.sha256(der_of(key)).digest())},
    }


def tree(hashed: list[bytes], index: int) -> tuple[bytes, list[bytes]]:
    """Root and path of a leaf, as RFC 6962 defines them (section 2.1): from the leaf up."""
    if len(hashed) == 1:
        return hashed[0], []
    split = 1 << (len(hashed) - 1).bit_length() - 1
    left, right = hashed[:split], hashed[split:]
    if index < split:
        own, path = tree(left, index)
        other, _ = tree(right, 0)
        return hashlib.sha256(b"\1" + own + other).digest(), [*path, other]
    own, path = tree(right, index - split)
    other, _ = tree(left, 0)
    return hashlib.sha256(b"\1" + other + own).digest(), [*path, other]
