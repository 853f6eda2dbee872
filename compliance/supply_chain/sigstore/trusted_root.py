"""The Sigstore trusted root: whose certificates, log entries and time stamps are believed, and from when to when.

Version 0.1 of the media type (sigstore/protobuf-specs, sigstore_trustroot.proto, as protobuf's JSON). Periods are
closed: both ends belong to them (sigstore_common.proto, TimeRange).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from compliance.errors import ConfigurationError, ContentError
from compliance.supply_chain import strict_json
from compliance.supply_chain.sigstore.certificate_reading import load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography import x509

MEDIA_TYPE: Final = "application/vnd.dev.sigstore.trustedroot+json;version=0.1"
MAX_SIZE: Final = 1024 * 1024
_REMEDY: Final = "`cosign trusted-root create` writes one; Sigstore's own is trusted_root.json of its TUF repository"
_HASHES: Final[Mapping[str, hashes.HashAlgorithm | None]] = {
    "PKIX_ECDSA_P256_SHA_256": hashes.SHA256(),
    "PKIX_ECDSA_P384_SHA_384": hashes.SHA384(),
    "PKIX_ECDSA_P521_SHA_512": hashes.SHA512(),
    "PKCS1_RSA_PKCS1V5": hashes.SHA256(),
    "PKIX_RSA_PKCS1V15_2048_SHA256": hashes.SHA256(),
    "PKIX_RSA_PKCS1V15_3072_SHA256": hashes.SHA256(),
    "PKIX_RSA_PKCS1V15_4096_SHA256": hashes.SHA256(),
    "PKIX_ED25519": None,
}


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both included; without an end it goes on."""

    start: datetime
    end: datetime | None = None

    def __contains__(self, time: datetime) -> bool:
        return self.start <= time and (self.end is None or time <= self.end)


@dataclass(frozen=True, slots=True)
class Log:
    """A transparency log: `ids` that its entries and checkpoints may name it by, `origin` its host."""

    ids: frozenset[bytes]
    origin: str
    period: Period
    _key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey = field(repr=False, compare=False)
    _hash: hashes.HashAlgorithm | None = field(repr=False, compare=False)

    def signed(self, signature: bytes, data: bytes) -> bool:
        """Whether the signature is this log's."""
        try:
            if isinstance(self._key, ed25519.Ed25519PublicKey):
                self._key.verify(signature, data)
            elif isinstance(self._key, rsa.RSAPublicKey):
                self._key.verify(signature, data, padding.PKCS1v15(), self._hash or hashes.SHA256())
            else:
                self._key.verify(signature, data, ec.ECDSA(self._hash or hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Authority:
    """Who issues certificates, or stamps time: a chain from the issuer (time stamps: the leaf) up to the root."""

    certificates: tuple[x509.Certificate, ...]
    period: Period


@dataclass(frozen=True, slots=True)
class TrustedRoot:
    """All that is believed."""

    logs: tuple[Log, ...]
    certificate_logs: tuple[Log, ...]
    authorities: tuple[Authority, ...]
    timestamp_authorities: tuple[Authority, ...]

    def log(self, log_id: bytes) -> Log | None:
        """The transparency log that an entry names, if it is known."""
        return next((log for log in self.logs if log_id in log.ids), None)


@lru_cache(maxsize=4)
def parse(data: bytes) -> TrustedRoot:
    """Read a trusted root.

    Raises:
        ConfigurationError: it is none, or lacks what must be said.
    """
    try:
        return _root(data)
    except ContentError as error:
        raise ConfigurationError(error.message, remedy=_REMEDY) from None
    except (KeyError, TypeError, AttributeError, ValueError, UnsupportedAlgorithm):
        raise ConfigurationError("the trusted root lacks keys, certificates or periods", remedy=_REMEDY) from None


def _root(data: bytes) -> TrustedRoot:
    if len(data) > MAX_SIZE:
        raise ContentError(f"the trusted root is larger than {MAX_SIZE} bytes")
    value = strict_json.loads(data, "the trusted root")
    if not isinstance(value, dict) or value.get("mediaType") != MEDIA_TYPE:
        raise ContentError(f"the trusted root's media type is not {MEDIA_TYPE}")
    return TrustedRoot(
        tuple(log for entry in _list(value, "tlogs") if (log := _log(entry))),
        tuple(log for entry in _list(value, "ctlogs") if (log := _log(entry))),
        tuple(_authority(entry) for entry in _list(value, "certificateAuthorities")),
        tuple(_authority(entry) for entry in _list(value, "timestampAuthorities")),
    )


def _list(value: dict[str, Any], key: str) -> list[Any]:
    found = value.get(key) or []
    if not isinstance(found, list):
        raise ContentError(f"the trusted root's {key} is no list")
    return found


def _log(entry: dict[str, Any]) -> Log | None:
    """A log; None where its kind of key is none that can be used, so that its entries are by an unknown log."""
    public, period = entry["publicKey"], _period(entry["publicKey"].get("validFor"))
    if public.get("keyDetails") not in _HASHES:
        return None
    der = _decoded(public["rawBytes"])
    key = serialization.load_der_public_key(der)
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey):
        raise ContentError("the trusted root has a log with a key of another kind than it says")
    ids = [hashlib.sha256(der).digest()]
    ids += [_decoded(entry[name]["keyId"]) for name in ("logId", "checkpointKeyId") if entry.get(name)]
    origin = urlsplit(entry.get("baseUrl") or "").hostname or ""
    return Log(frozenset(ids), origin, period, key, _HASHES[public["keyDetails"]])


def _authority(entry: dict[str, Any]) -> Authority:
    found = entry["certChain"]["certificates"]
    chain = tuple(load(_decoded(certificate["rawBytes"])) for certificate in found)
    if not chain:
        raise ContentError("the trusted root has an authority without certificates")
    return Authority(chain, _period(entry.get("validFor")))


def _period(value: object) -> Period:
    if not isinstance(value, dict) or not value.get("start"):
        raise ContentError("the trusted root has a key or authority without the start of its period")
    return Period(_time(value["start"]), _time(value["end"]) if value.get("end") else None)


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ContentError("the trusted root has a key or certificate that is no base64") from None
