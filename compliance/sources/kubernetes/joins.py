"""Which facts of an object tell of other objects, and so are not known where those could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.entries import CUSTOM, entry_of
from compliance.sources.kubernetes.workloads import pod_template

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

PODS: Final = "workload"
"""Stands for every kind that makes Pods."""

_SCALERS: Final = frozenset({"HorizontalPodAutoscaler", "ScaledObject"})
_MONITORS: Final = frozenset({"PodMonitor", "PodMonitoring", "ServiceMonitor", "VMPodScrape", "VMServiceScrape"})
_BINDINGS: Final = frozenset({"ClusterRoleBinding", "RoleBinding"})
_ROLES: Final = frozenset({"ClusterRole", "Role"})
_JOINED: Final[dict[str, dict[str, frozenset[str]]]] = {
    "autoscaler": {
        "custom_resources_in_namespace": frozenset({CUSTOM}),
        "metrics": frozenset({PODS, "LimitRange"}),
        "target": frozenset({PODS}),
        "target_services": frozenset({PODS, "Service"}),
        "workloads_in_namespace": frozenset({PODS}),
    },
    "configuration": {"used_by": frozenset({PODS})},
    "disruption_budget": {
        "allowed_disruptions": frozenset({PODS, *_SCALERS}),
        "custom_resources_in_namespace": frozenset({CUSTOM}),
        "pods": frozenset({PODS, *_SCALERS}),
        "selected": frozenset({PODS}),
        "workloads_in_namespace": frozenset({PODS}),
    },
    "ingress": {"backends": frozenset({"Service"}), "default_backend": frozenset({"Service"})},
    "namespace": {
        "default_deny": frozenset({"NetworkPolicy"}),
        "limit_ranges": frozenset({"LimitRange"}),
        "network_policies": frozenset({"NetworkPolicy"}),
        "resource_quotas": frozenset({"ResourceQuota"}),
        "workloads": frozenset({PODS}),
    },
    "network_policy": {
        "selected": frozenset({PODS}),
        "selected_on_host_network": frozenset({PODS}),
        "selects_something": frozenset({PODS}),
        "workloads_in_namespace": frozenset({PODS}),
    },
    "role": {"bound_by": _BINDINGS, "cluster_wide": _BINDINGS},
    "role_binding": {"role": _ROLES, "unbound_roles": frozenset({"Role", "RoleBinding"})},
    "service": {
        "ports": frozenset({PODS}),
        "selected": frozenset({PODS}),
        "selects_something": frozenset({PODS}),
    },
    "workload": {
        "applied_with": frozenset({"Service", "PodDisruptionBudget", *_SCALERS}),
        "autoscalers": _SCALERS,
        "configuration": frozenset({"ConfigMap", "Secret"}),
        "disruption_budgets": frozenset({"PodDisruptionBudget"}),
        "governing_service": frozenset({"Service"}),
        "network_policies": frozenset({"NetworkPolicy"}),
        "observability.scraped_by": frozenset({"Service", *_MONITORS}),
        "pod_security.service_account": frozenset({"ServiceAccount"}),
        "rollout": _SCALERS,
        "scaling": _SCALERS,
        "selector.overlaps": frozenset({PODS}),
        "services": frozenset({"Service"}),
        "storage": frozenset({"PersistentVolumeClaim"}),
    },
}
"""By facts schema: the paths of facts, and the kinds of the objects that they tell of."""


def group_of(api_version: str, kind: str) -> str | None:
    """What others are joined with objects of a kind as: the kind, `PODS` or `CUSTOM`; None where nothing ever is."""
    some: dict[str, Any] = {"apiVersion": api_version, "kind": kind}
    if pod_template(some) is not None:
        return PODS
    entry = entry_of(some)
    return None if entry is None else entry.kind


def unread(schema: str, body: Mapping[str, Any], missing: Collection[str]) -> frozenset[str]:
    """The paths of those facts of an object that would tell of kinds (as `group_of` has them) that are missing."""
    if not missing:
        return frozenset()
    joined = _JOINED.get(schema, {}).items()
    return frozenset(path for path, kinds in joined if kinds & set(missing) and _looks(path, body, missing))


def _looks(path: str, body: Mapping[str, Any], missing: Collection[str]) -> bool:
    """Whether this object looks at such objects at all: one that reads no Secret does not miss them."""
    match path:
        case "configuration":
            return any(used["kind"] in missing for used in body["configuration"])
        case "governing_service":
            return body["governing_service"] is not None
        case "observability.scraped_by":
            return bool(body["observability"]["metrics_ports"])
        case "pod_security.service_account":
            return body["pod_security"]["service_account"]["automount"] is None
        case "role":
            return body["role"]["kind"] in missing
        case _:
            return True
