"""Facts of a HorizontalPodAutoscaler, v1 and v2 alike: `rules/schemas/autoscaler.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.entries import CUSTOM
from compliance.sources.kubernetes.fields import integer, mapping, sequence, text
from compliance.sources.kubernetes.scaling import SCALABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compliance.sources.kubernetes.entries import Entry
    from compliance.sources.kubernetes.inventory import Inventory


def facts(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    """What rules see of a HorizontalPodAutoscaler beyond what every object has."""
    spec = mapping(value, "spec")
    namespace = text(mapping(value, "metadata").get("namespace"))
    reference = mapping(spec, "scaleTargetRef")
    kind, name = text(reference.get("kind")), text(reference.get("name"))
    named = [entry for entry in inventory.of(namespace, "workload") if (entry.kind, entry.name) == (kind, name)]
    target = next(inventory.together(named), None)
    labels: Mapping[str, str] = target.pod_labels if target is not None and target.pod_labels else {}
    services = inventory.selecting(namespace, "Service", labels)
    return {
        "target": {"kind": kind, "name": name, "found": bool(named) if kind in SCALABLE and name else None},
        "target_services": sorted({entry.name for entry in inventory.together(services)}),
        "min_replicas": integer(spec.get("minReplicas")),
        "max_replicas": integer(spec.get("maxReplicas")),
        "metrics": list(_metrics(spec, _unrequested(target, namespace, inventory))),
        "workloads_in_namespace": len(inventory.of(namespace, "workload")),
        "custom_resources_in_namespace": len(inventory.of(namespace, CUSTOM)),
    }


def _unrequested(target: Entry | None, namespace: str | None, inventory: Inventory) -> dict[str, list[str]]:
    """Containers without a request, by resource; none where a LimitRange of the namespace may give them one."""
    if target is None or inventory.of(namespace, "LimitRange"):
        return {}
    return dict(target.told["without_request"])


def _metrics(spec: dict[str, Any], unrequested: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    metrics = sequence(spec.get("metrics"))
    for index, raw in enumerate(metrics):
        kind = text(mapping(raw).get("type"))
        source = mapping(raw, "containerResource" if kind == "ContainerResource" else "resource")
        target = mapping(source, "target")
        share = target.get("averageUtilization") is not None or source.get("targetAverageUtilization") is not None
        container = text(source.get("container"))
        yield _metric(f"spec.metrics[{index}]", kind, text(source.get("name")), container, unrequested, share=share)
    if not metrics:
        # Without metrics the target is 80 % of the CPU that the Pods request (API reference).
        yield _metric("spec.targetCPUUtilizationPercentage", "Resource", "cpu", None, unrequested, share=True)


def _metric(
    at: str,
    kind: str | None,
    resource: str | None,
    container: str | None,
    unrequested: dict[str, list[str]],
    *,
    share: bool,
) -> dict[str, Any]:
    missing = unrequested.get(resource or "", []) if share else []
    return {
        "at": at,
        "type": kind,
        "resource": resource,
        "share_of_request": share,
        "without_request": [name for name in missing if container in (None, name)],
    }
