"""The gate's answer and its reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.gate import GatePolicy, decide
from compliance.model import (
    Assessment,
    ExitCode,
    Finding,
    Gap,
    Origin,
    Severity,
    Stage,
    Standing,
    Subject,
    Waiver,
)

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

WAIVER = Waiver("probes.a", "**", "r", "a", date(2027, 1, 1), None, Origin("w.yaml"))
GAP = Gap(Stage.EVALUATE, "Pod/web", "it broke", "mend it")
UNREAD = Gap(Stage.COLLECT, "a.yaml", "it broke", "mend it")
POLICY = GatePolicy()


def finding(
    rule: str = "probes.a",
    severity: Severity = Severity.HIGH,
    *,
    waiver: Waiver | None = None,
    expired: Waiver | None = None,
    enforced: bool = True,
    standing: Standing | None = None,
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        subject=Subject("Pod", "web"),
        message="is wrong",
        at="",
        origin=Origin("a.yaml"),
        owner="sre",
        waiver=waiver,
        expired_waiver=expired,
        enforced=enforced,
        standing=standing,
    )


def assessed(*findings: Finding, gaps: tuple[Gap, ...] = (), subjects: int = 1, judged: int = 1) -> Assessment:
    return Assessment(
        taken_at=datetime(2026, 6, 15, tzinfo=UTC),
        tool_version="0",
        rules_digest="d",
        engine="wasm",
        targets=(),
        inputs=(),
        subjects=subjects,
        judged={"probes.a": judged},
        findings=findings,
        gaps=gaps,
        passed_over=(),
        rules={},
    )


def code(assessment: Assessment, policy: GatePolicy = POLICY) -> ExitCode:
    return decide(assessment, policy).exit_code


@pytest.mark.parametrize("threshold", Severity)
@pytest.mark.parametrize("severity", Severity)
def test_the_threshold_itself_refuses(severity: Severity, threshold: Severity) -> None:
    refused = code(assessed(finding(severity=severity)), GatePolicy(threshold)) is ExitCode.REFUSED
    assert refused is (severity >= threshold)


def test_never_never_refuses() -> None:
    assert code(assessed(finding(severity=Severity.CRITICAL)), GatePolicy(None)) is ExitCode.CLEAN


@pytest.mark.parametrize(
    ("general", "pack", "expected"),
    [
        (Severity.HIGH, Severity.LOW, ExitCode.REFUSED),
        (Severity.LOW, Severity.HIGH, ExitCode.CLEAN),
        (Severity.LOW, None, ExitCode.CLEAN),
        (None, Severity.LOW, ExitCode.REFUSED),
        (None, Severity.INFO, ExitCode.REFUSED),
    ],
)
def test_the_threshold_of_a_pack_wins(general: Severity | None, pack: Severity | None, expected: ExitCode) -> None:
    policy = GatePolicy(general, {"probes": pack})
    assert code(assessed(finding(severity=Severity.MEDIUM)), policy) is expected


def test_the_threshold_of_a_pack_is_for_that_pack_only() -> None:
    assert code(assessed(finding("probes2.a")), GatePolicy(Severity.HIGH, {"probes": None})) is ExitCode.REFUSED


@pytest.mark.parametrize("aside", [finding(waiver=WAIVER), finding(enforced=False)])
def test_waived_and_not_yet_enforced_findings_never_refuse(aside: Finding) -> None:
    assert code(assessed(aside), GatePolicy(Severity.INFO)) is ExitCode.CLEAN


def test_a_finding_whose_waiver_has_expired_refuses() -> None:
    assert code(assessed(finding(expired=WAIVER))) is ExitCode.REFUSED


@pytest.mark.parametrize(
    ("standing", "expected"),
    [(Standing.KNOWN, ExitCode.CLEAN), (Standing.NEW, ExitCode.REFUSED), (None, ExitCode.REFUSED)],
)
def test_only_what_the_baseline_knows_is_let_through(standing: Standing | None, expected: ExitCode) -> None:
    assert code(assessed(finding(standing=standing)), GatePolicy(fail_on_new=True)) is expected
    assert code(assessed(finding(standing=standing))) is ExitCode.REFUSED


@pytest.mark.parametrize(
    "assessment",
    [
        assessed(gaps=(GAP,)),
        assessed(finding(severity=Severity.LOW), gaps=(UNREAD,)),
        assessed(subjects=0, judged=0),
        assessed(subjects=3, judged=0),
    ],
)
def test_what_was_not_judged_is_never_clean(assessment: Assessment) -> None:
    assert code(assessment) is ExitCode.NOT_JUDGED
    assert code(assessment, GatePolicy(None)) is ExitCode.NOT_JUDGED


def test_refused_wins_over_not_judged_and_says_both() -> None:
    decision = decide(assessed(finding(), gaps=(GAP,)), POLICY)
    assert decision.exit_code is ExitCode.REFUSED
    assert [reason.partition(":")[0] for reason in decision.reasons] == ["refused", "not judged"]


def test_reasons_read_as_sentences(snapshot: SnapshotAssertion) -> None:
    critical = finding("tags.x", Severity.CRITICAL)
    many = [critical, *[finding("probes.b")] * 3, *[finding("probes.a")] * 3, finding("limits.c"), finding("limits.d")]
    low = finding(severity=Severity.LOW)
    aside = [finding(waiver=WAIVER), finding(enforced=False), finding(expired=WAIVER)]
    known, new = finding(standing=Standing.KNOWN), finding(standing=Standing.NEW)
    cases = {
        "nothing wrong": (assessed(), POLICY),
        "below": (assessed(low, low), POLICY),
        "one": (assessed(finding()), POLICY),
        "many": (assessed(*many, gaps=(GAP, UNREAD, GAP)), POLICY),
        "critical only": (assessed(critical), GatePolicy(Severity.CRITICAL)),
        "by pack": (assessed(low), GatePolicy(Severity.HIGH, {"probes": Severity.LOW})),
        "never": (assessed(finding()), GatePolicy(None)),
        "set aside": (assessed(*aside), POLICY),
        "no subject": (assessed(subjects=0, judged=0), POLICY),
        "no rule": (assessed(subjects=2, judged=0), POLICY),
        "gap": (assessed(low, gaps=(GAP,)), POLICY),
        "known only": (assessed(known), GatePolicy(fail_on_new=True)),
        "new": (assessed(known, new), GatePolicy(fail_on_new=True)),
    }
    told = {name: decide(assessment, policy) for name, (assessment, policy) in cases.items()}
    assert {name: (int(decision.exit_code), *decision.reasons) for name, decision in told.items()} == snapshot


findings = st.builds(
    finding,
    st.sampled_from(["probes.a", "probes.b", "tags.x"]),
    st.sampled_from(Severity),
    waiver=st.sampled_from([None, WAIVER]),
    enforced=st.booleans(),
    standing=st.sampled_from([None, *Standing]),
)
thresholds = st.none() | st.sampled_from(Severity)
policies = st.builds(
    GatePolicy, thresholds, st.dictionaries(st.sampled_from(["probes", "tags"]), thresholds), st.booleans()
)
assessments = st.builds(
    lambda found, gaps, subjects, judged: assessed(*found, gaps=tuple(gaps), subjects=subjects, judged=judged),
    st.lists(findings, max_size=5),
    st.lists(st.sampled_from([GAP, UNREAD]), max_size=2),
    st.integers(0, 2),
    st.integers(0, 2),
)


@given(assessments, policies, findings)
def test_another_finding_never_opens_the_gate(assessment: Assessment, policy: GatePolicy, more: Finding) -> None:
    before = code(assessment, policy)
    after = code(replace(assessment, findings=(*assessment.findings, more)), policy)
    assert after is before or after is ExitCode.REFUSED


@given(assessments, policies)
def test_a_gap_is_never_clean(assessment: Assessment, policy: GatePolicy) -> None:
    assert code(replace(assessment, gaps=(*assessment.gaps, GAP)), policy) is not ExitCode.CLEAN


@given(assessments, policies)
def test_a_waiver_only_ever_takes_a_refusal_away(assessment: Assessment, policy: GatePolicy) -> None:
    waived = replace(assessment, findings=tuple(replace(each, waiver=WAIVER) for each in assessment.findings))
    assert code(waived, policy) is not ExitCode.REFUSED
    assert code(waived, policy) in {code(assessment, policy), ExitCode.CLEAN, ExitCode.NOT_JUDGED}


@given(assessments, policies)
def test_there_is_always_a_reason_and_the_first_decides(assessment: Assessment, policy: GatePolicy) -> None:
    decision = decide(assessment, policy)
    words = {ExitCode.CLEAN: "clean", ExitCode.REFUSED: "refused", ExitCode.NOT_JUDGED: "not judged"}
    assert decision.reasons[0].startswith(words[decision.exit_code] + ": ")


@given(assessments, policies)
def test_what_could_not_be_kept_is_never_clean_and_a_refusal_stays_one(
    assessment: Assessment, policy: GatePolicy
) -> None:
    kept, unkept = decide(assessment, policy), decide(assessment, policy, problem="not kept: the disk is full")
    refused = kept.exit_code is ExitCode.REFUSED
    assert unkept.exit_code is (ExitCode.REFUSED if refused else ExitCode.NOT_JUDGED)
    assert "not kept: the disk is full" in unkept.reasons
    assert not any(reason.startswith("clean") for reason in unkept.reasons)
