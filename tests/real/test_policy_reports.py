"""Reports as objects on a real API server, with the definitions that their projects publish: both APIs alike."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from control_plane import ApiError

from compliance import cluster_reports
from compliance.baseline import Coverage
from compliance.cli import main
from compliance.cluster_reports import Outcome, Writing
from compliance.cluster_scan import Audit, Reach
from compliance.model import Assessment, Finding, Origin, Severity, Subject
from compliance.output import open_reports, policy_report
from compliance.output.report_objects import About, report
from compliance.output.report_subjects import Limits
from compliance.sources.cluster.connection import Access
from compliance.sources.cluster.extent import Extent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from control_plane import ControlPlane

    from compliance.output.report_objects import Api

Object = dict[str, Any]

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("own_cache"), pytest.mark.xdist_group("control-plane")]

_DEPLOYMENTS = "/apis/apps/v1/namespaces/{}/deployments"
_WRITES = {"create", "update", "patch", "delete"}


@pytest.fixture(autouse=True)
def _as_admin(control_plane: ControlPlane, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KUBECONFIG", str(control_plane.kubeconfig()))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=[policy_report.API, open_reports.API], ids=lambda api: str(api.name))
def api(request: pytest.FixtureRequest, control_plane: ControlPlane, report_definitions: dict[str, Path]) -> Api:
    """One of the APIs, which the API server serves."""
    found: Api = request.param
    control_plane.kubectl("apply", "--server-side", "-f", str(report_definitions[found.name]))
    for resource in (found.resource, found.cluster_resource):
        control_plane.wait_for(f"/apis/{found.api_version}/{resource}", lambda _: True)
    return found


@pytest.fixture
def shop(control_plane: ControlPlane, request: pytest.FixtureRequest) -> Iterator[str]:
    """A namespace of its own with two privileged Deployments, `web` and `api`, without Pods."""
    name = f"reports-{abs(hash(request.node.name)) % 10**8}"
    control_plane.namespace(name)
    for deployment in ("web", "api"):
        control_plane.apply(_DEPLOYMENTS.format(name), _deployment(deployment))
    yield name
    with suppress(ApiError):
        control_plane.call("DELETE", f"/api/v1/namespaces/{name}")


def _deployment(name: str, *, privileged: bool = True) -> Object:
    container = {
        "name": "web",
        "image": "registry.example/web:1.2.3",
        "securityContext": {"privileged": privileged},
        "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}},
    }
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}
    spec = {"replicas": 0, "selector": {"matchLabels": {"app": name}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def _audit(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, Object, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "-o", "json=-", "--log-format", "none", *options])
    printed = capsys.readouterr()
    result: Object = json.loads(printed.out) if printed.out.startswith("{") else {}
    return int(stopped.value.code or 0), result, printed.err


def _write(capsys: pytest.CaptureFixture[str], api: Api, shop: str, *options: str) -> tuple[int, Object, str]:
    return _audit(capsys, "--write-reports", api.name, "--namespace", shop, *options)


def _reports(control_plane: ControlPlane, api: Api, shop: str) -> dict[str, Object]:
    """The reports of a namespace, by kind and name of what they are about."""
    listed = control_plane.call("GET", f"/apis/{api.api_version}/namespaces/{shop}/{api.resource}")["items"]
    return {f"{one['scope']['kind']}/{one['scope']['name']}": one for one in listed}


def _writes(control_plane: ControlPlane, api: Api, since: int) -> Counter[str]:
    """What was written to this API since some line of the audit log, by verb."""
    events = map(json.loads, control_plane.audit_log.read_text().splitlines()[since:])
    of_reports = (event for event in events if event.get("objectRef", {}).get("apiGroup") == api.group)
    return Counter(event["verb"] for event in of_reports if event["verb"] in _WRITES)


def _lines(control_plane: ControlPlane) -> int:
    return len(control_plane.audit_log.read_text().splitlines())


def test_the_api_server_holds_what_the_audit_found(
    control_plane: ControlPlane, api: Api, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, result, told = _write(capsys, api, shop)

    held = _reports(control_plane, api, shop)
    assert code == 1
    assert {"Deployment/web", "Deployment/api"} <= held.keys()
    said = Counter(one["properties"]["fingerprint"] for report in held.values() for one in report["results"])
    assert said == Counter(one["fingerprint"] for one in result["findings"] if one["subject"]["namespace"] == shop)
    web = held["Deployment/web"]
    live = control_plane.call("GET", f"{_DEPLOYMENTS.format(shop)}/web")
    assert web["metadata"]["ownerReferences"][0]["uid"] == web["scope"]["uid"] == live["metadata"]["uid"]
    assert Counter(one["result"] for one in web["results"]) + Counter(pass_=0) == Counter(
        {key: count for key, count in web["summary"].items() if key != "pass" and count}
    )
    assert web["summary"]["pass"] > 0
    assert "0 unchanged, 0 removed (cluster test, " in told


def test_no_field_is_one_that_the_definitions_do_not_know(
    control_plane: ControlPlane, api: Api, shop: str, tmp_path: Path
) -> None:
    with pytest.raises(SystemExit):
        main(["audit", "--namespace", shop, "-q", "-o", f"{api.name}={tmp_path / 'reports.json'}"])

    control_plane.kubectl("apply", "--server-side", "--validate=strict", "-f", str(tmp_path / "reports.json"))

    assert {"Deployment/web", "Deployment/api"} <= _reports(control_plane, api, shop).keys()


def test_kubectl_shows_the_counts_of_each_report(
    control_plane: ControlPlane, api: Api, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(capsys, api, shop)

    table = control_plane.kubectl("get", f"{api.resource}.{api.group}", "-n", shop, "-o", "wide")

    assert "compliance-deployment-web-" in table
    assert table.split()[1:8] == ["KIND", "NAME", "PASS", "FAIL", "WARN", "ERROR", "SKIP"]


def test_a_second_run_without_news_makes_no_write(
    control_plane: ControlPlane, api: Api, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(capsys, api, shop)
    before = _reports(control_plane, api, shop)
    since = _lines(control_plane)

    _, _, told = _write(capsys, api, shop)

    assert _writes(control_plane, api, since) == {}
    assert _reports(control_plane, api, shop) == before
    assert "reports: 0 written" in told
    assert "0 removed" in told


def test_a_change_is_one_patch_of_one_report(
    control_plane: ControlPlane, api: Api, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(capsys, api, shop)
    control_plane.apply(_DEPLOYMENTS.format(shop), _deployment("web", privileged=False))
    since = _lines(control_plane)

    _, _, told = _write(capsys, api, shop)

    assert _writes(control_plane, api, since) == {"patch": 1}
    assert "reports: 1 written" in told
    policies = {one["policy"] for one in _reports(control_plane, api, shop)["Deployment/web"]["results"]}
    assert "pod_security.privileged" not in policies


def test_a_hand_in_a_report_is_undone(
    control_plane: ControlPlane, api: Api, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(capsys, api, shop)
    before = _reports(control_plane, api, shop)["Deployment/web"]
    patch = json.dumps([{"op": "replace", "path": "/results", "value": []}])
    resource = f"{api.resource}.{api.group}"
    control_plane.kubectl("patch", resource, before["metadata"]["name"], "-n", shop, "--type=json", "-p", patch)

    _, _, told = _write(capsys, api, shop)
    _, _, later = _write(capsys, api, shop)

    after = _reports(control_plane, api, shop)["Deployment/web"]
    assert [one["policy"] for one in after["results"]] == [one["policy"] for one in before["results"]]
    assert "reports: 1 written" in told
    assert "reports: 0 written" in later


def test_what_is_waived_is_skipped_with_its_reason(
    control_plane: ControlPlane, api: Api, shop: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "compliance-waivers.yaml").write_text(
        f"- rule: pod_security.privileged\n  subject: test/Deployment/{shop}/web\n"
        "  reason: it needs the device\n  approved_by: Ada\n  expires: 2999-01-01\n",
        encoding="utf-8",
    )

    _write(capsys, api, shop)

    results = _reports(control_plane, api, shop)["Deployment/web"]["results"]
    (waived,) = [one for one in results if one["policy"] == "pod_security.privileged"]
    assert waived["result"] == "skip"
    assert waived["properties"]["waived_because"] == "it needs the device"


def test_a_report_of_what_says_nothing_any_more_is_removed(
    control_plane: ControlPlane, api: Api, shop: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _write(capsys, api, shop)
    (tmp_path / "compliance.yaml").write_text(
        "rules: {pod_security.privileged: {enabled: true}, '*': {enabled: false}}\n", encoding="utf-8"
    )
    control_plane.apply(_DEPLOYMENTS.format(shop), _deployment("web", privileged=False))
    since = _lines(control_plane)

    _write(capsys, api, shop)

    held = _reports(control_plane, api, shop)
    assert "Deployment/web" not in held
    assert [one["policy"] for one in held["Deployment/api"]["results"]] == ["pod_security.privileged"]
    assert _writes(control_plane, api, since)["delete"] >= 1


def test_a_report_ends_with_its_resource(
    control_plane: ControlPlane, api: Api, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(capsys, api, shop)
    name = _reports(control_plane, api, shop)["Deployment/web"]["metadata"]["name"]

    control_plane.call("DELETE", f"{_DEPLOYMENTS.format(shop)}/web")

    path = f"/apis/{api.api_version}/namespaces/{shop}/{api.resource}"
    control_plane.wait_for(path, lambda listed: name not in {one["metadata"]["name"] for one in listed["items"]})
    assert "Deployment/api" in _reports(control_plane, api, shop)


def test_the_whole_cluster_and_what_could_not_be_judged_in_it(
    control_plane: ControlPlane, api: Api, shop: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    wide = f"/apis/{api.api_version}/{api.cluster_resource}/compliance-not-judged"
    role = _role(capsys, shop, "--write-reports", api.name).replace("      - secrets\n", "")
    _bind(control_plane, role, shop)

    code, result, _ = _audit(capsys, "--write-reports", api.name, "--as", shop, "--fail-on", "never")
    abouts = {one["properties"]["about"] for one in control_plane.call("GET", wide)["results"]}
    _audit(capsys, "--write-reports", api.name)

    assert code == 3
    assert abouts == {gap["about"] for gap in result["gaps"]} == {"test/secrets"}
    with pytest.raises(ApiError, match="404"):
        control_plane.call("GET", wide)
    assert "Deployment/web" in _reports(control_plane, api, shop)
    assert tmp_path.exists()


def _role(capsys: pytest.CaptureFixture[str], name: str, *options: str) -> str:
    with pytest.raises(SystemExit):
        main(["audit", "--print-rbac", *options])
    return capsys.readouterr().out.replace("name: compliance-audit", f"name: {name}")


def _bind(control_plane: ControlPlane, role: str, name: str) -> None:
    control_plane.kubectl("apply", "-f", "-", stdin=role)
    control_plane.kubectl("create", "clusterrolebinding", name, f"--clusterrole={name}", f"--user={name}")


def test_who_may_not_write_learns_which_right_is_missing(
    control_plane: ControlPlane, api: Api, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _bind(control_plane, _role(capsys, shop), shop)

    code, _, told = _write(capsys, api, shop, "--as", shop, "--fail-on", "never")

    assert code == 3
    assert f"cannot list {api.resource}.{api.group}" in told
    assert f'User "{shop}" cannot list resource "{api.resource}" in API group "{api.group}"' in told
    assert "--print-rbac --write-reports" in told


def test_the_printed_cluster_role_is_enough_to_write_and_to_remove(
    control_plane: ControlPlane, api: Api, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _bind(control_plane, _role(capsys, shop, "--write-reports", api.name), shop)

    _, _, first = _write(capsys, api, shop, "--as", shop)
    control_plane.apply(_DEPLOYMENTS.format(shop), _deployment("web", privileged=False))
    _, _, second = _write(capsys, api, shop, "--as", shop)

    assert "could not" not in first + second
    assert "reports: 1 written" in second


def test_a_full_report_says_what_is_left_out(
    control_plane: ControlPlane, api: Api, shop: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "compliance.yaml").write_text(
        f"cluster_reports: {{api: {api.name}, max_results: 2}}\n", encoding="utf-8"
    )

    _, _, told = _audit(capsys, "--namespace", shop)

    web = _reports(control_plane, api, shop)["Deployment/web"]
    left_out = int(web["metadata"]["annotations"]["compliance.report/left-out"])
    assert len(web["results"]) == 2
    assert web["summary"]["fail"] + web["summary"]["warn"] == 2 + left_out
    assert "results left out, the least severe, as their reports say" in told


def _one_finding(namespace: str) -> Audit:
    """An audit that found one thing, in a resource of this namespace."""
    subject = Subject("Deployment", "lost", namespace, "test")
    finding = Finding("a.rule", Severity.HIGH, subject, "is missing", "spec", Origin("x", is_file=False), "team")
    assessment = Assessment(
        taken_at=datetime.now(UTC),
        tool_version="1",
        rules_digest="",
        engine="wasm",
        targets=(),
        inputs=(),
        subjects=1,
        judged={},
        findings=(finding,),
        gaps=(),
        passed_over=(),
        rules={},
    )
    return Audit(assessment, Coverage({}, {}, ()), "test", whole=False, reached={"test": Reach(Extent(), {})})


def _outcome(audit: Audit, api: Api) -> Outcome:
    (outcome,) = cluster_reports.write([Access()], audit, Writing(api, Limits()), lambda *_: None)
    return outcome


def test_what_is_missing_with_its_namespace_has_no_place_for_a_report(api: Api) -> None:
    outcome = _outcome(_one_finding("not-there"), api)

    assert (outcome.written, outcome.placeless, outcome.failures) == (0, 1, [])


def test_a_namespace_that_is_on_its_way_out_takes_no_report(control_plane: ControlPlane, api: Api, shop: str) -> None:
    maps = f"/api/v1/namespaces/{shop}/configmaps"
    held = {"name": "held", "finalizers": ["tests.example/held"]}
    control_plane.apply(maps, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": held})
    control_plane.call("DELETE", f"/api/v1/namespaces/{shop}")

    outcome = _outcome(_one_finding(shop), api)

    release = [{"op": "remove", "path": "/metadata/finalizers"}]
    control_plane.call("PATCH", f"{maps}/held", release, "application/json-patch+json")
    assert (outcome.written, outcome.placeless, outcome.failures) == (0, 1, [])


def test_the_largest_report_is_stored(control_plane: ControlPlane, api: Api, shop: str) -> None:
    said = [{"policy": "p", "result": "fail", "message": "漢" * 300, "properties": {"at": "é" * 500}}] * 5000
    made = report(api, About("largest", Subject("Deployment", "web", shop)), said, 0, 10_000, datetime.now(UTC))

    control_plane.apply(f"/apis/{api.api_version}/namespaces/{shop}/{api.resource}", dict(made.body))

    assert made.left_out > 0
    path = f"/apis/{api.api_version}/namespaces/{shop}/{api.resource}/largest"
    assert len(control_plane.call("GET", path)["results"]) == len(made.body["results"])


def test_definitions_that_are_missing_end_the_audit_before_it_begins(
    control_plane: ControlPlane,
    api: Api,
    shop: str,
    capsys: pytest.CaptureFixture[str],
    report_definitions: dict[str, Path],
) -> None:
    control_plane.kubectl("delete", "-f", str(report_definitions[api.name]), "--wait=true")

    code, result, told = _write(capsys, api, shop)

    assert (code, result) == (3, {})
    assert f"install the CustomResourceDefinitions of {api.home}" in " ".join(told.split())
