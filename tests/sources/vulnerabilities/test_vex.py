"""Which VEX statements have an effect on a scan, and which have none."""

import json
from dataclasses import replace
from typing import Any

import pytest
from scan_workplace import Workplace

DIGEST = f"sha256:{'a' * 64}"
OPENSSL = "pkg:deb/debian/libssl3@3.0.15-1~deb12u1"
IMAGE = f"pkg:oci/web@{DIGEST.replace(':', '%3A')}?repository_url=registry.example.com/shop/web"


@pytest.fixture
def image(workplace: Workplace) -> Workplace:
    workplace.settings = replace(workplace.settings, scanners=("trivy",))
    workplace.content = replace(workplace.content, name="registry.example.com/shop/web", digests=(DIGEST,))
    return workplace


def openvex(*statements: dict[str, Any], **fields: object) -> dict[str, Any]:
    return {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "author": "security@example.com",
        "timestamp": "2026-01-01T00:00:00Z",
        "statements": list(statements),
        **fields,
    }


def statement(
    *products: object, status: str = "not_affected", name: str = "CVE-2024-90001", **more: object
) -> dict[str, Any]:
    named = [{"@id": product} if isinstance(product, str) else product for product in products]
    reason = {"justification": "vulnerable_code_not_in_execute_path"} if status == "not_affected" else {}
    return {"vulnerability": {"name": name}, "products": named, "status": status, **reason, **more}


def cyclonedx(**fields: object) -> dict[str, Any]:
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"timestamp": "2026-01-01T00:00:00Z"}, **fields}


def about(reference: str, state: str = "not_affected", **more: object) -> dict[str, Any]:
    analysis = {"state": state, "justification": "code_not_reachable"}
    return {"id": "CVE-2024-90001", "analysis": analysis, "affects": [{"ref": reference}], **more}


def judged(image: Workplace, *documents: dict[str, Any]) -> dict[str, Any]:
    paths = []
    for number, document in enumerate(documents):
        paths.append(image.folder / f"vex-{number}.json")
        paths[-1].write_text(json.dumps(document))
    image.settings = replace(image.settings, vex=tuple(paths))
    assert image.gaps() == []
    return next(one for one in image.found() if one["id"] == "CVE-2024-90001")


@pytest.mark.parametrize(
    "product",
    [
        OPENSSL,
        "pkg:deb/debian/libssl3",
        "pkg:deb/debian/libssl3?arch=amd64",
        {"@id": "urn:anything", "identifiers": {"purl": OPENSSL}},
        IMAGE,
        {"@id": IMAGE, "subcomponents": [{"@id": OPENSSL}]},
        {"@id": f"pkg:oci/web@{DIGEST.replace(':', '%3A')}", "subcomponents": [{"@id": "pkg:deb/debian/libssl3"}]},
        "pkg:oci/web?repository_url=registry.example.com/shop/web",
    ],
)
def test_a_statement_about_the_package_or_the_image_closes_it(image: Workplace, product: object) -> None:
    found = judged(image, openvex(statement(product)))
    assert found["open"] is False
    assert found["vex"] == {
        "status": "not_affected",
        "justification": "vulnerable_code_not_in_execute_path",
        "author": "security@example.com",
    }


@pytest.mark.parametrize(
    "product",
    [
        "pkg:deb/debian/libssl3@3.0.14",
        "pkg:deb/debian/openssl",
        "pkg:deb/ubuntu/libssl3",
        "pkg:deb/debian/libssl3?arch=arm64",
        f"pkg:oci/web@sha256%3A{'b' * 64}",
        "pkg:oci/api",
        "pkg:oci/web?repository_url=registry.example.com/other/web",
        "pkg:oci/web?tag=1.0",
        {"@id": IMAGE, "subcomponents": [{"@id": "pkg:deb/debian/zlib1g"}]},
        {"@id": IMAGE, "subcomponents": [{"@id": "urn:unknown"}]},
        {"@id": OPENSSL, "subcomponents": [{"@id": "pkg:deb/debian/zlib1g"}]},
        "libssl3",
        "",
    ],
)
def test_a_statement_about_anything_else_has_no_effect(image: Workplace, product: object) -> None:
    found = judged(image, openvex(statement(product)))
    assert (found["open"], found["vex"]) == (True, None)


def test_a_statement_about_no_product_has_no_effect(image: Workplace) -> None:
    assert judged(image, openvex(statement()))["vex"] is None


def test_a_statement_about_another_vulnerability_has_no_effect(image: Workplace) -> None:
    assert judged(image, openvex(statement(OPENSSL, name="CVE-2024-90002")))["vex"] is None


def test_an_alias_names_a_vulnerability_too(image: Workplace) -> None:
    about_it = statement(OPENSSL)
    about_it["vulnerability"] = {"name": "VENDOR-1", "aliases": ["cve-2024-90001"]}
    assert judged(image, openvex(about_it))["open"] is False


@pytest.mark.parametrize(
    ("status", "is_open"),
    [("not_affected", False), ("fixed", False), ("affected", True), ("under_investigation", True)],
)
def test_a_status_closes_or_not(image: Workplace, status: str, is_open: bool) -> None:  # noqa: FBT001
    found = judged(image, openvex(statement(OPENSSL, status=status)))
    assert (found["open"], found["vex"]["status"]) == (is_open, status)


