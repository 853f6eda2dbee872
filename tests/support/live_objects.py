"""A small live shop: one Deployment with its ReplicaSet and two Pods, and a ConfigMap that they read.

As a kube-apiserver 1.37 with controller-manager, scheduler and a kubelet holds them.
"""

from __future__ import annotations

import copy
from typing import Any

CREATED = "2026-11-01T10:00:00Z"
DIGEST = f"sha256:{'a' * 64}"
IMAGE = f"registry.example.com/shop/web:v1@{DIGEST}"

_TEMPLATE: dict[str, Any] = {
    "metadata": {"labels": {"app": "web"}},
    "spec": {
        "containers": [
            {
                "name": "web",
                "image": IMAGE,
                "imagePullPolicy": "IfNotPresent",
                "envFrom": [{"configMapRef": {"name": "settings"}}],
                "resources": {},
                "securityContext": {"readOnlyRootFilesystem": True},
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
_IMAGE_FIELD: dict[str, Any] = {
    "f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"web"}': {"f:image": {}}}}}}
}


def metadata(name: str, uid: str, *owners: tuple[str, str, str], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Metadata of an object in the shop; `owners` are kind, name and uid."""
    found: dict[str, Any] = {"name": name, "namespace": "shop", "uid": uid, "creationTimestamp": CREATED, **more}
    if owners:
        keys = ("kind", "name", "uid")
        found["ownerReferences"] = [
            {"apiVersion": "apps/v1", "controller": True, **dict(zip(keys, owner, strict=True))} for owner in owners
        ]
    return found


def entry(manager: str, fields: dict[str, Any], time: str = "2026-11-10T10:00:00Z", **more: str) -> dict[str, Any]:
    """One entry of managedFields."""
    return {
        "manager": manager,
        "operation": "Update",
        "time": time,
        "fieldsType": "FieldsV1",
        "fieldsV1": fields,
        **more,
    }


def deployment() -> dict[str, Any]:
    """The Deployment, written by helm."""
    meta = metadata("web", "d", managedFields=[entry("helm", _IMAGE_FIELD, CREATED)], labels={"app": "web"})
    meta["annotations"] = {"deployment.kubernetes.io/revision": "2"}
    spec = {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": copy.deepcopy(_TEMPLATE)}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": spec}


def declared() -> dict[str, Any]:
    """The Deployment as it is declared."""
    value = deployment()
    value["metadata"] = {"name": "web", "namespace": "shop", "labels": {"app": "web"}}
    return value


def replica_set(number: int = 2) -> dict[str, Any]:
    """The ReplicaSet of a revision."""
    template = copy.deepcopy(_TEMPLATE)
    template["metadata"]["labels"]["pod-template-hash"] = f"h{number}"
    meta = metadata(f"web-h{number}", f"r{number}", ("Deployment", "web", "d"))
    meta["annotations"] = {"deployment.kubernetes.io/revision": str(number)}
    spec = {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta, "spec": spec}


def pod(name: str = "web-h2-aaaaa", number: int = 2) -> dict[str, Any]:
    """A running Pod of a revision."""
    value = copy.deepcopy(_TEMPLATE)
    meta = metadata(name, name, ("ReplicaSet", f"web-h{number}", f"r{number}"))
    meta["labels"] = {"app": "web", "pod-template-hash": f"h{number}"}
    value["spec"] |= {"nodeName": "node-1", "serviceAccountName": "default", "serviceAccount": "default"}
    status = {
        "name": "web",
        "image": IMAGE,
        "imageID": f"registry.example.com/shop/web@{DIGEST}",
        "restartCount": 0,
        "state": {"running": {"startedAt": CREATED}},
    }
    told = {"phase": "Running", "startTime": CREATED, "containerStatuses": [status]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": value["spec"], "status": told}


def config_map(time: str = CREATED, manager: str = "helm") -> dict[str, Any]:
    """The ConfigMap that the Pods read, whose data was written last at that time."""
    fields: dict[str, Any] = {"f:data": {".": {}, "f:mode": {}}}
    meta = metadata("settings", "c", managedFields=[entry(manager, fields, time)])
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"mode": "fast"}}


def shop() -> list[dict[str, Any]]:
    """All of it, owners first."""
    return [deployment(), replica_set(), pod(), pod("web-h2-bbbbb"), config_map()]
