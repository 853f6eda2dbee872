"""Looks into Trivy's databases before they are believed.

`db/metadata.json` and `db/trivy.db` (aquasecurity/trivy-db, pkg/metadata and pkg/db: schema 2), and
`java-db/trivy-java.db` (aquasecurity/trivy-java-db: schema 1). With data missing Trivy finds nothing, says nothing and
exits with 0.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from compliance.errors import ReadError
from compliance.sources.vulnerabilities.boltdb import open_bolt
from compliance.sources.vulnerabilities.databases import update_remedy
from compliance.sources.vulnerabilities.report_fields import document, moment, text

if TYPE_CHECKING:
    from datetime import datetime

_SCHEMA: Final = 2
_JAVA_SCHEMA: Final = 1
_MAX_METADATA: Final = 64 * 1024

_PREFIXES: Final = {
    "pip": ("pip", "pipenv", "poetry", "uv", "pylock", "python-pkg"),
    "npm": ("npm", "yarn", "pnpm", "bun", "node-pkg", "javascript"),
    "go": ("gobinary", "gomod"),
    "maven": ("jar", "pom", "gradle", "sbt"),
    "rubygems": ("bundler", "gemspec"),
    "composer": ("composer", "composer-vendor"),
    "cargo": ("cargo", "rustbinary"),
    "nuget": ("nuget", "dotnet-core", "packages-props"),
    "conan": ("conan",),
    "erlang": ("hex",),
    "pub": ("pub",),
    "swift": ("swift",),
    "cocoapods": ("cocoapods",),
    "bitnami": ("bitnami",),
    "k8s": ("kubernetes",),
    "julia": ("julia",),
}
_LANGUAGES: Final = {kind: prefix for prefix, kinds in _PREFIXES.items() for kind in kinds}
"""Trivy's word for a kind of package, and the prefix of its buckets (pkg/detector/library/driver.go)."""

_DISTRIBUTIONS: Final = {
    "alma": "alma {major}",
    "alpine": "alpine {minor}",
    "amazon": "amazon linux {major}",
    "azurelinux": "Azure Linux {minor}",
    "bottlerocket": "bottlerocket",
    "cbl-mariner": "CBL-Mariner {minor}",
    "centos": "Red Hat",
    "chainguard": "chainguard",
    "debian": "debian {major}",
    "echo": "echo",
    "minimos": "minimos",
    "opensuse-leap": "openSUSE Leap {version}",
    "opensuse-tumbleweed": "openSUSE Tumbleweed",
    "oracle": "Oracle Linux {major}",
    "photon": "Photon OS {version}",
    "redhat": "Red Hat",
    "rocky": "rocky {major}",
    "slem": "SUSE Linux Enterprise Micro {version}",
    "sles": "SUSE Linux Enterprise {version}",
    "ubuntu": "ubuntu {version}",
    "wolfi": "wolfi",
}
"""Trivy's word for a distribution, and the bucket of its advisories (trivy-db, pkg/vulnsrc/bucket/bucket.go)."""

_OLDER_NAMES: Final = {
    "opensuse.leap": "opensuse-leap",
    "opensuse.tumbleweed": "opensuse-tumbleweed",
    "suse linux enterprise micro": "slem",
    "suse linux enterprise server": "sles",
}


@dataclass(frozen=True, slots=True)
class TrivyDatabase:
    """A database that is whole: when it was built, and which of its buckets hold advisories."""

    built_at: datetime | None
    buckets: frozenset[str]

    def judges_distribution(self, family: str, version: str) -> bool | None:
        """Whether it holds advisories for a release; None when Trivy judges no packages of that distribution."""
        pattern = _DISTRIBUTIONS.get(_OLDER_NAMES.get(family, family))
        if pattern is None:
            return None
        major, *rest = version.partition(" ")[0].split(".")
        bucket = pattern.format(major=major, minor=".".join([major, *rest[:1]]), version=version)
        return any(name in self.buckets for name in (bucket, *_also(family, bucket, version)))

    def judges_language(self, kind: str) -> bool | None:
        """Whether it holds advisories for a kind of package (`python-pkg`); None when Trivy judges none of it."""
        prefix = _LANGUAGES.get(kind)
        if prefix is None:
            return None
        return any(name.startswith(f"{prefix}::") for name in self.buckets)


