"""Faults of credentials and networks on a real API server: credentials that expire, rights that end at a namespace."""

from __future__ import annotations

import gzip
import json
import ssl
import urllib.request
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

import account_tokens
import own_processes
import pytest
from between import Between, standing_between
from control_plane import ApiError

from compliance.cli import main
from compliance.sources.cluster import listing
from compliance.sources.cluster.client import Client
from compliance.sources.cluster.connection import Access, connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api_server import Answer, Request
    from control_plane import ControlPlane

Object = dict[str, Any]

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("as_admin"), pytest.mark.xdist_group("control-plane")]

_CONFIG_MAPS = "/api/v1/namespaces/{}/configmaps"


@pytest.fixture
def shop(control_plane: ControlPlane, request: pytest.FixtureRequest) -> Iterator[str]:
    """A namespace of its own with a Deployment without Pods, and twelve ConfigMaps."""
    name = control_plane.namespace(f"faults-{abs(hash(request.node.name)) % 10**8}")
    container = {"name": "web", "image": "registry.example/web:1", "securityContext": {"privileged": True}}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container]}}
    spec = {"replicas": 0, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}
    control_plane.apply(f"/apis/apps/v1/namespaces/{name}/deployments", deployment)
    for number in range(12):
        _add_config_map(control_plane, name, f"c{number:02}", "x")
    yield name
    with suppress(ApiError):
        control_plane.call("DELETE", f"/api/v1/namespaces/{name}")


def _add_config_map(control_plane: ControlPlane, namespace: str, name: str, text: str) -> None:
    value = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"text": text}}
    control_plane.apply(_CONFIG_MAPS.format(namespace), value)


def _audit(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, Object, list[Object]]:
    """The exit code, the result and the log."""
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "-o", "json=-", *options])
    printed = capsys.readouterr()
    result: Object = json.loads(printed.out)
    return int(stopped.value.code or 0), result, [json.loads(line) for line in printed.err.splitlines()]


def test_the_correlation_id_is_in_the_servers_audit_log(
    control_plane: ControlPlane, shop: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPLIANCE_CORRELATION_ID", f"run-of-{shop}")

    _, result, log = _audit(capsys, "-n", shop)

    assert {line["correlation_id"] for line in log} == {f"run-of-{shop}"}
    events = map(json.loads, control_plane.audit_log.read_text().splitlines())
    ours = [event for event in events if f"(run run-of-{shop})" in event.get("userAgent", "")]
    assert {event["verb"] for event in ours} == {"list"}
    # Discovery and the version are not written down.
    assert len(ours) == result["clusters"][0]["requests"] - 3


@pytest.fixture
def account(control_plane: ControlPlane, shop: str) -> Iterator[Object]:
    """A service account that may read everything."""
    value = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "auditor"}}
    made = control_plane.apply(f"/api/v1/namespaces/{shop}/serviceaccounts", value)
    bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": shop},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"kind": "ServiceAccount", "name": "auditor", "namespace": shop}],
    }
    control_plane.apply(bindings, binding)
    yield made
    control_plane.call("DELETE", f"{bindings}/{shop}")


@pytest.fixture
def between(control_plane: ControlPlane, monkeypatch: pytest.MonkeyPatch) -> Iterator[Between]:
    """What the audit goes through, in small pages."""
    monkeypatch.setattr(listing, "_PAGE_OF_LARGE", 5)
    with standing_between(control_plane) as found:
        yield found


