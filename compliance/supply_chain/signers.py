"""Who can sign: a key at hand, a key that never leaves its keeper, or an identity for which Sigstore vouches.

Each writes the three things that the two layouts are made of. Signatures of a keeper are verified before anything is
stored, so that a wrong command writes nothing. Whatever the key, SHA-256 is what is signed: cosign 2 knows nothing
else, and cosign 3.1 signs images by P-384 and P-521 with a hash that its own `verify` does not take.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from compliance import tools
from compliance.errors import SigningError, ToolError
from compliance.supply_chain import dsse, public_keys
from compliance.supply_chain.evidence import SIGNATURE_ANNOTATION
from compliance.supply_chain.sigstore.bundle import bundle_for_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compliance.supply_chain.public_keys import PublicKey

_DEADLINE: Final = 60.0
_MAX_ANSWER: Final = 64 * 1024


class Signer(Protocol):
    """Whoever signs. The methods raise SigningError where no signature can be made."""

    @property
    def text(self) -> str:
        """Who it is, for a person."""

    @property
    def public(self) -> PublicKey | None:
        """The public key, None for an identity, whose key is used once."""

    def document(self, payload: bytes) -> Mapping[str, str]:
        """Sign a simple-signing document: the annotations of its layer."""

    def envelope(self, statement: bytes) -> tuple[bytes, Mapping[str, str]]:
        """Sign a statement for the legacy layout: a DSSE envelope, and the annotations of its layer."""

    def bundle(self, statement: bytes) -> bytes:
        """Sign a statement for the new layout: a Sigstore bundle."""


class SigningKey(Protocol):
    """A private key, or what stands for one."""

    @property
    def fingerprint(self) -> str:
        """`sha256:HEX` of the public key's SubjectPublicKeyInfo in DER."""

    @property
    def public(self) -> PublicKey:
        """The public half."""

    def sign(self, data: bytes) -> bytes:
        """Sign what has this SHA-256, whatever the key."""


@dataclass(frozen=True, slots=True)
class KeySigner:
    """Signs with a key, without any service: no log entry, no time stamp."""

    key: SigningKey

    @property
    def text(self) -> str:
        """The key's fingerprint."""
        return self.key.fingerprint

    @property
    def public(self) -> PublicKey:
        """The public key."""
        return self.key.public

    def document(self, payload: bytes) -> dict[str, str]:
        """Sign a simple-signing document."""
        return {SIGNATURE_ANNOTATION: base64.b64encode(self.key.sign(payload)).decode()}

    def envelope(self, statement: bytes) -> tuple[bytes, dict[str, str]]:
        """Sign a statement for the legacy layout; the signature is in the envelope, and the annotation empty."""
        return dsse.make(dsse.STATEMENT, statement, [self._signature(statement)]), {SIGNATURE_ANNOTATION: ""}

    def bundle(self, statement: bytes) -> bytes:
        """Sign a statement for the new layout."""
        signature = self._signature(statement)
        return bundle_for_key(dsse.Envelope(dsse.STATEMENT, statement, (signature,)), self.key.public)

    def _signature(self, statement: bytes) -> bytes:
        return self.key.sign(dsse.pae(dsse.STATEMENT, statement))


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key in a key management service or a hardware module, used through a command of the user's.

    The command gets the SHA-256 digest, as 32 raw bytes, on standard input, and answers on standard output with the
    signature, raw or in base64: ASN.1 DER for ECDSA, PKCS#1 v1.5 for RSA. With AWS, say:

        aws kms sign --key-id alias/release --message fileb:///dev/stdin --message-type DIGEST
            --signing-algorithm ECDSA_SHA_256 --query Signature --output text
    """

    command: Sequence[str]
    public: PublicKey

    @property
    def fingerprint(self) -> str:
        """`sha256:HEX` of the public key's SubjectPublicKeyInfo in DER."""
        return public_keys.fingerprint(self.public)

    def sign(self, data: bytes) -> bytes:
        """Let the command sign, and check that the signature is the key's.

        Raises:
            SigningError: the command fails, overruns a minute, or answers with something else.
        """
        digest = hashlib.sha256(data).digest()
        answer = self._answer(digest)
        for signature in (answer, _from_base64(answer)):
            if signature and public_keys.verify_digest(self.public, signature, digest):
                return signature
        raise SigningError(
            f"{self.command[0]} answered with no signature of the key {self.fingerprint}",
            remedy="it must sign the digest from standard input, and its key must be the given public one's",
        )

    def _answer(self, digest: bytes) -> bytes:
        try:
            done = tools.run(self.command, deadline=_DEADLINE, max_output=_MAX_ANSWER, stdin=digest)
        except ToolError as error:
            raise SigningError(f"the signing command: {error.message}", remedy=error.remedy) from error
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()[-500:] or "it said nothing"
            raise SigningError(
                f"{self.command[0]} ended with {done.returncode}: {said}",
                remedy="run the command by itself, with 32 bytes on its standard input",
            )
        return done.stdout


def _from_base64(text: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error:
        return b""
