"""JUnit XML: its structure as Jenkins' schema (junit-10) has it, and what becomes of findings, waivers and gaps.

No package on PyPI carries that schema, so its elements, attributes and required ones are written out below.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import pytest

from compliance.output import junit

if TYPE_CHECKING:
    from collections.abc import Callable

    from syrupy.assertion import SnapshotAssertion

    from compliance.model import Assessment, Decision

_OUTCOME: Final = ({"type", "message"}, set[str](), set[str]())
JENKINS: Final = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set[str](), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
        {"name", "tests", "failures", "errors"},
        {"testcase", "properties"},
    ),
    "properties": (set[str](), set[str](), {"property"}),
    "property": ({"name", "value"}, {"name"}, set[str]()),
    "testcase": ({"name", "classname", "time"}, {"name"}, {"skipped", "error", "failure", "system-out"}),
    "skipped": _OUTCOME,
    "error": _OUTCOME,
    "failure": _OUTCOME,
    "system-out": (set[str](), set[str](), set[str]()),
}


def _read(assessment: Assessment, decision: Decision) -> ET.Element:
    written = junit.render(assessment, decision).encode("utf-8", "backslashreplace")
    return ET.fromstring(written)  # noqa: S314 - written one line above


def _outcome(root: ET.Element, classname: str) -> list[str]:
    return [case[0].tag for case in root.iter("testcase") if case.attrib["classname"] == classname]


def test_the_document_has_the_structure_that_jenkins_reads(
    assessment: Assessment,
    decision: Decision,
    nothing: tuple[Assessment, Decision],
    clean: tuple[Assessment, Decision],
) -> None:
    for given in ((assessment, decision), nothing, clean):
        root = _read(*given)
        assert root.tag == "testsuites"
        for element in root.iter():
            allowed, required, children = JENKINS[element.tag]
            assert required <= set(element.attrib) <= allowed
            assert {child.tag for child in element} <= children


def test_the_document_reads_like_this(assessment: Assessment, decision: Decision, snapshot: SnapshotAssertion) -> None:
    assert junit.render(assessment, decision) == snapshot


def test_the_counts_are_those_of_the_cases(assessment: Assessment, decision: Decision) -> None:
    root = _read(assessment, decision)
    for counted in [root, *root]:
        cases = list(counted.iter("testcase"))
        outcomes = [case[0].tag for case in cases]
        assert int(counted.attrib["tests"]) == len(cases)
        assert int(counted.attrib["failures"]) == outcomes.count("failure")
        assert int(counted.attrib["errors"]) == outcomes.count("error")
    assert [int(suite.attrib["skipped"]) for suite in root if suite.attrib["name"] == "versioned_tags"] == [1]


def test_findings_fail_and_gaps_are_errors(assessment: Assessment, decision: Decision) -> None:
    root = _read(assessment, decision)
    assert _outcome(root, "probes.missing_readiness") == ["failure"]
    assert _outcome(root, "probes.missing_liveness") == ["failure", "error"]
    assert _outcome(root, "collect") == ["error"]


def test_waived_and_not_yet_enforced_findings_are_skipped_with_the_reason(
    assessment: Assessment, decision: Decision
) -> None:
    root = _read(assessment, decision)
    assert [skipped.attrib["message"] for skipped in root.iter("skipped")] == [
        "not enforced before 2027-01-01: 1 replica only",
        "waived by Ada Lovelace until 2026-12-31: the vendor ships no tags <b>yet</b>",
    ]


def test_a_rule_without_an_objection_passes(assessment: Assessment, decision: Decision) -> None:
    root = _read(assessment, decision)
    assert _outcome(root, "probes.silent") == ["system-out"]


def test_a_rule_that_judged_nothing_is_no_passed_case(clean: tuple[Assessment, Decision]) -> None:
    root = _read(*clean)
    assert _outcome(root, "versioned_tags.no_change_cause") == []
    assert {case[0].tag for case in root.iter("testcase")} == {"system-out"}


def test_nothing_judged_is_an_error_and_never_an_empty_pass(nothing: tuple[Assessment, Decision]) -> None:
    root = _read(*nothing)
    assert [error.attrib["message"] for error in root.iter("error")] == ["not judged: nothing was found to judge"]


def test_two_findings_of_one_identity_are_two_cases(assessment: Assessment, decision: Decision) -> None:
    first = assessment.findings[0]
    root = _read(replace(assessment, findings=(first, replace(first, message="another"))), decision)
    names = [case.attrib["name"] for case in root.iter("testcase") if case.attrib["classname"] == first.rule]
    assert names == ["Deployment/shop/web containers[web]", "Deployment/shop/web containers[web] (2)"]


@pytest.mark.parametrize("number", [1, 300])
def test_every_finding_is_a_case(many: Callable[[int], Assessment], decision: Decision, number: int) -> None:
    assert len(list(_read(many(number), decision).iter("failure"))) == number
