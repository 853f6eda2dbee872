"""The Pods of a workload: which are of its newest revision, what made each, and what they hold that nobody declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.drift.moments import count, days_between, moment
from compliance.sources.kubernetes.fields import integer, mapping, mappings, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_REVISION: Final = "deployment.kubernetes.io/revision"
_GENERATION: Final = "deprecated.daemonset.template.generation"
_GONE: Final = frozenset({"Succeeded", "Failed"})


@dataclass(frozen=True, slots=True)
class Made:
    """A Pod with the template and the kind of what made it; None and `Pod` for one that nothing made."""

    pod: Mapping[str, Any]
    template: Mapping[str, Any] | None
    controller: str

    @property
    def name(self) -> str:
        """The Pod's name."""
        return str(mapping(self.pod, "metadata").get("name"))

    @property
    def running(self) -> bool:
        """Whether it is in phase Running, and not being deleted."""
        deleted = mapping(self.pod, "metadata").get("deletionTimestamp") is not None
        return mapping(self.pod, "status").get("phase") == "Running" and not deleted

    @property
    def started(self) -> datetime | None:
        """When its node took it on."""
        return moment(mapping(self.pod, "status").get("startTime"))


@dataclass(frozen=True, slots=True)
class PodsOf:
    """The Pods of a workload that have not ended: `current` of the newest revision, and how many of older ones."""

    current: tuple[Made, ...]
    outdated: int


def pods_of(
    value: Mapping[str, Any], controllers: Iterable[Mapping[str, Any]], pods: Iterable[Mapping[str, Any]]
) -> PodsOf:
    """Sort the Pods of a workload; `controllers` are the ReplicaSets or Jobs that it owns, `pods` what they made."""
    by_uid = {_uid(one): one for one in (value, *controllers)}
    alive = [pod for pod in pods if mapping(pod, "status").get("phase") not in _GONE]
    if value.get("kind") == "Pod":
        return PodsOf(tuple(Made(pod, None, "Pod") for pod in alive), 0)
    newest = _newest(value, list(by_uid.values()))
    current, outdated = [], 0
    for pod in alive:
        maker = by_uid.get(owner_uid(pod))
        if maker is not None and _is_current(value, pod, maker, newest):
            current.append(Made(pod, mapping(maker, "spec", "template"), str(maker.get("kind"))))
        else:
            outdated += 1
    return PodsOf(tuple(current), count(outdated))


def _newest(value: Mapping[str, Any], controllers: list[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The ReplicaSet of the newest revision; None for what makes its Pods itself."""
    sets = [one for one in controllers if one.get("kind") == "ReplicaSet" and one is not value]
    if value.get("kind") == "Rollout":
        wanted = mapping(value, "status").get("currentPodHash")
        labelled = (
            one for one in sets if mapping(one, "metadata", "labels").get("rollouts-pod-template-hash") == wanted
        )
        return next(labelled, None)
    return max(sets, key=_revision, default=None)


def _revision(controller: Mapping[str, Any]) -> int:
    written = text(mapping(controller, "metadata", "annotations").get(_REVISION)) or ""
    return int(written) if written.isdecimal() and len(written) < 20 else -1  # noqa: PLR2004 - an int64 is shorter


def _is_current(
    value: Mapping[str, Any], pod: Mapping[str, Any], maker: Mapping[str, Any], newest: Mapping[str, Any] | None
) -> bool:
    labels = mapping(pod, "metadata", "labels")
    match value.get("kind"):
        case "Deployment" | "Rollout":
            return maker is newest
        case "StatefulSet":
            wanted = mapping(value, "status").get("updateRevision")
            return wanted is None or labels.get("controller-revision-hash") == wanted
        case "DaemonSet":
            wanted = mapping(value, "metadata", "annotations").get(_GENERATION)
            return wanted is None or labels.get("pod-template-generation") == wanted
        case _:
            return True


def _uid(value: Mapping[str, Any]) -> str | None:
    return text(mapping(value, "metadata").get("uid"))


def owner_uid(value: Mapping[str, Any]) -> str | None:
    """The uid of the controller that made an object."""
    references = mappings(mapping(value, "metadata").get("ownerReferences"))
    return next((text(one.get("uid")) for one in references if one.get("controller") is True), None)


def ages(pods: PodsOf, now: datetime) -> dict[str, Any]:
    """The facts `pods`."""
    running = [made for made in pods.current if made.running]
    started = [(made.started, made.name) for made in running if made.started is not None]
    oldest = min(started, default=None)
    told = None if oldest is None else {"name": oldest[1], "age_days": days_between(oldest[0], now)}
    return {"running": count(len(running)), "outdated": pods.outdated, "oldest": told}


def ephemeral_containers(pods: PodsOf) -> list[dict[str, Any]]:
    """The facts `ephemeral_containers`: each name and image once."""
    found: dict[tuple[str, str, str | None], dict[str, Any]] = {}
    for made in pods.current:
        for container in mappings(mapping(made.pod, "spec").get("ephemeralContainers")):
            name, image = str(container.get("name")), str(container.get("image"))
            target = text(container.get("targetContainerName"))
            fresh = {"name": name, "image": image, "pod": made.name, "pods": 0, "target": target, "running": False}
            told = found.setdefault((name, image, target), fresh)
            told["pods"] += 1
            told["running"] = told["running"] or _runs(made.pod, name)
    return [found[key] for key in sorted(found, key=str)]


def _runs(pod: Mapping[str, Any], name: str) -> bool:
    statuses = mappings(mapping(pod, "status").get("ephemeralContainerStatuses"))
    return any("running" in mapping(one, "state") for one in statuses if one.get("name") == name)


def restarts(statuses: Iterable[tuple[Made, Mapping[str, Any]]], now: datetime) -> dict[str, Any] | None:
    """The facts `restarts` of a container, from its status in each Pod: the Pod whose container was replaced most."""
    counted = [(integer(status.get("restartCount")) or 0, made, status) for made, status in statuses]
    most, made, status = max(counted, key=lambda one: one[0], default=(0, None, {}))
    if made is None or most == 0:
        return None
    ended = mapping(status, "lastState", "terminated")
    age = days_between(moment(mapping(made.pod, "metadata").get("creationTimestamp")), now)
    return {
        "count": count(most),
        "pod": made.name,
        "pods": count(sum(number > 0 for number, _, _ in counted)),
        "per_day": round(most / max(1, age or 0), 3),
        "reason": text(ended.get("reason")),
        "exit_code": integer(ended.get("exitCode")),
        "ended_at": text(ended.get("finishedAt")),
    }
