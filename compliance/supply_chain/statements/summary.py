"""The gate's decision as SLSA verification summary v1 (https://slsa.dev/spec/v1.1/verification_summary)."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from compliance.errors import UsageError
from compliance.model import ExitCode

if TYPE_CHECKING:
    from compliance.model import Assessment, Decision

LEVEL: Final = "COMPLIANCE_GATE_PASSED"
"""What the gate's pass is called; levels of SLSA itself are for who looks at provenance."""
_FAILED: Final = "FAILED"
_IMAGE: Final = "image"


def from_decision(taken: Assessment, decided: Decision, *, resource: str, digest: str, verifier: str) -> dict[str, Any]:
    """Make the predicate; only a clean decision is PASSED: what could not be judged did not pass.

    Args:
        taken: the assessment.
        decided: the gate's answer to it.
        resource: URI of the image, as a package URL.
        digest: the image's digest, `algorithm:hex`.
        verifier: URI that says who verified.

    Raises:
        UsageError: the assessment judged images, and this one is not among them.
    """
    _check_about(taken, digest)
    passed = decided.exit_code is ExitCode.CLEAN
    return {
        "verifier": {"id": verifier, "version": {"immutable-compliance": taken.tool_version}},
        "timeVerified": taken.taken_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "resourceUri": resource,
        "policy": {"uri": "pkg:pypi/immutable-compliance#rules", "digest": {"sha256": _hex(taken.rules_digest)}},
        "inputAttestations": [],
        "verificationResult": "PASSED" if passed else _FAILED,
        "verifiedLevels": [LEVEL] if passed else [_FAILED],
        "slsaVersion": "1.1",
    }


def package_url(repository: str, digest: str) -> str:
    """Name an image as package URL of the type `oci` (package-url/purl-spec, types/oci-definition)."""
    name = repository.rpartition("/")[2].lower()
    return f"pkg:oci/{quote(name, safe='')}@{quote(digest, safe='')}?repository_url={quote(repository, safe='/')}"


def _check_about(taken: Assessment, digest: str) -> None:
    """A decision about manifests may be attested for any image; one about images only for those that it judged."""
    images = [target.locator for target in taken.targets if target.kind == _IMAGE]
    known = {_hex(each.sha256) for each in taken.inputs}
    if images and _hex(digest) not in known and not any(digest in locator for locator in images):
        raise UsageError(
            f"the result is about {', '.join(images)}, and not about {digest}",
            remedy="judge this image by digest, and attest that result",
        )


def _hex(digest: str) -> str:
    return digest.rpartition(":")[2]
