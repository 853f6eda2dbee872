"""Keys as cosign keeps them: made, read, written, and signed and verified with. The only door to `nacl`.

A key file is PEM of the type `ENCRYPTED SIGSTORE PRIVATE KEY` (until cosign 1: `ENCRYPTED COSIGN PRIVATE KEY`) over
JSON

    {"kdf": {"name": "scrypt", "params": {"N": 65536, "r": 8, "p": 1}, "salt": BASE64},
     "cipher": {"name": "nacl/secretbox", "nonce": BASE64}, "ciphertext": BASE64}

whose ciphertext is XSalsa20-Poly1305 over PKCS#8 in DER (go-securesystemslib, package encrypted). cosign 2 and 3 write
N = 65536, as we do, and read 32768 and 131072 too. What is to be known of public keys is in `public_keys`.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa

from compliance import atomic_write
from compliance.errors import ContentError, KeyFileError
from compliance.supply_chain import strict_json
from compliance.supply_chain.public_keys import (
    CURVES,
    ED25519,
    KINDS,
    PublicKey,
    fingerprint,
    hash_of,
    load_public,
    public_pem,
    read_pem,
    usable,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = [
    "KINDS",
    "PrivateKey",
    "decrypt",
    "encrypt",
    "fingerprint",
    "generate",
    "is_encrypted",
    "load_private",
    "load_public",
    "public_pem",
    "write_pair",
]

_PRIVATE: Final = "ENCRYPTED SIGSTORE PRIVATE KEY"
_OLD_PRIVATE: Final = "ENCRYPTED COSIGN PRIVATE KEY"
_PLAIN: Final = frozenset({"PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"})
_N: Final = 65536
_READABLE_N: Final = frozenset({32768, 65536, 131072})
_R: Final = 8
_SALT_SIZE: Final = 32
_NONCE_SIZE: Final = 24


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key at work; what it is made of is never shown."""

    _key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = field(repr=False, compare=False)
    fingerprint: str
    """`sha256:HEX` of the public key's SubjectPublicKeyInfo in DER."""

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return self._key.public_key()

    def sign(self, data: bytes, *, legacy: bool = True) -> bytes:
        """Sign: ECDSA as ASN.1 DER, or PKCS#1 v1.5.

        `legacy` hashes with SHA-256 whatever the key, which `cosign verify --key` of versions 2 and 3 expects of both
        layouts. Without it the hash goes by the key, as cosign 3 signs; it then verifies its own signatures by P-384
        and P-521 only with `--signature-digest-algorithm`.
        """
        algorithm = hashes.SHA256() if legacy else hash_of(self.public)
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), algorithm)
        return self._key.sign(data, ec.ECDSA(algorithm))

    def pkcs8(self) -> bytes:
        """PKCS#8 in DER, not encrypted."""
        return self._key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def generate(kind: str = "ecdsa-p256") -> PrivateKey:
    """Make a key of one of `KINDS`.

    Raises:
        KeyFileError: there is no such kind.
    """
    if kind not in KINDS:
        why = ED25519 if kind == "ed25519" else "is no kind of key that cosign signs with"
        raise KeyFileError(f"{kind!r} {why}", remedy=f"choose one of {', '.join(KINDS)}")
    family, _, size = kind.partition("-")
    if family == "rsa":
        return _private(rsa.generate_private_key(public_exponent=65537, key_size=int(size)))
    return _private(ec.generate_private_key(CURVES[f"sec{size}r1"][0]))


def encrypt(private: PrivateKey, password: bytes) -> bytes:
    """Write a key file as cosign 3 does, byte for byte but for salt and nonce."""
    from nacl.secret import SecretBox  # noqa: PLC0415 - few commands need it

    salt, nonce = secrets.token_bytes(_SALT_SIZE), secrets.token_bytes(_NONCE_SIZE)
    box = SecretBox(_derive(password, salt, _N)).encrypt(private.pkcs8(), nonce)
    body = {
        "kdf": {"name": "scrypt", "params": {"N": _N, "r": _R, "p": 1}, "salt": _base64(salt)},
        "cipher": {"name": "nacl/secretbox", "nonce": _base64(nonce)},
        "ciphertext": _base64(box.ciphertext),
    }
    return _pem(_PRIVATE, json.dumps(body, separators=(",", ":")).encode())


def decrypt(pem: bytes, password: bytes) -> PrivateKey:
    """Read a key file of cosign's.

    Raises:
        KeyFileError: it is none, has other parameters than cosign writes, holds a key of another kind, or the password
            is wrong (which cannot be told from a damaged file).
    """
    from nacl.exceptions import CryptoError  # noqa: PLC0415 - few commands need it
    from nacl.secret import SecretBox  # noqa: PLC0415

    kind, body = read_pem(pem)
    if kind not in (_PRIVATE, _OLD_PRIVATE):
        raise KeyFileError(f"the key file has {kind!r}, which is no encrypted key of cosign's")
    n, salt, nonce, ciphertext = _parameters(body)
    try:
        der = SecretBox(_derive(password, salt, n)).decrypt(ciphertext, nonce)
    except CryptoError:
        raise KeyFileError(
            "the key file cannot be decrypted: the password is wrong, or the file is damaged",
            remedy="give the password in COSIGN_PASSWORD or at the prompt",
        ) from None
    return _load(lambda: serialization.load_der_private_key(der, None))


