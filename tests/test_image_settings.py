"""The section `images` of compliance.yaml."""

from pathlib import Path

import pytest

from compliance.config import load
from compliance.errors import ConfigurationError
from compliance.image_settings import VulnerabilitySettings

VULNERABILITIES = """\
images:
  vulnerabilities:
    scanners: [grype, trivy]
    trivy_cache: cache/trivy
    grype_cache: /var/cache/grype
    max_age_days: 2
    update: true
    db_repository: registry.example.org/mirror/trivy-db
    java_db_repository: registry.example.org/mirror/trivy-java-db
    grype_update_url: https://mirror.example.org/grype/latest.json
    known_exploited: kev.json
    vex: [vex/web.json, vex/base.json]
    severities: [critical, high]
    ignore_unfixed: true
    deadline: 90s
"""


def read(folder: Path, text: str) -> VulnerabilitySettings:
    file = folder / "compliance.yaml"
    file.write_text(text)
    return load(file, start=folder).vulnerabilities


def test_every_key_of_vulnerabilities_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, VULNERABILITIES) == VulnerabilitySettings(
        scanners=("grype", "trivy"),
        trivy_cache=tmp_path / "cache/trivy",
        grype_cache=Path("/var/cache/grype"),
        max_age_days=2,
        update=True,
        db_repository="registry.example.org/mirror/trivy-db",
        java_db_repository="registry.example.org/mirror/trivy-java-db",
        grype_update_url="https://mirror.example.org/grype/latest.json",
        known_exploited=tmp_path / "kev.json",
        vex=(tmp_path / "vex/web.json", tmp_path / "vex/base.json"),
        severities=frozenset({"critical", "high"}),
        ignore_unfixed=True,
        deadline=90.0,
    )


def test_trivy_scans_offline_unless_told_otherwise(tmp_path: Path) -> None:
    assert read(tmp_path, "images: {}\n") == VulnerabilitySettings(("trivy",), update=False, max_age_days=5)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("scanners: [snyk]", "scanners"),
        ("scanners: []", "scanners"),
        ("scanners: [trivy, trivy]", "scanners"),
        ("max_age_days: -1", "max_age_days"),
        ("severities: [severe]", "severities"),
        ("grype_update_url: file:///etc/passwd", "grype_update_url"),
        ("grype_update_url: https://me:secret@mirror.example.org/latest.json", "grype_update_url"),
        ("deadline: never", "deadline"),
        ("skanners: [trivy]", "skanners"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, line: str, key: str) -> None:
    with pytest.raises(ConfigurationError, match=key):
        read(tmp_path, f"images:\n  vulnerabilities:\n    {line}\n")
