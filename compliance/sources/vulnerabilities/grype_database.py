"""Looks into Grype's database before it is believed: SQLite of schema 6 (anchore/grype, grype/db/v6/models.go).

With no data for a distribution or language Grype finds nothing, says nothing and exits with 0.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ReadError
from compliance.sources.vulnerabilities.databases import update_remedy
from compliance.sources.vulnerabilities.grype_releases import ALIAS_COLUMNS, Release, Releases
from compliance.sources.vulnerabilities.report_fields import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

_SCHEMA: Final = 6
_MAX_ROWS: Final = 20_000
_BATCH: Final = 500
_ECOSYSTEMS: Final = {
    "alpm": "alpm",
    "apk": "apk",
    "cargo": "rust-crate",
    "composer": "php-composer",
    "deb": "deb",
    "gem": "gem",
    "golang": "go-module",
    "hex": "hex",
    "maven": "java-archive",
    "npm": "npm",
    "nuget": "dotnet",
    "pub": "dart-pub",
    "pypi": "python",
    "rpm": "rpm",
    "swift": "swift",
    "github": "github-action",
    "bitnami": "bitnami",
}
"""Package URL types, and what the database calls them (anchore/syft, syft/pkg/type.go)."""


@dataclass(frozen=True, slots=True)
class GrypeDatabase:
    """A database that is whole: when it was built, and what it has data for.

    `names_products`: it knows products by CPE, and so judges what has no ecosystem, such as a binary of busybox.
    """

    path: Path
    built_at: datetime | None
    ecosystems: frozenset[str]
    exploited_known: bool
    names_products: bool
    _releases: Releases = field(repr=False)

    def judges_distribution(self, name: str, version: str) -> bool:
        """Whether it holds advisories for a release."""
        return bool(self._releases.judging(name, version))

    def judges_ecosystem(self, ecosystem: str) -> bool:
        """Whether it holds advisories for a package URL type; those without an ecosystem are judged by CPE."""
        name = _ECOSYSTEMS.get(ecosystem)
        return self.names_products if name is None else name in self.ecosystems

    def end_of_life(self, name: str, version: str) -> str | None:
        """The day of the last free update, YYYY-MM-DD; None when it does not say."""
        return self._releases.end_of_life(name, version)

    def published(self, identifiers: Iterable[str]) -> dict[str, datetime]:
        """When vulnerabilities were first published; those it does not know are left out.

        Raises:
            ReadError: the database broke since.
        """
        wanted = sorted(set(identifiers))
        found: dict[str, datetime] = {}
        with _open(self.path) as database:
            for start in range(0, len(wanted), _BATCH):
                batch = wanted[start : start + _BATCH]
                marks = ",".join("?" * len(batch))
                query = (
                    f"SELECT name, MIN(published_date) FROM vulnerability_handles WHERE name IN ({marks}) GROUP BY name"  # noqa: S608 - question marks only
                )
                for name, date in database.execute(query, batch):
                    if date and (when := moment(str(date))):
                        found[name] = when
        return found


def default_cache() -> Path:
    """Where Grype keeps its database, unless the environment says otherwise."""
    if said := os.environ.get("GRYPE_DB_CACHE_DIR"):
        return Path(said)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "grype" / "db"


def read(cache: Path) -> GrypeDatabase:
    """Read the database in a cache folder.

    Raises:
        ReadError: there is none, half of one, one of another schema, or one that is broken or empty.
    """
    path = cache / str(_SCHEMA) / "vulnerability.db"
    try:
        _check_files(path, path.with_name("import.json"))
        with _open(path) as database:
            return _read(path, database)
    except ReadError as error:
        raise ReadError(f"grype has no usable database: {error.message}", remedy=update_remedy("grype")) from error


def _check_files(*paths: Path) -> None:
    for path in paths:
        if not path.is_file():
            raise ReadError(f"{path} is not there")


def _read(path: Path, database: sqlite3.Connection) -> GrypeDatabase:
    built, model = database.execute("SELECT build_timestamp, model FROM db_metadata LIMIT 1").fetchone() or (None, None)
    if model != _SCHEMA:
        raise ReadError(f"{path} is of schema {str(model)[:20]}, and {_SCHEMA} is wanted")
    if not database.execute("SELECT 1 FROM vulnerability_handles LIMIT 1").fetchone():
        raise ReadError(f"{path} holds no vulnerabilities")
    exploited = database.execute("SELECT 1 FROM known_exploited_vulnerability_handles LIMIT 1").fetchone()
    products = database.execute("SELECT 1 FROM affected_cpe_handles LIMIT 1").fetchone()
    return GrypeDatabase(
        path,
        moment(str(built)),
        _ecosystems(database),
        exploited is not None,
        products is not None,
        Releases(_releases(database), _aliases(database)),
    )


def _ecosystems(database: sqlite3.Connection) -> frozenset[str]:
    """Those with an advisory. Each is asked for by itself: that ends at the first row."""
    named = database.execute("SELECT DISTINCT ecosystem FROM packages LIMIT ?", (_MAX_ROWS,)).fetchall()
    query = (
        "SELECT 1 FROM packages JOIN affected_package_handles ON package_id = packages.id WHERE ecosystem = ? LIMIT 1"
    )
    return frozenset(name.lower() for (name,) in named if name and database.execute(query, (name,)).fetchone())


def _releases(database: sqlite3.Connection) -> tuple[Release, ...]:
    """Releases that advisories name. `eol_date` is younger than the schema."""
    columns = {row[1] for row in database.execute("PRAGMA table_info(operating_systems)")}
    ends = "eol_date" if "eol_date" in columns else "NULL"
    rows = database.execute(
        f"SELECT lower(name), major_version, minor_version, lower(label_version), {ends} "  # noqa: S608 - a constant
        "FROM operating_systems AS system WHERE EXISTS "
        "(SELECT 1 FROM affected_package_handles WHERE operating_system_id = system.id) LIMIT ?",
        (_MAX_ROWS,),
    )
    return tuple(
        Release(name or "", major or "", minor or "", label or "", _day(end)) for name, major, minor, label, end in rows
    )


def _day(said: object) -> str | None:
    when = moment(str(said)) if said else None
    return when.date().isoformat() if when else None


def _aliases(database: sqlite3.Connection) -> tuple[Mapping[str, Any], ...]:
    present = {row[1] for row in database.execute("PRAGMA table_info(operating_system_specifier_overrides)")}
    picked = ", ".join(name if name in present else f"NULL AS {name}" for name in ALIAS_COLUMNS)
    rows = database.execute(
        f"SELECT {picked} FROM operating_system_specifier_overrides LIMIT ?",  # noqa: S608 - constants
        (_MAX_ROWS,),
    )
    return tuple(dict(zip(ALIAS_COLUMNS, row, strict=True)) for row in rows)


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """Open it for reading only; a file that is replaced meanwhile stays as it was."""
    try:
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise ReadError(f"{path} cannot be opened: {error}") from error
    try:
        yield database
    except (sqlite3.Error, ValueError) as error:
        raise ReadError(f"{path} is broken, or of another schema: {error}") from error
    finally:
        database.close()
