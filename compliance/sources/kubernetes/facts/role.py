"""Facts of a Role or ClusterRole: `rules/schemas/role.json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.fields import mapping, text
from compliance.sources.kubernetes.permissions import grants, rules_of

if TYPE_CHECKING:
    from compliance.sources.kubernetes.inventory import Inventory

_BOOTSTRAPPING: Final = "kubernetes.io/bootstrapping"


def facts(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    """What rules see of a Role or ClusterRole beyond what every object has."""
    cluster, rules = value.get("kind") == "ClusterRole", rules_of(value)
    metadata = mapping(value, "metadata")
    bound_by = inventory.binding(str(value.get("kind")), text(metadata.get("namespace")), text(metadata.get("name")))
    return {
        "scope": "cluster" if cluster else "namespace",
        "cluster_wide": cluster and not (bound_by and all(entry.kind == "RoleBinding" for entry in bound_by)),
        "aggregated": bool(mapping(value, "aggregationRule")),
        "builtin": builtin(metadata, inventory),
        "bound_by": sorted(str(entry) for entry in bound_by),
        "rules": [asdict(rule) for rule in rules],
        "grants": [asdict(grant) for grant in grants(rules, cluster=cluster)],
    }


def builtin(metadata: dict[str, Any], inventory: Inventory) -> bool:
    """Whether Kubernetes itself keeps the object: it labels its own, and names others `system:`."""
    named = (text(metadata.get("name")) or "").startswith("system:")
    return _BOOTSTRAPPING in mapping(metadata, "labels") or (inventory.complete and named)
