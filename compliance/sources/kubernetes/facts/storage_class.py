"""Facts of a StorageClass: `rules/schemas/storage_class.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.fields import text, text_map

if TYPE_CHECKING:
    from compliance.sources.kubernetes.inventory import Inventory


def facts(value: dict[str, Any], _inventory: Inventory) -> dict[str, Any]:
    """What rules see of a StorageClass beyond what every object has; unset, volumes go with their claims."""
    return {
        "provisioner": text(value.get("provisioner")),
        "reclaim_policy": text(value.get("reclaimPolicy")) or "Delete",
        "parameters": text_map(value.get("parameters")),
    }
