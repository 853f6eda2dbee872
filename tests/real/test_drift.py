"""Drift on a real API server with controllers: what a hand did is found, and what nobody did is not."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from control_plane import ApiError
from repositories import Repository

from compliance.cli import main
from compliance.image_reference import ImageReference
from compliance.supply_chain.content import EMPTY_CONFIG, OCI_INDEX, OCI_MANIFEST
from compliance.supply_chain.registry import Access, open_registry
from compliance.supply_chain.registry.credentials import Anonymous

if TYPE_CHECKING:
    from collections.abc import Iterator

    from control_plane import ControlPlane

Object = dict[str, Any]
Found = set[tuple[str, str, str]]

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("control-plane")]

_GOOD = Path(__file__).parent.parent.parent / "examples" / "good" / "kubernetes"
_IMAGE = "registry.example/web:1.2.3"


@pytest.fixture(autouse=True)
def _as_admin(control_plane: ControlPlane, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KUBECONFIG", str(control_plane.kubeconfig()))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def shop(control_plane: ControlPlane, request: pytest.FixtureRequest) -> Iterator[str]:
    """A namespace of its own."""
    name = f"shop-{abs(hash(request.node.name)) % 10**8}"
    control_plane.apply("/api/v1/namespaces", _object("v1", "Namespace", name), manager="helm")
    control_plane.wait_for(f"/api/v1/namespaces/{name}/serviceaccounts/default", lambda _: True)
    yield name
    with suppress(ApiError):
        control_plane.call("DELETE", f"/api/v1/namespaces/{name}")


class Shop:
    """A Deployment `web` that was deployed, with its Pods running; `file` declares it."""

    def __init__(self, plane: ControlPlane, namespace: str, folder: Path) -> None:
        self.plane = plane
        self.namespace = namespace
        self.file = folder / "deploy" / "web.yaml"
        self.file.parent.mkdir()

    def deploy(self, *values: Object, server_side: bool = False) -> None:
        """Write the objects down, and apply them as kubectl does."""
        self.file.write_text(yaml.safe_dump_all(values, sort_keys=False))
        how = ("--server-side", "--force-conflicts") if server_side else ()
        self.plane.kubectl("apply", "-n", self.namespace, *how, "-f", str(self.file))
        for value in values:
            if value["kind"] == "Deployment":
                self.settled(value["metadata"]["name"])

    def settled(self, name: str = "web") -> None:
        """Wait until all Pods are of the newest template, and run."""
        path = f"/apis/apps/v1/namespaces/{self.namespace}/deployments/{name}"
        self.plane.wait_for(path, _has_settled)

    def kubectl(self, *words: str) -> str:
        """Do something by hand."""
        return self.plane.kubectl("-n", self.namespace, *words)

    def pods(self) -> list[Object]:
        """Its Pods that are not on their way out."""
        found = self.plane.call("GET", f"/api/v1/namespaces/{self.namespace}/pods")["items"]
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    def report(self, pod: Object, status: Object) -> None:
        """Write the status of a Pod as its kubelet would."""
        path = f"/api/v1/namespaces/{self.namespace}/pods/{pod['metadata']['name']}/status?fieldManager=kubelet"
        self.plane.call("PATCH", path, {"status": status}, "application/strategic-merge-patch+json")


@pytest.fixture
def web(control_plane: ControlPlane, shop: str, tmp_path: Path) -> Shop:
    """The shop with one Deployment of two Pods."""
    made = Shop(control_plane, shop, tmp_path)
    made.deploy(_deployment())
    return made


def _object(version: str, kind: str, name: str, **more: object) -> Object:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **more}


def _deployment(image: str = _IMAGE, **template: Any) -> Object:  # noqa: ANN401 - parts of a Pod template
    container = {
        "name": "web",
        "image": image,
        "securityContext": {"readOnlyRootFilesystem": True},
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "0.1", "memory": "64Mi"}},
        **template.pop("container", {}),
    }
    metadata = {"labels": {"app": "web"}, **template.pop("metadata", {})}
    spec = {"containers": [container], **template}
    selector = {"matchLabels": {"app": "web"}}
    return _object(
        "apps/v1",
        "Deployment",
        "web",
        spec={"replicas": 2, "selector": selector, "template": {"metadata": metadata, "spec": spec}},
    )


def _has_settled(value: Object) -> bool:
    status, wanted = value["status"], value["spec"]["replicas"]
    numbers = {status.get(key, 0) for key in ("replicas", "updatedReplicas", "availableReplicas")}
    return numbers == {wanted} and status.get("observedGeneration") == value["metadata"]["generation"]


def _audit(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, Object]:
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "-o", "json=-", *options])
    printed = capsys.readouterr()
    assert printed.out, printed.err
    return int(stopped.value.code or 0), json.loads(printed.out)


def _drift(result: Object) -> Found:
    """Rule, object and place of each finding of drift."""
    return {
        (one["rule"].removeprefix("drift."), f"{one['subject']['kind']} {one['subject']['name']}", one["at"])
        for one in result["findings"]
        if one["rule"].startswith("drift.")
    }


def _objections(result: Object) -> list[str]:
    """What drift says, apart from remarks."""
    found = (one for one in result["findings"] if one["rule"].startswith("drift."))
    return [one["message"] for one in found if one["severity"] != "info"]


def _in(capsys: pytest.CaptureFixture[str], web: Shop, *options: str) -> Found:
    _, result = _audit(capsys, "--namespace", web.namespace, *options)
    assert [gap["why"] for gap in result["gaps"]] == []
    return _drift(result)


# --- what nobody did


def test_a_cluster_that_nobody_touched_has_no_drift(
    control_plane: ControlPlane, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del control_plane
    # What other tests have made here.
    (tmp_path / "compliance.yaml").write_text("drift: {allowed_managers: [tests, kubectl-create]}")

    _, result = _audit(capsys)

    ours = ("shop-", "widgets.", "a-shop-", "Widget")
    found = [
        (one["rule"], one["subject"], one["message"])
        for one in result["findings"]
        if one["rule"].startswith("drift.") and not str(one["subject"]["namespace"]).startswith("shop-")
    ]
    assert [one for one in found if not one[1]["name"].startswith(ours)] == []


def test_what_was_deployed_and_left_alone_has_no_drift(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert _in(capsys, web) == set()


def test_a_rollout_a_restart_and_another_deployment_are_no_drift(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    web.kubectl("rollout", "restart", "deployment/web")
    web.settled()
    web.deploy(_deployment("registry.example/web:1.2.4"))

    assert _in(capsys, web, "--against", str(web.file)) == set()


# --- by hand


def test_what_was_edited_is_found_with_its_path_and_time(
    web: Shop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBE_EDITOR", "sed -i s/revisionHistoryLimit:.10/revisionHistoryLimit:\\ 3/")
    web.kubectl("edit", "deployment/web")
    web.kubectl("patch", "deployment/web", "--type=merge", "-p", '{"spec":{"minReadySeconds":1}}')
    web.kubectl("label", "deployment/web", "by=hand")
    web.settled()

    _, result = _audit(capsys, "--namespace", web.namespace)

    assert _drift(result) == {
        ("edited_by_hand", "Deployment web", "fields[spec.revisionHistoryLimit]"),
        ("edited_by_hand", "Deployment web", "fields[spec.minReadySeconds]"),
        ("edited_by_hand", "Deployment web", "fields[metadata.labels.by]"),
    }
    (edited,) = [one for one in result["findings"] if one["at"] == "fields[spec.revisionHistoryLimit]"]
    assert edited["message"].startswith(f"spec.revisionHistoryLimit was written by kubectl-edit, last at {_today()}")


def _today() -> str:
    return time.strftime("%Y-%m-%dT", time.gmtime())


def test_an_image_set_by_hand_is_no_longer_what_was_declared(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    web.kubectl("set", "image", "deployment/web", "web=registry.example/other:1")
    web.settled()

    image = "fields[spec.template.spec.containers[web].image]"
    assert _in(capsys, web, "--against", str(web.file)) == {
        ("edited_by_hand", "Deployment web", image),
        ("field_differs", "Deployment web", image),
    }


def test_a_pod_that_was_changed_differs_from_its_template(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    name = web.pods()[0]["metadata"]["name"]
    web.kubectl("set", "image", f"pod/{name}", "web=registry.example/miner:1")

    assert _in(capsys, web) == {
        ("differs_from_template", "Deployment web", "fields[containers[web].image]"),
        ("edited_by_hand", f"Pod {name}", "fields[spec.containers[web].image]"),
    }


def test_a_pod_that_was_resized_is_explained_and_the_hand_is_found(
    web: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    pod = web.pods()[0]
    name = pod["metadata"]["name"]
    # Kubelets that can resize say what a container has; kwok does not.
    has = {**pod["status"]["containerStatuses"][0], "resources": pod["spec"]["containers"][0]["resources"]}
    web.report(pod, {"containerStatuses": [has]})
    bigger = {"spec": {"containers": [{"name": "web", "resources": {"limits": {"memory": "128Mi"}}}]}}
    web.kubectl("patch", f"pod/{name}", "--subresource=resize", "-p", json.dumps(bigger))

    found = _in(capsys, web)

    assert {rule for rule, _, _ in found} == {"edited_by_hand"}
    assert {subject for _, subject, _ in found} == {f"Pod {name}"}


def test_a_debugging_container_is_found(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    name = web.pods()[0]["metadata"]["name"]
    web.kubectl("debug", name, "--image=registry.example/debug:1", "--attach=false", "--profile=general", "-c=dbg")

    assert ("ephemeral_container", "Deployment web", "ephemeral_containers[dbg]") in _in(capsys, web)


def test_a_session_is_found_in_the_audit_log_and_only_with_it(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    name = web.pods()[0]["metadata"]["name"]
    # kwok runs nothing: the session ends at once, and was one.
    with pytest.raises(AssertionError):
        web.kubectl("exec", name, "--", "sh", "-c", "id")

    with_log = _in(capsys, web, "--audit-log", str(web.plane.audit_log))

    assert with_log == {("exec_session", "Deployment web", f"exec_sessions[admin {name}]")}
    assert _in(capsys, web) == set()


# --- replicas


def _autoscaler(least: int, most: int) -> Object:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    metric = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
    }
    spec = {"minReplicas": least, "maxReplicas": most, "scaleTargetRef": target, "metrics": [metric]}
    return _object("autoscaling/v2", "HorizontalPodAutoscaler", "web", spec=spec)


def test_scaling_by_hand_is_found(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    web.kubectl("scale", "deployment/web", "--replicas=3")
    web.settled()

    _, result = _audit(capsys, "--namespace", web.namespace, "--against", str(web.file))

    assert _drift(result) == {("replicas_differ", "Deployment web", "spec.replicas")}
    (found,) = [one for one in result["findings"] if one["rule"] == "drift.replicas_differ"]
    assert found["message"] == "Deployment web is scaled to 3 instead of 2; kubectl wrote it by hand"


def test_what_an_autoscaler_scaled_is_no_drift_and_out_of_its_bounds_is(
    web: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    web.deploy(_deployment(), _autoscaler(4, 6))
    path = f"/apis/apps/v1/namespaces/{web.namespace}/deployments/web"
    web.plane.wait_for(path, lambda value: value["spec"]["replicas"] == 4 and _has_settled(value))
    assert _in(capsys, web, "--against", str(web.file)) == set()

    web.kubectl("scale", "deployment/web", "--replicas=0")  # which turns the autoscaler off
    assert _in(capsys, web, "--against", str(web.file)) == {("replicas_differ", "Deployment web", "spec.replicas")}


# --- images


def _push(registry: str, tag: str, content: bytes) -> str:
    with open_registry(ImageReference(registry, "shop/web", None, None), Access(credentials=Anonymous())) as repository:
        config = repository.put_blob(b"{}", EMPTY_CONFIG)
        layer = repository.put_blob(content, "application/vnd.oci.image.layer.v1.tar")
        entries = [{"mediaType": one.media_type, "digest": one.digest, "size": one.size} for one in (config, layer)]
        manifest = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": entries[0], "layers": entries[1:]}
        return repository.put_manifest(json.dumps(manifest).encode(), OCI_MANIFEST, tag).digest


def _push_index(registry: str, tag: str, child: str) -> None:
    with open_registry(ImageReference(registry, "shop/web", None, None), Access(credentials=Anonymous())) as repository:
        found = repository.manifest(child).descriptor
        entry = {"mediaType": OCI_MANIFEST, "digest": child, "size": found.size}
        entry["platform"] = {"os": "linux", "architecture": "amd64"}
        index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry]}
        repository.put_manifest(json.dumps(index).encode(), OCI_INDEX, tag)


def test_a_tag_that_was_moved_is_found(
    control_plane: ControlPlane, shop: str, docker_registry: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compliance.yaml").write_text("drift: {resolve_tags: true}")
    name = f"{docker_registry}/shop/web"
    runs = _push(docker_registry, "v1", b"one")
    web = Shop(control_plane, shop, tmp_path)
    web.deploy(_deployment(f"{name}:v1", metadata={"annotations": {"kwok-image-id/web": f"{name}@{runs}"}}))
    assert _in(capsys, web) == set()

    _push_index(docker_registry, "v1", runs)
    assert _in(capsys, web) == set()

    _push(docker_registry, "v1", b"two")
    assert _in(capsys, web) == {("tag_moved_since_deployment", "Deployment web", "containers[web].image")}


def test_another_image_than_the_trusted_one_is_found(
    control_plane: ControlPlane, shop: str, docker_registry: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"{docker_registry}/shop/web"
    trusted, other = _push(docker_registry, "t1", b"trusted"), _push(docker_registry, "t2", b"other")
    (tmp_path / "compliance.yaml").write_text(f'drift: {{trusted_digests: {{"{name}:t1": "{trusted}"}}}}')
    web = Shop(control_plane, shop, tmp_path)
    web.deploy(_deployment(f"{name}:t1", metadata={"annotations": {"kwok-image-id/web": f"{name}@{trusted}"}}))
    assert _in(capsys, web) == set()

    (pod, _) = web.pods()
    status = {**pod["status"]["containerStatuses"][0], "imageID": f"{name}@{other}"}
    web.report(pod, {"containerStatuses": [status]})
    assert _in(capsys, web) == {("running_image_differs", "Deployment web", "containers[web].image")}


def test_a_registry_that_does_not_answer_is_a_gap_of_the_rule_that_asks(
    web: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compliance.yaml").write_text("drift: {resolve_tags: true}")
    web.deploy(_deployment("127.0.0.1:1/web:1"))

    _, result = _audit(capsys, "--namespace", web.namespace)

    assert {(gap["rule"], gap["about"]) for gap in result["gaps"]} == {
        ("drift.tag_moved_since_deployment", f"test/Deployment/{web.namespace}/web")
    }


# --- time


def test_configuration_that_was_changed_in_place_is_found(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web = Shop(control_plane, shop, tmp_path)
    settings = _object("v1", "ConfigMap", "settings", data={"mode": "slow"})
    reads = _deployment(container={"envFrom": [{"configMapRef": {"name": "settings"}}]})
    web.deploy(settings, reads)
    assert _in(capsys, web) == set()

    time.sleep(2)  # the API server's times are seconds
    web.deploy({**settings, "data": {"mode": "fast"}}, reads)
    assert _in(capsys, web) == {("configmap_changed_in_place", "Deployment web", "configuration[ConfigMap settings]")}


def test_old_pods_are_found(web: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = "drift.instance_too_old"
    (tmp_path / "compliance.yaml").write_text(f"rules: {{{rule}: {{params: {{max_age_days: 7}}}}}}")
    pod = web.pods()[0]
    for days, found in ((6, set()), (8, {("instance_too_old", "Deployment web", "pods")})):
        started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days * 86400 - 60))
        web.report(pod, {"startTime": started})
        assert _in(capsys, web) == found


def test_a_container_that_restarts_again_and_again_is_found(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web = Shop(control_plane, shop, tmp_path)
    web.file.write_text(yaml.safe_dump(_deployment("registry.example/web:1-crash")))
    web.kubectl("apply", "-f", str(web.file))

    def has_restarted(value: Object) -> bool:
        statuses = [status for pod in value["items"] for status in pod["status"].get("containerStatuses", ())]
        return any(status["restartCount"] >= 5 for status in statuses)

    control_plane.wait_for(f"/api/v1/namespaces/{shop}/pods", has_restarted)
    assert _in(capsys, web) == {("restarted_often", "Deployment web", "containers[web]")}


# --- declared against live


def _typical(namespace: str) -> list[Object]:
    """One of each kind that people declare, as they write it."""
    secret = _object("v1", "Secret", "db", stringData={"password": "hunter2xyz"}, type="Opaque")
    template = _deployment(container={"ports": [{"containerPort": 8080}]})["spec"]["template"]
    claim = {"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}
    claim["spec"]["resources"] = {"requests": {"storage": "1Gi"}}  # type: ignore[index] # JSON
    service = {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]}
    path = {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "web", "port": {"number": 80}}}}
    peer = {"podSelector": {"matchLabels": {"app": "web"}}}
    rule = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
    job = {"spec": {"template": {"spec": {**template["spec"], "restartPolicy": "Never"}}}}
    selector = {"matchLabels": {"app": "web"}}
    rbac = "rbac.authorization.k8s.io"
    subject = {"kind": "ServiceAccount", "name": "web", "namespace": namespace}
    found = [
        _object("v1", "ServiceAccount", "web"),
        secret,
        _object("v1", "ConfigMap", "settings", data={"mode": "fast"}, binaryData={"x": "AAEC\nAwQ="}),
        _deployment(volumes=[{"name": "tmp", "emptyDir": {"sizeLimit": "0.5Gi"}}]),
        _object("v1", "Service", "web", spec=service),
        _object("v1", "Service", "headless", spec={**service, "clusterIP": "None"}),
        _object(
            "apps/v1",
            "StatefulSet",
            "db",
            spec={
                "serviceName": "headless",
                "selector": selector,
                "template": template,
                "replicas": 1,
                "volumeClaimTemplates": [claim],
            },
        ),
        _object("apps/v1", "DaemonSet", "agent", spec={"selector": selector, "template": template}),
        _object("batch/v1", "CronJob", "nightly", spec={"schedule": "@daily", "jobTemplate": job}),
        _object("policy/v1", "PodDisruptionBudget", "web", spec={"minAvailable": "50%", "selector": selector}),
        _autoscaler(1, 3),
        _object(
            "networking.k8s.io/v1",
            "Ingress",
            "web",
            spec={"rules": [{"host": "web.example.com", "http": {"paths": [path]}}]},
        ),
        _object(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            "web",
            spec={"podSelector": {}, "ingress": [{"from": [peer], "ports": [{"port": 8080}]}]},
        ),
        _object("v1", "PersistentVolumeClaim", "data", spec=claim["spec"]),
        _object(f"{rbac}/v1", "Role", "reader", rules=[rule]),
        _object(
            f"{rbac}/v1",
            "RoleBinding",
            "reader",
            roleRef={"apiGroup": rbac, "kind": "Role", "name": "reader"},
            subjects=[subject],
        ),
        _object("v1", "LimitRange", "limits", spec={"limits": [{"type": "Container", "max": {"cpu": "2"}}]}),
        _object("v1", "ResourceQuota", "quota", spec={"hard": {"pods": "100", "requests.cpu": "10000m"}}),
    ]
    for value in found:
        value["metadata"]["labels"] = {"app": "web"}
    return found


@pytest.mark.parametrize("server_side", [False, True], ids=["client side", "server side"])
@pytest.mark.parametrize("dry_run", ["auto", "never"])
def test_what_was_applied_unchanged_does_not_differ(
    control_plane: ControlPlane,
    shop: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    server_side: bool,
    dry_run: str,
) -> None:
    (tmp_path / "compliance.yaml").write_text(f"drift: {{dry_run: {dry_run}}}")
    web = Shop(control_plane, shop, tmp_path)
    web.deploy(*_typical(shop), server_side=server_side)

    _, result = _audit(capsys, "--namespace", shop, "--against", str(web.file))

    found = [
        one["message"] for one in result["findings"] if one["rule"].startswith("drift.") and one["severity"] != "info"
    ]
    assert (found, result["gaps"]) == ([], [])
    judged = result["judged"]
    assert judged["drift.field_differs"] >= len(_typical(shop))
    assert not any("dry runs" in one["locator"] for one in result["passed_over"])


@pytest.mark.parametrize("dry_run", ["auto", "never"])
def test_the_good_example_is_in_the_cluster_as_it_is_declared(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], dry_run: str
) -> None:
    (tmp_path / "compliance.yaml").write_text(f"drift: {{dry_run: {dry_run}}}")
    deploy = tmp_path / "deploy"
    deploy.mkdir()
    for file in _GOOD.glob("*.yaml"):
        text = file.read_text().replace("namespace: shop\n", f"namespace: {shop}\n")
        (deploy / file.name).write_text(text.replace("\n  name: shop\n", f"\n  name: {shop}\n"))
    control_plane.kubectl("apply", "-f", str(deploy / "namespace.yaml"))
    control_plane.kubectl("apply", "-f", str(deploy))
    control_plane.wait_for(f"/apis/apps/v1/namespaces/{shop}/deployments/app", _has_settled)

    _, result = _audit(capsys, "--namespace", shop, "--against", str(deploy))

    found = [
        one["message"] for one in result["findings"] if one["rule"].startswith("drift.") and one["severity"] != "info"
    ]
    assert (found, result["gaps"]) == ([], [])


def _messed_up(web: Shop) -> None:
    """Change, remove and add by hand."""
    web.deploy(*_typical(web.namespace))
    web.kubectl("patch", "service/web", "--type=merge", "-p", '{"metadata":{"annotations":{"by":"hand"}}}')
    web.kubectl("patch", "deployment/web", "--type=merge", "-p", '{"spec":{"paused":true}}')
    declared = list(yaml.safe_load_all(web.file.read_text()))
    declared[2]["data"]["mode"] = "slow"
    declared[1]["stringData"]["password"] = "correct horse"  # noqa: S105 - made up
    declared[3]["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]["cpu"] = "200m"
    web.file.write_text(yaml.safe_dump_all(declared))
    web.kubectl("delete", "networkpolicy/web")
    web.kubectl("create", "configmap", "by-hand", "--from-literal=a=b")


_MESS = {
    ("field_differs", "ConfigMap settings", "fields[data.mode]"),
    ("field_differs", "Secret db", "fields[data.password]"),
    ("field_differs", "Deployment web", "fields[spec.template.spec.containers[web].resources.limits.cpu]"),
    ("missing_in_cluster", "NetworkPolicy web", "metadata.name"),
    ("unmanaged", "ConfigMap by-hand", "metadata.name"),
}


def _compared(found: Found) -> Found:
    return {one for one in found if one[0] in {"field_differs", "missing_in_cluster", "unmanaged"}}


@pytest.mark.parametrize("dry_run", ["auto", "never"])
def test_missing_unmanaged_and_differing_are_the_same_by_dry_run_and_without(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], dry_run: str
) -> None:
    (tmp_path / "compliance.yaml").write_text(f"drift: {{dry_run: {dry_run}}}")
    web = Shop(control_plane, shop, tmp_path)
    _messed_up(web)

    code, result = _audit(capsys, "--namespace", shop, "--against", str(web.file))

    assert (code, result["gaps"]) == (1, [])
    assert _compared(_drift(result)) == _MESS
    differing = {one["at"]: one["message"] for one in result["findings"] if one["rule"] == "drift.field_differs"}
    assert differing["fields[data.mode]"] == (
        'data.mode is "fast", and declared as "slow"; kubectl-client-side-apply wrote it'
    )
    for text in ("hunter2xyz", "aHVudGVyMnh5eg", "correct horse"):
        assert text not in json.dumps(result)


def test_who_may_not_patch_compares_offline(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web = Shop(control_plane, shop, tmp_path)
    _messed_up(web)
    with pytest.raises(SystemExit):
        main(["audit", "--print-rbac", "--against", str(web.file)])
    role = capsys.readouterr().out.replace("name: compliance-audit", f"name: {shop}")
    assert "patch" not in role
    control_plane.kubectl("apply", "-f", "-", stdin=role)
    control_plane.kubectl("create", "clusterrolebinding", f"a-{shop}", f"--clusterrole={shop}", f"--user={shop}")

    _, result = _audit(capsys, "--as", shop, "--namespace", shop, "--against", str(web.file))

    assert (_compared(_drift(result)), result["gaps"]) == (_MESS, [])
    said = [one["why"] for one in result["passed_over"] if one["locator"] == "test: dry runs"]
    assert f"deployments.apps may not be patched in {shop}; compared offline: 1 object" in said


def test_the_printed_role_with_dry_runs_is_enough_for_them(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web = Shop(control_plane, shop, tmp_path)
    web.deploy(_deployment(), _object("v1", "ConfigMap", "settings", data={"mode": "fast"}))
    with pytest.raises(SystemExit):
        main(["audit", "--print-rbac", "--with-dry-runs", "--against", str(web.file)])
    role = capsys.readouterr().out.replace("name: compliance-audit", f"name: {shop}")
    control_plane.kubectl("apply", "-f", "-", stdin=role)
    control_plane.kubectl("create", "clusterrolebinding", f"a-{shop}", f"--clusterrole={shop}", f"--user={shop}")
    before = control_plane.call("GET", f"/apis/apps/v1/namespaces/{shop}/deployments/web")

    _, result = _audit(capsys, "--as", shop, "--namespace", shop, "--against", str(web.file))

    assert (result["gaps"], [one for one in result["passed_over"] if "dry" in one["locator"]]) == ([], [])
    after = control_plane.call("GET", f"/apis/apps/v1/namespaces/{shop}/deployments/web")
    assert after["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]


def test_a_commit_is_compared_with_the_cluster(web: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repository = Repository(tmp_path / "repository")
    commit = repository.commit({"prod/web.yaml": web.file.read_text()})
    repository.git("tag", "v1")
    repository.commit({"prod/web.yaml": web.file.read_text().replace("1.2.3", "1.2.4")})

    assert _in(capsys, web, "--against", f"{repository.path}//prod@v1") == set()
    assert _in(capsys, web, "--against", f"{repository.path}//prod@{commit}") == set()
    assert _in(capsys, web, "--against", f"file://{repository.path}@main") == {
        ("field_differs", "Deployment web", "fields[spec.template.spec.containers[web].image]")
    }


def test_an_overlay_is_compared_as_it_renders(
    web: Shop, kustomize: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(kustomize.parent), prepend=os.pathsep)
    overlay = tmp_path / "prod"
    overlay.mkdir()
    (tmp_path / "deploy" / "kustomization.yaml").write_text("resources: [web.yaml]\n")
    images = [{"name": "registry.example/web", "newTag": "2.0.0"}]
    kustomization = {"resources": ["../deploy"], "images": images}
    (overlay / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))
    image = ("field_differs", "Deployment web", "fields[spec.template.spec.containers[web].image]")
    assert _in(capsys, web, "--against", str(overlay)) == {image}

    web.kubectl("apply", "-k", str(overlay))
    web.settled()
    assert _in(capsys, web, "--against", str(overlay)) == set()


def test_a_chart_is_compared_with_its_values(
    web: Shop, helm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(helm.parent), prepend=os.pathsep)
    chart, values = tmp_path / "chart", tmp_path / "prod.yaml"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    (chart / "values.yaml").write_text("mode: slow\n")
    values.write_text("mode: fast\n")
    template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {mode: {{ .Values.mode }}}\n"
    (chart / "templates" / "settings.yaml").write_text(template)
    web.plane.kubectl("apply", "-n", web.namespace, "-f", "-", stdin=template.replace("{{ .Values.mode }}", "fast"))

    assert _in(capsys, web, "--against", str(chart), "--helm-values", str(values)) == set()
    assert _in(capsys, web, "--against", str(chart)) == {("field_differs", "ConfigMap settings", "fields[data.mode]")}


@pytest.mark.parametrize(
    "ignored",
    [
        "{json_pointers: [/spec/template/spec/containers/0/image]}",
        "{kind: Deployment, jq_paths: ['.spec.template.spec.containers[] | select(.name == \"web\") | .image']}",
        "{group: apps, managers: ['kubectl-*']}",
    ],
)
def test_what_is_ignored_does_not_differ(
    web: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str], ignored: str
) -> None:
    allowed = "allowed_managers: ['kubectl-set']"
    (tmp_path / "compliance.yaml").write_text(f"drift: {{{allowed}, ignore_differences: [{ignored}]}}")
    web.kubectl("set", "image", "deployment/web", "web=registry.example/other:1")
    web.settled()

    assert _in(capsys, web, "--against", str(web.file)) == set()


@pytest.mark.parametrize("dry_run", ["auto", "never"])
def test_what_is_declared_no_more_would_be_removed(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], dry_run: str
) -> None:
    (tmp_path / "compliance.yaml").write_text(f"drift: {{dry_run: {dry_run}}}")
    web = Shop(control_plane, shop, tmp_path)
    for server_side in (False, True):
        before = _deployment(container={"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]})
        web.deploy(before, server_side=server_side)
        web.file.write_text(yaml.safe_dump(_deployment(container={"env": [{"name": "A", "value": "1"}]})))
        assert _in(capsys, web, "--against", str(web.file)) == {
            ("field_differs", "Deployment web", "fields[spec.template.spec.containers[web].env[B]]")
        }, f"server side: {server_side}"
        web.kubectl("delete", "deployment/web", "--wait")


def test_custom_resources_are_compared_in_the_version_that_they_are_declared_in(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    group = f"{shop}.example"
    schema = {
        "type": "object",
        "properties": {
            "spec": {
                "type": "object",
                "properties": {"size": {"type": "integer"}, "colour": {"type": "string", "default": "blue"}},
            }
        },
    }
    versions = [
        {"name": name, "served": True, "storage": name == "v2", "schema": {"openAPIV3Schema": schema}}
        for name in ("v1", "v2")
    ]
    names = {"kind": "Widget", "plural": "widgets", "singular": "widget"}
    definition = _object("apiextensions.k8s.io/v1", "CustomResourceDefinition", f"widgets.{group}")
    definition["spec"] = {"group": group, "scope": "Namespaced", "names": names, "versions": versions}
    definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    control_plane.apply(definitions, definition, manager="helm")
    control_plane.wait_for(f"/apis/{group}/v2/widgets", lambda _: True)
    control_plane.wait_for("/apis", lambda found: group in {one["name"] for one in found["groups"]})
    web = Shop(control_plane, shop, tmp_path)
    try:
        for version in ("v1", "v2"):
            widget = _object(f"{group}/{version}", "Widget", "w", spec={"size": 1})
            web.deploy(widget)
            assert _in(capsys, web, "--against", str(web.file)) == set()
            web.file.write_text(yaml.safe_dump({**widget, "spec": {"size": 2}}))
            assert _in(capsys, web, "--against", str(web.file)) == {("field_differs", "Widget w", "fields[spec.size]")}
    finally:
        control_plane.call("DELETE", f"{definitions}/widgets.{group}")


def test_the_same_audit_twice_says_the_same(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    web.kubectl("label", "deployment/web", "by=hand")
    first, second = (_audit(capsys, "--namespace", web.namespace)[1] for _ in range(2))
    assert first["findings"] == second["findings"]
