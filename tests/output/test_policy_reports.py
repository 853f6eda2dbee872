"""PolicyReport and OpenReports: what each finding and gap becomes, names, digests, and the caps."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.baseline import Coverage
from compliance.model import Assessment, Finding, Gap, LiveObject, Origin, Rule, Severity, Stage, Subject
from compliance.output import open_reports, policy_report
from compliance.output.json_text import compact
from compliance.output.report_objects import LEFT_OUT, MAX_BYTES, About, name_of, report
from compliance.output.report_subjects import NOT_JUDGED, Limits, Live, Reports

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from syrupy.assertion import SnapshotAssertion

    from compliance.model import Decision
    from compliance.output.report_objects import Api, Report

Object = dict[str, Any]

APIS = pytest.mark.parametrize("module", [policy_report, open_reports], ids=["policyreport", "openreports"])
ETCD_LIMIT = 1536 * 1024

_DNS_SUBDOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_TEXT = {"type": "string"}
# What both APIs' own definitions say of a result and of a summary; tests/real/ asks an API server with the real ones.
_DOCUMENTED = {
    "type": "object",
    "required": ["apiVersion", "kind", "metadata", "results", "summary"],
    "properties": {
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["policy"],
                "properties": {
                    "category": _TEXT,
                    "message": _TEXT,
                    "policy": _TEXT,
                    "rule": _TEXT,
                    "source": _TEXT,
                    "properties": {"type": "object", "additionalProperties": _TEXT},
                    "result": {"enum": ["pass", "fail", "warn", "error", "skip"]},
                    "scored": {"type": "boolean"},
                    "severity": {"enum": ["critical", "high", "low", "medium", "info"]},
                    "timestamp": {
                        "type": "object",
                        "required": ["nanos", "seconds"],
                        "properties": {"nanos": {"type": "integer"}, "seconds": {"type": "integer"}},
                    },
                },
            },
        },
        "summary": {
            "type": "object",
            "additionalProperties": False,
            "properties": {key: {"type": "integer"} for key in ("pass", "fail", "warn", "error", "skip")},
        },
    },
}

RULE = Rule("probes.missing", "Probes", "Why.", Severity.HIGH, ("workload",), "Add one.", "team")
WEB = Subject("Deployment", "web", "shop", "prod")
NOW = datetime(2026, 11, 30, 1, 2, 3, 4, tzinfo=UTC)


def _finding(subject: Subject = WEB, at: str = "containers[web]", severity: Severity = Severity.HIGH) -> Finding:
    origin = Origin("x", is_file=False)
    return Finding("probes.missing", severity, subject, "has no probe", at, origin, "team")


def _gap(about: str, rule: str | None = "probes.missing") -> Gap:
    return Gap(Stage.EVALUATE, about, "past its deadline", "mend it", rule)


def _assessment(findings: Sequence[Finding] = (), gaps: Sequence[Gap] = ()) -> Assessment:
    return Assessment(
        taken_at=NOW,
        tool_version="1",
        rules_digest="",
        engine="wasm",
        targets=(),
        inputs=(),
        subjects=1,
        judged={},
        findings=tuple(findings),
        gaps=tuple(gaps),
        passed_over=(),
        rules={RULE.id: RULE, "probes.other": replace(RULE, id="probes.other")},
    )


def _live(*objects: LiveObject, named: bool = False, gaps: Sequence[Gap] = ()) -> Live:
    rules = {RULE.id: RULE, "probes.other": replace(RULE, id="probes.other")}
    seen = {(str(WEB), "workload"): 1}
    kept: dict[str, list[LiveObject]] = {}
    for one in objects:
        kept.setdefault(str(one.subject), []).append(one)
    return Live("prod", kept, Coverage(seen, rules, gaps), named)


def _reports(assessment: Assessment, live: Live | None = None, limits: Limits | None = None) -> list[Report]:
    return list(Reports(assessment, policy_report.API, limits or Limits(), live))


def _items(module: ModuleType, assessment: Assessment, decision: Decision) -> list[Object]:
    listed = json.loads(module.render(assessment, decision))
    assert (listed["apiVersion"], listed["kind"]) == ("v1", "List")
    items: list[Object] = listed["items"]
    return items


@APIS
def test_the_list_reads_like_this(
    module: ModuleType, assessment: Assessment, decision: Decision, snapshot: SnapshotAssertion
) -> None:
    assert module.render(assessment, decision) == snapshot


@APIS
def test_every_report_has_what_its_api_defines(module: ModuleType, assessment: Assessment, decision: Decision) -> None:
    api: Api = module.API
    for item in _items(module, assessment, decision):
        jsonschema_rs.validate(_DOCUMENTED, item)
        assert item["apiVersion"] == api.api_version
        assert item["kind"] == (api.kind if "namespace" in item["metadata"] else api.cluster_kind)


def test_the_two_apis_say_the_same(assessment: Assessment, decision: Decision) -> None:
    ours = [_items(module, assessment, decision) for module in (policy_report, open_reports)]

    for one, other in zip(*ours, strict=True):
        assert (one["results"], one["summary"]) == (other["results"], other["summary"])
        assert one["metadata"]["name"] == other["metadata"]["name"]


def test_no_finding_and_no_gap_is_lost(assessment: Assessment, decision: Decision) -> None:
    said = [result for item in _items(policy_report, assessment, decision) for result in item["results"]]

    fingerprints = Counter(result["properties"].get("fingerprint") for result in said)
    assert fingerprints == Counter([finding.fingerprint for finding in assessment.findings] + [None, None])
    assert Counter(result["result"] for result in said) == {"fail": 6, "skip": 1, "warn": 1, "error": 2}


def test_a_waived_finding_is_skipped_with_its_reason(assessment: Assessment, decision: Decision) -> None:
    said = [one for item in _items(policy_report, assessment, decision) for one in item["results"]]
    (skipped,) = [one for one in said if one["result"] == "skip"]

    assert skipped["properties"]["waived_by"] == "Ada Lovelace"
    assert skipped["properties"]["waived_because"] == "the vendor ships no tags <b>yet</b>"
    assert (skipped["properties"]["waived_until"], skipped["properties"]["ticket"]) == ("2026-12-31", "OPS-7")


def test_a_gap_about_a_resource_is_an_error_in_its_report() -> None:
    (made,) = _reports(_assessment([_finding()], [_gap(str(WEB))]), _live())

    error, failed = made.body["results"]
    assert (error["result"], error["policy"], error["severity"]) == ("error", "probes.missing", "high")
    assert "past its deadline" in error["message"]
    assert failed["result"] == "fail"


def test_a_live_object_with_nothing_but_a_gap_has_a_report() -> None:
    (made,) = _reports(_assessment(gaps=[_gap(str(WEB))]), _live(LiveObject(WEB, "apps/v1", "u1")))

    assert made.body["summary"] | {"pass": 0} == {"error": 1, "fail": 0, "pass": 0, "skip": 0, "warn": 0}
    assert made.body["metadata"]["ownerReferences"][0]["uid"] == "u1"


def test_what_is_no_resource_is_told_once_for_the_cluster() -> None:
    gaps = [_gap("prod/secrets", None), _gap("prod/shop/pods", None), _gap("other/secrets", None)]
    told = replace(_assessment(gaps=gaps), clusters=())

    (made,) = _reports(told, _live())

    assert (made.name, made.namespace) == (NOT_JUDGED, None)
    assert [one["properties"]["about"] for one in made.body["results"]][:2] == ["prod/secrets", "prod/shop/pods"]
    assert "scope" not in made.body


def test_who_looked_at_one_namespace_does_not_speak_of_the_whole() -> None:
    assert _reports(_assessment(gaps=[_gap("prod/secrets", None)]), _live(named=True)) == []


def test_a_report_is_owned_by_its_resource_and_ends_with_it() -> None:
    (made,) = _reports(_assessment([_finding()]), _live(LiveObject(WEB, "apps/v1", "u1")))

    assert made.namespace == "shop"
    assert made.body["scope"] == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": "web",
        "namespace": "shop",
        "uid": "u1",
    }
    (owner,) = made.body["metadata"]["ownerReferences"]
    assert owner == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": "u1"}


def test_rules_without_an_objection_are_counted_and_not_listed() -> None:
    (made,) = _reports(_assessment([_finding()]), _live())

    assert made.body["summary"] == {"error": 0, "fail": 1, "pass": 1, "skip": 0, "warn": 0}
    assert len(made.body["results"]) == 1


def test_a_rule_that_met_a_gap_has_not_passed() -> None:
    gap = _gap(str(WEB), "probes.other")
    (made,) = _reports(_assessment([_finding()], [gap]), _live(gaps=[gap]))

    assert made.body["summary"]["pass"] == 0


def test_findings_of_another_cluster_are_not_told_in_this_one() -> None:
    other = _finding(replace(WEB, cluster="test"))

    assert [made.body["scope"]["name"] for made in _reports(_assessment([other]), _live())] == []


def test_a_later_run_with_the_same_results_has_the_same_digest_and_another_time() -> None:
    before = _assessment([_finding()])
    later = replace(before, taken_at=NOW + timedelta(days=1))

    (first,), (second,) = _reports(before), _reports(later)

    assert first.digest == second.digest
    assert first.body["results"] != second.body["results"]


@pytest.mark.parametrize(
    "changed",
    [
        replace(_finding(), message="has two probes"),
        replace(_finding(), severity=Severity.LOW),
        replace(_finding(), enforced=False),
        _finding(at="containers[db]"),
    ],
    ids=["message", "severity", "enforced", "place"],
)
def test_another_result_has_another_digest(changed: Finding) -> None:
    (first,), (second,) = _reports(_assessment([_finding()])), _reports(_assessment([changed]))

    assert first.digest != second.digest


def test_a_resource_that_was_made_anew_has_another_digest_under_the_same_name() -> None:
    told = _assessment([_finding()])
    (first,) = _reports(told, _live(LiveObject(WEB, "apps/v1", "u1")))
    (second,) = _reports(told, _live(LiveObject(WEB, "apps/v1", "u2")))

    assert first.name == second.name
    assert first.digest != second.digest


def test_a_full_report_keeps_the_most_severe_and_says_how_many_are_left_out() -> None:
    severities = [Severity.LOW] * 3 + [Severity.CRITICAL] * 2
    findings = [_finding(at=f"c[{number}]", severity=severity) for number, severity in enumerate(severities)]

    (made,) = _reports(_assessment(findings), limits=Limits(results=3))

    assert [one["severity"] for one in made.body["results"]] == ["critical", "critical", "low"]
    assert made.body["metadata"]["annotations"][LEFT_OUT] == "2"
    assert made.left_out == 2
    assert made.body["summary"]["fail"] == 5


def test_openreports_say_their_cap_themselves() -> None:
    (made,) = Reports(_assessment([_finding()]), open_reports.API, Limits(results=7))

    assert made.body["configuration"] == {"limits": {"maxResults": 7}}
    assert made.body["source"] == "immutable-compliance"


def test_a_full_cluster_keeps_the_most_severe_reports_and_what_could_not_be_judged() -> None:
    subjects = [replace(WEB, name=f"web-{number}") for number in range(4)]
    found = [_finding(one, severity=Severity(number)) for number, one in enumerate(subjects)]
    reports = Reports(_assessment(found, [_gap("prod", None)]), policy_report.API, Limits(reports=3), _live())

    made = list(reports)

    assert [one.body.get("scope", {}).get("name") for one in made] == [None, "web-3", "web-2"]
    assert (len(reports), reports.left_out) == (3, 2)


def test_two_clusters_in_one_file_do_not_share_a_name(assessment: Assessment, decision: Decision) -> None:
    clusters = tuple(replace(assessment.clusters[0], name=name) for name in ("prod", "test"))
    findings = tuple(_finding(replace(WEB, cluster=name)) for name in ("prod", "test"))
    told = replace(assessment, findings=findings, clusters=clusters, gaps=())

    names = [item["metadata"]["name"] for item in _items(policy_report, told, decision)]

    assert len(set(names)) == 2


_ANY_TEXT = st.text(st.characters(), max_size=300)
_SUBJECTS = st.builds(Subject, _ANY_TEXT, _ANY_TEXT, st.none() | _ANY_TEXT, st.none() | st.just("prod"))


@given(_SUBJECTS)
def test_every_name_is_one_that_an_api_server_takes(subject: Subject) -> None:
    name = name_of(subject)

    assert _DNS_SUBDOMAIN.fullmatch(name)
    assert name == name_of(subject)


@given(_SUBJECTS, _SUBJECTS)
def test_two_resources_of_a_cluster_never_share_a_name(one: Subject, other: Subject) -> None:
    same = (one.kind, one.namespace or "", one.name) == (other.kind, other.namespace or "", other.name)

    assert (name_of(one) == name_of(other)) == same


_RESULTS = st.lists(
    st.fixed_dictionaries({"result": st.sampled_from(["fail", "warn", "skip", "error"]), "message": _ANY_TEXT}),
    max_size=40,
)


@given(_RESULTS, st.integers(1, 50), st.none() | st.integers(0, 200))
def test_a_summary_counts_all_results_those_without_room_too(said: list[Object], most: int, passed: int | None) -> None:
    made = report(policy_report.API, About("x", WEB), said, passed, most, NOW)

    counts = Counter(one["result"] for one in said)
    assert made.body["summary"] == {key: counts[key] for key in ("error", "fail", "skip", "warn")} | (
        {} if passed is None else {"pass": passed}
    )
    assert len(made.body["results"]) + made.left_out == len(said)
    assert len(made.body["results"]) <= most


@pytest.mark.parametrize("letter", ["x", '"', "\\", "é", "漢", "😀", "\ud800"])
def test_the_largest_report_fits_into_an_etcd(letter: str) -> None:
    finding = replace(_finding(), message=letter * 2000, at=letter * 2000)

    (made,) = _reports(_assessment([finding] * 1500), limits=Limits(results=10_000))

    assert len(compact(made.body)) < MAX_BYTES + 64 * 1024 < ETCD_LIMIT
    assert made.left_out > 0
    assert len(made.body["results"]) + made.left_out == 1500
