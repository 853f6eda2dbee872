"""Signing as an identity: what Fulcio and Rekor give, in the forms that the two layouts have.

Which services are used is said by a client trust configuration (sigstore/protobuf-specs, sigstore_trustroot.proto,
ClientTrustConfig). The legacy annotations are those of cosign's pkg/oci/static.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any, Final

from compliance.errors import SigningError
from compliance.supply_chain import dsse
from compliance.supply_chain.evidence import (
    BUNDLE_ANNOTATION,
    CERTIFICATE_ANNOTATION,
    CHAIN_ANNOTATION,
    SIGNATURE_ANNOTATION,
    TIMESTAMP_ANNOTATION,
)
from compliance.supply_chain.sigstore.signing import identity_of, keyless_sign_artifact, keyless_sign_statement

_NO_PROMISE: Final = "this log gives no promise of inclusion, which the legacy layout needs"


@dataclass(frozen=True, slots=True)
class IdentitySigner:
    """Signs as whom an identity token names; each signature is logged. Methods raise SigningError."""

    trust_config: bytes = field(repr=False)
    token: str = field(repr=False)

    @property
    def text(self) -> str:
        """Whom the token names."""
        return identity_of(self.token)

    @property
    def public(self) -> None:
        """No key lasts."""

    def document(self, payload: bytes) -> dict[str, str]:
        """Sign a simple-signing document; certificate, log entry and time stamp stand beside the signature."""
        made = json.loads(keyless_sign_artifact(payload, self.token, self.trust_config))
        return {SIGNATURE_ANNOTATION: made["messageSignature"]["signature"], **_vouchers(made)}

    def envelope(self, statement: bytes) -> tuple[bytes, dict[str, str]]:
        """Sign a statement for the legacy layout."""
        made = json.loads(self.bundle(statement))
        envelope = dsse.from_json(made["dsseEnvelope"])
        content = dsse.make(envelope.payload_type, envelope.payload, envelope.signatures)
        return content, {SIGNATURE_ANNOTATION: "", **_vouchers(made)}

    def bundle(self, statement: bytes) -> bytes:
        """Sign a statement for the new layout."""
        return keyless_sign_statement(statement, self.token, self.trust_config)


def _vouchers(bundle: dict[str, Any]) -> dict[str, str]:
    """What cosign keeps beside a legacy signature (its pkg/oci/static); an entry without promise cannot be told so."""
    material = bundle["verificationMaterial"]
    leaf, chain = _certificates(material)
    found = {CERTIFICATE_ANNOTATION: _pem(leaf)}
    if chain:
        found[CHAIN_ANNOTATION] = "".join(map(_pem, chain))
    entries = material.get("tlogEntries", [])
    if entries and "inclusionPromise" in entries[0]:
        found[BUNDLE_ANNOTATION] = json.dumps(_rekor_bundle(entries[0]), separators=(",", ":"))
    elif entries:
        raise SigningError(_NO_PROMISE, remedy="sign with --layout bundle")
    stamps = material.get("timestampVerificationData", {}).get("rfc3161Timestamps", [])
    if stamps:
        found[TIMESTAMP_ANNOTATION] = json.dumps({"SignedRFC3161Timestamp": stamps[0]["signedTimestamp"]})
    return found


def _certificates(material: dict[str, Any]) -> tuple[str, list[str]]:
    if "certificate" in material:
        return material["certificate"]["rawBytes"], []
    leaf, *chain = [each["rawBytes"] for each in material["x509CertificateChain"]["certificates"]]
    return leaf, chain


def _rekor_bundle(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry as cosign's RekorBundle has it (its pkg/cosign/bundle)."""
    payload = {
        "body": entry["canonicalizedBody"],
        "integratedTime": int(entry["integratedTime"]),
        "logIndex": int(entry.get("logIndex", 0)),
        "logID": base64.b64decode(entry["logId"]["keyId"]).hex(),
    }
    return {"SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"], "Payload": payload}


def _pem(der: str) -> str:
    lines = [der[at : at + 64] for at in range(0, len(der), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])
