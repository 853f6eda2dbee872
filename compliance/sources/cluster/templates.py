"""Is a Pod what its controller's template says? Then judging the controller judges the Pod.

Compared is what whoever wrote the template can say. Left out is what the API server, admission and controllers of
Kubernetes itself put in (their documentation is named at each): defaults of Pods that templates do not get, the token
volume, tolerations, priority, and the labels by which controllers know their own. Anything else that differs (a sidecar
that a webhook put in, an ephemeral container, a resized container) makes the Pod a subject of its own.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.sources.kubernetes.fields import mapping, mappings, text, text_map
from compliance.sources.kubernetes.token_volume import (
    is_token_mount,
    is_token_volume,
    token_volumes,
    without_token_names,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

Object = dict[str, Any]

_OF_CONTROLLERS: Final = frozenset(
    {
        "apps.kubernetes.io/pod-index",
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-completion-index",
        "batch.kubernetes.io/job-name",
        "controller-revision-hash",
        "controller-uid",
        "job-name",
        "pod-template-generation",
        "pod-template-hash",
        "rollouts-pod-template-hash",
        "statefulset.kubernetes.io/pod-name",
    }
)
"""Labels that controllers put on what they make (reference, "Well-Known Labels, Annotations and Taints")."""
_TOPOLOGY: Final = "topology.kubernetes.io/"  # the admission plugin PodTopologyLabels
_LIMIT_RANGER: Final = "kubernetes.io/limit-ranger"
_SECURITY_ANNOTATIONS: Final = (
    "container.apparmor.security.beta.kubernetes.io/",
    "seccomp.security.alpha.kubernetes.io/",
)
# Of the scheduler, and of the admission plugins Priority and RuntimeClass.
_OF_PODS: Final = ("nodeName", "priority", "preemptionPolicy", "overhead", "serviceAccount", "enableServiceLinks")
_CONTAINERS: Final = ("containers", "initContainers", "ephemeralContainers")


def as_written(one: Object, template: Object) -> bytes:
    """A Pod, or a template, but for its node and the name of its token: two that are equal here have one essence."""
    spec = {key: value for key, value in mapping(one, "spec").items() if key != "nodeName"}
    said = orjson.dumps([_labels(one), _annotations(one, template), is_limited(one), spec])
    return hashlib.blake2b(without_token_names(said, token_volumes(spec)), digest_size=16).digest()


def is_limited(pod: Object) -> bool:
    """Whether a LimitRange has put resources into a Pod (the admission plugin LimitRanger notes that)."""
    return _LIMIT_RANGER in mapping(pod, "metadata", "annotations")


def essence(one: Object, template: Object, owner: str, *, limited: bool) -> bytes:
    """What a Pod, or a template itself, says by itself, to be compared: canonical JSON.

    `template` is what its controller makes Pods of, empty where that is not known; `owner` is the controller's kind.
    """
    said = [_labels(one), _annotations(one, template), _spec(one, mapping(template, "spec"), owner, limited=limited)]
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


def _labels(template: Object) -> dict[str, str]:
    labels = text_map(mapping(template, "metadata", "labels"))
    return {key: value for key, value in labels.items() if key not in _OF_CONTROLLERS and not key.startswith(_TOPOLOGY)}


def _annotations(one: Object, template: Object) -> dict[str, str]:
    """Nodes and webhooks note many things in annotations: only those of the template count, and those of security."""
    written = mapping(template, "metadata", "annotations")
    noted = text_map(mapping(one, "metadata", "annotations"))
    return {key: value for key, value in noted.items() if key in written or key.startswith(_SECURITY_ANNOTATIONS)}


def _spec(one: Object, written: Object, owner: str, *, limited: bool) -> Object:
    """The spec without what Kubernetes itself puts in beside what is `written` in the template."""
    spec = {key: value for key, value in mapping(one, "spec").items() if key not in _OF_PODS and value not in ({}, [])}
    spec["serviceAccountName"] = spec.get("serviceAccountName") or "default"
    spec["tolerations"] = [item for item in mappings(spec.get("tolerations")) if not _is_of_nodes(item)]
    spec["volumes"] = [item for item in mappings(spec.get("volumes")) if not is_token_volume(item)]
    for key in ("priorityClassName", "imagePullSecrets"):  # the plugins Priority and ServiceAccount
        if not written.get(key):
            spec.pop(key, None)
    if owner == "StatefulSet":
        spec.pop("hostname", None)
        spec.pop("subdomain", None)
        claims = {text(item.get("name")) for item in mappings(written.get("volumes"))}
        spec["volumes"] = [item for item in spec["volumes"] if item.get("name") in claims]
    elif owner == "DaemonSet":
        spec.pop("affinity", None)  # each Pod is bound to its node by it
    elif owner == "Job":
        spec.pop("hostname", None)
    tokens = token_volumes(mapping(one, "spec"))
    for key in _CONTAINERS:
        listed = {item.get("name"): item for item in mappings(written.get(key))}
        spec[key] = [
            _container(_without_token(item, tokens), listed.get(item.get("name"), {}), limited)
            for item in mappings(spec.get(key))
        ]
    return spec


def _without_token(container: Object, tokens: Collection[str]) -> Object:
    mounts = [item for item in mappings(container.get("volumeMounts")) if not is_token_mount(item, tokens)]
    return {**container, "volumeMounts": mounts}


def _container(raw: Object, written: Mapping[str, Any], limited: bool) -> Object:  # noqa: FBT001 - as `_spec` says it
    container = {key: value for key, value in raw.items() if key == "volumeMounts" or value not in ({}, [])}
    container["env"] = [item for item in mappings(raw.get("env")) if item.get("name") != "JOB_COMPLETION_INDEX"]
    container["resources"] = _resources(mapping(raw, "resources"), mapping(written, "resources"), limited)
    return container


def _resources(raw: Object, written: Object, limited: bool) -> Object:  # noqa: FBT001 - as `_spec` says it
    """A limit is a request too, which Pods say and templates do not; a LimitRange adds what was not written."""
    limits = mapping(raw, "limits")
    requests = {**limits, **mapping(raw, "requests")}
    if limited:
        limits = {key: value for key, value in limits.items() if key in mapping(written, "limits")}
        asked = mapping(written, "requests").keys() | mapping(written, "limits").keys()
        requests = {key: value for key, value in requests.items() if key in asked}
    return {"limits": limits, "requests": requests, "claims": raw.get("claims")}


def _is_of_nodes(toleration: Object) -> bool:
    """The plugin DefaultTolerationSeconds and the DaemonSet controller tolerate the states of nodes."""
    return (text(toleration.get("key")) or "").startswith("node.kubernetes.io/")


def controller_of(value: Object) -> tuple[str, str, str] | None:
    """The uid, kind and name of the controller that made an object (metadata.ownerReferences), or None."""
    owners: Iterable[Object] = mappings(mapping(value, "metadata").get("ownerReferences"))
    for owner in owners:
        if owner.get("controller") is True:
            return str(owner.get("uid")), str(owner.get("kind")), str(owner.get("name"))
    return None
