"""Time stamps by RFC 3161, made by OpenSSL with an authority of the test's own."""

from __future__ import annotations

import base64
import json
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from commands import run
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from own_sigstore import OwnSigstore

from compliance.supply_chain import keys, simple_signing
from compliance.supply_chain.proofs import prove
from compliance.supply_chain.signatures import Candidate, Layout, NamedKey, Proof, Trust

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real

_IMAGE = "sha256:" + "11" * 32
_CONFIGURATION = """
[tsa]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/leaf.pem
signer_key = {folder}/leaf.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
"""


class _Authority:
    """A root and a leaf that stamps time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._now = datetime.now(UTC).replace(microsecond=0)
        root_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root = self._builder("root", "root", root_key.public_key())
        root = root.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self._root = root.sign(root_key, hashes.SHA256())
        leaf = self._builder("leaf", "root", leaf_key.public_key())
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        self._leaf = leaf.add_extension(usage, critical=True).sign(root_key, hashes.SHA256())
        (folder / "leaf.pem").write_bytes(self._leaf.public_bytes(serialization.Encoding.PEM))
        pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "leaf.key").write_bytes(leaf_key.private_bytes(*pem))
        (folder / "tsa.cnf").write_text(_CONFIGURATION.format(folder=folder))
        (folder / "serial").write_text("01\n")

    def _builder(self, name: str, issuer: str, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)]) for text in (issuer, name)]
        builder = x509.CertificateBuilder(names[0], names[1], public, x509.random_serial_number())
        return builder.not_valid_before(self._now - timedelta(days=1)).not_valid_after(self._now + timedelta(days=1))

    def stamp(self, data: bytes) -> bytes:
        request, response, stamped = (self._folder / name for name in ("request", "response", "stamped"))
        stamped.write_bytes(data)
        run(["openssl", "ts", "-query", "-data", stamped, "-sha256", "-cert", "-out", request])
        words = ["-config", self._folder / "tsa.cnf", "-section", "tsa", "-queryfile", request, "-out", response]
        run(["openssl", "ts", "-reply", *words])
        return response.read_bytes()

    def trusted_root(self, *, until: timedelta = timedelta(days=1)) -> bytes:
        """A root that trusts this authority."""
        chain = [certificate.public_bytes(serialization.Encoding.DER) for certificate in (self._leaf, self._root)]
        period = {"start": (self._now - timedelta(days=1)).isoformat(), "end": (self._now + until).isoformat()}
        listed = [{"rawBytes": base64.b64encode(der).decode()} for der in chain]
        authority = {"certChain": {"certificates": listed}, "validFor": period}
        return OwnSigstore().trusted_root(timestampAuthorities=[authority])


@pytest.fixture
def authority(tmp_path: Path) -> _Authority:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    return _Authority(tmp_path)


def proof_of(private: keys.PrivateKey, signature: bytes, stamp: bytes, root: bytes) -> Proof:
    annotations = {
        "dev.cosignproject.cosign/signature": base64.b64encode(signature).decode(),
        "dev.sigstore.cosign/rfc3161timestamp": json.dumps(
            {"SignedRFC3161Timestamp": base64.b64encode(stamp).decode()}
        ),
    }
    document = simple_signing.make(_IMAGE, "registry.example.com/app")
    candidate = Candidate(Layout.LEGACY, document, "d", _IMAGE, annotations, simple_signing.MEDIA_TYPE)
    return prove(candidate, frozenset({_IMAGE}), Trust((NamedKey("n", private.public, private.fingerprint),), root))


@pytest.fixture(scope="module")
def private() -> keys.PrivateKey:
    return keys.generate()


@pytest.fixture(scope="module")
def signature(private: keys.PrivateKey) -> bytes:
    return private.sign(simple_signing.make(_IMAGE, "registry.example.com/app"))


def test_a_stamp_of_the_signature_says_when(authority: _Authority, private: keys.PrivateKey, signature: bytes) -> None:
    proof = proof_of(private, signature, authority.stamp(signature), authority.trusted_root())
    assert (proof.verified, proof.timestamped, proof.logged) == (True, True, False)
    assert proof.signed_at is not None
    assert abs(proof.signed_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_a_stamp_that_nobody_stands_behind_is_not_claimed(
    authority: _Authority, private: keys.PrivateKey, signature: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    good = authority.stamp(signature)
    stranger = _Authority(tmp_path_factory.mktemp("stranger"))
    ended = authority.trusted_root(until=timedelta(hours=-1))
    for stamp, root in (
        (authority.stamp(b"another signature"), authority.trusted_root()),
        (good, stranger.trusted_root()),
        (good, ended),
        (good[:-1], authority.trusted_root()),
        (b"no response", authority.trusted_root()),
    ):
        proof = proof_of(private, signature, stamp, root)
        assert (proof.verified, proof.timestamped, proof.signed_at) == (True, None, None)
