"""`compliance audit` on a scripted API server: its options, what it prints, and how it ends."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from api_server import Answer, ApiServer, serving
from webhooks import webhook

from compliance.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Object = dict[str, Any]


pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """A cluster with a privileged Deployment in a namespace `shop`."""
    container = {"name": "web", "image": "registry.example/web:1", "securityContext": {"privileged": True}}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container]}}
    with serving(ApiServer()) as server:
        server.add(
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "uid": "s"}},
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": "web", "namespace": "shop", "uid": "w"},
                "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template},
            },
        )
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "kubeconfig"))
        monkeypatch.chdir(tmp_path)
        yield server


def _audit(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["audit", *options])
    printed = capsys.readouterr()
    return int(stopped.value.code or 0), printed.out, printed.err


def _result(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, Object]:
    code, printed, _ = _audit(capsys, "-o", "json=-", *options)
    found: Object = json.loads(printed)
    return code, found


def test_a_live_object_is_refused_as_its_manifest_would_be(
    server: ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    del server
    code, result = _result(capsys)

    privileged = [one for one in result["findings"] if one["rule"] == "pod_security.privileged"]
    assert code == 1
    assert [one["subject"] for one in privileged] == [
        {"cluster": "unit", "kind": "Deployment", "name": "web", "namespace": "shop"}
    ]
    assert privileged[0]["origin"]["file"] == "unit/shop/Deployment/web"
    assert result["targets"] == [{"kind": "cluster", "locator": "unit"}]


def test_the_requests_are_counted_in_the_result_and_on_the_terminal(
    server: ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _, result = _result(capsys)
    asked = len(server.requests)
    _, printed, _ = _audit(capsys)

    (cluster,) = result["clusters"]
    assert (cluster["requests"], cluster["objects"], cluster["version"]) == (asked, 2, "v1.34.9")
    assert f"{asked} API requests" in " ".join(printed.split())


def test_what_may_not_be_read_is_not_judged(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.fail("/secrets", Answer(403, "secrets is forbidden"), times=9)

    code, result = _result(capsys, "--fail-on", "never")

    assert code == 3
    assert [gap["about"] for gap in result["gaps"]] == ["unit/secrets"]


def test_rules_that_look_at_what_may_not_be_read_are_gaps_and_the_others_judge(
    server: ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _, whole = _result(capsys)
    server.fail("/networkpolicies", Answer(403, "networkpolicies is forbidden"), times=9)

    _, result = _result(capsys)

    blind = {gap["rule"] for gap in result["gaps"] if gap["about"] == "unit/Deployment/shop/web"}
    assert blind == {"network_policies.not_isolated_ingress", "network_policies.not_isolated_egress"}
    assert not blind & {one["rule"] for one in result["findings"]}
    assert not blind & result["judged"].keys()
    of_others = [one for one in whole["findings"] if not one["rule"].startswith("network_policies.")]
    found = {one["fingerprint"]: one["message"] for one in result["findings"]}
    assert {one["fingerprint"]: one["message"] for one in of_others} == found


def test_a_cluster_that_is_down_is_not_judged(
    server: ApiServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.sources.cluster.client._FIRST_PATIENCE", 0.1)
    server.faults.append(lambda _request: Answer(None))

    code, result = _result(capsys)

    assert (code, result["subjects"]) == (3, 0)
    assert "cannot be reached" in result["gaps"][0]["why"]


def test_two_contexts_are_two_clusters(server: ApiServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "kubeconfig"
    config = json.loads(file.read_text())
    config["clusters"].append({"name": "other", "cluster": {"server": server.address}})
    config["contexts"].append({"name": "second", "context": {"cluster": "other", "user": "somebody"}})
    file.write_text(json.dumps(config))

    _, result = _result(capsys, "--context", "test", "--context", "second")

    assert [target["locator"] for target in result["targets"]] == ["unit", "other"]
    assert {one["subject"]["cluster"] for one in result["findings"]} == {"unit", "other"}
    assert len({one["fingerprint"] for one in result["findings"]}) == len(result["findings"])


def test_a_cluster_may_be_given_a_name(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    del server
    _, result = _result(capsys, "--cluster-name", "prod")

    assert {one["subject"]["cluster"] for one in result["findings"]} == {"prod"}


def test_the_rights_can_be_printed(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, _ = _audit(capsys, "--print-rbac")

    assert code == 0
    assert printed.startswith("apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n")
    assert "- deployments\n" in printed
    assert all(path in {"/api", "/apis"} for path in server.paths())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--context", "nowhere"], "no context 'nowhere'"),
        (["--namespace", "a", "--exclude-namespace", "b"], "--namespace says all"),
        (["--namespace", "../secrets"], "is no name of a namespace"),
        (["--context", "test", "--context", "again"], "two contexts are of the cluster unit"),
        (["--as-group", "a"], "--as-group needs --as"),
        (["--cluster-name", "x", "--context", "a", "--context", "b"], "names one cluster"),
    ],
)
def test_options_that_make_no_sense_are_errors_of_usage(
    server: ApiServer, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    del server
    code, _, told = _audit(capsys, *options)

    assert code == 2
    assert said in told


def test_without_the_library_the_error_says_how_to_get_it(
    server: ApiServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del server
    monkeypatch.setitem(sys.modules, "kubernetes", None)

    code, _, told = _audit(capsys)

    assert code == 2
    assert "pip install 'immutable-compliance[audit]'" in told


def test_the_metrics_of_an_audit_are_written_and_pushed(
    server: ApiServer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with webhook() as gateway:
        code, _, _ = _audit(capsys, "-o", f"prometheus={tmp_path / 'a.prom'}", "--push-gateway", gateway.address)
    (pushed,) = gateway.accepted
    written = (tmp_path / "a.prom").read_text()
    assert code == 1
    assert pushed.path == "/metrics/job/compliance/instance/unit"
    assert pushed.body.decode() == written
    assert f'compliance_last_run_api_requests{{cluster="unit",scope="unit"}} {len(server.requests)}.0' in written
    assert 'severity="critical"' in written
