"""Real Trivy and Grype on images and databases that our own code makes, without a network but loopback."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import grype_databases
import httpx
import pytest
import scanned_images
import trivy_databases
from advisories import load
from image_contents import alpine, debian, os_release, python_distributions
from oci_layouts import File
from scan_workplace import NOW, RECORDED, Workplace

from compliance import tools
from compliance.sources.vulnerabilities import Form, ImageContent, scan
from compliance.vulnerability_settings import VulnerabilitySettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.real


@pytest.fixture
def place(tmp_path: Path, trivy: Path, grype: Path, tool_path: str) -> Workplace:  # noqa: ARG001 - they are on PATH
    """Real scanners with fresh databases, and Debian with Python packages to scan."""
    trivy_databases.write(tmp_path / "trivy")
    grype_databases.write(tmp_path / "grype")
    image = scanned_images.debian_with_python(tmp_path / "image")
    settings = VulnerabilitySettings(trivy_cache=tmp_path / "trivy", grype_cache=tmp_path / "grype", deadline=120.0)
    return Workplace(tmp_path, settings, ImageContent("web:1.0", image))


def with_(place: Workplace, *scanners: str) -> Workplace:
    place.settings = replace(place.settings, scanners=scanners)
    return place


def ids(place: Workplace) -> list[str]:
    return [one["id"] for one in place.found()]


def of(place: Workplace, *layers: list[File], os_release: str | None = None) -> Workplace:
    image = scanned_images.layout(place.folder / "other", *layers)
    place.content = ImageContent("other", image, os_release=os_release)
    return place


def test_both_scanners_see_the_same(place: Workplace) -> None:
    scanned = with_(place, "trivy", "grype").scan()
    assert scanned.gaps == ()
    assert scanned.body is not None
    assert [(one["id"], one["package"], one["seen_by"]) for one in scanned.body["vulnerabilities"]] == [
        ("CVE-2024-90001", "libssl3", ["grype", "trivy"]),
        ("CVE-2024-90002", "zlib1g", ["grype", "trivy"]),
        ("CVE-2024-90004", "jinja2", ["grype", "trivy"]),
        ("CVE-2024-90005", "requests", ["grype", "trivy"]),
    ]


def test_what_was_recorded_is_what_the_scanners_say(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    with_(place, "trivy", "grype")
    today = place.scan().body
    place.trivy()
    place.grype()
    monkeypatch.setenv("PATH", f"{place.folder / 'bin'}:/bin:/usr/bin")
    recorded = place.scan().body
    assert today is not None
    assert recorded is not None
    assert {**today, "scanners": None} == {**recorded, "scanners": None}


@pytest.mark.parametrize("scanner", ["trivy", "grype"])
def test_alpine_is_judged(place: Workplace, scanner: str) -> None:
    of(with_(place, scanner), alpine("3.19", scanned_images.ALPINE))
    assert [one["at"] for one in place.found()] == ["vulnerabilities[CVE-2024-90001 libcrypto3]"]
    assert place.gaps() == []


# ---------------------------------------------------------------- states in which they exit with 0 and say nothing


@pytest.mark.parametrize("scanner", ["trivy", "grype"])
def test_a_database_without_the_distribution_is_a_gap(place: Workplace, scanner: str) -> None:
    advisories = load(without=("debian",))
    trivy_databases.write(place.folder / "trivy", trivy_databases.tree(advisories))
    grype_databases.write(place.folder / "grype", advisories)
    (why,) = with_(place, scanner).gaps()
    assert why == f"{scanner}'s database has no data for debian 12.0: 3 packages are not judged"
    assert ids(place) == ["CVE-2024-90004", "CVE-2024-90005"]


@pytest.mark.parametrize("scanner", ["trivy", "grype"])
def test_a_database_without_the_language_is_a_gap(place: Workplace, scanner: str) -> None:
    advisories = load(without=("pypi",))
    trivy_databases.write(place.folder / "trivy", trivy_databases.tree(advisories))
    grype_databases.write(place.folder / "grype", advisories)
    (why,) = with_(place, scanner).gaps()
    assert why.startswith(f"{scanner}'s database has no data for py")
    assert ids(place) == ["CVE-2024-90001", "CVE-2024-90002"]


@pytest.mark.parametrize("file", ["trivy.db", "metadata.json"])
def test_half_of_trivys_database_is_a_gap(place: Workplace, file: str) -> None:
    path = place.folder / "trivy" / "db" / file
    path.unlink()
    assert file in place.gaps()[0]
    assert ids(place) == []
    assert not path.exists()


@pytest.mark.parametrize("damage", [b"", b"x" * 8192])
def test_a_trivy_database_that_is_none_is_a_gap(place: Workplace, damage: bytes) -> None:
    (place.folder / "trivy" / "db" / "trivy.db").write_bytes(damage)
    assert "is no BoltDB file" in place.gaps()[0]


def test_an_old_database_is_a_gap(place: Workplace) -> None:
    place.now = datetime(2026, 2, 1, tzinfo=UTC)
    assert [why.partition(":")[0] for why in with_(place, "trivy", "grype").gaps()] == [
        "trivy's database is 31 days old and 5 are allowed",
        "grype's database is 31 days old and 5 are allowed",
    ]
    assert len(ids(place)) == 4


@pytest.mark.parametrize("scanner", ["trivy", "grype"])
def test_a_distribution_whose_packages_are_gone_is_a_gap(place: Workplace, scanner: str) -> None:
    of(with_(place, scanner), [os_release("debian", "12"), File("etc/debian_version", "12.5\n")])
    (why,) = place.gaps()
    assert f"{scanner} recognised debian 12" in why
    assert "none of its packages" in why


@pytest.mark.parametrize("scanner", ["trivy", "grype"])
def test_an_image_of_one_unknown_program_is_a_gap(place: Workplace, scanner: str) -> None:
    of(with_(place, scanner), [File("app", "\x7fELF", mode=0o755)])
    assert place.gaps() == [f"{scanner} recognised no package: there was nothing that it could judge"]


@pytest.mark.parametrize("scanner", ["trivy", "grype"])
def test_a_distribution_that_nobody_has_data_for_is_a_gap(place: Workplace, scanner: str) -> None:
    layers = [os_release("void", "1")], python_distributions(scanned_images.PYTHON)
    of(with_(place, scanner), *layers, os_release="void 1")
    assert len(place.gaps()) == 1
    assert ids(place) == ["CVE-2024-90004", "CVE-2024-90005"]


def test_the_end_of_a_distribution_is_a_fact(place: Workplace) -> None:
    trivy_databases.write(place.folder / "trivy", {**trivy_databases.tree(), "debian 9": {"openssl": {"CVE-1": b"{}"}}})
    of(place, debian("9", scanned_images.DEBIAN))
    body = place.scan().body
    assert body is not None
    assert body["distribution"]["ended"] is True


# ---------------------------------------------------------------- jars


def jar() -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr(zipfile.ZipInfo("META-INF/MANIFEST.MF"), "Manifest-Version: 1.0\n")
    return raw.getvalue()


def with_jar(place: Workplace) -> Workplace:
    return of(place, debian("12", scanned_images.DEBIAN), [File("srv/app.jar", jar())])


def test_a_jar_without_a_java_database_is_a_gap_and_the_rest_is_judged(place: Workplace) -> None:
    (why,) = with_jar(place).gaps()
    assert "trivy has no usable Java database" in why
    assert ids(place) == ["CVE-2024-90001", "CVE-2024-90002"]


def test_a_jar_with_an_empty_java_database_is_a_gap_too(place: Workplace) -> None:
    trivy_databases.write_java(place.folder / "trivy", rows=0)
    (why,) = with_jar(place).gaps()
    assert "names no jar" in why
    assert ids(place) == ["CVE-2024-90001", "CVE-2024-90002"]


def test_an_image_without_jars_needs_no_java_database(place: Workplace) -> None:
    trivy_databases.write_java(place.folder / "trivy", rows=0)
    assert place.gaps() == []


def test_a_jar_that_the_java_database_names_is_judged_with_its_age(place: Workplace) -> None:
    digest = hashlib.sha1(jar(), usedforsecurity=False).digest()
    trivy_databases.write_java(place.folder / "trivy", built="2025-11-01T00:00:00Z", sha1=digest)
    gaps = with_jar(place).gaps()
    assert [why.partition(":")[0] for why in gaps] == [
        "trivy's Java database is 63 days old and 5 are allowed",
        "trivy's database has no data for jar",
    ]


# ---------------------------------------------------------------- bills of materials


def test_a_bill_of_materials_made_here_is_understood_by_its_own_family_only(place: Workplace) -> None:
    for form in ("cyclonedx", "spdx"):
        bill = place.scan(sbom=form).sbom
        assert bill is not None
        path = place.folder / f"{form}.json"
        path.write_bytes(bill)
        sbom = replace(place, content=ImageContent(form, path, Form.SBOM))
        assert with_(sbom, "trivy").gaps() == []
        assert len(ids(sbom)) == 4
        assert "was made by trivy" in with_(sbom, "grype").gaps()[0]
        assert ids(sbom) == ["CVE-2024-90004", "CVE-2024-90005"]


@pytest.mark.parametrize("name", ["syft.cdx.json", "syft.spdx.json"])
def test_syfts_bill_of_materials_is_understood_by_grype_only(place: Workplace, name: str) -> None:
    place.content = ImageContent(name, RECORDED / name, Form.SBOM)
    assert with_(place, "grype").gaps() == []
    assert len(ids(place)) == 4
    assert "was made by syft" in with_(place, "trivy").gaps()[0]
    assert ids(place) == ["CVE-2024-90004", "CVE-2024-90005"]


def test_a_bill_of_materials_needs_no_database(place: Workplace) -> None:
    place.settings = replace(place.settings, trivy_cache=place.folder / "nowhere")
    scanned = place.scan(sbom="cyclonedx")
    assert scanned.sbom is not None
    assert json.loads(scanned.sbom)["bomFormat"] == "CycloneDX"
    assert len(scanned.gaps) == 1


def test_a_bill_of_materials_with_jars_is_not_made_without_them(place: Workplace) -> None:
    with_jar(place)
    scanned = place.scan(sbom="cyclonedx")
    assert scanned.sbom is None
    (gap,) = [gap for gap in scanned.gaps if "no bill of materials was made" in gap.why]
    assert "trivy image --download-java-db-only" in gap.remedy
    trivy_databases.write_java(place.folder / "trivy")
    assert place.scan(sbom="cyclonedx").sbom is not None


# ---------------------------------------------------------------- how they run


def test_many_scans_share_one_database(place: Workplace) -> None:
    with ThreadPoolExecutor(6) as pool:
        scans = [pool.submit(scan, place.content, place.settings, NOW) for _ in range(6)]
        bodies = [one.result() for one in scans]
    assert all(one.gaps == () and one.body and len(one.body["vulnerabilities"]) == 4 for one in bodies)


def test_a_database_that_may_not_be_written_is_copied(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and allowed(path, mode))
    before = (place.folder / "trivy" / "db" / "trivy.db").stat().st_mtime_ns
    assert len(ids(place)) == 4
    assert (place.folder / "trivy" / "db" / "trivy.db").stat().st_mtime_ns == before


def test_files_that_would_hide_findings_have_no_effect(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    home = place.folder / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TRIVY_SEVERITY", "LOW")
    monkeypatch.setenv("GRYPE_ONLY_FIXED", "true")
    (home / ".trivyignore").write_text("CVE-2024-90001\n")
    (home / "trivy.yaml").write_text("severity: [LOW]\n")
    (home / ".trivy" / "modules").mkdir(parents=True)
    (home / ".trivy" / "modules" / "drops_findings.wasm").write_bytes(b"loaded, it would be an error")
    (home / ".grype.yaml").write_text("ignore:\n  - vulnerability: CVE-2024-90001\n")
    with_(place, "trivy", "grype")
    assert [(one["id"], one["not_seen_by"]) for one in place.found()] == [
        (f"CVE-2024-9000{number}", []) for number in (1, 2, 4, 5)
    ]


# ---------------------------------------------------------------- updates


def push(address: str, repository: str, layer: bytes) -> str:
    """Push trivy's database as an artifact; what to name in db_repository."""
    base = f"http://{address}/v2/{repository}"
    config_type, layer_type = (
        f"application/vnd.aquasec.trivy.{kind}" for kind in ("config.v1+json", "db.layer.v1.tar+gzip")
    )
    blobs = []
    for data, media_type in ((b"{}", config_type), (layer, layer_type)):
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        where = httpx.URL(httpx.post(f"{base}/blobs/uploads/").raise_for_status().headers["location"])
        where = httpx.URL(base).join(where).copy_merge_params({"digest": digest})
        httpx.put(where, content=data).raise_for_status()
        blobs.append({"mediaType": media_type, "digest": digest, "size": len(data)})
    blobs[1]["annotations"] = {"org.opencontainers.image.title": "db.tar.gz"}
    kind = "application/vnd.oci.image.manifest.v1+json"
    manifest = {"schemaVersion": 2, "mediaType": kind, "config": blobs[0], "layers": blobs[1:]}
    headers = {"content-type": kind}
    httpx.put(f"{base}/manifests/2", content=json.dumps(manifest), headers=headers).raise_for_status()
    return f"{address}/{repository}"


