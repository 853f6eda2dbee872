"""Facts about how a workload is replaced, scaled and told apart: part of `rules/schemas/workload.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.fields import flag, integer, mapping, mappings, text, text_map
from compliance.sources.kubernetes.int_or_percent import int_or_percent
from compliance.sources.kubernetes.scaling import SCALABLE, minimum_replicas, own_selector
from compliance.sources.kubernetes.selectors import selects
from compliance.sources.kubernetes.workloads import pod_template

if TYPE_CHECKING:
    from compliance.sources.kubernetes.inventory import Inventory

# field of the strategy; maxUnavailable and maxSurge when they are not written (API reference of apps/v1)
_STRATEGIES: Final = {
    "Deployment": ("strategy", "25%", "25%"),
    "StatefulSet": ("updateStrategy", None, None),
    "DaemonSet": ("updateStrategy", 1, 0),
}
_DEFAULT_DEADLINE: Final = 600
_MOST_OVERLAPS: Final = 10


def rollout_facts(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    """What rules see of a workload's replacement, scaling and selector."""
    spec, metadata = mapping(value, "spec"), mapping(value, "metadata")
    namespace = text(metadata.get("namespace"))
    scaling = _scaling(value, namespace, inventory)
    return {
        "owners": [f"{owner.get('kind')}/{owner.get('name')}" for owner in mappings(metadata.get("ownerReferences"))],
        "scaling": scaling,
        "rollout": _rollout(value, spec, scaling["minimum"]),
        "selector": _selector(value, namespace, inventory),
        "governing_service": _governing_service(value, spec, namespace, inventory),
        "job": _job(value, spec),
    }


def _scaling(value: dict[str, Any], namespace: str | None, inventory: Inventory) -> dict[str, Any]:
    kind, name = str(value.get("kind")), str(mapping(value, "metadata").get("name"))
    if kind not in SCALABLE:
        return {"minimum": None, "source": None}
    scalers = [entry.told for entry in inventory.scaling(namespace, kind, name)]
    replicas = integer(mapping(value, "spec").get("replicas"))
    source = "autoscaler" if scalers else "default" if replicas is None else "written"
    return {"minimum": minimum_replicas(replicas, scalers), "source": source}


def _rollout(value: dict[str, Any], spec: dict[str, Any], replicas: int | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "strategy": None,
        "at": "spec",
        "max_unavailable": None,
        "max_surge": None,
        "revision_history_limit": integer(spec.get("revisionHistoryLimit")),
        "progress_deadline_seconds": None,
        "min_ready_seconds": integer(spec.get("minReadySeconds")) or 0,
        "analysed": None,
    }
    kind = str(value.get("kind"))
    if kind == "Deployment":
        written = integer(spec.get("progressDeadlineSeconds"))
        told["progress_deadline_seconds"] = _DEFAULT_DEADLINE if written is None else written
    if kind in _STRATEGIES:
        told.update(_strategy(kind, spec, replicas))
    elif kind == "Rollout":
        told.update(_progressive(mapping(spec, "strategy")))
    return told


def _strategy(kind: str, spec: dict[str, Any], replicas: int | None) -> dict[str, Any]:
    field, unavailable, surge = _STRATEGIES[kind]
    strategy = mapping(spec, field)
    chosen = text(strategy.get("type")) or "RollingUpdate"
    told: dict[str, Any] = {"strategy": chosen, "at": f"spec.{field}"}
    if chosen == "RollingUpdate":
        rolling = mapping(strategy, "rollingUpdate")
        told["max_unavailable"] = _bound(rolling.get("maxUnavailable"), unavailable, replicas, up=False)
        told["max_surge"] = _bound(rolling.get("maxSurge"), surge, replicas, up=True)
    return told


def _bound(value: object, default: object, replicas: int | None, *, up: bool) -> dict[str, Any] | None:
    """A bound of a rolling update: maxUnavailable is rounded down, maxSurge up (API reference of apps/v1)."""
    bound = int_or_percent(default if value is None else value)
    return None if bound is None else {**bound.told(), "resolved": bound.of(replicas, up=up)}


def _progressive(strategy: dict[str, Any]) -> dict[str, Any]:
    """An Argo Rollout; `analysed`: metrics or a person decide before the new version gets everything."""
    if "blueGreen" in strategy:
        blue_green = mapping(strategy, "blueGreen")
        held = bool(blue_green.get("prePromotionAnalysis") or blue_green.get("postPromotionAnalysis"))
        by_hand = flag(blue_green.get("autoPromotionEnabled")) is False
        return {"strategy": "BlueGreen", "at": "spec.strategy.blueGreen", "analysed": held or by_hand}
    if "canary" not in strategy:
        return {}
    canary = mapping(strategy, "canary")
    steps = list(mappings(canary.get("steps")))
    held = bool(canary.get("analysis")) or any(step.keys() & {"analysis", "experiment", "plugin"} for step in steps)
    by_hand = any("pause" in step and not mapping(step, "pause").get("duration") for step in steps)
    return {"strategy": "Canary", "at": "spec.strategy.canary", "analysed": held or by_hand}


def _selector(value: dict[str, Any], namespace: str | None, inventory: Inventory) -> dict[str, Any]:
    own, template = own_selector(value), pod_template(value)
    if own is None or template is None or not template.value:
        return {"matches_template": None, "overlaps": []}
    labels = text_map(mapping(template.value, "metadata", "labels"))
    name = mapping(value, "metadata").get("name")
    overlaps: set[str] = set()
    for entry in inventory.together(inventory.selected(namespace, own), in_one_stream=True):
        if entry.name != name and selects(entry.told["selector"], labels):
            overlaps.add(str(entry))
        if len(overlaps) == _MOST_OVERLAPS:
            break
    return {"matches_template": selects(own, labels), "overlaps": sorted(overlaps)}


def _governing_service(
    value: dict[str, Any], spec: dict[str, Any], namespace: str | None, inventory: Inventory
) -> dict[str, Any] | None:
    """The Service that names a StatefulSet's Pods; `found` is None where no Service of the namespace was read."""
    template = pod_template(value)
    if value.get("kind") != "StatefulSet" or template is None:
        return None
    name = text(spec.get("serviceName")) or None
    services = inventory.of(namespace, "Service")
    named = [entry for entry in services if entry.name == name]
    service = next(inventory.together(named), None)
    labels = text_map(mapping(template.value, "metadata", "labels"))
    known = bool(services) or inventory.complete
    return {
        "name": name,
        "found": bool(named) if name and known else None,
        "headless": None if service is None else service.told["headless"],
        "selects": None if service is None or service.selector is None else selects(service.selector, labels),
    }


def _job(value: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any] | None:
    if value.get("kind") not in {"Job", "CronJob"}:
        return None
    job = spec if value.get("kind") == "Job" else mapping(spec, "jobTemplate", "spec")
    return {
        "ttl_seconds_after_finished": integer(job.get("ttlSecondsAfterFinished")),
        "concurrency_policy": text(spec.get("concurrencyPolicy")),
    }
