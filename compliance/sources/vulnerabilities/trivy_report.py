"""Reads what `trivy image --format json --list-all-pkgs` prints (aquasecurity/trivy, pkg/types/report.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
    from collections.abc import Mapping

_OF_DISTRIBUTION: Final = "os-pkgs"
_OF_LANGUAGE: Final = "lang-pkgs"
_ECOSYSTEMS: Final = {
    "alpine": "apk",
    "chainguard": "apk",
    "wolfi": "apk",
    "minimos": "apk",
    "debian": "deb",
    "ubuntu": "deb",
    "echo": "deb",
}
"""For packages without a package URL. Other distributions that Trivy knows have RPM packages."""
_LANGUAGES: Final = {
    "gobinary": "golang",
    "gomod": "golang",
    "jar": "maven",
    "node-pkg": "npm",
    "python-pkg": "pypi",
    "gemspec": "gem",
    "rustbinary": "cargo",
    "dotnet-core": "nuget",
    "composer-vendor": "composer",
}


def parse(printed: bytes) -> Report:
    """Read a report.

    Raises:
        ReadError: it is no JSON, or of another shape.
    """
    report = document(printed, "what trivy printed")
    results = [
        result
        for result in mappings(report, "Results")
        if text(result, "Class") in {_OF_DISTRIBUTION, _OF_LANGUAGE} and text(result, "Type")
    ]
    matches = tuple(_match(found, result) for result in results for found in mappings(result, "Vulnerabilities"))
    return Report(_distribution(mapping(mapping(report, "Metadata"), "OS")), _seen(results), matches)


def _distribution(said: Mapping[str, Any]) -> Distribution | None:
    name = text(said, "Family")
    if not name:
        return None
    return Distribution(name, text(said, "Name"), ended=True if said.get("EOSL") is True else None)


def _seen(results: list[Mapping[str, Any]]) -> tuple[Seen, ...]:
    counts: dict[tuple[str, str, bool], int] = {}
    for result in results:
        kind, of_distribution = text(result, "Type"), result.get("Class") == _OF_DISTRIBUTION
        for package in mappings(result, "Packages"):
            ecosystem = _ecosystem(mapping(package, "Identifier"), kind, of_distribution=of_distribution)
            key = (ecosystem, kind, of_distribution)
            counts[key] = counts.get(key, 0) + 1
    return tuple(Seen(ecosystem, kind, count, is_os) for (ecosystem, kind, is_os), count in counts.items())


def _match(found: Mapping[str, Any], result: Mapping[str, Any]) -> Match:
    identifier, kind = mapping(found, "PkgIdentifier"), text(result, "Type")
    severity = text(found, "Severity").lower()
    fixed = text(found, "FixedVersion")
    return Match(
        ids=(required(found, "VulnerabilityID"), *texts(found, "VendorIDs")),
        package=required(found, "PkgName"),
        version=text(found, "InstalledVersion"),
        ecosystem=_ecosystem(identifier, kind, of_distribution=result.get("Class") == _OF_DISTRIBUTION),
        package_url=text(identifier, "PURL") or None,
        severity=severity if severity in SEVERITIES else "unknown",
        fixed_versions=tuple(version.strip() for version in fixed.split(",") if version.strip()),
        published=moment(text(found, "PublishedDate")),
    )


def _ecosystem(identifier: Mapping[str, Any], kind: str, *, of_distribution: bool) -> str:
    if url := package_url(text(identifier, "PURL")):
        return url.type
    return _ECOSYSTEMS.get(kind, "rpm") if of_distribution else _LANGUAGES.get(kind, kind)
