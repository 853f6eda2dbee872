"""What a file becomes as a predicate of a type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compliance.errors import UsageError
from compliance.supply_chain import predicate_files, predicates
from compliance.supply_chain.predicate_files import PredicateFile, predicate_of

if TYPE_CHECKING:
    from pathlib import Path


def file(content: str) -> PredicateFile:
    return PredicateFile("report", content.encode())


@pytest.mark.parametrize(
    ("uri", "content", "key"),
    [
        (predicates.CYCLONEDX, '{"bomFormat": "CycloneDX", "specVersion": "1.6"}', "bomFormat"),
        (predicates.SPDX, '{"spdxVersion": "SPDX-2.3"}', "spdxVersion"),
        (predicates.TEST_RESULT, '{"result": "PASSED", "configuration": []}', "result"),
        ("https://example.com/review/v1", '{"anything": true}', "anything"),
    ],
)
def test_a_predicate_is_taken_as_it_is(uri: str, content: str, key: str) -> None:
    made = predicate_of(file(content), uri)
    assert made == file(content).value
    assert key in made


def test_a_report_in_xml_becomes_a_result() -> None:
    made = predicate_of(
        file('\ufeff<?xml version="1.0"?><testsuite><testcase name="a"/></testsuite>'), predicates.TEST_RESULT
    )
    assert made["result"] == "PASSED"


@pytest.mark.parametrize(
    ("uri", "content", "why"),
    [
        (
            predicates.CYCLONEDX,
            '{"spdxVersion": "SPDX-2.3"}',
            "not a bill of materials of CycloneDX in JSON: it has no bomFormat",
        ),
        (predicates.SPDX, '{"bomFormat": "CycloneDX"}', "not a bill of materials of SPDX"),
        (predicates.TEST_RESULT, '{"result": "great"}', "is no test result"),
        (predicates.TEST_RESULT, "{}", "tells no test result"),
        (predicates.VULNERABILITIES, "[]", "is no JSON object"),
        ("https://example.com/review/v1", "no json", "is no JSON"),
        ("https://example.com/review/v1", '{"a": 1, "a": 2}', "twice"),
    ],
)
def test_a_file_of_another_kind_is_refused(uri: str, content: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        predicate_of(file(content), uri)


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predicate_files, "MAX_FILE", 10)
    path = tmp_path / "predicate.json"
    path.write_text("{}" + " " * 8)
    assert predicate_files.read(path).value == {}
    path.write_text("{}" + " " * 9)
    with pytest.raises(UsageError, match="larger than"):
        predicate_files.read(path)
    with pytest.raises(UsageError, match="cannot be read"):
        predicate_files.read(tmp_path / "other.json")
