"""What a scanner reports, in one form for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from compliance.model import Gap, Scanner, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from compliance.errors import ReadError

SEVERITIES: Final = ("unknown", "low", "medium", "high", "critical")
"""As the facts call them, the mildest first."""


class Form(StrEnum):
    """What there is to scan."""

    LAYOUT = "layout"
    SBOM = "sbom"


@dataclass(frozen=True, slots=True)
class ImageContent:
    """An OCI layout folder with exactly one image in it, or the file of a bill of materials.

    `text` is how the user named it. `name` (registry and repository, normalised) and `digests` (`algorithm:hex`, of the
    manifest and of an index that names it) say which image it is, so that VEX statements about it can be told.
    `os_release` is the distribution that the image's own /etc/os-release names (`arch`, `debian 12`), where somebody
    has read it: a scanner that does not know it says nothing.
    """

    text: str
    path: Path
    form: Form = Form.LAYOUT
    name: str | None = None
    digests: tuple[str, ...] = ()
    os_release: str | None = None


@dataclass(frozen=True, slots=True)
class Distribution:
    """As a scanner names it. `ended`: no more free updates; None where it does not say. `end_of_life`: YYYY-MM-DD."""

    name: str
    version: str
    ended: bool | None = None
    end_of_life: str | None = None

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Seen:
    """Packages of one kind that a scanner recognised. `kind` is its own word for it, `ecosystem` the package URL's."""

    ecosystem: str
    kind: str
    packages: int
    of_distribution: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """One vulnerability in one package, as one scanner sees it.

    `ids` are the names of this one vulnerability, the scanner's own first. `package_url` is None where it gives none.
    """

    ids: tuple[str, ...]
    package: str
    version: str
    ecosystem: str
    package_url: str | None
    severity: str
    fixed_versions: tuple[str, ...] = ()
    published: datetime | None = None
    fixed_at: datetime | None = None
    known_exploited: bool | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What one scanner found."""

    distribution: Distribution | None
    seen: tuple[Seen, ...]
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one scanner established: a report, or why there is none (`failed`).

    `judged` are the ecosystems that it looked into with data for them. `unsupported` are gaps by ecosystem that stand
    only where no other scanner judged that ecosystem. `exploited_known`: its database lists exploited vulnerabilities.
    """

    scanner: str
    version: str | None = None
    built_at: datetime | None = None
    report: Report | None = None
    failed: str | None = None
    judged: frozenset[str] = frozenset()
    gaps: tuple[Gap, ...] = ()
    unsupported: tuple[tuple[str, Gap], ...] = ()
    exploited_known: bool = False


@dataclass(frozen=True, slots=True)
class Scanned:
    """`body` is the `scan` object of rules/schemas/image.json, None when no scan could begin.

    `scanners` are those that gave a result, with the age of their databases. `sbom` is there when it was asked for.
    """

    body: Mapping[str, Any] | None
    gaps: tuple[Gap, ...]
    scanners: tuple[Scanner, ...] = ()
    sbom: bytes | None = None


def gap(content: ImageContent, why: str, remedy: str) -> Gap:
    """A gap about the image."""
    return Gap(Stage.COLLECT, content.text, why, remedy)


def failure(scanner: str, content: ImageContent, error: ReadError, *, version: str | None = None) -> Outcome:
    """The outcome of a scanner that could not judge."""
    return Outcome(scanner, version, failed=error.message, gaps=(gap(content, error.message, error.remedy),))
