"""The section `images` of `compliance.yaml`: how images are judged, and how registries are reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from compliance import verification_settings, vulnerability_settings
from compliance.vulnerability_settings import VulnerabilitySettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from compliance.verification_settings import Locate, VerificationPolicy


@dataclass(frozen=True, slots=True)
class ImageSettings:
    """All that `images` says; `insecure_registries` are `host` or `host:port`, reached without TLS."""

    verification: tuple[VerificationPolicy, ...] = ()
    insecure_registries: tuple[str, ...] = ()
    ca_file: Path | None = None
    vulnerabilities: VulnerabilitySettings = field(default_factory=VulnerabilitySettings)

    def policy_for(self, repository: str) -> VerificationPolicy | None:
        """Find the policy for a normalised repository, as `verification_settings.policy_for` does."""
        return verification_settings.policy_for(self.verification, repository)


def read(said: Mapping[str, Any], folder: Path, locate: Locate) -> ImageSettings:
    """Read the section, whose shape is checked already; `vulnerabilities.deadline` is in seconds.

    `folder` is what files are relative to, `locate` gives the place of a key in the file, for messages.

    Raises:
        ConfigurationError: as for `verification_settings.read`.
    """
    ca_file = said.get("ca_file")
    return ImageSettings(
        verification=verification_settings.read(said.get("verification", ()), folder, locate),
        insecure_registries=tuple(said.get("insecure_registries", ())),
        ca_file=folder / ca_file if ca_file else None,
        vulnerabilities=vulnerability_settings.read(said.get("vulnerabilities", {}), folder),
    )
