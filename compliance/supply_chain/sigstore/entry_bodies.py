"""Is a log's entry about this very signature? One about another proves nothing (CVE-2022-36056).

Rekor 1: hashedrekord 0.0.1, dsse 0.0.1, intoto 0.0.1 and 0.0.2 (sigstore/rekor, pkg/types). Rekor 2: hashedrekord and
dsse 0.0.2 (sigstore/rekor-tiles, api/proto; rekor-v2-spec, 6.1). Each names the signature, who verifies it (a key or
certificate), and the digest of what is signed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ContentError, KeyFileError
from compliance.supply_chain import public_keys, strict_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from compliance.supply_chain.evidence import Signed

    _Check = Callable[[dict[str, Any], Signed, frozenset[bytes]], bool]

_ALGORITHMS: Final[Mapping[str, str]] = {"SHA2_256": "sha256", "SHA2_384": "sha384", "SHA2_512": "sha512"}


def is_about(kind: str, version: str, body: bytes, signed: Signed, verifiers: frozenset[bytes]) -> bool:
    """Whether the entry's body is about these signatures, by one of the verifiers (DER: a key, or a certificate of it).

    Raises:
        ContentError: the body is of a kind that is not known, or not of the kind that the entry says.
    """
    value = strict_json.loads(body, "the log entry")
    try:
        if (value["kind"], value["apiVersion"]) != (kind, version):
            raise ContentError("the log entry is of another kind than the bundle says")
        check = _CHECKS.get((kind, version))
        if check is None:
            raise ContentError(f"the log entry is of the kind {kind[:40]} {version[:20]}, which is not known")
        return check(value["spec"], signed, verifiers)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError, binascii.Error):
        raise ContentError("the log entry lacks what its kind must say") from None
    except KeyFileError as error:
        raise ContentError(f"the log entry names no verifier: {error.message}") from None


def _hashedrekord(spec: dict[str, Any], signed: Signed, verifiers: frozenset[bytes]) -> bool:
    digest, signature = spec["data"]["hash"], spec["signature"]
    return (
        (_decoded(signature["content"]),) == signed.signatures
        and _pem(signature["publicKey"]["content"]) in verifiers
        and signed.digest_by(digest["algorithm"]) == str(digest["value"])
    )


def _dsse(spec: dict[str, Any], signed: Signed, verifiers: frozenset[bytes]) -> bool:
    found = spec["signatures"]
    return (
        signed.payload is not None
        and tuple(_decoded(entry["signature"]) for entry in found) == signed.signatures
        and all(_pem(entry["verifier"]) in verifiers for entry in found)
        and _sha256_is(spec["payloadHash"], signed.payload)
    )


def _intoto(spec: dict[str, Any], signed: Signed, verifiers: frozenset[bytes]) -> bool:
    content = spec["content"]
    found = content["envelope"]["signatures"]
    return (
        signed.payload is not None
        # Base64 of the envelope's base64.
        and tuple(_decoded(_decoded(entry["sig"]).decode()) for entry in found) == signed.signatures
        and all(_pem(entry["publicKey"]) in verifiers for entry in found)
        and _sha256_is(content["payloadHash"], signed.payload)
    )


def _old_intoto(spec: dict[str, Any], signed: Signed, verifiers: frozenset[bytes]) -> bool:
    """It names no signature, but the digest of the whole envelope, whose bytes only the legacy layout keeps."""
    return (
        signed.envelope is not None
        and _pem(spec["publicKey"]) in verifiers
        and _sha256_is(spec["content"]["hash"], signed.envelope)
    )


def _hashedrekord_2(spec: dict[str, Any], signed: Signed, verifiers: frozenset[bytes]) -> bool:
    found = spec["hashedRekordV002"]
    algorithm, digest = _ALGORITHMS[found["data"]["algorithm"]], _decoded(found["data"]["digest"]).hex()
    return (_decoded(found["signature"]["content"]),) == signed.signatures and (
        _verifier(found["signature"]) in verifiers and signed.digest_by(algorithm) == digest
    )


def _dsse_2(spec: dict[str, Any], signed: Signed, verifiers: frozenset[bytes]) -> bool:
    found = spec["dsseV002"]
    digest = found["payloadHash"]
    return (
        signed.payload is not None
        and tuple(_decoded(entry["content"]) for entry in found["signatures"]) == signed.signatures
        and all(_verifier(entry) in verifiers for entry in found["signatures"])
        and digest["algorithm"] == "SHA2_256"
        and _decoded(digest["digest"]) == hashlib.sha256(signed.payload).digest()
    )


_CHECKS: Final[Mapping[tuple[str, str], _Check]] = {
    ("hashedrekord", "0.0.1"): _hashedrekord,
    ("dsse", "0.0.1"): _dsse,
    ("intoto", "0.0.1"): _old_intoto,
    ("intoto", "0.0.2"): _intoto,
    ("hashedrekord", "0.0.2"): _hashedrekord_2,
    ("dsse", "0.0.2"): _dsse_2,
}


def _sha256_is(digest: dict[str, Any], data: bytes) -> bool:
    return digest["algorithm"] == "sha256" and bool(digest["value"] == hashlib.sha256(data).hexdigest())


def _verifier(signature: dict[str, Any]) -> bytes:
    verifier = signature["verifier"]
    (name,) = {"x509Certificate", "publicKey"} & verifier.keys()
    return _decoded(verifier[name]["rawBytes"])


def _pem(text: str) -> bytes:
    """Base64 of PEM, of a certificate or public key."""
    return public_keys.read_pem(_decoded(text))[1]


def _decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
