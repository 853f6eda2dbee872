"""Reports written into a cluster that is scripted: what is written, left alone, removed, and told of failures."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from api_server import REPORTS, USUAL, Answer, ApiServer, Request, serving

from compliance import cluster_reports
from compliance.baseline import Coverage
from compliance.cluster_reports import Outcome, Writing
from compliance.cluster_scan import Audit, Reach
from compliance.errors import ClusterError
from compliance.model import Assessment, Finding, Gap, LiveObject, Origin, Severity, Stage, Subject
from compliance.output import open_reports, policy_report
from compliance.output.report_subjects import Limits
from compliance.sources.cluster import client as client_module
from compliance.sources.cluster.connection import Access
from compliance.sources.cluster.extent import Extent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from compliance.output.report_objects import Api

Object = dict[str, Any]

APIS = pytest.mark.parametrize("api", [policy_report.API, open_reports.API], ids=lambda api: str(api.name))
WEB = Subject("Deployment", "web", "shop", "unit")
API = Subject("Deployment", "api", "shop", "unit")
BANK = Subject("Deployment", "web", "bank", "unit")
ROLE = Subject("ClusterRole", "admin", None, "unit")
WHOLE = Extent(frozenset({"shop", "bank"}), frozenset({"Deployment", "ClusterRole"}), known=True)
_ACCESSES = (Access(qps=1000),)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """A cluster that serves both APIs of reports, and holds none; pauses are short."""
    monkeypatch.setattr(client_module, "_FIRST_PAUSE", 0.01)
    with serving(ApiServer((*USUAL, *REPORTS))) as server:
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "kubeconfig"))
        yield server


def _audit(
    *subjects: Subject,
    gaps: Sequence[Gap] = (),
    extent: Extent = WHOLE,
    message: str = "is privileged",
) -> Audit:
    """An audit that found one thing in each of these subjects."""
    origin = Origin("x", is_file=False)
    findings = tuple(Finding("a.rule", Severity.HIGH, one, message, "spec", origin, "team") for one in subjects)
    assessment = Assessment(
        taken_at=datetime.now(UTC),
        tool_version="1",
        rules_digest="",
        engine="wasm",
        targets=(),
        inputs=(),
        subjects=len(subjects),
        judged={},
        findings=findings,
        gaps=tuple(gaps),
        passed_over=(),
        rules={},
    )
    objects = {str(one): [LiveObject(one, "apps/v1", f"uid-{one.name}")] for one in subjects}
    reached = {"unit": Reach(extent, objects)}
    return Audit(assessment, Coverage({}, {}, gaps), "unit", whole=True, reached=reached)


def _write(audit: Audit, api: Api = policy_report.API, limits: Limits | None = None) -> Outcome:
    (outcome,) = cluster_reports.write(_ACCESSES, audit, Writing(api, limits or Limits()), lambda *_: None)
    return outcome


def _held(server: ApiServer, api: Api = policy_report.API) -> dict[str, Object]:
    """The reports by whose they are."""
    reports = (*server.held(api.group, api.resource), *server.held(api.group, api.cluster_resource))
    return {one["metadata"]["annotations"]["compliance.report/subject"]: one for one in reports}


def _gap(about: str) -> Gap:
    return Gap(Stage.COLLECT, about, "may not list", "grant it")


@APIS
def test_each_resource_has_a_report_in_its_place(server: ApiServer, api: Api) -> None:
    outcome = _write(_audit(WEB, BANK, ROLE), api)

    assert outcome == Outcome("unit", written=3)
    assert {one["metadata"].get("namespace") for one in server.held(api.group, api.resource)} == {"shop", "bank"}
    (role,) = server.held(api.group, api.cluster_resource)
    assert role["metadata"]["ownerReferences"][0]["uid"] == "uid-admin"


@APIS
def test_without_news_nothing_is_written(server: ApiServer, api: Api) -> None:
    _write(_audit(WEB, ROLE), api)
    before = len(server.writes())

    outcome = _write(_audit(WEB, ROLE), api)

    assert outcome == Outcome("unit", unchanged=2)
    assert len(server.writes()) == before


def test_of_what_is_held_only_ours_and_only_metadata_is_read(server: ApiServer) -> None:
    _write(_audit(WEB))

    listed = [one for one in server.requests if one.method == "GET"]
    assert len(listed) == 2
    for request in listed:
        assert "as=PartialObjectMetadataList" in request.headers["Accept"]
        assert request.query["labelSelector"] == "app.kubernetes.io/managed-by=immutable-compliance"


def test_a_change_is_one_patch(server: ApiServer) -> None:
    _write(_audit(WEB, API))
    before = len(server.writes())

    _write(_audit(WEB))
    outcome = _write(_audit(WEB, message="is root"))

    assert outcome == Outcome("unit", written=1)
    assert Counter(method for method, _ in server.writes()[before:]) == {"DELETE": 1, "PATCH": 1}


def test_what_is_over_is_removed_and_nothing_else(server: ApiServer) -> None:
    _write(_audit(WEB, API, ROLE))

    outcome = _write(_audit(WEB))

    assert outcome == Outcome("unit", unchanged=1, removed=2)
    assert _held(server).keys() == {"Deployment/shop/web"}


def test_reports_of_others_are_left_alone(server: ApiServer) -> None:
    metadata = {"name": "other", "namespace": "shop", "uid": "o", "labels": {"app.kubernetes.io/managed-by": "kyverno"}}
    server.add({"apiVersion": "wgpolicyk8s.io/v1alpha2", "kind": "PolicyReport", "metadata": metadata})

    _write(_audit())

    assert [one["metadata"]["name"] for one in server.held("wgpolicyk8s.io", "policyreports")] == ["other"]


@pytest.mark.parametrize(
    "again",
    [
        _audit(extent=replace(WHOLE, namespaces=frozenset({"bank"}), named=True)),
        _audit(extent=replace(WHOLE, namespaces=frozenset({"bank"}))),
        _audit(extent=replace(WHOLE, unread=frozenset({("Deployment", None)}))),
        _audit(extent=replace(WHOLE, kinds=frozenset())),
        _audit(extent=Extent()),
        _audit(gaps=[_gap(str(WEB))]),
    ],
    ids=["named", "excluded", "forbidden", "no rule", "no answer", "gap"],
)
def test_what_was_not_looked_at_keeps_its_report(server: ApiServer, again: Audit) -> None:
    _write(_audit(WEB))

    assert _write(again).removed == 0
    assert "Deployment/shop/web" in _held(server)


def test_named_namespaces_are_listed_by_themselves(server: ApiServer) -> None:
    _write(_audit(WEB, extent=replace(WHOLE, namespaces=frozenset({"shop"}), named=True)))

    base = "/apis/wgpolicyk8s.io/v1alpha2"
    assert server.paths()[:2] == [f"{base}/clusterpolicyreports", f"{base}/namespaces/shop/policyreports"]


def test_what_could_not_be_judged_at_all_is_told_until_it_can_be(server: ApiServer) -> None:
    _write(_audit(gaps=[_gap("unit/secrets")]))
    (told,) = server.held("wgpolicyk8s.io", "clusterpolicyreports")
    _write(_audit(extent=replace(WHOLE, named=True)))
    kept = len(server.held("wgpolicyk8s.io", "clusterpolicyreports"))
    _write(_audit())

    assert told["results"][0]["properties"]["about"] == "unit/secrets"
    assert kept == 1
    assert server.held("wgpolicyk8s.io", "clusterpolicyreports") == []


def test_a_report_that_somebody_has_edited_is_written_again(server: ApiServer) -> None:
    _write(_audit(WEB, API))
    hand = {"manager": "kubectl-edit", "operation": "Update", "fieldsV1": {"f:results": {}}}
    label = {"manager": "kubectl-label", "operation": "Update", "fieldsV1": {"f:metadata": {}}}
    _held(server)["Deployment/shop/web"]["metadata"]["managedFields"].append(hand)
    _held(server)["Deployment/shop/api"]["metadata"]["managedFields"].append(label)

    assert _write(_audit(WEB, API)) == Outcome("unit", written=1, unchanged=1)


def test_reports_beyond_the_cap_are_counted_and_not_kept(server: ApiServer) -> None:
    _write(_audit(WEB, API, BANK))

    outcome = _write(_audit(WEB, API, BANK), limits=Limits(reports=2))

    assert outcome == Outcome("unit", unchanged=2, removed=1, left_out=1)
    assert len(_held(server)) == 2


def _forbid(server: ApiServer, method: str) -> None:
    def fault(request: Request) -> Answer | None:
        return Answer(403, '"u" cannot do it') if request.method == method else None

    server.faults.append(fault)


def test_a_missing_right_is_told_and_tried_once_for_each_place(server: ApiServer) -> None:
    _forbid(server, "PATCH")

    outcome = _write(_audit(WEB, API, BANK))

    assert (outcome.written, outcome.undone) == (0, 3)
    assert [str(failure) for failure in outcome.failures] == [
        f'cannot patch policyreports.wgpolicyk8s.io in namespace {name}: the API server answers 403: "u" cannot do it'
        for name in ("bank", "shop")
    ]
    assert all("--print-rbac --write-reports" in failure.remedy for failure in outcome.failures)
    assert len(server.writes()) == 2


def test_who_may_not_list_reports_writes_none_and_learns_all_that_is_missing(server: ApiServer) -> None:
    _forbid(server, "GET")

    outcome = _write(_audit(WEB))

    assert server.writes() == []
    assert [failure.message.split(":")[0] for failure in outcome.failures] == [
        "cannot list clusterpolicyreports.wgpolicyk8s.io",
        "cannot list policyreports.wgpolicyk8s.io",
    ]
    assert outcome.undone > 0


def test_what_cannot_be_removed_is_told(server: ApiServer) -> None:
    _write(_audit(WEB))
    _forbid(server, "DELETE")

    outcome = _write(_audit())

    assert (outcome.removed, outcome.undone) == (0, 1)
    assert outcome.failures[0].message.startswith("cannot delete policyreports.wgpolicyk8s.io in namespace shop")


def test_a_conflict_is_told_and_the_others_are_written(server: ApiServer) -> None:
    server.faults.append(
        lambda request: Answer(409, "try again") if request.method == "PATCH" and "-api-" in request.path else None
    )

    outcome = _write(_audit(WEB, API))

    assert (outcome.written, outcome.undone) == (1, 1)
    assert "409: try again" in outcome.failures[0].message


def test_a_report_that_went_with_its_owner_meanwhile_is_removed(server: ApiServer) -> None:
    _write(_audit(WEB))
    server.faults.append(lambda request: Answer(404, "not found") if request.method == "DELETE" else None)

    assert _write(_audit()) == Outcome("unit", removed=1)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, 'namespaces "shop" not found'),
        Answer(403, "unable to create new content in namespace shop because it is being terminated"),
    ],
)
def test_a_report_without_a_namespace_to_be_in_is_no_failure(server: ApiServer, answer: Answer) -> None:
    server.faults.append(lambda request: answer if request.method == "PATCH" else None)

    assert _write(_audit(WEB)) == Outcome("unit", placeless=1)


def test_a_server_that_goes_away_is_not_asked_on_and_on(server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_pause", lambda _error, _attempt: None)
    server.faults.append(lambda request: Answer(None) if request.method == "PATCH" else None)

    outcome = _write(_audit(WEB, API, BANK))

    assert (outcome.undone, len(outcome.failures), len(server.writes())) == (3, 1, 1)


def test_a_server_in_trouble_is_waited_for_once(server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_MOST_FAILURES", 2)
    server.faults.append(lambda request: Answer(500, "etcd is full") if request.method == "PATCH" else None)

    outcome = _write(_audit(WEB, API, BANK))

    assert (outcome.undone, len(outcome.failures), len(server.writes())) == (3, 1, 3)


def test_a_quota_is_no_missing_right(server: ApiServer) -> None:
    server.faults.append(lambda request: Answer(403, "exceeded quota: q") if request.method == "PATCH" else None)

    (failure,) = _write(_audit(WEB)).failures

    assert "quota" in failure.remedy


def _many(count: int) -> list[Subject]:
    return [replace(WEB, name=f"web-{number:02}") for number in range(count)]


def test_several_are_written_at_a_time_and_never_too_many(server: ApiServer) -> None:
    lock, at_work, most = threading.Lock(), 0, 0

    def slow(request: Request) -> Answer | None:
        nonlocal at_work, most
        if request.method == "PATCH":
            with lock:
                at_work += 1
                most = max(most, at_work)
            time.sleep(0.1)
            with lock:
                at_work -= 1
        return None

    server.faults.append(slow)
    outcome = _write(_audit(*_many(25)))

    assert outcome == Outcome("unit", written=25)
    assert len(_held(server)) == 25
    assert 3 <= most <= 8


def test_what_fails_is_told_in_the_order_of_the_reports(server: ApiServer) -> None:
    def refused(request: Request) -> Answer | None:
        if request.method != "PATCH":
            return None
        name = json.loads(request.body)["metadata"]["annotations"]["compliance.report/subject"]
        time.sleep(0.2 if name.endswith(("0", "3")) else 0.0)
        return Answer(422, f"no {name}")

    server.faults.append(refused)
    outcome = _write(_audit(*_many(12)))

    assert [failure.message.rpartition(" ")[2] for failure in outcome.failures] == [str(one)[5:] for one in _many(12)]


def test_a_right_that_is_missing_from_some_time_on_is_told_once(server: ApiServer) -> None:
    lock, left = threading.Lock(), 5

    def quota(request: Request) -> Answer | None:
        nonlocal left
        if request.method != "PATCH":
            return None
        with lock:
            left -= 1
            return Answer(403, "exceeded quota: q") if left < 0 else None

    server.faults.append(quota)
    outcome = _write(_audit(*_many(40)))

    assert (outcome.written, outcome.undone, len(outcome.failures)) == (5, 35, 1)
    assert len(server.writes()) < 5 + 9


def test_who_is_stopped_waits_for_no_server_in_trouble(server: ApiServer) -> None:
    busy = Answer(503, "busy", headers={"Retry-After": "25"})
    server.faults.append(lambda request: busy if request.method == "PATCH" and "-web-00-" not in request.path else None)

    def stop(_what: str, done: int, _total: int) -> None:
        if done == 4:
            raise SystemExit(143)

    began = time.monotonic()
    with pytest.raises(SystemExit):
        cluster_reports.write(_ACCESSES, _audit(*_many(20)), Writing(policy_report.API, Limits()), stop)

    assert time.monotonic() - began < 10
    assert len(_held(server)) == 1


def test_failures_that_are_many_are_counted_and_not_all_told(server: ApiServer) -> None:
    server.faults.append(lambda request: Answer(422, "no") if request.method == "PATCH" else None)

    outcome = _write(_audit(*(replace(WEB, name=f"web-{number}") for number in range(30))))

    assert (outcome.undone, len(outcome.failures)) == (30, 20)


@APIS
def test_a_cluster_that_serves_the_api_is_fit(server: ApiServer, api: Api) -> None:
    cluster_reports.check(_ACCESSES, api)

    assert server.paths() == [f"/apis/{api.api_version}"]


@APIS
def test_a_cluster_without_the_api_is_told_where_it_comes_from(server: ApiServer, api: Api) -> None:
    server.kinds = USUAL

    with pytest.raises(ClusterError, match=f"cluster unit has no {api.cluster_resource}.{api.group}") as caught:
        cluster_reports.check(_ACCESSES, api)

    assert f"install the CustomResourceDefinitions of {api.home}" in caught.value.remedy


def test_half_of_the_api_is_not_enough(server: ApiServer) -> None:
    server.kinds = tuple(kind for kind in REPORTS if kind.kind != "ClusterReport")

    with pytest.raises(ClusterError, match=r"has no clusterreports\.openreports\.io/v1alpha1 to write"):
        cluster_reports.check(_ACCESSES, open_reports.API)
