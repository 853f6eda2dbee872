"""A Pod against its template: what is different, and what explains it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from compliance.sources.drift.pods import Made
from compliance.sources.drift.template import told

if TYPE_CHECKING:
    from compliance.sources.drift.field_types import FieldTypes

_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path
_TEMPLATE: dict[str, Any] = {
    "metadata": {"labels": {"app": "web", "pod-template-hash": "7d4b9c"}, "annotations": {"example.com/checksum": "1"}},
    "spec": {
        "containers": [
            {
                "name": "web",
                "image": "web:1",
                "imagePullPolicy": "IfNotPresent",
                "resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File",
            }
        ],
        "dnsPolicy": "ClusterFirst",
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
        "securityContext": {},
        "terminationGracePeriodSeconds": 30,
    },
}


def _pod() -> dict[str, Any]:
    """As the API server, its admission, the scheduler and the controller make it."""
    pod = copy.deepcopy(_TEMPLATE)
    pod["metadata"] |= {"name": "web-7d4b9c-x2x4p", "namespace": "shop", "uid": "1"}
    spec = pod["spec"]
    spec |= {
        "nodeName": "node-1",
        "enableServiceLinks": True,
        "serviceAccount": "default",
        "serviceAccountName": "default",
        "priority": 0,
        "preemptionPolicy": "PreemptLowerPriority",
        "tolerations": [
            {
                "key": "node.kubernetes.io/not-ready",
                "operator": "Exists",
                "effect": "NoExecute",
                "tolerationSeconds": 300,
            },
            {
                "key": "node.kubernetes.io/unreachable",
                "operator": "Exists",
                "effect": "NoExecute",
                "tolerationSeconds": 300,
            },
        ],
        "volumes": [{"name": "kube-api-access-7xk2p", "projected": {"sources": [], "defaultMode": 420}}],
    }
    container = spec["containers"][0]
    container["volumeMounts"] = [{"name": "kube-api-access-7xk2p", "mountPath": _TOKEN, "readOnly": True}]
    container["resources"]["requests"] = {"cpu": "1", "memory": "1Gi"}
    return pod


def _told(pod: dict[str, Any], types: FieldTypes, controller: str = "ReplicaSet") -> dict[str, tuple[Any, Any]]:
    found = told([Made(pod, _TEMPLATE, controller)], types.pod_spec())
    return {fact["path"]: (fact["explained_by"], fact["injector"]) for fact in found}


def _unexplained(pod: dict[str, Any], types: FieldTypes, controller: str = "ReplicaSet") -> list[str]:
    return [path for path, (by, _) in _told(pod, types, controller).items() if by is None]


def test_all_that_is_added_to_every_pod_is_explained_and_named(types: FieldTypes) -> None:
    found = _told(_pod(), types)
    assert {by for by, _ in found.values()} == {"admission"}
    assert {"priority", "serviceAccountName", "containers[web].resources.requests.cpu"} <= found.keys()


def test_what_every_pod_has_of_its_own_is_left_out(types: FieldTypes) -> None:
    assert not [path for path in _told(_pod(), types) if "kube-api-access" in path or path == "nodeName"]


def test_a_volume_that_only_looks_like_a_token_is_told(types: FieldTypes) -> None:
    pod = _set(_pod(), ("spec", "volumes", 0), {"name": "kube-api-access-x", "hostPath": {"path": "/"}})
    assert "volumes[kube-api-access-x]" in _unexplained(pod, types)


def test_a_changed_image_is_told_with_both_values(types: FieldTypes) -> None:
    pod = _pod()
    pod["spec"]["containers"][0]["image"] = "web:hacked"
    (fact,) = (
        one for one in told([Made(pod, _TEMPLATE, "ReplicaSet")], types.pod_spec()) if one["explained_by"] is None
    )
    assert fact == {
        "path": "containers[web].image",
        "template": '"web:1"',
        "live": '"web:hacked"',
        "pod": "web-7d4b9c-x2x4p",
        "pods": 1,
        "explained_by": None,
        "injector": None,
    }


def test_pods_that_differ_alike_are_counted(types: FieldTypes) -> None:
    pods = [_pod(), _pod()]
    for number, pod in enumerate(pods):
        pod["metadata"]["name"] = f"web-{number}"
        pod["spec"]["activeDeadlineSeconds"] = 60
    found = told([Made(pod, _TEMPLATE, "ReplicaSet") for pod in pods], types.pod_spec())
    assert [(one["pod"], one["pods"]) for one in found if one["path"] == "activeDeadlineSeconds"] == [("web-0", 2)]


def test_an_image_that_is_named_like_a_token_is_compared(types: FieldTypes) -> None:
    template = _set(copy.deepcopy(_TEMPLATE), ("spec", "containers", 0, "image"), "kube-api-access-good:1")
    pods = [_set(_pod(), ("spec", "containers", 0, "image"), f"kube-api-access-{name}:1") for name in ("good", "bad")]
    found = told([Made(pod, template, "ReplicaSet") for pod in pods], types.pod_spec())
    assert [(one["live"], one["pods"]) for one in found if one["path"] == "containers[web].image"] == [
        ('"kube-api-access-bad:1"', 1)
    ]


def _set(pod: dict[str, Any], path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    here: Any = pod
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return pod


@pytest.mark.parametrize(
    ("path", "value", "at"),
    [
        (("spec", "tolerations"), [{"operator": "Exists"}], "tolerations[Exists]"),
        (("spec", "terminationGracePeriodSeconds"), 1, "terminationGracePeriodSeconds"),
        (("spec", "hostNetwork"), True, "hostNetwork"),
        (("spec", "serviceAccountName"), "admin", "serviceAccountName"),
        (("metadata", "labels", "app"), "quarantine", "metadata.labels.app"),
        (("metadata", "annotations"), {}, "metadata.annotations[example.com/checksum]"),
        (("spec", "containers", 0, "env"), [{"name": "X", "value": "1"}], "containers[web].env[X]"),
        (("spec", "containers", 0, "securityContext"), {"privileged": True}, "containers[web].securityContext"),
        (("spec", "containers", 0, "resources", "limits", "cpu"), "4", "containers[web].resources.limits.cpu"),
    ],
)
def test_what_nothing_explains(path: tuple[str | int, ...], value: object, at: str | None, types: FieldTypes) -> None:
    found = _unexplained(_set(_pod(), path, value), types)
    assert ([at] if at else []) == [one for one in found if not one.endswith("requests.cpu")]


def test_a_resize_in_place_is_told_by_its_subresource(types: FieldTypes) -> None:
    pod = _set(_pod(), ("spec", "containers", 0, "resources", "limits", "cpu"), "4")
    cpu = {"f:resources": {"f:limits": {"f:cpu": {}}}}
    entry = {"manager": "kubectl-edit", "operation": "Update", "subresource": "resize"}
    entry |= {"fieldsV1": {"f:spec": {"f:containers": {'k:{"name":"web"}': cpu}}}}  # type: ignore[dict-item] - JSON
    pod["metadata"]["managedFields"] = [entry]
    assert _told(pod, types)["containers[web].resources.limits.cpu"] == ("in_place_resize", None)


@pytest.mark.parametrize(
    ("controller", "changes", "path"),
    [
        ("DaemonSet", {"affinity": {"nodeAffinity": {}}}, "affinity"),
        ("StatefulSet", {"hostname": "web-0", "subdomain": "web"}, "hostname"),
        (
            "StatefulSet",
            {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data-web-0"}}]},
            "volumes",
        ),
    ],
)
def test_what_controllers_add(controller: str, changes: dict[str, Any], path: str, types: FieldTypes) -> None:
    pod = _pod()
    pod["spec"] |= changes
    assert [by for at, (by, _) in _told(pod, types, controller).items() if at.startswith(path)] == ["admission"]


_PROXY = {"name": "istio-proxy", "image": "docker.io/istio/proxyv2:1.24.0"}


def test_a_sidecar_is_named_as_injected_by_the_mark_of_its_webhook(types: FieldTypes) -> None:
    pod = _pod()
    pod["spec"]["containers"].append(_PROXY)
    pod["metadata"]["annotations"]["sidecar.istio.io/status"] = "{}"
    assert _told(pod, types)["containers[istio-proxy]"] == ("injected", "istio")


def test_a_sidecar_without_the_mark_is_not_explained(types: FieldTypes) -> None:
    pod = _pod()
    pod["spec"]["containers"].append(_PROXY)
    assert _unexplained(pod, types) == ["containers[istio-proxy]"]


def test_another_container_beside_the_mark_is_not_explained(types: FieldTypes) -> None:
    pod = _pod()
    pod["spec"]["containers"].append({"name": "miner", "image": "miner:1"})
    pod["metadata"]["annotations"]["sidecar.istio.io/status"] = "{}"
    assert _unexplained(pod, types) == ["containers[miner]"]


def test_secrets_in_variables_are_not_shown(types: FieldTypes) -> None:
    pod = _set(_pod(), ("spec", "containers", 0, "env"), [{"name": "DB_PASSWORD", "value": "hunter2-and-more"}])
    found = told([Made(pod, _TEMPLATE, "ReplicaSet")], types.pod_spec())
    assert "hunter2" not in str(found)
