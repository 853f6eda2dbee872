"""The containers of a pod, of all four kinds, as one list of facts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from compliance import image_reference
from compliance.sources.kubernetes.fields import flag, integer, mapping, mappings, sequence, text, texts
from compliance.sources.kubernetes.quantity import quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.kubernetes.paths import Path

_LISTS = ("containers", "initContainers", "ephemeralContainers")
_HANDLERS = ("httpGet", "tcpSocket", "grpc", "exec")
_HOOKS = ("exec", "httpGet", "sleep", "tcpSocket")
_SLEEP = re.compile(r"(?:^|[\s/;&(])sleep (\d{1,6})s?\b")
_RESOURCES = {"cpu": "cpu", "memory": "memory", "ephemeral_storage": "ephemeral-storage"}
_POD_OR_CONTAINER = {
    "run_as_non_root": ("runAsNonRoot", flag),
    "run_as_user": ("runAsUser", integer),
    "run_as_group": ("runAsGroup", integer),
}
_CONTAINER_ONLY = {
    "privileged": ("privileged", flag),
    "allow_privilege_escalation": ("allowPrivilegeEscalation", flag),
    "read_only_root_filesystem": ("readOnlyRootFilesystem", flag),
    "proc_mount": ("procMount", text),
}


def sites(pod: dict[str, Any], pod_path: Path) -> Iterator[tuple[str, str, dict[str, Any], Path]]:
    """Every container of a pod spec: its name, the list that it is in, the object, and the path where it is written."""
    for field in _LISTS:
        for index, raw in enumerate(sequence(pod.get(field))):
            if isinstance(raw, dict):
                yield text(raw.get("name")) or str(index), field, raw, (*pod_path, field, index)


def containers(pod: dict[str, Any]) -> list[dict[str, Any]]:
    """Facts of every container of a pod spec."""
    return [_container(raw, pod, _kind(field, raw), name) for name, field, raw, _ in sites(pod, ())]


def _kind(field: str, raw: dict[str, Any]) -> str:
    if field == "initContainers":
        # A restartable init container is a sidecar (Kubernetes documentation, "Sidecar Containers").
        return "sidecar" if raw.get("restartPolicy") == "Always" else "init"
    return "main" if field == "containers" else "ephemeral"


def _container(raw: dict[str, Any], pod: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    resources = mapping(raw, "resources")
    ports = list(_ports(raw))
    return {
        "name": name,
        "kind": kind,
        "at": f"containers[{name}]",
        "image": image(raw.get("image")),
        "image_pull_policy": text(raw.get("imagePullPolicy")),
        "command": texts(raw.get("command")),
        "args": texts(raw.get("args")),
        "ports": ports,
        "env": [_variable(item) for item in mappings(raw.get("env"))],
        "env_from": [found for item in mappings(raw.get("envFrom")) for found in _env_from(item)],
        "resources": {
            "requests": _amounts(mapping(resources, "requests")),
            "limits": _amounts(mapping(resources, "limits")),
        },
        "probes": {
            "liveness": _probe(raw, "livenessProbe", name, ports),
            "readiness": _probe(raw, "readinessProbe", name, ports),
            "startup": _probe(raw, "startupProbe", name, ports),
        },
        "pre_stop": _pre_stop(mapping(raw, "lifecycle", "preStop")),
        "volume_mounts": [_mount(item) for item in mappings(raw.get("volumeMounts"))],
        "security_context": _security_context(mapping(raw, "securityContext"), mapping(pod, "securityContext")),
    }


def image(value: object) -> dict[str, Any] | None:
    """An image reference in parts; `valid` is False and the parts are None when it fits no grammar."""
    written = text(value)
    if written is None:
        return None
    try:
        parsed = image_reference.parse(written)
    except ValueError:
        parts = dict.fromkeys(("registry", "repository", "name", "tag", "digest", "normalised"))
        return {"text": written, "valid": False, **parts}
    return {
        "text": written,
        "valid": True,
        "registry": parsed.registry,
        "repository": parsed.repository,
        "name": parsed.name,
        "tag": parsed.tag,
        "digest": parsed.digest,
        "normalised": parsed.normalised,
    }


def _amounts(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: quantity(raw.get(field)) for name, field in _RESOURCES.items()}


def _ports(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for port in mappings(raw.get("ports")):
        yield {
            "name": text(port.get("name")),
            "container_port": integer(port.get("containerPort")),
            "host_port": integer(port.get("hostPort")),
            "protocol": text(port.get("protocol")) or "TCP",
        }


def _variable(raw: dict[str, Any]) -> dict[str, Any]:
    source = None
    for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
        if reference := mapping(raw, "valueFrom", field):
            source = {"kind": kind, "name": text(reference.get("name")), "key": text(reference.get("key"))}
    if source is None and mapping(raw, "valueFrom"):
        source = {"kind": "field", "name": None, "key": None}
    return {"name": text(raw.get("name")), "value": text(raw.get("value")), "from": source}


def _env_from(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
        if reference := mapping(raw, field):
            yield {"kind": kind, "name": text(reference.get("name"))}


def _mount(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": text(raw.get("name")),
        "mount_path": text(raw.get("mountPath")),
        "sub_path": text(raw.get("subPath")) or text(raw.get("subPathExpr")),
        "read_only": flag(raw.get("readOnly")) or False,
    }


def _probe(raw: dict[str, Any], field: str, name: str, ports: list[dict[str, Any]]) -> dict[str, Any] | None:
    probe = mapping(raw, field)
    handler = next((kind for kind in _HANDLERS if isinstance(probe.get(kind), dict)), None)
    if handler is None:
        return None
    action = mapping(probe, handler)
    return {
        "at": f"containers[{name}].{field}",
        "handler": handler,
        "path": text(action.get("path")),
        "host": text(action.get("host")),
        "command": texts(action.get("command")),
        "port": _probe_port(action.get("port"), ports),
        "initial_delay_seconds": _seconds(probe, "initialDelaySeconds", 0),
        "period_seconds": _seconds(probe, "periodSeconds", 10),
        "timeout_seconds": _seconds(probe, "timeoutSeconds", 1),
        "success_threshold": _seconds(probe, "successThreshold", 1),
        "failure_threshold": _seconds(probe, "failureThreshold", 3),
    }


def _seconds(probe: dict[str, Any], field: str, default: int) -> int:
    value = integer(probe.get(field))
    return default if value is None or value < 0 else value


def _probe_port(value: object, ports: list[dict[str, Any]]) -> dict[str, Any] | None:
    """A port by name is looked up among the container's own; `number` is None where it has none of that name."""
    if (number := integer(value)) is not None:
        return {"text": str(number), "number": number}
    if (written := text(value)) is None:
        return None
    if written.isdecimal():
        return {"text": written, "number": int(written)}
    named = next((port["container_port"] for port in ports if port["name"] == written), None)
    return {"text": written, "number": named}


