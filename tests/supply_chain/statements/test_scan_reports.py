"""Scan predicates from reports: which scanner, which database, when; none of them may be missing."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.errors import UsageError
from compliance.supply_chain.statements.scan_reports import from_report

CREATED = "2026-11-20T07:00:00.123456789Z"
TRIVY = {"SchemaVersion": 2, "CreatedAt": CREATED, "ArtifactName": "app", "Results": [], "Trivy": {"Version": "0.70.0"}}
DATABASE = {"Version": 2, "UpdatedAt": "2026-11-20T06:00:00Z", "NextUpdate": "2100-01-01T00:00:00Z"}
GRYPE = {
    "matches": [],
    "descriptor": {
        "name": "grype",
        "version": "0.120.0",
        "timestamp": CREATED,
        "db": {
            "status": {"schemaVersion": "v6.1.2", "built": "2026-11-20T01:00:00Z", "from": "https://db.example.com"}
        },
    },
}
COSIGN = {
    "invocation": {},
    "scanner": {"uri": "pkg:x", "version": "1", "db": {"uri": "", "version": ""}, "result": {}},
    "metadata": {"scanStartedOn": CREATED, "scanFinishedOn": CREATED},
}


def without(report: dict[str, Any], *path: str) -> dict[str, Any]:
    *outer, last = path
    if not outer:
        return {key: value for key, value in report.items() if key != last}
    return {**report, outer[0]: without(report[outer[0]], *path[1:])}


def test_a_report_of_trivy_takes_its_database_from_beside_it() -> None:
    made = from_report(TRIVY, "trivy.json", DATABASE)
    assert made["scanner"]["uri"] == "pkg:github/aquasecurity/trivy@0.70.0"
    assert made["scanner"]["db"] == {"uri": "", "version": "2", "lastUpdate": "2026-11-20T06:00:00Z"}
    assert made["metadata"] == {"scanStartedOn": CREATED, "scanFinishedOn": CREATED}
    assert made["scanner"]["result"] == TRIVY


def test_a_report_of_grype_has_all_in_it() -> None:
    made = from_report(GRYPE, "grype.json")
    assert made["scanner"]["version"] == "0.120.0"
    assert made["scanner"]["db"] == {
        "uri": "https://db.example.com",
        "version": "v6.1.2",
        "lastUpdate": "2026-11-20T01:00:00Z",
    }


def test_what_trivy_leaves_empty_in_a_predicate_of_its_own_is_filled_in() -> None:
    made = from_report(COSIGN, "vuln.json", DATABASE)
    assert made["scanner"]["db"]["lastUpdate"] == DATABASE["UpdatedAt"]
    assert from_report(made, "vuln.json") == made


@pytest.mark.parametrize(
    ("report", "database", "why"),
    [
        (TRIVY, None, "which database"),
        (COSIGN, None, "which database"),
        (TRIVY, {"Version": 2}, "which database"),
        (without(TRIVY, "CreatedAt"), DATABASE, "when the scan was made"),
        (without(GRYPE, "descriptor", "timestamp"), None, "when the scan was made"),
        (without(GRYPE, "descriptor", "db"), None, "which database"),
        ({"results": []}, None, "is no report of trivy or grype"),
    ],
)
def test_a_scan_of_which_something_is_not_known_is_not_attested(
    report: dict[str, Any], database: dict[str, Any] | None, why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        from_report(report, "report.json", database)
