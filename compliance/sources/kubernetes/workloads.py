"""Which kinds make Pods, and where each keeps its pod template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.fields import mapping

if TYPE_CHECKING:
    from compliance.sources.kubernetes.paths import Path

_TEMPLATES: dict[str, Path] = {
    "Pod": (),
    "PodTemplate": ("template",),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    **dict.fromkeys(
        ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "Rollout"),
        ("spec", "template"),
    ),
}
# A custom resource may share a kind's name (a Knative Service, a Deployment of somebody's own): the group decides.
_GROUPS = frozenset({"", "apps", "extensions", "batch", "argoproj.io"})


@dataclass(frozen=True, slots=True)
class PodTemplate:
    """A pod template and its path in the object."""

    value: dict[str, Any]
    path: Path


def pod_template(value: dict[str, Any]) -> PodTemplate | None:
    """The pod template of a workload, or None for every other object."""
    path = _TEMPLATES.get(str(value.get("kind")))
    group = str(value.get("apiVersion")).rpartition("/")[0]
    if path is None or group not in _GROUPS:
        return None
    return PodTemplate(mapping(value, *(str(step) for step in path)), path)
