"""Writes Grype's database: one SQLite file of schema 6 (anchore/grype, grype/db/v6/models.go)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from advisories import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DAY = "2026-01-01T00:00:00Z"
_SCHEMA = """
CREATE TABLE blobs (id INTEGER PRIMARY KEY AUTOINCREMENT, value TEXT NOT NULL);
CREATE TABLE db_metadata (build_timestamp DATETIME NOT NULL, model INTEGER NOT NULL, revision INTEGER NOT NULL,
  addition INTEGER NOT NULL);
CREATE TABLE providers (id TEXT PRIMARY KEY, version TEXT, processor TEXT, date_captured DATETIME, input_digest TEXT);
CREATE TABLE vulnerability_handles (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, status TEXT NOT NULL,
  published_date DATETIME, modified_date DATETIME, withdrawn_date DATETIME,
  provider_id TEXT NOT NULL REFERENCES providers(id), blob_id INTEGER UNIQUE);
CREATE INDEX vulnerability_name ON vulnerability_handles (name COLLATE NOCASE);
CREATE TABLE vulnerability_aliases (name TEXT, alias TEXT NOT NULL, PRIMARY KEY (name, alias));
CREATE TABLE operating_systems (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, release_id TEXT, major_version TEXT,
  minor_version TEXT, label_version TEXT, codename TEXT, channel TEXT, eol_date DATETIME, eoas_date DATETIME);
CREATE UNIQUE INDEX system ON operating_systems
  (name, release_id, major_version, minor_version, label_version, channel);
CREATE TABLE operating_system_specifier_overrides (alias TEXT, version TEXT, version_pattern TEXT, codename TEXT,
  channel TEXT, replacement TEXT, replacement_major_version TEXT, replacement_minor_version TEXT,
  replacement_label_version TEXT, replacement_channel TEXT, rolling NUMERIC, applicable_client_db_schemas TEXT);
CREATE TABLE packages (id INTEGER PRIMARY KEY AUTOINCREMENT, ecosystem TEXT, name TEXT);
CREATE UNIQUE INDEX package ON packages (ecosystem COLLATE NOCASE, name COLLATE NOCASE);
CREATE TABLE package_specifier_overrides (ecosystem TEXT, replacement_ecosystem TEXT,
  PRIMARY KEY (ecosystem, replacement_ecosystem));
CREATE TABLE architecture_aliases (alias TEXT PRIMARY KEY, canonical TEXT NOT NULL);
CREATE TABLE cpes (id INTEGER PRIMARY KEY AUTOINCREMENT, part TEXT NOT NULL, vendor TEXT, product TEXT NOT NULL,
  edition TEXT, language TEXT, software_edition TEXT, target_hardware TEXT, target_software TEXT, other TEXT);
CREATE TABLE package_cpes (package_id INTEGER, cpe_id INTEGER, PRIMARY KEY (package_id, cpe_id));
CREATE TABLE known_exploited_vulnerability_handles (id INTEGER PRIMARY KEY AUTOINCREMENT, cve TEXT NOT NULL,
  blob_id INTEGER);
CREATE TABLE epss_handles (id INTEGER PRIMARY KEY AUTOINCREMENT, cve TEXT NOT NULL, epss REAL NOT NULL,
  percentile REAL NOT NULL);
CREATE TABLE epss_metadata (date DATETIME NOT NULL);
CREATE TABLE cwe_handles (id INTEGER PRIMARY KEY AUTOINCREMENT, cve TEXT NOT NULL, cwe TEXT NOT NULL, source TEXT,
  type TEXT);
CREATE TABLE ssvc_handles (id INTEGER PRIMARY KEY AUTOINCREMENT, cve TEXT NOT NULL, source TEXT, role TEXT,
  version TEXT, timestamp DATETIME, exploitation TEXT, automatable TEXT, technical_impact TEXT);
"""
_PACKAGES = """
CREATE TABLE {kind}_package_handles (id INTEGER PRIMARY KEY AUTOINCREMENT, vulnerability_id INTEGER NOT NULL,
  operating_system_id INTEGER, package_id INTEGER, blob_id INTEGER);
