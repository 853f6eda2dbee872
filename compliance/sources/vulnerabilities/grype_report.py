"""Reads what `grype -o json -o cyclonedx-json=FILE` prints (anchore/grype, grype/presenter/models).

The JSON names only packages with a vulnerability; the bill of materials beside it has all that were seen.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.vulnerabilities.bill_of_materials import DISTRIBUTION_ECOSYSTEMS
from compliance.sources.vulnerabilities.records import SEVERITIES, Distribution, Match, Report, Seen
from compliance.sources.vulnerabilities.report_fields import (
    document,
    mapping,
    mappings,
    moment,
    package_url,
    required,
    text,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from packageurl import PackageURL

_UNNAMED: Final = "generic"


def parse(printed: bytes, bill: bytes, *, exploited_known: bool) -> Report:
    """Read both. `exploited_known`: the database lists exploited vulnerabilities, so that silence is a no.

    Raises:
        ReadError: one of them is no JSON, or of another shape.
    """
    report = document(printed, "what grype printed")
    said = mapping(report, "distro")
    name = text(said, "name")
    matches = (match for found in mappings(report, "matches") for match in _matches(found, exploited_known))
    return Report(
        Distribution(name, text(said, "version")) if name else None,
        _seen(document(bill, "grype's bill of materials")),
        tuple(matches),
    )


def _seen(bill: Mapping[str, Any]) -> tuple[Seen, ...]:
    urls = (package_url(text(component, "purl")) for component in mappings(bill, "components"))
    counts = Counter(url.type for url in urls if url)
    return tuple(
        Seen(ecosystem, ecosystem, count, ecosystem in DISTRIBUTION_ECOSYSTEMS)
        for ecosystem, count in sorted(counts.items())
    )


def _matches(found: Mapping[str, Any], exploited_known: bool) -> Iterator[Match]:  # noqa: FBT001
    """One for each CVE: a distribution's advisory (ELSA, ALAS) often mends several."""
    vulnerability, artifact = mapping(found, "vulnerability"), mapping(found, "artifact")
    related = mappings(found, "relatedVulnerabilities")
    own, fix = required(vulnerability, "id"), mapping(vulnerability, "fix")
    url = package_url(text(artifact, "purl"))
    versions = texts(fix, "versions") if text(fix, "state") == "fixed" else ()
    exploited = any(mappings(each, "knownExploited") for each in (vulnerability, *related))
    match = Match(
        ids=(own,),
        package=_name(artifact, url),
        version=text(artifact, "version"),
        ecosystem=url.type if url else text(artifact, "type") or _UNNAMED,
        package_url=text(artifact, "purl") or None,
        severity=_severity(text(vulnerability, "severity")),
        fixed_versions=versions,
        fixed_at=_fixed_at(fix, versions),
        known_exploited=exploited or (False if exploited_known else None),
    )
    cves = sorted({text(each, "id") for each in related if text(each, "id").startswith("CVE-")})
    if own.startswith("CVE-") or not cves:
        yield match
    else:
        for cve in cves:
            yield replace(match, ids=(own, cve))


def _name(artifact: Mapping[str, Any], url: PackageURL | None) -> str:
    """The package's name as Trivy gives it too: a jar with its group."""
    return (
        f"{url.namespace}:{url.name}" if url and url.type == "maven" and url.namespace else required(artifact, "name")
    )


def _severity(said: str) -> str:
    severity = said.lower()
    return "low" if severity == "negligible" else severity if severity in SEVERITIES else "unknown"


def _fixed_at(fix: Mapping[str, Any], versions: tuple[str, ...]) -> datetime | None:
    """When the first of the fixed versions was there, as `YYYY-MM-DD` each."""
    available = [each for each in mappings(fix, "available") if text(each, "version") in versions]
    return min((when for each in available if (when := moment(text(each, "date")))), default=None)
