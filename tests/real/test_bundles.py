"""Bundles both ways, by key and keyless: made by cosign and proven here, made here and verified by cosign."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from commands import attempt, run
from keyless_services import ISSUER, SUBJECT

from compliance.errors import SigningError
from compliance.supply_chain import dsse, keys
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
from compliance.supply_chain.sigstore.signing import keyless_sign_statement

if TYPE_CHECKING:
    from pathlib import Path

    from keyless_services import Keyless

pytestmark = pytest.mark.real

_ENVIRONMENT = {"COSIGN_PASSWORD": "of a key that lives as long as a test"}
_PASSWORD = _ENVIRONMENT["COSIGN_PASSWORD"].encode()
_TEXT = b"what is signed\n"
_DIGESTS = frozenset(f"{name}:{hashlib.new(name, _TEXT).hexdigest()}" for name in ("sha256", "sha384", "sha512"))
_SUBJECT = f"sha256:{hashlib.sha256(_TEXT).hexdigest()}"
_TYPE = "https://example.com/report/v1"


@dataclass(frozen=True, slots=True)
class _Workshop:
    """A key, a file, and cosign's configuration without any service."""

    cosign: Path
    folder: Path
    private: keys.PrivateKey

    @property
    def artifact(self) -> Path:
        return self.folder / "artifact"

    @property
    def bundle(self) -> Path:
        return self.folder / "bundle.json"

    @property
    def trusted(self) -> NamedKey:
        return NamedKey("ours", self.private.public, self.private.fingerprint)

    def run(self, *words: str | Path) -> str:
        return run([self.cosign, *words], env=_ENVIRONMENT)

    def services(self) -> list[str | Path]:
        signing, root = self.folder / "signing.json", self.folder / "root.json"
        if not root.exists():
            self.run("signing-config", "create", "--out", signing)
            self.run("trusted-root", "create", "--out", root)
        return ["--signing-config", signing, "--trusted-root", root]

    def verify(self, command: str, *words: str | Path) -> str:
        root = self.services()[2:]
        offline = ["--insecure-ignore-tlog", *root, "--key", self.folder / "ours.pub", "--bundle", self.bundle]
        return self.run(command, *offline, *words, self.artifact)


@pytest.fixture(params=["ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa-2048"])
def workshop(request: pytest.FixtureRequest, cosign3: Path, tmp_path: Path) -> _Workshop:
    private = keys.generate(request.param)
    keys.write_pair(tmp_path / "ours", private, _PASSWORD)
    (tmp_path / "artifact").write_bytes(_TEXT)
    return _Workshop(cosign3, tmp_path, private)


def proof_of(bundle: bytes, trust: Trust) -> Proof:
    return prove(Candidate(Layout.BUNDLE, bundle, "d", _SUBJECT), _DIGESTS, trust)


def statement(predicate_type: str = SIGN_PREDICATE) -> bytes:
    return json.dumps(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "artifact", "digest": {"sha256": hashlib.sha256(_TEXT).hexdigest()}}],
            "predicateType": predicate_type,
            "predicate": {"result": "good"},
        }
    ).encode()


def test_what_cosign_signs_is_proven_here(workshop: _Workshop) -> None:
    key, bundle = workshop.folder / "ours.key", workshop.bundle
    workshop.run("sign-blob", "--yes", *workshop.services(), "--key", key, "--bundle", bundle, workshop.artifact)
    proof = proof_of(bundle.read_bytes(), Trust((workshop.trusted,)))
    assert (proof.verified, proof.purpose, proof.why) == (True, Purpose.SIGNATURE, None)
    assert proof.signer == Signer("ours", key=workshop.private.fingerprint)


def test_what_cosign_attests_is_proven_here(workshop: _Workshop) -> None:
    predicate, key = workshop.folder / "predicate.json", workshop.folder / "ours.key"
    predicate.write_text('{"result": "good"}')
    words = ["--key", key, "--bundle", workshop.bundle, "--type", _TYPE, "--predicate", predicate, workshop.artifact]
    workshop.run("attest-blob", "--yes", *workshop.services(), *words)
    proof = proof_of(workshop.bundle.read_bytes(), Trust((workshop.trusted,)))
    assert (proof.verified, proof.purpose, proof.predicate_type) == (True, Purpose.ATTESTATION, _TYPE)
    assert proof.claims["predicate"] == {"result": "good"}


