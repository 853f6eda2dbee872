"""Facts of a PersistentVolumeClaim: `rules/schemas/volume_claim.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.fields import mapping, text, text_map, texts

if TYPE_CHECKING:
    from compliance.sources.kubernetes.inventory import Inventory

_OLD_STORAGE_CLASS: Final = "volume.beta.kubernetes.io/storage-class"


def facts(value: dict[str, Any], _inventory: Inventory) -> dict[str, Any]:
    """What rules see of a PersistentVolumeClaim beyond what every object has."""
    return {"claims": [claim(value, "spec")]}


def claim(value: dict[str, Any], at: str) -> dict[str, Any]:
    """A claim, or a StatefulSet's template of one; a storage class of "" is a choice (no class), None is none."""
    spec, metadata = mapping(value, "spec"), mapping(value, "metadata")
    annotations = text_map(metadata.get("annotations"))
    return {
        "name": text(metadata.get("name")),
        "at": at,
        "access_modes": texts(spec.get("accessModes")),
        "storage_class": _first(text(spec.get("storageClassName")), annotations.get(_OLD_STORAGE_CLASS)),
        "names_volume": bool(text(spec.get("volumeName")) or mapping(spec, "selector")),
        "marks": sorted({*text_map(metadata.get("labels")), *annotations}),
    }


def _first(*choices: str | None) -> str | None:
    return next((choice for choice in choices if choice is not None), None)
