"""Facts of a PersistentVolume: `rules/schemas/persistent_volume.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.fields import mapping, text

if TYPE_CHECKING:
    from compliance.sources.kubernetes.inventory import Inventory

_PROVISIONED_BY: Final = "pv.kubernetes.io/provisioned-by"


def facts(value: dict[str, Any], _inventory: Inventory) -> dict[str, Any]:
    """What rules see of a PersistentVolume beyond what every object has; unset, one made by hand is kept."""
    spec = mapping(value, "spec")
    return {
        "reclaim_policy": text(spec.get("persistentVolumeReclaimPolicy")) or "Retain",
        "provisioned_by": text(mapping(value, "metadata", "annotations").get(_PROVISIONED_BY)),
        "host_path": text(mapping(spec, "hostPath").get("path")),
    }