CREATE INDEX {kind}_package ON {kind}_package_handles (package_id);
CREATE TABLE {kind}_cpe_handles (id INTEGER PRIMARY KEY AUTOINCREMENT, vulnerability_id INTEGER NOT NULL,
  cpe_id INTEGER, blob_id INTEGER);
"""
_FIXES = {"affected": "not-fixed", "will_not_fix": "wont-fix"}


@dataclass(frozen=True, slots=True)
class _Kind:
    provider: str
    package_type: str
    version_type: str


_KINDS = {
    "debian": _Kind("debian", "deb", "dpkg"),
    "alpine": _Kind("alpine", "apk", "apk"),
    "pypi": _Kind("github", "python", "python"),
}


def write(
    cache: Path,
    advisories: Sequence[dict[str, Any]] | None = None,
    *,
    built: str = DAY,
    model: int = 6,
    exploited: Sequence[str] = (),
    ends: str | None = None,
) -> Path:
    """Write `cache/6/vulnerability.db` and the note of its checksum that Grype wants; returns the database's path.

    `exploited` are known to be exploited; `ends` is the day on which support of every distribution ends.
    """
    folder = cache / "6"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "vulnerability.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA page_size = 512")  # the checksum is computed in Python, byte by byte
        database.execute("PRAGMA synchronous = OFF")
        database.executescript(_SCHEMA + "".join(_PACKAGES.format(kind=kind) for kind in ("affected", "unaffected")))
        writer = _Writer(database, _time(built), ends)
        database.execute("INSERT INTO db_metadata VALUES (?, ?, 1, 2)", (_time(built), model))
        writer.aliases()
        for advisory in load() if advisories is None else advisories:
            writer.advisory(advisory)
        for cve in exploited:
            blob = writer.blob({"cve": cve, "known_ransomware_campaign_use": "unknown"})
            database.execute(
                "INSERT INTO known_exploited_vulnerability_handles (cve, blob_id) VALUES (?, ?)", (cve, blob)
            )
        database.commit()
    seal(path)
    return path


def seal(path: Path) -> None:
    """Write the checksum beside a database, as `grype db import` does."""
    note = {"digest": f"xxh64:{xxh64(path.read_bytes()):016x}", "source": "local", "client_version": "v6.1.2"}
    path.with_name("import.json").write_text(json.dumps(note))


@dataclass(slots=True)
class _Writer:
    database: sqlite3.Connection
    built: str
    ends: str | None

    def blob(self, value: object) -> int:
        return self._insert("blobs", value=json.dumps(value, sort_keys=True))

    def aliases(self) -> None:
        for ecosystem, package_type in (("pypi", "python"), ("dpkg", "deb"), ("apkg", "apk")):
            self._insert("package_specifier_overrides", ecosystem=ecosystem, replacement_ecosystem=package_type)
        self._insert("operating_system_specifier_overrides", alias="raspbian", replacement="debian", rolling=0)
        self._insert("operating_system_specifier_overrides", alias="archlinux", rolling=1)

    def advisory(self, advisory: dict[str, Any]) -> None:
        for affected in advisory["affected"]:
            kind = _KINDS[affected["ecosystem"]]
            vulnerability = self._vulnerability(advisory, kind.provider)
            system = self._system(affected) if "release" in affected else None
            package = self._one("packages", ecosystem=kind.package_type, name=affected["package"])
            fixed = affected["fixed"]
            fix = (
                {"version": fixed, "state": "fixed"} if fixed else {"state": _FIXES[affected.get("status", "affected")]}
            )
            constraint = affected.get("vulnerable") or (f"< {fixed}" if fixed else "")
            ranges = [{"version": {"type": kind.version_type, "constraint": constraint}, "fix": fix}]
            self._insert(
                "affected_package_handles",
                vulnerability_id=vulnerability,
                operating_system_id=system,
                package_id=package,
                blob_id=self.blob({"cves": [advisory["id"]], "ranges": ranges}),
            )

    def _vulnerability(self, advisory: dict[str, Any], provider: str) -> int:
        self.database.execute(
            "INSERT OR IGNORE INTO providers VALUES (?, '1', 'local', ?, ?)",
            (provider, self.built, f"sha256:{'0' * 64}"),
        )
        found = self._find("vulnerability_handles", name=advisory["id"], provider_id=provider)
        if found is not None:
            return found
        severities = [
            {"scheme": "CHMLN", "value": advisory["severity"].lower(), "rank": 1},
            {"scheme": "CVSS", "rank": 2, "source": "local", "value": {"vector": advisory["vector"], "version": "3.1"}},
        ]
        return self._insert(
            "vulnerability_handles",
            name=advisory["id"],
            status="active",
            published_date=_time(advisory["published"]),
            modified_date=_time(advisory["published"]),
            provider_id=provider,
            blob_id=self.blob({"id": advisory["id"], "description": advisory["title"], "severities": severities}),
        )

    def _system(self, affected: dict[str, Any]) -> int:
        major, _, minor = affected["release"].partition(".")
        name = affected["ecosystem"]
        row = {"name": name, "release_id": name, "major_version": major, "minor_version": minor}
        found = self._find("operating_systems", **row)
        more = {"label_version": "", "codename": "", "channel": "", "eol_date": self.ends}
        return self._insert("operating_systems", **row, **more) if found is None else found

    def _one(self, table: str, **row: object) -> int:
        found = self._find(table, **row)
        return self._insert(table, **row) if found is None else found

    def _find(self, table: str, **row: object) -> int | None:
        condition = " AND ".join(f"{name} = ?" for name in row)
        found = self.database.execute(f"SELECT id FROM {table} WHERE {condition}", tuple(row.values())).fetchone()  # noqa: S608 - our own tables
        return int(found[0]) if found else None

    def _insert(self, table: str, **row: object) -> int:
        marks = ", ".join("?" * len(row))
        done = self.database.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))  # noqa: S608 - our own tables
        return int(done.lastrowid or 0)


def _time(said: str) -> str:
    """As Grype's own writer puts times into SQLite."""
    return datetime.fromisoformat(said).strftime("%Y-%m-%d %H:%M:%S+00:00")


