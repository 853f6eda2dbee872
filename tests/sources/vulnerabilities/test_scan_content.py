"""Images and bills of materials that can be scanned, and those that cannot."""

import json

import pytest
import scanned_images
from scan_workplace import RECORDED, Workplace, recorded

from compliance.sources.vulnerabilities import Form, ImageContent


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
    workplace.only(scanner)
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
    workplace.only(scanner)
    (why,) = workplace.gaps()
    assert f"{scanner} does not understand how it names source packages: 3 packages of the distribution" in why


def test_packages_of_a_bill_of_materials_that_a_scanner_did_not_see_are_a_gap(workplace: Workplace) -> None:
    value = recorded("trivy.cdx.json")
    value["components"] += [{"type": "library", "name": "x", "purl": "pkg:pypi/x@1"}, {"type": "library", "name": "y"}]
    workplace.content = ImageContent("sbom", workplace.write("sbom.json", value), Form.SBOM)
    workplace.only("trivy")
    assert workplace.gaps() == [
        "1 libraries of the bill of materials have no package URL: they are not judged",
        "trivy recognised 3 of 4 pypi packages of the bill of materials: the others are not judged",
    ]


@pytest.mark.parametrize(
    ("name", "key", "package"),
    [
        ("trivy.cdx.json", "components", {"type": "framework", "name": "y"}),
        ("trivy.spdx.json", "packages", {"name": "y", "versionInfo": "1"}),
        ("trivy.spdx.json", "packages", {"name": "y", "versionInfo": "1", "primaryPackagePurpose": "LIBRARY"}),
    ],
)
def test_packages_that_only_a_person_could_name_are_a_gap(
    workplace: Workplace, name: str, key: str, package: dict[str, str]
) -> None:
    value = recorded(name)
    value[key].append(package)
    workplace.content = ImageContent("sbom", workplace.write("sbom.json", value), Form.SBOM)
    workplace.only("trivy")
    assert workplace.gaps() == ["1 libraries of the bill of materials have no package URL: they are not judged"]


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
    workplace.only("trivy")
    assert "was made by syft-1.18.1" in workplace.gaps()[0]


def test_a_bill_of_materials_that_was_asked_for_comes_with_the_scan(workplace: Workplace) -> None:
    assert workplace.scan(sbom="cyclonedx").sbom == (RECORDED / "trivy.json").read_bytes()


def test_a_bill_of_materials_that_cannot_be_made_is_a_gap(workplace: Workplace) -> None:
    workplace.only("grype")
    workplace.program("trivy", "echo FATAL no >&2; exit 1")
    scanned = workplace.scan(sbom="spdx")
    assert scanned.sbom is None
    assert [gap.why for gap in scanned.gaps] == ["no bill of materials was made: trivy failed: FATAL no"]
