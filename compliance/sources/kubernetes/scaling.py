"""How many Pods a workload runs at least, and what of it others need to know for their joins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.fields import integer, mapping, mappings, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCALABLE: Final = frozenset({"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout"})
"""The kinds that keep a number of replicas, which an autoscaler may change."""

_SELECTING: Final = SCALABLE | {"DaemonSet"}


def workload_told(value: dict[str, Any], template: dict[str, Any]) -> dict[str, Any]:
    """What others see of a workload beside its labels: replicas, its own selector, and who requests nothing."""
    kind = value.get("kind")
    return {
        "replicas": integer(mapping(value, "spec").get("replicas")),
        "selector": own_selector(value),
        "scalable": kind in SCALABLE,
        "without_request": {
            resource: list(_without_request(mapping(template, "spec"), resource)) for resource in ("cpu", "memory")
        },
    }


def own_selector(value: dict[str, Any]) -> dict[str, Any] | None:
    """The label selector of a workload that finds its Pods by one; None where it is not written, or empty."""
    if value.get("kind") not in _SELECTING:
        return None
    selector = mapping(value, "spec", "selector")
    if value.get("kind") == "ReplicationController":
        return {"matchLabels": selector} if selector else None
    return selector if selector.get("matchLabels") or selector.get("matchExpressions") else None


def _without_request(pod: dict[str, Any], resource: str) -> Iterator[str]:
    """Containers that request none of a resource; a limit alone counts as a request, and so does the whole Pod's."""
    if _amounts(pod, resource):
        return
    for index, container in enumerate(mappings(pod.get("containers"))):
        if not _amounts(container, resource):
            yield text(container.get("name")) or str(index)


def _amounts(holder: dict[str, Any], resource: str) -> bool:
    resources = mapping(holder, "resources")
    return any(mapping(resources, part).get(resource) is not None for part in ("requests", "limits"))


def autoscaler_told(value: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    """The target of a HorizontalPodAutoscaler or KEDA ScaledObject, and the fewest replicas that it leaves."""
    target = mapping(spec, "scaleTargetRef")
    if value.get("kind") == "ScaledObject":
        kind, minimum = text(target.get("kind")) or "Deployment", integer(spec.get("minReplicaCount")) or 0
    else:
        written = integer(spec.get("minReplicas"))
        kind, minimum = str(target.get("kind")), 1 if written is None else written
    return {"target": (kind, str(target.get("name"))), "minimum": minimum}


def minimum_replicas(replicas: int | None, autoscalers: list[Mapping[str, Any]]) -> int:
    """The replicas that a scalable workload keeps in quiet hours; 1 when nobody says."""
    if autoscalers:
        return min(int(one["minimum"]) for one in autoscalers)
    return 1 if replicas is None else replicas