def _pre_stop(raw: dict[str, Any]) -> dict[str, Any] | None:
    """What runs before a container is stopped; `sleep_seconds` is None where it does something else than wait."""
    handler = next((kind for kind in _HOOKS if isinstance(raw.get(kind), dict)), None)
    if handler is None:
        return None
    seconds = integer(mapping(raw, "sleep").get("seconds"))
    if handler == "exec":
        slept = _SLEEP.search(" ".join(texts(mapping(raw, "exec").get("command"))))
        seconds = int(slept[1]) if slept else None
    return {"handler": handler, "sleep_seconds": seconds}


def _security_context(own: dict[str, Any], of_pod: dict[str, Any]) -> dict[str, Any]:
    """Every setting as `{"value", "level"}`: the container's own wins over the pod's."""
    merged = {
        name: _setting(read(own.get(field)), read(of_pod.get(field)))
        for name, (field, read) in _POD_OR_CONTAINER.items()
    }
    merged.update({name: _setting(read(own.get(field)), None) for name, (field, read) in _CONTAINER_ONLY.items()})
    merged["seccomp_profile"] = _setting(
        *(text(mapping(level, "seccompProfile").get("type")) for level in (own, of_pod))
    )
    capabilities = mapping(own, "capabilities")
    merged["capabilities"] = {"add": texts(capabilities.get("add")), "drop": texts(capabilities.get("drop"))}
    return merged


def _setting(own: object, of_pod: object) -> dict[str, Any]:
    level = "container" if own is not None else "pod" if of_pod is not None else None
    return {"value": own if own is not None else of_pod, "level": level}
