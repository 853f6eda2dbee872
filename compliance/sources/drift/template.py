"""A Pod against the template that it was made of: what is different, and what explains it.

A Pod's image, tolerations, deadlines and metadata can be changed while it runs, its resources through the subresource
`resize`; all else was put there when it was made, by its controller, the API server or a webhook. Sources: Kubernetes
documentation, "Pod update and replacement" and "Admission Controllers"; SetDefaults_Pod of pkg/apis/core/v1.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.sources.drift.differences import ABSENT, Difference, differences
from compliance.sources.drift.injection import INJECTORS, injector_of, present_in
from compliance.sources.drift.managed_fields import writers_of
from compliance.sources.drift.moments import count
from compliance.sources.drift.shown import shown
from compliance.sources.drift.steps import canonical, field, fields, follow, valued, written
from compliance.sources.kubernetes.fields import mapping, sequence, text_map
from compliance.sources.kubernetes.token_volume import (
    is_token_mount,
    is_token_volume,
    token_volumes,
    without_token_names,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from compliance.drift_settings import Injector
    from compliance.sources.drift.field_types import FieldType
    from compliance.sources.drift.pods import Made
    from compliance.sources.drift.steps import Path

RESIZE: Final = "resize"
"""The subresource by which the resources of a Pod are changed in place."""
_APART: Final = frozenset({"tolerations", "ephemeralContainers"})
_ADMITTED: Final = re.compile(
    r"priority|priorityClassName|preemptionPolicy|overhead|hostname|subdomain"
    r"|enableServiceLinks|imagePullSecrets(?:\[.*)?|schedulingGates(?:\[.*)?"
    r"|[a-zA-Z]+\[[^\]]+\]\.(?:resizePolicy|imagePullPolicy|env\[JOB_COMPLETION_INDEX\])|nodeSelector(?:[.\[].*)?"
)
"""What the API server, its admission plug-ins, the scheduler and Job controllers add to a Pod's spec."""

_TOLERATED: Final = re.compile(r"node\.kubernetes\.io/[a-z-]+")
_RESOURCES: Final = re.compile(r"((?:initC|c)ontainers)\[([^\]]+)\]\.resources(?:\.(requests|limits)(?:[.\[].*)?)?")
_OWN_LABELS: Final = frozenset({"pod-template-hash"})


@dataclass(frozen=True, slots=True)
class Explained:
    """A difference at a path, which is written `at`; `by` is admission, in_place_resize, injected or None."""

    at: str
    template: str | None
    live: str | None
    by: str | None
    injector: str | None


def told(pods: Iterable[Made], pod_spec: FieldType, injectors: Iterable[Injector] = INJECTORS) -> list[dict[str, Any]]:
    """The facts `differs_from_template`: each difference once, with how many of these Pods have it.

    What is explained counts as one by its path, whatever the values; of the rest each value is one. The node and the
    service account's token, which every Pod has, are left out.

    Raises:
        ReadError: the managedFields of a Pod cannot be read.
    """
    known, numbers = tuple(injectors), Counter[Explained]()
    examples: dict[Explained, tuple[Explained, str]] = {}
    alike: dict[bytes, list[Made]] = {}
    for made in pods:
        if made.template is not None:
            alike.setdefault(_said(made), []).append(made)
    for first, *others in alike.values():
        for found in explained(first.pod, first.template or {}, first.controller, pod_spec, known):
            key = found if found.by is None else replace(found, template=None, live=None)
            numbers[key] += 1 + len(others)
            examples.setdefault(key, (found, first.name))
    return [
        {
            "path": found.at,
            "template": found.template,
            "live": found.live,
            "pod": pod,
            "pods": count(numbers[key]),
            "explained_by": found.by,
            "injector": found.injector,
        }
        for key, (found, pod) in sorted(examples.items(), key=lambda item: (item[0].at, str(item[0].live)))
    ]


def _said(made: Made) -> bytes:
    """All of a Pod and its template that `explained` looks at, but what every Pod has of its own and it leaves out."""
    metadata, spec = mapping(made.pod, "metadata"), mapping(made.pod, "spec")
    wanted = mapping(made.template, "metadata")
    marks = {part: _marks(mapping(metadata, part), mapping(wanted, part)) for part in ("labels", "annotations")}
    entries = [one for one in sequence(metadata.get("managedFields")) if mapping(one).get("subresource") == RESIZE]
    own = {key: value for key, value in spec.items() if key != "nodeName"}
    # Pods of one maker stand together, so the template is as good as its identity.
    said = [id(made.template), made.controller, own, marks, entries]
    return without_token_names(orjson.dumps(said, option=orjson.OPT_SORT_KEYS), token_volumes(spec))


