"""New, known and fixed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import baseline
from compliance.baseline import Baseline, Coverage, Known
from compliance.errors import ConfigurationError
from compliance.model import (
    Assessment,
    Decision,
    ExitCode,
    Finding,
    Gap,
    Origin,
    Rule,
    Severity,
    Stage,
    Standing,
    Subject,
    Waiver,
)
from compliance.output import json_result

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

IDS = ("probes.missing_liveness", "probes.missing_readiness")
RULES = {id_: Rule(id_, "t", "d", Severity.HIGH, ("workload",), "r", "sre") for id_ in IDS}
WAIVER = Waiver(IDS[0], "**", "r", "a", date(2027, 1, 1), None, Origin("w.yaml"))


def finding(name: str = "web", id_: str = IDS[0], *, waiver: Waiver | None = None) -> Finding:
    return Finding(
        id_, Severity.HIGH, Subject("Pod", name, "prod"), "is wrong", "", Origin("a.yaml"), "sre", waiver=waiver
    )


def seen(*names: str, gaps: Sequence[Gap] = (), rules: Sequence[str] = IDS) -> Coverage:
    subjects = {(f"Pod/prod/{name}", "workload"): names.count(name) for name in names}
    return Coverage(subjects, {id_: RULES[id_] for id_ in rules}, gaps)


def standings(findings: Sequence[Finding], known: Baseline) -> list[Standing | None]:
    compared, _report = baseline.compare(findings, known, seen())
    return [each.standing for each in compared]


def fixed(findings: Sequence[Finding], known: Baseline, coverage: Coverage) -> int:
    _compared, report = baseline.compare(findings, known, coverage)
    assert set(report.fixed) <= set(known)
    return len(report.fixed)


def test_what_the_baseline_does_not_know_is_new() -> None:
    known = baseline.of([finding("web")])
    assert standings([finding("web"), finding("api")], known) == [Standing.KNOWN, Standing.NEW]
    _compared, report = baseline.compare([finding("web"), finding("api")], known, seen())
    assert (report.new, report.known) == (1, 1)


def test_a_second_violation_with_the_same_fingerprint_is_new() -> None:
    known = baseline.of([finding()])
    assert standings([finding(), finding()], known) == [Standing.KNOWN, Standing.NEW]


def test_a_waived_finding_is_neither_new_nor_known_nor_gone() -> None:
    waived = finding(waiver=WAIVER)
    assert standings([waived], {}) == [None]
    assert standings([waived], baseline.of([finding()])) == [None]
    assert fixed([waived], baseline.of([finding()]), seen("web")) == 0


def test_a_waived_finding_gets_into_no_baseline() -> None:
    assert baseline.of([finding(waiver=WAIVER)]) == {}


def test_what_is_gone_from_a_judged_subject_is_fixed() -> None:
    known = baseline.of([finding(), finding(id_=IDS[1])])
    _compared, report = baseline.compare([finding()], known, seen("web"))
    assert report.fixed == (finding(id_=IDS[1]).fingerprint,)


def test_what_is_gone_twice_counts_twice() -> None:
    assert fixed([], baseline.of([finding(), finding()]), seen("web", "web")) == 2


def test_nothing_is_fixed_that_was_not_judged() -> None:
    known = baseline.of([finding()])
    assert fixed([], known, seen("api")) == 0
    assert fixed([], known, seen("web", rules=IDS[1:])) == 0
    for rule in (IDS[0], None):
        gap = Gap(Stage.EVALUATE, "Pod/prod/web", "it broke", "mend it", rule=rule)
        assert fixed([], known, seen("web", gaps=[gap])) == 0


def test_nothing_is_fixed_where_its_rule_could_not_judge_a_whole_cluster() -> None:
    one = Finding(IDS[0], Severity.HIGH, Subject("Pod", "web", "shop", "a/prod"), "is wrong", "", Origin("a"), "sre")
    subjects = {(str(one.subject), "workload"): 1}
    blind = Gap(Stage.COLLECT, "a/prod", "not known", "mend it", rule=IDS[0])
    for gaps, count in (([], 1), ([blind], 0), ([replace(blind, rule=IDS[1])], 1)):
        coverage = Coverage(subjects, RULES, gaps)
        assert fixed([], baseline.of([one]), coverage) == count
        assert coverage.passed(str(one.subject), {IDS[1]}) == count


def test_a_gap_elsewhere_takes_nothing_away() -> None:
    gaps = [
        Gap(Stage.EVALUATE, "Pod/prod/web", "it broke", "mend it", rule=IDS[1]),
        Gap(Stage.EVALUATE, "Pod/prod/api", "it broke", "mend it", rule=IDS[0]),
        Gap(Stage.COLLECT, "other.yaml", "cannot be read", "mend it"),
    ]
    assert fixed([], baseline.of([finding()]), seen("web", gaps=gaps)) == 1


def test_of_two_objects_with_one_name_only_the_judged_one_is_fixed() -> None:
    known = baseline.of([finding(), finding()])
    assert fixed([], known, seen("web")) == 1
    assert fixed([finding()], known, seen("web")) == 0


def test_a_rule_for_other_facts_judged_nothing() -> None:
    coverage = Coverage({("Pod/prod/web", "namespace"): 1}, RULES, ())
    assert fixed([], baseline.of([finding()]), coverage) == 0


def test_a_subject_was_met_when_it_was_seen_or_met_a_gap() -> None:
    coverage = seen("web", gaps=[Gap(Stage.EVALUATE, "Pod/prod/api", "it broke", "mend it")])
    assert [coverage.met(f"Pod/prod/{name}") for name in ("web", "api", "db")] == [True, True, False]


def test_a_baseline_is_written_sorted_and_read_back(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    findings = [finding("web"), finding("api"), finding("web")]
    file, again = tmp_path / "baseline.json", tmp_path / "again.json"
    baseline.write(file, findings)
    baseline.write(again, findings[::-1])
    assert file.read_bytes() == again.read_bytes()
    assert file.read_text() == snapshot
    assert baseline.load(file) == baseline.of(findings)


def test_a_saved_result_serves_as_a_baseline(tmp_path: Path) -> None:
    findings = (finding("web"), finding("web"), finding("api", waiver=WAIVER))
    assessment = Assessment(
        taken_at=datetime(2026, 6, 15, tzinfo=UTC),
        tool_version="0",
        rules_digest="d",
        engine="wasm",
        targets=(),
        inputs=(),
        subjects=2,
        judged={},
        findings=findings,
        gaps=(),
        passed_over=(),
        rules={},
    )
    file = tmp_path / "result.json"
    file.write_text(json_result.render(assessment, Decision(ExitCode.CLEAN, ())))
    assert baseline.load(file) == {findings[0].fingerprint: Known(2, IDS[0], "Pod/prod/web")}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b"{}",
        b'{"schema": "compliance/baseline/v2", "fingerprints": {}}',
        b'{"schema": "compliance/baseline/v1", "fingerprints": {"a": 1}}',
        b'{"schema": "compliance/baseline/v1", "fingerprints": {"a": {"count": 0, "rule": "r", "subject": "s"}}}',
        b'{"schema": "compliance/assessment/v1", "findings": [{}]}',
        b"[" * 5000,
    ],
)
def test_anything_else_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "baseline.json"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        baseline.load(file)
    assert caught.value.origin == Origin(file.as_posix())


def test_a_file_beyond_the_cap_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "MAX_BYTES", 10)
    file = tmp_path / "baseline.json"
    file.write_bytes(b" " * 11)
    with pytest.raises(ConfigurationError, match="larger than 10 bytes"):
        baseline.load(file)


def test_a_missing_file_and_an_unwritable_place_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        baseline.load(tmp_path / "missing.json")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        baseline.write(tmp_path / "missing" / "baseline.json", [])


some = st.lists(st.builds(finding, st.sampled_from("ab"), st.sampled_from(IDS)), max_size=8)


@given(some, some)
def test_the_counts_add_up(before: list[Finding], after: list[Finding]) -> None:
    compared, report = baseline.compare(after, baseline.of(before), seen(*"ab" * 20))
    assert (report.new + report.known, len(compared)) == (len(after), len(after))
    assert report.known + len(report.fixed) == len(before)


@given(some, some)
def test_nothing_is_new_against_itself_and_nothing_fixed_unseen(before: list[Finding], after: list[Finding]) -> None:
    _compared, same = baseline.compare(before, baseline.of(before), seen())
    assert same.new == 0
    assert fixed(after, baseline.of(before), seen()) == 0


_NAMES = st.sampled_from(["web", "api"])
_GAPS = st.lists(
    st.builds(
        Gap,
        st.just(Stage.EVALUATE),
        st.sampled_from(["Pod/prod/web", "Pod/prod/api"]),
        st.just("late"),
        st.just(""),
        st.none() | st.sampled_from(IDS),
    ),
    max_size=3,
)


@given(st.lists(_NAMES, max_size=4), _GAPS, st.sets(st.sampled_from(IDS)))
def test_rules_that_passed_are_those_that_judged_and_do_not_object(
    names: list[str], gaps: list[Gap], objecting: set[str]
) -> None:
    coverage = seen(*names, gaps=gaps)

    judging = {id_ for id_ in IDS if coverage.judged(id_, "Pod/prod/web") > 0}
    assert coverage.passed("Pod/prod/web", objecting) == len(judging - objecting)