def _also(family: str, bucket: str, version: str) -> tuple[str, ...]:
    """Other buckets that Trivy takes for a release: extended support, what is not released yet, Amazon's year names."""
    if family == "ubuntu":
        return (f"{bucket}-ESM",)
    if family == "amazon" and bucket.rpartition(" ")[2] not in {"2", "2022", "2023"}:
        return ("amazon linux 1",)
    return ("alpine edge",) if family == "alpine" and "_" in version else ()


def default_cache() -> Path:
    """Where Trivy keeps its databases: os.UserCacheDir of Go, unless the environment says otherwise."""
    if said := os.environ.get("TRIVY_CACHE_DIR"):
        return Path(said)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "trivy"


def read(cache: Path) -> TrivyDatabase:
    """Read the database in a cache folder.

    Raises:
        ReadError: there is none, half of one, one of another schema, or one that is broken or empty.
    """
    folder = cache / "db"
    try:
        built_at = _built_at(folder, _SCHEMA)
        buckets = _filled(folder / "trivy.db")
    except ReadError as error:
        raise ReadError(f"trivy has no usable database: {error.message}", remedy=update_remedy("trivy")) from error
    if "vulnerability" not in buckets:
        why = f"trivy has no usable database: {folder / 'trivy.db'} holds no vulnerabilities"
        raise ReadError(why, remedy=update_remedy("trivy"))
    return TrivyDatabase(built_at, buckets)


def java_built_at(cache: Path) -> datetime | None:
    """When the Java database was built; None when it does not say. It names the jars that carry no name themselves.

    Raises:
        ReadError: there is none, half of one, one of another schema, or one that is broken or empty.
    """
    folder = cache / "java-db"
    try:
        built_at = _built_at(folder, _JAVA_SCHEMA)
        _check_java(folder / "trivy-java.db")
    except ReadError as error:
        why = f"trivy has no usable Java database: {error.message}"
        raise ReadError(why, remedy=update_remedy("trivy's Java")) from error
    return built_at


def needs_update(cache: Path, now: datetime, *, java: bool = False) -> bool:
    """Whether the database says that a newer one is due, or is of no use."""
    folder = cache / ("java-db" if java else "db")
    try:
        if java:
            java_built_at(cache)
        else:
            read(cache)
        due = moment(text(document(_metadata(folder), "metadata.json"), "NextUpdate"))
    except ReadError:
        return True
    return due is None or due < now


def _built_at(folder: Path, schema: int) -> datetime | None:
    metadata = document(_metadata(folder), str(folder / "metadata.json"))
    version = metadata.get("Version")
    if version != schema:
        raise ReadError(f"{folder / 'metadata.json'} is of schema {str(version)[:20]}, and trivy reads {schema}")
    return moment(text(metadata, "UpdatedAt"))


def _metadata(folder: Path) -> bytes:
    path = folder / "metadata.json"
    try:
        with path.open("rb") as file:
            return file.read(_MAX_METADATA)
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}") from error


def _filled(path: Path) -> frozenset[str]:
    with open_bolt(path) as database:
        return frozenset(name.decode("utf-8", "replace") for name, filled in database.buckets() if filled)


def _check_java(path: Path) -> None:
    if not path.is_file():
        raise ReadError(f"{path} is not there")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            row = database.execute("SELECT 1 FROM indices JOIN artifacts ON artifacts.id = indices.artifact_id LIMIT 1")
            found = row.fetchone()
    except sqlite3.Error as error:
        raise ReadError(f"{path} is no usable database: {error}") from error
    if found is None:
        raise ReadError(f"{path} names no jar")
