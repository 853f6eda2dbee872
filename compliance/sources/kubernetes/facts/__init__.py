"""From one Kubernetes object, and what stands beside it, to the facts that rules see.

One module for each facts schema; the shapes are the contract in `rules/schemas/<schema>.json`. Whatever shape an object
has, its facts can be told: what does not fit its type counts as absent, and the schema errors say so.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.containers import sites
from compliance.sources.kubernetes.deprecation import deprecation
from compliance.sources.kubernetes.facts import (
    autoscaler,
    configuration,
    disruption_budget,
    ingress,
    namespace,
    network_policy,
    persistent_volume,
    role,
    role_binding,
    service,
    storage_class,
    volume_claim,
    workload,
)
from compliance.sources.kubernetes.fields import mapping, text, text_map
from compliance.sources.kubernetes.workloads import pod_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from compliance.sources.kubernetes.inventory import Inventory
    from compliance.sources.kubernetes.paths import Path
    from compliance.sources.kubernetes.schema import SchemaError

_KINDS: Final = {
    ("", "ConfigMap"): "configuration",
    ("", "Namespace"): "namespace",
    ("", "PersistentVolume"): "persistent_volume",
    ("", "PersistentVolumeClaim"): "volume_claim",
    ("", "Secret"): "configuration",
    ("storage.k8s.io", "StorageClass"): "storage_class",
    ("", "Service"): "service",
    ("networking.k8s.io", "Ingress"): "ingress",
    ("extensions", "Ingress"): "ingress",
    ("rbac.authorization.k8s.io", "Role"): "role",
    ("rbac.authorization.k8s.io", "ClusterRole"): "role",
    ("rbac.authorization.k8s.io", "RoleBinding"): "role_binding",
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): "role_binding",
    ("networking.k8s.io", "NetworkPolicy"): "network_policy",
    ("extensions", "NetworkPolicy"): "network_policy",
    ("policy", "PodDisruptionBudget"): "disruption_budget",
    ("autoscaling", "HorizontalPodAutoscaler"): "autoscaler",
}
"""The facts schema of an API group and kind; what makes Pods is a workload, everything else a `kubernetes_object`."""

_TELLERS: Final[dict[str, Callable[[dict[str, Any], Inventory], dict[str, Any]]]] = {
    "autoscaler": autoscaler.facts,
    "configuration": configuration.facts,
    "disruption_budget": disruption_budget.facts,
    "ingress": ingress.facts,
    "namespace": namespace.facts,
    "network_policy": network_policy.facts,
    "persistent_volume": persistent_volume.facts,
    "role": role.facts,
    "role_binding": role_binding.facts,
    "service": service.facts,
    "storage_class": storage_class.facts,
    "volume_claim": volume_claim.facts,
    "workload": workload.facts,
}


def facts_schema(value: dict[str, Any]) -> str:
    """The facts schema that an object is told in."""
    if pod_template(value) is not None:
        return "workload"
    group = str(value.get("apiVersion")).rpartition("/")[0]
    return _KINDS.get((group, str(value.get("kind"))), "kubernetes_object")


def body(
    value: dict[str, Any], errors: Iterable[SchemaError], inventory: Inventory, rendered_by: str | None = None
) -> dict[str, Any]:
    """All that rules may see of `value`, without `params`; `rendered_by` is the chart or overlay that it comes from."""
    told = _common(value, errors, inventory)
    if (teller := _TELLERS.get(facts_schema(value))) is not None:
        told.update(teller(value, inventory))
    if "rendered_by" in told:
        told["rendered_by"] = rendered_by
    return told


def container_paths(value: dict[str, Any]) -> dict[str, Path]:
    """Where each `containers[NAME]` of a workload is written."""
    template = pod_template(value)
    if template is None:
        return {}
    found = sites(mapping(template.value, "spec"), (*template.path, "spec"))
    return {f"containers[{name}]": path for name, _, _, path in found}


def _common(value: dict[str, Any], errors: Iterable[SchemaError], inventory: Inventory) -> dict[str, Any]:
    metadata = mapping(value, "metadata")
    fate = deprecation(text(value.get("apiVersion")), text(value.get("kind")))
    return {
        "api_version": text(value.get("apiVersion")),
        "kind": text(value.get("kind")),
        "name": text(metadata.get("name")),
        "namespace": text(metadata.get("namespace")),
        "labels": text_map(metadata.get("labels")),
        "annotations": text_map(metadata.get("annotations")),
        "inventory": "complete" if inventory.complete else "partial",
        "kubernetes_minor": inventory.kubernetes_minor,
        "deprecation": None if fate is None else fate._asdict(),
        "schema_errors": [asdict(error) for error in errors],
        "object": value,
    }
