"""Reports, bills of materials, VEX documents and lists that something has damaged are read or refused, never more."""

import contextlib
import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scan_workplace import NOW, RECORDED

from compliance.errors import ReadError
from compliance.sources.vulnerabilities import bill_of_materials, exploited, grype_report, trivy_report, vex_documents
from compliance.sources.vulnerabilities.facts import scan_facts
from compliance.sources.vulnerabilities.records import ImageContent, Outcome
from compliance.sources.vulnerabilities.report_fields import moment, package_url

PROPERTY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
ODD = st.sampled_from(
    [
        None,
        True,
        -1,
        2**70,
        1.5,
        "",
        "\0",
        "\ud800",
        "pkg:",
        "pkg:a/b?c",
        "9999-12-31T23:59:59-12:00",
        [],
        {},
        [[]],
        [None],
    ]
)
VEX = {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "author": "a",
    "timestamp": "2026-01-01T00:00:00Z",
    "statements": [
        {
            "vulnerability": {"name": "CVE-2024-90001", "aliases": ["x"]},
            "products": [
                {"@id": "pkg:oci/web", "identifiers": {"purl": "pkg:oci/web"}, "subcomponents": [{"@id": "p"}]}
            ],
            "status": "fixed",
        }
    ],
}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 - JSON
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in inner for place in places(each, (*path, key)))]


def damaged(value: Any, data: st.DataObject) -> bytes:  # noqa: ANN401 - JSON
    value = copy.deepcopy(value)
    for _ in range(data.draw(st.integers(1, 3))):
        *path, last = data.draw(st.sampled_from([place for place in places(value) if place]))
        target = value
        for key in path:
            target = target[key]
        target[last] = copy.deepcopy(data.draw(ODD))
    return json.dumps(value).encode()


def recorded(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((RECORDED / name).read_bytes())


@given(data=st.data())
@PROPERTY
def test_a_damaged_report_of_trivy(data: st.DataObject) -> None:
    with contextlib.suppress(ReadError):
        report = trivy_report.parse(damaged(recorded("trivy.json"), data))
        scan_facts(ImageContent("web", Path()), [Outcome("trivy", report=report)], [], None, NOW)


@given(data=st.data())
@PROPERTY
def test_a_damaged_report_of_grype(data: st.DataObject) -> None:
    with contextlib.suppress(ReadError):
        bill = damaged(recorded("grype.cdx.json"), data)
        report = grype_report.parse(damaged(recorded("grype.json"), data), bill, exploited_known=True)
        scan_facts(ImageContent("web", Path()), [Outcome("grype", report=report)], [], None, NOW)


@pytest.mark.parametrize("name", ["trivy.cdx.json", "trivy.spdx.json", "syft.cdx.json", "syft.spdx.json"])
@given(data=st.data())
@PROPERTY
def test_a_damaged_bill_of_materials(tmp_path: Path, name: str, data: st.DataObject) -> None:
    path = tmp_path / "sbom"
    path.write_bytes(damaged(recorded(name), data))
    with contextlib.suppress(ReadError):
        bill_of_materials.read(path)


@pytest.mark.parametrize(
    "document",
    [
        VEX,
        {
            **recorded("trivy.cdx.json"),
            "vulnerabilities": [{"id": "CVE-1", "analysis": {"state": "resolved"}, "affects": [{"ref": "x"}]}],
        },
    ],
)
@given(data=st.data())
@PROPERTY
def test_a_damaged_vex_document(tmp_path: Path, document: object, data: st.DataObject) -> None:
    path = tmp_path / "vex"
    path.write_bytes(damaged(document, data))
    with contextlib.suppress(ReadError):
        vex_documents.read(path)


@given(noise=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore"))))
@PROPERTY
def test_noise_in_every_place(tmp_path: Path, noise: bytes) -> None:
    path = tmp_path / "noise"
    path.write_bytes(noise)
    for read in (exploited.read, vex_documents.read, bill_of_materials.read):
        with contextlib.suppress(ReadError):
            read(path)


@given(st.text(max_size=80))
def test_what_is_no_package_url_is_none(text: str) -> None:
    url = package_url(f"pkg:{text}")
    assert url is None or url.type


@given(st.text(alphabet="0123456789-:TZ+. ", max_size=40))
def test_what_is_no_time_is_none(text: str) -> None:
    found = moment(text)
    assert found is None or found.utcoffset() is not None
