"""Key files: as cosign writes them, and what is refused."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st
from nacl.secret import SecretBox

from compliance.errors import KeyFileError
from compliance.supply_chain import keys, public_keys

if TYPE_CHECKING:
    from pathlib import Path

_PASSWORD = b"correct horse"
_KINDS = ("ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa-2048")


@pytest.fixture(scope="module")
def private() -> keys.PrivateKey:
    return keys.generate()


def key_file(private: keys.PrivateKey, n: object, kind: str = "ENCRYPTED SIGSTORE PRIVATE KEY", **kdf: object) -> bytes:
    """A key file whose parameters anybody may choose."""
    salt, nonce = b"s" * 32, b"n" * 24
    strength = n if isinstance(n, int) and 1 < n <= 131072 else 32768
    secret = hashlib.scrypt(_PASSWORD, salt=salt, n=strength, r=8, p=1, maxmem=2**28, dklen=32)
    body = {
        "kdf": {
            "name": "scrypt",
            "params": {"N": n, "r": 8, "p": 1} | kdf,
            "salt": base64.b64encode(salt).decode(),
        },
        "cipher": {"name": "nacl/secretbox", "nonce": base64.b64encode(nonce).decode()},
        "ciphertext": base64.b64encode(SecretBox(secret).encrypt(private.pkcs8(), nonce).ciphertext).decode(),
    }
    text = base64.encodebytes(json.dumps(body).encode()).decode()
    return f"-----BEGIN {kind}-----\n{text}-----END {kind}-----\n".encode()


def pem(
    private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey,
    form: serialization.PrivateFormat = serialization.PrivateFormat.PKCS8,
) -> bytes:
    return private.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


@pytest.mark.parametrize("kind", _KINDS)
def test_a_key_comes_back_from_its_file(kind: str) -> None:
    private = keys.generate(kind)
    again = keys.decrypt(keys.encrypt(private, _PASSWORD), _PASSWORD)
    assert again.pkcs8() == private.pkcs8()
    assert public_keys.verify(private.public, again.sign(b"text"), b"text")


def test_a_key_file_has_the_form_of_cosign(private: keys.PrivateKey) -> None:
    written = keys.encrypt(private, _PASSWORD)
    first, *middle, last = written.decode().rstrip("\n").split("\n")
    assert (first, last) == (
        "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----",
        "-----END ENCRYPTED SIGSTORE PRIVATE KEY-----",
    )
    assert {len(line) for line in middle[:-1]} == {64}
    body = base64.b64decode("".join(middle)).decode()
    salt, nonce = json.loads(body)["kdf"]["salt"], json.loads(body)["cipher"]["nonce"]
    assert body.startswith(
        f'{{"kdf":{{"name":"scrypt","params":{{"N":65536,"r":8,"p":1}},"salt":"{salt}"}},'
        f'"cipher":{{"name":"nacl/secretbox","nonce":"{nonce}"}},"ciphertext":"'
    )


def test_two_files_of_one_key_have_nothing_in_common_but_the_key(private: keys.PrivateKey) -> None:
    assert keys.encrypt(private, _PASSWORD) != keys.encrypt(private, _PASSWORD)


def test_an_empty_password_is_one(private: keys.PrivateKey) -> None:
    assert keys.decrypt(keys.encrypt(private, b""), b"") == private


@pytest.mark.parametrize(
    ("n", "kind"),
    [
        (32768, "ENCRYPTED COSIGN PRIVATE KEY"),
        (65536, "ENCRYPTED SIGSTORE PRIVATE KEY"),
        (131072, "ENCRYPTED SIGSTORE PRIVATE KEY"),
    ],
)
def test_all_that_cosign_ever_wrote_is_read(private: keys.PrivateKey, n: int, kind: str) -> None:
    assert keys.decrypt(key_file(private, n, kind), _PASSWORD) == private


@pytest.mark.parametrize(
    ("n", "more"),
    [
        (2**30, {}),
        (16384, {}),
        (65536.0, {}),
        (True, {}),
        ("65536", {}),
        (65536, {"r": 1024}),
        (65536, {"p": 1000}),
    ],
)
def test_scrypt_never_runs_with_other_parameters(
    private: keys.PrivateKey, n: object, more: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = key_file(private, n, **more)
    monkeypatch.setattr(hashlib, "scrypt", lambda *_, **__: pytest.fail("scrypt ran"))
    with pytest.raises(KeyFileError, match="does not write"):
        keys.decrypt(file, _PASSWORD)


def test_a_wrong_password_and_a_damaged_file_are_told_alike(private: keys.PrivateKey) -> None:
    file = key_file(private, 32768)
    with pytest.raises(KeyFileError) as wrong:
        keys.decrypt(file, b"another")
    body = json.loads(base64.b64decode(b"".join(file.splitlines()[1:-1])))
    spoilt = bytearray(base64.b64decode(body["ciphertext"]))
    spoilt[20] ^= 1
    body["ciphertext"] = base64.b64encode(spoilt).decode()
    text = base64.b64encode(json.dumps(body).encode())
    damaged = b"-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n%b\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----" % text
    with pytest.raises(KeyFileError) as other:
        keys.decrypt(damaged, _PASSWORD)
    assert wrong.value.message == other.value.message
    assert "another" not in f"{wrong.value}{wrong.value.remedy}"


@pytest.mark.parametrize(
    ("form", "label"),
    [
        (serialization.PrivateFormat.PKCS8, b"BEGIN PRIVATE KEY"),
        (serialization.PrivateFormat.TraditionalOpenSSL, b"BEGIN EC PRIVATE KEY"),
    ],
)
def test_plain_keys_are_read_without_a_password(form: serialization.PrivateFormat, label: bytes) -> None:
    made = ec.generate_private_key(ec.SECP384R1())
    assert label in pem(made, form)
    read = keys.load_private(pem(made, form), lambda: pytest.fail("a password was asked for"))
    assert read.fingerprint == public_keys.fingerprint(made.public_key())


def test_pkcs1_is_read() -> None:
    made = rsa.generate_private_key(65537, 2048)
    file = pem(made, serialization.PrivateFormat.TraditionalOpenSSL)
    assert b"BEGIN RSA PRIVATE KEY" in file
    read = keys.load_private(file, lambda: b"")
    assert read.fingerprint == public_keys.fingerprint(made.public_key())


def test_an_encrypted_file_asks_for_its_password(private: keys.PrivateKey) -> None:
    file = keys.encrypt(private, _PASSWORD)
    assert keys.is_encrypted(file)
    assert keys.load_private(file, lambda: _PASSWORD) == private


def test_ed25519_is_refused_with_the_reason() -> None:
    made = ed25519.Ed25519PrivateKey.generate()
    with pytest.raises(KeyFileError, match="ed25519ph"):
        keys.load_private(pem(made), lambda: b"")
    with pytest.raises(KeyFileError, match="ed25519ph"):
        keys.generate("ed25519")


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: ec.generate_private_key(ec.SECP256K1()), "secp256k1"),
        (lambda: rsa.generate_private_key(65537, 1024), "1024 bits"),  # noqa: S505 - it is refused
    ],
)
def test_keys_that_cosign_does_not_sign_with_are_refused(made: object, why: str) -> None:
    assert callable(made)
    with pytest.raises(KeyFileError, match=why):
        keys.load_private(pem(made()), lambda: b"")


def test_what_openssl_encrypted_is_refused_with_a_way_out() -> None:
    made = ec.generate_private_key(ec.SECP256R1())
    encrypted = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"x")
    )
    with pytest.raises(KeyFileError) as refused:
        keys.load_private(encrypted, lambda: b"x")
    assert "openssl pkcs8" in refused.value.remedy


@pytest.mark.parametrize(
    ("kind", "own"),
    [("ecdsa-p256", "sha256"), ("ecdsa-p384", "sha384"), ("ecdsa-p521", "sha512"), ("rsa-2048", "sha256")],
)
def test_the_hash_is_sha256_unless_it_should_go_by_the_key(kind: str, own: str) -> None:
    private = keys.generate(kind)
    for signature, name in ((private.sign(b"text"), "sha256"), (private.sign(b"text", legacy=False), own)):
        assert public_keys.verify_digest(private.public, signature, hashlib.new(name, b"text").digest())


def test_a_private_key_shows_nothing_of_itself(private: keys.PrivateKey) -> None:
    assert repr(private) == f"PrivateKey(fingerprint={private.fingerprint!r})"


def test_a_pair_is_written_for_its_owner_alone(private: keys.PrivateKey, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        key, public = keys.write_pair(tmp_path / "cosign", private, _PASSWORD)
    finally:
        os.umask(before)
    assert (key.name, public.name) == ("cosign.key", "cosign.pub")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert keys.decrypt(key.read_bytes(), _PASSWORD) == private
    assert keys.load_public(public.read_bytes()).fingerprint == private.fingerprint
    assert sorted(file.name for file in tmp_path.iterdir()) == ["cosign.key", "cosign.pub"]


@pytest.mark.parametrize("there", ["cosign.key", "cosign.pub"])
def test_nothing_is_overwritten_unless_asked(private: keys.PrivateKey, tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_bytes(b"somebody's")
    with pytest.raises(KeyFileError, match=f"{there}: is there already"):
        keys.write_pair(tmp_path / "cosign", private, _PASSWORD)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {there: b"somebody's"}
    keys.write_pair(tmp_path / "cosign", private, _PASSWORD, overwrite=True)
    assert keys.decrypt((tmp_path / "cosign.key").read_bytes(), _PASSWORD) == private


def test_a_link_is_not_written_through(private: keys.PrivateKey, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"somebody's")
    (tmp_path / "cosign.key").symlink_to(tmp_path / "elsewhere")
    keys.write_pair(tmp_path / "cosign", private, _PASSWORD, overwrite=True)
    assert (tmp_path / "elsewhere").read_bytes() == b"somebody's"
    assert not (tmp_path / "cosign.key").is_symlink()


def test_a_folder_that_is_not_there_is_told(private: keys.PrivateKey, tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="cannot be written"):
        keys.write_pair(tmp_path / "missing" / "cosign", private, _PASSWORD)


@given(st.binary(max_size=300), st.sampled_from(["ENCRYPTED SIGSTORE PRIVATE KEY", "PRIVATE KEY", "PUBLIC KEY"]))
def test_whatever_a_file_holds_it_is_a_key_file_error(content: bytes, kind: str) -> None:
    wrapped = f"-----BEGIN {kind}-----\n{base64.b64encode(content).decode()}\n-----END {kind}-----\n".encode()
    for data in (content, wrapped):
        with pytest.raises(KeyFileError):
            keys.load_private(data, lambda: b"")
        with pytest.raises(KeyFileError):
            keys.load_public(data)


def test_a_private_key_is_no_public_one(private: keys.PrivateKey) -> None:
    with pytest.raises(KeyFileError, match="private key where a public one is wanted"):
        keys.load_public(keys.encrypt(private, b""))


def test_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(KeyFileError, match="larger than"):
        keys.load_public(b"-" * (public_keys.MAX_KEY_FILE + 1))


def test_a_signature_by_another_hash_or_key_does_not_fit(private: keys.PrivateKey) -> None:
    signature = private.sign(b"text")
    assert not public_keys.verify(private.public, signature, b"texT")
    assert not public_keys.verify(keys.generate().public, signature, b"text")
    assert not public_keys.verify_digest(private.public, signature, hashlib.sha384(b"text").digest())
    assert not public_keys.verify_digest(private.public, signature, b"short")
    assert not public_keys.verify(private.public, b"no signature", b"text")


def test_the_fingerprint_is_of_the_der(private: keys.PrivateKey) -> None:
    der = private.public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(der)
    assert keys.load_public(keys.public_pem(private.public), "ours").fingerprint == f"sha256:{digest.finalize().hex()}"