def _is_refused(control_plane: ControlPlane, token: str, path: str) -> bool:
    context = ssl.create_default_context(cafile=str(control_plane.authority))
    request = urllib.request.Request(f"{control_plane.url}{path}", headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - https
    try:
        urllib.request.urlopen(request, context=context, timeout=30).close()  # noqa: S310 - likewise
    except HTTPError as error:
        with error:
            return error.code == 401
    return False


def test_a_token_that_expires_in_the_middle_of_an_audit_is_renewed(
    control_plane: ControlPlane,
    between: Between,
    shop: str,
    account: Object,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key, file, maps = control_plane.folder / "pki" / "sa.key", tmp_path / "token", _CONFIG_MAPS.format(shop)
    # With the ten seconds below, less than the half minute that a client waits for an answer.
    first = account_tokens.token(key, account, 15 - account_tokens.LEEWAY)
    file.write_text(first)
    pages = [0]

    def expire(request: Request) -> Answer | None:
        pages[0] += request.path == maps
        if request.path == maps and pages[0] == 2:
            # The API server takes a token that it has seen for good during ten seconds more.
            own_processes.wait_until(lambda: _is_refused(control_plane, first, maps), "the token's end")
            file.write_text(account_tokens.token(key, account, 600))
        return None

    between.faults.append(expire)
    user = {"tokenFile": str(file)}
    monkeypatch.setenv("KUBECONFIG", str(control_plane.kubeconfig_with(user, "expiring", server=between.address)))

    _, result, _ = _audit(capsys, "-n", shop)

    assert (maps, 401) in between.statuses
    assert result["gaps"] == []
    assert result["clusters"][0]["objects"] >= 12


def test_a_token_that_expires_and_is_not_renewed_is_a_gap(
    control_plane: ControlPlane,
    shop: str,
    account: Object,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = account_tokens.token(control_plane.folder / "pki" / "sa.key", account, -2 * account_tokens.LEEWAY)
    monkeypatch.setenv("KUBECONFIG", str(control_plane.kubeconfig_with({"token": token}, "expired")))

    code, result, log = _audit(capsys, "-n", shop)

    assert code == 3
    assert "401" in result["gaps"][0]["why"]
    assert token not in json.dumps([result, log])


def test_rights_in_one_namespace_are_enough_for_it(
    control_plane: ControlPlane, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["audit", "--print-rbac", "-n", shop])
    role = capsys.readouterr().out.replace("kind: ClusterRole", "kind: Role")
    control_plane.kubectl("apply", "-n", shop, "-f", "-", stdin=role)
    bind = ("create", "rolebinding", "audit", "-n", shop, "--role=compliance-audit", "--user=tenant")
    control_plane.kubectl(*bind)
    _, whole, _ = _audit(capsys, "-n", shop)

    _, result, _ = _audit(capsys, "-n", shop, "--as", "tenant")

    assert result["gaps"] == []
    assert _fingerprints(result) == _fingerprints(whole) != set()


def test_a_binding_to_what_may_not_be_read_is_not_judged_and_all_else_is(
    control_plane: ControlPlane, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bind = ("create", "rolebinding", "seen", "-n", shop, "--clusterrole=view", "--user=guest")
    control_plane.kubectl(*bind)

    _, result, _ = _audit(capsys, "-n", shop, "--as", "guest")

    about = {gap["about"]: gap["rule"] for gap in result["gaps"]}
    # What the ClusterRole view lacks; without RoleBindings, nothing asks for ClusterRoles.
    assert {f"test/{shop}/secrets", f"test/{shop}/rolebindings.rbac.authorization.k8s.io"} <= about.keys()
    assert not {"test/clusterroles.rbac.authorization.k8s.io", f"test/{shop}/namespaces"} & about.keys()
    assert "pod_security.privileged" in {one["rule"] for one in result["findings"]}


def _fingerprints(result: Object) -> set[str]:
    return {one["fingerprint"] for one in result["findings"]}


def test_policies_that_may_not_be_listed_are_neither_missing_nor_there(
    control_plane: ControlPlane, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["audit", "--print-rbac"])
    role = capsys.readouterr().out.replace("      - networkpolicies\n", "").replace("compliance-audit", f"b-{shop}")
    control_plane.kubectl("apply", "-f", "-", stdin=role)
    control_plane.kubectl("create", "clusterrolebinding", f"b-{shop}", f"--clusterrole=b-{shop}", "--user=blind")

    _, result, _ = _audit(capsys, "--as", "blind", "-n", shop)

    blind = {gap["rule"] for gap in result["gaps"] if gap["about"] == f"test/Deployment/{shop}/web"}
    assert blind == {"network_policies.not_isolated_ingress", "network_policies.not_isolated_egress"}
    assert not blind & {one["rule"] for one in result["findings"]}
    assert "pod_security.privileged" in {one["rule"] for one in result["findings"]}


def test_what_the_server_compresses_is_read_whole(control_plane: ControlPlane, shop: str) -> None:
    for number in range(3):
        _add_config_map(control_plane, shop, f"large-{number}", "compressible " * 20_000)
    path = _CONFIG_MAPS.format(shop)
    connection = connect(Access())
    answer = connection.pool().request(
        "GET", f"{control_plane.url}{path}", headers={"Accept-Encoding": "gzip"}, decode_content=False
    )
    connection.close()
    assert answer.headers["Content-Encoding"] == "gzip"
    client = Client(Access())

    read = client.json(path)

    client.close()
    assert json.loads(gzip.decompress(answer.data))["items"] == read["items"]


def test_of_two_clusters_the_one_that_is_up_is_judged(
    control_plane: ControlPlane,
    shop: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = json.loads(control_plane.kubeconfig().read_text())
    config["clusters"].append({"name": "down", "cluster": {"server": "https://127.0.0.1:1"}})
    user = config["users"][0]["name"]
    config["contexts"].append({"name": "down", "context": {"cluster": "down", "user": user}})
    (tmp_path / "two").write_text(json.dumps(config))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "two"))
    options = ("--context=down", "--context=test", "-n", shop)

    refused, result, _ = _audit(capsys, *options)
    unjudged, _, _ = _audit(capsys, *options, "--fail-on=never")

    assert (refused, unjudged) == (1, 3)
    assert [gap["about"] for gap in result["gaps"]] == ["down"]
    assert {one["subject"]["cluster"] for one in result["findings"]} == {"test"}
