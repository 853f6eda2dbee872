"""Objects as people declare them, of many kinds, and what the API server makes of each.

`served` is written from Kubernetes' pkg/apis/*/v1/defaults.go, apart from the table that the tests are about.
"""

from __future__ import annotations

import copy
from typing import Any

_CONTAINER: dict[str, Any] = {
    "name": "web",
    "image": "registry.example.com/web:1",
    "command": ["serve", "--port=80"],
    "ports": [{"containerPort": 80, "name": "http"}, {"containerPort": 53}],
    "env": [
        {"name": "MODE", "value": "fast"},
        {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
    ],
    "resources": {"requests": {"cpu": "0.25", "memory": "0.5Gi"}},
    "livenessProbe": {"httpGet": {"port": "http"}, "periodSeconds": 5},
    "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}, {"name": "all", "mountPath": "/all", "readOnly": True}],  # noqa: S108 - a path in a container
    "securityContext": {"readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}},
}
_SOURCES = [
    {"configMap": {"name": "settings", "items": [{"key": "a", "path": "b"}]}},
    {"serviceAccountToken": {"path": "token"}},
    {"downwardAPI": {"items": [{"path": "name", "fieldRef": {"fieldPath": "metadata.name"}}]}},
]
_TEMPLATE: dict[str, Any] = {
    "metadata": {"labels": {"app": "web"}},
    "spec": {
        "containers": [_CONTAINER],
        "tolerations": [{"key": "dedicated", "operator": "Exists"}],
        "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "all", "projected": {"sources": _SOURCES}}],
        "topologySpreadConstraints": [
            {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {}}
        ],
    },
}


def _object(api_version: str, kind: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - nested JSON
    metadata = {"name": "web", "namespace": "shop", "labels": {"app": "web"}}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **copy.deepcopy(parts)}


_SELECTOR = {"matchLabels": {"app": "web"}}
_CLAIM = {
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}
_PORTS = [{"port": 80, "targetPort": "http", "name": "http"}, {"port": 53, "protocol": "UDP", "name": "dns"}]
_PEERS = [{"podSelector": {"matchLabels": {"app": "db"}}}, {"namespaceSelector": {}}]
_PATH = {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "web", "port": {"number": 80}}}}
_WEBHOOK = {
    "name": "v.example.com",
    "admissionReviewVersions": ["v1"],
    "sideEffects": "None",
    "clientConfig": {"service": {"name": "hook", "namespace": "shop"}, "caBundle": "YWFh\nYmJi"},
    "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}],
}

