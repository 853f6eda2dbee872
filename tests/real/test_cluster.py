"""`compliance audit` on a real API server: what is read and judged, and the faults that it survives."""

from __future__ import annotations

import json
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from api_server import Answer, Request
from between import Between, standing_between
from control_plane import ApiError

from compliance.cli import main
from compliance.sources.cluster import client as client_module
from compliance.sources.cluster import listing
from compliance.sources.cluster.client import Client
from compliance.sources.cluster.connection import Access
from compliance.sources.cluster.source import ClusterSource
from compliance.sources.cluster.walk import Selection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from control_plane import ControlPlane

Object = dict[str, Any]

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("as_admin"), pytest.mark.xdist_group("control-plane")]

_EXAMPLES = Path(__file__).parent.parent.parent / "examples"
_DEPLOYMENTS = "/apis/apps/v1/namespaces/{}/deployments"
_CONFIG_MAPS = "/api/v1/namespaces/{}/configmaps"
_PRIVILEGED = "pod_security.privileged"


@pytest.fixture
def between(control_plane: ControlPlane, monkeypatch: pytest.MonkeyPatch) -> Iterator[Between]:
    """What the audit goes through, in small pages."""
    monkeypatch.setattr(listing, "_PAGE", 5)
    monkeypatch.setattr(listing, "_PAGE_OF_LARGE", 5)
    with standing_between(control_plane) as found:
        monkeypatch.setenv("KUBECONFIG", str(found.kubeconfig()))
        yield found


@pytest.fixture
def shop(control_plane: ControlPlane, request: pytest.FixtureRequest) -> Iterator[str]:
    """A namespace of its own with a privileged Deployment of three Pods, which run."""
    name = f"shop-{abs(hash(request.node.name)) % 10**8}"
    control_plane.namespace(name)
    control_plane.apply(_DEPLOYMENTS.format(name), _deployment("web"))
    control_plane.wait_for(
        f"{_DEPLOYMENTS.format(name)}/web", lambda value: value["status"].get("availableReplicas") == 3
    )
    yield name
    with suppress(ApiError):
        control_plane.call("DELETE", f"/api/v1/namespaces/{name}")


