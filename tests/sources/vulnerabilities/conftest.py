"""A workplace with both scanners as stand-ins."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import grype_databases
import pytest
import scanned_images
import trivy_databases
from scan_workplace import Workplace

from compliance.sources.vulnerabilities import ImageContent
from compliance.vulnerability_settings import VulnerabilitySettings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workplace:
    """Both scanners as stand-ins, with fresh databases, and Debian with Python packages to scan."""
    trivy_databases.write(tmp_path / "trivy")
    grype_databases.write(tmp_path / "grype")
    image = scanned_images.debian_with_python(tmp_path / "image")
    settings = VulnerabilitySettings(
        ("trivy", "grype"), trivy_cache=tmp_path / "trivy", grype_cache=tmp_path / "grype", deadline=20.0
    )
    made = Workplace(tmp_path, settings, ImageContent("web:1.0", image))
    made.trivy()
    made.grype()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return made
