"""Where a workload keeps data: its volumes with their claims, and the claims that it makes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.facts.volume_claim import claim
from compliance.sources.kubernetes.fields import flag, mapping, mappings, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.kubernetes.entries import Entry
    from compliance.sources.kubernetes.inventory import Inventory

_TYPES: Final = {"persistentVolumeClaim": "claim", "emptyDir": "empty_dir", "hostPath": "host_path"}
# They hold what is made anew with each Pod: configuration, identity, the Pod's own claim, an image's files.
_NO_DATA: Final = frozenset({"configMap", "secret", "projected", "downwardAPI", "ephemeral", "image", "gitRepo"})
_INLINE_DRIVERS_WITHOUT_DATA: Final = ("secrets-store.csi", "csi.spiffe.io", "csi.cert-manager.io")


def storage(
    value: dict[str, Any], pod: dict[str, Any], pod_at: str, namespace: str | None, inventory: Inventory
) -> dict[str, Any]:
    """Volumes for data, whether anything outlives the Pod, and how claims and Pods come and go."""
    volumes = list(_volumes(pod, pod_at, namespace, inventory))
    retention = mapping(value, "spec", "persistentVolumeClaimRetentionPolicy")
    templates = claims(value)
    return {
        "volumes": volumes,
        "outlives_pod": bool(templates) or any(volume["type"] not in {"empty_dir", "none"} for volume in volumes),
        "surges": _surges(value),
        "claims_deleted": [field for field in ("whenDeleted", "whenScaled") if retention.get(field) == "Delete"],
    }


def claims(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The claims that a StatefulSet makes for each of its Pods."""
    if value.get("kind") != "StatefulSet":
        return []
    return [
        claim(item, f"spec.volumeClaimTemplates[{index}]")
        for index, item in enumerate(mappings(mapping(value, "spec").get("volumeClaimTemplates")))
    ]


def _volumes(pod: dict[str, Any], pod_at: str, namespace: str | None, inventory: Inventory) -> Iterator[dict[str, Any]]:
    for volume in mappings(pod.get("volumes")):
        kind = next((key for key in volume if key != "name"), None)
        if kind is None or kind in _NO_DATA or _holds_no_data(volume):
            continue
        name = text(volume.get("name"))
        source = mapping(volume, kind)
        claimed = text(source.get("claimName")) if kind == "persistentVolumeClaim" else None
        found = inventory.all_named(namespace, "PersistentVolumeClaim", claimed) if claimed else []
        yield {
            "name": name,
            "at": f"{pod_at}.volumes[{name}]",
            "type": _TYPES.get(kind, "other"),
            "claim": claimed,
            "found": bool(found),
            "access_modes": _modes(found),
            "host_path": text(source.get("path")) if kind == "hostPath" else None,
            "mounts": list(_mounts(pod, name)),
        }


def _holds_no_data(volume: dict[str, Any]) -> bool:
    driver = text(mapping(volume, "csi").get("driver")) or ""
    return driver.startswith(_INLINE_DRIVERS_WITHOUT_DATA)


def _modes(found: list[Entry]) -> list[str]:
    return sorted({mode for entry in found for mode in entry.told["access_modes"]})


def _mounts(pod: dict[str, Any], volume: str | None) -> Iterator[dict[str, Any]]:
    for field in ("containers", "initContainers"):
        for index, container in enumerate(mappings(pod.get(field))):
            for mount in mappings(container.get("volumeMounts")):
                if text(mount.get("name")) == volume:
                    yield {
                        "container": text(container.get("name")) or str(index),
                        "mount_path": text(mount.get("mountPath")),
                        "read_only": flag(mount.get("readOnly")) or False,
                    }


def _surges(value: dict[str, Any]) -> bool:
    """Whether a Deployment starts a new Pod before the old one is gone (API reference, RollingUpdateDeployment)."""
    strategy = mapping(value, "spec", "strategy")
    if value.get("kind") != "Deployment" or strategy.get("type") == "Recreate":
        return False
    return str(mapping(strategy, "rollingUpdate").get("maxSurge", "25%")) not in {"0", "0%"}
