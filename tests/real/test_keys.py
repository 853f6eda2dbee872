"""Keys both ways: made here and used by cosign, made by cosign and used here."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from commands import run
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from compliance.supply_chain import keys, public_keys, simple_signing

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real

_ENVIRONMENT = {"COSIGN_PASSWORD": "of a key that lives as long as a test"}
_PASSWORD = _ENVIRONMENT["COSIGN_PASSWORD"].encode()
_TEXT = b"what is signed\n"


@dataclass(frozen=True, slots=True)
class _Cosign:
    """One of the two, and a folder to work in."""

    program: Path
    major: int
    folder: Path

    def run(self, *words: str | Path) -> str:
        return run([self.program, *words], env=_ENVIRONMENT)

    def signature(self, key: Path) -> bytes:
        """Sign a file in the old way, which is base64 alone and no bundle."""
        artifact, written = self.folder / "artifact", self.folder / "signature"
        artifact.write_bytes(_TEXT)
        alone = ["--use-signing-config=false", "--new-bundle-format=false"] if self.major == 3 else []
        self.run(
            "sign-blob", "--yes", "--tlog-upload=false", *alone, "--key", key, "--output-signature", written, artifact
        )
        return base64.b64decode(written.read_text())

    def verify(self, public: Path, signature: bytes) -> str:
        artifact, written = self.folder / "artifact", self.folder / "signature"
        artifact.write_bytes(_TEXT)
        written.write_text(base64.b64encode(signature).decode())
        alone = ["--new-bundle-format=false"] if self.major == 3 else []
        words = ["verify-blob", "--insecure-ignore-tlog", *alone, "--key", public, "--signature", written, artifact]
        return self.run(*words)


@pytest.fixture(params=[2, 3])
def cosign(request: pytest.FixtureRequest, tmp_path: Path) -> _Cosign:
    return _Cosign(request.getfixturevalue(f"cosign{request.param}"), request.param, tmp_path)


@pytest.mark.parametrize("kind", keys.KINDS)
def test_a_key_made_here_signs_there(cosign: _Cosign, kind: str) -> None:
    made = keys.generate(kind)
    key, _ = keys.write_pair(cosign.folder / "ours", made, _PASSWORD)
    assert public_keys.verify(made.public, cosign.signature(key), _TEXT)
    told = cosign.run("public-key", "--key", key).encode()
    assert keys.load_public(told).fingerprint == made.fingerprint


@pytest.mark.parametrize("kind", keys.KINDS)
def test_a_signature_made_here_is_verified_there(cosign: _Cosign, kind: str) -> None:
    made = keys.generate(kind)
    _, public = keys.write_pair(cosign.folder / "ours", made, _PASSWORD)
    cosign.verify(public, made.sign(_TEXT))


def test_a_key_made_there_is_read_here(cosign: _Cosign) -> None:
    prefix = cosign.folder / "theirs"
    cosign.run("generate-key-pair", "--output-key-prefix", prefix)
    file = prefix.with_suffix(".key").read_bytes()
    made = keys.decrypt(file, _PASSWORD)
    assert keys.load_public(prefix.with_suffix(".pub").read_bytes()).fingerprint == made.fingerprint
    assert prefix.with_suffix(".pub").read_bytes() == keys.public_pem(made.public)
    cosign.verify(prefix.with_suffix(".pub"), made.sign(_TEXT))


def test_key_files_are_written_as_there(cosign: _Cosign) -> None:
    prefix = cosign.folder / "theirs"
    cosign.run("generate-key-pair", "--output-key-prefix", prefix)
    theirs = prefix.with_suffix(".key").read_bytes()
    ours = keys.encrypt(keys.decrypt(theirs, _PASSWORD), _PASSWORD)
    assert _form(ours) == _form(theirs)


def _form(file: bytes) -> tuple[list[int], bytes, str]:
    """The lengths of lines, the first line, and the JSON in order without what is drawn by chance."""
    lines = file.split(b"\n")
    body = base64.b64decode(b"".join(lines[1:-2])).decode()
    value = json.loads(body)
    for drawn in (value["kdf"]["salt"], value["cipher"]["nonce"], value["ciphertext"]):
        body = body.replace(drawn, str(len(drawn)))
    return [len(line) for line in lines], lines[0], body


@pytest.mark.parametrize(
    ("make", "form"),
    [
        (lambda: ec.generate_private_key(ec.SECP256R1()), serialization.PrivateFormat.TraditionalOpenSSL),
        (lambda: ec.generate_private_key(ec.SECP384R1()), serialization.PrivateFormat.PKCS8),
        (lambda: ec.generate_private_key(ec.SECP521R1()), serialization.PrivateFormat.TraditionalOpenSSL),
        (lambda: rsa.generate_private_key(65537, 2048), serialization.PrivateFormat.TraditionalOpenSSL),
        (lambda: rsa.generate_private_key(65537, 3072), serialization.PrivateFormat.PKCS8),
    ],
)
def test_imported_keys_are_the_same_here_and_there(
    cosign3: Path, tmp_path: Path, make: object, form: serialization.PrivateFormat
) -> None:
    assert callable(make)
    plain = tmp_path / "plain.pem"
    plain.write_bytes(make().private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    prefix = tmp_path / "imported"
    run([cosign3, "import-key-pair", "--yes", "--key", plain, "--output-key-prefix", prefix], env=_ENVIRONMENT)
    imported = keys.decrypt(prefix.with_suffix(".key").read_bytes(), _PASSWORD)
    assert imported == keys.load_private(plain.read_bytes(), lambda: b"")
    theirs = _Cosign(cosign3, 3, tmp_path).signature(prefix.with_suffix(".key"))
    digest = hashlib.new(public_keys.hash_of(imported.public).name, _TEXT).digest()
    assert public_keys.verify_digest(imported.public, theirs, digest)


def test_cosign_2_hashes_with_sha256_whatever_the_key(cosign2: Path, tmp_path: Path) -> None:
    made = keys.generate("ecdsa-p384")
    key, _ = keys.write_pair(tmp_path / "ours", made, _PASSWORD)
    signature = _Cosign(cosign2, 2, tmp_path).signature(key)
    assert public_keys.verify_digest(made.public, signature, hashlib.sha256(_TEXT).digest())


def test_a_document_to_sign_has_the_bytes_that_cosign_generates(cosign: _Cosign) -> None:
    digest = "sha256:" + "ab" * 32
    words = ["generate", "-a", "b=<&>ü", "-a", "a=1", f"registry.example.com/app@{digest}"]
    theirs = cosign.run(*words).rstrip("\n").encode()
    assert simple_signing.make(digest, "registry.example.com/app", {"b": "<&>ü", "a": "1"}) == theirs
