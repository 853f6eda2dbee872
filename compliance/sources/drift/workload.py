"""What the Pods of a workload run: the facts `workload`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from compliance import image_reference
from compliance.sources.drift import audit_log, configuration, file_system, template
from compliance.sources.drift.images import ImageComparison, ImageId, image_id, meant_digest
from compliance.sources.drift.moments import count, moment
from compliance.sources.drift.pods import Made, ages, ephemeral_containers, pods_of, restarts
from compliance.sources.drift.signatures import Vouching
from compliance.sources.kubernetes.fields import mapping, mappings, text
from compliance.sources.kubernetes.workloads import pod_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compliance.model import Gap
    from compliance.sources.drift.audit_log import Session
    from compliance.sources.drift.images import Resolved
    from compliance.sources.drift.pods import PodsOf
    from compliance.sources.drift.terms import Terms

_ONCE: Final = frozenset({"Job", "CronJob"})
_STATUSES: Final = ("containerStatuses", "initContainerStatuses")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What lies around a live object, as far as it was read.

    `controllers` are the ReplicaSets or Jobs that it owns, `pods` all Pods that it and they have made (of a Pod:
    itself), `configuration` the ConfigMaps and Secrets and `scalers` the autoscalers of its namespace. `sessions` are
    those of an audit log in its namespace, None where none was given. `elsewhere`: its Pods are told with what made it.
    """

    controllers: tuple[Mapping[str, Any], ...] = ()
    pods: tuple[Mapping[str, Any], ...] = ()
    configuration: tuple[Mapping[str, Any], ...] = ()
    scalers: tuple[Mapping[str, Any], ...] = ()
    sessions: tuple[Session, ...] | None = None
    elsewhere: bool = False


def told(
    value: Mapping[str, Any], around: Neighbours, terms: Terms, about: str
) -> tuple[dict[str, Any] | None, tuple[Gap, ...]]:
    """The facts `workload` of a live object, None for one without Pods; and what could not be compared.

    Raises:
        ReadError: managedFields cannot be read.
    """
    made_of = pod_template(dict(value))
    if made_of is None or value.get("kind") == "PodTemplate" or around.elsewhere:
        return None, ()
    pods = pods_of(value, around.controllers, around.pods)
    images = ImageComparison(about, terms.resolve, terms.configurations)
    vouching = Vouching(about, terms.vouched)
    spec = mapping(made_of.value, "spec")
    facts = {
        "runs_to_completion": value.get("kind") in _ONCE,
        "pods": ages(pods, terms.now),
        "containers": [_container(one, kind, spec, pods, images, vouching, terms) for kind, one in _containers(spec)],
        "ephemeral_containers": ephemeral_containers(pods),
        "differs_from_template": template.told(pods.current, terms.types.pod_spec(), terms.injectors),
        "exec_sessions": None if around.sessions is None else _sessions(pods, around.sessions),
        "configuration_changed": configuration.told(pods, around.configuration),
    }
    return facts, (*images.gaps, *vouching.gaps)


def _containers(spec: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from (("main", container) for container in mappings(spec.get("containers")))
    for container in mappings(spec.get("initContainers")):
        yield ("sidecar" if container.get("restartPolicy") == "Always" else "init"), container


def _sessions(pods: PodsOf, sessions: Iterable[Session]) -> list[dict[str, Any]]:
    """Those in Pods that are still there: a Pod of the same name that was made later is another."""
    made = {one.name: moment(mapping(one.pod, "metadata").get("creationTimestamp")) for one in pods.current}
    return audit_log.told(one for one in sessions if one.pod in made and not _is_older(one, made[one.pod]))


def _is_older(session: Session, created: Any) -> bool:  # noqa: ANN401 - a moment or None
    at = moment(session.time)
    return at is not None and created is not None and at < created


def _container(
    container: Mapping[str, Any],
    kind: str,
    spec: Mapping[str, Any],
    pods: PodsOf,
    images: ImageComparison,
    vouching: Vouching,
    terms: Terms,
) -> dict[str, Any]:
    name, image = str(container.get("name")), str(container.get("image"))
    statuses = list(_statuses(name, pods.current))
    digest, running = meant_digest(image, terms.trusted), _running(statuses)
    context = mapping(container, "securityContext")
    return {
        "name": name,
        "kind": kind,
        "at": f"containers[{name}]",
        "image": image,
        "declared_digest": digest,
        "tag": _tag(image, running, images, ask=terms.resolve_tags),
        "running": [
            {
                "digest": found.digest,
                "image_id": text_,
                "form": found.form,
                "pods": count(len(made)),
                "example": made[0].name,
                "matches": None if digest is None else images.matches(found, image, digest),
                **vouching.told(image, found, digest),
            }
            for (text_, found), made in running.items()
        ],
        "read_only_root": context.get("readOnlyRootFilesystem") is True,
        "file_system": file_system.told(container, spec),
        "restarts": restarts(statuses, terms.now),
    }


def _statuses(name: str, pods: Iterable[Made]) -> Iterator[tuple[Made, dict[str, Any]]]:
    for made in pods:
        for part in _STATUSES:
            for status in mappings(mapping(made.pod, "status").get(part)):
                if status.get("name") == name:
                    yield made, status


def _running(statuses: Iterable[tuple[Made, dict[str, Any]]]) -> dict[tuple[str, ImageId], list[Made]]:
    """Which images run, or ran to their end, in which Pods; what still waits for its image runs none."""
    found: dict[tuple[str, ImageId], list[Made]] = {}
    for made, status in statuses:
        written, state = text(status.get("imageID")) or "", mapping(status, "state")
        if written or "running" in state:
            found.setdefault((written, image_id(written)), []).append(made)
    return dict(sorted(found.items(), key=lambda item: item[0][0]))


def _tag(
    image: str, running: dict[tuple[str, ImageId], list[Made]], images: ImageComparison, *, ask: bool
) -> dict[str, Any] | None:
    try:
        reference = image_reference.parse(image)
    except ValueError:
        return None
    if reference.digest is not None:
        return None
    now = images.resolves_to(image) if running and ask else None
    return {
        "name": reference.tag or "latest",
        "resolves_to": now.digest if now else None,
        "moved": None if now is None else _moved(image, running, now, images),
    }


def _moved(
    image: str, running: dict[tuple[str, ImageId], list[Made]], now: Resolved, images: ImageComparison
) -> bool | None:
    """Whether any of what runs is something else; unknown where that cannot be told of any."""
    moved = [images.moved(found, now, image) for _, found in running]
    if True in moved:
        return True
    return None if None in moved else False
