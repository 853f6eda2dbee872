"""How many replicas were declared and are wanted now, what scales them, and who wrote the number last.

An autoscaler writes through the subresource `scale` as its controller does (kube-controller-manager, keda-operator);
`kubectl scale` writes through it as `kubectl`. The manager tells them apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.drift.managed_fields import writer_of
from compliance.sources.drift.moments import count
from compliance.sources.drift.steps import fields
from compliance.sources.kubernetes.fields import integer, mapping, text
from compliance.sources.kubernetes.scaling import SCALABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compliance.sources.drift.managed_fields import Writer
    from compliance.sources.drift.managers import ManagerPolicy

_PATH: Final = fields("spec", "replicas")
_KEDA_MOST: Final = 100  # maxReplicaCount, where a ScaledObject does not say (KEDA documentation)


def told(
    value: Mapping[str, Any],
    declared: Mapping[str, Any] | None,
    scalers: Iterable[Mapping[str, Any]],
    writers: Iterable[Writer],
    policy: ManagerPolicy,
) -> dict[str, Any] | None:
    """The facts `replicas` of a live object; `scalers` are the autoscalers of its namespace. None: it has none."""
    if value.get("kind") not in SCALABLE:
        return None
    writer = writer_of(_PATH, writers)
    return {
        "declared": _number(mapping(declared, "spec").get("replicas")),
        "live": _number(mapping(value, "spec").get("replicas")),
        "autoscaler": autoscaler(value, scalers),
        "scaled_by": None if writer is None else _scaled_by(writer, policy),
    }


def _scaled_by(writer: Writer, policy: ManagerPolicy) -> dict[str, Any]:
    by_hand = policy.scales_by_hand(writer)
    return {"manager": writer.manager, "time": writer.time, "by_hand": by_hand}


def autoscaler(value: Mapping[str, Any], scalers: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """What owns the number: a ScaledObject before the HorizontalPodAutoscaler that KEDA makes of it."""
    found = [scaler for scaler in scalers if _targets(scaler, value)]
    chosen = next((one for one in found if one.get("kind") == "ScaledObject"), found[0] if found else None)
    if chosen is None:
        return None
    spec = mapping(chosen, "spec")
    keda = chosen.get("kind") == "ScaledObject"
    least, most = ("minReplicaCount", "maxReplicaCount") if keda else ("minReplicas", "maxReplicas")
    minimum, maximum = _number(spec.get(least)), _number(spec.get(most))
    return {
        "kind": str(chosen.get("kind")),
        "name": str(mapping(chosen, "metadata").get("name")),
        "min": (0 if keda else 1) if minimum is None else minimum,
        "max": _KEDA_MOST if keda and maximum is None else maximum,
    }


def _targets(scaler: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    target, metadata = mapping(scaler, "spec", "scaleTargetRef"), mapping(value, "metadata")
    kind = text(target.get("kind")) or "Deployment"
    same_place = mapping(scaler, "metadata").get("namespace") == metadata.get("namespace")
    return same_place and kind == value.get("kind") and target.get("name") == metadata.get("name")


def _number(value: object) -> int | None:
    number = integer(value)
    return None if number is None else count(number)
