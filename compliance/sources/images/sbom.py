"""A bill of materials in place of an image: nothing is known but its packages, and what scanners say of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.images import signature_facts
from compliance.sources.vulnerabilities import Form, ImageContent, Scanned, scan

if TYPE_CHECKING:
    from compliance.sources.images.terms import Terms

PREFIX: Final = "sbom:"


def names_sbom(text: str) -> bool:
    """Whether a target is `sbom:FILE`."""
    return text.startswith(PREFIX)


def look(text: str, terms: Terms) -> tuple[dict[str, Any], Scanned]:
    """The parts of an image's facts that a bill of materials tells, and the scan of it."""
    path = Path(text.removeprefix(PREFIX)).expanduser()
    scanned = scan(ImageContent(text, path, Form.SBOM), terms.settings.vulnerabilities, terms.now)
    unknown = ("reference", "digest", "platform", "resolved_at", "config", "layers", "contents", "base")
    parts: dict[str, Any] = {
        **dict.fromkeys(unknown),
        "text": text,
        "source": "sbom",
        "labels": {},
        "annotations": {},
        "args": [],
        "stages": [],
        "verification": signature_facts.verification(None, configured=bool(terms.settings.verification)),
        "signatures": None,
        "other_signatures": [],
        "attestations": None,
        "tag": None,
        "sbom": None,
        "scan": scanned.body,
    }
    return parts, scanned
