"""Where a pod reads ConfigMaps and Secrets: as variables, as files, file by file, and to pull its images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from compliance.sources.kubernetes.fields import flag, mapping, mappings, sequence, text

if TYPE_CHECKING:
    from collections.abc import Iterator

_LISTS: Final = ("containers", "initContainers", "ephemeralContainers")
_KEY_REFERENCES: Final = (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret"))
_WHOLE_REFERENCES: Final = (("configMapRef", "ConfigMap"), ("secretRef", "Secret"))


class Use(NamedTuple):
    """One place that reads a ConfigMap or Secret; `key` is None where it reads all of them.

    `how` is env, env_from, volume, sub_path (a file of a volume mounted by itself) or pull (the registry's password).
    """

    kind: str
    name: str
    how: str
    at: str
    key: str | None = None
    optional: bool = False


def names(pod: dict[str, Any]) -> frozenset[tuple[str, str]]:
    """The kind and name of every ConfigMap and Secret that a pod spec reads."""
    return frozenset((use.kind, use.name) for use in uses(pod, ""))


def uses(pod: dict[str, Any], pod_at: str) -> Iterator[Use]:
    """Every place of a pod spec that reads a ConfigMap or Secret, in the order in which it is written."""
    yield from _volumes(pod, pod_at)
    for field in _LISTS:
        for index, container in enumerate(mappings(pod.get(field))):
            yield from _environment(container, f"containers[{text(container.get('name')) or index}]")
    for reference in mappings(pod.get("imagePullSecrets")):
        if (name := text(reference.get("name"))) is not None:
            yield Use("Secret", name, "pull", f"{pod_at}.imagePullSecrets[{name}]")


def _environment(container: dict[str, Any], at: str) -> Iterator[Use]:
    for variable in mappings(container.get("env")):
        for field, kind in _KEY_REFERENCES:
            reference = mapping(variable, "valueFrom", field)
            if (name := text(reference.get("name"))) is not None:
                optional = flag(reference.get("optional")) or False
                yield Use(kind, name, "env", f"{at}.env[{variable.get('name')}]", text(reference.get("key")), optional)
    for index, source in enumerate(sequence(container.get("envFrom"))):
        for field, kind in _WHOLE_REFERENCES:
            reference = mapping(source, field)
            if (name := text(reference.get("name"))) is not None:
                yield Use(
                    kind, name, "env_from", f"{at}.envFrom[{index}]", None, flag(reference.get("optional")) or False
                )


def _volumes(pod: dict[str, Any], pod_at: str) -> Iterator[Use]:
    single = dict(_single_files(pod))
    for volume in mappings(pod.get("volumes")):
        at = f"{pod_at}.volumes[{volume.get('name')}]"
        found = [use for source in _sources(volume) for use in _files(source, at)]
        yield from found
        if (mount := single.get(str(volume.get("name")))) is not None:
            yield from (use._replace(how="sub_path", at=mount, key=None) for use in found)


def _sources(volume: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield volume
    yield from mappings(mapping(volume, "projected").get("sources"))


def _files(source: dict[str, Any], at: str) -> Iterator[Use]:
    """A volume's files: each named key by itself, or all of them. A projected Secret has `name` for `secretName`."""
    for field, kind in (("configMap", "ConfigMap"), ("secret", "Secret")):
        reference = mapping(source, field)
        name = text(reference.get("secretName")) or text(reference.get("name"))
        if name is None:
            continue
        optional = flag(reference.get("optional")) or False
        keys = [text(item.get("key")) for item in mappings(reference.get("items"))]
        yield from (Use(kind, name, "volume", at, key, optional) for key in keys or [None])


def _single_files(pod: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The volumes of which a container mounts one file or folder by itself, and where it does."""
    for field in _LISTS:
        for index, container in enumerate(mappings(pod.get(field))):
            for mount in mappings(container.get("volumeMounts")):
                if text(mount.get("subPath")) or text(mount.get("subPathExpr")):
                    name = str(mount.get("name"))
                    yield name, f"containers[{text(container.get('name')) or index}].volumeMounts[{name}]"