def xxh64(data: bytes) -> int:
    """XXH64 with seed 0 (xxHash specification, XXH64 algorithm description)."""
    primes = (
        11400714785074694791,
        14029467366897019727,
        1609587929392839161,
        9650029242287828579,
        2870177450012600261,
    )
    p1, p2, p3, p4, p5 = primes
    at = 0
    if len(data) >= 32:
        lanes = [(p1 + p2) & _WORD, p2, 0, -p1 & _WORD]
        while at + 32 <= len(data):
            lanes = [_round(lane, data, at + 8 * number, p1, p2) for number, lane in enumerate(lanes)]
            at += 32
        value = sum(_left(lane, by) for lane, by in zip(lanes, (1, 7, 12, 18), strict=True)) & _WORD
        for lane in lanes:
            value = ((value ^ (_left(lane * p2 & _WORD, 31) * p1 & _WORD)) * p1 + p4) & _WORD
    else:
        value = p5
    value = (value + len(data)) & _WORD
    while at + 8 <= len(data):
        value = (_left(value ^ _round(0, data, at, p1, p2), 27) * p1 + p4) & _WORD
        at += 8
    if at + 4 <= len(data):
        value = (_left(value ^ (int.from_bytes(data[at : at + 4], "little") * p1 & _WORD), 23) * p2 + p3) & _WORD
        at += 4
    for byte in data[at:]:
        value = _left(value ^ (byte * p5 & _WORD), 11) * p1 & _WORD
    value = (value ^ (value >> 33)) * p2 & _WORD
    value = (value ^ (value >> 29)) * p3 & _WORD
    return value ^ (value >> 32)


_WORD = (1 << 64) - 1


def _left(value: int, by: int) -> int:
    return ((value << by) | (value >> (64 - by))) & _WORD


def _round(lane: int, data: bytes, at: int, p1: int, p2: int) -> int:
    word = int.from_bytes(data[at : at + 8], "little")
    return _left((lane + word * p2) & _WORD, 31) * p1 & _WORD