DECLARED = (
    _object(
        "apps/v1", "Deployment", spec={"selector": _SELECTOR, "template": _TEMPLATE, "strategy": {"type": "Recreate"}}
    ),
    _object(
        "apps/v1",
        "StatefulSet",
        spec={"selector": _SELECTOR, "template": _TEMPLATE, "serviceName": "web", "volumeClaimTemplates": [_CLAIM]},
    ),
    _object("apps/v1", "DaemonSet", spec={"selector": _SELECTOR, "template": _TEMPLATE}),
    _object("batch/v1", "CronJob", spec={"schedule": "@daily", "jobTemplate": {"spec": {"template": _TEMPLATE}}}),
    _object("v1", "Service", spec={"selector": {"app": "web"}, "ports": _PORTS}),
    _object("v1", "ConfigMap", data={"mode": "fast"}, immutable=True),
    _object("v1", "PersistentVolumeClaim", spec=_CLAIM["spec"]),
    _object(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        spec={"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"from": _PEERS, "ports": [{"port": 80}]}]},
    ),
    _object(
        "networking.k8s.io/v1",
        "Ingress",
        spec={"ingressClassName": "nginx", "rules": [{"host": "web.example.com", "http": {"paths": [_PATH]}}]},
    ),
    _object(
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        roleRef={"kind": "Role", "name": "web"},
        subjects=[{"kind": "User", "name": "ann"}, {"kind": "ServiceAccount", "name": "web", "namespace": "shop"}],
    ),
    _object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", webhooks=[_WEBHOOK]),
)


def served(declared: dict[str, Any]) -> dict[str, Any]:
    """The object with what the API server fills in and rewrites."""
    live = copy.deepcopy(declared)
    live["metadata"] |= {"uid": "1", "resourceVersion": "5", "creationTimestamp": "2026-03-01T10:00:00Z"}
    live["status"] = {"observedGeneration": 1}
    spec = live.get("spec", {})
    if live["kind"] in _SERVED:
        _SERVED[live["kind"]](spec or live)
    job = spec.get("jobTemplate", {}).get("spec", spec)
    if "template" in job:
        _pod(job["template"])
    return live


def _pod(template: dict[str, Any]) -> None:
    template["metadata"]["creationTimestamp"] = None
    pod = template["spec"]
    pod |= {"dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler"}
    pod |= {"securityContext": {}, "terminationGracePeriodSeconds": 30}
    for container in pod["containers"]:
        _container(container)
    for volume in pod.get("volumes", []):
        _volume(volume)


def _container(container: dict[str, Any]) -> None:
    container |= {"imagePullPolicy": "IfNotPresent", "terminationMessagePolicy": "File"}
    container["terminationMessagePath"] = "/dev/termination-log"
    for port in container.get("ports", []):
        port.setdefault("protocol", "TCP")
    if "livenessProbe" in container:
        probe = {"timeoutSeconds": 1, "successThreshold": 1, "failureThreshold": 3} | container["livenessProbe"]
        container["livenessProbe"] = probe | {"httpGet": {"path": "/", "scheme": "HTTP"} | probe["httpGet"]}
    if container.get("resources", {}).get("requests") == {"cpu": "0.25", "memory": "0.5Gi"}:
        container["resources"]["requests"] = {"cpu": "250m", "memory": "512Mi"}
    for variable in container.get("env", []):
        _field(variable.get("valueFrom", {}))


def _field(source: dict[str, Any]) -> None:
    if "fieldRef" in source:
        source["fieldRef"].setdefault("apiVersion", "v1")


def _volume(volume: dict[str, Any]) -> None:
    if "projected" not in volume:
        return
    volume["projected"].setdefault("defaultMode", 420)
    for source in volume["projected"]["sources"]:
        if "serviceAccountToken" in source:
            source["serviceAccountToken"].setdefault("expirationSeconds", 3600)
        for item in source.get("downwardAPI", {}).get("items", []):
            _field(item)


def _service(spec: dict[str, Any]) -> None:
    spec |= {"clusterIP": "10.96.0.9", "clusterIPs": ["10.96.0.9"], "type": "ClusterIP", "sessionAffinity": "None"}
    for port in spec["ports"]:
        port.setdefault("protocol", "TCP")
        port.setdefault("targetPort", port["port"])


def _claims(spec: dict[str, Any]) -> None:
    spec |= {"podManagementPolicy": "OrderedReady", "revisionHistoryLimit": 10, "replicas": 1}
    for claim in spec.get("volumeClaimTemplates", []):
        claim |= {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "status": {"phase": "Pending"}}
        claim["spec"]["volumeMode"] = "Filesystem"
        claim["metadata"]["creationTimestamp"] = None


def _policy(spec: dict[str, Any]) -> None:
    for rule in spec["ingress"]:
        for port in rule.get("ports", []):
            port.setdefault("protocol", "TCP")


def _binding(live: dict[str, Any]) -> None:
    live["roleRef"].setdefault("apiGroup", "rbac.authorization.k8s.io")
    for subject in live["subjects"]:
        if subject["kind"] == "User":
            subject.setdefault("apiGroup", "rbac.authorization.k8s.io")


def _webhooks(live: dict[str, Any]) -> None:
    for webhook in live["webhooks"]:
        webhook |= {"failurePolicy": "Fail", "matchPolicy": "Equivalent", "namespaceSelector": {}, "timeoutSeconds": 10}
        webhook["clientConfig"]["caBundle"] = "YWFhYmJi"
        webhook["clientConfig"]["service"].setdefault("port", 443)
        for rule in webhook["rules"]:
            rule.setdefault("scope", "*")


_SERVED = {
    "Service": _service,
    "StatefulSet": _claims,
    "NetworkPolicy": _policy,
    "RoleBinding": _binding,
    "ValidatingWebhookConfiguration": _webhooks,
}