def _deployment(name: str) -> Object:
    container = {
        "name": "web",
        "image": "registry.example/web:1.2.3",
        "securityContext": {"privileged": True},
        "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}},
    }
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}
    spec = {"replicas": 3, "selector": {"matchLabels": {"app": name}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def _config_map(number: int) -> Object:
    data = {"mode": "fast"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{number:02}"}, "data": data}


def _audit(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, Object]:
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "-o", "json=-", *options])
    result: Object = json.loads(capsys.readouterr().out)
    return int(stopped.value.code or 0), result


def _found(result: Object, namespace: str, rule: str | None = None) -> Counter[tuple[str, str, str]]:
    """Rule, kind and place of each finding in a namespace."""
    return Counter(
        (one["rule"], one["subject"]["kind"], one["at"])
        for one in result["findings"]
        if one["subject"]["namespace"] == namespace and rule in (None, one["rule"])
    )


def test_a_deployment_is_judged_once_for_all_its_pods(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, result = _audit(capsys)

    assert code == 1
    assert result["gaps"] == []
    assert _found(result, shop, _PRIVILEGED) == {
        (_PRIVILEGED, "Deployment", "containers[web].securityContext.privileged"): 1
    }
    (cluster,) = result["clusters"]
    assert cluster["copies"] >= 4
    assert cluster["version"] == "v1.37.1"


def test_a_pod_with_an_ephemeral_container_is_judged_by_itself(
    control_plane: ControlPlane, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pod = control_plane.call("GET", f"/api/v1/namespaces/{shop}/pods")["items"][0]["metadata"]["name"]
    debug = ("debug", "-n", shop, pod, "--image=registry.example/debug:1", "--attach=false", "--profile=general")
    control_plane.kubectl(*debug)

    _, result = _audit(capsys, "--namespace", shop)

    kinds = {kind for _, kind, _ in _found(result, shop, _PRIVILEGED)}
    assert kinds == {"Deployment", "Pod"}


def test_a_viewer_may_not_read_secrets_and_roles(
    control_plane: ControlPlane,
    shop: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(control_plane.kubeconfig("viewer")))

    code, result = _audit(capsys, "--fail-on", "never")

    assert code == 3
    about = {gap["about"]: gap for gap in result["gaps"]}
    assert {"test/secrets", "test/clusterroles.rbac.authorization.k8s.io"} <= about.keys()
    assert 'User "viewer" cannot list resource "secrets" in API group ""' in about["test/secrets"]["why"]
    assert "--print-rbac" in about["test/secrets"]["remedy"]
    assert _found(result, shop, _PRIVILEGED)


def test_the_printed_cluster_role_is_enough_and_is_used(
    control_plane: ControlPlane, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["audit", "--print-rbac"])
    role = capsys.readouterr().out
    control_plane.kubectl("apply", "-f", "-", stdin=role)
    control_plane.kubectl(
        "create", "clusterrolebinding", f"a-{shop}", "--clusterrole=compliance-audit", "--user=auditor"
    )
    before = len(control_plane.audit_log.read_text().splitlines())

    _, result = _audit(capsys, "--as", "auditor", "--exclude-namespace", "kube-system")

    assert result["gaps"] == []
    events = map(json.loads, control_plane.audit_log.read_text().splitlines()[before:])
    listed = {
        event["objectRef"]["resource"]
        for event in events
        if event.get("impersonatedUser", {}).get("username") == "auditor" and event["verb"] == "list"
    }
    assert listed == {line.strip("- ") for line in role.splitlines() if line.startswith("      - ")}


def test_who_has_no_rights_learns_which_are_missing(capsys: pytest.CaptureFixture[str]) -> None:
    code, result = _audit(capsys, "--as", "nobody")

    assert (code, result["findings"]) == (3, [])
    assert all("may not list" in gap["why"] for gap in result["gaps"])


def test_a_token_that_is_refused_is_a_gap(
    control_plane: ControlPlane,
    shop: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    accounts = f"/api/v1/namespaces/{shop}/serviceaccounts"
    control_plane.apply(accounts, {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "old"}})
    token = control_plane.kubectl("create", "token", "-n", shop, "old").strip()
    control_plane.call("DELETE", f"{accounts}/old")
    file = control_plane.kubeconfig_with({"token": token}, "old")
    monkeypatch.setenv("KUBECONFIG", str(file))

    code, result = _audit(capsys)

    assert code == 3
    assert "401" in result["gaps"][0]["why"]
    assert "expired" in result["gaps"][0]["remedy"]
    assert token not in json.dumps(result)


def _every(number: int, answer: Answer) -> Callable[[Request], Answer | None]:
    seen = [0]

    def fault(_request: Request) -> Answer | None:
        seen[0] += 1
        return answer if seen[0] % number == 0 else None

    return fault


def test_busy_slow_and_broken_answers_change_nothing(
    control_plane: ControlPlane, between: Between, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(12):
        control_plane.apply(_CONFIG_MAPS.format(shop), _config_map(number))
    _, expected = _audit(capsys)
    between.faults.extend(
        (
            _every(19, Answer(429, "busy", {"Retry-After": "1"})),
            _every(7, Answer(None)),
            _every(11, Answer(503, "not yet")),
            _every(13, Answer(200, body={"broken": "x" * 5000}, cut=True, delay=0.5)),
        )
    )

    _, result = _audit(capsys)

    assert result["gaps"] == []
    assert _found(result, shop) == _found(expected, shop)
    assert result["clusters"][0]["requests"] > expected["clusters"][0]["requests"]


def _once(ends_with: str, act: Callable[[], None], *, on: int) -> Callable[[Request], Answer | None]:
    """Do something right before the `on`th request for a path is passed on."""
    seen = [0]

    def fault(request: Request) -> Answer | None:
        if request.path.endswith(ends_with):
            seen[0] += 1
            if seen[0] == on:
                act()
        return None

    return fault


def test_an_api_server_that_restarts_in_the_middle_of_a_list_is_waited_for(
    control_plane: ControlPlane, between: Between, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(12):
        control_plane.apply(_CONFIG_MAPS.format(shop), _config_map(number))

    def restart() -> None:
        control_plane.kill("kube-apiserver")
        control_plane.start("kube-apiserver")

    between.faults.append(_once("/configmaps", restart, on=3))

    _, result = _audit(capsys, "--namespace", shop)
    control_plane.wait_until_ready()

    assert result["gaps"] == []
    assert _found(result, shop, _PRIVILEGED)
    assert result["clusters"][0]["objects"] >= 12


def test_a_token_that_expires_in_the_middle_of_a_list_is_replaced(
    control_plane: ControlPlane, between: Between, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    maps = _CONFIG_MAPS.format(shop)
    for number in range(12):
        control_plane.apply(maps, _config_map(number))

    def expire() -> None:
        control_plane.apply(maps, _config_map(99))
        control_plane.compact_etcd()
        # It keeps snapshots of its own, from which it would go on with the old revision.
        control_plane.kill("kube-apiserver")
        control_plane.start("kube-apiserver")
        control_plane.wait_until_ready()

    between.faults.append(_once(maps, expire, on=2))
    monkeypatch.setattr(client_module, "_FIRST_PAUSE", 0.01)
    client = Client(Access())

    source = ClusterSource(client, {"configuration"}, Selection((shop,)))
    names = [one.subject.name for one in source.facts() if one.subject.kind == "ConfigMap"]
    client.close()

    assert (maps, 410) in between.statuses
    assert source.told.gaps == []
    assert set(names) == {*(f"c{number:02}" for number in range(12)), "c99", "kube-root-ca.crt"}
    assert len(names) == len(set(names))


def _widgets(group: str) -> Object:
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    version = {"name": "v1", "served": True, "storage": True, "schema": schema}
    names = {"kind": "Widget", "plural": "widgets", "singular": "widget"}
    spec = {"group": group, "scope": "Namespaced", "names": names, "versions": [version]}
    metadata = {"name": f"widgets.{group}"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": metadata,
        "spec": spec,
    }


def test_a_kind_that_vanishes_is_a_gap(
    control_plane: ControlPlane, between: Between, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    group, definitions = f"{shop}.example", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    control_plane.apply(definitions, _widgets(group))
    path = f"/apis/{group}/v1"
    control_plane.wait_for(f"{path}/widgets", lambda _: True)
    control_plane.wait_for("/apis", lambda found: group in {one["name"] for one in found["groups"]})

    def remove() -> None:
        control_plane.call("DELETE", f"{definitions}/widgets.{group}")
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                control_plane.call("GET", f"{path}/widgets")
            except ApiError:
                return
            time.sleep(0.1)

    between.faults.append(_once("/widgets", remove, on=1))

    code, result = _audit(capsys, "--fail-on", "never")

    assert code == 3
    (gap,) = result["gaps"]
    assert gap["about"] == f"test/widgets.{group}"
    assert "404" in gap["why"]


def test_a_namespace_that_is_deleted_meanwhile_is_a_gap(control_plane: ControlPlane, shop: str) -> None:
    client = Client(Access())
    source = ClusterSource(client, {"workload", "namespace"}, Selection())
    facts = source.facts()
    next(facts)
    control_plane.call("DELETE", f"/api/v1/namespaces/{shop}")

    list(facts)
    client.close()

    assert f"namespace {shop} was deleted while it was read" in [gap.why for gap in source.told.gaps]


def test_a_named_namespace_needs_no_rights_in_others(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, whole = _audit(capsys)
    _, result = _audit(capsys, "--namespace", shop)

    assert _found(result, shop) == _found(whole, shop)
    assert {one["subject"]["namespace"] or one["subject"]["name"] for one in result["findings"]} == {shop}


def test_values_of_secrets_are_nowhere_in_the_result(
    control_plane: ControlPlane, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "db"},
        "stringData": {"password": "hunter2xyz"},
    }
    control_plane.kubectl("apply", "-n", shop, "-f", "-", stdin=json.dumps(secret))
    client = Client(Access())

    source = ClusterSource(client, {"configuration"}, Selection((shop,)))
    told = next(one for one in source.facts() if one.subject.kind == "Secret")
    _, result = _audit(capsys, "--namespace", shop)
    client.close()

    assert [key["key"] for key in told.body["keys"]] == ["password"]
    for text in (json.dumps(told.body), json.dumps(result)):
        assert "hunter2xyz" not in text
        assert "aHVudGVyMnh5eg" not in text
