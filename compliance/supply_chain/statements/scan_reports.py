"""Scans: cosign's vulnerability predicate v1 from a report of trivy or grype.

Format: https://github.com/sigstore/cosign/blob/main/specs/COSIGN_VULN_ATTESTATION_SPEC.md. trivy's own
`--format cosign-vuln` leaves `scanner.db` empty, although a scan is worth as much as the database that it used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.errors import UsageError
from compliance.supply_chain import predicates

if TYPE_CHECKING:
    from collections.abc import Mapping

_REMEDY_DATABASE = "name trivy's database metadata with --scanner-database CACHE/db/metadata.json"


def from_report(report: Mapping[str, Any], name: str, database: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Make the predicate from a report in JSON, or take one that is made already.

    Args:
        report: what `trivy image --format json`, `--format cosign-vuln` or `grype -o json` wrote.
        name: the report's file name, for messages.
        database: trivy's `db/metadata.json`, which its reports do not carry.

    Raises:
        UsageError: it is none of these, or does not tell when it was made or which database it used.
    """
    if "scanner" in report and "metadata" in report:
        return _checked(_completed(report, database), name)
    if "ArtifactName" in report and "SchemaVersion" in report:
        return _checked(_from_trivy(report, database), name)
    if isinstance(report.get("descriptor"), dict) and "matches" in report:
        return _checked(_from_grype(report), name)
    raise UsageError(
        f"{name} is no report of trivy or grype in JSON", remedy="use trivy image --format json, or grype -o json"
    )


def _from_trivy(report: Mapping[str, Any], database: Mapping[str, Any] | None) -> dict[str, Any]:
    version = str(_map(report.get("Trivy")).get("Version", ""))
    return _predicate(
        "pkg:github/aquasecurity/trivy", version, _trivy_database(database), report.get("CreatedAt"), report
    )


def _from_grype(report: Mapping[str, Any]) -> dict[str, Any]:
    descriptor = _map(report["descriptor"])
    # Until grype 0.87 the database stood in `db` itself.
    known = _map(descriptor.get("db"))
    status = _map(known.get("status")) or known
    built = {"uri": str(status.get("from", "")), "version": str(status.get("schemaVersion", ""))}
    made = {**built, "lastUpdate": str(status.get("built", ""))}
    version = str(descriptor.get("version", ""))
    return _predicate("pkg:github/anchore/grype", version, made, descriptor.get("timestamp"), report)


def _completed(report: Mapping[str, Any], database: Mapping[str, Any] | None) -> dict[str, Any]:
    scanner = _map(report["scanner"])
    known = _map(scanner.get("db"))
    filled = known if known.get("version") or known.get("lastUpdate") else _trivy_database(database)
    return {**report, "scanner": {**scanner, "db": filled}}


def _trivy_database(database: Mapping[str, Any] | None) -> dict[str, Any]:
    said = database or {}
    version, updated = said.get("Version", ""), said.get("UpdatedAt", "")
    return {"uri": "", "version": str(version), "lastUpdate": str(updated)}


def _predicate(uri: str, version: str, database: object, finished: object, report: object) -> dict[str, Any]:
    scanner = {"uri": f"{uri}@{version}" if version else uri, "version": version, "db": database, "result": report}
    return {
        "invocation": {"parameters": [], "uri": "", "event_id": "", "builder.id": ""},
        "scanner": scanner,
        # The reports tell one time; no scan ended before it began.
        "metadata": {"scanStartedOn": finished, "scanFinishedOn": finished},
    }


def _checked(predicate: dict[str, Any], name: str) -> dict[str, Any]:
    if predicates.read_time(_map(predicate["metadata"]).get("scanFinishedOn")) is None:
        raise UsageError(f"{name} does not tell when the scan was made", remedy="write the report with a newer scanner")
    if predicates.read_time(_map(_map(predicate["scanner"])["db"]).get("lastUpdate")) is None:
        raise UsageError(f"{name} does not tell which database the scan used", remedy=_REMEDY_DATABASE)
    return predicate


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
