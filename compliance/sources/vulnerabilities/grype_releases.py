"""Which releases of distributions Grype takes for the one of an image (anchore/grype, operating_system_store.go).

A database lists releases, and other names for them: Rocky Linux is judged by RHEL's advisories, a rolling distribution
by those of any release.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ALIAS_COLUMNS: Final = (
    "alias",
    "version",
    "version_pattern",
    "codename",
    "replacement",
    "replacement_major_version",
    "replacement_minor_version",
    "replacement_label_version",
    "rolling",
    "applicable_client_db_schemas",
)
"""Of the table operating_system_specifier_overrides."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release with advisories; names in lower case, `end_of_life` is YYYY-MM-DD."""

    name: str
    major: str
    minor: str
    label: str
    end_of_life: str | None


@dataclass(frozen=True, slots=True)
class Releases:
    """All releases of a database, and the other names (`ALIAS_COLUMNS`)."""

    releases: tuple[Release, ...]
    aliases: tuple[Mapping[str, Any], ...] = ()

    def judging(self, name: str, version: str) -> list[Release]:
        """The releases whose advisories count for this one; none where there is no data for it."""
        return self._matching(self._resolved(_Wanted(name.lower(), *_split(version))))

    def end_of_life(self, name: str, version: str) -> str | None:
        """The last day of exactly this release; None when nobody tells."""
        wanted = _Wanted(name.lower(), *_split(version))
        days = {release.end_of_life for release in self._matching(wanted)} if wanted.major else set()
        return days.pop() if len(days) == 1 else None

    def _matching(self, wanted: _Wanted) -> list[Release]:
        """The exact release, or else all of its major version that name no minor one, or all where it names none."""
        named = [release for release in self.releases if release.name == wanted.name]
        if wanted.rolling or not wanted.major:
            return [release for release in named if not wanted.label or release.label == wanted.label]
        same = [release for release in named if release.major == wanted.major]
        exact = [release for release in same if release.minor == wanted.minor]
        return exact or [release for release in same if not release.minor or not wanted.minor]

    def _resolved(self, wanted: _Wanted) -> _Wanted:
        """Apply the first other name that fits."""
        version = ".".join(part for part in (wanted.major, wanted.minor) if part)
        row = next((row for row in self.aliases if _fits(row, wanted.name, version)), None)
        if row is None:
            return wanted
        major, minor = row["replacement_major_version"], row["replacement_minor_version"]
        return _Wanted(
            (row["replacement"] or wanted.name).lower(),
            wanted.major if major is None else major,
            wanted.minor if minor is None else minor,
            (row["replacement_label_version"] or "").lower(),
            rolling=bool(row["rolling"]),
        )


@dataclass(frozen=True, slots=True)
class _Wanted:
    name: str
    major: str
    minor: str
    label: str = ""
    rolling: bool = False


def _split(version: str) -> tuple[str, str]:
    """Major and minor version, without zeroes in front."""
    parts = [*version.split("."), ""]
    return parts[0].lstrip("0") or parts[0], parts[1].lstrip("0") or parts[1]


def _fits(row: Mapping[str, Any], name: str, version: str) -> bool:
    """Whether an alias is meant; those by code name, and those for clients of an older schema, never are."""
    if str(row["alias"]).lower() != name or row["codename"] or row["applicable_client_db_schemas"]:
        return False
    if row["version"] and row["version"] != version:
        return False
    try:
        return not row["version_pattern"] or re.search(row["version_pattern"], version) is not None
    except re.error:
        return False
