"""What Trivy's databases are good for, told without Trivy."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import trivy_databases
from advisories import load

from compliance.errors import ReadError
from compliance.sources.vulnerabilities import trivy_database

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_whole_database_tells_its_age_and_what_it_judges(tmp_path: Path) -> None:
    trivy_databases.write(tmp_path)
    database = trivy_database.read(tmp_path)
    assert database.built_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert [database.judges_distribution("debian", version) for version in ("12.5", "12", "11.1")] == [
        True,
        True,
        False,
    ]
    assert [database.judges_distribution("alpine", version) for version in ("3.19.1", "3.18.0")] == [True, False]
    assert [database.judges_language(kind) for kind in ("python-pkg", "node-pkg", "conda-pkg")] == [True, False, None]
    assert database.judges_distribution("gentoo", "1") is None


@pytest.mark.parametrize(
    ("family", "version", "bucket"),
    [
        ("ubuntu", "22.04", "ubuntu 22.04"),
        ("ubuntu", "16.04", "ubuntu 16.04-ESM"),
        ("redhat", "9.3", "Red Hat"),
        ("centos", "7.9.2009", "Red Hat"),
        ("rocky", "9.3", "rocky 9"),
        ("alma", "8.9", "alma 8"),
        ("oracle", "8.9", "Oracle Linux 8"),
        ("amazon", "2 (Karoo)", "amazon linux 2"),
        ("amazon", "2023.3.20240108", "amazon linux 2023"),
        ("amazon", "2018.03", "amazon linux 1"),
        ("azurelinux", "3.0", "Azure Linux 3.0"),
        ("cbl-mariner", "2.0.20240117", "CBL-Mariner 2.0"),
        ("opensuse.leap", "15.5", "openSUSE Leap 15.5"),
        ("opensuse-tumbleweed", "20240101", "openSUSE Tumbleweed"),
        ("suse linux enterprise server", "15.5", "SUSE Linux Enterprise 15.5"),
        ("photon", "4.0", "Photon OS 4.0"),
        ("wolfi", "20230201", "wolfi"),
        ("alpine", "3.21_alpha20240923", "alpine edge"),
    ],
)
def test_a_release_is_judged_by_the_bucket_that_trivy_takes(
    tmp_path: Path, family: str, version: str, bucket: str
) -> None:
    trivy_databases.write(tmp_path, {"vulnerability": {"CVE-1": b"{}"}, bucket: {"package": b"x"}})
    assert trivy_database.read(tmp_path).judges_distribution(family, version) is True
    trivy_databases.write(tmp_path, {"vulnerability": {"CVE-1": b"{}"}, bucket: {}})
    assert trivy_database.read(tmp_path).judges_distribution(family, version) is False


def test_half_a_database_is_none(tmp_path: Path) -> None:
    folder = trivy_databases.write(tmp_path)
    (folder / "trivy.db").unlink()
    with pytest.raises(ReadError, match=r"trivy has no usable database: .*trivy\.db cannot be read"):
        trivy_database.read(tmp_path)


def test_the_other_half_is_none_either(tmp_path: Path) -> None:
    folder = trivy_databases.write(tmp_path)
    (folder / "metadata.json").unlink()
    with pytest.raises(ReadError, match=r"metadata\.json cannot be read") as refused:
        trivy_database.read(tmp_path)
    assert "trivy image --download-db-only" in refused.value.remedy


@pytest.mark.parametrize("version", [1, 3])
def test_another_schema_is_refused(tmp_path: Path, version: int) -> None:
    trivy_databases.write(tmp_path, version=version)
    with pytest.raises(ReadError, match=f"is of schema {version}, and trivy reads 2"):
        trivy_database.read(tmp_path)


def test_a_database_without_vulnerabilities_is_refused(tmp_path: Path) -> None:
    trivy_databases.write(tmp_path, {"vulnerability": {}, "debian 12": {"openssl": b"x"}})
    with pytest.raises(ReadError, match="holds no vulnerabilities"):
        trivy_database.read(tmp_path)


def test_metadata_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (trivy_databases.write(tmp_path) / "metadata.json").write_text("{")
    with pytest.raises(ReadError, match="is no JSON"):
        trivy_database.read(tmp_path)


def test_an_update_is_due_when_the_database_says_so(tmp_path: Path) -> None:
    assert trivy_database.needs_update(tmp_path, NOW)
    folder = trivy_databases.write(tmp_path)
    assert not trivy_database.needs_update(tmp_path, NOW)
    metadata = (folder / "metadata.json").read_text()
    (folder / "metadata.json").write_text(metadata.replace("2100", "2026"))
    assert trivy_database.needs_update(tmp_path, NOW)


def test_a_java_database_must_name_a_jar(tmp_path: Path) -> None:
    trivy_databases.write_java(tmp_path)
    assert trivy_database.java_built_at(tmp_path) == datetime(2026, 1, 1, tzinfo=UTC)
    trivy_databases.write_java(tmp_path, rows=0)
    with pytest.raises(ReadError, match="names no jar"):
        trivy_database.java_built_at(tmp_path)


def test_a_broken_java_database_is_refused(tmp_path: Path) -> None:
    folder = trivy_databases.write_java(tmp_path)
    (folder / "trivy-java.db").write_bytes(b"SQLite format 3\0" + b"x" * 500)
    with pytest.raises(ReadError, match="is no usable database"):
        trivy_database.java_built_at(tmp_path)


def test_data_for_one_language_is_not_data_for_another(tmp_path: Path) -> None:
    trivy_databases.write(tmp_path, trivy_databases.tree(load(without=("pypi",))))
    database = trivy_database.read(tmp_path)
    assert (database.judges_language("python-pkg"), database.judges_distribution("debian", "12")) == (False, True)
