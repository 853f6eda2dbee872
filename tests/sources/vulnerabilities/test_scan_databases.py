"""Databases that are not fit, and what a scan says of them."""

from dataclasses import replace
from datetime import timedelta

import grype_databases
import pytest
import trivy_databases
from advisories import load
from scan_workplace import NOW, Workplace, recorded


@pytest.mark.parametrize("file", ["trivy.db", "metadata.json"])
def test_half_of_trivys_database_is_a_gap_before_trivy_could_make_it_worse(workplace: Workplace, file: str) -> None:
    workplace.only("trivy")
    (workplace.folder / "trivy" / "db" / file).unlink()
    scanned = workplace.scan()
    assert [(file in gap.why, "trivy image --download-db-only" in gap.remedy) for gap in scanned.gaps] == [(True, True)]
    assert scanned.body is not None
    assert scanned.body["scanners"][0]["failed"]
    assert not (workplace.folder / "trivy" / "db" / file).exists()


def test_grypes_missing_database_is_a_gap(workplace: Workplace) -> None:
    workplace.only("grype")
    (workplace.folder / "grype" / "6" / "vulnerability.db").unlink()
    (gap,) = workplace.scan().gaps
    assert "vulnerability.db is not there" in gap.why
    assert "grype db update" in gap.remedy


def test_an_old_database_is_a_gap_and_what_it_finds_stands(workplace: Workplace) -> None:
    workplace.now = NOW + timedelta(days=4)
    scanned = workplace.scan()
    assert [gap.why for gap in scanned.gaps] == [
        f"{scanner}'s database is 6 days old and 5 are allowed: "
        "vulnerabilities that were published since are not judged"
        for scanner in ("trivy", "grype")
    ]
    assert scanned.body is not None
    assert len(scanned.body["vulnerabilities"]) == 4


def test_the_age_that_is_allowed_is_a_setting(workplace: Workplace) -> None:
    workplace.now = NOW + timedelta(days=4)
    workplace.settings = replace(workplace.settings, max_age_days=6)
    assert workplace.gaps() == []


def test_a_database_from_the_future_has_no_age(workplace: Workplace) -> None:
    workplace.now = NOW - timedelta(days=30)
    assert ["claims to be of 2026-01-01" in why for why in workplace.gaps()] == [True, True]


def test_a_database_without_a_date_has_no_age(workplace: Workplace) -> None:
    workplace.only("trivy")
    metadata = workplace.folder / "trivy" / "db" / "metadata.json"
    metadata.write_text('{"Version": 2}')
    assert workplace.gaps() == ["trivy's database does not say when it was built, so that nobody knows how old it is"]


def test_no_data_for_the_distribution_is_a_gap_and_the_rest_is_judged(workplace: Workplace) -> None:
    advisories = load(without=("debian",))
    trivy_databases.write(workplace.folder / "trivy", trivy_databases.tree(advisories))
    grype_databases.write(workplace.folder / "grype", advisories)
    assert workplace.gaps() == [
        "trivy's database has no data for debian 12.0: 3 packages are not judged",
        "grype's database has no data for debian 12.0: 3 packages are not judged",
    ]


def test_no_data_for_a_language_is_a_gap(workplace: Workplace) -> None:
    advisories = load(without=("pypi",))
    trivy_databases.write(workplace.folder / "trivy", trivy_databases.tree(advisories))
    grype_databases.write(workplace.folder / "grype", advisories)
    assert workplace.gaps() == [
        "trivy's database has no data for python-pkg: 3 packages are not judged",
        "grype's database has no data for pypi: 3 packages are not judged",
    ]


def test_a_scanner_without_data_did_not_overlook_anything(workplace: Workplace) -> None:
    grype_databases.write(workplace.folder / "grype", load(without=("pypi",)))
    workplace.grype(workplace.write("none.json", {**recorded("grype.json"), "matches": []}))
    assert {one["id"]: one["not_seen_by"] for one in workplace.found()} == {
        "CVE-2024-90001": ["grype"],
        "CVE-2024-90002": ["grype"],
        "CVE-2024-90004": [],
        "CVE-2024-90005": [],
    }
