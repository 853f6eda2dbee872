"""What an inventory keeps of an object for those that are joined with it, by its kind."""

from __future__ import annotations

import re
from typing import Any, Final

from compliance.sources.kubernetes.fields import flag, integer, mapping, mappings, sequence, text, text_map
from compliance.sources.kubernetes.permissions import grants, reads_only, rules_of

_OWN_GROUPS: Final = frozenset({"", "apps", "autoscaling", "batch", "extensions", "policy"})
_WITHOUT_PODS: Final = frozenset(
    {
        "Certificate",
        "ClusterIssuer",
        "DestinationRule",
        "ExternalSecret",
        "HTTPRoute",
        "Issuer",
        "PrometheusRule",
        "SealedSecret",
        "VirtualService",
    }
)
"""Widespread custom resources of which no operator makes Pods."""
_KUBERNETES_GROUP: Final = re.compile(r"[a-z]+(?:\.(?:authorization|apiserver))?\.k8s\.io")


def pod(spec: dict[str, Any]) -> dict[str, Any]:
    """Of a pod spec: whether it is on the host's network, and how its container ports are named."""
    listed = [container for field in ("containers", "initContainers") for container in mappings(spec.get(field))]
    ports = (port for container in listed for port in sequence(container.get("ports")))
    names = frozenset(name for port in ports if (name := text(mapping(port).get("name"))) is not None)
    return {"host_network": flag(spec.get("hostNetwork")) or False, "ports": names}


def service(value: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    """Of a Service: its ports, by all that a controller may look them up by (ingress-nginx also takes targetPort)."""
    metadata = mapping(value, "metadata")
    written = [port.get(key) for port in mappings(spec.get("ports")) for key in ("port", "name", "targetPort")]
    found = (text(one) if isinstance(one, str) else integer(one) for one in written)
    return {
        "ports": frozenset(one for one in found if one is not None),
        "labels": text_map(metadata.get("labels")),
        "annotations": text_map(metadata.get("annotations")),
    }


def role(value: dict[str, Any], _spec: dict[str, Any]) -> dict[str, Any]:
    """Of a Role or ClusterRole: what it allows that matters; what an aggregated one allows is not written in it."""
    rules = rules_of(value)
    told = grants(rules, cluster=value.get("kind") == "ClusterRole")
    aggregated = bool(mapping(value, "aggregationRule"))
    return {
        "grants": sorted({grant.name for grant in told}),
        "reads_only": None if aggregated else reads_only(rules),
    }


def binding(value: dict[str, Any], _spec: dict[str, Any]) -> dict[str, Any]:
    """Of a RoleBinding or ClusterRoleBinding: the kind and name of the role."""
    reference = mapping(value, "roleRef")
    return {"role": (str(reference.get("kind")), str(reference.get("name")))}


def is_custom(api_version: str) -> bool:
    """Whether the group is somebody's own; `networking.k8s.io` is Kubernetes', `gateway.networking.k8s.io` is not."""
    group = api_version.rpartition("/")[0]
    return group not in _OWN_GROUPS and not _KUBERNETES_GROUP.fullmatch(group)


def may_make_pods(kind: str) -> bool:
    """Whether an operator may make Pods of a custom resource of this kind."""
    return kind not in _WITHOUT_PODS
