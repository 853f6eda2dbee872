"""A place to scan in: stand-ins for the scanners, which print what real ones have printed, and all they need."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compliance.sources.vulnerabilities import scan

if TYPE_CHECKING:
    from compliance.sources.vulnerabilities import ImageContent, Scanned
    from compliance.vulnerability_settings import VulnerabilitySettings

RECORDED = Path(__file__).parent.parent / "sources" / "vulnerabilities" / "recorded"
NOW = datetime(2026, 1, 3, 12, tzinfo=UTC)


def recorded(name: str) -> Any:  # noqa: ANN401 - JSON
    """What a scanner once printed."""
    return json.loads((RECORDED / name).read_bytes())


@dataclass(slots=True)
class Workplace:
    """A folder with scanners, their databases and an image; `settings` and `content` may be changed by a test."""

    folder: Path
    settings: VulnerabilitySettings
    content: ImageContent
    now: datetime = NOW

    def program(self, name: str, script: str) -> None:
        """Put a shell script on PATH under the name of a scanner."""
        path = self.folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def trivy(self, report: Path = RECORDED / "trivy.json") -> None:
        """A stand-in for trivy that prints a report."""
        self.program("trivy", f'[ "$1" = --version ] && echo "Version: 0.59.1" || cat {shlex.quote(str(report))}')

    def grype(self, report: Path = RECORDED / "grype.json", bill: Path = RECORDED / "grype.cdx.json") -> None:
        """A stand-in for grype that prints a report, and writes the list of packages where it is told to."""
        named = 'for word; do case "$word" in cyclonedx-json=*) target=${word#*=};; esac; done'
        copied = f'cat {shlex.quote(str(report))}; cp {shlex.quote(str(bill))} "$target"'
        self.program("grype", f'{named}\ncase "$1" in version) echo "Version:  0.120.0";; *) {copied};; esac')

    def only(self, *scanners: str) -> None:
        """Scan with these."""
        self.settings = replace(self.settings, scanners=scanners)

    def write(self, name: str, value: object) -> Path:
        """Write a JSON file."""
        path = self.folder / name
        path.write_text(json.dumps(value))
        return path

    def scan(self, *, sbom: str | None = None) -> Scanned:
        """Scan."""
        return scan(self.content, self.settings, self.now, sbom=sbom)

    def found(self) -> list[dict[str, Any]]:
        """The vulnerabilities of the scan's facts; there are facts."""
        body = self.scan().body
        assert body is not None
        return list(body["vulnerabilities"])

    def gaps(self) -> list[str]:
        """What could not be judged."""
        return [gap.why for gap in self.scan().gaps]
