"""Writes Trivy's databases: db/trivy.db (BoltDB, schema 2) and java-db/trivy-java.db (SQLite, schema 1).

The shapes are those of aquasecurity/trivy-db, pkg/types and pkg/vulnsrc/bucket, and aquasecurity/trivy-java-db.
"""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import tarfile
from typing import TYPE_CHECKING, Any

import bolt_files
from advisories import SEVERITIES, load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_STATUSES = {"affected": 2, "will_not_fix": 5}
_BUCKETS = {
    "debian": ("debian {release}", {"ID": "debian", "Name": "Debian Security Tracker", "URL": "https://example.com"}),
    "alpine": ("alpine {release}", {"ID": "alpine", "Name": "Alpine Secdb", "URL": "https://example.com"}),
    "pypi": ("pip::Made-up pip", {"ID": "ghsa", "Name": "Made-up pip", "URL": "https://example.com"}),
}
DAY = "2026-01-01T00:00:00Z"
_JAVA_SCHEMA = """
CREATE TABLE artifacts (id INTEGER PRIMARY KEY, group_id TEXT, artifact_id TEXT);
CREATE TABLE indices (artifact_id INTEGER, version TEXT, sha1 BLOB, archive_type TEXT, license TEXT);
CREATE UNIQUE INDEX artifacts_index ON artifacts (artifact_id, group_id);
CREATE INDEX indices_index ON indices (artifact_id);
CREATE UNIQUE INDEX sha1_index ON indices (sha1);
"""


def tree(advisories: Sequence[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The buckets of a database with these advisories, by default all."""
    buckets: dict[str, Any] = {"vulnerability": {}, "data-source": {}}
    for advisory in load() if advisories is None else advisories:
        buckets["vulnerability"][advisory["id"]] = _json(
            {
                "Title": advisory["title"],
                "Description": "Made up for a test.",
                "VendorSeverity": {"nvd": SEVERITIES[advisory["severity"]]},
                "CVSS": {"nvd": {"V3Vector": advisory["vector"], "V3Score": advisory["score"]}},
                "References": ["https://example.com"],
                "PublishedDate": advisory["published"],
                "LastModifiedDate": advisory["published"],
            }
        )
        for affected in advisory["affected"]:
            name, source = _BUCKETS[affected["ecosystem"]]
            name = name.format(**affected)
            buckets["data-source"][name] = _json(source)
            packages = buckets.setdefault(name, {})
            packages.setdefault(affected["package"], {})[advisory["id"]] = _json(_advisory(affected))
    return buckets


def write(cache: Path, buckets: dict[str, Any] | None = None, *, built: str = DAY, version: int = 2) -> Path:
    """Write `cache/db`; returns the folder."""
    folder = cache / "db"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "trivy.db").write_bytes(bolt_files.image(tree() if buckets is None else buckets))
    (folder / "metadata.json").write_bytes(metadata(built, version))
    return folder


def metadata(built: str = DAY, version: int = 2) -> bytes:
    """The file beside the database; it asks for no update before the year 2100."""
    said = {"Version": version, "NextUpdate": "2100-01-01T00:00:00Z", "UpdatedAt": built, "DownloadedAt": built}
    return _json(said)


def archive(buckets: dict[str, Any] | None = None, *, built: str = DAY) -> bytes:
    """The layer that a registry serves, db.tar.gz."""
    raw = io.BytesIO()
    files = (("trivy.db", bolt_files.image(tree() if buckets is None else buckets)), ("metadata.json", metadata(built)))
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), mtime=0)


def write_java(cache: Path, *, rows: int = 1, built: str = DAY, sha1: bytes = bytes(20)) -> Path:
    """Write `cache/java-db` with `rows` made-up jars, the first of which has `sha1`; returns the folder."""
    folder = cache / "java-db"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "trivy-java.db"
    file.unlink(missing_ok=True)
    database = sqlite3.connect(file)
    database.execute("PRAGMA synchronous = OFF")
    database.executescript(_JAVA_SCHEMA)
    for number in range(rows):
        database.execute("INSERT INTO artifacts VALUES (?, 'com.example', ?)", (number, f"made-{number}"))
        values = (number, "1.0.0", bytes([number]) * 20 if number else sha1, "jar", "Apache-2.0")
        database.execute("INSERT INTO indices VALUES (?, ?, ?, ?, ?)", values)
    database.commit()
    database.close()
    (folder / "metadata.json").write_bytes(metadata(built, 1))
    return folder


def _advisory(affected: dict[str, Any]) -> dict[str, Any]:
    fixed = affected["fixed"]
    if "vulnerable" in affected:
        return {"VulnerableVersions": [affected["vulnerable"]], **({"PatchedVersions": [fixed]} if fixed else {})}
    return {"FixedVersion": fixed} if fixed else {"Status": _STATUSES[affected["status"]]}


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
