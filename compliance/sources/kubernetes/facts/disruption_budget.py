"""Facts of a PodDisruptionBudget: `rules/schemas/disruption_budget.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.entries import CUSTOM
from compliance.sources.kubernetes.fields import mapping, text
from compliance.sources.kubernetes.int_or_percent import IntOrPercent, int_or_percent
from compliance.sources.kubernetes.scaling import minimum_replicas

if TYPE_CHECKING:
    from compliance.sources.kubernetes.entries import Entry
    from compliance.sources.kubernetes.inventory import Inventory


def facts(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    """What rules see of a PodDisruptionBudget beyond what every object has."""
    spec = mapping(value, "spec")
    namespace = text(mapping(value, "metadata").get("namespace"))
    selector = spec.get("selector") if isinstance(spec.get("selector"), dict) else None
    selected = list(inventory.selected(namespace, selector))
    pods = _pods(list(inventory.together(selected)), inventory)
    least, most = int_or_percent(spec.get("minAvailable")), int_or_percent(spec.get("maxUnavailable"))
    return {
        "min_available": None if least is None else least.told(),
        "max_unavailable": None if most is None else most.told(),
        "selects_all": selector is not None and not any(selector.values()),
        "selected": sorted({str(entry) for entry in selected}),
        "workloads_in_namespace": len(inventory.of(namespace, "workload")),
        "custom_resources_in_namespace": len(inventory.of(namespace, CUSTOM)),
        "pods": pods,
        "allowed_disruptions": _allowed(least, most, pods),
    }


def _pods(selected: list[Entry], inventory: Inventory) -> int | None:
    """The Pods that the selected workloads run at least; None where one of them has no number of replicas."""
    if not selected or not all(entry.told["scalable"] for entry in selected):
        return None
    total = 0
    for entry in selected:
        scalers = [one.told for one in inventory.scaling(entry.namespace, entry.kind, entry.name)]
        total += minimum_replicas(entry.told["replicas"], scalers)
    return total


def _allowed(least: IntOrPercent | None, most: IntOrPercent | None, pods: int | None) -> int | None:
    """How many may be evicted while all are healthy: both shares are rounded up (Kubernetes' disruption controller)."""
    if pods is None or (least is None) == (most is None):
        return None
    if most is not None:
        return most.of(pods, up=True)
    kept = least.of(pods, up=True) if least is not None else None
    return None if kept is None else max(pods - kept, 0)
