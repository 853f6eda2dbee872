"""Whether anything can have been written into a container's file system: impossible, or unverifiable, and where.

From outside nobody sees what was written. With a read-only root nothing can be, but into volumes; what lies in an
emptyDir or a generic ephemeral volume goes with the Pod, and is told as scratch. A container that may mount
(privileged, SYS_ADMIN) can make its root writable.

Limits: /dev/shm, the termination log and /etc/hosts are always writable, and are not the image's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.fields import mapping, mappings, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_READ_ONLY: Final = frozenset({"configMap", "secret", "downwardAPI", "projected", "image"})
_SCRATCH: Final = frozenset({"emptyDir", "ephemeral"})
_MOUNTERS: Final = frozenset({"SYS_ADMIN", "CAP_SYS_ADMIN", "ALL"})


def told(container: Mapping[str, Any], pod_spec: Mapping[str, Any]) -> dict[str, Any]:
    """The facts `file_system` of a container."""
    volumes = {text(volume.get("name")): volume for volume in mappings(pod_spec.get("volumes"))}
    writable, scratch = list(_root(container)), []
    for mount in mappings(container.get("volumeMounts")):
        kind, path = _kind(volumes.get(text(mount.get("name")), {})), str(mount.get("mountPath"))
        if mount.get("readOnly") is True or kind in _READ_ONLY or _is_read_only(volumes, mount, kind):
            continue
        if kind in _SCRATCH:
            scratch.append(path)
        else:
            writable.append({"path": path, "kind": kind})
    return {"writes": "unverifiable" if writable else "impossible", "writable": writable, "scratch": sorted(scratch)}


def _root(container: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    context = mapping(container, "securityContext")
    if context.get("readOnlyRootFilesystem") is not True:
        yield {"path": "/", "kind": "root"}
    elif context.get("privileged") is True:
        yield {"path": "/", "kind": "privileged"}
    elif not _MOUNTERS.isdisjoint(texts(mapping(context, "capabilities").get("add"))):
        yield {"path": "/", "kind": "SYS_ADMIN"}


def _kind(volume: Mapping[str, Any]) -> str:
    """What kind of volume it is; one without a source is an emptyDir (API reference, Volume)."""
    return next((key for key, value in volume.items() if key != "name" and value is not None), "emptyDir")


def _is_read_only(volumes: Mapping[str | None, Mapping[str, Any]], mount: Mapping[str, Any], kind: str) -> bool:
    return mapping(volumes.get(text(mount.get("name"))), kind).get("readOnly") is True