def is_encrypted(pem: bytes) -> bool:
    """Whether a file is one of cosign's, so that a password is needed.

    Raises:
        KeyFileError: it is no PEM.
    """
    return read_pem(pem)[0] in (_PRIVATE, _OLD_PRIVATE)


def load_private(pem: bytes, password: Callable[[], bytes]) -> PrivateKey:
    """Read a private key: cosign's file, or plain PKCS#8, SEC 1 or PKCS#1 as `cosign import-key-pair` takes them.

    `password` is asked only where the file is encrypted.

    Raises:
        KeyFileError: as `decrypt` does.
    """
    kind, body = read_pem(pem)
    if kind in (_PRIVATE, _OLD_PRIVATE):
        return decrypt(pem, password())
    if kind not in _PLAIN:
        raise KeyFileError(
            f"the key file has {kind!r}, which is no private key that can be read here",
            remedy="`openssl pkcs8 -topk8 -nocrypt` writes keys of other tools as PKCS#8",
        )
    # PKCS#1 and SEC 1 are told apart from PKCS#8 by their structure, whatever the PEM says.
    return _load(lambda: serialization.load_der_private_key(body, None))


def write_pair(prefix: Path, private: PrivateKey, password: bytes, *, overwrite: bool = False) -> tuple[Path, Path]:
    """Write `PREFIX.key` (mode 0600, encrypted) and `PREFIX.pub`, whole or not at all.

    Raises:
        KeyFileError: one of them is there already and must not be overwritten, or the folder cannot be written to.
    """
    wanted = {
        prefix.with_name(f"{prefix.name}.key"): (encrypt(private, password), 0o600),
        prefix.with_name(f"{prefix.name}.pub"): (public_pem(private.public), 0o644),
    }
    with contextlib.ExitStack() as undo:
        try:
            for path in () if overwrite else wanted:
                # Taking the names first: nobody's file is lost, whoever else writes here at the same time.
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
                undo.callback(path.unlink, missing_ok=True)
            for path, (content, mode) in wanted.items():
                atomic_write.replace(path, content, mode)
        except FileExistsError:
            raise KeyFileError(
                f"{path}: is there already", remedy="name another file, or say that it may be overwritten"
            ) from None
        except OSError as error:
            raise KeyFileError(f"{path}: cannot be written: {error.strerror}") from None
        undo.pop_all()
    key, public = wanted
    return key, public


def _parameters(body: bytes) -> tuple[int, bytes, bytes, bytes]:
    """N, salt, nonce, ciphertext. scrypt must not run with what a stranger chose: N = 2^30 takes a terabyte."""
    try:
        value = strict_json.loads(body, "the key file")
        kdf, cipher = value["kdf"], value["cipher"]
        names, numbers = (kdf["name"], cipher["name"]), kdf["params"]
        n, rest = numbers["N"], (numbers["r"], numbers["p"])
        salt, nonce, ciphertext = (
            base64.b64decode(text, validate=True) for text in (kdf["salt"], cipher["nonce"], value["ciphertext"])
        )
    except ContentError as error:
        raise KeyFileError(error.message) from None
    except (KeyError, TypeError, ValueError):
        raise KeyFileError("the key file lacks scrypt's parameters, the nonce or the ciphertext") from None
    if names != ("scrypt", "nacl/secretbox"):
        raise KeyFileError("the key file is encrypted with something else than scrypt and nacl/secretbox")
    if type(n) is not int or n not in _READABLE_N or rest != (_R, 1) or len(nonce) != _NONCE_SIZE:
        raise KeyFileError(
            "the key file has parameters that cosign does not write, and its password is not tried",
            remedy="scrypt with N 32768, 65536 or 131072, r 8, p 1, and a nonce of 24 bytes are read",
        )
    return n, salt, nonce, ciphertext


def _derive(password: bytes, salt: bytes, n: int) -> bytes:
    return hashlib.scrypt(password, salt=salt, n=n, r=_R, p=1, maxmem=(n + 64) * _R * 256, dklen=32)


def _load(read: Callable[[], object]) -> PrivateKey:
    try:
        return _private(read())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError("the key file holds no private key in PKCS#8, SEC 1 or PKCS#1") from None


def _private(key: object) -> PrivateKey:
    if isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        return PrivateKey(key, fingerprint(usable(key.public_key())))
    public: object = key.public_key() if isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey) else key
    usable(public)
    raise KeyFileError("the private key is of no kind that cosign signs with")


def _pem(kind: str, content: bytes) -> bytes:
    text = _base64(content)
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----", ""]).encode()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
