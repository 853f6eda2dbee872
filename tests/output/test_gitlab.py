"""GitLab Code Quality: the keys it requires, unique fingerprints, and nothing that reads as a pass."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from compliance.model import Origin, Span
from compliance.output import gitlab

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from compliance.model import Assessment, Decision

# GitLab publishes no schema of this format; this is what its documentation requires.
DOCUMENTED = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)"},
                    "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}


def _read(assessment: Assessment, decision: Decision) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(gitlab.render(assessment, decision))
    return entries


def test_every_entry_has_what_gitlab_requires(assessment: Assessment, decision: Decision) -> None:
    jsonschema_rs.validate(DOCUMENTED, _read(assessment, decision))


def test_the_report_reads_like_this(assessment: Assessment, decision: Decision, snapshot: SnapshotAssertion) -> None:
    assert gitlab.render(assessment, decision) == snapshot


def test_gaps_come_first_and_waived_findings_not_at_all(assessment: Assessment, decision: Decision) -> None:
    checks = [entry["check_name"] for entry in _read(assessment, decision)]
    assert checks[:3] == ["gap.collect", "gap.evaluate", "infrastructure.open_ingress"]
    assert not any("web:latest" in entry["description"] for entry in _read(assessment, decision))


def test_fingerprints_are_unique_and_stable(assessment: Assessment, decision: Decision) -> None:
    first = assessment.findings[0]
    twice = replace(assessment, findings=(first, first))
    fingerprints = [entry["fingerprint"] for entry in _read(twice, decision)]
    assert len(set(fingerprints)) == len(fingerprints)
    assert first.fingerprint in fingerprints
    moved = replace(twice, findings=(replace(first, origin=Origin("other.yaml", Span(99))), first))
    assert sorted(entry["fingerprint"] for entry in _read(moved, decision)) == sorted(fingerprints)


def test_lines_of_rendered_output_are_not_passed_off_as_lines_of_a_file(
    assessment: Assessment, decision: Decision
) -> None:
    entry = next(entry for entry in _read(assessment, decision) if "StatefulSet" in entry["description"])
    assert entry["location"] == {"path": "charts/db", "lines": {"begin": 1}}
    assert "rendered by chart charts/db" in entry["description"]


def test_nothing_judged_is_an_entry(nothing: tuple[Assessment, Decision]) -> None:
    assert [entry["check_name"] for entry in _read(*nothing)] == ["gap.collect"]


def test_a_clean_report_is_an_empty_list(clean: tuple[Assessment, Decision]) -> None:
    assert _read(*clean) == []
