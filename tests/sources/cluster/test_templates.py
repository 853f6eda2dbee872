"""Which Pods say what their controller's template says."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from compliance.sources.cluster.copies import Copies

Object = dict[str, Any]


def _container(**more: object) -> Object:
    return {"name": "web", "image": "registry.example/web:1", "resources": {"limits": {"cpu": "1"}}, **more}


def _deployment() -> Object:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [_container()]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "uid": "d"},
        "spec": {"template": template},
    }


def _made(kind: str, owner: str, owner_kind: str, uid: str) -> Object:
    reference = {"uid": owner, "kind": owner_kind, "name": "web", "controller": True}
    version = "v1" if kind == "Pod" else "apps/v1"
    metadata = {"name": f"web-{uid}", "uid": uid, "ownerReferences": [reference]}
    return {"apiVersion": version, "kind": kind, "metadata": metadata}


def _replica_set(replicas: int = 2) -> Object:
    template = copy.deepcopy(_deployment()["spec"]["template"])
    template["metadata"]["labels"]["pod-template-hash"] = "5d9f"
    return _made("ReplicaSet", "d", "Deployment", "r") | {"spec": {"replicas": replicas, "template": template}}


def _pod(uid: str = "p") -> Object:
    """A Pod of the ReplicaSet as the API server, admission and the scheduler of a usual cluster leave it."""
    pod = _made("Pod", "r", "ReplicaSet", uid)
    pod["metadata"]["labels"] = {
        "app": "web",
        "pod-template-hash": "5d9f",
        "topology.kubernetes.io/zone": "z1",
    }
    pod["metadata"]["annotations"] = {"cni.projectcalico.org/podIP": "10.0.0.1/32"}
    mount = {"name": "kube-api-access-x7k2p", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}
    pod["spec"] = {
        "containers": [
            _container(resources={"limits": {"cpu": "1"}, "requests": {"cpu": "1"}}, volumeMounts=[mount]),
        ],
        "volumes": [_token("kube-api-access-x7k2p")],
        "nodeName": "node-1",
        "priority": 0,
        "preemptionPolicy": "PreemptLowerPriority",
        "enableServiceLinks": True,
        "serviceAccountName": "default",
        "serviceAccount": "default",
        "imagePullSecrets": [{"name": "pull"}],
        "tolerations": [
            {
                "key": "node.kubernetes.io/not-ready",
                "operator": "Exists",
                "effect": "NoExecute",
                "tolerationSeconds": 300,
            }
        ],
    }
    return pod


def _token(name: str) -> Object:
    sources = [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"fieldPath": "metadata.namespace"}}]}},
    ]
    return {"name": name, "projected": {"sources": sources, "defaultMode": 420}}


def _copies(*values: Object) -> list[bool]:
    copies = Copies()
    return [copies.is_copy(value) for value in values]


def test_a_replica_set_and_its_pods_are_copies_of_the_deployment() -> None:
    assert _copies(_deployment(), _replica_set(), _pod("p"), _pod("q")) == [False, True, True, True]


def test_pods_differ_in_their_node_and_in_the_name_of_their_token() -> None:
    other = _pod("q")
    other["spec"]["nodeName"] = "node-2"
    other["spec"]["volumes"] = [_token("kube-api-access-9vvzq")]
    other["spec"]["containers"][0]["volumeMounts"][0]["name"] = "kube-api-access-9vvzq"

    assert _copies(_deployment(), _replica_set(), _pod("p"), other) == [False, True, True, True]


@pytest.mark.parametrize(
    "volume",
    [
        {"name": "kube-api-access-x7k2p", "hostPath": {"path": "/"}},
        {"name": "kube-api-access-x7k2p", "projected": {"sources": [{"secret": {"name": "database"}}]}},
    ],
)
def test_what_is_only_named_as_a_token_is_judged(volume: Object) -> None:
    pod = _pod("q")
    pod["spec"]["volumes"] = [volume]

    assert _copies(_deployment(), _replica_set(), _pod("p"), pod) == [False, True, True, False]


def test_a_pod_without_a_controller_is_judged() -> None:
    pod = _pod()
    del pod["metadata"]["ownerReferences"]

    assert _copies(_deployment(), _replica_set(), pod) == [False, True, False]


def _with_sidecar(pod: Object) -> None:
    pod["spec"]["containers"].append({"name": "proxy", "image": "proxy:1"})


def _with_ephemeral(pod: Object) -> None:
    pod["spec"]["ephemeralContainers"] = [{"name": "debug", "image": "busybox"}]


def _with_other_image(pod: Object) -> None:
    pod["spec"]["containers"][0]["image"] = "registry.example/web:2"


def _resized(pod: Object) -> None:
    pod["spec"]["containers"][0]["resources"] = {"limits": {"cpu": "2"}, "requests": {"cpu": "2"}}


def _relabelled(pod: Object) -> None:
    pod["metadata"]["labels"]["debug"] = "yes"


def _unconfined(pod: Object) -> None:
    pod["metadata"]["annotations"]["container.apparmor.security.beta.kubernetes.io/web"] = "unconfined"


def _privileged(pod: Object) -> None:
    pod["spec"]["containers"][0]["securityContext"] = {"privileged": True}


def _with_volume(pod: Object) -> None:
    pod["spec"]["volumes"].append({"name": "host", "hostPath": {"path": "/"}})


def _as_another(pod: Object) -> None:
    pod["spec"]["serviceAccountName"] = "admin"


@pytest.mark.parametrize(
    "change",
    [
        _with_sidecar,
        _with_ephemeral,
        _with_other_image,
        _resized,
        _relabelled,
        _unconfined,
        _privileged,
        _with_volume,
        _as_another,
    ],
)
def test_a_pod_that_differs_is_judged_once(change: Any) -> None:  # noqa: ANN401 - a function of the table
    changed, alike = _pod("p"), _pod("q")
    change(changed)
    change(alike)

    assert _copies(_deployment(), _replica_set(), changed, alike, _pod("s")) == [False, True, False, True, True]


def test_what_a_limit_range_put_in_is_no_difference() -> None:
    pod = _pod()
    pod["metadata"]["annotations"]["kubernetes.io/limit-ranger"] = "LimitRanger plugin set: memory limit for web"
    pod["spec"]["containers"][0]["resources"]["limits"]["memory"] = "1Gi"

    assert _copies(_deployment(), _replica_set(), pod)[-1]


def test_the_same_without_a_limit_range_is_one() -> None:
    pod = _pod()
    pod["spec"]["containers"][0]["resources"]["limits"]["memory"] = "1Gi"

    assert not _copies(_deployment(), _replica_set(), pod)[-1]


@pytest.mark.parametrize(("replicas", "copied"), [(0, True), (1, False)])
def test_an_old_revision_is_judged_only_while_it_runs(replicas: int, copied: bool) -> None:  # noqa: FBT001 - of the table
    old = _replica_set(replicas)
    old["spec"]["template"]["spec"]["containers"][0]["image"] = "registry.example/web:0"

    assert _copies(_deployment(), old) == [False, copied]


def test_pods_of_an_unknown_controller_are_judged_once_for_each_difference() -> None:
    other = _pod("q")
    _with_other_image(other)

    assert _copies(_pod("p"), _pod("s"), other) == [False, True, False]


def test_the_pods_of_a_stateful_set_are_copies_under_names_of_their_own() -> None:
    owner = _deployment() | {"kind": "StatefulSet"}
    pod = _pod()
    pod["metadata"]["ownerReferences"][0].update(uid="d", kind="StatefulSet")
    pod["metadata"]["labels"] |= {"statefulset.kubernetes.io/pod-name": "web-0", "apps.kubernetes.io/pod-index": "0"}
    pod["spec"] |= {"hostname": "web-0", "subdomain": "web"}
    pod["spec"]["volumes"].append({"name": "data", "persistentVolumeClaim": {"claimName": "data-web-0"}})

    assert _copies(owner, pod) == [False, True]


def test_the_pods_of_a_daemon_set_are_copies_on_nodes_of_their_own() -> None:
    owner = _deployment() | {"kind": "DaemonSet"}
    pod = _pod()
    pod["metadata"]["ownerReferences"][0].update(uid="d", kind="DaemonSet")
    pod["spec"]["affinity"] = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {}}}

    assert _copies(owner, pod) == [False, True]