def test_trivys_database_is_fetched_from_a_repository_of_ones_own(place: Workplace, docker_registry: str) -> None:
    repository = push(docker_registry, "mirror/trivy-db", trivy_databases.archive())
    place.settings = replace(place.settings, trivy_cache=place.folder / "new", update=True, db_repository=repository)
    assert place.gaps() == []
    assert len(ids(place)) == 4
    assert sorted(path.name for path in (place.folder / "new").rglob("*")) == ["db", "metadata.json", "trivy.db"]


def test_a_database_that_is_out_of_reach_is_a_gap_and_the_old_one_is_kept(place: Workplace) -> None:
    metadata = place.folder / "trivy" / "db" / "metadata.json"
    metadata.write_text(metadata.read_text().replace("2100", "2026"))
    before = metadata.read_bytes()
    place.settings = replace(place.settings, update=True, db_repository="127.0.0.1:9/trivy-db")
    (why,) = place.gaps()
    assert "trivy's database could not be updated" in why
    assert len(ids(place)) == 4
    assert metadata.read_bytes() == before


def test_a_first_database_that_is_out_of_reach_leaves_nothing_judged(place: Workplace) -> None:
    place.settings = replace(
        place.settings, trivy_cache=place.folder / "new", update=True, db_repository="127.0.0.1:9/trivy-db"
    )
    assert [why.partition(":")[0] for why in place.gaps()] == [
        "trivy's database could not be updated",
        "trivy has no usable database",
    ]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the standard library's name
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_grypes_database_is_fetched_from_an_address_of_ones_own(place: Workplace, grype: Path) -> None:
    site = place.folder / "site"
    site.mkdir()
    with tarfile.open(site / "db.tar.gz", "w:gz") as archive:
        archive.add(place.folder / "grype" / "6" / "vulnerability.db", "vulnerability.db")
    digest = hashlib.sha256((site / "db.tar.gz").read_bytes()).hexdigest()
    latest = {"status": "active", "schemaVersion": "v6.1.2", "built": grype_databases.DAY, "path": "db.tar.gz"}
    (site / "latest.json").write_text(json.dumps({**latest, "checksum": f"sha256:{digest}"}))
    assert tools.find("grype") == grype
    with served(site) as address:
        place.settings = replace(
            place.settings, grype_cache=place.folder / "new", update=True, grype_update_url=f"{address}/latest.json"
        )
        assert with_(place, "grype").gaps() == []
    assert len(place.found()) == 4


def test_a_grype_database_that_is_out_of_reach_is_a_gap(place: Workplace) -> None:
    place.settings = replace(place.settings, update=True, grype_update_url="http://127.0.0.1:9/latest.json")
    (why,) = with_(place, "grype").gaps()
    assert "grype's database could not be updated" in why
    assert len(ids(place)) == 4
