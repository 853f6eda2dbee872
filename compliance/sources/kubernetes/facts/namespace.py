"""Facts of a Namespace: `rules/schemas/namespace.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.fields import mapping, text

if TYPE_CHECKING:
    from compliance.sources.kubernetes.inventory import Inventory


def facts(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    """What rules see of a Namespace beyond what every object has."""
    name = text(mapping(value, "metadata").get("name"))
    policies = inventory.of(name, "NetworkPolicy")
    everything = [entry for entry in policies if entry.selector is not None and not any(entry.selector.values())]
    return {
        "workloads": sorted(str(entry) for entry in inventory.of(name, "workload")),
        "network_policies": sorted(entry.name for entry in policies),
        "limit_ranges": sorted(entry.name for entry in inventory.of(name, "LimitRange")),
        "resource_quotas": sorted(entry.name for entry in inventory.of(name, "ResourceQuota")),
        "default_deny": {
            "ingress": sorted(entry.name for entry in everything if "Ingress" in entry.told["policy_types"]),
            "egress": sorted(entry.name for entry in everything if "Egress" in entry.told["policy_types"]),
        },
    }
