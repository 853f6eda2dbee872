"""What `images:` in compliance.yaml says: how images are judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DEFAULT_SCAN_DEADLINE: Final = 300.0
DEFAULT_MAX_AGE_DAYS: Final = 5


@dataclass(frozen=True, slots=True)
class VulnerabilitySettings:
    """How images are scanned: `images.vulnerabilities`.

    `scanners` are of trivy and grype. A cache is where the scanner keeps its database; None is the scanner's own place.
    A database that is older than `max_age_days` is a gap; one is fetched only where `update` allows it, from
    `db_repository` and `java_db_repository` (trivy, an OCI repository each) or `grype_update_url` where given.
    `known_exploited` is a list of vulnerabilities that are known to be exploited, `vex` are OpenVEX or CycloneDX
    documents. `severities` (critical, high, medium, low, unknown) and `ignore_unfixed` narrow what is judged; None is
    all. `deadline` is in seconds, for one run of a scanner.
    """

    scanners: tuple[str, ...] = ("trivy",)
    trivy_cache: Path | None = None
    grype_cache: Path | None = None
    max_age_days: int = DEFAULT_MAX_AGE_DAYS
    update: bool = False
    db_repository: str | None = None
    java_db_repository: str | None = None
    grype_update_url: str | None = None
    known_exploited: Path | None = None
    vex: tuple[Path, ...] = ()
    severities: frozenset[str] | None = None
    ignore_unfixed: bool = False
    deadline: float = DEFAULT_SCAN_DEADLINE


def vulnerability_settings(said: Mapping[str, Any], folder: Path) -> VulnerabilitySettings:
    """Read `images.vulnerabilities`; it fits the schema, `deadline` is in seconds, paths are relative to `folder`."""
    fields = dict(said)
    for key in ("trivy_cache", "grype_cache", "known_exploited"):
        if key in fields:
            fields[key] = folder / fields[key]
    if "vex" in fields:
        fields["vex"] = tuple(folder / name for name in fields["vex"])
    if "scanners" in fields:
        fields["scanners"] = tuple(fields["scanners"])
    if "severities" in fields:
        fields["severities"] = frozenset(fields["severities"])
    return VulnerabilitySettings(**fields)