def test_the_latest_statement_wins_wherever_it_stands(image: Workplace) -> None:
    late = statement(OPENSSL, status="affected", timestamp="2026-01-02T00:00:00+00:00")
    early = statement(OPENSSL, timestamp="2026-01-01T12:00:00Z")
    assert judged(image, openvex(late), openvex(early))["open"] is True
    assert judged(image, openvex(early, late))["open"] is True


def test_of_two_statements_at_once_the_later_one_wins(image: Workplace) -> None:
    assert judged(image, openvex(statement(OPENSSL)), openvex(statement(OPENSSL, status="affected")))["open"] is True
    assert judged(image, openvex(statement(OPENSSL, status="affected"), statement(OPENSSL)))["open"] is False


def test_an_impact_statement_is_a_justification(image: Workplace) -> None:
    reason = statement(OPENSSL, impact_statement="never called")
    del reason["justification"]
    assert judged(image, openvex(reason))["vex"]["justification"] == "never called"


def test_no_reason_at_all_is_left_to_its_rule(image: Workplace) -> None:
    reason = statement(OPENSSL)
    del reason["justification"]
    assert judged(image, openvex(reason))["vex"]["justification"] is None


def test_an_image_without_a_name_is_known_by_its_digest_only(image: Workplace) -> None:
    image.content = replace(image.content, name=None)
    assert judged(image, openvex(statement(IMAGE)))["open"] is False
    assert judged(image, openvex(statement("pkg:oci/web")))["open"] is True


@pytest.mark.parametrize(
    "reference", [OPENSSL, f"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#{OPENSSL.replace('~', '%7E')}", "ref-1"]
)
def test_cyclonedx_names_components_in_three_ways(image: Workplace, reference: str) -> None:
    component = {"bom-ref": "ref-1", "type": "library", "name": "libssl3", "purl": OPENSSL}
    found = judged(image, cyclonedx(components=[component], vulnerabilities=[about(reference)]))
    assert (found["open"], found["vex"]["justification"]) == (False, "code_not_reachable")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("resolved", "fixed"),
        ("resolved_with_pedigree", "fixed"),
        ("exploitable", "affected"),
        ("in_triage", "under_investigation"),
        ("false_positive", "not_affected"),
        ("not_affected", "not_affected"),
    ],
)
def test_cyclonedx_states(image: Workplace, state: str, status: str) -> None:
    assert judged(image, cyclonedx(vulnerabilities=[about(OPENSSL, state)]))["vex"]["status"] == status


def test_cyclonedx_about_another_image_has_no_effect(image: Workplace) -> None:
    def subject(url: str) -> dict[str, Any]:
        metadata = {"component": {"bom-ref": "it", "type": "container", "name": "web", "purl": url}}
        return cyclonedx(metadata=metadata, vulnerabilities=[about(OPENSSL)])

    assert judged(image, subject(IMAGE))["open"] is False
    assert judged(image, subject("pkg:oci/api"))["open"] is True


def test_cyclonedx_about_the_image_as_a_whole(image: Workplace) -> None:
    metadata = {"component": {"bom-ref": "it", "type": "container", "name": "web", "purl": IMAGE}}
    assert judged(image, cyclonedx(metadata=metadata, vulnerabilities=[about("it")]))["open"] is False


@pytest.mark.parametrize(("version", "is_open"), [("3.0.15-1~deb12u1", False), ("3.0.14", True)])
def test_cyclonedx_about_certain_versions(image: Workplace, version: str, is_open: bool) -> None:  # noqa: FBT001
    said = about("pkg:deb/debian/libssl3")
    said["affects"][0]["versions"] = [{"version": version, "status": "affected"}]
    assert judged(image, cyclonedx(vulnerabilities=[said]))["open"] is is_open


def test_cyclonedx_without_analysis_says_nothing(image: Workplace) -> None:
    said = about(OPENSSL)
    del said["analysis"]
    assert judged(image, cyclonedx(vulnerabilities=[said]))["vex"] is None


@pytest.mark.parametrize(
    "document",
    [
        "no JSON",
        "[]",
        "{}",
        json.dumps(openvex(**{"@context": "https://openvex.dev/ns"})),
        json.dumps(openvex(statement(OPENSSL, status="probably_fine"))),
        json.dumps(openvex(statements=5)),
        json.dumps(cyclonedx(vulnerabilities=[about(OPENSSL, "probably_fine")])),
    ],
)
def test_a_document_that_cannot_be_read_is_a_gap_and_closes_nothing(image: Workplace, document: str) -> None:
    path = image.folder / "vex.json"
    path.write_text(document)
    image.settings = replace(image.settings, vex=(path,))
    assert [str(path) in why for why in image.gaps()] == [True]
    assert all(one["open"] for one in image.found())


def test_a_missing_document_is_a_gap(image: Workplace) -> None:
    image.settings = replace(image.settings, vex=(image.folder / "vex.json",))
    assert "cannot be read: No such file" in image.gaps()[0]
