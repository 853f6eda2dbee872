"""What Grype's database is good for, told without Grype."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import grype_databases
import pytest
from advisories import load

from compliance.errors import ReadError
from compliance.sources.vulnerabilities import grype_database


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executescript(";".join(statements))


def test_a_whole_database_tells_its_age_and_what_it_judges(tmp_path: Path) -> None:
    grype_databases.write(tmp_path)
    database = grype_database.read(tmp_path)
    assert database.built_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert [database.judges_distribution("debian", version) for version in ("12.5", "12", "11")] == [True, True, False]
    assert [database.judges_ecosystem(name) for name in ("pypi", "npm", "generic")] == [True, False, False]
    assert not database.exploited_known


def test_another_name_of_a_distribution_is_followed(tmp_path: Path) -> None:
    grype_databases.write(tmp_path)
    assert grype_database.read(tmp_path).judges_distribution("raspbian", "12")


def test_a_rolling_distribution_is_judged_by_any_release(tmp_path: Path) -> None:
    path = grype_databases.write(tmp_path)
    assert not grype_database.read(tmp_path).judges_distribution("archlinux", "20240101")
    change(path, "UPDATE operating_systems SET name = 'archlinux', major_version = '' WHERE name = 'debian'")
    assert grype_database.read(tmp_path).judges_distribution("archlinux", "20240101")


def test_a_minor_release_falls_back_to_its_major_one_only(tmp_path: Path) -> None:
    grype_databases.write(tmp_path)
    database = grype_database.read(tmp_path)
    assert [database.judges_distribution("alpine", version) for version in ("3.19.1", "3.20.0")] == [True, False]


def test_a_release_without_advisories_is_not_judged(tmp_path: Path) -> None:
    path = grype_databases.write(tmp_path)
    change(path, "DELETE FROM affected_package_handles WHERE operating_system_id IS NOT NULL")
    assert not grype_database.read(tmp_path).judges_distribution("debian", "12")


def test_what_has_no_ecosystem_is_judged_by_the_names_of_products(tmp_path: Path) -> None:
    path = grype_databases.write(tmp_path)
    change(path, "INSERT INTO affected_cpe_handles (vulnerability_id, cpe_id, blob_id) VALUES (1, 1, 1)")
    assert grype_database.read(tmp_path).judges_ecosystem("generic")


def test_an_ecosystem_without_advisories_is_not_judged(tmp_path: Path) -> None:
    grype_databases.write(tmp_path, load(without=("pypi",)))
    assert grype_database.read(tmp_path).judges_ecosystem("pypi") is False


def test_it_tells_when_support_ends(tmp_path: Path) -> None:
    grype_databases.write(tmp_path, ends="2028-06-30 00:00:00+00:00")
    assert grype_database.read(tmp_path).end_of_life("debian", "12.5") == "2028-06-30"


def test_it_tells_when_vulnerabilities_were_published(tmp_path: Path) -> None:
    grype_databases.write(tmp_path)
    found = grype_database.read(tmp_path).published(["CVE-2024-90001", "CVE-1999-1"])
    assert found == {"CVE-2024-90001": datetime(2024, 1, 1, tzinfo=UTC)}


def test_a_list_of_exploited_vulnerabilities_is_noticed(tmp_path: Path) -> None:
    grype_databases.write(tmp_path, exploited=["CVE-2024-90001"])
    assert grype_database.read(tmp_path).exploited_known


def test_a_missing_database_is_named_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"grype has no usable database: .*vulnerability\.db is not there") as refused:
        grype_database.read(tmp_path)
    assert "grype db update" in refused.value.remedy


def test_half_a_database_is_none(tmp_path: Path) -> None:
    grype_databases.write(tmp_path).with_name("import.json").unlink()
    with pytest.raises(ReadError, match=r"import\.json is not there"):
        grype_database.read(tmp_path)


def test_another_schema_is_refused(tmp_path: Path) -> None:
    grype_databases.write(tmp_path, model=7)
    with pytest.raises(ReadError, match="is of schema 7, and 6 is wanted"):
        grype_database.read(tmp_path)


@pytest.mark.parametrize("kept", [0, 100, 4096, 20_000])
def test_a_truncated_database_is_refused(tmp_path: Path, kept: int) -> None:
    path = grype_databases.write(tmp_path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ReadError, match="grype has no usable database"):
        grype_database.read(tmp_path)


def test_a_database_without_vulnerabilities_is_refused(tmp_path: Path) -> None:
    grype_databases.write(tmp_path, [])
    with pytest.raises(ReadError, match="holds no vulnerabilities"):
        grype_database.read(tmp_path)
