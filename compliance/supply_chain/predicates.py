"""Predicate types of in-toto attestations: their names and URIs, and what this tool understands of their content.

Short names are cosign's (`cosign attest --type`, pkg/cosign/attestation), and two of ours (`test-result`, `vsa`).
Formats: SLSA provenance v1 and v0.2 and verification summary v1 (https://slsa.dev/spec/v1.1/), test-result v0.1 and
vulns (https://github.com/in-toto/attestation, spec/predicates), cosign's COSIGN_VULN_ATTESTATION_SPEC.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PROVENANCE: Final = "https://slsa.dev/provenance/v1"
TEST_RESULT: Final = "https://in-toto.io/attestation/test-result/v0.1"
VULNERABILITIES: Final = "https://cosign.sigstore.dev/attestation/vuln/v1"
CYCLONEDX: Final = "https://cyclonedx.org/bom"
SPDX: Final = "https://spdx.dev/Document"
SUMMARY: Final = "https://slsa.dev/verification_summary/v1"

SHORT_NAMES: Final = {
    "slsaprovenance": "https://slsa.dev/provenance/v0.2",
    "slsaprovenance02": "https://slsa.dev/provenance/v0.2",
    "slsaprovenance1": PROVENANCE,
    "test-result": TEST_RESULT,
    "vuln": VULNERABILITIES,
    "cyclonedx": CYCLONEDX,
    "spdx": SPDX,
    "spdxjson": SPDX,
    "openvex": "https://openvex.dev/ns",
    "vsa": SUMMARY,
    "link": "https://in-toto.io/Link/v1",
    "custom": "https://cosign.sigstore.dev/attestation/v1",
}

_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_CLOCKS_DIFFER: Final = timedelta(hours=1)
_SECONDS: Final = re.compile(r"(?P<whole>[^.]*)(?:\.(?P<part>\d{1,6})\d*)?(?P<zone>Z|[+-]\d\d:\d\d)")


class Kind(StrEnum):
    """What a predicate is about, as the facts say it."""

    PROVENANCE = "provenance"
    TEST = "test"
    SCAN = "scan"
    SBOM = "sbom"
    VSA = "vsa"
    VEX = "vex"
    OTHER = "other"


_KINDS: Final = {
    "https://slsa.dev/provenance/": Kind.PROVENANCE,
    "https://in-toto.io/attestation/test-result/": Kind.TEST,
    "https://cosign.sigstore.dev/attestation/vuln/": Kind.SCAN,
    "https://in-toto.io/attestation/vulns": Kind.SCAN,
    CYCLONEDX: Kind.SBOM,
    SPDX: Kind.SBOM,
    "https://slsa.dev/verification_summary/": Kind.VSA,
    "https://openvex.dev/ns": Kind.VEX,
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who built, from which repository (a URI without revision) at which commit; None where it is not told."""

    builder: str | None
    source: str | None
    revision: str | None


def uri_of(name: str) -> str:
    """Return the URI of a predicate type that a user names by its short name or its URI.

    Raises:
        ValueError: it is neither.
    """
    if name in SHORT_NAMES:
        return SHORT_NAMES[name]
    if _URI.fullmatch(name) is None:
        raise ValueError(f"{name!r} is no predicate type; give a URI or one of {', '.join(SHORT_NAMES)}")
    return name


def name_of(uri: str) -> str:
    """Return what cosign calls a predicate type, or the URI where it has no name."""
    return {found: name for name, found in reversed(SHORT_NAMES.items())}.get(uri, uri)


def kind_of(predicate_type: str) -> Kind:
    """Say what a predicate type is about; versions of one type are of one kind."""
    return next((kind for start, kind in _KINDS.items() if predicate_type.startswith(start)), Kind.OTHER)


def result_of(predicate_type: str, predicate: object) -> str | None:
    """Return `passed` or `failed` where the type has a result, else None.

    Where it must have one and says something else, it failed: nothing unknown is a pass.
    """
    key = {Kind.TEST: "result", Kind.VSA: "verificationResult"}.get(kind_of(predicate_type))
    if key is None:
        return None
    # WARNED: tests passed, with warnings (test-result v0.1).
    return "passed" if _map(predicate).get(key) in ("PASSED", "WARNED") else "failed"


def time_of(predicate_type: str, predicate: object, *, now: datetime) -> datetime | None:
    """Return when the scan or verification ended, as the predicate tells it; None: it does not, or lies ahead of `now`.

    Nobody vouches for it but the signer, so a time that would keep a scan fresh for ever counts as none.
    """
    said = _map(predicate)
    match kind_of(predicate_type):
        case Kind.SCAN:
            told = _map(said.get("metadata")).get("scanFinishedOn")
        case Kind.VSA:
            told = said.get("timeVerified")
        case _:
            return None
    time = read_time(told)
    return None if time is None or time > now + _CLOCKS_DIFFER else time


def read_time(text: object) -> datetime | None:
    """Read an RFC 3339 time, whose fraction may have nine digits as Go writes it; None: it is none."""
    match = _SECONDS.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    part = f".{match['part']}" if match["part"] else ""
    try:
        return datetime.fromisoformat(match["whole"] + part + match["zone"]).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def provenance_of(predicate_type: str, predicate: object) -> Provenance | None:
    """Return who built from what, for SLSA provenance of v1 and v0.x; None: it is no provenance."""
    if kind_of(predicate_type) is not Kind.PROVENANCE:
        return None
    said = _map(predicate)
    if "runDetails" in said or "buildDefinition" in said:
        definition = _map(said.get("buildDefinition"))
        builder = _map(_map(said.get("runDetails")).get("builder")).get("id")
        return _provenance(builder, _list(definition.get("resolvedDependencies")))
    source = _map(_map(said.get("invocation")).get("configSource"))
    return _provenance(_map(said.get("builder")).get("id"), [source, *_list(said.get("materials"))])


def _provenance(builder: object, dependencies: Iterable[object]) -> Provenance:
    """Take the first dependency that is a commit: builders list the source before what they add."""
    for dependency in map(_map, dependencies):
        digest = _map(dependency.get("digest"))
        revision = _text(digest.get("gitCommit")) or _text(digest.get("sha1"))
        uri = _text(dependency.get("uri"))
        if uri is not None and (revision is not None or uri.startswith("git+")):
            return Provenance(_text(builder), _without_revision(uri), revision)
    return Provenance(_text(builder), None, None)


def _without_revision(uri: str) -> str:
    """`git+https://host/path@refs/heads/main` becomes `https://host/path` (SPDX download location)."""
    scheme, separator, rest = uri.removeprefix("git+").partition("://")
    host, slash, path = rest.partition("/")
    return scheme + separator + host + slash + re.split("[@#]", path, maxsplit=1)[0]


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