def _marks(there: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[tuple[str, object]]:
    return sorted((key, value if key in wanted else None) for key, value in there.items())


def explained(
    pod: Mapping[str, Any],
    template: Mapping[str, Any],
    controller: str,
    pod_spec: FieldType,
    injectors: tuple[Injector, ...],
) -> Iterator[Explained]:
    """What is different in one Pod; `controller` is the kind of what made it."""
    wanted, spec = mapping(template, "spec"), mapping(pod, "spec")
    resized, present = _resized(pod), present_in(mapping(pod, "metadata"), injectors)
    tokens = token_volumes(spec)
    for one in _of_specs(wanted, spec, pod_spec):
        at = written(one.path, spec, wanted)
        if at == "nodeName" or _is_token(one, tokens):
            continue
        by, injector = _explanation(one, at, pod, controller, present, resized)
        yield Explained(at, shown(one.declared, one.path, wanted), shown(one.live, one.path, spec), by, injector)
    for one in _of_metadata(mapping(template, "metadata"), mapping(pod, "metadata")):
        at = written(one.path, pod)
        yield Explained(at, shown(one.declared, one.path, template), shown(one.live, one.path, pod), None, None)


def _of_specs(wanted: Mapping[str, Any], spec: Mapping[str, Any], own: FieldType) -> Iterator[Difference]:
    left, right = ({key: item for key, item in one.items() if key not in _APART} for one in (wanted, spec))
    yield from differences(left, right, own, whole=True)
    before, now = ({canonical(item): item for item in sequence(one.get("tolerations"))} for one in (wanted, spec))
    path = fields("tolerations")
    yield from (Difference((*path, valued(before[key])), before[key], ABSENT) for key in before.keys() - now.keys())
    yield from (Difference((*path, valued(now[key])), ABSENT, now[key]) for key in now.keys() - before.keys())


def _of_metadata(wanted: Mapping[str, Any], metadata: Mapping[str, Any]) -> Iterator[Difference]:
    """Labels and annotations of the template that the Pod has no more, or other ones of; more of them is usual."""
    for part in ("labels", "annotations"):
        there = text_map(metadata.get(part))
        for name, value in text_map(wanted.get(part)).items():
            if there.get(name) != value and name not in _OWN_LABELS:
                yield Difference((*fields("metadata", part), field(name)), value, there.get(name, ABSENT))


def _resized(pod: Mapping[str, Any]) -> list[Path]:
    return [path for writer in writers_of(pod, subresource=RESIZE) for path in writer.fields.leaves()]


def _explanation(
    one: Difference,
    at: str,
    pod: Mapping[str, Any],
    controller: str,
    present: tuple[Injector, ...],
    resized: list[Path],
) -> tuple[str | None, str | None]:
    spec = mapping(pod, "spec")
    if (resources := _RESOURCES.fullmatch(at)) is not None and resized and _was_resized(one, resized):
        return "in_place_resize", None
    if (injector := injector_of(one.path, at, spec, present)) is not None:
        return "injected", injector
    admitted = (
        _is_toleration(one)
        or _is_made_so(one, at, controller, spec)
        or (resources is not None and _is_filled_in(one, spec, pod))
    )
    return ("admission", None) if admitted else (None, None)


def _was_resized(one: Difference, resized: list[Path]) -> bool:
    return any(path[1 : 1 + len(one.path)] == one.path for path in resized)


def _is_toleration(one: Difference) -> bool:
    """Those that DefaultTolerationSeconds, TaintNodesByCondition and the DaemonSet controller add."""
    added = one.live if one.declared is ABSENT and one.path[0].name == "tolerations" else None
    return isinstance(added, dict) and _TOLERATED.fullmatch(str(added.get("key"))) is not None


def _is_made_so(one: Difference, at: str, controller: str, spec: Mapping[str, Any]) -> bool:
    if one.path[0].name == "schedulingGates":
        return one.live is ABSENT  # whoever put the gate there takes it away
    if at.endswith(".imagePullPolicy"):
        return one.live == "Always"  # the admission plug-in AlwaysPullImages
    return _is_of_controller(one, controller, spec) or (one.declared is ABSENT and _is_admitted(one, at))


def _is_of_controller(one: Difference, controller: str, spec: Mapping[str, Any]) -> bool:
    if controller == "DaemonSet" and one.path[0].name == "affinity":
        return True  # by it each Pod is pinned to its node
    if controller == "StatefulSet" and one.path[0].name == "volumes" and len(one.path) > 1:
        return bool(mapping(follow(follow(spec, one.path[0]), one.path[1]), "persistentVolumeClaim"))
    return False


def _is_token(one: Difference, tokens: Collection[str]) -> bool:
    """Whether a volume or mount of the Pod alone is that of its service account's token."""
    added = mapping(one.live)
    return one.declared is ABSENT and (is_token_volume(added) or is_token_mount(added, tokens))


def _is_admitted(one: Difference, at: str) -> bool:
    if at in {"serviceAccount", "serviceAccountName"}:
        return one.live == "default"
    return _ADMITTED.fullmatch(at) is not None


def _is_filled_in(one: Difference, spec: Mapping[str, Any], pod: Mapping[str, Any]) -> bool:
    """Requests that the API server takes from the limits, and what a LimitRange gives (LimitRanger notes it)."""
    if one.declared is not ABSENT:
        return False
    if "kubernetes.io/limit-ranger" in mapping(pod, "metadata", "annotations"):
        return True
    resources = mapping(follow(follow(spec, one.path[0]), one.path[1]), "resources")
    requests, limits = mapping(resources, "requests"), mapping(resources, "limits")
    below = [step.name for step in one.path[3:]]
    asked = below[1:] if len(below) > 1 else list(requests)
    return below[:1] == ["requests"] and all(limits.get(name) == requests.get(name) for name in asked)