def test_what_is_signed_here_cosign_verifies(workshop: _Workshop) -> None:
    private = workshop.private
    workshop.bundle.write_bytes(bundle_for_key(MessageSignature(private.sign(_TEXT), _SUBJECT), private.public))
    workshop.verify("verify-blob")
    workshop.artifact.write_bytes(b"something else\n")
    with pytest.raises(AssertionError):
        workshop.verify("verify-blob")


def test_what_is_attested_here_cosign_verifies(workshop: _Workshop) -> None:
    payload = statement(_TYPE)
    signature = workshop.private.sign(dsse.pae(dsse.STATEMENT, payload))
    envelope = dsse.Envelope(dsse.STATEMENT, payload, (signature,))
    workshop.bundle.write_bytes(bundle_for_key(envelope, workshop.private.public))
    workshop.verify("verify-blob-attestation", "--type", _TYPE)
    with pytest.raises(AssertionError):
        workshop.verify("verify-blob-attestation", "--type", "https://example.com/another/v1")


def test_bundles_of_cosign_2_are_proven_here(cosign2: Path, tmp_path: Path) -> None:
    private = keys.generate()
    keys.write_pair(tmp_path / "ours", private, _PASSWORD)
    artifact, bundle = tmp_path / "artifact", tmp_path / "bundle.json"
    artifact.write_bytes(_TEXT)
    words = ["sign-blob", "--yes", "--tlog-upload=false", "--new-bundle-format", "--key", tmp_path / "ours.key"]
    run([cosign2, *words, "--bundle", bundle, artifact], env=_ENVIRONMENT)
    trust = Trust((NamedKey("ours", private.public, private.fingerprint),))
    assert proof_of(bundle.read_bytes(), trust).verified is True


def test_a_keyless_statement_made_here_is_proven_here_and_by_cosign(
    keyless: Keyless, cosign3: Path, tmp_path: Path
) -> None:
    made = keyless_sign_statement(statement(_TYPE), keyless.token(), keyless.trust_config.read_bytes())
    proof = proof_of(made, Trust(trusted_root=keyless.trusted_root.read_bytes()))
    assert (proof.verified, proof.logged, proof.why) == (True, True, None)
    assert proof.signer == Signer(SUBJECT, identity=SUBJECT, issuer=ISSUER)
    bundle, artifact = tmp_path / "bundle.json", tmp_path / "artifact"
    bundle.write_bytes(made)
    artifact.write_bytes(_TEXT)
    command = [cosign3, "verify-blob-attestation", "--trusted-root", keyless.trusted_root, "--bundle", bundle]
    names = [
        "--certificate-identity",
        str(proof.signer.identity),
        "--certificate-oidc-issuer",
        str(proof.signer.issuer),
    ]
    run([*command, *names, "--type", _TYPE, artifact])
    assert attempt([*command, *names, "--type", SIGN_PREDICATE, artifact]).returncode != 0


@pytest.mark.parametrize("key", [False, True])
def test_what_cosign_logs_is_proven_here(keyless: Keyless, cosign3: Path, tmp_path: Path, key: bool) -> None:  # noqa: FBT001 - a table
    private = keys.generate()
    keys.write_pair(tmp_path / "ours", private, _PASSWORD)
    artifact, bundle = tmp_path / "artifact", tmp_path / "bundle.json"
    artifact.write_bytes(_TEXT)
    who = ["--key", tmp_path / "ours.key"] if key else ["--identity-token", keyless.token()]
    services = ["--signing-config", keyless.signing_config, "--trusted-root", keyless.trusted_root]
    run([cosign3, "sign-blob", "--yes", *services, *who, "--bundle", bundle, artifact], env=_ENVIRONMENT)
    trust = Trust((NamedKey("ours", private.public, private.fingerprint),), keyless.trusted_root.read_bytes())
    proof = proof_of(bundle.read_bytes(), trust)
    assert (proof.verified, proof.logged, proof.why) == (True, True, None)
    assert proof.signed_at is not None
    assert proof.signer is not None
    assert (proof.signer.key is not None, proof.signer.identity is None) == (key, key)


def test_a_statement_that_cannot_be_signed_says_why_and_not_with_what(keyless: Keyless) -> None:
    token = keyless.token()
    for statement_, given in ((b"{}", token), (statement(), "no token")):
        with pytest.raises(SigningError) as refused:
            keyless_sign_statement(statement_, given, keyless.trust_config.read_bytes())
        assert token not in f"{refused.value}{refused.value.remedy}"
