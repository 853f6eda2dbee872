"""The options that pipelines already give to scanners."""

from dataclasses import replace

import pytest
from scan_workplace import Workplace

from compliance.errors import UsageError
from compliance.sources.vulnerabilities import narrowed, parse_severities


def test_severities_are_read_as_trivy_reads_them() -> None:
    assert parse_severities("HIGH,CRITICAL") == {"high", "critical"}
    assert parse_severities(" low , Unknown") == {"low", "unknown"}


@pytest.mark.parametrize("said", ["", ",", "HIGH,SEVERE", "negligible"])
def test_what_is_no_severity_is_refused(said: str) -> None:
    with pytest.raises(UsageError, match="severity") as refused:
        parse_severities(said)
    assert "critical, high, medium, low, unknown" in refused.value.remedy


def test_other_severities_are_not_judged(workplace: Workplace) -> None:
    body = workplace.scan().body
    assert body is not None
    kept = narrowed(body, severities=parse_severities("HIGH,CRITICAL"))
    assert [one["severity"] for one in kept["vulnerabilities"]] == ["high", "critical", "high"]
    assert {**kept, "vulnerabilities": None} == {**body, "vulnerabilities": None}


def test_what_has_no_fix_is_not_judged_when_it_is_ignored(workplace: Workplace) -> None:
    body = workplace.scan().body
    assert body is not None
    assert [one["id"] for one in narrowed(body, ignore_unfixed=True)["vulnerabilities"]] == [
        "CVE-2024-90001",
        "CVE-2024-90004",
    ]


def test_settings_narrow_a_scan(workplace: Workplace) -> None:
    workplace.settings = replace(workplace.settings, severities=frozenset({"high"}), ignore_unfixed=True)
    assert [one["id"] for one in workplace.found()] == ["CVE-2024-90001"]
