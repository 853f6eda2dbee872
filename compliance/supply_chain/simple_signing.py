"""The simple-signing document, which cosign's legacy layout signs.

containers-signature(5) gives its form; cosign's `critical.type` differs from the one there. `optional` is what the
signer added, and null without it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ContentError
from compliance.supply_chain import strict_json
from compliance.supply_chain.content import is_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE: Final = "application/vnd.dev.cosign.simplesigning.v1+json"
TYPE: Final = "cosign container image signature"
MAX_SIZE: Final = 256 * 1024
"""Bytes of a document, annotations included."""

# As Go's encoding/json writes text, so that the bytes are cosign's.
_ESCAPED: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True, slots=True)
class SimpleSigning:
    """What is signed: the manifest with this `digest`, known by `reference`, and what the signer added."""

    digest: str
    reference: str
    annotations: Mapping[str, object] = field(default_factory=dict, hash=False)
    document: Mapping[str, object] = field(default_factory=dict, repr=False, hash=False, compare=False)
    """The whole document as it was read."""


def parse(payload: bytes) -> SimpleSigning:
    """Read a document.

    Raises:
        ContentError: it is none of cosign's, or is ambiguous or larger than allowed.
    """
    if len(payload) > MAX_SIZE:
        raise ContentError(f"the simple-signing document is larger than {MAX_SIZE} bytes")
    value = strict_json.loads(payload, "the simple-signing document")
    critical = _object(value, "critical")
    kind, digest = critical.get("type"), _object(critical, "image").get("docker-manifest-digest")
    reference = _object(critical, "identity").get("docker-reference")
    if kind != TYPE:
        raise ContentError(f"the simple-signing document's type is {str(kind)[:80]!r}, not {TYPE!r}")
    if not isinstance(digest, str) or not is_digest(digest) or not isinstance(reference, str):
        raise ContentError("the simple-signing document names no digest that can be checked, or no reference")
    optional = value.get("optional")
    if optional is not None and not isinstance(optional, dict):
        raise ContentError("the simple-signing document's `optional` is no object")
    return SimpleSigning(digest, reference, optional or {}, value)


def make(digest: str, reference: str, annotations: Mapping[str, str] | None = None) -> bytes:
    """Write a document for a manifest's digest, byte for byte as cosign does."""
    document = {
        "critical": {
            "identity": {"docker-reference": reference},
            "image": {"docker-manifest-digest": digest},
            "type": TYPE,
        },
        "optional": dict(sorted(annotations.items())) if annotations else None,
    }
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    return "".join(_ESCAPED.get(character, character) for character in text).encode()


def _object(value: object, key: str) -> dict[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, dict):
        raise ContentError(f"the simple-signing document has no object {key!r}")
    return found
